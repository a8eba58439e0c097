"""A grade.toml says what needn't be said each time; its mistakes are told at once, each with its place."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from classroom.classes import RIGHT, RUBRIC, WRONG, table, tiny, write
from click.testing import CliRunner, Result

from grader.classroom.store.store import Store
from grader.cli import main

pytestmark = pytest.mark.usefixtures("nearby")


def grade(*args: object) -> Result:
    return CliRunner().invoke(main, [str(each) for each in args])


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A course's folder with a rubric, a roster and a class."""
    tiny(tmp_path)
    write(tmp_path, {"hw2.yaml": RUBRIC.replace("Tiny", "Second"), "roster.csv": "id\nada\nzoe\n"})
    write(tmp_path / "class", {"ada/hw1.py": RIGHT, "bo/hw1.py": WRONG})
    monkeypatch.chdir(tmp_path)
    return tmp_path


CONFIG = 'rubric = "tiny.yaml"\nroster = "roster.csv"\njobs = 1\n[publish]\nreason = "A tolerance was too tight."\n'


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("grade.toml", CONFIG),
        ("pyproject.toml", "[tool.grade]\n" + CONFIG.replace("[publish]", "[tool.grade.publish]")),
    ],
)
def test_a_batch_takes_its_options_from_the_file_and_says_so_first(here: Path, file: str, text: str) -> None:
    write(here, {file: text})
    done = grade("batch", "class", "-o", "out")
    assert done.exit_code == 0, done.stderr
    assert done.stderr.splitlines()[0].endswith(f"tiny.yaml (as {file} says)")
    assert table(here / "out")["zoe"]["status"] == "nothing handed in"


def test_a_pyproject_without_settings_of_ours_says_nothing(here: Path) -> None:
    write(here, {"pyproject.toml": "[tool.ruff]\nline-length = 5\n"})
    assert "several rubrics are here" in grade("batch", "class", "-o", "out").stderr


def test_the_command_line_stands_above_the_file_and_what_it_said_is_kept_until_the_file_changes(here: Path) -> None:
    write(here, {"grade.toml": 'rubric = "tiny.yaml"\njobs = 1\n'})
    first = grade("batch", "class", "-o", "out", "--rubric", "hw2.yaml")
    assert "hw2.yaml" in first.stderr.splitlines()[0]
    assert grade("batch", "class", "-o", "out").stderr.splitlines()[0].endswith("hw2.yaml (as the last time)")
    write(here, {"hw3.yaml": RUBRIC, "grade.toml": 'rubric = "hw3.yaml"\njobs = 1\n'})
    assert grade("batch", "class", "-o", "out").stderr.splitlines()[0].endswith("hw3.yaml (as grade.toml says)")


def test_another_file_can_be_named_and_its_paths_are_meant_from_its_own_folder(here: Path) -> None:
    write(here, {"course/mine.toml": 'rubric = "../tiny.yaml"\n[batch]\nseed = 5\n'})
    assert grade("batch", "class", "-o", "out", "--config", "course/mine.toml").exit_code == 0
    assert json.loads((here / "out" / "private" / "reports" / "ada.json").read_text())["seed"] == 5
    assert grade("batch", "class", "-o", "out", "--config", "nothing.toml").exit_code == 2


def test_limits_stand_in_place_of_the_rubric_s(here: Path) -> None:
    write(here, {"grade.toml": 'rubric = "tiny.yaml"\n[limits]\ncall = "150 ms"\nmemory = "512 MiB"\n'})
    grade("batch", "class", "-o", "out")
    with Store(here / "out" / "private" / "grades.db") as store:
        _, parts = store.plan_before() or ("", {})
    limits = json.loads(parts["limits"])
    assert (limits["call_seconds"], limits["memory_bytes"], limits["submission_seconds"]) == (0.15, 512 << 20, 3)


def test_limits_are_remembered_like_all_else(here: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(here, {"grade.toml": 'rubric = "tiny.yaml"\n[limits]\ncall = "150 ms"\n'})
    grade("batch", "class", "-o", "out")
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    done = grade("batch", here / "class", "-o", here / "out")
    assert "0 graded in this run" in done.stdout
    assert "graded again" not in done.stderr


def test_ten_mistakes_are_told_at_once_each_with_line_and_column(here: Path) -> None:
    text = (
        'rubrik = "x"\njobs = "many"\nseed = -4\nlate = "lsm"\nyes = true\n[batch]\nlayout = "canvass"\n'
        'pseudonyms = "yes"\n= broken\n[limits]\ncall = "2 parsecs"\ncal = "2 s"\n[publsh]\nreason = 1\n'
    )
    write(here, {"grade.toml": text})
    done = grade("batch", "class", "-o", "out")
    assert done.exit_code == 2
    places = ["1:1", "2:8", "3:8", "4:8", "5:1", "7:10", "8:14", "9:1", "11:8", "12:1", "13:1"]
    assert [line.split(": ")[0].strip() for line in done.stderr.splitlines()[1:]] == [
        f"grade.toml:{each}" for each in places
    ]
    assert "did you mean 'rubric'?" in done.stderr
    assert not (here / "out").exists()


@pytest.mark.parametrize(
    ("text", "said"),
    {
        "rubric = 3": '1:10: rubric: should be a text such as "hw1", found 3',
        'jobs = "many"': "1:8: jobs: should be a whole number, found 'many'",
        "times = ['a.csv', 'b.csv']": "1:9: times: takes one value, found a list",
        "[publsh]\nreason = 'x'": "1:1: no command is called 'publsh'; did you mean 'publish'?",
    }.items(),
)
def test_a_value_of_another_kind_is_told_as_what_it_is(here: Path, text: str, said: str) -> None:
    write(here, {"grade.toml": text})
    done = grade("batch", "class", "-o", "out")
    assert (done.exit_code, done.stderr) == (2, f"grade: grade.toml has 1 problem:\n  grade.toml:{said}\n")


@pytest.mark.parametrize("text", ["\xff", "a" * 2_000_000, "[[[", 'x = "', "[tool", "\0", "=\n" * 100])
def test_whatever_stands_in_the_file_no_fault_of_ours_is_shown(here: Path, text: str) -> None:
    (here / "grade.toml").write_bytes(text.encode("latin-1"))
    done = grade("batch", "class", "-o", "out")
    assert (done.exit_code, "grade.toml" in done.stderr, "fault of the grader" in done.stderr) == (2, True, False)


def test_no_file_that_lies_among_what_was_handed_in_is_read(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(here / "class", {"grade.toml": 'rubric = "evil.yaml"\nsandbox = "none"\n'})
    monkeypatch.chdir(here / "class")
    done = grade("batch", ".", "-o", "../out")
    assert done.stderr.splitlines()[0].startswith("rubric: assignment1")
    assert "evil" not in done.stderr


# -- verify --------------------------------------------------------------------------------------------------------


def test_verify_without_an_argument_looks_at_every_rubric_that_lies_here(here: Path) -> None:
    done = grade("verify")
    assert [line.split(",")[0] for line in done.stdout.splitlines() if ", seed" in line] == ["hw2.yaml", "tiny.yaml"]


def test_verify_never_says_well_where_it_looked_at_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    done = grade("verify")
    assert done.exit_code == 2
    assert "nothing was looked at" in done.stderr
    assert "well" not in done.output
