"""results.json is one that Gradescope accepts, for the eyes of students."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from report.sample_grades import ALL, awaiting, check, function, grade, mixed, not_graded

from grader.cli import main
from grader.errors import GradeError, NoSandboxError, UsageError
from grader.grading.grades import Grade
from grader.report.wording import NOTHING_TO_GRADE, OUR_FAULT
from grader.report.writing import render
from grader.verdict import Verdict

pytestmark = pytest.mark.usefixtures("lent")  # starting a jail takes longer than what is claimed here

GRADESCOPE = {
    *("score", "execution_time", "output", "output_format", "test_output_format", "test_name_format"),
    *("visibility", "stdout_visibility", "extra_data", "tests", "leaderboard"),
}
GRADESCOPE_TEST = {
    *("score", "max_score", "status", "name", "number", "output", "tags", "visibility", "extra_data"),
}


def _gradescope(of: Grade) -> Any:
    return json.loads(render(of, "gradescope"))


@pytest.mark.parametrize("name", ALL)
def test_gradescope_knows_every_key_and_word(name: str) -> None:
    """Its documented ones; an unknown one would be dropped without a word."""
    results = _gradescope(ALL[name]())
    assert set(results) <= GRADESCOPE
    for test in results["tests"]:
        assert set(test) <= GRADESCOPE_TEST
        assert test.get("status", "passed") in ("passed", "failed")
        assert test["visibility"] in ("visible", "after_due_date", "after_published")


def test_the_tests_of_gradescope_sum_to_its_score() -> None:
    results = _gradescope(mixed())
    assert sum(test.get("score", 0) for test in results["tests"]) == pytest.approx(results["score"])


def test_gradescope_shows_a_total_though_checks_are_hidden() -> None:
    """With one test that is `hidden` there, a student wouldn't see the total."""
    assert "hidden" not in {test["visibility"] for test in _gradescope(mixed())["tests"]}


@pytest.mark.parametrize(("ours", "theirs"), [("after_due", "after_due_date"), ("after_published", "after_published")])
def test_gradescope_opens_tests_at_their_time(ours: str, theirs: str) -> None:
    lost = check("large scores", None, 2, Verdict.AWAITING, ours)
    made = grade([function("f", [lost], Verdict.AWAITING)], Verdict.AWAITING)
    assert [test["visibility"] for test in _gradescope(made)["tests"]] == [theirs]


def test_gradescope_gets_no_score_for_what_was_not_graded() -> None:
    results = _gradescope(not_graded())
    assert "score" not in results
    assert [test for test in results["tests"] if "score" in test] == []
    assert "no points were taken" in results["output"]


def test_gradescope_gets_the_points_so_far_while_a_person_is_awaited() -> None:
    assert _gradescope(awaiting())["score"] == 4.0


@pytest.mark.parametrize(
    ("error", "said"), [(NoSandboxError("no jail"), OUR_FAULT), (UsageError("/srv/x: empty"), NOTHING_TO_GRADE)]
)
def test_where_nothing_was_graded_the_file_has_one_sentence_and_no_score(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: GradeError, said: str
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr("grader.pipeline.grade", fail)
    (tmp_path / "hw.py").write_text("")
    target = tmp_path / "results.json"
    done = CliRunner().invoke(main, [str(tmp_path / "hw.py"), "--format", "gradescope", "-o", str(target)])
    assert done.exit_code == error.exit_code
    results = json.loads(target.read_text())
    assert results["output"] == said
    assert set(results) <= GRADESCOPE
    assert all(set(test) <= GRADESCOPE_TEST for test in results["tests"])
    assert "score" not in target.read_text()
