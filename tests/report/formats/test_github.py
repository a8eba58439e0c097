"""Annotations are at the student's own line, the costliest first, within GitHub's limits, and never a command."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner
from report.hostile import NASTY, filled_with
from report.sample_grades import RAISED, check, function, grade, mixed, right

from grader.cli import main
from grader.grading.grades import StudentCode
from grader.report.audience import for_audience
from grader.report.formats.github import render, summarize
from grader.verdict import Verdict

pytestmark = pytest.mark.usefixtures("lent")  # starting a jail takes longer than what is claimed here

_LINE = re.compile(r"::(error|warning|notice)(?: [a-z]+=[^,:\n]*(?:,[a-z]+=[^,:\n]*)*)?::[^\r\n]*")


def test_an_annotation_is_at_the_line_where_it_stopped_in_the_file_as_the_repository_has_it(tmp_path: Path) -> None:
    found = render(mixed(), Path("hw") / "hw1.py").splitlines()
    assert any(
        line.startswith("::error file=hw/hw1.py,line=31,title=sigmoid_grad%3A 5 points lost::") for line in found
    )
    assert any(
        "file=" + tmp_path.as_posix() + "/hw1.py,line=31," in line for line in render(mixed(), tmp_path).split("\n")
    )


def test_without_such_a_line_it_is_where_the_function_begins() -> None:
    found = msgspec.structs.replace(mixed(), code=(StudentCode("softmax", "hw1.py", 4, ""),))
    assert "::error file=hw1.py,line=4,title=softmax%3A" in render(found)


def test_the_costliest_cause_comes_first_and_ten_errors_at_most() -> None:
    many = [
        function(
            f"f{at}", [check("a", Fraction(0), at + 1, Verdict.ERROR, "public", details=_raised(at))], Verdict.ERROR
        )
        for at in range(30)
    ]
    errors = [line for line in render(grade(many, Verdict.PARTLY)).splitlines() if line.startswith("::error")]
    assert len(errors) == 10
    assert "title=f29%3A 30 points lost" in errors[0]
    assert errors[-1] == "::error::and 21 more causes of lost points"


def _raised(at: int) -> object:
    return msgspec.structs.replace(RAISED, where=f"hw1.py, line {at + 1}")


@pytest.mark.parametrize("planted", NASTY)
def test_what_a_submission_says_ends_no_line_and_begins_no_command(planted: str) -> None:
    assert [line for line in render(filled_with(planted)).splitlines() if not _LINE.fullmatch(line)] == []


def test_a_student_reads_no_line_of_a_hidden_check() -> None:
    hidden = function("f", [check("a", Fraction(0), 5, Verdict.ERROR, details=RAISED)], Verdict.ERROR)
    found = grade([hidden], Verdict.FAILED)
    assert "line=31" in render(found)
    assert "31" not in render(for_audience(found, "student"))


def test_the_summary_stays_within_a_mebibyte() -> None:
    assert len(summarize(filled_with("y" * 50_000)).encode()) <= 1 << 20
    assert "9 of 9 points" in summarize(right())


def test_inside_actions_the_annotations_come_by_themselves_and_the_summary_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("grader.pipeline.grade", lambda *_, **__: mixed())
    (tmp_path / "hw1.py").write_text("")
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary.md"))
    shown = CliRunner().invoke(main, ["hw1.py"]).stdout
    assert "::error file=hw1.py,line=31," in shown
    assert "13.33 of 37 points" in (tmp_path / "summary.md").read_text()
    assert not CliRunner().invoke(main, ["hw1.py", "--json"]).stdout.startswith("::")
    assert "::error" not in CliRunner().invoke(main, ["hw1.py", "--json"]).stdout
    monkeypatch.delenv("GITHUB_ACTIONS")
    assert "::error" not in CliRunner().invoke(main, ["hw1.py"]).stdout
    assert "::error" in CliRunner().invoke(main, ["hw1.py", "--format", "github"]).stdout
