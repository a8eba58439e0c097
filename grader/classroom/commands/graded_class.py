"""Commands for a class that has been graded: options in, exit code out."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from grader.options import FILE, offer_dry_run, require_output

if TYPE_CHECKING:
    from grader.classroom.publish.marking import By
    from grader.classroom.publish.publish import Release
    from grader.classroom.review.drafting import DraftKind
    from grader.classroom.review.groups import Group
    from grader.classroom.review.results import Results

DIFFERS = 1


def say(lines: Iterable[str]) -> None:
    """Print lines that may hold names in any script."""
    from grader.classroom.workers.progress import writable

    for line in lines:
        click.echo(writable(line, sys.stdout))


@click.command("publish", short_help="Freeze the grades as a numbered release.")
@click.argument("out", type=FILE)
@click.option("--reason", default="", metavar="TEXT", help="Why published rows change: it stands on their reports.")
@click.option("--allow-lower", "lower", is_flag=True, help="Let published scores fall; else the higher one stays.")
@click.option(
    "--acknowledge",
    "acknowledged",
    multiple=True,
    metavar='"FUNCTION: CHECK"',
    help="A suspect check, or all of a FUNCTION, that you looked at and found right. May be repeated.",
)
@click.option("--gradebook", type=FILE, hidden=True)
@click.option("-o", "--output", "filled", type=FILE, hidden=True)
@click.option("--missing", type=click.Choice(["zero"]), hidden=True)
@click.option("--column", hidden=True)
@offer_dry_run("Only say what would be published; nothing is changed.")
@click.option("--undo", is_flag=True, help="Take the newest release back; the log keeps it.")
def publish(
    out: Path,
    reason: str,
    lower: bool,
    acknowledged: tuple[str, ...],
    gradebook: Path | None,
    filled: Path | None,
    missing: str | None,
    column: str | None,
    is_dry: bool,
    undo: bool,
) -> None:
    """Publish the grades in OUT as a numbered release, in OUT/releases/1.csv and so on.

    The first release holds everybody, each later one the rows that have changed since. It is refused while somebody
    isn't graded, or a check is suspect and nobody has acknowledged it. Whose work can't be read is left out and named.
    A published score never falls, unless you say --allow-lower.

    \b
    Example:
      grade publish results
      grade publish results --reason "The tolerance of the first check was too tight."
      grade publish results --acknowledge "softmax: large scores"
      grade publish results --undo
    """
    from grader.classroom.publish.gradebooks import GradebookOrder, check_gradebook, fill_gradebook
    from grader.classroom.publish.publish import PublishOrder, publish_grades

    if undo:
        _undo(out, is_dry)
        return
    if (gradebook is None) != (filled is None) or (gradebook is None and (missing or column)):
        raise click.UsageError("--gradebook EXPORT.csv and -o FILLED.csv go together; --missing and --column need both")
    fills = GradebookOrder(gradebook, filled, missing == "zero", column) if gradebook and filled else None
    if fills:
        check_gradebook(fills, out)
    order = PublishOrder(out, reason, lower, acknowledged=acknowledged, is_dry=is_dry)
    release = publish_grades(order, datetime.now().astimezone())
    say(_release_lines(release, out))
    if is_dry:
        say(["this was a dry run: nothing was published, no file was changed"])
        return
    say(_feedback_lines(out))
    if fills:
        click.echo("publishing freezes, and filling is a command of its own now: grade gradebook", err=True)
        say(fill_gradebook(fills, out))


@click.command("gradebook", short_help="Fill the published scores into the gradebook that an LMS exported.")
@click.argument("out", type=FILE)
@click.argument("export", type=FILE)
@require_output("filled", "FILLED", "Where the filled gradebook goes.")
@click.option("--missing", type=click.Choice(["zero"]), help="A zero for who handed in nothing; else their cells stay.")
@click.option("--column", metavar="HEADER", help="Which column is ours, if that isn't clear.")
def gradebook(out: Path, export: Path, filled: Path, missing: str | None, column: str | None) -> None:
    """Fill the scores of OUT that are published into EXPORT, a CSV that an LMS exported, for uploading.

    Every cell but ours is byte for byte as the LMS wrote it. Who isn't graded, or handed in nothing, gets nothing.

    \b
    Example:
      grade gradebook results canvas.csv -o upload.csv
      grade gradebook results canvas.csv -o upload.csv --missing zero
    """
    from grader.classroom.publish.gradebooks import GradebookOrder, check_gradebook, fill_gradebook

    order = GradebookOrder(export, filled, missing == "zero", column)
    check_gradebook(order, out)
    say(fill_gradebook(order, out))


@click.command("status", short_help="Say what is left to do, in order, and what does it.")
@click.argument("out", type=FILE)
def status(out: Path) -> None:
    """Say what is left to do in the class in OUT, in the order in which it is done, each with its command.

    That is: who isn't graded, whose work needs a person, suspect checks, groups of wrong answers, points that are
    awaited, graders who disagree, and what isn't published. Every batch ends with it.

    \b
    Example:
      grade status results
    """
    from grader.classroom.publish.status import describe_tasks, list_tasks
    from grader.classroom.review.results import open_results

    with open_results(out) as results:
        say(describe_tasks(list_tasks(results)))


def _undo(out: Path, is_dry: bool) -> None:
    from grader.classroom.publish.publish import undo_release

    undone = undo_release(out, datetime.now().astimezone(), is_dry)
    rows = f"{undone.rows} row{'' if undone.rows == 1 else 's'}"
    now = f"release {undone.before} stands again" if undone.before else "nothing is published any more"
    if is_dry:
        say([f"release {undone.number}, {rows}, would be taken back; this was a dry run, so nothing was changed"])
        return
    say([f"release {undone.number} is taken back, {rows}: {now}; {out / 'private' / 'releases.csv'} keeps it"])
    say(_feedback_lines(out))


def _feedback_lines(out: Path) -> Iterator[str]:
    from grader.classroom.publish.feedback import write_feedback
    from grader.classroom.review.results import open_results

    with open_results(out) as results:
        if told := write_feedback(out, results.store.rows(results.plan)):
            yield told


def _release_lines(release: Release, out: Path) -> Iterator[str]:
    from grader.classroom.outputs.awaiting import describe_unreadable
    from grader.classroom.publish.publish import describe_changes

    yield from describe_unreadable(release.left_out, out)
    kept = [each for each in release.changes if each.is_kept]
    changed = [each for each in release.changes if not each.is_kept and not each.is_new]
    new = sum(each.is_new for each in release.changes)
    if not release.changes:
        since = f"has changed since release {release.number}" if release.number else "can be published yet"
        yield f"nothing {since}, so nothing was published"
        return
    yield f"release {release.number}: {new} new, {len(changed)} changed, {len(kept)} kept the higher score"
    yield from describe_changes([*changed, *kept])


@click.command("groups", short_help="Group wrong answers that no known mistake explains.")
@click.argument("out", type=FILE)
@click.option("--limit", "most", type=click.IntRange(min=1), default=10, show_default=True, help="Show so many groups.")
@click.option("--most", "old_most", type=click.IntRange(min=1), hidden=True)
@click.option("--adopt", type=click.IntRange(min=1), metavar="N", help="Make group N a variant in the reference.")
@click.option(
    "--as",
    "kind",
    type=click.Choice(["mistake", "convention"]),
    default="mistake",
    show_default=True,
    help="What --adopt drafts: a mistake is wrong and may earn credit, a convention is right too.",
)
@click.option("--names", "has_names", is_flag=True, help="Say who is in each group.")
@offer_dry_run("With --adopt: only say what would be done.")
def groups(
    out: Path, most: int, old_most: int | None, adopt: int | None, kind: DraftKind, has_names: bool, is_dry: bool
) -> None:
    """Group the wrong answers in OUT that no known mistake explains, the group that lost most points first.

    Students are in one group where they gave the same answers to the last digits, or one change makes their functions
    right, whatever the variables are called (`grade explain OUT` looks for it), or the same line raised the same
    exception. Each comes with what is known of its cause, with one member's code, and with the small change of the
    reference that gives its answers, where there is one. Nobody is named without --names.

    --adopt N first writes a draft of a mistake or a convention: the reference with that change, else that code. Read
    it, fill in its name, hint and credit, and say the same again: then it goes into your reference, and its members
    are graded again with everybody.

    \b
    Example:
      grade groups results
      grade groups results --adopt 1 --as convention
    """
    from grader.classroom.review.groups import group_answers
    from grader.classroom.review.results import open_results

    if old_most is not None:
        click.echo("`--most` is called `--limit` now", err=True)
        most = old_most
    with open_results(out) as results:
        found = group_answers(results)
        if adopt is None:
            say(_group_lines(results, found, most, has_names))
        else:
            say(_adoption_lines(results, found, adopt, kind, is_dry))


def _group_lines(results: Results, found: Sequence[Group], most: int, has_names: bool) -> Iterator[str]:
    from grader.classroom.review.causes import describe_causes, find_class_causes
    from grader.classroom.review.groups import (
        choose_code,
        describe_group,
        find_changed_references,
        read_members_code,
    )
    from grader.classroom.store.marks import read_marks
    from grader.classroom.workers.progress import watch

    shown = found[:most]
    codes = read_members_code(results, shown)
    changed = find_changed_references(results, shown, watch(sys.stderr, quiet=False))
    causes = list(describe_causes(find_class_causes(read_marks(results.store, results.plan))))
    yield from (*causes, *([""] if causes else []))
    if not found:
        yield "a known mistake explains every wrong answer"
    for place, group in enumerate(shown):
        yield from describe_group(place + 1, group, choose_code(group, codes), changed.get(place), has_names)
        yield ""
    if len(found) > most:
        left = len(found) - most
        yield f"and {left} smaller group{'s' if left > 1 else ''}; --limit {len(found)} shows them all"


def _adoption_lines(
    results: Results, found: Sequence[Group], number: int, kind: DraftKind, is_dry: bool
) -> Iterator[str]:
    from grader.classroom.review.adopting import adopt, describe_adoption, foretell_adoption
    from grader.classroom.workers.progress import watch
    from grader.errors import UsageError

    if number > len(found):
        raise UsageError(f"--adopt {number}: the last group is {len(found)}; `grade groups {results.out}` lists them")
    group = found[number - 1]
    if is_dry:
        yield from foretell_adoption(results, group, kind)
        return
    yield from describe_adoption(adopt(results, group, kind, watch(sys.stderr, quiet=False)), group)


@click.command("compare", short_help="See who would gain and lose under another rubric.")
@click.argument("out", type=FILE)
@click.option("--rubric", required=True, help="The other one: a bundled rubric's name, or a YAML file.")
def compare(out: Path, rubric: str) -> None:
    """Compare the grades in OUT with those under another RUBRIC or reference. Nothing is changed.

    Shown are who would lose and who would gain, and which check does it. The inputs are drawn as they were.

    \b
    Example:
      grade compare results --rubric my_rubric.yaml
    """
    from grader.classroom.review.compare import compare_plans, describe_comparison
    from grader.classroom.workers.progress import watch

    say(describe_comparison(compare_plans(out, rubric, watch(sys.stderr, quiet=False))))


class _Percent(click.ParamType[Fraction]):
    """A share such as `5%`."""

    name = "percent"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Fraction:
        """Raises BadParameter for what is no share between 0 and 100 %."""
        if isinstance(value, Fraction):
            return value
        try:
            share = Fraction(str(value).strip().removesuffix("%").strip()) / 100
        except (ValueError, ZeroDivisionError):
            share = Fraction(-1)
        if not 0 <= share <= 1:
            self.fail(f"{value!r} is no share such as 5%", param, ctx)
        return share


@click.command("marking", short_help="Split what persons give points for among graders.")
@click.argument("out", type=FILE)
@click.option("--graders", metavar="NAME,NAME", help="Who does the work.")
@click.option(
    "--by",
    type=click.Choice(["item", "student"]),
    default="item",
    show_default=True,
    help="How it is split: by questions, or by students.",
)
@click.option("--double", type=_Percent(), metavar="PERCENT", help="So much is marked by two: 5%.")
@click.option("--blind", is_flag=True, help="Graders see no names: OUT/private/blind.csv says who is who.")
@click.option("--settle", is_flag=True, help="Make a table in which you decide where graders disagree.")
def marking(out: Path, graders: str | None, by: By, double: Fraction | None, blind: bool, settle: bool) -> None:
    """Split the manual items of OUT that nobody has given points for among GRADERS: a table for each, in equal parts.

    They are in OUT/decisions/points/: ann.csv, and ann.zip with the same table, the attachments and the source. Fill in
    either, and put it back there; the next `grade batch` reads it. Run it again when more was handed in, or a grader is
    ill: rows that are filled in stay, the others are dealt anew.

    --settle makes OUT/decisions/settled.csv, with a row for each item on which two graders disagree. What you fill in
    there counts.

    \b
    Example:
      grade marking results --graders ann,bo
      grade marking results --graders ann,bo --by student --double 5% --blind
      grade marking results --settle
    """
    from grader.classroom.publish.marking import MarkingOrder, deal_out_marking, describe_shares
    from grader.classroom.review.results import open_results

    if settle:
        _settle(out)
        return
    if graders is None:
        raise click.UsageError("--graders says who does the work: --graders ann,bo")
    names = tuple(name.strip() for name in graders.split(","))
    order = MarkingOrder(names, by, double or Fraction(0), blind)
    with open_results(out) as results:
        agreement = results.decided.by_hand.agreement
        say(describe_shares(deal_out_marking(results, order)))
        say([agreement.told()] if agreement else [])


def _settle(out: Path) -> None:
    from grader.classroom.publish.disagreements import write_settled
    from grader.classroom.review.results import open_results

    with open_results(out) as results:
        say(write_settled(results))
