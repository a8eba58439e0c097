"""Truths that are rounding noise: they move as far as a right answer may be off, where their inputs hardly move."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from msgspec.structs import replace

from grader.authoring.sections import Section
from grader.checks.kinds import kind_of
from grader.checks.leaves import LackingError, asked_leaves, select_part
from grader.checks.question import Question, reference_result
from grader.checks.results import choose_tolerance
from grader.errors import GradeError
from grader.numeric.agreement import SCALE_OF_ZERO
from grader.plan.plan import Plan, all_questions
from grader.rubric.model import Result
from grader.worker.shared.steps import Value


def noise_section(plan: Plan) -> Section:
    """Whether every truth holds still when each input moves by its last digit. Whole numbers, truths and text jump."""
    said: list[str] = []
    steady = jumping = 0
    for question in all_questions(plan):
        kind = kind_of(question.check)
        if question.check.measure.expect is not None or not (kind.asks_values and kind.compares_result):
            continue
        moved = list(_moving(question, plan))
        jumping += None in moved
        found = [text for text in moved if text]
        steady += not found and None not in moved
        said += found
    more = f"; {jumping} that jump (whole numbers, truths, text) are not asked" if jumping else ""
    return Section("rounding", f"{steady} truths hold still when inputs move by their last digit{more}", tuple(said))


def _moving(question: Question, plan: Plan) -> Iterator[str | None]:
    """For each leaf of a truth: what is wrong with it, "" for nothing, None where it can only jump."""
    nudged = _nudge(question)
    truth = plan.truths.of(question)
    try:
        result = select_part(nudged, reference_result(nudged, plan.assignment.reference.functions))
    except (GradeError, LackingError):  # it stops where it stood on an edge
        return
    leaves = asked_leaves(question)
    pairs = ((truth,), (result,)) if len(leaves) == 1 else (truth, result)
    for leaf, want, got in zip(leaves, *pairs, strict=True):
        yield _judge_motion(question, leaf, want, got)


def _judge_motion(question: Question, leaf: Result, want: Value, got: Value) -> str | None:
    if leaf.kind not in ("array", "number") or not _is_continuous(want):
        return None
    before, after = np.asarray(want, dtype=np.float64), np.asarray(got, dtype=np.float64)
    if before.shape != after.shape:
        return None
    tolerance = choose_tolerance(leaf, question.check.measure)
    largest = float(np.max(np.abs(before), initial=0.0, where=np.isfinite(before)))
    scale = tolerance.scale if tolerance.scale is not None else largest or SCALE_OF_ZERO
    off = np.abs(after - before)[np.isfinite(before) & np.isfinite(after)]
    allowed = (tolerance.relative * (np.abs(before) + scale))[np.isfinite(before) & np.isfinite(after)]
    if not bool(np.any(off > allowed)):
        return ""
    where = f"{question.function.name}: {question.check.title}, {question.situation.label}"
    of = f" of {leaf.name}" if leaf.name else ""
    return (
        f"{where}: the truth{of} (at most {largest:.2g}) moves by {float(off.max()):.2g} where inputs move by their "
        "last digit: it is rounding; say scale:, or draw inputs on which it is larger"
    )


def _is_continuous(value: Value) -> bool:
    """Whether a truth has numbers that aren't all whole."""
    array = np.asarray(value)
    return array.dtype.kind == "f" and not bool(np.all(array == np.round(array)))


def _nudge(question: Question) -> Question:
    """The question with every input of floats moved by its last digit, up or down."""
    generator, names = np.random.default_rng(0), dict(question.situation.names)
    for name in question.situation.arguments:
        names[name] = _move(names[name], generator)
    return replace(question, situation=replace(question.situation, names=names))


def _move(value: Any, generator: np.random.Generator) -> Any:
    if type(value) in (list, tuple):
        return type(value)(_move(item, generator) for item in value)
    if type(value) is dict:
        return {key: _move(item, generator) for key, item in value.items()}
    array = np.asarray(value) if isinstance(value, (float, np.ndarray, np.floating)) else np.zeros(0, dtype=int)
    if array.dtype.kind != "f":
        return value
    moved = np.nextafter(array, np.where(generator.random(array.shape) < 0.5, -np.inf, np.inf).astype(array.dtype))
    moved = np.where(array == 0.0, array, moved)  # the last digit of a zero is none
    return moved if isinstance(value, np.ndarray) else float(moved)
