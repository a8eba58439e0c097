"""Grade one student once more, by the stored bytes and the stored plan, and say whether the grade is the same."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec

from grader.classroom.intake.model import RepairStatement
from grader.classroom.review.regrading import open_stored_plan, regrade
from grader.classroom.review.results import Results, open_results
from grader.classroom.store.encoding import decode_grade, encode_points
from grader.classroom.store.fingerprint import fingerprint_parts
from grader.classroom.store.store import SubmissionRow
from grader.classroom.workers.progress import Quiet
from grader.errors import HarnessError, UsageError, did_you_mean
from grader.grading.grades import CheckGrade, FunctionGrade, Grade
from grader.plan.assignment import load_assignment
from grader.report.sanitize import line
from grader.report.wording import LABELS, points_out_of, so_many_points

_ENCODER = msgspec.msgpack.Encoder(enc_hook=encode_points)
#: Parts of a plan that are files or settings, which a replay takes from the store.
_STORED = ("rubric", "reference", "limits", "seed", "sandbox", "python2")


class Replay(msgspec.Struct, frozen=True):
    """What came of it."""

    student: str
    then: Grade
    now: Grade
    environment_then: dict[str, str]
    environment_now: dict[str, str]
    repair: RepairStatement | None = None  #: of the copy that was graded
    standing: str = ""  #: the score that counts, in words, where people or a release made it another one

    @property
    def differences(self) -> tuple[str, ...]:
        """What differs between the grades, a line each; none where they are identical."""
        return tuple(grade_differences(self.then, self.now))


def replay_grade(out: Path, student: str) -> Replay:
    """Grade a student's submission again, changing nothing.

    Raises:
        UsageError: there is no such student, no grade of theirs, or the store has no bytes.
        HarnessError: it can't be graded here.
    """
    with open_results(out) as results:
        row = _row_of(results, student)
        blob = results.store.blob(results.plan, row.content)
        if blob is None or row.content is None:
            raise UsageError(f"{line(student)} has no grade to replay: {row.fault or 'nothing was graded'}")
        with open_stored_plan(results) as kit:
            now_with = load_assignment(kit.rubric, kit.limits)
            parts_now = fingerprint_parts(now_with, kit.seed, kit.sandbox, kit.convert_python2)
            then = decode_grade(blob)
            (again,) = regrade(results, kit, [row.content], Quiet(), then.reference_seconds)
        parts_then, fix = results.parts, row.handed.fix
        standing = _describe_standing(results, student, then)
    if again.blob is None:
        raise HarnessError(f"{line(student)} can't be graded here: {again.fault}")
    now = decode_grade(again.blob)
    environments = _environment(parts_then, then), _environment(parts_now, now)
    return Replay(student, then, now, *environments, fix.repair if fix else None, standing)


def _describe_standing(results: Results, student: str, then: Grade) -> str:
    """The score that counts, where it isn't the one that was computed."""
    entry = next((each for each in results.shown() if each.student.id == student), None)
    most = results.rubric.most
    if entry is None or entry.score is None or (entry.score, most) == (then.score, then.max_score):
        return ""
    return points_out_of(entry.score, most)


def _row_of(results: Results, student: str) -> SubmissionRow:
    rows = {each.id: row for row in results.store.rows(results.plan) for each in row.handed.students}
    if student not in rows:
        raise UsageError(
            f"{results.out}: nobody in this class has the id {line(student)!r}{did_you_mean(student, rows)}"
        )
    return rows[student]


def _environment(parts: dict[str, str], grade: Grade) -> dict[str, str]:
    """What a grade was made with, besides the files that are stored."""
    versions = {name: value for name, value in parts.items() if name not in _STORED}
    isolation = ", ".join((grade.isolation.level, *grade.isolation.layers))
    return {**versions, "isolation": isolation}


def grade_differences(then: Grade, now: Grade) -> Iterator[str]:
    """What differs between two grades of one submission, the time that it took aside."""
    if then.score != now.score:
        yield f"total: {points_out_of(then.score, then.max_score)}, now {points_out_of(now.score, now.max_score)}"
    before = {function.name: function for function in then.functions}
    for function in now.functions:
        yield from _in_function(before[function.name], function)
    if then.problems != now.problems:
        yield "what is said about the files differs"


def _in_function(then: FunctionGrade, now: FunctionGrade) -> Iterator[str]:
    then, now = (msgspec.structs.replace(each, change=None) for each in (then, now))  # which nobody looked for now
    # As bytes, since NaN is unlike itself.
    if _ENCODER.encode(_without_our_words(then)) == _ENCODER.encode(_without_our_words(now)):
        return
    if len(then.checks) != len(now.checks):
        yield f"{now.name}: {LABELS[then.verdict]}, now {LABELS[now.verdict]}"
    found = [text for a, b in zip(then.checks, now.checks, strict=False) for text in _in_check(now.name, a, b)]
    yield from found or [f"{now.name}: the same points; what is said of them differs"]


def _without_our_words(function: FunctionGrade) -> FunctionGrade:
    """The function without what only explains: another version may put it better, and see more."""
    checks = tuple(msgspec.structs.replace(check, message="", hint="") for check in function.checks)
    named = tuple(each for each in function.mistakes if not each.is_seen)
    return msgspec.structs.replace(function, checks=checks, mistakes=named, witnesses=(), remarks=())


def _in_check(name: str, then: CheckGrade, now: CheckGrade) -> Iterator[str]:
    if (then.verdict, then.score) != (now.verdict, now.score):
        was, is_ = points_out_of(then.score, then.max_score), points_out_of(now.score, now.max_score)
        yield f"{name}: {then.title}: {LABELS[then.verdict]} ({was}), now {LABELS[now.verdict]} ({is_})"


def describe_replay(found: Replay) -> Iterator[str]:
    """The replay in lines for people."""
    score = points_out_of(found.now.score, found.now.max_score)
    if not found.differences:
        yield f"identical: {line(found.student)} has {score} points, then and now"
    else:
        yield f"{line(found.student)} is graded otherwise now:"
        yield from (f"  {line(each)}" for each in found.differences)
    if found.repair:
        yield (
            f"what was graded, then and now, is the copy that {line(found.repair.who)} repaired; "
            f"the {so_many_points(found.repair.deduction)} for it are taken afterwards"
        )
    if found.standing:
        yield f"{found.standing} points count, with what people or a release decided, which isn't computed again"
    if found.environment_then.get("draws") != found.environment_now["draws"]:
        yield "inputs are drawn in another way since then: with the same seed the questions hold other numbers"
    yield "environment:"
    width = max(map(len, found.environment_now))
    for name in {**found.environment_then, **found.environment_now}:
        then, now = (each.get(name, "unknown") for each in (found.environment_then, found.environment_now))
        yield f"  {name:<{width}}  {then}" + ("" if then == now else f", now {now}")
