"""Calls of several lines: shared arguments, entries and attributes that are set, operators of a student's objects."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from rubric.language import Course

from grader.sandbox.sandbox import Sandbox

MakeCourse = Callable[[str, str], Course]


@pytest.fixture
def course(tmp_path: Path, box: Sandbox) -> MakeCourse:
    return lambda functions, reference: Course(tmp_path, box, functions, reference)


STATE = """\
  step:
    points: 2
    arguments: {x: "normal(N)", state: "{'n': integers(1, 9)}"}
    call: ["r = step(x, state)", "(r, state['n'])"]
    returns: {r: array, n: number}
    checks: [{value: the result, part: r, points: 1}, {value: the count, part: n, points: 1}]
"""
STEP = "def step(x, state):\n    state['n'] += 1\n    return state['n'] * x\n"


def test_what_a_call_does_to_an_argument_the_next_line_sees(course: MakeCourse) -> None:
    made = course(STATE, STEP)
    assert made.only(STEP).score == 2
    assert made.only("def step(x, state):\n    return (state['n'] + 1) * x\n").score == 1


def test_a_pick_of_the_last_line_that_fails_costs_its_own_part_alone(course: MakeCourse) -> None:
    made = course(STATE, STEP)
    assert made.only(STEP.replace("return state['n'] * x", "return state.pop('n') * x")).score == 1


NET = """\
  Net.loss:
    points: 3
    arguments: {W: "normal(M)", x: "normal(N, M)"}
    call: ["net = Net()", "net.params['W'] = W", "net.scale = 2.0", "net.loss(x)"]
    returns: number
    checks:
      - {value: the loss, points: 2}
      - {value: of the first row, call: ["…", "net.loss(x[:1])"], points: 1}
"""
NET_SOLVED = """
class Net:
    def __init__(self):
        self.params, self.scale = {}, 1.0
    def loss(self, x):
        return self.scale * np.sum(x @ self.params['W'])
"""


def test_lines_set_entries_and_attributes_of_their_objects(course: MakeCourse) -> None:
    made = course(NET, NET_SOLVED)
    assert made.only(NET_SOLVED).score == 3
    assert made.only(NET_SOLVED.replace("self.scale * np", "np")).score == 0
    assert made.only(NET_SOLVED.replace("np.sum(x @", "np.sum(x[:1] @")).score == 1


VALUE = """\
  Value.backward:
    points: 1
    arguments: {x: "normal()", y: "normal()"}
    call: ["a = Value(x)", "b = Value(y)", "c = a * b + a", "c.backward()", "(c.data, a.grad, b.grad)"]
    returns: {value: number, da: number, db: number}
    checks: [{value: all, points: 1}]
"""
VALUE_SOLVED = """
class Value:
    def __init__(self, data, parents=(), slopes=()):
        self.data, self.grad, self.parents, self.slopes = data, 0.0, parents, slopes
    def __add__(self, other):
        return Value(self.data + other.data, (self, other), (1.0, 1.0))
    def __mul__(self, other):
        return Value(self.data * other.data, (self, other), (other.data, self.data))
    def backward(self, out=1.0):
        self.grad += out
        for parent, slope in zip(self.parents, self.slopes):
            parent.backward(out * slope)
"""


def test_operators_are_those_of_their_objects_and_nodes_are_shared(course: MakeCourse) -> None:
    made = course(VALUE, VALUE_SOLVED)
    assert made.only(VALUE_SOLVED).score == 1
    assert made.only(VALUE_SOLVED.replace("self.grad += out", "self.grad = out")).score == 0


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("net._hidden = W", "isn't public"),
        ("import os", "is no expression"),
        ("net.params['W'] = q", "the name 'q' is unknown"),
        ("net.params['W'] += W", "is no expression"),
        ("lambda: W", "Lambda isn't allowed"),
    ],
)
def test_what_no_line_may_hold_is_said(course: MakeCourse, line: str, said: str) -> None:
    assert any(said in flaw for flaw in course(NET.replace("net.params['W'] = W", line), NET_SOLVED).flaws())


def test_the_last_line_has_to_give_the_result(course: MakeCourse) -> None:
    made = course(
        NET.replace('"net.loss(x)"]\n    returns', '"net.loss(x)", "net.scale = 3.0"]\n    returns'), NET_SOLVED
    )
    assert any("the last line of a call should be an expression" in flaw for flaw in made.flaws())
