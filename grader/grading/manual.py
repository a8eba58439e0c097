"""What a person gives points for, in a grade: awaiting them, never a zero, until somebody has given them.

No submission is graded again for it: the items are put beside what was computed, whenever a grade is shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from types import MappingProxyType

import msgspec

from grader.grading.grades import CheckGrade, FunctionGrade, Grade
from grader.grading.score import total_verdict, verdict_with_slips
from grader.rubric.model import Manual
from grader.verdict import OPEN, Verdict

MANUAL_KIND = "manual"
MANUAL_TITLE = "a person's points"
NO_COMMENT = "A person has looked at this and given its points."


class GivenPoints(msgspec.Struct, frozen=True):
    """Points that a person gave for one item."""

    points: Fraction
    comment: str = ""  #: for the student


def with_items(grade: Grade, items: Sequence[Manual], given: Mapping[str, GivenPoints] = MappingProxyType({})) -> Grade:
    """The grade with a rubric's manual items, and the points that persons gave for them so far, by item."""
    if not items:
        return grade
    functions = (*grade.functions, *(item_grade(item, given.get(item.name)) for item in items))
    verdict = verdict_with_slips(total_verdict(functions), grade.slips)
    score = None if verdict in OPEN else sum((each.score or Fraction(0) for each in functions), -grade.taken)
    most = grade.max_score + sum(item.points for item in items)
    return msgspec.structs.replace(grade, functions=functions, verdict=verdict, score=score, max_score=most)


def item_grade(item: Manual, given: GivenPoints | None) -> FunctionGrade:
    """An item as a line of a grade; open until a person has given its points."""
    score = given.points if given else None
    verdict = _verdict(score, item.points)
    message = (given.comment or NO_COMMENT) if given else ""
    return FunctionGrade(
        name=item.name,
        promise=item.promise,
        score=score,
        max_score=item.points,
        verdict=verdict,
        carried=Fraction(0),
        from_mistake=Fraction(0),
        convention=None,
        mistakes=(),
        remarks=(),
        checks=(CheckGrade(MANUAL_TITLE, MANUAL_KIND, verdict, score, item.points, "public", message=message),),
    )


def _verdict(score: Fraction | None, most: Fraction) -> Verdict:
    if score is None:
        return Verdict.AWAITING
    if score >= most:
        return Verdict.PASSED
    return Verdict.PARTLY if score > 0 else Verdict.FAILED
