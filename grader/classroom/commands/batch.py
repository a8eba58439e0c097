"""`grade batch`: options in, exit code out."""

from __future__ import annotations

import signal
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from grader.errors import INTERRUPTED, HarnessError
from grader.options import FILE, offer_jobs, offer_sandbox, offer_seed, require_output

if TYPE_CHECKING:
    from grader.classroom.stages.summary import Drift, Summary

ATTEMPT_RULES = ("newest", "best", "newest on time")  # as the rubric has them, which needs no import here
_MOST_NAMED = 10


class _LayoutChoice(click.Choice[str]):
    """The names of all layouts, read when somebody asks for them: the list of commands needs none."""

    def __init__(self) -> None:
        self.case_sensitive = True

    @property
    def choices(self) -> Sequence[str]:  # type: ignore[override]
        from grader.classroom.layouts.recognise import LAYOUTS

        return tuple(LAYOUTS)


@click.command("batch", short_help="Grade a class, as an LMS delivered it.")
@click.argument("folder", type=FILE)
@require_output("out", "OUT", "Where the results go.")
@click.option("--rubric", metavar="RUBRIC", help="A bundled one's name, or a YAML file.")
@offer_jobs("Submissions at a time.", metavar="N")
@click.option("--layout", type=_LayoutChoice(), help="How FOLDER lies there, else found out.")
@click.option("--pattern", metavar="REGEX", help="A layout by groups student and file.")
@click.option("--roster", type=FILE, metavar="CSV", help="The class: tells who handed in nothing.")
@click.option("--members", type=FILE, metavar="CSV", help="Who works together: group, student.")
@offer_seed("Reproduce a draw; OUT keeps its own.", metavar="N")
@click.option("--force", is_flag=True, help="Grade all again, in other points too.")
@click.option("--regrade", is_flag=True, help="Grade again where only versions changed.")
@click.option("-q", "--quiet", is_flag=True, help="Say nothing but the result.")
@click.option("-v", "--verbose", is_flag=True, help="Name every entry of FOLDER.")
@offer_sandbox("NOT ISOLATED.", metavar="jail|none", show_default=False)
@click.option("--times", type=FILE, metavar="CSV", help="When students handed in.")
@click.option("--ledger", type=FILE, metavar="CSV", help="Late days used in the course.")
@click.option("--late", type=click.Choice(["rubric", "lms"]), metavar="rubric|lms", help="Who takes points for it.")
@click.option("--convert-python2/--no-convert-python2", default=None, help="Turn Python 2 into Python 3.")
@click.option("--attempts", type=click.Choice(ATTEMPT_RULES), metavar="RULE", help="newest, best, newest on time.")
@click.option("--scheduler", metavar="ADDRESS", help="Of a Dask cluster: tcp://host:8786.")
@click.option("--names", is_flag=True, help="Say whose lines the class's page shows.")
@click.option("--pseudonyms", is_flag=True, help="Name nobody: for logs that others read.")
@click.pass_context
def batch(ctx: click.Context, /, folder: Path, quiet: bool, jobs: int | None, **options: object) -> None:
    """Grade a class: FOLDER is an LMS's download, its .zip, or a folder of work.

    Run it again to go on, or for what is new. OUT keeps the options, so `grade batch FOLDER -o OUT` then says it all.

    \b
      OUT/grades.csv   a row for each student, a column for each function
      OUT/private/     for you: index.html, reports, the store of results
      OUT/feedback/    for students, once `grade publish` says so

    \b
    Example:
      grade batch submissions.zip -o results --roster roster.csv
    """
    from grader.classroom.privacy.pseudonyms import hide_names
    from grader.classroom.run import grade_class
    from grader.classroom.stages.order import ClassOrder
    from grader.classroom.workers.progress import watch, writable

    order = ClassOrder(folder, jobs=jobs or 0, **options, **_from_config(ctx))  # type: ignore[arg-type]
    signal.signal(signal.SIGTERM, _interrupt)  # how a batch system ends a job
    try:
        with hide_names(order.folder, order.out) if order.pseudonyms else nullcontext():
            summary = grade_class(order, watch(sys.stderr, quiet))
    except KeyboardInterrupt:
        click.echo("grade: stopped. What was graded is kept: run the same command again to go on.", err=True)
        ctx.exit(INTERRUPTED)
    if order.pseudonyms:
        summary = _without_names(summary, order.out)
    for line in (*_lines(summary, order.out), *_left_to_do(order.out)):
        click.echo(writable(line, sys.stdout))
    if summary.not_graded:
        ctx.exit(HarnessError.exit_code)


def _from_config(ctx: click.Context) -> dict[str, Any]:
    """What a grade.toml said, and what of it OUT keeps."""
    config = ctx.meta.get("grade.config")
    if config is None:
        return {}
    from grader.classroom.store.settings import OPTIONS

    said = config.options.get("batch", {})
    configured = {name: str(said[name]) for name in ("rubric", *OPTIONS) if name in said}
    return {"limits": dict(config.limits), "config": config.file, "configured": configured}


def _left_to_do(out: Path) -> list[str]:
    """What `grade status` says."""
    from grader.classroom.publish.status import describe_tasks, list_tasks
    from grader.classroom.review.results import open_results

    with open_results(out) as results:
        return list(describe_tasks(list_tasks(results)))


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def _without_names(summary: Summary, out: Path) -> Summary:
    """The summary with pseudonyms, and without remarks, which may hold names of files."""
    import msgspec

    from grader.classroom.intake.model import Student
    from grader.classroom.privacy.pseudonyms import read_pseudonyms

    known = read_pseudonyms(out).by_id()
    entries = [
        msgspec.structs.replace(each, student=Student(known.get(each.student.id, "")), remarks=("see grades.csv",))
        for each in summary.entries
    ]
    odd = tuple(
        msgspec.structs.replace(each, students=tuple(known[student] for student in each.students))
        for each in summary.suspects
    )
    return msgspec.structs.replace(
        summary,
        entries=entries,
        suspects=odd,
        drift=_drift_without_names(summary, known),
        causes=(),  # texts of exceptions may hold anything
        odd_fixes=_as_count(summary.odd_fixes, "in decisions/fixes/"),
        wrong_rows=_as_count(summary.wrong_rows, "in decisions/points/"),
        conflicts=_as_count(summary.conflicts, "in decisions/points/"),
        strangers=_as_count(summary.strangers, "of them"),
    )


def _drift_without_names(summary: Summary, known: dict[str, str]) -> Drift | None:
    import msgspec

    if summary.drift is None:
        return None
    found = summary.drift.comparison
    moved = tuple(
        msgspec.structs.replace(each, student=known.get(each.student, "a student")) for each in found.differences
    )
    return msgspec.structs.replace(
        summary.drift, comparison=msgspec.structs.replace(found, differences=moved, not_graded=())
    )


def _as_count(texts: Sequence[str], what: str) -> tuple[str, ...]:
    """How many there are, in place of who."""
    return (f"{len(texts)} {what}",) if texts else ()


def _status(summary: Summary) -> str:
    """How many students are where; the counts add up."""
    counts = Counter("can't be read" if each.is_unreadable else each.status for each in summary.entries)
    return f"{len(summary.entries):,} students: " + ", ".join(
        f"{count:,} {what}" for what, count in counts.most_common()
    )


def _drift_lines(summary: Summary) -> Iterator[str]:
    """That versions changed, and who would have another score by those of today."""
    from grader.report.sanitize import line
    from grader.report.wording import points_out_of

    if summary.drift is None:
        return
    found = summary.drift.comparison
    moved = [each for each in found.differences if each.gain]
    yield line(f"grades stay as they were made: {summary.drift.versions}; --regrade takes those of today")
    yield f"  by those {len(moved):,} of {found.compared:,} would have another score"
    for each in moved[:_MOST_NAMED]:
        before, after = (points_out_of(score, found.most_before) for score in (each.before, each.after))
        yield line(f"  {each.student}: {before}, then {after}")
    if len(moved) > _MOST_NAMED:
        yield f"  and {len(moved) - _MOST_NAMED:,} more"


def _lines(summary: Summary, out: Path) -> Iterator[str]:
    """What came of it; who isn't graded comes first."""
    from grader.classroom.outputs.awaiting import describe_absent, describe_strange, describe_unreadable
    from grader.classroom.review.causes import describe_causes
    from grader.classroom.review.suspects import suspect_lines
    from grader.report.sanitize import line
    from grader.report.wording import points

    if summary.not_graded:
        yield f"{len(summary.not_graded)} not graded, through no fault of theirs; run the same command to try again:"
        yield from (f"  {line(each.student.id)}: {line('; '.join(each.remarks))}" for each in summary.not_graded)
    yield summary.counts.told()
    yield _status(summary)
    yield from _drift_lines(summary)
    if summary.wrong_rows:
        yield "points of graders that can't be taken; all others count:"
        yield from (line(f"  {each}", 400) for each in summary.wrong_rows)
    if summary.agreement:
        yield summary.agreement
    if summary.conflicts:
        yield "graders disagree, so these stay open; `grade marking OUT --settle` makes a table in which you decide:"
        yield from (line(f"  {each}", 400) for each in summary.conflicts)
    if summary.unknown_times:
        yield f"{summary.unknown_times:,} handed in at an unknown time, and lost nothing for it; --times CSV tells when"
    if summary.strangers:
        yield line(f"extensions or times name ids that nobody here has: {', '.join(summary.strangers)}")
    if summary.odd_fixes:
        yield "repaired copies that match no student are listed and ignored:"
        yield from (line(f"  {each}") for each in summary.odd_fixes)
    if summary.mean is not None:
        yield f"mean score {summary.mean:.1f} of {points(summary.most)}"
    yield from describe_causes(summary.causes)
    yield from suspect_lines(summary.suspects, out)
    yield from describe_absent(summary.absent)
    yield from describe_strange(summary.strange)
    yield from describe_unreadable(summary.unreadable, out)
    feedback = f"grade publish fills {out / 'feedback'}/ for students"
    yield f"{out / 'grades.csv'}, {out / 'private' / 'index.html'} for you; {feedback}"
