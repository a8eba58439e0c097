"""A check in Python: it runs on our side, and asks the student's functions as it goes along."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import msgspec
import numpy as np

from grader.checks.finding import PASSED, Details, Finding
from grader.checks.question import Answer, FunctionsByName, Kind, Question, no_value, specifics
from grader.checks.written.draw import CheckDraw
from grader.checks.written.line import ChildLine, LineHere, Misused
from grader.checks.written.student import Conversation, Stopped, StudentProxy, show_call
from grader.errors import BrokenReference, GradeError
from grader.reference import WrittenCheck
from grader.rubric.model import VISIBILITIES, Check, Specifics
from grader.rubric.nodes import Place
from grader.sandbox.helper_meter import count_entries
from grader.verdict import Verdict
from grader.worker.shared.steps import Ended, Opaque, Outcome, Returned, Step


class Written(Specifics, frozen=True):
    """What the check is in Python."""

    run: Callable[[Any, Any], None]
    false_alarm: float


class Held(msgspec.Struct, frozen=True):
    """What became of a check with the reference: what students' answers are held against where it stumbles."""

    forms: tuple[Any, ...]  #: of what came of each call
    seconds: float  #: of processor time, at most in one call
    entries: int  #: numbers that went into calls and came out of them


def as_check(written: WrittenCheck) -> Check:
    """The check as one of the rubric's.

    Raises:
        BrokenReference: it has another visibility than checks have.
    """
    place = Place(*written.place, 1)
    if written.visibility not in VISIBILITIES:
        allowed = ", ".join(VISIBILITIES)
        raise BrokenReference(
            f"{place.file}:{place.line}: visibility is {written.visibility!r}; allowed are: {allowed}"
        )
    return Check(
        kind="python",
        title=written.title,
        place=place,
        points=written.points,
        visibility=written.visibility,
        hint=written.hint,
        needs_values="values" in written.requires,
        requires=tuple(title for title in written.requires if title != "values"),
        specifics=Written(written.run, written.false_alarm),
    )


def steps(question: Question) -> tuple[Step, ...]:
    """None that are known beforehand."""
    return ()


def converse(question: Question, line: ChildLine) -> Answer:
    """Run the check; the answer holds the student's calls, what came of them, and what was found."""
    talk, draw = Conversation(line), CheckDraw(np.random.default_rng(question.situation.names["seed"]))
    finding = _run(question, talk, draw)
    calls, outcomes = tuple(call for call, _ in talk.said), tuple(outcome for _, outcome in talk.said)
    return Answer(outcomes, finding=finding, calls=calls, margins=tuple(draw.margins), seconds=talk.seconds)


def _student(question: Question, talk: Conversation) -> StudentProxy:
    """The functions that a check may ask for: its own, and those that the rubric's `needs` names."""
    every = (question.function.name, *question.function.needs)
    classes = frozenset(name.partition(".")[0] for name in every if "." in name)
    return StudentProxy(talk, frozenset(name.partition(".")[0] for name in every), classes)


def _run(question: Question, talk: Conversation, draw: CheckDraw) -> Finding:
    try:
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            specifics(question, Written).run(_student(question, talk), draw)
    except Stopped as stopped:
        return _with_shown(_finding(question, stopped), talk, draw)
    except GradeError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, the check has stumbled
        return _with_shown(Finding(Verdict.NOT_GRADED, "check", Details(note=_say(question, error))), talk, draw)
    return PASSED


def _finding(question: Question, stopped: Stopped) -> Finding:
    if stopped.finding is not None:
        return stopped.finding
    assert stopped.outcome is not None
    found = no_value(question, [stopped.outcome])
    assert found is not None
    return found


def _with_shown(finding: Finding, talk: Conversation, draw: CheckDraw) -> Finding:
    """With what the check shows, else the student's last call."""
    last = {"the last call": show_call(talk.said[-1][0])} if talk.said else {}
    return finding.add(inputs=draw.shown or last)


def _say(question: Question, error: Exception) -> str:
    """What is wrong with a check, at its line."""
    import traceback  # seldom needed, and a cold start pays for each file

    place = question.check.place
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename == place.file]
    line = frames[-1].lineno if frames else place.line
    said = str(error) if isinstance(error, Misused) else f"{type(error).__name__}: {error}"
    return f"{place.file}:{line}: the check {question.check.title!r} in Python fails: {said}"


def truth(question: Question, functions: FunctionsByName) -> Held:
    """What the reference does in it, which has to pass.

    Raises:
        BrokenReference: it doesn't, or the check fails by itself.
    """
    answer = converse(question, LineHere(functions))
    finding, place = answer.finding, question.check.place
    assert finding is not None
    if finding.reason == "check":
        raise BrokenReference(str(finding.details.note))
    if not finding.passed:
        raise BrokenReference(
            f"{place.file}:{place.line}: the reference's {question.function.name} doesn't pass the check "
            f"{question.check.title!r}: {_why(finding)}"
        )
    if not answer.calls:
        raise BrokenReference(f"{place.file}:{place.line}: the check {question.check.title!r} asks nothing of student")
    told = (outcome.value for outcome in answer.outcomes if isinstance(outcome, Returned))
    entries = sum(map(count_entries, told)) + sum(count_entries([*c.args, *c.kwargs.values()]) for c in answer.calls)
    return Held(_forms(answer.outcomes), answer.seconds, entries)


def _why(finding: Finding) -> str:
    details = finding.details
    got = f"got {details.actual}, expected {details.expected}" if details.actual and details.expected else ""
    said = (details.raised or "", details.note or "", got)
    return "; ".join(filter(None, said)) or finding.reason


def judge(question: Question, truth: Held, answer: Answer) -> Finding:
    """What was found. Where the check stumbled over a value of another form than the reference's, that is wrong."""
    ended = [outcome for outcome in answer.outcomes if isinstance(outcome, Ended)]
    if ended or answer.finding is None:
        return no_value(question, ended or answer.outcomes) or Finding(Verdict.NOT_GRADED, "fault")
    if answer.finding.reason != "check":
        return answer.finding
    other = _other_form(truth.forms, answer)
    return answer.finding if other is None else _with_inputs(other, answer.finding)


def _with_inputs(finding: Finding, stumbled: Finding) -> Finding:
    return finding.add(inputs=stumbled.known.inputs)


def _other_form(due: Sequence[Any], answer: Answer) -> Finding | None:
    """The finding for the first value of another type or shape than the reference's, or that is not as finite."""
    for call, outcome, right, form in zip(answer.calls, answer.outcomes, due, _forms(answer.outcomes), strict=False):
        if right != form and isinstance(outcome, Returned):
            note = f"{show_call(call)} gave {_describe(form)}. Expected: {_describe(right)}."
            return Finding(Verdict.FAILED, _reason(right, form, outcome.value), Details(note=note))
    return None


def _reason(due: tuple[Any, ...], form: tuple[Any, ...], value: Any) -> str:
    if value is None:
        return "nothing"
    if due[0] == form[0] == "array" and due[1] != form[1]:
        return "shape"
    if due[0] != form[0] or due[0] not in ("array", "number"):
        return "type"
    return "value" if form[-1] else "nan" if np.isnan(value).any() else "infinite"


def _forms(outcomes: Iterable[Outcome]) -> tuple[Any, ...]:
    return tuple(_form(outcome.value) if isinstance(outcome, Returned) else ("none",) for outcome in outcomes)


def _form(value: Any) -> tuple[Any, ...]:
    """The type and the shape of a value, and whether its numbers are finite, without what it holds."""
    if isinstance(value, np.ndarray):
        if value.dtype.kind not in "biuf":
            return ("array of complex numbers" if value.dtype.kind == "c" else "array of no numbers",)
        return ("array", value.shape, bool(np.isfinite(value).all()))
    if isinstance(value, Opaque):
        return (f"an object of type {value.type}",)
    if isinstance(value, (list, tuple)) and len(value) <= _MOST_ENTRIES:
        return (type(value).__name__, *map(_form, value))
    if isinstance(value, dict):
        return ("dict", *((key, _form(item)) for key, item in value.items()))
    if isinstance(value, (int, float, np.integer, np.floating)) and not isinstance(value, bool):
        return ("number", not isinstance(value, (float, np.floating)) or bool(np.isfinite(value)))
    return (type(value).__name__,)


#: Of a longer list only its type is held against the reference's.
_MOST_ENTRIES = 20


def _describe(form: tuple[Any, ...]) -> str:
    if form[0] == "array":
        return f"an array of the shape {form[1]}" + ("" if form[2] else " with numbers that are not finite")
    if form[0] == "number":
        return "number" if form[1] else "a number that is not finite"
    if form[0] in ("list", "tuple", "dict") and len(form) > 1:
        return f"a {form[0]} of {len(form) - 1}"
    return {"NoneType": "None", "none": "no value"}.get(form[0], str(form[0]))


KIND = Kind(
    keys={},
    steps=steps,
    truth=truth,
    judge=judge,
    converse=converse,
    reasons={
        "check": "Not graded: the check itself fails here. No points are taken.",
        "law": "What this check tests is not true.",
        "not_raised": "The call should have raised an exception, and raised none.",
        "raised_another": "The call raised the wrong exception.",
    },
)
