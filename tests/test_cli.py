"""The command line as scripts know it: what it prints, what it writes, and its exit codes."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from random import Random

import click
import pytest
from click.testing import CliRunner, Result

from grader.cli import FIRST, OLD_NAMES, main

pytestmark = pytest.mark.usefixtures("lent")  # starting a jail takes longer than what is claimed here

ROOT = Path(__file__).parent.parent
SAMPLES = ROOT / "sample_submissions" / "assignment1"
RIGHT = str(SAMPLES / "right_script" / "submission.py")


def grade(*args: str | Path) -> Result:
    return CliRunner().invoke(main, [str(arg) for arg in args])


def said(result: Result) -> str:
    assert "Traceback" not in result.output + result.stderr
    return result.stderr


def test_a_right_submission_has_full_points_and_exit_0() -> None:
    result = grade(RIGHT, "--fail-under", "100")
    assert result.exit_code == 0
    assert "100 of 100 points" in result.output


def test_below_fail_under_the_exit_code_is_1() -> None:
    result = grade(SAMPLES / "missing_keepdims" / "submission.py", "--fail-under", "95")
    assert result.exit_code == 1


def test_options_may_stand_before_the_path(tmp_path: Path) -> None:
    result = grade("--seed", "3", "-o", tmp_path / "r.json", RIGHT)
    assert result.exit_code == 0
    assert json.loads((tmp_path / "r.json").read_text())["seed"] == 3


def test_report_json_has_every_field_of_schema_1(tmp_path: Path) -> None:
    grade(SAMPLES / "overflow" / "submission.py", "-o", tmp_path / "r.json")
    report = json.loads((tmp_path / "r.json").read_text())
    top = "schema assignment submission student audience score max_score verdict functions problems isolation seed"
    assert set(top.split()) | {"rubric_sha256", "reference_sha256", "grader_version", "seconds"} <= set(report)
    function = report["functions"][0]
    wanted = "name score max_score verdict carried from_mistake convention mistakes remarks checks"
    assert set(wanted.split()) <= set(function)
    assert {"title", "kind", "verdict", "score", "max_score", "visibility", "message", "details"} <= set(
        function["checks"][0]
    )
    assert report["schema"] == 1
    assert report["isolation"]["level"] in ("full", "no-namespaces", "partial", "none")
    assert sum(f["score"] for f in report["functions"]) == report["score"]


def test_students_see_neither_seed_nor_hidden_details(tmp_path: Path) -> None:
    sample = SAMPLES / "axis_mistakes" / "submission.py"
    grade(sample, "--audience", "student", "-o", tmp_path / "r.json")
    report = json.loads((tmp_path / "r.json").read_text())
    assert report["seed"] is None
    hidden = [c for f in report["functions"] for c in f["checks"] if c["visibility"] != "public"]
    assert any(check["verdict"] != "passed" for check in hidden)
    assert all(not check["details"] for check in hidden)


@pytest.mark.parametrize("suffix", ["json", "md", "html", "xml", "txt"])
def test_the_suffix_picks_the_format(suffix: str, tmp_path: Path) -> None:
    target = tmp_path / f"report.{suffix}"
    assert grade(RIGHT, "-o", target).exit_code == 0
    assert target.stat().st_size > 200


def test_the_same_seed_gives_the_same_report(tmp_path: Path) -> None:
    for name in ("a", "b"):
        grade(SAMPLES / "overflow" / "submission.py", "--seed", "5", "-o", tmp_path / f"{name}.json")
    first, second = (json.loads((tmp_path / f"{name}.json").read_text()) | {"seconds": 0} for name in ("a", "b"))
    assert first == second


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    (tmp_path / "empty.py").write_text("")
    (tmp_path / "junk.py").write_bytes(Random(1).randbytes(2000))
    (tmp_path / "broken.ipynb").write_text("{not json")
    (tmp_path / "coding.py").write_text("# -*- coding: nonsense -*-\nx = 1\n")
    (tmp_path / "latin.py").write_bytes(b"name = '\xe9\xff'\n")
    (tmp_path / "junk.zip").write_text("no archive")
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "notes.txt").write_text("hi")
    (tmp_path / "bare").mkdir()
    (tmp_path / "good.py").write_text("def softmax(x):\n    return x\n")
    return tmp_path


@pytest.mark.parametrize("name", ["nothing.py", "bare"])
def test_nothing_to_grade_is_exit_2_with_the_path_in_one_line(name: str, bad: Path) -> None:
    result = grade(bad / name)
    assert result.exit_code == 2
    assert name in said(result)
    assert len(said(result).splitlines()) == 1


@pytest.mark.parametrize("name", ["coding.py", "latin.py"])
def test_what_cannot_be_loaded_is_graded_and_the_report_says_why(name: str, bad: Path) -> None:
    result = grade(bad / name, "-o", bad / "r.json")
    assert result.exit_code == 0
    report = json.loads((bad / "r.json").read_text())
    assert report["score"] == 0
    assert report["problems"]
    assert {function["verdict"] for function in report["functions"]} == {"missing"}


@pytest.mark.parametrize("name", ["empty.py", "junk.py", "broken.ipynb", "junk.zip", "texts"])
def test_what_cannot_be_read_at_all_is_no_zero_and_awaits_a_person(name: str, bad: Path) -> None:
    result = grade(bad / name, "-o", bad / "r.json")
    assert result.exit_code == 0
    assert "a person will look at it" in " ".join(result.output.split())
    report = json.loads((bad / "r.json").read_text())
    assert (report["score"], report["verdict"], report["reason"]) == (None, "awaiting", "unreadable")


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        (["--rubric", "nope"], 2, "assignment1"),
        (["--rubric", "nope.yaml"], 2, "can't be read"),
        (["--seed", "x"], 2, "--seed"),
        (["--fail-under", "101"], 2, "--fail-under"),
        (["-o", "no/such/folder/r.json"], 2, "make it first"),
        (["-o", "report.docx"], 2, ".json"),
        (["--audience", "everyone"], 2, "audience"),
    ],
)
def test_wrong_usage_is_said_before_anything_is_graded(
    options: list[str], code: int, words: str, bad: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(bad)
    result = grade(bad / "good.py", *options)
    assert result.exit_code == code
    assert words in said(result)
    assert "points" not in result.stdout


def test_a_broken_rubric_is_exit_3_and_lists_every_problem(bad: Path) -> None:
    (bad / "r.yaml").write_text("schema: 1\nasignment: x\nfunctions: {f: {pionts: 1, arguments: {}, checks: []}}\n")
    result = grade(bad / "good.py", "--rubric", bad / "r.yaml")
    assert result.exit_code == 3
    assert all(f"r.yaml:{line}:" in said(result) for line in (1, 2, 3))
    assert "did you mean 'points'" in said(result)


def test_a_reference_that_does_not_import_is_exit_3_and_names_its_line(bad: Path) -> None:
    (bad / "r").mkdir()
    (bad / "r" / "functions.py").write_text("import numpy\n\nraise RuntimeError('half done')\n")
    check = "{value: v, points: 1}"
    text = (
        f"schema: 1\nassignment: x\nfunctions: {{f: {{points: 1, arguments: {{x: 'normal(2)'}}, checks: [{check}]}}}}\n"
    )
    (bad / "r.yaml").write_text(text)
    result = grade(bad / "good.py", "--rubric", bad / "r.yaml")
    assert result.exit_code == 3
    assert "functions.py:3" in said(result)


def test_a_failed_run_leaves_no_half_written_report(bad: Path) -> None:
    target = bad / "r.json"
    target.write_text("old")
    assert grade(bad / "good.py", "-o", target, "-o", bad / "no" / "x.json").exit_code == 2
    assert target.read_text() == "old"
    assert [path.name for path in bad.iterdir() if "tmp" in path.name] == []


def test_without_the_jail_every_report_says_so(tmp_path: Path) -> None:
    result = grade(RIGHT, "--sandbox", "none", "-o", tmp_path / "r.json", "-o", tmp_path / "r.md")
    assert "NOT ISOLATED" in result.output
    assert "NOT ISOLATED" in (tmp_path / "r.md").read_text()
    assert json.loads((tmp_path / "r.json").read_text())["isolation"]["level"] == "none"


def test_the_installed_command_prints_plain_text_to_a_pipe() -> None:
    command = Path(sys.executable).with_name("grade")
    done = subprocess.run([command, RIGHT], capture_output=True, text=True, check=True)
    assert "100 of 100 points" in done.stdout
    assert "\x1b" not in done.stdout
    assert done.stderr == ""


def test_python_m_grader_is_the_same_command() -> None:
    done = subprocess.run([sys.executable, "-m", "grader", RIGHT], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "100 of 100 points" in done.stdout
    shown = subprocess.run([sys.executable, "-m", "grader", "--help"], capture_output=True, text=True, check=True)
    assert shown.stdout.startswith("Usage: grade ")


def test_dir_shows_the_public_names_of_the_package_and_each_is_there() -> None:
    import grader

    assert dir(grader) == ["Grade", "__version__", "grade", "load_rubric"]
    assert all(hasattr(grader, name) for name in dir(grader))


# -- help ----------------------------------------------------------------------------------------------------------


def commands() -> dict[str, click.Command]:
    context = click.Context(main)
    found = {name: main.get_command(context, name) for name in main.list_commands(context)}
    return {name: command for name, command in found.items() if command is not None}


def test_the_help_fits_one_screen_with_what_a_new_user_needs_and_names_the_rest() -> None:
    shown = grade("--help").output
    assert len(shown.splitlines()) <= 24
    first, _, more = shown.partition("More:")
    assert set(FIRST) == {"run", "batch", "status", "publish", "student", "verify"}
    assert all(re.search(rf"^  {name} +\S", first, re.MULTILINE) for name in FIRST)
    assert all(re.search(rf"\b{name}\b", more) for name in commands().keys() - set(FIRST))


@pytest.mark.parametrize("name", commands())
def test_the_help_of_a_command_is_at_most_forty_lines_with_an_example_that_calls_it(name: str) -> None:
    shown = grade(name, "--help").output
    assert len(shown.splitlines()) <= 40
    example = shown.partition("Example:\n")[2].splitlines()[0].strip()
    assert example.startswith("grade submission.py" if name == "run" else f"grade {name}")


@pytest.mark.parametrize("old", OLD_NAMES)
def test_an_old_name_says_what_the_command_is_called_now_and_does_it(old: str, tmp_path: Path) -> None:
    done = grade(old, tmp_path / "out", "ada")
    new = OLD_NAMES[old][0]
    assert f"`grade {old}` is called `grade {new} OUT" in done.stderr
    assert done.exit_code == 2
    assert old not in commands()


def test_a_format_without_a_file_to_write_is_wrong_usage() -> None:
    result = grade(RIGHT, "--format", "gradescope")
    assert (result.exit_code, "name a file with -o" in result.output) == (2, True)


@pytest.mark.parametrize(("word", "meant"), [("veriy", "verify"), ("bacth", "batch"), ("lits", "list")])
def test_a_mistyped_command_is_asked_after(word: str, meant: str) -> None:
    result = grade(word, "assignment1")
    assert result.exit_code == 2
    assert f"did you mean '{meant}'?" in result.output


def test_a_mistyped_path_names_the_nearest_one(tmp_path: Path) -> None:
    (tmp_path / "submission.py").write_text("x = 1\n")
    result = grade(tmp_path / "submision.py")
    assert result.exit_code == 2
    assert "did you mean 'submission.py'?" in result.output


def test_ctrl_c_ends_with_130_and_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("grader.plan.assignment.bundled_rubrics", stop)
    result = grade("list")
    assert result.exit_code == 130
    assert result.output == "grade: stopped.\n"


def test_the_assignments_are_listed_with_their_points() -> None:
    result = grade("list")
    assert result.exit_code == 0
    lines = [line.split(maxsplit=3) for line in result.output.splitlines()]
    assert ["assignment1", "100", "points", "Assignment 1: softmax and neural network basics"] in lines
