"""Every id has file names of its own, on every system, whatever it holds."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from grader.classroom.intake.file_names import make_stem

ids = st.text(st.characters(), min_size=1, max_size=300)


def as_systems_see_it(name: str) -> str:
    """Windows and macOS fold case and normalise accents; Windows drops dots and blanks at the end."""
    return unicodedata.normalize("NFC", name).casefold().rstrip(". ")


@given(st.lists(ids, min_size=2, max_size=8, unique=True))
@example(["ada", "Ada", "ADA", "ada.", "ada "])
@example(["é", "e\u0301", "É"])
@example(["a\nb", "a b", "a/b", "a\\b", "../a"])
@example(["ß", "ss", "ſs"])
@example(["\udcff", "\\udcff"])
def test_two_ids_never_share_a_name(some: list[str]) -> None:
    assert len({as_systems_see_it(make_stem(each)) for each in some}) == len(some)


@given(ids)
@example("x" * 255)
@example("..")
@example("con")
@example("nul.txt")
@example("-rf")
def test_a_name_is_short_plain_and_no_device(student: str) -> None:
    stem = make_stem(student)
    assert stem.isascii()
    assert stem == stem.lower()
    assert stem.isprintable()
    assert 0 < len(stem) <= 60
    assert not set(stem) & set('/\\:*?"<>| ')
    assert stem[0].isalnum()
    assert stem.partition(".")[0] not in {"con", "prn", "aux", "nul", "com1", "lpt9"}


@given(ids)
def test_a_name_taken_for_an_id_leads_to_another_name(student: str) -> None:
    stem = make_stem(student)
    assert stem == student or make_stem(stem) != stem


@pytest.mark.parametrize("student", ["1234", "0042", "ada.byron", "ada@example.edu", "anon-x9", "no"])
def test_a_plain_id_is_its_own_name(student: str) -> None:
    assert make_stem(student) == student
