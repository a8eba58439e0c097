"""Read small things from a YAML tree: text, numbers, names, expressions. What is wrong becomes a flaw."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from grader.errors import Flaw, did_you_mean
from grader.rubric.expression import Expression, ExpressionError, parse_expression
from grader.rubric.model import Argument, Container, Inputs, LiteralValue
from grader.rubric.nodes import Node, Place

#: What a key may hold, as JSON Schema says it.
Schema = dict[str, Any]


def one_of(words: Iterable[str]) -> Schema:
    """One of these words."""
    return {"enum": list(words)}


def any_of(*schemas: Schema) -> Schema:
    """What fits one of these."""
    return {"anyOf": list(schemas)}


def list_of(schema: Schema, at_least: int = 0) -> Schema:
    """A list of such values."""
    return {"type": "array", "items": schema, **({"minItems": at_least} if at_least else {})}


def one_or_more(schema: Schema) -> Schema:
    """A list, or a single value in its place."""
    return any_of(schema, list_of(schema))


def mapping_of(schema: Schema) -> Schema:
    """Values by names that the rubric itself makes up."""
    return {"type": "object", "additionalProperties": schema}


class KeyTable(NamedTuple):
    """The keys of a mapping: what each may hold, and which of them it can't do without."""

    keys: Mapping[str, Schema]
    needed: tuple[str, ...] = ()

    @property
    def schema(self) -> Schema:
        """A mapping with these keys and no others."""
        required = {"required": list(self.needed)} if self.needed else {}
        return {"type": "object", "properties": dict(self.keys), "additionalProperties": False, **required}


TEXT: Schema = {"type": "string", "pattern": r"\S"}
TEXTS = one_or_more(TEXT)
FLAG: Schema = {"type": "boolean"}
NUMBER: Schema = {"type": "number", "minimum": 0}
POINTS_VALUE: Schema = {"type": ["number", "string"], "minimum": 0, "pattern": r"^[0-9]+([./][0-9]+)?$"}
QUANTITY: Schema = {"type": ["number", "string"]}
EXPRESSION: Schema = {"type": ["string", "number"]}
ARGUMENT: Schema = {}
INPUTS = mapping_of(ARGUMENT)


_WORD = re.compile(r"[A-Za-z_]\w*")
_SENTENCE = re.compile(r"[^\W\d][^()\[\]{}*/+<>=]*")


def _is_plain_text(text: str) -> bool:
    """Whether it is a word or a sentence, and calls nothing: no expression that anybody would mean."""
    return not text or _SENTENCE.fullmatch(text) is not None


def _holds_numbers_only(node: Node) -> bool:
    if isinstance(node.value, list):
        return all(map(_holds_numbers_only, node.value))
    return isinstance(node.value, (int, float))


def _is_even(rows: Any) -> bool:
    """Whether nested lists have rows of one length, as an array has."""
    if not any(isinstance(row, list) for row in rows):
        return True
    lengths = {len(row) if isinstance(row, list) else -1 for row in rows}
    return len(lengths) == 1 and all(map(_is_even, rows))


#: A mapping of the rubric, by its keys.
Found = Mapping[str, Node]


class FieldReader:
    """Reads node by node; what is wrong becomes a flaw and a harmless value, so that reading goes on."""

    def __init__(self, flaws: list[Flaw]) -> None:
        self.flaws = flaws
        self.unread_points = 0  # how many couldn't be read: sums with them mean nothing

    def wrong(self, place: Place, message: str) -> None:
        self.flaws.append(place.flaw(message))

    def mapping(
        self, node: Node | None, what: str, allowed: Collection[str] = (), needed: Sequence[str] = ()
    ) -> dict[str, Node]:
        """The entries of a mapping; with `allowed`, of these keys only."""
        if node is None:
            return {}
        if not isinstance(node.value, dict):
            self.wrong(node.place, f"{what} should be a mapping (key: value), found {describe_node(node)}")
            return {}
        for key in needed:
            if key not in node.value:
                self.wrong(node.place, f"{what} lacks {key!r}")
        if not allowed:
            return dict(node.value)
        for key in [key for key in node.value if key not in allowed]:
            if node.value[key].value is None and " " in key:
                self.wrong(
                    node.keys[key], f"{what} has no key {key!r}; quote a text with a comma: {_rejoin(node, key)}"
                )
                continue
            hint = did_you_mean(key, allowed) or f"; allowed are: {', '.join(allowed)}"
            self.wrong(node.keys[key], f"{what} has no key {key!r}{hint}")
        return {key: value for key, value in node.value.items() if key in allowed}

    def items(self, node: Node | None) -> list[Node]:
        """The entries of a list; a single value counts as a list of one."""
        if node is None:
            return []
        return node.value if isinstance(node.value, list) else [node]

    def text(self, node: Node | None, what: str, default: str = "") -> str:
        if node is None:
            return default
        if isinstance(node.value, str) and node.value.strip():
            return " ".join(node.value.split())
        self.wrong(node.place, f"{what} should be text, found {describe_node(node)}; put it in quotes")
        return default

    def words(self, node: Node | None, what: str) -> tuple[str, ...]:
        return tuple(self.text(item, what) for item in self.items(node))

    def choice(self, node: Node | None, what: str, allowed: Sequence[str], default: str) -> str:
        if node is None:
            return default
        if node.value in allowed:
            return str(node.value)
        hint = did_you_mean(str(node.value), allowed)
        self.wrong(node.place, f"{what} is {node.value!r}; allowed are: {', '.join(allowed)}{hint}")
        return default

    def flag(self, node: Node | None, what: str, default: bool = False) -> bool:
        if node is not None and not isinstance(node.value, bool):
            self.wrong(node.place, f"{what} should be true or false, found {describe_node(node)}")
        return default if node is None else node.value is True

    def number(self, node: Node | None, what: str) -> float | None:
        """A number that isn't negative, or None where there is none."""
        if node is None:
            return None
        if isinstance(node.value, (int, float)) and not isinstance(node.value, bool) and node.value >= 0:
            return float(node.value)
        self.wrong(node.place, f"{what} should be a number that isn't negative, found {describe_node(node)}")
        return None

    def points(self, node: Node | None, what: str) -> Fraction:
        if node is None:
            return Fraction(0)
        value = node.value
        try:
            points = Fraction(value if type(value) is int else str(value))  # no number is called True
        except (ValueError, ZeroDivisionError):
            points = Fraction(-1)
        if points < 0:
            number = isinstance(value, (int, float)) and not isinstance(value, bool)
            due = "not below 0" if number else 'a number or a fraction such as "1/3"'
            self.wrong(node.place, f"{what} should be {due}, found {value!r}")
            self.unread_points += 1
            return Fraction(0)
        return points

    def expression(self, node: Node | None, what: str, objects: bool = False) -> Expression | None:
        """An expression; with `objects`, one that may use attributes and methods of a student's objects."""
        if node is None:
            return None
        text = str(node.value) if isinstance(node.value, (int, float)) else node.value
        if not isinstance(text, str):
            self.wrong(node.place, f"{what} should be an expression in quotes, found {describe_node(node)}")
            return None
        return self._parse(text, node.place, objects)

    def _parse(self, text: str, place: Place, objects: bool = False) -> Expression | None:
        try:
            parse_expression(text, objects)
        except ExpressionError as error:
            self.wrong(place, str(error))
            return None
        return Expression(text, place, objects)

    def given(self, node: Node, text: bool = False) -> Argument:
        """An argument: an expression in quotes, a literal, or a mapping or a list of such.

        Args:
            text: whether the argument is text, so that a plain word or a sentence stands for itself.
        """
        if isinstance(node.value, str):
            if text and _is_plain_text(node.value):
                return LiteralValue(node.value, node.place)
            return self._parse(node.value, node.place) or LiteralValue(0.0, node.place)
        if isinstance(node.value, dict):
            return Container({key: self._entry(item) for key, item in node.value.items()})
        if isinstance(node.value, list) and not _holds_numbers_only(node):
            return Container(tuple(map(self._entry, node.value)))
        if isinstance(node.value, list) and not _is_even(node.plain()):
            self.wrong(node.place, "rows of different length: an array has none; a list of lists is written as list")
        return LiteralValue(node.plain(), node.place)

    def _entry(self, node: Node) -> Argument:
        """An entry of a mapping or a list, where a plain word is text."""
        if isinstance(node.value, str) and _WORD.fullmatch(node.value):
            return Expression(node.value, node.place, word=True)
        return self.given(node, text=True)

    def inputs(self, node: Node | None, what: str, known: Iterable[str] = (), texts: Collection[str] = ()) -> Inputs:
        """Arguments by name; with `known`, of these names, or an entry of theirs, such as `param.mode`."""
        if node is None:
            return {}
        names = tuple(known)
        said = node.value if isinstance(node.value, dict) else {}
        entries = tuple(key for key in said if "." in key and key.partition(".")[0] in names)
        found = self.mapping(node, what, (*names, *entries))
        for key in () if names else found:
            if found[key].value is not None and not key.isidentifier():
                self.wrong(node.keys[key], f"{what}: {key!r} is no name; write one of letters, digits and _")
        return {key: self.given(value, key in texts or "." in key) for key, value in found.items()}

    def named(self, node: Node | None, what: str, known: Iterable[str]) -> tuple[str, ...] | None:
        """Names, each of which must be known; None where there is no node."""
        if node is None:
            return None
        names = tuple(known)
        found = [(item, self.text(item, what)) for item in self.items(node)]
        for item, word in found:
            if word and word not in names:
                self.wrong(item.place, f"{what}: {word!r} is unknown; there are: {', '.join(names) or 'none'}")
        return tuple(word for _, word in found if word in names)


def _rejoin(node: Node, key: str) -> str:
    """The text that a comma has cut, in quotes, after the key that it belongs to."""
    before = [name for name, place in node.keys.items() if place < node.keys[key]]
    if not before:
        return f'"{key}"'
    last = max(before, key=lambda name: node.keys[name])
    return f'{last}: "{node.value[last].plain()}, {key}"'


def describe_node(node: Node) -> str:
    """What stands at a node, for a message."""
    names: dict[type, str] = {dict: "a mapping", list: "a list", type(None): "nothing"}
    return names.get(type(node.value), repr(node.value))
