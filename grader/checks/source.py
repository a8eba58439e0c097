"""source: the function does without what the rubric forbids. Advice only: source text proves nothing about a run."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from typing import Any

from grader.checks.finding import PASSED, Finding, fail
from grader.checks.question import Answer, Kind, Question, specifics
from grader.rubric.check_keys import Checks, Found, FunctionScope
from grader.rubric.fields import TEXTS
from grader.rubric.model import Specifics
from grader.worker.shared.steps import Step

#: Words of `forbid` that mean a construct of the language.
CONSTRUCTS: dict[str, tuple[type[ast.AST], ...]] = {
    "for": (ast.For, ast.AsyncFor, ast.comprehension),
    "while": (ast.While,),
    "lambda": (ast.Lambda,),
    "try": (ast.Try,),
    "global": (ast.Global,),
    "recursion": (),
}


class Forbidden(Specifics, frozen=True):
    """What the source should do without."""

    words: tuple[str, ...]


def read(reader: Checks, found: Found, around: FunctionScope) -> Forbidden:
    """`forbid: [for, np.linalg]`"""
    return Forbidden(reader.words(found.get("forbid"), "forbid"))


def steps(question: Question) -> tuple[Step, ...]:
    """Nothing is run."""
    return ()


def judge(question: Question, truth: Any, answer: Answer) -> Finding:
    """Look for forbidden constructs, imports and dotted names in the function's own definition."""
    module, name = answer.entry
    try:
        tree = ast.parse(answer.modules.get(module, ""))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return PASSED
    definition = [node for node in tree.body if getattr(node, "name", None) == name][-1:]
    imports = [node for node in tree.body if isinstance(node, (ast.Import, ast.ImportFrom))]
    found = [
        (word, line)
        for word in specifics(question, Forbidden).words
        for line in (*_uses(definition, word, name), *_imports(imports, word))
    ]
    if not found:
        return PASSED
    said = "; ".join(f"{word} in line {line}" for word, line in found[:5])
    return fail("forbidden", note=f"Found: {said}.")


def _uses(definition: list[ast.stmt], word: str, name: str) -> Iterator[int]:
    kinds = CONSTRUCTS.get(word)
    for node in (inner for statement in definition for inner in ast.walk(statement)):
        if kinds is None:
            if isinstance(node, (ast.Attribute, ast.Name)) and _is_dotted(node, word):
                yield node.lineno
        elif isinstance(node, kinds) or (word == "recursion" and _is_dotted(node, name)):
            yield getattr(node, "lineno", definition[0].lineno)


def _is_dotted(node: ast.AST, word: str) -> bool:
    if not isinstance(node, (ast.Attribute, ast.Name)):
        return False
    text = ast.unparse(node)
    return text == word or text.startswith(f"{word}.")


def _imports(imports: Sequence[ast.Import | ast.ImportFrom], word: str) -> Iterator[int]:
    for node in imports:
        names = [alias.name for alias in node.names]
        if isinstance(node, ast.ImportFrom):
            names = [f"{node.module}.{name}" for name in names] + [node.module or ""]
        if any(name == word or name.startswith(f"{word}.") for name in names):
            yield node.lineno


KIND = Kind(
    keys={"forbid": TEXTS},
    needed=("forbid",),
    read=read,
    steps=steps,
    judge=judge,
    reasons={"forbidden": "The source uses something that this assignment asks you to do without."},
    runs_code=False,
    advisory=True,
    told_without_points=True,
)
