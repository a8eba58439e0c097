"""What a child says: values come through unchanged, and no bytes can do more than raise `BadFrame`."""

from __future__ import annotations

import contextlib
import struct
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from worker.plain import same, values

from grader.worker.shared.steps import Opaque, StoreValue
from grader.worker.shared.tables import Table
from grader.worker.shared.wire import MAX_DEPTH, MAX_NODES, BadFrame, Caps, decode, encode

CAPS = Caps(bytes=1 << 20)


def through(value: Any) -> Any:
    """What a child's claim looks like on this side."""
    return decode(encode(value, CAPS), CAPS)


@given(values)
def test_a_plain_value_comes_through_with_its_type_and_every_bit(value: object) -> None:
    assert same(through(value), value)


def test_a_reply_holds_no_steps() -> None:
    assert through([StoreValue(1)]) == [Opaque("StoreValue")]


@given(st.binary(max_size=200))
@example(b"a\x0b\x02" + struct.pack("<QQ", 0, 1 << 40))
@example(b"a\x0b\x02" + struct.pack("<QQ", 1 << 60, 1 << 60))
@example(b"a\x0b\xff")
@example(b"l\xff\xff\xff\xff")
@example(b"s\xff\xff\xff\x7f")
@example(b"I\xff\xff\xff\x7f")
@example(b"s\x01\x00\x00\x00\xff")
@example(b"l\x01\x00\x00\x00" * 100)
def test_garbage_raises_bad_frame_and_nothing_else(data: bytes) -> None:
    with contextlib.suppress(BadFrame):
        decode(data, CAPS)


@given(values, st.data())
def test_a_damaged_frame_gives_some_plain_value_or_bad_frame(value: object, data: st.DataObject) -> None:
    frame = bytearray(encode(value, CAPS))
    for _ in range(data.draw(st.integers(1, 3))):
        frame[data.draw(st.integers(0, len(frame) - 1))] = data.draw(st.integers(0, 255))
    try:
        damaged = decode(frame, CAPS)
    except BadFrame:
        return
    assert same(through(damaged), damaged)


@given(values)
def test_a_frame_that_is_cut_or_has_bytes_left_over_is_bad(value: object) -> None:
    frame = encode(value, CAPS)
    for wrong in (frame[:-1], frame + b"N"):
        with pytest.raises(BadFrame):
            decode(wrong, CAPS)


def test_an_announced_size_allocates_nothing() -> None:
    huge = b"a\x0b\x01" + struct.pack("<Q", 1 << 50)
    with pytest.raises(BadFrame):
        decode(huge, Caps(bytes=1 << 60))


def test_a_bool_is_zero_or_one() -> None:
    frame = bytearray(encode(np.array([True, False]), CAPS))
    frame[-1] = 2
    with pytest.raises(BadFrame):
        decode(frame, CAPS)


class Agrees(np.ndarray):
    """What a forger would return."""

    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = None


NOT_PLAIN = [
    (np.ma.masked_array([1.0], mask=[True]), "MaskedArray"),
    (type("Float", (float,), {})(1.0), "Float"),
    (type("Dict", (dict,), {})(), "Dict"),
    (lambda: None, "function"),
    (np.array(["text"]), "array of <U4"),
    (np.array([None]), "array of object"),
    (np.array([(1, 2.0)], dtype="i4,f8"), "array of [('f0', '<i4'), ('f1', '<f8')]"),
    (np.array(["2020-01-01"], dtype="M8[D]"), "array of datetime64[D]"),
    ({1, 2}, "set"),
    (1 << 100_000, "int of 100001 bits"),
    ({(1, (2,)): 0}, "dict with keys that are no plain values"),
    (np.broadcast_to(1.0, (1 << 20, 1 << 20)), "array of float64, shape (1048576, 1048576): too large"),
    (np.zeros((0, 1 << 40)), "array of float64, shape (0, 1099511627776): too large"),
    ("x" * (1 << 21), "str of 2097152 characters"),
]


@pytest.mark.parametrize(("value", "claimed"), NOT_PLAIN, ids=[claimed for _, claimed in NOT_PLAIN])
def test_what_is_not_plain_becomes_opaque(value: object, claimed: str) -> None:
    assert through([1, value]) == [1, Opaque(claimed)]


def test_a_claim_that_is_too_large_as_a_whole_becomes_opaque() -> None:
    assert isinstance(through([np.zeros(100_000)] * 2), Opaque)


def test_depth_and_number_of_values_are_capped_on_both_sides() -> None:
    deep: Any = 0
    for _ in range(MAX_DEPTH + 1):
        deep = [deep]
    assert "too deep" in str(through(deep))
    assert isinstance(through([0] * MAX_NODES), Opaque)
    assert len(through([0] * (MAX_NODES - 1))) == MAX_NODES - 1
    generous = Caps(bytes=1 << 20, nodes=1 << 20, depth=1 << 10)
    for value in (deep, [0] * MAX_NODES, [[0] * 5_000, [0] * 5_000]):
        with pytest.raises(BadFrame):
            decode(encode(value, generous), CAPS)


def test_a_value_that_contains_itself_ends() -> None:
    loop: list[Any] = []
    loop.append(loop)
    assert "too deep" in str(through(loop))


@pytest.mark.parametrize(
    ("sent", "seen"),
    [
        (np.longdouble(0.5), np.float64(0.5)),
        (np.array([1, 2], dtype=">i4"), np.array([1, 2], dtype="i4")),
        (np.array([0.5], dtype=np.longdouble), np.array([0.5])),
        (np.longlong(3), np.int64(3)),
        (np.str_("text"), "text"),
        (np.arange(6.0).reshape(2, 3).T, np.array([[0.0, 3.0], [1.0, 4.0], [2.0, 5.0]])),
    ],
)
def test_other_layouts_of_the_same_numbers_become_plain(sent: Any, seen: Any) -> None:
    assert same(through(sent), seen)


def test_what_a_child_said_can_not_be_changed_by_whoever_looks_at_it() -> None:
    with pytest.raises(ValueError, match="read-only"):
        through(np.zeros(3))[0] = 1


@pytest.mark.parametrize(
    "value",
    [
        np.arange(4.0).reshape(2, 2).view(np.matrix),
        np.arange(4.0).view(Agrees),
        np.ma.masked_array([1.0, 2.0]),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_kind_of_array_is_sent_as_the_plain_array_that_it_is(value: object) -> None:
    sent = through(value)
    assert type(sent) is np.ndarray
    assert np.array_equal(sent, np.asarray(value))


SERIES = {"values": np.arange(2.0), "kind": "f", "index": ("a", 1)}
GRID = {"shape": (2, 2), "row": np.array([0]), "column": np.array([1]), "values": np.ones(1)}
SPARSE = {**GRID, "format": "csr", "stored": 1, "is_array": True}


def test_tables_come_through_whole() -> None:
    for form, parts in (("Series", SERIES), ("sparse matrix", SPARSE)):
        told = decode(encode(Table(form, parts), Caps(1 << 20)), Caps(1 << 20))
        assert (told.form, same(told.parts, parts)) == (form, True)


@pytest.mark.parametrize(
    ("form", "parts"),
    [
        ("Frame", SERIES),
        ("Series", {**SERIES, "more": 1}),
        ("Series", {**SERIES, "index": ("a",)}),
        ("Series", {**SERIES, "index": ("a", np.zeros(2))}),
        ("Series", {**SERIES, "values": np.zeros((2, 1))}),
        ("Series", {**SERIES, "values": [np.zeros(2), 1], "kind": "O"}),
        ("Series", {**SERIES, "kind": "M"}),
        ("DataFrame", {"columns": ("x",), "data": [np.zeros(2), 3], "kinds": ["f", "f"], "index": (0, 1)}),
        ("DataFrame", {"columns": ("x",), "data": [3], "kinds": ["f"], "index": (0, 1)}),
        ("sparse matrix", {**SPARSE, "row": np.array([2])}),
        ("sparse matrix", {**SPARSE, "row": np.array([-1])}),
        ("sparse matrix", {**SPARSE, "shape": (2, 2, 2)}),
        ("sparse matrix", {**SPARSE, "format": "exe"}),
    ],
)
def test_a_table_whose_parts_do_not_fit_is_a_bad_frame(form: str, parts: dict[str, Any]) -> None:
    forged = Table("Series", SERIES)
    forged.form, forged.parts = form, parts
    with pytest.raises(BadFrame):
        decode(encode(forged, Caps(1 << 20)), Caps(1 << 20))
