"""`repair: line`: students are told where to look once results are published, and not a moment before."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from classroom.classes import RIGHT, RUBRIC, on_demand, tiny, write
from click.testing import CliRunner

from grader.cli import main

pytestmark = pytest.mark.usefixtures("nearby")

SAID = "Look at line 5: a constant. (Found by a program; there may be other ways.)"


def grade(*words: object) -> None:
    result = CliRunner().invoke(main, [str(word) for word in words])
    assert result.exit_code == 0, result.output


def published(tmp_path: Path, rubric: str) -> Path:
    """The results of a class that was graded, explained and published; nothing is told before."""
    out = tmp_path / "out"
    wrong = RIGHT.replace("2 * x", "3 * x")
    folder = write(tmp_path / "class", {"ada.py": RIGHT, "bo.py": wrong})
    grade("batch", folder, "-o", out, "--rubric", tiny(tmp_path / "assignment", rubric), "--jobs", 1)
    grade("explain", out)
    grade("student", out, "bo", "--page")
    before = [path.read_text() for path in (out / "private" / "preview").iterdir()]
    assert before
    assert not any("Look at" in text or "2 * x" in text for text in before)
    grade("publish", out)
    return out


def test_the_line_is_told_with_the_release_and_only_to_whom_it_is_about(tmp_path: Path) -> None:
    out = published(tmp_path, RUBRIC.replace("packages:", "repair: line\npackages:"))
    report = (out / "feedback" / "bo.md").read_text()
    assert SAID.replace("(", r"\(") in report or SAID in report
    told = json.loads((out / "feedback" / "bo.json").read_text())["functions"][0]
    assert told["look_at"] == SAID
    assert "change" not in told
    assert SAID in (out / "feedback" / "bo.html").read_text()
    assert "Look at" not in (out / "feedback" / "ada.md").read_text()
    assert "Look at" not in on_demand(out, "bo")


def test_without_the_key_students_are_told_no_line(tmp_path: Path) -> None:
    out = published(tmp_path, RUBRIC.replace("packages:", "repair: off\npackages:"))
    assert not any("Look at" in path.read_text() for path in (out / "feedback").iterdir())
