"""Blackboard, "Assignment File Download": `<Assignment>_<username>_attempt_<date and time>_<file name>`, flat.

`<Assignment>_<username>_attempt_<date and time>.txt` holds what the student typed in place of files, or beside them. Of
several attempts the newest counts. The time is on the wall clock of whoever set Blackboard up; it names no zone.

The file's name is the student's own, and may look like another's whole entry: so the first mark of an attempt counts.
What stands before it is the assignment, which all names share, and the user name, which may hold `_`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from grader.classroom.intake.model import ClassListing, Student, SubmissionCollector, SubmittedFile
from grader.classroom.intake.trees.model import FolderEntry, Tree
from grader.classroom.layouts import Layout
from grader.classroom.layouts.matching import most_match
from grader.submission.collecting import KIB

TITLE = "Blackboard download"
_NAME = re.compile(r"(?P<head>.+?_.+?)_attempt_(?P<when>\d{4}(?:-\d{2}){5})(?:_(?P<file>.+)|\.txt)", re.DOTALL)
#: What Blackboard writes before what was typed, and where there is nothing.
_FIELD = "Submission Field:"
_NOTHING = ("There is no student submission text", "There are no attachments", "No files were attached")
_MOST_READ = 64 * KIB


def fits(tree: Tree) -> bool:
    """Whether nearly all names are Blackboard's."""
    return most_match(_NAME, (entry.name for entry in tree.entries() if not entry.is_litter))


def read(tree: Tree, assignment: str) -> ClassListing:
    """Who handed in what."""
    del assignment
    found = SubmissionCollector()
    matches = [(entry, _NAME.fullmatch(entry.name)) for entry in tree.entries()]
    start = _assignment_in(match["head"] for _, match in matches if match is not None)
    latest: dict[str, str] = {}
    pages: list[tuple[Student, FolderEntry]] = []  # on attempts that count
    for _, match in matches:
        if match is not None:
            user = _user(match["head"], start)
            latest[user] = max(match["when"], latest.get(user, ""))
    for entry, match in matches:
        if match is None or entry.kind != "file":
            found.leave(entry.path, "litter" if entry.is_litter else "its name is not one that Blackboard gives")
            continue
        student = Student(_user(match["head"], start))
        if match["when"] < latest[student.id]:
            found.leave(entry.path, f"a newer attempt of {student.id} counts")
            found.add(student, None, remark="the newest of several attempts counts")
            if match["file"]:
                part = SubmittedFile(entry.path, match["file"])
                found.add_earlier(student, match["when"], part, _clock(match["when"]))
        else:
            part_ = SubmittedFile(entry.path, match["file"]) if match["file"] else None
            found.add(student, part_, at=_clock(match["when"]))
            if not match["file"]:
                pages.append((student, entry))
    for student, entry in pages:
        if not found.has_file(student) and holds_text(tree.read(entry.path, _MOST_READ)):
            found.add_text(student, SubmittedFile(entry.path, "text.txt"), "a text typed into Blackboard")
    return found.listing(TITLE)


def _clock(when: str) -> str:
    return f"{when[:10]} {when[11:].replace('-', ':')}"


def holds_text(page: bytes) -> bool:
    """Whether a student typed anything, by Blackboard's own page on an attempt. In doubt they did."""
    said = page.decode("utf-8", "replace")
    _, field, below = said.partition(_FIELD)
    typed = below.partition("\nComments:")[0] if field else "" if any(each in said for each in _NOTHING) else said
    return bool(typed.strip()) and not typed.strip().startswith(_NOTHING)


def _assignment_in(heads: Iterable[str]) -> int:
    """How many characters of the heads are the assignment's name and its `_`: what all of them share.

    With a single user, or users who all begin alike up to a `_`, the shared part may be longer: then the user name is
    shorter than it is, and still each one's own.
    """
    known = sorted(set(heads))
    if len(known) < 2:
        return known[0].rindex("_") + 1 if known else 0
    first, last = known[0], known[-1]  # sorted: what these two share, all share
    shared = next(
        (at for at, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), min(len(first), len(last))
    )
    return first[:shared].rfind("_") + 1


def _user(head: str, start: int) -> str:
    return head[start:] or head


LAYOUT = Layout(fits=fits, read=read)
