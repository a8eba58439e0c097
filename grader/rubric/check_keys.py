"""Read the checks of a rubric: one list of keys for each kind."""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from grader.errors import near
from grader.numeric.equivalence import CLASSES
from grader.rubric.expression import Expression
from grader.rubric.fields import Nodes, kind_of_node
from grader.rubric.model import KINDS, VISIBILITIES, Check, Given, Inputs, Kind
from grader.rubric.yaml_tree import Node

COMMON = ("points", "visibility", "hint", "requires", "credit")
DRAWN = ("at", "form", "cases", "given")
JUDGED = ("part", "scale", "tolerance", "up_to")
#: Each kind of check: the keys that it takes besides COMMON, and those of them that it can't do without.
KEYS: dict[Kind, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "value": ((*DRAWN, *JUDGED, "expect", "allow"), ()),
    "gradient": ((*DRAWN, *JUDGED, "of", "wrt"), ("of", "wrt")),
    "property": ((*DRAWN, "draw", "scale", "tolerance", "up_to", "law"), ("law",)),
    "unchanged": ((*DRAWN, "within"), ()),
    "repeatable": ((*DRAWN, "tolerance"), ()),
    "lasting": ((*DRAWN, "later", "tolerance"), ("later",)),
    "converges": ((*DRAWN, "part", "of", "order", "within", "over", "to"), ("order", "over", "to")),
    "consistent": ((*DRAWN, "part", "of", "wrt", "tolerance"), ("of", "wrt")),
    "source": (("forbid",), ("forbid",)),
}


#: How far an observed order may be off where a check doesn't say.
ORDER_WITHIN = 0.2


class Around(NamedTuple):
    """What of a function its checks may name."""

    arguments: Inputs
    let: Inputs
    forms: Mapping[str, Inputs]
    parts: tuple[str, ...]


class Checks(Nodes):
    """Reads checks. `sizes` are the names that `at:` may say."""

    sizes: Mapping[str, Mapping[str, int]]

    def check(self, node: Node, around: Around) -> Check:
        kind = self._kind_of(node)
        if kind is None:
            return Check("value", "", node.place)
        own, needed = KEYS[kind]
        found = self.mapping(node, f"a {kind} check", (kind, *COMMON, *own), needed)
        title = self.text(found.get(kind), "the title of a check")
        named = (*around.arguments, *around.let)
        cases = tuple(self.inputs(item, "a case", named) for item in self.items(found.get("cases")))
        drawn = kind == "gradient" or (kind == "value" and is_drawn(cases, self.inputs(found.get("given"), "given")))
        default = "nothing" if drawn else "values"
        credit = self.choice(found.get("credit"), "credit", ("all", "share"), "all")
        return Check(
            kind=kind,
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
            given=self.inputs(found.get("given"), "given", named),
            draw=self.inputs(found.get("draw"), "draw"),
            part=(self.named(found.get("part"), "part", around.parts) or (None,))[0],
            scale=self.number(found.get("scale"), "scale"),
            tolerance=self.number(found.get("tolerance"), "tolerance"),
            expect=self._expectation(found.get("expect")),
            allow=tuple(self._allowed(item) for item in self.items(found.get("allow"))),
            of=self.expression(found.get("of"), "of", objects=True),
            wrt=(self.named(found.get("wrt"), "wrt", named) or ("",))[0],
            law=self._law(found.get("law")),
            within=_or(self.number(found.get("within"), "within"), ORDER_WITHIN if kind == "converges" else 0.0),
            later=self.inputs(found.get("later"), "later", around.arguments),
            forbid=self.words(found.get("forbid"), "forbid"),
            up_to=self.choice(found.get("up_to"), "up_to", tuple(CLASSES), "") or None,
            order=self.number(found.get("order"), "order") or 0.0,
            over=self._over(found.get("over"), around),
            to=self.expression(found.get("to"), "to"),
        )

    def _kind_of(self, node: Node) -> Kind | None:
        if not isinstance(node.value, dict):
            self.wrong(
                node.place,
                f"a check should be a mapping such as {{value: a batch, points: 4}}, found {kind_of_node(node)}",
            )
            return None
        kinds = [kind for kind in KINDS if kind in node.value]
        if len(kinds) == 1:
            return kinds[0]
        if kinds:
            self.wrong(node.place, f"a check is of one kind; this one says {' and '.join(kinds)}")
            return None
        guess = next((hint for key in node.value if (hint := near(key, KINDS))), "")
        self.wrong(node.place, f"a check needs a kind, one of: {', '.join(KINDS)}{guess}")
        return None

    def _expectation(self, node: Node | None) -> Expression | None:
        """`expect: ">= 15"` speaks of the result."""
        if node is None:
            return None
        text = str(node.value)
        comparison = re.match(r"\s*(<=|>=|==|!=|<|>)", text)
        if comparison is None:
            self.wrong(node.place, f'expect should be a comparison such as ">= 15", found {text!r}')
            return None
        return self._parsed(f"result {text}", node.place)

    def _allowed(self, node: Node) -> float:
        words = {"inf": math.inf, "-inf": -math.inf}
        if node.value in words:
            return words[node.value]
        return self.number(node, "allow") or 0.0

    def _over(self, node: Node | None, around: Around) -> tuple[str, tuple[Given, ...]]:
        """`over: {n: [10, 20, 40]}`: the argument that is refined, coarse to fine."""
        if node is None:
            return "", ()
        found = self.mapping(node, "over", (*around.arguments, *around.let))
        values = {name: tuple(self.given(item) for item in self.items(value)) for name, value in found.items()}
        if len(values) == 1 and all(len(each) >= 3 for each in values.values()):
            return next(iter(values.items()))
        self.wrong(node.place, "over should name one argument with three values or more, such as {n: [10, 20, 40]}")
        return "", ()

    def _law(self, node: Node | None) -> Expression | None:
        law = self.expression(node, "law", objects=True)
        if law is not None and node is not None:
            tree = law.tree
            if not isinstance(tree, ast.Compare) or len(tree.ops) != 1:
                self.wrong(node.place, 'a law should be one comparison, such as "f(x + c) == f(x)"')
        return law


def _or(value: float | None, default: float) -> float:
    return default if value is None else value


def is_drawn(cases: Sequence[Inputs], given: Inputs) -> bool:
    """Whether a check's inputs are new each time: no cases, or cases that draw something."""
    draws = re.compile(r"\b(normal|uniform|integers|one_hot|probabilities|stub|object|permutation)\(")
    if cases:
        return all(
            any(isinstance(value, Expression) and draws.search(value.text) for value in case.values()) for case in cases
        )
    return not given or any(isinstance(value, Expression) for value in given.values())


def is_drawn_value(check: Check) -> bool:
    """Whether it is one of the value checks on which the others of its function wait."""
    return check.kind == "value" and not check.needs_values and is_drawn(check.cases, check.given)
