"""Read what a rubric asks for: an entry of `functions:`, a function or a variable, with its checks."""

from __future__ import annotations

import ast
from collections.abc import Collection, Mapping, Sequence
from fractions import Fraction

from msgspec.structs import replace

from grader.errors import Flaw, did_you_mean
from grader.rubric.check_keys import CALL, Checks, FunctionScope, KindKeys, is_drawn_value
from grader.rubric.fields import (
    EXPRESSION,
    FLAG,
    INPUTS,
    NUMBER,
    POINTS_VALUE,
    TEXT,
    TEXTS,
    KeyTable,
    Schema,
    any_of,
    list_of,
    mapping_of,
    one_or_more,
)
from grader.rubric.model import HELPER_ENTRIES, CallLine, Check, Inputs, RequiredFunction, Signature
from grader.rubric.nodes import Node, Place
from grader.rubric.result_keys import RESULT, RETURNS, name_parts, read_results

SIGNATURE = KeyTable({"pass": TEXTS, "globals": TEXTS}, ("pass",))
FUNCTION = KeyTable(
    {
        "points": POINTS_VALUE,
        "name": TEXT,
        "promise": TEXT,
        "file": TEXT,
        "also": TEXTS,
        "optional": FLAG,
        "arguments": INPUTS,
        "signatures": list_of(any_of(list_of(TEXT), SIGNATURE.schema)),
        "call": CALL,
        "seed": EXPRESSION,
        "let": INPUTS,
        "where": EXPRESSION,
        "needs": TEXTS,
        "helper_entries": NUMBER,
        "pure": FLAG,
        "returns": any_of(RETURNS, list_of(TEXT, at_least=1)),
        "shapes": RESULT["shapes"],
        "steps": INPUTS,
        "forms": mapping_of(INPUTS),
        "at": TEXTS,
        **{key: schema for key, schema in RESULT.items() if key != "shapes"},
        "checks": one_or_more({"$ref": "#/$defs/check"}),  # of whichever kinds there are
    },
    ("points", "arguments", "checks"),
)
#: A variable has no arguments, and nothing is called.
VARIABLE = KeyTable(
    {
        key: schema
        for key, schema in FUNCTION.keys.items()
        if key not in ("arguments", "signatures", "call", "seed", "let", "where", "needs", "steps", "forms", "at")
    },
    ("name", "points", "checks"),
)
#: What a function may do without where checks in Python ask it.
BESIDE = ("arguments", "checks")


def _schema_of(table: KeyTable) -> Schema:
    """Of an entry among the functions, which can't see whether checks in Python ask it."""
    return table._replace(needed=tuple(key for key in table.needed if key not in BESIDE)).schema


ENTRY: Schema = {"if": {"required": ["name"]}, "then": _schema_of(VARIABLE), "else": _schema_of(FUNCTION)}


def _is_variable(node: Node) -> bool:
    """Whether an entry among the functions asks for a variable."""
    return isinstance(node.value, dict) and "name" in node.value


def _name_of(key: str, node: Node) -> str:
    """What students have to define: the name of the entry, or of the variable that it asks for."""
    return str(node.value["name"].value) if _is_variable(node) else key.rpartition(":")[2]


class FunctionReader(Checks):
    """Reads functions and variables, with their checks."""

    def __init__(self, flaws: list[Flaw], kinds: Mapping[str, KindKeys], draws: Collection[str]) -> None:
        super().__init__(flaws, kinds, draws)
        self.beside: Mapping[str, tuple[Check, ...]] = {}  # checks that the rubric itself doesn't hold
        self.knows_beside = True

    def functions(self, node: Node | None) -> tuple[RequiredFunction, ...]:
        entries = self.mapping(node, "functions")
        if node is not None and not entries:
            self.wrong(node.place, "functions names no function")
        places = node.keys if node is not None else {}
        names = [_name_of(key, value) for key, value in entries.items()]
        for key, name in zip(entries, names, strict=True):
            if names.count(name) > 1:
                self.wrong(places[key], f"two functions are called {name}; a rubric asks for a name only once")
            if not all(part.isidentifier() for part in name.split(".")):
                self.wrong(places[key], f"{name!r} is no function's name; say softmax, q1:softmax or KMeans.fit")
            if _is_variable(entries[key]) and "." in name:
                self.wrong(places[key], f"{name!r} is no variable's name; say q1")
        self._unknown_beside(names)
        return tuple(self._function(key, value, places[key], names) for key, value in entries.items())

    def _unknown_beside(self, names: Sequence[str]) -> None:
        """A check beside the reference is for a function of the rubric."""
        for name in self.beside.keys() - set(names):
            known = did_you_mean(name, names) or f"; there are: {', '.join(names)}"
            self.wrong(self.beside[name][0].place, f"@check: the rubric has no function {name!r}{known}")

    def _with_beside(self, name: str, checks: tuple[Check, ...]) -> tuple[Check, ...]:
        """The checks of a function, with those beside the reference: others wait for these where none draws values."""
        drawn = any(is_drawn_value(check, self.kinds[check.kind], self.draws) for check in checks)
        beside = self.beside.get(name, ())
        for check in beside:
            if any(other.title == check.title for other in (*checks, *beside) if other is not check):
                self.wrong(check.place, f"@check: {name} has two checks with the title {check.title!r}")
        awaited = (not drawn and not check.needs_values and not check.requires and check.points > 0 for check in beside)
        return (*checks, *(replace(check, awaited=each) for check, each in zip(beside, awaited, strict=True)))

    def _function(self, key: str, node: Node, place: Place, all_names: list[str]) -> RequiredFunction:
        file, name = key.rpartition(":")[0], _name_of(key, node)
        table = VARIABLE if _is_variable(node) else FUNCTION
        beside = name in self.beside or not self.knows_beside
        needed = [word for word in table.needed if word not in BESIDE or not beside]
        found = self.mapping(node, f"function {key}", table.keys, needed)
        arguments = self.inputs(found.get("arguments"), "arguments")
        let = self.inputs(found.get("let"), "let")
        forms = {
            name: self.inputs(value, f"form {name!r}", (*arguments, *let), FunctionScope(arguments, let, {}, ()).texts)
            for name, value in self.mapping(found.get("forms"), "forms").items()
        }
        parts = read_results(self, found)
        calls = self.calls(found.get("call"))
        call = calls[0] if calls else ()
        around = FunctionScope(arguments, let, forms, name_parts(parts), calls)
        unread, flaws = self.unread_points, len(self.flaws)
        in_rubric = tuple(self.check(item, around) for item in self.items(found.get("checks")))
        checks_can_be_read = len(self.flaws) == flaws and self.unread_points == unread
        checks = self._with_beside(name, in_rubric)
        for way in calls or ((),):
            self._calls(name, way, arguments, place, found)
        function = RequiredFunction(
            name=name,
            is_variable=_is_variable(node),
            place=place,
            points=self.points(found.get("points"), "points"),
            promise=self.text(found.get("promise"), "promise"),
            arguments=arguments,
            checks=checks,
            file=self.text(found.get("file"), "file", file) or None,
            needs=self._needs(found.get("needs"), name, all_names, [line for way in calls for line in way], checks),
            helper_entries=self._helper_entries(found.get("helper_entries")),
            pure=self.flag(found.get("pure"), "pure", default=True),
            seed=self.expression(found.get("seed"), "seed"),
            let=let,
            where=self.expression(found.get("where"), "where"),
            parts=parts,
            steps=self.inputs(found.get("steps"), "steps"),
            forms=forms,
            at=self.named(found.get("at"), "at", self.sizes),
            call=call,
            ways=calls[1:],
            signatures=tuple(self._signature(item, arguments) for item in self._alternatives(found)),
            also=self.words(found.get("also"), "also"),
            optional=self.flag(found.get("optional"), "optional"),
        )
        self._need_after(function)
        self._need_titles(function)
        if checks and checks_can_be_read:
            self._sum_of_points(function, found)
        return function

    # -- how a function is called ------------------------------------------------------------------------------

    def _calls(
        self, name: str, call: tuple[CallLine, ...], arguments: Inputs, place: Place, found: Mapping[str, Node]
    ) -> None:
        """A function's call must call it, and a method needs one."""
        if "call" not in found:
            if "." in name:
                example = f"{name.replace('.', '().')}({', '.join(arguments)})"
                self.wrong(place, f'{name} is a method: say how it is called, such as call: "{example}"')
            return
        if "signatures" in found:
            self.wrong(found["call"].place, "a function has either a call or signatures, not both")
        root, *methods = name.split(".")
        wanted = {root, *methods}
        trees = [tree for line in call for tree in line.trees]
        said = {getattr(n, "id", None) or getattr(n, "attr", None) for tree in trees for n in ast.walk(tree)}
        for missing in sorted(wanted - said) if trees else ():
            self.wrong(found["call"].place, f"the call of {name} never says {missing}")

    def _helper_entries(self, node: Node | None) -> float:
        factor = self.number(node, "helper_entries")
        return HELPER_ENTRIES if factor is None else factor

    def _needs(
        self,
        node: Node | None,
        name: str,
        all_names: list[str],
        call: Sequence[CallLine],
        checks: tuple[Check, ...],
    ) -> tuple[str, ...]:
        """The required functions that it may call, and those that its call uses."""
        others = [other for other in all_names if other != name]
        said = self.named(node, "needs", others) or ()
        lines = [*call, *(line for check in checks for way in (check.call, *check.ways) for line in way)]
        used = {word for line in lines for word in line.expression.names()}
        root = name.partition(".")[0]
        return (*said, *(n for n in others if n in used and n not in said and n.partition(".")[0] != root))

    def _alternatives(self, found: Mapping[str, Node]) -> list[Node]:
        node = found.get("signatures")
        if node is None:
            return []
        if isinstance(node.value, list) and all(isinstance(item.value, (list, dict)) for item in node.value):
            return node.value
        self.wrong(node.place, "signatures should be a list of lists of arguments, such as [[x, y], [x]]")
        return []

    def _signature(self, node: Node, arguments: Inputs) -> Signature:
        """`[data, labels]`, or `{pass: [data, labels], globals: [dimensions]}`."""
        if isinstance(node.value, list):
            return Signature(self.named(node, "a signature", arguments) or ())
        found = self.mapping(node, "a signature", *SIGNATURE)
        passed = self.named(found.get("pass"), "a signature", arguments) or ()
        return Signature(passed, self.named(found.get("globals"), "a signature", arguments) or ())

    def _need_titles(self, function: RequiredFunction) -> None:
        """A check can wait for others of its function only."""
        for check in function.checks:
            titles = [other.title for other in function.checks if other is not check]
            for title in check.requires:
                if title not in titles:
                    known = did_you_mean(title, titles) or f"; there are: {', '.join(titles) or 'none'}"
                    due = "requires takes values, nothing, or titles of other checks"
                    self.wrong(check.place, f"{due}; {title!r} is none{known}")

    def _need_after(self, function: RequiredFunction) -> None:
        """What returns nothing is looked at by what it leaves behind."""
        if any(part.kind != "none" for part in function.parts):
            return
        for check in function.checks:
            kind = self.kinds.get(check.kind)
            if kind is not None and kind.asks_values and check.after is None:
                self.wrong(check.place, f"{function.name} returns none, so there is nothing to look at: say after:")

    def _sum_of_points(self, function: RequiredFunction, found: Mapping[str, Node]) -> None:
        total = sum((check.points for check in function.checks), Fraction(0))
        if total != function.points and "points" in found:
            place = found["points"].place
            self.wrong(place, f"the checks of {function.name} sum to {total} points, not to {function.points}")
        kinds = self.kinds
        drawn = any(
            check.awaited or (check.kind in kinds and is_drawn_value(check, kinds[check.kind], self.draws))
            for check in function.checks
        )
        waiting = any(check.points and check.needs_values for check in function.checks)
        if waiting and not drawn:
            self.wrong(
                function.place, f"{function.name} has no value check with drawn inputs, so nothing of it can pay"
            )
