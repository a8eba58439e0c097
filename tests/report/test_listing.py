"""A listing is the student's source, word for word, with its marks; arrays are short, wrong entries marked."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from report.hostile import untimed

from grader.grading.grades import StudentCode
from grader.report.arrays import compare, shorten_array, split_wrong
from grader.report.listing import list_code

SOURCE = 'def f(x):\n    """Of x."""\n    return x / 2  # half\n'


def _text(code: StudentCode) -> str:
    lines = list_code(code, ()).lines
    return "\n".join("".join(word.text for word in line.words) for line in lines)


@untimed
@given(st.text(st.characters(exclude_characters="\r\x0c\x0b\x1c\x1d\x1e\x85\u2028\u2029"), max_size=60))
def test_a_listing_holds_each_character_of_the_source_once(text: str) -> None:
    assert _text(StudentCode("f", "hw1.py", 1, text)) == text


@pytest.mark.parametrize(("size", "is_coloured"), [(10, True), (70_000, False)])
def test_a_source_of_more_than_64_kb_is_plain(size: int, is_coloured: bool) -> None:
    code = StudentCode("f", "hw1.py", 1, SOURCE + "# " + "x" * size)
    inks = {word.ink for line in list_code(code, ()).lines for word in line.words}
    assert (inks > {""}) is is_coloured


@pytest.mark.parametrize("place", ["hw1.py", "hw1.ipynb, cell 5", ""])
def test_the_lines_where_it_stopped_are_marked_and_no_others(place: str) -> None:
    code = StudentCode("f", place, 7, SOURCE)
    where = f"{place}, line 9" if place else "line 9"
    found = list_code(code, {where, "other.py, line 8"})
    assert [line.number for line in found.lines if line.is_marked] == [9]
    assert found.has_marks


def test_arrays_have_four_digits_unless_they_differ_later_and_their_columns_stay_aligned() -> None:
    text = "[[ 1.7640523   0.40015721]\n [ 2.2408932  -0.97727788]]"
    assert shorten_array(text) == "[[  1.764  0.4002]\n [  2.241 -0.9773]]"
    assert compare("[0.12345678 2.]", "[0.12341111 2.]") == ("[0.1235 2]", "[0.1234 2]")


def test_the_wrong_entries_of_an_answer_are_marked_where_some_are_right() -> None:
    found = split_wrong("[1, 5, nan]", "[1, 2, 3]")
    assert [part.text for part in found if part.is_wrong] == ["5", "nan"]
    assert "".join(part.text for part in found) == "[1, 5, nan]"


@pytest.mark.parametrize("got", ["[4, 5, 6]", "[1, 2]", "None", "[1, 2, 3]"])
def test_nothing_is_marked_where_all_is_wrong_or_nothing_can_be_compared(got: str) -> None:
    assert not any(part.is_wrong for part in split_wrong(got, "[1, 2, 3]"))
