"""What a page says first: a card for each cause of lost points, with the student's own lines and an example."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from grader.checks.finding import Details, describe_blocks
from grader.grading.grades import FunctionGrade, Grade
from grader.report.arrays import Segment, compare, shorten_array, split_wrong
from grader.report.causes import Cause
from grader.report.exceptions import missing_import, shorten
from grader.report.excerpt import look_at_source
from grader.report.heat import HeatMaps, draw_blocks
from grader.report.listing import Listing, list_code
from grader.report.screen import OPPOSITES, tell_bill, tell_stand_ins, tell_what_happened
from grader.report.wording import Tone, points_out_of, so_many_points

_NAMED = 6
#: Lines of source that a card shows without being asked.
_SHORT = 30


class Pair(NamedTuple):
    """What came back, and what was expected, to be held against each other."""

    returned: tuple[Segment, ...]
    expected: str
    argument: str  #: one that the call changed, of which it is told; empty where it is the result
    part: str  #: of the result, where it has named ones


class Card(NamedTuple):
    """One cause of lost points."""

    number: int  #: from 1
    names: str  #: the functions
    tone: Tone
    lost: str  #: "2 of 12", "36 points lost"
    happened: str
    source: str  #: the line where it stopped; empty where a listing marks it
    where: str
    tested_with: str  #: which helpers were replaced by right ones
    mistake: str
    introduction: str  #: what stands before it
    hint: str
    heat: HeatMaps | None  #: these parts as pictures
    parts: str  #: which parts of the result are right, and which lines matter
    look_at: str  #: the line that a program found
    right: str  #: what was right on the way
    bill: str
    inputs: tuple[tuple[str, str], ...]  #: names of arguments, and values
    example: str  #: what is said above them
    raised: str  #: the exception of the example, where the checks didn't end so
    pair: Pair | None
    differs: str  #: how these two differ, where the expected one isn't shown
    listings: tuple[Listing, ...]
    is_long: bool  #: whether the source is folded


def deal_cards(grade: Grade, causes: Sequence[Cause]) -> tuple[Card, ...]:
    """A card for each cause, the costliest first. The source of a function stands on the first card that is about it.

    Args:
        grade: as its audience may see it, and fit to show.
        causes: of this grade.
    """
    shown = [code for code in grade.code if code.text]
    listings = {code.function: list_code(code, set(_places(grade, code.function, causes))) for code in shown}
    by_name = {function.name: function for function in grade.functions}
    cards = []
    for number, cause in enumerate(causes, 1):
        mine = tuple(listings.pop(name) for name in cause.functions if name in listings)
        cards.append(_card(number, grade, cause, by_name, mine))
    return tuple(cards)


def _places(grade: Grade, name: str, causes: Iterable[Cause]) -> Iterable[str]:
    """Where a function stopped, as far as the reader may know."""
    yield from (cause.where for cause in causes if name in cause.functions)
    for function in grade.functions:
        if function.name == name:
            found = [check.details for check in function.checks] + [each.details for each in function.witnesses]
            yield from (details.where for details in found if details is not None and details.where)


def _say_lines(grade: Grade, cause: Cause) -> str:
    """Which lines of the source below matter, where that is known."""
    code = next((each for each in grade.code if each.function == cause.functions[0] and each.text), None)
    is_told = code is not None and cause.kind in ("wrong", "stopped")
    return look_at_source(code, cause).said if code is not None and is_told else ""


def _card(
    number: int, grade: Grade, cause: Cause, by_name: dict[str, FunctionGrade], listings: tuple[Listing, ...]
) -> Card:
    more = len(cause.functions) - _NAMED
    is_import = bool(missing_import(cause.title))
    details = None if is_import or cause.kind == "missing" else cause.example
    is_marked = any(listing.has_marks for listing in listings)
    return Card(
        number=number,
        names=", ".join(cause.functions[:_NAMED]) + (f" and {more} more" if more > 0 else ""),
        tone="part" if cause.kind == "slip" else "bad",
        lost=_tell_lost(cause, by_name[cause.functions[0]]),
        happened=tell_what_happened(grade, cause),
        source="" if is_marked else cause.source,
        where=cause.where,
        tested_with=tell_stand_ins(cause),
        mistake=cause.said_mistake,
        introduction=cause.introduction,
        hint="" if is_import else cause.hint,
        heat=draw_blocks(cause.pictured.blocks, cause.pictured.situation) if cause.pictured else None,
        parts=" ".join(filter(None, (describe_blocks(cause.blocks), _say_lines(grade, cause)))),
        look_at=cause.look_at,
        right=cause.right,
        bill="" if cause.kind in ("missing", "slip") else tell_bill(cause, by_name),
        inputs=_inputs(details),
        example="Example where your function fails in the same way"
        if cause.is_alike
        else "Another example where it fails",
        raised=shorten(details.raised) if details is not None and details.raised and not cause.is_alike else "",
        pair=_pair(details),
        differs=_tell_differences(details) if details is not None else "",
        listings=listings,
        is_long=sum(len(listing.lines) for listing in listings) > _SHORT,
    )


def _tell_lost(cause: Cause, first: FunctionGrade) -> str:
    whole = cause.is_shared or cause.kind == "slip"
    return f"{so_many_points(cause.lost)} lost" if whole else points_out_of(first.score, first.max_score)


def _tell_differences(details: Details) -> str:
    """How the answer differs, where the right one isn't shown; of a True or False, how others are answered."""
    said = details.tried or (details.differs if not details.expected else "")
    right = OPPOSITES.get(details.actual or "") if not details.expected else None
    return f"{right} is right here. {said}".rstrip() if right else said


def _inputs(details: Details | None) -> tuple[tuple[str, str], ...]:
    """The arguments, and those of other calls that belong to the example, each with what it is."""
    if details is None:
        return ()
    calls = (
        (details.earlier, ", in a call before it"),
        (details.inputs, ""),
        (details.later, ", in a call after it"),
        (details.right_on, ", where it is right"),
    )
    return tuple((name + which, shorten_array(text)) for inputs, which in calls for name, text in inputs.items())


def _pair(details: Details | None) -> Pair | None:
    if details is None or not details.actual:
        return None
    if not details.expected:
        return Pair(
            (Segment(shorten_array(details.actual), is_wrong=False),), "", details.argument or "", details.part or ""
        )
    got, due = compare(details.actual, details.expected)
    return Pair(tuple(split_wrong(got, due)), due, details.argument or "", details.part or "")
