"""A grade as bytes: how it travels between processes and rests in the store."""

from __future__ import annotations

import zlib
from fractions import Fraction
from functools import lru_cache
from typing import Any

import msgspec
import numpy as np

from grader.grading.grades import Grade, Problem, Slip
from grader.report.sanitize import escape_surrogates
from grader.verdict import Verdict


class FunctionBrief(msgspec.Struct, frozen=True):
    """What a gradebook says of a function."""

    name: str
    max_score: Fraction
    score: Fraction | None
    remarks: tuple[str, ...] = ()


class Brief(msgspec.Struct, frozen=True):
    """What a gradebook says of a grade."""

    score: Fraction | None
    max_score: Fraction
    verdict: Verdict
    functions: tuple[FunctionBrief, ...]
    problems: tuple[Problem, ...]
    reason: str = ""  #: why the verdict is open, where that isn't a person's points
    sources: str = ""
    slips: tuple[Slip, ...] = ()

    @property
    def taken(self) -> Fraction:
        """What its slips cost together."""
        return sum((slip.price for slip in self.slips), Fraction(0))


def encode_points(value: Any) -> Any:
    """What msgspec can't write by itself: points, and numpy's numbers."""
    if isinstance(value, Fraction):
        return f"{value.numerator}/{value.denominator}"
    if isinstance(value, np.generic):
        return value.item()
    raise TypeError(f"a grade holds no {type(value).__name__}")


def decode_points(kind: type, value: Any) -> Any:
    """Points, as they were written."""
    return _fraction(value) if kind is Fraction else value


_fraction = lru_cache(maxsize=10_000)(Fraction)  # a class has the same few points again and again


# MessagePack, not JSON: it holds NaN and infinity.
_ENCODER = msgspec.msgpack.Encoder(enc_hook=encode_points)
_DECODER = msgspec.msgpack.Decoder(Grade, dec_hook=decode_points)
_BRIEF = msgspec.msgpack.Decoder(Brief, dec_hook=decode_points)
_FAST = 1


def encode_grade(grade: Grade) -> bytes:
    """The grade, packed."""
    try:
        packed = _ENCODER.encode(grade)
    except UnicodeEncodeError:  # lone surrogates, which a submission may raise or print
        packed = _ENCODER.encode(_escape_all(grade))
    return zlib.compress(packed, _FAST)


def decode_grade(blob: bytes) -> Grade:
    """The grade that was packed."""
    return _DECODER.decode(zlib.decompress(blob))


def decode_brief(blob: bytes) -> Brief:
    """The little that a gradebook needs of the grade; the rest isn't even decoded, which is ten times as fast."""
    return _BRIEF.decode(zlib.decompress(blob))


def _escape_all(value: Any) -> Any:
    if type(value) is str:
        return escape_surrogates(value)
    if isinstance(value, tuple):
        return tuple(map(_escape_all, value))
    if isinstance(value, dict):
        return {_escape_all(key): _escape_all(each) for key, each in value.items()}
    if isinstance(value, msgspec.Struct):
        changed = {name: _escape_all(getattr(value, name)) for name in value.__struct_fields__}
        return msgspec.structs.replace(value, **changed)
    return value
