"""The command from its first line to its last: what begins before anything else, and how the process ends."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from planted.assemble import source, variants
from unmeasured import environment

from grader.__main__ import _grades_one, _is_plain


def python(code: str, **how: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", code]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment(), **how)  # type: ignore[call-overload, no-any-return]


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        (["hw.py"], True),
        (["run", "no such file.py"], True),
        (["--seed", "1", "hw.py"], True),
        (["batch", "hw.py", "-o", "out"], False),
        (["hw.py", "--sandbox", "none"], False),
        (["hw.py", "--sandbox=none"], False),
        (["hw.py", "--help"], False),
        (["--version"], False),
        ([], False),
    ],
)
def test_the_jails_process_is_started_ahead_where_one_submission_is_graded_in_it(
    words: list[str], answer: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "hw.py").write_text("x = 1\n")
    monkeypatch.chdir(tmp_path)
    assert _grades_one(words) is answer


def test_starting_it_imports_neither_click_nor_numpy_nor_the_command_line() -> None:
    code = (
        "import sys, grader.__main__ as c; c._start_ahead(); print({'click', 'numpy', 'grader.cli'} & set(sys.modules))"
    )
    assert python(code).stdout == "set()\n"


def test_one_that_nobody_asks_for_anything_ends_with_the_process_that_started_it() -> None:
    code = "from grader.sandbox import early; early.start_ahead(); print(early.take()[1])"
    code += "; import os; os.waitpid(-1, 0); print('it ended')"
    assert python(code).stdout.splitlines()[-1] == "it ended"


def test_ending_at_once_loses_no_output_no_exit_code_and_no_exit_handler() -> None:
    code = "import atexit; from grader.__main__ import _end_at_once; atexit.register(print, 'bye')"
    code += "; print('x' * 200_000); _end_at_once(3); print('not this')"
    done = python(code)
    assert (done.returncode, done.stdout) == (3, "x" * 200_000 + "\nbye\n")


def test_what_is_no_exit_code_is_left_to_python() -> None:
    code = "import sys; from grader.__main__ import _end_at_once; _end_at_once('words'); print('goes on')"
    assert python(code).stdout == "goes on\n"


def test_a_score_below_what_is_asked_for_still_ends_with_its_own_code(tmp_path: Path) -> None:
    wrong = next(each for each in variants("wrong") if each.name == "softmax__first_row_max")
    (tmp_path / "hw.py").write_text(source(wrong))
    command = [sys.executable, "-m", "grader", "hw.py", "-q", "--fail-under", "100"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, env=environment())
    assert (done.returncode, done.stderr) == (1, "")
    assert "of 100 points" in done.stdout


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        (["hw.py"], True),
        (["hw.py", "--rubric", "hw.yaml"], True),
        (["hw.py", "--rubric", "course/hw.yaml"], False),
        (["hw.py", "--rubric", "-q"], False),
        (["hw.py", "--seed", "1"], False),
        (["hw.py", "-q"], False),
        (["--fail-under=59.5"], False),
        (["--rubric", "hw.yaml", "hw.py"], False),
        (["batch"], False),
        ([], False),
    ],
)
def test_only_a_path_and_perhaps_a_rubric_without_a_configuration_is_graded_without_the_command_line(
    words: list[str], answer: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "course").mkdir()
    (tmp_path / "course" / "grade.toml").write_text("")
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'hw'\n")
    monkeypatch.chdir(tmp_path)
    assert _is_plain(words) is answer


def grade(*words: str, folder: Path) -> tuple[int, list[str], str]:
    """Exit code, lines of the report but for the last one (which holds the seed), and errors."""
    command = [sys.executable, "-m", "grader", *words]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, env=environment())
    return done.returncode, done.stdout.splitlines()[:-1], done.stderr


@pytest.mark.parametrize("rubric", ["no_such_rubric", "no_such.yaml"])
def test_a_path_and_a_rubric_do_what_the_command_does_that_was_left_out(rubric: str, tmp_path: Path) -> None:
    (tmp_path / "hw.py").write_text("x = 1\n")
    words = ("hw.py", "--rubric", rubric)
    assert grade(*words, folder=tmp_path) == grade("run", *words, folder=tmp_path)


@pytest.mark.parametrize("text", [source(next(iter(variants("right")))), ""])
def test_a_path_and_no_more_does_what_the_command_does_that_was_left_out(text: str, tmp_path: Path) -> None:
    (tmp_path / "hw.py").write_text(text)
    assert grade("hw.py", folder=tmp_path) == grade("run", "hw.py", folder=tmp_path)


@pytest.mark.parametrize(("name", "table"), [("grade.toml", "run"), ("pyproject.toml", "tool.grade.run")])
def test_a_configuration_beside_a_path_alone_is_read(name: str, table: str, tmp_path: Path) -> None:
    (tmp_path / "hw.py").write_text("x = 1\n")
    (tmp_path / name).write_text(f"[{table}]\nno_such_option = 1\n")
    code, _, error = grade("hw.py", folder=tmp_path)
    assert code == 2
    assert "no option --no-such-option" in error


def test_a_reader_that_goes_away_ends_it_in_silence(tmp_path: Path) -> None:
    (tmp_path / "hw.py").write_text(source(next(iter(variants("right")))))
    command = f"{sys.executable} -m grader hw.py | true"
    done = subprocess.run(command, shell=True, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.stderr == ""
