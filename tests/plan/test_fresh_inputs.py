"""Fresh inputs are drawn like what is promised, and like drawn cases; none is what a check asks or writes out."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from rubric.language import Course

from grader.checks.finding import show_value
from grader.plan.fresh_inputs import FreshInput, draw_fresh, in_order, in_turn, show_most_alike
from grader.plan.plan import Plan, Truths, all_questions, draw_plan
from grader.sandbox.sandbox import Sandbox

#: What is promised are numbers above zero; what goes wrong below shows in cases alone.
CASES = """\
  f:
    points: 4
    let: {{a: "uniform(1, 2, 3)"}}
    arguments: {{x: "uniform(1, 2, N)", y: "uniform(1, 2)"}}
    checks:
      - {{value: above, points: 2}}
      - {{value: below, points: 2, cases: [{case}]}}
"""
REFERENCE = "def f(x, y):\n    return np.abs(x) * y\n"
WRONG = "def f(x, y):\n    return x * y\n"


def course(folder: Path, box: Sandbox, case: str) -> Course:
    return Course(folder, box, CASES.format(case=case), REFERENCE)


def fresh(plan: Plan, name: str, draws: int = 2) -> list[FreshInput]:
    """All that may be asked afresh of a function, as each of its checks asks."""
    function = next(each.function for each in plan.functions if each.function.name == name)
    kinds = {(check.kind, check.measure.expect): check for check in reversed(function.checks) if check.points}
    return [each for check in kinds.values() for each in draw_fresh(plan, function, check, draws)]


@pytest.mark.usefixtures("lent")
@pytest.mark.parametrize(
    ("case", "is_shown"),
    [
        ('{x: "uniform(-2, -1, 3)"}', True),
        ('{x: "-a"}', True),
        ('{x: "-a", y: "uniform(3, 4)"}', True),
        ("{x: [-1.0, -2.0, -1.5]}", False),
        ('{x: "array([-1.0, -2.0, -1.5])"}', False),
        ('{x: "-a", y: 2.5}', False),
    ],
)
def test_a_case_is_drawn_anew_where_each_input_that_it_gives_is_drawn(
    case: str, is_shown: bool, tmp_path: Path, box: Sandbox
) -> None:
    graded = course(tmp_path, box, case).only(WRONG)
    assert graded.score == 2
    assert bool(graded.witnesses) is is_shown
    assert all("-" in witness.details.inputs["x"] for witness in graded.witnesses)
    assert all(witness.asked_by == ("below",) for witness in graded.witnesses)


def test_of_few_inputs_none_is_asked_that_a_check_asks(tmp_path: Path, box: Sandbox) -> None:
    plan = course(tmp_path, box, '{x: "-1.0*one_hot(2)", y: "integers(1, 3)"}').plan(1)
    asked = {tuple(question.inputs_shown.values()) for question in all_questions(plan)}
    drawn = [each for each in fresh(plan, "f", 40) if each.setting.case_of]
    assert drawn
    assert {tuple(each.question.inputs_shown.values()) for each in drawn}.isdisjoint(asked)


def test_inputs_for_another_call_are_not_asked_of_the_function(tmp_path: Path, box: Sandbox) -> None:
    """What is right for `f(-x)` need not be promised of `f(x)`."""
    case = '{x: "-a"}], call: "f(-x, y)", at: [two'
    plan = course(tmp_path, box, case).plan(1)
    assert [each for each in fresh(plan, "f") if each.setting.case_of] == []


def test_cases_of_a_check_without_points_are_not_asked(tmp_path: Path, box: Sandbox) -> None:
    """They tell mistakes apart, and nobody lost a point by them."""
    case = '{x: "-a"}]}\n      - {value: more, requires: values, cases: [{x: "-2*a"}'
    plan = course(tmp_path, box, case).plan(1)
    assert {each.setting.case_of for each in fresh(plan, "f") if each.setting.case_of} == {"below"}


def test_no_fresh_input_of_the_default_assignment_is_one_that_a_check_asks(plan: Plan) -> None:
    asked = {(q.function.name, *q.inputs_shown.values()) for q in all_questions(plan)}
    drawn = [each.question for planned in plan.functions for each in fresh(plan, planned.function.name, 3)]
    assert len(drawn) > 200
    assert [q for q in drawn if (q.function.name, *q.inputs_shown.values()) in asked] == []


def test_no_argument_that_a_hidden_case_writes_out_is_in_a_fresh_input(plan: Plan) -> None:
    """What two draws of all checks have in common was written out."""
    other = draw_plan(plan.assignment, plan.seed + 1)
    written = _hidden_arguments(plan) & _hidden_arguments(other)
    assert show_value(np.array([-9999.0, -10000.0, -9998.0])) in written
    names = [planned.function.name for planned in plan.functions]
    shown = {text for name in names for each in fresh(plan, name, 3) for text in each.question.inputs_shown.values()}
    assert written & shown == set()


def _hidden_arguments(plan: Plan) -> set[str]:
    """Arguments of cases that are hidden, as text; one-hot rows are any check's."""
    cases = [item for each in plan.functions for item in each.checks if item.check.cases and item.check.points]
    hidden = [question for item in cases if item.check.visibility == "hidden" for question in item.questions]
    return {text for q in hidden for text in q.inputs_shown.values() if set(text) & set("23456789")}


def test_those_with_a_yes_or_no_are_mixed_behind_two_to_which_yes_is_right(plan: Plan) -> None:
    drawn, truths = fresh(plan, "gradcheck_naive"), Truths(plan.assignment)
    questions = [each.question for each in in_turn(drawn, truths) if each.question.check.kind == "value"]
    due = [bool(truths.of(question)) for question in questions]
    assert due[:2] == [True, True]
    assert sum(before is not after for before, after in pairwise(due)) > 5
    later = {id(question): place for place, question in enumerate(questions[2:])}
    simplest = [later[id(each.question)] for each in in_order(drawn) if id(each.question) in later]
    assert sum(before > after for before, after in pairwise(simplest)) > 5
    sums = fresh(plan, "softmax")
    assert in_turn(sums, truths) == in_order(sums)


def test_one_input_has_all_its_digits(plan: Plan) -> None:
    """What rounds its argument is right for round numbers."""
    texts = [each.question.inputs_shown["x"] for each in fresh(plan, "softmax")]
    assert any(re.search(r"\.\d{6}", text) for text in texts)
    assert sum(not re.search(r"\.\d{6}", text) for text in texts) > 5


@pytest.mark.parametrize("due", [True, False])
def test_the_most_alike_input_has_the_same_shapes_and_sizes_of_numbers(plan: Plan, due: bool) -> None:
    every, truths = fresh(plan, "gradcheck_naive"), Truths(plan.assignment)
    drawn = [each for each in every if bool(truths.of(each.question)) is due]
    for each in drawn:
        beside = show_most_alike(each, [other for other in drawn if other is not each])
        if beside:
            assert beside["f"].split(":")[0] == each.question.inputs_shown["f"].split(":")[0]
            assert beside["x"].count(",") == each.question.inputs_shown["x"].count(",")
            assert beside != each.question.inputs_shown
