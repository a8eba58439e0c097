"""Canvas, "Download submissions": flat, `<name>[_LATE]_<user id>_<attachment id>_<file name>`.

The forms are those of Canvas's own content_zipper.rb. The name is lower case and has no other sign than letters,
digits and `_`; LATE is upper case, so the two can't be confused. An anonymous submission has no name and an id such
as anon_aB3x9. The user id is what stands in the column ID of Canvas's gradebook.

Display names and file names are the students' own, and may hold numbers between `_`: an entry that can be read in two
ways, with numbers that could both be Canvas's, is left out and named. A quiz's download has its own form.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import NamedTuple

from grader.classroom.intake.model import ClassListing, Student, SubmissionCollector, SubmittedFile
from grader.classroom.intake.trees.model import Tree
from grader.classroom.layouts import FeedbackFiles, Layout
from grader.classroom.layouts.matching import most_match
from grader.classroom.tables.gradebook import (
    TITLE_AND_NUMBER,
    Gradebook,
    UploadEffect,
    cell,
    folded_header,
    is_points,
)
from grader.classroom.tables.raw import RawRow, RawTable

TITLE = "Canvas download"
NAME = re.compile(
    r"(?:(?P<name>(?!LATE_)(?!anon_)\w+?)_)?(?:(?P<late>LATE)_)?(?P<user>\d+|anon_[0-9A-Za-z]+)_"
    r"(?:(?P<attachment>\d+)_(?P<file>.+)|(?P<kind>text|link)\.html)",
    re.DOTALL,
)
#: Two numbers that could be those of a user and an attachment; `_1_2_3_` holds two such pairs.
_PAIR = re.compile(r"(?:^|(?<=_))(?=(?P<user>\d+)_(?P<attachment>\d+)_.)", re.DOTALL)
_READ_ONLY = "(read only)"
_RESUBMITTED = re.compile(r"-(\d{1,4})$")


class _File(NamedTuple):
    place: str
    name: str
    attachment: int


def fits(tree: Tree) -> bool:
    """Whether nearly all names are Canvas's."""
    return most_match(NAME, (entry.name for entry in tree.entries() if not entry.is_litter and entry.kind == "file"))


def read(tree: Tree, assignment: str) -> ClassListing:
    """Who handed in what."""
    del assignment
    found = SubmissionCollector()
    files: dict[str, list[_File]] = {}
    doubtful = _doubtful([entry.name for entry in tree.entries() if entry.kind == "file"])
    for entry in tree.entries():
        match = NAME.fullmatch(entry.name)
        if match is None or entry.kind != "file" or entry.name in doubtful:
            found.leave(entry.path, "litter" if entry.is_litter else _why_not(entry.name in doubtful))
            continue
        student = Student(match["user"], match["name"] or "")
        is_late = match["late"] is not None
        if match["kind"] is not None:
            words = "a text typed into Canvas" if match["kind"] == "text" else "a link"
            found.add_text(student, SubmittedFile(entry.path, f"{match['kind']}.html"), words, late=is_late)
        else:
            found.add(student, None, late=is_late)
            files.setdefault(student.id, []).append(_File(entry.path, match["file"], int(match["attachment"])))
    for user, mine in files.items():
        for file, remark, older in newest(mine):
            found.add(Student(user), SubmittedFile(file.place, file.name), remark=remark)
            for order, each in enumerate(older):
                found.add_version(Student(user), SubmittedFile(each.place, file.name), order=order)
    return found.listing(TITLE)


def _why_not(doubtful: bool) -> str:
    if doubtful:
        return "it could be the work of two people, by the numbers in its name; nobody is graded for it"
    return "its name is not one that Canvas gives"


def _doubtful(names: Iterable[str]) -> frozenset[str]:
    """The names in which several pairs of numbers could be Canvas's, or another one than stands first.

    Those could be that are as long as those in names that hold only one pair.
    """
    readings = {name: [*_PAIR.finditer(name)] for name in names if NAME.fullmatch(name)}
    plain = [pairs[0] for pairs in readings.values() if len(pairs) == 1]
    users, attachments = ({len(pair[which]) for pair in plain} for which in ("user", "attachment"))

    def could_be(pair: re.Match[str]) -> bool:
        return not plain or (
            min(users) - 1 <= len(pair["user"]) <= max(users) + 1
            and min(attachments) - 1 <= len(pair["attachment"]) <= max(attachments) + 1
        )

    likely = {
        name: [number for number, pair in enumerate(pairs[:9]) if could_be(pair)] for name, pairs in readings.items()
    }
    return frozenset(name for name, numbers in likely.items() if numbers not in ([], [0]))


def newest(files: Iterable[_File]) -> Iterator[tuple[_File, str, list[_File]]]:
    """Of files that differ in a resubmission's suffix alone the newest, under its plain name; and the older ones.

    `hw1-2.py` is newer than `hw1.py`. `part-1.py` and `part-2.py` without a `part.py` are two files.
    """
    files = sorted(files, key=lambda file: file.attachment)
    versions: dict[str, list[_File]] = {}
    for file in files:
        plain = _plain(file.name)
        alone = sum(_plain(other.name) == plain for other in files) == 1
        known = any(other.name == plain for other in files)
        versions.setdefault(plain if alone or known else file.name, []).append(file)
    for plain, same in versions.items():
        *older, latest = sorted(same, key=lambda file: (_number(file.name), file.attachment))
        remark = f"the newest of {len(same)} versions of {plain} counts" if len(same) > 1 else ""
        yield latest._replace(name=plain), remark, older


def _plain(name: str) -> str:
    path = PurePosixPath(name)
    return _RESUBMITTED.sub("", path.stem) + path.suffix


def _number(name: str) -> int:
    match = _RESUBMITTED.search(PurePosixPath(name).stem)
    return int(match[1]) if match else 0


# -- its gradebook: `Student, ID, SIS Login ID, Section, Problem Set 1 (987654), …`, then the points possible ---------


def _is_gradebook(table: RawTable) -> bool:
    header = folded_header(table)
    return len(header) > 3 and (("student" in header[0] and header[1] == "id") or header[2] == "id")


def _columns(table: RawTable) -> list[int]:
    read_only = [row for row in table.rows[1:4] if is_points(row)]
    return [
        at
        for at, header in enumerate(table.header)
        if TITLE_AND_NUMBER.fullmatch(header) and not any(cell(row, at) == _READ_ONLY for row in read_only)
    ]


def _is_read_only(table: RawTable, at: int) -> str:
    is_so = any(cell(row, at) == _READ_ONLY for row in table.rows[1:4])
    return f"Canvas ignores what is written into {table.header[at]!r}: it is {_READ_ONLY}" if is_so else ""


def _is_marks(row: RawRow) -> bool:
    """The row of `Manual Posting` under the columns that wait for it: nobody's."""
    return not any(text.strip() for text in row.cells[:3])


def _person(header: Sequence[str], row: RawRow) -> Mapping[str, str] | None:
    return None if _is_marks(row) else dict(zip(header, row.cells, strict=False))


def _most(table: RawTable, at: int, rows: Sequence[RawRow]) -> set[str]:
    del rows
    return {cell(row, at) for row in table.rows[1:4] if is_points(row)}


def _is_manual(table: RawTable, at: int) -> bool:
    return any(_is_marks(row) and cell(row, at) for row in table.rows[1:3])


def _warnings(upload: UploadEffect) -> Iterator[str]:
    if not upload.manual:
        yield (
            "Canvas shows students their grades at once when this is uploaded. To look at them first, set the "
            "column's Grade Posting Policy to Manual before that"
        )
    yield (
        "Canvas takes its own late deduction from what is uploaded, if the course has a late policy: a second one, "
        f"where these scores have one already. It marks {upload.late} of them late; switch the policy off, or leave "
        "lateness to Canvas"
    )


def _feedback_entry(part: SubmittedFile) -> str:
    """The name that it came under; none for a typed text, which Canvas takes no file for."""
    name = PurePosixPath(part.place).name
    match = NAME.fullmatch(name)
    return "" if match and match["kind"] else name


LAYOUT = Layout(
    fits=fits,
    read=read,
    gradebook=Gradebook(
        fits=_is_gradebook,
        columns=_columns,
        is_read_only=_is_read_only,
        person=_person,
        most=_most,
        is_manual=_is_manual,
        warnings=_warnings,
    ),
    # Canvas finds the student by the numbers in a name, and shows the file under the name of what was handed in.
    feedback=FeedbackFiles(
        names=NAME,
        entry=_feedback_entry,
        as_handed_in=True,
        said="Canvas's own names: upload it with the assignment's `Upload Submissions`",
    ),
)
