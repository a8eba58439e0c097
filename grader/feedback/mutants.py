"""Machine-made wrong solutions: the reference with one small change each, by the operators of cosmic-ray."""

from __future__ import annotations

import ast
import difflib
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from grader.errors import UsageError
from grader.rubric.model import Rubric

#: A change is known by where it is and what it does; blanks don't count.
Key = tuple[str, str, str]


class Mutant(msgspec.Struct, frozen=True):
    """The reference with one change."""

    function: str  #: the function or class at module level in which the change is
    module: str
    old: str  #: the changed lines, as they were
    new: str
    source: str  #: the whole module, changed
    asked: tuple[str, ...]  #: required functions that the change can reach, without another required one between

    @property
    def key(self) -> Key:
        """How an author refers to the change."""
        return self.function, " ".join(self.old.split()), " ".join(self.new.split())

    @property
    def diff(self) -> str:
        """The change as a diff of lines."""
        return "\n".join([*(f"- {line}" for line in self.old.split("\n")), *(f"+ {x}" for x in self.new.split("\n"))])


def make_mutants(modules: Mapping[str, str], rubric: Rubric) -> list[Mutant]:
    """Every change that an operator makes to a function that is needed, each once.

    Args:
        modules: the reference, sliced down to what the required functions need.

    Raises:
        UsageError: cosmic-ray isn't installed.
    """
    operators = list(_operators())
    reached = _reach(modules, rubric)
    made: dict[Key, Mutant] = {}
    for module, text in modules.items():
        for node in ast.parse(text).body:
            if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and reached.get(node.name):
                for mutant in _mutate_definition(module, text, node, reached[node.name], operators):
                    made.setdefault(mutant.key, mutant)
    return list(made.values())


def _operators() -> Iterator[Any]:
    try:
        from cosmic_ray.operators.provider import OperatorProvider  # an extra: it brings a dozen packages
    except ImportError:
        raise UsageError("mutants need cosmic-ray: pip install 'numgrade[audit]', or say --no-mutants") from None
    provider = OperatorProvider()
    for name in provider:
        if not name.startswith("Variable"):  # these want to be told which variables
            yield provider[name]()


def _mutate_definition(
    module: str, text: str, node: ast.FunctionDef | ast.ClassDef, asked: tuple[str, ...], operators: list[Any]
) -> Iterator[Mutant]:
    lines = text.split("\n")
    first, last = node.lineno - 1, node.end_lineno
    own = "\n".join(lines[first:last])
    meaning = _meaning(own)
    for changed in _change(own, operators):
        if _meaning(changed) not in (meaning, None):
            old, new = _difference(own, changed)
            whole = "\n".join([*lines[:first], changed, *lines[last:]])
            yield Mutant(node.name, module, old, new, whole, asked)


def _change(text: str, operators: list[Any]) -> Iterator[str]:
    from cosmic_ray.ast import ast_nodes, get_ast
    from cosmic_ray.mutating import MutationVisitor

    nodes = list(ast_nodes(get_ast(text)))
    for operator in operators:
        for occurrence in range(sum(1 for node in nodes for _ in operator.mutation_positions(node))):
            visitor = MutationVisitor(occurrence, operator)
            yield visitor.walk(get_ast(text)).get_code()


def _meaning(text: str) -> str | None:
    """The code without what doesn't run: annotations, comments, docstrings. None where it is no code."""
    try:
        tree = ast.parse(text)
    except SyntaxError:
        return None
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            node.returns = None
        if isinstance(node, ast.arg):
            node.annotation = None
    return ast.dump(tree)


def _difference(old: str, new: str) -> tuple[str, str]:
    """The lines that differ, without what all of them are indented by."""
    a, b = old.split("\n"), new.split("\n")
    changes = [op for op in difflib.SequenceMatcher(None, a, b, autojunk=False).get_opcodes() if op[0] != "equal"]
    first, last = changes[0], changes[-1]
    return _dedent(a[first[1] : last[2]]), _dedent(b[first[3] : last[4]])


def _dedent(lines: list[str]) -> str:
    indent = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
    return "\n".join(line[indent:] for line in lines)


def _reach(modules: Mapping[str, str], rubric: Rubric) -> dict[str, tuple[str, ...]]:
    """For each definition the required functions whose answers it can change, not through another required one."""
    definitions = {
        node.name: {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name)}
        for text in modules.values()
        for node in ast.parse(text).body
        if isinstance(node, (ast.FunctionDef, ast.ClassDef))
    }
    roots = {function.root for function in rubric.functions}
    reached: dict[str, dict[str, None]] = {}
    for function in rubric.functions:
        seen, todo = set[str](), [function.root]
        while todo:
            name = todo.pop()
            if name in seen or (name in roots and name != function.root):
                continue
            seen.add(name)
            reached.setdefault(name, {})[function.name] = None
            todo += sorted(definitions.get(name, set()) & definitions.keys())
    return {name: tuple(found) for name, found in reached.items()}
