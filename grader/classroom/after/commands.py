"""Commands for a class that has been graded: options in, exit code out."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from grader.classroom.after.publish import Release

OUT = click.Path(path_type=Path)


def say(lines: Iterable[str]) -> None:
    """Print lines that may hold names in any script."""
    from grader.classroom.progress import writable

    for line in lines:
        click.echo(writable(line, sys.stdout))


@click.command("publish")
@click.argument("out", type=OUT)
@click.option("--reason", default="", metavar="TEXT", help="Why published rows change: it stands on their reports.")
@click.option("--allow-lower", "lower", is_flag=True, help="Let published scores fall; else the higher one stays.")
@click.option(
    "--acknowledge",
    "acknowledged",
    multiple=True,
    metavar='"FUNCTION: CHECK"',
    help="A suspect check, or all of a FUNCTION, that you looked at and found right. May be repeated.",
)
def publish(out: Path, reason: str, lower: bool, acknowledged: tuple[str, ...]) -> None:
    """Publish the grades in OUT as a numbered release, in OUT/releases/1.csv and so on.

    The first release holds everybody, each later one the rows that have changed since. It is refused while somebody
    isn't graded, or a check is suspect and nobody has acknowledged it. A published score never falls, unless you say
    --allow-lower.

    \b
    Example:
      grade publish results
      grade publish results --reason "The tolerance of the first check was too tight."
      grade publish results --acknowledge "softmax: large scores"
    """
    from grader.classroom.after.publish import Order
    from grader.classroom.after.publish import publish as published

    say(_release_lines(published(Order(out, reason, lower, acknowledged), datetime.now().astimezone())))


def _release_lines(release: Release) -> Iterator[str]:
    from grader.classroom.after.publish import said

    kept = [each for each in release.changes if each.is_kept]
    changed = [each for each in release.changes if not each.is_kept and not each.is_new]
    new = sum(each.is_new for each in release.changes)
    if not release.changes:
        yield f"nothing has changed since release {release.number}, so nothing was published"
        return
    yield f"release {release.number}: {new} new, {len(changed)} changed, {len(kept)} kept the higher score"
    yield from said([*changed, *kept])
    yield f"{release.path}"
