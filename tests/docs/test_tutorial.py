"""The tutorial on assignments: its files are complete, and its commands do what it says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from docs.pages import BLOCKS, ROOT, files, run, text_of

COMMANDS = [
    line.removeprefix("$ ") for block in BLOCKS if block.language == "console" for line in block.text.splitlines()
]


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    for name, text in files("file").items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    (tmp_path / "sample_submissions").symlink_to(ROOT / "sample_submissions")
    return tmp_path


def output(command: str, desk: Path) -> str:
    done = run(command, desk)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_there_are_files_and_commands() -> None:
    assert set(files("file")) == {"kmeans_step.yaml", "kmeans_step/solution.py", "first_try.py"}
    assert len(COMMANDS) == 6


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_says_what_the_tutorial_says(command: str, desk: Path) -> None:
    said = output(command, desk)
    if "verify" in command:
        assert "Nothing differs; not everything could be asked." in said
        assert "no sample" in said
    elif "first_try" in command:
        assert "75 of 100 points" in said
        assert "known mistake: NaN for a center without points" in said
    else:
        assert re.search(r"\b1\d\d of 100 points", said)


def test_a_sample_as_in_the_tutorial_is_held_to_its_grade(desk: Path) -> None:
    (desk / "sample_submissions").unlink()
    case = desk / "sample_submissions" / "kmeans_step" / "nan"
    case.mkdir(parents=True)
    (case / "first_try.py").write_text(files("file")["first_try.py"])
    (case / "expected.yaml").write_text(text_of("expected"))
    assert "All is well" in output("grade verify kmeans_step.yaml", desk)
    (case / "expected.yaml").write_text(text_of("expected").replace("75", "74"))
    done = run("grade verify kmeans_step.yaml", desk)
    assert done.returncode == 1
    assert "nan" in done.stdout + done.stderr
