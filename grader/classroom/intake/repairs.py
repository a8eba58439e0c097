"""A submission, and the copy of it that a person repaired: both are read, and held against each other line by line."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from difflib import unified_diff
from pathlib import Path, PurePosixPath

import msgspec

from grader.classroom.intake.bundle import Bundle, read_bundle
from grader.classroom.intake.model import Fix, Student, StudentSubmission, SubmittedFile
from grader.classroom.intake.tree import open_tree
from grader.errors import HarnessError
from grader.report.sanitize import DIFF_LINES, escape_surrogates, line
from grader.submission.collecting import is_named_as_source
from grader.submission.reading import SourceFile

#: Above every cell of a notebook. Without its number, or a cell that was put in would change all that follow.
CELL = "# %%"
_AROUND = 3  # lines that a diff shows above and below
_MOST_STEPS = 20_000_000  # of a comparison: a few seconds
_MANY = 200  # lines, from which on difflib leaves those aside that stand there often
_BLOCK = re.compile(r"@@ -([0-9]{1,9})(,[0-9]{1,9})? \+([0-9]{1,9})(,[0-9]{1,9})? @@")
_WIDEST = 400  # characters of a line; the file has all of them

#: The source text of what was handed in.
TextsOf = Callable[[Bundle], Iterable[SourceFile]]
Pair = tuple[SourceFile | None, SourceFile | None]


class ReplacedSubmission(msgspec.Struct, frozen=True):
    """What was handed in, where a repaired copy is graded in its place."""

    content: str  #: SHA-256
    bundle: bytes  #: packed
    diff: str  #: from it to the copy


def read_repaired(fix: Fix) -> Bundle:
    """Read a repaired copy.

    Raises:
        HarnessError: it can't be read, or holds no code.
    """
    folder = Path(fix.folder)
    try:
        found = read_bundle(
            open_tree(folder.parent), StudentSubmission((Student(folder.name),), (SubmittedFile(folder.name, ""),))
        )
    except HarnessError as error:
        raise HarnessError(f"the repaired copy in {folder}: {error}") from None
    if not any(is_named_as_source(name) for name, _ in found.files):
        raise HarnessError(f"{folder}: holds no .py and no .ipynb file; put the repaired copy there, beside fix.yaml")
    copy = tuple(file for file in found.files if file[0] != "fix.yaml")
    return msgspec.structs.replace(found, files=copy)


def replace_submission(handed_in: Bundle, copy: Bundle, fix: Fix, texts_of: TextsOf) -> ReplacedSubmission:
    """What the copy stands for; `texts_of` reads what a student handed in, and does so in a sandbox.

    Raises:
        HarnessError: the copy is no other than what was handed in: points would be taken for nothing.
    """
    told = diff(texts_of(handed_in), texts_of(copy))
    if not told:
        raise HarnessError(f"{fix.folder}: its code is what was handed in; repair it, or take the folder away")
    return ReplacedSubmission(handed_in.content, handed_in.packed(), told)


def diff(before: Iterable[SourceFile], after: Iterable[SourceFile]) -> str:
    """In which lines the code of two submissions differs, as a unified diff of bounded length; empty where nowhere."""
    lines = [_narrow(each) for pair in _pairs(before, after) for each in _differing(*pair)]
    if len(lines) > DIFF_LINES:
        lines = [*lines[: DIFF_LINES - 1], f"... ({len(lines) - DIFF_LINES + 1:,} more lines)"]
    return escape_surrogates("\n".join(lines))


def _narrow(text: str) -> str:
    return text if len(text) <= _WIDEST else f"{text[:_WIDEST]} ..."


def _pairs(before: Iterable[SourceFile], after: Iterable[SourceFile]) -> Iterator[Pair]:
    """Each file beside its repaired self: of the same path, else of the same name, else the only ones that are left."""
    old, new = {each.path: each for each in before}, {each.path: each for each in after}
    for path in [path for path in old if path in new]:
        yield old.pop(path), new.pop(path)
    for path in list(old):
        alike = [each for each in new if _name(each) == _name(path)]
        if len(alike) == 1:
            yield old.pop(path), new.pop(alike[0])
    if len(old) == len(new) == 1:
        yield old.popitem()[1], new.popitem()[1]
    yield from ((each, None) for each in old.values())
    yield from ((None, each) for each in new.values())


def _name(path: str) -> str:
    return PurePosixPath(path).name


def _differing(old: SourceFile | None, new: SourceFile | None) -> Iterator[str]:
    before, after = _title(old, "handed in"), _title(new, "repaired")
    lines = list(_compare(_lines(old), _lines(new), before, after))
    is_moved = old is None or new is None or old.path != new.path
    yield from lines or ([f"--- {before}", f"+++ {after}"] if is_moved else [])


def _compare(old: list[str], new: list[str], before: str, after: str) -> Iterator[str]:
    """The differences of two texts, line by line; where that would take too long, the one text and the other.

    What is the same at both ends is left aside first: a person repairs a few lines.
    """
    shared = min(len(old), len(new))
    head = next((n for n in range(shared) if old[n] != new[n]), shared)
    tail = next((n for n in range(shared - head) if old[-1 - n] != new[-1 - n]), shared - head)
    start, ends = max(head - _AROUND, 0), (len(old) - max(tail - _AROUND, 0), len(new) - max(tail - _AROUND, 0))
    old, new = old[start : ends[0]], new[start : ends[1]]
    if old == new:
        return
    if _steps(old, new) <= _MOST_STEPS:
        found = unified_diff(old, new, before, after, lineterm="")
        yield from (_move(each, start) for each in found)
    else:
        yield from (f"--- {before}", f"+++ {after}", f"@@ -{start + 1},{len(old)} +{start + 1},{len(new)} @@")
        yield from (*(f"-{each}" for each in old), *(f"+{each}" for each in new))


def _steps(old: list[str], new: list[str]) -> int:
    """The most that a comparison takes: for each block of equal lines, all pairs of equal lines are looked at."""
    counts = Counter(new)
    popular = len(new) // 100 + 1 if len(new) >= _MANY else len(new)  # difflib leaves these aside
    pairs = sum(count for each in old if (count := counts[each]) <= popular)
    return pairs * min(len(old), len(new))


def _move(text: str, lines: int) -> str:
    """The head of a block with its lines so far below."""
    found = _BLOCK.fullmatch(text)
    if not found or not lines:
        return text
    old, new = int(found[1]) + lines, int(found[3]) + lines
    return f"@@ -{old}{found[2] or ''} +{new}{found[4] or ''} @@"


def _title(file: SourceFile | None, what: str) -> str:
    return f"{line(file.path)} ({what})" if file else "nothing"


def _lines(file: SourceFile | None) -> list[str]:
    """The code of a file. A notebook's is that of its cells: its JSON is for machines."""
    return [each for cell in (file.cells if file else ()) for each in _of_cell(cell.text, cell.number is not None)]


def _of_cell(text: str, is_in_notebook: bool) -> list[str]:
    return [*([CELL] if is_in_notebook else []), *text.rstrip("\n").split("\n")]
