"""What a whole class did, function by function and check by check: little of each grade, and quick to read."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from fractions import Fraction

import msgspec

from grader.classroom.store.encoding import decode_points
from grader.classroom.store.store import Store
from grader.feedback.answer_digests import is_wrong
from grader.feedback.patterns import is_general
from grader.grading.grades import AnswerDigest, NamedMistake, SmallestChange
from grader.verdict import OPEN, Verdict


class RaisedMark(msgspec.Struct, frozen=True):
    """The exception that a check ended in."""

    raised: str | None = None
    source: str | None = None  #: the line at which it was raised, as the student wrote it


class CheckMark(msgspec.Struct, frozen=True):
    """What became of a check."""

    title: str
    score: Fraction | None
    max_score: Fraction
    waits: bool = False
    sketch: AnswerDigest | None = None
    details: RaisedMark | None = None

    @property
    def is_wrong(self) -> bool:
        """Whether it lost points by itself, and doesn't just wait for others."""
        return is_wrong(self.score, self.max_score, self.waits)


class FunctionMark(msgspec.Struct, frozen=True):
    """What became of a function."""

    name: str
    verdict: Verdict
    score: Fraction | None
    mistakes: tuple[NamedMistake, ...]
    checks: tuple[CheckMark, ...]
    optional: bool = False
    max_score: Fraction = Fraction(0)
    change: SmallestChange | None = None  #: after which it is right, where `grade explain` found one

    @property
    def is_full(self) -> bool:
        """Whether it has all its points."""
        return self.verdict in (Verdict.PASSED, Verdict.CARRIED)

    @property
    def is_explained(self) -> bool:
        """Whether its answers agree with a mistake that the instructor wrote down."""
        return any(not is_general(mistake.name) for mistake in self.mistakes)

    @property
    def wrong(self) -> tuple[CheckMark, ...]:
        """The checks that lost points by themselves."""
        return tuple(check for check in self.checks if check.is_wrong)


class Marks(msgspec.Struct, frozen=True):
    """What became of a submission."""

    verdict: Verdict
    functions: tuple[FunctionMark, ...]


class MarkedSubmission(msgspec.Struct, frozen=True):
    """One content, whoever handed it in, and what became of it."""

    content: str
    students: tuple[str, ...]  #: ids
    marks: Marks
    is_repaired: bool = False  #: nobody handed it in like that: a person repaired it


_DECODER = msgspec.msgpack.Decoder(Marks, dec_hook=decode_points)


def read_marks(store: Store, plan: str) -> Iterator[MarkedSubmission]:
    """Every content that has a grade, once, in the order of the class."""
    students: dict[str, tuple[str, ...]] = {}
    as_it_was: set[str] = set()
    for row in store.walk_rows(plan):
        if row.content and row.sha256:
            here = tuple(student.id for student in row.handed.students)
            students[row.content] = (*students.get(row.content, ()), *here)
            as_it_was |= set() if row.original else {row.content}
    right: dict[str, FunctionMark] = {}
    for content, ids in students.items():
        blob = store.blob(plan, content)
        marks = _DECODER.decode(zlib.decompress(blob)) if blob else None
        if marks is not None and marks.verdict not in OPEN:
            yield MarkedSubmission(content, ids, _share_right(marks, right), content not in as_it_was)


def _share_right(marks: Marks, known: dict[str, FunctionMark]) -> Marks:
    """The same marks; what many have right is one record for all of them, else a large class takes much memory."""
    shared = (known.setdefault(each.name, each) if each.verdict is Verdict.PASSED else each for each in marks.functions)
    functions = tuple(one if one == each else each for one, each in zip(shared, marks.functions, strict=True))
    return msgspec.structs.replace(marks, functions=functions)
