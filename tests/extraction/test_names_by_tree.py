"""The names of a statement are the same whether its tree tells them or Python's compiler."""

from __future__ import annotations

import ast
import symtable
from collections.abc import Iterator
from pathlib import Path

import pytest
from planted.assemble import source, variants

from grader.extraction import scopes
from grader.extraction.in_child import read_and_slice
from grader.extraction.scopes import facts_of

#: Each in a way of its own: where names are read, bound, hidden by others, or told by words that are more than names.
STATEMENTS = (
    "def f(x, /, y, *z, w=a, **k): return x + y + b",
    "def f(x=x): return x",
    "def f(x): return [x for x in x if y]",
    "def f(x): return [y for x in z for y in x], y",
    "def f(x): return {k: [v for v in k] for k, v in x}, k",
    "def f(): return (a for a in (a for a in a))",
    "def f(a): a.b[c] = d; del e; e",
    "def f(): total += 1",
    "def f():\n    for i, (j, *k) in rows: i.x\n    with a as b, c as d[e]: b\n    return f",
    "@g(x)\n@h\ndef f(x: T = y) -> [x for x in u]: return T",
    "def f(x): return lambda x, y=z: x + y + w",
    "def f():\n    def g(): return x\n    x = 1\n    return g",
    "def f():\n    global n\n    n = 1",
    "def f():\n    try: import a.b\n    except E as e: raise e from None\n    return a, e",
    "def f(): return [(last := y) for y in ys], last",
    "def f():\n    x: int = 3\n    return x",
    "def f(): return super().f()",
    "async def f(x): return await x",
    "def f(x):\n    match x:\n        case [a, *b]: return a",
    "def f(x): yield x",
    "class A(B):\n    c = d\n    def m(self): return c",
    "x = [a for a in b]",
    "def f(x=[a for a in b]): [a for a in x]",
    "x[i], y.z = f(x)",
    "x: int",
    "x: int = y",
    "x += 1",
    "for i in range(n): total[i] = i",
    "if a: b = [c for c in d]\nelse: del e",
    "while f(x): x = g(lambda y: y + h)",
    "(lambda x: x)(x)",
    "if a:\n    def f(): return a",
    "def f(x, x): pass",
    "def f(x):\n    from numpy import *",
    "def f(): return " + " + ".join(["x"] * 2_000),
    "def f(): return " + "[" * 30 + "x" + " for x in x]" * 30,
)


def told(statement: ast.stmt, text: str) -> object:
    try:
        return facts_of(statement, text)
    except SyntaxError as error:
        return error.msg


def our_own_statements() -> Iterator[tuple[ast.stmt, str]]:
    for path in sorted(Path(scopes.__file__).parent.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        for statement in ast.parse(text).body:
            first = min([statement.lineno, *(each.lineno for each in getattr(statement, "decorator_list", ()))])
            yield statement, "\n".join(text.split("\n")[first - 1 : statement.end_lineno])


@pytest.mark.parametrize("text", STATEMENTS)
def test_a_tree_tells_the_names_that_the_compiler_tells(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    (statement,) = ast.parse(text).body
    by_tree = told(statement, text)
    monkeypatch.setattr(scopes, "_names_by_tree", lambda *_: None)
    assert told(statement, text) == by_tree


def test_trees_of_our_own_code_tell_the_names_that_the_compiler_tells(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [*our_own_statements()][::4]
    by_tree = [told(*each) for each in found]
    monkeypatch.setattr(scopes, "_names_by_tree", lambda *_: None)
    assert [told(*each) for each in found] == by_tree


def test_a_plain_submission_is_parsed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[str] = []
    really_parse = ast.parse

    def parse(text: str) -> ast.Module:
        parsed.append(text)
        return really_parse(text)

    def no_symtable(*_: object) -> None:
        raise AssertionError("a statement was parsed once more")

    monkeypatch.setattr(ast, "parse", parse)
    monkeypatch.setattr(symtable, "symtable", no_symtable)
    text = source(next(each for each in variants("right") if each.name == "base"))
    said = read_and_slice(["hw", [["hw.py", text.encode()]], [["softmax", None, [], []]], ["numpy"], {}])
    assert said.startswith(b"[")
    assert parsed == [text]
