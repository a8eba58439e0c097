"""The smallest change of a student's own function that makes it right: for functions that nothing else explains.

The changes come from a child in which none of the code has run (`extraction/changes`). They are asked in children that
see no hidden input, many to a child: first the question that the function fails, then all other fresh ones. Where it
fails none of these, its checks are drawn anew. What is right by then is held against the checks themselves, and against
two more draws, which say no more than yes or no.

Where no change is enough, those that bring the answers nearer are tried together with each of the others. It never
earns points.
"""

from __future__ import annotations

import difflib
import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import islice, product
from typing import NamedTuple

from msgspec.structs import replace

from grader.checks.kinds import kind_of
from grader.checks.question import Answer, Question
from grader.errors import AssignmentError, GradeError
from grader.extraction.changes.model import MOST_CHANGES, MOST_LETTERS, Change, Changes, join_changes
from grader.extraction.model import Extraction, FunctionFacts
from grader.feedback.answer_distance import distance
from grader.feedback.counterexamples import DRAWS, first_failing, fresh_inputs
from grader.feedback.value_patterns import is_way_of_differing
from grader.grading.allowance import Allowance
from grader.grading.answers import has_points
from grader.grading.execution import run_questions
from grader.grading.graded import GradedSubmission
from grader.grading.grades import FunctionGrade, SmallestChange
from grader.grading.judging import judge
from grader.limits import SUBMISSION_WALL_FACTOR
from grader.plan.plan import OWN_CONVENTION, Plan, PlannedCheck, PlannedFunction, Truths, plan_one
from grader.sandbox.session import Spent
from grader.verdict import OPEN, Verdict
from grader.worker.shared.steps import Call, Returned, Step

#: Seconds that the search may take for one function, and processor seconds of each call.
SEARCH_SECONDS, CALL_SECONDS = 10.0, 0.2
#: The part of it in which changes are tried: what is left is for confirming them.
TRIED = 0.7
#: Changes that go into one child, and those that are held against the checks themselves.
IN_A_CHILD, MOST_CONFIRMED = 200, 8

#: For pairs: the questions by which nearer is told, how much nearer that is, and the first changes that are tried with
#: others, so many of these at a time.
MOST_MEASURED, NEARER, MOST_FIRST, SECONDS_AT_A_TIME = 4, 0.9, 12, 60

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
    """Whether a function ran, lost points by values of its own, and no name says what is wrong with its code."""
    return has_own_fault(grade) and all(is_way_of_differing(mistake.name) for mistake in grade.mistakes)


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
    search = _Search(student, grade, changes, ends)
    questions = search.questions()
    if not questions:
        return None
    tried = changes.changes[:MOST_CHANGES]
    found = search.find(tried, questions)
    if not found.left and found.finished:
        pairs = list(islice(search.pairs(tried, questions), MOST_CHANGES - len(tried)))
        found = search.find(pairs, questions)._replace(finished=False)  # there are many more pairs
    return search.describe(found) if found.left else None


class _Search:
    """The search for one function."""

    def __init__(self, student: GradedSubmission, grade: FunctionGrade, changes: Changes, ends: float) -> None:
        self.student = student
        self.plan = student.plan
        self.grade = grade
        self.changes = changes
        self.ends = ends
        self.saw_checks = False  #: then no line of it is told to students: a child knew what is hidden
        self.same = Change(changes.end, changes.end, "", "", 0)
        self.text = student.extraction.modules[changes.module]
        self.planned = next(each for each in self.plan.functions if each.function.name == grade.name)
        self.helpers = student.carried[grade.name].helpers if grade.name in student.carried else ()
        self.truths = Truths(self.plan.assignment)

    # --- without hidden inputs ---

    def questions(self) -> list[Question]:
        """What a change has to answer right, one that the function fails first; none where it fails nothing."""
        fresh = [each.question for each in fresh_inputs(self.plan, self.grade, DRAWS)]
        failing = first_failing(self.student, self.grade)
        if failing is not None:
            return [failing, *fresh]
        self.saw_checks = True
        drawn = [*self._of_checks(), *fresh]
        failing = next((each for each in drawn if not self._is_right_now(each)), None)
        return [] if failing is None else [failing, *(each for each in drawn if each is not failing)]

    def _of_checks(self) -> Iterator[Question]:
        """What the checks ask, about other draws than those of this run."""
        seed = zlib.crc32(f"search {self.plan.seed}".encode())
        (planned,) = plan_one(self.plan.assignment, self.planned.function, seed).functions
        for check in planned.checks:
            if check.check.points and check.kind.runs_code and check.kind.converse is None:
                yield from check.questions

    def _is_right_now(self, question: Question) -> bool:
        return all(right for right in self._ask([self.same], [question]))

    def find(self, changes: Sequence[Change], questions: Sequence[Question]) -> _Tried:
        """The changes that every check confirms."""
        first = self.keep_right(changes, questions[:1], self.ends - (1 - TRIED) * SEARCH_SECONDS)
        left = self.keep_right(first.left, questions[1:], self.ends)
        confirmed = [change for change in left.left[:MOST_CONFIRMED] if self.is_confirmed(change)]
        return _Tried(confirmed, first.finished and left.finished and len(left.left) <= MOST_CONFIRMED)

    def keep_right(self, changes: Sequence[Change], questions: Sequence[Question], ends: float) -> _Tried:
        """The changes with which all of these questions are answered right, as far as there is time."""
        left: list[Change] = []
        for start in range(0, len(changes), IN_A_CHILD):
            part = changes[start : start + IN_A_CHILD]
            left += [change for change, right in zip(part, self._ask(part, questions), strict=True) if right]
            if time.monotonic() > ends:
                return _Tried(left, False)
        return _Tried(left, True)

    def pairs(self, changes: Sequence[Change], questions: Sequence[Question]) -> Iterator[Change]:
        """Two changes as one, where the first brings the answers nearer: the nearest first, then the likeliest second.

        Each first one has its turn with the likeliest second ones, before any has one with the others.
        """
        nearer = self._nearer(changes, questions[:MOST_MEASURED])
        seconds = [*nearer, *(change for change in changes if change not in nearer)]
        known: set[tuple[int, int, str]] = set()
        for start in range(0, len(seconds), SECONDS_AT_A_TIME):
            for first, second in product(nearer[:MOST_FIRST], seconds[start : start + SECONDS_AT_A_TIME]):
                joined = join_changes(self.text, (first, second))
                if joined is not None and joined[:3] not in known:
                    known.add(joined[:3])
                    yield joined

    def _nearer(self, changes: Sequence[Change], questions: Sequence[Question]) -> list[Change]:
        """The changes that bring the answers nearer, the nearest first, as far as there is time."""
        (now,) = self._far([self.same], questions)
        far: dict[Change, float] = {}
        for start in range(0, len(changes), IN_A_CHILD):
            if time.monotonic() > self.ends:
                break
            part = changes[start : start + IN_A_CHILD]
            far |= dict(zip(part, self._far(part, questions), strict=True))
        return sorted((change for change in far if far[change] < NEARER * now), key=lambda change: far[change])

    def _far(self, changes: Sequence[Change], questions: Sequence[Question]) -> list[float]:
        """How far from the truth the answers with each change are, over all of these questions."""
        return [
            sum(self._distance(question, answer) for question, answer in zip(questions, given, strict=True))
            for given in self._answers(changes, questions)
        ]

    def _distance(self, question: Question, answer: Answer | None) -> float:
        """0 for what is right, 1 for what can't be compared, and between them by the part that differs."""
        if answer is None:
            return 1.0
        if self._is_right(question, answer):
            return 0.0
        outcome = answer.outcomes[-1] if answer.outcomes else None
        if not isinstance(outcome, Returned):
            return 1.0
        truth = self.truths.of(question, self.grade.convention or OWN_CONVENTION)
        return max(0.01, distance(outcome.value, truth))

    def _ask(self, changes: Sequence[Change], questions: Sequence[Question]) -> Iterator[bool]:
        """Whether all of the questions are answered right, with each change."""
        for given in self._answers(changes, questions):
            pairs = zip(questions, given, strict=True)
            yield all(answer is not None and self._is_right(question, answer) for question, answer in pairs)

    def _answers(self, changes: Sequence[Change], questions: Sequence[Question]) -> Iterator[list[Answer | None]]:
        names = [f"{self.grade.name}__{number}" for number in range(len(changes))]
        planned = [self._renamed(name, questions) for name in names]
        plan = Plan(self.plan.assignment, self.plan.seed, tuple(planned), _NoTruths(self.plan.assignment))
        replaced = dict.fromkeys(names, self.helpers) if self.helpers else {}
        extraction = self._with_all(changes, names)
        allowance = _Short(self.plan.rubric.limits)
        allowance.leave(self.ends - time.monotonic())
        answers = run_questions(plan, extraction, self.student.sandbox, lambda *_: True, replaced, allowance)
        for each in planned:
            yield [answers.of(question) for question in each.checks[0].questions]

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

    def describe(self, found: _Tried) -> SmallestChange:
        """The first of the changes that were found; sure where all are about one line, and no child saw a check."""
        best = found.left[0]
        hunks = list(self._hunks(best))
        where = " and ".join(self.student.extraction.place(self.changes.module, number) for number, _, _ in hunks)
        agree = not self.saw_checks and len(hunks) == 1 and len({change.line for change in found.left}) == 1
        diff = "\n".join(
            line for _, old, new in hunks for line in (*(f"-{each}" for each in old), *(f"+{each}" for each in new))
        )
        return SmallestChange(where, diff, best.words, found.finished and agree, best.key)

    def _hunks(self, change: Change) -> Iterator[tuple[int, list[str], list[str]]]:
        """The lines that the change touches: the number of the first, as they were, and as they would be."""
        before, after = self.text.split("\n"), self._changed(change).split("\n")
        matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
        for tag, first, last, new_first, new_last in matcher.get_opcodes():
            old, new = before[first:last], after[new_first:new_last]
            if tag != "equal" and len(old) == len(new):
                yield from ((first + 1 + at, [old[at]], [new[at]]) for at in range(len(old)))
            elif tag != "equal":
                yield first + 1, old, new


class _Short(Allowance):
    """A fraction of a second for each call: what takes longer isn't the change that is looked for."""

    def leave(self, seconds: float) -> None:
        """Leave no more than this for all of them."""
        most = self.limits.submission_seconds
        left = max(0.0, min(seconds, most))
        self.spent = Spent(most - left, SUBMISSION_WALL_FACTOR * most - left)

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
