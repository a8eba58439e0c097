"""Where a function stood that took too long or too much memory: the lines that it went round, or the last one.

It is called once more on fresh inputs, in a child that never got a hidden one, and given a number of steps in place of
seconds. What the child tells only explains, and earns nothing: code may well meddle with it, and then nothing is said.
"""

from __future__ import annotations

import inspect
from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple

from msgspec.structs import replace

from grader.feedback.counterexamples import fresh_inputs
from grader.feedback.lines import rounds_call
from grader.feedback.lines.watched import ask_watched, student_steps, watched
from grader.grading.graded import GradedSubmission
from grader.grading.grades import FunctionGrade, StoodAt
from grader.sandbox.sandbox import MAX_LINE
from grader.verdict import Verdict
from grader.worker.shared.steps import Stub

#: Processor seconds of a call: where one statement takes for ever, no step is counted.
CALL_SECONDS = 0.3
#: Functions that are asked, on so many inputs.
MOST_FUNCTIONS, MOST_INPUTS = 2, 2
_STUB = Stub(inspect.getsource(rounds_call), "watch", {})
_STOPS = (Verdict.TIMEOUT, Verdict.MEMORY)


class _Told(NamedTuple):
    """How a call ended, and its last lines."""

    how: str
    lines: list[tuple[str, int]]


def with_places(student: GradedSubmission, functions: Sequence[FunctionGrade]) -> list[FunctionGrade]:
    """The grades, with where each of the first functions stood that were stopped.

    A call that tells nothing is the last one: it took all of its time, and so would the next.
    """
    found: dict[str, StoodAt | None] = {}
    for each in [each for each in functions if _is_stopped(each)][:MOST_FUNCTIONS]:
        told = _ask(student, each)
        if told is None:
            break
        found[each.name] = _place(student, each.name, told)
    return [replace(each, stood_at=found.get(each.name)) for each in functions]


def _is_stopped(grade: FunctionGrade) -> bool:
    return any(check.verdict in _STOPS for check in grade.checks)


def _ask(student: GradedSubmission, grade: FunctionGrade) -> _Told | None:
    """What is told of the first fresh input on which a function doesn't come to an end; None where nothing is told."""
    modules = student.extraction.modules
    wrong = tuple(replace(check, verdict=Verdict.FAILED) for check in grade.checks)  # of these there are fresh inputs
    told = None
    for fresh in fresh_inputs(student.plan, replace(grade, checks=wrong), 1)[:MOST_INPUTS]:
        steps = watched(student_steps(fresh.question, student.extraction), grade.name, _STUB, list(modules))
        (answer,) = ask_watched(student, grade.name, [(fresh.question, steps)], CALL_SECONDS) if steps else (None,)
        told = _read(answer)
        if told is None or told.how != "ended":
            break
    return told


def _read(told: Any) -> _Told | None:
    """What a child told, which may be anything."""
    if not isinstance(told, list) or not told or told[0] not in ("enough", "memory", "ended"):
        return None
    pairs = [tuple(each) for each in told[1:] if isinstance(each, list) and list(map(type, each)) == [str, int]]
    lines = [(module, line) for module, line in pairs if 0 < line < MAX_LINE]
    return _Told(told[0], lines[-rounds_call.MOST_TOLD :])


def _place(student: GradedSubmission, name: str, told: _Told) -> StoodAt | None:
    """The last line, and those that ran again and again by then, by their numbers in the function's file or cell."""
    extraction = student.extraction
    if told.how == "ended" or not told.lines or any(module not in extraction.modules for module, _ in told.lines):
        return None
    where = extraction.place(*told.lines[-1])
    if told.how == "memory":
        return StoodAt(where, ())
    module, layout = extraction.entries[name][0], extraction.layouts.get(extraction.entries[name][0])
    again = sorted(line for (each, line), times in Counter(told.lines).items() if times > 1 and each == module)
    return StoodAt(where, tuple(layout.number(line) for line in again) if layout else tuple(again))
