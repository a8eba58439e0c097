"""Sample submissions, each with the grade that it must get.

`sample_submissions/<assignment>/<case>/expected.yaml` names the submission beside it and every function that isn't
simply passed. It holds only what every draw gives: what a draw can change is left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import msgspec

from grader.errors import UsageError
from grader.grading.grades import FunctionGrade, Grade
from grader.rubric.yaml_tree import read_yaml
from grader.verdict import Verdict

EXPECTED_FILE = "expected.yaml"


class ExpectedFunction(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What must be said of one function; None is for what draws may change."""

    verdict: str | None = None
    score: float | str | None = None
    mistake: str | None = None


class Expected(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What must be said of a sample. Functions that aren't named must be passed."""

    about: str
    submission: str
    functions: dict[str, ExpectedFunction] = {}
    problems: tuple[str, ...] = ()  #: each must stand in one of the report's problems
    score: float | str | None = None


class Sample(msgspec.Struct, frozen=True):
    """A sample submission and its expected grade."""

    folder: Path
    expected: Expected

    @property
    def path(self) -> Path:
        """The submission."""
        return self.folder / self.expected.submission


def find_samples(folder: Path) -> Iterator[Sample]:
    """Every sample below `folder`, by name.

    Raises:
        UsageError: an expected.yaml can't be read.
    """
    for file in sorted(folder.glob(f"*/{EXPECTED_FILE}")):
        yield Sample(file.parent, _read(file))


def _read(file: Path) -> Expected:
    try:
        root, flaws = read_yaml(file.read_text(encoding="utf-8"), str(file))
        if flaws:
            raise UsageError("; ".join(map(str, flaws)))
        return msgspec.convert(root.plain(), Expected)
    except (OSError, UnicodeDecodeError, msgspec.ValidationError) as error:
        raise UsageError(f"{file}: {error}") from None


def differences(expected: Expected, grade: Grade) -> list[str]:
    """What of a grade isn't as expected, a sentence each; empty where all is."""
    said = [*_total(expected, grade)]
    known = {function.name for function in grade.functions}
    said += [f"{name}: the rubric has no such function" for name in expected.functions if name not in known]
    for function in grade.functions:
        passed = ExpectedFunction("passed", _text(function.max_score))
        wanted = expected.functions.get(function.name, passed)
        said += [f"{function.name}: {text}" for text in _of_function(wanted, function)]
    problems = [f"{problem.where}: {problem.message}" for problem in grade.problems]
    for text in expected.problems:
        if not any(text in problem for problem in problems):
            said.append(f"no problem says {text!r}; the problems are {problems}")
    return said


def _total(expected: Expected, grade: Grade) -> Iterator[str]:
    if grade.verdict is Verdict.NOT_GRADED:
        yield "was not graded"
    if expected.score is not None and grade.score != _points(expected.score):
        yield f"the score should be {expected.score}, is {_text(grade.score)}"


def _of_function(wanted: ExpectedFunction, found: FunctionGrade) -> Iterator[str]:
    if wanted.verdict not in (None, "any") and wanted.verdict != found.verdict.value:
        yield f"should be {wanted.verdict}, is {found.verdict.value}"
    if wanted.score is not None and _points(wanted.score) != found.score:
        yield f"should have {wanted.score} points, has {_text(found.score)}"
    named = [mistake.name for mistake in found.mistakes]
    if wanted.mistake is not None and wanted.mistake not in named:
        yield f"should be explained by {wanted.mistake!r}, is explained by {named or 'nothing'}"


def _points(value: Any) -> Fraction:
    return Fraction(str(value))


def _text(value: Fraction | None) -> str:
    return "open" if value is None else str(value)
