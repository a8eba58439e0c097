"""Points are never shown as more than they are, and each verdict has its words."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from report.hostile import untimed
from report.sample_grades import ALL, awaiting, check, nearly_full, not_graded

from grader.numeric.agreement import Worst
from grader.report import wording as words
from grader.report.formats import FORMATS
from grader.report.outline import tell_check
from grader.report.writing import render
from grader.verdict import OPEN, Verdict

amounts = st.fractions(0, 1000)


@untimed
@given(amounts, amounts)
def test_only_a_full_score_is_shown_as_one(value: Fraction, most: Fraction) -> None:
    if value < most and words.points(most) != "0":
        assert words.points(value, most) != words.points(most)


@untimed
@given(amounts)
def test_points_have_at_most_two_decimals_and_are_off_by_at_most_one_hundredth(value: Fraction) -> None:
    shown = words.points(value, value + 1)
    assert abs(Fraction(shown) - value) <= Fraction(1, 100)
    assert len(shown.partition(".")[2]) <= 2


@untimed
@given(amounts)
def test_a_full_score_is_shown_as_full(value: Fraction) -> None:
    assert words.points(value, value) == words.points(value)


@pytest.mark.parametrize("form", FORMATS)
def test_no_report_rounds_a_score_up_to_full(form: str) -> None:
    report = render(nearly_full(), form)
    assert "99.99" in report
    assert "100 of 100" not in report
    assert '"score": 100.0' not in report


def test_every_verdict_has_words_and_none_of_them_accuses() -> None:
    assert set(words.LABELS) == set(Verdict)
    said = " ".join([*words.LABELS.values(), words.HIDDEN, words.NOT_ISOLATED]).lower()
    assert [word for word in ("attack", "cheat", "illegal", "violation", "fault of yours") if word in said] == []


@pytest.mark.parametrize("verdict", OPEN)
def test_an_open_score_is_no_zero(verdict: Verdict) -> None:
    made = {Verdict.NOT_GRADED: not_graded, Verdict.AWAITING: awaiting}[verdict]()
    assert made.score is None
    assert not words.score_line(made).startswith("0")


@pytest.mark.parametrize("verdict", OPEN)
def test_an_open_score_is_not_coloured_as_a_lost_one(verdict: Verdict) -> None:
    assert words.tone(verdict) == "open"


def test_not_graded_says_whose_fault_it_is() -> None:
    assert "our fault, no points were taken" in words.LABELS[Verdict.NOT_GRADED]
    assert "no points were taken" in words.headline(not_graded())


@pytest.mark.parametrize("verdict", [*OPEN, Verdict.PASSED])
def test_advice_is_worth_a_look_only_where_something_was_seen(verdict: Verdict) -> None:
    line = tell_check(check("no loops", None, 0, verdict, advisory=True))
    assert (line.verdict, line.tone) == (words.LABELS[verdict], words.tone(verdict))


def test_what_awaits_a_person_shows_the_points_so_far() -> None:
    assert words.score_line(awaiting()) == "4 of 14 points so far"


@pytest.mark.parametrize("name", ALL)
def test_the_parts_of_a_grade_add_up(name: str) -> None:
    """Of the samples, that is: renderers show sums, they don't make them."""
    for each in ALL[name]().functions:
        if each.score is not None:
            assert sum(check.score or 0 for check in each.checks) + each.from_mistake == each.score


def test_the_worst_entry_is_told_with_its_place_and_distance() -> None:
    told = words.furthest_off(Worst(index=(1, 2), expected=0.5, actual=0.25, off=0.25, allowed=1e-5))
    assert told == "at [1, 2]: expected 0.5, returned 0.25; off by 0.25, allowed 1e-05"


def test_a_worst_entry_that_is_not_finite_is_told() -> None:
    told = words.furthest_off(Worst(index=(), expected=0.5, actual=float("nan"), off=float("nan"), allowed=0.0))
    assert told == "the number itself: expected 0.5, returned nan; off by nan, allowed 0"
