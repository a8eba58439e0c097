"""What lateness costs one student, with its arithmetic in words."""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction
from typing import Literal
from zoneinfo import ZoneInfo

import msgspec

from grader.report.wording import points, so_many_points
from grader.rubric.late_penalty import Late

#: As the gradebook says it; a time that nobody knows is neither in time nor late.
State = Literal["", "late", "late, time unknown", "unknown"]
UNKNOWN: tuple[State, ...] = ("late, time unknown", "unknown")

_MARKED = "The LMS marks this as late, but doesn't say when it was handed in: nothing was taken for lateness."
_UNKNOWN = "When this was handed in isn't known: nothing was taken for lateness."


class Lateness(msgspec.Struct, frozen=True):
    """When something was handed in, and by what rule that is judged."""

    late: Late
    at: datetime | None  #: None: nobody knows
    is_marked: bool = False  #: the LMS says that it is late
    until: datetime | None = None  #: the student's own deadline
    bank: int = 0  #: late days that the student has left, other assignments apart

    @property
    def due(self) -> datetime:
        """The deadline that holds for this student; an extension never makes it earlier."""
        return max(self.late.due, self.until) if self.until else self.late.due

    @property
    def begun(self) -> int:
        """How many days or hours late; 0 where that isn't known."""
        return self.late.begun(self.at, self.due) if self.at else 0

    @property
    def from_bank(self) -> int:
        """How many of those the bank pays."""
        return min(self.begun, self.bank)

    @property
    def charged(self) -> int:
        """How many of those cost points."""
        return self.begun - self.from_bank

    @property
    def state(self) -> State:
        """In a word."""
        if self.at is None:
            return "late, time unknown" if self.is_marked else "unknown"
        return "late" if self.begun else ""

    def left(self, score: Fraction, most: Fraction) -> Fraction:
        """What is left of a score, where `most` can be had: never less than nothing."""
        return max(score - self.late.deduction(self.charged, most), Fraction(0)) if self.charged else score

    def told(self, score: Fraction, most: Fraction) -> str:
        """All of it in words; empty where there is nothing to say."""
        if self.at is None:
            return _MARKED if self.is_marked else _UNKNOWN
        if not self.begun:
            is_extended = self.until is not None and self.at > self.late.due
            return f"In time: your own deadline was {self._show_time(self.due)}." if is_extended else ""
        return " ".join(filter(None, (self._when(), self._paid(), self._sum(score, most))))

    def _when(self) -> str:
        assert self.at is not None
        units = f"{self.begun} {self.late.unit}{'s' if self.begun > 1 else ''}"
        whose = "your own deadline" if self.due > self.late.due else "the deadline"
        return f"Handed in {self._show_time(self.at)}, {whose} was {self._show_time(self.due)}: {units} begun."

    def _paid(self) -> str:
        if not self.late.bank:
            return ""
        left = self.bank - self.from_bank
        return f"Paid with late days: {self.from_bank}; then {left} of {self.late.bank} are left for the course."

    def _sum(self, score: Fraction, most: Fraction) -> str:
        if not self.charged:
            return ""
        each, taken = self.late.penalty.of(most), self.late.deduction(self.charged, most)
        share = f" ({points(100 * self.late.penalty.number)} % of {points(most)})" if self.late.penalty.is_share else ""
        capped = f", but {points(taken)} at most" if taken < self.charged * each else ""
        left = self.left(score, most)
        zero = ", never below 0" if taken > score else ""
        sum_ = f"{points(score)} - {points(taken)} = {points(left)}{zero}"
        each_ = "Each other one" if self.from_bank else "Each"
        return f"{each_} takes {so_many_points(each)}{share}{capped}: {sum_}."

    def _show_time(self, at: datetime) -> str:
        return f"{at.astimezone(ZoneInfo(self.late.zone)):%Y-%m-%d %H:%M:%S} {self.late.zone}".replace(":00 ", " ", 1)
