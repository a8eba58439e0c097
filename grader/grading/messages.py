"""Compose messages to a child: the steps of several questions behind each other, with references that still fit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from grader.checks.question import Question
from grader.sandbox.sandbox import Message, make_message
from grader.worker.shared.steps import Call, Inspect, Ref, Step, StoreValue, Value

_LARGE_BYTES = 1 << 18


def build_message(questions: Sequence[Question], forms: Sequence[int]) -> Message:
    """All questions to one function, each as its signature or way of a call has it.

    Raises `UnsayableError` where one holds anything but plain values.
    """
    return _build([question.steps_for(form) for question, form in zip(questions, forms, strict=True)])


def batch_messages(messages: Sequence[Message]) -> Iterator[tuple[Message, ...]]:
    """Messages to send as one, since waking a child costs more than a small call.

    Large ones go by themselves: a child keeps what it answered until it has answered the whole message. So do those
    with calls that we answer: there each is waited for.
    """
    taken: list[Message] = []
    for message in messages:
        large = sum(len(each.request) for each in taken) + len(message.request) > _LARGE_BYTES
        if taken and (large or message.outside or taken[-1].outside):
            yield tuple(taken)
            taken = []
        taken += [message] if message.steps else []
    if taken:
        yield tuple(taken)


def concatenate(messages: Sequence[Message]) -> Message:
    """Several messages as one."""
    return messages[0] if len(messages) == 1 else _build([message.steps for message in messages])


def _build(lists: Sequence[Sequence[Step]]) -> Message:
    found: list[Step] = []
    for steps in lists:
        found += [_shift(step, len(found)) for step in steps]
    return make_message(found)


def _shift(step: Step, by: int) -> Step:
    """The step as it stands in a message behind `by` others: references count from the message's start."""
    if isinstance(step, Inspect):
        return Inspect(_shift_value(step.ref, by))
    if isinstance(step, StoreValue):
        return StoreValue(_shift_value(step.value, by))
    if isinstance(step, Call):
        function = step.function if isinstance(step.function, str) else _shift_value(step.function, by)
        kwargs = {name: _shift_value(value, by) for name, value in step.kwargs.items()}
        return step._replace(
            function=function, args=tuple(_shift_value(value, by) for value in step.args), kwargs=kwargs
        )
    return step


def _shift_value(value: Value, by: int) -> Value:
    if type(value) in (tuple, list):
        return type(value)(_shift_value(item, by) for item in value)
    if type(value) is dict:
        return {key: _shift_value(item, by) for key, item in value.items()}
    return value._replace(step=value.step + by) if isinstance(value, Ref) else value
