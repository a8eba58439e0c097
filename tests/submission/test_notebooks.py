"""Notebooks are JSON from strangers: only code is read, and everything wrong comes back in words."""

from __future__ import annotations

import json
import tempfile

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nbformat import v3, v4

from grader.submission.collecting import MAX_NOTEBOOK
from grader.submission.notebooks import CodeCell, Notebook, read_notebook


def made(**changes: object) -> bytes:
    cells = [{"cell_type": "code", "source": "x = 1"}]
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells} | changes).encode()


def test_a_notebook_that_nbformat_wrote_reads_back_without_a_word() -> None:
    cells = [v4.new_code_cell("x = 1\ny = 2\n"), v4.new_markdown_cell("hi"), v4.new_code_cell("z = 'é'")]
    cells[0].outputs = [v4.new_output("stream", text="1" * 1000)]
    written = nbformat.writes(v4.new_notebook(cells=cells)).encode()
    assert read_notebook(written) == Notebook((CodeCell(1, "x = 1\ny = 2\n"), CodeCell(3, "z = 'é'")))


def test_lines_of_a_cell_may_be_a_list_and_end_as_on_any_system() -> None:
    found = read_notebook(made(cells=[{"cell_type": "code", "source": ["x = 1\r\n", "y = 2\r", "z = 3"]}]))
    assert found.cells == (CodeCell(1, "x = 1\ny = 2\nz = 3"),)


@pytest.mark.parametrize(
    "notebook",
    [
        {"nbformat": 3, "worksheets": [{"cells": [{"cell_type": "code", "input": "x = 1", "language": "python"}]}]},
        {"nbformat": 2, "worksheets": [{"cells": [{"cell_type": "code", "input": ["x =", " 1"]}]}]},
        {"nbformat": 1, "cells": [{"cell_type": "code", "code": "x = 1", "prompt_number": 3}]},
    ],
)
def test_older_formats_are_read(notebook: dict[str, object]) -> None:
    assert read_notebook(json.dumps(notebook).encode()) == Notebook((CodeCell(1, "x = 1"),))


def test_headings_of_format_3_count_as_cells() -> None:
    sheet = v3.new_worksheet(cells=[v3.new_heading_cell("1"), v3.new_code_cell("x = 1")])
    assert read_notebook(v3.writes_json(v3.new_notebook(worksheets=[sheet])).encode()).cells == (CodeCell(2, "x = 1"),)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "cut off"),
        (b'{"cells": [{"cell_type": "code", "source": "x =', "cut off"),
        (b'{"cells": [{"cell_type": "code", "source": "x"}', "cut off"),
        (b'{"cells": [\n<<<<<<< HEAD\n]}', "a merge"),
        (b"not json", "isn't JSON (line 1, column 1"),
        (b"\xff\xfe\x00", "isn't UTF-16"),
        (b"[]", "no object"),
        (b'{"nbformat": "four"}', "no list of cells"),
        (b'{"nbformat": 5}', "no list of cells"),
        (b"[" * 1_000_000, "nested too deep"),
        (b'{"a":' * 1_000_000, "nested too deep"),
        (b'{"nbformat": 4, "cells": 3}', "no list"),
        (b'{"x": ' + b"1" * 10_000 + b"}", "number that no notebook has"),
        (b'{"nbformat": 4, "cells": [' + b"{}," * 6000 + b"{}]}", "more than 5000"),
        (b" " * (MAX_NOTEBOOK + 1), "larger than 20 MiB"),
        (made(metadata={"kernelspec": {"name": "ir", "language": "R"}}), "it is R"),
        (made(metadata={"language_info": {"name": "julia"}}), "it is julia"),
    ],
)
def test_what_is_no_notebook_in_python_comes_back_in_words(data: bytes, why: str) -> None:
    found = read_notebook(data)
    assert found.cells == ()
    assert why in found.unread


@pytest.mark.parametrize(
    "metadata", [{"kernelspec": {"name": "conda-env-py39"}}, {"kernelspec": {"language": "R"}}, {"kernelspec": 3}, [1]]
)
def test_a_kernel_takes_nothing_from_cells_that_are_python(metadata: object) -> None:
    cells = [{"cell_type": "code", "source": "def f(x):\n    return x"}]
    assert read_notebook(made(metadata=metadata, cells=cells)).cells == (CodeCell(1, "def f(x):\n    return x"),)


ONE = {"cell_type": "code", "source": "x = 1"}


@pytest.mark.parametrize(
    "data",
    [
        made(cells=[{"cell_type": "code", "source": None}, ONE]),
        made(cells=[{"cell_type": "code"}, ONE]),
        made(cells=[{"cell_type": "code", "source": []}, {"cell_type": "code", "source": [None, "x =", None, " 1"]}]),
        made(cells=[{}, {"execution_count": 3, "source": "x = 1"}]),
        made(cells=[{}, {"cell_type": "Code", "source": "x = 1", "outputs": None, "metadata": None}]),
        made(cells=[{"cell_type": "markdown", "source": None}, {"cell_type": "code", "input": "x = 1"}]),
        made(cells=["x", {"cell_type": "code", "source": None, "input": ["x = 1"]}]),
    ],
)
def test_one_odd_cell_costs_nothing_of_the_others(data: bytes) -> None:
    found = read_notebook(data)
    assert found.problems == ()
    assert [cell for cell in found.cells if cell.text] == [CodeCell(2, "x = 1")]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (made(cells=[{"cell_type": "code", "source": [7, ["y"]]}, ONE]), "cell 1: a part of its source is no text"),
        (made(cells=[{}, ONE], nbformat=5), "format version is '5'"),
        (made(cells=[{}, ONE], nbformat="four"), "format version is 'four'"),
        (made(cells=[{}, ONE], nbformat=float("inf")), "format version is 'None'"),
        (made(cells=[{}, ONE], nbformat=True, nbformat_minor={}), "format version is 'True'"),
        (made(cells=None, worksheets=[{"cells": [{}, ONE]}]), "keeps cells as format 3 does"),
        (made(cells=[{}], worksheets=[{"cells": [ONE]}]), "keeps cells as format 3 does"),
        (made(cells=[{}, ONE]) + b'"nbformat_minor": 5\n}', "more text after its end"),
        (made(cells=[{}, ONE]) + b"\n\n}", "more text after its end"),
        (made(cells=[{}, ONE]) + made(), "more text after its end"),
        (made(cells=[{"cell_type": "markdown", "source": "caf#"}, ONE]).replace(b"#", b"\xe9"), "read as Latin-1"),
        (made(cells=[{"cell_type": "markdown", "source": "#"}, ONE]).replace(b"#", b"\x93\x94"), "Windows-1252"),
    ],
)
def test_what_is_odd_in_a_notebook_is_said_and_its_cells_are_read(data: bytes, why: str) -> None:
    found = read_notebook(data)
    assert [cell for cell in found.cells if cell.text] == [CodeCell(2, "x = 1")]
    assert any(why in problem for problem in found.problems)


def test_line_ends_within_texts_and_byte_order_marks_are_read_without_a_word() -> None:
    plain = made(cells=[{"cell_type": "code", "source": "x#1"}]).decode()
    for data in (plain.replace("#", " =\t"), "\ufeff" + plain.replace("#", " =\t")):
        for encoding in ("utf-8", "utf-16"):
            assert read_notebook(data.encode(encoding)) == Notebook((CodeCell(1, "x =\t1"),))


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (made(metadata={"loss": float("nan")}), "NaN, which JSON doesn't know"),
        (made(metadata={"loss": -float("inf")}), "-Infinity"),
        (made()[:-1] + b', "metadata": {}}', "a key twice"),
        (made(cells=[]), "no code cell"),
        (made(cells=[{"cell_type": "code", "source": "s = '\ud800'"}]), "lone surrogates"),
    ],
)
def test_what_is_odd_is_named_and_the_rest_is_read(data: bytes, why: str) -> None:
    cells, problems, _, _ = read_notebook(data)
    assert [why in problem for problem in problems] == [True]
    assert all(cell.text.encode() for cell in cells)
    assert bool(cells) == ("no code cell" not in why)


def test_cells_of_unknown_kinds_hold_their_place_in_the_count() -> None:
    cells = [7, None, {}, {"cell_type": "video"}, {"cell_type": "code", "source": "x = 1"}]
    assert read_notebook(made(cells=cells)).cells == (CodeCell(5, "x = 1"),)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=12,
)
CELL = st.fixed_dictionaries(
    {"cell_type": st.sampled_from(["code", "markdown", "raw", 3, None])},
    optional=dict.fromkeys(("source", "input", "code", "metadata", "outputs", "language", "id"), JSON),
)
NOTEBOOK = st.fixed_dictionaries(
    {"nbformat": st.sampled_from([0, 1, 2, 3, 4, 5, "4", None])},
    optional={
        "cells": st.lists(CELL, max_size=3) | JSON,
        "worksheets": st.lists(st.fixed_dictionaries({"cells": st.lists(CELL, max_size=3)}), max_size=2) | JSON,
        "nbformat_minor": JSON,
        "metadata": JSON,
        "orig_nbformat": JSON,
    },
)


@given(NOTEBOOK)
@settings(max_examples=300, deadline=None)
def test_any_json_in_the_shape_of_a_notebook_is_survived(notebook: dict[str, object]) -> None:
    cells, problems, _, unread = read_notebook(json.dumps(notebook).encode())
    assert cells or problems or unread
    assert all(isinstance(cell.text, str) and cell.number >= 1 for cell in cells)
    assert tempfile.gettempdir() not in "".join(problems)
