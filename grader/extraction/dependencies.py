"""Which statements of which files the required functions need, transitively.

A name that is needed keeps every statement that binds it or changes what it names; a statement that is kept needs
every name that it uses, and of a file that it imports what it takes from it.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Callable, Sequence

from .imports import Siblings
from .parsing import ParsedFile, Statement
from .scopes import attributes_in, changed_within, decorators_of, imports_in


class Index:
    """The statements of a file by name. Barred statements count for nothing."""

    def __init__(self, parsed: ParsedFile) -> None:
        self.statements: Sequence[Statement] = parsed.statements
        self.binders: dict[str, list[int]] = defaultdict(list)
        self.changers: dict[str, list[int]] = defaultdict(list)
        self.aliases: dict[str, list[str]] = defaultdict(list)  #: name -> further names of what it names
        self.callers: dict[str, list[int]] = defaultdict(list)
        self.setters: dict[str, list[str]] = defaultdict(list)  #: name -> functions that bind it through `global`
        self.registered: dict[str, list[int]] = defaultdict(list)  #: name -> what a decorator may put into it
        self.imports: dict[int, list[ast.Import | ast.ImportFrom]] = {}
        self.stars: list[tuple[int, ast.ImportFrom]] = []
        for number, statement in enumerate(self.statements):
            if statement.barred is None:
                self._add(number, statement)
        for number, statement in enumerate(self.statements):
            if statement.barred is None:
                self._register(number, statement)

    def _add(self, number: int, statement: Statement) -> None:
        facts = statement.facts
        for name in facts.binds:
            self.binders[name].append(number)
        for name in facts.changes | facts.methods:
            self.changers[name].append(number)
        for alias, name in facts.aliases:
            self.aliases[name].append(alias)
        for name in facts.calls:
            self.callers[name].append(number)
        for name in facts.sets:
            for function in facts.binds:
                self.setters[name].append(function)
        if "import" in statement.text:
            self.imports[number] = imports_in(statement.node)
            stars = (node for node in self.imports[number] if node.names[0].name == "*")
            self.stars.extend((number, node) for node in stars if isinstance(node, ast.ImportFrom))

    def _register(self, number: int, statement: Statement) -> None:
        for decorator, is_method in decorators_of(statement.node):
            if is_method:  # `@fun.register`
                self.registered[decorator].append(number)
            for other in self.binders.get(decorator, ()):
                for name in changed_within(self.statements[other].node):
                    self.registered[name].append(number)

    def is_imported(self, name: str) -> bool:
        """Whether the file has the name from imports only."""
        nodes = [self.statements[number].node for number in self.binders.get(name, ())]
        return bool(nodes) and all(isinstance(node, ast.Import | ast.ImportFrom) for node in nodes)


class Slicer:
    """Grows, from the names asked for, the statements that are kept: `kept[file]` holds their numbers."""

    def __init__(self, index_of: Callable[[int], Index], siblings: Siblings) -> None:
        self._index_of = index_of
        self._siblings = siblings
        self._waiting: list[tuple[int, str]] = []
        self.kept: dict[int, set[int]] = {}
        self.needed: dict[int, set[str]] = {}
        self._modules: list[int] = []  #: files that another one holds as module objects

    def need(self, file: int, name: str) -> None:
        """Ask for a name of a file."""
        self.use(file)
        if name not in self.needed[file]:
            self.needed[file].add(name)
            self._waiting.append((file, name))

    def use(self, file: int) -> None:
        """Ask that a file can be imported, though nothing in it may be needed."""
        if file in self.kept:
            return
        self.kept[file], self.needed[file] = set(), set()
        # A future statement binds nothing that anybody uses, and changes how all others are compiled.
        self.kept[file] |= {n for n, nodes in self._index_of(file).imports.items() if any(map(_is_future, nodes))}
        for number, star in self._index_of(file).stars:
            if self._target(star, file) is None:
                self._keep(file, number)  # what a package's star import binds isn't known here

    def run(self) -> None:
        """Follow all names to their end."""
        while self._waiting:
            while self._waiting:
                self._follow(*self._waiting.pop())
            self._follow_attributes()

    def _follow(self, file: int, name: str) -> None:
        index = self._index_of(file)
        for number in index.binders.get(name, ()):
            self._keep(file, number)
        for number in index.changers.get(name, ()):
            statement = index.statements[number]
            if name in statement.facts.changes or not index.is_imported(name):
                self._keep(file, number)
        if index.binders.get(name) and not index.is_imported(name):  # `w = np.zeros(3)` is no part of np
            for number in index.registered.get(name, ()):
                self._keep(file, number)
            for alias in index.aliases.get(name, ()):
                if index.changers.get(alias):
                    self.need(file, alias)
        for function in index.setters.get(name, ()):
            for number in index.callers.get(function, ()):
                self._keep(file, number)
        for number, star in index.stars:
            target = self._target(star, file)
            if target is not None and self.binds(target, name):
                self._keep(file, number)
                self.need(target, name)

    def _keep(self, file: int, number: int) -> None:
        if number in self.kept[file]:
            return
        self.kept[file].add(number)
        index = self._index_of(file)
        for name in index.statements[number].facts.uses:
            self.need(file, name)
        for node in index.imports.get(number, ()):
            self._import(file, node)

    def _import(self, file: int, node: ast.Import | ast.ImportFrom) -> None:
        if isinstance(node, ast.Import):
            for alias in node.names:
                self._hold(file, alias.name)
            return
        target = self._target(node, file)
        if target is not None:
            self.use(target)
        for alias in node.names:
            if alias.name == "*":
                self._import_star(file, target)
            elif target is not None and self.binds(target, alias.name):
                self.need(target, alias.name)
            else:
                self._hold(file, f"{self._siblings.source_of(node, file)}.{alias.name}".strip("."))

    def _import_star(self, file: int, target: int | None) -> None:
        """With `__all__`, a star takes all that it lists: then everything is kept."""
        if target is None or not self.binds(target, "__all__"):
            return
        for name in ["__all__", *self._index_of(target).binders]:
            self.need(target, name)

    def _hold(self, file: int, name: str) -> None:
        """Follow `import a.b`: the file holds the modules `a` and `a.b`, and may take any attribute from them."""
        parts = name.split(".")
        for length in range(1, len(parts) + 1):
            target = self._siblings.find(".".join(parts[:length]), file)
            if target is not None and (length == len(parts) or self._siblings.is_package(target)):
                self.use(target)
                self._modules.append(target)

    def _follow_attributes(self) -> None:
        """Of a file that another holds as a module, take each name that is an attribute anywhere: `b.c.g` goes far."""
        if not self._modules:
            return
        kept = [self._index_of(file).statements[number] for file, numbers in self.kept.items() for number in numbers]
        attributes = sorted({name for statement in kept for name in attributes_in(statement.node)})
        for target in self._modules:
            for name in attributes:
                if self.binds(target, name):
                    self.need(target, name)

    def _target(self, node: ast.ImportFrom, file: int) -> int | None:
        return self._siblings.find(self._siblings.source_of(node, file), file)

    def binds(self, file: int, name: str, seen: frozenset[int] = frozenset()) -> bool:
        """Whether a file binds a name, itself or through a star import of another file."""
        index = self._index_of(file)
        if index.binders.get(name):
            return True
        targets = (self._target(star, file) for _, star in index.stars)
        seen |= {file}
        return any(target is not None and target not in seen and self.binds(target, name, seen) for target in targets)


def _is_future(node: ast.Import | ast.ImportFrom) -> bool:
    return isinstance(node, ast.ImportFrom) and node.module == "__future__"
