"""Which known mistake explains a wrong answer: named only where the answers leave no doubt.

A mistake is named where it foresees every single outcome, the right ones too, and no other mistake does. Otherwise
nothing is said: a wrong name teaches worse than none, and "always true" commits all that "the first entry only" does. A
question that was not asked, or not answered, is evidence against every mistake: silence earns nothing.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import partial
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np

from grader.checks import value as values
from grader.checks.kinds import answer_here, kind_of
from grader.checks.leaves import LackingError, take
from grader.checks.question import Answer, Question
from grader.checks.results import as_number, read_answer, right_shapes
from grader.checks.unchanged import is_same
from grader.grading.answers import Answers
from grader.grading.carry_forward import CarriedRun
from grader.grading.score import Diagnosis
from grader.numeric.agreement import Tolerance, agrees
from grader.numeric.equivalence import canonical_form
from grader.plan.assignment import Assignment
from grader.plan.plan import Plan, PlannedFunction, Truths
from grader.reference import Variant
from grader.rubric.model import Result
from grader.worker.shared.steps import Call, Outcome, Raised, Returned, Skipped, Step
from grader.worker.shared.tables import Table

#: A student's own arithmetic may differ from the mistake's in the last digits, not in the sixth.
CLOSE = Tolerance(relative=1e-6, float32=2e-4)

#: For each plan, by the one object that it alone has.
_KNOWN: WeakKeyDictionary[Truths, _Mistakes] = WeakKeyDictionary()
AnyFunction = Callable[..., Any]


class _Asked:
    """Questions, and what was answered to each in the form in which mistakes are held against it: made when needed."""

    def __init__(self, questions: Sequence[Question], answer: Callable[[Question], Answer]) -> None:
        self.questions = questions
        self._answer = answer
        self._made: dict[int, Answer] = {}

    def answer_to(self, question: Question) -> Answer:
        """The same one each time."""
        if id(question) not in self._made:
            self._made[id(question)] = _all_as_promised(question, self._answer(question))
        return self._made[id(question)]


def diagnose(
    plan: Plan, lost: frozenset[str], answers: Answers, carried: Mapping[str, CarriedRun]
) -> dict[str, Diagnosis]:
    """The mistake that explains each of the functions that lost points, where one does.

    Where broken helpers were replaced, the answers with right ones count: they show the function's own mistake.
    """
    known = _KNOWN.setdefault(plan.truths, _Mistakes(plan.assignment))
    found: dict[str, Diagnosis] = {}
    for planned in plan.functions:
        name = planned.function.name
        run = carried[name].answers if name in carried else answers
        if name in lost and (diagnosis := known.diagnose(planned, run)) is not None:
            found[name] = diagnosis
    return found


def find_explaining(plan: Plan, planned: PlannedFunction, answers: Answers) -> list[Variant]:
    """Every mistake that explains a function's answers; one is named only where it is the only one."""
    return _KNOWN.setdefault(plan.truths, _Mistakes(plan.assignment)).find_explaining(planned, answers)


class _Mistakes:
    """What each known mistake answers to a plan's questions: run once per class, and only when first needed."""

    def __init__(self, assignment: Assignment) -> None:
        self.rubric = assignment.rubric
        self.reference = assignment.reference
        self._answers: dict[tuple[int, int], Answer] = {}
        self._wrong: dict[tuple[int, int], bool] = {}
        self._earns: dict[int, bool] = {}
        self._telling: dict[int, Question] = {}  # by the mistake: the question that ruled it out when last it was

    def diagnose(self, planned: PlannedFunction, answers: Answers) -> Diagnosis | None:
        """The one mistake that explains a function's answers, or None where none does, or more than one."""
        explaining = self.find_explaining(planned, answers)
        if len(explaining) != 1:
            return None
        (found,) = explaining
        earned = self._is_earned(found, planned)
        return Diagnosis(found, found.credit if earned else Fraction(0), not earned)

    def find_explaining(self, planned: PlannedFunction, answers: Answers) -> list[Variant]:
        """The mistakes that explain a function's answers."""
        questions = tuple(_questions(planned))
        if not all(map(answers.has_value_of, questions)):
            return []
        given = {id(q): answer for q in questions if (answer := answers.of(q)) is not None}
        if questions and all(_is_silent(question, given[id(question)].outcomes) for question in questions):
            return []  # no answer at all agrees with every mistake that says no
        asked = _Asked(questions, lambda question: given[id(question)])
        variants = [v for v in self.reference.of("mistake", planned.function.name) if self._is_heard(v)]
        return [variant for variant in variants if self._explains(variant, asked)]

    def _is_heard(self, variant: Variant) -> bool:
        return "all" not in self.rubric.mute and variant.name not in self.rubric.mute

    def _explains(self, variant: Variant, asked: _Asked) -> bool:
        """Whether the mistake foresees every outcome, and differs from the reference in at least one."""
        telling = self._telling.get(id(variant))  # most mistakes are ruled out by the same question for every student
        first = [question for question in asked.questions if question is telling]
        for question in (*first, *asked.questions):
            if not self._foresees(variant, question, asked.answer_to(question)):
                self._telling[id(variant)] = question
                return False
        return any(self._is_wrong(variant, question) for question in asked.questions)

    def _foresees(self, variant: Variant, question: Question, answer: Answer) -> bool:
        """Whether the mistake foresees this answer."""
        mistaken = self._of(variant, question)
        if kind_of(question.check).converse is not None:
            return _foresees_all(mistaken, answer)
        wrong, theirs = mistaken.outcomes, answer.outcomes
        if question.check.measure.expect is not None:
            ends_alike = all(_is_same_ending(a, b, None) for a, b in zip(wrong, theirs, strict=True))
            return ends_alike and _is_expected(question, wrong) is _is_expected(question, theirs)
        return all(map(partial(_is_alike, question), question.steps, wrong, theirs))

    def _is_wrong(self, variant: Variant, question: Question) -> bool:
        """Whether the mistake differs from the reference here."""
        key = (id(variant), id(question))
        if key not in self._wrong:
            self._wrong[key] = _differs(question, self._of(variant, question), self._of(None, question))
        return self._wrong[key]

    def _of(self, variant: Variant | None, question: Question) -> Answer:
        key = (id(variant), id(question))
        if key not in self._answers:
            answer = _run(question, self.reference.functions, None if variant is None else variant.call)
            if kind_of(question.check).converse is None:
                answer = Answer(tuple(map(partial(as_promised, question), question.steps, answer.outcomes)))
            self._answers[key] = answer
        return self._answers[key]

    def _is_earned(self, variant: Variant, planned: PlannedFunction) -> bool:
        """Whether nothing trivial commits the same mistake: what takes no thought earns nothing."""
        if id(variant) not in self._earns:
            functions = self.reference.functions
            asked = tuple(_questions(planned))
            self._earns[id(variant)] = not any(
                self._explains(variant, _Asked(asked, partial(_run, functions=functions, call=trivial)))
                for trivial in _TRIVIAL
            )
        return self._earns[id(variant)]


def _differs(question: Question, mistaken: Answer, right: Answer) -> bool:
    if kind_of(question.check).converse is not None:
        return not _foresees_all(mistaken, right)
    if question.check.measure.expect is not None:
        return not _is_expected(question, mistaken.outcomes)
    return not all(map(partial(_is_alike, question), question.steps, right.outcomes, mistaken.outcomes))


def _is_alike(question: Question, step: Step, a: Outcome, b: Outcome) -> bool:
    """Whether two outcomes of a step are the same to what the check looks at."""
    if kind_of(question.check).ignores_results and isinstance(step, Call):
        return _is_same_ending(a, b, None)
    return agree(a, b, _scale(question))


def _foresees_all(mistaken: Answer, theirs: Answer) -> bool:
    """Whether the calls of a check in Python had these outcomes, each of them, and it found the same in the end."""
    alike = len(mistaken.outcomes) == len(theirs.outcomes) and all(map(agree, mistaken.outcomes, theirs.outcomes))
    return alike and _reason(mistaken) == _reason(theirs)


def _reason(answer: Answer) -> str:
    return "" if answer.finding is None else answer.finding.reason


def _is_silent(question: Question, outcomes: Sequence[Outcome]) -> bool:
    # Of the function itself: what is called on the way to an object tells nothing, whatever becomes of it.
    if question.check.after is not None:  # what the call leaves behind is its answer
        return False
    asked = zip(question.steps, outcomes, strict=False)
    calls = [got for step, got in asked if isinstance(step, Call) and step.function == question.function.name]
    if not calls or any(not isinstance(got, Returned) or got.value is not None for got in calls):
        return False
    last = outcomes[-1]  # of `f(x)[0]` the call itself stays in the child, and its entry comes back
    if kind_of(question.check).compares_result and isinstance(last, Returned) and last.value is not None:
        return False
    says = question.function.parts[0].words is not None and any(isinstance(c, Returned) and c.printed for c in calls)
    return not says


def _questions(planned: PlannedFunction) -> Iterator[Question]:
    for check in planned.checks:
        yield from check.questions


def _run(question: Question, functions: Mapping[str, AnyFunction], call: AnyFunction | None) -> Answer:
    root = question.function.root
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return answer_here(question, functions if call is None else {**functions, root: call})


def _all_as_promised(question: Question, answer: Answer) -> Answer:
    """The answer as mistakes are held against it; a check that judges its answers itself gets them as they are."""
    if kind_of(question.check).converse is not None or question.check.measure.expect is not None:
        return answer
    return Answer(tuple(map(partial(as_promised, question), question.steps, answer.outcomes)))


def as_promised(question: Question, step: Step, outcome: Outcome) -> Outcome:
    """The outcome of a call in one of the forms that the contract allows: (1, P) and (P,) may both be right."""
    if not (isinstance(outcome, Returned) and isinstance(step, Call) and step.function == question.function.name):
        return outcome
    parts, value = question.function.parts, outcome.value
    if len(parts) == 1:
        said = read_answer(outcome.printed, parts[0].words, parts[0].kind) if parts[0].words is not None else None
        return Returned(_in_one_form(parts[0], value if said is None else said, question))
    try:
        return Returned(tuple(_in_one_form(part, take(question, part, value), question) for part in parts))
    except LackingError:
        return outcome


def _in_one_form(part: Result, value: Any, question: Question) -> Any:
    if part.kind == "truth":
        return bool(value) if value is None or isinstance(value, (bool, np.bool_, int, float, str)) else value
    if part.kind == "number":
        number = as_number(value)
        return value if number is None else float(number.reshape(())[()])
    if not isinstance(value, _NUMBERS):
        return value
    array = np.asarray(value)
    shapes = right_shapes(part, question.situation, array)
    if part.shapes and array.shape in shapes:
        array = array.reshape(shapes[0])
    return canonical_form(array, part.up_to) if part.up_to else array


def _is_expected(question: Question, outcomes: tuple[Outcome, ...]) -> bool:
    """Whether a value lies where the check expects it: there right answers differ, by what guards a logarithm, say."""
    return values.judge(question, None, Answer(outcomes)).passed


def _is_same_ending(a: Outcome, b: Outcome, _: float | None) -> bool:
    """Whether both gave a value, or neither: where a check looks at arguments, results are other checks' affair."""
    return agree(a, b) or (isinstance(a, Returned) and isinstance(b, Returned))


def _scale(question: Question) -> float | None:
    """What differences are measured against, as the check itself does; None: the largest entry."""
    scales = [question.check.measure.scale, *(part.scale for part in question.function.parts)]
    return next((scale for scale in scales if scale is not None), None)


def agree(a: Outcome, b: Outcome, scale: float | None = None) -> bool:
    """Whether both gave the same value (in shape, finiteness, and to a millionth), or none for the same reason."""
    if isinstance(a, Returned) and isinstance(b, Returned):
        return _is_same(a.value, b.value, scale)
    if isinstance(a, Raised) and isinstance(b, Raised):
        return a.type == b.type
    return isinstance(a, Skipped) and isinstance(b, Skipped)


def _is_same(a: Any, b: Any, scale: float | None) -> bool:
    if isinstance(a, (tuple, list)) and isinstance(b, (tuple, list)):
        return len(a) == len(b) and all(_is_same(x, y, scale) for x, y in zip(a, b, strict=True))
    if isinstance(a, Table) and isinstance(b, Table):
        return a.form == b.form and _is_same(list(a.parts.values()), list(b.parts.values()), scale)
    if isinstance(a, _NUMBERS) and isinstance(b, _NUMBERS):
        return _is_close(np.asarray(a), np.asarray(b), scale)
    return is_same(a, b)


_NUMBERS = (np.ndarray, np.generic, int, float)


def _is_close(a: Any, b: Any, scale: float | None) -> bool:
    if a.shape != b.shape or a.dtype.kind not in "biufc" or b.dtype.kind not in "biufc":
        return False
    if a.dtype == b.dtype and a.tobytes() == b.tobytes():  # as most answers are that a mistake foresees
        return True
    tolerance = Tolerance(CLOSE.relative, CLOSE.float32, scale)
    if agrees(b, a, tolerance):
        return True
    unknown = np.isnan(a)
    if not unknown.any() or not np.array_equal(unknown, np.isnan(b)):
        return False
    return agrees(b[~unknown], a[~unknown], tolerance)


def _zeros(*args: Any) -> Any:
    return np.zeros_like(args[0])


def _ones(*args: Any) -> Any:
    return np.ones_like(args[0])


def _first(*args: Any) -> Any:
    return args[0]


def _last(*args: Any) -> Any:
    return args[-1]


_TRIVIAL: tuple[AnyFunction, ...] = (_zeros, _ones, _first, _last, lambda *_: None, lambda *_: True, lambda *_: 0.0)
