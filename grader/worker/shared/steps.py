"""What can be asked of a child, and what comes back: the vocabulary that both processes share.

A message to a child is a list of steps. Every step fills the slot of its position with a value that stays in the
child, and has one outcome, which is told but for steps that store what was sent. A `Ref` in place of an argument, or in
a tuple, list or dict there, stands for (a part of) an earlier slot.
An outcome is never a verdict.

Named tuples rather than dataclasses: importing `dataclasses` costs more than the whole of this module.
"""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

#: None, bool, int, float, complex, str, bytes, list, tuple, dict, numpy arrays and scalars of the plain dtypes.
Value = Any


class Ref(NamedTuple):
    """What an earlier step of the same message left in its slot, or a part of it.

    `path` goes inwards: an int or str is an index or key, a str that starts with "." an attribute.
    """

    step: int
    path: tuple[int | str, ...] = ()


class Stub(NamedTuple):
    """A callable that goes into the child as source, with data bound by keyword; it holds no secret.

    `source` defines the function (or class) `name`, sees numpy as `np`, and nothing else. `formula` is how reports show
    it, with the names of its data in braces: it stays outside of the child.
    """

    source: str
    name: str
    data: dict[str, Value]
    formula: str = ""


class OutsideStub(NamedTuple):
    """A `Stub` whose source and data stay outside of the child: there it is a `Proxy` of the token's name.

    The token is drawn, and says nothing.
    """

    token: str
    stub: Stub


class Proxy(NamedTuple):
    """A function of the submission's name that the trusted side answers (a replaced helper)."""

    name: str


class StudentFunction(NamedTuple):
    """A required function of the submission itself, as an argument."""

    name: str


class StoreValue(NamedTuple):
    """Leave a value (or the callable of a `Stub`) in this step's slot, so that later steps can share one object."""

    value: Value | Stub


class Call(NamedTuple):
    """Call a required function by name, or what a `Ref` leads to (a method: path ending in ".name")."""

    function: str | Ref
    args: tuple[Value | Ref | Stub | OutsideStub | Proxy | StudentFunction, ...] = ()
    kwargs: dict[str, Value | Ref | Stub | OutsideStub | Proxy | StudentFunction] = {}  # noqa: RUF012 - a named tuple's default; nobody writes to it
    quiet: bool = False  #: the result stays in its slot: it is answered by None, for nobody looks at it


class Inspect(NamedTuple):
    """Say what a slot (or a part of it) holds now."""

    ref: Ref


Step = StoreValue | Call | Inspect


class Opaque(NamedTuple):
    """Stands in an answer for a thing that is no plain value; `type` names its type, as the child claims it."""

    type: str


class Returned(NamedTuple):
    """The step gave a value. `printed` is what the call wrote to stdout, bounded."""

    value: Value
    printed: str = ""


class Raised(NamedTuple):
    """The step raised. `module` and `line` are the innermost frame in the student's own source, where there is one."""

    type: str
    text: str
    module: str | None = None
    line: int | None = None
    printed: str = ""


class Ended(NamedTuple):
    """The child ended during this step, or was ended. `text` says it in words for a report."""

    how: Literal["timeout", "memory", "output", "died", "protocol"]
    text: str
    by_wall: bool = False  #: the wall clock ended it: a busy machine can bring that about


class Skipped(NamedTuple):
    """The step didn't run: what it refers to gave no value, or the child had ended before."""

    text: str


Outcome = Returned | Raised | Ended | Skipped
