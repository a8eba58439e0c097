"""Rubric and reference become questions and truths: made once, and nothing that a submission does can change them."""

from __future__ import annotations

import secrets
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property, partial
from typing import Any

import msgspec
import numpy as np

from grader.checks.finding import Finding
from grader.checks.kinds import kind_of
from grader.checks.leaves import check_truth
from grader.checks.question import FunctionsByName, Kind, Question
from grader.inputs.draws import Case, draw_cases, new_each_time
from grader.plan.assignment import Assignment
from grader.plan.backlog import Backlog
from grader.plan.cache import IdentityCache
from grader.plan.intermediates import count_inputs, largest_array
from grader.plan.signatures import add_shorter_signatures
from grader.rubric.check_keys import is_drawn, is_drawn_value
from grader.rubric.expression import quiet
from grader.rubric.model import Check, RequiredFunction, Rubric
from grader.sandbox.sandbox import Message
from grader.worker.shared.interpreter import run_here

#: The name of the reference's own convention.
OWN_CONVENTION = ""

# A class of thousands needs no more memory than one of a hundred.
_MESSAGES = 250
_FINDINGS = 4_000
_RIGHT = 1_000


class PlannedCheck(msgspec.Struct, frozen=True, dict=True):
    """A check and its questions, which are drawn when they are first looked at."""

    check: Check
    draw: Callable[[], tuple[Question, ...]]

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """The same ones each time."""
        return self.draw()

    @property
    def is_drawn(self) -> bool:
        """Whether anybody has looked at its questions."""
        return "questions" in vars(self)

    @cached_property
    def kind(self) -> Kind:
        """The kind of the check."""
        return kind_of(self.check)

    @cached_property
    def has_points(self) -> bool:
        """Whether it has points, or gives advice; the others explain."""
        return bool(self.check.points) or self.kind.advisory

    @cached_property
    def has_drawn_inputs(self) -> bool:
        """Whether it asks for values on inputs that are new each time: also where it waits for others."""
        return self.kind.asks_values and is_drawn(self.check.cases, self.check.given, new_each_time())

    @cached_property
    def is_drawn_value(self) -> bool:
        """Whether it is one of the value checks on which the others of its function wait."""
        return is_drawn_value(self.check, self.kind, new_each_time())


class PlannedFunction(msgspec.Struct, frozen=True):
    """A required function and its checks, in the rubric's order."""

    function: RequiredFunction
    checks: tuple[PlannedCheck, ...]


class Plan(msgspec.Struct, frozen=True, dict=True):
    """All questions of an assignment for one draw, and what is right."""

    assignment: Assignment
    seed: int
    functions: tuple[PlannedFunction, ...]
    truths: Truths
    put_off: Backlog = msgspec.field(default_factory=lambda: Backlog(iter(())))  #: of what makes the plan
    messages: IdentityCache[Message] = msgspec.field(default_factory=lambda: IdentityCache(_MESSAGES))
    findings: IdentityCache[Finding] = msgspec.field(default_factory=lambda: IdentityCache(_FINDINGS))
    right: IdentityCache[Any] = msgspec.field(default_factory=lambda: IdentityCache(_RIGHT))  #: grades of functions

    @property
    def rubric(self) -> Rubric:
        """The rubric that the plan was made from."""
        return self.assignment.rubric


class Truths:
    """What is right for each question, under the reference's own convention and each named one; computed once."""

    def __init__(self, assignment: Assignment) -> None:
        self._functions: Mapping[str, Callable[..., Any]] = assignment.reference.functions
        self._conventions = assignment.reference.of
        self._variants = assignment.reference.variants
        self._known: dict[tuple[int, str], Any] = {}
        self._entries: dict[int, int] = {}
        self._seconds: dict[int, float] = {}

    def conventions(self, function: str) -> tuple[str, ...]:
        """The conventions under which a function may be right, the reference's own first."""
        return (OWN_CONVENTION, *(variant.name for variant in self._conventions("convention", function)))

    def of(self, question: Question, convention: str = OWN_CONVENTION) -> Any:
        """The truth of a question.

        Raises:
            BrokenReference: the reference fails on the question's inputs.
            RubricError: an expression of the check fails.
        """
        if kind_of(question.check).converse is not None:  # which knows nothing of conventions
            convention = OWN_CONVENTION
        key = (id(question), convention)
        if key not in self._known:
            with quiet():
                self._known[key] = kind_of(question.check).truth(question, self.functions_under(convention))
            if question.check.points and convention == OWN_CONVENTION:
                self.check(question, self._known[key])
        return self._known[key]

    def entries(self, question: Question) -> int:
        """How many numbers a question is about: those of its inputs and of the reference's largest array."""
        if kind_of(question.check).converse is not None:
            return int(self.of(question).entries)
        if id(question) not in self._entries:
            self._entries[id(question)] = count_inputs(question.steps) + largest_array(question.steps, self._functions)
        return self._entries[id(question)]

    def seconds_of(self, question: Question) -> float:
        """Processor time that the reference takes for a question, rounded up to a millionth of a second."""
        if kind_of(question.check).converse is not None:
            return float(self.of(question).seconds)
        if id(question) not in self._seconds:
            steps = kind_of(question.check).steps(question)  # as the reference takes them, whatever form was asked in
            started = time.thread_time()
            run_here(steps, self._functions)
            self._seconds[id(question)] = round(time.thread_time() - started, 6) + 1e-6
        return self._seconds[id(question)]

    def functions_under(self, convention: str) -> FunctionsByName:
        """The reference's functions, with those that a convention has in place of its own."""
        if convention == OWN_CONVENTION:
            return self._functions
        # What is agreed on holds for every function that has a convention of this name, as helpers of each other too.
        agreed = (variant for variant in self._variants if (variant.kind, variant.name) == ("convention", convention))
        return {**self._functions, **{variant.function.partition(".")[0]: variant.call for variant in agreed}}

    def check(self, question: Question, truth: Any) -> None:
        """Raises RubricError where the truth of a question is none that an answer could be held against."""
        if kind_of(question.check).compares_result and question.check.measure.expect is None:
            check_truth(question, truth)


def make_plan(assignment: Assignment, seed: int | None = None) -> Plan:
    """Draw the inputs of all checks that have points, and compute what the reference answers.

    Checks without points are asked only once points are lost: they are drawn then, from the same seed.

    Args:
        seed: reproduces a run's draws; without it they are new.

    Raises:
        BrokenReference: the reference fails on an input.
        RubricError: an expression of the rubric fails.
    """
    plan = begin_plan(assignment, seed)
    plan.put_off.finish()
    return plan


def begin_plan(assignment: Assignment, seed: int | None = None) -> Plan:
    """As `make_plan`, with all of the work put off: it fits into the time in which a child is waited for."""
    plan = draw_plan(assignment, secrets.randbits(48) if seed is None else seed)
    return msgspec.structs.replace(plan, put_off=Backlog(_work_on(plan)))


def _work_on(plan: Plan) -> Iterator[None]:
    """Draw the inputs of all checks that have points, and compute their truths, bit by bit."""
    checks = [check for planned in plan.functions for check in planned.checks if check.check.points]
    for check in checks:
        _ = check.questions
        yield
    for question in (question for check in checks for question in check.questions):
        plan.truths.of(question)
        yield


def draw_plan(assignment: Assignment, seed: int) -> Plan:
    """The questions alone: what the reference answers is computed as it is asked for."""
    functions = tuple(_plan_function(assignment, function, seed) for function in assignment.rubric.functions)
    return Plan(assignment, seed, functions, Truths(assignment))


def plan_one(assignment: Assignment, function: RequiredFunction, seed: int) -> Plan:
    """The questions of one function alone; truths are computed as they are asked for."""
    return Plan(assignment, seed, (_plan_function(assignment, function, seed),), Truths(assignment))


def all_questions(plan: Plan) -> Iterator[Question]:
    """Every question of a plan, those of checks without points too."""
    for planned in plan.functions:
        for check in planned.checks:
            yield from check.questions


def _plan_function(assignment: Assignment, function: RequiredFunction, seed: int) -> PlannedFunction:
    function = add_shorter_signatures(function, assignment.reference.functions.get(function.name))
    return PlannedFunction(
        function,
        tuple(PlannedCheck(check, partial(_questions, assignment, function, check, seed)) for check in function.checks),
    )


def _questions(assignment: Assignment, function: RequiredFunction, check: Check, seed: int) -> tuple[Question, ...]:
    with quiet():
        return _draw_questions(assignment, function, check, seed)


def _draw_questions(
    assignment: Assignment, function: RequiredFunction, check: Check, seed: int
) -> tuple[Question, ...]:
    if not kind_of(check).runs_code:
        return (Question(function, check, Case("", {}, ())),)
    if kind_of(check).converse is not None:
        return (Question(function, check, Case("", {"seed": (seed, *_address(function, check))}, ())),)
    drafts = [
        Question(function, check, situation)
        for situation in draw_cases(
            assignment.rubric, function, check, assignment.reference, seed, edges=kind_of(check).asks_values
        )
    ]
    if any(part.kind == "truth" for part in function.parts):  # else the number of the question would be the answer
        drafts = _shuffle(drafts, seed, check)
    return tuple(map(add_steps, drafts))


def _address(function: RequiredFunction, check: Check) -> tuple[int, ...]:
    return tuple(zlib.crc32(text.encode()) for text in (function.name, check.title))


def _shuffle(drafts: list[Question], seed: int, check: Check) -> list[Question]:
    """The first stays, so that what a function keeps of earlier calls shows as such; the others are in any order."""
    order = np.random.default_rng((seed, zlib.crc32(check.title.encode()))).permutation(len(drafts) - 1)
    return [*drafts[:1], *(drafts[1 + i] for i in order)]


def add_steps(question: Question) -> Question:
    """The question with what the child is asked, for each signature or way to call that the function may have."""
    kind, replace = kind_of(question.check), msgspec.structs.replace
    others = [replace(question, signature=other) for other in question.function.signatures[1:]]
    others += [replace(question, way=way) for way in range(1, len(question.calls))]
    return replace(question, steps=kind.steps(question), others=tuple(map(kind.steps, others)))
