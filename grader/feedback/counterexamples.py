"""Witnesses: fresh inputs on which a student's function fails, for whoever asks why points were lost.

A title is no evidence, and a hidden draw must stay hidden. So a witness is drawn anew: from what the rubric says of
every input (`arguments`, `forms`, `where`: the public contract), and from those cases of a check in which each input
is drawn, if it isn't one that a check asks. What a case writes out is never shown. It is asked in a child that has
seen no hidden input: whatever the code kept, it has nothing to show. Small sizes and round numbers come first; with
`explain` a witness is shrunk further, draw by draw.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, partial
from itertools import islice
from typing import NamedTuple
from weakref import WeakKeyDictionary

import msgspec
import numpy as np
from msgspec.structs import replace

from grader.checks.finding import Details, Finding, describe_blocks
from grader.checks.kinds import KINDS, kind_of, message_of
from grader.checks.lasting import STAYS
from grader.checks.question import Answer, Question, last_outcome
from grader.checks.unchanged import CHANGED
from grader.errors import AssignmentError
from grader.extraction.model import Extraction
from grader.feedback.patterns import EARLIER, Observation, difference, find_repeat
from grader.feedback.yes_or_no import Tendency, TruthAnswer, describe_tendency
from grader.grading.answers import Answers
from grader.grading.execution import run_questions
from grader.grading.graded import GradedSubmission
from grader.grading.grades import STOOD_IN, CheckGrade, Counterexample, FunctionGrade
from grader.grading.judging import judge_question
from grader.inputs.draws import Choice, draw_case, drawn_numbers
from grader.inputs.shrinking import SimpleDraws, complexity, numbers_in, simplify
from grader.plan.plan import OWN_CONVENTION, Plan, PlannedCheck, PlannedFunction, Truths, add_steps
from grader.rubric.expression import names_called
from grader.rubric.model import Check, Inputs, RequiredFunction, Rubric, expressions_in
from grader.verdict import OPEN, Verdict
from grader.worker.shared.interpreter import run_here
from grader.worker.shared.steps import OutsideStub, Returned, Stub

#: Draws at each size and form; more of them where somebody asks.
DRAWS, MORE_DRAWS = 2, 12
#: A witness is a help, and must not cost a class its evening: processor seconds for all of a submission's witnesses.
MOST_SECONDS = 1.0
#: How often `explain` looks for simpler inputs, how many of them at a time, and how many witnesses it shows.
ROUNDS, WIDTH, MOST_SHOWN = 12, 60, 5

#: How many failures are looked at for one that is like the check's.
_MOST_LOOKED_AT = 12

#: Of a check's case fewer draws than of the contract.
_FEWER = 4
#: The reason of a wrong yes or no, and the kind of such a result.
TRUTH = "truth"
#: Mistakes that show in two calls, and not in one.
_OF_CALLS = (EARLIER.name, STAYS[0])

#: How a witness may fail: whatever ends a process is no answer to an input.
_EVIDENCE = (Verdict.FAILED, Verdict.ERROR)


class _Setting(NamedTuple):
    """Of what a fresh input is drawn: a form of the contract at one size, or a case of a check."""

    form: str
    size: str
    overrides: Inputs
    case_of: str = ""  #: the title of the check that has the case

    @property
    def label(self) -> str:
        """What a report calls it."""
        return f"{self.form} {self.size}".strip()


class FreshInput(msgspec.Struct, frozen=True, dict=True):
    """A question that may become a witness, and the draws behind it."""

    question: Question
    tape: tuple[Choice, ...]
    setting: _Setting

    @cached_property
    def order(self) -> tuple[int, int]:
        """Smaller is easier to follow."""
        return complexity(self.question.situation.values)


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
    bank = _BANKS.setdefault(student.plan.truths, _CandidateCache(student.plan))
    drawn = {grade.name: bank.candidates(grade) for grade in wanted}
    heard = _ask(student, wanted, drawn, bank.plan)
    shown = {grade.name: _show_failure(_choose(heard[grade.name], grade), student, grade) for grade in wanted}
    shown |= {grade.name: explain(student, grade) for grade in wanted if grade.name == explained}
    return [replace(grade, witnesses=shown.get(grade.name, ())) for grade in functions]


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
    if first and first[0].finding.reason == TRUTH:
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
    if tendency.sticks_from is not None:
        return [_after_the_no(answers[tendency.sticks_from][0], heard, tendency)]
    due = next(answer.due for candidate, answer in answers if candidate is first.candidate)
    other = [each for each in heard.failures() if each.finding.reason == TRUTH and _is_due(each, answers) is not due]
    right = [candidate for candidate, answer in answers if answer == TruthAnswer(due, True)]
    told = first.finding.add(tried=tendency.counts, right_on={} if other else _most_alike(first.candidate, right))
    return [FoundFailure(first.candidate, told, tendency.headline), *other[:1]]


def _after_the_no(earlier: FreshInput, heard: _Heard, tendency: Tendency) -> FoundFailure:
    """The simplest input that is answered wrong once a no was given to this one."""
    failure = next(heard.failures())
    told = failure.finding.add(tried=tendency.counts, earlier=earlier.question.show_inputs)
    return FoundFailure(failure.candidate, told, tendency.headline)


def _is_due(failure: FoundFailure, answers: Sequence[tuple[FreshInput, TruthAnswer]]) -> bool:
    return any(answer.due for candidate, answer in answers if candidate is failure.candidate)


def _most_alike(candidate: FreshInput, others: Sequence[FreshInput]) -> dict[str, str]:
    """The input that can best be held against a candidate's: the same function, at the same shapes and size of numbers.

    A case of a check was thought out; among these the simplest.
    """
    kind, size = _outline(candidate), _power(candidate)
    alike = [each for each in _in_order(others) if _outline(each) == kind]
    best = sorted(alike, key=lambda each: (abs(_power(each) - size), not each.setting.case_of))
    return {**best[0].question.inputs_shown} if best else {}


def _power(candidate: FreshInput) -> int:
    """The power of ten of its largest number."""
    largest = max(map(abs, numbers_in(candidate.question.situation.values)), default=0.0)
    return round(math.log10(largest)) if 0 < largest < math.inf else 0


def _outline(candidate: FreshInput) -> list[object]:
    """What its arguments are, without their numbers."""
    values = candidate.question.situation.values
    plain = [value.stub if isinstance(value, OutsideStub) else value for value in values]
    return [value.name if isinstance(value, Stub) else np.shape(value) for value in plain]


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
    return _show_failure([_shrink(student, grade, each) for each in shortest], student, grade)


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
        self._known: dict[int, list[FreshInput]] = {}

    def candidates(self, grade: FunctionGrade) -> list[FreshInput]:
        """For a function that lost these checks."""
        function = _required(self.plan, grade)
        return [each for check in _checks_to_ask(function, grade) for each in self._of(function, check)]

    def _of(self, function: RequiredFunction, check: Check) -> list[FreshInput]:
        if id(check) not in self._known:
            self._known[id(check)] = list(_candidates_of(self.plan, function, check, DRAWS))
        return self._known[id(check)]


#: For each plan, by the one object that it alone has.
_BANKS: WeakKeyDictionary[Truths, _CandidateCache] = WeakKeyDictionary()


def _begin_apart(plan: Plan) -> Plan:
    """The plan, with nothing known yet of what is asked and answered."""
    return Plan(plan.assignment, plan.seed, plan.functions, Truths(plan.assignment))


def _candidates(plan: Plan, grade: FunctionGrade, draws: int) -> Iterator[FreshInput]:
    """Questions of the contract, at each size and form that the function's checks use, and in forms of its own."""
    function = _required(plan, grade)
    for check in _checks_to_ask(function, grade):
        yield from _candidates_of(plan, function, check, draws)


def _required(plan: Plan, grade: FunctionGrade) -> RequiredFunction:
    return next(planned.function for planned in plan.functions if planned.function.name == grade.name)


def _candidates_of(plan: Plan, function: RequiredFunction, check: Check, draws: int) -> Iterator[FreshInput]:
    asked = _as_agreed(check)
    settings = [] if check.measure.expect else [*_settings(plan.rubric, function)]
    for setting in settings:
        address = f"{check.kind} {function.name} {setting.form} {setting.size}"
        yield from _draw(plan, function, asked, setting, address, draws)
    for setting in settings[:1]:  # once with all digits: what rounds is right for round numbers
        yield from _draw(plan, function, asked, setting, f"digits {check.kind} {function.name}", 1, is_round=False)
    for number, setting in enumerate(_drawn_cases(plan.rubric, function, check)):
        address = f"case {check.kind} {function.name} {setting.case_of} {number}"
        new = (each for each in _draw(plan, function, asked, setting, address, draws) if not _is_asked(plan, each))
        yield from islice(new, max(1, draws // _FEWER))


def _draw(
    plan: Plan,
    function: RequiredFunction,
    asked: Check,
    setting: _Setting,
    address: str,
    draws: int,
    is_round: bool = True,
) -> Iterator[FreshInput]:
    for number in range(draws):
        generator = np.random.default_rng((plan.seed, zlib.crc32(f"witness {address} {number}".encode())))
        made = _candidate(plan, function, asked, setting, generator, is_round=is_round)
        if made is not None:
            yield made


def _drawn_cases(rubric: Rubric, function: RequiredFunction, check: Check) -> Iterator[_Setting]:
    """The cases of which another draw says nothing of what is asked: all that they give is drawn."""
    size = next(iter(function.at or tuple(rubric.sizes)), "")
    for each in function.checks:
        if each.points > 0 and _is_asked_like(each, check):
            at = next(iter(each.at or ()), size)
            cases = each.cases or ((each.given,) if each.given else ())
            merged = [{**each.given, **case} for case in cases]
            yield from (_Setting("", at, case, each.title) for case in merged if _is_all_drawn(function, case))


def _is_asked_like(other: Check, check: Check) -> bool:
    """Whether the inputs of one check may be asked as the other's are."""
    if check.measure.expect is not None or kind_of(check).own_counterexample:
        return other is check or (other.kind, other.measure.expect) == (check.kind, check.measure.expect)
    return _is_value_check(other) and kind_of(other).compares_result


def _is_all_drawn(function: RequiredFunction, case: Inputs) -> bool:
    """Whether every input that a case gives holds numbers that are new each time."""
    given = {**function.let, **function.arguments, **case}
    return bool(case) and all(_is_drawn(given, name) for name in case)


def _is_drawn(given: Inputs, name: str, within: frozenset[str] = frozenset()) -> bool:
    """Whether an input calls a draw, or is made of others that do."""
    inside = within | {name}
    return any(
        not drawn_numbers().isdisjoint(names_called(each.tree))
        or any(_is_drawn(given, other, inside) for other in each.names() & given.keys() - inside)
        for each in expressions_in(given[name])
    )


def _is_asked(plan: Plan, candidate: FreshInput) -> bool:
    """Whether a check asks the very same: of a few numbers, another draw may be no other."""
    shown = candidate.question.inputs_shown
    planned = next(each for each in plan.functions if each.function.name == candidate.question.function.name)
    asked = (question for item in planned.checks for question in item.questions)
    return any(question.inputs_shown == shown for question in asked)


def _checks_to_ask(function: RequiredFunction, grade: FunctionGrade) -> list[Check]:
    """What is asked of fresh inputs: values first, then what else the failed hidden checks ask."""
    lost = {check.title for check in grade.checks if _is_lost(check)}
    failed = [check for check in function.checks if check.title in lost and check.points > 0]
    own = {check.kind: check for check in failed if kind_of(check).own_counterexample}
    values = next((check for check in function.checks if _is_value_check(check)), None)
    bounds = [check for check in failed if check.measure.expect is not None and kind_of(check).asks_values]
    bare = [*bounds, *(own[kind] for kind in KINDS if kind in own)]
    if values is not None and any(check.kind not in own and check not in bounds for check in failed):
        bare = [values, *bare]
    return bare


def _as_agreed(check: Check) -> Check:
    """Of a hidden check only its kind, that kind's keys and a second call's arguments: all drawn is the contract's."""
    measure = replace(check.measure, part=None)
    return replace(check, cases=(), given={}, draw={}, measure=measure, forms=("",), visibility="public")


def _is_value_check(check: Check) -> bool:
    return kind_of(check).asks_values and check.measure.expect is None


def _is_as_agreed(check: Check) -> bool:
    """Whether what it asks is what a witness may ask, too."""
    kind = kind_of(check)
    return not check.cases and (kind.compares_result or kind.own_counterexample)


def _settings(rubric: Rubric, function: RequiredFunction) -> list[_Setting]:
    """Where the function is asked by its forms and sizes, and forms that no check uses at the function's own sizes."""
    usual = function.at or tuple(rubric.sizes) or ("",)
    used = {
        (form, size): None
        for check in function.checks
        if _is_as_agreed(check)
        for form in check.forms
        for size in check.at or usual
    }
    known = {form for form, _ in used}
    more = {(form, size): None for form in function.forms if form not in known for size in usual}
    found = list(used | more) or [("", usual[0])]
    return [_Setting(form, size, function.forms.get(form, {})) for form, size in found]


def _candidate(
    plan: Plan,
    function: RequiredFunction,
    check: Check,
    setting: _Setting,
    generator: np.random.Generator,
    replay: Sequence[Choice] = (),
    is_round: bool = True,
) -> FreshInput | None:
    """The question with its steps; None where the reference itself can't answer it."""
    draws = SimpleDraws(generator, plan.assignment.reference, replay, is_round)
    dimensions = plan.rubric.sizes.get(setting.size, {})
    try:
        drawn = draw_case(function, check, dimensions, setting.overrides, setting.label, draws)
        question = add_steps(Question(function, check, drawn))
        Truths(plan.assignment).of(question)
    except AssignmentError:
        return None
    if replay and draws.tries > 1:  # `where` doesn't hold of these
        return None
    return FreshInput(question, tuple(draws.tape), setting)


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
        for candidate in self.in_turn:
            finding = self.judge(candidate.question)
            if kind_of(candidate.question.check).compares_result and (finding.passed or self._is_wrong(finding)):
                due = bool(self.plan.truths.of(candidate.question, self.convention))
                if finding.passed or _is_known_fair(candidate.question, self.plan):
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

    def _is_wrong(self, finding: Finding) -> bool:
        return finding.reason == TRUTH


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
    in_turn = {grade.name: _as_asked(drawn[grade.name], plan.truths) for grade in grades}
    plan = replace(plan, functions=tuple(_plan_fresh(plan, name, asked) for name, asked in in_turn.items()))
    replaced = {name: carried.helpers for name, carried in student.carried.items() if name in drawn}
    part = student.allowance.part(MOST_SECONDS)
    answers = run_questions(plan, student.extraction, student.sandbox, lambda *_: True, replaced, part)
    return {
        grade.name: _Heard(
            _answered(_in_order(drawn[grade.name]), answers),
            _answered(in_turn[grade.name], answers),
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


def _in_order(candidates: Sequence[FreshInput]) -> list[FreshInput]:
    kinds = list(dict.fromkeys(map(_address, candidates)))
    return sorted(candidates, key=lambda c: (kinds.index(_address(c)), bool(c.setting.case_of), _is_square(c), c.order))


def _address(candidate: FreshInput) -> str:
    """The same for candidates that are asked as one check."""
    check = candidate.question.check
    return check.kind if check.measure.expect is None else f"{check.kind} {check.measure.expect.text}"


def _as_asked(candidates: Sequence[FreshInput], truths: Truths) -> list[FreshInput]:
    """The simplest first. Those to be answered by a yes or a no are mixed, so that what a call leaves behind shows.

    Two of these come first to which yes is right: where a no is remembered, only they are answered right.
    """
    found = _in_order(candidates)
    if not found or any(part.kind != TRUTH for part in found[0].question.function.parts):
        return found
    mixed = [found[at] for at in np.random.default_rng(len(found)).permutation(len(found))]
    yes = [each for each in mixed if kind_of(each.question.check).compares_result and bool(truths.of(each.question))]
    first, kinds = {id(each) for each in yes[:2]}, list(dict.fromkeys(map(_address, found)))
    return sorted(mixed, key=lambda each: (kinds.index(_address(each)), id(each) not in first))


def _is_square(candidate: FreshInput) -> bool:
    """Whether all of its sizes are the same: that hides which of them is wrong."""
    sizes = candidate.question.situation.sizes
    return len(sizes) > 1 and len(set(sizes.values())) == 1


def _plan_fresh(plan: Plan, name: str, candidates: Sequence[FreshInput]) -> PlannedFunction:
    function = next(planned.function for planned in plan.functions if planned.function.name == name)
    by_check: dict[str, list[Question]] = {}
    for candidate in candidates:
        by_check.setdefault(_address(candidate), []).append(candidate.question)
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
        made = _candidate(student.plan, function, check, here.setting, generator, tape)
        if (
            made is not None
            and made.order < here.order
            and not (here.setting.case_of and _is_asked(student.plan, made))
        ):
            tried.append(made)
        if len(tried) == WIDTH:
            break
    if not tried:
        return None
    heard = _ask(student, [grade], {grade.name: tried}, _begin_apart(student.plan))[grade.name]
    return next((each for each in heard.failures() if each.finding.reason == found.finding.reason), None)
