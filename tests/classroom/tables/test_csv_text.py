"""CSV is read and written in one place: what is written is read as it was, and what can't be read is a sentence."""

from __future__ import annotations

import ast
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.classroom.store.roster import read_roster
from grader.classroom.tables.csv_text import parse_rows, rows_as_csv
from grader.classroom.tables.people import read_table
from grader.errors import UsageError

GRADER = Path(__file__).parents[3] / "grader"

cells = st.text(st.characters(codec="utf-8", exclude_characters="\0\r"), max_size=8)


@given(st.lists(st.lists(cells, min_size=1, max_size=4), max_size=4))
def test_rows_that_are_written_are_read_as_they_were(rows: list[list[str]]) -> None:
    text = rows_as_csv(rows)
    found = list(parse_rows(text, "x.csv", ","))
    assert [row.cells for row in found] == rows
    lines = [1 + text[: len(rows_as_csv(rows[:at]))].count("\n") for at in range(len(rows))]
    assert [row.line for row in found] == lines


@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_the_delimiter_is_the_sign_that_is_most_often_in_the_header(sign: str) -> None:
    header, row = parse_rows(f"id{sign}first{sign}last\n1{sign}a,b;c{sign}x\n", "x.csv")
    assert header.cells == ["id", "first", "last"]
    assert row.cells[0] == "1"


@pytest.mark.parametrize("read", [lambda path: read_table(path, ["id"]), read_roster])
def test_a_cell_that_never_ends_is_a_sentence(tmp_path: Path, read: Callable[[Path], object]) -> None:
    path = tmp_path / "table.csv"
    path.write_text('id,name\n1,"' + "x" * 200_000)
    with pytest.raises(UsageError, match=r"table\.csv: can't be read as CSV .*; is a quotation mark left open\?"):
        read(path)


@pytest.mark.parametrize("file", sorted(GRADER.rglob("*.py")), ids=lambda file: str(file.relative_to(GRADER)))
def test_no_other_module_reads_or_writes_csv(file: Path) -> None:
    imported = {
        alias.name
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Import)
        for alias in node.names
    }
    assert "csv" not in imported or file.name == "csv_text.py"
