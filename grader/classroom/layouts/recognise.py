"""Find out how a class folder is laid out, and read who handed in what."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from itertools import count
from pathlib import Path
from types import MappingProxyType

import msgspec

from grader.classroom.intake.content import Wanted
from grader.classroom.intake.model import ClassListing, LeftOutEntry, Student, StudentSubmission
from grader.classroom.intake.tree import FLOORS, PARTS, SECTIONS, open_tree, sections_of
from grader.classroom.intake.trees.folder import Folder
from grader.classroom.intake.trees.model import FolderEntry, Tree
from grader.classroom.intake.trees.sections import inside_of, sections_in
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
from grader.submission.collecting import is_source

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
#: How Google Drive and OneDrive call the parts of a download that they cut: "hw1-20261002T173400Z-1-002.zip".
_CUT = re.compile(r"-\d{8}T\d{6}Z-(?:\d+-)?\d{3}\.zip\Z|[ ._-](?:part|teil|partie)[ ._-]?\d+\.zip\Z", re.IGNORECASE)
#: Where names say by numbers or accounts whose an entry is: then it doesn't matter in which section it lies.
_IN_SECTIONS = ("moodle", "canvas-quiz", "canvas", "blackboard", "brightspace", "sakai", "ilias")
#: How many folders may lie around a class, each alone in the one above.
_DEEPEST = 16
#: So many of what lies in a folder tell whether these are sections.
_ENOUGH_SECTIONS = 5
#: Where nobody says which functions are asked for: then names alone tell what is what.
NOTHING_WANTED: Wanted = MappingProxyType({})


def read_class(
    tree: Tree, assignment: str, layout: str | None = None, regex: str | None = None, wanted: Wanted = NOTHING_WANTED
) -> ClassListing:
    """Who handed in what.

    Args:
        tree: the class folder.
        assignment: the rubric's name: which of several assignments in an nbgrader tree is meant.
        layout: a name of LAYOUTS; without it the folder is recognised.
        regex: an instructor's own pattern, which overrides all layouts.
        wanted: the functions that tell a student's work from a part of it.

    Raises:
        UsageError: nothing was handed in, the pattern is broken, or the folder can't be read.
    """
    if regex is not None:
        listing = pattern.read(tree, pattern.compile_pattern(regex))
    else:
        chosen = LAYOUTS[layout] if layout else _recognise(tree, wanted)
        listing = chosen.read(tree, assignment)
    if not listing.handed:
        raise UsageError(f"{tree.root}: nothing was handed in here; it was read as: {listing.layout}")
    doubles = (LeftOutEntry(place, "stands twice in the zip: the last one counts") for place in tree.doubles)
    handed, left_out = tuple(_with_plain_ids(listing.handed)), (*listing.left_out, *doubles)
    return msgspec.structs.replace(listing, handed=handed, left_out=left_out)


def class_folder(
    path: Path,
    results: Path,
    layout: str | None = None,
    regex: str | None = None,
    wanted: Wanted = NOTHING_WANTED,
) -> Path:
    """Where the class lies: in `path`, or in the folder or zip that lies alone in it, as archivers unpack them.

    Raises:
        UsageError: there is no such folder.
    """
    found = _folder_of_class(path, results, layout, regex, wanted)
    return found / FLOORS if regex is None and _are_downloads(open_tree(found, results), layout) else found


def _are_downloads(tree: Tree, layout: str | None) -> bool:
    """Whether all that lies in a folder are folders, and in each of them, as in a section, a download of one LMS."""
    sections = sections_in(tree)
    if len(sections) < 2 or _list_code(tree) != sections or _has_names_of_an_lms(tree, layout):
        return False
    possible = [LAYOUTS[name] for name in _IN_SECTIONS if layout in (None, name)]
    trees = []
    for section in sections:
        inside = open_tree(tree.path_of(inside_of(tree, section)))
        if any(entry.may_be_code and not entry.is_litter for entry in inside.entries()):
            trees.append(inside)
            if not (possible := [each for each in possible if each.fits(inside)]):
                return False
    return len(trees) > 1 and _are_students([possible[0].read(each, "") for each in trees])


def _are_students(sections: Sequence[ClassListing]) -> bool:
    """Whether there are several in most sections, and no two of one id: else each folder may be a student's."""
    several = sum(len(each.handed) > 1 for each in sections)
    names: dict[str, set[str]] = {}
    for student in (student for each in sections for handed in each.handed for student in handed.students):
        names.setdefault(student.id, set()).add(student.name)
    return 2 * several >= len(sections) and all(len(each) == 1 for each in names.values())


def _folder_of_class(path: Path, results: Path, layout: str | None, regex: str | None, wanted: Wanted) -> Path:
    place, tree = path, open_tree(path, results)
    for _ in range(_DEEPEST if regex is None else 0):
        if (several := _in_several_zips(place, tree, results, layout, wanted)) is not None:
            return several
        entries = _list_code(tree)
        if len(entries) != 1 or is_source(entries[0].name):  # what is given is a class, whatever lies in it
            is_one = place == path or _is_a_class(tree, layout, wanted) or _are_downloads(tree, layout)
            return place if is_one else path
        if _has_names_of_an_lms(tree, layout):
            return place
        place = tree.path_of(entries[0])
        try:
            tree = open_tree(place, results)
        except UsageError:  # a file
            return path
    return path


def _list_code(tree: Tree) -> list[FolderEntry]:
    return [entry for entry in tree.entries() if not entry.is_litter and entry.may_be_code]


def _in_several_zips(place: Path, tree: Tree, results: Path, layout: str | None, wanted: Wanted) -> Path | None:
    """The class of a folder that holds zips with several students each, or sections some of which are zips.

    What an LMS made, or a drive that cut its download, belongs together; else each zip or folder is a section. None
    where this is no such folder.
    """
    sections = sections_of(tree) if isinstance(tree, Folder) else []
    zips = [each for each in sections if not each.is_dir()]
    if not zips or len(sections) < 2 or len(sections) < len(_list_code(tree)):
        return None
    if zips == sections and (found := _in_zips_alone(place, zips, layout, wanted)) is not None:
        others = any(not entry.is_litter for entry in tree.entries() if tree.path_of(entry) not in zips)
        if not others or found != place / PARTS:
            return found
    # What students handed in isn't opened where nothing is a class among what comes first.
    if not any(_may_be_section(each, layout, wanted) for each in sections[:_ENOUGH_SECTIONS]):
        return None
    try:
        whole = open_tree(place / SECTIONS, results)
    except UsageError:  # one of the zips is none
        return None
    return place / SECTIONS if plain.are_sections(whole, wanted) or _are_downloads(whole, layout) else None


def _in_zips_alone(place: Path, zips: Sequence[Path], layout: str | None, wanted: Wanted) -> Path | None:
    are_cut = all(_CUT.search(each.name) for each in zips)
    from_lms = True
    for each in zips:  # one after the other: what students handed in isn't opened where the first is no class
        try:
            tree = open_tree(each)
        except UsageError:
            return None
        is_named = _has_names_of_an_lms(tree, layout)
        if not is_named and not _is_a_class(tree, layout, wanted):
            return None
        from_lms = from_lms and is_named
    return place / (PARTS if are_cut or from_lms else SECTIONS)


def _may_be_section(place: Path, layout: str | None, wanted: Wanted) -> bool:
    try:
        return _is_a_class(open_tree(place), layout, wanted)
    except UsageError:  # it is no zip
        return False


def _has_names_of_an_lms(tree: Tree, layout: str | None) -> bool:
    known = [each for each in ((LAYOUTS[layout],) if layout else LAYOUTS.values()) if not each.is_plain]
    return any(each.fits(tree) for each in known)


def _is_a_class(tree: Tree, layout: str | None, wanted: Wanted) -> bool:
    """Whether this can't be one student's work: an LMS's names, or several entries that could each be handed in."""
    return _has_names_of_an_lms(tree, layout) or plain.holds_a_class(tree, wanted) or plain.are_sections(tree, wanted)


def _recognise(tree: Tree, wanted: Wanted) -> Layout:
    if not _has_names_of_an_lms(tree, None) and plain.are_sections(tree, wanted):
        return plain.SECTIONS
    for layout in LAYOUTS.values():
        if layout is not plain.SECTIONS and layout.fits(tree):
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
