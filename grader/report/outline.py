"""What a report for people says, in which order; the renderers only decide how it looks.

Every text in a story is fit to show (see `clean`), and holds nothing that its audience may not know.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

import msgspec
from msgspec.structs import replace

from grader.checks.finding import Details, describe_blocks
from grader.grading.grades import (
    CheckGrade,
    Counterexample,
    Decision,
    FunctionGrade,
    Grade,
    NamedMistake,
    Problem,
    Repaired,
    ScoreChange,
    Slip,
    name_all,
)
from grader.grading.manual import MANUAL_KIND
from grader.report.audience import for_audience
from grader.report.causes import has_lost, is_fact
from grader.report.sanitize import sanitize_grade
from grader.report.wording import (
    BY_DECISION,
    CARRIED,
    FROM_MISTAKE,
    HIDDEN,
    INSTRUCTORS_ONLY,
    LABELS,
    LEFT_OUT_TITLE,
    NOT_ISOLATED,
    PRIVATE_NOTE,
    WAITS,
    WITNESS,
    WITNESS_SAYS,
    WORTH_A_LOOK,
    Tone,
    describe_change,
    describe_right_values,
    describe_slip,
    furthest_off,
    headline,
    name_carried,
    points,
    points_out_of,
    price_of,
    score_line,
    sentence,
    tone,
    with_sign,
)
from grader.verdict import OPEN, Verdict

#: Verdicts that mean the same of every check.
_AS_IT_IS = (Verdict.PASSED, Verdict.CARRIED, *OPEN)


class FunctionRow(msgspec.Struct, frozen=True):
    """One function in the table."""

    name: str
    points: str  #: "2 of 12"
    verdict: str
    tone: Tone
    share: float  #: of the points, 0 to 1, for a bar
    told: bool  #: a chapter below says more


class Fact(msgspec.Struct, frozen=True):
    """One labelled thing to see: an input, the expected value, what was printed. May have several lines."""

    label: str
    text: str
    is_array: bool = False  #: compared by eye with the others: its columns must stay aligned


class CheckEntry(msgspec.Struct, frozen=True):
    """One check, as a line of the bill that adds up to the function's points."""

    points: str  #: "0 of 4"; empty where the check has no points
    title: str
    verdict: str
    tone: Tone
    tags: tuple[str, ...]  #: "hidden", "advisory: costs no points"
    message: str  #: empty where all is right, or where it has been said
    hint: str
    facts: tuple[Fact, ...]


class Extra(msgspec.Struct, frozen=True):
    """Points of a function beside those of its checks."""

    points: str  #: "+ 1", "- 2.5"
    title: str


class FunctionSection(msgspec.Struct, frozen=True):
    """All there is to say about one function."""

    number: int  #: its place in the table, from 1
    name: str
    points: str
    verdict: str
    tone: Tone
    promise: str
    mistakes: tuple[NamedMistake, ...]
    lines: tuple[CheckEntry, ...]
    extras: tuple[Extra, ...]  #: with them the lines add up to the function's points
    remarks: tuple[str, ...]
    witnesses: tuple[CheckEntry, ...]  #: fresh inputs on which it fails, told as checks without points


class Notice(msgspec.Struct, frozen=True):
    """What a reader must know before all else."""

    text: str
    is_alarm: bool


class SlipEntry(msgspec.Struct, frozen=True):
    """A slip that was repaired: its line of the bill, and what was changed."""

    title: str  #: "-2, slip: missing import (hw1.py, line 1): softmax and forward are right with it"
    diff: str


class ReportOutline(msgspec.Struct, frozen=True):
    """A grade, ready to be laid out."""

    title: str
    submission: str
    student: str  #: empty where nobody is named
    notices: tuple[Notice, ...]
    score: str
    headline: str
    tone: Tone
    rows: tuple[FunctionRow, ...]
    total: FunctionRow
    slips: tuple[SlipEntry, ...]  #: what was repaired by the grader
    decisions: tuple[Problem, ...]  #: by people, each with its day
    repaired: Repaired | None  #: what a person changed before it was graded
    problems: tuple[Problem, ...]
    chapters: tuple[FunctionSection, ...]
    fine_print: str  #: how to read the chapters; may be empty
    left_out: tuple[Problem, ...]
    about: tuple[Fact, ...]  #: how the grade was made


def prepare_grade(grade: Grade) -> Grade:
    """`grade` as its own audience may see it, with every text fit to show; once only, or what is cut is cut again."""
    folded = replace(grade, problems=fold_problems(grade.problems))
    return sanitize_grade(for_audience(folded, grade.audience))


def outline_of(grade: Grade) -> ReportOutline:
    """Put a grade into words."""
    grade = prepare_grade(grade)
    return ReportOutline(
        title=grade.title,
        submission=grade.submission,
        student=grade.student or "",
        notices=_notices(grade),
        score=score_line(grade),
        headline=headline(grade),
        tone=tone(grade.verdict),
        rows=(*map(_row, grade.functions), *map(_slip_row, grade.slips), *map(_change, grade.changes)),
        total=FunctionRow(
            "total", points_out_of(grade.score, grade.max_score), "", tone(grade.verdict), *_whole(grade)
        ),
        slips=tuple(map(_slip_entry, grade.slips)),
        decisions=tuple(map(_decision, grade.decisions)),
        repaired=grade.repaired,
        problems=grade.problems,
        chapters=tuple(_chapter(place, each) for place, each in enumerate(grade.functions, 1) if _needs_telling(each)),
        fine_print=_fine_print(grade),
        left_out=grade.left_out,
        about=_about(grade),
    )


def fold_problems(problems: Sequence[Problem], most: int = 5) -> tuple[Problem, ...]:
    """Problems of one kind up to so many times; the rest of that kind is counted."""
    kinds: dict[str, list[Problem]] = {}
    for each in problems:
        kinds.setdefault(each.message.partition(":")[0], []).append(each)
    told: list[Problem] = []
    for same in kinds.values():
        told += same[:most]
        if len(same) > most:
            told[-1] = replace(told[-1], message=f"{told[-1].message} {_and_more(len(same) - most)}")
    return tuple(told)


def _and_more(count: int) -> str:
    return f"(and {count:,} more of the same kind)"


def facts(details: Details | None) -> tuple[Fact, ...]:
    """What can be seen of one question, in the order in which a reader looks at it."""
    if details is None:
        return ()
    told = (
        Fact("case", details.situation),
        *(Fact(f"input {name}", text, is_array=True) for name, text in details.inputs.items()),
        Fact(f"{details.argument} before" if details.argument else "expected", details.expected or "", is_array=True),
        Fact(f"{details.argument} after" if details.argument else "returned", details.actual or "", is_array=True),
        Fact("furthest off", furthest_off(details.worst) if details.worst else ""),
        *(Fact(f"called before on {name}", text, is_array=True) for name, text in details.earlier.items()),
        *(Fact(f"called then on {name}", text, is_array=True) for name, text in details.later.items()),
        Fact("stopped with", details.raised or ""),
        Fact("where", details.where or ""),
        Fact("printed", details.printed or ""),
        Fact("parts", _parts_of(details)),
        *(Fact(f"right on {name}", text, is_array=True) for name, text in details.right_on.items()),
        Fact("tried", details.tried),
        Fact("note", details.note or ""),
    )
    return tuple(fact for fact in told if fact.text)


def _parts_of(details: Details) -> str:
    """Which parts of a result are right, where its note doesn't say it."""
    said = describe_blocks(details.blocks)
    return "" if said in (details.note or "") else said


def _decision(decision: Decision) -> Problem:
    note = f" ({PRIVATE_NOTE}: {decision.note})" if decision.note else ""
    return Problem(decision.when, decision.text + note)


def _share(score: Fraction | None, most: Fraction) -> float:
    return float(min(score / most, Fraction(1))) if score and most else 0.0


def _whole(grade: Grade) -> tuple[float, bool]:
    return _share(grade.score, grade.max_score), False


def _row(function: FunctionGrade) -> FunctionRow:
    return FunctionRow(
        function.name,
        _score_text(function),
        _word_for(function),
        _tone(function),
        _share(function.score, function.max_score),
        _needs_telling(function),
    )


def _score_text(function: FunctionGrade) -> str:
    return points_out_of(function.score, function.max_score) + (" extra" if function.optional else "")


def _is_left_out(function: FunctionGrade) -> bool:
    return function.optional and function.verdict is Verdict.MISSING


def _word_for(function: FunctionGrade) -> str:
    if function.verdict is Verdict.CARRIED:
        return name_carried(function)
    return LEFT_OUT_TITLE if _is_left_out(function) else LABELS[function.verdict]


def _tone(function: FunctionGrade) -> Tone:
    return "open" if _is_left_out(function) else tone(function.verdict)


def _needs_telling(function: FunctionGrade) -> bool:
    if _is_left_out(function):
        return False
    silent = all(check.verdict is Verdict.PASSED and check.kind != MANUAL_KIND for check in function.checks)
    said = function.remarks or function.mistakes or function.convention
    return function.verdict is not Verdict.PASSED or not silent or bool(said)


def _chapter(number: int, function: FunctionGrade) -> FunctionSection:
    return FunctionSection(
        number=number,
        name=function.name,
        points=_score_text(function),
        verdict=_word_for(function),
        tone=_tone(function),
        promise=function.promise,
        mistakes=function.mistakes,
        lines=_lines(function),
        extras=tuple(_extras(function)),
        remarks=(*_carried_sentence(function), *_convention(function), *_explanations(function), *function.remarks),
        witnesses=tuple(tell_counterexample(each) for each in function.witnesses),
    )


def _extras(function: FunctionGrade) -> Iterator[Extra]:
    if function.from_mistake:
        yield Extra(with_sign(function.from_mistake), FROM_MISTAKE)
    if function.given:
        yield Extra(with_sign(function.given), BY_DECISION)


def _change(change: ScoreChange) -> FunctionRow:
    return FunctionRow(change.what, with_sign(change.points), "", "open", 0.0, told=False)


def _slip_row(slip: Slip) -> FunctionRow:
    return FunctionRow(describe_slip(slip), price_of(slip), "", "open", 0.0, told=False)


def _slip_entry(slip: Slip) -> SlipEntry:
    verb = "is" if len(slip.functions) == 1 else "are"
    title = f"{price_of(slip)}, {describe_slip(slip)}: with it, {name_all(slip.functions)} {verb} right"
    return SlipEntry(title, slip.diff)


def _lines(function: FunctionGrade) -> tuple[CheckEntry, ...]:
    """The checks as lines. What has just been said isn't said again: a missing function has one reason."""
    hints = {mistake.hint for mistake in function.mistakes}
    before = CARRIED if function.carried else ""
    lines = []
    for check in (each for each in function.checks if _is_shown(each, function)):
        line = _name_helpers(tell_check(check), check, function)
        lines.append(replace(_shorter(line, before), hint=_unless(hints, line.hint)))
        hints.add(line.hint)
        before = line.message or before
    return tuple(lines)


def _name_helpers(line: CheckEntry, check: CheckGrade, function: FunctionGrade) -> CheckEntry:
    return replace(line, verdict=name_carried(function)) if check.verdict is Verdict.CARRIED else line


def _shorter(line: CheckEntry, before: str) -> CheckEntry:
    """`line` without its message where that is the one said `before`."""
    if not line.message or line.message != before:
        return line
    as_above = "" if line.message == CARRIED else ", as above"
    return replace(line, verdict=line.verdict + as_above, message="")


def _unless(said: set[str], text: str) -> str:
    return "" if text in said else text


def _is_shown(check: CheckGrade, function: FunctionGrade) -> bool:
    """A check without points is worth a line only where it has something to say: a passed one of a wrong function."""
    return bool(check.max_score) or check.verdict is not Verdict.PASSED or (has_lost(function) and is_fact(check))


def tell_check(check: CheckGrade) -> CheckEntry:
    """One check, told as if it stood alone."""
    right = check.verdict is Verdict.PASSED
    label, tint = _label(check)
    return CheckEntry(
        points=points_out_of(check.score, check.max_score) if check.max_score else "",
        title=check.title,
        verdict=label,
        tone=tint,
        tags=() if right else _tags(check),
        message="" if right and check.kind != MANUAL_KIND else sentence(check),
        hint="" if right else check.hint,
        facts=() if right else facts(check.details),
    )


def tell_counterexample(witness: Counterexample) -> CheckEntry:
    """An input on which a function fails, as a line without points."""
    said = " ".join(filter(None, (witness.message, WITNESS_SAYS)))
    return CheckEntry("", WITNESS, "", "bad", ("made for this report",), said, "", facts(witness.details))


def _label(check: CheckGrade) -> tuple[str, Tone]:
    """What a check's verdict is called: advice isn't wrong, nor is what only waits for other checks."""
    if check.verdict in _AS_IT_IS or not (check.advisory or check.waits):
        return LABELS[check.verdict], tone(check.verdict)
    return WORTH_A_LOOK if check.advisory else WAITS, "part"


def _tags(check: CheckGrade) -> tuple[str, ...]:
    opens = {
        "public": "public",
        "hidden": "hidden",
        "after_due": "hidden until it's due",
        "after_published": "hidden until grades are published",
    }[check.visibility]
    return (opens, "advisory: costs no points") if check.advisory else (opens,)


def _carried_sentence(function: FunctionGrade) -> tuple[str, ...]:
    if not function.carried:
        return ()
    if function.charged_in:
        text = (
            f"{points(function.carried)} of these points are kept: it makes the same mistake as {function.charged_in}, "
            "where the mistake costs points, and is right apart from that. A mistake costs points only once."
        )
        return (text,)
    helpers = f"your {name_all(function.carried_with)}" if function.carried_with else "the functions that it calls"
    text = (
        f"{points(function.carried)} of these points are kept, whatever is wrong with {helpers}: with a right version, "
        "the results are right. A mistake costs points only once, where it was made."
    )
    return (text,)


def _explanations(function: FunctionGrade) -> tuple[str, ...]:
    """What was found out about a wrong function besides."""
    change = describe_change(function.change) if function.change is not None else ""
    return tuple(filter(None, (describe_right_values(function.right_so_far), function.look_at, change)))


def _convention(function: FunctionGrade) -> tuple[str, ...]:
    return (f"Taken as right too: {function.convention}.",) if function.convention else ()


def _notices(grade: Grade) -> tuple[Notice, ...]:
    alarms = (Notice(NOT_ISOLATED, is_alarm=True),) if grade.isolation.level == "none" else ()
    return alarms if grade.audience == "student" else (*alarms, Notice(INSTRUCTORS_ONLY, is_alarm=False))


def _fine_print(grade: Grade) -> str:
    lost = [check for each in grade.functions for check in each.checks if check.verdict is not Verdict.PASSED]
    hidden = grade.audience == "student" and any(check.visibility != "public" for check in lost)
    return " ".join([HIDDEN] * hidden + ["Points are shown to 2 decimals; the sums are exact."] * _is_inexact(grade))


def _is_inexact(grade: Grade) -> bool:
    shown = [check.score for each in grade.functions for check in each.checks if check.score is not None]
    shown += [points for each in grade.functions for points in (each.from_mistake, each.given)]
    return any(100 % value.denominator for value in shown)


def _about(grade: Grade) -> tuple[Fact, ...]:
    """How it was made. A student's copy leaves out how well the code was shut in, and how long it took."""
    isolation = grade.isolation
    level = "NOT ISOLATED" if isolation.level == "none" else isolation.level
    layers = f" ({', '.join(isolation.layers)})" if isolation.layers else ""
    told = [
        ("isolation", level + layers),
        ("seed", "" if grade.seed is None else str(grade.seed)),
        ("grader", grade.grader_version),
        ("rubric", grade.rubric_sha256[:12]),
        ("reference", grade.reference_sha256[:12]),
        ("took", f"{grade.seconds:.2f} s"),
    ]
    dull = ("isolation", "took") if grade.audience == "student" and isolation.level != "none" else ()
    return tuple(Fact(label, text) for label, text in told if text and label not in dull)
