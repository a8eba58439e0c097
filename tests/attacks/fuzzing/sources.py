"""Hostile source text, from a grammar: statements that parse, patterns that were slow once, and damage to both."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from random import Random
from typing import Any

from extraction.test_linear import FILES, PATTERNS

#: Letters of an expression, and a tenth of those of a text.
_LONGEST = 4000

Parts = tuple[tuple[str, bytes], ...]

WANTED = ("f", "g", "K.fit")
NAMES = ("f", "g", "h", "x", "y", "a0", "K", "np", "self", "_", "__all__", "__name__", "é", "ﬁ", "𝔣", "print", "match")
MODULES = ("numpy", "np", "hw", "a", "b", "pkg", "pkg.a", "os", "sys", "matplotlib.pyplot", "pylab", "__future__", "")
FILE_NAMES = ("hw.py", "a.py", "b.py", "pkg/__init__.py", "pkg/a.py", "numpy.py", "sub dir/hw.py", "HW.PY", "é.py")
ODD_NAMES = ("..py", "a\nb.py", "\u202egpj.py", "a/../b.py", "-.py", ".py", "class.py", "x" * 300 + ".py", "\udc80.py")
ODD = (
    "\0", "\ufeff", "\u2028", "\u202e", "\x0c", "\x1a", "\x85", "\xa0", "\u3000", "\U0010ffff", "\udc80", "\r", "\r\n",
    "\t", "        \t", "\\", "\\\n", "`", "$", "?", "??", "!", "%", "%%", "<>", ">>> ", "... ", "<<<<<<< HEAD\n", "=",
    ":=", "->", "...", "'''", '"""', "'", '"', "f'{", "{{", "}", "rb'", "#", "# type: ignore\n", "# coding: idna\n",
    "# -*- coding: utf-16 -*-\n", ";", ";;", "@", "(", ")", "[", "]", "0x", "1_", "1e999", "0777", "1L", "ur''", "\xb2",
    "%run ", "%%writefile a.py\n", "!ls", "get_ipython().magic('x')", "print 1", "exec 'x'", "raise E, 'x'", "await ",
    "yield ", "global x\n", "nonlocal x\n", "return", "lambda", "from . import *\n", "from .... import a\n", "case _:",
)  # fmt: skip


def draw(random: Random) -> Parts:
    """The files of one submission."""
    if random.random() < 0.4:
        return _encoded(random, _combined(random))
    names = random.sample(FILE_NAMES, random.choice((1, 1, 1, 2, 3, 4)))
    if random.random() < 0.05:
        names.append(random.choice(ODD_NAMES))
    return _encoded(random, {name: text(random) for name in names})


def text(random: Random) -> str:
    """One module's text."""
    block = [piece for _ in range(random.randint(1, 14)) for piece in _statement(random, 0)]
    made = ("\n".join(block) + "\n")[: 10 * _LONGEST]
    return _damaged(random, made) if random.random() < 0.6 else made


# --- patterns, nested and combined ---


def _combined(random: Random) -> dict[str, str | bytes]:
    made: dict[str, str | bytes] = {}
    for _ in range(random.choice((1, 1, 2, 3))):
        table = FILES if random.random() < 0.1 else PATTERNS
        for name, data in table[random.choice(list(table))](_count(random, table is FILES)).items():
            if name != "wanted":
                made[name] = _joined(random, made[name], data) if name in made else data
    return {name: _nested(random, data) if isinstance(data, str) else data for name, data in made.items()}


def _count(random: Random, of_files: bool) -> int:
    """How often something is repeated: seldom very often."""
    most = 12 if of_files else random.choice((8, 8, 20, 20, 20, 60, 60, 200))
    return random.randint(4, most if random.random() < 0.98 else 4 * most)


def _joined(random: Random, first: str | bytes, second: str | bytes) -> str | bytes:
    if isinstance(first, bytes) or isinstance(second, bytes):
        return second
    one, other = _notebook_in(first), _notebook_in(second)
    if one is not None and other is not None:
        one["cells"] += other["cells"]
        random.shuffle(one["cells"])
        return json.dumps(one)
    lines = [*first.splitlines(True), *second.splitlines(True)]
    if random.random() < 0.3:
        random.shuffle(lines)
    return "".join(lines)


def _notebook_in(text: str) -> dict[str, Any] | None:
    """The notebook that a text begins with, whatever follows it; patterns have damaged ones, too."""
    try:
        made, _ = json.JSONDecoder().raw_decode(text)
    except ValueError:
        return None
    return made if isinstance(made, dict) and isinstance(made.get("cells"), list) else None


def _nested(random: Random, made: str) -> str:
    if made.startswith("{") or random.random() < 0.4:
        return made
    head = random.choice(("if 1:", "def f(x):", "class K:", "for x in y:", "try:", "with x:", "while 1:", "a = '''"))
    inside = head + "\n" + "".join(f"    {line}\n" for line in made.split("\n"))
    closed = inside + {"try:": "finally: pass\n", "a = '''": "'''\n"}.get(head, "")
    return _damaged(random, closed) if random.random() < 0.5 else closed


# --- the grammar ---


def _times(random: Random) -> int:
    """How often something is repeated: seldom very often."""
    return random.choice((2, 2, 2, 3, 5)) if random.random() < 0.9 else random.choice((20, 60, 60, 250, 900))


def _name(random: Random) -> str:
    if random.random() < 0.01:
        return random.choice("xyé𝔣") * random.choice((50, 500, 5000))
    return random.choice(NAMES)


def _target(random: Random, depth: int) -> str:
    name = _name(random)
    other = _name(random)
    item = f"{name}[{expression(random, depth + 1)}]"
    return random.choice((name, name, f"{name}.{other}", item, f"*{name},", f"({name}, {other})"))


_ATOMS = (
    "0", "1", "...", "None", "'s'", "b'\\x00'", "1e400", "0j", "''", "f'{x!r:{y}}'", "9" * 30, "9" * 5000, "()", "[]",
    "{}", "np.inf", "np.infty",
)  # fmt: skip


def _atom(random: Random) -> str:
    return _name(random) if random.random() < 0.3 else random.choice(_ATOMS)


_EXPRESSIONS: tuple[Callable[[Random, Callable[[], str]], str], ...] = (
    lambda r, e: f"({e()})",
    lambda r, e: f"[{e()}, {e()}]",
    lambda r, e: f"{{{e()}: {e()}, **{e()}}}",
    lambda r, e: f"{e()}.{_name(r)}",
    lambda r, e: f"{_name(r)}({e()}, *{e()}, k={e()})",
    lambda r, e: f"{_name(r)}[{e()}:{e()}, ...]",
    lambda r, e: f"{e()} {r.choice(('+', '@', '**', '//', 'and', 'is not', 'not in', '<', '!='))} {e()}",
    lambda r, e: f"{r.choice(('-', '~', 'not ', '+'))}{e()}",
    lambda r, e: f"lambda {_name(r)}, *a, k={e()}: {e()}",
    lambda r, e: f"[{e()} for {_name(r)} in {e()} if {e()}]",
    lambda r, e: f"({e()} if {e()} else {e()})",
    lambda r, e: f"({_name(r)} := {e()})",
    lambda r, e: f"f'{{{_name(r)}}}' '{r.choice(ODD[4:12])}'",
    lambda r, e: f"(yield {e()})",
    lambda r, e: f"np.{_name(r)}({e()})",
    lambda r, e: "(" * (n := min(_times(r), 250)) + e() + ")" * n,
    lambda r, e: "-" * _times(r) + e(),
    lambda r, e: " + ".join([e()] * _times(r)),
    lambda r, e: e() + ".x" * _times(r),
    lambda r, e: e() + "()" * _times(r),
)


def expression(random: Random, depth: int) -> str:
    """An expression that mostly parses."""
    if depth > 3 or random.random() < 0.35:
        return _atom(random)
    made = random.choice(_EXPRESSIONS)(random, lambda: expression(random, depth + 1))
    return made if len(made) < _LONGEST else _atom(random)


def _suite(random: Random, depth: int) -> list[str]:
    if depth > 4:
        return ["    pass"]
    inside = [line for _ in range(random.randint(1, 3)) for line in _statement(random, depth + 1)]
    return [f"    {line}" for line in inside]


def _statement(random: Random, depth: int) -> list[str]:
    if random.random() < 0.45:
        head = random.choice(_HEADS)(random, lambda: expression(random, 0))
        return [*_decorators(random, head), head, *_suite(random, depth), *_tail(random, head, depth)]
    line = random.choice(_LINES)(random, lambda: expression(random, 0))
    return ["; ".join([line] * random.choice((1,) * 9 + (2, 30 if len(line) < 100 else 1)))]


def _decorators(random: Random, head: str) -> list[str]:
    if not head.startswith(("def", "class", "async def")) or random.random() < 0.7:
        return []
    return [f"@{expression(random, 3)[:200]}"] * _times(random)


def _tail(random: Random, head: str, depth: int) -> list[str]:
    if head.startswith("try"):
        end = random.choice(("except:", "except* E as x:", "finally:", "except (A, B) as f:", "except A, e:"))
        return [end, *_suite(random, depth)]
    if head.startswith("if") and random.random() < 0.5:
        return [line for _ in range(_times(random)) for line in ("elif x:", "    y = f")]
    return []


_HEADS: tuple[Callable[[Random, Callable[[], str]], str], ...] = (
    lambda r, e: f"def {_name(r)}({_name(r)}, *, k={e()}):",
    lambda r, e: f"def f(x, y={e()}, /, **kw) -> {e()}:",
    lambda r, e: "def g(x):",
    lambda r, e: f"async def {_name(r)}():",
    lambda r, e: f"class {_name(r)}({e()}, metaclass={_name(r)}):",
    lambda r, e: "class K:",
    lambda r, e: "def fit(self, X):",
    lambda r, e: f"if {e()}:",
    lambda r, e: "if __name__ == '__main__':",
    lambda r, e: f"for {_target(r, 2)} in {e()}:",
    lambda r, e: f"while {e()}:",
    lambda r, e: f"with {e()} as {_target(r, 2)}:",
    lambda r, e: "try:",
    lambda r, e: f"match {e()}:\n    case [{_name(r)}, *_] if {e()}:\n      pass\nif 1:",
)
_LINES: tuple[Callable[[Random, Callable[[], str]], str], ...] = (
    lambda r, e: f"{_target(r, 1)} = {e()}",
    lambda r, e: " = ".join(_name(r) for _ in range(_times(r))) + f" = {e()}",
    lambda r, e: f"{_name(r)} += {e()}",
    lambda r, e: f"{_name(r)}: {e()} = {e()}",
    lambda r, e: f"del {_target(r, 1)}",
    lambda r, e: f"return {e()}",
    lambda r, e: f"raise {e()} from {e()}",
    lambda r, e: "raise NotImplementedError",
    lambda r, e: f"global {_name(r)}, {_name(r)}",
    lambda r, e: f"nonlocal {_name(r)}",
    lambda r, e: f"import {r.choice(MODULES) or 'a'} as {_name(r)}",
    lambda r, e: f"import {r.choice(MODULES) or 'a'}, {r.choice(MODULES) or 'b'}",
    lambda r, e: f"from {'.' * r.choice((0, 0, 1, 2, 40))}{r.choice(MODULES)} import {_name(r)} as {_name(r)}",
    lambda r, e: f"from {r.choice(MODULES) or '.'} import *",
    lambda r, e: f"__all__ = [{', '.join(repr(_name(r)) for _ in range(4))}, {e()}]",
    lambda r, e: f"{_name(r)}.append({e()})",
    lambda r, e: f"print({e()})",
    lambda r, e: f"{_name(r)} = input({e()})",
    lambda r, e: f"assert {e()}, {e()}",
    lambda r, e: "pass",
    lambda r, e: f"sys.path.append({e()})",
    lambda r, e: f"exec({e()})",
    lambda r, e: "print 'x', y",
    lambda r, e: "# YOUR CODE HERE",
    lambda r, e: "'''" + r.choice(("text", "# x", "\\", "''")) + "'''",
    lambda r, e: e(),
)


# --- damage ---


def _damaged(random: Random, made: str) -> str:
    for _ in range(random.choice((1, 1, 2, 5))):
        made = random.choice(_DAMAGES)(random, made)
    return made


def _insert(random: Random, made: str) -> str:
    at = random.randint(0, len(made))
    return made[:at] + random.choice(ODD) * random.choice((1, 1, 1, 3, 300)) + made[at:]


def _cut(random: Random, made: str) -> str:
    first, last = sorted(random.randint(0, len(made)) for _ in range(2))
    return made[:first] + made[last:] if random.random() < 0.5 else made[first:last]


def _repeat(random: Random, made: str) -> str:
    first = random.randint(0, len(made))
    piece = made[first : first + random.choice((1, 5, 40))]
    return made[:first] + piece * random.choice((2, 10, 200)) + made[first:]


def _shift(random: Random, made: str) -> str:
    lines = made.split("\n")
    at = random.randrange(len(lines))
    lines[at] = random.choice((" ", "\t", "    ", "        ")) + lines[at].lstrip() + random.choice(("", "\\", ":"))
    return "\n".join(lines)


def _newlines(random: Random, made: str) -> str:
    return "".join(random.choice(("\n", "\n", "\r\n", "\r", "\x0c")) if each == "\n" else each for each in made)


def _swap(random: Random, made: str) -> str:
    lines = made.split("\n")
    random.shuffle(lines)
    return "\n".join(lines)


_DAMAGES = (_insert, _insert, _insert, _cut, _repeat, _shift, _newlines, _swap)


# --- bytes ---


def _encoded(random: Random, files: Mapping[str, str | bytes]) -> Parts:
    return tuple((name, data if isinstance(data, bytes) else _bytes(random, data)) for name, data in files.items())


def _bytes(random: Random, made: str) -> bytes:
    encoding = random.choice(("utf-8",) * 20 + ("utf-8-sig", "utf-16", "utf-32", "latin-1", "cp1252"))
    data = made.encode(encoding, "surrogatepass" if encoding.startswith("utf") else "replace")
    if random.random() < 0.05:
        cookie = random.choice((b"latin-1", b"idna", b"punycode", b"utf-7", b"rot13", b"zlib", b"utf-16", b"x" * 900))
        data = b"# coding: " + cookie + b"\n" + data
    return bytearray_damaged(random, data) if random.random() < 0.05 else data


def bytearray_damaged(random: Random, data: bytes) -> bytes:
    """The same with a few bytes changed, taken out or doubled."""
    made = bytearray(data)
    for _ in range(random.choice((1, 1, 2, 8))):
        at = random.randint(0, len(made))
        end = at + random.choice((0, 1, 1, 4, 40))
        made[at:end] = random.choice((b"", random.randbytes(end - at), made[at:end] * 2, b"\xff\xff\xff\xff", b"\0"))
    return bytes(made)


def renamed(parts: Parts, names: Mapping[bytes, bytes]) -> Parts:
    """The same about other functions than `f`, `g` and `h`."""
    return tuple((name, re.sub(rb"\b[fgh]\b", lambda found: names[found[0]], data)) for name, data in parts)
