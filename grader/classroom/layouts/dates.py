"""Dates as LMSs write them in the names of folders and files."""

from __future__ import annotations

import re
from datetime import datetime

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
#: Brightspace: `Oct 2, 2026 534 PM`, and by the settings of the site `2 October, 2026 17:34`.
_BRIGHTSPACE = re.compile(
    r"(?:(?P<month>[A-Z][a-z]{2})[a-z]* (?P<day>\d{1,2})|(?P<day_first>\d{1,2}) (?P<month_after>[A-Z][a-z]{2})[a-z]*)"
    r",? (?P<year>\d{4}),? (?P<hour>\d{1,2}?):?(?P<minute>\d\d)(?: (?P<half>[AP]M))?(?!\d)"
)
#: `2026-10-02-17-34-00`, `2026-10-02 17:34`, `20261002173400000`, `20261002`.
_DIGITS = re.compile(r"(?<!\d)(20\d\d)-?([01]\d)-?([0-3]\d)(?:[-_ T]?([0-2]\d)[-:_]?([0-5]\d)(?:[-:_]?([0-5]\d))?)?")


def date_in(text: str) -> str:
    """The first date in a text, as `2026-10-02 17:34:00`; empty where there is none."""
    if found := _BRIGHTSPACE.search(text):
        month, day = found["month"] or found["month_after"], found["day"] or found["day_first"]
        return _write_date(found["year"], _month(month), day, _hour(found), found["minute"])
    if found := _DIGITS.search(text):
        return _write_date(*(each or "0" for each in found.groups()))
    return ""


def _month(name: str) -> str:
    return str(_MONTHS.index(name) + 1) if name in _MONTHS else "0"


def _hour(found: re.Match[str]) -> str:
    if not found["half"]:
        return found["hour"]
    return str(int(found["hour"]) % 12 + (12 if found["half"] == "PM" else 0))


def _write_date(*parts: str) -> str:
    try:
        return str(datetime(*map(int, parts)))  # type: ignore[arg-type] # noqa: DTZ001 - its first six; a list says no zone
    except (ValueError, TypeError):
        return ""
