"""Read a rubric's `late:`; what is wrong becomes a flaw."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from grader.errors import did_you_mean
from grader.limits import read_quantity
from grader.rubric.fields import TEXT, FieldReader, KeyTable
from grader.rubric.nodes import Node

if TYPE_CHECKING:
    from grader.rubric.late_penalty import Late, Unit

_MOST_DAYS = 366
LATE = KeyTable(
    {
        "deadline": TEXT,
        "zone": TEXT,
        "penalty": TEXT,
        "grace": TEXT,
        "cap": TEXT,
        "bank": {"type": "integer", "minimum": 0, "maximum": _MOST_DAYS},
    },
    ("deadline", "zone", "penalty"),
)
_GRACE = ("min", "h", "s")


def read_late(nodes: FieldReader, node: Node | None) -> Late | None:
    """What lateness costs; None where the rubric doesn't say."""
    if node is None:
        return None
    from grader.rubric.late_penalty import Late, is_zone, read_amount, read_penalty, read_wall_time  # seldom needed

    found = nodes.mapping(node, "late", *LATE)
    before = len(nodes.flaws)
    told = {key: nodes.text(value, key) for key, value in found.items() if key != "bank"}
    if before != len(nodes.flaws) or not set(LATE.needed) <= told.keys():
        return None
    deadline, penalty = read_wall_time(told["deadline"]), read_penalty(told["penalty"])
    cap = read_amount(told["cap"]) if "cap" in told else None
    if deadline is None:
        _add_flaw(nodes, found["deadline"], "deadline", 'a time without a zone, such as "2026-10-02 17:00"')
    if not is_zone(told["zone"]):
        from zoneinfo import available_timezones

        nodes.wrong(found["zone"].place, why_unknown_zone(told["zone"], available_timezones()))
    if penalty is None:
        _add_flaw(nodes, found["penalty"], "penalty", '"10 % per day", "5 points per day" or "1 % per hour"')
    if "cap" in told and cap is None:
        _add_flaw(nodes, found["cap"], "cap", '"50 %" or "20 points"')
    grace = _grace(nodes, found.get("grace"))
    if deadline is None or penalty is None:
        return None
    bank = _bank(nodes, found.get("bank"), penalty[1])
    return Late(deadline, told["zone"], *penalty, grace, cap, bank)


def why_unknown_zone(name: str, known: Collection[str]) -> str:
    """Why a time zone isn't known, and what to do: some systems come without any."""
    if not known:
        return f"no time zone is called {name!r} here, and none at all is known: `pip install tzdata` brings them"
    return f"no time zone is called {name!r}{did_you_mean(name, known) or '; say it like Europe/Berlin'}"


def _add_flaw(nodes: FieldReader, node: Node, what: str, wanted: str) -> None:
    nodes.wrong(node.place, f"{what} should be {wanted}, found {node.value!r}")


def _bank(nodes: FieldReader, node: Node | None, unit: Unit) -> int:
    """`bank: 4`: late days of the whole course."""
    if node is None:
        return 0
    if type(node.value) is not int or not 0 <= node.value <= _MOST_DAYS:
        _add_flaw(nodes, node, "bank", "a whole number of days, such as 4")
        return 0
    if unit != "day":
        nodes.wrong(node.place, "a bank holds days, so the penalty should be per day")
    return node.value


def _grace(nodes: FieldReader, node: Node | None) -> float:
    if node is None:
        return 0.0
    try:
        return read_quantity(str(node.value), _GRACE)
    except ValueError as error:
        nodes.wrong(node.place, str(error))
        return 0.0
