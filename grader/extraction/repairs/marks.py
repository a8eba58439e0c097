"""Texts that don't parse for one bracket, colon or quote, and lines that are indented in a wrong way."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ..facts import LINES_BELOW
from ..parsing import Refused
from ..syntax_errors import ERRORS
from .model import MOST_REPAIRS, Edit, Repair
from .scene import Definition, Scene

_PAIRS = {"(": ")", "[": "]", "{": "}"}
_TEXTS = re.compile(r"'{3}.*?'{3}|\"{3}.*?\"{3}|'(?:\\.|[^'\\\n])*'|\"(?:\\.|[^\"\\\n])*\"|#[^\n]*", re.DOTALL)
_HEAD = re.compile(r"(?:async\s+)?(?:def|class)\b|@")
#: A text that is longer is not mended: to parse it hundreds of times would take too long.
_MOST_LETTERS, _MOST_TRIES = 20_000, 1_500


class _Block(NamedTuple):
    """Lines that belong together, from a definition on."""

    file: int
    first: int
    lines: list[str]
    near: range  #: positions among them at which the fault may lie
    functions: tuple[str, ...]


def _blocks(scene: Scene) -> Iterator[_Block]:
    for file in scene.sources.looked_at:
        for refused in scene.sources.parse_once(file).refused:
            if refused.fault is not None and not refused.fault.ended and len(refused.text) <= _MOST_LETTERS:
                yield _block(scene, file, refused)


def _block(scene: Scene, file: int, refused: Refused) -> _Block:
    lines = scene.lines(file)
    first = refused.first
    while first > 1 and not _HEAD.match(lines[first - 1]):
        first -= 1
    if not _HEAD.match(lines[first - 1]):
        first = refused.first
    own = lines[first - 1 : _last_below(lines, refused.last)]
    at = refused.faulty_line - first
    near = range(max(at - 2, 0), min(at + 6, len(own)))
    text = "\n".join(own)
    defined = tuple(name for name in scene.names if re.search(rf"\bdef\s+{re.escape(name.split('.')[-1])}\b", text))
    return _Block(file, first, own, near, defined or scene.names)


def marks_repaired(scene: Scene) -> Iterator[Repair]:
    """One bracket, colon or quote put in or taken out, wherever the text parses then; the same tree counts once."""
    for block in _blocks(scene):
        yield from _distinct(scene, block, "syntax", _with_other_marks(block))


def _distinct(scene: Scene, block: _Block, sort: str, tried: Iterator[tuple[int, str]]) -> Iterator[Repair]:
    known: set[str] = set()
    for count, (at, line) in enumerate(tried):
        if count > _MOST_TRIES or len(known) >= MOST_REPAIRS:
            return
        tree = _parsed("\n".join([*block.lines[:at], line, *block.lines[at + 1 :]]))
        if tree is not None and tree not in known:
            known.add(tree)
            edit = Edit(block.file, block.first + at, line)
            yield scene.repair(sort, block.functions, [edit], f"{edit.line} {line.strip()} {len(known)}")


def _parsed(text: str) -> str | None:
    """The text's tree in words; None where it is no Python, or says `return` outside of a function."""
    try:
        tree = ast.parse(text)
        compile(tree, "<repaired>", "exec", dont_inherit=True)
        return ast.dump(tree)
    except ERRORS:
        return None


def _with_other_marks(block: _Block) -> Iterator[tuple[int, str]]:
    more, fewer = _unbalanced("\n".join(block.lines))
    order = sorted(block.near, key=lambda at: abs(at - block.near.start - 2))
    for at in order:
        line = block.lines[at]
        code = line.partition("#")[0].rstrip()
        for mark in fewer:
            yield from _without(at, line, mark)
        for mark in more:
            yield from ((at, line[:place] + mark + line[place:]) for place in reversed(_places(line)))
        yield at, f"{code}:{line[len(code) :]}"
        yield from _without(at, line, ":")
        for quote in "'\"":
            if line.count(quote) % 2:
                yield from _without(at, line, quote)
                yield from ((at, line[:place] + quote + line[place:]) for place in reversed(range(len(line) + 1)))


def _without(at: int, line: str, mark: str) -> Iterator[tuple[int, str]]:
    return ((at, line[:i] + line[i + 1 :]) for i, letter in enumerate(line) if letter == mark)


def _unbalanced(text: str) -> tuple[str, str]:
    """The brackets of which one may be missing, and those of which there may be one too many."""
    code = _TEXTS.sub("", text)
    more = fewer = ""
    for opening, closing in _PAIRS.items():
        left = code.count(opening) - code.count(closing)
        if left == 1:
            more, fewer = more + closing, fewer + opening
        elif left == -1:
            more, fewer = more + opening, fewer + closing
    return more, fewer


def _places(line: str) -> list[int]:
    """Where a bracket may be put: not within a word."""
    return [i for i in range(len(line) + 1) if not (0 < i < len(line) and line[i - 1 : i + 1].isidentifier())]


def indentation_repaired(scene: Scene) -> Iterator[Repair]:
    """One line indented as another block is: where the text doesn't parse, and in functions that do."""
    for block in _blocks(scene):
        levels = _levels(block.lines)
        near = [at for at in block.near if block.lines[at].strip()]
        tried = ((at, level + block.lines[at].lstrip()) for at in near for level in levels)
        yield from _distinct(scene, block, "indentation", (each for each in tried if each[1] != block.lines[each[0]]))
    for found in scene.definitions:
        yield from _moved_lines(scene, found)


def _levels(lines: Sequence[str]) -> list[str]:
    found = {line[: len(line) - len(line.lstrip())] for line in lines if line.strip()}
    step = min((level for level in found if level), key=len, default="    ")
    return sorted(found | {"", step} | {level + step for level in found if len(level) < 4 * len(step)}, key=len)


def _moved_lines(scene: Scene, found: Definition) -> Iterator[Repair]:
    """Each line of a function that is a statement by itself, and the first ones below it."""
    lines = scene.lines(found.file)
    first = found.statement.line
    last = _last_below(lines, found.statement.last_line)
    if sum(map(len, lines[first - 1 : last])) > _MOST_LETTERS // 4:
        return
    own = lines[first - 1 : last]
    before = _parsed("\n".join(own))
    block = _Block(found.file, first, own, range(len(own)), (found.wanted.name,))
    levels = _levels(own)
    simple = [at for at in range(1, len(own)) if _is_simple(own[at])]
    tried = ((at, level + own[at].lstrip()) for at in simple for level in levels)
    for repair in _distinct(scene, block, "indentation", (each for each in tried if each[1] != own[each[0]])):
        text = [*own]
        text[repair.edits[0].line - first] = repair.edits[0].text
        if _parsed("\n".join(text)) != before:
            yield repair


def _last_below(lines: Sequence[str], last: int) -> int:
    """The last of a few statements that follow a function without a blank line between them."""
    end = last
    while end < min(last + LINES_BELOW, len(lines)) and lines[end].strip() and not _HEAD.match(lines[end]):
        end += 1
    return end


def _is_simple(line: str) -> bool:
    """Whether a line is a whole statement, with nothing below it."""
    text = line.strip()
    return bool(text) and not text.endswith((":", ",", "\\", "(")) and _parsed(_bare(text)) is not None


def _bare(text: str) -> str:
    return f"def _():\n for _ in _:\n  {text}"
