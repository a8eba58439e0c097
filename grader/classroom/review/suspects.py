"""Checks that may be the rubric's fault: many students fail them who do everything else right.

A student counts for a function where every other function has full points, those that need it aside: a wrong truth of a
helper spoils them, too. Those whose answers a known mistake explains were foreseen, so they accuse nobody. Then a check
of the function is suspect if one of these holds:

- At least three, and a fifth of those who could have, fail this check and no other. A tolerance that is too tight or a
  law that doesn't hold costs good students just that. A hard check costs them, too; but then a few lines look at it.
- At least three, and more than half of all who are right elsewhere, give the same wrong answer. Where the truth itself
  is wrong, all right solutions fail several checks together, and agree with each other.

Fewer than three may be chance.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from pathlib import Path

import msgspec

from grader.classroom.store.marks import CheckMark, FunctionMark, MarkedSubmission, read_marks
from grader.classroom.store.store import Store
from grader.feedback.answer_digests import is_same_answer
from grader.rubric.model import RequiredFunction, Rubric

FEWEST_FAILING = 3
SHARE_ALONE = Fraction(1, 5)
SHARE_AGREEING = Fraction(1, 2)


class Suspect(msgspec.Struct, frozen=True):
    """A check that many otherwise perfect students fail."""

    function: str
    title: str
    failing: int  #: so many of them
    candidates: int  #: of so many who do everything else right
    students: tuple[str, ...]  #: the ids of those who fail it

    @property
    def name(self) -> str:
        """What it is called on the command line."""
        return f"{self.function}: {self.title}"


def find_suspects(store: Store, plan: str, rubric: Rubric) -> list[Suspect]:
    """The suspect checks of a class that nobody has acknowledged, in the rubric's order."""
    return without_acknowledged(detect_suspects(read_marks(store, plan), rubric), store, plan)


def without_acknowledged(found: Iterable[Suspect], store: Store, plan: str) -> list[Suspect]:
    """Those that nobody has acknowledged."""
    known = set(store.acknowledged.of(plan))
    return [each for each in found if (each.function, each.title) not in known]


def dependents(rubric: Rubric) -> dict[str, frozenset[str]]:
    """For each function those that need it, by way of others too."""
    found = {function.name: {function.name} for function in rubric.functions}
    for _ in rubric.functions:  # one step further each time
        for function in rubric.functions:
            for reached in found.values():
                if not reached.isdisjoint(function.needs):
                    reached.add(function.name)
    return {name: frozenset(names) for name, names in found.items()}


def acknowledge(store: Store, plan: str, found: Iterable[Suspect]) -> None:
    """Keep that somebody has looked at these checks and found them right. A change of the rubric asks again."""
    store.acknowledged.keep(plan, ((each.function, each.title) for each in found))


def list_acknowledged(store: Store, plan: str) -> list[str]:
    """What may be acknowledged once more, since it has been."""
    known = store.acknowledged.of(plan)
    return [name for function, title in known for name in (function, f"{function}: {title}")]


def detect_suspects(everyone: Iterable[MarkedSubmission], rubric: Rubric) -> list[Suspect]:
    """The suspect checks among these grades."""
    needing = dependents(rubric)
    spotless, near = 0, []  # most students of a large class: a number of them is enough
    for each in everyone:
        if all(function.is_full for function in each.marks.functions):
            spotless += 1
        elif any(_is_perfect_but_for(each, aside) for aside in needing.values()):
            near.append(each)
    return [
        suspect
        for place, function in enumerate(rubric.functions)
        for suspect in _of_function(function, place, spotless, near, needing[function.name])
    ]


def _of_function(
    function: RequiredFunction, place: int, spotless: int, near: Sequence[MarkedSubmission], aside: frozenset[str]
) -> Iterator[Suspect]:
    perfect = [each for each in near if _is_perfect_but_for(each, aside)]
    full = spotless + sum(each.marks.functions[place].is_full for each in perfect)
    total = spotless + len(perfect)
    wrong = [each for each in perfect if _is_unexplained(each.marks.functions[place])]
    for title in [check.title for check in function.checks if check.points > 0]:
        failing = [each for each in wrong if any(c.title == title for c in each.marks.functions[place].wrong)]
        alone = [each for each in failing if len(each.marks.functions[place].wrong) == 1]
        agreeing = _largest_group(failing, place, title)
        if _is_many(len(alone), full + len(alone), SHARE_ALONE):
            yield _suspect(function.name, title, alone, full + len(alone))
        elif _is_many(len(agreeing), total, SHARE_AGREEING) and 2 * len(agreeing) > total:
            yield _suspect(function.name, title, agreeing, total)


def _suspect(name: str, title: str, failing: Sequence[MarkedSubmission], candidates: int) -> Suspect:
    return Suspect(name, title, len(failing), candidates, tuple(each.students[0] for each in failing))


def _is_many(count: int, of: int, share: Fraction) -> bool:
    return count >= FEWEST_FAILING and count >= share * of


def _is_perfect_but_for(each: MarkedSubmission, aside: frozenset[str]) -> bool:
    return all(function.is_full or function.optional or function.name in aside for function in each.marks.functions)


def _is_unexplained(function: FunctionMark) -> bool:
    """Whether it lost points, and by no mistake that was foreseen."""
    return not function.is_full and not function.is_explained


def _largest_group(failing: Sequence[MarkedSubmission], place: int, title: str) -> list[MarkedSubmission]:
    """The most of them that answered this check alike."""
    groups: list[tuple[CheckMark, list[MarkedSubmission]]] = []
    for each in failing:
        check = next(check for check in each.marks.functions[place].wrong if check.title == title)
        members = next((found for first, found in groups if is_same_answer(first.sketch, check.sketch)), None)
        if members is None:
            groups.append((check, [each]))
        else:
            members.append(each)
    return max((members for _, members in groups), key=len, default=[])


def suspect_lines(found: Sequence[Suspect], out: Path) -> Iterator[str]:
    """The checks that may be the rubric's fault, and what to do about them."""
    from grader.report.sanitize import line

    if found:
        yield "suspect: many otherwise perfect students fail these checks; it may be the rubric's fault:"
    for each in found:
        yield line(f"  {each.name}: {each.failing} of {each.candidates}, {each.students[0]} for one")
    if found:
        yield f'once you find it right: grade publish {out} --acknowledge "{line(found[0].name)}"'
