"""Find out how a class folder is laid out, and read who handed in what."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from contextlib import suppress
from itertools import count
from pathlib import Path

import msgspec

from grader.classroom.intake.model import ClassListing, Student, StudentSubmission
from grader.classroom.intake.tree import Entry, Tree, open_tree
from grader.classroom.layouts import (
    Layout,
    blackboard,
    brightspace,
    canvas,
    canvas_quiz,
    github,
    google,
    gradescope,
    ilias,
    moodle,
    nbgrader,
    pattern,
    plain,
    sakai,
)
from grader.errors import UsageError
from grader.report.sanitize import escape_surrogates

#: By the name that --layout takes, in the order in which they are recognised.
LAYOUTS: dict[str, Layout] = {
    "gradescope": gradescope.LAYOUT,
    "nbgrader": nbgrader.LAYOUT,
    "moodle": moodle.LAYOUT,
    "canvas-quiz": canvas_quiz.LAYOUT,
    "canvas": canvas.LAYOUT,
    "blackboard": blackboard.LAYOUT,
    "brightspace": brightspace.LAYOUT,
    "sakai": sakai.LAYOUT,
    "ilias": ilias.LAYOUT,
    "github": github.LAYOUT,
    "google": google.LAYOUT,
    "sections": plain.SECTIONS,
    "folders": plain.FOLDERS,
    "files": plain.FILES,
}
#: How many folders may lie around a class, each alone in the one above.
_DEEPEST = 5


def read_class(tree: Tree, assignment: str, layout: str | None = None, regex: str | None = None) -> ClassListing:
    """Who handed in what.

    Args:
        tree: the class folder.
        assignment: the rubric's name: which of several assignments in an nbgrader tree is meant.
        layout: a name of LAYOUTS; without it the folder is recognised.
        regex: an instructor's own pattern, which overrides all layouts.

    Raises:
        UsageError: nothing was handed in, the pattern is broken, or the folder can't be read.
    """
    if regex is not None:
        listing = pattern.read(tree, pattern.compile_pattern(regex))
    else:
        chosen = LAYOUTS[layout] if layout else _recognise(tree)
        listing = chosen.read(tree, assignment)
    if not listing.handed:
        raise UsageError(f"{tree.root}: nothing was handed in here; it was read as: {listing.layout}")
    return msgspec.structs.replace(listing, handed=tuple(_with_plain_ids(listing.handed)))


def class_folder(path: Path, results: Path, layout: str | None = None, regex: str | None = None) -> Path:
    """Where the class lies: in `path`, or in the folder or zip that lies alone in it, as archivers unpack them.

    Raises:
        UsageError: there is no such folder.
    """
    place = path
    for _ in range(_DEEPEST if regex is None else 0):
        with suppress(UsageError):
            if _is_a_class(open_tree(place, results), layout):
                return place
        entries = _code_at_the_top(place, results)
        if len(entries) != 1:
            break
        place = place / entries[0].name
    return path


def _code_at_the_top(place: Path, results: Path) -> list[Entry]:
    """What may be code in a folder; nothing in a zip, which is opened as it is."""
    tree = open_tree(place, results) if place.is_dir() else None
    return [entry for entry in tree.entries() if not entry.is_litter and entry.may_be_code] if tree else []


def _is_a_class(tree: Tree, layout: str | None) -> bool:
    """Whether this can't be one student's work: an LMS's names, or several folders with files of the same name."""
    known = [each for each in ((LAYOUTS[layout],) if layout else LAYOUTS.values()) if not each.is_plain]
    return any(each.fits(tree) for each in known) or plain.holds_a_class(tree) or plain.SECTIONS.fits(tree)


def _recognise(tree: Tree) -> Layout:
    for layout in LAYOUTS.values():
        if layout.fits(tree):
            return layout
    raise UsageError(
        f"{tree.root}: no submission is here: no folder, .py, .ipynb or archive. "
        f"Known layouts are {', '.join(LAYOUTS)}; --pattern describes any other."
    )


def _with_plain_ids(handed: Iterable[StudentSubmission]) -> Iterable[StudentSubmission]:
    """Ids as text that every format can hold, each once; names too."""
    taken: set[str] = set()
    for each in handed:
        yield msgspec.structs.replace(each, students=tuple(_plain(student, taken) for student in each.students))


def _plain(student: Student, taken: set[str]) -> Student:
    # Two ids can become one where a name that is no Unicode looks like another one's escape.
    plain = escape_surrogates(student.id)
    free = next(each for number in count(1) if (each := plain if number == 1 else f"{plain}~{number}") not in taken)
    taken.add(free)
    name = unicodedata.normalize("NFC", re.sub(r"\s+", " ", escape_surrogates(student.name))).strip()
    return Student(free, name, escape_surrogates(student.email))
