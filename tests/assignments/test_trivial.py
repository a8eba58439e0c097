"""A submission that does nothing earns nothing, on any function."""

from __future__ import annotations

import pytest
from conftest import GradeSource, by_name

from grader.authoring.trivial import BODIES, trivial_source
from grader.plan.assignment import bundled_rubrics, load_assignment
from grader.plan.plan import Plan
from grader.rubric.model import Rubric

#: `args[0]` of gradcheck_naive is a function; and what looks at it as an array must not fail for that alone.
RIGHT_SHAPES = """
def forward(x, W1, b1, W2, b2):
    n = 1 if x.ndim == 1 else len(x)
    return np.full((n, W1.shape[1]), 0.5), np.full((n, W2.shape[1]), 1 / W2.shape[1])
def forward_backward_prop(data, labels, params, dimensions):
    return np.log(dimensions[2]), np.zeros_like(params)
def input_grad(x, *rest):
    return np.zeros_like(x)
def cross_entropy(y, y_hat):
    return 1.0
def gradcheck_naive(f, x):
    return bool(np.random.rand() < 0.5)
"""


@pytest.mark.parametrize("what", BODIES)
def test_returning_this_earns_nothing(what: str, plan: Plan, grade_source: GradeSource) -> None:
    grade = grade_source(trivial_source(plan.rubric, BODIES[what]))
    assert {name: function.score for name, function in by_name(grade).items() if function.score} == {}


def test_right_shapes_without_right_values_earn_nothing(plan: Plan, grade_source: GradeSource) -> None:
    grade = grade_source(trivial_source(plan.rubric, "return np.zeros_like(args[0])") + RIGHT_SHAPES)
    assert grade.score == 0


def test_no_check_but_drawn_values_and_gradients_pays_by_itself(plan: Plan) -> None:
    rubric: Rubric = plan.rubric
    free = {
        check.kind
        for function in rubric.functions
        for check in function.checks
        if check.points and not check.needs_values
    }
    assert free == {"value", "gradient"}


#: Functions of plain numbers and text, those that the handout lets change their arrays, and a list of parameters.
NOTHING_TO_CHANGE = {
    "autograd": {"Value.backward", "Value.tanh", "Value.relu", "Value.exp", "Layer.parameters"},
    "cs224n_a1": {"softmax", "sigmoid", "sigmoid_grad", "normalizeRows", "sgd"},
    "notebook_basics": {"to_fahrenheit", "is_leap", "initials", "collatz_steps"},
    "numerics": {"newton", "bisection", "simpson"},
}


@pytest.mark.parametrize("name", bundled_rubrics())
def test_every_function_that_takes_arrays_is_asked_whether_it_leaves_them_alone(name: str) -> None:
    functions = load_assignment(name).rubric.functions
    unasked = {f.name for f in functions if f.arguments and all(c.kind != "unchanged" for c in f.checks)}
    assert unasked == NOTHING_TO_CHANGE.get(name, set())


def test_the_default_assignment_asks_at_most_165_questions(plan: Plan) -> None:
    checks = [check for planned in plan.functions for check in planned.checks if check.check.points]
    assert sum(len(check.questions) for check in checks) <= 165
