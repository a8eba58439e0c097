"""A question that was not asked, or not answered, is evidence against whatever concludes from all answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pytest

from grader.authoring.in_process import run_all, with_variant
from grader.checks.question import Answer
from grader.extraction.model import Extraction
from grader.feedback.answer_digests import with_digests
from grader.feedback.diagnosis import diagnose
from grader.feedback.patterns import with_patterns
from grader.grading.answers import Answers
from grader.grading.carry_forward import CarriedRun
from grader.grading.placeholders import find_placeholder
from grader.grading.score import Diagnosis, grade_function
from grader.plan.plan import Plan, PlannedFunction
from grader.reference import Variant
from grader.worker.shared.steps import Ended, Raised

Given = dict[int, Answer]
SILENCE = Ended("timeout", "used more than 2 s of processor time in one call")


def planned_for(plan: Plan, name: str) -> PlannedFunction:
    return next(planned for planned in plan.functions if planned.function.name == name)


def known_mistake(plan: Plan, function: str) -> Variant:
    """A mistake that earns something."""
    return next(each for each in plan.assignment.reference.of("mistake", function) if each.credit)


def explained(plan: Plan, planned: PlannedFunction, given: Mapping[int, Answer]) -> Diagnosis | None:
    name = planned.function.name
    return diagnose(plan, frozenset({name}), Answers(dict(given), {}, (), frozenset()), {}).get(name)


def without(given: Given, question: int) -> Given:
    return {key: answer for key, answer in given.items() if key != question}


def silent(given: Given, question: int) -> Given:
    return given | {question: Answer((*given[question].outcomes[:-1], SILENCE))}


@pytest.mark.parametrize("missing", [without, silent], ids=["not asked", "not answered"])
@pytest.mark.parametrize("name", ["softmax", "sigmoid", "cross_entropy", "softmax_cross_entropy_grad", "forward"])
def test_no_mistake_earns_anything_where_a_single_answer_is_missing(
    name: str, missing: Callable[[Given, int], Given], plan: Plan
) -> None:
    planned, mistake = planned_for(plan, name), known_mistake(plan, name)
    given = run_all(planned, with_variant(plan, mistake))
    found = explained(plan, planned, given)
    assert found is not None
    assert found.mistake == mistake
    assert found.credit > 0
    assert [key for key in given if explained(plan, planned, missing(given, key)) is not None] == []


def test_a_value_out_of_range_is_no_exception_out_of_turn(plan: Plan) -> None:
    """Where a check says what it expects, whoever stops there doesn't commit the mistake that gives another value."""
    planned = planned_for(plan, "cross_entropy")
    expecting = {id(q) for item in planned.checks if item.check.measure.expect is not None for q in item.questions}
    name = "a true class with probability zero that costs little or nothing"
    [mistake] = [each for each in plan.assignment.reference.of("mistake", "cross_entropy") if each.name == name]
    given = run_all(planned, with_variant(plan, mistake))
    stopped = {key: Answer((Raised("ValueError", ""),)) if key in expecting else given[key] for key in given}
    assert explained(plan, planned, given) is not None
    assert explained(plan, planned, stopped) is None


def graded(plan: Plan, planned: PlannedFunction, given: Given) -> list[str]:
    """The behaviours that are told of these answers."""
    answers, nothing = Answers(given, {}, (), frozenset()), Extraction({}, {"softmax": ("", "")}, {}, {}, (), ())
    grade = grade_function(planned, plan, nothing, answers)
    [found] = with_patterns(plan, nothing, answers, {}, [grade])
    return [mistake.name for mistake in found.mistakes]


def test_no_behaviour_is_told_where_an_answer_is_missing(plan: Plan) -> None:
    def one_row(x: np.ndarray) -> np.ndarray:
        right: np.ndarray = plan.assignment.reference.functions["softmax"](x)
        return right + (x.ndim > 1 and len(x) > 1)

    planned = planned_for(plan, "softmax")
    given = run_all(planned, {**plan.assignment.reference.functions, "softmax": one_row})
    assert graded(plan, planned, given) == ["right for one example, not for a batch"]
    asked = [
        id(q) for item in planned.checks if item.check.points and item.kind.compares_result for q in item.questions
    ]
    assert [graded(plan, planned, without(given, key)) for key in asked] == [[]] * len(asked)


def test_nothing_counts_as_not_filled_in_where_an_answer_is_missing(plan: Plan) -> None:
    planned, nothing = planned_for(plan, "softmax"), Extraction({}, {"softmax": ("", "")}, {}, {}, (), ())
    given = run_all(planned, {**plan.assignment.reference.functions, "softmax": np.zeros_like})

    def told(answers: Given) -> str | None:
        return find_placeholder(planned, Answers(answers, {}, (), frozenset()), nothing)

    assert "nothing but zeros" in str(told(given))
    asked = [
        id(q) for item in planned.checks if item.check.points and item.kind.compares_result for q in item.questions
    ]
    assert [told(silent(given, key)) for key in asked] == [None] * len(asked)


def test_a_check_of_which_a_question_was_not_asked_has_no_sketch(plan: Plan) -> None:
    """Two students who weren't asked the same didn't answer the same."""
    planned, nothing = planned_for(plan, "softmax"), Extraction({}, {"softmax": ("", "")}, {}, {}, (), ())
    given = run_all(planned, {**plan.assignment.reference.functions, "softmax": lambda x: x})

    def sketched(given: Given) -> set[str]:
        answers = Answers(given, {}, (), frozenset())
        [found] = with_digests(plan, answers, {}, [grade_function(planned, plan, nothing, answers)])
        return {check.title for check in found.checks if check.sketch is not None}

    [several] = [item for item in planned.checks if item.check.title == "a batch of rows"]
    assert several.check.title in sketched(given)
    assert several.check.title not in sketched(without(given, id(several.questions[-1])))


def test_a_check_without_points_that_one_run_was_not_asked_shifts_no_points(plan: Plan) -> None:
    """Own and carried answers are held together by the check: by its place, a wrong function once got full marks."""
    for planned in plan.functions:
        name, checks = planned.function.name, sorted(planned.checks, key=lambda item: bool(item.check.points))
        first, found = (
            PlannedFunction(planned.function, tuple(checks)),
            Extraction({}, {name: ("", "")}, {}, {}, (), ()),
        )
        paid = {id(question) for item in checks if item.check.points for question in item.questions}
        for mistake in plan.assignment.reference.of("mistake", name):
            given = run_all(first, with_variant(plan, mistake))
            answers = Answers(given, {}, (), frozenset())
            again = CarriedRun(
                Answers({key: given[key] for key in paid}, {}, (), frozenset()), ("helper",), blamed=False
            )
            alone = grade_function(first, plan, found, answers)
            carried = grade_function(first, plan, found, answers, again)
            assert [(c.title, c.score) for c in alone.checks] == [(c.title, c.score) for c in carried.checks], (
                mistake.name
            )
