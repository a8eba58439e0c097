"""What a reader may know: of hidden checks, a student sees the title, the verdict and the hint.

How a hidden check failed (which exception, where, in which way, and which others failed alike) hangs on its inputs, and
code can make it say what these are. What a student reads of that comes from the run of a counterexample.
"""

from __future__ import annotations

import msgspec

from grader.grading.grades import Audience, CheckGrade, Counterexample, Grade
from grader.report.wording import sentence
from grader.verdict import Verdict

#: Verdicts that say all that a student may know of how a hidden check failed.
_BY_VERDICT = (Verdict.FAILED, Verdict.PARTLY, Verdict.ERROR)


def for_audience(grade: Grade, audience: Audience) -> Grade:
    """`grade` as `audience` may see it.

    For students the seed, the details of every check that isn't public, what goes beyond the verdict in its message,
    and notes for instructors are gone, and of a
    witness, an input made for this report, they see what the rubric lets them see. Checks that open later
    (`after_due`, `after_published`) count as hidden: a report is a file, and can't open itself. For instructors
    nothing changes; what was taken out doesn't come back.
    """
    if audience == "instructor":
        return grade
    functions = tuple(
        msgspec.structs.replace(
            each,
            checks=tuple(_for_student(check) for check in each.checks),
            change=None,
            witnesses=tuple(_witness_for_student(w) for w in each.witnesses if w.shows != "nothing"),
        )
        for each in grade.functions
    )
    decisions = tuple(msgspec.structs.replace(each, note="") for each in grade.decisions)
    shown = msgspec.structs.replace(grade, audience="student", functions=functions, decisions=decisions)
    return msgspec.structs.replace(shown, seed=None, reference_seconds={})


def _witness_for_student(witness: Counterexample) -> Counterexample:
    if witness.shows == "truth":
        return witness
    blocks = tuple(each.bare for each in witness.details.blocks)
    shown = msgspec.structs.replace(witness.details, expected=None, worst=None, blocks=blocks)
    return msgspec.structs.replace(witness, details=shown)


def _for_student(check: CheckGrade) -> CheckGrade:
    check = msgspec.structs.replace(check, sketch=None)
    if check.visibility == "public":
        return check
    check = msgspec.structs.replace(check, details=None)
    if check.verdict not in _BY_VERDICT or check.waits or check.advisory:
        return check
    return msgspec.structs.replace(check, message=sentence(msgspec.structs.replace(check, message="")))
