"""What a flow is: records alone, which both sides of the wall know. Lines count from the definition's, which is 0."""

from __future__ import annotations

from itertools import chain
from typing import NamedTuple

#: Of a function with more statements, or more to tell of them, nothing is told.
MOST_STATEMENTS, MOST_NEEDS = 400, 8_000
#: Longer names are left out.
MOST_LETTERS = 60


class Statement(NamedTuple):
    """A simple statement, or the head of a compound one."""

    first: int
    last: int
    needs: tuple[int, ...]  #: the statements that give it values, or decide whether it runs
    makes: tuple[str, ...]  #: names that it gives values
    loop: int = -1  #: the innermost loop that it stands in, by the number of its head
    is_loop: bool = False  #: whether it is a loop's head
    changes: tuple[str, ...] = ()  #: arguments that it may change in place
    kept: tuple[str, ...] = ()  #: of what it reads or changes: what the function changes, and what stays after a call


class Piece(NamedTuple):
    """Something that is returned: an expression, or a part of one."""

    first: int
    last: int
    needs: tuple[int, ...]


class Result(NamedTuple):
    """One result of a function."""

    pieces: tuple[Piece, ...]  #: for each return
    blocks: tuple[Piece, ...] = ()  #: what it is put together from, where one expression shows that


class Flow(NamedTuple):
    """A function's statements, in the order of its text, and what it returns."""

    statements: tuple[Statement, ...] = ()
    returns: tuple[int, ...] = ()  #: the statements that end it with a value
    results: tuple[Result, ...] = ()  #: none where returns differ in how many there are


def last_line(flow: Flow) -> int:
    """The last line that a flow speaks of."""
    pieces = [piece for result in flow.results for piece in (*result.pieces, *result.blocks)]
    return max([0, *(each.last for each in flow.statements), *(each.last for each in pieces)])


def is_sound(flow: Flow) -> bool:
    """Whether a flow that somebody told points to nothing that isn't there, and is of the size that flows have."""
    count = len(flow.statements)
    pieces = [piece for result in flow.results for piece in (*result.pieces, *result.blocks)]
    lines = [(each.first, each.last) for each in flow.statements] + [(each.first, each.last) for each in pieces]
    needs = [*flow.returns, *chain.from_iterable([each.needs for each in flow.statements])]
    needs += chain.from_iterable([piece.needs for piece in pieces])
    names = chain.from_iterable([(*each.makes, *each.changes, *each.kept) for each in flow.statements])
    return (
        count <= MOST_STATEMENTS + 1
        and len(lines) + len(needs) <= 4 * MOST_NEEDS
        and all(0 <= need < count for need in needs)
        and all(0 <= first <= last for first, last in lines)
        and all(-1 <= each.loop < count for each in flow.statements)
        and all(len(name) <= MOST_LETTERS and name.isidentifier() for name in names)
    )
