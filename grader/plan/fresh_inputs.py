"""Fresh inputs: questions that no check asks, for whoever asks why points were lost.

They are drawn anew: from what the rubric says of every input (`arguments`, `forms`, `where`: the public contract), and
from those cases of a check in which each input is drawn. What a case writes out is never asked, and of few numbers that
another draw may hit again, nothing that a check asks.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import islice
from typing import NamedTuple

import msgspec
import numpy as np
from msgspec.structs import replace

from grader.checks.kinds import kind_of
from grader.checks.question import Question
from grader.errors import AssignmentError
from grader.inputs.draws import Choice, draw_case, drawn_numbers
from grader.inputs.shrinking import SimpleDraws, complexity, numbers_in
from grader.plan.plan import Plan, Truths, add_steps
from grader.rubric.model import Check, Inputs, RequiredFunction, Rubric, expressions_in
from grader.worker.shared.steps import OutsideStub, Stub

#: Of a check's case fewer draws than of the contract.
_FEWER = 4


class Setting(NamedTuple):
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
    setting: Setting
    is_round: bool = True  #: whether its numbers were made round

    @cached_property
    def order(self) -> tuple[int, int]:
        """Smaller is easier to follow."""
        return complexity(self.question.situation.values)

    @cached_property
    def powers(self) -> tuple[int, int]:
        """The powers of ten of its smallest number, zeros aside, and of its largest."""
        sizes = [abs(number) for number in numbers_in(self.question.situation.values) if 0 < abs(number) < math.inf]
        return (round(math.log10(min(sizes))), round(math.log10(max(sizes)))) if sizes else (0, 0)


def draw_fresh(plan: Plan, function: RequiredFunction, check: Check, draws: int) -> Iterator[FreshInput]:
    """Questions for a function, asked as this check asks: each is like what is promised, and none is a check's own.

    Args:
        draws: how many at each size and form; fewer of each case.
    """
    asked = _as_agreed(check)
    settings = [] if check.measure.expect else [*_settings(plan.rubric, function)]
    for setting in settings:
        address = f"{check.kind} {function.name} {setting.form} {setting.size}"
        yield from _draw(plan, function, asked, setting, address, draws)
    for setting in settings[:1]:  # once with all digits: what rounds is right for round numbers
        yield from _draw(plan, function, asked, setting, f"digits {check.kind} {function.name}", 1, is_round=False)
    for number, setting in enumerate(_drawn_cases(plan.rubric, function, check)):
        address = f"case {check.kind} {function.name} {setting.case_of} {number}"
        for is_round in (True, False):
            drawn = _draw(plan, function, asked, setting, f"{address} {is_round}", draws, is_round)
            new = (each for each in drawn if not is_asked(plan, each))
            yield from islice(new, max(1, draws // _FEWER))


def _draw(
    plan: Plan,
    function: RequiredFunction,
    asked: Check,
    setting: Setting,
    address: str,
    draws: int,
    is_round: bool = True,
) -> Iterator[FreshInput]:
    for number in range(draws):
        generator = np.random.default_rng((plan.seed, zlib.crc32(f"witness {address} {number}".encode())))
        made = make_fresh(plan, function, asked, setting, generator, is_round=is_round)
        if made is not None:
            yield made


def _drawn_cases(rubric: Rubric, function: RequiredFunction, check: Check) -> Iterator[Setting]:
    """The cases of which another draw says nothing of what is asked: all that they give is drawn."""
    size = next(iter(function.at or tuple(rubric.sizes)), "")
    for each in function.checks:
        if each.points > 0 and _is_asked_like(each, check):
            at = next(iter(each.at or ()), size)
            cases = each.cases or ((each.given,) if each.given else ())
            merged = [{**each.given, **case} for case in cases]
            yield from (Setting("", at, case, each.title) for case in merged if _is_all_drawn(function, case))


def _is_asked_like(other: Check, check: Check) -> bool:
    """Whether the inputs of one check may be asked as the other's are."""
    if check.measure.expect is not None or kind_of(check).own_counterexample:
        return other is check or (other.kind, other.measure.expect) == (check.kind, check.measure.expect)
    return is_value_check(other) and (other.call, other.ways, other.after) == (check.call, check.ways, check.after)


def _is_all_drawn(function: RequiredFunction, case: Inputs) -> bool:
    """Whether every input that a case gives holds numbers that are new each time."""
    given = {**function.let, **function.arguments, **case}
    return bool(case) and all(_is_drawn(given, name) for name in case)


def _is_drawn(given: Inputs, name: str, within: frozenset[str] = frozenset()) -> bool:
    """Whether an input calls a draw, or is made of others that do."""
    inside = within | {name}
    return any(
        not drawn_numbers().isdisjoint(each.called())
        or any(_is_drawn(given, other, inside) for other in each.names() & given.keys() - inside)
        for each in expressions_in(given[name])
    )


def is_asked(plan: Plan, candidate: FreshInput) -> bool:
    """Whether a check asks the very same: of a few numbers, another draw may be no other."""
    shown = candidate.question.inputs_shown
    planned = next(each for each in plan.functions if each.function.name == candidate.question.function.name)
    asked = (question for item in planned.checks for question in item.questions)
    return any(question.inputs_shown == shown for question in asked)


def _as_agreed(check: Check) -> Check:
    """Of a hidden check only its kind, that kind's keys and a second call's arguments: all drawn is the contract's."""
    measure = replace(check.measure, part=None)
    return replace(check, cases=(), given={}, draw={}, measure=measure, forms=("",), visibility="public")


def is_value_check(check: Check) -> bool:
    """Whether it holds a result against the reference's."""
    return kind_of(check).asks_values and check.measure.expect is None


def _is_as_agreed(check: Check) -> bool:
    """Whether what it asks is what a witness may ask, too."""
    kind = kind_of(check)
    return not check.cases and (kind.compares_result or kind.own_counterexample)


def _settings(rubric: Rubric, function: RequiredFunction) -> list[Setting]:
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
    return [Setting(form, size, function.forms.get(form, {})) for form, size in found]


def make_fresh(
    plan: Plan,
    function: RequiredFunction,
    check: Check,
    setting: Setting,
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
    return FreshInput(question, tuple(draws.tape), setting, is_round)


# -- which of them first -------------------------------------------------------------------------------------------


def in_order(candidates: Sequence[FreshInput]) -> list[FreshInput]:
    """Those of the first check first, and the contract's before those that are drawn like a case; then the simplest."""
    kinds = list(dict.fromkeys(map(asked_as, candidates)))
    return sorted(candidates, key=lambda c: (kinds.index(asked_as(c)), bool(c.setting.case_of), _is_square(c), c.order))


def asked_as(candidate: FreshInput) -> str:
    """The same for candidates that are asked as one check."""
    check = candidate.question.check
    return check.kind if check.measure.expect is None else f"{check.kind} {check.measure.expect.text}"


def in_turn(candidates: Sequence[FreshInput], truths: Truths) -> list[FreshInput]:
    """The simplest first. Those to be answered by a yes or a no are mixed, so that what a call leaves behind shows.

    Two of these come first to which yes is right: where a no is remembered, only they are answered right.
    """
    found = in_order(candidates)
    if not any(map(is_yes_or_no, found)):
        return found
    mixed = [found[at] for at in np.random.default_rng(len(found)).permutation(len(found))]
    yes = [each for each in mixed if is_yes_or_no(each) and bool(truths.of(each.question))]
    first, kinds = {id(each) for each in yes[:2]}, list(dict.fromkeys(map(asked_as, found)))
    return sorted(mixed, key=lambda each: (kinds.index(asked_as(each)), id(each) not in first))


def is_yes_or_no(candidate: FreshInput) -> bool:
    """Whether its answer is True or False, and is held against what is right."""
    question = candidate.question
    return kind_of(question.check).compares_result and [part.kind for part in question.function.parts] == ["truth"]


def _is_square(candidate: FreshInput) -> bool:
    """Whether all of its sizes are the same: that hides which of them is wrong."""
    sizes = candidate.question.situation.sizes
    return len(sizes) > 1 and len(set(sizes.values())) == 1


def show_most_alike(candidate: FreshInput, others: Sequence[FreshInput]) -> dict[str, str]:
    """The input that can best be held against a candidate's: the same function, at the same shapes and size of numbers.

    A case of a check was thought out; among these the simplest.
    """
    kind, alike = _outline(candidate), in_order(others)
    best = sorted(alike, key=lambda each: (not each.is_round, _distance(each, candidate), not each.setting.case_of))
    return next(({**each.question.inputs_shown} for each in best if _outline(each) == kind), {})


def _distance(one: FreshInput, other: FreshInput) -> int:
    """How far apart the sizes of their numbers are."""
    return sum(abs(mine - theirs) for mine, theirs in zip(one.powers, other.powers, strict=True))


def _outline(candidate: FreshInput) -> list[object]:
    """What its arguments are, without their numbers."""
    values = candidate.question.situation.values
    plain = [value.stub if isinstance(value, OutsideStub) else value for value in values]
    return [value.name if isinstance(value, Stub) else np.shape(value) for value in plain]
