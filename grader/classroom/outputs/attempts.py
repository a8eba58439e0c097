"""Which of several attempts counts: the newest, the best, or the newest on time; and what reports say of them.

An attempt that holds none of the functions never takes the place of one that does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction

import msgspec

from grader.classroom.decisions.lateness import Lateness
from grader.classroom.intake.model import Attempt, StudentSubmission
from grader.classroom.outputs.gradebook import WRONG_FILE, with_reason
from grader.classroom.store.encoding import Brief, decode_brief
from grader.classroom.store.store import ReadSubmission, Store
from grader.grading.grades import UNREADABLE, Decision
from grader.report.wording import points_out_of
from grader.rubric.model import AttemptRule

#: The lateness of a student's attempt, by its id, when it came, and whether the LMS marks it as late.
LatenessOf = Callable[[str, str, bool], Lateness | None]


def as_submission(handed: StudentSubmission, attempt: Attempt) -> StudentSubmission:
    """An attempt as if it were all that these students handed in."""
    return StudentSubmission(handed.students, attempt.parts, late=attempt.late, at=attempt.at)


def attempts_to_grade(
    reads: Sequence[ReadSubmission], rule: AttemptRule, store: Store, plan: str
) -> dict[str, StudentSubmission]:
    """The contents of earlier attempts that have to be graded before it is known which one counts."""
    return {
        attempt.content: as_submission(read.handed, attempt)
        for read in reads
        for attempt in read.handed.attempts
        if attempt.content
        and store.blob(plan, attempt.content) is None
        and (rule == "best" or not _holds(_brief(store, plan, read.content)) or rule == "newest on time")
    }


def choose_attempt(
    read: ReadSubmission, rule: AttemptRule, store: Store, plan: str, lateness_of: LatenessOf
) -> ReadSubmission:
    """The submission with the attempt that counts in the place of the newest."""
    attempts = read.handed.attempts
    if not attempts or read.fault or read.handed.fix:
        return read
    tried = [_Tried(at, each, *_judge(read.handed, each, store, plan, lateness_of)) for at, each in enumerate(attempts)]
    chosen = _choose([each for each in tried if each.holds] or tried, rule)
    is_newest = chosen.number == len(attempts) - 1
    marked = tuple(msgspec.structs.replace(each, counts=at == chosen.number) for at, each in enumerate(attempts))
    handed = msgspec.structs.replace(read.handed, attempts=marked)
    if is_newest:
        return msgspec.structs.replace(read, handed=handed)
    others = tuple(each for each in handed.remarks if not each.startswith("the newest of several"))
    handed = msgspec.structs.replace(
        handed,
        parts=chosen.attempt.parts,
        at=chosen.attempt.at,
        late=chosen.attempt.late,
        remarks=(*others, _remark(chosen, tried[-1], len(attempts), rule)),
    )
    return msgspec.structs.replace(read, handed=handed, content=chosen.attempt.content, files=chosen.attempt.files)


class _Tried(msgspec.Struct, frozen=True):
    """An attempt, and what came of it."""

    number: int
    attempt: Attempt
    holds: bool
    score: Fraction | None  #: after lateness
    is_late: bool


def _judge(
    handed: StudentSubmission, attempt: Attempt, store: Store, plan: str, lateness_of: LatenessOf
) -> tuple[bool, Fraction | None, bool]:
    brief = _brief(store, plan, attempt.content)
    lateness = lateness_of(handed.id, attempt.at, attempt.late)
    is_late = bool(lateness and lateness.state.startswith("late"))
    score = brief.score if brief else None
    if lateness and brief and score is not None:
        score = lateness.left(score, brief.max_score)
    return _holds(brief), score, is_late or (lateness is None and attempt.late)


def _brief(store: Store, plan: str, content: str | None) -> Brief | None:
    blob = store.blob(plan, content)
    return with_reason(decode_brief(blob)) if blob else None


def _holds(brief: Brief | None) -> bool:
    """Whether any of the functions is in it."""
    return brief is not None and brief.reason not in (WRONG_FILE, UNREADABLE)


def _choose(tried: Sequence[_Tried], rule: AttemptRule) -> _Tried:
    if rule == "best":
        return max(tried, key=lambda each: (-1 if each.score is None else each.score, each.number))
    on_time = [each for each in tried if not each.is_late]
    return on_time[-1] if rule == "newest on time" and on_time else tried[-1]


def _remark(chosen: _Tried, newest: _Tried, count: int, rule: AttemptRule) -> str:
    why = {"best": "it is the best", "newest on time": "it is the newest on time"}.get(rule, "")
    if not newest.holds:
        why = "the newest holds none of the functions"
    return f"attempt {chosen.number + 1} of {count} counts: {why}"


def name_attempt(handed: StudentSubmission) -> str:
    """Which of several attempts counts: "2 of 3"; empty where there is one."""
    count = len(handed.attempts)
    return next((f"{number} of {count}" for number, each in enumerate(handed.attempts, 1) if each.counts), "")


def describe_attempts(handed: StudentSubmission, store: Store, plan: str) -> Iterator[Decision]:
    """A line for each attempt: when it came, its score where it was graded, and whether it counts."""
    count = len(handed.attempts)
    for number, attempt in enumerate(handed.attempts, 1):
        brief = _brief(store, plan, attempt.content)
        when = attempt.at or "at a time that isn't known"
        graded = brief is not None and brief.score is not None
        score = f"{points_out_of(brief.score, brief.max_score)} points" if brief and graded else "not graded"
        counts = "; it counts" if attempt.counts else ""
        yield Decision("", f"Attempt {number} of {count}, {when}: {score}{counts}.")
