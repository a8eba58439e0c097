"""What a result depends on: no statement that matters is left out, and what an assignment overwrites doesn't matter."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from typing import Any

import msgspec
import numpy as np
import pytest

from grader.extraction.flows.listing import list_flows
from grader.extraction.flows.model import MOST_STATEMENTS, Flow, Piece, Result, Statement, is_sound, last_line

ODD = {
    "a nested function": "def f(x):\n    def g(y):\n        return y * 3\n    return g(x)\n",
    "a class": "def f(x):\n    class A:\n        def g(self):\n            return x * 3\n    return A().g()\n",
    "a generator": "def f(x):\n    yield from (3 * each for each in x)\n",
    "starred": "def f(x):\n    a, *b = x\n    return (*b, a)\n",
    "a lambda and a walrus": "def f(x):\n    g = lambda y: (z := y * 3) + z\n    return g(x), (w := 3)\n",
    "match": "def f(x):\n    match x:\n        case [a, *b]:\n            return a * 3\n    return 0\n",
    "with and try": "def f(x):\n    try:\n        with x as y:\n            z = y\n    except (A, B) as e:\n"
    "        z = e\n    else:\n        z = 2\n    finally:\n        x.close()\n    return z\n",
    "loops with else": "def f(x):\n    while x:\n        for i in x:\n            if i: break\n            continue\n"
    "        else:\n            x = 1\n    else:\n        x = 2\n    return x\n",
    "one line": "def f(x): return 3 * x\n",
    "two statements in a line": "def f(x):\n    a = 1; b = 2\n    return a\n",
    "nothing returned": "def f(x):\n    x[0] = 1\n",
    "letters of two bytes": "def f(x):\n    größe = 'ü' * 3; return größe + x\n",
    "an import and a global": "def f(x):\n    global g\n    import a.b as c, d.e\n    g = c; del x\n    return d, g\n",
}


def chained(count: int) -> str:
    """Each statement needs all before it."""
    each = (f" v{n} = {'+'.join(f'v{i}' for i in range(n))} + 1\n" for n in range(count))
    return f"def f(x):\n{''.join(each)} return v1\n"


TOO_LARGE = {
    "statements": "def f(x):\n" + "".join(f"    v{n} = x + {n}\n" for n in range(5_000)) + "    return v1\n",
    "what they need": chained(200),
    "loops in loops": "def f(x):\n"
    + "".join(f"{' ' * n}while x:\n" for n in range(1, 90))
    + f"{' ' * 90}x = x + 1\n" * 400,
}


def flow_of(source: str) -> Flow:
    return list_flows({"hw": source}, {"f": ("hw", "f")}, ["f"])["f"]


def reached(flow: Flow, needs: Iterable[int]) -> set[int]:
    found, left = set[int](), list(needs)
    while left:
        if (number := left.pop()) not in found:
            found.add(number)
            left.extend(flow.statements[number].needs)
    return found


def lines_for(source: str, result: int = 0) -> list[str]:
    """The first words of the lines on which a result depends, without those of the return itself."""
    flow, lines = flow_of(source), source.split("\n")
    numbers = reached(flow, (need for piece in flow.results[result].pieces for need in piece.needs))
    return [lines[flow.statements[number].first].strip() for number in sorted(numbers)]


def body(*lines: str) -> str:
    return "def f(x, y=2):\n" + "".join(f"    {line}\n" for line in lines)


@pytest.mark.parametrize(
    ("lines", "due"),
    [
        (["a = x", "b = y", "return a"], ["a = x"]),
        (["a = x", "a = y", "return a"], ["a = y"]),
        (["a = x", "a += y", "return a"], ["a = x", "a += y"]),
        (["a = 1", "if x:", "    a = 2", "return a"], ["a = 1", "if x:", "a = 2"]),
        (["if x:", "    a = 1", "else:", "    a = 2", "b = 3", "return a"], ["if x:", "a = 1", "a = 2"]),
        (["a = 0", "for i in x:", "    a = a + i", "    b = i", "return a"], ["a = 0", "for i in x:", "a = a + i"]),
        (
            ["a = b = 0", "for i in x:", "    a = b", "    b = i", "return a"],
            ["a = b = 0", "for i in x:", "a = b", "b = i"],
        ),
        (["a = []", "a.append(x)", "return a"], ["a = []", "a.append(x)"]),
        (["a = np.zeros(3)", "b = a[1:]", "b[0] = x", "return a"], ["a = np.zeros(3)", "b = a[1:]", "b[0] = x"]),
        (["a = y", "b = a.reshape(3, 1)", "b += x", "return a"], ["a = y", "b = a.reshape(3, 1)", "b += x"]),
        (["a = y", "b, c = unpack(a)", "c[:] = x", "return a"], ["a = y", "b, c = unpack(a)", "c[:] = x"]),
        (["a = y", "np.exp(x, out=a)", "return a"], ["a = y", "np.exp(x, out=a)"]),
        (["a = y", "fill(a)", "print(a)", "return a"], ["a = y", "fill(a)"]),
        (["a = 1", "b = [a for a in x]", "return a"], ["a = 1"]),
        (["a = 1", "if x:", "    return 0", "a = 2", "return a"], ["if x:", "a = 2"]),
        (["a = 0", "while True:", "    a += 1", "    if a > x:", "        break", "return a"],
         ["a = 0", "while True:", "a += 1", "if a > x:", "break"]),
        (["try:", "    a = x", "except E:", "    a = 1", "return a"], ["try:", "a = x", "except E:", "a = 1"]),
        (["with x as z:", "    a = z", "return a"], ["with x as z:", "a = z"]),
        (["a = 1", "def g():", "    return a", "return g()"], ["a = 1", "def g():"]),
    ],
    ids="; ".join,
)  # fmt: skip
def test_a_result_depends_on_what_may_have_given_it_its_value_and_on_nothing_else(
    lines: list[str], due: list[str]
) -> None:
    assert lines_for(body(*lines)) == due


NETWORK = """\
def f(x, w, v, n):
    h = x * w
    s = h + 1
    p = s * v
    cost = 0.0
    for k in range(n):
        cost += p * k
    d = p - 1
    e = d * v
    if n > 1:
        e = e / n
    parts = []
    parts.append(d * h)
    g = np.zeros(2)
    first = g[:1]
    first[0] = e * x
    g[1] = parts[0] + d
    unused = d * 7
    return cost, e, g
"""


def results(source: str) -> tuple[Any, ...]:
    names: dict[str, Any] = {"np": np}
    exec(source, names)  # a text of this test's own
    return tuple(np.copy(each) for each in names["f"](1.5, 2.0, 0.5, 3))


#: Lines with a value that another can take the place of.
SPOILT = [number for number, line in enumerate(NETWORK.split("\n")) if "=" in line]


@pytest.mark.parametrize("number", SPOILT, ids=lambda number: NETWORK.split("\n")[number].strip())
def test_a_line_that_changes_a_result_when_it_is_spoilt_is_among_those_that_it_depends_on(number: int) -> None:
    lines = NETWORK.split("\n")
    lines[number] += "" if "[]" in lines[number] else " + 3"
    flow = flow_of(NETWORK)
    for result, (is_now, was) in enumerate(zip(results("\n".join(lines)), results(NETWORK), strict=True)):
        told = {flow.statements[n].first for n in reached(flow, flow.results[result].pieces[0].needs)}
        assert number in told or np.array_equal(is_now, was)
        assert 17 not in told  # what is never used


def blocks(*lines: str) -> list[list[str]]:
    """For each block of the last result the names that the lines make on which it depends."""
    flow = flow_of(body(*lines))
    needs = [sorted(reached(flow, piece.needs)) for piece in flow.results[-1].blocks]
    return [[name for number in each for name in flow.statements[number].makes] for each in needs]


@pytest.mark.parametrize(
    "last",
    [
        ["return 1, np.concatenate((a, b.ravel()))"],
        ["g = np.hstack([a, b.flatten()])", "return 1, g"],
        ["parts = [a, b]", "g = np.concatenate([q.ravel() for q in parts]).astype(float)", "return 1, g"],
        ["return 1, flat(a, b)"],
        ["return 1, np.append(a, b)"],
        ["both = 1, flat(a, b)", "return both"],
    ],
)
def test_a_result_that_is_put_together_is_taken_apart_again(last: list[str]) -> None:
    assert blocks("a = x", "b = y", *last) == [["a"], ["b"]]


@pytest.mark.parametrize(
    "last", ["return 1, np.dot(a, b)", "return 1, a + b", "return 1, flat(*a)", "return 1, np.ravel(a)", "return 1, a"]
)
def test_what_isnt_put_together_has_no_blocks(last: str) -> None:
    assert blocks("a = x", "b = y", last) == []


def test_returns_of_different_numbers_of_results_have_none() -> None:
    flow = flow_of(body("if x:", "    return 1", "return 1, 2"))
    assert flow.results == ()
    assert len(flow.returns) == 2


def changing(*lines: str, of: str = "changes") -> list[str]:
    """The lines that change an argument, or use what stays after a call."""
    source = body(*lines)
    return [source.split("\n")[each.first].strip() for each in flow_of(source).statements if getattr(each, of)]


def test_an_argument_is_changed_as_long_as_its_name_and_what_views_it_stand_for_it() -> None:
    assert changing("x += 1", "x /= 2", "v = x.ravel()", "v[0] = 3", "return x") == ["x += 1", "x /= 2", "v[0] = 3"]
    assert changing("x = x + 1", "x += 1", "v = x.copy()", "return x") == []
    assert changing("if y:", "    x = 1", "    return x", "x -= 1", "return x") == ["x -= 1"]


def test_what_stays_after_a_call_is_what_the_function_changes_of_the_module_and_of_its_defaults() -> None:
    assert changing("if x in seen:", "    return seen[x]", "seen[x] = y", "return LIMIT", of="kept") == [
        "if x in seen:", "return seen[x]", "seen[x] = y"
    ]  # fmt: skip
    assert changing("global total", "total = total + x", "return y", of="kept") == ["total = total + x"]
    listed = "def f(x, seen=[]):\n seen.append(x)\n own = []\n own.append(x)\n np.random.seed(1)\n return len(seen)\n"
    assert [each.first for each in flow_of(listed).statements if each.kept] == [1, 5]


@pytest.mark.parametrize("name", ODD)
def test_whatever_stands_in_a_function_its_flow_is_sound(name: str) -> None:
    flow = flow_of(ODD[name])
    assert is_sound(flow)
    assert last_line(flow) < ODD[name].count("\n")


@pytest.mark.parametrize("name", TOO_LARGE)
def test_of_a_function_that_is_too_large_nothing_is_told(name: str) -> None:
    ast.parse(TOO_LARGE[name])
    assert list_flows({"hw": TOO_LARGE[name]}, {"f": ("hw", "f")}, ["f"]) == {}


@pytest.mark.parametrize("source", ["def f(x:\n", "f = lambda x: x\n", "x = 1\n", "class f: pass\n", ""])
def test_what_is_no_function_has_no_flow(source: str) -> None:
    assert list_flows({"hw": source}, {"f": ("hw", "f")}, ["f", "g"]) == {}


def test_a_method_is_found_in_its_class_and_its_lines_count_from_there() -> None:
    source = "x = 1\nclass A:\n    b = 2\n    def f(self):\n        c = self.b\n        return c\n"
    flow = list_flows({"hw": source}, {"A.f": ("hw", "A")}, ["A.f"])["A.f"]
    assert [each.first for each in flow.statements] == [3, 4]


PLAIN = Flow((Statement(0, 1, (), ("a",)), Statement(2, 2, (0,), ())), (1,), (Result((Piece(2, 2, (0,)),)),))
FORGED: dict[str, dict[str, Any]] = {
    "a statement that isn't there": {"returns": (2,)},
    "one before the first": {"returns": (-1,)},
    "a need that isn't there": {"statements": (Statement(0, 0, (9,), ()),)},
    "a loop that isn't there": {"statements": (*PLAIN.statements, Statement(0, 0, (), (), 7))},
    "a line before the first": {"statements": (*PLAIN.statements, Statement(-4, 0, (), ()))},
    "a line that ends before it begins": {"statements": (*PLAIN.statements, Statement(4, 3, (), ()))},
    "no name": {"statements": (*PLAIN.statements, Statement(4, 4, (), ("a b",)))},
    "a long name": {"statements": (*PLAIN.statements, Statement(4, 4, (), ("a" * 90,)))},
    "a piece of what isn't there": {"results": (Result((Piece(2, 2, (5,)),)),)},
    "many statements": {"statements": PLAIN.statements * MOST_STATEMENTS},
    "many needs": {"statements": (Statement(0, 0, (0,) * 90_000, ()), *PLAIN.statements)},
}


@pytest.mark.parametrize("name", FORGED)
def test_a_flow_that_points_to_nothing_is_not_believed(name: str) -> None:
    assert is_sound(PLAIN)
    assert msgspec.json.decode(msgspec.json.encode(PLAIN), type=Flow) == PLAIN
    assert not is_sound(PLAIN._replace(**FORGED[name]))
