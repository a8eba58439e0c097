"""When something is late, and what that costs: the rubric's `late:`, and times as LMSs and people write them.

A deadline is a time on the wall clock of a place, so a day late ends at the same time on the next date there, whether
that day had 23, 24 or 25 hours. An hour is an hour. Wherever a wall clock shows a time twice or never, the reading
counts that costs the student nothing: the later one of a deadline, the earlier one of a submission.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Literal

import msgspec

Unit = Literal["day", "hour"]

_NUMBER = r"(\d{1,6}(?:\.\d{1,6})?)"
_AMOUNT = re.compile(rf"{_NUMBER} ?(%|points?)", re.ASCII)
_PENALTY = re.compile(rf"{_NUMBER} ?(%|points?) (?:per|a) (day|hour)", re.ASCII)
#: 2026-10-02 17:34, with seconds and a zone if you like: Z, +02:00, Europe/Berlin. Parts of a second are left out.
_TIME = re.compile(
    r"(20\d\d-\d\d-\d\d)[ T](\d\d:\d\d(?::\d\d)?)(?:\.\d+)? ?(Z|[-+][01]\d:?[0-5]\d|[A-Za-z][\w/+-]+)?", re.ASCII
)


class Amount(msgspec.Struct, frozen=True):
    """Points, or a share of all points that can be had."""

    number: Fraction
    is_share: bool

    def of(self, most: Fraction) -> Fraction:
        """In points, where so many can be had."""
        return self.number * most if self.is_share else self.number


class Late(msgspec.Struct, frozen=True):
    """The rubric's `late:`."""

    deadline: datetime  #: on the wall clock
    zone: str
    penalty: Amount  #: for each unit begun
    unit: Unit
    grace_seconds: float = 0.0
    cap: Amount | None = None
    bank: int = 0  #: days that each student has for the whole course, before any is charged

    @property
    def due(self) -> datetime:
        """The deadline as a moment."""
        return moment(self.deadline, self.zone)

    def begun(self, at: datetime, due: datetime) -> int:
        """How many days or hours have begun after `due`; none within the grace. A time lasts through its minute."""
        at = at.replace(second=0, microsecond=0)
        if at <= due + timedelta(seconds=self.grace_seconds):
            return 0
        if self.unit == "hour":
            return -((due - at) // timedelta(hours=1))
        from zoneinfo import ZoneInfo

        wall = due.astimezone(ZoneInfo(self.zone)).replace(tzinfo=None)
        days = max((at - due).days - 1, 0)
        while moment(wall + timedelta(days=days), self.zone) < at:
            days += 1
        return days

    def deduction(self, begun: int, most: Fraction) -> Fraction:
        """The points that it costs, where `most` can be had."""
        cost = begun * self.penalty.of(most)
        return cost if self.cap is None else min(cost, self.cap.of(most))


def moment(wall: datetime, zone: str) -> datetime:
    """When a wall clock shows this; the later time where it shows it twice, or never."""
    return max(_moments(wall, zone))


def _moments(wall: datetime, zone: str) -> tuple[datetime, ...]:
    from zoneinfo import ZoneInfo  # late: most rubrics have no deadline

    place = ZoneInfo(zone)
    return tuple(wall.replace(tzinfo=place, fold=fold).astimezone(UTC) for fold in (0, 1))


def is_zone(name: str) -> bool:
    """Whether a time zone is called so."""
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def read_wall_time(text: str) -> datetime | None:
    """`2026-10-02 17:00`, which says no zone; None where it is something else."""
    match = _TIME.fullmatch(" ".join(text.split()))
    return None if match is None or match[3] else _wall_time(match)


def read_time(text: str, zone: str) -> datetime | None:
    """The last moment that a text can tell, on the wall clock of `zone` where it names none; None where none."""
    found = _read_moments(text, zone)
    return max(found) if found else None


def read_time_of_submission(text: str, zone: str) -> datetime | None:
    """The first moment that a text can tell, as `read_time` otherwise."""
    found = _read_moments(text, zone)
    return min(found) if found else None


def _read_moments(text: str, zone: str) -> tuple[datetime, ...]:
    """All moments that a text can tell; none where it tells no time."""
    match = _TIME.fullmatch(" ".join(text.split()))
    wall = _wall_time(match) if match else None
    if match is None or wall is None:
        return ()
    said = match[3] or zone
    if said[0] in "+-":
        return (datetime.fromisoformat(f"{wall.isoformat()}{said}").astimezone(UTC),)
    name = "UTC" if said == "Z" else said
    return _moments(wall, name) if is_zone(name) else ()


def _wall_time(match: re.Match[str]) -> datetime | None:
    try:
        return datetime.fromisoformat(f"{match[1]}T{match[2]}")
    except ValueError:
        return None


def read_amount(text: str) -> Amount | None:
    """`50 %` or `20 points`; None where it is something else."""
    match = _AMOUNT.fullmatch(" ".join(text.split()))
    return _amount(match) if match else None


def read_penalty(text: str) -> tuple[Amount, Unit] | None:
    """`10 % per day` or `1 point per hour`; None where it is something else."""
    match = _PENALTY.fullmatch(" ".join(text.split()))
    return (_amount(match), "day" if match[3] == "day" else "hour") if match else None


def _amount(match: re.Match[str]) -> Amount:
    is_share = match[2] == "%"
    return Amount(Fraction(match[1]) / (100 if is_share else 1), is_share)
