"""Which statements of which files the required functions need, transitively.

A name that is needed keeps every statement that binds it or changes what it names; a statement that is kept needs
every name that it uses, and of a file that it imports what it takes from it.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Sequence

from ..submission.collecting import MAX_DEPTH, MAX_NAME
from .imports import SubmissionImports
from .parsing import ParsedFile, TopStatement
from .scopes import Alias, attributes_in, decorators_of, imports_in, names_changed_in


class StatementIndex:
    """The statements of a file by name. Barred statements count for nothing."""

    def __init__(self, parsed: ParsedFile) -> None:
        self.statements: Sequence[TopStatement] = parsed.statements
        self.binders: dict[str, list[int]] = defaultdict(list)
        self.changers: dict[str, list[int]] = defaultdict(list)
        self.aliases: dict[str, list[Alias]] = defaultdict(list)  #: name -> what gives further names to what it names
        self.callers: dict[str, list[int]] = defaultdict(list)
        self.setters: dict[str, list[int]] = defaultdict(list)  #: name -> what binds functions that `global` it
        self.methods_of: dict[str, list[int]] = defaultdict(list)  #: name -> what `@name.register` decorates
        self.decorated: dict[str, list[int]] = defaultdict(list)  #: name -> what it decorates
        self.imports: dict[int, list[ast.Import | ast.ImportFrom]] = {}
        self.stars: list[tuple[int, ast.ImportFrom]] = []
        for number, statement in enumerate(self.statements):
            if statement.excluded is None:
                self._add(number, statement)
        self.registers = self._registers()  #: name -> what binds decorators that may put something into it

    def _add(self, number: int, statement: TopStatement) -> None:
        facts = statement.facts
        for name in facts.binds:
            self.binders[name].append(number)
        for name in facts.changes | facts.methods:
            self.changers[name].append(number)
        for alias in facts.aliases:
            for name in alias.sources:
                self.aliases[name].append(alias)
        for name in facts.calls:
            self.callers[name].append(number)
        for name in facts.sets:
            self.setters[name].append(number)
        if "import" in statement.text:
            self.imports[number] = imports_in(statement.node)
            stars = (node for node in self.imports[number] if node.names[0].name == "*")
            self.stars.extend((number, node) for node in stars if isinstance(node, ast.ImportFrom))
        for decorator, is_method in dict.fromkeys(decorators_of(statement.node)):
            (self.methods_of if is_method else self.decorated)[decorator].append(number)

    def _registers(self) -> dict[str, list[int]]:
        """By name, the decorators that do `TABLE[f.__name__] = f`."""
        found: dict[str, list[int]] = defaultdict(list)
        decorators = {*self.methods_of, *self.decorated}
        for number in sorted({number for name in decorators for number in self.binders.get(name, ())}):
            for name in names_changed_in(self.statements[number].node):
                found[name].append(number)
        return found

    def decorated_by(self, number: int) -> Iterator[int]:
        """The statements with a decorator that this one binds."""
        for name in self.statements[number].facts.binds:
            yield from self.methods_of.get(name, ())
            yield from self.decorated.get(name, ())

    def is_imported(self, name: str) -> bool:
        """Whether the file has the name from imports only."""
        nodes = [self.statements[number].node for number in self.binders.get(name, ())]
        return bool(nodes) and all(isinstance(node, ast.Import | ast.ImportFrom) for node in nodes)


class Stars:
    """Which files bind a name for others, where files import all of each other, in a circle too.

    Sets of files are numbers, a bit for each file: a submission has a few hundred at most.
    """

    def __init__(self, index_of: Callable[[int], StatementIndex], siblings: SubmissionImports) -> None:
        self._index_of = index_of
        self._siblings = siblings
        self._targets: dict[int, dict[int, list[int]]] = {}
        self._reached: dict[int, int] = {}
        self._binding: dict[str, int] = defaultdict(int)  #: name -> the files that bind it, of those looked at

    def targets(self, file: int) -> dict[int, list[int]]:
        """The files of which a file imports all, each with the statements that do."""
        if file not in self._targets:
            found: dict[int, list[int]] = defaultdict(list)
            index = self._index_of(file)
            for name in index.binders:
                self._binding[name] |= 1 << file
            for number, star in index.stars:
                target = self._siblings.find(self._siblings.source_of(star, file), file)
                if target is not None:
                    found[target].append(number)
            self._targets[file] = dict(found)
        return self._targets[file]

    def binds(self, file: int, name: str) -> bool:
        """Whether a file binds a name, itself or through a star import of another file."""
        self.targets(file)
        binding = self._binding.get(name, 0)
        return bool(binding >> file & 1) or bool(self._reached_from(file) & self._binding.get(name, 0))

    def _reached_from(self, file: int) -> int:
        """The file itself, and all whose names come to it through stars."""
        if file not in self._reached:
            found, waiting = 1 << file, [file]
            while waiting:
                for target in self.targets(waiting.pop()):
                    if not found >> target & 1:
                        found |= 1 << target
                        waiting.append(target)
            self._reached[file] = found
        return self._reached[file]


class Slicer:
    """Grows, from the names asked for, the statements that are kept: `kept[file]` holds their numbers."""

    def __init__(self, index_of: Callable[[int], StatementIndex], siblings: SubmissionImports) -> None:
        self._index_of = index_of
        self._siblings = siblings
        self._stars = Stars(index_of, siblings)
        self._waiting: list[tuple[int, str]] = []
        self.kept: dict[int, set[int]] = {}
        self.needed: dict[int, set[str]] = {}
        self._done: set[Hashable] = set()  #: what many names lead to, and which is followed once
        self._modules: dict[int, None] = {}  #: files that another one holds as module objects
        self._attributes: dict[str, None] = {}  #: of the kept statements, as far as they were looked at
        self._unseen: list[tuple[int, int]] = []  #: statements that were kept since

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
        for number, nodes in self._index_of(file).imports.items():
            if any(map(_is_future, nodes)):
                self._mark(file, number)
        for number, star in self._index_of(file).stars:
            if self._target(star, file) is None:
                self._keep(file, number)  # what a package's star import binds isn't known here

    def run(self) -> None:
        """Follow all names to their end."""
        while self._waiting:
            while self._waiting:
                self._follow(*self._waiting.pop())
            self._follow_attributes()

    def _first_time(self, *what: Hashable) -> bool:
        """Whether this is still to be followed; from now on it isn't."""
        new = what not in self._done
        self._done.add(what)
        return new

    def _follow(self, file: int, name: str) -> None:
        index = self._index_of(file)
        is_imported = index.is_imported(name)
        for number in index.binders.get(name, ()):
            self._keep(file, number)
        for number in index.changers.get(name, ()):
            if not is_imported or name in index.statements[number].facts.changes:
                self._keep(file, number)
        if index.binders.get(name) and not is_imported:  # `w = np.zeros(3)` is no part of np
            self._follow_object(file, name, index)
        for number in index.setters.get(name, ()):
            if self._first_time("setter", file, number):
                for function in index.statements[number].facts.binds:
                    self._keep_callers(file, function, index)
        for target, numbers in self._stars.targets(file).items():
            if self.binds(target, name):
                self.need(target, name)
                if self._first_time("star", file, target):
                    for number in numbers:
                        self._keep(file, number)

    def _follow_object(self, file: int, name: str, index: StatementIndex) -> None:
        """Follow what an object of the file's own may be put into or changed by: decorators, and further names."""
        for number in index.methods_of.get(name, ()):  # `@fun.register`
            self._keep(file, number)
        for number in index.registers.get(name, ()):
            if self._first_time("decorators", file, number):
                for decorated in index.decorated_by(number):
                    self._keep(file, decorated)
        for alias in index.aliases.get(name, ()):
            if self._first_time("alias", file, id(alias)):
                for other in alias.names:
                    if index.changers.get(other):
                        self.need(file, other)

    def _keep_callers(self, file: int, function: str, index: StatementIndex) -> None:
        if self._first_time("callers", file, function):
            for number in index.callers.get(function, ()):
                self._keep(file, number)

    def _mark(self, file: int, number: int) -> bool:
        """Keep a statement, and nothing for its sake; whether it is a new one."""
        if number in self.kept[file]:
            return False
        self.kept[file].add(number)
        self._unseen.append((file, number))
        return True

    def _keep(self, file: int, number: int) -> None:
        if not self._mark(file, number):
            return
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
        source = self._siblings.source_of(node, file)
        target = self._siblings.find(source, file)
        if target is not None:
            self.use(target)
        for alias in node.names:
            if alias.name == "*":
                self._import_star(target)
            elif target is not None and self.binds(target, alias.name):
                self.need(target, alias.name)
            elif len(source) <= MAX_NAME:
                self._hold(file, f"{source}.{alias.name}".strip("."))

    def _import_star(self, target: int | None) -> None:
        """With `__all__`, a star takes all that it lists: then everything is kept."""
        if target is None or not self.binds(target, "__all__") or not self._first_time("all", target):
            return
        for name in ["__all__", *self._index_of(target).binders]:
            self.need(target, name)

    def _hold(self, file: int, name: str) -> None:
        """Follow `import a.b`: the file holds the modules `a` and `a.b`, and may take any attribute from them."""
        parts = name.split(".", MAX_DEPTH + 1)
        for length in range(1, min(len(parts), MAX_DEPTH) + 1):
            target = self._siblings.find(".".join(parts[:length]), file)
            if target is not None and (length == len(parts) or self._siblings.is_package(target)):
                self.use(target)
                if target not in self._modules:
                    self._modules[target] = None
                    for attribute in self._attributes:
                        self._take(target, attribute)

    def _follow_attributes(self) -> None:
        """Of a file that another holds as a module, take each name that is an attribute anywhere: `b.c.g` goes far."""
        if not self._modules:
            return
        while self._unseen:
            file, number = self._unseen.pop()
            for attribute in sorted(attributes_in(self._index_of(file).statements[number].node)):
                if attribute not in self._attributes:
                    self._attributes[attribute] = None
                    for target in self._modules:
                        self._take(target, attribute)

    def _take(self, target: int, attribute: str) -> None:
        if self.binds(target, attribute):
            self.need(target, attribute)

    def _target(self, node: ast.ImportFrom, file: int) -> int | None:
        return self._siblings.find(self._siblings.source_of(node, file), file)

    def binds(self, file: int, name: str) -> bool:
        """Whether a file binds a name, itself or through a star import of another file."""
        return self._stars.binds(file, name)


def _is_future(node: ast.Import | ast.ImportFrom) -> bool:
    return isinstance(node, ast.ImportFrom) and node.module == "__future__"
