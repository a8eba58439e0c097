"""Hostile text is shown, not obeyed, and harmless text is left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from report.hostile import unshowable, untimed

from grader.report.sanitize import BLOCK_LINES, BLOCK_WIDTH, LINE_LIMIT, block, columns, escape_surrogates, line

anything = st.text(st.characters(exclude_categories=()))


@pytest.mark.parametrize(
    ("planted", "shown"),
    [
        ("\x1b[2J", "\\x1b[2J"),
        ("\x9b31m", "\\x9b31m"),
        ("a\x00b\x07", "a\\x00b\\x07"),
        ("one\ntwo\rthree", "one\\ntwo\\rthree"),
        ("a\tb", "a   b"),
        ("\u202egnp", "\\u202egnp"),
        ("zero\u200bwidth\ufeff", "zero\\u200bwidth\\ufeff"),
        ("\u2028\u2029", "\\u2028\\u2029"),
        ("\ud800", "\\ud800"),
        ("\ufffe", "\\ufffe"),
        ("\U000e0041", "\\U000e0041"),
        ("\u3164", "\\u3164"),
    ],
)
def test_what_cannot_be_seen_is_shown_as_an_escape(planted: str, shown: str) -> None:
    assert line(planted) == shown


@pytest.mark.parametrize(
    "harmless", ["σ(x)·(1 − σ(x))", "naïve Größe", "日本語", "שלום", "\U0001f600", "❤\ufe0f", "a\\nb", "ก็่"]
)
def test_harmless_text_stays_as_it_is(harmless: str) -> None:
    assert line(harmless) == block(harmless) == harmless


@untimed
@given(anything)
def test_a_line_is_one_line_of_visible_characters(text: str) -> None:
    assert "\n" not in line(text)
    assert list(unshowable(line(text))) == []


@untimed
@given(anything)
def test_a_block_holds_no_control_character_but_its_line_ends(text: str) -> None:
    assert list(unshowable(block(text))) == []


@untimed
@given(st.text(st.characters(categories=["L", "N", "P", "Zs"]), max_size=LINE_LIMIT))
def test_letters_numbers_and_punctuation_of_all_scripts_stay(text: str) -> None:
    assert line(text) == text or set(text) & set("\u115f\u1160\u3164\uffa0")


def test_marks_are_not_stacked_over_the_lines_around() -> None:
    assert line("x" + "\u0301" * 6) == "x" + "\u0301" * 4 + "\\u0301\\u0301"


def test_a_long_line_is_cut_with_a_count() -> None:
    assert line("y" * 50_000) == "y" * LINE_LIMIT + f" ... ({50_000 - LINE_LIMIT:,} more characters)"


def test_a_long_block_is_cut_in_both_directions() -> None:
    shown = block("\n".join(["y" * 50_000] * 50 + ["y" * 500] * 4_950)).split("\n")
    assert len(shown) == BLOCK_LINES + 1
    assert max(map(len, shown)) < BLOCK_WIDTH + 60
    assert shown[-1] == f"... ({5_000 - BLOCK_LINES:,} more lines)"


def test_windows_line_ends_are_line_ends() -> None:
    assert block("one\r\ntwo\r\n") == "one\ntwo"


@untimed
@given(anything)
def test_text_without_surrogates_can_be_encoded_and_is_else_the_same(text: str) -> None:
    escape_surrogates(text).encode("utf-8")
    if not any(0xD800 <= ord(char) <= 0xDFFF for char in text):
        assert escape_surrogates(text) == text


@pytest.mark.parametrize(("text", "width"), [("abc", 3), ("日本", 4), ("é", 1), ("e\u0301", 1), ("\U0001f600", 2)])
def test_columns_are_those_of_a_terminal(text: str, width: int) -> None:
    assert columns(text) == width
