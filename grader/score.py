"""Verdicts times points: the grade, one frozen record that every report renders."""

from __future__ import annotations

from fractions import Fraction
from typing import Literal

import msgspec

from grader.submission import Problem
from grader.verdict import Verdict

Audience = Literal["student", "instructor"]
Visibility = Literal["public", "hidden", "after_due", "after_published"]


class Worst(msgspec.Struct, frozen=True, omit_defaults=True):
    """The entry of an array that is furthest off."""

    index: tuple[int, ...]
    expected: float
    actual: float
    off: float  #: |actual - expected|
    allowed: float


class Details(msgspec.Struct, frozen=True, omit_defaults=True):
    """All that is known of one failed question. Students see it for public checks only.

    Arrays are text here, rendered once (8 significant digits, aligned), so that every report shows the same numbers.
    """

    situation: str = ""  #: "different: N=4, Dx=5" or "case 2"
    inputs: dict[str, str] = {}
    expected: str | None = None
    actual: str | None = None
    worst: Worst | None = None
    raised: str | None = None  #: "IndexError: too many indices"
    where: str | None = None  #: "hw1.py, line 12"; "hw1.ipynb, cell 5, line 3"
    printed: str | None = None
    note: str | None = None  #: more for eyes that may see hidden things, in one sentence


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
    details: Details | None = None


class NamedMistake(msgspec.Struct, frozen=True):
    """A known mistake that a student's answers agree with."""

    name: str
    hint: str


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


class Isolation(msgspec.Struct, frozen=True):
    """How the submission's code was locked in."""

    level: Literal["full", "no-namespaces", "partial", "none"]
    layers: tuple[str, ...]


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
