"""What is told of a function's source to those who never see it: nobody but the jailed child parses a submission.

Checks of the source ask for what a rubric forbids, signatures for how many arguments a function takes, and the search
for functions that aren't filled in for the names that it makes and calls.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from .model import FunctionFacts, Names, Takes, Use
from .parsing import TopStatement
from .scopes import nodes_in, nodes_of_kind

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
    definitions: Mapping[str, list[TopStatement]]  #: by their names
    has_lambdas: bool  #: that are given a name
    made: tuple[str, ...]  #: at its top level
    begun: frozenset[int]  #: lines on which a statement begins that is no definition, be it kept or not


def module_of(kept: Iterable[TopStatement], written: Iterable[TopStatement]) -> Module:
    """The module that consists of the kept ones of the statements that were written."""
    statements = tuple(kept)
    definitions: dict[str, list[TopStatement]] = {}
    made = set[str]()
    for each in statements:
        if isinstance(each.node, _DEFINITIONS):
            definitions.setdefault(each.node.name, []).append(each)
        else:
            made.update(_made(each.node))
    begun = frozenset(each.line for each in written if not isinstance(each.node, _DEFINITIONS))
    return Module(statements, definitions, any(map(_is_lambda, statements)), _sorted(made), begun)


def _is_lambda(statement: TopStatement) -> bool:
    return isinstance(statement.node, ast.Assign) and isinstance(statement.node.value, ast.Lambda)


def facts_of_function(module: Module, name: str, forbidden: Sequence[str]) -> FunctionFacts:
    """The facts of a function at a module's top level; the last definition counts.

    Args:
        module: the one that the function is in.
        name: what the module calls it; a method's has a dot.
        forbidden: words of which the uses are asked for.
    """
    own = module.definitions.get(name.partition(".")[0], [])
    asked = module.definitions.get(name, [])[-1:]
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
    statements = module.statements if module.has_lambdas else module.definitions.get(name, ())
    found = [arguments for each in statements if (arguments := _arguments(each.node, name)) is not None]
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
    called, made, read = set[str](), set[str](), set[str]()
    for node in (each.node for each in own):
        called.update([call.func.id for call in nodes_of_kind(ast.Call, node) if isinstance(call.func, ast.Name)])
        made.update(_made(node))
        read.update([name.id for name in nodes_of_kind(ast.Name, node) if isinstance(name.ctx, ast.Load)])
    names = Names(_sorted(called), _sorted(made), module.made, _sorted(read))
    return names if all(len(each) <= MOST_NAMES for each in names) else None


def _blanks(own: Sequence[TopStatement]) -> tuple[str, ...]:
    """What a handout leaves to be filled in: `s = None`, and no other line gives it a value."""
    blank = [name for statement in own for name in _left_blank(statement.node)]
    if not blank:
        return ()
    made = Counter(name for statement in own for name in _made(statement.node))
    found = tuple(sorted(name for name, times in Counter(blank).items() if made[name] == times))
    return found if len(found) <= MOST_NAMES else ()


def _left_blank(definition: ast.stmt) -> Iterator[str]:
    """The names that a definition gives no value, each as often as it does so."""
    for assigned in nodes_of_kind(ast.Assign, definition):
        if _is_blank(assigned.value):
            for target in assigned.targets:
                yield from _made(target)
    for annotated in nodes_of_kind(ast.AnnAssign, definition):
        if _is_blank(annotated.value):
            yield from _made(annotated.target)


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


def _made(node: ast.AST) -> list[str]:
    """The names that are bound somewhere in a node, each as often as it is."""
    names = [each.id for each in nodes_of_kind(ast.Name, node) if isinstance(each.ctx, ast.Store)]
    return names + [each.arg for each in nodes_of_kind(ast.arg, node)]


def _sorted(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(names))
