"""A folder that somebody sorted by hand: one folder for each student, or one file, whose name is the student's id.

Files of one stem (`ada.py`, `ada.ipynb`) belong to one student. A class in sections has one more floor: a folder for
each section, with a folder for each student in it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from pathlib import PurePosixPath

from grader.classroom.intake.content import Wanted, read_holdings
from grader.classroom.intake.model import ClassListing, Student, SubmissionCollector, SubmittedFile
from grader.classroom.intake.trees.model import FolderEntry, Tree
from grader.classroom.layouts import Layout
from grader.classroom.layouts.dates import date_in
from grader.classroom.layouts.matching import NEARLY_ALL, Copies, group_copies
from grader.errors import UsageError
from grader.submission.classes import MANY, count_people, holds_most

#: So many folders tell whether they are students'.
_ENOUGH = 20
_MOST_SECTIONS = 5
_DEEPEST = 3
#: What people call an attempt.
_ATTEMPT = re.compile(r"(?<![a-z])(?:attempt|try|versuch|abgabe|submission|version|ver|v|rev)[ _.#-]*(\d{1,4})$", re.I)
#: How the name of an assignment begins a name that goes on.
_ASSIGNMENT = re.compile(
    r"(?:(?:copy of|copia de|copie de|kopie von)[ _-]*)?"
    r"(?:hw|homework|assignment|assign|ps|pset|problem[ _-]?set|lab|ex|exercise|project|proj|task|uebung|übung|blatt"
    r"|aufgabe|tp|td|devoir)[ _-]?\d{1,3}[a-z]?[ _-]+(?=[^ _-])",
    re.IGNORECASE,
)
#: In a folder of files of students: what isn't by its name Python, and may yet be somebody's work, and what hardly is.
_WORK = re.compile(
    r"(?!(?:readme|license|index|instructions?|grades?|gradebook|roster|feedback|comments?|timestamp|requirements)\b)"
    r"[^.].*\.(?:txt|pyw?|json|docx?|odt|rtf|pdf|md|html?|tex|rar|7z|r|rmd|m|webloc|gdoc|url)|[^.]+",
    re.IGNORECASE | re.DOTALL,
)
_SUFFIXES = re.compile(r"(?:\.(?:tar|ipynb|py))?\.[A-Za-z0-9]+$")


class Plain:
    """Folders, or files, or both: the two differ in what a reader is told."""

    def __init__(self, title: str, kind: str) -> None:
        self.TITLE = title
        self._kind = kind

    def fits(self, tree: Tree) -> bool:
        """Whether there is at least one entry of this kind."""
        return any(entry.kind == self._kind for entry in list_handed_in(tree))

    def read(self, tree: Tree, assignment: str) -> ClassListing:
        """Who handed in what."""
        del assignment
        found = SubmissionCollector()
        handed = list_handed_in(tree)
        for entry in tree.entries():
            if entry not in handed:
                found.leave(entry.path, _why_not(entry))
        groups = [(copies, _student(copies.newest._replace(name=copies.name))) for copies in group_copies(handed)]
        fixed = find_fixed_part([student for _, student in groups])
        for copies, student in groups:
            _add(tree, copies, student.removeprefix(fixed) or student, found)
        return found.listing(self.TITLE)


def find_fixed_part(names: Sequence[str]) -> str:
    """What nearly all names begin with, where that is an assignment's name and a sign: "hw1-"; else nothing."""
    found = Counter(match[0] for name in names if (match := _ASSIGNMENT.match(name)))
    fixed, count = found.most_common(1)[0] if found else ("", 0)
    is_common = count >= max(MANY, NEARLY_ALL * len(names))
    return fixed if is_common and len({name.removeprefix(fixed) for name in names}) == len(set(names)) else ""


def list_handed_in(tree: Tree, folder: str = "") -> list[FolderEntry]:
    """What students may have handed in in a folder; other files than code only where they handed in files."""
    entries = [entry for entry in _entries_in(tree, folder) if not entry.is_litter]
    code = [entry for entry in entries if entry.may_be_code]
    are_files = any(entry.kind == "file" for entry in code) or not code
    return [entry for entry in entries if entry in code or (are_files and _may_be_work(entry))]


def _add(tree: Tree, copies: Copies, whose: str, found: SubmissionCollector) -> None:
    """Hand in the newest of several copies, and of a folder of attempts the newest one."""
    student, entry = Student(whose), copies.newest
    for order, each in enumerate(copies.older):
        found.leave(each.path, f"{entry.name} is newer")
        found.add(student, None, remark=f"the newest of several copies counts: {entry.name}")
        found.add_earlier(
            student, f"{order:04}", SubmittedFile(each.path, "" if each.kind == "folder" else copies.name)
        )
    *earlier, place = [entry.path] if entry.kind == "file" else list_attempts(tree, entry.path)
    if place != entry.path:
        name = PurePosixPath(place).name
        found.add(student, None, remark=f"the newest of several attempts counts: {name}", at=date_in(name))
    for order, path in enumerate(earlier):
        found.add_earlier(student, f"A{order:04}", SubmittedFile(path, ""), date_in(PurePosixPath(path).name))
    found.add(student, SubmittedFile(place, "" if entry.kind == "folder" else copies.name))


def list_attempts(tree: Tree, folder: str) -> list[str]:
    """The attempts that a folder is made of, the newest last, by their days or numbers; else the folder itself."""
    entries = _code_in(tree, folder)
    for _ in range(_DEEPEST):  # in Teams an assignment's name stands between
        if len(entries) != 1 or entries[0].kind != "folder":
            break
        entries = _code_in(tree, entries[0].path)
    keys = [_when(entry) for entry in entries]
    are_attempts = len(entries) > 1 and all(keys) and len({len(key) for key in keys}) == 1
    if are_attempts and _have_files_in_common(tree, entries):
        return [entry.path for _, entry in sorted(zip(keys, entries, strict=True))]
    return [folder]


def _when(entry: FolderEntry) -> tuple[str, ...] | tuple[int]:
    """The day or the number of an attempt, by its folder's name; nothing where that has none."""
    if entry.kind != "folder":
        return ()
    if day := date_in(entry.name):
        return day, entry.name
    match = _ATTEMPT.search(entry.name)
    return (int(match[1]),) if match else ()


class Sections:
    """A folder for each section, and in it a folder or a file for each student."""

    TITLE = "one folder per section, and in it one per student"

    def fits(self, tree: Tree) -> bool:
        """Whether there are several folders that hold nothing but a class each, by names alone."""
        return are_sections(tree, {})

    def read(self, tree: Tree, assignment: str) -> ClassListing:
        """Who handed in what. Somebody who stands in two sections is two people, until a person says otherwise."""
        del assignment
        found = SubmissionCollector()
        sections = [entry for entry in tree.entries() if _is_handed_in(entry)]
        twice = _in_several(tree, sections)
        for entry in tree.entries():
            if entry not in sections:
                found.leave(entry.path, _why_not(entry))
                continue
            self._read_section(tree, entry, twice, found)
        return found.listing(self.TITLE)

    @staticmethod
    def _read_section(tree: Tree, section: FolderEntry, twice: Collection[str], found: SubmissionCollector) -> None:
        handed = list_handed_in(tree, section.path)
        for entry in _entries_in(tree, section.path):
            if entry not in handed:
                found.leave(entry.path, _why_not(entry))
        for copies in group_copies(handed):
            name = _student(copies.newest._replace(name=copies.name))
            student = f"{section.name}/{name}" if name in twice else name
            found.add(Student(student), None, remark=f"section {section.name}")
            _add(tree, copies, student, found)


def are_sections(tree: Tree, wanted: Wanted) -> bool:
    """Whether the folders at the top are no students, but hold several students each.

    The parts of one submission are called alike in all of them (`ada/part 1`, `bo/part 1`), students aren't.
    """
    sections = [entry for entry in tree.entries() if _is_handed_in(entry)]
    if len(sections) < 2 or any(entry.kind != "folder" for entry in sections):
        return False
    inside = [list_handed_in(tree, section.path) for section in sections]
    shared = _in_several(tree, sections)
    alike = [_student(each) in shared for entries in inside for each in entries]
    if not all(inside) or 2 * sum(alike) > len(alike) or all(len(each) < 2 for each in inside):
        return False
    if wanted and _hold_students(tree, inside, wanted):
        return True
    return all(are_a_class(tree, entries) for entries in inside)


def _hold_students(tree: Tree, sections: Sequence[Sequence[FolderEntry]], wanted: Wanted) -> bool:
    """Whether most of what lies in sections could be a student's work, and that of several in half of them."""
    looked_at = sections[:_MOST_SECTIONS]
    whole = [_whole(tree, entries, wanted) for entries in looked_at]
    several = sum(map(len, whole)) * 2 > sum(min(len(entries), _ENOUGH) for entries in looked_at)
    return several and 2 * sum(count_people(each) > 1 for each in whole) >= len(looked_at)


def _whole(tree: Tree, entries: Sequence[FolderEntry], wanted: Wanted) -> list[str]:
    """The names of the entries that each hold most of the functions."""
    found = [(entry.name, list(read_holdings(tree, [entry], wanted))) for entry in entries[:_ENOUGH]]
    return [name for name, mine in found if holds_most(mine, wanted)]


def _in_several(tree: Tree, sections: Sequence[FolderEntry]) -> set[str]:
    """The names that stand in more than one section."""
    names = Counter(
        name for section in sections for name in {_student(each) for each in list_handed_in(tree, section.path)}
    )
    return {name for name, count in names.items() if count > 1}


def holds_a_class(tree: Tree, wanted: Wanted) -> bool:
    """Whether the entries at the top look like students' and not like one submission's: by names and by content."""
    entries = list_handed_in(tree)
    if not wanted:
        return are_a_class(tree, entries)
    whole = _whole(tree, entries, wanted)
    if count_people(whole) > 1:
        return 2 * len(whole) >= min(len(entries), _ENOUGH)
    return bool(whole) and are_a_class(tree, entries)


def are_a_class(tree: Tree, entries: Sequence[FolderEntry]) -> bool:
    """Whether these are folders of several students, and no parts of one submission, by names alone.

    Students hand in files of the same name; the folders of one submission hold different ones, or are its versions.
    """
    if len(entries) < 2 or any(entry.kind != "folder" for entry in entries):
        return False
    return _have_files_in_common(tree, entries) and count_people(each.name for each in entries) > 1


def _have_files_in_common(tree: Tree, folders: Sequence[FolderEntry]) -> bool:
    names = [{each.name for each in _code_below(tree, entry)} for entry in folders[:_ENOUGH]]
    return all(names) and bool(set.intersection(*names))


def _code_in(tree: Tree, folder: str) -> list[FolderEntry]:
    return [entry for entry in _entries_in(tree, folder) if _is_handed_in(entry)]


def _entries_in(tree: Tree, folder: str) -> list[FolderEntry]:
    try:
        return tree.entries(folder)
    except UsageError:
        if not folder:
            raise
        return []  # whoever reads it will say so


def _code_below(tree: Tree, folder: FolderEntry) -> list[FolderEntry]:
    """What may be code in a folder, or in the folder that lies alone in it."""
    found = _code_in(tree, folder.path)
    for _ in range(_DEEPEST):
        if len(found) != 1 or found[0].kind != "folder":
            break
        found = _code_in(tree, found[0].path)
    return [entry for entry in found if entry.kind == "file"]


def _is_handed_in(entry: FolderEntry) -> bool:
    return not entry.is_litter and entry.may_be_code


def _may_be_work(entry: FolderEntry) -> bool:
    return entry.kind == "file" and _WORK.fullmatch(entry.name) is not None


def _student(entry: FolderEntry) -> str:
    """Whose an entry is, by its name."""
    return entry.name if entry.kind == "folder" else _SUFFIXES.sub("", entry.name) or entry.name


def _why_not(entry: FolderEntry) -> str:
    if entry.is_litter:
        return "litter"
    return "a link or a device; it is not followed" if entry.kind == "other" else "no Python, notebook or archive"


def _layout(layout: Plain | Sections) -> Layout:
    return Layout(fits=layout.fits, read=layout.read, is_plain=True)


SECTIONS = _layout(Sections())
FOLDERS = _layout(Plain("one folder per student", "folder"))
FILES = _layout(Plain("one file per student", "file"))
