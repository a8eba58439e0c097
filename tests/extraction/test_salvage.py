"""What doesn't parse costs itself, in scripts and in notebooks alike; what isn't run is told where it stands."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from submitting import extracted, notebook, read

from grader.extraction.model import Extraction
from grader.extraction.syntax_errors import LOOKS_LIKE
from grader.submission.collecting import FoundFile, Upload
from grader.submission.reading import open_upload

PARTS = {
    "f": "def f(x):\n    return x + A\n",
    "g": "@keep\ndef g(x):\n    return f(x)\n",
    "h": "h = lambda x: g(x)\n",
    "C": "class C:\n    def m(self):\n        return h\n",
}
NEEDED = "import numpy as np\nA = np.zeros(3)\ndef keep(f):\n    return f\n"
#: What is no statement, as people leave it in their work.
BROKEN = (
    *(
        "x = = 1\n",
        "print 'x'\n",
        "for i in range(3)\n    print(i)\n",
        "this is prose\n",
        ">>> f(1)\n",
        "<<<<<<< HEAD\n",
    ),
    *(
        "def broken(x:\n    return x\n",
        "if x:\n",
        ")\n",
        "x = '\n",
        "$x$\n",
        "f(1) = 2\n",
        "...x\n",
    ),
)


def found_in(name: str, text: str) -> Extraction:
    return extracted(open_upload(Upload("hw", (FoundFile(name, text.encode()),))), *PARTS)


@pytest.mark.parametrize("broken", BROKEN)
@pytest.mark.parametrize("name", ["hw.py", "hw.ipynb"])
def test_a_line_that_doesnt_parse_costs_nothing_else(name: str, broken: str) -> None:
    parts = [NEEDED, *PARTS.values()]
    for place in range(len(parts) + 1):
        text = "".join([*parts[:place], broken, *parts[place:]])
        found = found_in(name, notebook(text) if name.endswith("ipynb") else text)
        assert set(found.entries) == set(PARTS), text
        (page,) = found.modules.values()
        compile(page, "hw", "exec")
        assert "A = np.zeros(3)" in page


def test_a_cell_and_a_script_of_the_same_text_give_the_same_page() -> None:
    for broken in BROKEN:
        text = NEEDED + broken + "".join(PARTS.values())
        pages = [found_in("hw.py", text).modules["hw"], found_in("hw.ipynb", notebook(text)).modules["hw"]]
        assert pages[0] == pages[1]


def test_a_broken_cell_below_a_magic_keeps_what_can_be_read() -> None:
    found = found_in("hw.ipynb", notebook(f"%%time\n{NEEDED}x = = 1\n!ls\n{''.join(PARTS.values())}"))
    assert set(found.entries) == set(PARTS)


DAMAGE: tuple[Callable[[str], object], ...] = (
    lambda text: None,
    lambda text: {"source": text},
    lambda text: {"cell_type": "code", "source": None},
    lambda text: {"cell_type": "code", "source": [None, 3, text[: len(text) // 2]]},
    lambda text: {"cell_type": "raw", "source": text},
    lambda text: {"cell_type": "code", "source": text.replace(":", "", 1).replace("=", "= =", 1)},
    lambda text: {"cell_type": "code", "source": "%%bash\n" + text},
    lambda text: {"cell_type": 7, "source": {"a": text}},
    lambda text: 3,
)


@given(st.sampled_from(sorted(PARTS)), st.sampled_from(DAMAGE), st.integers(3, 5), st.booleans())
@settings(max_examples=150, deadline=None)
def test_damage_to_a_cell_costs_no_function_of_another_one(
    hurt: str, damage: Callable[[str], object], version: int, has_sheets: bool
) -> None:
    cells = [{"cell_type": "code", "source": NEEDED}]
    cells += [damage(text) if name == hurt else {"cell_type": "code", "source": text} for name, text in PARTS.items()]  # type: ignore[misc]
    where = {"worksheets": [{"cells": cells}]} if has_sheets else {"cells": cells}
    found = found_in("hw.ipynb", json.dumps({"nbformat": version, **where}))
    assert set(PARTS) - {hurt} <= set(found.entries)


# --- classes ---


CLASS = """
class Layer(object):
    '''A layer.'''

    scale = 2

    @property
    def size(self):
        return self.scale

    def forward(self, x):
        def inner(y):
            return y

        return inner(x)

    def backward(self, g:
        return g

    @staticmethod
    def update(
        w,
        g,
    ):
        return w - g
"""


@pytest.mark.parametrize("name", ["hw.py", "hw.ipynb"])
def test_a_method_that_doesnt_parse_costs_itself_and_not_its_class(name: str) -> None:
    text = notebook(CLASS) if name.endswith("ipynb") else CLASS
    found = extracted(open_upload(Upload("hw", (FoundFile(name, text.encode()),))), "Layer")
    made: dict[str, type] = {}
    exec(compile(found.modules["hw"], "hw", "exec"), made)
    layer = made["Layer"]()
    assert (layer.size, layer.forward(3), layer.update(5, 2), hasattr(layer, "backward")) == (2, 3, 3, False)
    lines = [item.where for item in found.left_out] + [note.where for note in found.problems]
    assert any("line 17" in line or "lines 17-18" in line for line in lines)


@pytest.mark.parametrize(
    "blank",
    [
        "def f(x):\n    # your code here\n",
        "def f(\n    x,\n):  # fill in:\n\n",
        "def f(x):\n# here\n    # there\n",
        "def f(x):",
    ],
)
@pytest.mark.parametrize("name", ["hw.py", "hw.ipynb"])
def test_a_function_of_comments_alone_isnt_filled_in_and_is_no_error(name: str, blank: str) -> None:
    others = [NEEDED, *(text for part, text in PARTS.items() if part != "f")]
    for place in range(1, len(others) + 1):
        text = "".join([*others[:place], blank + "\n", *others[place:]])
        found = found_in(name, notebook(text) if name.endswith("ipynb") else text)
        assert (set(found.entries), found.problems) == (set(PARTS) - {"f"}, ()), text
        assert found.missing["f"].endswith("but not filled in yet."), text


#: What editors, documents and web pages make of a line, and the line.
TYPOGRAPHY = [
    ("    return x\u00a0+\u00a0A", "    return x + A"),
    ("\u3000   return x + A", "    return x + A"),
    ("    return\u200b x + A", "    return x + A"),
    ("    return x + A if x \u2265 0 else \u2212A", "    return x + A if x >= 0 else -A"),
    ("    return x \u00d7 {\u201ca\u201d: A}[\u2018a\u2019]", "    return x * {\"a\": A}['a']"),
    ("    return max\uff08x\uff0c A\uff09", "    return max(x, A)"),
    ("    return A if x &lt; 1 &amp;&quot;a&quot; else x", '    return A if x < 1 &"a" else x'),
    ("\x0b    return x + A", "    return x + A"),
]


@pytest.mark.parametrize(("line", "meant"), TYPOGRAPHY)
@pytest.mark.parametrize("name", ["hw.py", "hw.ipynb"])
def test_characters_that_only_look_like_pythons_are_read_as_those(name: str, line: str, meant: str) -> None:
    text = NEEDED + "B = '\u201cx\u201d \u00a0'\n" + "".join(PARTS.values())
    damaged = text.replace("    return x + A", line)
    found = found_in(name, notebook(damaged) if name.endswith("ipynb") else damaged)
    (page,) = found.modules.values()
    assert set(found.entries) == set(PARTS)
    assert f"def f(x):\n{meant}\n" in page
    assert [note.message for note in found.problems] == [LOOKS_LIKE]


def test_characters_within_a_text_stay_as_they_are() -> None:
    text = "def f(x):\n    s = '\u201ca\u201d'\n    return x\u00a0+ len(s)\n"
    (page,) = found_in("hw.py", text).modules.values()
    assert page.rstrip() == "def f(x):\n    s = '\u201ca\u201d'\n    return x + len(s)"


def test_two_functions_of_comments_alone_in_a_class_cost_no_third_one() -> None:
    blank = "    def {}(self):\n        # here\n\n"
    text = "class C:\n" + blank.format("m") + blank.format("n") + "    def o(self):\n        return 1\n"
    found = extracted(open_upload(Upload("hw", (FoundFile("hw.py", text.encode()),))), "C.o", "C.m")
    assert "C.o" in found.entries
    assert not found.problems


def test_a_method_that_couldnt_be_read_is_told_with_its_line(tmp_path: Path) -> None:
    found = extracted(read(tmp_path, {"hw.py": CLASS}), "Layer.backward", "Layer.forward", "Layer.other")
    assert set(found.entries) == {"Layer", "Layer.forward", "Layer.other"}
    assert found.missing["Layer.backward"].startswith("Layer.backward couldn't be read, because of hw.py, line 17: ")


def test_lines_of_a_text_are_no_statements_when_a_script_is_salvaged(tmp_path: Path) -> None:
    text = "'''Homework\ndef f(x): return 'not this one'\n'''\n"
    function = 'def f(x):\n    """Doc,\nat the margin: yes\n"""\n    return x\n'
    found = extracted(read(tmp_path, {"hw.py": f"{text}{function}y = = 1\n"}), "f")
    assert [note.where for note in found.problems] == ["hw.py, line 9"]
    assert "not this one" not in found.modules["hw"]


@pytest.mark.parametrize(
    "source",
    [
        "class C(\n    def m(self):\n        return 1\n",
        "class C\n    def m(self):\n        return 1\n",
        "class C:\ndef m(self):\n    return 1\n",
        "class C:\n    def m(self:\n        return 1\n",
        "class C:\n",
    ],
)
def test_a_class_of_which_nothing_can_be_read_is_missing(tmp_path: Path, source: str) -> None:
    found = extracted(read(tmp_path, {"hw.py": f"{source}\ndef f(x):\n    return x\n"}), "C", "f")
    assert (set(found.entries), set(found.missing)) == ({"f"}, {"C"})


# --- where it stands that isn't run ---


def cells(*kinds: tuple[str, str]) -> str:
    made = [{"cell_type": kind, "source": text, "metadata": {}} for kind, text in kinds]
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": made})


F = "def f(x):\n    return x\n"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (cells(("code", "x = 1"), ("raw", F)), "f stands in a raw cell (cell 2), which isn't run"),
        (
            cells(("code", "x = 1"), ("markdown", f"```\n{F}```")),
            "f stands in a Markdown cell (cell 2), which isn't run",
        ),
        (cells(("code", "x = 1"), ("code", f"%%script bash\n{F}")), "f stands in a %%script cell (cell 2, line 1)"),
        (cells(("code", "x = 1\n# def f(x):\n#    return x")), "f stands in a comment or a text (cell 1, line 2)"),
        (cells(("code", f"'''\n{F}'''\nx = 1")), "f stands in a comment or a text (cell 1, line 2)"),
    ],
)
def test_a_function_that_isnt_run_is_told_where_it_stands(tmp_path: Path, content: str, said: str) -> None:
    found = extracted(read(tmp_path, {"hw.ipynb": content}), "f")
    assert found.missing["f"].startswith(said)


def test_code_without_any_of_the_functions_is_perhaps_the_wrong_file(tmp_path: Path) -> None:
    found = extracted(read(tmp_path, {"hw.py": "def fib(n):\n    return n\n"}), "softmax")
    assert "perhaps the wrong file" in found.problems[-1].message
    assert found.unread == ()
    found = extracted(read(tmp_path, {"hw.py": "def softmax(n):\n    pass\n"}), "softmax")
    assert found.problems == ()
