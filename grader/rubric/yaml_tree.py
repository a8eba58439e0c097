"""Read YAML into a tree whose every node knows its file, line and column.

Scalars are those of YAML 1.2, which is what instructors mean: `1e-5` is a number, `no`, `23:59` and `0042` are text.
Tags are refused, duplicate keys too, and aliases are counted, so that a small file can't become a huge tree.

What a program wrote is read otherwise: every scalar as text, and without the keys that nobody asks for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

import yaml

from grader.errors import Flaw, RubricError
from grader.rubric.nodes import Node, Place

TreeLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml's, where PyYAML was built with it

MOST_NODES = 50_000
#: A class of thousands, as an LMS tells of it.
MOST_EXPORTED_NODES = 1_000_000
DEEPEST = 40

_FRAME = (yaml.StreamStartEvent, yaml.StreamEndEvent, yaml.DocumentStartEvent, yaml.DocumentEndEvent)
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


def read_yaml(text: str, file: str) -> tuple[Node, list[Flaw]]:
    """The tree of a YAML document, and what is wrong with it short of its syntax.

    Raises:
        RubricError: the text is no YAML, or too deep or too large a tree.
    """
    builder = _Builder(yaml.parse(text, Loader=TreeLoader), file)
    return _document(builder, text.split("\n")), builder.flaws


def read_exported_yaml(data: bytes, file: str, unread: frozenset[str]) -> Node:
    """The tree of what an LMS wrote, all scalars as text: an id 0042 stays 0042.

    Tags say nothing here, and aliases stand for nothing. What a key in `unread` holds isn't kept: it may be huge.

    Raises:
        RubricError: it is no YAML, or too deep or too large a tree.
    """
    builder = _ExportBuilder(yaml.parse(data, Loader=TreeLoader), file)
    builder.unread = unread
    return _document(builder)


def _document(builder: _Builder, lines: Sequence[str] = ()) -> Node:
    try:
        root = builder.document()
    except yaml.YAMLError as error:
        raise RubricError([_syntax_flaw(error, builder.file, lines)]) from None
    except UnicodeDecodeError as error:
        raise RubricError([Flaw(builder.file, 1, 1, f"not UTF-8 text: byte {error.start}")]) from None
    if root is None:
        raise RubricError([Flaw(builder.file, 1, 1, "the file is empty")])
    return root


def _syntax_flaw(error: yaml.YAMLError, file: str, lines: Sequence[str]) -> Flaw:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    problem = str(getattr(error, "problem", None) or "this can't be read")
    if "\t" in "".join(lines[line - 1 : line]).partition("#")[0] and "token" in problem:
        problem = "found a tab character that violates indentation"
    return Flaw(file, line, column, f"not valid YAML: {_ADVICE.get(problem, problem)}")


#: What the parser says, and what it means to an author.
_ADVICE = {
    "found character that cannot start any token": "a tab or another character that can't begin a value; YAML indents "
    "with spaces, and what begins with @, ` or % stands in quotes",
    "found a tab character that violates indentation": "a tab; YAML indents with spaces",
    "mapping values are not allowed in this context": "a colon and a space within a text: put the text in quotes",
    "did not find expected ',' or '}'": "a { isn't closed before this, or a text with a quote or a bracket in it needs "
    "double quotes around it",
    "did not find expected ',' or ']'": "a [ isn't closed before this, or a text with a quote or a bracket in it needs "
    "double quotes around it",
    "mapping values are not allowed here": "a colon and a space within a text: put the text in quotes",
}


class _Builder:
    """Turns the parser's events into nodes, and gathers flaws on the way.

    Events rather than PyYAML's composed nodes: libyaml's composer overflows the C stack on deep nesting.
    """

    most = MOST_NODES
    unread: frozenset[str] = frozenset()  #: keys whose values are passed over

    def __init__(self, events: Iterator[Any], file: str) -> None:
        self.events = (event for event in events if not isinstance(event, _FRAME))
        self.file = file
        self.flaws: list[Flaw] = []
        self.anchors: dict[str, tuple[Node, int]] = {}  #: with how many nodes each stands for
        self.count = 0

    def document(self) -> Node | None:
        """The first document; a second one is a flaw."""
        first = next(self.events, None)
        if first is None:
            return None
        root = self._node(first, 0)
        if (second := next(self.events, None)) is not None:
            self.flaws.append(self._place(second).flaw("a second document starts here; there should be one"))
        return root

    def _place(self, event: Any) -> Place:
        return Place(self.file, event.start_mark.line + 1, event.start_mark.column + 1)

    def _node(self, event: Any, depth: int) -> Node:
        place, before = self._place(event), self.count
        self._count_aliases(place, 1, depth)
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event, place, depth)
        if isinstance(event, yaml.MappingStartEvent):
            node = self._mapping(place, depth)
        elif isinstance(event, yaml.SequenceStartEvent):
            node = Node(list(self._items(yaml.SequenceEndEvent, depth)), place)
        else:
            node = Node(self._scalar(event, place), place)
        if event.anchor:
            self.anchors[event.anchor] = (node, self.count - before)
        return node

    def _count_aliases(self, place: Place, nodes: int, depth: int) -> None:
        self.count += nodes
        if self.count > self.most or depth > DEEPEST:
            raise RubricError([place.flaw("the file is too large or nested too deeply (aliases count each time)")])

    def _alias(self, event: Any, place: Place, depth: int) -> Node:
        node, nodes = self.anchors.get(event.anchor, (None, 0))
        if node is None:
            raise RubricError([place.flaw(f"*{event.anchor} stands for nothing: no &{event.anchor} ends before it")])
        self._count_aliases(place, nodes, depth)
        return node

    def _items(self, end: type, depth: int) -> Iterator[Node]:
        while not isinstance(event := next(self.events), end):
            yield self._node(event, depth + 1)

    def _mapping(self, place: Place, depth: int) -> Node:
        values: dict[str, Node] = {}
        keys: dict[str, Place] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            at, key = self._place(event), self._key(event, depth)
            if key in self.unread:
                self._skip()
                continue
            value = self._node(next(self.events), depth + 1)
            if key in values:
                self.flaws.append(at.flaw(f"the key {key!r} stands twice (first in line {keys[key].line})"))
            keys[key], values[key] = at, value
        return Node(values, place, keys)

    def _skip(self) -> None:
        """Pass over a value, however deep."""
        depth = 0
        for event in self.events:
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth == 0:
                return

    def _key(self, event: Any, depth: int) -> str:
        if isinstance(event, yaml.ScalarEvent):
            return str(event.value)
        self.flaws.append(self._place(event).flaw("a key must be a word"))
        self._node(event, depth + 1)
        return ""

    def _scalar(self, event: Any, place: Place) -> Any:
        if event.tag is not None:
            self.flaws.append(place.flaw(f"tags such as {event.tag} are not allowed"))
        text = event.value
        if event.style:  # quoted or block: text, whatever it looks like
            return text
        if text in _WORDS:
            return _WORDS[text]
        if _INTEGER.fullmatch(text):
            return int(text)
        if _FLOAT.fullmatch(text) and not re.match(r"[-+]?0[0-9]", text):
            return float(text)
        return text


class _ExportBuilder(_Builder):
    """The same for what a program wrote."""

    most = MOST_EXPORTED_NODES

    def _scalar(self, event: Any, place: Place) -> Any:
        return event.value

    def _alias(self, event: Any, place: Place, depth: int) -> Node:
        return Node(None, place)
