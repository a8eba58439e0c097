"""A story as paragraphs of plain text: what the terminal, .txt files, Gradescope and JUnit show."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from grader.grading.grades import NamedMistake, Problem, Repaired
from grader.report.outline import CheckEntry, Fact, FunctionSection, ReportOutline, SlipEntry
from grader.report.sanitize import columns
from grader.report.wording import DECIDED, READ_DIFF, REPAIRED, SAY_SLIPS, SLIPS, introduce, say_mistake

#: Wider than this, prose tires the eye. Arrays take all the room there is.
_PROSE = 96
#: Least room for a wrapped text beside its lead, however narrow the page.
_NARROWEST = 20


class Paragraph(msgspec.Struct, frozen=True):
    """A paragraph: `lead` stands before its first line, and all further lines are indented by as much."""

    text: str = ""
    lead: str = ""
    style: str = ""  #: of the lead, or of the text where there is no lead; a Tone, or a word of `text.STYLES`
    is_array: bool = False


_BLANK = Paragraph()


def laid_out(piece: Paragraph, width: int) -> Iterator[tuple[str, str]]:
    """The lines of a paragraph, each as (lead or indentation, text), at most `width` columns where words allow it."""
    indent = " " * columns(piece.lead)
    lead = piece.lead
    for line in wrap(piece.text, (width if piece.is_array else min(width, _PROSE)) - len(indent)):
        yield lead, line
        lead = indent


def plain(pieces: Sequence[Paragraph], width: int) -> str:
    """Paragraphs as text without colours. No line ends in blanks, the text in one line end."""
    lines = (lead + text for piece in pieces for lead, text in laid_out(piece, width))
    return "\n".join(line.rstrip() for line in lines).strip("\n") + "\n"


def wrap(text: str, width: int) -> list[str]:
    """`text` in lines of at most `width` columns, broken at blanks where possible; what is indented stays so."""
    width = max(width, _NARROWEST)
    return [part for line in text.split("\n") for part in _break_line(line, width)]


def _break_line(line: str, width: int) -> list[str]:
    body = line.lstrip(" ")
    indent = " " * min(len(line) - len(body), width // 2)
    if columns(line) <= width or not body:
        return [line]
    parts, current = [], ""
    for word in _short_words(body.split(" "), width - len(indent)):
        longer = f"{current} {word}" if current else word
        if current and columns(longer) > width - len(indent):
            parts.append(indent + current)
            longer = word
        current = longer
    return [*parts, indent + current]


def _short_words(words: list[str], width: int) -> Iterator[str]:
    """`words`, with those that are wider than a line cut up."""
    for word in words:
        piece, taken = "", 0
        for char in word:
            wide = columns(char)
            if taken + wide > width:
                yield piece
                piece, taken = "", 0
            piece, taken = piece + char, taken + wide
        yield piece


def _single_blanks(pieces: Sequence[Paragraph]) -> list[Paragraph]:
    before = [_BLANK, *pieces]
    return [piece for last, piece in zip(before, pieces, strict=False) if piece != _BLANK or last != _BLANK]


def opening(story: ReportOutline) -> list[Paragraph]:
    """All that stands above the table."""
    handed_in = f"{story.submission} ({story.student})" if story.student else story.submission
    notices = [Paragraph(each.text, style="alarm" if each.is_alarm else "quiet") for each in story.notices]
    score = [Paragraph(story.headline, lead=f"{story.score}  ", style=story.tone)]
    return [Paragraph(story.title, style="loud"), Paragraph(handed_in, style="quiet"), *notices, _BLANK, *score, _BLANK]


def body(story: ReportOutline, width: int) -> list[Paragraph]:
    """All that stands below the table."""
    decisions = list_problems(DECIDED, story.decisions)
    changed = _repair_paragraphs(story.repaired) if story.repaired else []
    problems = list_problems("About what was handed in", story.problems)
    chapters = [piece for each in story.chapters for piece in section(each, width)]
    fine_print = [Paragraph(story.fine_print, style="quiet"), _BLANK] if story.fine_print else []
    left_out = list_problems("Not run, since nothing that is graded needs it", story.left_out)
    about = "; ".join(f"{fact.label} {fact.text}" for fact in story.about)
    above = [*slip_paragraphs(story.slips), *decisions, *changed, *problems]
    return _single_blanks([*above, *chapters, *fine_print, *left_out, Paragraph(about, style="quiet")])


def _repair_paragraphs(repaired: Repaired) -> list[Paragraph]:
    lines = Paragraph(repaired.diff, lead="    ", is_array=True)
    return [Paragraph(REPAIRED, style="loud"), Paragraph(READ_DIFF, lead="  "), lines, _BLANK]


def slip_paragraphs(slips: Sequence[SlipEntry]) -> list[Paragraph]:
    """Slips that were repaired, each with its line of the bill and what was changed."""
    if not slips:
        return []
    told = [
        piece
        for each in slips
        for piece in (Paragraph(each.title, lead="  - "), Paragraph(each.diff, lead="    ", is_array=True))
    ]
    return [Paragraph(SLIPS, style="loud"), Paragraph(SAY_SLIPS, lead="  "), *told, _BLANK]


def list_problems(title: str, problems: Sequence[Problem]) -> list[Paragraph]:
    """Problems under a title; nothing where there are none."""
    if not problems:
        return []
    items = [
        Paragraph(f"{each.where}: {each.message}" if each.where else each.message, lead="  - ") for each in problems
    ]
    return [Paragraph(title, style="loud"), *items, _BLANK]


def section(told: FunctionSection, width: int) -> list[Paragraph]:
    """One function: what it should do, what is known, and its points as a bill that adds up."""
    beside = [extra.points for extra in told.extras]
    column = max(map(columns, (told.points, *(line.points for line in told.lines), *beside)))
    mistakes = [piece for each in told.mistakes for piece in _advice(each)]
    return [
        Paragraph(f"{told.points}, {told.verdict}", lead=f"{told.name}: ", style="loud"),
        *_say_check("  It should: ", told.promise),
        *mistakes,
        *(Paragraph(each, lead="  Note: ", style="label") for each in told.remarks),
        _BLANK,
        *(piece for line in told.lines for piece in check(line, column, width)),
        *_sum(told, column),
        _BLANK,
        *(piece for line in told.witnesses for piece in check(line, column, width)),
        _BLANK,
    ]


def _sum(told: FunctionSection, column: int) -> list[Paragraph]:
    """The foot of the bill; one line alone needs none."""
    if len(told.lines) + len(told.extras) < 2:
        return []
    extras = [Paragraph(each.title, lead=_points_column(each.points, column)) for each in told.extras]
    total = Paragraph(told.name, lead=_points_column(told.points, column), style=told.tone)
    return [*extras, Paragraph("  " + "-" * column), total]


def _advice(mistake: NamedMistake) -> list[Paragraph]:
    said = f"{introduce(mistake)}: {say_mistake(mistake)}"
    return [Paragraph(said, lead="  "), *_say_check("  Try: ", mistake.hint)]


def _say_check(lead: str, text: str) -> list[Paragraph]:
    return [Paragraph(text, lead=lead, style="label")] if text else []


def _points_column(amount: str, column: int) -> str:
    return f"  {amount:>{column}}  "


def check(line: CheckEntry, column: int, width: int) -> list[Paragraph]:
    """One check: its points and verdict; where it isn't right also why, what to try, and what can be seen."""
    tags = f" ({'; '.join(line.tags)})" if line.tags else ""
    indent = " " * (column + 4)
    verdict = f": {line.verdict}" if line.verdict else ""
    top = Paragraph(f"{line.title}{verdict}{tags}", lead=_points_column(line.points, column), style=line.tone)
    said = [*_say_check(indent, line.message), *_say_check(f"{indent}Try: ", line.hint)]
    seen = [*fact_sheet(line.facts, indent, width), _BLANK] if line.facts else []
    return [top, *said, *seen]


def fact_sheet(facts: Sequence[Fact], indent: str, width: int) -> list[Paragraph]:
    """Facts with their values aligned; where arrays are too wide for that, labels stand on lines of their own."""
    label_width = max(len(fact.label) for fact in facts)
    room = width - len(indent) - label_width - 2
    if any(columns(line) > room for fact in facts if fact.is_array for line in fact.text.split("\n")):
        return [piece for fact in facts for piece in _stack(fact)]
    leads = (f"{indent}{fact.label:<{label_width}}  " for fact in facts)
    return [Paragraph(fact.text, lead, "quiet", fact.is_array) for fact, lead in zip(facts, leads, strict=True)]


def _stack(fact: Fact) -> list[Paragraph]:
    return [Paragraph(f"    {fact.label}", style="quiet"), Paragraph(fact.text, lead="      ", is_array=fact.is_array)]
