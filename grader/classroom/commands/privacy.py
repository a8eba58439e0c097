"""Commands for what a class's results hold about people: options in, exit code out."""

from __future__ import annotations

from pathlib import Path

import click

from grader.classroom.commands.graded_class import OUT, say


@click.command("export-student", short_help="Give a student all that is known about them.")
@click.argument("out", type=OUT)
@click.argument("student")
@click.option("-o", "--output", "target", type=OUT, required=True, metavar="DIR_OR_ZIP", help="Where it goes.")
def export_student(out: Path, student: str, target: Path) -> None:
    """Write all that the results in OUT hold about STUDENT into a folder or .zip.

    STUDENT is an id of grades.csv, or a mail address.

    That is what they handed in, a copy that was repaired for them, their reports, their rows of every table, and what
    was published when. Nothing of hidden checks is in it, and nothing of anybody else.

    \b
    Example:
      grade export-student results ada -o ada.zip
    """
    from grader.classroom.privacy.exporting import export_data

    say(export_data(out, student, target))


@click.command("forget", short_help="Erase a student from the results.")
@click.argument("out", type=OUT)
@click.argument("student")
@click.option("--dry-run", "is_dry", is_flag=True, help="Only say what would be erased; nothing is changed.")
def forget(out: Path, student: str, is_dry: bool) -> None:
    """Erase STUDENT from the results in OUT. It can't be undone.

    STUDENT is an id of grades.csv, or a mail address.

    They go from the store, whose file is written anew so that no byte is left, the reports, the gradebook, the
    releases, repaired copies and every other table. Of a group's submission the others keep what is theirs.

    \b
    Example:
      grade forget results ada
    """
    from grader.classroom.privacy.forgetting import erase, foretell_erasure

    say(foretell_erasure(out, student) if is_dry else erase(out, student))


@click.command("archive", short_help="Pack a class for the next term's team, without names.")
@click.argument("out", type=OUT)
@click.option("-o", "--output", "target", type=OUT, required=True, metavar="FILE.zip", help="Where it goes.")
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
