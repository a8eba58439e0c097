"""The grade: one frozen record that every report renders."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Literal

import msgspec

from grader.checks.finding import Details
from grader.extraction.flows.model import Flow
from grader.rubric.model import RepairShows, Visibility, WitnessShows
from grader.sandbox.sandbox import Isolation
from grader.verdict import Verdict

Audience = Literal["student", "instructor"]


#: The reason of a grade that awaits a person because what was handed in can't be read.
UNREADABLE = "unreadable"
#: How the last problem of such a grade begins; what was found follows.
UNREADABLE_NOTE = "it could not be read, so a person has to look at it: "
#: Mistakes, as answers show them, that are about something that stays after a call.
KEPT = ("the answer of an earlier call comes back", "something stays from one call to the next")
#: How a note begins that says which helpers were replaced; their names follow.
STOOD_IN = "Right versions stood in for your"


class Problem(msgspec.Struct, frozen=True):
    """Something that a reader of the report has to know about the submission as a whole."""

    where: str  #: "hw1.py, line 3", "hw1.ipynb, cell 5", "hw1.zip"
    message: str


class AnswerDigest(msgspec.Struct, frozen=True):
    """What was answered to a check, in so few numbers that a class's answers can be held against each other."""

    form: str  #: a digest of all that isn't a number: shapes, texts, exceptions, where NaN stands
    numbers: tuple[float, ...]  #: of each array its largest entry, and a sum of all with weights


class CheckGrade(msgspec.Struct, frozen=True):
    """One line of a report. `message` and `hint` never hold anything that a submission said or a check drew."""

    title: str
    kind: str
    verdict: Verdict
    score: Fraction | None  #: None where the verdict is open
    max_score: Fraction
    visibility: Visibility
    message: str = ""
    hint: str = ""
    advisory: bool = False
    waits: bool = False  #: right by itself, but it pays only once the function's value checks pass
    details: Details | None = None
    sketch: AnswerDigest | None = None  #: where it was answered wrong; no report shows it


class NamedMistake(msgspec.Struct, frozen=True, omit_defaults=True):
    """A known mistake that a student's answers agree with, or what these answers show by themselves."""

    name: str
    hint: str
    is_seen: bool = False  #: whether it is what the answers show, and no mistake that somebody wrote down


class Counterexample(msgspec.Struct, frozen=True):
    """A fresh input on which a function fails: no check's own, so it may be shown."""

    details: Details
    shows: WitnessShows = "inputs"  #: what students see of it
    message: str = ""  #: how it fails, in fixed words
    asked_by: tuple[str, ...] | None = None  #: titles of the failed checks that ask such inputs; None: nobody looked


class SmallestChange(msgspec.Struct, frozen=True):
    """A change of the student's own function after which every check passes. It earns nothing."""

    where: str  #: "hw.py, line 12"
    diff: str  #: the lines as they are and as they would be
    words: str  #: what it is about: "the axis"
    is_sure: bool  #: whether all changes were tried, and all that were found are in this line; else it is an instance
    key: str = ""  #: the same for the same change, whatever its variables are called


class RightValue(msgspec.Struct, frozen=True):
    """A variable of the student's own that held what the reference goes through, after a line of theirs."""

    name: str
    where: str  #: "hw.py, line 4"
    is_same: bool = False  #: whether it is the very value, and not the same up to its sign, form or a factor


class StoodAt(msgspec.Struct, frozen=True):
    """Where a function was on a fresh input, after so many steps that it had to be stopped, or out of memory."""

    where: str  #: "hw.py, line 12"
    lines: tuple[int, ...]  #: those that ran again and again, of the file or cell that the function is in


class Decision(msgspec.Struct, frozen=True):
    """What a person decided about a grade after it was made, in words for the student."""

    when: str  #: "2026-11-25"; empty where no day is known
    text: str
    note: str = ""  #: for instructors alone


class ScoreChange(msgspec.Struct, frozen=True):
    """What changed the sum of the functions' points: lateness, a person."""

    what: str
    points: Fraction  #: below zero where they were taken


class Slip(msgspec.Struct, frozen=True):
    """A slip of which it is proven what was meant: the points are those of the repaired code, less its price."""

    sort: str  #: a rubric's word for it: "missing import"
    where: str
    diff: str  #: line by line
    price: Fraction  #: zero for a second one of its sort
    functions: tuple[str, ...] = ()  #: those that are right once it is repaired


class Repaired(msgspec.Struct, frozen=True):
    """What a person changed in the copy that was graded in place of what was handed in."""

    diff: str  #: unified, by lines


class StudentCode(msgspec.Struct, frozen=True):
    """Where a function begins, and its source as its author wrote it."""

    function: str
    place: str  #: the file or cell: "submission.py", "hw1.ipynb, cell 5"; may be empty
    first: int  #: the number of its first line there
    text: str  #: empty where it lost no points
    flow: Flow | None = None  #: of one that is long, or partly right: which of its lines the results depend on

    def where(self, number: int) -> str:
        """What a report calls one of its lines."""
        return ", ".join(filter(None, (self.place, f"line {number}")))


class HandedFile(msgspec.Struct, frozen=True):
    """A file that was handed in, as it came."""

    name: str
    sha256: str


def name_all(names: Sequence[str]) -> str:
    """Names in a sentence: `a, b and c`; empty for none."""
    *first, last = names or ("",)
    return f"{', '.join(first)} and {last}" if first else last


class FunctionGrade(msgspec.Struct, frozen=True):
    """One required function: its verdict, its points, and its checks."""

    name: str
    promise: str  #: what the function should do, in the rubric's words
    score: Fraction | None
    max_score: Fraction
    verdict: Verdict
    carried: Fraction
    from_mistake: Fraction
    convention: str | None
    mistakes: tuple[NamedMistake, ...]
    remarks: tuple[str, ...]  #: "graded: the definition in line 40 (the last of 2)"
    checks: tuple[CheckGrade, ...]
    optional: bool = False  #: its points come on top of the grade's maximum
    witnesses: tuple[Counterexample, ...] = ()  #: where it failed a hidden check: one, or more on request
    given: Fraction = Fraction(0)  #: what a person put on top of the lines above, or took
    charged_in: str = ""  #: the earlier function that makes the same mistake, where points are carried for that
    change: SmallestChange | None = None  #: for instructors, of a function that nothing else explains
    right_so_far: tuple[RightValue, ...] = ()  #: what was right on the way to a wrong answer
    stood_at: StoodAt | None = None  #: of one that took too long, or too much memory
    look_at: str = ""  #: for students, once results are published: the line of the smallest change
    carried_with: tuple[str, ...] = ()  #: the helpers to which the error is charged, where points are carried


class Grade(msgspec.Struct, frozen=True):
    """Everything that is known about one graded submission."""

    assignment: str
    title: str
    submission: str
    student: str | None
    audience: Audience
    score: Fraction | None
    max_score: Fraction
    verdict: Verdict
    functions: tuple[FunctionGrade, ...]
    problems: tuple[Problem, ...]
    left_out: tuple[Problem, ...]
    isolation: Isolation
    seed: int | None
    rubric_sha256: str
    reference_sha256: str
    grader_version: str
    seconds: float
    decisions: tuple[Decision, ...] = ()
    changes: tuple[ScoreChange, ...] = ()  #: from the sum of the functions' points to the score
    repaired: Repaired | None = None
    looked_at: tuple[str, ...] = ()  #: functions of which the smallest change was looked for, found or not
    slips: tuple[Slip, ...] = ()  #: their prices are taken from the sum of the functions' points
    reason: str = ""  #: why the verdict is open, where that isn't a person's points: `unreadable`
    reference_seconds: dict[str, float] = {}  #: by question: what calls that took long were held against
    code: tuple[StudentCode, ...] = ()  #: of the functions that are there; pages show what lost points
    files: tuple[HandedFile, ...] = ()  #: the first ones
    handed_at: str = ""  #: in a class: when, as the LMS wrote it; empty where nobody knows
    attempt: str = ""  #: in a class, where there are several: "2 of 3"
    repair: RepairShows = "off"  #: what students see of smallest changes, once results are published
    sources: str = ""  #: the same for whoever handed in the same source, in whatever archive; no report shows it

    @property
    def taken(self) -> Fraction:
        """What its slips cost together."""
        return sum((slip.price for slip in self.slips), Fraction(0))
