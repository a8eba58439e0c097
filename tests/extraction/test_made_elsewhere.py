"""A function that no top-level `def` makes is found where that can be told, and else it is said where it lies."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from submitting import extracted, notebook, read

from grader.extraction.model import Extraction

#: Ways to have `f(x)` give `x + 1`, by a helper or not.
WAYS = {
    "a static method": "class Net:\n    @staticmethod\n    def f(x): return x + ONE\nONE = 1\n",
    "a class method": "class Net:\n    one = 1\n    @classmethod\n    def f(cls, x): return x + cls.one\n",
    "a function in a class": "class Net:\n    def f(x): return x + 1\n",
    "globals": "ONE = 1\ndef g(x): return x + ONE\nglobals()['f'] = g\n",
    "globals, by update": "def g(x): return x + 1\nglobals().update(f=g)\n",
    "globals, by a dict": "def g(x): return x + 1\nglobals().update({'f': g, 'h': g})\n",
    "vars": "vars()['f'] = lambda x: x + 1\n",
    "a loop": "def g(x): return x + 1\nfor name, made in {'h': abs, 'f': g}.items():\n    globals()[name] = made\n",
    "setattr": "import sys\nsetattr(sys.modules[__name__], 'f', lambda x: x + 1)\n",
    "setattr of an import": "setattr(__import__(__name__), 'f', lambda x: x + 1)\n",
    "exec": "ONE = 1\nexec('def f(x):\\n    return x + ONE')\n",
    "exec of a text": "ONE = 1\nTEXT = '''\nfrom math import pi\ndef f(x):\n    return x + ONE\n'''\nexec(TEXT)\n",
    "exec of a lambda": "ONE = 1\nexec('f = lambda x: x + ONE')\n",
    "a helper by eval": "def g(x): return x + 1\ndef f(x): return eval('g(x)')\n",
    "a helper by globals": "def g(x): return x + 1\ndef f(x): return globals()['g'](x)\n",
    "a helper by a beginning": "def g_1(x): return x + 1\nN = 1\ndef f(x): return globals()[f'g_{N}'](x)\n",
    "a helper by two texts": "def sg_a(x): return x + 1\ndef f(x): return globals()['sg_' + 'a'](x)\n",
    "a helper by getattr": "import sys\nME = sys.modules[__name__]\ndef g(x): return x + 1\n"
    "def f(x): return getattr(ME, 'g')(x)\n",
}


#: What has been done to an object, by the time that `f(x)`, which gives `x + 1`, takes it.
DONE = {
    "by an object as a decorator": (
        (
            "class R:\n    all = {}\n    def __call__(self, g):\n        self.all[g.__name__] = g\n        return g\n"
            "reg = R()\n@reg\ndef one(): return 1\n"
        ),
        "reg.all['one']()",
    ),
    "by a function that hands it on": (
        "class C: pass\nc = C()\ndef fill(a): a.one = 1\ndef setup(): fill(c)\nsetup()\n",
        "c.one",
    ),
    "by a function in a function": ("c = {}\ndef setup(): c['one'] = 1\ndef main(): setup()\nmain()\n", "c['one']"),
    "by map": ("c = []\nlist(map(c.append, [1, 2]))\n", "c[0]"),
    "by a lambda": ("c = []\nadd = lambda v: c.append(v)\nadd(1)\n", "c[0]"),
    "through a view": ("import numpy as np\nc = np.zeros((2, 2))\nd = np.reshape(c, -1)\nd[:] = 1\n", "c[0, 0]"),
    "through a view of a view": ("import numpy as np\nc = np.zeros(2)\nnp.squeeze(np.atleast_2d(c))[0] = 1\n", "c[0]"),
    "under the guard, where it is empty above": ("c = {}\nif __name__ == '__main__':\n    c['one'] = 1\n", "c['one']"),
    "under the guard, by a function": (
        "c = []\ndef fill(a): a.append(1)\nif __name__ == '__main__':\n    fill(c)\n",
        "c[0]",
    ),
}


def called(found: Extraction, name: str, *args: Any) -> Any:
    """What a found function gives, once its module was run."""
    module, entry = found.entries[name]
    import sys
    import types

    made = types.ModuleType(module)
    sys.modules[module] = made
    try:
        exec(compile(found.modules[module], module, "exec"), vars(made))
        return getattr(made, entry)(*args)
    finally:
        del sys.modules[module]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("is_notebook", [False, True])
def test_it_is_found(tmp_path: Path, way: str, is_notebook: bool) -> None:
    source = f"{WAYS[way]}print(1 / 0)\n"
    files = {"hw.ipynb": notebook(*source.split("\n\n"), "x = 1")} if is_notebook else {"hw.py": source}
    found = extracted(read(tmp_path, files), "f")
    assert called(found, "f", 2) == 3
    if not way.startswith("a helper"):
        (said,) = found.remarks["f"]
        assert "at the top level" in said or "defined by `def`" in said


@pytest.mark.parametrize("way", DONE)
def test_what_was_done_to_an_object_is_kept(tmp_path: Path, way: str) -> None:
    done, one = DONE[way]
    found = extracted(read(tmp_path, {"hw.py": f"{done}def f(x): return x + {one}\nprint(1 / 0)\n"}), "f")
    assert called(found, "f", 2) == 3


@pytest.mark.parametrize(
    "above", ["c = {'one': 1}\n", "c = {}\nc['one'] = 1\n", "c = {}\nfor k in ['one']: c[k] = 1\n"]
)
def test_what_is_done_under_the_guard_to_an_object_that_is_filled_isnt_run(tmp_path: Path, above: str) -> None:
    guard = "if __name__ == '__main__':\n    c['one'] = 5\n"
    found = extracted(read(tmp_path, {"hw.py": f"{above}{guard}def f(x): return x + c['one']\n"}), "f")
    assert called(found, "f", 2) == 3


@pytest.mark.parametrize(
    ("source", "why"),
    [
        (
            "class Net:\n    def f(self, x): return x\n",
            "f is inside of another definition, in hw.py, line 2 (the class Net); it has to stand at the top level.",
        ),
        (
            "class Net:\n    @property\n    def f(x): return x\n",
            "f is inside of another definition, in hw.py, line 3 (the class Net); it has to stand at the top level.",
        ),
        (
            "class A:\n    def f(x): return x\nclass B:\n    def f(x): return x\n",
            "f is inside of another definition, in hw.py, line 2 (the class A); it has to stand at the top level.",
        ),
        (
            "class Net:\n    @staticmethod\n    def f(x): raise NotImplementedError\n",
            "f is inside of another definition, in hw.py, line 3 (the class Net); it has to stand at the top level.",
        ),
        (
            "def a():\n    def f(x): return x\n",
            "f is inside of another definition, in hw.py, line 2 (the function a); it has to stand at the top level.",
        ),
        (
            "import sys\nthis = sys.modules[__name__]\ndef a(name, g):\n    setattr(this, name, g)\na('f', abs)\n",
            "f has no definition; its name stands as a text in hw.py, line 5: define it by `def` instead.",
        ),
        ("print('f')\n", "f isn't defined in what was handed in."),
    ],
)
def test_where_it_lies_is_said(tmp_path: Path, source: str, why: str) -> None:
    assert extracted(read(tmp_path, {"hw.py": source}), "f").missing == {"f": why}


def test_a_definition_of_its_own_counts_before_any_other(tmp_path: Path) -> None:
    source = "class Net:\n    def f(x): return 0\nglobals()['f'] = abs\ndef f(x): return x + 1\n"
    found = extracted(read(tmp_path, {"hw.py": "def f(x): return x + 1\n", "net.py": source.rpartition("def")[0]}), "f")
    assert (called(found, "f", 2), found.remarks) == (3, {})
