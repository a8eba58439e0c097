"""OUT/decisions/fixes/STUDENT/: a copy that a person repaired, graded in place of what the student handed in.

STUDENT is the student's id, or the name that their reports have; of a group, any one member. The folder holds the copy,
and `fix.yaml`, which says what the repair costs:

    deduction: 5
    who: ann
    when: 2026-11-25
    public comment: "A bracket was missing in line 12."
    private note: "The editor ate it."

Without a sound `fix.yaml` the submission isn't graded at all: a copy that nobody answers for is nobody's work, and the
one that was handed in was meant to be replaced.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from pathlib import Path

import msgspec

from grader.classroom.decisions.amounts import parse_points
from grader.classroom.intake.file_names import make_stem
from grader.classroom.intake.model import Fix, RepairStatement, StudentSubmission
from grader.classroom.intake.tree import open_tree
from grader.classroom.intake.trees.model import FolderEntry
from grader.errors import RubricError, did_you_mean
from grader.report.sanitize import escape_surrogates
from grader.report.wording import points, so_many_points
from grader.rubric.fields import FieldReader
from grader.rubric.nodes import Node
from grader.rubric.yaml_tree import read_yaml
from grader.submission.collecting import KIB, read_regular

FIXES = Path("decisions") / "fixes"
STATEMENT = "fix.yaml"
FIX_KEYS = ("deduction", "who", "public comment", "when", "private note")
_NEEDED = FIX_KEYS[:3]
_LONGEST = 64 * KIB  # bytes of a statement
_EXAMPLE = '`deduction: 5`, `who: ann` and `public comment: "A bracket was missing."`, a line each'


class Fixes(msgspec.Struct, frozen=True):
    """The repaired copies of a class."""

    sound: Mapping[str, Fix] = {}  #: by the first student of a submission
    flaws: Mapping[str, str] = {}  #: why a submission can't be graded, by its first student
    odd: tuple[str, ...] = ()  #: entries that are nobody's, a sentence each


def read_fixes(out: Path, handed: Iterable[StudentSubmission], most: Fraction) -> Fixes:
    """The repaired copies that lie in OUT, where `most` points can be taken.

    Raises:
        UsageError: the folder of all of them can't be read.
    """
    if not (out / FIXES).is_dir():
        return Fixes()
    whose = _whose(handed)
    found: dict[str, list[str]] = defaultdict(list)
    odd = []
    for entry in open_tree(out / FIXES).entries():
        name = escape_surrogates(entry.name)
        if entry.kind == "folder" and name in whose:
            found[whose[name]].append(entry.name)
        elif not entry.is_litter:
            odd.append(f"{out / FIXES / name}: {_why_not(entry, whose)}")
    read = {student: _read(out / FIXES, folders, most) for student, folders in found.items()}
    sound = {student: each for student, each in read.items() if isinstance(each, Fix)}
    return Fixes(sound, {student: each for student, each in read.items() if isinstance(each, str)}, tuple(odd))


def _whose(handed: Iterable[StudentSubmission]) -> dict[str, str]:
    """The first student of a submission, by every name that a folder for it may have."""
    ids = {student.id: each.id for each in handed for student in each.students}
    return {**{make_stem(student): first for student, first in ids.items()}, **ids}


def _why_not(entry: FolderEntry, whose: Mapping[str, str]) -> str:
    name = escape_surrogates(entry.name)
    if entry.kind == "other":
        return "it is a link or a device, which is not followed; put the repaired copy itself into a folder"
    if entry.kind == "file":
        return "a repaired copy lies in a folder named by the student's id, with fix.yaml beside it"
    return f"nobody in this class who handed in has the id {name!r}{did_you_mean(name, whose)}"


def _read(fixes: Path, folders: list[str], most: Fraction) -> Fix | str:
    """The one repaired copy of a submission, or what is wrong with it."""
    first, *more = (fixes / name for name in folders)
    if more:
        return f"{first}: {more[0].name!r} beside it holds a repaired copy of the same submission; keep one of the two"
    try:
        node, flaws = read_yaml(_text(first / STATEMENT), str(first / STATEMENT))
    except _UnreadableError as error:
        return f"{first / STATEMENT}: {error}"
    except RubricError as error:
        return "; ".join(map(str, error.flaws))
    nodes = FieldReader(flaws)
    repair = _repair(nodes, node, most)
    return "; ".join(map(str, sorted(nodes.flaws))) if nodes.flaws else Fix(str(first), repair)


class _UnreadableError(Exception):
    """Why a statement can't be read, and what to do."""


def _text(path: Path) -> str:
    try:
        data = read_regular(path, _LONGEST)
    except FileNotFoundError:
        raise _UnreadableError(f"there is no such file; it says what the repair costs, and why: {_EXAMPLE}") from None
    except OSError as error:
        raise _UnreadableError(f"can't be read: {error.strerror or error}") from None
    if len(data) > _LONGEST:
        raise _UnreadableError(f"is longer than {_LONGEST // KIB} KiB; it needs no more than {_EXAMPLE}")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _UnreadableError("should be UTF-8; save it so") from None


def _repair(nodes: FieldReader, root: Node, most: Fraction) -> RepairStatement:
    """What is said; flaws are kept in `nodes`."""
    found = nodes.mapping(root, STATEMENT, FIX_KEYS, _NEEDED)
    said = {key: value for key, value in found.items() if key in _NEEDED or value.value not in (None, "")}
    who, comment, when, note = (nodes.text(said.get(key), key) for key in ("who", *FIX_KEYS[2:]))
    return RepairStatement(_deduction(nodes, said.get("deduction"), most), who, comment, when, note)


def _deduction(nodes: FieldReader, node: Node | None, most: Fraction) -> Fraction:
    if node is None:
        return Fraction(0)
    taken = parse_points(str(node.value))
    if taken is None:
        nodes.wrong(node.place, f"deduction should be points such as 4, 4.5 or 1/3, found {node.value!r}")
    elif taken > most:
        nodes.wrong(node.place, f"deduction is {so_many_points(most)} at most, found {points(taken)}")
    return taken or Fraction(0)


def find_fix_folders(out: Path, student: str) -> list[Path]:
    """The folders that hold repaired copies in a student's name."""
    if not (out / FIXES).is_dir():
        return []
    found = open_tree(out / FIXES).entries()
    names = (student, make_stem(student))
    return [
        out / FIXES / each.name for each in found if each.kind == "folder" and escape_surrogates(each.name) in names
    ]


def apply_fixes(handed: Iterable[StudentSubmission], fixes: Fixes) -> Iterator[StudentSubmission]:
    """What was handed in, with the copies that are graded in its place."""
    return (msgspec.structs.replace(each, fix=fixes.sound.get(each.id)) for each in handed)
