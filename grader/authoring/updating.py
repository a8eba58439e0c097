"""Rewrite what is expected of samples, from what several draws agree on: the rest is up to the draw."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path

from msgspec.structs import replace

from grader.authoring.samples import (
    ANY,
    EXPECTED_FILE,
    ExpectedFunction,
    ExpectedGrade,
    Sample,
    differences,
    draft_sample,
    find_samples,
    find_unsaid,
    sorts_of,
)
from grader.authoring.verify import samples_folder
from grader.grading.grades import FunctionGrade, Grade
from grader.pipeline import grade_submission, prepare_sandbox
from grader.plan.assignment import load_assignment
from grader.plan.plan import make_plan
from grader.sandbox.sandbox import Sandbox
from grader.upload import read_submission

#: How many draws must agree.
UPDATE_DRAWS = 4


def update_samples(
    rubric: str | Path, samples: Path | None = None, seed: int | None = None, sandbox: str = "jail"
) -> list[str]:
    """Rewrite each expected.yaml that isn't what every draw gives, and write those that aren't there.

    What still holds of an expectation stays as its author wrote it, though comments are lost.

    Returns:
        For each file that was written the difference, as a unified diff.

    Raises:
        UsageError, AssignmentError, SandboxError: as `verify` does.
    """
    assignment = load_assignment(rubric)
    folder = samples or samples_folder(assignment.rubric)
    if folder is None:
        return []
    plans = [make_plan(assignment, None if seed is None else seed + i) for i in range(UPDATE_DRAWS)]
    changes: list[str] = []
    with Sandbox(sandbox) as box:
        prepare_sandbox(box, assignment)
        known = list(find_samples(folder))
        drafts = [sample for place in find_unsaid(folder) if (sample := draft_sample(place)) is not None]
        for sample in (*known, *drafts):
            submission = read_submission(sample.path)
            grades = [grade_submission(submission, plan, box) for plan in plans]
            if sample in drafts or any(differences(sample.expected, grade) for grade in grades):
                changes.append(_rewrite(sample, agree_on(sample.expected, grades)))
    return changes


def agree_on(old: ExpectedGrade, grades: Sequence[Grade]) -> ExpectedGrade:
    """What of these grades all draws agree on, said as the old expectation says it wherever that still holds."""
    functions: dict[str, ExpectedFunction] = {}
    for found in zip(*(grade.functions for grade in grades), strict=True):
        name = found[0].name
        if name in old.functions and _is_agreed(old, name, grades):
            functions[name] = old.functions[name]
        elif not all(each.verdict.value == "passed" and each.score == each.max_score for each in found):
            functions[name] = _common(found)
    problems = tuple(text for text in old.problems if all(_is_said_by(grade, text) for grade in grades))
    scores = {grade.score for grade in grades}
    score = old.score if old.score is None or scores == {_number(old.score)} else _score(scores)
    slips = sorts_of(grades[0])  # the same for every draw: what they prove hangs on none
    return replace(old, functions=functions, problems=problems, score=score, slips=slips)


def _is_agreed(old: ExpectedGrade, name: str, grades: Sequence[Grade]) -> bool:
    alone = ExpectedGrade(old.about, old.submission, {name: old.functions[name]})
    return not any(text.startswith(f"{name}: ") for grade in grades for text in differences(alone, grade))


def _common(found: Sequence[FunctionGrade]) -> ExpectedFunction:
    verdicts, scores = {each.verdict.value for each in found}, {each.score for each in found}
    names = {tuple(mistake.name for mistake in each.mistakes) for each in found}
    named = next(iter(names)) if len(names) == 1 else ()
    return ExpectedFunction(
        verdict=verdicts.pop() if len(verdicts) == 1 else ANY,
        score=_score(scores),
        mistake=named[0] if named else None,
    )


def _score(scores: set[Fraction | None]) -> str | None:
    only = next(iter(scores)) if len(scores) == 1 else None
    return None if only is None else str(only)


def _number(score: float | str) -> Fraction:
    return Fraction(str(score))


def _is_said_by(grade: Grade, text: str) -> bool:
    return any(text in f"{problem.where}: {problem.message}" for problem in grade.problems)


# -- files ---------------------------------------------------------------------------------------------------------


def _rewrite(sample: Sample, expected: ExpectedGrade) -> str:
    file = sample.folder / EXPECTED_FILE
    old, new = file.read_text(encoding="utf-8") if file.exists() else "", as_yaml(expected)
    file.write_text(new, encoding="utf-8")
    lines = difflib.unified_diff(old.splitlines(), new.splitlines(), str(file), str(file), lineterm="", n=1)
    return "\n".join(lines)


def as_yaml(expected: ExpectedGrade) -> str:
    """An expectation as its author would write it."""
    return "\n".join(_lines(expected)) + "\n"


def _lines(expected: ExpectedGrade) -> Iterator[str]:
    yield f"about: {_text(expected.about)}"
    yield f"submission: {_text(expected.submission)}"
    if expected.score is not None:
        yield f"score: {expected.score}"
    if expected.slips:
        yield f"slips: [{', '.join(expected.slips)}]"
    if expected.functions:
        yield "functions:"
        yield from (f"  {name}: {{{_fields(function)}}}" for name, function in expected.functions.items())
    if expected.problems:
        yield "problems:"
        yield from (f"  - {_text(text)}" for text in expected.problems)


def _fields(function: ExpectedFunction) -> str:
    said = {"verdict": function.verdict, "score": function.score}
    fields = [f"{key}: {value}" for key, value in said.items() if value is not None]
    return ", ".join([*fields, *([f"mistake: {_text(function.mistake)}"] if function.mistake else [])])


def _text(text: str) -> str:
    """Plain where it is a name of letters and dots, else in quotes: a JSON string is a YAML one."""
    plain = text.replace(".", "").replace("_", "").replace("-", "")
    return text if plain.isalpha() and text[0].isalpha() else json.dumps(text, ensure_ascii=False)
