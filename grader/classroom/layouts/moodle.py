"""Moodle, "Download all submissions": `<Full Name>_<participant id>_assignsubmission_<plugin>`, as folders or flat.

The forms are those of Moodle's own downloader.php. The participant id belongs to this assignment, and is what the
offline grading worksheet's Identifier holds; a group that has none goes by its name. The plugin `file` holds files,
`onlinetext` a page of text. Some versions end the folder's name with one more `_`.

Names of people, groups and files are theirs to choose: an entry with two such marks, or a group that is called like
another's number, is left out and named.
"""

from __future__ import annotations

import re

from grader.classroom.intake.model import ClassListing, Student, SubmissionCollector, SubmittedFile
from grader.classroom.intake.tree import Entry, Tree
from grader.classroom.layouts.matching import most_match

TITLE = "Moodle download"
NAME = re.compile(
    r"(?P<name>.+?)(?:_(?P<id>\d+))?_assign(?P<what>submission|feedback)_(?P<plugin>[a-z0-9]+?)(?:_(?P<file>.*))?",
    re.DOTALL,
)


_MARK = re.compile(r"_assign(?:submission|feedback)_")


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
            online = match["plugin"] != "file"
            part = None if online else _part(entry, match["file"])
            found.add(student, part, remark="also a text typed into Moodle" if online else "")
    return found.listing(TITLE)


def _part(entry: Entry, file: str | None) -> SubmittedFile | None:
    if entry.kind == "folder":
        return SubmittedFile(entry.path, "")
    return SubmittedFile(entry.path, file) if file else None
