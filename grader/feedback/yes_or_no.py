"""How a function errs that answers True or False, over all that it was asked afresh.

One wrong answer tells little: that it answers True to everything, or rejects right ones that are large, shows in many.
What is counted are fresh inputs; how many hidden ones there are, and what is right for them, can't be told from it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

#: So many right answers before a function's first False, and so many wrong ones after it, are no chance.
_ENOUGH = 2
_TIMES = {1: "once", 2: "twice"}


class TruthAnswer(NamedTuple):
    """One answer of such a function, in the order in which it was asked."""

    due: bool  #: what is right
    is_right: bool

    @property
    def given(self) -> bool:
        """What it answered."""
        return self.due is self.is_right


class Tendency(NamedTuple):
    """How it errs."""

    headline: str
    counts: str  #: over how many inputs
    sticks: bool = False  #: whether its first False is given to all inputs after it


def describe_tendency(answers: Sequence[TruthAnswer]) -> Tendency | None:
    """In words; None where nothing is wrong, or too little was asked to say it."""
    wrong = {each.due for each in answers if not each.is_right}
    if not wrong or len(answers) < _ENOUGH:
        return None
    if _sticks(answers):
        return Tendency("After its first False it answers False to everything.", _say_order(answers), sticks=True)
    return Tendency(_headline(answers, wrong), _counts(answers))


def _headline(answers: Sequence[TruthAnswer], wrong: set[bool]) -> str:
    given = {each.given for each in answers}
    if len(given) == 1 and len({each.due for each in answers}) > 1:
        return f"It answers {given.pop()} to everything."
    if not any(each.is_right for each in answers) and len(wrong) > 1:
        return "It answers True and False the wrong way round."
    if len(wrong) > 1:
        return "It answers True where False is right, and False where True is right."
    (due,) = wrong
    return f"It answers {not due} where {due} is right."


def _counts(answers: Sequence[TruthAnswer]) -> str:
    said = [_count(answers, due) for due in (True, False) if any(each.due is due for each in answers)]
    return f"Of {len(answers)} new inputs: {'; '.join(said)}."


def _count(answers: Sequence[TruthAnswer], due: bool) -> str:
    """What it answers where this is right: "where False is right (14), it answers True for 6"."""
    asked = [each for each in answers if each.due is due]
    wrong = sum(not each.is_right for each in asked)
    lead = f"where {due} is right ({len(asked)})"
    if not wrong:
        return f"{lead}, it answers {due}"
    times = "each time" if wrong == len(asked) else _TIMES.get(wrong, f"{wrong} times")
    return f"{lead}, it answers {not due} {times}"


def _first_no(answers: Sequence[TruthAnswer]) -> int:
    return next((at for at, each in enumerate(answers) if not each.given), len(answers))


def _say_order(answers: Sequence[TruthAnswer]) -> str:
    return (
        f"Of {len(answers)} new inputs, one after the other: the answers are right up to its first False, the "
        f"{_nth(_first_no(answers) + 1)}; all later ones are False."
    )


def _sticks(answers: Sequence[TruthAnswer]) -> bool:
    """Whether all is right up to the first False, and all after it is False: a failure that is remembered."""
    first = _first_no(answers)
    before, after = answers[:first], answers[first + 1 :]
    return (
        all(each.is_right for each in answers[: first + 1])
        and len(before) >= _ENOUGH
        and not any(each.given for each in after)
        and sum(not each.is_right for each in after) >= _ENOUGH
    )


def _nth(number: int) -> str:
    endings = {1: "st", 2: "nd", 3: "rd"}
    return f"{number}{'th' if number % 100 in (11, 12, 13) else endings.get(number % 10, 'th')}"
