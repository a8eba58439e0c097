"""Blackboard, "Assignment File Download": `<Assignment>_<username>_attempt_<date and time>_<file name>`, flat.

`<Assignment>_<username>_attempt_<date and time>.txt` holds what the student wrote beside the files. Of several attempts
the newest counts. The time is on the wall clock of whoever set Blackboard up; it names no zone.
"""

from __future__ import annotations

import re

from grader.classroom.intake.model import Gathering, Listing, Part, Student
from grader.classroom.intake.tree import Tree
from grader.classroom.layouts.matching import most_match

TITLE = "Blackboard download"
_NAME = re.compile(
    r"(?P<assignment>.+)_(?P<user>[^_]+)_attempt_(?P<when>\d{4}(?:-\d{2}){5})(?:_(?P<file>.+)|\.txt)", re.DOTALL
)


def fits(tree: Tree) -> bool:
    """Whether nearly all names are Blackboard's."""
    return most_match(_NAME, (entry.name for entry in tree.entries() if not entry.is_litter))


def read(tree: Tree, assignment: str) -> Listing:
    """Who handed in what."""
    del assignment
    found = Gathering()
    matches = [(entry, _NAME.fullmatch(entry.name)) for entry in tree.entries()]
    latest: dict[str, str] = {}
    for _, match in matches:
        if match is not None:
            latest[match["user"]] = max(match["when"], latest.get(match["user"], ""))
    for entry, match in matches:
        if match is None or entry.kind != "file":
            found.leave(entry.path, "litter" if entry.is_litter else "its name is not one that Blackboard gives")
        elif match["when"] < latest[match["user"]]:
            found.leave(entry.path, f"a newer attempt of {match['user']} counts")
            found.add(Student(match["user"]), None, remark="the newest of several attempts counts")
        else:
            part = Part(entry.path, match["file"]) if match["file"] else None
            day, clock = match["when"][:10], match["when"][11:].replace("-", ":")
            found.add(Student(match["user"]), part, at=f"{day} {clock}")
    return found.listing(TITLE)
