"""What several commands take, each said once: an option means the same wherever it stands."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol, TypeVar

import click

FILE = click.Path(path_type=Path)
Decorated = TypeVar("Decorated", bound=Callable[..., Any])
WITHOUT_JAIL = "run the code NOT ISOLATED, as you would run it yourself."


class Decorator(Protocol):
    """Gives a command's function an option."""

    def __call__(self, function: Decorated, /) -> Decorated: ...


def offer_rubric() -> Decorator:
    """`--rubric` of a single submission."""
    text = "A bundled rubric's name, or a YAML file."
    return click.option("--rubric", default="assignment1", show_default=True, help=text)


def offer_seed(text: str = "Reproduce a run's draws; without it they are new each time.", **how: Any) -> Decorator:
    """`--seed`: the same draws again."""
    return click.option("--seed", type=click.IntRange(min=0), help=text, **how)


def offer_sandbox(none: str = WITHOUT_JAIL, **how: Any) -> Decorator:
    """`--sandbox`; `none` says what happens without one."""
    kind = click.Choice(["jail", "none"])
    return click.option("--sandbox", type=kind, default="jail", help=f"none: {none}", **{"show_default": True, **how})


def offer_jobs(text: str, **how: Any) -> Decorator:
    """`-j`: how many run at a time."""
    return click.option("-j", "--jobs", type=click.IntRange(min=1), help=text, **how)


def offer_reports(text: str, kind: click.Path = FILE) -> Decorator:
    """`-o`, as often as somebody likes: where reports go beside the screen."""
    return click.option("-o", "--output", "outputs", multiple=True, type=kind, help=text)


def require_output(name: str, metavar: str, text: str) -> Decorator:
    """`-o`, which has to be said: where the result goes."""
    return click.option("-o", "--output", name, type=FILE, required=True, metavar=metavar, help=text)


def offer_dry_run(text: str) -> Decorator:
    """`--dry-run`: nothing is changed."""
    return click.option("--dry-run", "is_dry", is_flag=True, help=text)
