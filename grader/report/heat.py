"""Named parts of a wrong result as pictures: what was expected, what came back, and the difference, on one scale."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from grader.checks.finding import Block

#: A side of an entry, with the gap to the next, and the gap between two grids.
_SIDE, _STEP, _BETWEEN = 9, 10, 12
#: A part of one row is drawn in several.
_MOST_COLUMNS = 20


class Cell(NamedTuple):
    """One entry of a grid."""

    x: int
    y: int
    ink: str  #: "p" above zero, "n" below, "odd" where it is no number
    strength: str  #: from 0 to 1, of the largest of all
    is_worst: bool


class HeatMap(NamedTuple):
    """One part: three grids beside each other."""

    name: str
    said: str  #: what the picture shows, for whoever doesn't see it
    width: int
    height: int
    cells: tuple[Cell, ...]


class HeatMaps(NamedTuple):
    """All parts of a result on one scale."""

    largest: str  #: the number at full strength
    situation: str  #: of which input
    maps: tuple[HeatMap, ...]


def draw_blocks(blocks: Sequence[Block], situation: str) -> HeatMaps | None:
    """The pictures of those parts that have numbers; None where none has."""
    drawn = [each for each in blocks if each.columns]
    if not drawn:
        return None
    shown = [value for each in drawn for grid in _grids(each) for value in grid if math.isfinite(value)]
    largest = max(map(abs, shown), default=0.0)
    worst = max((_off(*pair) for each in drawn for pair in _pairs(each)), default=0.0)
    maps = tuple(_draw(each, largest or 1.0, worst) for each in drawn)
    return HeatMaps(f"{largest:.3g}", situation, maps)


def _pairs(block: Block) -> Iterable[tuple[float, float]]:
    return zip(block.expected, block.actual, strict=True)


def _grids(block: Block) -> tuple[Sequence[float], ...]:
    return block.expected, block.actual, [mine - due for due, mine in _pairs(block)]


def _off(due: float, mine: float) -> float:
    return abs(mine - due) if math.isfinite(mine - due) else math.inf


def _draw(block: Block, largest: float, worst: float) -> HeatMap:
    columns = min(block.columns, _MOST_COLUMNS) if block.columns == len(block.expected) else block.columns
    rows, grid_width = -(-len(block.expected) // columns), columns * _STEP
    offs = [_off(*pair) for pair in _pairs(block)]
    at = offs.index(worst) if worst and worst in offs else None
    cells = tuple(
        Cell(
            x=place * (grid_width + _BETWEEN) + number % columns * _STEP,
            y=number // columns * _STEP,
            ink=_ink(value),
            strength=f"{abs(value) / largest:.2f}" if math.isfinite(value) else "1",
            is_worst=number == at,
        )
        for place, grid in enumerate(_grids(block))
        for number, value in enumerate(grid)
    )
    width = 3 * grid_width + 2 * _BETWEEN
    return HeatMap(block.name, _describe(block, at), width, rows * _STEP, cells)


def _ink(value: float) -> str:
    return "odd" if not math.isfinite(value) else "n" if value < 0 else "p"


def _describe(block: Block, at: int | None) -> str:
    said = "right" if block.is_right else "not right"
    if at is None:
        return said
    row, column = divmod(at, block.columns)
    place = f"[{row}, {column}]" if block.columns < len(block.expected) else f"[{column}]"
    return f"{said}; furthest off at {place}: expected {block.expected[at]:.4g}, returned {block.actual[at]:.4g}"
