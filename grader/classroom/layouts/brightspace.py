"""Brightspace (D2L), "Download" of an assignment: a folder for each attempt, or flat.

`<user id>-<folder id> - <First Last> - <Oct 2, 2026 534 PM>/<file>`, with an `index.html` beside it; flat, the file's
name follows after one more ` - `. The site's settings say how the date is written: `2 October, 2026 1734`. Of several
attempts the newest counts. The time is on the wall clock of the LMS. The name is the student's own: the number before
it tells who it is.
"""

from __future__ import annotations

import re

from grader.classroom.intake.model import ClassListing, Student, SubmissionCollector, SubmittedFile
from grader.classroom.intake.trees.model import Tree
from grader.classroom.layouts import Layout
from grader.classroom.layouts.dates import date_in
from grader.classroom.layouts.matching import most_match

TITLE = "Brightspace download"
_WHEN = r"(?:[^\W\d_]+\.? \d{1,2}|\d{1,2}\.? [^\W\d_]+\.?),? \d{4},? \d{1,2}:?\d\d(?: [AP]M)?"
_NAME = re.compile(rf"(?P<id>\d+)-\d+ ?- (?P<name>.+?) - (?P<when>{_WHEN})(?: - (?P<file>.+))?", re.DOTALL)
_BESIDE = frozenset({"index.html"})


def fits(tree: Tree) -> bool:
    """Whether nearly all names are Brightspace's."""
    return most_match(_NAME, (each.name for each in tree.entries() if not each.is_litter and each.name not in _BESIDE))


def read(tree: Tree, assignment: str) -> ClassListing:
    """Who handed in what."""
    del assignment
    found = SubmissionCollector()
    matches = [(entry, _NAME.fullmatch(entry.name)) for entry in tree.entries()]
    latest: dict[str, str] = {}
    for _, match in matches:
        if match is not None:
            latest[match["id"]] = max(date_in(match["when"]), latest.get(match["id"], ""))
    for entry, match in matches:
        if match is None:
            found.leave(entry.path, "litter" if entry.is_litter else "its name is not one that Brightspace gives")
            continue
        student, when = Student(match["id"], match["name"]), date_in(match["when"])
        if when < latest[student.id]:
            found.leave(entry.path, f"a newer attempt of {student.id} counts")
            found.add(student, None, remark="the newest of several attempts counts")
            found.add_earlier(student, when, SubmittedFile(entry.path, match["file"] or ""), when)
        else:
            found.add(student, SubmittedFile(entry.path, match["file"] or ""), at=when)
    return found.listing(TITLE)


LAYOUT = Layout(fits=fits, read=read)
