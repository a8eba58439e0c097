"""A dry run says what would be done, and changes no byte."""

from __future__ import annotations

from pathlib import Path

import pytest
from classroom.classes import RIGHT, WRONG, graded, tiny, write
from classroom.test_awaiting import publish
from click.testing import CliRunner

from grader.cli import main

pytestmark = pytest.mark.usefixtures("nearby")


@pytest.fixture
def out(tmp_path: Path) -> Path:
    graded(
        write(tmp_path / "class", {"ada.py": RIGHT, "bo.py": WRONG}), tmp_path / "out", tiny(tmp_path / "assignment")
    )
    return tmp_path / "out"


def state(out: Path) -> dict[str, bytes]:
    files = (path for path in out.rglob("*") if path.is_file() and "grades.db" not in path.name)
    return {str(path): path.read_bytes() for path in files}


def test_publishing_dry_says_what_would_be_published(out: Path) -> None:
    before = state(out)
    done = publish(out, "--dry-run")
    assert done.code == 0
    assert "release 1: 2 new" in done.out
    assert "nothing was published" in done.out
    assert state(out) == before
    assert publish(out).out.startswith("release 1: 2 new")
    assert "nothing has changed since release 1" in publish(out, "--dry-run").out


def test_erasing_dry_names_what_would_go(out: Path) -> None:
    before = state(out)
    write(out / "decisions", {"overrides.csv": "student,function,points,public comment\nada,,7,x\n"})
    done = CliRunner().invoke(main, ["student", str(out), "ada", "--erase", "--yes", "--dry-run"])
    assert done.exit_code == 0
    assert all(each in done.output for each in ("grades.csv", "overrides.csv", "ada.md", "ada.json"))
    assert "bo." not in done.output
    (out / "decisions" / "overrides.csv").unlink()
    assert state(out) == before
    assert CliRunner().invoke(main, ["student", str(out), "ada", "--erase", "--yes"]).exit_code == 0
    assert not (out / "feedback" / "ada.md").exists()
