"""What was verified, in lines for people."""

from __future__ import annotations

import msgspec

from grader.grading.grades import FunctionGrade
from grader.report.wording import points
from grader.verdict import Verdict


class Section(msgspec.Struct, frozen=True):
    """One thing that was verified: a line where all is well, and one for each thing that isn't as it should be."""

    name: str
    summary: str
    differences: tuple[str, ...] = ()
    unasked: tuple[str, ...] = ()  #: what couldn't be asked: nothing differs, and all is not well either
    notes: tuple[str, ...] = ()  #: what there is to say though all is well


def why_below_full(function: FunctionGrade) -> str:
    """What keeps a function from its full points, in a sentence."""
    check = next((c for c in function.checks if c.max_score > 0 and c.verdict is not Verdict.PASSED), None)
    score = "not graded" if function.score is None else f"{points(function.score)} of {points(function.max_score)}"
    if check is None:
        return f"{function.name}: {score} ({'; '.join(function.remarks) or function.verdict.value})"
    note = (check.details.raised or check.details.note or "") if check.details else ""
    return " ".join(filter(None, (f"{function.name}: {score}; {check.title}: {check.message}", note)))
