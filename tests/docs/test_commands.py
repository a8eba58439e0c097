"""Every command on the pages runs, and does what is said of it."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from docs.desk import lay_out
from docs.pages import BLOCKS, PAGES, ROOT, lines_of, run, shell_lines, text_of

from grader.cli import main

COMMANDS = [command for command in shell_lines() if command.startswith("grade ")]
NAMES = main.list_commands(click.Context(main))


def of(*names: str) -> list[str]:
    """The pages' commands of these names, in their order."""
    return [command for command in COMMANDS if command.split()[1] in names]


#: With times, and with a cluster, they have tests of their own: test_tables.py, and test_cluster.py of classrooms.
BATCH = [command for command in of("batch") if "--times" not in command]
EXPLAIN = [command for command in of("explain") if "submission.py" in command]
LATER = of("publish", "explain", "status", "gradebook", "groups", "compare", "student", "archive")
AFTER = [command for command in LATER if command not in EXPLAIN]
GRADE = [command for command in COMMANDS if command.split()[1] not in NAMES]
#: Commands that have a test in this file or beside it.
TESTED = {
    *GRADE,
    *EXPLAIN,
    *BATCH,
    *AFTER,
    *of("preview", "verify", "doctor", "audit", "schema", "marking", "list"),
    *(c for c in COMMANDS if "--times" in c),
}


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    return lay_out(tmp_path)


def test_every_command_of_grade_on_the_pages_has_its_test() -> None:
    assert set(COMMANDS) == TESTED
    assert {command.split()[1] for command in COMMANDS} >= set(NAMES) - {"run"}


@pytest.mark.parametrize("command", [*COMMANDS, *lines_of("evening"), *shell_lines("cluster")])
def test_every_option_in_a_command_is_one_that_it_takes(command: str) -> None:
    words = shlex.split(command)
    if words[0] == "grade":
        name = words[1] if words[1] in NAMES else "run"
        found = main.get_command(click.Context(main), name)
        assert found is not None
        found.make_context(name, words[2:] if words[1] in NAMES else words[1:])


@pytest.mark.usefixtures("lent")
@pytest.mark.parametrize("command", [*GRADE, *EXPLAIN])
def test_every_grading_command_runs(command: str, desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In this process; those for classes and for authors run as somebody's shell would run them."""
    monkeypatch.chdir(desk)
    done = CliRunner().invoke(main, shlex.split(command)[1:])
    assert done.exit_code == 0, done.stderr
    assert "100 of 100 points" in done.stdout


@pytest.mark.parametrize("command", BATCH)
def test_every_command_for_a_class_runs(command: str, desk: Path) -> None:
    done = run(command, desk)
    assert done.returncode == 0, done.stderr
    assert (desk / "results" / "grades.csv").read_text().count(",graded,100,100,") == 2


@pytest.mark.parametrize("command", of("preview", "verify", "doctor", "audit", "schema", "list"))
def test_every_command_for_authors_runs(command: str, desk: Path) -> None:
    done = run(command, desk)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_command_after_a_class_runs_on_what_those_before_it_left(desk: Path) -> None:
    for command in (BATCH[0], *AFTER):
        done = run(command, desk)
        assert done.returncode == 0, command + done.stdout + done.stderr


def test_what_a_person_gives_points_for_is_dealt_out(desk: Path) -> None:
    with (desk / "my_rubric.yaml").open("a") as rubric:
        rubric.write(text_of("manual"))
    for command in ("grade batch submissions -o results --rubric my_rubric.yaml", *of("marking")):
        done = run(command, desk)
        assert done.returncode == 0, command + done.stdout + done.stderr
    assert (desk / "results" / "decisions" / "points" / "ann.csv").read_text().count("the derivation") == 1


# -- the first commands --------------------------------------------------------------------------------------------


def test_ci_runs_the_test_command_of_the_readme() -> None:
    (command,) = lines_of("test")
    assert "<!-- test -->" in (ROOT / ".ci" / "run").read_text()
    assert "pytest" in command
    assert "&&" in command


def test_the_readme_shows_what_its_first_command_prints(tmp_path: Path) -> None:
    (command,) = lines_of("grade")
    sample = ROOT / shlex.split(command)[-1]
    printed = run(f"grade {sample} --audience student", tmp_path).stdout.splitlines()
    picture = [line for line in text_of("report").splitlines() if line.strip(" …")]
    assert [line for line in picture if not any(each.startswith(line.rstrip(" …")) for each in printed)] == []
    assert len(picture) > 15
    assert len(printed) <= 24


def test_ci_runs_the_checks_that_contributors_run() -> None:
    checks = [line for line in shell_lines() if re.match(r"\.venv/bin/(ruff|mypy)", line)]
    assert len(checks) == 3
    assert set(checks) <= set((ROOT / ".ci" / "run").read_text().splitlines())


def test_every_program_that_the_pages_call_is_known() -> None:
    known = ("grade ", ".ci/run", ".venv/bin/", "python3 -m venv .venv && .venv/bin/pip install -q -e ")
    assert [line for line in shell_lines() if not line.startswith(known)] == []
    paths = [word for line in shell_lines() for word in line.split() if word.startswith(("tests/", ".ci/"))]
    assert [path for path in paths if not (ROOT / path).exists()] == []


def test_every_extra_that_is_named_is_an_extra_of_the_distribution() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    texts = {**PAGES, **{str(path): path.read_text() for path in (ROOT / "grader").rglob("*.py")}}
    named = {(name, extra) for text in texts.values() for name, extra in re.findall(r"\b(\w+)\[(\w+)\]'", text)}
    assert {name for name, _ in named} == {"numgrade"} == {project["name"]}
    assert {extra for _, extra in named} <= set(project["optional-dependencies"])


# -- Python --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", [block.text for block in BLOCKS if block.language == "python"])
def test_python_on_the_pages_runs_unless_it_needs_a_cluster(text: str, desk: Path) -> None:
    compile(text, "a page", "exec")
    if "dask_jobqueue" not in text:
        done = subprocess.run([sys.executable, "-c", text], cwd=desk, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
