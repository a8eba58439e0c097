"""Turn one planted variant into a whole submission: base.py with one of its functions exchanged.

A variant is a top-level function (or lambda) named ``function__variant`` in right/ or wrong/. Its docstring, or
the comment above a lambda, starts with RIGHT: or WRONG: and says what is unusual about it. What else stands at
the top level of its file (imports, constants, helper classes) goes along if the variant uses it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent
FUNCTIONS = (
    "softmax",
    "sigmoid",
    "sigmoid_grad",
    "cross_entropy",
    "softmax_cross_entropy_grad",
    "forward",
    "input_grad",
    "forward_backward_prop",
    "gradcheck_naive",
)


class Variant(NamedTuple):
    """One planted answer to one function, or a whole submission when function is "all"."""

    file: str  #: relative to this folder: "right/softmax.py"
    name: str  #: "softmax__row_loop"; for a whole submission the file's stem
    function: str
    right: bool
    about: str


class Piece(NamedTuple):
    """A top-level statement with the comment lines directly above it."""

    names: frozenset[str]
    uses: frozenset[str]
    text: str


def variants(kind: str) -> Iterator[Variant]:
    """All variants in the folder `kind` ("right" or "wrong"), read from the files themselves."""
    if kind == "right":
        yield Variant("base.py", "base", "all", True, "the plain solution that completes all variants")
    for path in sorted((HERE / kind).glob("*.py")):
        file = f"{kind}/{path.name}"
        if path.name.startswith("whole_"):
            about = ast.get_docstring(ast.parse(path.read_text())) or ""
            yield Variant(file, path.stem, "all", kind == "right", _about(about))
            continue
        for piece in _pieces(path):
            for name in sorted(piece.names):
                if name.partition("__")[0] in FUNCTIONS and "__" in name:
                    yield Variant(file, name, name.partition("__")[0], kind == "right", _about(piece.text))


def source(variant: Variant) -> str:
    """The text of a submission in which only `variant` differs from base.py."""
    if variant.function == "all":
        return (HERE / variant.file).read_text()
    base = [piece for piece in _pieces(HERE / "base.py") if variant.function not in piece.names]
    own = _needed(_pieces(HERE / variant.file), variant.name)
    joined = "\n\n".join(piece.text for piece in [*base, *own]) + "\n"
    return re.sub(rf"\b{variant.name}\b", variant.function, joined)


def _about(text: str) -> str:
    found = re.search(r"(?:RIGHT|WRONG): (.+)", text)
    return found.group(1).strip().removesuffix('"""') if found else ""


@cache
def _pieces(path: Path) -> tuple[Piece, ...]:
    text = path.read_text()
    lines = text.splitlines()
    return tuple(_piece(lines, node) for node in ast.parse(text).body if not isinstance(node, ast.Expr))


def _piece(lines: list[str], node: ast.stmt) -> Piece:
    first = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", []))]) - 1
    while first and lines[first - 1].startswith("#"):
        first -= 1
    inner = list(ast.walk(node))
    names = {n.id for n in inner if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        names = {node.name}
    if isinstance(node, ast.Import | ast.ImportFrom):
        names = {alias.asname or alias.name for alias in node.names}
    uses = {n.id for n in inner if isinstance(n, ast.Name)}
    return Piece(frozenset(names), frozenset(uses), "\n".join(lines[first : node.end_lineno]))


def _needed(pieces: tuple[Piece, ...], name: str) -> list[Piece]:
    """The pieces that bind `name` or anything it uses, in their order."""
    wanted, done = {name}, set[str]()
    while wanted - done:
        one = (wanted - done).pop()
        done.add(one)
        wanted.update(*(piece.uses for piece in pieces if one in piece.names))
    return [piece for piece in pieces if piece.names & wanted]
