"""A submission that does nothing earns nothing, on any function."""

from __future__ import annotations

import pytest
from conftest import GradeSource, by_name

from grader.authoring.trivial import BODIES, trivial_source
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
