"""What the grader asks comes through with its types and every bit; what can't be sent is an error of ours."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from worker.plain import same, values

from grader.worker.shared.requests import NotPlain, decode_request, encode_request
from grader.worker.shared.steps import Call, Inspect, Opaque, Proxy, Ref, StoreValue, Stub, StudentFunction


def through(asked: Any) -> Any:
    """What a child is asked."""
    return decode_request(bytearray(encode_request(asked)))


@given(values)
def test_a_plain_value_comes_through_with_its_type_and_every_bit(value: object) -> None:
    assert same(through(value), value)


@given(st.lists(values, max_size=3))
def test_an_argument_comes_through_wherever_it_stands(arguments: list[object]) -> None:
    [step] = through([Call("f", tuple(arguments), {"k": arguments})])
    assert same(step.args, tuple(arguments))
    assert same(step.kwargs, {"k": arguments})


def test_steps_come_through() -> None:
    stub = Stub("def f(): pass", "f", {"off": np.float64(0.5)})
    call = Call("f", (Ref(0, (1, ".x")), stub, Proxy("g"), StudentFunction("h"), (Ref(0), 1)), {"k": Ref(0)})
    steps = [StoreValue([1]), call, Call(Ref(1), quiet=True), Inspect(Ref(0))]
    assert through(steps) == steps
    assert [type(step) for step in through(steps)] == [StoreValue, Call, Call, Inspect]


def test_what_reports_say_of_a_function_stays_outside_of_the_child() -> None:
    stub = Stub("def f(): pass", "f", {}, "the formula")
    assert through([StoreValue(stub)]) == [StoreValue(stub._replace(formula=""))]


@pytest.mark.parametrize("name", ["dict", "tuple", "array", "Call", "bytes"])
def test_a_dict_is_no_tuple_or_step_whatever_its_keys_are_called(name: str) -> None:
    assert through([{name: [1, 2]}]) == [{name: [1, 2]}]


@pytest.mark.parametrize("text", ["\ud800", "\U0001f600", "\x00", '"\\', "\u2028"])
def test_a_text_comes_through_whatever_is_in_it(text: str) -> None:
    assert through([text, {text: text}]) == [text, {text: text}]


def test_floats_come_through_to_the_last_bit_and_so_do_those_that_are_not_finite() -> None:
    sent = [0.1 + 0.2, -0.0, 5e-324, math.inf, -math.inf, math.nan]
    assert [value.hex() for value in through(sent)] == [value.hex() for value in sent]


def test_an_array_belongs_to_the_child_and_to_nothing_else() -> None:
    first, second = through([np.zeros(3), np.ones(3)])
    first += 1
    first.resize(5, refcheck=False)
    assert second.tolist() == [1, 1, 1]


@pytest.mark.parametrize(
    "value",
    [
        Opaque("set"),
        {1, 2},
        np.array(["text"]),
        np.array([None]),
        np.zeros((1, 1)).view(np.matrix),
        np.ma.masked_array([1.0]),
        type("Float", (float,), {})(1.0),
        {(1, (2,)): 0},
        len,
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_is_not_plain_can_not_be_asked(value: object) -> None:
    with pytest.raises(NotPlain):
        encode_request([Call("f", (value,))])


def test_a_value_that_contains_itself_can_not_be_asked() -> None:
    loop: list[Any] = []
    loop.append(loop)
    with pytest.raises(NotPlain, match="too deep"):
        encode_request(loop)
