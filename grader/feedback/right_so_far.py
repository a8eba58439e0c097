"""The last values that were right: the variables of a wrong function that hold what the reference goes through.

One call is looked at, on a fresh input on which the function fails, in a child that never got a hidden input: line by
line, what its variables hold. That is held, on this side, against what the reference's own variables hold on this
input, and against the `steps:` of the rubric. What agrees with nothing isn't mentioned: it may be another way. A report
says the student's own names and lines, and no value.
"""

from __future__ import annotations

import inspect
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from msgspec.structs import replace

from grader.checks.kinds import kind_of
from grader.checks.leaves import asked_leaves, block_shapes, stacked
from grader.checks.question import Question
from grader.feedback import traced_call
from grader.feedback.counterexamples import DRAWS, first_failing, fresh_inputs
from grader.feedback.lines.watched import ask_watched, student_steps, watched
from grader.feedback.patterns import BATCH, COINCIDING, ONE_EXAMPLE
from grader.feedback.smallest_change import has_own_fault
from grader.feedback.value_patterns import is_way_of_differing
from grader.grading.graded import FurtherSearch, GradedSubmission
from grader.grading.grades import FunctionGrade, RightValue
from grader.inputs.draws import evaluate_argument
from grader.numeric.agreement import Tolerance, compare
from grader.plan.plan import OWN_CONVENTION, Plan, Truths
from grader.rubric.model import RequiredFunction
from grader.sandbox.sandbox import MAX_LINE
from grader.worker.shared.interpreter import run_here
from grader.worker.shared.steps import Returned, Step, Stub

Floats = npt.NDArray[np.float64]

#: Processor seconds for the call; what lies further back than so many values isn't said.
CALL_SECONDS, MOST_SAID = 2.0, 12
#: Other inputs on which the reference is watched, those of the same sizes first: what is the same there is a constant.
MOST_OTHERS = 4
#: What two ways to compute one value may differ by. Numbers are many, so that less exact ones agree by chance.
_TOLERANCE = Tolerance(relative=1e-7)
_MOST_LETTERS = 60
_STUB = Stub(inspect.getsource(traced_call), "trace", {})


class _Note(NamedTuple):
    """What a variable held after a line."""

    module: str
    function: str
    line: int
    name: str
    value: Floats


def with_right_values(
    student: GradedSubmission, functions: Sequence[FunctionGrade], search: FurtherSearch
) -> list[FunctionGrade]:
    """The grades, with what was right on the way for each function that lost points by values of its own."""
    return [
        replace(each, right_so_far=_told(find_right_values(student, each), search))
        if _is_looked_at(each, search)
        else each
        for each in functions
    ]


def _told(values: Sequence[RightValue], search: FurtherSearch) -> tuple[RightValue, ...]:
    """The last of them. Who didn't ask is told of the very values alone: a factor, or a sign, may be the mistake."""
    told = [each for each in values if each.is_same or search.list_changes is not None]
    return tuple(told[-MOST_SAID:])


def _is_looked_at(grade: FunctionGrade, search: FurtherSearch) -> bool:
    named = [mistake for mistake in grade.mistakes if not (search.with_seen and _leaves_open(mistake.name))]
    is_open = search.with_named or not named
    return is_open and search.only in ("", grade.name) and has_own_fault(grade)


def _leaves_open(mistake: str) -> bool:
    """Whether a name says which numbers are wrong, and not where these come from."""
    return is_way_of_differing(mistake) or mistake.startswith((ONE_EXAMPLE.name, BATCH.name, COINCIDING.name))


def find_right_values(student: GradedSubmission, grade: FunctionGrade) -> tuple[RightValue, ...]:
    """The variables of a wrong function that held right values, in the order in which they got them.

    They are looked at in one call, on the simplest fresh input on which the function fails. None of them where there
    is no such input, or where nothing of it agrees.
    """
    planned = next(each for each in student.plan.functions if each.function.name == grade.name)
    drawn = [] if planned.function.is_variable else [each.question for each in fresh_inputs(student.plan, grade, DRAWS)]
    question = _failing_question(student, grade, drawn) if drawn else None
    if question is None or not kind_of(question.check).compares_result:  # then its results are right
        return ()
    taken = student_steps(question, student.extraction)
    if not (steps := watched(taken, grade.name, _STUB, list(student.extraction.modules), False)):
        return ()
    truths, others = _RightValues(student.plan, grade, question, drawn), _others(student, grade.name)
    notes = _watch(student, grade.name, question, steps)
    wrong = [each.value for each in notes if not each.line and not truths.has_result(each.value)]
    own = (each for each in notes if each.line and each.function not in others and each.name.strip("_"))
    right = [note for note in own if truths.has(note.value) and not _is_among(note.value, wrong)]
    places: dict[tuple[str, str], bool] = {}
    for note in right:
        place = (note.name, student.extraction.place(note.module, note.line))
        places[place] = places.get(place, True) and truths.has_same(note.value)
    return tuple(RightValue(*place, is_same) for place, is_same in places.items())


def _failing_question(student: GradedSubmission, grade: FunctionGrade, drawn: Sequence[Question]) -> Question | None:
    """One that the function answers wrong: that of its counterexample, where there is one."""
    shown = [witness.details.inputs for witness in grade.witnesses]
    known = next((question for question in drawn if question.inputs_shown in shown), None)
    return known if known is not None else first_failing(student, grade)


def values_of_steps(function: RequiredFunction, names: Mapping[str, Any]) -> dict[str, Any]:
    """What a rubric's `steps:` give on an input, each by the name that it has there.

    Raises:
        RubricError: an expression fails.
    """
    known, found = dict(names), {}
    for name, given in function.steps.items():
        known[name] = found[name] = evaluate_argument(given, known)
    return found


# -- the student's call --------------------------------------------------------------------------------------------


def _others(student: GradedSubmission, name: str) -> frozenset[str]:
    """The names of other required functions: what their variables hold is no step of this one."""
    entries = student.extraction.entries
    others = {found.rpartition(".")[2] for each, (_, found) in entries.items() if each != name}
    return frozenset(others - {entries[name][1].rpartition(".")[2]})


def _watch(student: GradedSubmission, name: str, question: Question, steps: tuple[Step, ...]) -> list[_Note]:
    """What the student's variables held, as their child tells it."""
    modules = student.extraction.modules
    (told,) = ask_watched(student, name, [(question, steps)], CALL_SECONDS)
    return [note for note in _read(told) if note.module in modules or not note.line]


def _read(told: Any) -> list[_Note]:
    """The notes in what a child told, which may be anything."""
    notes = []
    for each in told if isinstance(told, list) else ():
        if not isinstance(each, list) or len(each) != 5:
            continue
        module, function, line, name, value = each
        texts = all(type(text) is str and len(text) <= _MOST_LETTERS for text in (function, name))
        if type(module) is not str or not texts or not name.isidentifier():
            continue
        if type(line) is int and 0 <= line < MAX_LINE and (array := _as_array(value)) is not None:
            notes.append(_Note(module, function, line, name, array))
    return notes


def _as_array(value: Any) -> Floats | None:
    """A finite number, or an array of them, as an array; None for all else."""
    if type(value) in (bool, str, bytes) or not isinstance(value, (int, float, np.generic, np.ndarray)):
        return None
    array = np.asarray(value)
    if array.dtype.kind not in "iuf" or not array.size or not np.isfinite(array).all():
        return None
    return array.astype(np.float64)


# -- what is right -------------------------------------------------------------------------------------------------


class _RightValues:
    """The values that the reference goes through on an input, without those that say nothing."""

    def __init__(self, plan: Plan, grade: FunctionGrade, question: Question, drawn: Sequence[Question]) -> None:
        self._name = grade.name
        self._functions = plan.truths.functions_under(grade.convention or OWN_CONVENTION)
        self._arguments = list(_arrays_in(question.situation.values))
        self._factors = _factors(self._arguments)
        truth = Truths(plan.assignment).of(question, grade.convention or OWN_CONVENTION)
        self._results = [*_arrays_in(truth), *_blocks_in(question, truth)]
        same_for_all = self._on_others(question, drawn)
        self._steps = [v for v in self._on(question) if not _is_among(v, same_for_all)]

    def _on_others(self, question: Question, drawn: Sequence[Question]) -> list[Floats]:
        """What it goes through on other inputs: what is the same there is a constant."""
        others = [each for each in drawn if each.inputs_shown != question.inputs_shown]
        alike = [each for each in others if _sizes(each) == _sizes(question)]
        return [value for each in [*alike, *others][:MOST_OTHERS] for value in self._on(each)]

    def _on(self, question: Question) -> list[Floats]:
        modules = {function.__module__ for function in self._functions.values()}
        steps = watched(question.steps, self._name, _STUB, sorted(modules), True)
        with np.errstate(all="ignore"):
            (*_, last) = run_here(steps, self._functions)
        told = [note.value for note in _read(last.value if isinstance(last, Returned) else None) if note.line]
        return told + list(_arrays_in(values_of_steps(question.function, question.situation.names)))

    def has_result(self, value: Floats) -> bool:
        """Whether a value is a right result, or a named part of one."""
        return any(_is_flat(value, each) for each in self._results)

    def has_same(self, value: Floats) -> bool:
        """Whether a value is one of them as it stands."""
        return _is_among(value, self._steps) or self.has_result(value)

    def has(self, value: Floats) -> bool:
        """Whether a value is one of them, and says something."""
        if _is_trivial(value) or any(_is_reshaped(value, each) for each in self._arguments):
            return False
        if self.has_same(value):
            return True
        # A result with another sign is wrong; a value on the way may be meant so.
        if any(_agrees(value, each, self._factors) for each in self._results):
            return False
        return any(_agrees(value, each, self._factors) for each in self._steps)


def _sizes(question: Question) -> list[tuple[int, ...]]:
    return [array.shape for array in _arrays_in(question.situation.values)]


def _arrays_in(value: Any) -> Iterator[Floats]:
    """All numbers and arrays in nested results or arguments."""
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, (list, tuple)):
        for each in value:
            yield from _arrays_in(each)
    elif (array := _as_array(value)) is not None:
        yield array


def _blocks_in(question: Question, truth: Any) -> Iterator[Floats]:
    """The named parts of results that are right."""
    if not kind_of(question.check).compares_result or question.check.measure.expect is not None:
        return
    leaves = asked_leaves(question)
    for leaf, value in zip(leaves, (truth,) if len(leaves) == 1 else truth, strict=True):
        if leaf.blocks and (array := _as_array(value)) is not None:
            ends = np.cumsum([math.prod(shape) for shape in block_shapes(leaf, question.situation)])[:-1]
            yield from np.split(stacked(array, leaf.in_columns), ends)


def _factors(arguments: Sequence[Floats]) -> list[float]:
    """The sides of the arguments, by which a sum and a mean differ, and their inverses."""
    sides = sorted({side for array in arguments for side in (*array.shape, array.size) if side > 1})
    return [1.0, *(float(side) for side in sides), *(1.0 / side for side in sides)]


def _is_trivial(value: Floats) -> bool:
    """Whether many have it: a whole number, one number everywhere, the numbers of rows."""
    flat = value.ravel()
    if flat.size == 1:
        return bool(flat[0] == np.round(flat[0]))
    return bool(np.all(flat == flat[0])) or bool(np.array_equal(flat - flat[0], np.arange(flat.size)))


def _is_among(value: Floats, others: Sequence[Floats]) -> bool:
    return any(_is_alike(value, each) for each in others)


def _is_alike(got: Floats, want: Floats) -> bool:
    return got.shape == want.shape and compare(got, want, _TOLERANCE) is None


def _is_flat(got: Floats, want: Floats) -> bool:
    """Whether it has the numbers of the other in their order."""
    return got.size == want.size and compare(got.ravel(), want.ravel(), _TOLERANCE) is None


def _is_reshaped(got: Floats, want: Floats) -> bool:
    """Whether it is the other in any shape, or transposed."""
    if got.size != want.size:
        return False
    return any(compare(each, want.ravel(), _TOLERANCE) is None for each in (got.ravel(), got.T.ravel()))


def _agrees(got: Floats, want: Floats, factors: Sequence[float]) -> bool:
    """Whether two values are the same up to sign, transpose, flattening and a factor."""
    if got.size != want.size:
        return False
    most, due = np.abs(got).max(), np.abs(want).max()
    fitting = (each for each in factors if np.isclose(each * most, due, rtol=1e-6, atol=0.0))
    return any(_is_reshaped(sign * each * got, want) for each in fitting for sign in (1.0, -1.0))
