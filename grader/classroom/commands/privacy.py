"""`grade student` and `grade archive`, what a class's results hold about people: options in, exit code out."""

from __future__ import annotations

from pathlib import Path

import click

from grader.classroom.commands.graded_class import DIFFERS, say
from grader.options import FILE, offer_dry_run, require_output

NOT_ERASED = 1


@click.command("student", short_help="Show everything on one student; replay, export, erase.")
@click.argument("out", type=FILE)
@click.argument("student_id", metavar="ID")
@click.option("--replay", is_flag=True, help="Grade again from what is stored, and say whether it is identical.")
@click.option("--page", is_flag=True, help="Write their page, and say where it is.")
@click.option("--export", "target", type=FILE, metavar="FILE", help="Write all of it into a .zip or a new folder.")
@click.option("--erase", is_flag=True, help="Erase them: lists what goes, and asks.")
@click.option("--keep-grade", is_flag=True, help="With --erase: code and reports go, the grade stays.")
@click.option("--yes", "is_sure", is_flag=True, help="With --erase: don't ask.")
@offer_dry_run("With --erase: only say what would go; nothing is changed.")
@click.pass_context
def student(
    ctx: click.Context,
    out: Path,
    student_id: str,
    replay: bool,
    page: bool,
    target: Path | None,
    erase: bool,
    keep_grade: bool,
    is_sure: bool,
    is_dry: bool,
) -> None:
    """Show everything that the results in OUT hold on one student: ID is an id of grades.csv, or a mail address.

    --replay grades the stored bytes by the stored plan once more: "identical", or the difference (exit 1).

    --page writes private/reports/ID.html, and ID.md; before they are published also private/preview/ID.html, which
    they will see.

    --export writes what they handed in, a copy that was repaired for them, their reports, their rows of every table,
    and what was published when. Nothing of hidden checks is in it, and nothing of anybody else.

    --erase takes them out of the store, whose file is written anew so that no byte is left, out of reports, gradebook,
    releases, repaired copies and tables. It can't be undone. Of a group's submission the others keep what is theirs.

    \b
    Example:
      grade student results ada
      grade student results ada --replay
      grade student results ada --export ada.zip
    """
    if sum((replay, page, target is not None, erase)) > 1:
        raise click.UsageError("--replay, --page, --export and --erase are four things; say one")
    if (keep_grade or is_sure or is_dry) and not erase:
        raise click.UsageError("--keep-grade, --yes and --dry-run belong to --erase")
    if replay:
        _replay(ctx, out, student_id)
    elif page:
        _page(out, student_id)
    elif target is not None:
        from grader.classroom.privacy.exporting import export_data

        say(export_data(out, student_id, target))
    elif erase:
        _erase(ctx, out, student_id, keep_grade, is_sure, is_dry)
    else:
        _show(out, student_id)


def _show(out: Path, student_id: str) -> None:
    from grader.classroom.privacy.describing import describe_student
    from grader.classroom.review.results import open_results

    with open_results(out) as results:
        say(describe_student(results, student_id))


def _page(out: Path, student_id: str) -> None:
    from grader.classroom.outputs.refresh import write_page
    from grader.classroom.privacy.people import find_person
    from grader.classroom.review.results import open_results
    from grader.errors import UsageError

    with open_results(out) as results:
        person = find_person(results, student_id)
        written = write_page(out, results.plan, results.store, results.decided, person.student.id)
    if not written:
        raise UsageError(f"{person.student.id} has no grade yet, so there is no page")
    say(written)


def _replay(ctx: click.Context, out: Path, student_id: str) -> None:
    from grader.classroom.review.replay import describe_replay, replay_grade

    found = replay_grade(out, student_id)
    say(describe_replay(found))
    if found.differences:
        ctx.exit(DIFFERS)


def _erase(ctx: click.Context, out: Path, student_id: str, keep_grade: bool, is_sure: bool, is_dry: bool) -> None:
    from grader.classroom.privacy.forgetting import erase, erase_work, foretell_erasure

    say(foretell_erasure(out, student_id, keep_grade))
    if is_dry:
        say(["this was a dry run: nothing was changed"])
    elif is_sure or click.confirm("Erase all of this? It can't be undone."):
        say(erase_work(out, student_id) if keep_grade else erase(out, student_id))
    else:
        say(["nothing was changed"])
        ctx.exit(NOT_ERASED)


@click.command("archive", short_help="Pack a class for the next term's team, without names.")
@click.argument("out", type=FILE)
@require_output("target", "FILE.zip", "Where it goes.")
def archive(out: Path, target: Path) -> None:
    """Pack the rubric, the reference, versions, decisions and statistics of the class in OUT into a .zip.

    It names nobody and holds no submission. A reason that names somebody is left out, and a rubric or reference that
    does is refused. A class of fewer than five has no statistics.

    \b
    Example:
      grade archive results -o hw1-autumn.zip
    """
    from grader.classroom.privacy.archiving import archive_class

    say(archive_class(out, target))
