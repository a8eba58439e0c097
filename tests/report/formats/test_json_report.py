"""report.json keeps schema 1: outside scripts rely on it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from report.hostile import filled_with
from report.sample_grades import ALL, awaiting, mixed, not_graded, not_isolated

from grader.grading.grades import Grade
from grader.report.formats import FORMATS
from grader.report.writing import render

CONTRACT = {
    "": "schema assignment submission student audience score max_score verdict functions problems isolation seed "
    "rubric_sha256 reference_sha256 grader_version seconds",
    "functions": "name score max_score verdict carried from_mistake convention mistakes remarks checks",
    "checks": "title kind verdict score max_score visibility message details",
}


def _json(of: Grade) -> Any:
    return json.loads(render(of, "json"))


@pytest.mark.parametrize("name", ALL)
def test_schema_1_has_every_field(name: str) -> None:
    report = _json(ALL[name]())
    assert report["schema"] == 1
    assert set(CONTRACT[""].split()) <= set(report)
    for each in report["functions"]:
        assert set(CONTRACT["functions"].split()) <= set(each)
        assert all(set(CONTRACT["checks"].split()) <= set(line) for line in each["checks"])


def test_json_rounds_points_to_six_decimals() -> None:
    assert _json(mixed())["score"] == 13.333333


@pytest.mark.parametrize("made", [awaiting, not_graded])
def test_an_open_score_is_null_at_check_function_and_report(made: Callable[[], Grade]) -> None:
    report = _json(made())
    assert report["score"] is None
    opened = [each for each in report["functions"] if each["score"] is None]
    assert [line["score"] for each in opened for line in each["checks"]] == [None]


def test_json_holds_no_lone_surrogate_that_strict_readers_refuse() -> None:
    assert "\\ud800" in _json(filled_with("a \ud800 b"))["submission"]
    msgspec.json.decode(render(filled_with("a \ud800 b"), "json"))


def test_json_says_not_a_number_in_words() -> None:
    worst = _json(mixed())["functions"][0]["checks"][2]["details"]["worst"]
    assert (worst["actual"], worst["index"]) == ("nan", [0])


@pytest.mark.parametrize("form", FORMATS)
def test_every_report_names_the_assignment_and_says_when_nothing_was_isolated(form: str) -> None:
    report = render(not_isolated(), form)
    assert "Assignment 1: softmax" in report
    assert "NOT ISOLATED" in report or '"level": "none"' in report
