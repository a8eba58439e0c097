"""`grade verify` and `grade audit`: options in, exit code out."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from grader.authoring.verify import Verified

FOUND = 1


@click.command("verify")
@click.argument("rubric", default="assignment1")
@click.option(
    "--samples",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    metavar="FOLDER",
    help="Sample submissions.  [default: sample_submissions/<assignment> beside the rubric, or above it]",
)
@click.option("--seed", type=click.IntRange(min=0), help="Reproduce a run's draws; without it they are new each time.")
@click.option("--update", is_flag=True, help="Rewrite each expected.yaml that differs, after showing how.")
@click.option(
    "--sandbox",
    type=click.Choice(["jail", "none"]),
    default="jail",
    show_default=True,
    help="none: run the samples NOT ISOLATED, as you would run them yourself.",
)
@click.pass_context
def verify(ctx: click.Context, rubric: str, samples: Path | None, seed: int | None, update: bool, sandbox: str) -> None:
    """Verify RUBRIC: for your CI, and before you publish an assignment.

    The rubric is valid; the reference earns every point, and what takes no thought none; every sample gets the grade
    in its expected.yaml; every known mistake is caught and named, and every convention is right. Exit 1 otherwise.

    \b
    Example:
      grade verify
      grade verify my_rubric.yaml --samples samples/hw1
    """
    from grader.authoring.verify import verify as verified  # the whole grader, once it is needed

    if update:
        from grader.authoring.updating import update as rewritten

        _say(rewritten(rubric, samples, seed, sandbox))
    found = verified(rubric, samples, seed, sandbox)
    _say(_lines(found))
    if not found.all_well:
        ctx.exit(FOUND)


def _say(lines: Iterable[str]) -> None:
    """Samples may have said anything: what a terminal or a CI system would obey, or can't encode, is shown as text."""
    from grader.report.clean import block
    from grader.report.text import inert

    encoding = sys.stdout.encoding or "utf-8"
    for line in lines:
        click.echo(inert(block(line)).encode(encoding, "backslashreplace").decode(encoding))


def _lines(found: Verified) -> list[str]:
    """The calm summary, with what differs under each line."""
    width = max(len(section.name) for section in found.sections)
    lines = [f"{found.rubric}, seed {found.seed}", ""]
    for section in found.sections:
        mark = "NO" if section.differences else "ok"
        lines.append(f"  {mark} {section.name:<{width}}  {section.summary}")
        lines += [f"      {text}" for text in section.differences]
    wrong = sum(len(section.differences) for section in found.sections)
    said = "All is well." if found.all_well else f"{wrong} {'thing differs' if wrong == 1 else 'things differ'}."
    return [*lines, "", said]
