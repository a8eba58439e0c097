"""A report format is a file and a row: the help, the messages, `-o` and what a class returns then know it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from authoring.small import RIGHT, assignment
from classroom.classes import RIGHT as BOTH
from classroom.classes import graded, tiny, write
from click.testing import CliRunner, Result

from grader.cli import main
from grader.report import formats
from grader.report.formats import FORMATS, Format

pytestmark = pytest.mark.usefixtures("lent")  # starting a jail takes longer than what is claimed here

#: The one file.
SHOUTED = '''
"""Reports for a hall: the points alone, in capitals."""

from __future__ import annotations

from grader.grading.grades import Grade


def render(grade: Grade) -> str:
    return f"{grade.score} OF {grade.max_score}!\\n"
'''


@pytest.fixture
def shouted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "shouted.py").write_text(SHOUTED)
    monkeypatch.setattr(formats, "__path__", [*formats.__path__, str(tmp_path / "more")])
    monkeypatch.setitem(FORMATS, "shouted", Format("shouted", ".loud", " (for a hall)"))  # the one line


def run(folder: Path, *options: str) -> Result:
    (folder / "hw.py").write_text(RIGHT)
    rubric = assignment(folder)
    return CliRunner().invoke(main, [str(folder / "hw.py"), "--rubric", str(rubric), *options])


@pytest.mark.usefixtures("shouted")
@pytest.mark.parametrize(("name", "options"), [("r.loud", []), ("r.txt", ["--format", "shouted"])])
def test_a_report_is_written_in_a_new_format(tmp_path: Path, name: str, options: list[str]) -> None:
    done = run(tmp_path, "-o", str(tmp_path / name), *options)
    assert done.exit_code == 0, done.output
    assert (tmp_path / name).read_text() == "10 OF 10!\n"


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ('Format("shouted", ".loud", " (for a hall)")', ".xml (JUnit), .txt or .loud (for a hall). May be repeated."),
        ('Format("shouted")', "where the suffix can't say it (gradescope, github, shouted)."),
    ],
)
def test_the_help_names_a_new_format(row: str, told: str) -> None:
    code = f"from grader.report.formats import *; FORMATS['shouted'] = {row}; from grader.cli import main; main()"
    done = subprocess.run([sys.executable, "-c", code, "run", "--help"], capture_output=True, text=True, check=True)
    assert told in " ".join(done.stdout.split())


@pytest.mark.usefixtures("shouted")
def test_messages_name_a_new_format(tmp_path: Path) -> None:
    assert ".txt (text), .loud (shouted); or say it with --format" in run(tmp_path, "-o", "r.quiet").output
    assert "there are json, markdown, html, junit, gradescope, github, text, shouted" in (
        CliRunner().invoke(main, ["hw.py", "-o", "r.txt", "--format", "quiet"]).output
    )


@pytest.mark.usefixtures("shouted", "nearby")
def test_a_class_returns_a_new_format_where_its_row_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(FORMATS, "shouted", FORMATS["shouted"]._replace(is_returned=True))
    out = tmp_path / "out"
    graded(write(tmp_path / "class", {"ada.py": BOTH}), out, tiny(tmp_path / "assignment"))
    assert (out / "private" / "preview" / "ada.loud").read_text() == "10 OF 10!\n"
    assert CliRunner().invoke(main, ["student", str(out), "ada", "--export", str(tmp_path / "ada")]).exit_code == 0
    assert (tmp_path / "ada" / "report.loud").read_text() == "10 OF 10!\n"


def test_without_the_row_there_is_no_such_format(tmp_path: Path) -> None:
    assert "its suffix should say the format" in run(tmp_path, "-o", str(tmp_path / "r.loud")).output
