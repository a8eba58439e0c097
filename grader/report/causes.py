"""Why points were lost, told once each: the failed checks of all functions, grouped by what made them fail.

Checks belong together where they stopped with the same exception at the same line (a name that is missing: anywhere);
else where the same known mistake explains their function; else where their function gives wrong answers. Every screen
and page that explains a grade is made from these records.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from typing import Literal

import msgspec

from grader.checks.finding import Block, Details
from grader.checks.lasting import STAYS
from grader.grading.grades import CheckGrade, FunctionGrade, Grade, NamedMistake, Problem, RightValue, Slip, StoodAt
from grader.grading.manual import MANUAL_KIND
from grader.report.exceptions import advise_on, advise_on_missing, shorten
from grader.report.wording import WAS_SEEN, describe_right_values, introduce, say_mistake, sentence, tell_repair
from grader.verdict import OPEN, Verdict

Kind = Literal["raised", "wrong", "missing", "stopped", "slip"]

#: By the first word of a group's key.
_KINDS: dict[str, Kind] = {"raised": "raised", "missing": "missing", "stopped": "stopped"}
#: How a problem begins that is a statement of the file itself, which stopped.
_FAILED_STATEMENT = "This statement failed"
_STOPS = (Verdict.TIMEOUT, Verdict.MEMORY)
_TRY_WHEN_STOPPED = {
    Verdict.TIMEOUT: "This is probably a loop that never ends: what changes in each round, so that it can stop?",
    Verdict.MEMORY: (
        "The inputs are small: is there an array that is far larger than they are, or a loop that makes a list longer "
        "without an end?"
    ),
}


class LostCheck(msgspec.Struct, frozen=True):
    """A check that lost points."""

    function: str
    title: str
    score: Fraction
    most: Fraction
    waits: bool = False  #: right by itself, and not counted, because the results are wrong


class Cause(msgspec.Struct, frozen=True):
    """One reason for lost points, and all that it cost."""

    kind: Kind
    title: str  #: what happened, in a few words
    where: str  #: of an exception: "submission.py, line 7"; may be empty
    source: str  #: that line, as the student wrote it; may be empty
    mistake: str  #: the known mistake that explains it; may be empty
    hint: str  #: one thing to try; may be empty
    functions: tuple[str, ...]
    checks: tuple[LostCheck, ...]
    lost: Fraction  #: points, over all functions
    example: Details | None  #: an input on which it fails
    is_alike: bool  #: whether the example fails as the checks do
    right: str = ""  #: what was right on the way to it: "right so far: z1 (line 4), h (line 5)"
    look_at: str = ""  #: the line that a program found
    blocks: tuple[Block, ...] = ()  #: named parts of the result, where at least one is right
    second: Details | None = None  #: one more example, which is answered the other way round
    pictured: Details | None = None  #: of what these parts may be drawn, with their numbers
    introduction: str = ""  #: what stands before the mistake
    said_mistake: str = ""  #: the mistake in words for people
    right_values: tuple[RightValue, ...] = ()  #: what `right` says
    stood_at: StoodAt | None = None  #: where it was when it was stopped
    changed: tuple[str, ...] = ()  #: arguments that were seen to be changed

    @property
    def is_known(self) -> bool:
        """Whether a mistake that somebody wrote down explains it."""
        return bool(self.mistake) and self.introduction != WAS_SEEN

    @property
    def is_shared(self) -> bool:
        """Whether it cost more than one function."""
        return len(self.functions) > 1


def find_causes(grade: Grade) -> tuple[Cause, ...]:
    """The causes of all lost points, the costliest first.

    Args:
        grade: as its audience may see it; what isn't in it can't be told.
    """
    groups: dict[tuple[str, ...], list[_Part]] = {}
    for function in grade.functions:
        for part in _parts(function):
            groups.setdefault(part.key, []).append(part)
    failed = [problem for problem in grade.problems if problem.message.startswith(_FAILED_STATEMENT)]
    slips = (_of_slip(slip) for slip in grade.slips if slip.price)
    causes = [*(_join(parts, failed) for parts in groups.values()), *slips]
    return tuple(sorted(causes, key=lambda cause: -cause.lost))


def _of_slip(slip: Slip) -> Cause:
    told = tell_repair(slip)
    hint = f"{told[0].upper()}{told[1:]} ({slip.where})."
    return Cause("slip", f"slip: {slip.sort}", slip.where, "", "", hint, slip.functions, (), slip.price, None, False)


class _Part(msgspec.Struct, frozen=True):
    """What one function adds to a cause."""

    key: tuple[str, ...]
    function: FunctionGrade
    checks: tuple[CheckGrade, ...]
    evidence: Details | None  #: of the first check, or of an example that fails as it does
    lost: Fraction


def has_lost(function: FunctionGrade) -> bool:
    """Whether a function lost points that are told of: not what is optional and was left out."""
    left_out = function.optional and function.verdict is Verdict.MISSING
    return function.verdict not in (Verdict.PASSED, Verdict.CARRIED, *OPEN) and not left_out


def _parts(function: FunctionGrade) -> Iterator[_Part]:
    if not has_lost(function):
        return
    failed = tuple(check for check in function.checks if _is_lost(check))
    if function.verdict is Verdict.MISSING:
        why = function.remarks[0] if function.remarks else ""
        alike = re.sub(r"\d+", "#", why.replace(function.name, "…"))
        yield _Part(("missing", alike), function, failed, None, function.max_score)
        return
    groups: dict[tuple[str, ...], list[CheckGrade]] = {}
    for check in failed:
        groups.setdefault(_key(function, check), []).append(check)
    groups = _merge(function, groups)
    credit = function.from_mistake
    for key, checks in groups.items():
        lost = max(Fraction(0), sum((c.max_score - (c.score or 0) for c in checks), Fraction(0)) - credit)
        credit = Fraction(0)
        yield _Part(key, function, tuple(checks), _evidence(function, checks), lost)


def _is_lost(check: CheckGrade) -> bool:
    return check.kind != MANUAL_KIND and check.score is not None and check.score < check.max_score


def _key(function: FunctionGrade, check: CheckGrade) -> tuple[str, ...]:
    if check.verdict in _STOPS:
        return ("stopped", check.verdict)
    details = check.details or _own_example(function, check)
    if details is not None and details.raised is not None:
        exception = details.raised.partition(":")[0]
        return ("raised", details.raised if exception == "NameError" else exception, _place(details))
    return ("wrong", function.name)


def _place(details: Details) -> str:
    """Where it happened; a missing name is missing everywhere."""
    return "" if (details.raised or "").startswith("NameError") else details.where or ""


def _merge(
    function: FunctionGrade, groups: dict[tuple[str, ...], list[CheckGrade]]
) -> dict[tuple[str, ...], list[CheckGrade]]:
    """One group where one mistake explains the function; what only waits for right values belongs to the first."""
    raised = next((key for key in groups if key[0] == "raised"), None)
    if function.mistakes:
        key = raised or ("mistake", function.mistakes[0].name)
        others = (checks for each, checks in groups.items() if each != key)
        return {key: [*groups.get(key, []), *(check for checks in others for check in checks)]}
    own = ("wrong", function.name)
    if len(groups) > 1 and all(check.waits for check in groups.get(own, [])):
        waiting = groups.pop(own, [])
        groups[next(iter(groups))] += waiting
    return groups


def _own_example(function: FunctionGrade, check: CheckGrade) -> Details | None:
    """The fresh input that stands for a hidden check: only where it can have failed in the same way."""
    for witness in function.witnesses:
        if (witness.details.raised is not None) is (check.verdict is Verdict.ERROR):
            return witness.details
    return None


def _evidence(function: FunctionGrade, checks: Sequence[CheckGrade]) -> Details | None:
    found = (check.details or _own_example(function, check) for check in checks if not check.waits)
    return next((details for details in found if details is not None), None)


def _join(parts: Sequence[_Part], failed: Sequence[Problem]) -> Cause:
    first = parts[0]
    kind: Kind = _KINDS.get(first.key[0], "wrong")
    details = first.evidence
    if kind == "wrong" and details is not None and details.raised is not None:
        kind = "raised"
    example, alike = _example(parts)
    mistakes = [mistake for part in parts for mistake in part.function.mistakes]
    return Cause(
        second=_second(parts),
        kind=kind,
        title=_title(kind, first, details),
        where=(details.where or "") if details is not None and kind == "raised" else "",
        source=(details.source or "") if details is not None and kind == "raised" else "",
        mistake=mistakes[0].name if mistakes else "",
        introduction=introduce(mistakes[0]) if mistakes else "",
        said_mistake=say_mistake(mistakes[0]) + _name_changed(mistakes[0], parts) if mistakes else "",
        hint=_hint(kind, parts, details, failed),
        functions=tuple(dict.fromkeys(part.function.name for part in parts)),
        checks=tuple(
            LostCheck(part.function.name, check.title, check.score or Fraction(0), check.max_score, check.waits)
            for part in parts
            for check in part.checks
        ),
        lost=sum((part.lost for part in parts), Fraction(0)),
        example=example,
        is_alike=alike,
        right=next(filter(None, (describe_right_values(part.function.right_so_far) for part in parts)), ""),
        pictured=next((each for each in _looked_at(parts, example) if _has_numbers(each)), None),
        blocks=next(filter(None, map(_blocks, _looked_at(parts, example))), ()),
        look_at=next(filter(None, (part.function.look_at for part in parts)), ""),
        right_values=next(filter(None, (part.function.right_so_far for part in parts)), ()),
        changed=_changed(parts, example),
        stood_at=next(filter(None, (part.function.stood_at for part in parts)), None) if kind == "stopped" else None,
    )


def _changed(parts: Sequence[_Part], example: Details | None) -> tuple[str, ...]:
    """The arguments that the call changed, as the example and fresh inputs show it."""
    shown = [example] if example is not None else []
    shown += [witness.details for part in parts for witness in part.function.witnesses]
    return tuple(dict.fromkeys(each.argument for each in shown if each.argument))


def _name_changed(mistake: NamedMistake, parts: Sequence[_Part]) -> str:
    """Which arguments are changed, where that is the mistake and fresh inputs show it."""
    names = ", ".join(_changed(parts, None))
    return f": {names}" if names and _is_change(mistake) else ""


def _title(kind: Kind, part: _Part, details: Details | None) -> str:
    if kind == "missing":
        return part.function.remarks[0] if part.function.remarks else f"{part.function.name} isn't there."
    if kind == "raised" and details is not None and details.raised is not None:
        return shorten(details.raised)
    if tendency := next((each.message for each in part.function.witnesses if each.details.tried), ""):
        return tendency
    first = next((check for check in part.checks if not check.waits), part.checks[0])
    said = (details.note or "") if details is not None and "Expected:" in (details.note or "") else ""
    if said or first.details is not None:
        return said or sentence(first)
    # A hidden check, of which a student may know no more: what the example shows may be said.
    alike = (each.message for each in part.function.witnesses if _fails_alike(each.details, part))
    return next(filter(None, alike), "") or sentence(first)


#: Where nobody wrote a hint: what finds most faults.
_TRY_BY_HAND = "Work this example out on paper, line by line: which line of yours gives other numbers?"


#: Where there is no input that may be shown.
_TRY_WITHOUT_EXAMPLE = "Call it yourself with such an input as the name of the check says. What should come out?"
#: Where a result has another form: numbers don't matter yet.
_TRY_FOR_FORM = (
    ("NaN", "Which line gives NaN first? Look for log(0), 0 * log(0), 0 / 0 and inf / inf."),
    ("has shape", "Print the shape of each line's result: which is the first to be wrong?"),
    ("neither true nor false", "Return True or False alone."),
    ("has another type", "Print the type of what you return, just before the return."),
    ("The function returned", "Look at each return statement: does it return all results, in this order?"),
)


def _hint(kind: Kind, parts: Sequence[_Part], details: Details | None, failed: Sequence[Problem]) -> str:
    mistakes = (mistake.hint for part in parts for mistake in part.function.mistakes)
    known = next(filter(None, mistakes), "")
    if kind == "missing":
        return advise_on_missing(_title(kind, parts[0], details))
    if known:
        return known
    if kind == "stopped":
        return _TRY_WHEN_STOPPED[parts[0].checks[0].verdict]
    if details is not None and details.raised is not None:
        return advise_on(details.raised, failed)
    if any(witness.details.earlier and witness.details.tried for part in parts for witness in part.function.witnesses):
        return STAYS[1]
    # A hint on another check than the first would lead away from what is wrong.
    first = next((check for part in parts for check in part.checks if not check.waits), None)
    if first is not None and first.hint and _is_about_example(first, parts):
        return first.hint
    shown = next((witness.details for part in parts for witness in part.function.witnesses), None)
    if shown is not None and shown.raised is not None:
        return advise_on(shown.raised, failed)
    if details is None:
        return _TRY_WITHOUT_EXAMPLE
    form = next((advice for word, advice in _TRY_FOR_FORM if word in _title(kind, parts[0], details)), "")
    is_of_numbers = bool(details.inputs) and details.argument is None
    return form or (_TRY_BY_HAND if is_of_numbers and not any(part.function.look_at for part in parts) else "")


def _is_about_example(check: CheckGrade, parts: Sequence[_Part]) -> bool:
    """Whether the example is such an input as the check asks: else its hint would be about another one."""
    shown = next((witness for part in parts for witness in part.function.witnesses), None)
    return shown is None or shown.asked_by is None or check.title in shown.asked_by


def _example(parts: Sequence[_Part]) -> tuple[Details | None, bool]:
    """An input on which it fails: one made for the report where there is one, else that of a check.

    Where arguments are changed, it is one that shows this.
    """
    if changing := next(filter(None, (_shows_change(part) for part in parts)), None):
        return changing, True
    for part in parts:
        for witness in part.function.witnesses:
            return witness.details, _fails_alike(witness.details, part)
    return next((part.evidence for part in parts if part.evidence is not None), None), True


def _shows_change(part: _Part) -> Details | None:
    """A fresh input of which an argument was changed, where that is the mistake."""
    if not any(_is_change(mistake) for mistake in part.function.mistakes):
        return None
    shown = (witness.details for witness in part.function.witnesses)
    return next((details for details in shown if details.argument), None)


def _is_change(mistake: NamedMistake) -> bool:
    return mistake.is_seen and "argument" in mistake.name


def _second(parts: Sequence[_Part]) -> Details | None:
    """Beside a wrong True a wrong False, or the other way round: one alone would tell half of it."""
    shown = [witness.details for part in parts[:1] for witness in part.function.witnesses]
    answers = {details.actual for details in shown[:2]}
    return shown[1] if answers == {"True", "False"} and len(shown) > 1 else None


def _looked_at(parts: Sequence[_Part], example: Details | None) -> Iterator[Details | None]:
    """What may say which parts of a result are right, the example first, which everything else is told of."""
    yield example
    for part in parts:
        yield part.evidence
        yield from (check.details for check in part.checks)


def _has_numbers(details: Details | None) -> bool:
    return details is not None and any(each.columns for each in details.blocks)


def _blocks(details: Details | None) -> tuple[Block, ...]:
    blocks = details.blocks if details is not None else ()
    return blocks if any(each.is_right for each in blocks) else ()


def _fails_alike(example: Details, part: _Part) -> bool:
    """By the same exception, or by an answer; of a hidden check a student knows only whether there was one."""
    if part.evidence is None:
        first = next((check for check in part.checks if not check.waits), part.checks[0])
        return (example.raised is not None) is (first.verdict is Verdict.ERROR)
    return _exception(example) == _exception(part.evidence)


def _exception(details: Details) -> str:
    return re.split(r"[:\s]", details.raised or "", maxsplit=1)[0]


def is_fact(check: CheckGrade) -> bool:
    """Whether a check of a wrong function passed that has no points, and only explains: it may be what helps most."""
    return not check.max_score and check.verdict is Verdict.PASSED and not check.advisory


def count_right(function: FunctionGrade) -> Iterable[CheckGrade]:
    """The checks with points that a function passed."""
    return (check for check in function.checks if check.max_score and check.score == check.max_score)
