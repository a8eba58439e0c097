"""Witnesses: fresh inputs on which a student's function fails, for whoever asks why points were lost.

A title is no evidence, and a hidden draw must stay hidden. So a witness is drawn anew (`plan/fresh_inputs.py`), and
asked in a child that has seen no hidden input: whatever the code kept, it has nothing to show. Small sizes and round
numbers come first; with `explain` a witness is shrunk further, draw by draw.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import islice, takewhile
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

import msgspec
import numpy as np
from msgspec.structs import replace

from grader.checks.finding import Details, Finding, describe_blocks
from grader.checks.kinds import KINDS, kind_of, message_of
from grader.checks.lasting import STAYS
from grader.checks.question import Answer, Question, last_outcome
from grader.checks.unchanged import CHANGED
from grader.extraction.model import Extraction
from grader.feedback.patterns import EARLIER, Observation, difference, find_repeat
from grader.feedback.yes_or_no import Tendency, TruthAnswer, describe_tendency
from grader.grading.answers import Answers
from grader.grading.execution import run_questions
from grader.grading.graded import GradedSubmission
from grader.grading.grades import STOOD_IN, CheckGrade, Counterexample, FunctionGrade
from grader.grading.judging import judge_question
from grader.inputs.shrinking import simplify
from grader.plan.fresh_inputs import (
    FreshInput,
    asked_as,
    draw_fresh,
    in_order,
    in_turn,
    is_asked,
    is_value_check,
    is_yes_or_no,
    make_fresh,
    show_most_alike,
)
from grader.plan.plan import OWN_CONVENTION, Plan, PlannedCheck, PlannedFunction, Truths
from grader.rubric.model import Check, RequiredFunction, Rubric
from grader.verdict import OPEN, Verdict
from grader.worker.shared.interpreter import run_here
from grader.worker.shared.steps import Returned

#: Draws at each size and form; more of them where none of these fails, and where somebody asks.
DRAWS, SECOND_DRAWS, MORE_DRAWS = 2, 8, 12
#: A witness is a help, and must not cost a class its evening: processor seconds for all of a submission's witnesses.
MOST_SECONDS = 1.0
#: How often `explain` looks for simpler inputs, how many of them at a time, and how many witnesses it shows.
ROUNDS, WIDTH, MOST_SHOWN = 12, 60, 5

#: How many failures are looked at for one that is like the check's.
_MOST_LOOKED_AT = 12

#: The reason of a wrong yes or no.
_WRONG_TRUTH = "truth"
#: Mistakes that show in two calls, and not in one.
_OF_CALLS = (EARLIER.name, STAYS[0])

#: How a witness may fail: whatever ends a process is no answer to an input.
_EVIDENCE = (Verdict.FAILED, Verdict.ERROR)


class FoundFailure(msgspec.Struct, frozen=True):
    """A candidate on which the function fails."""

    candidate: FreshInput
    finding: Finding
    headline: str = ""  #: how it fails, where the finding's own words don't say it


def with_counterexamples(
    student: GradedSubmission, functions: Sequence[FunctionGrade], explained: str = ""
) -> list[FunctionGrade]:
    """The grades, with a witness for each function that failed a hidden check, as far as one is found.

    Args:
        explained: a function of which there should be several, each shrunk.
    """
    wanted = [grade for grade in functions if _needs_one(grade, student)]
    if not wanted:
        return list(functions)
    found = _find(student, wanted, DRAWS)
    if unshown := [grade for grade in wanted if not found[grade.name]]:
        found |= _find(student, unshown, SECOND_DRAWS)
    shown = {grade.name: _show_failure(found[grade.name], student, grade) for grade in wanted}
    shown |= {grade.name: explain(student, grade) for grade in wanted if grade.name == explained}
    return [replace(grade, witnesses=shown.get(grade.name, ())) for grade in functions]


def _find(student: GradedSubmission, grades: Sequence[FunctionGrade], draws: int) -> dict[str, list[FoundFailure]]:
    """For each function the failures that are shown; none where it fails on nothing that it is asked."""
    bank = _BANKS.setdefault(student.plan.truths, _CandidateCache(student.plan))
    drawn = {grade.name: bank.candidates(grade, draws) for grade in grades}
    heard = _ask(student, grades, drawn, bank.plan)
    return {grade.name: _choose(heard[grade.name], grade) for grade in grades}


def fresh_inputs(plan: Plan, grade: FunctionGrade, draws: int = DRAWS) -> list[FreshInput]:
    """Questions of the contract alone, at each size and form that the function's checks use."""
    return [each for each in _candidates(plan, grade, draws) if not each.setting.case_of]


def first_failing(student: GradedSubmission, grade: FunctionGrade) -> Question | None:
    """The simplest fresh question that a function answers wrong; None where none was found."""
    drawn = list(_candidates(student.plan, grade, DRAWS))
    if not drawn:
        return None
    heard = _ask(student, [grade], {grade.name: drawn}, _begin_apart(student.plan))[grade.name]
    return next((each.candidate.question for each in heard.failures()), None)


def _choose(heard: _Heard, grade: FunctionGrade) -> list[FoundFailure]:
    """The failures that are shown: one that is like the check's, and what else says how the function errs."""
    found = heard.failures()
    if any(mistake.name in _OF_CALLS for mistake in grade.mistakes) and (pair := heard.pair_of_calls()):
        return [pair]
    first = _first_alike(found, grade)
    if first and first[0].finding.reason == _WRONG_TRUTH:
        return _with_tendency(first[0], heard)
    return first + _first_change(found, grade, first)


def _with_tendency(first: FoundFailure, heard: _Heard) -> list[FoundFailure]:
    """A wrong yes or no, with how the function errs over all that was asked, and the simplest of the other kind.

    Where it errs in one way only, an input is told on which the same answer as is due here is given.
    """
    answers = heard.truths()
    tendency = describe_tendency([answer for _, answer in answers])
    if tendency is None:
        return [first]
    if tendency.sticks:
        before = takewhile(lambda each: each[0] is not first.candidate, answers)
        earlier = in_order([candidate for candidate, answer in before if not answer.due])[0]
        return [_tell_tendency(first, tendency, earlier=earlier.question.show_inputs)]
    wrong = [each for each in heard.failures() if each.finding.reason == _WRONG_TRUTH]
    other = [each for each in wrong if _is_due(each, answers) is not _is_due(first, answers)]
    right = [candidate for candidate, answer in answers if answer == TruthAnswer(_is_due(first, answers), True)]
    beside = {} if other else show_most_alike(first.candidate, right)
    return [_tell_tendency(first, tendency, right_on=beside), *other[:1]]


def _tell_tendency(failure: FoundFailure, tendency: Tendency, **details: Any) -> FoundFailure:
    told = failure.finding.add(tried=tendency.counts, **details)
    return FoundFailure(failure.candidate, told, tendency.headline)


def _is_due(failure: FoundFailure, answers: Sequence[tuple[FreshInput, TruthAnswer]]) -> bool:
    return any(answer.due for candidate, answer in answers if candidate is failure.candidate)


def _first_alike(found: Iterable[FoundFailure], grade: FunctionGrade) -> list[FoundFailure]:
    """The first of them that fails the way the first failed check did: by the same exception, or by an answer."""
    lost = next((check for check in grade.checks if _is_lost(check) and check.details is not None), None)
    raised = _exception(lost.details if lost is not None else None)
    first: list[FoundFailure] = []
    for each in islice(found, _MOST_LOOKED_AT):
        if _exception(each.finding.known) == raised:
            return [each]
        first = first or [each]
    return first


def _first_change(found: Iterable[FoundFailure], grade: FunctionGrade, first: list[FoundFailure]) -> list[FoundFailure]:
    """One more failure that shows which argument is changed, where that was seen and the first doesn't show it."""
    if not any(mistake.name == CHANGED for mistake in grade.mistakes) or any(_argument(each) for each in first):
        return []
    return list(islice(filter(_argument, islice(found, 2 * _MOST_LOOKED_AT)), 1))


def _argument(found: FoundFailure) -> str:
    return found.finding.details.argument or ""


def _exception(details: Details | None) -> str:
    return (details.raised or "").partition(":")[0] if details is not None else ""


def explain(student: GradedSubmission, grade: FunctionGrade) -> tuple[Counterexample, ...]:
    """Several witnesses for one function, each shrunk; the shortest for every way in which it fails."""
    drawn = list(_candidates(student.plan, grade, MORE_DRAWS))
    heard = _ask(student, [grade], {grade.name: drawn}, _begin_apart(student.plan))[grade.name]
    different: dict[tuple[str, str, str], FoundFailure] = {}
    for each in heard.failures():
        form, kind = each.candidate.setting.form, each.candidate.question.check.kind
        different.setdefault((form, each.finding.reason, kind), each)
    shortest = sorted(different.values(), key=lambda each: each.candidate.order)[:MOST_SHOWN]
    shrunk = [_shrink(student, grade, each) for each in shortest]
    tendency = describe_tendency([answer for _, answer in heard.truths()])
    if shrunk and tendency is not None and shrunk[0].finding.reason == _WRONG_TRUTH:
        shrunk[0] = _tell_tendency(shrunk[0], tendency)
    return _show_failure(shrunk, student, grade)


def _needs_one(grade: FunctionGrade, student: GradedSubmission) -> bool:
    """Whether it lost points in a hidden check and still runs to its end."""
    stopped = student.answers.stops.get(grade.name)
    if grade.verdict in (Verdict.PASSED, Verdict.CARRIED, Verdict.MISSING, *OPEN) or stopped is not None:
        return False
    return any(_is_lost(check) and check.visibility != "public" for check in grade.checks)


def _is_lost(check: CheckGrade) -> bool:
    return check.max_score > 0 and check.verdict in (*_EVIDENCE, Verdict.PARTLY) and not check.waits


# -- candidates ----------------------------------------------------------------------------------------------------


class _CandidateCache:
    """The candidates of a plan, drawn when first needed: a class asks for the same ones again and again."""

    def __init__(self, plan: Plan) -> None:
        self.plan = _begin_apart(plan)  # of its own truths, else it would keep its own key alive
        self._known: dict[tuple[int, int], list[FreshInput]] = {}

    def candidates(self, grade: FunctionGrade, draws: int) -> list[FreshInput]:
        """For a function that lost these checks."""
        function = _required(self.plan, grade)
        return [each for check in _checks_to_ask(function, grade) for each in self._of(function, check, draws)]

    def _of(self, function: RequiredFunction, check: Check, draws: int) -> list[FreshInput]:
        if (id(check), draws) not in self._known:
            self._known[id(check), draws] = list(draw_fresh(self.plan, function, check, draws))
        return self._known[id(check), draws]


#: For each plan, by the one object that it alone has.
_BANKS: WeakKeyDictionary[Truths, _CandidateCache] = WeakKeyDictionary()


def _begin_apart(plan: Plan) -> Plan:
    """The plan, with nothing known yet of what is asked and answered."""
    return Plan(plan.assignment, plan.seed, plan.functions, Truths(plan.assignment))


def _candidates(plan: Plan, grade: FunctionGrade, draws: int) -> Iterator[FreshInput]:
    """Questions of the contract, at each size and form that the function's checks use, and in forms of its own."""
    function = _required(plan, grade)
    for check in _checks_to_ask(function, grade):
        yield from draw_fresh(plan, function, check, draws)


def _required(plan: Plan, grade: FunctionGrade) -> RequiredFunction:
    return next(planned.function for planned in plan.functions if planned.function.name == grade.name)


def _checks_to_ask(function: RequiredFunction, grade: FunctionGrade) -> list[Check]:
    """What is asked of fresh inputs: values first, then what else the failed hidden checks ask."""
    lost = {check.title for check in grade.checks if _is_lost(check)}
    failed = [check for check in function.checks if check.title in lost and check.points > 0]
    own = {check.kind: check for check in failed if kind_of(check).own_counterexample}
    values = next((check for check in function.checks if is_value_check(check)), None)
    bounds = [check for check in failed if check.measure.expect is not None and kind_of(check).asks_values]
    bare = [*bounds, *(own[kind] for kind in KINDS if kind in own)]
    if values is not None and any(check.kind not in own and check not in bounds for check in failed):
        bare = [values, *bare]
    return bare


# -- asking --------------------------------------------------------------------------------------------------------


class _Heard(NamedTuple):
    """What one function answered to its candidates."""

    candidates: list[FreshInput]  #: those that were answered, the simplest first
    in_turn: list[FreshInput]  #: the same, in the order in which they were asked
    judge: Callable[[Question], Finding]
    plan: Plan
    convention: str
    answers: Answers

    def failures(self) -> Iterator[FoundFailure]:
        """Those on which the function fails, one after the other: seldom are more than a few looked at."""
        for candidate in self.candidates:
            finding = self.judge(candidate.question)
            if _is_evidence(finding) and _is_known_fair(candidate.question, self.plan):
                yield FoundFailure(candidate, finding)

    def truths(self) -> list[tuple[FreshInput, TruthAnswer]]:
        """Of all candidates that were answered by a yes or a no, in the order in which they were asked."""
        found = []
        for candidate in filter(is_yes_or_no, self.in_turn):
            finding = self.judge(candidate.question)
            is_fair = finding.passed or (
                finding.reason == _WRONG_TRUTH and _is_known_fair(candidate.question, self.plan)
            )
            if is_fair:
                due = bool(self.plan.truths.of(candidate.question, self.convention))
                found.append((candidate, TruthAnswer(due, finding.passed)))
        return found

    def pair_of_calls(self) -> FoundFailure | None:
        """A failure that takes two calls: what was right for an input comes back for another, or is overwritten."""
        own = (each for each in self.failures() if each.finding.details.earlier or each.finding.details.later)
        return self._repeat() or next(own, None)

    def _repeat(self) -> FoundFailure | None:
        """One that is answered by what was right for an input before it, with that input."""
        by_question = {id(each.question): each for each in self.candidates}
        again = find_repeat([*self._observe()])
        if again is None:
            return None
        found = again[0].finding.add(earlier=again[1].question.show_inputs)
        return FoundFailure(by_question[id(again[0].question)], found)

    def _observe(self) -> Iterator[Observation]:
        for candidate in self.in_turn:
            question, answer = candidate.question, self.answers.of(candidate.question)
            last = last_outcome(answer.outcomes) if answer is not None and answer.outcomes else None
            if kind_of(question.check).compares_result and isinstance(last, Returned):
                truth = self.plan.truths.of(question, self.convention)
                yield Observation(question, self.judge(question), last.value, truth, is_drawn=True)


def _ask(
    student: GradedSubmission,
    grades: Sequence[FunctionGrade],
    drawn: Mapping[str, Sequence[FreshInput]],
    plan: Plan,
) -> dict[str, _Heard]:
    """What each function answers to its candidates.

    Args:
        plan: in which nothing but these candidates was asked, or candidates that live as long: questions are known by
            identity.
    """
    turns = {grade.name: in_turn(drawn[grade.name], plan.truths) for grade in grades}
    plan = replace(plan, functions=tuple(_plan_fresh(plan, name, asked) for name, asked in turns.items()))
    replaced = {name: carried.helpers for name, carried in student.carried.items() if name in drawn}
    part = student.allowance.part(MOST_SECONDS)
    answers = run_questions(plan, student.extraction, student.sandbox, lambda *_: True, replaced, part)
    return {
        grade.name: _Heard(
            _answered(in_order(drawn[grade.name]), answers),
            _answered(turns[grade.name], answers),
            partial(_judge, plan, student.extraction, answers, grade.convention or OWN_CONVENTION),
            plan,
            grade.convention or OWN_CONVENTION,
            answers,
        )
        for grade in grades
    }


def _answered(candidates: Sequence[FreshInput], answers: Answers) -> list[FreshInput]:
    return [each for each in candidates if answers.of(each.question) is not None]


def _judge(plan: Plan, extraction: Extraction, answers: Answers, convention: str, question: Question) -> Finding:
    """The finding, with how an answer differs."""
    finding = judge_question(question, plan, extraction, answers, convention)
    answer = answers.of(question)
    last = last_outcome(answer.outcomes) if answer is not None and answer.outcomes else None
    if finding.passed or not isinstance(last, Returned):
        return finding
    truth = partial(plan.truths.of, question, convention)
    return finding.add(differs=lambda: difference(question, finding, last.value, truth()))


def _plan_fresh(plan: Plan, name: str, candidates: Sequence[FreshInput]) -> PlannedFunction:
    function = next(planned.function for planned in plan.functions if planned.function.name == name)
    by_check: dict[str, list[Question]] = {}
    for candidate in candidates:
        by_check.setdefault(asked_as(candidate), []).append(candidate.question)
    checks = tuple(PlannedCheck(asked[0].check, partial(tuple, asked)) for asked in by_check.values())
    return PlannedFunction(function, checks)


def _is_evidence(finding: Finding) -> bool:
    """Whether it shows a fault of the code: an answer that is wrong, or an exception of its own."""
    return finding.verdict is Verdict.FAILED or (finding.verdict is Verdict.ERROR and finding.reason == "raised")


#: For each plan the questions that were looked at, by their identity.
_FAIR: WeakKeyDictionary[Truths, dict[int, bool]] = WeakKeyDictionary()


def _is_known_fair(question: Question, plan: Plan) -> bool:
    known = _FAIR.setdefault(plan.truths, {})
    if id(question) not in known:
        known[id(question)] = _is_fair(question, plan)
    return known[id(question)]


def _is_fair(question: Question, plan: Plan) -> bool:
    """Whether the reference passes on these inputs, and all other right styles that are known."""
    reference = plan.assignment.reference
    rights = reference.of("right", question.function.name)
    others = ({**reference.functions, question.function.root: variant.call} for variant in rights)
    kind, truth = kind_of(question.check), plan.truths.of(question)
    with np.errstate(all="ignore"):
        return all(
            kind.judge(question, truth, Answer(run_here(question.steps, functions))).passed
            for functions in (reference.functions, *others)
        )


def _show_failure(
    found: Iterable[FoundFailure], student: GradedSubmission, grade: FunctionGrade
) -> tuple[Counterexample, ...]:
    shows = student.plan.rubric.witness
    helpers = student.carried[grade.name].helpers if grade.name in student.carried else ()
    wrong = _wrong_parts(student.plan, grade)
    return tuple(
        Counterexample(
            _with_note(_without_chance(each.finding.details, wrong), helpers),
            shows,
            each.headline or message_of(each.finding, each.candidate.question.check),
            _asked_by(each.candidate, student.plan.rubric, grade),
        )
        for each in found
    )


def _asked_by(candidate: FreshInput, rubric: Rubric, grade: FunctionGrade) -> tuple[str, ...]:
    """The failed checks that ask inputs of this form and size; one with inputs of its own may ask any."""
    function, setting = candidate.question.function, candidate.setting
    lost = {check.title for check in grade.checks if _is_lost(check)}
    usual = function.at or tuple(rubric.sizes) or ("",)
    return tuple(
        check.title
        for check in function.checks
        if check.title in lost
        and (check.cases or (setting.form in check.forms and setting.size in (check.at or usual)))
    )


def _wrong_parts(plan: Plan, grade: FunctionGrade) -> frozenset[str]:
    """Parts of the result that are wrong in some check."""
    function = next(planned.function for planned in plan.functions if planned.function.name == grade.name)
    wrong = {check.title for check in grade.checks if check.verdict is Verdict.FAILED and not check.waits}
    asked = {check.measure.part for check in function.checks if check.title in wrong and kind_of(check).asks_values}
    blocks = (block for check in grade.checks if check.details is not None for block in check.details.blocks)
    return frozenset(filter(None, asked)) | {block.name for block in blocks if not block.is_right}


def _without_chance(details: Details, wrong: frozenset[str]) -> Details:
    """Without a word on parts that are right in this example, and wrong in others."""
    told = tuple(block for block in details.blocks if not (block.is_right and block.name in wrong))
    note = (details.note or "").replace(describe_blocks(details.blocks), describe_blocks(told)).strip()
    return replace(details, blocks=told, note=note or None) if len(told) < len(details.blocks) else details


def _with_note(details: Details, helpers: tuple[str, ...]) -> Details:
    """With a word on what else was not as the student has it."""
    if not helpers:
        return details
    note = f"{STOOD_IN} {' and '.join(helpers)}: their errors cost no points a second time."
    return replace(details, note=" ".join(filter(None, (details.note, note))))


# -- shrinking -----------------------------------------------------------------------------------------------------


def _shrink(student: GradedSubmission, grade: FunctionGrade, found: FoundFailure) -> FoundFailure:
    """The same failure on simpler numbers, as far as a few rounds go."""
    for _ in range(ROUNDS):
        simple = _simplify(student, grade, found)
        if simple is None:
            break
        found = simple
    return found


def _simplify(student: GradedSubmission, grade: FunctionGrade, found: FoundFailure) -> FoundFailure | None:
    here = found.candidate
    generator = np.random.default_rng(0)
    tried: list[FreshInput] = []
    for tape in simplify(here.tape):
        check, function = here.question.check, here.question.function
        made = make_fresh(student.plan, function, check, here.setting, generator, tape)
        if made is not None and made.order < here.order and not (here.setting.case_of and is_asked(student.plan, made)):
            tried.append(made)
        if len(tried) == WIDTH:
            break
    if not tried:
        return None
    heard = _ask(student, [grade], {grade.name: tried}, _begin_apart(student.plan))[grade.name]
    return next((each for each in heard.failures() if each.finding.reason == found.finding.reason), None)
