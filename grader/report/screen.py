"""The first screen of a report: the score, each cause of lost points once, what is right; all else is an option away.

Everything that a submission may have written passes `sanitize` first, and `inert` last: a terminal or a CI system can't
be steered by it. The widths are columns.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from grader.checks.finding import Details, describe_blocks
from grader.checks.results import COUNTS_AS
from grader.grading.grades import STOOD_IN, FunctionGrade, Grade, StudentCode, name_all
from grader.grading.manual import MANUAL_KIND
from grader.report.causes import Cause, LostCheck, count_right, find_causes, has_lost, is_fact
from grader.report.exceptions import missing_import, shorten
from grader.report.outline import fold_problems, prepare_grade
from grader.report.plain_text import wrap
from grader.report.sanitize import columns
from grader.report.wording import (
    LABELS,
    NO_POINTS_YET,
    NOT_ISOLATED,
    describe_slip,
    headline,
    name_mended,
    points,
    points_out_of,
    price_of,
    score_line,
    so_many_points,
    tell_repair,
    tell_repairs,
    with_sign,
)
from grader.verdict import Verdict

if TYPE_CHECKING:
    from grader.report.excerpt import SourceLine

#: Of a report that goes to a pipe, and the most of a terminal that it takes.
USUAL_WIDTH, MOST_WIDTH = 80, 100
_NARROWEST = 32
#: The columns in which names stand before what is said of them.
_MARGIN = 10
#: How many causes are told in full, and lines that an input or an answer may take.
_IN_FULL = 3
_IN_SHORT = 6
#: Lines of an input and of an answer: as many as leave a screen this high, else the last; and where there are many
#: causes, of those after the first. A higher screen than the second leaves out sources, the last ones first.
_HEIGHT, _HIGHEST = 24, 60
_EXAMPLE_LINES, _WITH_MANY = (7, 6, 5, 4, 3), 2
_PROBLEM_LINES = 3
_PROBLEMS = 3
#: How many checks of a cause are named.
_NAMED_CHECKS = 4
#: Lines of source of a function where there is room, and in any case: whole and not whole, of the only one, and of the
#: first, the second and the third one.
_MOST_SOURCE, _MOST_OF_SOME = 30, 10
_LEAST_ALONE, _LEAST_SOURCE = (16, _MOST_OF_SOME), ((12, _MOST_OF_SOME), (7, 4), (5, 4))
#: An array of so many characters is shown whole.
_WHOLE = 30
#: As many digits as the text of an array has.
_DIGITS = 8
_FIRST_NUMBERS = 4
_IN_PLAIN_WORDS = {"The values differ.": "Wrong numbers"}
_IN_A_PART = re.compile(r"^In (\S+)\. (?:Your result|The result)(?= (?:has|holds|is|should) )")
OPPOSITES = {"True": "False", "False": "True"}
_COUNTS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_FLOAT = re.compile(r"[-+]?\d*\.\d*(?:e[-+]?\d+)?|[-+]?\d+e[-+]?\d+")


class Line(msgspec.Struct, frozen=True):
    """A line of the screen; `style` is a word of `text.STYLES`."""

    text: str = ""
    style: str = ""


class _Source(msgspec.Struct, frozen=True):
    """Lines of a function's source, and what is said of some of them below."""

    lines: Sequence[Line] = ()
    said: str = ""


def lay_out_screen(grade: Grade, width: int, only: str = "") -> list[Line]:
    """The screen of a grade, `width` columns wide where words allow it.

    Args:
        only: the function that alone is shown; the score stays that of all.
    """
    grade = prepare_grade(replace(grade, problems=fold_problems(grade.problems, 1)))
    width = max(_NARROWEST, min(width, MOST_WIDTH))
    shown = [each for each in grade.functions if only in ("", each.name)]
    causes = [cause for cause in find_causes(grade) if not only or only in cause.functions]
    rest = [
        _tell_rest(grade, shown, width),
        _tell_decisions(grade, width),
        _tell_problems(grade, width, bool(causes) or not grade.functions),
        _closing(grade, causes, width, only),
    ]

    def laid_out(room: int, sources: Sequence[_Source]) -> list[Line]:
        blocks = [_opening(grade, width), *_tell_causes(grade, causes, width, room, sources), *rest]
        return [line for block in blocks if block for line in (*block, Line())][:-1]

    full = _told_in_full(causes)
    least = _EXAMPLE_LINES[-1]
    without = len(laid_out(least, [_Source()] * len(full)))
    sources = _tell_sources(grade, full, width, _HEIGHT - without)
    fewer = ([*sources[:count], *[_Source()] * (len(full) - count)] for count in range(len(full), -1, -1))
    lines: list[Line] = []
    for room, kept, most in [
        *((room, sources, _HEIGHT) for room in _EXAMPLE_LINES),
        *((least, kept, _HIGHEST) for kept in fewer),
    ]:
        lines = laid_out(room, kept)
        if len(lines) <= most:
            break
    return lines


def say_in_a_line(grade: Grade) -> str:
    """The score, and the function that lost most."""
    grade = prepare_grade(grade)
    causes = find_causes(grade)
    worst = f"; most lost {_where(causes[0])}" if causes else ""
    return f"{grade.submission}: {score_line(grade)}{worst}"


def _where(cause: Cause) -> str:
    return f"to a {cause.title}" if cause.kind == "slip" else f"in {cause.functions[0]}: {cause.title}"


# -- top and bottom ------------------------------------------------------------------------------------------------


def _opening(grade: Grade, width: int) -> list[Line]:
    name = f"{grade.submission} ({grade.student})" if grade.student else grade.submission
    gap = width - columns(grade.title) - columns(name)
    if gap >= 2:
        top = [Line(f"{grade.title}{' ' * gap}{name}", "loud")]
    else:
        top = [Line(text, "loud") for text in (*wrap(grade.title, width), *wrap(name, width))]
    alarm = _wrapped(NOT_ISOLATED, width, "alarm") if grade.isolation.level == "none" else []
    return [*top, *alarm, *_wrapped(_score(grade), width, "loud")]


def _score(grade: Grade) -> str:
    if grade.score is None:
        return f"{score_line(grade)}. {headline(grade)}"
    due = [each for each in grade.functions if not each.optional]
    right = sum(each.verdict in (Verdict.PASSED, Verdict.CARRIED) for each in due)
    return f"{score_line(grade)}, {right} of {len(due)} functions right{tell_repairs(grade)}"


def _closing(grade: Grade, causes: Sequence[Cause], width: int, only: str) -> list[Line]:
    lead = f"{points_out_of(grade.score, grade.max_score)}   "
    told = [cause for cause in causes if cause.kind != "slip"]
    some = [f"--only {told[0].functions[0]}"] if told and not only else []
    more = ["more: -v all checks", *some, "-o report.html"]
    about = _version(grade)
    margin = min(columns(lead), width // 3)
    return [*_listed(more, width, lead.rstrip(), "loud", margin), *_listed(about, width, "", "quiet", margin, " ")]


def _version(grade: Grade) -> list[str]:
    """For whom it is; an instructor is told how the code was isolated, a student only that it wasn't."""
    level = grade.isolation.level
    seed = "" if grade.seed is None else f", seed {grade.seed}"
    isolated = "NOT ISOLATED" if level == "none" else f"jailed ({level})"
    if grade.audience == "student":
        return ["student's version; NOT ISOLATED" if level == "none" else "student's version"]
    return ["instructor's version;", isolated + seed]


# -- causes --------------------------------------------------------------------------------------------------------


def _tell_causes(
    grade: Grade, causes: Sequence[Cause], width: int, room: int, sources: Sequence[_Source]
) -> Iterator[list[Line]]:
    """Each cause, `room` lines for its input, and as many for each answer.

    Args:
        sources: of those that are told in full.
    """
    by_name = {function.name: function for function in grade.functions}
    missing = [cause for cause in causes if cause.kind == "missing"]
    others = [cause for cause in causes if cause.kind not in ("missing", "slip")]
    for number, (cause, source) in enumerate(zip(_told_in_full(causes), sources, strict=True)):
        fewer = min(room, _WITH_MANY) if number and len(others) >= _IN_FULL else room
        yield _tell_cause(grade, cause, by_name, width, fewer, len(others) > 1, source)
    for cause in others[_IN_FULL:_IN_SHORT]:
        lead = _headline(grade, cause, by_name, width, " (-v: more)")
        yield [*lead, *_say_mistake(cause, width), *_tell_example(cause, width, 1)]
    if others[_IN_SHORT:]:
        yield [line for cause in others[_IN_SHORT:] for line in _headline(grade, cause, by_name, width, " (-v: more)")]
    if missing:
        yield [line for cause in missing[:_IN_FULL] for line in _tell_missing(cause, width)] + _more(
            missing[_IN_FULL:], width
        )


def _told_in_full(causes: Sequence[Cause]) -> list[Cause]:
    return [cause for cause in causes if cause.kind not in ("missing", "slip")][:_IN_FULL]


def _tell_missing(cause: Cause, width: int) -> list[Line]:
    """Functions that aren't there, or are empty: one sentence for those that have the same reason."""
    if not cause.is_shared:
        said = f"{cause.title} It costs {points(cause.lost)} points. {cause.hint}".strip()
        return _hung(f"{_lack(cause):<{_MARGIN}}", said, width, "bad")
    worth = _worth(cause.checks)
    said = f"{len(worth)} functions, {points(cause.lost)} points, {_verb_phrase(cause)} {cause.hint}".strip()
    return [
        *_hung(f"{_lack(cause):<{_MARGIN}}", said, width, "bad"),
        *_listed([f"{name} {points(most)}" for name, most in worth.items()], width),
    ]


def _lack(cause: Cause) -> str:
    return "empty" if "is there, but" in cause.title else "missing"


def _verb_phrase(cause: Cause) -> str:
    """What is said of the first function, without its name and its line, which differ."""
    said = cause.title.removeprefix(cause.functions[0]).strip()
    said = re.sub(r", (?:line|cell) \d+(?:, line \d+)?", "", said).replace("imports it from", "imports them from")
    return re.sub("^is ", "are ", re.sub("^isn't ", "are not ", said))


def _more(causes: Sequence[Cause], width: int) -> list[Line]:
    names = [name for cause in causes for name in cause.functions]
    return _hung(f"{'missing':<{_MARGIN}}", f"also {', '.join(names)}", width, "bad") if names else []


def _worth(checks: Iterable[LostCheck]) -> dict[str, Fraction]:
    worth: dict[str, Fraction] = {}
    for check in checks:
        worth[check.function] = worth.get(check.function, Fraction(0)) + check.most
    return worth


def _tell_cause(
    grade: Grade,
    cause: Cause,
    by_name: dict[str, FunctionGrade],
    width: int,
    room: int,
    is_short: bool,
    listed: _Source,
) -> list[Line]:
    if missing_import(cause.title):
        return _headline(grade, cause, by_name, width)
    from grader.report.excerpt import say_right_values  # late: only where points were lost

    source = f"{_line_number(cause.where):>5}   {cause.source}" if cause.source else ""
    return [
        *_headline(grade, cause, by_name, width),
        *([Line(_cut(source, width), "label")] if source else listed.lines),
        *_hung("  ", tell_stand_ins(cause), width),
        *_say_mistake(cause, width),
        *_hung("  ", " ".join(filter(None, (describe_blocks(cause.blocks), listed.said))), width),
        *_hung("  Try: ", cause.hint, width),
        *_hung("  ", cause.look_at, width),
        *_hung("  ", say_right_values(_code_of(grade, cause), cause), width),
        *_hung("  ", tell_bill(cause, by_name, is_short), width, hang=7),
        *_tell_example(cause, width, room),
    ]


def _tell_sources(grade: Grade, causes: Sequence[Cause], width: int, room: int) -> list[_Source]:
    """The source of each of these causes, in so many lines in all; of each some, whatever room there is."""
    told: list[_Source] = []
    for number, cause in enumerate(causes):
        whole, some = _LEAST_SOURCE[number] if len(causes) > 1 else _LEAST_ALONE
        most = max(min(room, _MOST_SOURCE), whole)
        source = _tell_source(grade, cause, width, most, max(min(room, _MOST_OF_SOME), some))
        room -= len(source.lines) + bool(source.said)
        told.append(source)
    return told


def _tell_source(grade: Grade, cause: Cause, width: int, most: int, most_of_some: int) -> _Source:
    """The source of a function that gave wrong answers or none: all of it, or what matters most, in so many lines."""
    code = _code_of(grade, cause)
    if code is None or cause.kind not in ("wrong", "stopped") or not code.text:
        return _Source()
    from grader.report.excerpt import look_at_source  # late: only where points were lost

    source = look_at_source(code, cause)
    for fewer in range(most, 0, -1):  # long lines take several of the screen's
        excerpt = source.take(fewer, min(fewer, most_of_some))
        lines = [*_hung("  ", excerpt.above, width), *(part for line in excerpt.lines for part in _list(line, width))]
        if len(lines) <= most:
            return _Source(lines, excerpt.below)
    return _Source()


def _code_of(grade: Grade, cause: Cause) -> StudentCode | None:
    return next((each for each in grade.code if each.function == cause.functions[0]), None)


def _list(line: SourceLine, width: int) -> Iterator[Line]:
    """A line of source with its number."""
    text = line.text.strip()
    indent = line.text[: len(line.text) - len(line.text.lstrip())]
    number = f"{'>' if line.is_marked else ' '}{line.number or '':>4}"
    hung = _hung(f"{number}   {indent}", text, width, "label", hang=10)
    return (replace(each, style="label") for each in hung)


def _say_mistake(cause: Cause, width: int) -> list[Line]:
    return _hung("  ", f"{cause.introduction}: {cause.said_mistake}." if cause.mistake else "", width)


def tell_stand_ins(cause: Cause) -> str:
    """That helpers were replaced on the example, where it says so: no part of what went wrong."""
    note = (cause.example.note or "") if cause.example is not None else ""
    said = (cause.title if STOOD_IN in cause.title else note).partition(STOOD_IN)[2]
    return (
        f"Tested with a right {said.partition(':')[0].strip()}: mistakes in yours take no points here." if said else ""
    )


def _headline(grade: Grade, cause: Cause, by_name: dict[str, FunctionGrade], width: int, more: str = "") -> list[Line]:
    most = 3 if len(cause.functions) == 3 else 2
    others = f" and {len(cause.functions) - most} more" if len(cause.functions) > most else ""
    names = ", ".join(cause.functions[:most]) + others
    first = by_name[cause.functions[0]]
    lost = f"{points(cause.lost)} points lost" if cause.is_shared else points_out_of(first.score, first.max_score)
    said = tell_what_happened(grade, cause) + more
    return _hung(f"{names}   {lost}   ", said, width, "bad" if not first.score else "part")


def tell_what_happened(grade: Grade, cause: Cause) -> str:
    """What made checks fail, and where, in a few words."""
    line = missing_import(cause.title) if cause.kind == "raised" else ""
    if line:
        return f"`{line}` is missing: add it at the top of the file"
    if cause.kind == "slip":
        return f"A small {cause.title}. It was repaired."
    title = cause.title.partition(f" {STOOD_IN}")[0]
    if cause.kind != "raised" or not cause.where:
        return _IN_PLAIN_WORDS.get(title) or _IN_A_PART.sub(r"\1", title).rstrip(".")
    kind, _, text = title.partition(": ")
    where = cause.where.removeprefix(f"{grade.submission}, ")
    return f"{kind} in {where}: {text}" if text else f"{kind} in {where}"


def _line_number(where: str) -> str:
    found = re.search(r"(\d+)$", where)
    return found[1] if found else ""


def tell_bill(cause: Cause, by_name: dict[str, FunctionGrade], is_short: bool = False) -> str:
    """What it cost, check by check; what is right in spite of it.

    Args:
        is_short: whether fewer checks are named, since there are other causes to tell.
    """
    most_wrong, most_right = (1, 1) if is_short else (_NAMED_CHECKS, 3)
    if cause.is_shared:
        counts = {name: sum(check.function == name for check in cause.checks) for name in cause.functions}
        listed = ", ".join(f"{name} {count}" for name, count in list(counts.items())[:6])
        more = f", {len(counts) - 6} more functions" if len(counts) > 6 else ""
        return f"It costs points in {len(cause.checks)} checks of {len(counts)} functions: {listed}{more}."
    function = by_name[cause.functions[0]]
    paid = [check for check in function.checks if check.max_score and check.kind != MANUAL_KIND]
    right = [
        f"{check.title} {points(check.score or Fraction(0))}/{points(check.max_score)}"
        for check in count_right(function)
    ]
    wrong = [check for check in cause.checks if is_short or not check.waits] or list(cause.checks)
    named = [f"{check.title} {points(check.score, check.most)}/{points(check.most)}" for check in wrong[:most_wrong]]
    named[:1] = [f"{each} points" for each in named[:1]]
    if rest := wrong[most_wrong:]:
        named.append(f"{_count(len(rest))} more {_sum(rest)}")
    said = f"It costs points in {len(cause.checks)} of {len(paid)} checks"
    back = so_many_points(function.from_mistake) if function.from_mistake else ""
    total = points_out_of(function.score, function.max_score)
    verb = "comes" if function.from_mistake == 1 else "come"
    extra = f" {back} {verb} back for a known mistake: {total} in all." if back else ""
    found = [check.title for check in function.checks if is_fact(check) and _explains_most(cause)]
    shown = right[: max(0, most_right - len(found))] if right else []
    rest_of_right = len(right) - len(shown)
    more = f", {_count(rest_of_right)} more" if rest_of_right else ""
    also = f" Right: {', '.join(shown)}{more}." if shown else ""
    also += f" Right, but without points: {', '.join(found)}." if found else ""
    waiting = [check for check in cause.checks if check not in wrong]
    verb = "gives" if len(waiting) == 1 else "give"
    wait = f" {_count(len(waiting)).capitalize()} more {verb} {NO_POINTS_YET}: {_sum(waiting)}." if waiting else ""
    return f"{said}: {', '.join(named)}.{wait}{extra}{also}"


def _explains_most(cause: Cause) -> bool:
    """Whether a check without points may say more than anything else does."""
    return not cause.is_known and (cause.example is None or cause.example.raised is None)


def _sum(checks: Sequence[LostCheck]) -> str:
    earned, most = sum((c.score for c in checks), Fraction(0)), sum((c.most for c in checks), Fraction(0))
    return f"{points(earned, most)}/{points(most)}"


def _count(number: int) -> str:
    return _COUNTS[number] if number < len(_COUNTS) else str(number)


# -- examples ------------------------------------------------------------------------------------------------------


def _tell_example(cause: Cause, width: int, room: int) -> list[Line]:
    """An input on which it fails, and what came back, in as many lines as help."""
    details = cause.example
    if details is None or not details.inputs:
        return []
    lines = _tell_inputs(details, cause.is_alike, width, room)
    if details.raised is not None:
        place = f" ({details.where})" if details.where else ""
        gives = _hung("  and stops with  ", shorten(details.raised) + place, width, hang=7)
        source = [Line(_cut(f"{_line_number(details.where or ''):>5}   {details.source}", width), "label")]
        return lines if cause.is_alike else [*lines, *_few(gives, width, room), *(source if details.source else [])]
    differs = details.differs if not details.expected and not cause.mistake else ""
    return [
        *lines,
        *_tell_answer(details, width, room),
        *_tell_more_examples(cause, details, width, room),
        *_hung("  ", differs or details.tried, width),
    ]


def _tell_more_examples(cause: Cause, details: Details, width: int, room: int) -> list[Line]:
    """What a wrong True or False can be held against: an input that is wrong the other way round, or a right one."""
    if cause.second is not None:
        second = _few(_fit_inputs("  And on  ", cause.second.inputs, width, room), width, room)
        return [*second, *_tell_answer(cause.second, width, room)]
    if not details.right_on:
        return []
    right = _few(_fit_inputs("  Right on  ", details.right_on, width, room), width, room)
    return [*right, *_hung("  You return  ", f"{OPPOSITES.get(details.actual or '', '')}, as is right", width)]


def _tell_inputs(details: Details, is_alike: bool, width: int, room: int) -> list[Line]:
    """The inputs of the call, and those of a call before or after it, where it takes two to fail."""
    calls = [("  Fails on  " if is_alike else "  Also fails on  ", details.inputs)]
    if details.earlier or details.later:
        first, then = details.earlier or details.inputs, details.later or details.inputs
        calls = [("  Called on  ", first), ("  and then on  ", _changed(then, first))]
    return [line for lead, inputs in calls for line in _few(_fit_inputs(lead, inputs, width, room), width, room)]


def _changed(then: Mapping[str, str], first: Mapping[str, str]) -> dict[str, str]:
    """The arguments that are others than in the first call."""
    return {name: text for name, text in then.items() if text != first.get(name)}


def _fit_inputs(lead: str, inputs: Mapping[str, str], width: int, room: int) -> list[Line]:
    """Inputs by their names; where they take more than `room` lines, the largest keep only their beginnings."""
    texts = {name: shorten_numbers(text) for name, text in inputs.items()}
    largest_first = sorted((name for name in texts if len(texts[name]) > _WHOLE), key=lambda name: -len(texts[name]))
    for name in ("", *largest_first):
        if name:
            texts[name] = _begin_of(texts[name])
        lines = _hung(lead, "; ".join(f"{each} = {text}" for each, text in texts.items()), width, hang=7)
        if len(lines) <= room:
            break
    return lines


def _begin_of(text: str) -> str:
    """The first row of an array, or its first numbers: "[[1, 2], … 3 more rows]", "[1, 2, 3, 4, … 27 more]"."""
    numbers = text.split(", ")
    if text.count("[") == 1 and len(numbers) > _FIRST_NUMBERS + 1:
        return f"{', '.join(numbers[:_FIRST_NUMBERS])}, … {len(numbers) - _FIRST_NUMBERS} more]"
    first, _, rest = text.partition("], ")
    rows = rest.count("], ") + 1
    return f"{first}], … {rows} more rows]" if rows > 1 and text.startswith("[[") else text


def _tell_answer(details: Details, width: int, room: int) -> list[Line]:
    got, due = details.actual or "", details.expected or ""
    if not got:
        return []
    if not due:
        return _tell_answer_alone(details, width, room)
    digits = 4 if shorten_numbers(got) != shorten_numbers(due) else _DIGITS
    got, due = shorten_numbers(got, digits), shorten_numbers(due, digits)
    marked = mark_wrong(got, due)
    note = "   (* wrong)" if marked != got else ""
    name = details.argument
    part = f"{details.part} = " if details.part else ""
    mine, right = (f"{name} after", f"{name} before") if name else (f"returned {part}".rstrip("= "), "expected")
    beside = f"  {mine}  {marked}   {right}  {due}{note}"
    if columns(beside) <= width:
        return [Line(beside)]
    returned = _few(_hung(f"  {mine}  ", f"{marked}{note}", width, hang=7), width, room)
    return [*returned, *_few(_hung(f"  {right}  ", due, width, hang=7), width, room)]


def _tell_answer_alone(details: Details, width: int, room: int) -> list[Line]:
    """What came back, where the right answer isn't shown: of a True or False the other one is, after all."""
    part = f"{details.part} = " if details.part else ""
    got = shorten_numbers(details.actual or "")
    if taken := _taken_as(details, got):
        counts = "" if taken == got else f", which counts as {taken}"
        return _hung("  You return  ", f"{part}{got}{counts}, where {OPPOSITES[taken]} is right", width)
    lead = f"  You return  {part}"
    if details.argument:
        lead, got = f"  After the call {details.argument} holds  ", _held_after(details, details.argument)
    if details.later:
        lead = "  Then the first result has become  "
    return _few(_hung(lead, got, width, hang=7), width, room)


def _taken_as(details: Details, got: str) -> str:
    """Which of True and False an answer is, or counts as; empty where it is neither."""
    counts = (each for each in OPPOSITES if f"{COUNTS_AS} {each}." in (details.note or ""))
    return got if got in OPPOSITES else next(counts, "")


def _held_after(details: Details, name: str) -> str:
    """An argument after the call that changed it, with as many digits as it takes to see that."""
    before, after = details.inputs.get(name, ""), details.actual or ""
    if shorten_numbers(after) != shorten_numbers(before):
        return shorten_numbers(after)
    held, old = shorten_numbers(after, _DIGITS), shorten_numbers(before, _DIGITS)
    return f"{held}; before, {old}" if held != old else f"{held}, which differs from what it held in later digits"


def shorten_numbers(text: str, digits: int = 4) -> str:
    """Arrays as text in one line, their numbers with so many significant digits."""
    flat = " ".join(text.split())
    flat = _FLOAT.sub(lambda found: _short(found[0], digits), flat)
    return re.sub(r"\s+(?=[\],)])", "", re.sub(r"(?<=[\[(])\s+", "", flat))


def _short(number: str, digits: int) -> str:
    try:
        return f"{float(number) + 0.0:.{digits}g}"  # no sign on a zero
    except ValueError:  # a lone point
        return number


def mark_wrong(got: str, due: str) -> str:
    """The numbers of `got` that differ from those at the same places in `due`, each with a star behind it."""
    token = re.compile(r"[-+]?(?:\d+\.?\d*(?:e[-+]?\d+)?|inf|nan)")
    there, here = token.findall(due), token.findall(got)
    if len(here) < 2 or len(here) != len(there) or token.sub("#", got) != token.sub("#", due):
        return got
    if all(a != b for a, b in zip(here, there, strict=True)):
        return got
    wanted = iter(there)
    return token.sub(lambda found: found[0] if found[0] == next(wanted) else f"{found[0]}*", got)


def _few(lines: list[Line], width: int, room: int) -> list[Line]:
    if len(lines) <= room:
        return lines
    last = lines[room - 1].text[: width - 7].rstrip()
    return [*lines[: room - 1], Line(f"{last} … (-v)")]


# -- the rest ------------------------------------------------------------------------------------------------------


def _tell_rest(grade: Grade, shown: Sequence[FunctionGrade], width: int) -> list[Line]:
    """What is right, carried, open or left out: a line for each sort."""
    groups: dict[str, list[str]] = {}
    for function in shown:
        if (sort := _sort(function)) and not has_lost(function):
            groups.setdefault(sort, []).append(f"{function.name} {points(function.max_score)}")
    lines: list[Line] = []
    for sort, names in groups.items():
        if len(sort) < _MARGIN:
            lines += _listed(names, width, sort, "good")
        else:
            lines += [*_wrapped(sort, width, "good"), *_listed(names, width)]
    return lines


def _sort(function: FunctionGrade) -> str:
    if function.verdict is Verdict.PASSED:
        return "right"
    if function.charged_in and function.verdict is Verdict.CARRIED:
        return f"the same mistake as in {function.charged_in}, so nothing is lost twice"
    if function.verdict is Verdict.CARRIED:
        names = name_all(function.carried_with)
        return f"right with a working {names}, so nothing is lost twice" if names else LABELS[Verdict.CARRIED]
    if function.verdict is Verdict.AWAITING:
        return "still needs marking by hand"
    if function.verdict is Verdict.NOT_GRADED:
        return "not graded: our fault, no points were taken"
    return "optional, not handed in" if function.optional else ""


def _tell_decisions(grade: Grade, width: int) -> list[Line]:
    slips = [
        f"{price_of(slip)}   {describe_slip(slip)}: {tell_repair(slip)}. With it, {name_mended(slip)} "
        f"{'is' if len(slip.functions) == 1 else 'are'} right."
        for slip in grade.slips
    ]
    changes = [f"{with_sign(change.points)}   {change.what}" for change in grade.changes]
    decided = [f"{each.when}: {each.text}" if each.when else each.text for each in grade.decisions]
    repaired = ["A repaired copy was graded: -v shows what was changed."] if grade.repaired else []
    return [
        line for said in (*slips, *changes, *decided, *repaired) for line in _hung("", said, width, "label", hang=2)
    ]


def _tell_problems(grade: Grade, width: int, is_telling: bool) -> list[Line]:
    """What was noticed about the submission, where points were lost: a few lines, then a count."""
    if not grade.problems:
        return []
    if not is_telling and grade.score is not None:
        return _wrapped(f"{_so_many(len(grade.problems))} about what was handed in: -v shows {_them(grade)}.", width)
    told = [cause.title for cause in find_causes(grade) if cause.kind == "missing"]
    news = [each for each in grade.problems if not each.where or not any(each.where in title for title in told)]
    shown = [f"{each.where}: {each.message}" if each.where else each.message for each in news]
    if not shown:
        return []
    first = [line for said in shown[:_PROBLEMS] for line in _few(_hung("  - ", said, width), width, _PROBLEM_LINES)]
    more = [Line(f"  - and {len(shown) - _PROBLEMS} more: -v shows them")] if len(shown) > _PROBLEMS else []
    return [Line("About what was handed in", "loud"), *first, *more]


def _so_many(count: int) -> str:
    return "1 remark" if count == 1 else f"{count} remarks"


def _them(grade: Grade) -> str:
    return "it" if len(grade.problems) == 1 else "them"


# -- lines ---------------------------------------------------------------------------------------------------------


def _listed(
    names: Sequence[str], width: int, lead: str = "", style: str = "", margin: int = _MARGIN, gap: str = "   "
) -> list[Line]:
    """Names with their points, a gap apart, behind a margin."""
    margin = min(margin, width // 3) if lead else min(margin, width // 5 if margin == _MARGIN else width // 3)
    lines, current = [], f"{lead:<{margin}}" if len(lead) < margin else f"{lead}   "
    empty = current
    for name in names:
        longer = f"{current}{name}" if current == empty else f"{current}{gap}{name}"
        if columns(longer) > width and current != empty:
            lines.append(current)
            empty = " " * margin
            longer = f"{empty}{name}"
        current = longer
    return [Line(part, style) for text in (*lines, current) for part in wrap(text, width)]


def _hung(lead: str, text: str, width: int, style: str = "", hang: int | None = None) -> list[Line]:
    """`text` behind a lead, its further lines indented; below the lead where there is too little room beside it."""
    if not text:
        return []
    indent = min(columns(lead) if hang is None else hang, 10 if width >= 60 else 4)
    room = width - columns(lead)
    if room < 24 and columns(text) > room:
        top = [Line(part, style) for part in wrap(lead.rstrip(), width)]
        return [*top, *(Line(" " * indent + part) for part in wrap(text, width - indent))]
    first, *_ = wrap(text, room)
    rest = text[len(first) :].lstrip()
    more = wrap(rest, width - indent) if rest else []
    return [Line(lead + first, style), *(Line(" " * indent + part) for part in more)]


def _wrapped(text: str, width: int, style: str = "") -> list[Line]:
    return [Line(part, style) for part in wrap(text, width)]


def _cut(text: str, width: int) -> str:
    return text if columns(text) <= width else f"{text[: width - 2]} …"
