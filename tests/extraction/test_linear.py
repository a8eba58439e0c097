"""Reading takes time in proportion to what is read: twice the text, less than three times the work.

Work is counted twice. Steps of Python, lines and calls, are counted exactly, for a text and one twice as long. What
happens in C (regular expressions, the parser, slices of strings) shows in processor time alone, so that is taken for a
text and one eight times as long: linear is 8, quadratic 64, and the limit of three for each doubling 27.
"""

from __future__ import annotations

import ast
import gc
import io
import json
import re
import sys
import tarfile
import time
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib import import_module
from pathlib import Path
from types import FrameType, ModuleType
from typing import Any

import pytest

import grader
from grader.extraction import newer_python
from grader.extraction.in_child import read_and_slice
from grader.extraction.model import FAILED
from grader.submission.patterns import LatePattern

Files = Mapping[str, str | bytes]


def lines(count: int, line: str) -> str:
    return "".join(line.replace("#", str(i)) + "\n" for i in range(count))


def notebook(cells: Iterable[str], **more: Any) -> str:
    made = [{"cell_type": "code", "source": text, "outputs": [], **more} for text in cells]
    return json.dumps({"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": made})


def zipped(files: Mapping[str, str]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return made.getvalue()


def tarred(files: Iterable[tuple[str, str]]) -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        for name, text in files:
            info = tarfile.TarInfo(name)
            info.size = len(text)
            archive.addfile(info, io.BytesIO(text.encode()))
    return made.getvalue()


F = "def f(x): return x\n"

#: Texts of a size, by what is special about them. All of them define or need `f`.
PATTERNS: dict[str, Callable[[int], Files]] = {
    "blanks after %run": lambda n: {"hw.ipynb": notebook(["%run" + " " * n + "!", F])},
    "quotes after %run": lambda n: {"hw.ipynb": notebook(["%run " + "' " * n + ".py", F])},
    "blanks after %%writefile": lambda n: {"hw.ipynb": notebook(["%%writefile" + " " * n + "\n", F])},
    "blanks in the name that is written": lambda n: {"hw.ipynb": notebook([f"%%writefile a{' ' * n}.pyx\n", F])},
    "question marks and blanks": lambda n: {"hw.ipynb": notebook(["a?" + " " * n + "x", F])},
    "an equals sign far away": lambda n: {"hw.ipynb": notebook(["a," * n + "=", F])},
    "an indented cell": lambda n: {"hw.ipynb": notebook([" " * n + "x = 1\n" + " " * n + "y = 1\n!", F])},
    "methods that change their arguments": lambda n: {
        "hw.py": "class A:\n" + lines(n, "    def m#(self, s): s.m#(s)") + lines(n, "A().m#(state)") + "state = []\n"
        "def f(x): return state\n",
    },
    "functions that hand on what they use": lambda n: {
        "hw.py": lines(n, "def s#(): h#(state)") + lines(n, "def h#(a): a.x = #") + lines(n, "s#()") + "state = C()\n"
        "def f(x): return state\n",
    },
    "one function that hands on to many": lambda n: {
        "hw.py": "def s():\n" + lines(n, "    h#(state)") + lines(n, "def h#(a): pass") + "s()\nstate = C()\n"
        "def f(x): return state\n",
    },
    "functions in a class alone": lambda n: {
        "hw.py": "class A:\n" + lines(n, "    def f#(x): return x") + "    def f(x): return x\n",
    },
    "names in texts": lambda n: {
        "hw.py": lines(n, "def g#(): return 1")
        + "def f(x): return eval('"
        + lines(n, "g#() + ").replace("\n", "")
        + "1')\n",
    },
    "texts that make names": lambda n: {"hw.py": lines(n, "exec('f# = 1')") + "exec('def f(x): return x')\n"},
    "containers that the main guard fills": lambda n: {
        "hw.py": lines(n, "c# = {}")
        + "if __name__ == '__main__':\n"
        + lines(n, "    c#['a'] = 1")
        + "def f(x): return ["
        + lines(n, "c#, ").replace("\n", "")
        + "]\n",
    },
    "lambdas for their effect": lambda n: {
        "hw.py": "c = []\n" + lines(n, "a# = lambda v: c.append(v)") + lines(n, "a#(1)") + "def f(x): return c\n",
    },
    "imports of files by nearly their names": lambda n: {
        "hw.py": lines(n, "import nn#") + F,
        "1_nn1.py": "",
        "Nn2.py": "",
    },
    "functions that call each other for their effect": lambda n: {
        "hw.py": "".join(f"def g{i}(): g{i + 1}()\n" for i in range(n))
        + f"def g{n}():\n    global state\n    state = 1\n"
        + lines(n, "g#()")
        + "def f(x): return state\n",
    },
    "calls within calls": lambda n: {"hw.py": F + "x = " + "g(" * min(n, 80) + ")" * min(n, 80) + "\n" * n},
    "files that are opened": lambda n: {"hw.py": "def f(x):\n" + lines(n, "    open('#.npy'" + " " * 20 + ")")},
    "f-strings in newer Python": lambda n: {"hw.py": F + lines(n, "x = f'{d['a']}' + f'{f'{x}'}'")},
    "fields in one f-string": lambda n: {"hw.py": F + "x = f'" + "{d['a']}" * n + "'\n"},
    "a field without end": lambda n: {"hw.py": F + "x = f'" + "{d['a'" * n + "\n"},
    "braces in an f-string": lambda n: {"hw.py": F + "x = f'" + "{" * n + "'\n"},
    "type parameters without end": lambda n: {"hw.py": F + lines(n, "def g#[")},
    "many type parameters": lambda n: {"hw.py": F + lines(n, "def g#[T](x: T): pass") + "type X = int\n"},
    "many names to except": lambda n: {"hw.py": F + "try: pass\nexcept " + "A, " * n + "B:\n    pass\n"},
    "imports from where nothing is": lambda n: {"hw.py": lines(n, "from a#.b import c#") + "def f(x): return c0\n"},
    "a name that comes from nowhere": lambda n: {"hw.py": lines(n, "from a# import f") + lines(n, "from b# import *")},
    "settings": lambda n: {"hw.py": "import sys\nN = 3\n" + lines(n, "sys.setrecursionlimit(N)") + F},
    "settings of many packages": lambda n: {
        "hw.py": lines(n, "import p#") + lines(n, "p#.seed(p#.x)") + "def f(x): return p0\n",
    },
    "settings that need the next package": lambda n: {
        "hw.py": lines(n, "import p#")
        + "".join(f"p{i}.seed(p{i + 1}.x)\n" for i in range(n))
        + "def f(x): return p0\n",
    },
    "an import again and again": lambda n: {"hw.py": lines(n, "import sys") + lines(n, "sys.setx(#)") + F},
    "arguments that are handed on": lambda n: {
        "hw.py": "".join(f"def g{i}(s): g{i + 1}(s)\n" for i in range(n))
        + lines(n, "g#(state)")
        + "state = []\ndef f(x): return state\n",
    },
    "arguments that are handed on to many": lambda n: {
        "hw.py": f"def g(s, *t):\n{lines(n, '    h#(s)')}{lines(n, 'g(state, #)')}state = []\ndef f(x): return state\n",
    },
    "many arguments": lambda n: {
        "hw.py": f"def g({', '.join(f'b{i}' for i in range(n))}):\n"
        f"{lines(n, '    h(b#)')}g({'state, ' * n})\nstate = []\ndef f(x): return state\n",
    },
    "aliases in a function that changes its argument": lambda n: {
        "hw.py": f"def g(a0):\n{''.join(f'    a{i + 1} = a{i}' + chr(10) for i in range(n))}    a{n}.append(1)\n"
        f"{lines(n, 'g(state)')}state = []\ndef f(x): return state\n",
    },
    "chained assignment": lambda n: {"hw.py": "".join(f"v{i}=" for i in range(n)) + "[]\ndef f(x): return v0\n"},
    "chained assignment that is changed": lambda n: {
        "hw.py": "".join(f"v{i}=" for i in range(n)) + "[]\n" + lines(n, "v#.append(1)") + "def f(x): return v0\n"
    },
    "aliases in a row": lambda n: {
        "hw.py": "v0 = []\n" + "".join(f"v{i + 1} = v{i}\nv{i + 1}[0] = 1\n" for i in range(n)) + "def f(): return v0\n"
    },
    "one long tuple": lambda n: {
        "hw.py": ", ".join(f"a{i}" for i in range(n)) + f" = range({n})\ndef f(): return a0\n"
    },
    "a loop over many names": lambda n: {
        "hw.py": f"for v in zip({', '.join(f'a{i}' for i in range(n))}):\n    v.append(1)\ndef f(): return a0\n"
    },
    "decorators of one function": lambda n: {"hw.py": lines(n, "def d#(g): return g") + lines(n, "@d#") + F},
    "a decorator for many functions": lambda n: {
        "hw.py": "T = {}\ndef d(g):\n    T[g] = 1\n    return g\n"
        + lines(n, "@d\ndef g#(): pass")
        + "def f(): return T\n"
    },
    "a decorator that changes much": lambda n: {
        "hw.py": lines(n, "t# = {}")
        + "def d(g):\n"
        + lines(n, "    t#[g] = 1")
        + lines(n, "@d\ndef g#(): return t#")
        + "def f(): return t0, g0\n"
    },
    "many decorators in one block": lambda n: {
        "hw.py": "T = {}\nif 1:\n"
        + lines(n, "    def d#(g): T[g] = 1")
        + lines(n, "@d#\ndef g#(): pass")
        + "def f(): return T\n"
    },
    "globals that many functions bind": lambda n: {
        "hw.py": "if 1:\n"
        + lines(n, "    def s#():\n        global t#\n        t# = 1")
        + lines(n, "s#()")
        + "def f(): return t0\n"
    },
    "one function that binds many globals": lambda n: {
        "hw.py": "def s():\n"
        + lines(n, "    global t#\n    t# = 1")
        + lines(n, "s()")
        + f"def f(): return {' + '.join(f't{i}' for i in range(n))}\n"
    },
    "one name bound and changed often": lambda n: {"hw.py": lines(n, "a = []\na.append(#)") + "def f(): return a\n"},
    "the function itself, often": lambda n: {"hw.py": lines(n, "def f(x): return #")},
    "functions in a block": lambda n: {"hw.py": "if 1:\n" + lines(n, "    def g#(x): return h#") + F},
    "methods of a class": lambda n: {
        "hw.py": "class C:\n" + lines(n, "    def m#(self): return k#") + "def f(): C()\n"
    },
    "statements in one line": lambda n: {"hw.py": ";".join(f"a{i}={i}" for i in range(n)) + "\ndef f(): return a0\n"},
    "kept statements in one line": lambda n: {"hw.py": ";".join(["a=1"] * n) + "\ndef f(): return a\n"},
    "letters beyond ASCII in one line": lambda n: {"hw.py": ";".join(["é=1"] * n) + "\ndef f(): return é\n"},
    "kept and left out by turns": lambda n: {"hw.py": lines(n, "a = #\nb# = 1") + "def f(): return a\n"},
    "future statements": lambda n: {"hw.py": lines(n, "from __future__ import division\na = 1") + F},
    "elifs": lambda n: {
        "hw.py": "def f(x):\n    if x: raise NotImplementedError\n"
        + lines(n // 4, "    elif x == #: raise NotImplementedError")
        + "    return x\n"
    },
    "elifs at the margin": lambda n: {
        "hw.py": "if 1: a = []\n" + lines(n // 4, "elif #: a[0] = #") + "def f(): return a\n"
    },
    "magics in a broken script": lambda n: {"hw.py": "(\n" + lines(n, "x# = 1\n%time x#") + F},
    "halves of stretches": lambda n: {"hw.py": lines(n, "def g#(:\n    pass\n>>> g#()") + F},
    "Python 2": lambda n: {"hw.py": lines(n, "def g#():\n    print 'x', #") + F},
    "tabs and blanks": lambda n: {"hw.py": "def f(x):\n" + lines(n, "        a = #\n\tb = #")},
    "nearly the right name": lambda n: {"hw.py": lines(n, "def function_#(x): pass"), "wanted": "function"},
    "nearly the right name, in a row": lambda n: {
        "hw.py": "".join(f"functio_{i} = " for i in range(n)) + "lambda x: x\n",
        "wanted": "function",
    },
    "the name inside of others": lambda n: {"hw.py": lines(n, "def g#():\n    def f(x): return x")},
    "the name in what can't be read": lambda n: {"hw.py": lines(n, "def" + " " * 40 + "f(:")},
    "imports of nothing": lambda n: {"hw.py": lines(n, "import a#.b#.c# as d") + "def f(): return d\n"},
    "a long dotted import": lambda n: {"hw.py": f"import {'.'.join(['a'] * n)} as d\ndef f(): return d\n"},
    "much from a long dotted name": lambda n: {
        "hw.py": f"from {'.'.join(['a'] * n)} import {', '.join(f'b{i}' for i in range(n))}\ndef f(): return b0\n"
    },
    "a chain of attributes through modules": lambda n: {
        "hw.py": "import a\ndef f(): return a.g0\n",
        "a.py": "import b\n" + lines(n, "def g#(): return b.h#"),
        "b.py": "import a\n" + "".join(f"def h{i}(): return a.g{i + 1}\n" for i in range(n)),
    },
    "names under the main guard": lambda n: {
        "hw.py": f"def f(): return {', '.join(f'x{i}' for i in range(n))}\nif __name__ == '__main__':\n"
        + lines(n, "    x# = [\n        y#]\n    y# = 1")
    },
    "functions that set names, called under the main guard": lambda n: {
        "hw.py": f"def f(): return {', '.join(f'x{i}' for i in range(n))}\n"
        + lines(n, "def g#():\n    global x#\n    x# = 1")
        + "if __name__ == '__main__':\n"
        + lines(n, "    g#()")
    },
    "names that a text may bind": lambda n: {
        "hw.py": lines(n, "exec('x# = 1')") + f"def f(): return {', '.join(f'x{i}' for i in range(n))}\n"
    },
    "classes that know their subclasses": lambda n: {
        "hw.py": "class C0:\n    def __init_subclass__(cls): pass\n"
        + "".join(f"class C{i + 1}(C{i}): pass\n" for i in range(n))
        + "def f(): return C0.__subclasses__()\n"
    },
    "functions for a newer Python": lambda n: {
        "hw.py": lines(n, "def f#(x):\n    y# = [*z for z in x]\n") + F,
    },
    "stars of one file": lambda n: {
        "hw.py": lines(n, "from a import *") + "def f(): return x0\n",
        "a.py": "__all__ = ['x0']\n" + lines(n, "x# = 1"),
    },
    "names through a circle of stars": lambda n: {
        "hw.py": f"from a import *\ndef f(): return {', '.join(f'x{i}' for i in range(n))}\n",
        "a.py": "from b import *\n",
        "b.py": "from c import *\nfrom a import *\n",
        "c.py": lines(n, "x# = 1"),
    },
    "broken lines of a cell": lambda n: {"hw.ipynb": notebook([lines(n, "x# = = 1\ndef g#(): pass") + F])},
    "broken methods": lambda n: {"hw.py": "class C:\n" + lines(n, "    def m#(self:\n        pass\n    a# = 1") + F},
    "a broken class without an end": lambda n: {"hw.py": F + "class C:\n" + lines(n, "    a# = (")},
    "raw cells": lambda n: {
        "hw.ipynb": json.dumps(
            {"cells": [{"cell_type": "raw", "source": f"def f{i}(x):"} for i in range(n)], "nbformat": 4}
        ),
        "hw.py": F,
    },
    "comments with its name": lambda n: {"hw.py": lines(n, "# def g(x): return #"), "wanted": "g"},
    "texts with its name": lambda n: {"hw.py": lines(n, "'''\ndef g(x): return #\n'''"), "wanted": "g"},
    "tags of a page": lambda n: {"hw.html": "<p>def f(x):<br>" + "&nbsp;<b>" * n + "return x</p>"},
    "tags without an end": lambda n: {"hw.html": "<p>def f(x): return x</p>" + "<p " * n, "hw.py": F},
    "heads of a page": lambda n: {"hw.html": "<p>def f(x): return x</p>" + "<head>" * n, "hw.py": F},
    "scripts of a page": lambda n: {"hw.html": "<p>def f(x): return x</p>" + "<script>a</script>" * n},
    "boxes": lambda n: {"hw.txt": "Submission Field:\n" * n + F, "hw.py": F},
    "fences": lambda n: {"hw.md": "Some text\n" + "```python\nx = 1\n```\n" * n + f"```python\n{F}```\n"},
    "fences without an end": lambda n: {"hw.md": "Some text\n" + "````\n```\n" * n, "hw.py": F},
    "cells of marimo": lambda n: {
        "hw.py": "import marimo\n" + lines(n, "@app.cell\ndef _(x):\n    y# = 1\n    return y#,") + F
    },
    "decorators of marimo": lambda n: {"hw.py": "import marimo\n" + "@app.cell\n" * n + F},
    "returns of marimo": lambda n: {
        "hw.py": f"import marimo\n{F}@app.cell\ndef _(x):\n    y = (\n" + lines(n, "    return (") + "    )\n"
    },
    "a text by another name": lambda n: {"hw.txt": lines(n, "x# = 1") + F},
    "a text that is no Python": lambda n: {"hw.txt": lines(n, "some words # and = more;"), "hw.py": F},
    "text after a notebook": lambda n: {"hw.ipynb": notebook([F]) + " }" * n},
    "a notebook in Latin-1": lambda n: {"hw.ipynb": notebook([F + "# #" * n]).replace("#", "é").encode("latin-1")},
    "files of one name in an archive": lambda n: {"hw.tar": tarred([("hw.py", F)] * n)},
    "cells": lambda n: {"hw.ipynb": notebook([f"x{i} = 1" for i in range(n)] + [F])},
    "lines of a cell": lambda n: {
        "hw.ipynb": json.dumps(
            {"nbformat": 4, "cells": [{"cell_type": "code", "source": ["x = 1\n"] * n + [F]}], "nbformat_minor": 0}
        )
    },
    "outputs": lambda n: {"hw.ipynb": notebook([F], outputs=[{"data": {"image/png": "A" * 20}} for _ in range(n)])},
    "members of an archive": lambda n: {"hw.zip": zipped({f"d/{i}.txt": "x" for i in range(n)} | {"hw.py": F})},
    "comments": lambda n: {"hw.py": lines(n, "# coding of #") + F},
    "empty lines": lambda n: {"hw.py": "\n" * n + F},
    "one long text": lambda n: {"hw.py": "a = '''" + lines(n, "x # y") + "'''\n" + "def f(): return a\n"},
    "one long number": lambda n: {"hw.py": "a = 0x" + "f" * n + "\ndef f(): return a\n"},
    "sums": lambda n: {"hw.py": "a = [" + "+1, " * n + "]\ndef f(): return a\n"},
    "comprehensions": lambda n: {"hw.py": lines(n, "a = [i for i in range(#)]") + "def f(): return a\n"},
    "forbidden words": lambda n: {"hw.py": "def f(x):\n" + lines(n, "    for i in x: np.dot(i, #)")},
}

#: Texts that grow with their number of files: the text of n files that all import each other grows with its square.
FILES: dict[str, Callable[[int], Files]] = {
    "files that star-import each other": lambda n: {
        **{f"m{i}.py": "".join(f"from m{j} import *\n" for j in range(n) if j != i) for i in range(n)},
        "hw.py": "from m0 import *\ndef f(x): return nowhere(x)\n",
    },
    "files that import each other": lambda n: {
        **{f"m{i}.py": "".join(f"import m{j}\n" for j in range(n)) + "def g(): return m0.g\n" for i in range(n)},
        "hw.py": "import m0\ndef f(x): return m0.g(x)\n",
    },
    "files of one name": lambda n: {**{f"d{i}/hw.py": f"def f(): return {i}\n" for i in range(n)}},
    "files of nearly one name": lambda n: {f"{'-' * (i + 1)}a.py": f"x{i} = 1\n" for i in range(n)} | {"hw.py": F},
    "scripts that cells write": lambda n: {
        "hw.ipynb": notebook([f"%%writefile m{i}.py\nx = {i}\n" for i in range(n)] + [F])
    },
}


def task(files: Files) -> list[Any]:
    wanted = str(files.get("wanted", "f"))
    found = [[name, data if isinstance(data, bytes) else data.encode()] for name, data in files.items()]
    required = [[wanted, None, [], ["for", "np.dot"]]]
    return ["hw", [file for file in found if file[0] != "wanted"], required, ["numpy"], {"infty": "np.inf"}]


def size(files: Files) -> int:
    return sum(map(len, files.values()))


def steps(asked: list[Any]) -> int:
    """Lines of Python and calls, into C too, that reading takes."""
    count = 0

    def line(frame: FrameType, event: str, arg: object) -> Any:
        nonlocal count
        count += 1
        return line

    sys.settrace(line)
    sys.setprofile(lambda *_: line(*_) and None)
    try:
        told = read_and_slice(asked)
    finally:
        sys.settrace(None)
        sys.setprofile(None)
    assert not told.startswith(FAILED), told
    return count


def seconds(asked: list[Any]) -> float:
    """The least processor time that reading takes, of two times."""
    found = []
    for _ in range(3):
        gc.collect()
        started = time.process_time()
        read_and_slice(asked)
        found.append(time.process_time() - started)
    return min(found)


@pytest.mark.parametrize("name", PATTERNS)
def test_twice_the_text_takes_less_than_three_times_the_steps(name: str) -> None:
    small, large = (task(PATTERNS[name](count)) for count in (100, 200))
    read_and_slice(small)  # what is imported late, and compiled once
    assert steps(large) < 3 * steps(small)


@pytest.mark.parametrize("name", FILES)
def test_twice_the_files_take_no_more_steps_for_each_letter(name: str) -> None:
    small, large = FILES[name](40), FILES[name](80)
    read_and_slice(task(small))
    assert steps(task(large)) < 1.5 * size(large) / size(small) * steps(task(small))


@pytest.mark.parametrize("name", PATTERNS)
def test_what_python_does_in_c_grows_no_faster(name: str) -> None:
    small, large = (task(PATTERNS[name](count)) for count in (125, 1_000))
    assert seconds(large) < 27 * max(seconds(small), 0.001)


# --- regular expressions ---


def modules() -> Iterator[ModuleType]:
    home = Path(grader.__file__).parent
    for room in ("submission", "extraction"):
        for file in sorted((home / room).rglob("*.py")):
            name = ".".join(("grader", *file.relative_to(home).with_suffix("").parts))
            yield import_module(name.removesuffix(".__init__"))


def patterns_in(value: object) -> Iterator[re.Pattern[Any]]:
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, LatePattern):
        yield re.compile(value.pattern, value.flags)
    elif isinstance(value, (tuple, list)):
        for each in value:
            yield from patterns_in(each)
    elif isinstance(value, dict):
        for each in (*value, *value.values()):
            yield from patterns_in(each)


REGULAR = sorted(
    {found for module in modules() for value in vars(module).values() for found in patterns_in(value)},
    key=lambda each: str(each.pattern),
)
#: What a text may begin with, go on with for ever, and end with.
BEGINNINGS = (
    "",
    "%run ",
    "%%file ",
    "a",
    "0",
    "#",
    "print",
    "except (",
    "raise a",
    "def f(",
    "lambda",
    "x = ",
    "coding",
    "np",
    "class a",
    "class a(",
    "from a",
    "import a",
    "function a",
    "<p",
    "<!--",
    "</p",
    "``` ",
    "```",
    "@app.",
)
REPEATED = (
    " ",
    "\t",
    "a",
    "0",
    "%",
    "?",
    "=",
    ".",
    ",",
    ":",
    ";",
    ")",
    "(",
    "`",
    "<",
    "\n",
    "\n ",
    " a",
    "a.",
    "0 ",
    ": ",
    "#",
    "-",
    ">",
    "a = ",
    "%\n",
)
ENDINGS = ("", "!", "\n", "x")


TEXTS = [(a, b, c) for a in BEGINNINGS for b in REPEATED for c in ENDINGS]
#: What is asked for at one place alone, behind a quote: a search would begin at each letter.
MATCHED = {each.pattern for each in newer_python._ENDS.values()}
#: How many of the texts a pattern is held to: those that it takes longest for.
WORST = 20


def searching(pattern: re.Pattern[Any], parts: tuple[str, str, str], count: int) -> float:
    """The processor time, in seconds, of looking for a pattern in a text of so many letters."""
    a, b, c = parts
    text = a + b * (count // len(b)) + c
    kind = text.encode() if isinstance(pattern.pattern, bytes) else text
    started = time.process_time()
    if pattern.pattern not in MATCHED:
        pattern.search(kind)
    pattern.match(kind)
    return time.process_time() - started


def patterns_made_by(module: ModuleType) -> int:
    """How many patterns its source makes at the top level."""
    tree = ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))
    top = [each for each in tree.body if isinstance(each, ast.Assign)]
    calls = [node for each in top for node in ast.walk(each) if isinstance(node, ast.Call)]
    return sum(ast.unparse(call.func) in ("re.compile", "late") for call in calls)


@pytest.mark.parametrize("module", list(modules()), ids=lambda module: module.__name__)
def test_every_pattern_of_a_module_that_reads_students_text_is_held_to_this(module: ModuleType) -> None:
    found = [pattern for value in vars(module).values() for pattern in patterns_in(value)]
    assert len(found) >= patterns_made_by(module)
    assert {(each.pattern, each.flags) for each in found} <= {(each.pattern, each.flags) for each in REGULAR}


@pytest.mark.parametrize("pattern", REGULAR, ids=lambda pattern: str(pattern.pattern)[:30])
def test_no_regular_expression_walks_the_same_text_again_and_again(pattern: re.Pattern[Any]) -> None:
    """A text on which it does takes a hundred times as long as the others: it is among the worst in a short one too."""
    first = {parts: searching(pattern, parts, 400) for parts in TEXTS}
    worst = sorted(TEXTS, key=lambda parts: -first[parts])[:WORST]
    times = 10 if sum(first[parts] for parts in worst) < 0.001 else 1  # what takes longer can be measured at once

    def taken(count: int) -> float:
        return min(sum(searching(pattern, parts, count) for parts in worst for _ in range(times)) for _ in range(3))

    assert taken(1_600) < 27 * max(taken(200), 0.0005)
