"""Read YAML into a tree whose every node knows its file, line and column.

Scalars are those of YAML 1.2, which is what instructors mean: `1e-5` is a number, `no`, `23:59` and `0042` are text.
Tags are refused, duplicate keys too, and aliases are counted, so that a small file can't become a huge tree.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import msgspec
import yaml

from grader.errors import Flaw, RubricError

Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml's, where PyYAML was built with it

MOST_NODES = 50_000
DEEPEST = 40

_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_WORDS: dict[str, Any] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys((".inf", ".Inf", "+.inf"), float("inf")),
    **dict.fromkeys(("-.inf", "-.Inf"), float("-inf")),
    **dict.fromkeys((".nan", ".NaN"), float("nan")),
}


class Place(msgspec.Struct, frozen=True):
    """Where something stands; lines and columns count from 1."""

    file: str
    line: int
    column: int

    def flaw(self, message: str) -> Flaw:
        """A problem at this place."""
        return Flaw(self.file, self.line, self.column, message)


class Node(msgspec.Struct, frozen=True):
    """A value with its place: a scalar, a list of nodes, or a dict of nodes. `keys` places a dict's keys."""

    value: Any
    place: Place
    keys: dict[str, Place] = {}

    def plain(self) -> Any:
        """The value without places."""
        if isinstance(self.value, dict):
            return {key: node.plain() for key, node in self.value.items()}
        if isinstance(self.value, list):
            return [node.plain() for node in self.value]
        return self.value


def read_yaml(text: str, file: str) -> tuple[Node, list[Flaw]]:
    """The tree of a YAML document, and what is wrong with it short of its syntax.

    Raises:
        RubricError: the text is no YAML, or too deep or too large a tree.
    """
    try:
        root = yaml.compose(text, Loader=Loader)
    except yaml.YAMLError as error:
        raise RubricError([_syntax_flaw(error, file)]) from None
    except RecursionError:
        raise RubricError([Flaw(file, 1, 1, "nested too deeply to be read")]) from None
    if root is None:
        raise RubricError([Flaw(file, 1, 1, "the file is empty")])
    builder = _Builder(file)
    return builder.build(root, 0), builder.flaws


def _syntax_flaw(error: yaml.YAMLError, file: str) -> Flaw:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    problem = getattr(error, "problem", None) or "this can't be read"
    return Flaw(file, line, column, f"not valid YAML: {problem}")


class _Builder:
    """Turns PyYAML's nodes into ours, and gathers flaws on the way."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.flaws: list[Flaw] = []
        self.count = 0

    def build(self, node: Any, depth: int) -> Node:
        place = Place(self.file, node.start_mark.line + 1, node.start_mark.column + 1)
        self.count += 1
        if self.count > MOST_NODES or depth > DEEPEST:
            raise RubricError([place.flaw("the file is too large or nested too deeply (aliases count each time)")])
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, place, depth)
        if isinstance(node, yaml.SequenceNode):
            return Node([self.build(child, depth + 1) for child in node.value], place)
        return Node(self._scalar(node, place), place)

    def _mapping(self, node: Any, place: Place, depth: int) -> Node:
        values: dict[str, Node] = {}
        keys: dict[str, Place] = {}
        for key, value in self._pairs(node):
            if key in values:
                first = keys[key]
                self.flaws.append(value[0].flaw(f"the key {key!r} stands twice (first in line {first.line})"))
            keys[key] = value[0]
            values[key] = self.build(value[1], depth + 1)
        return Node(values, place, keys)

    def _pairs(self, node: Any) -> Iterator[tuple[str, tuple[Place, Any]]]:
        for key, value in node.value:
            place = Place(self.file, key.start_mark.line + 1, key.start_mark.column + 1)
            if isinstance(key, yaml.ScalarNode):
                yield key.value, (place, value)
            else:
                self.flaws.append(place.flaw("a key must be a word"))

    def _scalar(self, node: Any, place: Place) -> Any:
        if node.style:  # quoted or block: text, whatever it looks like
            return node.value
        if not node.tag.startswith("tag:yaml.org,2002:"):
            self.flaws.append(place.flaw(f"tags such as {node.tag} are not allowed"))
        text = node.value
        if text in _WORDS:
            return _WORDS[text]
        if _INTEGER.fullmatch(text):
            return int(text)
        if _FLOAT.fullmatch(text) and not re.match(r"[-+]?0[0-9]", text):
            return float(text)
        return text
