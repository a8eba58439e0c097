"""What lateness costs: exact, on the wall clock of the deadline's place, and never more than the rubric says."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from grader.classroom.decisions.lateness import Lateness
from grader.rubric.late_penalty import (
    Amount,
    Late,
    Unit,
    moment,
    read_amount,
    read_penalty,
    read_time,
    read_time_of_submission,
    read_wall_time,
)
from grader.rubric.late_reader import why_unknown_zone

MOST = Fraction(100)
ZONES = st.sampled_from(["Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "UTC"])
#: Around the days on which clocks change.
WALLS = st.one_of(
    [
        st.datetimes(datetime(2026, month, 1), datetime(2026, month + 1, 28)).map(lambda at: at.replace(microsecond=0))
        for month in (3, 10)
    ]
)
AMOUNTS = st.builds(Amount, st.fractions(0, 1, max_denominator=50), st.just(True)) | st.builds(
    Amount, st.fractions(0, 60, max_denominator=10), st.just(False)
)
RULES = st.builds(
    Late,
    deadline=WALLS,
    zone=ZONES,
    penalty=AMOUNTS,
    unit=st.sampled_from(["day", "hour"]),
    grace_seconds=st.sampled_from([0.0, 900.0, 90000.0]),
    cap=st.none() | AMOUNTS,
)
DELAYS = st.integers(-100_000, 2_000_000).map(lambda seconds: timedelta(seconds=seconds))
SCORES = st.fractions(0, 110, max_denominator=12)


def rule(unit: Unit = "day", deadline: str = "2026-10-02 17:00", zone: str = "Europe/Berlin", grace: float = 0) -> Late:
    wall = read_wall_time(deadline)
    assert wall is not None
    return Late(wall, zone, Amount(Fraction(1, 10), True), unit, grace)


def begun(late: Late, at: str) -> int:
    moment_ = read_time(at, late.zone)
    assert moment_ is not None
    return late.begun(moment_, late.due)


@given(RULES, DELAYS, DELAYS, SCORES)
def test_who_hands_in_later_never_gets_more(late: Late, one: timedelta, other: timedelta, score: Fraction) -> None:
    earlier, later = sorted((late.due + one, late.due + other))
    assert Lateness(late, earlier).left(score, MOST) >= Lateness(late, later).left(score, MOST)


@given(RULES, DELAYS, SCORES)
def test_a_score_never_falls_below_zero_or_by_more_than_the_cap(late: Late, delay: timedelta, score: Fraction) -> None:
    left = Lateness(late, late.due + delay).left(score, MOST)
    assert 0 <= left <= score
    if late.cap is not None:
        assert score - left <= late.cap.of(MOST)


@given(RULES, DELAYS, DELAYS, SCORES)
def test_an_extension_never_lowers_a_score(late: Late, delay: timedelta, until: timedelta, score: Fraction) -> None:
    at = late.due + delay
    assert Lateness(late, at, until=late.due + until).left(score, MOST) >= Lateness(late, at).left(score, MOST)


@given(RULES, DELAYS, st.integers(0, 30), st.integers(0, 30), SCORES)
def test_more_late_days_in_the_bank_never_lower_a_score(
    late: Late, delay: timedelta, one: int, other: int, score: Fraction
) -> None:
    few, many = (Lateness(late, late.due + delay, bank=bank) for bank in sorted((one, other)))
    assert few.left(score, MOST) <= many.left(score, MOST)
    assert many.from_bank + many.charged == many.begun


@given(RULES, DELAYS)
def test_in_time_and_within_the_grace_nothing_is_late(late: Late, delay: timedelta) -> None:
    is_in_time, minute = delay <= timedelta(seconds=late.grace_seconds), timedelta(minutes=1)
    assert not (is_in_time and late.begun(late.due + delay, late.due))
    assert is_in_time or late.unit == "day" or late.begun(late.due + delay + minute, late.due) > 0


@given(WALLS, ZONES, st.integers(1, 40))
def test_a_day_late_ends_at_the_same_time_on_the_wall_whenever_clocks_change(wall: datetime, zone: str, n: int) -> None:
    assume(moment(wall, zone).astimezone(ZoneInfo(zone)).replace(tzinfo=None) == wall)
    late = Late(wall, zone, Amount(Fraction(1), False), "day")
    ends = moment(wall + timedelta(days=n), zone)
    assert late.begun(ends, late.due) == n
    assert late.begun(ends + timedelta(minutes=1), late.due) == n + 1


@given(WALLS, ZONES, st.integers(1, 900))
def test_an_hour_is_an_hour_whenever_clocks_change(wall: datetime, zone: str, n: int) -> None:
    late = Late(wall, zone, Amount(Fraction(1), False), "hour")
    assert late.begun(late.due + timedelta(hours=n), late.due) == n
    assert late.begun(late.due + timedelta(hours=n, minutes=1), late.due) == n + 1


@pytest.mark.parametrize(
    ("at", "days"),
    [
        ("2026-10-24 17:00", 0),
        ("2026-10-24 17:00:59", 0),
        ("2026-10-24 17:01", 1),
        ("2026-10-25 17:00", 1),  # 25 hours later: clocks were set back
        ("2026-10-25 17:00:59", 1),
        ("2026-10-25 17:01", 2),
        ("2026-10-25T15:59:00Z", 1),
    ],
)
def test_a_day_of_25_hours_is_a_day(at: str, days: int) -> None:
    assert begun(rule(deadline="2026-10-24 17:00"), at) == days


def test_a_deadline_lasts_through_its_minute() -> None:
    late = rule(deadline="2026-10-02 23:59")
    assert begun(late, "2026-10-02 23:59:59.9") == 0
    assert begun(late, "2026-10-03 00:00") == 1
    assert begun(late, "2026-10-03 23:59:59") == 1
    assert begun(late, "2026-10-04 00:00") == 2


def test_a_deadline_that_the_clock_shows_twice_is_the_later_one() -> None:
    late = rule("hour", "2026-10-25 02:30")
    assert late.due == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


def test_a_deadline_that_the_clock_never_shows_is_the_later_reading() -> None:
    assert rule("hour", "2026-03-29 02:30").due == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize(("time", "hour"), [("2026-10-25 02:30", 0), ("2026-03-29 02:30", 0)])
def test_a_submissions_time_that_the_clock_shows_twice_or_never_is_the_earlier_reading(time: str, hour: int) -> None:
    at = read_time_of_submission(time, "Europe/Berlin")
    assert at == datetime.fromisoformat(f"{time[:10]} 0{hour}:30+00:00")


@given(WALLS, ZONES)
def test_no_reading_of_a_submissions_time_costs_more_than_another(wall: datetime, zone: str) -> None:
    text = wall.strftime("%Y-%m-%d %H:%M:%S")
    first, last = read_time_of_submission(text, zone), read_time(text, zone)
    assert first is not None
    assert last is not None
    assert first <= last


def test_lateness_counts_from_the_deadline_once_the_grace_is_over() -> None:
    late = rule("hour", grace=900)
    assert (begun(late, "2026-10-02 17:15"), begun(late, "2026-10-02 18:01")) == (0, 2)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("2026-10-02 17:34:00.861687000 Z", "2026-10-02T17:34:00+00:00"),  # Gradescope's
        ("2026-10-02 17:34:00.861687 America/New_York", "2026-10-02T21:34:00+00:00"),  # nbgrader's
        ("2026-10-02 17:34:00 UTC", "2026-10-02T17:34:00+00:00"),
        ("2026-10-02T17:34+02:00", "2026-10-02T15:34:00+00:00"),
        ("2026-10-02 17:34 -0500", "2026-10-02T22:34:00+00:00"),
        ("2026-10-02 17:34", "2026-10-02T15:34:00+00:00"),
    ],
)
def test_times_are_read_as_lmss_write_them(text: str, wanted: str) -> None:
    found = read_time(text, "Europe/Berlin")
    assert found is not None
    assert found.isoformat() == wanted


@pytest.mark.parametrize(
    "text",
    [
        *("", "late", "1759426440", "2026-13-02 17:34", "2026-10-02", "02.10.2026 17:34", "2026-10-02 25:00"),
        *("2026-10-02 17:34 PDTX", "2026-10-02 17:34 America", "2026-10-02 17:34 ../../etc/passwd"),
        *("2026-10-02 17:34 +99:99", "2026-10-02 17:34 +02:00:00"),
    ],
)
def test_what_is_no_time_is_unknown(text: str) -> None:
    assert read_time(text, "Europe/Berlin") is None


def test_an_unknown_zone_says_what_to_do() -> None:
    assert "did you mean 'Europe/Berlin'?" in why_unknown_zone("Europe/Berlim", ["Europe/Berlin"])
    assert "say it like Europe/Berlin" in why_unknown_zone("CEST", ["Europe/Berlin"])
    assert "pip install tzdata" in why_unknown_zone("Europe/Berlin", [])


def test_amounts_are_exact() -> None:
    assert read_penalty("0.1 % per hour") == (Amount(Fraction(1, 1000), True), "hour")
    assert read_penalty("5 points per day") == (Amount(Fraction(5), False), "day")
    assert read_amount("50%") == Amount(Fraction(1, 2), True)
    assert [read_penalty(text) for text in ("10 %", "-1 % per day", "ten % per day", "1 % per week")] == [None] * 4


def test_what_is_taken_is_told_with_its_arithmetic() -> None:
    late = rule()
    told = Lateness(late, read_time("2026-10-03 18:30", late.zone)).told(Fraction(85), MOST)
    assert told == (
        "Handed in 2026-10-03 18:30 Europe/Berlin, the deadline was 2026-10-02 17:00 Europe/Berlin: 2 days begun. "
        "Each takes 10 points (10 % of 100): 85 - 20 = 65."
    )
