"""What the two processes say to each other, as frames of `wire`. Both sides use this file.

A request is one frame with a fresh nonce. Its replies are one frame for each thing asked, in order, and carry the same
nonce: an answer that was prepared before the question is none. Of a step that only stores what was sent there is none.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from .steps import Raised, Returned, Skipped
from .wire import FRAME_HEADER, MAX_DEPTH, MAX_KEYS, MAX_NODES, BadFrame, Caps, decode, encode

# Requests.
READ, LOAD, RUN, ANSWER, UNPACK = 1, 2, 3, 4, 5
#: Steps that may refer to those of the messages before, back to the last RUN.
GO_ON = 6
#: Have calls of these functions answered elsewhere from now on.
REPLACE = 7
# Replies.
SLICED, LOADED, RETURNED, RAISED, SKIPPED, FLOODED, CALLBACK, STARTED = 11, 12, 13, 14, 15, 16, 17, 18

#: The first frame of a child, before any code of a submission: it has locked itself in. And the first request to it.
READY, BEGIN = 10, 0

NONCE_BYTES = 8
MAX_TEXT = 2_000  # characters of an exception's text
MAX_NAME = 200  # and of its type's name
MAX_FAULTS = 100  # of loading
MAX_STARTED = 5_000  # statements of which is told that they begin
SLICED_BYTES = 8 << 20  # what is told of a submission that was read: source, and what a report says of it
TEXT_BYTES = 1 << 20  # an exception's text, or a list of faults


class Frame(NamedTuple):
    """One message, as it came."""

    kind: int
    position: int
    nonce: bytes
    body: bytearray


def frame(kind: int, position: int, nonce: bytes, body: bytes) -> bytes:
    """The bytes of one message."""
    return FRAME_HEADER.pack(len(body), kind, position, nonce) + body


class Sizes(NamedTuple):
    """How much a reply may carry."""

    output_bytes: int  # kept of what is printed
    result: Caps  # the value in a reply
    reply: Caps  # all of it: a value, and the text beside it


def reply_sizes(output_bytes: int, result_bytes: int) -> Sizes:
    """The sizes for a child that may print and return so much."""
    in_all = result_bytes + 4 * output_bytes + TEXT_BYTES  # 4 bytes a character, and a note that it was cut
    return Sizes(output_bytes, Caps(result_bytes), Caps(in_all, MAX_NODES + 1_000, MAX_KEYS, MAX_DEPTH + 1))


#: The types of each reply's fields; `object` is any plain value.
_FIELDS: dict[int, tuple[type | tuple[type, ...], ...]] = {
    LOADED: (tuple, str),
    RETURNED: (object, str),
    RAISED: (str, str, (str, type(None)), (int, type(None)), str),
    SKIPPED: (str,),
    FLOODED: (type(None),),
    CALLBACK: (tuple, str),
    STARTED: (tuple,),
}


def decode_fields(kind: int, body: bytes | bytearray, caps: Caps) -> tuple[Any, ...]:
    """The fields of a reply, their types checked. Raises `BadFrame`."""
    types = _FIELDS.get(kind)
    fields = decode(body, caps)
    if types is None or type(fields) is not tuple or len(fields) != len(types):
        raise BadFrame("not a reply")
    for field, allowed in zip(fields, types, strict=True):
        if allowed is not object and type(field) not in (allowed if isinstance(allowed, tuple) else (allowed,)):
            raise BadFrame("a field of the wrong type")
    return fields


def build_outcome(kind: int, fields: tuple[Any, ...]) -> Returned | Raised | Skipped:
    """The outcome that a reply to a step tells. Raises `BadFrame` for any other reply."""
    if kind == RETURNED:
        return Returned(*fields)
    if kind == RAISED:
        return Raised(*fields)
    if kind == SKIPPED:
        return Skipped(*fields)
    raise BadFrame("not the outcome of a step")


_SILENCE = encode("", Caps(bytes=TEXT_BYTES))  # most calls print nothing


def body_of(value: Any, texts: tuple[Any, ...], sizes: Sizes) -> bytes:
    """A reply of one value and what stands beside it. A value that is not plain, or too large, becomes an `Opaque`."""
    claim = encode(value, sizes.result)
    beside = [_SILENCE if text == "" else encode(text, sizes.reply) for text in texts]
    return b"".join((b"t", (1 + len(texts)).to_bytes(4, "little"), claim, *beside))
