"""Wrong answers in short, so that those of a whole class can be told apart, and equal ones found, without the answers.

A sketch keeps the form of an answer as a digest, and of each array its largest entry and one weighted sum. Two answers
that differ in the last digits have close numbers, whichever way each digit was rounded: so sketches are compared, not
looked up.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec
import numpy as np

from grader.checks.question import Question
from grader.feedback.diagnosis import as_promised
from grader.grading.answers import Answers
from grader.grading.carry_forward import CarriedRun
from grader.grading.grades import AnswerDigest, CheckGrade, FunctionGrade
from grader.plan.plan import Plan, PlannedCheck
from grader.worker.shared.steps import Ended, Outcome, Raised, Returned
from grader.worker.shared.tables import Table

#: As far as the same wrong formula, written in two ways, may differ.
CLOSE_DIGESTS = 1e-6
_LONGEST = 10_000
#: Of objects in the texts of exceptions: another one in each run.
_ADDRESS = re.compile(r"0x[0-9a-f]+")


def with_digests(
    plan: Plan, answers: Answers, carried: Mapping[str, CarriedRun], functions: Sequence[FunctionGrade]
) -> list[FunctionGrade]:
    """The grades, with a sketch of what was answered to each check that lost points by itself.

    Where broken helpers were replaced, the answers with right ones count: they show the function's own mistake.
    """
    planned = {each.function.name: {item.check.title: item for item in each.checks} for each in plan.functions}
    found = []
    for grade in functions:
        run = carried[grade.name].answers if grade.name in carried else answers
        checks = tuple(_with_digest(check, planned[grade.name].get(check.title), run) for check in grade.checks)
        found.append(msgspec.structs.replace(grade, checks=checks))
    return found


def is_wrong(score: Any, most: Any, waits: bool) -> bool:
    """Whether a check lost points by itself, and doesn't just wait for others."""
    return score is not None and score < most and not waits


def is_same_answer(a: AnswerDigest | None, b: AnswerDigest | None) -> bool:
    """Whether two sketches are of the same answer, to the last digits."""
    if a is None or b is None or a.form != b.form or len(a.numbers) != len(b.numbers):
        return False
    pairs = zip(a.numbers[::2], a.numbers[1::2], b.numbers[::2], b.numbers[1::2], strict=True)
    return all(
        max(abs(largest - other), abs(weighted - second)) <= CLOSE_DIGESTS * max(largest, other)
        for largest, weighted, other, second in pairs
    )


def _with_digest(check: CheckGrade, planned: PlannedCheck | None, run: Answers) -> CheckGrade:
    if planned is None or not is_wrong(check.score, check.max_score, check.waits):
        return check
    asked = [(question, answer) for question in planned.questions if (answer := run.of(question)) is not None]
    if len(asked) < len(planned.questions):  # whoever wasn't asked everything didn't give the same answer as anybody
        return check
    sketching = _DigestBuilder()
    for question, answer in asked:
        sketching.add_all(question, answer.outcomes)
    return msgspec.structs.replace(check, sketch=sketching.sketch())


class _DigestBuilder:
    """One sketch in the making."""

    def __init__(self) -> None:
        self._form = hashlib.sha256()
        self._numbers: list[float] = []

    def sketch(self) -> AnswerDigest:
        """All that was added."""
        return AnswerDigest(self._form.hexdigest()[:32], tuple(self._numbers))

    def add_all(self, question: Question, outcomes: Sequence[Outcome]) -> None:
        """What came of a question."""
        self._write(f"question {len(outcomes)}")
        for step, outcome in zip(question.steps, outcomes, strict=False):
            promised = as_promised(question, step, outcome)
            if isinstance(promised, Returned):
                self._add(promised.value)
            else:
                self._write(_ending(promised))

    def _add(self, value: Any) -> None:
        if isinstance(value, (tuple, list)):
            self._write(f"items {len(value)}")
            for item in value:
                self._add(item)
        elif isinstance(value, Table):
            self._add([value.form, value.parts])
        elif isinstance(value, dict):
            self._add([item for pair in value.items() for item in pair])
        elif isinstance(value, (float, np.generic, np.ndarray)) or (isinstance(value, int) and abs(value) < 2**63):
            self._add_array(np.asarray(value))
        else:
            self._write(_text(value))

    def _add_array(self, array: Any) -> None:
        self._write(f"array {array.shape}")
        if array.dtype.kind not in "biufc":
            self._write(_text(array.tolist()))
            return
        entries = array.reshape(-1).astype(complex if array.dtype.kind == "c" else float)
        for part in (entries.real, entries.imag) if array.dtype.kind == "c" else (entries,):
            self._add_entries(part)

    def _add_entries(self, entries: Any) -> None:
        finite = np.isfinite(entries)
        if not finite.all():
            self._write("".join(_odd(entries[~finite])))
            self._form.update(finite.tobytes())
        known = entries[finite]
        largest = float(np.abs(known).max()) if known.size else 0.0
        # Scaled first, lest the sum overflow; unlike weights, so that no two entries can change places unseen.
        weights = 1.0 + 1.0 / (1.0 + np.arange(known.size))
        weighted = float(np.mean(weights * (known / largest))) * largest if largest else 0.0
        self._numbers += [largest, weighted]

    def _write(self, text: str) -> None:
        self._form.update(text.encode("utf-8", "surrogatepass") + b"\0")


def _ending(outcome: Outcome) -> str:
    """How a step ended that gave no value."""
    if isinstance(outcome, Raised):
        return f"raised {outcome.type}: {_ADDRESS.sub('', outcome.text[:_LONGEST])}"
    return f"ended {outcome.how}" if isinstance(outcome, Ended) else "skipped"


def _odd(entries: Any) -> Iterator[str]:
    return ("n" if np.isnan(each) else "+" if each > 0 else "-" for each in entries[:_LONGEST])


def _text(value: Any) -> str:
    """What isn't made of numbers: enough to tell it from another."""
    if isinstance(value, int):
        return f"int {value.bit_length()} {value % 2**61}"
    if isinstance(value, (str, bytes)):
        return f"text {value[:_LONGEST]!r}"
    return type(value).__name__ if value is not None else "None"
