"""The report on the terminal, and as a .txt file: a table, then the reason for every lost point; and the first screen.

`rich` draws only for a terminal: importing it takes about half as long as importing numpy, and output that goes to a
file or a pipe needs neither its colours nor its boxes.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal, TextIO

from msgspec.structs import replace

from grader.grading.grades import Grade
from grader.report.outline import ReportOutline, outline_of
from grader.report.plain_text import Paragraph, body, laid_out, opening, plain
from grader.report.sanitize import columns, inert
from grader.report.screen import USUAL_WIDTH, Line, lay_out_screen, say_in_a_line

if TYPE_CHECKING:
    from rich.table import Table

Detail = Literal["line", "screen", "all"]

#: Width of a report that goes to a file or a pipe: an array's widest row (110) and what stands before it.
PLAIN_WIDTH = 120
#: Narrower, a report can't be laid out.
_NARROWEST = 32

STYLES = {
    "": "",
    "good": "green",
    "part": "yellow",
    "bad": "red",
    "open": "magenta",
    "loud": "bold",
    "alarm": "bold red",
    "quiet": "bright_black",
    "label": "cyan",
}

#: The same as escape sequences.
_CODES = {
    "good": "32",
    "part": "33",
    "bad": "31",
    "open": "35",
    "loud": "1",
    "alarm": "1;31",
    "quiet": "90",
    "label": "36",
}


def render(
    grade: Grade, *, terminal: bool = False, width: int = PLAIN_WIDTH, colour: bool = False, only: str = ""
) -> str:
    """The whole grade as text, `width` columns wide where words allow it.

    For a terminal the table has ruled lines, and with `colour` there are colours (escape sequences of our own);
    otherwise all is plain lines.

    Args:
        only: the function of which alone the checks are shown.
    """
    story = outline_of(grade)
    if only:
        story = replace(story, chapters=tuple(each for each in story.chapters if each.name == only))
    width = max(_NARROWEST, width)
    return inert(_draw(story, width, colour) if terminal else _lay_out_plain(story, width))


def render_screen(grade: Grade, *, width: int = USUAL_WIDTH, colour: bool = False, only: str = "") -> str:
    """The first screen of a grade: its score, the causes of lost points, and what is right; see `screen`."""
    lines = lay_out_screen(grade, width, only)
    return inert("\n".join(_paint(line, colour).rstrip() for line in lines) + "\n")


def _paint(line: Line, colour: bool) -> str:
    code = _CODES.get(line.style, "") if colour else ""
    return f"\x1b[{code}m{line.text}\x1b[0m" if code and line.text else line.text


def _columns() -> int:
    import shutil  # only where somebody looks

    return shutil.get_terminal_size().columns


def print_report(grade: Grade, stream: TextIO, detail: Detail = "screen", only: str = "") -> None:
    """Print the grade on `stream`, in colour where that is a terminal and NO_COLOR isn't set.

    Args:
        detail: how much of it: a line, the first screen, or everything.
        only: the function that alone is shown on the screen.
    """
    terminal = stream.isatty() and os.environ.get("TERM") != "dumb"
    colour = terminal and not os.environ.get("NO_COLOR")
    columns = _columns() if terminal else USUAL_WIDTH
    if detail == "line":
        text = inert(say_in_a_line(grade)) + "\n"
    elif detail == "screen":
        text = render_screen(grade, width=columns if terminal else USUAL_WIDTH, colour=colour, only=only)
    else:
        text = render(grade, terminal=terminal, width=columns if terminal else PLAIN_WIDTH, colour=colour, only=only)
    # A stream that can't encode an emoji still gets the rest of the report.
    encoding = stream.encoding or "utf-8"
    stream.write(text.encode(encoding, "backslashreplace").decode(encoding))


def _lay_out_plain(story: ReportOutline, width: int) -> str:
    return plain([*opening(story), *_rows(story), Paragraph(), *body(story, width)], width)


def _rows(story: ReportOutline) -> Iterator[Paragraph]:
    """The table in plain lines; the verdict is the column that wraps."""
    rows = (*story.rows, story.total)
    widest_name = max(columns(row.name) for row in rows)
    widest_points = max(columns(row.points) for row in rows)
    for row in rows:
        name = row.name + " " * (widest_name - columns(row.name))
        yield Paragraph(row.verdict, lead=f"  {name}  {row.points:>{widest_points}}  ")


def _draw(story: ReportOutline, width: int, colour: bool) -> str:
    # Late: see the top of this file.
    from rich.console import Console
    from rich.text import Text

    page = io.StringIO()
    console = Console(
        file=page, force_terminal=True, width=width, color_system="standard" if colour else None, legacy_windows=False
    )

    def draw(pieces: list[Paragraph]) -> None:
        for piece in pieces:
            style = STYLES[piece.style]
            for lead, text in laid_out(piece, width):
                console.print(Text.assemble((lead, style), (text, "" if piece.lead else style)), soft_wrap=True)

    draw(opening(story))
    console.print(_table(story))
    draw([Paragraph(), *body(story, width)])
    return "\n".join(line.rstrip() for line in page.getvalue().split("\n"))


def _table(story: ReportOutline) -> Table:
    # Late: see the top of this file.
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(
        box=box.ROUNDED, border_style="bright_black", show_footer=True, header_style="bold", footer_style="bold"
    )
    widest = max(columns(row.points) for row in (*story.rows, story.total))
    table.add_column("function", footer="total", no_wrap=True)
    table.add_column("points", footer=story.total.points, justify="right", no_wrap=True, min_width=widest)
    table.add_column("verdict", overflow="fold")
    for row in story.rows:
        table.add_row(Text(row.name), row.points, Text(row.verdict, style=STYLES[row.tone]))
    return table
