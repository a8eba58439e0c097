"""What is sent as one is answered as if it were sent apart, and large questions go by themselves."""

from __future__ import annotations

import numpy as np
import pytest

from grader.grading.messages import batch_messages, concatenate
from grader.sandbox.sandbox import Message, make_message
from grader.worker.shared.interpreter import run_here
from grader.worker.shared.steps import Call, Inspect, Ref, Step, StoreValue


def of_size(numbers: int) -> Message:
    return make_message([StoreValue(np.zeros(numbers))])


SMALL, HALF, LARGE, EMPTY = of_size(10), of_size(20_000), of_size(40_000), make_message([])


@pytest.mark.parametrize(
    ("messages", "sent"),
    [
        ([SMALL] * 5, [5]),
        ([SMALL, LARGE, SMALL], [1, 1, 1]),
        ([HALF, HALF], [1, 1]),
        ([HALF, SMALL, SMALL, HALF, SMALL], [3, 2]),
        ([SMALL, EMPTY, SMALL], [2]),
        ([EMPTY], []),
        ([], []),
    ],
)
def test_small_messages_go_together_and_large_ones_alone(messages: list[Message], sent: list[int]) -> None:
    parts = list(batch_messages(messages))
    assert [len(part) for part in parts] == sent
    assert [message for part in parts for message in part] == [each for each in messages if each.steps]


def test_each_message_is_answered_as_if_it_were_alone() -> None:
    lists: list[list[Step]] = [
        [Call("pair", (1,)), Inspect(Ref(0, (1,)))],
        [StoreValue([3, 4]), Call("pair", (), {"x": (Ref(0), 5)}), Call(Ref(1, (0, 0, ".copy"))), Inspect(Ref(0))],
        [Call("pair", (2,)), StoreValue((Ref(0, (0,)), 7)), Call("pair", ((1, (Ref(1),)),))],
    ]
    functions = {"pair": lambda x: (x, "second")}
    apart = [outcome for steps in lists for outcome in run_here(steps, functions)]
    assert list(run_here(concatenate([make_message(steps) for steps in lists]).steps, functions)) == apart
