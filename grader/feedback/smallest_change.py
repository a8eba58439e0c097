"""The smallest change of a student's own function that makes it right: for functions that nothing else explains.

The changes come from a child in which none of the code has run (`extraction/changes`). They are asked in children that
see no hidden input, many to a child: first the question that the function fails, then all other fresh ones. What is
right by then is held against the checks themselves, and against two more draws, which say no more than yes or no. It
never earns points.
"""

from __future__ import annotations

import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import NamedTuple

from msgspec.structs import replace

from grader.checks.kinds import kind_of
from grader.checks.question import Answer, Question
from grader.errors import AssignmentError, GradeError
from grader.extraction.changes.model import MOST_CHANGES, MOST_LETTERS, Change, Changes
from grader.extraction.model import Extraction, FunctionFacts
from grader.feedback.counterexamples import DRAWS, GradedSubmission, first_failing, fresh_inputs
from grader.grading.allowance import Allowance
from grader.grading.execution import has_points, run_questions
from grader.grading.grades import FunctionGrade, SmallestChange
from grader.grading.judging import judge
from grader.plan.plan import OWN_CONVENTION, Plan, PlannedCheck, PlannedFunction, Truths, plan_one
from grader.verdict import OPEN, Verdict
from grader.worker.shared.steps import Call, Step

#: Seconds that the search may take for one function, and processor seconds of each call.
SEARCH_SECONDS, CALL_SECONDS = 10.0, 0.2
#: Changes that go into one child, and those that are held against the checks themselves.
IN_A_CHILD, MOST_CONFIRMED = 200, 8

#: Tells the changes of a function.
List = Callable[[str], Changes | None]


class _Tried(NamedTuple):
    """Which changes are left, and whether all of them were tried."""

    left: list[Change]
    finished: bool


def with_smallest_changes(
    student: GradedSubmission, functions: Sequence[FunctionGrade], list_changes: List, only: str = ""
) -> list[FunctionGrade]:
    """The grades, with the smallest change for each function that lost points and that nothing explains.

    Args:
        only: the one function that is looked at.
    """
    return [
        replace(each, change=find_change(student, each, list_changes))
        if is_unexplained(each) and only in ("", each.name)
        else each
        for each in functions
    ]


def is_unexplained(grade: FunctionGrade) -> bool:
    """Whether a function ran, lost points by values of its own, and has no name for it."""
    return has_own_fault(grade) and not grade.mistakes


def has_own_fault(grade: FunctionGrade) -> bool:
    """Whether a function ran, and lost points by values of its own."""
    closed = (Verdict.PASSED, Verdict.CARRIED, Verdict.MISSING, Verdict.TIMEOUT, Verdict.MEMORY, *OPEN)
    return grade.verdict not in closed


def find_change(student: GradedSubmission, grade: FunctionGrade, list_changes: List) -> SmallestChange | None:
    """The smallest change after which all checks of a function pass; None where none was found in time."""
    ends = time.monotonic() + SEARCH_SECONDS
    changes = list_changes(grade.name)
    if changes is None or changes.module not in student.extraction.modules:
        return None
    if changes.end - changes.start > MOST_LETTERS:
        return None
    failing = first_failing(student, grade)
    if failing is None:
        return None
    search = _Search(student, grade, changes, ends)
    first = search.keep_right(changes.changes[:MOST_CHANGES], [failing])
    others = [each.question for each in fresh_inputs(student.plan, grade, DRAWS)]
    left = search.keep_right(first.left, others)
    confirmed = [change for change in left.left[:MOST_CONFIRMED] if search.is_confirmed(change)]
    if not confirmed:
        return None
    finished = first.finished and left.finished and len(left.left) <= MOST_CONFIRMED
    agree = len({change.line for change in confirmed}) == 1
    best = confirmed[0]
    place = student.extraction.place(changes.module, best.line)
    return SmallestChange(place, search.diff(best), best.words, finished and agree, best.key)


class _Search:
    """The search for one function."""

    def __init__(self, student: GradedSubmission, grade: FunctionGrade, changes: Changes, ends: float) -> None:
        self.student = student
        self.plan = student.plan
        self.grade = grade
        self.changes = changes
        self.ends = ends
        self.text = student.extraction.modules[changes.module]
        self.planned = next(each for each in self.plan.functions if each.function.name == grade.name)
        self.helpers = student.carried[grade.name].helpers if grade.name in student.carried else ()
        self.truths = Truths(self.plan.assignment)

    # --- without hidden inputs ---

    def keep_right(self, changes: Sequence[Change], questions: Sequence[Question]) -> _Tried:
        """The changes with which all of these questions are answered right, as far as there is time."""
        left: list[Change] = []
        for start in range(0, len(changes), IN_A_CHILD):
            if time.monotonic() > self.ends:
                return _Tried(left, False)
            part = changes[start : start + IN_A_CHILD]
            left += [change for change, right in zip(part, self._ask(part, questions), strict=True) if right]
        return _Tried(left, True)

    def _ask(self, changes: Sequence[Change], questions: Sequence[Question]) -> Iterator[bool]:
        names = [f"{self.grade.name}__{number}" for number in range(len(changes))]
        planned = [self._renamed(name, questions) for name in names]
        plan = Plan(self.plan.assignment, self.plan.seed, tuple(planned), _NoTruths(self.plan.assignment))
        replaced = dict.fromkeys(names, self.helpers) if self.helpers else {}
        extraction = self._with_all(changes, names)
        allowance = _Short(self.plan.rubric.limits)
        answers = run_questions(plan, extraction, self.student.sandbox, lambda *_: True, replaced, allowance)
        for each in planned:
            given = [answers.of(question) for question in each.checks[0].questions]
            yield all(
                answer is not None and self._is_right(question, answer)
                for question, answer in zip(questions, given, strict=True)
            )

    def _is_right(self, question: Question, answer: Answer) -> bool:
        try:
            truth = self.truths.of(question, self.grade.convention or OWN_CONVENTION)
            return kind_of(question.check).judge(question, truth, answer).passed
        except GradeError:
            raise
        except Exception:  # noqa: BLE001 - a change may answer anything
            return False

    def _renamed(self, name: str, questions: Sequence[Question]) -> PlannedFunction:
        """The function of another name, asked these questions."""
        function = replace(self.planned.function, name=name, signatures=self.planned.function.signatures[:1])
        asked = tuple(self._question(question, name) for question in questions)
        check = replace(questions[0].check, visibility="public")
        return PlannedFunction(function, (PlannedCheck(check, partial(tuple, asked)),))

    def _question(self, question: Question, name: str) -> Question:
        taken = self.student.extraction.facts.get(self.grade.name, FunctionFacts()).takes
        signatures = self.planned.function.signatures
        number = taken.first_of([each.passed for each in signatures]) if taken and len(signatures) > 1 else 0
        steps = tuple(_call_another(step, self.grade.name, name) for step in question.steps_for(number))
        function = replace(question.function, name=name, signatures=())
        return replace(question, function=function, steps=steps, others=())

    def _with_all(self, changes: Iterable[Change], names: Sequence[str]) -> Extraction:
        """The submission with a copy of the function for each change, below all else in its module."""
        copies = [self._copy(change, name) for change, name in zip(changes, names, strict=True)]
        module = self.changes.module
        modules = {**self.student.extraction.modules, module: "\n\n\n".join([self.text, *copies]) + "\n"}
        entries = {**self.student.extraction.entries, **{name: (module, name) for name in names}}
        return self.student.extraction._replace(modules=modules, entries=entries)

    def _copy(self, change: Change, name: str) -> str:
        text, found = self.text, self.changes
        head = name + text[found.name_end : change.start]
        return f"{text[found.start : found.name_start]}{head}{change.text}{text[change.end : found.end]}"

    # --- the checks themselves ---

    def is_confirmed(self, change: Change) -> bool:
        """Whether every check passes with it, on this run's draws and on two others."""
        if time.monotonic() > self.ends:
            return False
        modules = {**self.student.extraction.modules, self.changes.module: self._changed(change)}
        extraction = self.student.extraction._replace(modules=modules)
        return all(self._passes(plan, extraction) for plan in self._plans())

    def _plans(self) -> Iterator[Plan]:
        yield replace(self.plan, functions=(self.planned,))
        for number in range(2):
            seed = zlib.crc32(f"change {number} {self.plan.seed}".encode())
            yield plan_one(self.plan.assignment, self.planned.function, seed)

    def _passes(self, plan: Plan, extraction: Extraction) -> bool:
        replaced = {self.grade.name: self.helpers} if self.helpers else {}
        allowance = Allowance(self.plan.rubric.limits)
        try:
            answers = run_questions(plan, extraction, self.student.sandbox, has_points, replaced, allowance)
            (planned,) = plan.functions
            judged = judge(planned, plan, extraction, answers, self.grade.convention or OWN_CONVENTION)
        except AssignmentError:
            return False
        return all(item.passed for item in judged if item.check.points)

    def _changed(self, change: Change) -> str:
        return self.text[: change.start] + change.text + self.text[change.end :]

    def diff(self, change: Change) -> str:
        """The lines that the change touches, as they were and as they would be."""
        first = self.text.rfind("\n", 0, change.start) + 1
        last = self.text.find("\n", change.end)
        rest = self.text[change.end : last if last >= 0 else None]
        before = (self.text[first : change.end] + rest).split("\n")
        after = (self.text[first : change.start] + change.text + rest).split("\n")
        while before and len(after) > 1 and before[-1] == after[-1]:
            before, after = before[:-1], after[:-1]
        return "\n".join([*(f"-{line}" for line in before), *(f"+{line}" for line in after)])


class _Short(Allowance):
    """A fraction of a second for each call: what takes longer isn't the change that is looked for."""

    @property
    def first_seconds(self) -> float:
        """Processor time that every call has."""
        return min(CALL_SECONDS, self.limits.call_seconds)

    def call_seconds(self, question: Question, truths: Truths) -> float:
        """No more than that, whatever the reference takes."""
        return self.first_seconds


class _NoTruths(Truths):
    """Answers are judged against the questions that they copy."""

    def entries(self, question: Question) -> int:
        """Right helpers answer as much as for any question of that size."""
        return 100_000


def _call_another(step: Step, old: str, new: str) -> Step:
    return step._replace(function=new) if isinstance(step, Call) and step.function == old else step
