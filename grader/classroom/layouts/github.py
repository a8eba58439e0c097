"""GitHub Classroom, cloned with its assistant: `<assignment>-submissions/<assignment>-<user name>/…`."""

from __future__ import annotations

from grader.classroom.intake.model import ClassListing, Student, SubmissionCollector, SubmittedFile
from grader.classroom.intake.trees.model import Tree
from grader.classroom.layouts import Layout
from grader.classroom.layouts.matching import NEARLY_ALL

TITLE = "GitHub Classroom"
_END = "-submissions"


def fits(tree: Tree) -> bool:
    """Whether the folder is called so, and nearly all folders in it begin with the assignment's name."""
    prefix = _prefix(tree)
    folders = [entry.name for entry in tree.entries() if entry.kind == "folder" and not entry.is_litter]
    return bool(prefix and folders) and sum(_is_theirs(each, prefix) for each in folders) >= NEARLY_ALL * len(folders)


def read(tree: Tree, assignment: str) -> ClassListing:
    """Who handed in what."""
    del assignment
    found, prefix = SubmissionCollector(), _prefix(tree)
    for entry in tree.entries():
        if entry.kind == "folder" and _is_theirs(entry.name, prefix):
            found.add(Student(entry.name.removeprefix(prefix)), SubmittedFile(entry.path, ""))
        else:
            found.leave(entry.path, "litter" if entry.is_litter else "no student's repository")
    return found.listing(TITLE)


def _prefix(tree: Tree) -> str:
    name = tree.name
    return f"{name.removesuffix(_END)}-" if name.endswith(_END) else ""


def _is_theirs(name: str, prefix: str) -> bool:
    return name.startswith(prefix) and len(name) > len(prefix)


LAYOUT = Layout(fits=fits, read=read)
