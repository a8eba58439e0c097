"""Hold a function's answers against the truth: a finding for every question."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

import msgspec
import numpy as np

from grader.checks.finding import Details, Finding
from grader.checks.kinds import kind_of
from grader.checks.question import Answer, Question, ended_finding
from grader.errors import GradeError
from grader.extraction.model import Extraction
from grader.grading.answers import Answers
from grader.plan.plan import Plan, PlannedCheck, PlannedFunction
from grader.rubric.model import Check
from grader.sandbox.replies import SHORT_BYTES
from grader.verdict import Verdict
from grader.worker.shared.steps import Outcome, Raised, Returned, Value
from grader.worker.shared.tables import Table

_MOST_SOURCE = 200  #: characters of a line of source that are shown


class CheckResult(msgspec.Struct, frozen=True):
    """A check and what was found for each of its questions."""

    check: Check
    findings: tuple[Finding, ...]
    is_drawn_value: bool  #: one of those on which others wait

    @property
    def passed(self) -> bool:
        """Whether every question was answered right."""
        return all(finding.passed for finding in self.findings)


def judge(
    planned: PlannedFunction, plan: Plan, extraction: Extraction, answers: Answers, convention: str
) -> tuple[CheckResult, ...]:
    """Every check of a function under one convention; those without points only where they were asked.

    Found once for the same answers: they are one submission's.
    """
    key = (id(planned), convention)
    if key not in answers.judged:  # with what keeps the identity
        answers.judged[key] = planned, _judge(planned, plan, extraction, answers, convention)
    found: tuple[CheckResult, ...] = answers.judged[key][1]
    return found


def _judge(
    planned: PlannedFunction, plan: Plan, extraction: Extraction, answers: Answers, convention: str
) -> tuple[CheckResult, ...]:
    return tuple(
        CheckResult(
            item.check,
            tuple(judge_question(q, plan, extraction, answers, convention) for q in item.questions),
            item.is_drawn_value,
        )
        for item in planned.checks
        if _counts(item, answers)
    )


def _counts(item: PlannedCheck, answers: Answers) -> bool:
    """Whether a check has points, or was asked all the same."""
    # To draw questions that nobody asked, only to see that they have no answer, takes longer than all the rest.
    asked = item.is_drawn and all(answers.of(question) is not None for question in item.questions)
    return bool(item.check.points) or asked


def has_right_values(judged: Iterable[CheckResult]) -> bool:
    """Whether all drawn value checks pass, on which the others wait."""
    return all(item.passed for item in judged if item.is_drawn_value)


def judge_question(
    question: Question, plan: Plan, extraction: Extraction, answers: Answers, convention: str
) -> Finding:
    """What is found of the answer to one question."""
    answer = answers.of(question)
    if answer is None:
        stop = answers.stops.get(question.function.name)
        if stop is None or stop.ended is None:
            return _our_fault(stop.text if stop else "this was never asked")
        return ended_finding(stop.ended)
    if answer.finding is None and kind_of(question.check).runs_code:
        known = (question, convention, *answer.outcomes)
        finding = plan.findings.of_kept(known, lambda: _judge_to_keep(question, plan, answer, convention))
    else:  # found by a check that sees more of a student than what came of the calls
        finding = _judge_answer(question, plan, answer, convention)
    return _with_place(finding, extraction)


def told_by_calls(planned: PlannedFunction, answers: Answers) -> tuple[Outcome, ...] | None:
    """What came of all calls of a function; None where one is missing, or where something else is judged as well."""
    found: list[Outcome] = []
    for item in planned.checks:
        if not _counts(item, answers):
            continue
        given = [answers.of(question) for question in item.questions]
        if not item.kind.runs_code or any(answer is None or answer.finding is not None for answer in given):
            return None
        found += [outcome for answer in given if answer is not None for outcome in answer.outcomes]
    return tuple(found)


def may_be_told_again(outcomes: Iterable[Outcome]) -> bool:
    """Whether these may well be somebody else's outcomes, too."""
    return all(map(_is_short, outcomes))


def _judge_to_keep(question: Question, plan: Plan, answer: Answer, convention: str) -> tuple[Finding, bool]:
    return _judge_answer(question, plan, answer, convention), may_be_told_again(answer.outcomes)


def _is_short(outcome: Outcome) -> bool:
    """Long ones are seldom told again, and would fill the memory."""
    if isinstance(outcome, Returned):
        return _size_in_bytes(outcome.value) + len(outcome.printed) <= SHORT_BYTES
    return not isinstance(outcome, Raised) or len(outcome.printed) <= SHORT_BYTES


def _size_in_bytes(value: Value) -> int:
    if isinstance(value, np.ndarray):
        return value.nbytes
    if isinstance(value, (str, bytes)):
        return len(value)
    if isinstance(value, (list, tuple)):
        return sum(map(_size_in_bytes, value))
    if isinstance(value, Table):
        return _size_in_bytes(value.parts)
    return sum(map(_size_in_bytes, value.values())) if isinstance(value, dict) else 8


def _judge_answer(question: Question, plan: Plan, answer: Answer, convention: str) -> Finding:
    try:
        return kind_of(question.check).judge(question, plan.truths.of(question, convention), answer)
    except GradeError:
        raise
    except Exception as error:  # noqa: BLE001 - a judge that stumbles over a strange answer is our fault, never a zero
        return _our_fault(f"{type(error).__name__}: {error}")


def _our_fault(text: str) -> Finding:
    return Finding(Verdict.NOT_GRADED, "fault", Details(note=text))


def _with_place(finding: Finding, extraction: Extraction) -> Finding:
    """With "module:line" said as the student's own file or cell and line."""
    where = finding.known.where
    if where is None:
        return finding
    module, _, line = where.rpartition(":")
    source = line_of(extraction.modules.get(module, ""), int(line))
    return finding.add(where=extraction.place(module, int(line)), source=source)


@lru_cache(maxsize=64)
def line_of(text: str, number: int) -> str | None:
    """A line of a module, as far as a report shows it; None where it is empty, or there is none."""
    lines = text.split("\n")
    return lines[number - 1].strip()[:_MOST_SOURCE] or None if 0 < number <= len(lines) else None
