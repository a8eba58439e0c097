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

from grader.errors import Flaw, RubricError, UsageError, did_you_mean, listed
from grader.grading.grades import FunctionGrade, Grade
from grader.rubric.fields import FieldReader
from grader.rubric.model import SLIP_SORTS
from grader.rubric.nodes import Node
from grader.rubric.yaml_tree import read_yaml
from grader.verdict import Verdict

EXPECTED_FILE = "expected.yaml"
ANY = "any"  #: a verdict that draws may change
_VERDICTS = (*(verdict.value for verdict in Verdict), ANY)


class ExpectedFunction(msgspec.Struct, frozen=True):
    """What must be said of one function; None is for what draws may change."""

    verdict: str | None = None
    score: float | str | None = None
    mistake: str | None = None


class ExpectedGrade(msgspec.Struct, frozen=True):
    """What must be said of a sample. Functions that aren't named must be passed."""

    about: str
    submission: str
    functions: dict[str, ExpectedFunction] = {}
    problems: tuple[str, ...] = ()  #: each must stand in one of the report's problems
    score: float | str | None = None
    slips: tuple[str, ...] = ()  #: the sorts of those that are repaired


class Sample(msgspec.Struct, frozen=True):
    """A sample submission and its expected grade."""

    folder: Path
    expected: ExpectedGrade

    @property
    def path(self) -> Path:
        """The submission."""
        return self.folder / self.expected.submission


def find_samples(folder: Path) -> Iterator[Sample]:
    """Every sample below `folder`, by name.

    Raises:
        UsageError: an expected.yaml can't be read; all of its problems are listed, each with its line.
    """
    for file in sorted(folder.glob(f"*/{EXPECTED_FILE}")):
        yield Sample(file.parent, _read(file))


def find_unsaid(folder: Path) -> list[Path]:
    """The folders beside the samples of which nothing is expected yet: no expected.yaml is in them."""
    places = sorted(place for place in folder.iterdir() if place.is_dir() and not _is_hidden(place))
    return [place for place in places if not (place / EXPECTED_FILE).is_file()]


def draft_sample(folder: Path) -> Sample | None:
    """A sample of which nothing is expected yet; None where it isn't clear what in its folder is the submission."""
    inside = [path.name for path in folder.iterdir() if not _is_hidden(path)]
    about = f"{folder.name}: made by grade verify --update; say here what it shows"
    return Sample(folder, ExpectedGrade(about, inside[0])) if len(inside) == 1 else None


def _is_hidden(path: Path) -> bool:
    return path.name.startswith((".", "__"))


# -- expected.yaml -------------------------------------------------------------------------------------------------


def _read(file: Path) -> ExpectedGrade:
    flaws: list[Flaw] = []
    try:
        root, flaws = read_yaml(file.read_text(encoding="utf-8"), str(file))
        expected = _Reader(flaws).expected(root, file.parent)
    except RubricError as error:
        flaws = list(error.flaws)
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{file}: {error}") from None
    if flaws:
        raise UsageError(listed(EXPECTED_FILE, sorted(flaws)))
    return expected


class _Reader(FieldReader):
    """Reads an expected.yaml node by node."""

    def expected(self, root: Node, folder: Path) -> ExpectedGrade:
        """What the file says; `folder` is where the submission stands."""
        found = self.mapping(root, EXPECTED_FILE, ExpectedGrade.__struct_fields__, needed=("about", "submission"))
        functions = self.mapping(found.get("functions"), "functions")
        return ExpectedGrade(
            about=self._verbatim(found.get("about"), "about") or "",
            submission=self._beside(found.get("submission"), folder),
            functions={name: self._function(name, node) for name, node in functions.items()},
            problems=tuple(self._verbatim(node, "problems") or "" for node in self.items(found.get("problems"))),
            score=self._score(found.get("score"), "score"),
            slips=tuple(self.choice(node, "slips", SLIP_SORTS, "") for node in self.items(found.get("slips"))),
        )

    def _function(self, name: str, node: Node) -> ExpectedFunction:
        found = self.mapping(node, name, ExpectedFunction.__struct_fields__)
        return ExpectedFunction(
            verdict=self.choice(found.get("verdict"), f"{name}: verdict", _VERDICTS, "") or None,
            score=self._score(found.get("score"), f"{name}: score"),
            mistake=self._verbatim(found.get("mistake"), f"{name}: mistake"),
        )

    def _verbatim(self, node: Node | None, what: str) -> str | None:
        """Text as it stands: blanks count in the names of files and in what a report says."""
        return str(node.value) if node is not None and self.text(node, what) else None

    def _beside(self, node: Node | None, folder: Path) -> str:
        """The name of the submission, which must be there."""
        name = self._verbatim(node, "submission") or ""
        if node is not None and name and not (folder / name).exists():
            hint = did_you_mean(name, (path.name for path in folder.iterdir() if path.name != EXPECTED_FILE))
            self.wrong(node.place, f"submission: there is no {name!r} beside this file{hint}")
        return name

    def _score(self, node: Node | None, what: str) -> float | str | None:
        """As its author wrote it: a number, or a fraction such as "1/3"."""
        if node is None:
            return None
        self.points(node, what)
        score: float | str = node.value
        return score


# -- compared ------------------------------------------------------------------------------------------------------


def differences(expected: ExpectedGrade, grade: Grade) -> list[str]:
    """What of a grade isn't as expected, a sentence each; empty where all is."""
    said = [*_total(expected, grade)]
    known = {function.name for function in grade.functions}
    said += [f"{name}: the rubric has no such function" for name in expected.functions if name not in known]
    for function in grade.functions:
        passed = ExpectedFunction("passed", _text(function.max_score))
        wanted = expected.functions.get(function.name, passed)
        said += [f"{function.name}: {text}" for text in _function_differences(wanted, function)]
    problems = [f"{problem.where}: {problem.message}" for problem in grade.problems]
    for text in expected.problems:
        if not any(text in problem for problem in problems):
            said.append(f"no problem says {text!r}; the problems are {problems}")
    return said


def _total(expected: ExpectedGrade, grade: Grade) -> Iterator[str]:
    if grade.verdict is Verdict.NOT_GRADED:
        yield "was not graded"
    if expected.score is not None and grade.score != _points(expected.score):
        yield f"the score should be {expected.score}, is {_text(grade.score)}"
    if (slips := sorts_of(grade)) != expected.slips:
        yield f"slips should be {', '.join(expected.slips) or 'none'}, are {', '.join(slips) or 'none'}"


def sorts_of(grade: Grade) -> tuple[str, ...]:
    """The sorts of the slips that were repaired."""
    return tuple(slip.sort for slip in grade.slips)


def _function_differences(wanted: ExpectedFunction, found: FunctionGrade) -> Iterator[str]:
    if wanted.verdict not in (None, ANY) and wanted.verdict != found.verdict.value:
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
