"""Moodle, "Download all submissions": `<Full Name>_<participant id>_assignsubmission_<plugin>`, as folders or flat.

The forms are those of Moodle's own downloader.php. The participant id belongs to this assignment, and is what the
offline grading worksheet's Identifier holds; a group that has none goes by its name. The plugin `file` holds files,
`onlinetext` a page of text. Some versions end the folder's name with one more `_`.

Names of people, groups and files are theirs to choose: an entry with two such marks, or a group that is called like
another's number, is left out and named.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath

from grader.classroom.intake.model import ClassListing, Student, SubmissionCollector, SubmittedFile
from grader.classroom.intake.trees.model import FolderEntry, Tree
from grader.classroom.layouts import FEEDBACK_NAME, FeedbackFiles, Layout
from grader.classroom.layouts.matching import most_match
from grader.classroom.tables.gradebook import Gradebook, UploadEffect, cell, columns_called, folded_header
from grader.classroom.tables.raw import RawRow, RawTable

TITLE = "Moodle download"
NAME = re.compile(
    r"(?P<name>.+?)(?:_(?P<id>\d+))?_assign(?P<what>submission|feedback)_(?P<plugin>[a-z0-9]+?)(?:_(?P<file>.*))?",
    re.DOTALL,
)
_MARK = re.compile(r"_assign(?:submission|feedback)_")
_IDENTIFIER = re.compile(r"(?P<word>[^\d]*)(?P<id>\d+)")
#: What Moodle's worksheet calls its column of grades.
# fmt: off
_GRADES = frozenset({
    "grade", "bewertung", "note", "nota", "calificación", "valutazione", "avaliação", "cijfer", "beoordeling", "ocena",
    "betyg", "známka", "karakter", "arvosana", "оценка", "оцінка", "成绩", "成績", "評点", "qualificació",
})
# fmt: on
_COMMENTS = re.compile(r"feedback|comment|coment|kommentar|komentar|retroaliment|opmerking|комментар|评语|コメント")


def fits(tree: Tree) -> bool:
    """Whether nearly all names are Moodle's."""
    return most_match(NAME, (entry.name for entry in tree.entries() if not entry.is_litter))


def read(tree: Tree, assignment: str) -> ClassListing:
    """Who handed in what."""
    del assignment
    found = SubmissionCollector()
    numbers = {match["id"] for entry in tree.entries() if (match := NAME.fullmatch(entry.name)) and match["id"]}
    for entry in tree.entries():
        match = NAME.fullmatch(entry.name)
        if match is None or entry.kind == "other":
            found.leave(entry.path, "litter" if entry.is_litter else "its name is not one that Moodle gives")
        elif len(_MARK.findall(entry.name)) > 1 or (not match["id"] and match["name"] in numbers):
            found.leave(entry.path, "it could be the work of two people, by its name; nobody is graded for it")
        elif match["what"] == "feedback":
            found.leave(entry.path, "feedback, not a submission")
        else:
            student = Student(match["id"] or match["name"], match["name"])
            part = _part(entry, match["file"])
            if match["plugin"] == "file":
                found.add(student, part)
            else:
                found.add_text(student, part, "a text typed into Moodle")
    return found.listing(TITLE)


def _part(entry: FolderEntry, file: str | None) -> SubmittedFile | None:
    if entry.kind == "folder":
        return SubmittedFile(entry.path, "")
    return SubmittedFile(entry.path, file) if file else None


# -- its gradebook: the offline grading worksheet, `Identifier, Full name, Status, Grade, Maximum grade, …` -----------


def _is_worksheet(table: RawTable) -> bool:
    header = folded_header(table)
    return len(header) > 2 and _has_one_word(table) and (header[0] == "identifier" or not _GRADES.isdisjoint(header))


def _has_one_word(table: RawTable) -> bool:
    """Whether one word stands before all numbers of the first column, in the site's language: `Participant `."""
    matches = [_IDENTIFIER.fullmatch(row.cells[0].strip()) for row in table.rows[1:] if row.cells]
    words = {match["word"] if match else None for match in matches}
    return len(words) == 1 and None not in words


def _person(header: Sequence[str], row: RawRow) -> Mapping[str, str] | None:
    match = _IDENTIFIER.fullmatch(cell(row, 0))
    number = match["id"] if match else cell(row, 0)
    return dict(zip(("identifier", *header[1:]), (number, *row.cells[1:]), strict=False))


def _most(table: RawTable, at: int, rows: Sequence[RawRow]) -> set[str]:
    """The maximum stands right of the grade, the same in each row."""
    del table
    return {cell(row, at + 1) for row in rows}


def _comments(table: RawTable) -> int | None:
    found = [at for at, header in enumerate(folded_header(table)) if _COMMENTS.search(header)]
    return found[0] if len(found) == 1 else None


def _warnings(upload: UploadEffect) -> Iterator[str]:
    yield (
        "Moodle shows grades at once when this is uploaded, unless the assignment uses marking workflow, and "
        "refuses rows that were changed there since the export"
    )
    if not upload.has_comments:
        yield "no single column of feedback was recognised, so none was filled"


def _feedback_entry(part: SubmittedFile) -> str:
    """Beside what was handed in: in its folder, or behind the prefix that a flat name has."""
    name = PurePosixPath(part.place).name
    return name.removesuffix(part.name) + FEEDBACK_NAME if part.name else f"{name}/{FEEDBACK_NAME}"


LAYOUT = Layout(
    fits=fits,
    read=read,
    gradebook=Gradebook(
        fits=_is_worksheet,
        columns=columns_called(_GRADES),
        person=_person,
        most=_most,
        comments=_comments,
        warnings=_warnings,
    ),
    # Moodle finds the student by the folder, and takes any file in it.
    feedback=FeedbackFiles(
        names=NAME,
        entry=_feedback_entry,
        said="Moodle's own names: upload it with `Upload multiple feedback files in a zip`",
    ),
)
