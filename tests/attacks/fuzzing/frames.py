"""Hostile replies: bodies of frames, whole lines of frames, and claims of what was read."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable
from functools import cache
from random import Random
from typing import Any

import numpy as np
from attacks.fuzzing import sources
from attacks.fuzzing.sources import Parts, bytearray_damaged, renamed

from grader.extraction.in_child import read_and_slice
from grader.grading.reading import required_by
from grader.plan.assignment import load_assignment
from grader.worker.shared.messages import frame
from grader.worker.shared.wire import DTYPES, Caps, encode

KINDS = (11, 12, 13, 14, 15, 16, 17)
#: Stands in a line for the nonce of the question.
NONCE = b"\0NONCE\0\xff"
_SIZES = (0, 1, 2, 255, 1024, 10_001, 1 << 16, 1 << 31, (1 << 32) - 1)
#: What claims are about: the functions of the default assignment.
ASKED = required_by(load_assignment("assignment1").rubric.functions)
NAMES = {b"f": b"softmax", b"g": b"sigmoid", b"h": b"forward"}
_TAGS = b"NTFiIfcsbltdano"


def draw(random: Random) -> Parts:
    """The body of one reply, and its kind."""
    return (("body", _body(random)), ("kind", bytes((random.choice(KINDS),))))


def draw_line(random: Random) -> Parts:
    """All that a child writes."""
    frames = [_frame(random, position) for position in range(random.choice((1, 2, 3, 6)))]
    made = b"".join(frames)
    return (("line", bytearray_damaged(random, made) if random.random() < 0.2 else made),)


def draw_claim(random: Random) -> Parts:
    """What is told of a submission that was read."""
    told = json.loads(random.choice(_claims()))
    text = json.dumps(_damaged(random, told))
    for _ in range(random.choice((0, 0, 0, 1, 2))):
        at = random.randint(0, len(text))
        text = text[:at] + random.choice(_PIECES) + text[at:]
    data = text.encode(errors="surrogatepass")
    return (("claim", bytearray_damaged(random, data) if random.random() < 0.3 else data),)


# --- bodies ---


def _body(random: Random) -> bytes:
    if random.random() < 0.4:
        return _tagged(random, 0)
    whole = random.choice(_valid())
    made = bytearray(whole)
    for _ in range(random.choice((0, 1, 1, 1, 2, 5))):
        random.choice(_CHANGES)(random, made)
    return bytes(made)


def _flip(random: Random, made: bytearray) -> None:
    if made:
        made[random.randrange(len(made))] = random.getrandbits(8)


def _tag(random: Random, made: bytearray) -> None:
    if made:
        made[random.randrange(len(made))] = random.choice(_TAGS)


def _size(random: Random, made: bytearray) -> None:
    at = random.randint(0, len(made))
    made[at : at + 4] = struct.pack("<I", random.choice(_SIZES))


def _large(random: Random, made: bytearray) -> None:
    at = random.randint(0, len(made))
    made[at : at + 8] = struct.pack("<Q", random.choice((*_SIZES, 1 << 40, 1 << 63, (1 << 64) - 1)))


def _cut(random: Random, made: bytearray) -> None:
    del made[random.randint(0, len(made)) :]


def _splice(random: Random, made: bytearray) -> None:
    other = random.choice(_valid())
    made[random.randint(0, len(made)) :] = other[random.randint(0, len(other)) :]


_CHANGES: tuple[Callable[[Random, bytearray], None], ...] = (_flip, _flip, _tag, _size, _large, _cut, _splice)


def _count(random: Random, most: int) -> tuple[int, bytes]:
    """So many items, and what is said of it, mostly the same."""
    count = random.randint(0, most)
    return count, struct.pack("<I", count if random.random() < 0.95 else random.choice(_SIZES))


def _tagged(random: Random, depth: int) -> bytes:
    """A value made of tags, right or nearly so."""
    tag = random.choice(_TAGS if depth else b"tttttld")
    if tag in b"lt":
        count, said = _count(random, 5)
        return bytes((tag,)) + said + b"".join(_tagged(random, depth + 1) for _ in range(0 if depth > 18 else count))
    if tag == ord("d"):
        count, said = _count(random, 3)
        items = [_tagged(random, depth + 1) for _ in range(0 if depth > 18 else 2 * count)]
        return b"d" + said + b"".join(items)
    if tag in b"sbIo":
        count, said = _count(random, 12)
        return bytes((tag,)) + said + random.randbytes(count)
    if tag == ord("a"):
        return _array(random)
    sizes = {"i": 8, "f": 8, "c": 16, "n": random.choice((2, 3, 5, 9, 17))}
    return bytes((tag,)) + random.randbytes(sizes.get(chr(tag), 0))


def _array(random: Random) -> bytes:
    code, ndim = random.randrange(16), random.choice((0, 1, 1, 2, 3, 32, 33, 255))
    shape = [random.choice((0, 1, 1, 2, 3, 3, 1 << 20, 1 << 40, 1 << 63)) if ndim > 3 or random.random() < 0.1 else 2
             for _ in range(ndim)]  # fmt: skip
    size = DTYPES[code].itemsize if code < len(DTYPES) else 8
    data = random.randbytes(min(size * int(np.prod(shape[:3], dtype=object)) if shape else size, 64))
    return bytes((ord("a"), code, ndim)) + struct.pack(f"<{ndim}Q", *shape) + data


@cache
def _valid() -> list[bytes]:
    """Bodies of honest replies."""
    random = Random(1)
    caps = Caps(1 << 20)
    values = [_value(random, 0) for _ in range(150)]
    replies: list[tuple[Any, ...]] = [(value, "printed\n") for value in values]
    replies += [("ValueError", "a text", "hw", 3, ""), ("E", "", None, None, "x"), ("no value",)]
    replies += [(([("hw", 3, "E", "text")], ["f"]), ""), (([1.0], {"k": 2}), "sigmoid"), (([], {}), "g")]
    return [encode(reply, caps) for reply in replies]


def _value(random: Random, depth: int) -> Any:
    if depth < 3 and random.random() < 0.4:
        inside = [_value(random, depth + 1) for _ in range(random.randint(0, 4))]
        return random.choice((inside, tuple(inside), {str(at): each for at, each in enumerate(inside)}))
    return random.choice(_PLAIN + tuple(np.full((2, 3), 3).astype(dtype) for dtype in DTYPES))


_PLAIN: tuple[Any, ...] = (
    None, True, False, 0, -1, 1 << 62, 1 << 900, 0.0, float("nan"), float("inf"), -0.0, 1j, complex("nan+infj"), "",
    "text", "\udc80", b"", b"\xff", np.float64(1), np.float32(2), np.bool_(True), np.complex64(1j), np.zeros((0, 3)),
    np.zeros(()), np.arange(6.0).reshape(2, 3), np.full(3, np.nan), np.array([True, False]), np.zeros((1,) * 20),
)  # fmt: skip


# --- lines ---


def _frame(random: Random, position: int) -> bytes:
    nonce = NONCE if random.random() < 0.95 else random.randbytes(8)
    kind = random.choice((13, 13, 13, 12, 14, 15, 17, 17, 16, 11, 10, random.getrandbits(8)))
    at = position if random.random() < 0.9 else random.getrandbits(32)
    body = _body(random) if random.random() < 0.5 else random.choice(_valid())
    made = frame(kind, at, nonce, body)
    return made if random.random() < 0.97 else struct.pack("<I", random.choice(_SIZES)) + made[4:]


# --- claims ---


_PIECES = ("[", "{", '"', "NaN", "1e999", "9" * 5000, "null", "\\ud800", "[" * 9000)


@cache
def _claims() -> list[bytes]:
    random = Random(2)
    wanted = [[each.name, each.file, list(each.also), ["for"]] for each in ASKED]
    drawn = (renamed(sources.draw(random), NAMES) for _ in range(60))
    told = (read_and_slice(["hw", list(parts), wanted, ["numpy"], {}]) for parts in drawn)
    return [each for each in told if each.startswith(b"[") and len(each) < 20_000]


_ODD: tuple[Any, ...] = (
    None, True, 0, -1, 1.5, 10**30, "", "softmax", "x" * 9000, "\udc80", "\x1b[0m", [], {}, [[]], {"f": 1}, [0, 0], 7,
    9**9,
)  # fmt: skip


def _damaged(random: Random, value: Any) -> Any:
    if random.random() < 0.02:
        return random.choice(_ODD)
    if isinstance(value, dict):
        keys = [key if random.random() > 0.02 else random.choice(("softmax", "hw", "\0", "")) for key in value]
        return dict(zip(keys, (_damaged(random, each) for each in value.values()), strict=True))
    return [_damaged(random, each) for each in value] if isinstance(value, list) else value
