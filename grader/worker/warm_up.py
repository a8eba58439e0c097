"""Do in the zygote, a few times, what every child will do: a fork inherits what Python has learnt about its code.

Since 3.11 Python rewrites instructions that have run often (PEP 659), and makes the classes of `ast` when they are
first needed. Done in a child, both cost it time and copies of pages, again for each submission.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from .loading import SubmissionLoader
from .shared import messages
from .shared.interpreter import StepRunner, reported_value
from .shared.requests import decode_request, encode_request
from .shared.steps import Call, Inspect, Ref, StoreValue

_TIMES = 9
_SOURCE = '''
"""A module."""
from __future__ import annotations
import numpy as np
from numpy import exp, log as ln


class Model:
    size: int = 3

    def __init__(self, weights=None):
        self.weights = weights or {}


def softmax(x, axis=-1):
    """Rows of probabilities."""
    if x.ndim > 1 and not x.size == 0:
        x = x - np.max(x, axis=axis, keepdims=True)
    else:
        raise ValueError(f"wrong {x.shape}")
    for i, row in enumerate(x):
        x[i, :] += 0 * row
    return np.exp(x) / [total for total in np.sum(np.exp(x), axis=axis)][0]


if __name__ == "__main__":
    try:
        print(softmax(np.zeros(3)), lambda a, *b, **c: a @ b)
    except (ValueError, TypeError):
        pass
'''


def warm_up(read_upload: Callable[[Any], bytes]) -> Iterator[None]:
    """Read a submission, compile, read a request, call, and write a reply; one time after the other."""
    io.TextIOWrapper(io.BufferedWriter(io.BytesIO()), "utf-8", "backslashreplace").flush()  # as `capture` does
    sizes = messages.reply_sizes(1 << 16, 1 << 20)
    array = np.arange(6.0).reshape(2, 3)
    steps = [
        StoreValue(array),
        Call("f", (array, 0.5, Ref(0)), {"axis": 1}),
        Call("f", (array,), quiet=True),
        Inspect(Ref(0)),
    ]
    request = encode_request(steps)
    wanted = [(name, None, (), ()) for name in ("softmax", "missing")]
    task: list[Any] = ["", [("rehearsal.py", _SOURCE.encode())], wanted, (), {}]
    for _ in range(_TIMES):
        read_upload(decode_request(bytearray(encode_request(task))))
        list(SubmissionLoader({"rehearsal": _SOURCE}, ()).statements("rehearsal", _SOURCE))
        bench = StepRunner(
            lambda name: lambda *args, **kwargs: (args[0], np.sum(args[0]), [1, "a", None, True, {"k": 1.0}])
        )
        for step in decode_request(bytearray(request)):
            messages.body_of(reported_value(step, bench.perform(step)), ("",), sizes)
        yield
