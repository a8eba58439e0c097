"""What is set for the whole process, and what functions do to their arguments, is kept where something relies on it."""

from __future__ import annotations

from pathlib import Path

import pytest
from submitting import extracted, kept, read

USES = "def f(x): return state\n"


@pytest.mark.parametrize(
    "source",
    [
        "import sys\nsys.setrecursionlimit(10**4)\nstate = 1\n",
        "from sys import setrecursionlimit as deep\nN = 10**4\ndeep(N)\nstate = 1\n",
        "import sys\ntry:\n    sys.setrecursionlimit(10**6)\nexcept ValueError:\n    pass\nstate = 1\n",
        "import threading, sys\nif True:\n    threading.stack_size(2**26)\nstate = 1\n",
        "import warnings\nwarnings.simplefilter('error')\ntry:\n    state = 1\nexcept Warning:\n    state = 2\n",
        "import numpy as np\nnp.seterr(all='raise')\ntry:\n    state = np.e\nexcept ArithmeticError:\n    state = 2\n",
        "import numpy as np\nnp.seterr(all='ignore')\nnp.random.seed(0)\nstate = np.zeros(3)\n",
        "import numpy\nfrom numpy import random as r\nr.seed(int(3.5))\nstate = numpy.zeros(3)\n",
        "import random\nfrom random import seed\nseed(1)\nstate = random.random()\n",
        "from decimal import Decimal, getcontext\ngetcontext().prec = 50\nstate = Decimal(1) / 3\n",
        "import decimal\ndecimal.getcontext().prec = 50\nstate = decimal.Decimal(1) / 3\n",
        "import locale\nlocale.setlocale(locale.LC_ALL, 'C')\nstate = locale.str(1.5)\n",
        "def setup(s):\n    s['a'] = 1\nstate = {}\nsetup(state)\n",
        (
            "def fill(s):\n    for row in s:\n        row.append(1)\n"
            "def setup(s, n):\n    fill(s)\nstate = [[]]\nsetup(n=1, s=state)\n"
        ),
        "def setup(*all):\n    all[1].clear()\nstate = [1]\nsetup(1, state)\n",
        "def setup(s):\n    last = s.pop()\n    return last\nstate = [1]\nfor i in range(3):\n    setup(state)\n",
        "def setup():\n    state['a'] = 1\nstate = {}\nsetup()\n",
        "import numpy as np\nstate = np.zeros(3)\nnp.fill_diagonal(state, 2)\nnp.add.at(state, [1], 3)\n",
        "import numpy as np\nstate = np.zeros(3)\nnp.exp(1.0, out=state)\nlist.append(state, 1)\n",
        "class A:\n    def fill(self, s): s['k'] = 2\nstate = {}\na = A()\na.fill(state)\n",
        "class A:\n    @staticmethod\n    def fill(s): s['k'] = 2\nstate = {}\nA.fill(state)\n",
        "class A:\n    def __init__(self, s): s['k'] = 2\nstate = {}\nA(state)\n",
        "state = {}\nsetup = lambda s: s.update(k=2)\nsetup(state)\n",
        "state = []\n[state.append(k) for k in (1, 2)]\n",
        "def setup(s):\n    s['k'] = 2\n    return 1\nstate = {}\nprint(setup(state))\nassert setup(state)\n",
        "def setup(s):\n    s['k'] = 2\n    return 1\nstate = {}\nif setup(state): pass\n",
        "state = 0\ndef inner():\n    global state\n    state = 2\ndef setup():\n    inner()\nsetup()\n",
        "import heapq\nimport random\nstate = [3, 2, 1]\nheapq.heapify(state)\nrandom.shuffle(state)\n",
    ],
)
def test_what_a_graded_function_may_rely_on_is_kept(tmp_path: Path, source: str) -> None:
    assert kept(tmp_path, source + USES, "f") == (source + USES).splitlines()


@pytest.mark.parametrize(
    "left_out",
    [
        "import random\nrandom.seed(1)\n",
        "import matplotlib\nmatplotlib.use('Agg')\n",
        "import warnings\nwarnings.filterwarnings('ignore')\n",
        "import sys\nsys.exit()\n",
        "import warnings\nwarnings.simplefilter('error')\n",
        "def train(n): return n\nimport sys\nsys.setrecursionlimit(train(10))\n",
        "def train(n): return n\nimport sys\nbest = train(1)\nsys.setrecursionlimit(best)\n",
        "import unittest\nunittest.main()\n",
        "def show(s):\n    total = s.copy()\n    print(s, total)\nshow(state)\n",
        "print(state)\nlen(state)\nx = sorted(state)\n",
        "def seed(n): return n\nseed(3)\n",
        "class A:\n    def show(self, s): return len(s)\nA().show(state)\na = A()\na.show(state)\n",
        "import numpy as np\nprint(np.append(state, 1), np.insert(state, 0, 1))\n",
        "show = lambda s: sorted(s)\nshow(state)\nassert show(state)\n",
    ],
)
def test_what_no_graded_function_relies_on_is_not_run(tmp_path: Path, left_out: str) -> None:
    source = "state = [1]\n" + USES
    assert kept(tmp_path, "state = [1]\n" + left_out + USES, "f") == source.splitlines()


def test_a_function_of_another_file_that_changes_its_argument_is_called(tmp_path: Path) -> None:
    hw = "from tools import fill as g\nstate = []\ng(state)\n" + USES
    files = {"hw.py": hw, "tools.py": "def fill(s): s.append(1)\n"}
    assert "g(state)" in extracted(read(tmp_path, files), "f").modules["hw"]
