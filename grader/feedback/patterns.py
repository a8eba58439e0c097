"""Faults that need no name of an assignment's own: changes its argument, right for one example only, transposed.

Asked where no known mistake explains the answers. What is said is a fact that every outcome bears out, or nothing: the
first group was seen to happen, and the second fits all answers, right ones and wrong ones. Where an answer is missing,
nothing fits all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import chain, combinations, islice
from typing import Any

import msgspec
import numpy as np

from grader.checks.finding import Finding
from grader.checks.kinds import KINDS, kind_of
from grader.checks.leaves import LackingError, asked_leaves, take
from grader.checks.question import Question, last_outcome
from grader.checks.results import as_number, choose_tolerance
from grader.checks.unchanged import CHANGED
from grader.extraction.model import Extraction
from grader.feedback.value_patterns import (
    Pair,
    describe_difference,
    is_way_of_differing,
    ways_of_all_numbers,
    ways_of_some_numbers,
)
from grader.grading.answers import Answers
from grader.grading.carry_forward import CarriedRun
from grader.grading.grades import CheckGrade, FunctionGrade, NamedMistake
from grader.grading.judging import CheckResult, has_right_values, judge
from grader.numeric.agreement import compare
from grader.plan.plan import OWN_CONVENTION, Plan, PlannedFunction
from grader.rubric.model import Result
from grader.verdict import OPEN, Verdict
from grader.worker.shared.steps import Returned

#: A copy mends what the caller sees, and no numbers.
_CHANGED_BESIDE = (
    "Find the line that changes it. Are the numbers right without that line? Where they aren't, a copy is not enough."
)
#: exp overflows a float64 above 709; what fails below this size fails for another reason.
LARGE, ORDINARY = 350.0, 50.0
#: So many numbers that are not whole don't come back by chance.
_ENOUGH = 2
#: The kind of check that holds a gradient against the student's own cost.
CONSISTENT = "consistent"

ONE_EXAMPLE = NamedMistake(
    "right for one example, not for a batch", "Follow two rows through each line: which of them mixes the rows?"
)
BATCH = NamedMistake(
    "right for a batch, not for one example", "Which lines count on a second row, or on a second axis?"
)
SQUARE = NamedMistake(
    "right for square shapes only", "Write the shape of each factor beside it, with sizes that are all different."
)
#: Behind it stand the sizes, as the rubric calls them: "N = Dx".
COINCIDING = NamedMistake(
    "wrong where sizes are the same:",
    "Which line looks at a shape to decide what to do, or tries whether something fits? A square array always fits.",
)
LARGE_VALUES = NamedMistake(
    "right until numbers get large",
    "Which intermediate number leaves the range of a float64, though the result doesn't?",
)
LARGE_NUMBERS = NamedMistake(
    "right for usual numbers, wrong for large ones",
    "Follow one large number through each line: where is it cut off, or becomes inf, nan or 0?",
)
TRANSPOSED = NamedMistake(
    "the result is transposed", "Rows are examples: compare your result's shape with the promise."
)
FLAT = NamedMistake("flat instead of shaped", "The numbers are right. Give them the shape that is promised.")
OTHER_SHAPE = NamedMistake(
    "right values in another shape", "The numbers are right. Compare the shape with the promise."
)
EARLIER = NamedMistake(
    "the answer of an earlier call comes back",
    "Does your code keep results, and look them up by too little, such as the shape of the arguments?",
)

SLOPE_OF_COST = NamedMistake(
    "your gradient is the slope of your cost: the cost is wrong",
    "Work out the cost of one small example by hand. The gradient follows it.",
)


def is_general(mistake: str) -> bool:
    """Whether a mistake of this name may be said of any function; the others are an assignment's own."""
    return (
        mistake.startswith(COINCIDING.name)
        or is_way_of_differing(mistake)
        or any(
            mistake == named.name
            for named in (
                *_facts().values(),
                SLOPE_OF_COST,
                LARGE_NUMBERS,
                *(named for named, _ in (*_BY_VALUE, *_BY_INPUT)),
            )
        )
    )


class Observation(msgspec.Struct, frozen=True):
    """A drawn or given value question, what came back, and what was found."""

    question: Question
    finding: Finding
    got: Any  #: None where no value came back
    truth: Any
    is_drawn: bool  #: whether its arguments are

    @property
    def passed(self) -> bool:
        """Whether the answer was right."""
        return self.finding.passed

    @property
    def arrays(self) -> list[Any]:
        """The arguments that are arrays with axes."""
        return [v for v in self.question.situation.values if isinstance(v, np.ndarray) and v.ndim]


def with_patterns(
    plan: Plan,
    extraction: Extraction,
    answers: Answers,
    carried: Mapping[str, CarriedRun],
    functions: Sequence[FunctionGrade],
) -> list[FunctionGrade]:
    """The grades, with what can be said of the behaviour of functions that lost points and that no mistake explains."""
    planned = {each.function.name: each for each in plan.functions}
    found = []
    for grade in functions:
        unexplained = not grade.mistakes and grade.verdict not in (
            Verdict.PASSED,
            Verdict.CARRIED,
            Verdict.MISSING,
            *OPEN,
        )
        if unexplained and "all" not in plan.rubric.mute:
            run = carried[grade.name].answers if grade.name in carried else answers
            convention = grade.convention or OWN_CONVENTION
            judged = judge(planned[grade.name], plan, extraction, run, convention)
            if run is not answers:  # a second run lacks the questions that only explain
                own = judge(planned[grade.name], plan, extraction, answers, convention)
                judged = (*judged, *(item for item in own if item.check.kind == CONSISTENT))
            named = tuple(
                n
                for n in match_patterns(planned[grade.name], plan, run, judged, grade.convention)
                if _is_heard(n, plan)
            )
            checks = tuple(map(_without_hint, grade.checks)) if SLOPE_OF_COST in named else grade.checks
            seen = tuple(msgspec.structs.replace(each, is_seen=True) for each in named)
            found.append(msgspec.structs.replace(grade, mistakes=seen, checks=checks))
        else:
            found.append(grade)
    return found


def _without_hint(check: CheckGrade) -> CheckGrade:
    """Hints on the gradient lead astray where the gradient is as it should be for its cost."""
    return msgspec.structs.replace(check, hint="")


def _is_heard(named: NamedMistake, plan: Plan) -> bool:
    return not named.name.startswith(tuple(plan.rubric.mute))


def match_patterns(
    planned: PlannedFunction, plan: Plan, answers: Answers, judged: Sequence[CheckResult], convention: str | None
) -> Iterator[NamedMistake]:
    """What was seen to happen; where nothing of the sort was, the one thing that fits all answers."""
    happened = _match_facts(judged)
    yield from happened
    if not happened and all(
        answers.has_value_of(q) for item in planned.checks if item.check.points for q in item.questions
    ):
        seen = list(_observe(planned, plan, answers, judged, convention or OWN_CONVENTION))
        fitting = _fitting(seen)
        if fitting:
            yield from fitting if len(fitting) == 1 else ()
        elif _is_slope_of_cost(judged):
            yield SLOPE_OF_COST
        elif _has_other_large_values(seen):
            yield LARGE_NUMBERS
        else:
            yield from islice(_ways(seen, ways_of_some_numbers), 1)


def _fitting(seen: Sequence[Observation]) -> list[NamedMistake]:
    """The pattern that accounts for each wrong number; else all that say on which inputs the answers are wrong."""
    by_value = (named for named, fits in _BY_VALUE if fits(seen))
    coinciding = [*_wrong_where_sizes_coincide(seen)]  # these say more of the code than how its numbers differ
    first = next(chain(by_value, () if coinciding else _ways(seen, ways_of_all_numbers)), None)
    by_input = (named for named, fits in _BY_INPUT if fits(seen))
    return [*by_input, *coinciding] if first is None else [first]


def _ways(
    seen: Sequence[Observation], ways: Callable[[Sequence[Pair]], Iterator[NamedMistake]]
) -> Iterator[NamedMistake]:
    """How the numbers of the first part that is wrong somewhere differ: what follows it may well hang on it."""
    by_part: dict[str, list[Pair]] = {}
    for each in seen:
        for part, got, want in _parts(each):
            by_part.setdefault(part.name, []).append(_pair(each, part, got, want))
    wrong = next((name for name, pairs in by_part.items() if not all(pair.passed for pair in pairs)), None)
    if wrong is None or _is_of_truths(seen):
        return
    where = f" (in {wrong})" if wrong and len(seen[0].question.function.parts) > 1 else ""
    for named in ways(by_part[wrong]):
        yield NamedMistake(f"{named.name}{where}", named.hint)


def difference(question: Question, finding: Finding, got: Any, truth: Any) -> str:
    """How a wrong answer differs from the right one, without the right numbers; empty where there is nothing to say."""
    seen = Observation(question, finding, got, truth, is_drawn=True)
    if finding.reason != "value" or not kind_of(question.check).compares_result or _is_of_truths([seen]):
        return ""
    pairs = [_pair(seen, part, mine, want) for part, mine, want in _parts(seen)]
    return next((describe_difference(pair) for pair in pairs if not pair.passed), "")


def _is_of_truths(seen: Sequence[Observation]) -> bool:
    return any(part.kind not in ("array", "number") for each in seen for part in each.question.function.parts)


def _pair(each: Observation, part: Result, got: Any, want: Any) -> Pair:
    tolerance = choose_tolerance(part, each.question.check.measure)
    if got.shape != want.shape and np.squeeze(got).shape == np.squeeze(want).shape:
        got = got.reshape(want.shape)  # a vector as a row may be right, too
    return Pair(got, want, tolerance, each.passed or _is_close(part, each, got, want), tuple(each.arrays), _sizes(each))


def _is_slope_of_cost(judged: Sequence[CheckResult]) -> bool:
    """Whether the gradient fits the student's own cost, though neither is right.

    Where the cost by itself is right somewhere, the gradient is what is wrong: coarse differences fit it nearly.
    """
    own = [item for item in judged if item.check.kind == CONSISTENT and item.findings]
    drawn = [item for item in judged if item.is_drawn_value]
    wrong = [item for item in drawn if not item.passed]
    values = all(finding.reason == "value" for item in wrong for finding in item.findings if not finding.passed)
    gradients = {item.check.measure.part for item in own}
    if any(item.passed and item.check.measure.part not in (None, *gradients) for item in drawn):
        return False
    return bool(own) and all(map(_passes, own)) and values and any(i.check.measure.part not in gradients for i in wrong)


def _passes(item: CheckResult) -> bool:
    return item.passed


def _match_facts(judged: Sequence[CheckResult]) -> list[NamedMistake]:
    """What was seen to happen by itself; else what means something since the values are right."""
    reasons = {finding.reason for item in judged for finding in item.findings}
    facts, later = _facts(), {reason for kind in KINDS.values() for reason in kind.after_values}
    by_itself = [named for reason, named in facts.items() if reason in reasons - later]
    if not has_right_values(judged):
        return [_beside_wrong_values(named) for named in by_itself]
    if by_itself:
        return by_itself
    return [named for reason, named in facts.items() if reason in reasons & later]


def _beside_wrong_values(named: NamedMistake) -> NamedMistake:
    return msgspec.structs.replace(named, hint=_CHANGED_BESIDE) if named.name == CHANGED else named


def _facts() -> dict[str, NamedMistake]:
    """What the kinds of checks can see to happen, by the reasons of their findings."""
    return {reason: NamedMistake(*said) for kind in KINDS.values() for reason, said in kind.facts.items()}


def _observe(
    planned: PlannedFunction, plan: Plan, answers: Answers, judged: Sequence[CheckResult], convention: str
) -> Iterator[Observation]:
    findings = {id(item.check): item.findings for item in judged}
    for item in planned.checks:
        if not item.kind.compares_result or item.check.measure.expect or id(item.check) not in findings:
            continue
        for question, finding in zip(item.questions, findings[id(item.check)], strict=True):
            answer = answers.of(question)
            if answer is not None and answer.outcomes:
                last = last_outcome(answer.outcomes)
                got = last.value if isinstance(last, Returned) else None
                yield Observation(question, finding, got, plan.truths.of(question, convention), item.has_drawn_inputs)


# -- patterns ------------------------------------------------------------------------------------------------------


def _drawn_questions(seen: Sequence[Observation]) -> list[Observation]:
    return [each for each in seen if each.is_drawn and each.arrays]


def _is_split_by(seen: Sequence[Observation], left: Callable[[Observation], bool]) -> bool:
    """Whether all of one sort are right, and all others wrong, with enough of both to say so."""
    one, others = [s for s in seen if left(s)], [s for s in seen if not left(s)]
    if not _asked_parts(others) <= _asked_parts(one):  # what was never looked at may be as wrong there
        return False
    return bool(one) and len(others) >= 2 and all(s.passed for s in one) and not any(s.passed for s in others)


def _asked_parts(seen: Sequence[Observation]) -> set[str]:
    """The parts of the result that these questions look at."""
    asked = ([s.question.check.measure.part] if s.question.check.measure.part else _names(s) for s in seen)
    return {name for names in asked for name in names}


def _names(seen: Observation) -> list[str]:
    return [part.name for part in seen.question.function.parts]


def _is_batch(seen: Observation) -> bool:
    first = seen.arrays[0]
    return bool(first.ndim == 2 and first.shape[0] > 1)


def _has_rows(seen: Sequence[Observation]) -> bool:
    """Whether the first array is an example or rows of them, as far as can be seen: no cubes, no functions to call."""
    plain = (np.ndarray, int, float, tuple)
    return all(
        each.arrays[0].ndim <= 2 and all(isinstance(v, plain) for v in each.question.situation.values) for each in seen
    )


def _is_right_for_one_example(seen: Sequence[Observation]) -> bool:
    drawn = _drawn_questions(seen)
    return _has_rows(drawn) and _is_split_by(drawn, lambda each: not _is_batch(each))


def _is_right_for_a_batch(seen: Sequence[Observation]) -> bool:
    drawn = _drawn_questions(seen)
    return _has_rows(drawn) and _is_split_by(drawn, _is_batch)


def _is_right_for_squares(seen: Sequence[Observation]) -> bool:
    """Among batches: right where all sides are the same, wrong everywhere else, by one check's own answers at least."""
    drawn = _drawn_questions(seen)
    batches = [each for each in drawn if _is_batch(each)]
    if not _has_rows(drawn) or not _is_split_by(batches, _is_square):
        return False
    wrong = {id(each.question.check) for each in batches if not each.passed}
    return any(id(each.question.check) in wrong for each in batches if _is_square(each))


def _wrong_where_sizes_coincide(seen: Sequence[Observation]) -> Iterator[NamedMistake]:
    """The two sizes that are the same in each wrong question and in no right one, where these are the only two."""
    drawn = _drawn_questions(seen)
    named = dict.fromkeys(name for each in drawn for name in _sizes(each))
    fitting = [pair for pair in combinations(named, 2) if _is_split_by(drawn, partial(_have_other_sizes, pair))]
    if len(fitting) == 1:
        yield NamedMistake(f"{COINCIDING.name} {' = '.join(fitting[0])}", COINCIDING.hint)


def _have_other_sizes(pair: tuple[str, str], seen: Observation) -> bool:
    one, other = (_sizes(seen).get(name) for name in pair)
    return one is None or one != other


def _sizes(seen: Observation) -> dict[str, int]:
    return seen.question.situation.sizes


def _is_square(seen: Observation) -> bool:
    return len({n for a in seen.arrays for n in a.shape}) == 1


def _has_overflow(seen: Sequence[Observation]) -> bool:
    """Wrong only where entries are large, and then not finite at one of the large ones."""
    return _is_wrong_where_large(seen) and all(map(_is_overflow, (each for each in seen if not each.passed)))


def _has_other_large_values(seen: Sequence[Observation]) -> bool:
    """Wrong only where entries are large, by whatever happens to them."""
    if not _is_wrong_where_large(seen):
        return False
    wrong = [each for each in seen if not each.passed]
    by_value = all(each.finding.reason in ("value", "nan", "infinite") and _is_off_where_large(each) for each in wrong)
    return by_value and not all(map(_is_overflow, wrong))


def _is_off_where_large(seen: Observation) -> bool:
    """Where results stand entry for entry: whether one is wrong at a large argument, and not only beside it."""
    got, argument = seen.got, seen.arrays[0]
    if not isinstance(got, np.ndarray) or not isinstance(seen.truth, np.ndarray) or got.shape != argument.shape:
        return True
    off = ~(np.abs(got - seen.truth) <= 1e-6) if got.dtype.kind in "iuf" and got.shape == seen.truth.shape else True
    return bool(np.any(off & (np.abs(argument) >= LARGE)))


def _is_wrong_where_large(seen: Sequence[Observation]) -> bool:
    wrong = [each for each in seen if not each.passed]
    ordinary = [each for each in seen if _largest(each) <= ORDINARY]
    return (
        bool(wrong)
        and bool(ordinary)
        and all(each.passed for each in ordinary)
        and all(_largest(each) >= LARGE for each in wrong)
    )


def _is_overflow(seen: Observation) -> bool:
    return seen.finding.reason in ("nan", "infinite") and _is_lost_where_large(seen)


def _is_lost_where_large(seen: Observation) -> bool:
    """Where results stand entry for entry: whether a large one is lost, and not only a zero beside it."""
    got, argument = seen.got, seen.arrays[0]
    if not isinstance(got, np.ndarray) or got.shape != argument.shape or got.dtype.kind != "f":
        return True
    return bool(np.any(~np.isfinite(got) & (np.abs(argument) >= LARGE)))


def _largest(seen: Observation) -> float:
    return max((float(np.max(np.abs(a))) for a in seen.arrays if a.size and a.dtype.kind in "iuf"), default=0.0)


def _is_transposed(seen: Sequence[Observation]) -> bool:
    def turned(part: Result, each: Observation, got: Any, want: Any) -> bool:
        return want.ndim >= 2 and _is_close(part, each, got.T, want)

    # One row can't tell a transposed result from one of another shape.
    told = any(
        want.ndim == 2 and min(want.shape) > 1 for each in seen if not each.passed for _, _, want in _parts(each)
    )
    return told and _has_one_pattern(seen, turned)


def _is_flat(seen: Sequence[Observation]) -> bool:
    def flat(part: Result, each: Observation, got: Any, want: Any) -> bool:
        return (
            want.ndim > 1
            and got.ndim == 1
            and got.size == want.size
            and _is_close(part, each, got.reshape(want.shape), want)
        )

    return _has_one_pattern(seen, flat)


def _has_other_shape(seen: Sequence[Observation]) -> bool:
    def reshaped(part: Result, each: Observation, got: Any, want: Any) -> bool:
        return (
            got.shape != want.shape and got.size == want.size and _is_close(part, each, got.reshape(want.shape), want)
        )

    return _has_one_pattern(seen, reshaped)


def _has_one_pattern(seen: Sequence[Observation], fits: Callable[[Result, Observation, Any, Any], bool]) -> bool:
    """Whether each wrong answer is wrong in this way alone: every part of it is right, or fits."""
    wrong = [each for each in seen if not each.passed]
    return bool(wrong) and all(_is_fitting(each, fits) for each in wrong)


def _is_fitting(each: Observation, fits: Callable[[Result, Observation, Any, Any], bool]) -> bool:
    pairs = _parts(each)
    kinds = [
        "right" if _is_close(part, each, got, want) else "fits" if fits(part, each, got, want) else "neither"
        for part, got, want in pairs
    ]
    return "fits" in kinds and "neither" not in kinds


def _parts(each: Observation) -> list[tuple[Result, Any, Any]]:
    """(part, what came, what is right) as arrays; a single impossible pair where they can't be compared."""
    leaves = asked_leaves(each.question)
    try:
        gots = [take(each.question, leaf, each.got) for leaf in leaves]
    except LackingError:
        return [(leaves[0], np.array(0.0), np.array(np.nan))]
    wants = [each.truth] if len(leaves) == 1 else each.truth
    return [(leaf, _array(got), _array(want)) for leaf, got, want in zip(leaves, gots, wants, strict=True)]


def _array(value: Any) -> Any:
    number = as_number(value)
    if number is not None:
        return number
    return value if isinstance(value, np.ndarray) and value.dtype.kind in "iuf" else np.array(np.nan)


def _is_close(part: Result, each: Observation, got: Any, want: Any) -> bool:
    if got.shape != want.shape or bool(np.isnan(want).any()):
        return False
    return compare(got, want, choose_tolerance(part, each.question.check.measure)) is None


def _is_answer_of_earlier_call(seen: Sequence[Observation]) -> bool:
    """Whether each wrong answer is, to the last bit, one that was right in an earlier call with other arguments."""
    wrong = [at for at, each in enumerate(seen) if not each.passed]
    return bool(wrong) and all(any(_is_again(seen[at], earlier) for earlier in seen[:at]) for at in wrong)


def find_repeat(seen: Sequence[Observation]) -> tuple[Observation, Observation] | None:
    """A wrong answer, and the earlier right one that it is once more; None where there is none."""
    return next(
        (
            (each, earlier)
            for at, each in enumerate(seen)
            if not each.passed
            for earlier in seen[:at]
            if _is_again(each, earlier)
        ),
        None,
    )


def _is_again(each: Observation, earlier: Observation) -> bool:
    mine, theirs = _fractions(each.got), _fractions(earlier.got)
    return earlier.passed and len(mine) >= _ENOUGH and np.array_equal(mine, theirs)


def _fractions(value: Any) -> Any:
    """The numbers of a result that are not whole, in their order: whole ones may well be the same by chance."""
    items = value if isinstance(value, (list, tuple)) else [value]
    arrays = [np.ravel(item) for item in items if isinstance(item, (float, np.floating, np.ndarray))]
    flat = np.concatenate([a for a in arrays if a.dtype.kind == "f"] or [np.empty(0)])
    return flat[np.isfinite(flat) & (flat != np.round(flat))]


_Patterns = tuple[tuple[NamedMistake, Callable[[Sequence[Observation]], bool]], ...]
#: The most telling first.
_BY_VALUE: _Patterns = (
    (EARLIER, _is_answer_of_earlier_call),
    (TRANSPOSED, _is_transposed),
    (FLAT, _is_flat),
    (OTHER_SHAPE, _has_other_shape),
)
#: Where more than one of these fits, neither is named.
_BY_INPUT: _Patterns = (
    (LARGE_VALUES, _has_overflow),
    (ONE_EXAMPLE, _is_right_for_one_example),
    (BATCH, _is_right_for_a_batch),
    (SQUARE, _is_right_for_squares),
)
