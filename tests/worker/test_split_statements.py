"""Cutting a module without a tree gives what a tree gives, or nothing."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from planted.assemble import source, variants

from grader.worker.loading import SubmissionLoader
from grader.worker.split_statements import split_statements

SAMPLES = Path(__file__).parents[2] / "sample_submissions"

LINES = [
    *("x = 1", "y = (", "2)", ")", "def f(a):", "    return a", "", "# a comment", "@f", "@f  # twice", "class C:"),
    *("    pass", '"""', "'''", "s = '''a", "if x:", "else:", "elif x: y = 2", "for i in s: pass", "x = 1 + \\"),
    *("  2", "from math import pi, e", "from __future__ import annotations", "import os, sys", "x: int = 3", "x; y"),
    *("try:", "except ImportError:", "    import numpy", "finally: pass", "with f: pass", "lambda: 0", "\f", "]"),
    *("async def g(): pass", "while x: pass", "match x:", "    case 1: pass", "x = [", "  # inside", "a\u2028b = 1"),
]


@cache
def programs() -> tuple[str, ...]:
    """Every planted solution and every sample. Read when asked for: that takes a second."""
    planted = (source(variant) for kind in ("right", "wrong") for variant in variants(kind))
    samples = (path.read_text(encoding="utf-8", errors="replace") for path in sorted(SAMPLES.rglob("*.py")))
    return (*planted, *samples)


def from_a_tree(text: str) -> list[tuple[object, ...]] | None:
    """Line and syntax tree of each statement; None where the text doesn't parse."""
    try:
        return [(_first_line(statement), ast.dump(statement)) for statement in ast.parse(text).body]
    except SyntaxError:
        return None


def _first_line(statement: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    return min([statement.lineno, *(each.lineno for each in decorators)])


def in_pieces(text: str) -> list[tuple[object, ...]] | None:
    """The same from the pieces; None where there are none, or one of them doesn't parse."""
    try:
        cut = [(line, ast.parse(piece).body) for line, piece in split_statements(text) or []]
    except SyntaxError:
        return None
    return None if split_statements(text) is None else [(line, *map(ast.dump, body)) for line, body in cut]


@pytest.mark.parametrize("chunk", range(8))
def test_every_planted_and_sample_program_is_cut_as_its_tree_says(chunk: int) -> None:
    for text in programs()[chunk::8]:
        assert in_pieces(text) in (from_a_tree(text), None)


def test_most_planted_programs_need_no_tree() -> None:
    cut = [in_pieces(text) for text in programs()]
    assert sum(each is not None for each in cut) > 0.8 * len(cut)


@given(st.lists(st.sampled_from(LINES), max_size=8).map("\n".join))
def test_a_cut_is_as_the_tree_says_or_there_is_none(text: str) -> None:
    assert in_pieces(text) in (from_a_tree(text), None)


@given(st.text(alphabet="ab1 \n#'\"\\():=@;,\t", max_size=30))
def test_no_text_is_cut_otherwise(text: str) -> None:
    assert in_pieces(text) in (from_a_tree(text), None)


def test_the_code_is_the_same_too() -> None:
    cut = [text for text in programs()[::20] if split_statements(text)]
    assert len(cut) > 20
    for text in cut:
        loader = SubmissionLoader({"m": text}, ())
        quick = list(loader.statements("m", text))
        slow = list(loader._compile_from_tree("m", text))
        assert [code for _, code, _ in quick] == [code for _, code, _ in slow]
        assert not loader.faults
