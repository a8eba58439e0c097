"""A student's source as lines of coloured words, the lines where it stopped marked: what pages show of it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Literal, NamedTuple

from grader.grading.grades import StudentCode

#: Longer, it is shown without colours.
_LONGEST = 64 << 10

#: The classes of a style sheet: keyword, text, comment, number, name of a function.
Ink = Literal["", "k", "s", "c", "n", "f"]


class Word(NamedTuple):
    """A stretch of source in one colour."""

    text: str
    ink: Ink


class CodeLine(NamedTuple):
    """A line of source."""

    number: int
    words: tuple[Word, ...]
    is_marked: bool


class Listing(NamedTuple):
    """The source of a function."""

    function: str
    place: str
    lines: tuple[CodeLine, ...]

    @property
    def has_marks(self) -> bool:
        """Whether a line of it is marked."""
        return any(line.is_marked for line in self.lines)


def list_code(code: StudentCode, marked: Collection[str]) -> Listing:
    """The source of a function.

    Args:
        code: its text, fit to show.
        marked: the places that are marked, as reports call them: "hw1.py, line 7".
    """
    colour = _coloured if len(code.text) <= _LONGEST else _plain
    lines = enumerate(colour(code.text), code.first)
    return Listing(
        code.function,
        code.place,
        tuple(CodeLine(number, tuple(words), code.where(number) in marked) for number, words in lines),
    )


def _plain(text: str) -> Iterator[list[Word]]:
    return ([Word(line, "")] for line in text.split("\n"))


def _coloured(text: str) -> Iterator[list[Word]]:
    from pygments.lexers.python import PythonLexer  # with it comes a table of all lexers

    line: list[Word] = []
    for kind, piece in PythonLexer(stripnl=False, ensurenl=False).get_tokens(text):
        ink = _ink(kind)
        first, *rest = piece.split("\n")
        _add(line, first, ink)
        for more in rest:
            yield line
            line = []
            _add(line, more, ink)
    yield line


def _add(line: list[Word], text: str, ink: Ink) -> None:
    """Put it behind the others, together with what has the same colour."""
    if line and line[-1].ink == ink:
        line[-1] = Word(line[-1].text + text, ink)
    elif text:
        line.append(Word(text, ink))


def _ink(kind: object) -> Ink:
    from pygments.token import Token

    inks: list[tuple[object, Ink]] = [
        (Token.Comment, "c"),
        (Token.Literal.String, "s"),
        (Token.Literal.Number, "n"),
        (Token.Keyword, "k"),
        (Token.Operator.Word, "k"),
        (Token.Name.Function, "f"),
    ]
    return next((ink for each, ink in inks if kind in each), "")  # type: ignore[operator]
