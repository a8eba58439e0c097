"""Files of a submission import each other as they do in their author's editor, and each is sliced too."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from submitting import extracted, notebook, read

from grader.extraction import imports as siblings
from grader.extraction.model import Extraction, Required
from grader.worker import loading


def lines(found: Extraction, module: str) -> list[str]:
    return [line for line in found.modules[module].split("\n") if line]


def answer(found: Extraction, name: str) -> str:
    """What a required function without arguments returns, in a process that imports as the worker does."""
    module, function = found.entries[name]
    code = (
        f"from grader.worker.loading import prepare; loader = prepare({found.modules!r}, ['numpy'])\n"
        f"print(loader.load({module!r}).{function}(), loader.faults)\n"
    )
    top = str(Path(loading.__file__).parents[2])
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=top)
    return done.stdout.strip()


def test_a_file_in_a_folder_of_its_own_name_is_found(tmp_path: Path) -> None:
    """`hw1/hw1.py` in an archive: the commonest layout of all."""
    found = extracted(read(tmp_path, {"hw1/hw1.py": "def f(): return 7\n", "notes.py": ""}), "f")
    assert answer(found, "f") == "7 []"


Q1 = "T = 1\nU = 2\nprint(T)\ndef g(): return T\ndef h(): return U\n"


@pytest.mark.parametrize(
    ("first", "use"),
    [
        ("from q1 import g", "g()"),
        ("from q1 import g as k", "k()"),
        ("from q1 import *", "g()"),
        ("import q1", "q1.g()"),
        ("import q1 as q", "q.g()"),
        ("from .q1 import g", "g()"),
        ("from . import q1", "q1.g()"),
        ("from . import q1 as q", "q.g()"),
        ("try:\n    from q1 import g\nexcept ImportError:\n    pass", "g()"),
        ("", "__import__('q1').g()"),
    ],
)
def test_of_an_imported_file_only_what_is_used_is_kept(tmp_path: Path, first: str, use: str) -> None:
    found = extracted(read(tmp_path, {"q1.py": Q1, "q2.py": f"{first}\ndef f(): return {use}\n"}), "f")
    if not first:
        assert set(found.modules) == {"q2"}, "an import that only shows when it runs isn't followed"
        return
    assert lines(found, "q1") == ["T = 1", "def g(): return T"]
    assert answer(found, "f") == "1 []"


def test_an_import_in_a_function_is_followed(tmp_path: Path) -> None:
    source = "def f():\n    from q1 import g\n    import q1\n    return g() + q1.h()\n"
    found = extracted(read(tmp_path, {"q1.py": Q1, "q2.py": source}), "f")
    assert answer(found, "f") == "3 []"


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"utils/q1.py": Q1, "q2.py": "from utils.q1 import g\ndef f(): return g()\n"}, "1 []"),
        ({"utils/q1.py": Q1, "q2.py": "import utils.q1\ndef f(): return utils.q1.g()\n"}, "1 []"),
        ({"utils/q1.py": Q1, "q2.py": "import utils.q1 as q\ndef f(): return q.g()\n"}, "1 []"),
        ({"utils/q1.py": Q1, "q2.py": "from utils import q1\ndef f(): return q1.h()\n"}, "2 []"),
        ({"utils/__init__.py": Q1, "q2.py": "from utils import g\ndef f(): return g()\n"}, "1 []"),
        (
            {
                "utils/__init__.py": "from .q1 import *\n",
                "utils/q1.py": Q1,
                "q2.py": "import utils\ndef f(): return utils.g()",
            },
            "1 []",
        ),
        ({"part 1/q1.py": Q1, "part 2/q2.py": "from q1 import g\ndef f(): return g()\n"}, "1 []"),
        ({"my work/q1.py": Q1, "my work/q2.py": "from .q1 import g\ndef f(): return g()\n"}, "1 []"),
        ({"a/b/q1.py": Q1, "a/c/q2.py": "from ..b.q1 import g\ndef f(): return g()\n"}, "1 []"),
        ({"code/q1.py": Q1, "code/q2.py": "from q1 import g\ndef f(): return g()\n"}, "1 []"),
        ({"q1/q1.py": Q1 + "def f(): return g()\n"}, "1 []"),
        ({"q1/q1.py": Q1, "q1/q2.py": "import q1\ndef f(): return q1.g()\n"}, "1 []"),
        ({"q1/q1.py": Q1, "q1/q2.py": "from q1 import *\ndef f(): return g()\n"}, "1 []"),
        ({"q1/q1.py": Q1, "q1/q2.py": "from q1 import h as g\ndef f(): return g()\n"}, "2 []"),
        ({"q1/q1.py": Q1, "q1/q2.py": "from .q1 import g\ndef f(): return g()\n"}, "1 []"),
        ({"q1/q1.py": Q1, "main.py": "from q1.q1 import g\ndef f(): return g()\n"}, "1 []"),
        ({"q1/q1.py": Q1, "main.py": "from q1 import q1\ndef f(): return q1.g()\n"}, "1 []"),
        ({"a/q1/q1.py": Q1, "a/q1/q2.py": "import q1\ndef f(): return q1.g()\n"}, "1 []"),
        ({"code/q1.py": Q1, "code/q2.py": "from .q1 import g\ndef f(): return g()\n"}, "1 []"),
        ({"a.py": "from b import *\ndef f(): return g()\n", "b.py": "from c import *\n", "c.py": Q1}, "1 []"),
        ({"a.py": "import b\ndef f(): return b.c.g()\n", "b.py": "import c\n", "c.py": Q1}, "1 []"),
        ({"a.py": "import b\nT = 5\ndef f(): return b.g()\n", "b.py": "import a\ndef g(): return a.T\n"}, "5 []"),
        ({"q1.py": "__all__ = ['g', 'V']\nV = 3\n" + Q1, "q2.py": "from q1 import *\ndef f(): return V\n"}, "3 []"),
        (
            {"q1.py": "__all__ = ['_h']\ndef _h(): return 3\n", "q2.py": "from q1 import *\ndef f(): return _h()\n"},
            "3 []",
        ),
        ({"a.py": "from b import *\ndef f(): return g()\n", "b.py": "from a import *\n" + Q1}, "1 []"),
        ({"a.py": "from b import *\ndef f(): return sum([1])\n", "b.py": "from a import *\n"}, "1 []"),
        ({"hw.ipynb": notebook("from q1 import g", "def f(): return g()"), "q1.py": Q1}, "1 []"),
        ({"q1.py": "import numpy as np\n", "q2.py": "from q1 import *\ndef f(): return np.sum(1)\n"}, "1 []"),
    ],
)
def test_every_way_to_lay_out_a_submission_runs(tmp_path: Path, files: Mapping[str, str], expected: str) -> None:
    assert answer(extracted(read(tmp_path, files), "f"), "f") == expected


def test_files_that_nobody_needs_are_left_out_and_named(tmp_path: Path) -> None:
    found = extracted(read(tmp_path, {"q1.py": Q1, "train.py": "import q1\nwhile True: pass\n"}), "g")
    assert (set(found.modules), found.left_out[-1].where) == ({"q1"}, "train.py")


@pytest.mark.parametrize("name", ["numpy", "random", "collections", "scipy"])
def test_a_file_never_stands_in_front_of_python_or_a_granted_package(tmp_path: Path, name: str) -> None:
    files = {
        f"{name}.py": "def zeros(n): return 'fake'\n",
        "hw.py": f"import {name}\ndef f(): return {name}.__name__\n",
    }
    found = extracted(read(tmp_path, files), "f", packages=["numpy", "scipy"])
    assert set(found.modules) == {"hw"}
    assert [problem.where for problem in found.problems] == [f"{name}.py"]


def test_a_file_with_the_name_of_a_standard_module_is_graded_all_the_same(tmp_path: Path) -> None:
    found = extracted(read(tmp_path, {"statistics.py": "def f(): return 1\n"}), "f")
    assert answer(found, "f") == "1 []"
    assert found.place(found.entries["f"][0], 1) == "statistics.py, line 1"
    assert "give it another name" in found.problems[0].message


def test_of_two_files_with_one_name_the_one_beside_the_importer_is_taken_and_said(tmp_path: Path) -> None:
    files = {
        "a/q1.py": "def g(): return 'a'",
        "b/q1.py": "def g(): return 'b'",
        "b/q2.py": "from q1 import g\ndef f(): return g()",
    }
    found = extracted(read(tmp_path, files), "f")
    assert answer(found, "f") == "b []"
    assert [(problem.where, "not a/q1.py" in problem.message) for problem in found.problems] == [("b/q1.py", True)]


def test_of_two_files_with_one_name_both_can_be_graded(tmp_path: Path) -> None:
    files = {
        "a/q1.py": "def g(): return 'a'\ndef h(): return 1",
        "b/q1.py": "def g(): return 'b'",
        "b/q2.py": "from q1 import g\ndef f(): return g()",
    }
    found = extracted(read(tmp_path, files), "f", "h", Required("g", "q1"))
    assert [answer(found, name) for name in "fgh"] == ["b []", "a []", "1 []"]


def test_a_script_and_a_notebook_of_one_name_are_two_modules(tmp_path: Path) -> None:
    files = {"hw.ipynb": notebook("def f(): return 1"), "hw.py": "def g(): return 2"}
    found = extracted(read(tmp_path, files), "f", "g")
    assert [answer(found, name) for name in "fg"] == ["1 []", "2 []"]


def test_the_names_that_may_be_shadowed_are_those_of_the_worker() -> None:
    assert siblings.SHADOWED_MODULES == loading.SHADOWED


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"__init__.py": "", "q1.py": Q1, "q2.py": "from hw1.q1 import g\ndef f(): return g()\n"}, "1 []"),
        ({"q1.py": Q1, "q2.py": "from hw1.q1 import g\ndef f(): return g()\n"}, "1 []"),
        ({"q1.py": Q1, "q2.py": "import hw1.q1 as q\ndef f(): return q.g()\n"}, "1 []"),
        ({"q1.py": Q1, "q2.py": "import hw1.q1\ndef f(): return hw1.q1.h()\n"}, "2 []"),
        ({"q1.py": Q1, "q2.py": "from hw1 import q1\ndef f(): return q1.g()\n"}, "1 []"),
        ({"q1.py": Q1, "q2.py": "from course.hw1.q1 import *\ndef f(): return g()\n"}, "1 []"),
        ({"src/utils.py": Q1, "q2.py": "import src.utils as u\ndef f(): return u.g()\n"}, "1 []"),
        ({"utils.py": Q1, "q2.py": "import src.utils as u\ndef f(): return u.g()\n"}, "1 []"),
        ({"q1.py": Q1, "q2.py": "from hw1.q1 import g\nfrom q1 import h\ndef f(): return g() + h()\n"}, "3 []"),
        ({"q1.py": Q1, "a/q2.py": "from hw1.q1 import g\nfrom ..q1 import h\ndef f(): return g() + h()\n"}, "3 []"),
        (
            {"__init__.py": "from .q1 import g\n", "q1.py": Q1, "q2.py": "from hw1 import g\ndef f(): return g()\n"},
            "1 []",
        ),
        ({"__init__.py": "from .q1 import *\n", "q1.py": Q1, "q2.py": "import hw1\ndef f(): return hw1.g()\n"}, "1 []"),
    ],
)
def test_the_folder_that_was_handed_in_may_stand_in_an_import(
    tmp_path: Path, files: Mapping[str, str], expected: str
) -> None:
    found = extracted(read(tmp_path, files), "f")
    assert answer(found, "f") == expected
    assert found.problems == ()


def test_a_public_package_is_never_a_file_of_the_same_name(tmp_path: Path) -> None:
    files = {
        "utils.py": "def shuffle(x): return 1\n",
        "q2.py": "from sklearn.utils import shuffle\ndef f(): return shuffle\n",
    }
    assert set(extracted(read(tmp_path, files), "f").modules) == {"q2"}


@pytest.mark.parametrize(
    ("files", "why"),
    [
        (
            {"q2.py": "import os\nfrom q1 import f\n"},
            "f isn't there: q2.py, line 2 imports it from q1, which wasn't handed in.",
        ),
        (
            {"q2.py": "from hw1.q1 import g as f\n"},
            "f isn't there: q2.py, line 1 imports it from hw1.q1, which wasn't handed in.",
        ),
        (
            {"q2.py": "import f\n"},
            "f isn't there: q2.py, line 1 imports it from f, which wasn't handed in.",
        ),
        (
            {"q3.py": "from q2 import f\n", "q2.py": "from q1 import f\n"},
            "f isn't there: q2.py, line 1 imports it from q1, which wasn't handed in.",
        ),
        (
            {"q2.py": "from q1 import f\n", "q1.py": "g = 1\n"},
            "f isn't there: q2.py, line 1 imports it from q1, which doesn't define it.",
        ),
        (
            {"q2.py": "from .q1 import *\n"},
            "f isn't there. It may be in q1, which wasn't handed in: q2.py, line 1 imports everything from it.",
        ),
        (
            {"q2.py": "from scipy.special import f\n"},
            "f isn't there: q2.py, line 1 imports it from scipy.special, which isn't available here.",
        ),
        (
            {"q2.py": "from q1 import f\n", "q1.py": "def f(x):\n    return (x\n"},
            "f couldn't be read, because of q1.py, line 2: it doesn't parse: '(' was never closed.",
        ),
    ],
)
def test_a_function_that_comes_from_nowhere_is_missing_and_told_so(
    tmp_path: Path, files: Mapping[str, str], why: str
) -> None:
    found = extracted(read(tmp_path, {**files, "notes.py": "x = 1\n"}), "f")
    assert found.missing == {"f": why}


@pytest.mark.parametrize("line", ["from numpy import exp as f", "from math import exp as f", "import numpy as f"])
def test_a_function_that_comes_from_a_package_that_is_here_is_there(tmp_path: Path, line: str) -> None:
    assert extracted(read(tmp_path, {"q2.py": line + "\n"}), "f").missing == {}


@pytest.mark.parametrize(
    "name", ["Q1.py", "q1 (1).py", "q1 copy.py", "q1 - Copy.py", "1234_q1.py", "ada_1234_505_q1.py", "x/Hw1-q1.py"]
)
@pytest.mark.parametrize("first", ["from q1 import g", "import q1\ng = q1.g", "from q1 import *"])
def test_a_file_that_a_download_has_renamed_is_found_and_it_is_said(tmp_path: Path, name: str, first: str) -> None:
    found = extracted(read(tmp_path, {name: Q1, "q2.py": f"{first}\ndef f(): return g()\n"}), "f")
    assert answer(found, "f") == "1 []"
    assert [tuple(note) for note in found.problems] == [(name, "this file is taken for `import q1`")]


def test_of_several_files_of_nearly_a_name_none_is_guessed(tmp_path: Path) -> None:
    files = {"1_q1.py": Q1, "2_q1.py": Q1, "q2.py": "from q1 import g\ndef f(): return g()\n"}
    found = extracted(read(tmp_path, files), "f")
    assert [tuple(note) for note in found.problems] == [
        ("q2.py, line 1", "q1 is imported here, and it wasn't handed in")
    ]


def test_a_name_that_a_file_has_is_no_file_of_nearly_that_name(tmp_path: Path) -> None:
    files = {"q1_g.py": Q1, "q2.py": "from q1_g import g\ndef f(): return g()\n", "nn_tools.py": "x = 1\n"}
    found = extracted(read(tmp_path, files), "f")
    assert (answer(found, "f"), found.problems) == ("1 []", ())
    source = "import tools\ndef f(): return tools.g()\n"
    found = extracted(read(tmp_path / "lost", {"nn_tools.py": Q1, "q2.py": source}), "f")
    assert [note.message for note in found.problems] == ["tools is imported here, and it wasn't handed in"]


def test_a_module_that_is_imported_by_a_call_is_followed(tmp_path: Path) -> None:
    source = "from importlib import import_module\nq = import_module('q1')\ndef f(): return q.g()\n"
    found = extracted(read(tmp_path, {"q1.py": Q1, "q2.py": source}), "f")
    assert answer(found, "f") == "1 []"


def test_a_module_may_make_its_names_when_they_are_asked_for(tmp_path: Path) -> None:
    made = "def __getattr__(name):\n    if name == 'T': return 1\n    raise AttributeError(name)\n"
    found = extracted(read(tmp_path, {"q1.py": made, "q2.py": "import q1\ndef f(): return q1.T\n"}), "f")
    assert answer(found, "f") == "1 []"


def test_imports_in_a_circle_lead_to_no_function(tmp_path: Path) -> None:
    files = {"a.py": "from b import f\n", "b.py": "from a import f\n"}
    assert "f" in extracted(read(tmp_path, files), "f").entries


def test_a_helper_that_was_not_handed_in_is_told_by_its_file(tmp_path: Path) -> None:
    hw = "import tools\nimport notes_of_mine\nimport torch\ndef f(): return tools.g() + torch.x\n"
    found = extracted(read(tmp_path, {"hw.py": hw}), "f")
    assert [tuple(note) for note in found.problems] == [
        ("hw.py, line 1", "tools is imported here, and it wasn't handed in")
    ]
