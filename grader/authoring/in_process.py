"""Grade what an instructor wrote beside the reference, in this very process: it is trusted code, and there is a lot."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from grader.checks.kinds import answer_here
from grader.checks.question import Answer
from grader.extraction.model import Extraction
from grader.feedback.diagnosis import diagnose
from grader.grading.answers import Answers
from grader.grading.grades import FunctionGrade
from grader.grading.judging import judge
from grader.grading.score import grade_function
from grader.plan.plan import OWN_CONVENTION, Plan, PlannedFunction
from grader.reference import Variant

FunctionsInProcess = Mapping[str, Callable[..., Any]]
#: Answers by the identity of their questions.
AnswersByIdentity = Mapping[int, Answer]


def with_variant(plan: Plan, variant: Variant) -> FunctionsInProcess:
    """The reference's functions with the variant in its place; a convention changes every function that has it."""
    reference = plan.assignment.reference
    together = [variant]
    if variant.kind == "convention":
        together = [v for v in reference.variants if (v.kind, v.name) == ("convention", variant.name)]
    return {**reference.functions, **{v.function.partition(".")[0]: v.call for v in together}}


def grade_here(planned: PlannedFunction, plan: Plan, functions: FunctionsInProcess) -> FunctionGrade:
    """The grade of one function where a submission consists of these, and the mistake that explains it.

    Every check is asked, those without points too.
    """
    return grade_given(planned, plan, run_all(planned, functions))


def grade_given(planned: PlannedFunction, plan: Plan, given: AnswersByIdentity) -> FunctionGrade:
    """The grade of one function for these answers to all of its questions."""
    extraction, answers = _extraction(planned), answer_all(given)
    graded = grade_function(planned, plan, extraction, answers)
    if graded.score == graded.max_score:
        return graded
    name = planned.function.name
    found = diagnose(plan, frozenset({name}), answers, {})
    return grade_function(planned, plan, extraction, answers, None, found.get(name))


def find_catching_checks(
    planned: PlannedFunction, plan: Plan, given: AnswersByIdentity
) -> tuple[bool, tuple[str, ...]]:
    """Whether these answers lose points, and the titles of the checks with points that find them wrong."""
    extraction, answers = _extraction(planned), answer_all(given)
    graded = grade_function(planned, plan, extraction, answers)
    judged = judge(planned, plan, extraction, answers, graded.convention or OWN_CONVENTION)
    titles = tuple(item.check.title for item in judged if item.check.points > 0 and not item.passed)
    return graded.score != graded.max_score, titles


def run_all(planned: PlannedFunction, functions: FunctionsInProcess) -> dict[int, Answer]:
    """What these functions answer to every question of one function."""
    with np.errstate(all="ignore"):
        return {
            id(question): answer_here(question, functions) for check in planned.checks for question in check.questions
        }


def _extraction(planned: PlannedFunction) -> Extraction:
    name = planned.function.name
    return Extraction({}, {name: ("reference", name)}, {}, {}, (), ())


def answer_all(given: AnswersByIdentity) -> Answers:
    """What was answered, as if a submission had."""
    return Answers(dict(given), {}, (), frozenset())
