"""What is told of a function's source to those who never see it: nobody but the jailed child parses a submission.

Checks of the source ask for what a rubric forbids, signatures for how many arguments a function takes, and the search
for functions that aren't filled in for the names that it makes and calls.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from .model import FunctionFacts, Names, Takes, Use
from .parsing import TopStatement
from .scopes import nodes_in

#: Words of `forbid` that mean a construct of the language.
CONSTRUCTS: dict[str, tuple[type[ast.AST], ...]] = {
    "for": (ast.For, ast.AsyncFor, ast.comprehension),
    "while": (ast.While,),
    "lambda": (ast.Lambda,),
    "try": (ast.Try,),
    "global": (ast.Global,),
    "recursion": (),
}
MOST_LINES = 5  #: that are told of each forbidden word
MOST_PARAMETERS = 100  #: of which the names are told
MOST_NAMES = 2_000  #: of a module or a function: with more of them, none is told
LINES_BELOW = 3  #: a function that are looked at with it, as if they belonged there
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_COMPOUND = (
    *_DEFINITIONS,
    *(ast.If, ast.For, ast.AsyncFor, ast.While, ast.With, ast.AsyncWith, ast.Try, ast.TryStar, ast.Match),
)


class Module(NamedTuple):
    """The statements of a module that are kept, and what several of its functions share."""

    statements: tuple[TopStatement, ...]
    made: tuple[str, ...]  #: at its top level
    begun: frozenset[int]  #: lines on which a statement begins that is no definition, be it kept or not


def module_of(kept: Sequence[TopStatement], written: Iterable[TopStatement]) -> Module:
    """The module that consists of the kept ones of the statements that were written."""
    plain = (statement.node for statement in kept if not isinstance(statement.node, _DEFINITIONS))
    made = _sorted({name for node in plain for name in _made(nodes_in(node))})
    begun = frozenset(each.line for each in written if not isinstance(each.node, _DEFINITIONS))
    return Module(tuple(kept), made, begun)


def facts_of_function(module: Module, name: str, forbidden: Sequence[str]) -> FunctionFacts:
    """The facts of a function at a module's top level; the last definition counts.

    Args:
        module: the one that the function is in.
        name: what the module calls it; a method's has a dot.
        forbidden: words of which the uses are asked for.
    """
    own = [each for each in module.statements if getattr(each.node, "name", None) == name.partition(".")[0]]
    asked = [each for each in own if getattr(each.node, "name", None) == name][-1:]
    lines = {word: [*_uses(asked, word, name), *_imports(module, word)] for word in forbidden}
    uses = tuple(use for word, found in lines.items() for use in _lines_of(word, found))
    blanks, has_blocks = _blanks(asked or own), any(_has_blocks(each, module) for each in own[-1:])
    return FunctionFacts(uses, _takes(module, name), _names(module, own), _lines(own), blanks, has_blocks)


# --- what is forbidden ---


def _lines_of(word: str, lines: Iterable[int]) -> Iterator[Use]:
    yield from (Use(word, line) for line in list(dict.fromkeys(lines))[:MOST_LINES])


def _uses(definition: Sequence[TopStatement], word: str, name: str) -> Iterator[int]:
    kinds = CONSTRUCTS.get(word)
    for statement in definition:
        for node in nodes_in(statement.node):
            if kinds is None or word == "recursion":
                found = isinstance(node, ast.Attribute | ast.Name) and _is_dotted(node, name if kinds == () else word)
            else:
                found = isinstance(node, kinds)
            if found:
                yield statement.offset + getattr(node, "lineno", getattr(statement.node, "lineno", 1))


def _is_dotted(node: ast.expr, word: str) -> bool:
    """Whether a node is a dotted name, no more of it than the word: of `np.linalg.inv` each part is a node too."""
    parts = word.split(".")
    for part in reversed(parts[1:]):
        if not isinstance(node, ast.Attribute) or node.attr != part:
            return False
        node = node.value
    return isinstance(node, ast.Name) and node.id == parts[0]


def _imports(module: Module, word: str) -> Iterator[int]:
    for statement in module.statements:
        node = statement.node
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = [alias.name for alias in node.names]
            if isinstance(node, ast.ImportFrom):
                within = names if len(node.module or "") < len(word) else ()  # a longer name says all by itself
                names = [*(f"{node.module}.{name}" for name in within), node.module or ""]
            if any(name == word or name.startswith(f"{word}.") for name in names):
                yield statement.offset + node.lineno


# --- how it is called ---


def _takes(module: Module, name: str) -> Takes | None:
    """Of a `def`, or a name for a `lambda`; None for all else."""
    found = [arguments for each in module.statements if (arguments := _arguments(each.node, name)) is not None]
    if not found:
        return None
    names = tuple(each.arg for each in (*found[-1].posonlyargs, *found[-1].args))
    least = len(names) - len(found[-1].defaults)
    return Takes(least, None if found[-1].vararg else len(names), names[:MOST_PARAMETERS])


def _arguments(node: ast.stmt, name: str) -> ast.arguments | None:
    if isinstance(node, ast.FunctionDef) and node.name == name:
        return node.args
    if isinstance(node, ast.Assign) and isinstance(node.value, ast.Lambda):
        return node.value.args if any(isinstance(t, ast.Name) and t.id == name for t in node.targets) else None
    return None


# --- its names ---


def _names(module: Module, own: Sequence[TopStatement]) -> Names | None:
    nodes = [node for statement in own for node in nodes_in(statement.node)]
    called = {node.func.id for node in nodes if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
    read = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
    names = Names(_sorted(called), _sorted(set(_made(nodes))), module.made, _sorted(read))
    return names if all(len(each) <= MOST_NAMES for each in names) else None


def _blanks(own: Sequence[TopStatement]) -> tuple[str, ...]:
    """What a handout leaves to be filled in: `s = None`, and no other line gives it a value."""
    blank = Counter(name for statement in own for name in _left_blank(statement.node))
    if not blank:
        return ()
    made = Counter(name for statement in own for name in _made(nodes_in(statement.node)))
    found = tuple(sorted(name for name, times in blank.items() if made[name] == times))
    return found if len(found) <= MOST_NAMES else ()


def _left_blank(definition: ast.stmt) -> Iterator[str]:
    """The names that a definition gives no value, each as often as it does so."""
    for node in nodes_in(definition):
        if isinstance(node, ast.Assign | ast.AnnAssign) and _is_blank(node.value):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            yield from (name for target in targets for name in _made(nodes_in(target)))


def _is_blank(value: ast.expr | None) -> bool:
    if isinstance(value, ast.Tuple):
        return bool(value.elts) and all(isinstance(e, ast.Constant) and _is_blank(e) for e in value.elts)
    return isinstance(value, ast.Constant) and (value.value is None or value.value is ...)


def _lines(own: Sequence[TopStatement]) -> tuple[int, int] | None:
    """Where the last definition of a function begins and ends; of a method its class, whose methods call each other."""
    if not own:
        return None
    node, offset = own[-1].node, own[-1].offset
    return offset + node.lineno, offset + (node.end_lineno or node.lineno)


def _has_blocks(definition: TopStatement, module: Module) -> bool:
    """Whether a line may stand in another block: within, or just below, where the last line isn't what it returns."""
    node = definition.node
    below = range(definition.last_line + 1, definition.last_line + 1 + LINES_BELOW)
    if not isinstance(node, ast.FunctionDef) or not module.begun.isdisjoint(below):
        return True
    return not isinstance(node.body[-1], ast.Return) or any(isinstance(each, _COMPOUND) for each in node.body)


def _made(nodes: Iterable[ast.AST]) -> Iterator[str]:
    """The names that are bound somewhere in these nodes."""
    for node in nodes:
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.arg):
            yield node.arg


def _sorted(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(names))
