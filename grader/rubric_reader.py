"""YAML -> Rubric; every problem at once, each with file, line and column, what was found and what is allowed."""

from __future__ import annotations

import ast
import difflib
import hashlib
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

from grader.errors import Flaw, RubricError, UsageError
from grader.expression import Expression, ExpressionError, evaluate, parse
from grader.limits import BYTES, SECONDS, Limits, read_quantity
from grader.rubric import (
    KINDS,
    VISIBILITIES,
    Check,
    Function,
    Given,
    Inputs,
    Kind,
    Literally,
    Part,
    Rubric,
    ShapeRule,
)
from grader.yamltree import Node, Place, read_yaml

TOP = ("schema", "assignment", "reference", "packages", "limits", "mute", "carried", "sizes", "functions")
LIMITS = ("call", "submission", "memory", "output")
FUNCTION = (
    *("points", "promise", "file", "arguments", "let", "where", "needs"),
    *("returns", "shapes", "forms", "at", "scale", "tolerance", "checks"),
)
PART = ("kind", "shapes", "scale", "tolerance")
PART_KINDS = ("array", "number", "truth")
COMMON = ("points", "visibility", "hint", "requires", "credit")
DRAWN = ("at", "form", "cases", "given")
JUDGED = ("part", "scale", "tolerance")
#: Each kind of check: the keys that it takes besides COMMON, and those of them that it can't do without.
KEYS: dict[Kind, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "value": ((*DRAWN, *JUDGED, "expect", "allow"), ()),
    "gradient": ((*DRAWN, *JUDGED, "of", "wrt"), ("of", "wrt")),
    "property": ((*DRAWN, "draw", "scale", "tolerance", "law"), ("law",)),
    "unchanged": ((*DRAWN, "within"), ()),
    "repeatable": ((*DRAWN, "tolerance"), ()),
    "lasting": ((*DRAWN, "later", "tolerance"), ("later",)),
    "consistent": ((*DRAWN, "part", "of", "wrt", "tolerance"), ("of", "wrt")),
    "source": (("forbid",), ("forbid",)),
}


def read_rubric(path: Path) -> Rubric:
    """The rubric in a YAML file.

    Raises:
        UsageError: the file can't be read.
        RubricError: with every flaw that was found.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path}: the rubric can't be read: {error.strerror}") from None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise RubricError([Flaw(str(path), 1, 1, f"not UTF-8 text: byte {error.start}")]) from None
    root, flaws = read_yaml(text, str(path))
    reader = _Reader(flaws)
    rubric = reader.rubric(root, path, hashlib.sha256(data).hexdigest())
    if reader.flaws:
        raise RubricError(sorted(reader.flaws))
    return rubric


def near(word: str, allowed: Iterable[str]) -> str:
    """ "; did you mean 'points'?" where one of `allowed` is close to `word`, else ""."""
    found = difflib.get_close_matches(word, list(allowed), n=1)
    return f"; did you mean {found[0]!r}?" if found else ""


class _Around(NamedTuple):
    """What of a function its checks may name."""

    arguments: Inputs
    let: Inputs
    forms: Mapping[str, Inputs]
    parts: tuple[str, ...]


class _Reader:
    """Reads node by node; what is wrong becomes a flaw and a harmless value, so that reading goes on."""

    def __init__(self, flaws: list[Flaw]) -> None:
        self.flaws = flaws
        self.sizes: dict[str, dict[str, int]] = {}

    # -- small things ------------------------------------------------------------------------------------------

    def wrong(self, place: Place, message: str) -> None:
        self.flaws.append(place.flaw(message))

    def mapping(
        self, node: Node | None, what: str, allowed: Sequence[str] = (), needed: Sequence[str] = ()
    ) -> dict[str, Node]:
        """The entries of a mapping; with `allowed`, of these keys only."""
        if node is None:
            return {}
        if not isinstance(node.value, dict):
            self.wrong(node.place, f"{what} should be a mapping (key: value), found {_kind(node)}")
            return {}
        for key in needed:
            if key not in node.value:
                self.wrong(node.place, f"{what} lacks {key!r}")
        if not allowed:
            return dict(node.value)
        for key in node.value.keys() - set(allowed):
            hint = near(key, allowed) or f"; allowed are: {', '.join(allowed)}"
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
        self.wrong(node.place, f"{what} should be text, found {_kind(node)}; put it in quotes")
        return default

    def words(self, node: Node | None, what: str) -> tuple[str, ...]:
        return tuple(self.text(item, what) for item in self.items(node))

    def choice(self, node: Node | None, what: str, allowed: Sequence[str], default: str) -> str:
        if node is None:
            return default
        if node.value in allowed:
            return str(node.value)
        hint = near(str(node.value), allowed)
        self.wrong(node.place, f"{what} is {node.value!r}; allowed are: {', '.join(allowed)}{hint}")
        return default

    def number(self, node: Node | None, what: str) -> float | None:
        """A number that isn't negative, or None where there is none."""
        if node is None:
            return None
        if isinstance(node.value, (int, float)) and not isinstance(node.value, bool) and node.value >= 0:
            return float(node.value)
        self.wrong(node.place, f"{what} should be a number that isn't negative, found {_kind(node)}")
        return None

    def points(self, node: Node | None, what: str) -> Fraction:
        if node is None:
            return Fraction(0)
        value = node.value
        try:
            points = Fraction(str(value)) if not isinstance(value, bool) else Fraction(-1)
        except (ValueError, ZeroDivisionError):
            points = Fraction(-1)
        if points < 0:
            self.wrong(node.place, f'{what} should be a number or a fraction such as "1/3", found {value!r}')
            return Fraction(0)
        return points

    def expression(self, node: Node | None, what: str) -> Expression | None:
        if node is None:
            return None
        text = str(node.value) if isinstance(node.value, (int, float)) else node.value
        if not isinstance(text, str):
            self.wrong(node.place, f"{what} should be an expression in quotes, found {_kind(node)}")
            return None
        return self._parsed(text, node.place)

    def _parsed(self, text: str, place: Place) -> Expression | None:
        try:
            parse(text)
        except ExpressionError as error:
            self.wrong(place, str(error))
            return None
        return Expression(text, place)

    def given(self, node: Node) -> Given:
        """An argument: an expression in quotes, or a literal number or nested list."""
        if isinstance(node.value, str):
            return self._parsed(node.value, node.place) or Literally(0.0, node.place)
        if isinstance(node.value, dict):
            self.wrong(node.place, "an argument should be an expression, a number or nested lists of numbers")
            return Literally(0.0, node.place)
        return Literally(node.plain(), node.place)

    def inputs(self, node: Node | None, what: str, known: Iterable[str] = ()) -> Inputs:
        """Arguments by name; with `known`, of these names only."""
        names = tuple(known)
        return {key: self.given(value) for key, value in self.mapping(node, what, names).items()}

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

    # -- the rubric --------------------------------------------------------------------------------------------

    def rubric(self, root: Node, path: Path, sha256: str) -> Rubric:
        top = self.mapping(root, "the rubric", TOP, ("schema", "assignment", "functions"))
        if "schema" in top and top["schema"].value != 1:
            self.wrong(top["schema"].place, f"schema is {top['schema'].value!r}; this version reads schema 1")
        self.sizes = self._sizes(top.get("sizes"))
        return Rubric(
            name=path.stem,
            file=str(path),
            title=self.text(top.get("assignment"), "assignment"),
            reference=self.text(top.get("reference"), "reference", path.stem),
            packages=self.words(top.get("packages"), "packages") or ("numpy",),
            limits=self._limits(top.get("limits")),
            sizes=self.sizes,
            functions=self._functions(top.get("functions")),
            sha256=sha256,
            mute=self.words(top.get("mute"), "mute"),
            carried=self._share(top.get("carried")),
        )

    def _share(self, node: Node | None) -> Fraction:
        share = self.points(node, "carried") if node is not None else Fraction(1)
        if node is not None and share > 1:
            self.wrong(node.place, f"carried is a share from 0 to 1, found {node.value!r}")
        return share

    def _limits(self, node: Node | None) -> Limits:
        found = self.mapping(node, "limits", LIMITS)
        default = Limits()
        return Limits(
            call_seconds=self._quantity(found.get("call"), SECONDS, default.call_seconds),
            submission_seconds=self._quantity(found.get("submission"), SECONDS, default.submission_seconds),
            memory_bytes=int(self._quantity(found.get("memory"), BYTES, default.memory_bytes)),
            output_bytes=int(self._quantity(found.get("output"), BYTES, default.output_bytes)),
        )

    def _quantity(self, node: Node | None, units: tuple[str, ...], default: float) -> float:
        if node is None:
            return default
        try:
            return read_quantity(str(node.value), units)
        except ValueError as error:
            self.wrong(node.place, str(error))
            return default

    def _sizes(self, node: Node | None) -> dict[str, dict[str, int]]:
        return {name: self._dimensions(value, f"size {name!r}") for name, value in self.mapping(node, "sizes").items()}

    def _dimensions(self, node: Node, what: str) -> dict[str, int]:
        """Dimensions in order; one may be computed from those before it ("(H + 2*P - K)//S + 1")."""
        dimensions: dict[str, int] = {}
        for name, value in self.mapping(node, what).items():
            expression = self.expression(value, f"{what}, {name}")
            if expression is None:
                continue
            try:
                number = evaluate(expression.tree, dimensions)
            except ExpressionError as error:
                self.wrong(value.place, f"{what}, {name}: {error}")
                continue
            if not isinstance(number, int) or number < 0:
                self.wrong(value.place, f"{what}, {name} should be a whole number, is {number!r}")
                continue
            dimensions[name] = number
        return dimensions

    def _functions(self, node: Node | None) -> tuple[Function, ...]:
        entries = self.mapping(node, "functions")
        if node is not None and not entries:
            self.wrong(node.place, "functions names no function")
        places = node.keys if node is not None else {}
        return tuple(self._function(key, value, places[key], list(entries)) for key, value in entries.items())

    def _function(self, key: str, node: Node, place: Place, all_names: list[str]) -> Function:
        found = self.mapping(node, f"function {key}", FUNCTION, ("points", "arguments", "checks"))
        arguments = self.inputs(found.get("arguments"), "arguments")
        forms = {
            name: self.inputs(value, f"form {name!r}", arguments)
            for name, value in self.mapping(found.get("forms"), "forms").items()
        }
        parts = self._parts(found)
        let = self.inputs(found.get("let"), "let")
        around = _Around(arguments, let, forms, tuple(part.name for part in parts))
        checks = tuple(self._check(item, around) for item in self.items(found.get("checks")))
        function = Function(
            name=key,
            place=place,
            points=self.points(found.get("points"), "points"),
            promise=self.text(found.get("promise"), "promise"),
            arguments=arguments,
            checks=checks,
            file=self.text(found.get("file"), "file") or None,
            needs=self.named(found.get("needs"), "needs", [name for name in all_names if name != key]) or (),
            let=let,
            where=self.expression(found.get("where"), "where"),
            parts=parts,
            forms=forms,
            at=self.named(found.get("at"), "at", self.sizes),
        )
        self._sum_of_points(function, found)
        return function

    def _sum_of_points(self, function: Function, found: Mapping[str, Node]) -> None:
        total = sum((check.points for check in function.checks), Fraction(0))
        if total != function.points and "points" in found:
            place = found["points"].place
            self.wrong(place, f"the checks of {function.name} sum to {total} points, not to {function.points}")
        drawn = any(is_drawn_value(check, function) for check in function.checks)
        waiting = any(check.points and check.needs_values for check in function.checks)
        if waiting and not drawn:
            self.wrong(
                function.place, f"{function.name} has no value check with drawn inputs, so nothing of it can pay"
            )

    def _parts(self, found: Mapping[str, Node]) -> tuple[Part, ...]:
        """`returns: number`, `returns: [dx, dw]` or `returns: {cost: number, grad: {shapes: […]}}`."""
        defaults = self._part("", None, found)
        node = found.get("returns")
        if node is None:
            return (defaults,)
        if isinstance(node.value, list):
            return tuple(self._part(self.text(item, "returns"), None, found) for item in node.value)
        if isinstance(node.value, dict):
            return tuple(self._part(name, value, found) for name, value in node.value.items())
        return (self._part("", node, found),)

    def _part(self, name: str, node: Node | None, outer: Mapping[str, Node]) -> Part:
        """A part; what it doesn't say itself, the function says for all of its parts."""
        if node is not None and not isinstance(node.value, dict):
            own: dict[str, Node] = {"kind": node}
        else:
            own = self.mapping(node, f"the result {name!r}", PART)
        kind = self.choice(own.get("kind"), "the kind of a result", PART_KINDS, "array")
        shapes = own.get("shapes", outer.get("shapes"))
        return Part(
            name=name,
            kind=kind,  # type: ignore[arg-type]
            shapes=tuple(rule for item in self.items(shapes) if (rule := self._shape_rule(item))),
            scale=self.number(own.get("scale", outer.get("scale")), "scale"),
            tolerance=self.number(own.get("tolerance", outer.get("tolerance")), "tolerance"),
        )

    def _shape_rule(self, node: Node) -> ShapeRule | None:
        if not isinstance(node.value, dict):
            shape = self.expression(node, "a shape")
            return ShapeRule((shape,)) if shape else None
        found = self.mapping(node, "a shape", ("when", "any"), ("when", "any"))
        shapes = [self.expression(item, "a shape") for item in self.items(found.get("any"))]
        return ShapeRule(tuple(s for s in shapes if s), self.expression(found.get("when"), "when"))

    # -- checks ------------------------------------------------------------------------------------------------

    def _check(self, node: Node, around: _Around) -> Check:
        kind = self._kind_of(node)
        if kind is None:
            return Check("value", "", node.place)
        own, needed = KEYS[kind]
        found = self.mapping(node, f"a {kind} check", (kind, *COMMON, *own), needed)
        title = self.text(found.get(kind), "the title of a check")
        cases = tuple(self.inputs(item, "a case", around.arguments) for item in self.items(found.get("cases")))
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
            given=self.inputs(found.get("given"), "given", around.arguments),
            draw=self.inputs(found.get("draw"), "draw"),
            part=(self.named(found.get("part"), "part", around.parts) or (None,))[0],
            scale=self.number(found.get("scale"), "scale"),
            tolerance=self.number(found.get("tolerance"), "tolerance"),
            expect=self._expectation(found.get("expect")),
            allow=tuple(self._allowed(item) for item in self.items(found.get("allow"))),
            of=self.expression(found.get("of"), "of"),
            wrt=(self.named(found.get("wrt"), "wrt", (*around.arguments, *around.let)) or ("",))[0],
            law=self._law(found.get("law")),
            within=self.number(found.get("within"), "within") or 0.0,
            later=self.inputs(found.get("later"), "later", around.arguments),
            forbid=self.words(found.get("forbid"), "forbid"),
        )

    def _kind_of(self, node: Node) -> Kind | None:
        if not isinstance(node.value, dict):
            self.wrong(
                node.place, f"a check should be a mapping such as {{value: a batch, points: 4}}, found {_kind(node)}"
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

    def _law(self, node: Node | None) -> Expression | None:
        law = self.expression(node, "law")
        if law is not None and node is not None:
            tree = law.tree
            if not isinstance(tree, ast.Compare) or len(tree.ops) != 1:
                self.wrong(node.place, 'a law should be one comparison, such as "f(x + c) == f(x)"')
        return law


def is_drawn(cases: Sequence[Inputs], given: Inputs) -> bool:
    """Whether a check's inputs are new each time: no cases, or cases that draw something."""
    draws = re.compile(r"\b(normal|uniform|integers|one_hot|probabilities|stub|permutation)\(")
    if cases:
        return all(
            any(isinstance(value, Expression) and draws.search(value.text) for value in case.values()) for case in cases
        )
    return not given or any(isinstance(value, Expression) for value in given.values())


def is_drawn_value(check: Check, function: Function) -> bool:
    """Whether it is one of the value checks on which the others of its function wait."""
    return check.kind == "value" and not check.needs_values and is_drawn(check.cases, check.given)


def _kind(node: Node) -> str:
    names: dict[type, str] = {dict: "a mapping", list: "a list", type(None): "nothing"}
    return names.get(type(node.value), repr(node.value))
