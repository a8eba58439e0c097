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
from grader.submission.notebooks import CodeCell, read_notebook


def made(**changes: object) -> bytes:
    cells = [{"cell_type": "code", "source": "x = 1"}]
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells} | changes).encode()


def test_a_notebook_that_nbformat_wrote_reads_back_without_a_word() -> None:
    cells = [v4.new_code_cell("x = 1\ny = 2\n"), v4.new_markdown_cell("hi"), v4.new_code_cell("z = 'é'")]
    cells[0].outputs = [v4.new_output("stream", text="1" * 1000)]
    written = nbformat.writes(v4.new_notebook(cells=cells)).encode()
    assert read_notebook(written) == ((CodeCell(1, "x = 1\ny = 2\n"), CodeCell(3, "z = 'é'")), ())


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
    assert read_notebook(json.dumps(notebook).encode()) == ((CodeCell(1, "x = 1"),), ())


def test_headings_of_format_3_count_as_cells() -> None:
    sheet = v3.new_worksheet(cells=[v3.new_heading_cell("1"), v3.new_code_cell("x = 1")])
    assert read_notebook(v3.writes_json(v3.new_notebook(worksheets=[sheet])).encode()).cells == (CodeCell(2, "x = 1"),)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "isn't JSON"),
        (b"not json", "isn't JSON (line 1, column 1"),
        (b"\xff\xfe\x00", "aren't UTF-16"),
        (b'{"a": "\xff"}', "aren't UTF-8"),
        (b"[]", "no object"),
        (b'{"nbformat": "four"}', "format version"),
        (b'{"nbformat": 5}', "format version"),
        (b'{"nbformat": 1e999}', "format version"),
        (b'{"nbformat": true, "nbformat_minor": {}}', "format version"),
        (b"[" * 1_000_000, "nested too deep"),
        (b'{"a":' * 1_000_000, "nested too deep"),
        (b'{"nbformat": 4, "cells": 3}', "no list"),
        (b'{"nbformat": 4, "cells": [{"cell_type": "code", "source": {"a": 1}}]}', "source is no text"),
        (b'{"nbformat": 4, "cells": [{"cell_type": "code", "source": ["a", 1]}]}', "source is no text"),
        (b'{"x": ' + b"1" * 10_000 + b"}", "number that no notebook has"),
        (b'{"nbformat": 4, "cells": [' + b"{}," * 6000 + b"{}]}", "more than 5000"),
        (b" " * (MAX_NOTEBOOK + 1), "larger than 20 MiB"),
    ],
)
def test_what_is_no_notebook_comes_back_in_words(data: bytes, why: str) -> None:
    cells, problems = read_notebook(data)
    assert cells == ()
    assert why in problems[-1]


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
    cells, problems = read_notebook(data)
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
    cells, problems = read_notebook(json.dumps(notebook).encode())
    assert cells or problems
    assert all(isinstance(cell.text, str) and cell.number >= 1 for cell in cells)
    assert tempfile.gettempdir() not in "".join(problems)
