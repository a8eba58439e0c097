"""Which statements of which files the required functions need, transitively.

A name that is needed keeps every statement that binds it or changes what it names; a statement that is kept needs
every name that it uses, and of a file that it imports what it takes from it.
"""

from __future__ import annotations

import ast
import builtins
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Sequence
from typing import NamedTuple

from ..submission.collecting import MAX_DEPTH, MAX_NAME
from ..worker.shared.public_packages import is_public
from .effects import (
    FOR_ALL_CODE,
    Function,
    Gift,
    Setting,
    Takers,
    called_for_effect,
    functions_in,
    gifts_in,
    gifts_of,
    is_constant,
    makes_errors,
    sets,
    settings_of,
    takers_of,
)
from .imports import SubmissionImports
from .parsing import GUARDED, ParsedFile, TopStatement
from .scopes import Alias, Facts, attributes_in, decorators_of, imports_in, names_changed_in, root_of, words_in_texts

_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
#: Where an object is handed on further than through so many functions, it counts as changed.
_MOST_HANDED_ON = 100


#: Names that all code has.
BUILTIN = frozenset(dir(builtins))
_SEES_SUBCLASSES = ("__init_subclass__", "metaclass")
#: What binds names that don't stand in the source.
_DYNAMIC, _SETTER = frozenset({"exec", "globals", "locals", "vars"}), "setattr"
_MODULE_ITSELF = ("modules", "__name__")
#: What may use names that stand in a text: `eval("helper(x)")`, `globals()[f"layer_{n}"]`.
_READS_TEXTS = _DYNAMIC | {"eval", "getattr"}
_RUNS_TEXTS = frozenset({"exec", "eval"})
#: What makes errors of warnings counts only for code that hears of errors: no package is called so.
_EXCEPT = "except"


class Origin(NamedTuple):
    """Where an imported name comes from."""

    node: ast.Import | ast.ImportFrom
    package: str  #: "" for a relative import
    name: str  #: what it is called there


def _origins(node: ast.Import | ast.ImportFrom) -> dict[str, Origin]:
    if isinstance(node, ast.ImportFrom):
        package = "" if node.level else (node.module or "").partition(".")[0]
        return {alias.asname or alias.name: Origin(node, package, alias.name) for alias in node.names}
    tops = ((alias, alias.name.partition(".")[0]) for alias in node.names)
    return {alias.asname or top: Origin(node, top, alias.name) for alias, top in tops}


def _is_empty(value: ast.expr) -> bool:
    """Whether an expression makes an empty container: `{}`, `[]`, `dict()`."""
    if isinstance(value, ast.Call):
        return not value.args and not value.keywords and getattr(value.func, "id", "") in ("dict", "list", "set")
    return (isinstance(value, ast.Dict) and not value.keys) or (isinstance(value, ast.List) and not value.elts)


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
        self.gifts: dict[str, list[tuple[int, Gift]]] = defaultdict(list)  #: name -> what hands it to a function
        #: name -> the functions called so, ".name" for methods, and whether it is one
        self.calling: dict[str, list[str]] = defaultdict(list)  #: function -> those that call it for its effect
        self.functions: dict[str, list[tuple[Function, bool]]] = defaultdict(list)
        self.settings: dict[int, frozenset[Setting]] = {}  #: statement -> what it may set
        self.origins: dict[str, Origin] = {}  #: name -> where it is imported from
        self.subclasses: dict[str, list[int]] = defaultdict(list)  #: class -> what derives from it
        self.dynamic: list[int] = []  #: what may bind any name: `exec(text)`, `globals()[name] = 1`
        self._at_hand: dict[str, bool] = {}
        self._sorted: list[str] | None = None  #: the names that are bound
        self.imports: dict[int, list[ast.Import | ast.ImportFrom]] = {}
        self.stars: list[tuple[int, ast.ImportFrom]] = []
        self._lists_subclasses = any("__subclasses__" in each.text for each in self.statements)
        for number, statement in enumerate(self.statements):
            if statement.excluded is None:
                self._add(number, statement, statement.facts)
        self._add_guarded()
        #: name -> what binds functions that change it in place, and are called for their effect
        self.inner_changers: dict[str, list[int]] = defaultdict(list)
        #: name -> what binds functions that hand it to others, and are called for their effect
        self.inner_gifts: dict[str, list[tuple[int, Gift]]] = defaultdict(list)
        self._add_what_is_done_inside()
        for name, found in self.gifts.items():
            self.gifts[name] = [each for each in found if each[1].function in self.functions or self._is_from(each[1])]
        self.registers = self._registers()  #: name -> what binds decorators that may put something into it

    def _add_guarded(self) -> None:
        """Statements under the main guard count for names that nothing else binds: where the script runs, they do."""
        guarded = [(number, each) for number, each in enumerate(self.statements) if each.excluded == GUARDED]
        if not guarded:
            return
        bound = {name for _, each in guarded for name in each.facts.binds}
        fresh = {*bound, *self.setters} - self.binders.keys() - BUILTIN
        fresh |= {name for name in self.binders if self._is_left_empty(name)}
        setting = self._functions_that_set(fresh)
        for number, statement in guarded:
            facts = statement.facts
            own = Facts(
                facts.binds & fresh,
                facts.uses,
                facts.changes & fresh,
                facts.methods & fresh,
                facts.calls & setting,
                facts.sets & fresh,
                tuple(each for each in facts.aliases if each.sources & fresh),
            )
            is_filled = any(gift.name in fresh and gift.function in self.functions for gift in gifts_of(statement.node))
            if is_filled or any(own._replace(uses=frozenset())):
                self._add(number, statement, own)

    def _is_left_empty(self, name: str) -> bool:
        """Whether something is made empty at the top level, and nothing is put into it there."""
        nodes = [self.statements[number].node for number in self.binders[name]]
        is_empty = len(nodes) == 1 and isinstance(nodes[0], ast.Assign) and _is_empty(nodes[0].value)
        return is_empty and name not in self.changers and name not in self.aliases and name not in self.gifts

    def _functions_that_set(self, names: set[str]) -> set[str]:
        """The functions that bind one of these names by `global`, and those that call them for it."""
        setters = {number for name in names for number in self.setters.get(name, ())}
        waiting = [function for number in setters for function in self.statements[number].facts.binds]
        found = set(waiting)
        while waiting:
            fresh = {*self.calling.get(waiting.pop(), ())} - found
            found |= fresh
            waiting.extend(fresh)
        return found

    def _add(self, number: int, statement: TopStatement, facts: Facts) -> None:
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
        if isinstance(statement.node, ast.ClassDef):
            for name in {name for base in statement.node.bases for name in root_of(base)}:
                self.subclasses[name].append(number)
        for called, function in functions_in(statement.node):
            self.functions[called].append((function, isinstance(statement.node, ast.ClassDef)))
            for name in dict.fromkeys(called_for_effect(function)):
                self.calling[name].append(called)
        if not isinstance(statement.node, _DEFINITIONS):
            for gift in dict.fromkeys(gifts_of(statement.node)):
                self.gifts[gift.name].append((number, gift))
            sets = _SETTER in facts.uses and any(sign in statement.text for sign in _MODULE_ITSELF)
            if sets or not _DYNAMIC.isdisjoint(facts.uses):
                self.dynamic.append(number)
            if found := settings_of(statement.node):
                self.settings[number] = found
        if "import" in statement.text:
            self.imports[number] = imports_in(statement.node)
            if isinstance(statement.node, ast.Import | ast.ImportFrom):
                self.origins |= _origins(statement.node)
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

    def _is_from(self, gift: Gift) -> bool:
        """Whether what gets an object is imported."""
        return gift.function in self.origins

    def _add_what_is_done_inside(self) -> None:
        """What the functions do that are called for their effect, and those that they call for it."""
        calls: dict[str, list[str]] = defaultdict(list)
        for called, by in self.calling.items():
            for caller in by:
                calls[caller].append(called)
        waiting, seen = list(self.callers), set(self.callers)
        while waiting:
            function = waiting.pop()
            fresh = [each for each in calls.get(function, ()) if each not in seen]
            seen.update(fresh)
            waiting.extend(fresh)
            for number in self.binders.get(function, ()):
                statement = self.statements[number]
                is_lambda = isinstance(getattr(statement.node, "value", None), ast.Lambda)
                if is_lambda or isinstance(statement.node, _DEFINITIONS):
                    for name in names_changed_in(statement.node) & statement.facts.uses:
                        self.inner_changers[name].append(number)
                    for gift in dict.fromkeys(gifts_in(statement.node)):
                        if gift.name in statement.facts.uses:
                            self.inner_gifts[gift.name].append((number, gift))

    def package_set_by(self, setting: Setting) -> str:
        """The package of which it sets something; "" where it isn't sure that it does."""
        found = self.origins.get(setting.root)
        if found is None or not self.is_at_hand(setting.root):
            return ""
        return found.package if sets(setting.function or found.name) else ""

    def is_at_hand(self, name: str) -> bool:
        """Whether it takes no time to have a name: it is imported, Python's own, or a constant."""
        if name not in self._at_hand:
            nodes = [self.statements[number].node for number in self.binders.get(name, ())]
            self._at_hand[name] = all(
                isinstance(node, ast.Import | ast.ImportFrom) or is_constant(node) for node in nodes
            )
        return self._at_hand[name]

    def hears_of_subclasses(self, name: str) -> bool:
        """Whether a class may do something as soon as others derive from it, or ask for these: it may list them."""
        texts = [self.statements[number].text for number in self.binders.get(name, ())]
        return self._lists_subclasses or any(sign in text for text in texts for sign in _SEES_SUBCLASSES)

    def decorated_by(self, number: int) -> Iterator[int]:
        """The statements with a decorator that this one binds."""
        for name in self.statements[number].facts.binds:
            yield from self.methods_of.get(name, ())
            yield from self.decorated.get(name, ())

    def beginning_with(self, start: str) -> Sequence[str]:
        """The first few names that begin so: `globals()[f"layer_{n}"]`."""
        if not start.strip("_") or not start.endswith("_"):
            return ()
        if self._sorted is None:
            self._sorted = sorted(self.binders)
        at = bisect_left(self._sorted, start)
        return [name for name in self._sorted[at : at + _MOST_HANDED_ON] if name.startswith(start)]

    def is_defined(self, name: str) -> bool:
        """Whether a name is that of a function or class."""
        return any(isinstance(self.statements[number].node, _DEFINITIONS) for number in self.binders.get(name, ()))

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
        self._found_to_change: dict[tuple[int, str, int | str], bool] = {}
        self._executing = set[int]()  #: files of which a kept statement runs a text
        self._modules: dict[int, None] = {}  #: files that another one holds as module objects
        self._attributes: dict[str, None] = {}  #: of the kept statements, as far as they were looked at
        self._unseen: list[tuple[int, int]] = []  #: statements that were kept since
        self._packages: set[str] = set(FOR_ALL_CODE)  #: what the kept statements import
        #: package -> statements that set it, and all that has to be used before they count
        self._settings: dict[str, list[tuple[int, int, set[str]]]] = defaultdict(list)
        self._new_packages: list[str] = list(FOR_ALL_CODE)
        self._given_away: dict[tuple[int, str], bool] = {}
        self._changed: dict[int, set[str]] = {}
        self._takers: dict[tuple[int, str], list[Takers]] = {}

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
        self._add_settings(file)
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
            if not self._waiting:
                self._keep_settings()

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
        if name in index.subclasses and index.hears_of_subclasses(name):
            for number in index.subclasses[name]:
                self._keep(file, number)
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
        is_made_nowhere = bool(index.dynamic) and name not in BUILTIN and not self.binds(file, name)
        if is_made_nowhere and self._first_time("dynamic", file):
            for number in index.dynamic:
                self._keep(file, number)

    def _follow_object(self, file: int, name: str, index: StatementIndex) -> None:
        """Follow what an object of the file's own may be put into or changed by: decorators, and further names."""
        for number in index.methods_of.get(name, ()):  # `@fun.register`
            self._keep(file, number)
        for number, gift in index.gifts.get(name, ()):
            if self._is_changed_by(file, gift):
                self._keep(file, number)
        given_inside = [number for number, gift in index.inner_gifts.get(name, ()) if self._is_changed_by(file, gift)]
        for number in (*index.inner_changers.get(name, ()), *given_inside):
            if self._first_time("changer", file, number):
                for function in index.statements[number].facts.binds:
                    self._keep_callers(file, function, index)
        if not index.is_defined(name):  # an object as a decorator: `@registry`
            for number in index.decorated.get(name, ()):
                self._keep(file, number)
        for number in index.registers.get(name, ()):
            if self._first_time("decorators", file, number):
                for decorated in index.decorated_by(number):
                    self._keep(file, decorated)
        for alias in index.aliases.get(name, ()):
            if self._first_time("alias", file, id(alias)):
                for other in alias.names & self._changed_names(file):
                    self.need(file, other)

    def _changed_names(self, file: int) -> set[str]:
        """The names of objects that are changed in place, under this name or a further one.

        A further name is that of a loop, for what it goes over.
        """
        if file not in self._changed:
            index, done = self._index_of(file), set[int]()
            givers: dict[str, list[Alias]] = defaultdict(list)
            for alias in {id(each): each for found in index.aliases.values() for each in found}.values():
                for name in alias.names:
                    givers[name].append(alias)
            waiting = [name for name in givers if index.changers.get(name) or self._is_given_away(file, name)]
            self._changed[file] = set(waiting)
            while waiting:
                for alias in givers.get(waiting.pop(), ()):
                    if id(alias) not in done:
                        done.add(id(alias))
                        fresh = alias.sources - self._changed[file]
                        self._changed[file] |= fresh
                        waiting.extend(fresh)
        return self._changed[file]

    def _is_given_away(self, file: int, name: str) -> bool:
        """Whether any function that gets an object under this name changes it."""
        if (file, name) not in self._given_away:
            gifts = self._index_of(file).gifts.get(name, ())
            self._given_away[file, name] = any(self._is_changed_by(file, gift) for _, gift in gifts)
        return self._given_away[file, name]

    def _is_changed_by(self, file: int, gift: Gift) -> bool:
        """Whether a function of the submission changes in place what it is given, itself or by those that it calls."""
        asked = (file, gift.function, gift.place)
        if asked not in self._found_to_change:
            self._found_to_change[asked] = self._changes(file, gift)
        return self._found_to_change[asked]

    def _changes(self, file: int, gift: Gift) -> bool:
        waiting, seen = [(file, gift)], set[tuple[int, str, int | str]]()
        while waiting:
            here, given = waiting.pop()
            home, name = self._home_of(here, given.function)
            if (home, name, given.place) in seen:
                continue
            seen.add((home, name, given.place))
            for takers in self._takers_of(home, name):
                parameter = takers.named(given.place)
                on = takers.handed_on.get(parameter, [])
                if parameter in takers.changed or len(seen) + len(on) > _MOST_HANDED_ON:
                    return True
                waiting += [(home, each) for each in on]
        return False

    def _takers_of(self, file: int, function: str) -> list[Takers]:
        if (file, function) not in self._takers:
            found = self._index_of(file).functions.get(function, ())[:_MOST_HANDED_ON]
            self._takers[file, function] = [takers_of(each, is_method) for each, is_method in found]
        return self._takers[file, function]

    def _home_of(self, file: int, name: str) -> tuple[int, str]:
        """The file that a function is imported from, and its name there; the same where it isn't imported."""
        origin = self._index_of(file).origins.get(name)
        target = self._target(origin.node, file) if origin and isinstance(origin.node, ast.ImportFrom) else None
        return (file, name) if origin is None or target is None else (target, origin.name)

    def _keep_settings(self) -> None:
        """Keep what sets something in modules that the kept statements use, unless it needs what takes time."""
        while self._new_packages:
            for file, number, needs in self._settings.pop(self._new_packages.pop(), ()):
                if needs <= self._packages:
                    self._keep(file, number)

    def _add_settings(self, file: int) -> None:
        """Note which statements of a file set something, by the package that has to be used before they count."""
        index = self._index_of(file)
        for number, settings in index.settings.items():
            packages = {index.package_set_by(setting) for setting in settings}
            if (
                len(packages) != 1
                or "" in packages
                or not all(map(index.is_at_hand, index.statements[number].facts.uses))
            ):
                continue
            if makes_errors(index.statements[number].text):
                packages.add(_EXCEPT)
            for package in packages:
                self._settings[package].append((file, number, packages))
            self._new_packages += packages & self._packages

    def _keep_callers(self, file: int, function: str, index: StatementIndex) -> None:
        waiting = [function]
        while waiting:
            name = waiting.pop()
            if self._first_time("callers", file, name):
                for number in index.callers.get(name, ()):
                    self._keep(file, number)
                waiting += index.calling.get(name, ())

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
        if _EXCEPT in index.statements[number].text:
            self._use_packages({_EXCEPT})
        for name in index.statements[number].facts.uses:
            self.need(file, name)
        uses = index.statements[number].facts.uses
        if not _RUNS_TEXTS.isdisjoint(uses):
            self._executing.add(file)
        if file in self._executing or not _READS_TEXTS.isdisjoint(uses):
            for name in words_in_texts(index.statements[number].node):
                for found in (name,) if self.binds(file, name) else index.beginning_with(name):
                    self.need(file, found)
        for node in index.imports.get(number, ()):
            self._use_packages({origin.package for origin in _origins(node).values()})
            self._import(file, node)

    def _use_packages(self, packages: set[str]) -> None:
        new = packages - self._packages
        self._packages |= new
        self._new_packages += new

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
                    self._take(target, "__getattr__")
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

    def lost_source(self, file: int, name: str) -> str | None:
        """The module that a file takes a name from, where that isn't there, or doesn't have it; None for any other."""
        seen = set[tuple[int, str]]()
        while (file, name) not in seen:
            seen.add((file, name))
            index = self._index_of(file)
            origin = index.origins.get(name)
            if origin is None or not index.is_imported(name):
                return None
            if isinstance(origin.node, ast.Import):
                return origin.name if self._siblings.is_lost(origin.name, file) else None
            source = self._siblings.source_of(origin.node, file)
            target = self._siblings.find(source, file)
            if self._siblings.find(f"{source}.{origin.name}".strip("."), file) is not None:
                return None
            if target is None or not self.binds(target, origin.name):
                return source if target is not None or self._siblings.is_lost(source, file) else None
            if not self._index_of(target).binders.get(origin.name):
                return None  # by a star
            file, name = target, origin.name
        return None

    def why_lost(self, module: str, file: int) -> str:
        """Why nothing comes from a module."""
        if self._siblings.find(module, file) is not None:
            return "which doesn't define it"
        return "which isn't available here" if is_public(module) else "which wasn't handed in"

    def lost_modules(self, file: int, number: int) -> Iterator[str]:
        """The modules that a statement imports, and that nobody handed in: files of the student's own, most likely."""
        node = self._index_of(file).statements[number].node
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom):
            source = self._siblings.source_of(node, file)
            is_folder = any(self._siblings.find(f"{source}.{alias.name}", file) is not None for alias in node.names)
            names = [] if is_folder else [source]
        yield from (name for name in names if not is_public(name) and self._siblings.is_lost(name, file))

    def _target(self, node: ast.ImportFrom, file: int) -> int | None:
        return self._siblings.find(self._siblings.source_of(node, file), file)

    def binds(self, file: int, name: str) -> bool:
        """Whether a file binds a name, itself or through a star import of another file."""
        return self._stars.binds(file, name)


def _is_future(node: ast.Import | ast.ImportFrom) -> bool:
    return isinstance(node, ast.ImportFrom) and node.module == "__future__"
