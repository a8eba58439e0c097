"""Calls of several lines: shared arguments, entries and attributes that are set, operators of a student's objects."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from rubric.language import Course

from grader.sandbox.sandbox import Sandbox
from grader.verdict import Verdict

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


STACK = """\
  Stack.forward:
    points: 3
    arguments: {x: "normal(N)", a: "normal()", b: "normal()"}
    call:
      any:
        - ["s = Stack(a, b)", "s.forward(x)"]
        - ["s = Stack([a, b])", "s.forward(x)"]
        - ["s = Stack()", "s.add(a)", "s.add(b)", "s.forward(x)"]
    checks:
      - {value: all factors, points: 2}
      - {value: twice, call: ["…", "s.forward(s.forward(x))"], points: 1}
"""
STACK_SOLVED = """
class Stack:
    def __init__(self, *factors):
        self.factors = factors
    def forward(self, x):
        for factor in self.factors:
            x = factor * x
        return x
"""


def test_a_call_has_several_ways_of_which_the_one_that_fits_is_asked(course: MakeCourse) -> None:
    made = course(STACK, STACK_SOLVED)
    assert made.only(STACK_SOLVED).score == 3
    assert made.only(STACK_SOLVED.replace("*factors", "factors")).score == 3
    adding = STACK_SOLVED.replace("*factors", "").replace("self.factors = factors", "self.factors = []")
    assert made.only(f"{adding}    def add(self, factor):\n        self.factors.append(factor)\n").score == 3


def test_a_call_that_fits_no_way_or_never_ends_costs_its_points(course: MakeCourse) -> None:
    made = course(STACK, STACK_SOLVED)
    assert made.only(STACK_SOLVED.replace("*factors", "factors, names, more")).score == 0
    endless = made.only(STACK_SOLVED.replace("x = factor * x", "while True: pass"))
    assert (endless.score, endless.verdict) == (0, Verdict.TIMEOUT)
    assert made.only(STACK_SOLVED.replace("factor * x", "factor + x")).score == 0


@pytest.mark.parametrize(
    ("call", "text"),
    [
        ("{any: []}", "call: any: names no way"),
        ('{some: ["Stack(a, b).forward(x)"]}', "call has no key 'some'"),
        ('{any: ["Stack(a, b).forward(x)", "Stack([a, c]).forward(x)"]}', "the name 'c' is unknown"),
        ('{any: ["Stack(a, b).forward(x)", "Stack([a, b])"]}', "the call of Stack.forward never says forward"),
    ],
)
def test_a_flaw_in_a_way_of_a_call_is_told(course: MakeCourse, call: str, text: str) -> None:
    first, last = STACK.partition("    call:")[0], "    checks: [{value: all factors, points: 3}]\n"
    made = course(f"{first}    call: {call}\n{last}", STACK_SOLVED)
    assert any(text in flaw for flaw in made.flaws()), made.flaws()


SCOPE = """\
  no_grad:
    points: 2
    needs: [Net.forward]
    arguments: {x: "normal(N)"}
    call: ["net = Net()", "with no_grad(net) as inner: y = inner.forward(x); z = net.forward(y)", "(z, net.forward(x))"]
    returns: {within: array, after: array}
    checks: [{value: within, part: within, points: 1}, {value: after, part: after, points: 1}]
  Net.forward:
    points: 1
    arguments: {x: "normal(N)"}
    call: ["net = Net()", "with no_grad(net): net.forward(x)"]
    checks: [{value: v, points: 1}]
"""
SCOPE_SOLVED = """
class Net:
    scale = 2.0
    def forward(self, x):
        return self.scale * x
class no_grad:
    def __init__(self, net):
        self.net = net
    def __enter__(self):
        self.net.scale = 3.0
        return self.net
    def __exit__(self, *_):
        self.net.scale = 2.0
"""


def test_a_line_enters_a_with_runs_its_lines_and_leaves_it(course: MakeCourse) -> None:
    made = course(SCOPE, SCOPE_SOLVED)
    assert [each.score for each in made.grade(SCOPE_SOLVED).functions] == [2, 1]
    never_left = made.grade(SCOPE_SOLVED.replace("self.net.scale = 2.0", "pass")).functions
    assert [each.score for each in never_left] == [1, 1]
    never_entered = made.grade(SCOPE_SOLVED.replace("self.net.scale = 3.0", "pass")).functions
    assert [each.score for each in never_entered] == [1, 0]
