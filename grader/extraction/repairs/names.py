"""Names that nothing binds: a package that isn't imported, and names that are spelt in another way."""

from __future__ import annotations

import ast
import builtins
import re
import sys
from collections.abc import Collection, Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from functools import cache

from ...submission.reading import SourceFile
from ..parsing import TopStatement
from .model import Edit, Repair
from .scene import Scene, edits_of, span_of

#: Names by which packages are called, and what each is.
ALIASES = {
    "np": "numpy",
    "numpy": "numpy",
    "sp": "scipy",
    "scipy": "scipy",
    "pd": "pandas",
    "pandas": "pandas",
    "math": "math",
    "random": "random",
    "itertools": "itertools",
    "functools": "functools",
    "collections": "collections",
    "copy": "copy",
}
_NEAR = 0.8


def missing_imports(scene: Scene) -> Iterator[Repair]:
    """All packages that are used and not imported, put above each file that uses them: one repair."""
    edits = []
    for file in scene.sources:
        edits += [Edit(file, 0, f"import {what}") for what in sorted(_unbound_packages(scene, file))]
        edits += list(_mistyped_imports(scene, file))
    if edits:
        yield scene.repair("missing import", scene.names, edits, "imports")


def _unbound_packages(scene: Scene, file: int) -> set[str]:
    found = set()
    for name in {name for each in scene.kept_statements(file) for name in scene.free_names(file, each)}:
        package = ALIASES.get(name, "")
        if _is_granted(scene, package):
            found.add(package if package == name else f"{package} as {name}")
    return found


def _is_granted(scene: Scene, package: str) -> bool:
    return package in scene.packages or package in sys.stdlib_module_names


def _mistyped_imports(scene: Scene, file: int) -> Iterator[Edit]:
    known = modules_of(scene.sources.files)
    for statement in scene.kept_statements(file):
        package = mistyped_package(statement.node, scene.packages, known)
        if package and isinstance(statement.node, ast.Import):
            alias = statement.node.names[0]
            name = alias.asname or alias.name
            said = f"import {package}" if package == name else f"import {package} as {name}"
            line = scene.lines(file)[statement.line - 1]
            yield Edit(file, statement.line, line.replace(statement.text, said, 1))


def modules_of(files: Iterable[SourceFile]) -> set[str]:
    """The words by which files of the submission may be imported."""
    return {word for each in files for word in each.module.split(".")}


def mistyped_package(node: ast.stmt, packages: Collection[str], known: Collection[str]) -> str:
    """The package that `import nunpy as np` or `import np` means, alone in its line; "" for what means itself.

    Args:
        packages: those that are granted.
        known: names of the submission's own modules.
    """
    if not isinstance(node, ast.Import) or len(node.names) != 1 or node.lineno != node.end_lineno:
        return ""
    [alias] = node.names
    package = ALIASES.get(alias.asname or alias.name, "")
    top = alias.name.partition(".")[0]
    is_taken = alias.name in sys.stdlib_module_names or top in packages or top in known
    is_meant = package in packages and (alias.name in ALIASES or is_near_name(alias.name, package))
    return package if is_meant and not is_taken else ""


def misspelt_functions(scene: Scene) -> Iterator[Repair]:
    """A required function that isn't there, where one definition has nearly its name: renamed wherever it is used."""
    asked = {name for each in scene.wanted for name in [each.name.partition(".")[0]]} | set(scene.chosen)
    for wanted in scene.wanted:
        root = wanted.name.partition(".")[0]
        if wanted.name in scene.chosen:
            continue
        near = {
            (file, name): statement
            for file in scene.sources
            for statement in scene.sources.parse_once(file).statements
            if (name := getattr(statement.node, "name", "")) and name not in asked and is_near_name(name, root)
        }
        if len({name for _, name in near}) == 1:
            (_, old), statement = next(iter(near.items()))
            edits = [edit for each in scene.sources for edit in _renamed(scene, each, old, root)]
            yield scene.repair("misspelt name", scene.names, edits, old, statement.line)


def _renamed(scene: Scene, file: int, old: str, new: str) -> Iterator[Edit]:
    for number, line in enumerate(scene.lines(file), 1):
        text = re.sub(rf"\b{re.escape(old)}\b", lambda _: new, line.partition("#")[0])
        if text != line.partition("#")[0]:
            yield Edit(file, number, text + line[len(line.partition("#")[0]) :])


def misspelt_names(scene: Scene) -> Iterator[Repair]:
    """A name that nothing binds, or that numpy doesn't have, where one name in scope is near."""
    for file in scene.sources:
        for statement in scene.kept_statements(file):
            yield from _misspelt_in(scene, file, statement)
            yield from _misspelt_attributes(scene, file, statement)


def _misspelt_in(scene: Scene, file: int, statement: TopStatement) -> Iterator[Repair]:
    for name in sorted(scene.free_names(file, statement) - ALIASES.keys()):
        near = near_names(name, scene.bound_in(statement) | scene.bound_at_top(file) | _BUILTINS)
        if len(near) == 1:
            nodes = [n for n in scene.nodes_in(statement) if isinstance(n, ast.Name) and n.id == name]
            yield from _replace_all(scene, file, statement, nodes, near[0], name)


def _misspelt_attributes(scene: Scene, file: int, statement: TopStatement) -> Iterator[Repair]:
    numpy = sys.modules.get("numpy")
    if numpy is None:
        return
    wrong: dict[str, list[ast.AST]] = {}
    known = names_of_package(numpy)
    for node in scene.nodes_in(statement):
        is_of_numpy = isinstance(node, ast.Attribute) and getattr(node.value, "id", "") in ("np", "numpy")
        if isinstance(node, ast.Attribute) and is_of_numpy and node.attr not in known:
            wrong.setdefault(node.attr, []).append(node)
    for attribute, nodes in sorted(wrong.items()):
        near = near_names(attribute, known)
        if len(near) == 1:
            base = nodes[0].value.id  # type: ignore[attr-defined]
            yield from _replace_all(scene, file, statement, nodes, f"{base}.{near[0]}", attribute)


@cache
def names_of_package(package: object) -> frozenset[str]:
    """Its public names."""
    return frozenset(each for each in dir(package) if not each.startswith("_"))


def _replace_all(
    scene: Scene, file: int, statement: TopStatement, nodes: Sequence[ast.AST], new: str, old: str
) -> Iterator[Repair]:
    spans = [span_of(scene, file, statement, node, new) for node in nodes]
    whole = [span for span in spans if span is not None]
    edits = edits_of(scene, file, whole) if len(whole) == len(spans) else ()
    if edits:
        yield scene.repair("misspelt name", scene.names, edits, f"{file} {statement.line} {old}")


_BUILTINS = {each for each in dir(builtins) if not each.startswith("_") and each[0].islower()}


def near_names(name: str, scope: Iterable[str]) -> list[str]:
    """The names of a scope that may be meant: other in case or underscores alone, else in a letter, else in a few."""
    near = [each for each in scope if is_near_name(name, each)]
    plain = [each for each in near if _plain(each) == _plain(name)]
    return plain or [each for each in near if _is_one_apart(name, each)] or near


def is_near_name(name: str, other: str) -> bool:
    """Whether two names differ by a letter or so, in case, or in underscores."""
    if name == other:
        return False
    if _plain(name) == _plain(other) or _is_one_apart(name, other):
        return True
    return min(len(name), len(other)) > 3 and abs(len(name) - len(other)) <= 2 and _is_near(name, other)


def _plain(name: str) -> str:
    return name.lower().replace("_", "")


def _is_one_apart(name: str, other: str) -> bool:
    """One letter more, less or other, or two neighbours in the other order. Names of one letter have no others near."""
    if max(len(name), len(other)) < 2:
        return False
    start = 0
    while start < min(len(name), len(other)) and name[start] == other[start]:
        start += 1
    a, b = name[start:], other[start:]
    swapped = len(a) == len(b) > 1 and a[:2] == b[1::-1] and a[2:] == b[2:]
    return a[1:] == b or a == b[1:] or a[1:] == b[1:] or swapped


def _is_near(name: str, other: str) -> bool:
    return SequenceMatcher(None, name, other).ratio() > _NEAR
