"""The README's section on assignments of one's own: its files are complete, and its commands do what it says."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()
FILES = dict(re.findall(r"<!-- file: (\S+) -->\n```\w+\n(.*?)^```", README, re.MULTILINE | re.DOTALL))
RUNS = re.findall(r"<!-- run -->\n```console\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
COMMANDS = [line.removeprefix("$ ") for block in RUNS for line in block.splitlines()]


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    (tmp_path / "sample_submissions").symlink_to(ROOT / "sample_submissions")
    return tmp_path


def output(command: str, desk: Path) -> str:
    program = Path(sys.executable).with_name("grade")
    done = subprocess.run([program, *shlex.split(command)[1:]], cwd=desk, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_there_are_files_and_commands() -> None:
    assert set(FILES) == {"kmeans_step.yaml", "kmeans_step/solution.py", "first_try.py"}
    assert len(COMMANDS) == 6


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_says_what_the_readme_says(command: str, desk: Path) -> None:
    said = output(command, desk)
    if "verify" in command:
        assert "All is well" in said
    elif "first_try" in command:
        assert "75 of 100 points" in said
        assert "known mistake: NaN for a center without points" in said
    else:
        assert re.search(r"\b1\d\d of 100 points", said)
