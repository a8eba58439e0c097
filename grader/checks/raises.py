"""raises: the call stops with the promised exception, or one that is derived from it."""

from __future__ import annotations

import builtins
from collections.abc import Sequence
from typing import Any

import numpy as np

from grader.checks.finding import PASSED, Finding, fail, show_later
from grader.checks.question import (
    Answer,
    FunctionsByName,
    Kind,
    Question,
    calling,
    no_value,
    specifics,
)
from grader.errors import RubricError, did_you_mean
from grader.rubric.check_keys import CALLED, DRAWN, Checks, FunctionScope
from grader.rubric.fields import Found
from grader.rubric.model import Check, Specifics
from grader.worker.shared.interpreter import run_here
from grader.worker.shared.steps import Call, Raised, Ref, Returned, Step, StoreValue, Stub, StudentFunction

#: Runs in the child, where classes of the student's own are known: gives the names of an exception that is right, and
#: lets any other one go on.
ATTEMPT = Stub(
    """
def attempt(wanted, function, /, *args, **words):
    try:
        function(*args, **words)
    except Exception as error:
        names = [kind.__name__ for kind in type(error).__mro__]
        if not set(wanted) & set(names):
            raise
        return True
    return False
""",
    "attempt",
    {},
)


class Expected(Specifics, frozen=True):
    """The exceptions that are right."""

    names: tuple[str, ...]


def read(reader: Checks, found: Found, around: FunctionScope) -> Expected:
    """`raises: ValueError`, or several with a comma: `raises: "TypeError, ValueError"`."""
    node = found["raises"]
    names = tuple(filter(None, (name.strip() for name in str(node.value).split(","))))
    for name in names:
        if not _is_exception(name):
            hint = did_you_mean(name, _known())
            reader.wrong(node.place, f"raises: {name!r} is no exception of Python's or numpy's{hint}")
    return Expected(names)


def _is_exception(name: str) -> bool:
    return name in _known()


def _known() -> Sequence[str]:
    kinds = (name for name, kind in vars(builtins).items() if isinstance(kind, type) and issubclass(kind, Exception))
    return (*kinds, np.linalg.LinAlgError.__name__)


def steps(question: Question) -> tuple[Step, ...]:
    """The call, whose exception is caught where it is raised."""
    once = calling(question, 1)
    last = once[-1]
    if not isinstance(last, Call):
        raise RubricError([question.check.place.flaw("raises: the last line of the call should be a call")])
    function = StudentFunction(last.function) if isinstance(last.function, str) else last.function
    attempt = Call(Ref(0), (list(specifics(question, Expected).names), function, *last.args), last.kwargs)
    return (StoreValue(ATTEMPT), *once[:-1], attempt)


def truth(question: Question, functions: FunctionsByName) -> Any:
    """Nothing; but the reference has to raise, too.

    Raises:
        RubricError: it doesn't.
    """
    last = run_here(question.steps, functions)[-1]
    if isinstance(last, Returned) and last.value is True:
        return None
    did = f"raises {last.type}: {last.text}" if isinstance(last, Raised) else "raises nothing"
    raise RubricError([question.check.place.flaw(f"the reference's {question.function.name} {did} here")])


def judge(question: Question, truth: Any, answer: Answer) -> Finding:
    """Whether it was raised."""
    due = " or ".join(specifics(question, Expected).names)
    shown = {"situation": question.situation.label, "inputs": question.show_inputs}
    last = answer.outcomes[-1]
    if isinstance(last, Returned) and all(isinstance(each, Returned) for each in answer.outcomes):
        return PASSED if last.value is True else fail("not_raised", note=f"Expected: {due}.", **shown)
    if isinstance(last, Raised):
        where = None if last.line is None else f"{last.module}:{last.line}"
        raised = f"{last.type}: {last.text}"
        return fail("raised_another", note=f"Expected: {due}.", raised=raised, where=where, **shown)
    return no_value(question, answer.outcomes) or fail("not_raised", actual=show_later(None), **shown)


def describe(check: Check) -> str:
    """What is raised."""
    assert isinstance(check.specifics, Expected)
    return f"The call stops with {' or '.join(check.specifics.names)}."


KIND = Kind(
    describe=describe,
    keys={**DRAWN, **CALLED},
    title_prefix="raises ",
    read=read,
    steps=steps,
    truth=truth,
    judge=judge,
    reasons={
        "not_raised": "The call should have raised an exception, and raised none.",
        "raised_another": "The call raised the wrong exception.",
    },
)
