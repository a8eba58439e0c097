"""What the grader asks, as bytes: JSON for the structure, and behind it the numbers of arrays, and files.

Only the grader writes requests and only a child reads them, so speed and plainness count here, and not distrust: see
`wire` for the other direction. JSON has no tuples, arrays or steps; each of these is an object with one key that says
what it is. A dict is a list of pairs under such a key, so the two can't be mixed up.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Callable
from typing import Any

import numpy as np

from .steps import Call, Inspect, OutsideStub, Proxy, Ref, StoreValue, Stub, StudentFunction
from .tables import Table, build, flatten
from .wire import DTYPES, MAX_DEPTH, dtype_code, is_key, is_scalar

#: What only a request holds: steps, and the arguments that aren't values. Those that are common have a short form.
_RECORDS: dict[type, str] = {kind: kind.__name__ for kind in (StoreValue, Inspect, Proxy, StudentFunction)}

_JSON = json.JSONEncoder(separators=(",", ":"))
_SIZE = struct.Struct("<I")  # bytes of the JSON text
_STEPS_DEPTH = 4  # a list of steps, a step, its arguments, a stub's data: what may stand around a value


class NotPlain(TypeError):  # noqa: N818 - it says what the value is
    """A value of ours that can't be sent: our own mistake, never a submission's."""


def encode_request(asked: Any) -> bytes:
    """A request as bytes. Raises `NotPlain` for anything but plain values and steps."""
    writer = _RequestWriter()
    text = _JSON.encode(writer.node(asked, 0)).encode("ascii")
    return b"".join((_SIZE.pack(len(text)), text, *writer.blocks))


def decode_request(data: bytes | bytearray) -> Any:
    """What `written` was given. Every array is new, can be written to, and owns its memory."""
    (size,) = _SIZE.unpack_from(data)
    text = data[_SIZE.size : _SIZE.size + size].decode("ascii")
    return json.loads(text, object_pairs_hook=_RequestReader(data, _SIZE.size + size).value)


class _RequestWriter:
    """Turns values into nodes that JSON can say, and collects the bytes of arrays and files."""

    def __init__(self) -> None:
        self.blocks: list[bytes] = []
        self._size = 0

    def node(self, value: Any, depth: int) -> Any:
        kind = type(value)
        if value is None or kind in (bool, int, float, str):
            return value
        if depth > MAX_DEPTH + _STEPS_DEPTH:
            raise NotPlain("a value that is too deep")
        if kind is list:
            return self._all(value, depth)
        if kind is np.ndarray or is_scalar(value):
            return {"array" if kind is np.ndarray else "scalar": self._array(np.asarray(value))}
        return self._other(value, depth)

    def _other(self, value: Any, depth: int) -> dict[str, Any]:
        kind = type(value)
        if kind is Ref:
            return {"ref": [value.step, *value.path]}
        if kind is Call:
            function, args = self.node(value.function, depth + 1), self._all(value.args, depth + 1)
            return {"call": [function, args, self._pairs(value.kwargs, depth + 1), value.quiet]}
        if kind is OutsideStub:
            return self._other(Proxy(value.token), depth)
        if kind is Stub:
            return {"stub": self._all((value.source, value.name, value.data), depth)}
        if kind is tuple or kind in _RECORDS:
            return {_RECORDS.get(kind, "tuple"): self._all(value, depth)}
        if kind is dict and all(map(is_key, value)):
            return {"dict": self._pairs(value, depth)}
        if kind is bytes:
            return {"bytes": [self._put(value), len(value)]}
        if kind is complex:
            return {"complex": [value.real, value.imag]}
        table = value if kind is Table else flatten(value)
        if table is not None:
            return {"table": [table.form, self._pairs(table.parts, depth + 1)]}
        raise NotPlain(f"a {kind.__name__}")

    def _all(self, values: Any, depth: int) -> list[Any]:
        return [self.node(item, depth + 1) for item in values]

    def _pairs(self, value: dict[Any, Any], depth: int) -> list[Any]:
        return [self._all(pair, depth) for pair in value.items()]

    def _array(self, value: np.ndarray[Any, Any]) -> list[int]:
        """Number of the dtype, place among all arrays' bytes, and shape."""
        code = dtype_code(value.dtype)
        if code is None:
            raise NotPlain(f"an array of {value.dtype}")
        data = value.astype(DTYPES[code], order="C", copy=False).tobytes()
        return [code, self._put(data), *value.shape]

    def _put(self, data: bytes) -> int:
        """Where among all bytes behind the text these will be."""
        place, self._size = self._size, self._size + len(data)
        self.blocks.append(data)
        return place


class _RequestReader:
    """Builds what an object of the JSON text stands for; JSON reads inner objects first."""

    def __init__(self, data: bytes | bytearray, start: int) -> None:
        self._data = data
        self._start = start
        self._builders: dict[str, Callable[[Any], Any]] = {
            "array": self._array,
            "scalar": lambda told: self._array(told)[()],
            "call": _call,
            "ref": lambda told: Ref(told[0], tuple(told[1:])),
            "tuple": tuple,
            "dict": dict,
            "bytes": self._bytes,
            "stub": lambda told: Stub(*told),
            "table": lambda told: build(Table(told[0], dict(told[1]))),
            "complex": lambda parts: complex(*parts),
            **{name: kind._make for kind, name in _RECORDS.items()},  # type: ignore[attr-defined]
        }

    def value(self, node: list[tuple[str, Any]]) -> Any:
        ((kind, told),) = node
        return self._builders[kind](told)

    def _bytes(self, told: list[int]) -> bytes:
        place, size = told
        return bytes(memoryview(self._data)[self._start + place :][:size])

    def _array(self, told: list[int]) -> np.ndarray[Any, Any]:
        code, place, *shape = told
        there: np.ndarray[Any, Any] = np.ndarray(shape, DTYPES[code], self._data, self._start + place)
        return there.copy()


def _call(told: list[Any]) -> Call:
    function, args, kwargs, quiet = told
    return Call(function, tuple(args), dict(kwargs), quiet)
