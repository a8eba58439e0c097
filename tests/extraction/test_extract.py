"""Only what the required functions need is kept, on its own lines; which definition is graded is never a guess."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest
from submitting import extracted, kept, notebook, read

from grader.extraction.extract import extract
from grader.extraction.model import Required
from grader.submission.collecting import Note

F = "def f(x): return {}"


# --- what is kept and what isn't ---


def test_what_nobody_needs_is_blanked_and_lines_stay_where_they_were(tmp_path: Path) -> None:
    source = (
        "import numpy as np\nimport os\n\nEPS = 1\nprint(EPS)\ndef f(x):\n    # why\n    return np.exp(x) + EPS\nf(1)\n"
    )
    found = extracted(read(tmp_path, {"hw.py": source}), "f")
    assert found.modules == {
        "hw": "import numpy as np\n\n\nEPS = 1\n\ndef f(x):\n    # why\n    return np.exp(x) + EPS\n"
    }
    assert found.entries == {"f": ("hw", "f")}
    assert [(each.where, each.reason) for each in found.left_out] == [
        ("hw.py, line 2", "not needed by the graded functions"),
        ("hw.py, line 5", "not needed by the graded functions"),
        ("hw.py, line 9", "not needed by the graded functions"),
    ]


@pytest.mark.parametrize(
    "needed",
    [
        "T = {}\nT['a'] = 1\nT.update(b=2)",
        "T = []\nfor i in range(3):\n    T.append(i)",
        "T = 1\nT += 2",
        "if True:\n    T = 1\nelse:\n    T = 2",
        "try:\n    import fast as T\nexcept ImportError:\n    T = None",
        "with open('x') as T:\n    pass",
        "(T, U), *V = (1, 2), 3",
        "T: int = 3",
        "class T: pass\nsetattr(T, 'a', 1)",
        "for T in range(3): pass",
        "while True:\n    T = 1\n    break",
        "T = U = 3",
        "print(T := 3)",
        "[T := i for i in range(3)]",
        "T = lambda: helper()\ndef helper(): return 3",
        "class T:\n    y = helper\ndef helper(): return 3",
        "class Base: pass\nclass T(Base): pass",
        "def deco(f): return f\n@deco\ndef T(): pass",
        "D = 3\ndef T(x=D): pass",
        "A = int\ndef T(x: A) -> A: pass",
        "def T(): return [U for _ in range(3)]\nU = 3",
        "def T():\n    def inner(): return U\n    return inner\nU = 3",
        "def T():\n    global U\n    return U\nU = 3",
        "def setup():\n    global T\n    T = 3\nsetup()",
        "def setup():\n    global T\n    import numpy as T\nsetup()",
        "T = 3\ndel T\nT = 4",
        "from numpy import *\nT = exp(1)",
        "import numpy.linalg as T",
        "import numpy.linalg\nT = numpy.linalg",
        "U = []\nT = U\nU.append(1)",
        "T = []\nU = T\nU.append(1)",
        "T = [[1]]\nfor row in T:\n    row[0] = 2",
        "T = [1]\nU = T\nU += [2]",
        "T = U = [1]\nU[0] = 2",
        "T = [1]\nU = {'T': T}\nU['T'][0] = 2",
        "import numpy as np\nT = np.zeros(4)\nU = T.reshape(2, 2)\nU[0] = 1",
        "match 3:\n    case T: pass",
        "T = 0\nimport sys; T = 2",
        "if __name__ != '__main__':\n    T = 1",
        "def deco(f): return f\n@(\n    deco\n)\ndef T(): pass",
        "T = {}\ndef put(f):\n    T['f'] = f\n@put\ndef anonymous(): pass",
        "T = []\ndef at(name):\n    def put(f):\n        T.append(f)\n    return put\n@at('a')\ndef other(): pass",
        "from functools import singledispatch\n@singledispatch\ndef T(x): pass\n@T.register(int)\ndef _(x): pass",
    ],
)
def test_all_that_makes_a_needed_name_is_kept(tmp_path: Path, needed: str) -> None:
    source = f"{needed}\nprint('noise')\n{F.format('T')}\n"
    expected = [line.replace("import sys; T", "            T") for line in f"{needed}\n{F.format('T')}".split("\n")]
    lines = kept(tmp_path, source, "f")
    assert [line.strip() for line in lines] == [line.strip() for line in expected]


@pytest.mark.parametrize(
    "noise",
    [
        "T = 3",
        "import torch",
        "W = np.random.randn(3)\nW -= 0.1 * W\nW[0] = 1",
        "W = EPS\nprint(W)",
        "for T in range(100): print(T)",
        "x = 3",
        "f(3)",
        "assert f(3) == 3",
        "f.cache.clear",
        "print(f(np.zeros(3)))",
        "np.seterr(all='raise')",
        "def f2(): return f(3)",
        "class x: pass",
        "while True: pass",
        "raise SystemExit",
        "exit()",
        "if __name__ == '__main__':\n    EPS = 1",
        "if '__main__' == __name__ and True:\n    EPS = 1",
        "EPS = input()",
        "EPS = float(input('how small? '))",
        "'''a docstring'''",
        "...",
        "pass",
        "global y",
        "def put(f):\n    TABLE['f'] = f\n@put\ndef anonymous(): pass",
        "EPS: float",
    ],
)
def test_what_the_functions_dont_use_is_left_out(tmp_path: Path, noise: str) -> None:
    source = f"import numpy as np\nEPS = 1\n{noise}\ndef f(x, y=1):\n    T = x\n    return np.exp(T) + EPS + y\n"
    left = [line for line in source.replace(f"{noise}\n", "").split("\n") if line]
    assert kept(tmp_path, source, "f") == left


def test_a_parameter_or_local_hides_the_global_of_its_name(tmp_path: Path) -> None:
    source = "a = b = c = d = 1\ndef f(a):\n    b = 1\n    return [c for c in b] + (lambda d: a + d)(1)\n"
    assert kept(tmp_path, source, "f") == source.strip().split("\n")[1:]


def test_statements_that_share_a_line_are_told_apart(tmp_path: Path) -> None:
    source = "import numpy as np; import os; a = 1; print('é;'); b = 2; f = lambda: np.exp(a) + b; print(f())\n"
    (line,) = kept(tmp_path, source, "f")
    assert [ast.unparse(node) for node in ast.parse(line).body] == [
        "import numpy as np",
        "a = 1",
        "b = 2",
        "f = lambda: np.exp(a) + b",
    ]
    assert line.index("b = 2") == source.index("b = 2")


def test_strings_brackets_and_continuations_over_many_lines_are_kept_whole(tmp_path: Path) -> None:
    source = (
        'T = """a\n  b\n\n"""; print(1)\nU = [1,\n# why\n2]\nprint(1,\n2); V = 1 + \\\n  2\ndef f(): return T, U, V\n'
    )
    lines = extracted(read(tmp_path, {"hw.py": source}), "f").modules["hw"].split("\n")
    assert lines[:8] == ['T = """a', "  b", "", '"""', "U = [1,", "# why", "2]", ""]
    assert (lines[8], lines[9].strip()) == ("V = 1 + \\", "2")


def test_a_future_import_is_kept_only_where_python_takes_it(tmp_path: Path) -> None:
    first = "from __future__ import annotations\nannotations\n"
    assert kept(tmp_path, f"{first}def f(): return annotations\n", "f")[0] == "from __future__ import annotations"
    late = kept(tmp_path / "2", "T = 1\nfrom __future__ import division\ndef f(): return T, division\n", "f")
    assert late == ["T = 1", "def f(): return T, division"]


@pytest.mark.parametrize(
    "binds",
    [
        "exec('T = 1')",
        "globals()['T'] = 1",
        "for name in ['T']:\n    globals()[name] = 1",
        "vars().update(T=1)",
        "import sys\nsetattr(sys.modules[__name__], 'T', 1)",
    ],
)
def test_a_name_that_is_bound_by_its_text_is_found(tmp_path: Path, binds: str) -> None:
    source = f"{binds}\nexec_ = 1\ndef f(): return T"
    assert kept(tmp_path, source, "f") == source.replace("exec_ = 1\n", "").split("\n")
    bound = f"{binds}\nT = 1\ndef f(): return T, max(1, 2)"
    assert kept(tmp_path, bound, "f") == bound.split("\n")[-2:]


@pytest.mark.parametrize(
    ("base", "use"),
    [
        ("class T:\n    def __init_subclass__(cls): pass", "T"),
        ("class M(type): pass\nclass T(metaclass=M): pass", "T"),
        ("class T: pass", "T.__subclasses__()"),
    ],
)
def test_a_class_that_hears_of_its_subclasses_has_them(tmp_path: Path, base: str, use: str) -> None:
    source = f"{base}\nclass A(T): x = 1\nclass B(A): x = 2\ndef f(): return {use}"
    assert "class A(T): x = 1" in kept(tmp_path, source, "f")
    plain = "class T: pass\nclass A(T): x = 1\ndef f(): return T"
    assert "class A(T): x = 1" not in kept(tmp_path / "2", plain, "f")


def test_a_file_called_like_the_program_itself_is_a_module(tmp_path: Path) -> None:
    found = extracted(read(tmp_path, {"__main__.py": "def f(): return 1\n"}), "f")
    assert "__main__" not in found.modules
    assert found.entries["f"][0] in found.modules


GUARD = "if __name__ == '__main__':"


@pytest.mark.parametrize(
    "needed",
    [
        f"{GUARD}\n    T = 5\n",
        f"{GUARD} T = 5\n",
        f"{GUARD}\n    import numpy as T\n",
        f"{GUARD}\n    from math import pi as T\n",
        f"{GUARD}\n    U = 2\n    T = U\n",
        f"{GUARD}\n    T = {{}}\n    T['a'] = 1\n",
        f"{GUARD}\n    T = []\n    for k in 'ab':\n        if k:\n            T += k\n    else:\n        T += [1]\n",
        f"{GUARD}\n\tT = [1,\n2,\n\t  3]\n",
        f"def main():\n    global T\n    T = 3\n{GUARD}\n    main()\n",
        f"def setup():\n    global T\n    T = 3\ndef main():\n    setup()\n{GUARD}\n    main()\n",
        f"{GUARD}\n    def T(): return 1\n",
        f"{GUARD}\n    T = 'é'\n",
    ],
)
def test_what_is_bound_only_under_the_main_guard_is_run_where_it_is_needed(tmp_path: Path, needed: str) -> None:
    source = f"def f(): return T\n{needed.rstrip()}\n{GUARD}\n    print(f())\n    x = 1\n"
    found = extracted(read(tmp_path, {"hw.py": source}), "f")
    (text,) = found.modules.values()
    ran, slice_ = dict[str, object](), dict[str, object]()
    exec(compile(f"__name__ = '__main__'\n{source}", "whole", "exec"), ran)
    exec(compile(text, "slice", "exec"), slice_)
    values = [names["T"] if not callable(names["T"]) else names["T"]() for names in (ran, slice_)]
    assert values[0] == values[1]
    assert "print" not in text
    assert "x = 1" not in text
    (problem,) = found.problems
    assert "put it above the guard" in problem.message
    assert not found.missing


def test_a_text_of_many_lines_under_the_main_guard_keeps_its_blanks(tmp_path: Path) -> None:
    source = f"def f(): return T\n{GUARD}\n    T = ['''a\n      b\n    c''',\n      1]\n"
    names = dict[str, object]()
    exec("\n".join(kept(tmp_path, source, "f")), names)
    assert names["T"] == ["a\n      b\n    c", 1]


@pytest.mark.parametrize(
    ("source", "left"),
    [
        (f"T = 1\ndef f(): return T\n{GUARD}\n    T = 5\n", ["T = 1", "def f(): return T"]),
        (f"def f(): return sum\n{GUARD}\n    sum = 5\n", ["def f(): return sum"]),
        (f"def f(): return T\n{GUARD}\n    T = 5\nelse:\n    T = 6\n", ["def f(): return T", "T = 6"]),
        (f"def f(): return T\n{GUARD}\n    T = int(input())\n", ["def f(): return T"]),
        (f"def f(T): return T\n{GUARD}\n    T = 5\n    f = f(T)\n", ["def f(T): return T"]),
        (
            f"T = 1\ndef f(): return T\ndef main():\n    global T\n    T = 5\n{GUARD}\n    main()\n",
            ["T = 1", "def f(): return T"],
        ),
    ],
)
def test_what_else_stands_under_the_main_guard_is_not_run(tmp_path: Path, source: str, left: list[str]) -> None:
    assert kept(tmp_path, source, "f") == left


def test_a_name_that_needs_the_keyboard_is_pointed_out(tmp_path: Path) -> None:
    source = f"def f(): return dims\n{GUARD}\n    dims = input()\n"
    (problem,) = extracted(read(tmp_path, {"hw.py": source}), "f").problems
    assert (problem.where, "uses dims" in problem.message) == ("hw.py, line 3", True)


def test_such_a_name_is_told_from_one_that_nothing_makes(tmp_path: Path) -> None:
    source = "def f(): return dims\ndef g(): return dimz\ndims = input()\n"
    assert extracted(read(tmp_path, {"hw.py": source}), "f", "g").excluded == ("dims",)


def test_an_old_name_of_numpy_is_pointed_out_where_it_is_first_used(tmp_path: Path) -> None:
    source = "import numpy as np\ndef f(x):\n    y = np.inf\n    return np.infty, np.infty\nprint(np.product)\n"
    found = extracted(read(tmp_path, {"hw.py": source}), "f")
    assert found.problems == (Note("hw.py, line 4", "numpy no longer has np.infty; it is graded as np.inf"),)


# --- which definition ---


@pytest.mark.parametrize(
    ("source", "remark"),
    [
        ("def f(): return 1\ndef f(): return 2\n", "the definition in hw.py, line 2, the last of 2"),
        ("def f(): return 1\nf = lambda: 2\n", "line 2, the last of 2"),
        ("def f(): return 1\nfrom numpy import exp as f\n", "line 2, the last of 2"),
        ("def f(): return 1\nif True:\n    x = 1\n    def f(): return 2\n", "line 4, the last of 2"),
        ("try:\n    def f(): return 1\nexcept E:\n    def f(): return 2\n", "line 4, the last of 2"),
        ("@a\n@b\ndef f(): return 1\n@c\ndef f(): return 2\n", "line 5, the last of 2"),
        ("def f(): return 1\ndef g():\n    def f(): return 2\n", None),
        ("def f(): return 1\nclass A:\n    def f(): return 2\n", None),
    ],
)
def test_the_last_binding_in_document_order_is_graded_and_said(tmp_path: Path, source: str, remark: str | None) -> None:
    remarks = extracted(read(tmp_path, {"hw.py": source}), "f").remarks
    assert remarks["f"][0].endswith(remark) if remark else remarks == {}, remarks


def test_the_file_that_the_rubric_names_is_graded(tmp_path: Path) -> None:
    files = {"a.py": F.format(1), "b.py": F.format(2), "c.py": F.format(3) + "\ndef g(): return 1"}
    submission = read(tmp_path, files)
    for wanted in ("b", "b.py"):
        found = extracted(submission, Required("f", wanted), "g")
        assert found.entries["f"] == ("b", "f")
        assert found.remarks["f"] == ("graded: the one in b.py; there is another in a.py, c.py",)
    assert extracted(submission, "f", "g").entries["f"] == ("c", "f"), "else the file with most of the functions"
    assert extracted(submission, "f").entries["f"] == ("a", "f"), "else the first"


def test_a_function_found_in_another_file_than_the_rubrics_is_graded_with_a_remark(tmp_path: Path) -> None:
    found = extracted(read(tmp_path, {"mine.py": F.format(1)}), Required("f", "q1_softmax"))
    assert found.entries == {"f": ("mine", "f")}
    assert found.remarks == {"f": ("found in mine.py; the assignment asks for it in q1_softmax",)}


def test_a_definition_counts_for_more_than_an_import_of_it(tmp_path: Path) -> None:
    found = extracted(read(tmp_path, {"a.py": "from b import f\ndef g(): return f(1)", "b.py": F.format(1)}), "f", "g")
    assert found.entries == {"f": ("b", "f"), "g": ("a", "g")}


def test_a_function_that_is_only_imported_is_graded_where_it_is_imported(tmp_path: Path) -> None:
    files = {"hw.py": "from scipy.special import softmax\n"}
    found = extracted(read(tmp_path, files), "softmax", packages=["numpy", "scipy"])
    assert found.entries == {"softmax": ("hw", "softmax")}


def test_a_class_can_be_required(tmp_path: Path) -> None:
    found = extracted(read(tmp_path, {"hw.py": "class Linear:\n    def backward(self): pass\n"}), "Linear")
    assert found.entries == {"Linear": ("hw", "Linear")}


@pytest.mark.parametrize("beside", ["hw - Copy.py", "Copy of hw.py", "a_old.py", "backup/hw.py"])
def test_of_equals_a_file_that_is_called_a_copy_is_not_the_one_that_is_graded(tmp_path: Path, beside: str) -> None:
    found = extracted(read(tmp_path, {beside: F.format(1), "hw.py": F.format(2)}), "f")
    assert found.modules == {"hw": "def f(x): return 2\n"}
    assert found.remarks["f"] == (f"graded: the one in hw.py; there is another in {beside}",)
    more = extracted(
        read(tmp_path / "2", {beside: F.format(1) + "\ndef g(): return 1", "hw.py": F.format(2)}), "f", "g"
    )
    assert more.remarks["f"][0].startswith(f"graded: the one in {beside}"), "most functions come first"


def test_a_handout_that_is_not_filled_in_never_stands_before_the_file_that_is(tmp_path: Path) -> None:
    handout = "def f(x): pass\ndef g(x):\n    raise NotImplementedError\n"
    found = extracted(read(tmp_path, {"a.py": handout, "b.py": f"{F.format(2)}\ndef g(x): return 3\n"}), "f", "g")
    assert (found.entries, found.remarks) == ({"f": ("b", "f"), "g": ("b", "g")}, {})


def test_of_a_handout_in_parts_each_function_is_graded_where_it_is_filled_in(tmp_path: Path) -> None:
    files = {"a.py": f"{F.format(1)}\ndef g(x): pass\n", "b.py": "from a import f\ndef g(x): return f(x)\n"}
    found = extracted(read(tmp_path, files), "f", "g")
    assert found.entries == {"f": ("a", "f"), "g": ("b", "g")}


# --- what is missing ---


@pytest.mark.parametrize(
    "body",
    [
        "pass",
        "...",
        '"""Compute."""',
        '"""Compute."""\n    raise NotImplementedError',
        '"""Raises NotImplementedError."""\n    pass',
        "raise NotImplementedError()\n    return x",
        "y = x.shape\n    raise NotImplementedError('fill in')\n    return y",
        "### YOUR CODE HERE\n    raise NotImplementedError\n    ### END",
        "if x:\n        raise NotImplementedError\n    else:\n        raise NotImplementedError\n    return x",
        "while x:\n        y = x\n        raise NotImplementedError\n        x -= 1\n    return True",
    ],
)
def test_a_function_that_wasnt_filled_in_is_missing_kindly(tmp_path: Path, body: str) -> None:
    found = extracted(read(tmp_path, {"hw.py": f"import os\ndef f(x):\n    {body}\n"}), "f")
    assert found.missing == {"f": "f is there, but empty (hw.py, line 2)."}
    assert (found.entries, found.modules) == ({}, {})


@pytest.mark.parametrize(
    "body",
    [
        "return x",
        "if x: return x\n    raise NotImplementedError",
        "x += 1",
        "yield x",
        "if x: raise NotImplementedError",
        "if x: raise NotImplementedError\n    else: x = 2\n    return x",
        "for key in x: raise NotImplementedError('unknown option')\n    return 1",
        "while x:\n        if x: return 1\n        raise NotImplementedError\n        x = 1",
    ],
)
def test_a_function_with_code_in_it_is_graded(tmp_path: Path, body: str) -> None:
    assert extracted(read(tmp_path, {"hw.py": f"def f(x):\n    {body}\n"}), "f").entries == {"f": ("hw", "f")}


def test_code_above_an_unfilled_last_definition_is_pointed_out(tmp_path: Path) -> None:
    found = extracted(read(tmp_path, {"hw.py": "def f(x): return x\ndef f(x): pass\n"}), "f")
    assert found.missing["f"].endswith("There is code for it above, in hw.py, line 1, but the last definition counts.")


@pytest.mark.parametrize("name", ["soft_max", "Softmax", "SoftMax", "softmaxx", "sofmax", "soft_max_"])
@pytest.mark.parametrize("form", ["def {}(x): return x", "{} = lambda x: x"])
def test_a_name_that_is_nearly_right_is_pointed_out(tmp_path: Path, name: str, form: str) -> None:
    found = extracted(read(tmp_path, {"hw.py": f"\n{form.format(name)}\n"}), "softmax")
    assert found.missing["softmax"] == (
        f"softmax isn't there under that name. There is {name} in hw.py, line 2: if that is it, call it softmax."
    )


@pytest.mark.parametrize("other", ["def sigmoid(x): return x", "def sigmoid_grad(x): return x", "softmaxx = 3"])
def test_other_required_functions_and_data_are_no_near_misses(tmp_path: Path, other: str) -> None:
    found = extracted(
        read(tmp_path, {"hw.py": f"{other}\n"}), "sigmoid_grad" if "grad" in other else "sigmoid", "softmax"
    )
    assert found.missing["softmax"] == "softmax isn't defined in what was handed in."


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("class A:\n    def f(self): return 1\n", "inside of another definition, in hw.py, line 2"),
        ("def main():\n    def f(): return 1\n", "inside of another definition, in hw.py, line 2"),
        ("f = input()\n", "only there in hw.py, line 1, and that isn't run"),
        ("x = 1\ndef f(x:\n    return 1\n", "couldn't be read, because of hw.py, line 2"),
        ("x = 1\n", "isn't defined in what was handed in"),
    ],
)
def test_where_a_missing_function_is_gets_said(tmp_path: Path, source: str, why: str) -> None:
    assert why in extracted(read(tmp_path, {"hw.py": source}), "f").missing["f"]


# --- notebooks ---


def test_cells_make_one_module_and_lines_are_told_by_cell(tmp_path: Path) -> None:
    submission = read(
        tmp_path, {"hw.ipynb": notebook("import numpy as np\n%matplotlib inline", "x = 1\n\ndef f():\n    return x")}
    )
    found = extracted(submission, "f")
    assert found.modules == {"hw": "\n\nx = 1\n\ndef f():\n    return x\n"}
    assert [found.place("hw", line) for line in (1, 2, 3, 6)] == [
        "cell 2, line 1",
        "cell 2, line 2",
        "cell 3, line 1",
        "cell 3, line 4",
    ]


def test_the_notebook_is_named_where_there_are_several_files(tmp_path: Path) -> None:
    found = extracted(
        read(tmp_path, {"hw.ipynb": notebook("def f(): return g()"), "q.py": "def g(): return 1"}), "f", "g"
    )
    assert found.place("hw", 1) == "hw.ipynb, cell 2, line 1"
    assert found.place("q", 1) == "q.py, line 1"


def test_what_is_left_out_is_told_cell_by_cell(tmp_path: Path) -> None:
    found = extracted(read(tmp_path, {"hw.ipynb": notebook("def f(): pass", "x = 1\ny = 2", "z = 3")}), "f")
    assert [each.where for each in found.left_out] == ["cell 2, line 1", "cell 3, lines 1-2", "cell 4, line 1"]


def test_a_redefinition_in_a_later_cell_wins(tmp_path: Path) -> None:
    found = extracted(read(tmp_path, {"hw.ipynb": notebook("def f(): return 1", "f()", "def f(): return 2")}), "f")
    assert found.remarks == {"f": ("graded: the definition in cell 4, line 1, the last of 2",)}


def test_magics_and_foreign_cells_are_left_out_and_named(tmp_path: Path) -> None:
    cells = (
        "%matplotlib inline\n!pip install numpy\nT = 1",
        "%%bash\nrm -rf /",
        "\n%%time\nU = 2",
        "V = !ls\n?f\nf?\nnp.exp??\nW = %time 3\nX = 4",
        "def f():\n    %timeit g()\n    return T, U, X",
        "s = 5\nz = 7 \\\n%s\ndef g(): return z",
    )
    found = extracted(read(tmp_path, {"hw.ipynb": notebook(*cells)}), "f", "g")
    left_out = {each.where: each.reason for each in found.left_out}
    assert [line.strip() for line in found.modules["hw"].split("\n") if line.strip()] == [
        "T = 1",
        "U = 2",
        "X = 4",
        "def f():",
        "pass",
        "return T, U, X",
        "s = 5",
        "z = 7 \\",
        "%s",
        "def g(): return z",
    ]
    assert left_out == {
        "cell 2, lines 1-2": "a notebook command, not Python",
        "cell 3, lines 1-2": "a %%bash cell, not Python",
        "cell 4, line 2": "a notebook command, not Python",
        "cell 5, lines 1-5": "a notebook command, not Python",
        "cell 6, line 2": "a notebook command, not Python",
    }


def test_a_magic_doesnt_take_a_remainder_or_a_percent_format_along(tmp_path: Path) -> None:
    cell = "%matplotlib inline\ndef f(x):\n    return (x\n        % 3,\n        'x'\n        %x)\n"
    found = extracted(read(tmp_path, {"hw.ipynb": notebook(cell)}), "f")
    assert ast.unparse(ast.parse(found.modules["hw"])).endswith("return (x % 3, 'x' % x)")


def test_a_broken_cell_is_left_out_and_the_others_are_graded(tmp_path: Path) -> None:
    found = extracted(
        read(tmp_path, {"hw.ipynb": notebook("def f(): return 1", "scratch (", "def g(:\n    pass")}), "f", "g"
    )
    assert found.entries == {"f": ("hw", "f")}
    assert [each.where for each in found.left_out] == ["cell 3, line 1", "cell 4, lines 1-2"]
    assert [problem.where for problem in found.problems] == ["cell 4, line 1"], "a broken scratch cell is no problem"
    assert found.missing["g"].startswith("g couldn't be read, because of cell 4, line 1: it doesn't parse: ")


def test_a_command_over_several_lines_is_left_out_whole(tmp_path: Path) -> None:
    cell = "!pip install \\\n  numpy \\\n  scipy\nT = 1\ndef f(): return T"
    found = extracted(read(tmp_path, {"hw.ipynb": notebook(cell)}), "f")
    assert found.modules["hw"].split() == ["T", "=", "1", "def", "f():", "return", "T"]
    assert [each.where for each in found.left_out] == ["cell 2, lines 1-3"]


def test_a_cell_that_is_indented_as_a_whole_is_read_as_notebooks_read_it(tmp_path: Path) -> None:
    cell = "\n    # helper\n    T = 1\n    def f():\n        return T\n"
    found = extracted(read(tmp_path, {"hw.ipynb": notebook(cell)}), "f")
    assert (found.entries, found.place("hw", 5)) == ({"f": ("hw", "f")}, "cell 2, line 5")


def test_pylab_brings_numpy_with_it(tmp_path: Path) -> None:
    found = extracted(
        read(tmp_path, {"hw.ipynb": notebook("%pylab inline", "def f(): return exp(np.pi), max(1, 2)")}), "f"
    )
    names: dict[str, Any] = {}
    exec(found.modules["hw"], names)
    assert (names["np"].__name__, "exp" in names, names["max"]) == ("numpy", True, max)


def test_a_file_that_a_cell_writes_is_graded_and_told_by_its_cell(tmp_path: Path) -> None:
    cells = ("%%writefile helpers.py\ndef f(): return 1\n", "from helpers import *")
    found = extracted(read(tmp_path, {"hw.ipynb": notebook(*cells)}), "f")
    assert found.entries == {"f": ("helpers", "f")}
    assert found.place("helpers", 2) == "helpers.py, cell 2, line 2"
    both = extracted(read(tmp_path / "2", {"hw.ipynb": notebook(*cells, "def g(): return f()")}), "f", "g")
    assert [each.reason for each in both.left_out] == ["a %%writefile cell, the file that it writes is read instead"]


@pytest.mark.parametrize("command", ["%run helpers.py", "%run -i 'my work/helpers.py'", "%run ./helpers"])
def test_a_file_that_a_notebook_runs_gives_it_its_names(tmp_path: Path, command: str) -> None:
    files = {
        "hw.ipynb": notebook(command, "def f(): return g()"),
        "my work/helpers.py": "def g(): return 1\nprint(g())\n",
    }
    found = extracted(read(tmp_path, files), "f")
    assert found.modules == {
        "hw": "from helpers import *\ndef f(): return g()\n",
        "my_work.helpers": "def g(): return 1\n",
    }


# --- source that doesn't parse ---


def test_a_script_that_a_notebook_was_exported_to_is_read_without_its_commands(tmp_path: Path) -> None:
    source = (
        "import numpy as np\n!pip install \\\n  numpy\n%matplotlib inline\nif 1:\n    %time f()\ndef f(): return np.e\n"
    )
    found = extracted(read(tmp_path, {"hw.py": source}), "f")
    assert found.modules == {"hw": "import numpy as np\n\n\n\n\n\ndef f(): return np.e\n"}
    assert found.problems == ()
    assert ("hw.py, lines 2-4", "a notebook command, not Python") in {(e.where, e.reason) for e in found.left_out}


def test_commands_in_a_script_with_a_broken_function_are_left_out_too(tmp_path: Path) -> None:
    source = "T = 1\n%matplotlib inline\ndef f(): return T\ndef g(x:\n    return\n"
    found = extracted(read(tmp_path, {"hw.py": source}), "f", "g")
    assert found.modules == {"hw": "T = 1\n\ndef f(): return T\n"}
    assert [(each.where, each.reason[:18]) for each in found.left_out] == [
        ("hw.py, line 2", "a notebook command"),
        ("hw.py, lines 4-5", "it doesn't parse: "),
    ]


@pytest.mark.parametrize(
    "junk",
    [">>> f(1)\n1", "<<<<<<< HEAD", "=======", "\x1a", "\u200b", "-- the end --", '"""\nno end', "1. See above."],
)
def test_what_stands_below_a_function_and_isnt_python_doesnt_take_it_along(tmp_path: Path, junk: str) -> None:
    source = f"import os\n\n@deco\ndef f(x):\n    return x\n\n{junk}\n"
    found = extracted(read(tmp_path, {"hw.py": source}), "f")
    assert found.entries == {"f": ("hw", "f")}
    assert all(each.where.startswith("hw.py, line 7") for each in found.problems[:1])
    assert found.problems


def test_one_broken_function_doesnt_take_the_others_along(tmp_path: Path) -> None:
    first = "import numpy as np\n\n@np.vectorize\ndef f(x):\n    return x\n"
    source = first + "\ndef g(x):\n    return (x\n\nT = 1\ndef h(x):\n    return T\n"
    found = extracted(read(tmp_path, {"hw.py": source}), "f", "g", "h")
    assert found.entries == {"f": ("hw", "f"), "h": ("hw", "h")}
    assert found.modules["hw"].split("\n")[3] == "def f(x):"
    assert found.missing["g"] == "g couldn't be read, because of hw.py, line 8: it doesn't parse: '(' was never closed."
    assert found.problems == (Note("hw.py, line 8", "it doesn't parse: '(' was never closed; left out: lines 7-8"),)


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("print 'x'", "a print statement"),
        ("print 'x' % x, x", "a print statement"),
        ("if x: print x", "a print statement"),
        ("exec 'x = 1'", "an exec statement"),
        ("raise ValueError, 'x'", '`raise Error, "text"`'),
        ("return `x`", "backticks"),
        ("if x <> 1: pass", "`<>` for not equal"),
        ("return 10L", "a long number such as 10L"),
        ("return 0777", "an octal number such as 0777"),
        ("return ur'x'", "a ur'' string"),
        ("return lambda (a, b): a", "a tuple among the parameters"),
        ("try: pass\n    except ValueError, e: pass", "`except Error, name`"),
    ],
)
def test_python_2_is_recognised_by_the_line_that_shows_it(tmp_path: Path, line: str, what: str) -> None:
    source = f"# Homework\ndef f(x):\n    {line}\n\ndef g(x):\n    return x\n"
    found = extracted(read(tmp_path, {"hw.py": source}), "f", "g")
    number = 3 + line.count("\n")
    assert found.missing["f"] == (
        f"f couldn't be read, because of hw.py, line {number}: this is Python 2 ({what}); it is graded with Python 3."
    )
    assert found.problems[0].where == f"hw.py, line {number}"
    assert "g" in found.entries


@pytest.mark.parametrize("line", ["x = = 1", "print(x", "return 10 L", "'`' <", "# `print x`\n    1 +"])
def test_other_mistakes_arent_called_python_2(tmp_path: Path, line: str) -> None:
    found = extracted(read(tmp_path, {"hw.py": f"def f(x):\n    {line}\n"}), "f")
    assert "Python 2" not in found.missing["f"]


def test_mixed_tabs_and_spaces_are_named_where_python_refuses_them(tmp_path: Path) -> None:
    fine = "def f(x):\n\tif x:\n\t    return 1\n"
    assert extracted(read(tmp_path, {"hw.py": fine}), "f").entries
    refused = "def f(x):\n        if x:\n\t\treturn 1\n\treturn 2\n"
    found = extracted(read(tmp_path / "2", {"hw.py": refused}), "f")
    assert "tabs and spaces are mixed" in found.missing["f"]
    assert found.problems[0].where == "hw.py, line 3"


@pytest.mark.parametrize(
    "source", ["(" * 3000 + ")" * 3000, "-" * 50_000 + "1", "x" + ".a" * 20_000, "'\ud800'", "a\0b"]
)
def test_what_no_parser_can_read_takes_its_own_cell_only(tmp_path: Path, source: str) -> None:
    submission = read(tmp_path, {"hw.py": "x = 1\ndef f(): return 1\n"})
    file = submission.files[0]
    cell = type(file.cells[0])(5, f"T = {source}\n")
    odd = type(submission)("hw", (type(file)("hw.py", "hw", (cell, *file.cells)),))
    found = extract(odd, [Required("f")], ["numpy"])
    assert found.entries == {"f": ("hw", "f")}


def test_a_function_of_a_thousand_branches_is_survived(tmp_path: Path) -> None:
    """As long a chain as the parser lets through is longer than a recursion over it may be."""
    branches = "".join(f"    elif x == {n}:\n        raise NotImplementedError\n" for n in range(2500))
    source = f"def f(x):\n    if x:\n        raise NotImplementedError\n{branches}"
    assert extracted(read(tmp_path, {"hw.py": source}), "f").entries == {"f": ("hw", "f")}


def test_a_statement_that_only_the_compiler_refuses_is_left_out_alone(tmp_path: Path) -> None:
    source = "def f(x):\n    return x\ndef g(x):\n    global x\n    return x\n"
    found = extracted(read(tmp_path, {"hw.py": source}), "f", "g")
    assert found.entries == {"f": ("hw", "f")}
    assert found.problems[0].where == "hw.py, line 4"


def test_more_source_than_can_be_parsed_in_safety_is_left_out_and_named(tmp_path: Path) -> None:
    big = "def f(x): return x\n" + "#" * 200_000 + "\n"
    found = extracted(read(tmp_path, {f"{name}.py": big for name in "abcd"}), "f")
    assert found.entries == {"f": ("a", "f")}
    assert [problem.where for problem in found.problems] == ["c.py", "d.py"]


# --- the texts ---


def parsed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, text: str) -> list[str]:
    """The texts that the parser is asked about."""
    asked: list[str] = []
    parse = ast.parse

    def heard(text: str) -> ast.Module:
        asked.append(text)
        return parse(text)

    monkeypatch.setattr(ast, "parse", heard)
    extracted(read(tmp_path, {name: text}), "f")
    return asked


def test_a_sound_script_is_parsed_whole_and_no_further(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = "import os\ndef f():\n    x % y\n"
    assert parsed(tmp_path, monkeypatch, "hw.py", source) == [source]


def test_a_broken_script_comes_whole_and_in_stretches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = "import os,\n@a\n@b\ndef f():\n    x\n# note\nif 1:\n    y\nelse:\n    z\n"
    whole, *stretches = parsed(tmp_path, monkeypatch, "hw.py", source)
    assert whole == source
    assert stretches == ["import os,", "@a\n@b\ndef f():\n    x\n# note", "if 1:\n    y\nelse:\n    z\n"]


def test_a_cell_comes_raw_and_without_magics_where_that_differs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = notebook("x = 1", "%time\nif x:\n    !ls", "%%bash\nls", "f = 1")
    first, *others, last = parsed(tmp_path, monkeypatch, "hw.ipynb", text)
    assert (first, last) == ("x = 1", "f = 1")
    assert others == ["%time\nif x:\n    !ls", "pass\nif x:\n    !ls", "pass\nif x:\n    pass"]


@pytest.mark.parametrize("line", ["f = f(3)", "f = 2 * f(f(1)) + 1", "f = x = f(np.zeros(2))"])
def test_a_result_in_a_functions_place_is_left_out(tmp_path: Path, line: str) -> None:
    text = f"import numpy as np\n\ndef f(x):\n    return x + 1\n\n{line}\nprint(f)\n"
    found = extracted(read(tmp_path, {"hw.py": text}), "f")
    (page,) = found.modules.values()
    assert line not in page
    assert "def f(x):" in page
    assert any("in the place of the function" in each.reason for each in found.left_out)


@pytest.mark.parametrize(
    "text",
    [
        "def f(k):\n    def g(x):\n        return k * x\n    return g\nf = f(2)\n",
        "def f(k):\n    return lambda x: k * x\nf = f(2)\n",
        "def deco(g):\n    return g\ndef f(x):\n    return x\nf = deco(f)\n",
    ],
)
def test_a_function_in_a_functions_place_is_kept(tmp_path: Path, text: str) -> None:
    (page,) = extracted(read(tmp_path, {"hw.py": text}), "f").modules.values()
    assert text.splitlines()[-1] in page
