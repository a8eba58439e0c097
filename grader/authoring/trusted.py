"""Grade what an instructor wrote beside the reference, in this very process: it is trusted code, and there is a lot."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from grader.asking import Answers
from grader.checks.question import Answer
from grader.diagnosis import diagnose
from grader.extraction import Extraction
from grader.grades import FunctionGrade
from grader.plan import Plan, PlannedFunction
from grader.reference import Variant
from grader.score import grade_function
from grader.worker.interpreter import run_here

Functions = Mapping[str, Callable[..., Any]]


def with_variant(plan: Plan, variant: Variant) -> Functions:
    """The reference's functions with the variant in its place; a convention changes every function that has it."""
    reference = plan.assignment.reference
    together = [variant]
    if variant.kind == "convention":
        together = [v for v in reference.variants if (v.kind, v.name) == ("convention", variant.name)]
    return {**reference.functions, **{v.function.partition(".")[0]: v.call for v in together}}


def grade_here(planned: PlannedFunction, plan: Plan, functions: Functions) -> FunctionGrade:
    """The grade of one function where a submission consists of these, and the mistake that explains it.

    Every check is asked, those without points too.
    """
    name = planned.function.name
    extraction = Extraction({}, {name: ("reference", name)}, {}, {}, (), ())
    answers = Answers(_given(planned, functions), {}, (), frozenset())
    graded = grade_function(planned, plan, extraction, answers)
    if graded.score == graded.max_score:
        return graded
    found = diagnose(plan, frozenset({name}), answers, {})
    return grade_function(planned, plan, extraction, answers, None, found.get(name))


def _given(planned: PlannedFunction, functions: Functions) -> dict[int, Answer]:
    with np.errstate(all="ignore"):
        return {
            id(question): Answer(run_here(question.steps, functions))
            for check in planned.checks
            for question in check.questions
        }
