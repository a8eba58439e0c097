"""The JUnit file counts what CI systems count, and fails nobody for what is open or advice."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree as ET

import pytest
from report.sample_grades import ALL, mixed, not_graded

from grader.grading.grades import Grade
from grader.report.writing import render


def _suite(of: Grade) -> Any:
    return ET.fromstring(render(of, "junit")).find("testsuite")


@pytest.mark.parametrize("name", ALL)
def test_the_counts_of_a_junit_suite_are_those_of_its_cases(name: str) -> None:
    suite = _suite(ALL[name]())
    for attribute, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        assert int(suite.get(attribute)) == len(suite.findall(f"testcase/{tag}"))
    assert int(suite.get("tests")) == len(suite.findall("testcase"))


def test_junit_tells_wrong_answers_from_crashes_advice_and_what_waits() -> None:
    ends = {
        case.get("name"): [part.tag for part in case if part.tag != "properties"]
        for case in _suite(mixed()).iter("testcase")
    }
    assert ends["a batch of rows"] == ["failure"]
    assert ends["one example"] == ["error"]
    assert ends["no loop over entries"] == ["skipped"]
    assert ends["shift invariance"] == ["skipped"]
    assert ends["the cost"] == []


def test_an_open_score_is_no_failure_in_junit() -> None:
    suite = _suite(not_graded())
    assert (suite.get("failures"), suite.get("errors"), suite.get("skipped")) == ("0", "0", "1")
    assert suite.find("properties/property[@name='score']") is None


def test_junit_messages_hold_nothing_that_a_check_drew() -> None:
    """CI systems show them in lists and notifications; the numbers are in the text below."""
    messages = [part.get("message") for part in _suite(mixed()).iter() if part.get("message")]
    assert messages
    assert not any("1000. 1001." in each or "SECRET" in each for each in messages)


def test_junit_carries_points_in_properties() -> None:
    assert _suite(mixed()).find("properties/property[@name='score']").get("value") == "13.333333"
