"""A folder that somebody sorted by hand: one folder for each student, or one file, whose name is the student's id.

Files of one stem (`ada.py`, `ada.ipynb`) belong to one student.
"""

from __future__ import annotations

import re

from grader.classroom.intake.model import Gathering, Listing, Part, Student
from grader.classroom.intake.tree import Entry, Tree

_SUFFIXES = re.compile(r"(?:\.tar)?\.[A-Za-z0-9]+$")


class Plain:
    """Folders, or files, or both: the two differ in what a reader is told."""

    def __init__(self, title: str, kind: str) -> None:
        self.TITLE = title
        self._kind = kind

    def fits(self, tree: Tree) -> bool:
        """Whether there is at least one entry of this kind."""
        return any(_is_handed_in(entry) and entry.kind == self._kind for entry in tree.entries())

    def read(self, tree: Tree, assignment: str) -> Listing:
        """Who handed in what."""
        del assignment
        found = Gathering()
        for entry in tree.entries():
            if _is_handed_in(entry):
                student = entry.name if entry.kind == "folder" else _stem(entry.name)
                found.add(Student(student), Part(entry.path, "" if entry.kind == "folder" else entry.name))
            else:
                found.leave(entry.path, _why_not(entry))
        return found.listing(self.TITLE)


folders = Plain("one folder per student", "folder")
files = Plain("one file per student", "file")


def _is_handed_in(entry: Entry) -> bool:
    return not entry.is_litter and entry.may_be_code


def _stem(name: str) -> str:
    return _SUFFIXES.sub("", name) or name


def _why_not(entry: Entry) -> str:
    if entry.is_litter:
        return "litter"
    return "a link or a device; it is not followed" if entry.kind == "other" else "no Python, notebook or archive"
