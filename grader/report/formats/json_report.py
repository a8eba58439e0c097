"""`report.json`, schema 1: the contract that outside scripts rely on.

Fields may be added, none renamed. Points are rounded to 6 decimals; an open score is null. The text is plain ASCII:
every other character is written as JSON's own escape, so nothing in it can steer a terminal or fail to be encoded.
The records below are the contract: reports are written from them, and `grade schema report` shows them.
"""

from __future__ import annotations

import json
import math
from fractions import Fraction
from typing import Annotated, Any, Literal, TypeVar, overload

import msgspec
from msgspec import UNSET, Meta, UnsetType

from grader.checks.finding import Details
from grader.grading.grades import (
    Audience,
    CheckGrade,
    Counterexample,
    Decision,
    FunctionGrade,
    Grade,
    ScoreChange,
    Slip,
    SmallestChange,
)
from grader.numeric.agreement import Worst
from grader.report.audience import for_audience
from grader.report.causes import Cause, find_causes
from grader.report.sanitize import escape_surrogates
from grader.report.wording import round_points
from grader.rubric.model import Visibility
from grader.verdict import Verdict

SCHEMA: Literal[1] = 1

#: How half of a surrogate pair is written; whether it has its other half, only a look at the text itself tells.
_UNSURE = "\\ud"

T = TypeVar("T")
Points = Annotated[float, Meta(description="Points, rounded to 6 decimals.")]
Score = Annotated[float | None, Meta(description="Points, rounded to 6 decimals; null while the verdict is open.")]
Number = Annotated[float | Literal["nan", "inf", "-inf"], Meta(description="Text where it isn't finite.")]


class WorstEntry(msgspec.Struct, frozen=True, kw_only=True):
    """The entry that is furthest off."""

    index: list[int]
    expected: Number
    actual: Number
    off: Annotated[Number, Meta(description="How far the two are apart.")]
    allowed: Annotated[Number, Meta(description="How far they may be apart.")]


class KnownDetails(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of an answer, and may be shown: whatever isn't, has no field."""

    situation: Annotated[str | UnsetType, Meta(description="Such as: different (N=4, Dx=5); case 2.")] = UNSET
    inputs: Annotated[dict[str, str] | UnsetType, Meta(description="The arguments as text, by name.")] = UNSET
    expected: str | UnsetType = UNSET
    actual: str | UnsetType = UNSET
    worst: WorstEntry | UnsetType = UNSET
    raised: Annotated[str | UnsetType, Meta(description="The exception and its text.")] = UNSET
    where: Annotated[str | UnsetType, Meta(description="The file and line, or the notebook's cell and line.")] = UNSET
    source: Annotated[str | UnsetType, Meta(description="That line, as the student wrote it.")] = UNSET
    printed: str | UnsetType = UNSET
    note: str | UnsetType = UNSET
    argument: Annotated[
        str | UnsetType, Meta(description="One that the call changed: expected is before the call, actual after it.")
    ] = UNSET
    blocks: Annotated[
        dict[str, bool] | UnsetType, Meta(description="Of a result that has named parts: whether each is right.")
    ] = UNSET
    earlier: Annotated[
        dict[str, str] | UnsetType, Meta(description="The arguments of a call before it, of which something stayed.")
    ] = UNSET
    later: Annotated[
        dict[str, str] | UnsetType, Meta(description="The arguments of a call after it, which changed its result.")
    ] = UNSET
    tried: Annotated[
        str | UnsetType, Meta(description="Of a True or False: how often which was answered to inputs made for it.")
    ] = UNSET
    right_on: Annotated[
        dict[str, str] | UnsetType, Meta(description="Another input, to which the answer that is right here was given.")
    ] = UNSET


class CheckLine(msgspec.Struct, frozen=True, kw_only=True):
    """A check of a function, or the line of a person who gives points."""

    title: str
    kind: Annotated[str, Meta(description="A rubric's word for the kind of check; manual where a person gives points.")]
    verdict: Verdict
    score: Score
    max_score: Points
    visibility: Visibility
    message: Annotated[str, Meta(description="Why it failed, in fixed words; empty where it didn't.")]
    hint: Annotated[str, Meta(description="The rubric's advice.")]
    advisory: Annotated[bool, Meta(description="Whether it is advice, and costs no points.")]
    waits: Annotated[bool, Meta(description="Whether it pays only once the function's value checks pass.")]
    details: KnownDetails


class FailingInput(msgspec.Struct, frozen=True, kw_only=True):
    """A fresh input on which the function fails: no hidden one."""

    message: Annotated[str, Meta(description="How it fails, in fixed words.")]
    details: KnownDetails


class Mistake(msgspec.Struct, frozen=True, kw_only=True):
    """A known mistake that the answers agree with."""

    name: str
    hint: str


class ChangeLine(msgspec.Struct, frozen=True, kw_only=True):
    """A small change of the student's own function after which every check passes; it earns nothing."""

    where: Annotated[str, Meta(description="The file and line, or the notebook's cell and line.")]
    diff: Annotated[str, Meta(description="The lines as they are and as they would be.")]
    words: Annotated[str, Meta(description="What it is about, such as: the axis.")]
    is_sure: Annotated[bool, Meta(description="Whether all that were found are in this line; else it is an instance.")]


class RightLine(msgspec.Struct, frozen=True, kw_only=True):
    """A variable of the student's that held a right value after a line of theirs."""

    name: str
    where: Annotated[str, Meta(description="The file and line, or the notebook's cell and line.")]


class FunctionLine(msgspec.Struct, frozen=True, kw_only=True):
    """A required function, or an item for which a person gives points."""

    name: str
    promise: Annotated[str, Meta(description="What it should do, in the rubric's words.")]
    score: Score
    max_score: Points
    optional: Annotated[bool | UnsetType, Meta(description="Its points come on top of the maximum.")] = UNSET
    verdict: Verdict
    carried: Annotated[Points, Meta(description="Those of its points that only right helpers earn.")]
    charged_in: Annotated[str | UnsetType, Meta(description="The earlier function that makes the same mistake.")] = (
        UNSET
    )
    from_mistake: Annotated[Points, Meta(description="Those that its known mistake still earns.")]
    given: Annotated[Points | UnsetType, Meta(description="What a person put on top, or took.")] = UNSET
    convention: Annotated[str | None, Meta(description="The convention under which it is right.")]
    mistakes: list[Mistake]
    remarks: list[str]
    checks: list[CheckLine]
    witnesses: list[FailingInput]
    change: Annotated[ChangeLine | UnsetType, Meta(description="For instructors, from grade explain.")] = UNSET
    right_so_far: Annotated[
        list[RightLine] | UnsetType,
        Meta(description="What was right on the way; from grade explain."),
    ] = UNSET
    look_at: Annotated[
        str | UnsetType,
        Meta(description="For students, once published, under `repair: line`."),
    ] = UNSET


class LostLine(msgspec.Struct, frozen=True, kw_only=True):
    """A check that a cause took points from."""

    function: str
    title: str


class CauseLine(msgspec.Struct, frozen=True, kw_only=True):
    """One reason for lost points, told once for all functions that it cost points."""

    kind: Annotated[str, Meta(description="raised, wrong, missing, stopped or slip.")]
    title: Annotated[str, Meta(description="What happened, in a few words.")]
    where: Annotated[str | UnsetType, Meta(description="Of an exception: the file or cell, and the line.")] = UNSET
    source: Annotated[str | UnsetType, Meta(description="That line, as the student wrote it.")] = UNSET
    mistake: Annotated[str | UnsetType, Meta(description="The known mistake that explains it.")] = UNSET
    hint: Annotated[str | UnsetType, Meta(description="One thing to try.")] = UNSET
    lost: Annotated[Points, Meta(description="Points that it cost, over all functions.")]
    checks: Annotated[list[LostLine], Meta(description="The checks that lost points to it.")]


class Remark(msgspec.Struct, frozen=True, kw_only=True):
    """Something about the submission as a whole."""

    where: str
    message: str


class Decided(msgspec.Struct, frozen=True, kw_only=True):
    """What a person decided about the grade."""

    when: Annotated[str, Meta(description="A day such as 2026-11-25; empty where none is known.")]
    text: str
    note: Annotated[str | UnsetType, Meta(description="For instructors.")] = UNSET


class Changed(msgspec.Struct, frozen=True, kw_only=True):
    """What changed the sum of the functions' points: lateness, a person."""

    what: str
    points: Annotated[Points, Meta(description="Below zero where they were taken.")]


class SlipLine(msgspec.Struct, frozen=True, kw_only=True):
    """A slip that one repair mends: functions show their points as repaired, and its price is taken from the sum."""

    sort: Annotated[str, Meta(description="A rubric's word for it, such as: missing import.")]
    place: Annotated[str, Meta(description="The file and line, or the notebook's cell and line.")]
    diff: Annotated[str, Meta(description="What was repaired, by lines.")]
    price: Annotated[Points, Meta(description="What it costs: zero for a second one of its sort.")]
    functions: Annotated[list[str], Meta(description="Those that are right once it is repaired.")]


class Repair(msgspec.Struct, frozen=True, kw_only=True):
    """What a person changed in the copy that was graded."""

    diff: Annotated[str, Meta(description="Unified, by lines.")]


class Isolated(msgspec.Struct, frozen=True, kw_only=True):
    """How the submission's code was locked in."""

    level: Literal["full", "no-namespaces", "partial", "none"]
    layers: list[str]


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """The report of one graded submission."""

    schema: Literal[1]
    assignment: Annotated[str, Meta(description="The rubric's name.")]
    title: str
    submission: str
    student: str | None
    audience: Annotated[Audience, Meta(description="For whose eyes it is: students see nothing hidden.")]
    score: Score
    max_score: Points
    verdict: Verdict
    reason: Annotated[str, Meta(description="Why it is open: unreadable, so that a person decides.")] | UnsetType = (
        UNSET
    )
    functions: list[FunctionLine]
    causes: Annotated[list[CauseLine], Meta(description="Why points were lost, the costliest first.")]
    problems: list[Remark]
    left_out: Annotated[list[Remark], Meta(description="What of the submission wasn't graded, and why.")]
    decisions: list[Decided]
    changes: Annotated[
        list[Changed] | UnsetType, Meta(description="From the sum of the functions' points to the score.")
    ] = UNSET
    slips: Annotated[list[SlipLine] | UnsetType, Meta(description="Slips that were repaired, each with its price.")] = (
        UNSET
    )
    repaired: Repair | UnsetType = UNSET
    isolation: Isolated
    seed: Annotated[int | None, Meta(description="Reproduces the draws; null for students.")]
    rubric_sha256: str
    reference_sha256: str
    grader_version: str
    seconds: float


def render(grade: Grade) -> str:
    """The grade as a JSON object, as its own audience may see it."""
    report = _grade(for_audience(grade, grade.audience))
    # json's own indenting is done in Python, and takes ten times as long.
    return msgspec.json.format(_encode_simple(report) or _encode_any(report), indent=1) + "\n"


def _encode_simple(report: Report) -> str:
    """As `_encode_any`, in a tenth of its time; empty where a text isn't ASCII, or a number may not be finite."""
    try:
        data = msgspec.json.encode(report)
    except UnicodeEncodeError:  # a lone surrogate
        return ""
    return data.decode() if data.isascii() and b'"worst":' not in data else ""


def _encode_any(report: Report) -> str:
    tree = msgspec.to_builtins(report)
    try:
        text = json.dumps(tree, allow_nan=False)
    except ValueError:
        text = _UNSURE
    return json.dumps(_plain(tree), allow_nan=False) if _UNSURE in text else text


def _grade(grade: Grade) -> Report:
    return Report(
        schema=SCHEMA,
        assignment=grade.assignment,
        title=grade.title,
        submission=grade.submission,
        student=grade.student,
        audience=grade.audience,
        score=_points(grade.score, grade.max_score),
        max_score=_points(grade.max_score),
        verdict=grade.verdict,
        reason=_or_unset(grade.reason),
        functions=[_function(each) for each in grade.functions],
        causes=[_cause(each) for each in find_causes(grade)],
        problems=[Remark(where=each.where, message=each.message) for each in grade.problems],
        left_out=[Remark(where=each.where, message=each.message) for each in grade.left_out],
        decisions=[_decision(each) for each in grade.decisions],
        changes=_or_unset([_change(each) for each in grade.changes]),
        slips=_or_unset([_slip(each) for each in grade.slips]),
        repaired=Repair(diff=grade.repaired.diff) if grade.repaired else UNSET,
        isolation=Isolated(level=grade.isolation.level, layers=list(grade.isolation.layers)),
        seed=grade.seed,
        rubric_sha256=grade.rubric_sha256,
        reference_sha256=grade.reference_sha256,
        grader_version=grade.grader_version,
        seconds=round(grade.seconds, 3),
    )


def _slip(slip: Slip) -> SlipLine:
    price = _points(slip.price)
    return SlipLine(sort=slip.sort, place=slip.where, diff=slip.diff, price=price, functions=list(slip.functions))


def _smallest(change: SmallestChange | None) -> ChangeLine | UnsetType:
    if change is None:
        return UNSET
    return ChangeLine(where=change.where, diff=change.diff, words=change.words, is_sure=change.is_sure)


def _cause(cause: Cause) -> CauseLine:
    return CauseLine(
        kind=cause.kind,
        title=cause.title,
        where=_or_unset(cause.where),
        source=_or_unset(cause.source),
        mistake=_or_unset(cause.mistake),
        hint=_or_unset(cause.hint),
        lost=_points(cause.lost),
        checks=[LostLine(function=each.function, title=each.title) for each in cause.checks],
    )


def _change(change: ScoreChange) -> Changed:
    return Changed(what=change.what, points=_points(change.points))


def _decision(decision: Decision) -> Decided:
    return Decided(when=decision.when, text=decision.text, note=_or_unset(decision.note))


def _function(function: FunctionGrade) -> FunctionLine:
    return FunctionLine(
        name=function.name,
        promise=function.promise,
        score=_points(function.score, function.max_score),
        max_score=_points(function.max_score),
        optional=_or_unset(function.optional),
        verdict=function.verdict,
        carried=_points(function.carried),
        charged_in=_or_unset(function.charged_in),
        from_mistake=_points(function.from_mistake),
        given=_points(function.given) if function.given else UNSET,
        convention=function.convention,
        mistakes=[Mistake(name=each.name, hint=each.hint) for each in function.mistakes],
        remarks=list(function.remarks),
        checks=[_check(each) for each in function.checks],
        witnesses=[_witness(each) for each in function.witnesses],
        change=_smallest(function.change),
        right_so_far=_or_unset([RightLine(name=each.name, where=each.where) for each in function.right_so_far]),
        look_at=_or_unset(function.look_at),
    )


def _check(check: CheckGrade) -> CheckLine:
    return CheckLine(
        title=check.title,
        kind=check.kind,
        verdict=check.verdict,
        score=_points(check.score, check.max_score),
        max_score=_points(check.max_score),
        visibility=check.visibility,
        message=check.message,
        hint=check.hint,
        advisory=check.advisory,
        waits=check.waits,
        details=KnownDetails() if check.details is None else _details(check.details),
    )


def _witness(witness: Counterexample) -> FailingInput:
    return FailingInput(message=witness.message, details=_details(witness.details))


def _details(details: Details) -> KnownDetails:
    return KnownDetails(
        situation=_or_unset(details.situation),
        inputs=_or_unset(details.inputs),
        expected=_or_unset(details.expected),
        actual=_or_unset(details.actual),
        worst=_worst(details.worst) if details.worst else UNSET,
        raised=_or_unset(details.raised),
        where=_or_unset(details.where),
        source=_or_unset(details.source),
        printed=_or_unset(details.printed),
        note=_or_unset(details.note),
        argument=_or_unset(details.argument),
        blocks=_or_unset({each.name: each.is_right for each in details.blocks}),
        earlier=_or_unset(details.earlier),
        later=_or_unset(details.later),
        tried=_or_unset(details.tried),
        right_on=_or_unset(details.right_on),
    )


def _or_unset(value: T | None) -> T | UnsetType:
    """A field without a value is left out."""
    return value if value else UNSET


def _worst(worst: Worst) -> WorstEntry:
    return WorstEntry(
        index=list(worst.index),
        expected=worst.expected,
        actual=worst.actual,
        off=worst.off,
        allowed=worst.allowed,
    )


@overload
def _points(value: Fraction) -> float: ...
@overload
def _points(value: Fraction | None, most: Fraction | None) -> float | None: ...
def _points(value: Fraction | None, most: Fraction | None = None) -> float | None:
    return None if value is None else round_points(value, most, 6)


def _plain(value: Any) -> Any:
    """`value` with only what JSON can say: no lone surrogates, and "nan" or "inf" where a number isn't finite."""
    if isinstance(value, str):
        return escape_surrogates(value)
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, dict):
        return {escape_surrogates(key): _plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in value]
    return value


def report_schema() -> dict[str, Any]:
    """The contract as a JSON Schema."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **msgspec.json.schema(Report)}
