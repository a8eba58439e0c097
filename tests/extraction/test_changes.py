"""Small changes of a function are made of whatever was handed in, or not at all: nothing else is lost by it."""

from __future__ import annotations

import pytest

from grader.extraction.changes.listing import list_changes
from grader.extraction.changes.model import MOST_CHANGES, Change, join_changes
from grader.extraction.repairs.names import near_names

DEEP = "def f(x):\n    return " + "-(" * 80 + "x" + ")" * 80 + "\n"
LONG = "def f(x):\n" + "".join(f"    v{n} = x + {n}\n" for n in range(5_000)) + "    return v1\n"
ODD = {
    "a nested function": "def f(x):\n    def g(y):\n        return y * 3\n    return g(x)\n",
    "a class": "def f(x):\n    class A:\n        def g(self):\n            return x * 3\n    return A().g()\n",
    "a generator": "def f(x):\n    yield from (3 * each for each in x)\n",
    "exec": "def f(x):\n    exec('x = x * 3')\n    return x\n",
    "starred": "def f(x):\n    return max(*x) + min(*[*x])\n",
    "a lambda and a walrus": "def f(x):\n    g = lambda y: (z := y * 3) + z\n    return g(x)\n",
    "match": "def f(x):\n    match x:\n        case [a, *b]:\n            return a * 3\n    return 0\n",
    "one line": "def f(x): return 3 * x\n",
    "letters of two bytes": "def f(x):\n    größe = 'ü' * 3; return größe + x\n",
    "a text over lines": "def f(x):\n    s = '''\nx * 3\n'''\n    return s * 3\n",
}


def changed(source: str) -> list[str]:
    """The source with each change that is tried."""
    found = list_changes({"hw": source}, {"f": ("hw", "f")}, "f")
    assert found is not None
    return [source[: each.start] + each.text + source[each.end :] for each in found.changes]


@pytest.mark.parametrize("name", ODD)
@pytest.mark.filterwarnings("ignore::SyntaxWarning")
def test_whatever_stands_in_a_function_every_change_of_it_is_python(name: str) -> None:
    for text in changed(ODD[name]):
        compile(text, "changed", "exec")


@pytest.mark.parametrize("source", ["def f(x:\n", "@cache\ndef f(x):\n    return x\n", "f = lambda x: x\n", "x = 1\n"])
def test_what_is_no_plain_function_has_none(source: str) -> None:
    assert list_changes({"hw": source}, {"f": ("hw", "f")}, "f") is None


@pytest.mark.parametrize("source", [DEEP, LONG])
def test_a_function_nested_deeply_or_of_thousands_of_lines_has_few_or_none(source: str) -> None:
    found = list_changes({"hw": source}, {"f": ("hw", "f")}, "f")
    assert found is None or len(found.changes) <= MOST_CHANGES


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("np.sum(x, axis=0)", "np.sum(x, axis=1)"),
        ("np.dot(x, y)", "np.multiply(x, y)"),
        ("np.exp(x)", "np.log(x)"),
        ("np.maximum(x, y)", "np.minimum(x, y)"),
        ("x - y", "x + y"),
        ("x < y", "x <= y"),
        ("-x", "x"),
        ("x", "-x"),
        ("x @ y", "x.T @ y"),
        ("y - x", "x - y"),
        ("3 * x", "2 * x"),
        ("(x, y)", "(y, x)"),
        ("[x, x]", "[x, y]"),
        ("x * y", "x"),
        ("np.exp(x)", "x"),
        ("x", "x / len(x)"),
        ("x", "np.exp(x)"),
        ("x[1:]", "x[:]"),
        ("x[:-1]", "x[:]"),
        ("range(len(x))", "range(len(x) - 1)"),
        ("x if y else 0", "0 if y else x"),
        ("x * np.log(y) * y", "y * np.log(x) * x"),
        ("(x + 0.1) / 0.1", "(x + 0.0001) / 0.0001"),
        ("-np.mean(x * y)", "-np.mean(np.sum(x * y, axis=-1))"),
    ],
)
def test_every_usual_slip_has_the_change_that_mends_it(old: str, new: str) -> None:
    texts = {text.replace("(", "").replace(")", "") for text in changed(f"def f(x, y):\n    return {old}\n")}
    assert f"def f(x, y):\n    return {new}\n".replace("(", "").replace(")", "") in texts


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("    x += y\n", "    x = x + (y)\n"),
        ("    return x\n", "    x = x.copy()\n    return x\n"),
        ("    if y:\n        x = 1\n", "    if not (y):\n        x = 1\n"),
        ("    if y:\n        x = 1\n", "    if True:\n        x = 1\n"),
        ("    for i in y:\n        x = 1\n        y = 2\n", "    for i in y:\n        x = 1\n    y = 2\n"),
        ("    for i in y:\n        x = 1\n    y = 2\n", "    for i in y:\n        x = 1\n        y = 2\n"),
        ("    assert x\n    return True\n", "    if not (x):\n        return False\n    return True\n"),
        ("    x = 1\n", "    x = 1\n    return x\n"),
    ],
)
def test_every_usual_slip_of_a_statement_has_one_too(old: str, new: str) -> None:
    assert f"def f(x, y):\n{new}" in changed(f"def f(x, y):\n{old}")


def test_two_changes_are_one_where_they_do_not_touch() -> None:
    source = "a + b"
    first, second = Change(0, 1, "c", "a name", 1), Change(4, 5, "d", "a name", 1)
    joined = join_changes(source, (second, first))
    assert joined is not None
    assert source[: joined.start] + joined.text + source[joined.end :] == "c + d"
    assert join_changes(source, (first, first)) is None


def test_a_name_one_letter_away_is_meant_before_those_further_away() -> None:
    assert near_names("atleast_d2", ["atleast_1d", "atleast_2d", "atleast_3d"]) == ["atleast_2d"]
