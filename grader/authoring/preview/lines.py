"""A preview as lines of at most 80 columns: a pure function of one record."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from grader.authoring.preview.previewing import CheckPreview, Due, Example, FunctionPreview, Preview
from grader.checks.finding import show_value
from grader.report.plain_text import Paragraph, laid_out
from grader.report.sanitize import columns
from grader.report.screen import shorten_numbers
from grader.report.wording import so_many_points

WIDTH = 80
_ARRAY_WIDTH = 60
_SHOWN_ENTRIES = 48  #: of an array: of larger ones the first few stand for all
_NAMED = 12  #: mistakes and questions that a line names
_LONGEST = 12  #: lines of one value


def as_lines(preview: Preview) -> list[str]:
    """The preview, function by function."""
    pieces = [Paragraph(f"{preview.title}, seed {preview.seed}"), Paragraph()]
    pieces += [piece for function in preview.functions for piece in _function(function)]
    return [(lead + text).rstrip() for piece in pieces for lead, text in laid_out(piece, WIDTH)]


def _function(preview: FunctionPreview) -> Iterator[Paragraph]:
    function = preview.function
    yield Paragraph(f"{function.name}: {so_many_points(function.points)}")
    if function.promise:
        yield Paragraph(function.promise, lead="  ")
    if not function.is_variable:
        yield Paragraph("; ".join(_call(line) for line in function.lines), lead="  Called: ")
    for number, check in enumerate(preview.checks, 1):
        yield Paragraph()
        yield from _check(number, check)
    yield Paragraph()


def _call(line: Any) -> str:
    target = line.name or ("" if line.target is None else line.target.text)
    return f"{target} = {line.expression.text}" if target else str(line.expression.text)


def _check(number: int, preview: CheckPreview) -> Iterator[Paragraph]:
    check = preview.check
    yield Paragraph(f"{check.title} ({so_many_points(check.points)}, {check.visibility})", lead=f"  {number}. ")
    yield Paragraph(preview.words, lead="     ")
    if preview.asked:
        names = tuple(name.partition(" (")[0] for name in preview.asked)
        yield Paragraph(f"{_times(len(names))}: {_few(names)}", lead="     Asked ")
    yield from _mistakes(preview)
    for example in preview.examples:
        yield from _example(example)


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


def _few(names: tuple[str, ...]) -> str:
    more = f", and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more


def _mistakes(preview: CheckPreview) -> Iterator[Paragraph]:
    known = len(preview.caught) + len(preview.spared)
    if not known or not preview.check.points:
        return
    which = f": {'; '.join(preview.caught[:_NAMED])}" if preview.caught else ""
    more = f"; and {len(preview.caught) - _NAMED} more" if len(preview.caught) > _NAMED else ""
    yield Paragraph(f"{len(preview.caught)} of {known} mistakes{which}{more}", lead="     Catches ")


def _example(example: Example) -> Iterator[Paragraph]:
    yield Paragraph(f"{example.situation or 'as it is'}:", lead="     ")
    for name, value in example.inputs.items():
        yield _value(f"       {name} = ", value)
    for due in example.due:
        yield from _due(due)


def _due(due: Due) -> Iterator[Paragraph]:
    yield _value(f"       the truth{f' of {due.name}' if due.name else ''}: ", due.truth)
    if due.right:
        yield Paragraph(f"off by at most {due.right}", lead="       right is ")


def _value(lead: str, value: Any) -> Paragraph:
    lines = _show(value, WIDTH - columns(lead)).split("\n")
    cut = [*lines[:_LONGEST], f"… {len(lines) - _LONGEST} lines more"] if len(lines) > _LONGEST + 1 else lines
    return Paragraph("\n".join(cut), lead=lead, is_array=True)


def _show(value: Any, room: int) -> str:
    if not isinstance(value, np.ndarray):
        return shorten_numbers(show_value(value))
    if value.size > _SHOWN_ENTRIES:
        first = np.array2string(value.ravel()[:4], precision=4, suppress_small=True, separator=", ")
        return f"an array of the shape {value.shape} that begins {first}"
    width = max(min(room, _ARRAY_WIDTH), 20)
    return np.array2string(value, precision=4, suppress_small=True, max_line_width=width, separator=", ")
