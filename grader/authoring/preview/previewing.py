"""A rubric's checks as an author can judge them: in words, with drawn inputs, what is right, and who is caught."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from grader.authoring.in_process import find_catching_checks, run_all, with_variant
from grader.checks.kinds import kind_of
from grader.checks.leaves import asked_leaves
from grader.checks.question import Question
from grader.checks.results import choose_tolerance
from grader.errors import UsageError, did_you_mean
from grader.numeric.agreement import allowance
from grader.plan.assignment import load_assignment
from grader.plan.plan import Plan, PlannedCheck, PlannedFunction, make_plan, plan_one
from grader.rubric.model import Check, RequiredFunction, Result

#: So many inputs of a check are shown.
SHOWN = 2


class Due(msgspec.Struct, frozen=True):
    """What is right for one result of one question."""

    name: str  #: of the result; empty where there is one
    truth: Any
    right: str  #: how far off is still right, as a number; empty where nothing may be off


class Example(msgspec.Struct, frozen=True):
    """One question of a check."""

    situation: str
    inputs: dict[str, Any]
    due: tuple[Due, ...]


class CheckPreview(msgspec.Struct, frozen=True):
    """One check."""

    check: Check
    words: str
    asked: tuple[str, ...]  #: the names of its questions
    examples: tuple[Example, ...]
    caught: tuple[str, ...]  #: the mistakes that lose it
    spared: tuple[str, ...]  #: those that keep it


class FunctionPreview(msgspec.Struct, frozen=True):
    """One function."""

    function: RequiredFunction
    checks: tuple[CheckPreview, ...]


class Preview(msgspec.Struct, frozen=True):
    """What a rubric asks."""

    rubric: str  #: its file
    title: str
    seed: int
    functions: tuple[FunctionPreview, ...]


def preview_assignment(rubric: str | Path, function: str = "", seed: int | None = None) -> Preview:
    """Preview a rubric, or one of its functions. Nothing runs but the reference and what stands beside it.

    Raises:
        UsageError: there is no such rubric, or no such function in it.
        AssignmentError: the rubric has flaws (all of them are listed), or the reference is broken.
    """
    assignment = load_assignment(rubric)
    names = [each.name for each in assignment.rubric.functions]
    if function and function not in names:
        raise UsageError(
            f"no function {function!r} in {assignment.rubric.file}{did_you_mean(function, names)}; "
            f"there are: {', '.join(names)}"
        )
    plan = make_plan(assignment, seed)
    shown = [planned for planned in plan.functions if function in ("", planned.function.name)]
    previews = tuple(_preview_function(planned, plan) for planned in shown)
    return Preview(assignment.rubric.file, assignment.rubric.title, plan.seed, previews)


def _preview_function(planned: PlannedFunction, plan: Plan) -> FunctionPreview:
    again = plan_one(plan.assignment, planned.function, plan.seed + 1)
    catching = _find_catching(planned, plan)
    checks = zip(planned.checks, again.functions[0].checks, strict=True)
    return FunctionPreview(
        planned.function,
        tuple(_preview_check(item, plan, other, again, catching) for item, other in checks),
    )


def _find_catching(planned: PlannedFunction, plan: Plan) -> dict[str, tuple[str, ...]]:
    """The titles of the checks with points that each known mistake loses."""
    mistakes = plan.assignment.reference.of("mistake", planned.function.name)
    return {
        variant.name: find_catching_checks(planned, plan, run_all(planned, with_variant(plan, variant)))[1]
        for variant in mistakes
    }


def _preview_check(
    item: PlannedCheck, plan: Plan, other: PlannedCheck, again: Plan, catching: dict[str, tuple[str, ...]]
) -> CheckPreview:
    check = item.check
    return CheckPreview(
        check,
        item.kind.describe(check),
        tuple(question.situation.label for question in item.questions) if item.kind.runs_code else (),
        tuple(_examples(item, plan, other, again)) if item.kind.runs_code else (),
        tuple(name for name, titles in catching.items() if check.title in titles),
        tuple(name for name, titles in catching.items() if check.title not in titles),
    )


# -- examples ------------------------------------------------------------------------------------------------------


def _examples(item: PlannedCheck, plan: Plan, other: PlannedCheck, again: Plan) -> Iterator[Example]:
    """The first questions; of a check with a single one, which draws, the same of another draw too."""
    pairs = [(question, plan) for question in item.questions]
    if len(pairs) < SHOWN and not item.check.cases:
        pairs += [(question, again) for question in other.questions]
    for question, of in pairs[:SHOWN]:
        situation = question.situation
        inputs = {name: situation.names[name] for name in (*situation.arguments, *question.check.draw)}
        yield Example(situation.label, inputs, tuple(_due(question, of)))


def _due(question: Question, plan: Plan) -> Iterator[Due]:
    kind, measure = kind_of(question.check), question.check.measure
    if not kind.compares_result or measure.expect is not None:
        return
    truth, leaves = plan.truths.of(question), asked_leaves(question)
    for leaf, value in zip(leaves, (truth,) if len(leaves) == 1 else truth, strict=True):
        yield Due(leaf.name, value, _right(question, leaf, value))


def _right(question: Question, leaf: Result, truth: Any) -> str:
    """How far off an entry may be, from the strictest to the kindest one; empty for what is right or wrong as it is."""
    if isinstance(truth, (bool, np.bool_)) or not isinstance(truth, (int, float, np.number, np.ndarray)):
        return ""
    array = np.asarray(truth)
    if array.dtype.kind not in "iufc" or not array.size:
        return ""
    tolerance = choose_tolerance(leaf, question.check.measure)
    allowed = allowance(array, tolerance.relative, tolerance.scale)
    lowest, highest = float(np.min(allowed)), float(np.max(allowed))
    return f"{lowest:.2g}" if f"{lowest:.2g}" == f"{highest:.2g}" else f"{lowest:.2g} to {highest:.2g}, by the entry"
