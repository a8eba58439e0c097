"""Hostile notebooks: odd cells, odd JSON, damaged bytes."""

from __future__ import annotations

import json
from collections.abc import Callable
from random import Random
from typing import Any

from attacks.fuzzing import sources
from attacks.fuzzing.sources import Parts, bytearray_damaged

_NAMES = ("hw.ipynb",) * 6 + ("hw.py", "HW.IPYNB", "sub/a.ipynb", "é.ipynb")
_ODD: tuple[Any, ...] = (
    None, True, 0, -1, 1.5, 10**400, "", "x", "\udc80", "\0", [], {}, [None], [[[]]], ["a", None], {"a": 1}, [1, "x"],
    "code", "raw", "python", "%%R\n1 + 1", "%run a.py", "%%writefile a.py\nx = 1\n", "%%writefile " + " " * 900, "!ls",
    "def f(x): return x",
)  # fmt: skip
_KEYS = ("cells", "nbformat", "nbformat_minor", "metadata", "worksheets", "cell_type", "source", "input", "code",
         "language", "kernelspec", "outputs", "id", "data", "")  # fmt: skip


def draw(random: Random) -> Parts:
    """One notebook, sometimes with a script beside it."""
    text = _doubled(random, json.dumps(_damaged(random, _notebook(random))))
    made = ((random.choice(_NAMES), _bytes(random, text)),)
    return made if random.random() < 0.8 else (*made, ("a.py", sources.text(random).encode(errors="surrogatepass")))


def _notebook(random: Random) -> dict[str, Any]:
    cells = [_cell(random) for _ in range(random.choice((0, 1, 2, 5, 5, 30)))]
    major = random.choice((4, 4, 4, 4, 3, 2, 1, 5, 0))
    held = {"cells": cells} if major > 3 else {"worksheets": [{"cells": cells}]}
    language = {"language": random.choice(("python", "R", "", 3)), "name": random.choice(("python3", "ir", None))}
    return {"nbformat": major, "nbformat_minor": 4, "metadata": {"kernelspec": language}, **held}


def _cell(random: Random) -> dict[str, Any]:
    text = sources.text(random) if random.random() < 0.8 else random.choice(_ODD)
    lines = text.splitlines(True) if isinstance(text, str) and random.random() < 0.6 else text
    kind = random.choice(("code", "code", "code", "markdown", "raw", "heading", None, 3))
    outputs = [{"data": {"image/png": "A" * random.choice((0, 9, 9000))}}] if random.random() < 0.2 else []
    return {"cell_type": kind, random.choice(("source",) * 6 + ("input", "code")): lines, "outputs": outputs}


def _damaged(random: Random, value: Any) -> Any:
    """The same with a few of its values replaced, taken out, or under another key."""
    if random.random() < 0.01:
        return random.choice(_ODD)
    if isinstance(value, dict):
        kept = {key: _damaged(random, each) for key, each in value.items() if random.random() > 0.01}
        return kept | ({random.choice(_KEYS): random.choice(_ODD)} if random.random() < 0.05 else {})
    if isinstance(value, list) and len(value) < 100:
        return [_damaged(random, each) for each in value]
    return value


def _doubled(random: Random, text: str) -> str:
    return random.choice(_TEXTS)(random, text) if random.random() < 0.4 else text


def _inside(random: Random, text: str, piece: str) -> str:
    """With a piece after some comma or bracket, where JSON may go on."""
    places = [at for at, each in enumerate(text) if each in "{[,"]
    at = random.choice(places) + 1 if places else 0
    return text[:at] + piece + text[at:]


_TEXTS: tuple[Callable[[Random, str], str], ...] = (
    lambda r, text: _inside(r, text, f'"{r.choice(_KEYS)}": {json.dumps(r.choice(_ODD))}, '),
    lambda r, text: _inside(
        r, text, r.choice(("NaN,", "Infinity,", "1e999,", "9" * 5000 + ",", "-,", "'x',", "//x\n"))
    ),
    lambda r, text: _inside(r, text, "[" * r.choice((3, 500, 50_000))),
    lambda r, text: _inside(r, text, '{"a":' * r.choice((3, 500, 50_000))),
    lambda r, text: _inside(r, text, ('"\\ud800"', '"\\u0000"', '"\\x"', '"' + "\\" * 999)[r.randrange(4)] + ","),
    lambda r, text: text + r.choice(("}", text, "\n\n{}", "garbage", "\0", "," * 99)),
    lambda r, text: text[: r.randint(0, len(text))],
    lambda r, text: r.choice(("\ufeff", " " * 999, "<<<<<<< HEAD\n", "//", "[")) + text,
)


def _bytes(random: Random, text: str) -> bytes:
    encoding = random.choice(("utf-8",) * 12 + ("utf-8-sig", "utf-16", "utf-32", "utf-16-le", "latin-1"))
    data = text.encode(encoding, "surrogatepass" if encoding.startswith("utf") else "replace")
    return bytearray_damaged(random, data) if random.random() < 0.15 else data
