"""Read the checks of a rubric. What each kind of check has besides the keys of all, the kinds say themselves."""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Callable, Collection, Mapping, Sequence

import msgspec

from grader.errors import Flaw, did_you_mean
from grader.numeric.equivalence import EQUIVALENCES
from grader.rubric.expression import Expression
from grader.rubric.fields import (
    INPUTS,
    NUMBER,
    POINTS_VALUE,
    TEXT,
    TEXTS,
    FieldReader,
    Found,
    KeyTable,
    Schema,
    any_of,
    describe_node,
    list_of,
    one_of,
    one_or_more,
)
from grader.rubric.model import (
    VISIBILITIES,
    Argument,
    CallLine,
    Check,
    Inputs,
    Measure,
    Specifics,
    expressions_in,
)
from grader.rubric.nodes import Node, Place

#: The keys that every check may have.
COMMON: dict[str, Schema] = {
    "points": POINTS_VALUE,
    "visibility": one_of(VISIBILITIES),
    "hint": TEXT,
    "requires": any_of(one_of(("values", "nothing")), TEXTS),
    "credit": one_of(("all", "share")),
}
MOST_TIMES = 200
TIMES: Schema = {"type": "integer", "minimum": 1, "maximum": MOST_TIMES}
#: Keys that kinds share: which inputs there are, …
DRAWN: dict[str, Schema] = {"at": TEXTS, "form": TEXTS, "cases": one_or_more(INPUTS), "given": INPUTS, "times": TIMES}
#: … how the function is called, …
CALL: Schema = any_of(TEXTS, KeyTable({"any": list_of(TEXTS, at_least=1)}, ("any",)).schema)
CALLED: dict[str, Schema] = {"call": CALL}
#: … and how a result is held against what is right.
JUDGED: dict[str, Schema] = {"part": TEXTS, "scale": NUMBER, "tolerance": NUMBER, "up_to": one_of(EQUIVALENCES)}
_INFINITE = {"inf": math.inf, "-inf": -math.inf}
_COMPARISON = r"\s*(<=|>=|==|!=|<|>)"
EXPECTED: dict[str, Schema] = {
    "expect": {"type": "string", "pattern": f"^{_COMPARISON}"},
    "allow": one_or_more(any_of(NUMBER, one_of(_INFINITE))),
}


class FunctionScope(msgspec.Struct, frozen=True):
    """What of a function its checks may name."""

    arguments: Inputs
    let: Inputs
    forms: Mapping[str, Inputs]
    parts: tuple[str, ...]
    calls: tuple[tuple[CallLine, ...], ...] = ()  #: each way in which it is called

    @property
    def texts(self) -> frozenset[str]:
        """The arguments that are text: their own value is quoted twice, or drawn by text()."""
        return frozenset(name for name, value in {**self.let, **self.arguments}.items() if _is_text(value))

    @property
    def named(self) -> tuple[str, ...]:
        """Every name that a check may give another value."""
        return (*self.arguments, *self.let)


def _is_text(value: Argument) -> bool:
    if not isinstance(value, Expression):
        return False
    tree = value.tree
    called = isinstance(tree, ast.Call) and isinstance(tree.func, ast.Name) and tree.func.id == "text"
    return called or (isinstance(tree, ast.Constant) and isinstance(tree.value, str))


#: Stands where an expression is missing or can't be read; a flaw says so, and nothing is graded.
UNREAD = Expression("0", Place("", 0, 0))
#: Of one call.
MOST_LINES = 100


def _split_line(text: str) -> tuple[str, str]:
    """What stands before the "=" of a line, and the rest; "" where it has none."""
    try:
        (statement,) = ast.parse(text.strip()).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return "", text  # reading the expression then says what is wrong
    if not isinstance(statement, ast.Assign) or len(statement.targets) != 1:
        return "", text
    return ast.unparse(statement.targets[0]), ast.unparse(statement.value)


def _read_with(text: str) -> ast.With | None:
    """A line that begins with `with`."""
    try:
        (statement,) = ast.parse(text.strip()).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    return statement if isinstance(statement, ast.With) else None


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
    title_prefix: str = ""  #: what stands before what the kind's key says, in a check's title
    waits: bool = True  #: whether it pays only where those pass, unless it says so itself; those themselves don't wait

    def table(self, word: str) -> KeyTable:
        """All keys of a check of this kind, which is called by this word."""
        return KeyTable({word: TEXT, **COMMON, **self.keys}, self.needed)

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
        self.tables = {word: kind.table(word) for word, kind in kinds.items()}
        self.draws = frozenset(draws)

    def check(self, node: Node, around: FunctionScope) -> Check:
        word = self._kind_of(node)
        if word is None:
            return Check(next(iter(self.kinds)), "", node.place)
        kind = self.kinds[word]
        found = self.mapping(node, f"a {word} check", *self.tables[word])
        title = kind.title_prefix + self.text(found.get(word), "the title of a check")
        texts = around.texts
        cases = tuple(self.inputs(item, "a case", around.named, texts) for item in self.items(found.get("cases")))
        given = self.inputs(found.get("given"), "given", around.named, texts)
        default = "nothing" if kind.awaits_none(is_drawn(cases, given, self.draws)) else "values"
        said, requires = self._requires(found.get("requires"))
        calls = self.calls(found.get("call"), around.calls)
        credit = self.choice(found.get("credit"), "credit", ("all", "share"), "all")
        return Check(
            kind=word,
            title=title,
            place=node.place,
            points=self.points(found.get("points"), "points"),
            visibility=self.choice(found.get("visibility"), "visibility", VISIBILITIES, "hidden"),  # type: ignore[arg-type]
            hint=self.text(found.get("hint"), "hint"),
            needs_values=(default if requires else said or default) == "values",
            requires=requires,
            shares=credit == "share",
            at=self.named(found.get("at"), "at", self.sizes),
            forms=self.named(found.get("form"), "form", around.forms) or ("",),
            cases=cases,
            times=self._times(found.get("times")),
            given=given,
            draw=self.inputs(found.get("draw"), "draw"),
            later=self.inputs(found.get("later"), "later", around.arguments),
            call=calls[0] if calls else (),
            ways=calls[1:],
            after=self.expression(found.get("after"), "after", objects=True),
            measure=self._measure(found, around),
            specifics=kind.read(self, found, around),
        )

    def calls(
        self, node: Node | None, before: tuple[tuple[CallLine, ...], ...] = ()
    ) -> tuple[tuple[CallLine, ...], ...]:
        """Each way in which a call may be written: one, or those of `{any: [...]}`; "…" stands for each way before."""
        if node is None:
            return ()
        if isinstance(node.value, dict):
            found = self.mapping(node, "call", ("any",), ("any",))
            if "any" in found and not self.items(found["any"]):
                self.wrong(node.place, 'call: any: names no way; say {any: ["Net(a, b).f(x)", "Net([a, b]).f(x)"]}')
            return tuple(way for item in self.items(found.get("any")) if (way := self.lines(item, *before[:1])))
        flaws = len(self.flaws)
        first = self.lines(node, *before[:1])
        items = self.items(node)
        goes_on = bool(items) and items[0].value in ("…", "...")
        if len(before) < 2 or not goes_on or len(self.flaws) > flaws:
            return (first,) if first else ()
        return (first, *(self.lines(node, way) for way in before[1:]))

    def lines(self, node: Node | None, before: tuple[CallLine, ...] = ()) -> tuple[CallLine, ...]:
        """`call: "f(x, g(x)[1])"`, or lines: `["a = g(x)", "a.w = w", "f(x, a)"]`; "…" is all lines before the last."""
        lines: list[CallLine] = []
        items = self.items(node)
        for number, item in enumerate(items):
            text = self.text(item, "call")
            if text in ("…", "...") and not number:
                lines += before[:-1]
            elif (block := _read_with(text)) is not None:
                lines += self._with(block, item.place, number, number == len(items) - 1)
            elif text and (line := self._line(text, item.place)) is not None:
                lines.append(line)
        if node is not None and len(items) > MOST_LINES:
            self.wrong(node.place, f"a call of {len(items)} lines; {MOST_LINES} are the most")
        if lines and items and lines[-1].target is not None:
            self.wrong(items[-1].place, "the last line of a call should be an expression: its value is the result")
        return tuple(lines)

    def _with(self, block: ast.With, place: Place, number: int, is_last: bool) -> list[CallLine]:
        """`with scope(): y = f(x)`: it is entered, its lines run, and it is left; the last one's value is its own."""
        (item, *more), held, value = block.items, f"with_{number}", f"value_{number}"
        if more:
            self.wrong(place, "a with takes one thing; write one line for each")
        entered = "" if item.optional_vars is None else ast.unparse(item.optional_vars)
        texts = [f"{held} = {ast.unparse(item.context_expr)}"]
        body = [ast.unparse(statement) for statement in block.body]
        if is_last and isinstance(block.body[-1], ast.Expr):
            body[-1] = f"{value} = {body[-1]}"
        texts += [f"{entered or f'{held}_in'} = {held}", *body]
        inside = [self._line(text, place) for text in texts]
        found = [line for line in inside if line is not None]
        if len(found) < len(inside):
            return []
        found[1] = msgspec.structs.replace(found[1], scope="enter")
        leaving = CallLine(Expression(held, place, True), scope="exit")
        return [*found, leaving, *([CallLine(Expression(value, place, True))] if is_last else [])]

    def _line(self, text: str, place: Place) -> CallLine | None:
        left, right = _split_line(text)
        expression = self._parse(right, place, objects=True) if right.strip() else None
        if expression is None:
            return None
        if not left or left.isidentifier():
            return CallLine(expression, left)
        target = self._parse(left, place, objects=True)
        return None if target is None else CallLine(expression, "", target)

    def due(self, found: Found, key: str, objects: bool = False) -> Expression:
        """The expression of a key that a kind needs; UNREAD where there is a flaw instead."""
        return self.expression(found.get(key), key, objects) or UNREAD

    def _requires(self, node: Node | None) -> tuple[str, tuple[str, ...]]:
        """`values`, `nothing`, or titles of other checks of the function."""
        if node is None:
            return "", ()
        if isinstance(node.value, str) and node.value in ("values", "nothing"):
            return node.value, ()
        return "", self.words(node, "requires")

    def _times(self, node: Node | None) -> int:
        if node is None:
            return 1
        if type(node.value) is int and 1 <= node.value <= MOST_TIMES:
            return node.value
        self.wrong(node.place, f"times should be a whole number from 1 to {MOST_TIMES}, found {describe_node(node)}")
        return 1

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
    return not given or any(any(expressions_in(value)) for value in given.values())


def _calls_any(value: Argument, names: frozenset[str]) -> bool:
    return any(not names.isdisjoint(each.called()) for each in expressions_in(value))


def is_drawn_value(check: Check, kind: KindKeys, draws: Collection[str]) -> bool:
    """Whether a check of this kind is one of those on which the others of its function wait."""
    drawn = kind.asks_values and not check.needs_values and is_drawn(check.cases, check.given, draws)
    return check.awaited or drawn
