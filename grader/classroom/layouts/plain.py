"""A folder that somebody sorted by hand: one folder for each student, or one file, whose name is the student's id.

Files of one stem (`ada.py`, `ada.ipynb`) belong to one student. A class in sections has one more floor: a folder for
each section, with a folder for each student in it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from grader.classroom.intake.model import ClassListing, Student, SubmissionCollector, SubmittedFile
from grader.classroom.intake.tree import Entry, Tree
from grader.classroom.layouts import Layout

#: So many folders tell whether they are students'.
_ENOUGH = 20
_DEEPEST = 3
_SUFFIXES = re.compile(r"(?:\.tar)?\.[A-Za-z0-9]+$")


class Plain:
    """Folders, or files, or both: the two differ in what a reader is told."""

    def __init__(self, title: str, kind: str) -> None:
        self.TITLE = title
        self._kind = kind

    def fits(self, tree: Tree) -> bool:
        """Whether there is at least one entry of this kind."""
        return any(_is_handed_in(entry) and entry.kind == self._kind for entry in tree.entries())

    def read(self, tree: Tree, assignment: str) -> ClassListing:
        """Who handed in what."""
        del assignment
        found = SubmissionCollector()
        for entry in tree.entries():
            if _is_handed_in(entry):
                student = entry.name if entry.kind == "folder" else _stem(entry.name)
                found.add(Student(student), SubmittedFile(entry.path, "" if entry.kind == "folder" else entry.name))
            else:
                found.leave(entry.path, _why_not(entry))
        return found.listing(self.TITLE)


class Sections:
    """A folder for each section, and in it one for each student."""

    TITLE = "one folder per section, and in it one per student"

    def fits(self, tree: Tree) -> bool:
        """Whether there are several folders that hold nothing but a class each."""
        entries = [entry for entry in tree.entries() if _is_handed_in(entry)]
        return len(entries) > 1 and all(
            entry.kind == "folder" and are_a_class(tree, _code_in(tree, entry.path)) for entry in entries
        )

    def read(self, tree: Tree, assignment: str) -> ClassListing:
        """Who handed in what. Somebody who stands in two sections is two people, until a person says otherwise."""
        del assignment
        found = SubmissionCollector()
        sections = [entry for entry in tree.entries() if _is_handed_in(entry)]
        names = Counter(each.name for section in sections for each in _code_in(tree, section.path))
        for entry in tree.entries():
            if entry not in sections:
                found.leave(entry.path, _why_not(entry))
                continue
            for each in _code_in(tree, entry.path):
                student = each.name if names[each.name] == 1 else f"{entry.name}/{each.name}"
                found.add(Student(student), SubmittedFile(each.path, ""), remark=f"section {entry.name}")
        return found.listing(self.TITLE)


def holds_a_class(tree: Tree) -> bool:
    """Whether the folders at the top look like students': see `are_a_class`."""
    return are_a_class(tree, [entry for entry in tree.entries() if _is_handed_in(entry)])


def are_a_class(tree: Tree, entries: Sequence[Entry]) -> bool:
    """Whether these are folders of several students, and no parts of one submission.

    Students hand in files of the same name; the folders of one submission hold different ones.
    """
    if len(entries) < 2 or any(entry.kind != "folder" for entry in entries):
        return False
    names = [{each.name for each in _code_below(tree, entry)} for entry in entries[:_ENOUGH]]
    return all(names) and bool(set.intersection(*names))


def _code_in(tree: Tree, folder: str) -> list[Entry]:
    return [entry for entry in tree.entries(folder) if _is_handed_in(entry)]


def _code_below(tree: Tree, folder: Entry) -> list[Entry]:
    """What may be code in a folder, or in the folder that lies alone in it."""
    found = _code_in(tree, folder.path)
    for _ in range(_DEEPEST):
        if len(found) != 1 or found[0].kind != "folder":
            break
        found = _code_in(tree, found[0].path)
    return [entry for entry in found if entry.kind == "file"]


def _is_handed_in(entry: Entry) -> bool:
    return not entry.is_litter and entry.may_be_code


def _stem(name: str) -> str:
    return _SUFFIXES.sub("", name) or name


def _why_not(entry: Entry) -> str:
    if entry.is_litter:
        return "litter"
    return "a link or a device; it is not followed" if entry.kind == "other" else "no Python, notebook or archive"


def _layout(layout: Plain | Sections) -> Layout:
    return Layout(fits=layout.fits, read=layout.read, is_plain=True)


SECTIONS = _layout(Sections())
FOLDERS = _layout(Plain("one folder per student", "folder"))
FILES = _layout(Plain("one file per student", "file"))
