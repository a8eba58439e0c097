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
@click.option("--gradebook", type=OUT, metavar="EXPORT.csv", help="Fill the scores into this export of an LMS.")
@click.option("-o", "--output", "filled", type=OUT, metavar="FILLED.csv", help="Where the filled gradebook goes.")
@click.option("--missing", type=click.Choice(["zero"]), help="A zero for who handed in nothing; else their cells stay.")
@click.option("--column", metavar="HEADER", help="Which column of the gradebook is ours, if that isn't clear.")
def publish(
    out: Path,
    reason: str,
    lower: bool,
    acknowledged: tuple[str, ...],
    gradebook: Path | None,
    filled: Path | None,
    missing: str | None,
    column: str | None,
) -> None:
    """Publish the grades in OUT as a numbered release, in OUT/releases/1.csv and so on.

    The first release holds everybody, each later one the rows that have changed since. It is refused while somebody
    isn't graded, or a check is suspect and nobody has acknowledged it. A published score never falls, unless you say
    --allow-lower.

    \b
    Example:
      grade publish results
      grade publish results --reason "The tolerance of the first check was too tight."
      grade publish results --acknowledge "softmax: large scores"
      grade publish results --gradebook canvas.csv -o upload.csv
    """
    from grader.classroom.after.gradebooks import GradebookOrder, check_gradebook, fill_gradebook
    from grader.classroom.after.publish import Order
    from grader.classroom.after.publish import publish as published

    if (gradebook is None) != (filled is None) or (gradebook is None and (missing or column)):
        raise click.UsageError("--gradebook EXPORT.csv and -o FILLED.csv go together; --missing and --column need both")
    fills = GradebookOrder(gradebook, filled, missing == "zero", column) if gradebook and filled else None
    if fills:
        check_gradebook(fills, out)
    say(_release_lines(published(Order(out, reason, lower, acknowledged), datetime.now().astimezone())))
    say(_feedback_lines(out))
    if fills:
        say(fill_gradebook(fills, out))


def _feedback_lines(out: Path) -> Iterator[str]:
    from grader.classroom.after.feedback import write_feedback
    from grader.classroom.after.opening import opened

    with opened(out) as results:
        if told := write_feedback(out, results.store.rows(results.plan)):
            yield told


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
