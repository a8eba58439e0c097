"""A story as paragraphs of plain text: what the terminal, .txt files, Gradescope and JUnit show."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from grader.grading.grades import Problem, Repaired
from grader.report.outline import Chapter, Fact, Line, Story
from grader.report.sanitize import columns
from grader.report.wording import DECIDED, READ_DIFF, REPAIRED

#: Wider than this, prose tires the eye. Arrays take all the room there is.
_PROSE = 96
#: Least room for a wrapped text beside its lead, however narrow the page.
_NARROWEST = 20


class Piece(NamedTuple):
    """A paragraph: `lead` stands before its first line, and all further lines are indented by as much."""

    text: str = ""
    lead: str = ""
    style: str = ""  #: of the lead, or of the text where there is no lead; a Tone, or a word of `text.STYLES`
    is_array: bool = False


_BLANK = Piece()


def laid_out(piece: Piece, width: int) -> Iterator[tuple[str, str]]:
    """The lines of a paragraph, each as (lead or indentation, text), at most `width` columns where words allow it."""
    indent = " " * columns(piece.lead)
    lead = piece.lead
    for line in wrapped(piece.text, (width if piece.is_array else min(width, _PROSE)) - len(indent)):
        yield lead, line
        lead = indent


def plain(pieces: Sequence[Piece], width: int) -> str:
    """Paragraphs as text without colours. No line ends in blanks, the text in one line end."""
    lines = (lead + text for piece in pieces for lead, text in laid_out(piece, width))
    return "\n".join(line.rstrip() for line in lines).strip("\n") + "\n"


def wrapped(text: str, width: int) -> list[str]:
    """`text` in lines of at most `width` columns, broken at blanks where possible; what is indented stays so."""
    width = max(width, _NARROWEST)
    return [part for line in text.split("\n") for part in _broken(line, width)]


def _broken(line: str, width: int) -> list[str]:
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


def _single_blanks(pieces: Sequence[Piece]) -> list[Piece]:
    before = [_BLANK, *pieces]
    return [piece for last, piece in zip(before, pieces, strict=False) if piece != _BLANK or last != _BLANK]


def opening(story: Story) -> list[Piece]:
    """All that stands above the table."""
    handed_in = f"{story.submission} ({story.student})" if story.student else story.submission
    notices = [Piece(each.text, style="alarm" if each.is_alarm else "quiet") for each in story.notices]
    score = [Piece(story.headline, lead=f"{story.score}  ", style=story.tone)]
    return [Piece(story.title, style="loud"), Piece(handed_in, style="quiet"), *notices, _BLANK, *score, _BLANK]


def body(story: Story, width: int) -> list[Piece]:
    """All that stands below the table."""
    decisions = listed(DECIDED, story.decisions)
    changed = _repaired(story.repaired) if story.repaired else []
    problems = listed("About what was handed in", story.problems)
    chapters = [piece for each in story.chapters for piece in chapter(each, width)]
    fine_print = [Piece(story.fine_print, style="quiet"), _BLANK] if story.fine_print else []
    left_out = listed("Not run, since nothing that is graded needs it", story.left_out)
    about = "; ".join(f"{fact.label} {fact.text}" for fact in story.about)
    above = [*decisions, *changed, *problems]
    return _single_blanks([*above, *chapters, *fine_print, *left_out, Piece(about, style="quiet")])


def _repaired(repaired: Repaired) -> list[Piece]:
    lines = Piece(repaired.diff, lead="    ", is_array=True)
    return [Piece(REPAIRED, style="loud"), Piece(READ_DIFF, lead="  "), lines, _BLANK]


def listed(title: str, problems: Sequence[Problem]) -> list[Piece]:
    """Problems under a title; nothing where there are none."""
    if not problems:
        return []
    items = [Piece(f"{each.where}: {each.message}" if each.where else each.message, lead="  - ") for each in problems]
    return [Piece(title, style="loud"), *items, _BLANK]


def chapter(told: Chapter, width: int) -> list[Piece]:
    """One function: what it should do, what is known, and its points as a bill that adds up."""
    beside = [extra.points for extra in told.extras]
    column = max(map(columns, (told.points, *(line.points for line in told.lines), *beside)))
    mistakes = [piece for each in told.mistakes for piece in _advice(f"known mistake: {each.name}", each.hint)]
    return [
        Piece(f"{told.points}, {told.verdict}", lead=f"{told.name}: ", style="loud"),
        *_said("  It should: ", told.promise),
        *mistakes,
        *(Piece(each, lead="  Note: ", style="label") for each in told.remarks),
        _BLANK,
        *(piece for line in told.lines for piece in check(line, column, width)),
        *_sum(told, column),
        _BLANK,
        *(piece for line in told.witnesses for piece in check(line, column, width)),
        _BLANK,
    ]


def _sum(told: Chapter, column: int) -> list[Piece]:
    """The foot of the bill; one line alone needs none."""
    if len(told.lines) + len(told.extras) < 2:
        return []
    extras = [Piece(each.title, lead=_bill(each.points, column)) for each in told.extras]
    total = Piece(told.name, lead=_bill(told.points, column), style=told.tone)
    return [*extras, Piece("  " + "-" * column), total]


def _advice(found: str, hint: str) -> list[Piece]:
    return [Piece(f"This looks like a {found}", lead="  "), *_said("  Try: ", hint)]


def _said(lead: str, text: str) -> list[Piece]:
    return [Piece(text, lead=lead, style="label")] if text else []


def _bill(amount: str, column: int) -> str:
    return f"  {amount:>{column}}  "


def check(line: Line, column: int, width: int) -> list[Piece]:
    """One check: its points and verdict; where it isn't right also why, what to try, and what can be seen."""
    tags = f" ({'; '.join(line.tags)})" if line.tags else ""
    indent = " " * (column + 4)
    top = Piece(f"{line.title}: {line.verdict}{tags}", lead=_bill(line.points, column), style=line.tone)
    said = [*_said(indent, line.message), *_said(f"{indent}Try: ", line.hint)]
    seen = [*fact_sheet(line.facts, indent, width), _BLANK] if line.facts else []
    return [top, *said, *seen]


def fact_sheet(facts: Sequence[Fact], indent: str, width: int) -> list[Piece]:
    """Facts with their values aligned; where arrays are too wide for that, labels stand on lines of their own."""
    label_width = max(len(fact.label) for fact in facts)
    room = width - len(indent) - label_width - 2
    if any(columns(line) > room for fact in facts if fact.is_array for line in fact.text.split("\n")):
        return [piece for fact in facts for piece in _stacked(fact)]
    leads = (f"{indent}{fact.label:<{label_width}}  " for fact in facts)
    return [Piece(fact.text, lead, "quiet", fact.is_array) for fact, lead in zip(facts, leads, strict=True)]


def _stacked(fact: Fact) -> list[Piece]:
    return [Piece(f"    {fact.label}", style="quiet"), Piece(fact.text, lead="      ", is_array=fact.is_array)]
