"""What one top-level statement does with the names of its module, by the scope rules of Python's own compiler.

`symtable` knows parameters, locals, closures, class bodies, comprehensions and `global`, and parses each statement once
more to tell: most need none of its knowledge, and are told by their tree. It says nothing of objects that are changed
in place, so those are always found in the tree.
"""

from __future__ import annotations

import ast
import re
import symtable
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar

Node = TypeVar("Node", bound=ast.AST)

_COMPREHENSIONS = frozenset({"listcomp", "setcomp", "dictcomp", "genexpr"})
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_WORD = re.compile(r"[^\W\d]\w*")
_NONE: frozenset[str] = frozenset()
#: Functions of Python's and numpy's modules that change what they get first.
_CHANGE_THEIR_FIRST = frozenset(
    {
        "setattr",
        "delattr",
        "setitem",
        "delitem",
        "shuffle",
        "fill_diagonal",
        "put",
        "put_along_axis",
        "place",
        "putmask",
    }
    | {"copyto", "at", "heapify", "heappush", "heappop", "heapreplace", "heappushpop", "insort", "insort_left"}
)
#: Functions of numpy's that give a view of what they get first.
_GIVE_VIEWS = frozenset(
    {"reshape", "ravel", "squeeze", "transpose", "swapaxes", "moveaxis", "rollaxis", "expand_dims", "asarray"}
    | {"asanyarray", "atleast_1d", "atleast_2d", "atleast_3d", "broadcast_to", "diagonal", "split", "flip", "real"}
)
#: Methods that change their object, wherever they are called.
_CHANGE_THEIR_OWN = frozenset({"append", "extend", "insert", "update", "add", "setdefault", "pop", "appendleft"})
#: Of these types every method does, if it does anything: `list.append(rows, 1)`.
_TYPES = frozenset({"list", "dict", "set", "bytearray", "deque", "defaultdict", "OrderedDict", "Counter"})


def _kinds() -> Iterator[type[ast.AST]]:
    yield from (kind for kind in vars(ast).values() if isinstance(kind, type) and issubclass(kind, ast.AST))


#: Fields that hold no nodes, or none that say anything.
_BARE = frozenset({"ctx", "op", "ops", "id", "attr", "arg", "asname", "module", "level", "kind", "type_comment"})
#: Where the nodes below one of each kind are.
_INNER = {kind: tuple(name for name in kind._fields if name not in _BARE) for kind in _kinds()}
_INNER[ast.Constant] = ()
_COMPREHENDING = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
#: What stands in statements of which the tree tells all names: nothing binds but names and parameters.
_PLAIN = frozenset(
    {
        *(ast.FunctionDef, ast.arguments, ast.arg, ast.Return, ast.Delete, ast.Assign, ast.AugAssign, ast.Raise),
        *(ast.For, ast.While, ast.If, ast.With, ast.withitem, ast.Assert, ast.Expr, ast.Pass, ast.Break, ast.Continue),
        *(ast.BoolOp, ast.BinOp, ast.UnaryOp, ast.Compare, ast.IfExp, ast.Call, ast.keyword, ast.Starred, ast.Name),
        *(ast.Dict, ast.Set, ast.List, ast.Tuple, ast.Slice, ast.Subscript, ast.Attribute, ast.Constant),
        *(ast.FormattedValue, ast.JoinedStr, ast.comprehension, *_COMPREHENDING),
    }
)
#: Letters, nodes and loops in comprehensions of such a statement.
_LONGEST, _MOST_NODES, _MOST_LOOPS = 8_000, 1_000, 20


class Alias(NamedTuple):
    """Names that a statement gives to objects, and names of what these may be, or lie inside of."""

    names: frozenset[str]
    sources: frozenset[str]


class Facts(NamedTuple):
    """Names of the module's scope, by what a statement does with them."""

    binds: frozenset[str]  #: are bound when it runs (or unbound, by `del`)
    uses: frozenset[str]  #: are read when it runs, or when functions that it defines run
    changes: frozenset[str] = _NONE  #: name an object that is changed in place, by assignment into it
    methods: frozenset[str] = _NONE  #: name an object of which it calls a method for its effect
    calls: frozenset[str] = _NONE  #: are called for their effect
    sets: frozenset[str] = _NONE  #: are bound by functions that it defines, through `global`
    aliases: tuple[Alias, ...] = ()  #: one for each assignment in it


class _Nodes(NamedTuple):
    """A node and all below it."""

    all: Sequence[ast.AST]
    by_kind: dict[type[ast.AST], list[Any]]


@lru_cache(maxsize=1024)
def _nodes_of(node: ast.AST) -> _Nodes:
    """Found once, since each fact asks for them."""
    found, by_kind = [node], dict[type[ast.AST], list[Any]]()
    for each in found:  # it grows
        kind = type(each)
        if kind in by_kind:
            by_kind[kind].append(each)
        else:
            by_kind[kind] = [each]
        for name in _INNER[kind]:
            value = getattr(each, name, None)
            if isinstance(value, list):
                for inner in value:
                    if isinstance(inner, ast.AST):
                        found.append(inner)  # noqa: PERF401 - most lists hold one: a comprehension would take longer
            elif isinstance(value, ast.AST):
                found.append(value)
    return _Nodes(found, by_kind)


def nodes_in(node: ast.AST) -> Sequence[ast.AST]:
    """A node and all below it, as `ast.walk` has them but for contexts and operators."""
    return _nodes_of(node).all


def nodes_of_kind(kind: type[Node], node: ast.AST) -> Sequence[Node]:
    """Of a node and all below it those of one kind, in the same order."""
    return _nodes_of(node).by_kind.get(kind, ())


def facts_of(statement: ast.stmt, text: str) -> Facts:
    """The facts of a top-level statement, given its own source. Raises SyntaxError where the compiler would."""
    if isinstance(statement, ast.Import | ast.ImportFrom):
        return Facts(frozenset(_names_of_import(statement)), _NONE)
    binds, uses, sets = _names_by_tree(statement, text) or _names_by_compiler(statement, text)
    if isinstance(statement, _DEFINITIONS):
        return Facts(frozenset(binds), frozenset(uses), sets=frozenset(sets))
    parts = list(parts_of(statement))
    effects = _joined(map(effects_of, parts))
    aliases = tuple(alias for part in parts for alias in aliases_of(part))
    return Facts(frozenset(binds), frozenset(uses), *effects, frozenset(sets), aliases)


#: Names that a statement binds, those that it uses, and those that it sets through `global`.
_Names = tuple[set[str], set[str], set[str]]


def _names_by_tree(statement: ast.stmt, text: str) -> _Names | None:
    """The names of a statement that opens no scopes but of a function, and of comprehensions in it; None for others.

    Nor for a long one, which may be nested deeper than the compiler goes, nor where that would find an error.
    """
    if len(text) > _LONGEST or "super" in text or "__debug__" in text:  # which are more than names
        return None
    nodes, by_kind = _nodes_of(statement)
    comprehending = [each for kind in _COMPREHENDING for each in by_kind.get(kind, ())]
    is_large = len(nodes) > _MOST_NODES or len(by_kind.get(ast.comprehension, ())) > _MOST_LOOPS
    if is_large or not by_kind.keys() <= _PLAIN:
        return None
    own = {id(name) for each in comprehending for name in _own_names(each)}
    names: list[ast.Name] = [name for name in by_kind.get(ast.Name, ()) if id(name) not in own]
    read = [name for name in names if isinstance(name.ctx, ast.Load)]
    bound = {name.id for name in names if not isinstance(name.ctx, ast.Load)}
    if isinstance(statement, ast.FunctionDef):
        start = _place_of(statement.body[0])
        # Outside of functions compilers differ: since 3.12 what a comprehension loops over is known to the module.
        is_sure = len(by_kind[ast.FunctionDef]) == 1 and all(_place_of(each) >= start for each in comprehending)
        return _names_of_function(statement, read, bound, start) if is_sure else None
    return None if comprehending or ast.FunctionDef in by_kind else (bound, {name.id for name in read}, set())


def _names_of_function(
    function: ast.FunctionDef, read: Iterable[ast.Name], bound: set[str], start: tuple[int, int]
) -> _Names | None:
    """The same for a function, given the names read in it, those that it gives a value, and where its body starts."""
    parameters = [each.arg for each in nodes_of_kind(ast.arg, function)]
    local = bound.union(parameters)
    if len(set(parameters)) < len(parameters):
        return None
    uses = {each.id for each in read if each.id not in local or _place_of(each) < start}
    return {function.name}, uses, set()


def _place_of(node: ast.expr | ast.stmt) -> tuple[int, int]:
    return node.lineno, node.col_offset


def _own_names(comprehending: ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp) -> list[ast.Name]:
    """The names in a comprehension that mean something of its own."""
    generators = comprehending.generators
    targets = (name for each in generators for name in nodes_of_kind(ast.Name, each.target))
    own = {name.id for name in targets if isinstance(name.ctx, ast.Store)}
    outside = {id(name) for name in nodes_of_kind(ast.Name, generators[0].iter)}  # it is computed before
    return [name for name in nodes_of_kind(ast.Name, comprehending) if name.id in own and id(name) not in outside]


def _names_by_compiler(statement: ast.stmt, text: str) -> _Names:
    """The same for any statement. Raises SyntaxError where the compiler would."""
    binds, uses, sets = set[str](), set[str](), set[str]()
    table = symtable.symtable(text, "<statement>", "exec")
    for symbol in _symbols(table):
        if symbol.is_assigned() or symbol.is_imported():
            binds.add(symbol.get_name())
        if symbol.is_referenced():
            uses.add(symbol.get_name())
    declares = "global" in text or ":=" in text  # rare, and symbols are slow to look at
    for inner in _below(table):
        uses.update(_globals_of(inner))
        if declares:
            _add_declared(inner, binds, sets)
    if isinstance(statement, ast.AnnAssign) and statement.value is None:
        binds.clear()  # `x: int` promises x, and binds nothing
    binds.discard("*")
    return binds, uses, sets


def _symbols(table: symtable.SymbolTable) -> Iterator[symtable.Symbol]:
    """As `get_symbols`, which looks through all inner scopes for each name: too long where there are many of both."""
    symbols: dict[str, int] = table._table.symbols  # type: ignore[attr-defined]  # noqa: SLF001 - as above
    return (symtable.Symbol(name, flags) for name, flags in symbols.items())


def _below(table: symtable.SymbolTable) -> Iterator[symtable.SymbolTable]:
    """All scopes inside of one."""
    waiting = table.get_children()
    while waiting:
        yield (inner := waiting.pop())
        waiting.extend(inner.get_children())


def _names_of_import(statement: ast.Import | ast.ImportFrom) -> Iterator[str]:
    for alias in statement.names:
        if alias.name != "*":
            yield alias.asname or (
                alias.name if isinstance(statement, ast.ImportFrom) else alias.name.partition(".")[0]
            )


def _globals_of(table: symtable.SymbolTable) -> Iterable[str]:
    if isinstance(table, symtable.Function):
        return table.get_globals()
    # In a class body, a name that isn't bound yet is looked up in the module.
    return (symbol.get_name() for symbol in _symbols(table) if symbol.is_referenced())


def _add_declared(table: symtable.SymbolTable, binds: set[str], sets: set[str]) -> None:
    """Names that an inner scope binds in the module: a function by `global`, a comprehension at once by `:=`."""
    at_once = table.get_name().strip("<>") in _COMPREHENSIONS
    for symbol in _symbols(table):
        if symbol.is_declared_global() and (symbol.is_assigned() or symbol.is_imported()):
            (binds if at_once else sets).add(symbol.get_name())


def _joined(effects: Iterable[_Effects]) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    changes, methods, calls = set[str](), set[str](), set[str]()
    for each in effects:
        changes |= each.changes
        methods |= each.methods
        calls |= each.calls
    return frozenset(changes), frozenset(methods), frozenset(calls)


class _Effects(NamedTuple):
    """What a statement does to objects, without what stands in its blocks."""

    changes: set[str]
    methods: set[str]
    calls: set[str]


def effects_of(part: ast.stmt) -> _Effects:
    """What a statement does to objects, what stands in its blocks left out."""
    changes, methods, calls = set[str](), set[str](), set[str]()
    for target in _targets(part):
        if not isinstance(target, ast.Name) or isinstance(part, ast.AugAssign):
            changes.update(root_of(target))
    if isinstance(part, ast.Expr | ast.Assign | ast.AnnAssign) and isinstance(part.value, ast.Call):
        function = part.value.func
        if part.value.args and (called_name(function) in _CHANGE_THEIR_FIRST or _is_of_a_type(function)):
            changes.update(root_of(part.value.args[0]))
        for keyword in part.value.keywords:
            if keyword.arg == "out":
                changes.update(root_of(keyword.value))
        (calls if isinstance(function, ast.Name) else methods).update(root_of(function))
    for call in calls_in(part):
        for given in (call.func, *call.args):  # `list(map(rows.append, …))`, too
            if isinstance(given, ast.Attribute) and given.attr in _CHANGE_THEIR_OWN:
                methods.update(root_of(given))
    return _Effects(changes, methods, calls)


def called_name(function: ast.expr) -> str:
    """The last part of what is called: "seed" of `np.random.seed`; "" where it has no name."""
    return getattr(function, "attr", "") or getattr(function, "id", "")


def calls_in(part: ast.stmt) -> Iterator[ast.Call]:
    """The calls in a statement, without those in statements of its blocks and in functions that it defines."""
    waiting: list[ast.AST] = [part]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Call):
            yield node
        inner = (each for each in ast.iter_child_nodes(node) if not isinstance(each, ast.stmt | ast.Lambda))
        waiting.extend(inner)


def _is_of_a_type(function: ast.expr) -> bool:
    return isinstance(function, ast.Attribute) and getattr(function.value, "id", "") in _TYPES


def parts_of(statement: ast.stmt) -> Iterator[ast.stmt]:
    """A statement and those inside of it that run when it runs, in document order."""
    waiting: list[ast.AST] = [statement]
    while waiting:
        part = waiting.pop()
        if isinstance(part, _DEFINITIONS):
            continue
        if isinstance(part, ast.stmt):
            yield part
        fields = ("body", "handlers", "cases", "orelse", "finalbody")
        inner = [each for field in fields for each in _listed(getattr(part, field, ()))]
        waiting.extend(reversed(inner))


def _listed(block: object) -> list[ast.AST]:
    """The statements of a block; a conditional expression's `body` is none."""
    return block if isinstance(block, list) else []


def _targets(statement: ast.stmt) -> Iterator[ast.expr]:
    """What a statement assigns to or deletes, tuples taken apart."""
    waiting: list[ast.expr] = list(getattr(statement, "targets", ()))
    if isinstance(statement, ast.AugAssign | ast.AnnAssign | ast.For | ast.AsyncFor):
        waiting.append(statement.target)
    if isinstance(statement, ast.With | ast.AsyncWith):
        waiting.extend(item.optional_vars for item in statement.items if item.optional_vars is not None)
    while waiting:
        target = waiting.pop()
        if isinstance(target, ast.Tuple | ast.List):
            waiting.extend(target.elts)
        else:
            yield target.value if isinstance(target, ast.Starred) else target


def aliases_of(statement: ast.stmt) -> Iterator[Alias]:
    """What `a = b[0].c`, `a = b = []`, `a = {"k": b}` and `for a in zip(b, c):` give a further name to."""
    names = frozenset(target.id for target in _targets(statement) if isinstance(target, ast.Name))
    if isinstance(statement, ast.For | ast.AsyncFor):
        sources = {node.id for node in ast.walk(statement.iter) if isinstance(node, ast.Name)}
    elif isinstance(statement, ast.Assign | ast.AnnAssign) and statement.value is not None:
        sources = set(_names_inside(statement.value))
        if len(getattr(statement, "targets", ())) > 1:
            sources |= names
    else:
        return
    if names and sources:
        yield Alias(names, frozenset(sources))


def _names_inside(value: ast.expr) -> Iterator[str]:
    """The names of objects that a value may be, be a view of, or hold."""
    waiting: list[ast.expr | None] = [value]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Tuple | ast.List | ast.Set):
            waiting.extend(node.elts)
        elif isinstance(node, ast.Dict | ast.BoolOp):
            waiting.extend(node.values)
        elif isinstance(node, ast.IfExp):
            waiting.extend((node.body, node.orelse))
        elif isinstance(node, ast.Starred | ast.NamedExpr):
            waiting.append(node.value)
        elif node is not None and not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
            yield from root_of(node)
            if isinstance(node, ast.Call) and node.args and called_name(node.func) in _GIVE_VIEWS:
                waiting.append(node.args[0])


def root_of(node: ast.expr) -> Iterator[str]:
    """The name that an expression such as `a.b[c].d(e).f` starts from, where it starts from one."""
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Call):
        node = node.func if isinstance(node, ast.Call) else node.value
    if isinstance(node, ast.Name):
        yield node.id


def decorators_of(statement: ast.stmt) -> Iterator[tuple[str, bool]]:
    """The name that each decorator of a definition starts from, and whether it is more than that name: a method."""
    for decorator in getattr(statement, "decorator_list", ()):
        plain = decorator.func if isinstance(decorator, ast.Call) else decorator
        yield from ((name, not isinstance(plain, ast.Name)) for name in root_of(plain))


def names_changed_in(statement: ast.stmt) -> frozenset[str]:
    """The names of objects that the functions of a definition change in place: `TABLE[name] = f`, `LIST.append(f)`."""
    changed = set[str]()
    for node in nodes_in(statement):
        part = ast.Expr(node.body) if isinstance(node, ast.Lambda) else node
        if isinstance(part, ast.stmt) and not isinstance(part, _DEFINITIONS):
            effects = effects_of(part)
            changed |= effects.changes | effects.methods
    return frozenset(changed)


def numpy_names_in(statement: ast.stmt) -> Iterator[tuple[str, int]]:
    """What a statement takes from numpy by `np.name` or `numpy.name`, and on which line of its tree."""
    for node in nodes_of_kind(ast.Attribute, statement):
        if isinstance(node.value, ast.Name) and node.value.id in ("np", "numpy"):
            yield node.attr, node.lineno


def imports_in(statement: ast.stmt) -> list[ast.Import | ast.ImportFrom]:
    """All imports of a statement, also those in functions that it defines, and by `import_module("name")`."""
    nodes = nodes_in(statement)
    plain = [node for node in nodes if isinstance(node, ast.Import | ast.ImportFrom)]
    return plain + [ast.Import([ast.alias(name)]) for node in nodes for name in _imported_by_call(node)]


def _imported_by_call(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Call) and node.args and called_name(node.func) == "import_module":
        name = getattr(node.args[0], "value", None)
        if isinstance(name, str) and all(map(str.isidentifier, name.split("."))):
            yield name


def attributes_in(statement: ast.stmt) -> frozenset[str]:
    """The names of all attributes in a statement."""
    return frozenset(node.attr for node in nodes_of_kind(ast.Attribute, statement))


def words_in_texts(statement: ast.stmt) -> frozenset[str]:
    """What could be a name in the texts of a statement."""
    texts = (node.value for node in nodes_of_kind(ast.Constant, statement))
    return frozenset(word for text in texts if isinstance(text, str) for word in _WORD.findall(text))


def is_main_guard(statement: ast.stmt) -> bool:
    """Whether a statement is `if __name__ == "__main__":`, in either order and with further conditions."""
    if not isinstance(statement, ast.If):
        return False
    for node in ast.walk(statement.test):
        if isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.Eq):
            sides = (node.left, *node.comparators)
            names = any(isinstance(side, ast.Name) and side.id == "__name__" for side in sides)
            if names and any(isinstance(side, ast.Constant) and side.value == "__main__" for side in sides):
                return True
    return False


def is_asking_for_input(statement: ast.stmt) -> bool:
    """Whether a statement waits for the keyboard when it runs."""
    waiting: list[ast.AST] = [statement]
    while waiting:
        node = waiting.pop()
        if isinstance(node, (*_DEFINITIONS, ast.Lambda)):
            continue
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("input", "raw_input"):
            return True
        waiting.extend(ast.iter_child_nodes(node))
    return False


def is_inert(statement: ast.stmt) -> bool:
    """Whether a statement does nothing: a docstring, another constant, `pass`."""
    return isinstance(statement, ast.Pass) or (
        isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    )


def is_placeholder(statement: ast.stmt, text: str) -> bool:
    """Whether a function was handed in as the handout gave it: no code, or a NotImplementedError before any return."""
    if not isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
        return False
    if all(map(is_inert, statement.body)):
        return True
    try:
        return "NotImplemented" in text and _ending(statement.body).gives_up
    except RecursionError:  # a thousand elifs: no handout
        return False


class _Ending(NamedTuple):
    """How a block ends."""

    gives_up: bool  #: it surely comes to a NotImplementedError before it can return
    returns: bool  #: there is a return or a yield in it


def _ending(block: Sequence[ast.stmt]) -> _Ending:
    """How a block ends. Every node is looked at once, however deep the blocks lie in each other."""
    for number, part in enumerate(block):
        ending = _Ending(True, False) if _is_not_implemented(part) else _ending_of(part)
        if ending.gives_up:
            return _Ending(True, ending.returns or any(map(_has_return, block[number + 1 :])))
        if ending.returns:
            return ending
    return _Ending(False, False)


def _ending_of(part: ast.stmt) -> _Ending:
    if isinstance(part, ast.If):
        body, orelse = _ending(part.body), _ending(part.orelse)
        returns = body.returns or orelse.returns or _has_return(part.test)
        return _Ending(body.gives_up and orelse.gives_up, returns)
    if isinstance(part, ast.For | ast.While) and any(map(_is_not_implemented, part.body)):
        # Code below the raise shows that it is a blank; `for key in options: raise …` may be meant, and never run.
        is_starters = any(_is_not_implemented(each) for each in part.body[:-1]) and _ending(part.body).gives_up
        return _Ending(is_starters, not is_starters and _has_return(part))
    return _Ending(False, _has_return(part))


def _has_return(node: ast.AST) -> bool:
    return any(isinstance(inner, ast.Return | ast.Yield | ast.YieldFrom) for inner in ast.walk(node))


def _is_not_implemented(statement: ast.stmt) -> bool:
    if not isinstance(statement, ast.Raise):
        return False
    raised = statement.exc.func if isinstance(statement.exc, ast.Call) else statement.exc
    return isinstance(raised, ast.Name) and raised.id in ("NotImplementedError", "NotImplemented")
