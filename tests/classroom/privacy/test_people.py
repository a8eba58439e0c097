"""Somebody who asks gets all that is known about them; who wants to be forgotten is gone, down to the bytes."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path

import pytest
from classroom.classes import RIGHT, WRONG, graded, table, tiny, write
from click.testing import CliRunner, Result

from grader.cli import main

pytestmark = pytest.mark.usefixtures("nearby")

#: Of a class as Gradescope exports it; Ada and Bo are a group, Eve and Flo have the same files.
METADATA = """
submission_1:
  :submitters:
  - :name: Adalbert Byronson
    :sid: 'id-ada-771'
    :email: adalbert@example.edu
  - :name: Boris Liangovich
    :sid: 'id-bo-772'
    :email: boris@example.edu
submission_2:
  :submitters:
  - :name: Eveline Ardenhall
    :sid: 'id-eve-773'
    :email: eveline@example.edu
submission_3:
  :submitters:
  - :name: Florian Hymanbaum
    :sid: 'id-flo-774'
    :email: florian@example.edu
"""
MARK_OF_EVE = "a_name_that_only_eve_uses"
REQUESTS = (
    "student,function,question,answer,decision\r\n"
    'id-eve-773,double,"Why, please?",Because.,stays\r\n'
    "id-bo-772,double,Why?,,\r\n"
)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """A class that is graded, published, and has decisions."""
    same = f"{WRONG}\n{MARK_OF_EVE} = 1\n"
    files = {
        "submission_metadata.yml": METADATA,
        "submission_1/hw.py": RIGHT,
        "submission_2/hw.py": same,
        "submission_3/hw.py": same,
    }
    roster = tmp_path / "roster.csv"
    roster.write_text(
        "sid,name,email\nid-eve-773,Eveline Ardenhall,eveline@example.edu\nid-gil-775,Gilbert Nobody,g@x.edu\n"
    )
    write(tmp_path / "class", files)
    graded(tmp_path / "class", tmp_path / "out", tiny(tmp_path / "assignment"), roster=roster)
    grade("publish", tmp_path / "out")
    write(tmp_path / "out", {"decisions/requests.csv": REQUESTS})
    graded(tmp_path / "class", tmp_path / "out", tmp_path / "assignment" / "tiny.yaml", roster=roster)
    return tmp_path / "out"


def grade(*words: object, code: int = 0) -> Result:
    result = CliRunner().invoke(main, [str(word) for word in words])
    assert result.exit_code == code, result.output
    assert "Traceback" not in result.output
    return result


def raw(out: Path) -> bytes:
    """Every byte below a folder, and every name."""
    found = [
        str(path.relative_to(out)).encode() + b"\n" + path.read_bytes() for path in out.rglob("*") if path.is_file()
    ]
    return b"\n".join(found)


def words_of(student: str) -> list[bytes]:
    return {
        "eve": [b"id-eve-773", b"Eveline", b"Ardenhall", b"eveline@example.edu"],
        "ada": [b"id-ada-771", b"Adalbert", b"Byronson", b"adalbert@example.edu"],
        "bo": [b"id-bo-772", b"Boris", b"Liangovich", b"boris@example.edu"],
        "flo": [b"id-flo-774", b"Florian", b"Hymanbaum", b"florian@example.edu"],
    }[student]


# -- forget ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("asked", ["id-eve-773", "eveline@example.edu"])
def test_who_is_forgotten_is_in_no_byte_of_the_results(out: Path, asked: str) -> None:
    for word in words_of("eve"):
        assert word in raw(out)
    result = grade("student", out, asked, "--erase", "--yes")
    for word in words_of("eve"):
        assert word not in raw(out), word
    assert "still name" not in result.output
    assert set(table(out)) == {"id-ada-771", "id-bo-772", "id-flo-774", "id-gil-775"}
    assert table(out)["id-flo-774"]["remarks"] == "not on the roster"
    assert (out / "decisions" / "requests.csv").read_bytes() == REQUESTS.replace(
        REQUESTS.splitlines(True)[1], ""
    ).encode()


def test_no_byte_stays_beside_the_store_while_another_program_has_it_open(out: Path) -> None:
    with closing(sqlite3.connect(out / "private" / "grades.db")) as viewer:
        assert viewer.execute("SELECT count(*) FROM handed").fetchone() == (3,)
        grade("student", out, "id-eve-773", "--erase", "--yes")
        for word in words_of("eve"):
            assert word not in raw(out), word


def test_the_files_of_whoever_handed_in_the_same_stay(out: Path) -> None:
    grade("student", out, "id-eve-773", "--erase", "--yes")
    grade("student", out, "id-flo-774", "--export", out.parent / "flo.zip")
    with zipfile.ZipFile(out.parent / "flo.zip") as archive:
        assert MARK_OF_EVE in archive.read("handed_in/hw.py").decode()


def test_the_bytes_of_what_only_they_handed_in_go_too(tmp_path: Path) -> None:
    folder = write(tmp_path / "class", {"ada.py": RIGHT, "eve.py": f"{WRONG}\n{MARK_OF_EVE} = 1\n"})
    graded(folder, tmp_path / "out", tiny(tmp_path / "assignment"))
    grade("student", tmp_path / "out", "eve", "--erase", "--yes")
    grade("student", tmp_path / "out", "eve", "--replay", code=2)
    assert grade("student", tmp_path / "out", "ada", "--replay").output.count("identical") == 1
    assert not [path for path in (tmp_path / "out").rglob("*") if path.stem == "eve"]


def test_the_rest_of_a_group_keeps_its_grade(out: Path) -> None:
    grade("student", out, "id-ada-771", "--erase", "--yes")
    for word in words_of("ada"):
        assert word not in raw(out), word
    assert table(out)["id-bo-772"]["score"] == "10"
    assert "identical" in grade("student", out, "id-bo-772", "--replay").output
    assert "nothing has changed" in grade("publish", out).output


def test_forgetting_leaves_every_other_row_byte_for_byte(out: Path) -> None:
    before = (out / "releases" / "1.csv").read_bytes().splitlines(keepends=True)
    grade("student", out, "id-bo-772", "--erase", "--yes")
    assert (out / "releases" / "1.csv").read_bytes().splitlines(keepends=True) == [
        line for line in before if b"id-bo-772" not in line
    ]


@pytest.mark.parametrize("code", ["utf-16", "cp1252"])
def test_a_table_that_a_spreadsheet_saved_in_its_own_way_forgets_them_too(out: Path, code: str) -> None:
    path = out / "decisions" / "requests.csv"
    lines = REQUESTS.replace("Because.", "Schön.").replace(",", ";").splitlines(True)
    path.write_bytes(f"sep=;\r\n{''.join(lines)}".encode(code))
    grade("student", out, "id-eve-773", "--erase", "--yes")
    assert path.read_bytes() == f"sep=;\r\n{lines[0]}{lines[2]}".encode(code)


def test_files_that_name_them_in_words_are_listed(out: Path) -> None:
    write(out, {"notes.txt": "talk to eveline ardenhall"})
    assert "notes.txt" in grade("student", out, "id-eve-773", "--erase", "--yes").output


@pytest.mark.parametrize("command", [(), ("--erase", "--yes"), ("--export", "x.zip")])
def test_nobody_is_taken_for_somebody_else(out: Path, command: tuple[str, ...]) -> None:
    before = (out / "grades.csv").read_bytes()
    result = grade("student", out, "id-eve-77", *command, code=2)
    assert "did you mean 'id-eve-773'?" in result.output
    assert (out / "grades.csv").read_bytes() == before


# -- export ----------------------------------------------------------------------------------------------------------


def test_an_export_has_all_of_theirs_and_nothing_of_anybody_else(out: Path, tmp_path: Path) -> None:
    grade("student", out, "id-eve-773", "--export", tmp_path / "eve")
    files = {path.relative_to(tmp_path / "eve").as_posix() for path in (tmp_path / "eve").rglob("*") if path.is_file()}
    assert files == {
        *("about.json", "handed_in/hw.py", "report.html", "report.json", "report.md"),
        *("tables/grades.csv", "tables/releases/1.csv", "tables/decisions/requests.csv"),
    }
    for other in ("ada", "bo", "flo"):
        for word in words_of(other):
            assert word not in raw(tmp_path / "eve"), word
    about = json.loads((tmp_path / "eve" / "about.json").read_text())
    assert about["student"] == {"id": "id-eve-773", "name": "Eveline Ardenhall", "email": "eveline@example.edu"}
    assert about["published"][0]["release"] == 1
    (row,) = csv.DictReader(io.StringIO((tmp_path / "eve" / "tables" / "grades.csv").read_text("utf-8-sig")))
    assert (row["id"], row["score"], row["remarks"]) == ("id-eve-773", "4", "")
    assert (tmp_path / "eve" / "report.md").read_bytes() == (out / "feedback" / "id-eve-773.md").read_bytes()


def test_a_folder_with_something_in_it_stays_as_it_is(out: Path, tmp_path: Path) -> None:
    write(tmp_path / "eve", {"mine.txt": "x"})
    assert "is there already" in grade("student", out, "id-eve-773", "--export", tmp_path / "eve", code=2).output
    assert [path.name for path in (tmp_path / "eve").iterdir()] == ["mine.txt"]


def test_who_is_only_on_the_roster_can_ask_too(out: Path, tmp_path: Path) -> None:
    grade("student", out, "id-gil-775", "--export", tmp_path / "gil.zip")
    with zipfile.ZipFile(tmp_path / "gil.zip") as archive:
        assert set(archive.namelist()) == {"about.json", "tables/grades.csv", "tables/releases/1.csv"}
    grade("student", out, "id-gil-775", "--erase", "--yes")
    assert b"Gilbert" not in raw(out)
