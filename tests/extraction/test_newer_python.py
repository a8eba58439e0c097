"""Python that is newer than ours is read in the older way, or its version is named; it is never called Python 2."""

from __future__ import annotations

import ast
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from submitting import extracted, kept, notebook, read

from grader.extraction.newer_python import rewrite

NAMES = {"d": {"a": 1, "it's": 2, "x\n": 3}, "x": 2.5, "w": 7, "xs": ["p", "q"]}


def value_of(text: str) -> object:
    return eval(compile(text.strip(), "f", "eval"), dict(NAMES))


@pytest.mark.parametrize(
    ("newer", "older"),
    [
        ("f'{d['a']}'", "f'{d[\"a\"]}'"),
        ("f'{d['a']!r:>{w}} and {x:.3f} {{}}' 'x'", "f'{d[\"a\"]!r:>{w}} and {x:.3f} {{}}' 'x'"),
        ('f"{"\\n".join(xs)}"', "'p\\nq'"),
        ('f"{d["it\'s"]}"', "'2'"),
        ("f'''{d['''a''']}'''", "'1'"),
        ("f'{x!='a'}'", "'True'"),
        ("f'{(lambda: 'a')()}'", "'a'"),
        ("f'{w:{'>'}10}'", "f'{w:>10}'"),
        ("f'{f'{x}'}'", "'2.5'"),
        ("f'{f'{d['a']}-{w}'}'", "'1-7'"),
        ("rf'\\d{d['a']}'", "'\\\\d1'"),
        ("f'{''}'", "''"),
        ("f'{\n  x\n}'", "'2.5'"),
        ("f'a' f'{d['a']}' 'b'", "'a1b'"),
    ],
)
def test_an_f_string_keeps_its_value(newer: str, older: str) -> None:
    found = rewrite(newer)
    assert found is not None
    assert value_of(found.text) == value_of(older)
    assert found.text.count("\n") == newer.count("\n")


@pytest.mark.parametrize(
    "text",
    ["f'{f'{f'{x}'}'}'", "f'{x'", "f'{'a' '\\n'}'", "f'{d['a'] # why\n}'", "t'{d['a']}'", "'f{d['a']}'", "f'{x}'"],
)
def test_what_can_not_be_said_in_the_older_way_is_left_alone(text: str) -> None:
    assert rewrite(text) is None


@given(st.text(alphabet="fr'\"{}[]:!\\\n# ax=,().", max_size=40))
def test_no_text_is_turned_into_something_else_that_parses_longer(text: str) -> None:
    found = rewrite(text)
    assert found is None or (found.text != text and found.text.count("\n") == text.count("\n"))


@pytest.mark.parametrize(
    ("newer", "older", "said"),
    [
        (
            "def f(x):\n    try:\n        return x\n    except ValueError, TypeError:\n        return 0\n",
            "def f(x):\n    try:\n        return x\n    except (ValueError, TypeError):\n        return 0\n",
            "line 4: read as Python 3.14: `except A, B:`",
        ),
        (
            "def f(x):\n    try:\n        return x\n    except a.Error, b.Error, KeyError:\n        return 0\n",
            "def f(x):\n    try:\n        return x\n    except (a.Error, b.Error, KeyError):\n        return 0\n",
            "line 4: read as Python 3.14: `except A, B:`",
        ),
        (
            "def f[T: (int, float)](x: T) -> T:\n    return x\n",
            "def f(x: T) -> T:\n    return x\n",
            "line 1: read as Python 3.12: type parameters",
        ),
        (
            "@cached\nasync def f[T, *Ts, **P](x: T) -> T:\n    return x\n",
            "@cached\nasync def f(x: T) -> T:\n    return x\n",
            "line 2: read as Python 3.12: type parameters",
        ),
        (
            "class f[T](list):\n    def g[U](self): return 1\n",
            "class f(list):\n    def g(self): return 1\n",
            "line 1: read as Python 3.12: type parameters",
        ),
        (
            "type X[T] = dict[str, T]\ndef f(x: X): return x\n",
            "X = lambda:  dict[str, T]\ndef f(x: X): return x\n",
            "line 1: read as Python 3.12: a `type` statement",
        ),
        (
            "lazy import json\ndef f(x): return json\n",
            "import json\ndef f(x): return json\n",
            "line 1: read as Python 3.15: a lazy import",
        ),
    ],
)
@pytest.mark.parametrize("cells", [False, True])
def test_a_newer_statement_is_graded_as_what_it_means(
    tmp_path: Path, newer: str, older: str, said: str, cells: bool
) -> None:
    found = extracted(read(tmp_path, {"hw.ipynb": notebook(newer)} if cells else {"hw.py": newer}), "f")
    assert [line for line in found.modules["hw"].split("\n") if line] == older.splitlines()
    assert [f"{note.where.partition(', ')[2]}: {note.message}" for note in found.problems] == [said]


@pytest.mark.parametrize("text", ["except ValueError, TypeError:", "def f[T](x): pass", "type X = int"])
def test_nothing_changes_within_a_text_or_a_comment(text: str) -> None:
    source = f"S = '''\n{text}\n'''\n# {text}\n"
    assert rewrite(source) is None
    found = rewrite(source + "type Y = int\n")
    assert found is not None
    assert found.text == source + "Y = lambda:  int\n"


NEEDS = [
    ("    return t'{x}'\n", (3, 14), "a t-string"),
    ("    return [*y for y in x]\n", (3, 15), "unpacking within a comprehension"),
    ('    return f"{\n        x  # why\n    }"\n', (3, 12), "quotes or backslashes within an f-string"),
    ("    return f'{f'{f'{x}'}'}' + f'{'a\\n' '\\n'}'\n", (3, 12), "quotes or backslashes within an f-string"),
]


@pytest.mark.parametrize(("line", "version", "what"), [each for each in NEEDS if each[1] > sys.version_info[:2]])
def test_what_can_not_be_rewritten_is_told_with_the_version_that_it_needs(
    tmp_path: Path, line: str, version: Sequence[int], what: str
) -> None:
    found = extracted(read(tmp_path, {"hw.py": f"def g(): pass\ndef f(x):\n{line}"}), "f")
    needs = f"Python {version[0]}.{version[1]}"
    assert needs in found.missing["f"]
    assert what in found.missing["f"]
    assert "Python 2" not in found.missing["f"]


UNPACKS = "return [*y for y in x]"


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (f"def f(x):\n    {UNPACKS}\n", "f can't be read"),
        (f"def f(x):\n    return h(x)\ndef h(x):\n    {UNPACKS}\n", "h can't be read"),
        (f"def f(x):\n    return 1\ndef f(x):\n    {UNPACKS}\n", "f can't be read"),
        ("def f(x): return S\nS = [*y for y in 'ab']\n", "S can't be read"),
        ("def f(x): return S\nfor k in 'ab':\n    S = [*y for y in 'ab']\n", "S can't be read"),
        (f"class K:\n    def m(self): pass\n    def n(self): {UNPACKS}\ndef f(x): return K()\n", "n can't be read"),
        (f"def f(x):\n    {UNPACKS}\ndef f(x):\n    return 1\n", ""),
        (f"def f(x):\n    return 1\ndef h(x):\n    f = 1\n    {UNPACKS}\n", ""),
        (f"class K:\n    def m(self): pass\n    def n(self): {UNPACKS}\ndef f(x): return 1\n", ""),
        ("S = [*y for y in 'ab']\ndef f(x): return 1\n", ""),
    ],
)
def test_one_function_that_needs_a_newer_python_has_the_whole_await_a_person(
    tmp_path: Path, source: str, said: str
) -> None:
    found = extracted(read(tmp_path, {"hw.py": f"def g(x): return x\n{source}"}), "f", "g")
    assert "g" in found.entries
    assert [said in note.message and "Python 3.15" in note.message for note in found.too_new] == [True] * bool(said)


@pytest.mark.parametrize(
    "text",
    [
        "def f(x):\n    try:\n        return x\n    except ValueError, e:\n        return 0\n",
        "def f(x):\n    print 'x', f(x)\n",
    ],
)
def test_python_2_is_still_called_that(tmp_path: Path, text: str) -> None:
    assert "this is Python 2" in extracted(read(tmp_path, {"hw.py": text}), "f").missing["f"]


def test_python_3_is_kept_as_it_is(tmp_path: Path) -> None:
    source = "type = 3\ndef f(x):\n    return f'{x!r:>{type}}' + f\"{'a'}\"\n"
    ast.parse(source)
    assert kept(tmp_path, source, "f") == source.splitlines()
