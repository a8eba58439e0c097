"""YAML -> Rubric; every problem at once, each with file, line and column, what was found and what is allowed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Mapping, Sequence
from fractions import Fraction
from pathlib import Path

from grader.errors import Flaw, RubricError, UsageError
from grader.limits import BYTES, SECONDS, Limits, read_quantity
from grader.rubric.check_keys import KindKeys
from grader.rubric.expression import ExpressionError, evaluate
from grader.rubric.fields import (
    EXPRESSION,
    POINTS_VALUE,
    QUANTITY,
    TEXT,
    TEXTS,
    KeyTable,
    mapping_of,
    one_of,
)
from grader.rubric.function_keys import ENTRY, FunctionReader
from grader.rubric.kept_tree import find_kept
from grader.rubric.late_reader import LATE, read_late
from grader.rubric.model import (
    ATTEMPT_RULES,
    REPAIR_SHOWS,
    SLIP_SORTS,
    WITNESS_SHOWS,
    Check,
    Manual,
    Rubric,
)
from grader.rubric.nodes import Node, Place

LIMITS = KeyTable(dict.fromkeys(("call", "submission", "memory", "output"), QUANTITY))
MANUAL = KeyTable(
    {"points": POINTS_VALUE, "promise": TEXT, "levels": mapping_of(POINTS_VALUE), "attachment": TEXTS}, ("points",)
)
SLIPS = KeyTable(dict.fromkeys(SLIP_SORTS, POINTS_VALUE))
TOP = KeyTable(
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
    root, flaws = _read_tree(text, path)
    reader = _Reader(flaws, kinds, draws, find_checks)
    rubric = reader.rubric(root, path, hashlib.sha256(data).hexdigest())
    return rubric, reader.flaws


def _read_tree(text: str, path: Path) -> tuple[Node, list[Flaw]]:
    if (root := find_kept(text, path)) is not None:
        return root, []
    from grader.rubric.yaml_tree import read_yaml  # PyYAML takes longer to import than a rubric to be read

    return read_yaml(text, str(path))


class _Reader(FunctionReader):
    """Reads whole rubrics."""

    def __init__(
        self, flaws: list[Flaw], kinds: Mapping[str, KindKeys], draws: Collection[str], find_checks: FindChecks
    ) -> None:
        super().__init__(flaws, kinds, draws)
        self.find_checks = find_checks
        self.sizes: dict[str, dict[str, int]] = {}

    def rubric(self, root: Node, path: Path, sha256: str) -> Rubric:
        top = self.mapping(root, "the rubric", *TOP)
        if "schema" in top and top["schema"].value != 1:
            self.wrong(top["schema"].place, f"schema is {top['schema'].value!r}; this version reads schema 1")
        self.sizes = self._sizes(top.get("sizes"))
        references = self.words(top.get("reference"), "reference") or (path.stem,)
        beside = self.find_checks(references)
        self.beside, self.knows_beside = beside or {}, beside is not None
        functions = self.functions(top.get("functions"))
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
