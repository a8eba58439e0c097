"""Read the checks of a rubric. What each kind of check has besides the keys of all, the kinds say themselves."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import NamedTuple

import msgspec

from grader.errors import Flaw, did_you_mean
from grader.numeric.equivalence import EQUIVALENCES
from grader.rubric.expression import Expression, find_calls
from grader.rubric.fields import (
    INPUTS,
    NUMBER,
    POINTS_VALUE,
    TEXT,
    TEXTS,
    FieldReader,
    Schema,
    Table,
    any_of,
    describe_node,
    one_of,
    one_or_more,
)
from grader.rubric.model import VISIBILITIES, Argument, Check, Inputs, Measure, Specifics
from grader.rubric.yaml_tree import Node, Place

#: The keys that every check may have.
COMMON: dict[str, Schema] = {
    "points": POINTS_VALUE,
    "visibility": one_of(VISIBILITIES),
    "hint": TEXT,
    "requires": one_of(("values", "nothing")),
    "credit": one_of(("all", "share")),
}
#: Keys that kinds share: which inputs there are, …
DRAWN: dict[str, Schema] = {"at": TEXTS, "form": TEXTS, "cases": one_or_more(INPUTS), "given": INPUTS}
#: … and how a result is held against what is right.
JUDGED: dict[str, Schema] = {"part": TEXTS, "scale": NUMBER, "tolerance": NUMBER, "up_to": one_of(EQUIVALENCES)}
_INFINITE = {"inf": math.inf, "-inf": -math.inf}
_COMPARISON = r"\s*(<=|>=|==|!=|<|>)"
EXPECTED: dict[str, Schema] = {
    "expect": {"type": "string", "pattern": f"^{_COMPARISON}"},
    "allow": one_or_more(any_of(NUMBER, one_of(_INFINITE))),
}


class FunctionScope(NamedTuple):
    """What of a function its checks may name."""

    arguments: Inputs
    let: Inputs
    forms: Mapping[str, Inputs]
    parts: tuple[str, ...]

    @property
    def named(self) -> tuple[str, ...]:
        """Every name that a check may give another value."""
        return (*self.arguments, *self.let)


Found = Mapping[str, Node]

#: Stands where an expression is missing or can't be read; a flaw says so, and nothing is graded.
UNREAD = Expression("0", Place("", 0, 0))


def nothing_of_its_own(reader: Checks, found: Found, around: FunctionScope) -> Specifics:
    """For kinds whose keys are all shared ones."""
    return Specifics()


class KindKeys(msgspec.Struct, frozen=True, kw_only=True):
    """What a rubric can say of one kind of check."""

    keys: Mapping[str, Schema]  #: besides COMMON
    needed: tuple[str, ...] = ()  #: those of them that it can't do without
    read: Callable[[Checks, Found, FunctionScope], Specifics] = nothing_of_its_own  #: the keys that no other kind has
    #: Whether it asks for plain values: others of its function wait for those of its checks that are drawn anew.
    asks_values: bool = False
    waits: bool = True  #: whether it pays only where those pass, unless it says so itself; those themselves don't wait

    def table(self, word: str) -> Table:
        """All keys of a check of this kind, which is called by this word."""
        return Table({word: TEXT, **COMMON, **self.keys}, self.needed)

    def awaits_none(self, drawn: bool) -> bool:
        """Whether a check pays by itself, where it doesn't say; `drawn` are its inputs that are new each time."""
        return not self.waits or (self.asks_values and drawn)


class Checks(FieldReader):
    """Reads checks of the kinds that are handed in. `sizes` are the names that `at:` may say.

    Args:
        draws: the names of those functions of expressions that draw anew each time.
    """

    sizes: Mapping[str, Mapping[str, int]]

    def __init__(self, flaws: list[Flaw], kinds: Mapping[str, KindKeys], draws: Collection[str]) -> None:
        super().__init__(flaws)
        self.kinds = kinds
        self.draws = frozenset(draws)

    def check(self, node: Node, around: FunctionScope) -> Check:
        word = self._kind_of(node)
        if word is None:
            return Check(next(iter(self.kinds)), "", node.place)
        kind = self.kinds[word]
        found = self.mapping(node, f"a {word} check", *kind.table(word))
        title = self.text(found.get(word), "the title of a check")
        cases = tuple(self.inputs(item, "a case", around.named) for item in self.items(found.get("cases")))
        given = self.inputs(found.get("given"), "given", around.named)
        default = "nothing" if kind.awaits_none(is_drawn(cases, given, self.draws)) else "values"
        credit = self.choice(found.get("credit"), "credit", ("all", "share"), "all")
        return Check(
            kind=word,
            title=title,
            place=node.place,
            points=self.points(found.get("points"), "points"),
            visibility=self.choice(found.get("visibility"), "visibility", VISIBILITIES, "hidden"),  # type: ignore[arg-type]
            hint=self.text(found.get("hint"), "hint"),
            needs_values=self.choice(found.get("requires"), "requires", ("values", "nothing"), default) == "values",
            shares=credit == "share",
            at=self.named(found.get("at"), "at", self.sizes),
            forms=self.named(found.get("form"), "form", around.forms) or ("",),
            cases=cases,
            given=given,
            draw=self.inputs(found.get("draw"), "draw"),
            later=self.inputs(found.get("later"), "later", around.arguments),
            measure=self._measure(found, around),
            specifics=kind.read(self, found, around),
        )

    def due(self, found: Found, key: str, objects: bool = False) -> Expression:
        """The expression of a key that a kind needs; UNREAD where there is a flaw instead."""
        return self.expression(found.get(key), key, objects) or UNREAD

    def _measure(self, found: Found, around: FunctionScope) -> Measure:
        return Measure(
            part=(self.named(found.get("part"), "part", around.parts) or (None,))[0],
            scale=self.number(found.get("scale"), "scale"),
            tolerance=self.number(found.get("tolerance"), "tolerance"),
            up_to=self.choice(found.get("up_to"), "up_to", tuple(EQUIVALENCES), "") or None,
            expect=self._expectation(found.get("expect")),
            allow=tuple(self._allowed_keys(item) for item in self.items(found.get("allow"))),
        )

    def _kind_of(self, node: Node) -> str | None:
        if not isinstance(node.value, dict):
            self.wrong(
                node.place,
                f"a check should be a mapping such as {{value: a batch, points: 4}}, found {describe_node(node)}",
            )
            return None
        kinds = [kind for kind in self.kinds if kind in node.value]
        if len(kinds) == 1:
            return kinds[0]
        if kinds:
            self.wrong(node.place, f"a check is of one kind; this one says {' and '.join(kinds)}")
            return None
        guess = next((hint for key in node.value if (hint := did_you_mean(key, self.kinds))), "")
        self.wrong(node.place, f"a check needs a kind, one of: {', '.join(self.kinds)}{guess}")
        return None

    def _expectation(self, node: Node | None) -> Expression | None:
        """`expect: ">= 15"` speaks of the result."""
        if node is None:
            return None
        text = str(node.value)
        comparison = re.match(_COMPARISON, text)
        if comparison is None:
            self.wrong(node.place, f'expect should be a comparison such as ">= 15", found {text!r}')
            return None
        return self._parse(f"result {text}", node.place)

    def _allowed_keys(self, node: Node) -> float:
        if isinstance(node.value, str) and node.value in _INFINITE:
            return _INFINITE[node.value]
        return self.number(node, "allow") or 0.0


def is_drawn(cases: Sequence[Inputs], given: Inputs, draws: Collection[str]) -> bool:
    """Whether a check's inputs are new each time: no cases, or cases that call one of these draws."""
    if cases:
        names = frozenset(draws)
        return all(any(_calls_any(value, names) for value in case.values()) for case in cases)
    return not given or any(isinstance(value, Expression) for value in given.values())


def _calls_any(value: Argument, names: frozenset[str]) -> bool:
    return isinstance(value, Expression) and any(find_calls(value.tree, names))


def is_drawn_value(check: Check, kind: KindKeys, draws: Collection[str]) -> bool:
    """Whether a check of this kind is one of those on which the others of its function wait."""
    return kind.asks_values and not check.needs_values and is_drawn(check.cases, check.given, draws)
