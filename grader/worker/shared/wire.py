"""A child's values as bytes, and back. What can't be said here can't cross the wall.

A value is one tag byte and what the tag announces; arrays are 14 plain dtypes in C order, little-endian. No pickle,
no marshal, no eval: the decoder can build builtins, numpy arrays and tables of them, and nothing else. It checks every
announced size against the bytes that are there before it allocates, and raises `BadFrame` only, whatever the bytes are.

A frame is a header (length of the body, kind, position in the message, the request's nonce) and a body.
"""

from __future__ import annotations

import struct
import sys
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from .steps import Call, Inspect, Opaque, OutsideStub, Proxy, Ref, StoreValue, Stub, StudentFunction
from .tables import Table, flatten

MAX_DEPTH = 16
MAX_NODES = 10_000  # values inside a value
MAX_KEYS = 1_000  # in one dictionary: keys that collide cost the square of their number
MAX_INT_BYTES = 1_024
MAX_DIMENSIONS = 32
MAX_TYPE_NAME = 200
_MOST_PARTS = 10  # of a table

FRAME_HEADER = struct.Struct("<IBI8s")  # bytes of the body, kind, position, nonce

_NAMES = ("?", "b", "<i2", "<i4", "<i8", "B", "<u2", "<u4", "<u8", "<f2", "<f4", "<f8", "<c8", "<c16")
DTYPES = tuple(map(np.dtype, _NAMES))
_CODES = {dtype: code for code, dtype in enumerate(DTYPES)}
#: Some of these are other names for the plain ones on this platform, and some are wider.
_SCALARS = {dtype.type for dtype in map(np.dtype, (*DTYPES, *"lLqQgG"))}
_WIDER = {np.dtype("longdouble"): np.dtype("float64"), np.dtype("clongdouble"): np.dtype("complex128")}

_U32 = struct.Struct("<I")
_I64 = struct.Struct("<q")
_F64 = struct.Struct("<d")
_C128 = struct.Struct("<dd")
_HEADS = tuple(struct.Struct(f"<cBB{ndim}Q") for ndim in range(MAX_DIMENSIONS + 1))
_FLOAT64 = b"n" + bytes((_NAMES.index("<f8"),))


class BadFrame(ValueError):  # noqa: N818 - it says what the bytes are
    """These bytes are no frame of ours."""


class Caps(NamedTuple):
    """How much one value may hold."""

    bytes: int
    nodes: int = MAX_NODES
    keys: int = MAX_KEYS
    depth: int = MAX_DEPTH


# --- encoding ----------------------------------------------------------------------------------------------------


class _WireWriter:
    """Collects the parts of one value. Anything that is not plain becomes an `Opaque`."""

    def __init__(self, caps: Caps) -> None:
        self.parts: list[bytes] = []
        self.caps = caps
        self.nodes = caps.nodes - 1

    def write(self, value: Any, depth: int) -> None:
        writer = _WRITERS.get(type(value))
        if writer is None:
            writer = _write_scalar if type(value) in _SCALARS else _write_other
        writer(self, value, depth)

    def refuse(self, what: str) -> None:
        """Write an `Opaque` in place of a value that can't be sent."""
        self.parts += (b"o", *_text(what[:MAX_TYPE_NAME]))

    def reserve(self, count: int, depth: int) -> bool:
        """Whether a container at this depth may hold `count` values, which then count as written."""
        if depth >= self.caps.depth or count > self.nodes:
            return False
        self.nodes -= count
        return True


def _text(value: str) -> tuple[bytes, bytes]:
    data = value.encode("utf-8", "surrogatepass")
    return _U32.pack(len(data)), data


def _write_int(to: _WireWriter, value: int, depth: int) -> None:
    if -(1 << 63) <= value < 1 << 63:
        to.parts.append(b"i" + _I64.pack(value))
        return
    size = value.bit_length() // 8 + 1
    if size > MAX_INT_BYTES:
        to.refuse(f"int of {value.bit_length()} bits")
    else:
        to.parts.append(b"I" + _U32.pack(size) + value.to_bytes(size, "little", signed=True))


def _write_str(to: _WireWriter, value: str, depth: int) -> None:
    if len(value) > to.caps.bytes:
        to.refuse(f"str of {len(value)} characters")
    else:
        to.parts += (b"s", *_text(value))


def _write_bytes(to: _WireWriter, value: bytes, depth: int) -> None:
    if len(value) > to.caps.bytes:
        to.refuse(f"bytes, {len(value)} of them")
    else:
        to.parts += (b"b" + _U32.pack(len(value)), value)


def _write_items(to: _WireWriter, value: list[Any] | tuple[Any, ...], depth: int) -> None:
    if not to.reserve(len(value), depth):
        to.refuse(f"{type(value).__name__} that is too large or too deep ({len(value)} items)")
        return
    to.parts.append((b"l" if type(value) is list else b"t") + _U32.pack(len(value)))
    for item in value:
        to.write(item, depth + 1)


def _write_dict(to: _WireWriter, value: dict[Any, Any], depth: int) -> None:
    if not all(map(is_key, value)):
        to.refuse("dict with keys that are no plain values")
        return
    inside_keys = sum(len(key) for key in value if type(key) is tuple)
    fits = len(value) <= to.caps.keys and depth + 1 < to.caps.depth and 2 * len(value) + inside_keys <= to.nodes
    if not (fits and to.reserve(2 * len(value), depth)):
        to.refuse(f"dict that is too large or too deep ({len(value)} keys)")
        return
    to.parts.append(b"d" + _U32.pack(len(value)))
    # Keys first: there is room for all of them, while a value may still turn out too large.
    for item in (*value.keys(), *value.values()):
        to.write(item, depth + 1)


def is_key(key: Any) -> bool:
    """Whether a value may be a key of a dict that is sent."""
    if type(key) is tuple:
        return len(key) <= MAX_DIMENSIONS and all(is_key(item) and type(item) is not tuple for item in key)
    return type(key) in (str, float, bool, bytes, type(None)) or (type(key) is int and key.bit_length() < 64)


def _write_array(to: _WireWriter, value: np.ndarray[Any, Any], depth: int) -> None:
    code, shape = dtype_code(value.dtype), value.shape
    if code is None:
        to.refuse(f"array of {value.dtype}")
    elif len(shape) > MAX_DIMENSIONS or _room(shape) * DTYPES[code].itemsize > to.caps.bytes:
        to.refuse(f"array of {value.dtype}, shape {shape}: too large")
    else:
        head = _HEADS[len(shape)].pack(b"a", code, len(shape), *shape)
        to.parts += (head, value.astype(DTYPES[code], "C", copy=False).tobytes() if value.size else b"")


def _write_scalar(to: _WireWriter, value: np.generic, depth: int) -> None:
    code = dtype_code(value.dtype)
    assert code is not None
    to.parts.append(b"n" + bytes((code,)) + value.astype(DTYPES[code]).tobytes())


def _write_float64(to: _WireWriter, value: np.float64, depth: int) -> None:
    to.parts.append(_FLOAT64 + _F64.pack(value))


def _write_other(to: _WireWriter, value: Any, depth: int) -> None:
    """A named tuple is a pair like any other, a matrix an array: the base class's own methods see what it holds."""
    if isinstance(value, tuple):
        _write_items(to, tuple(tuple.__iter__(value)), depth)
    elif isinstance(value, np.ndarray) and not _is_masked(value):
        _write_array(to, np.ndarray.view(value, np.ndarray), depth)
    elif (table := flatten(value)) is not None:
        _write_table(to, table, depth)
    else:
        to.refuse(_type_name(value))


def _write_table(to: _WireWriter, value: Table, depth: int) -> None:
    """Its parts, one after the other: they are few, and each says itself where it is too large."""
    if not to.reserve(2 * len(value.parts), depth):
        to.refuse(value.form)
        return
    to.parts += (b"p", *_text(value.form), _U32.pack(len(value.parts)))
    for key, part in value.parts.items():
        to.write(key, depth + 1)
        to.write(part, depth + 1)


def _is_masked(value: np.ndarray[Any, Any]) -> bool:
    """Whether entries are hidden behind a mask: what stands there is no answer."""
    masked = sys.modules.get("numpy.ma")
    return masked is not None and isinstance(value, masked.MaskedArray) and masked.getmaskarray(value).any()


def _type_name(value: Any) -> str:
    name = type.__getattribute__(type(value), "__name__")
    return name if type(name) is str else "object"


def dtype_code(dtype: np.dtype[Any]) -> int | None:
    """The number of the plain dtype that holds the same numbers, or None. Extended precision is narrowed."""
    code = _CODES.get(dtype)
    if code is not None:
        return code
    dtype = dtype.newbyteorder("=")
    return _CODES.get(_WIDER.get(dtype, dtype))


def is_scalar(value: Any) -> bool:
    """Whether a value is one of numpy's numbers."""
    return type(value) in _SCALARS


def _room(shape: tuple[int, ...]) -> int:
    """Elements, counting empty dimensions as one: (0, 2**40) is refused like (1, 2**40)."""
    room = 1
    for size in shape:
        room *= max(size, 1)
    return room


def _constant(tag: bytes) -> Callable[[_WireWriter, Any, int], None]:
    return lambda to, value, depth: to.parts.append(tag)


_WRITERS: dict[type, Callable[[_WireWriter, Any, int], None]] = {
    type(None): _constant(b"N"),
    bool: lambda to, value, depth: to.parts.append(b"T" if value else b"F"),
    int: _write_int,
    float: lambda to, value, depth: to.parts.append(b"f" + _F64.pack(value)),
    complex: lambda to, value, depth: to.parts.append(b"c" + _C128.pack(value.real, value.imag)),
    str: _write_str,
    np.str_: lambda to, value, depth: _write_str(to, str(value), depth),
    bytes: _write_bytes,
    list: _write_items,
    tuple: _write_items,
    dict: _write_dict,
    np.ndarray: _write_array,
    np.float64: _write_float64,
    Table: _write_table,
    Opaque: lambda to, value, depth: to.refuse(value.type),
    # What a request is made of is no value, though these are tuples too.
    **dict.fromkeys(
        (StoreValue, Call, Inspect, Ref, Stub, OutsideStub, Proxy, StudentFunction),
        lambda to, value, depth: to.refuse(_type_name(value)),
    ),
}


def encode(value: Any, caps: Caps) -> bytes:
    """`value` as bytes. Whatever in it isn't plain or is over the caps becomes an `Opaque`."""
    writer = _WireWriter(caps)
    writer.write(value, 0)
    size = sum(map(len, writer.parts))
    if size > caps.bytes:
        writer.parts = []
        writer.refuse(f"{_type_name(value)} of {size} bytes: too large")
    return b"".join(writer.parts)


# --- decoding ----------------------------------------------------------------------------------------------------


class _WireReader:
    """Takes one value apart. Every method raises `BadFrame` when the bytes don't hold what they announce."""

    def __init__(self, data: bytes | bytearray, caps: Caps) -> None:
        self.data = data
        self.at = 0
        self.nodes = caps.nodes
        self.caps = caps

    def take(self, size: int) -> int:
        """Step over `size` bytes; where they begin."""
        start = self.at
        if size > len(self.data) - start:
            raise BadFrame("the bytes end too early")
        self.at = start + size
        return start

    def size(self) -> int:
        (size,) = _U32.unpack_from(self.data, self.take(4))
        return int(size)

    def raw(self) -> bytes:
        size = self.size()
        start = self.take(size)
        return bytes(self.data[start : start + size])

    def text(self) -> str:
        return self.raw().decode("utf-8", "surrogatepass")

    def read(self, depth: int) -> Any:
        self.nodes -= 1
        if self.nodes < 0 or depth > self.caps.depth:
            raise BadFrame("too many values, or too deep")
        reader = _READERS.get(self.data[self.take(1)])
        if reader is None:
            raise BadFrame("an unknown tag")
        return reader(self, depth)

    def count(self, cap: int) -> int:
        """How many items follow; each takes a byte at least."""
        count = self.size()
        if count > min(cap, len(self.data) - self.at):
            raise BadFrame("too many items")
        return count

    def items(self, count: int, depth: int) -> list[Any]:
        return [self.read(depth + 1) for _ in range(count)]

    def dtype(self) -> np.dtype[Any]:
        code = self.data[self.take(1)]
        if code >= len(DTYPES):
            raise BadFrame("an unknown dtype")
        return DTYPES[code]


def _read_int(source: _WireReader, depth: int) -> int:
    (value,) = _I64.unpack_from(source.data, source.take(8))
    return int(value)


def _read_big_int(source: _WireReader, depth: int) -> int:
    size = source.size()
    if size > MAX_INT_BYTES:
        raise BadFrame("an int that is too large")
    start = source.take(size)
    return int.from_bytes(source.data[start : source.at], "little", signed=True)


def _read_float(source: _WireReader, depth: int) -> float:
    (value,) = _F64.unpack_from(source.data, source.take(8))
    return float(value)


def _read_complex(source: _WireReader, depth: int) -> complex:
    return complex(*_C128.unpack_from(source.data, source.take(16)))


def _read_dict(source: _WireReader, depth: int) -> dict[Any, Any]:
    count = source.count(source.caps.keys)
    keys = source.items(count, depth)
    if not all(map(is_key, keys)):
        raise BadFrame("a key that is no plain value")
    return dict(zip(keys, source.items(count, depth), strict=True))


def _read_table(source: _WireReader, depth: int) -> Table:
    form, count = source.text(), source.count(_MOST_PARTS)
    items = source.items(2 * count, depth)
    if any(type(key) is not str for key in items[::2]):
        raise BadFrame("a table whose parts have no names")
    try:
        return Table(form, dict(zip(items[::2], items[1::2], strict=True)))
    except ValueError as problem:
        raise BadFrame(str(problem)) from None


def _read_array(source: _WireReader, depth: int) -> np.ndarray[Any, Any]:
    dtype = source.dtype()
    ndim = source.data[source.take(1)]
    if ndim > MAX_DIMENSIONS:
        raise BadFrame("too many dimensions")
    shape = struct.unpack_from(f"<{ndim}Q", source.data, source.take(8 * ndim))
    count = _room(shape)
    if count * dtype.itemsize > source.caps.bytes:
        raise BadFrame("an array that is too large")
    return _elements(source, dtype, count).reshape(shape) if 0 not in shape else np.empty(shape, dtype)


def _elements(source: _WireReader, dtype: np.dtype[Any], count: int) -> np.ndarray[Any, Any]:
    start = source.take(count * dtype.itemsize)
    elements: np.ndarray[Any, Any] = np.frombuffer(source.data, dtype, count, start).copy()  # aligned
    elements.flags.writeable = False  # what the same bytes say to many, none may change
    if dtype.kind == "b" and elements.view(np.uint8).max() > 1:
        raise BadFrame("a bool that is neither 0 nor 1")
    return elements


_READERS: dict[int, Callable[[_WireReader, int], Any]] = {
    ord("N"): lambda source, depth: None,
    ord("T"): lambda source, depth: True,
    ord("F"): lambda source, depth: False,
    ord("i"): _read_int,
    ord("I"): _read_big_int,
    ord("f"): _read_float,
    ord("c"): _read_complex,
    ord("s"): lambda source, depth: source.text(),
    ord("b"): lambda source, depth: source.raw(),
    ord("l"): lambda source, depth: source.items(source.count(source.caps.nodes), depth),
    ord("t"): lambda source, depth: tuple(source.items(source.count(source.caps.nodes), depth)),
    ord("d"): _read_dict,
    ord("a"): _read_array,
    ord("n"): lambda source, depth: _elements(source, source.dtype(), 1)[0],
    ord("p"): _read_table,
    ord("o"): lambda source, depth: Opaque(source.text()[:MAX_TYPE_NAME]),
}


def decode(data: bytes | bytearray, caps: Caps) -> Any:
    """The value that `data` holds, all of it. Raises `BadFrame` only."""
    source = _WireReader(data, caps)
    try:
        value = source.read(0)
    except (UnicodeDecodeError, struct.error) as problem:
        raise BadFrame(str(problem)) from None
    if source.at != len(data):
        raise BadFrame("bytes are left over")
    return value
