"""What a slip cost stays taken, whatever a person decides about single functions."""

from __future__ import annotations

from fractions import Fraction

from grader.classroom.decisions.overrides import Override
from grader.classroom.decisions.settling import Adjustments, apply_decisions
from grader.classroom.store.encoding import Brief, FunctionBrief
from grader.grading.grades import Slip
from grader.verdict import Verdict

SLIP = Slip("syntax", "hw.py, line 1", "-def f(x)\n+def f(x):", Fraction(2), ("double",))
FUNCTIONS = (FunctionBrief("double", Fraction(6), Fraction(6)), FunctionBrief("negate", Fraction(4), Fraction(4)))
GRADE = Brief(Fraction(8), Fraction(10), Verdict.PARTLY, FUNCTIONS, (), slips=(SLIP,))


def settled(*given: Override) -> Fraction | None:
    return apply_decisions(GRADE, Adjustments(given)).score


def test_without_decisions_the_score_is_the_graders() -> None:
    assert settled() == 8


def test_the_price_is_taken_from_the_sum_with_a_persons_points() -> None:
    assert settled(Override("negate", Fraction(1))) == 5


def test_no_score_falls_below_zero_for_a_slip() -> None:
    assert settled(Override("negate", Fraction(0)), Override("double", Fraction(1))) == 0


def test_a_whole_score_that_a_person_gives_is_the_whole_score() -> None:
    assert settled(Override("", Fraction(9))) == 9
