"""YAML -> Rubric; every problem at once, each with file, line and column, what was found and what is allowed."""

from __future__ import annotations

import ast
import hashlib
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from fractions import Fraction
from pathlib import Path

from msgspec.structs import replace

from grader.errors import Flaw, RubricError, UsageError, did_you_mean
from grader.limits import BYTES, SECONDS, Limits, read_quantity
from grader.numeric.equivalence import EQUIVALENCES
from grader.rubric.check_keys import CALL, Checks, FunctionScope, KindKeys, is_drawn_value
from grader.rubric.expression import Expression, ExpressionError, evaluate
from grader.rubric.fields import (
    EXPRESSION,
    FLAG,
    INPUTS,
    NUMBER,
    POINTS_VALUE,
    QUANTITY,
    TEXT,
    TEXTS,
    Schema,
    Table,
    any_of,
    list_of,
    mapping_of,
    one_of,
    one_or_more,
)
from grader.rubric.lateness import LATE, read_late
from grader.rubric.model import (
    ATTEMPT_RULES,
    HELPER_ENTRIES,
    REPAIR_SHOWS,
    SLIP_SORTS,
    WITNESS_SHOWS,
    CallLine,
    Check,
    Entry,
    Inputs,
    Manual,
    RequiredFunction,
    Result,
    Rubric,
    ShapeRule,
    Signature,
    Words,
)
from grader.rubric.yaml_tree import Node, Place, read_yaml

PART_KINDS = ("array", "number", "truth", "text", "none", "any")
LIMITS = Table(dict.fromkeys(("call", "submission", "memory", "output"), QUANTITY))
SIGNATURE = Table({"pass": TEXTS, "globals": TEXTS}, ("pass",))
ANSWER = Table({"yes": TEXTS, "no": TEXTS}, ("yes", "no"))
SHAPE = Table({"when": EXPRESSION, "any": one_or_more(EXPRESSION), "remark": TEXT}, ("any",))
#: What a function says of its results, and a part of them for itself.
RESULT: dict[str, Schema] = {
    "shapes": one_or_more(any_of(EXPRESSION, SHAPE.schema)),
    "scale": NUMBER,
    "tolerance": NUMBER,
    "up_to": one_of(EQUIVALENCES),
    "answer": any_of(one_of(["printed"]), ANSWER.schema),
}
RETURNS: Schema = {"$ref": "#/$defs/result"}
PART = Table(
    {
        "kind": one_of(PART_KINDS),
        "each": RETURNS,
        "length": EXPRESSION,
        "blocks": mapping_of(any_of(EXPRESSION, mapping_of(EXPRESSION))),
        **RESULT,
    }
)
#: What to write where somebody names a type that holds others.
_CONTAINERS = {
    "dict": "write its keys, such as {cost: number, grad: array}, or any where they hang on the input",
    "list": "write what each entry is, such as {each: number}, or any",
    "tuple": "write what it holds, such as [array, number]",
}
#: What a function returns: a word, keys of a result, names, or results within each other.
NESTED = any_of(one_of(PART_KINDS), PART.schema, list_of(RETURNS, at_least=1), mapping_of(RETURNS))
FUNCTION = Table(
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
VARIABLE = Table(
    {
        key: schema
        for key, schema in FUNCTION.keys.items()
        if key not in ("arguments", "signatures", "call", "seed", "let", "where", "needs", "steps", "forms", "at")
    },
    ("name", "points", "checks"),
)
#: What a function may do without where checks in Python ask it.
BESIDE = ("arguments", "checks")


def _schema_of(table: Table) -> Schema:
    """Of an entry among the functions, which can't see whether checks in Python ask it."""
    return table._replace(needed=tuple(key for key in table.needed if key not in BESIDE)).schema


ENTRY: Schema = {"if": {"required": ["name"]}, "then": _schema_of(VARIABLE), "else": _schema_of(FUNCTION)}
MANUAL = Table(
    {"points": POINTS_VALUE, "promise": TEXT, "levels": mapping_of(POINTS_VALUE), "attachment": TEXTS}, ("points",)
)
SLIPS = Table(dict.fromkeys(SLIP_SORTS, POINTS_VALUE))
TOP = Table(
    {
        "schema": {"const": 1},
        "assignment": TEXT,
        "reference": TEXTS,
        "packages": TEXTS,
        "files": TEXTS,
        "limits": LIMITS.schema,
        "late": LATE.schema,
        "attempts": one_of(ATTEMPT_RULES),
        "mute": TEXTS,
        "carried": {**POINTS_VALUE, "maximum": 1},
        "witness": one_of(WITNESS_SHOWS),
        "repair": one_of(REPAIR_SHOWS),
        "sizes": mapping_of(mapping_of(EXPRESSION)),
        "functions": {**mapping_of(ENTRY), "minProperties": 1},
        "manual": mapping_of(MANUAL.schema),
        "slips": SLIPS.schema,
    },
    ("schema", "assignment", "functions"),
)


def _is_variable(node: Node) -> bool:
    """Whether an entry among the functions asks for a variable."""
    return isinstance(node.value, dict) and "name" in node.value


def _name_of(key: str, node: Node) -> str:
    """What students have to define: the name of the entry, or of the variable that it asks for."""
    return str(node.value["name"].value) if _is_variable(node) else key.rpartition(":")[2]


def _is_result(node: Node) -> bool:
    """Whether an entry of a list says what a result is, rather than what it is called."""
    return isinstance(node.value, (dict, list)) or node.value in PART_KINDS


def _named_parts(parts: Sequence[Result]) -> tuple[str, ...]:
    """What a check may call a part: a leaf, or all that lies in an entry."""
    every = [name for part in parts for name in (*_around(part.name), part.name)]
    return tuple(dict.fromkeys(every))


def _around(name: str) -> list[str]:
    """The entries in which a leaf lies: "[0]" for "[0].dw"."""
    return [name[: found.start()] for found in re.finditer(r"(?<=.)[.\[]", name)]


def _has_columns(node: Node | None) -> bool:
    """Whether blocks are columns of a result."""
    said = node.value if node is not None else None
    return isinstance(said, dict) and said.keys() == {"columns"} and isinstance(said["columns"].value, dict)


def _is_group(node: Node) -> bool:
    """Whether a mapping holds results by their names, rather than keys of one result."""
    said = all(isinstance(item.value, (str, dict, list)) for item in node.value.values())
    return bool(node.value) and said and not node.value.keys() & PART.keys.keys()


#: The checks by their functions that stand in Python beside a reference, by the names of its folders; None where
#: it can't be loaded.
FindChecks = Callable[[Sequence[str]], Mapping[str, tuple[Check, ...]] | None]


def read_rubric(
    path: Path, kinds: Mapping[str, KindKeys], draws: Collection[str], find_checks: FindChecks = lambda _: {}
) -> Rubric:
    """The rubric in a YAML file, whose checks are of these kinds, and whose inputs are new where these are called.

    Raises:
        UsageError: the file can't be read.
        RubricError: with every flaw that was found.
    """
    rubric, flaws = examine_rubric(path, kinds, draws, find_checks)
    if flaws:
        raise RubricError(sorted(flaws))
    return rubric


def examine_rubric(
    path: Path, kinds: Mapping[str, KindKeys], draws: Collection[str], find_checks: FindChecks = lambda _: {}
) -> tuple[Rubric, list[Flaw]]:
    """What of a rubric can be read, and all flaws of the rest. Raises as `read_rubric`, where nothing can be read."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path}: the rubric can't be read: {error.strerror}") from None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise RubricError([Flaw(str(path), 1, 1, f"not UTF-8 text: byte {error.start}")]) from None
    root, flaws = read_yaml(text, str(path))
    reader = _Reader(flaws, kinds, draws, find_checks)
    rubric = reader.rubric(root, path, hashlib.sha256(data).hexdigest())
    return rubric, reader.flaws


class _Reader(Checks):
    """Reads whole rubrics."""

    def __init__(
        self, flaws: list[Flaw], kinds: Mapping[str, KindKeys], draws: Collection[str], find_checks: FindChecks
    ) -> None:
        super().__init__(flaws, kinds, draws)
        self.find_checks = find_checks
        self.beside: Mapping[str, tuple[Check, ...]] = {}  # checks that the rubric itself doesn't hold
        self.knows_beside = True
        self.sizes: dict[str, dict[str, int]] = {}

    def rubric(self, root: Node, path: Path, sha256: str) -> Rubric:
        top = self.mapping(root, "the rubric", *TOP)
        if "schema" in top and top["schema"].value != 1:
            self.wrong(top["schema"].place, f"schema is {top['schema'].value!r}; this version reads schema 1")
        self.sizes = self._sizes(top.get("sizes"))
        references = self.words(top.get("reference"), "reference") or (path.stem,)
        beside = self.find_checks(references)
        self.beside, self.knows_beside = beside or {}, beside is not None
        functions = self._functions(top.get("functions"))
        return Rubric(
            name=path.stem,
            file=str(path),
            title=self.text(top.get("assignment"), "assignment"),
            reference=references[0],
            shared=references[1:],
            packages=self._packages(top.get("packages")) or ("numpy",),
            files=self._files(top.get("files")),
            limits=self._limits(top.get("limits")),
            sizes=self.sizes,
            functions=functions,
            manual=self._manual(top.get("manual"), {function.name for function in functions}),
            sha256=sha256,
            mute=self.words(top.get("mute"), "mute"),
            late=read_late(self, top.get("late")),
            slips=self._slips(top.get("slips")),
            attempts=self.choice(top.get("attempts"), "attempts", ATTEMPT_RULES, "newest"),  # type: ignore[arg-type]
            carried=self._share(top.get("carried")),
            witness=self.choice(top.get("witness"), "witness", WITNESS_SHOWS, "inputs"),  # type: ignore[arg-type]
            repair=self.choice(top.get("repair"), "repair", REPAIR_SHOWS, "off"),  # type: ignore[arg-type]
        )

    def _slips(self, node: Node | None) -> dict[str, Fraction]:
        """The prices, in the order in which slips are looked for."""
        found = self.mapping(node, "slips", SLIPS.keys)
        return {sort: self.points(found[sort], f"slips, {sort}") for sort in SLIP_SORTS if sort in found}

    def _files(self, node: Node | None) -> dict[str, Place]:
        found = {self.text(item, "files"): item.place for item in self.items(node)}
        for name, place in found.items():
            if name.startswith("/") or "\\" in name or ".." in name.split("/"):
                self.wrong(place, f"files: {name!r} should be a path within the reference's folder, such as data/a.csv")
        return found

    def _share(self, node: Node | None) -> Fraction:
        share = self.points(node, "carried") if node is not None else Fraction(1)
        if node is not None and share > 1:
            self.wrong(node.place, f"carried is a share from 0 to 1, found {node.value!r}")
        return share

    def _packages(self, node: Node | None) -> tuple[str, ...]:
        for item in self.items(node):
            if isinstance(item.value, str) and not item.value.strip().isidentifier():
                self.wrong(
                    item.place, f"{item.value!r} is no package's name; a list stands in brackets: [numpy, scipy]"
                )
        return self.words(node, "packages")

    def _limits(self, node: Node | None) -> Limits:
        found = self.mapping(node, "limits", *LIMITS)
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
            dimensions[name] = 1  # where it can't be read, there is a flaw, and its name isn't unknown elsewhere
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

    def _functions(self, node: Node | None) -> tuple[RequiredFunction, ...]:
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
        parts = self._parts(found)
        calls = self.calls(found.get("call"))
        call = calls[0] if calls else ()
        around = FunctionScope(arguments, let, forms, _named_parts(parts), calls)
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

    # -- what a person gives points for ------------------------------------------------------------------------

    def _manual(self, node: Node | None, functions: set[str]) -> tuple[Manual, ...]:
        entries = self.mapping(node, "manual")
        places = node.keys if node is not None else {}
        for name in functions & entries.keys():
            self.wrong(places[name], f"{name!r} is a function's name already; call the item something else")
        return tuple(self._item(name, value, places[name]) for name, value in entries.items())

    def _item(self, name: str, node: Node, place: Place) -> Manual:
        found = self.mapping(node, f"item {name!r}", *MANUAL)
        most = self.points(found.get("points"), "points")
        if most == 0 and "points" in found:
            self.wrong(found["points"].place, "an item is worth more than nothing")
        named = self.mapping(found.get("levels"), "levels")
        levels = {level: self.points(value, f"level {level!r}") for level, value in named.items()}
        for level, worth in levels.items():
            if worth > most:
                self.wrong(named[level].place, f"level {level!r} is worth {worth}, the whole item {most}")
        promise = self.text(found.get("promise"), "promise")
        return Manual(name, place, most, promise, levels, self.words(found.get("attachment"), "attachment"))

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

    def _parts(self, found: Mapping[str, Node]) -> tuple[Result, ...]:
        """`returns: number`, `[dx, dw]`, `{cost: number, grad: {shapes: […]}}`, `[{dw: array, db: number}, number]`."""
        node = found.get("returns")
        if node is None:
            return (self._part("", (), None, found),)
        if isinstance(node.value, list) and not any(map(_is_result, node.value)):
            names = tuple(self.text(item, "returns") for item in node.value)
            paths = [(Entry(at, name, names),) if len(names) > 1 else () for at, name in enumerate(names)]
            return tuple(self._part(name, path, None, found) for name, path in zip(names, paths, strict=True))
        if isinstance(node.value, dict) and not {"kind", "each"} & node.value.keys():
            return tuple(self._entries("", (), node, found))
        return tuple(self._leaves("", (), node, found))

    def _leaves(self, name: str, path: tuple[Entry, ...], node: Node, outer: Mapping[str, Node]) -> Iterator[Result]:
        """The leaves of a result that may hold others."""
        if isinstance(node.value, list) or (isinstance(node.value, dict) and _is_group(node)):
            yield from self._entries(name, path, node, outer)
        else:
            yield self._part(name, path, node, outer)

    def _entries(self, name: str, path: tuple[Entry, ...], node: Node, outer: Mapping[str, Node]) -> Iterator[Result]:
        keyed = isinstance(node.value, dict)
        items = node.value if keyed else {str(at): item for at, item in enumerate(node.value)}
        if not items:
            self.wrong(node.place, "returns: names no result")
        names = tuple(items) if keyed else tuple(f"[{at}]" for at in items)
        for at, (key, item) in enumerate(items.items()):
            inner = f"{name}.{key}" if keyed and name else key if keyed else f"{name}[{key}]"
            inside = (*path, Entry(at, names[at], names))
            yield from self._leaves(inner, inside, item, outer)

    def _part(self, name: str, path: tuple[Entry, ...], node: Node | None, outer: Mapping[str, Node]) -> Result:
        """A part; what it doesn't say itself, the function says for all of its parts."""
        if node is not None and not isinstance(node.value, dict):
            own: dict[str, Node] = {"kind": node}
        else:
            own = self.mapping(node, f"the result {name!r}", *PART)
        kind = "list" if "each" in own else self._kind(own.get("kind"))
        if "length" in own and "each" not in own:
            self.wrong(own["length"].place, "a length belongs to a list: say each: too")
        shapes = own.get("shapes", outer.get("shapes"))
        return Result(
            name=name,
            kind=kind,  # type: ignore[arg-type]
            path=path,
            each=self._each(f"{name}[…]", own["each"]) if "each" in own else None,
            length=self.expression(own.get("length"), "length"),
            shapes=tuple(rule for item in self.items(shapes) if (rule := self._shape_rule(item))),
            scale=self.number(own.get("scale", outer.get("scale")), "scale"),
            tolerance=self.number(own.get("tolerance", outer.get("tolerance")), "tolerance"),
            up_to=self.choice(own.get("up_to", outer.get("up_to")), "up_to", tuple(EQUIVALENCES), ""),
            words=self._words(own.get("answer", outer.get("answer")), kind),
            blocks=self._blocks(own.get("blocks"), kind),
            in_columns=_has_columns(own.get("blocks")),
        )

    def _kind(self, node: Node | None) -> str:
        if node is not None and node.value in _CONTAINERS:
            self.wrong(node.place, f"the kind of a result is {node.value!r}: {_CONTAINERS[node.value]}")
            return "any"
        return self.choice(node, "the kind of a result", PART_KINDS, "array")

    def _each(self, name: str, node: Node) -> Result:
        """What each entry of a list is; where it holds others, it is held against the reference's as a whole."""
        if not isinstance(node.value, list) and not (isinstance(node.value, dict) and _is_group(node)):
            return self._part(name, (), node, {})
        for _ in self._leaves(name, (), node, {}):  # whose flaws are told
            pass
        return Result(name, "any")

    def _blocks(self, node: Node | None, kind: str) -> dict[str, Expression]:
        """`blocks: {W1: "Dx*H", b1: H}`, `{columns: {x: 1, y: 2}}`: what stands behind each other in a result."""
        if node is not None and kind != "array":
            self.wrong(node.place, f"blocks name parts of an array, and this is a {kind}")
        node = node.value["columns"] if node is not None and _has_columns(node) else node
        found = self.mapping(node, "blocks").items()
        sizes = {name: self.expression(item, f"block {name!r}") for name, item in found}
        return {name: size for name, size in sizes.items() if size is not None}

    def _words(self, node: Node | None, kind: str) -> Words | None:
        """`answer: printed`, or `answer: {yes: [correct], no: [wrong]}` where the words are others."""
        if node is None:
            return None
        if kind not in ("truth", "number"):
            self.wrong(node.place, "an answer can be printed where the result is a truth or a number")
        if not isinstance(node.value, dict):
            self.choice(node, "answer", ("printed",), "printed")
            return Words()
        found = self.mapping(node, "answer", *ANSWER)
        return Words(self.words(found.get("yes"), "yes"), self.words(found.get("no"), "no"))

    def _shape_rule(self, node: Node) -> ShapeRule | None:
        if not isinstance(node.value, dict):
            shape = self.expression(node, "a shape")
            return ShapeRule((shape,)) if shape else None
        found = self.mapping(node, "a shape", *SHAPE)
        shapes = [self.expression(item, "a shape") for item in self.items(found.get("any"))]
        when = self.expression(found.get("when"), "when")
        return ShapeRule(tuple(s for s in shapes if s), when, self.text(found.get("remark"), "remark"))
