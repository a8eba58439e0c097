"""nbgrader: `submitted/<student id>/<assignment id>/…`, in the course's folder or in `submitted` itself."""

from __future__ import annotations

from grader.classroom.intake.model import ClassListing, Student, SubmissionCollector, SubmittedFile
from grader.classroom.intake.trees.model import Tree
from grader.classroom.layouts import Layout
from grader.errors import HarnessError, UsageError

TITLE = "nbgrader tree"
_STEP = "submitted"
_STAMP = "timestamp.txt"
_LONGEST_STAMP = 100


def fits(tree: Tree) -> bool:
    """Whether there is a folder of submitted assignments by student."""
    return bool(_assignments(tree))


def read(tree: Tree, assignment: str) -> ClassListing:
    """Who handed in what for the assignment of that name, or for the only one that there is.

    Raises:
        UsageError: there are several assignments, and none has the name.
    """
    known = _assignments(tree)
    wanted = assignment if assignment in known else next(iter(known), "")
    if assignment not in known and len(known) != 1:
        raise UsageError(
            f"{tree.root}: several assignments were submitted here ({', '.join(sorted(known))}), and none is called "
            f"{assignment!r}; say which one: --pattern '{_STEP}/(?P<student>[^/]+)/ASSIGNMENT/(?P<file>.+)'"
        )
    found = SubmissionCollector()
    for student in tree.entries(_base(tree)):
        below = {entry.name: entry for entry in tree.entries(student.path)} if student.kind == "folder" else {}
        if wanted in below:
            found.add(
                Student(student.name), SubmittedFile(below[wanted].path, ""), at=_timestamp(tree, below[wanted].path)
            )
        else:
            found.leave(student.path, "litter" if student.is_litter else f"no {wanted} in it")
    return found.listing(f"{TITLE}, assignment {wanted}")


def _timestamp(tree: Tree, folder: str) -> str:
    """What nbgrader wrote when it took the submission: `2026-10-02 17:34:00.861687 UTC`."""
    file = next((each for each in tree.entries(folder) if each.name == _STAMP and each.kind == "file"), None)
    try:
        return tree.read(file.path, _LONGEST_STAMP).decode(errors="replace").strip() if file else ""
    except HarnessError:  # a time that can't be read is unknown
        return ""


def _base(tree: Tree) -> str:
    return _STEP if any(entry.name == _STEP and entry.kind == "folder" for entry in tree.entries()) else ""


def _assignments(tree: Tree) -> frozenset[str]:
    base = _base(tree)
    if not base and tree.root.name != _STEP:
        return frozenset()
    students = [entry for entry in tree.entries(base) if entry.kind == "folder" and not entry.is_litter]
    below = (entry for student in students for entry in tree.entries(student.path))
    return frozenset(entry.name for entry in below if entry.kind == "folder" and not entry.is_litter)


LAYOUT = Layout(fits=fits, read=read)
