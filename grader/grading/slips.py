"""Slips at a stated price: one repair that is proven to be what was meant, by every check, on fresh draws too.

A repair counts where every function whose points it changes is wholly right with it, on this run's draws and on fresh
ones, and where it is the only one of its sort that does so. A fixed list of repairs is tried, each of them to its end.
They are found in a jailed child in which none of the code has run. The score is the better of what was handed in and of
the repaired code less the prices.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple, Self
from weakref import WeakKeyDictionary

import msgspec

from grader.checks.kinds import KINDS
from grader.errors import AssignmentError, HarnessError
from grader.extraction.model import Extraction, FunctionFacts
from grader.extraction.repairs.model import Edit, Repair, Wanted
from grader.grading.allowance import Allowance
from grader.grading.answers import Answers, Select, has_points
from grader.grading.carry_forward import ask_with_reference_helpers, helpers_to_replace
from grader.grading.execution import Interview
from grader.grading.grades import FunctionGrade, Grade, Slip
from grader.grading.judging import judge
from grader.grading.reading import Unreadable, read_in_child, repairs_in_child
from grader.grading.score import grade_functions, verdict_with_slips
from grader.grading.slip_trials import MOST_LETTERS, Trial, ask_in_one_child, can_share_a_child, only
from grader.plan.plan import Plan, PlannedFunction, Truths, make_plan
from grader.rubric.model import RequiredFunction
from grader.sandbox.sandbox import JailedChild, Sandbox
from grader.sandbox.session import Spent
from grader.sandbox.tally import ALL_BYTES
from grader.submission.collecting import Upload
from grader.verdict import OPEN, Verdict

#: Processor seconds: what takes longer to read is not read again for each repair.
MOST_READING = 1.0
#: So many slips of one submission are repaired, one after the other.
MOST_SLIPS = 8
#: What a submission may have told before its slips are looked for: whoever tells more is no case of a slip.
MOST_TOLD = ALL_BYTES // 4
_RIGHT = (Verdict.PASSED, Verdict.CARRIED)
#: What takes too long, or too much, is no slip that a few repairs could prove.
_HOPELESS = (Verdict.PASSED, Verdict.CARRIED, Verdict.TIMEOUT, Verdict.MEMORY, *OPEN)

#: For each plan another one with other draws, by the one object that the plan alone has.
_FRESH: WeakKeyDictionary[Truths, Plan] = WeakKeyDictionary()


class Submitted(NamedTuple):
    """One submission, and all that is needed to grade it once more."""

    upload: Upload
    plan: Plan
    sandbox: Sandbox
    allowance: Allowance  #: what is left of it is the time of the search
    extraction: Extraction  #: of what was handed in
    convert_python2: bool = False


class _Accepted(NamedTuple):
    """A repair that is proven, and the points of all functions with it."""

    repair: Repair
    extraction: Extraction
    functions: Mapping[str, FunctionGrade]
    mended: frozenset[str]


Grades = Mapping[str, FunctionGrade]


def with_slips(graded: Grade, submitted: Submitted, grade: Callable[[Sequence[Sequence[Edit]]], Grade]) -> Grade:
    """The grade with its slips repaired and paid for, where that is worth more than what was handed in.

    Args:
        graded: as it was handed in.
        submitted: the same submission.
        grade: grades it once more, with these repairs made.
    """
    prices = submitted.plan.rubric.slips
    if not prices or graded.score is None or not any(_may_be_mended(each) for each in graded.functions):
        return graded
    if submitted.sandbox.tally.told_bytes > MOST_TOLD:
        return graded
    accepted = _find_slips(submitted, {each.name: each for each in graded.functions})
    if not accepted:
        return graded
    repaired = grade([each.repair.edits for each in accepted])
    if repaired.score is None:
        return graded
    slips = tuple(_bill(accepted, prices))
    score = repaired.score - sum((slip.price for slip in slips), Fraction(0))
    if score <= graded.score:
        return graded
    verdict = verdict_with_slips(repaired.verdict, slips)
    return msgspec.structs.replace(repaired, slips=slips, score=score, verdict=verdict, sources=graded.sources)


def _may_be_mended(function: FunctionGrade) -> bool:
    return function.verdict not in _HOPELESS


def _bill(accepted: Sequence[_Accepted], prices: Mapping[str, Fraction]) -> Iterator[Slip]:
    """Each sort costs its price once."""
    paid: set[str] = set()
    for each in accepted:
        sort = each.repair.sort
        price = Fraction(0) if sort in paid else prices[sort]
        paid.add(sort)
        yield Slip(sort, each.repair.where, each.repair.diff, price, tuple(sorted(each.mended)))


def _find_slips(submitted: Submitted, grades: Grades) -> list[_Accepted]:
    """The repairs that are proven, each on top of those before it."""
    accepted: list[_Accepted] = []
    paid: set[str] = set()
    while len(accepted) < MOST_SLIPS:
        rounds = [each.repair.edits for each in accepted]
        extraction = accepted[-1].extraction if accepted else submitted.extraction
        with _Search(submitted, extraction, grades, rounds) as search:
            found = search.first_worth_it(paid)
        told = submitted.sandbox.tally.told_bytes
        if submitted.allowance.why_used_up or told > MOST_TOLD:  # what would be found hangs on time
            return []
        if found is None:
            break
        accepted.append(found)
        paid.add(found.repair.sort)
        grades = found.functions
    return accepted


class _Search:
    """The repairs of a submission in which some slips may have been repaired already."""

    def __init__(
        self, submitted: Submitted, extraction: Extraction, grades: Grades, rounds: Sequence[Sequence[Edit]]
    ) -> None:
        self.submitted = submitted
        self.extraction = extraction
        self.plan = submitted.plan
        self.grades = grades
        self.rounds = rounds
        self.allowance = submitted.allowance
        self.child: JailedChild | None = None  #: that listed the repairs, and in which nothing has run yet
        self.lost = frozenset(name for name, each in grades.items() if _may_be_mended(each))
        self.wanted = [
            _wanted(each.function, grades[each.function.name])
            for each in self.plan.functions
            if each.function.name in self.lost
        ]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if (child := self._take_child()) is not None:
            child.close()

    def _take_child(self) -> JailedChild | None:
        child, self.child = self.child, None
        return child

    def first_worth_it(self, paid: set[str]) -> _Accepted | None:
        """The first repair that is proven, the only one of its sort, and worth more than it costs."""
        prices = self.plan.rubric.slips
        sorts = [sort for sort in prices if self.lost and self._may_have(sort)]
        repairs = self._repairs(sorts) if sorts else ()
        for sort, price in prices.items():
            proven = list(self._proven([each for each in repairs if each.sort == sort]))
            for each in proven:
                alone = all(each is other or not (each.mended & other.mended) for other in proven)
                if alone and self._gain(each) > (Fraction(0) if sort in paid else price):
                    return each
        return None

    def _gain(self, found: _Accepted) -> Fraction:
        return sum(
            ((each.score or Fraction(0)) - (self.grades[name].score or 0) for name, each in found.functions.items()),
            Fraction(0),
        )

    def _may_have(self, sort: str) -> bool:
        """Whether what is known of the functions that lost points leaves room for a repair of a sort."""
        shows, known = _SHOWS.get(sort, _shows_nothing), self.extraction.facts
        return sort in self.extraction.signs or any(
            each.name not in known or shows(each, known[each.name]) for each in self.wanted
        )

    def _repairs(self, sorts: Sequence[str]) -> tuple[Repair, ...]:
        upload, rubric = self.submitted.upload, self.plan.rubric
        convert = self.submitted.convert_python2
        self.child = self.submitted.sandbox.open(rubric.limits)
        try:
            found = repairs_in_child(upload, rubric, self.child, self.wanted, sorts, convert, self.rounds)
        except HarnessError:
            return ()
        self.allowance.charge(Spent(self.child.reading_seconds))
        return found if self.child.reading_seconds < MOST_READING else ()

    def _proven(self, repairs: Sequence[Repair]) -> Iterator[_Accepted]:
        """Those after which all is right; of a group the first."""
        known: set[str] = set()
        tried = self._try_together(repairs)
        for number, repair in enumerate(repairs):
            if repair.group not in known and not self._is_used_up:
                is_promising = tried[number] if number in tried else self._is_promising(repair)
                found = self._prove(repair) if is_promising else None
                if found is not None:
                    known.add(repair.group)
                    yield found

    @property
    def _is_used_up(self) -> bool:
        return bool(self.allowance.why_used_up) or self.submitted.sandbox.tally.told_bytes > MOST_TOLD

    def _try_together(self, repairs: Sequence[Repair]) -> dict[int, bool]:
        """Whether these are promising, by their place; without those that are to be tried alone."""
        trials = {number: self._trial(repair) for number, repair in enumerate(repairs)}
        fitting = [number for number, trial in trials.items() if can_share_a_child(trial, self.extraction)]
        most = MOST_LETTERS // (1 + sum(map(len, self.extraction.modules.values())))
        shared = {number: trials[number] for number in fitting[:most]}
        if not shared or self._is_used_up:
            return {}
        sandbox, alone, child = self.submitted.sandbox, self.allowance.once_more(), self._take_child()
        answered = ask_in_one_child([*shared.values()], self.plan, self.extraction, sandbox, alone, child)
        # What ended a child, and may have done so for what the others before it took, is tried alone.
        return {
            number: self._has_right_first(trial, self.extraction, answers)
            for (number, trial), answers in zip(shared.items(), answered, strict=True)
            if all(stop.is_timeout for stop in answers.stops.values())
        }

    def _trial(self, repair: Repair) -> Trial:
        """What is asked first of the functions that a repair may mend."""
        asked = [each for each in self.plan.functions if each.function.name in self.lost.intersection(repair.functions)]
        return Trial(repair, tuple(only(each, self._first_checks(each)) for each in asked))

    def _first_checks(self, planned: PlannedFunction) -> set[int]:
        """One of drawn values, where there are any, and one in which points were lost."""
        paid = [each for each in planned.checks if each.check.points and each.kind.runs_code]
        first = next((each for each in paid if each.is_drawn_value), paid[0] if paid else planned.checks[0])
        found = self.grades[planned.function.name].checks
        lost = {each.title for each in found if not each.waits and (each.score or 0) < each.max_score}
        asked = [first, *(each for each in paid if each.check.title in lost and first.check.title not in lost)]
        return {id(each) for each in asked[:2]}

    def _is_promising(self, repair: Repair) -> bool:
        """Whether a repair gives right first values, read again and asked alone."""
        trial = self._trial(repair)
        asked = {id(check) for each in trial.asked for check in each.checks}
        answered = self._ask(self.plan, repair, lambda _, check: id(check) in asked)
        return answered is not None and self._has_right_first(trial, *answered)

    def _has_right_first(self, trial: Trial, extraction: Extraction, answers: Answers) -> bool:
        return any(
            _has_right(each, self.plan, extraction, answers, {id(check.check) for check in each.checks})
            for each in trial.asked
        )

    def _prove(self, repair: Repair) -> _Accepted | None:
        answered = self._ask(self.plan, repair, has_points)
        if answered is None:
            return None
        extraction, answers = answered
        functions = grade_functions(self.plan, extraction, answers)
        if replaced := helpers_to_replace(self.plan, functions):
            with Interview(self.plan, extraction, self.submitted.sandbox, self.allowance, replaced) as interview:
                carried = ask_with_reference_helpers(interview, functions, replaced)
            functions = grade_functions(self.plan, extraction, answers, carried, before=functions)
        found = {each.name: each for each in functions}
        changed = frozenset(name for name, each in found.items() if _is_changed(self.grades[name], each))
        gained = {name for name in changed if (found[name].score or 0) > (self.grades[name].score or 0)}
        if not gained or any(found[name].verdict not in _RIGHT for name in changed):
            return None
        mended = frozenset(name for name in changed if found[name].verdict is Verdict.PASSED)
        if not mended or not self._is_right_on_fresh_draws(repair, mended):
            return None
        return _Accepted(repair, extraction, found, mended)

    def _is_right_on_fresh_draws(self, repair: Repair, names: frozenset[str]) -> bool:
        try:
            fresh = _fresh_plan(self.plan)
        except AssignmentError:
            return False
        answered = self._ask(fresh, repair, lambda f, c: f.function.name in names and has_points(f, c))
        if answered is None:
            return False
        extraction, answers = answered
        asked = [each for each in fresh.functions if each.function.name in names]
        paid = {id(check.check) for each in asked for check in each.checks if check.check.points}
        return all(_has_right(each, fresh, extraction, answers, paid) for each in asked)

    def _ask(self, plan: Plan, repair: Repair, select: Select) -> tuple[Extraction, Answers] | None:
        """What the repaired submission answers, in a child of its own."""
        upload, rubric = self.submitted.upload, plan.rubric
        if (unused := self._take_child()) is not None:
            unused.close()
        with self.submitted.sandbox.open(rubric.limits) as child:
            try:
                rounds = (*self.rounds, repair.edits)
                convert = self.submitted.convert_python2
                extraction = read_in_child(upload, rubric, child, convert_python2=convert, rounds=rounds)
            except HarnessError:
                return None
            self.allowance.charge(Spent(child.reading_seconds))
            if isinstance(extraction, Unreadable):
                return None
            alone = self.allowance.once_more()  # what was slow with one repair has its time with the next
            with Interview(plan, extraction, self.submitted.sandbox, alone, first=child) as interview:
                return extraction, interview.ask(select)


def _has_right_part(function: FunctionGrade) -> bool:
    """Whether something of the result is right where it stands: in another order it would be wrong."""
    blocks = [check.details.blocks for check in function.checks if check.details]
    found = [check for check in function.checks if check.max_score and check.score == check.max_score]
    return any(check.kind in KINDS and KINDS[check.kind].asks_values for check in found) or any(
        len(each) == 2 and any(part.is_right for part in each) for each in blocks
    )


def _is_changed(before: FunctionGrade, now: FunctionGrade) -> bool:
    """Whether a function has other points, or loses them in another way: then a repair is about it."""
    return _outcome(before) != _outcome(now)


def _outcome(function: FunctionGrade) -> tuple[object, ...]:
    paid = (check for check in function.checks if check.max_score)
    return (function.score, function.verdict, *((check.title, check.verdict) for check in paid))


def _has_right(
    planned: PlannedFunction, plan: Plan, extraction: Extraction, answers: Answers, checks: set[int]
) -> bool:
    """Whether these checks of a function are right, all of them under one convention."""
    for convention in plan.truths.conventions(planned.function.name):
        judged = judge(planned, plan, extraction, answers, convention)
        asked = [item for item in judged if id(item.check) in checks]
        if asked and all(item.passed for item in asked):
            return True
    return False


def _fresh_plan(plan: Plan) -> Plan:
    """The same questions about other draws. Raises AssignmentError where the reference fails on these."""
    if plan.truths not in _FRESH:
        _FRESH[plan.truths] = make_plan(plan.assignment, zlib.crc32(f"fresh draws {plan.seed}".encode()))
    return _FRESH[plan.truths]


def _wanted(function: RequiredFunction, grade: FunctionGrade) -> Wanted:
    plain = not function.call and not function.is_variable
    passed = function.signatures[0].passed if function.signatures else tuple(function.arguments)
    path = function.parts[0].path
    results = path[0].of if path and not _has_right_part(grade) else 1
    return Wanted(function.name, passed if plain else (), results)


def _shows_nothing(wanted: Wanted, facts: FunctionFacts) -> bool:
    return False


def _has_other_order(wanted: Wanted, facts: FunctionFacts) -> bool:
    names = wanted.passed if facts.takes is None else facts.takes.names
    return bool(wanted.passed) and (
        facts.takes is None or (names != wanted.passed and sorted(names) == sorted(wanted.passed))
    )


def _prints(wanted: Wanted, facts: FunctionFacts) -> bool:
    return facts.names is None or "print" in facts.names.called


#: By sort, whether what is known of a function leaves room for a repair. What isn't here shows in the whole source.
_SHOWS: Mapping[str, Callable[[Wanted, FunctionFacts], bool]] = {
    "parameter order": _has_other_order,
    "printed": _prints,
    "indentation": lambda wanted, facts: facts.has_blocks,
    "result order": lambda wanted, facts: wanted.results > 1,
}
