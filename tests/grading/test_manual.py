"""What a person gives points for stands beside what was computed, and is open, never a zero, until they have."""

from __future__ import annotations

from fractions import Fraction

import pytest
from report.sample_grades import mixed, right

from grader.grading.manual import NO_COMMENT, GivenPoints, with_items
from grader.rubric.model import Manual
from grader.rubric.nodes import Place
from grader.verdict import Verdict

HERE = Place("rubric.yaml", 1, 1)
PROOF, PLOT = (Manual(name=name, place=HERE, promise=f"The {name}.", points=Fraction(5)) for name in ("proof", "plot"))


def test_without_items_a_grade_stays_as_it_is() -> None:
    assert with_items(mixed(), ()) == mixed()


def test_a_score_is_open_until_every_item_has_its_points() -> None:
    for given in ({}, {"proof": GivenPoints(Fraction(5))}):
        grade = with_items(right(), (PROOF, PLOT), given)
        assert (grade.score, grade.verdict) == (None, Verdict.AWAITING)
        assert grade.max_score == right().max_score + 10


def test_points_of_a_person_add_up_with_those_that_were_computed() -> None:
    grade = with_items(
        mixed(), (PROOF, PLOT), {"proof": GivenPoints(Fraction(3)), "plot": GivenPoints(Fraction(0), "Axes!")}
    )
    assert grade.score == (mixed().score or 0) + 3
    assert sum((each.score or Fraction(0) for each in grade.functions), Fraction(0)) == grade.score
    assert [check.message for each in grade.functions[-2:] for check in each.checks] == [NO_COMMENT, "Axes!"]


@pytest.mark.parametrize(
    ("points", "verdict"), [(5, Verdict.PASSED), (6, Verdict.PASSED), (1, Verdict.PARTLY), (0, Verdict.FAILED)]
)
def test_an_item_is_passed_partly_or_failed_by_its_points(points: int, verdict: Verdict) -> None:
    item = with_items(right(), (PROOF,), {"proof": GivenPoints(Fraction(points))}).functions[-1]
    assert (item.verdict, item.checks[0].verdict) == (verdict, verdict)
