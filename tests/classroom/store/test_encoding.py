"""A grade comes back from the store as it went in."""

from __future__ import annotations

from fractions import Fraction

import msgspec
import numpy as np
import pytest
from report.sample_grades import mixed

from grader.classroom.store.encoding import decode_brief, decode_grade, encode_grade


def test_a_grade_survives_the_store() -> None:
    grade = mixed()
    assert repr(decode_grade(encode_grade(grade))) == repr(grade)  # by repr, since NaN is unlike itself


@pytest.mark.parametrize("score", [Fraction(1, 3), Fraction(100), None])
def test_points_stay_exact(score: Fraction | None) -> None:
    assert decode_grade(encode_grade(msgspec.structs.replace(mixed(), score=score))).score == score


def test_a_lone_surrogate_is_shown_as_an_escape() -> None:
    grade = msgspec.structs.replace(mixed(), submission="\udcff.py")
    assert decode_grade(encode_grade(grade)).submission == "\\udcff.py"


def test_numpys_numbers_come_back_as_pythons() -> None:
    grade = msgspec.structs.replace(mixed(), seconds=np.float32(0.5))
    assert type(decode_grade(encode_grade(grade)).seconds) is float


def test_a_brief_says_what_the_grade_says() -> None:
    grade = mixed()
    brief = decode_brief(encode_grade(grade))
    assert (brief.score, brief.verdict, brief.problems) == (grade.score, grade.verdict, grade.problems)
    assert [each.score for each in brief.functions] == [each.score for each in grade.functions]
