"""The lines of a student's own function that a report shows where the whole is too long: those that matter most.

In this order: where it stood when it was stopped; what may change an argument that was seen to be changed, or uses
something that was seen to stay from one call to the next; what only the wrong parts of its result depend on (a program
dice: J. R. Lyle and M. Weiser, "Automatic program bug location by program slicing", 1987); what lies between the values
that were right so far and the result; what the result depends on, its last lines first. None of that says where the
mistake is: it says what the lines are.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import chain
from typing import NamedTuple

from grader.checks.unchanged import CHANGED
from grader.extraction.flows.model import Flow, Piece, Statement
from grader.grading.grades import KEPT, RightValue, StoodAt, StudentCode, name_all
from grader.report.causes import Cause

#: Characters and lines of a function: what is longer isn't looked at.
_LONGEST, _MOST_LOOKED_AT = 20_000, 400
#: Of the lines that help so many are tried.
_MOST_CONTEXT = 40
#: Lines of which right values are told: the last ones.
_MOST_PLACES = 4
_DOCSTRING = re.compile(r'(?<=:)[ \t]*\n\s*("""|\'\'\').*?\1', re.DOTALL)
#: Where more than this share of a function's lines would be pointed to, they aren't.
_MOST_TELLING = 0.6


class SourceLine(NamedTuple):
    """A line of a file or cell; number 0 stands for those that are left out."""

    number: int
    text: str
    is_marked: bool = False


class Chosen(NamedTuple):
    """Lines that matter, by their numbers in the file or cell, and what is said of them."""

    above: str  #: a heading for them, where nothing else is said
    said: str  #: a sentence into which their numbers go; may be empty
    lines: tuple[int, ...]
    context: tuple[int, ...] = ()  #: other lines that help, the most helpful first
    from_the_end: bool = True  #: whether the last ones are kept where there are too many


class Excerpt(NamedTuple):
    """What a report shows of a function's source."""

    above: str = ""
    lines: tuple[SourceLine, ...] = ()
    below: str = ""


_LEFT_OUT = SourceLine(0, "…")


def say_right_values(code: StudentCode | None, cause: Cause) -> str:
    """What was right on the way to what is wrong: "Right so far: z1 (line 71), h and p (line 72)."; empty for none."""
    values = _on_the_way(code, cause) if code is not None else cause.right_values
    holders = {each.where.rpartition(", ")[0] for each in values}
    names: dict[str, list[str]] = {}
    for each in values:
        names.setdefault(each.where.rpartition(", ")[2] if len(holders) == 1 else each.where, []).append(each.name)
    last = list(names.items())[-_MOST_PLACES:]
    said = ", ".join(f"{name_all(those)} ({place})" for place, those in last)
    return f"Right so far: {said}." if said else ""


def _on_the_way(code: StudentCode, cause: Cause) -> tuple[RightValue, ...]:
    """The right values on which the wrong parts depend, where it is known which these are; else all."""
    ends = [part.piece for part in _parts(code.flow, cause) if not part.is_right] if code.flow is not None else []
    if code.flow is None or not ends:
        return cause.right_values
    own = range(code.first, code.first + code.text.count("\n") + 1)
    there = {code.where(line) for line in own}
    before = {code.where(line) for line in _lines(code, code.flow, _reach(code.flow, ends), ())}
    return tuple(each for each in cause.right_values if each.where in before or each.where not in there)


class Source(NamedTuple):
    """A function, and what matters of it."""

    whole: tuple[SourceLine, ...]
    chosen: Chosen | None

    def take(self, most: int, most_of_some: int) -> Excerpt:
        """All of it where it has so few lines, else those that matter; nothing where it can't be told which.

        Args:
            most_of_some: lines where it isn't shown whole, with those that say that something is left out.
        """
        if len(self.whole) <= most:
            return _show_whole(self.whole, self.chosen)
        return _show_some(self.whole, self.chosen, most_of_some) if self.chosen is not None else Excerpt()

    @property
    def said(self) -> str:
        """Which lines matter, where all are shown; empty where they are all, or nothing is known of them."""
        return _show_whole(self.whole, self.chosen, is_marked=False).below


def look_at_source(code: StudentCode, cause: Cause) -> Source:
    """The lines of a function, and which of them matter for a cause; none of one that is far too long."""
    if len(code.text) > _LONGEST or code.text.count("\n") > _MOST_LOOKED_AT:
        return Source((), None)
    return Source(_source_lines(code), choose_lines(code, cause))


def _show_whole(whole: tuple[SourceLine, ...], chosen: Chosen | None, is_marked: bool = True) -> Excerpt:
    """All lines, and which of them matter, where these aren't all."""
    numbers = {line.number for line in whole} & set(chosen.lines) if chosen is not None else set[int]()
    is_news = 0 < len(numbers) < len(whole) - 1  # the first one is the head
    if chosen is None or not chosen.said or not is_news:
        return Excerpt(lines=whole)
    return Excerpt("", _mark(whole, numbers), _say(chosen, numbers, is_marked))


def _show_some(whole: tuple[SourceLine, ...], chosen: Chosen, most: int) -> Excerpt:
    """The chosen lines, and as much around them as there is room for."""
    kept = [line.number for line in whole if line.number in set(chosen.lines)]
    shown = _as_many_as_fit(whole, kept, most, chosen.from_the_end)
    if not shown:
        return Excerpt()
    if not chosen.said:
        which = "The last lines" if chosen.from_the_end else "The first lines"
        above = chosen.above if len(shown) == len(kept) else chosen.above.replace("Lines", which, 1)
        return Excerpt(above, _with_gaps(whole, shown))
    more = _with_context(whole, shown, chosen.context, most) if len(shown) == len(kept) else shown
    is_marked = len(more) > len(shown)
    lines = _mark(_with_gaps(whole, more), kept if is_marked else ())
    return Excerpt("", lines, _say(chosen, kept, is_marked))


def _say(chosen: Chosen, numbers: Iterable[int], is_marked: bool) -> str:
    return chosen.said.format(_name_numbers(sorted(numbers)) + (" (>)" if is_marked else ""))


def _mark(lines: Iterable[SourceLine], numbers: Collection[int]) -> tuple[SourceLine, ...]:
    return tuple(line._replace(is_marked=line.number in numbers) for line in lines)


def _name_numbers(numbers: Sequence[int]) -> str:
    """ "line 7", "lines 7, 9-12"."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    said = ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs)
    return f"line {said}" if len(numbers) == 1 else f"lines {said}"


def _source_lines(code: StudentCode) -> tuple[SourceLine, ...]:
    """Without blank lines, comments and the docstring."""
    text = _DOCSTRING.sub(lambda found: "\n" * found[0].count("\n"), code.text, count=1)
    lines = enumerate(text.split("\n"), code.first)
    return tuple(SourceLine(n, line) for n, line in lines if line.strip() and not line.lstrip().startswith("#"))


def _as_many_as_fit(whole: Sequence[SourceLine], numbers: list[int], most: int, from_the_end: bool) -> list[int]:
    """The first or last of these lines that fit, with a word for what is left out between them."""
    numbers = numbers[-most:] if from_the_end else numbers[:most]
    while numbers and len(_with_gaps(whole, numbers)) > most:
        numbers = numbers[1:] if from_the_end else numbers[:-1]
    return numbers


def _with_context(whole: Sequence[SourceLine], numbers: list[int], context: Sequence[int], most: int) -> list[int]:
    """These lines, and those of the others with which they still fit."""
    there = {line.number for line in whole}
    for number in context[:_MOST_CONTEXT]:
        if number in there and number not in numbers and len(_with_gaps(whole, [*numbers, number])) <= most:
            numbers = [*numbers, number]
    return numbers


def _with_gaps(whole: Sequence[SourceLine], numbers: Collection[int]) -> tuple[SourceLine, ...]:
    """These lines, and a word for what is left out between them."""
    shown: list[SourceLine] = []
    is_left_out = False
    for line in whole:
        if line.number in numbers:
            shown += [_LEFT_OUT, line] if is_left_out and shown else [line]
            is_left_out = False
        else:
            is_left_out = True
    return tuple(shown)


# -- which lines ---------------------------------------------------------------------------------------------------


def choose_lines(code: StudentCode, cause: Cause) -> Chosen | None:
    """The lines that matter most for a cause; None where nothing is known of them."""
    if cause.kind == "stopped":
        stood = _where_it_stood(code, cause.stood_at) if cause.stood_at is not None else None
        return stood or _loops(code)
    if code.flow is None:
        return None
    return next(filter(None, _choices(code, code.flow, cause)), None)


def _where_it_stood(code: StudentCode, stood_at: StoodAt) -> Chosen | None:
    own = range(code.first, code.first + code.text.count("\n") + 1)
    again = tuple(number for number in stood_at.lines if number in own)
    if again:
        said = "It went round {} again and again"
        return Chosen("", f"{said}.", again, from_the_end=False)
    last = tuple(number for number in own if code.where(number) == stood_at.where)
    return Chosen("", "The memory ran out in {}.", last, (*own,)) if last else None


def _loops(code: StudentCode) -> Chosen | None:
    """All loops, where nobody saw in which one it was."""
    statements = code.flow.statements if code.flow is not None else ()
    found = [number for number, each in enumerate(statements) if each.is_loop or each.loop >= 0]
    lines = _lines(code, code.flow, found, ()) if code.flow is not None else ()
    return Chosen("Its loops:", "", lines, from_the_end=False) if lines else None


def _choices(code: StudentCode, flow: Flow, cause: Cause) -> Iterator[Chosen | None]:
    """What may be chosen, the most telling first."""
    parts, known = _parts(flow, cause), _right_statements(code, flow, cause)
    wrong, right = ([part.piece for part in parts if part.is_right is is_right] for is_right in (False, True))
    ends = wrong or [piece for result in flow.results for piece in result.pieces]
    named = ", ".join(dict.fromkeys(part.name for part in parts if not part.is_right)) or "the result"
    whole = _lines(code, flow, {*(_reach(flow, ends) if ends else _before(flow, flow.returns)), *flow.returns}, ends)
    if cause.changed or cause.mistake == CHANGED:
        yield _changing(code, flow, cause.changed, whole)
    if cause.mistake in KEPT:
        yield _keeping(code, flow, whole)
    if wrong and right:
        shared = _reach(flow, right)
        lines = _lines(code, flow, _reach(flow, wrong, known) - shared, wrong)
        yield _only_wrong(lines or _lines(code, flow, _reach(flow, wrong) - shared, wrong), whole)
    if known and ends:
        yield _after_right(_lines(code, flow, _reach(flow, ends, known), ends), whole)
    yield Chosen(f"Lines that {named} depends on:", "", whole) if whole else None


def _changing(code: StudentCode, flow: Flow, names: Sequence[str], whole: tuple[int, ...]) -> Chosen | None:
    """Where arguments are changed that were seen to be; any, where it isn't known which."""
    names = names or sorted({name for each in flow.statements for name in each.changes})
    found = [number for number, each in enumerate(flow.statements) if set(each.changes) & set(names)]
    if not found:
        return None
    return Chosen("", f"{', '.join(names)} may be changed in {{}}.", _lines(code, flow, found, ()), whole)


def _keeping(code: StudentCode, flow: Flow, whole: tuple[int, ...]) -> Chosen | None:
    """Where something is used that stays from one call to the next, and that the function changes."""
    found = [number for number, each in enumerate(flow.statements) if each.kept]
    names = sorted({name for each in flow.statements for name in each.kept})
    said = f"What stays after a call ({', '.join(names)}) is used in {{}}."
    return Chosen("", said, _lines(code, flow, found, ()), whole) if found else None


def _only_wrong(lines: tuple[int, ...], whole: tuple[int, ...]) -> Chosen | None:
    if not lines or len(lines) > _MOST_TELLING * len(whole):
        return None
    return Chosen("", "Only the wrong parts need {}.", lines, whole[::-1])


def _after_right(lines: tuple[int, ...], whole: tuple[int, ...]) -> Chosen | None:
    if len(lines) > _MOST_TELLING * len(whole):
        return Chosen("Lines after the last right values:", "", lines, from_the_end=False) if lines else None
    return Chosen("", "After the last right values: {}.", lines, whole[::-1], from_the_end=False) if lines else None


class _Part(NamedTuple):
    """A part of the result, as far as the source shows where it comes from."""

    name: str
    is_right: bool
    piece: Piece


def _parts(flow: Flow, cause: Cause) -> list[_Part]:
    """The named parts of a result with where they come from; none where that is in doubt."""
    found: list[_Part] = []
    for number in dict.fromkeys(block.of for block in cause.blocks):
        blocks = [block for block in cause.blocks if block.of == number]
        if number >= len(flow.results):
            return []
        result = flow.results[number]
        if len(blocks) == len(result.blocks):
            pairs = zip(blocks, result.blocks, strict=True)
            found += [_Part(block.name, block.is_right, piece) for block, piece in pairs]
        else:  # all of it is as its parts are; where some are right, their lines can't be told from the others'
            named = [block for block in blocks if not block.is_right] or blocks[:1]
            found += [_Part(block.name, block.is_right, piece) for block in named for piece in result.pieces]
    return found


def _right_statements(code: StudentCode, flow: Flow, cause: Cause) -> frozenset[int]:
    """The statements that gave right values to all names that they make, and run once."""
    right = {(each.where, each.name) for each in cause.right_values if each.is_same}
    return frozenset(
        number
        for number, each in enumerate(flow.statements)
        if each.makes and each.loop < 0 and not each.is_loop
        if all(any((code.where(code.first + line), name) in right for line in _span(each)) for name in each.makes)
    )


def _span(each: Piece | Statement) -> range:
    return range(each.first, each.last + 1)


def _reach(flow: Flow, ends: Iterable[Piece], stops: Collection[int] = ()) -> set[int]:
    """The statements on which these pieces depend, not those behind a stop."""
    return _before(flow, chain.from_iterable(piece.needs for piece in ends), stops)


def _before(flow: Flow, statements: Iterable[int], stops: Collection[int] = ()) -> set[int]:
    """These statements, and those on which they depend."""
    found, left = set[int](), list(statements)
    while left:
        number = left.pop()
        if number not in found and number not in stops:
            found.add(number)
            left.extend(flow.statements[number].needs)
    return found


def _lines(code: StudentCode, flow: Flow, statements: Iterable[int], ends: Iterable[Piece]) -> tuple[int, ...]:
    """The numbers of the statements' lines, and of those of the ends: a wrong name, or order, may stand there."""
    spans = [_span(flow.statements[number]) for number in statements]
    spans += [_span(piece) for piece in ends]
    return tuple(sorted({code.first + line for span in spans for line in span}))
