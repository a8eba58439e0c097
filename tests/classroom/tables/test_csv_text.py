"""CSV is read and written in one place: what is written is read as it was, and what can't be read is a sentence."""

from __future__ import annotations

import ast
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.classroom.decisions.ledger import read_ledger
from grader.classroom.decisions.overrides import OVERRIDES, read_overrides
from grader.classroom.decisions.requests import REQUESTS, read_requests
from grader.classroom.decisions.times import read_extensions, read_times
from grader.classroom.intake.members import read_members
from grader.classroom.publish.gradebook_files import read_export
from grader.classroom.store.roster import read_roster
from grader.classroom.tables.csv_text import parse_rows, rows_as_csv
from grader.classroom.tables.people import read_table
from grader.classroom.tables.raw import split
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


#: What a person may give us: the table, where it lies, and who is found in it.
TABLES: dict[str, tuple[str, str, Callable[[Path], object]]] = {
    "roster": ("id;name;e\nzoë;Zoë;\n", "x.csv", lambda path: {e.student.id for e in read_roster(path).members}),
    "members": ("group;student\n1;zoë\n", "x.csv", lambda path: set(read_members(path)["1"])),
    "times": ("student;time\nzoë;2026-10-02 17:34\n", "x.csv", lambda path: set(read_times(path, "UTC"))),
    "extensions": ("student;until\nzoë;2026-10-02 17:34\n", "x.csv", lambda path: set(read_extensions(path, "UTC"))),
    "late days": (
        "student;assignment;days\nzoë;hw1;2\n",
        "x.csv",
        lambda path: {row.cells["student"] for row in read_ledger(path)},
    ),
    "overrides": (
        "student;function;points;public comment\nzoë;;4,5;Schön\n",
        str(OVERRIDES),
        lambda path: set(read_overrides(path.parents[1], ["zoë"], {})),
    ),
    "requests": (
        "student;function;question;answer;decision\nzoë;;Why?;;\n",
        str(REQUESTS),
        lambda path: set(read_requests(path.parents[1], ["zoë"], [])),
    ),
    "gradebook": (
        "id;HW\nzoë;\n",
        "x.csv",
        lambda path: {row.member.student.id for row in read_export(path, "HW", "HW").listed},
    ),
}


@pytest.mark.parametrize("code", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("start", ["", "sep=;\n"])
@pytest.mark.parametrize("sign", [";", "\t"])
@pytest.mark.parametrize("kind", TABLES)
def test_every_table_is_read_as_any_spreadsheet_saves_it(
    tmp_path: Path, kind: str, code: str, start: str, sign: str
) -> None:
    text, place, read = TABLES[kind]
    path = tmp_path / place
    path.parent.mkdir(exist_ok=True)
    path.write_bytes((start + text).replace(";", sign).replace("\n", "\r\n").encode(code))
    assert read(path) == {"zoë"}


@pytest.mark.parametrize("code", ["utf-8-sig", "utf-16", "utf-16-be", "cp1252", "cp1251"])
@pytest.mark.parametrize("start", ["", "sep=;\r\n"])
def test_a_table_that_is_written_back_stays_as_its_spreadsheet_saved_it(code: str, start: str) -> None:
    name = "Жаба" if code == "cp1251" else "Zoë"
    data = f"{start}id;name;HW\r\n1;{name};\r\n2;Bo;\r\n".encode(code)
    table = split(data, "x.csv")
    assert (table.header, table.to_bytes()) == (("id", "name", "HW"), data)
    assert table.to_bytes({(1, 2): "7"}, gone={2}) == f"{start}id;name;HW\r\n1;{name};7\r\n".encode(code)
    assert [row.line for row in table.rows] == ([2, 3, 4] if start else [1, 2, 3])


@pytest.mark.parametrize("file", sorted(GRADER.rglob("*.py")), ids=lambda file: str(file.relative_to(GRADER)))
def test_no_other_module_reads_or_writes_csv(file: Path) -> None:
    imported = {
        alias.name
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Import)
        for alias in node.names
    }
    assert "csv" not in imported or file.name == "csv_text.py"
