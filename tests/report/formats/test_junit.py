"""The JUnit file counts what CI systems count, and fails nobody for what is open or advice."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree as ET

import msgspec
import pytest
from report.sample_grades import ALL, mixed, not_graded

from grader.grading.grades import Grade, StudentCode
from grader.report.audience import for_audience
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


def test_a_case_says_where_it_stopped_else_where_its_function_begins_and_how_long_it_took() -> None:
    began = (StudentCode("softmax", "hw1.ipynb, cell 5", 2, ""), StudentCode("sigmoid", "hw1.py", 9, ""))
    cases = list(_suite(msgspec.structs.replace(mixed(), code=began)).iter("testcase"))
    places = {(case.get("classname").partition(".")[2], case.get("file"), case.get("line")) for case in cases}
    assert {("sigmoid_grad", "hw1.py", "31"), ("sigmoid", "hw1.py", "9"), ("softmax", "hw1.ipynb", "1")} <= places
    assert sum(float(case.get("time")) for case in cases) == pytest.approx(0.214, abs=0.01)


def test_students_see_of_a_hidden_check_no_line_where_it_stopped() -> None:
    hidden = msgspec.structs.replace(mixed().functions[2].checks[0], visibility="hidden")
    function = msgspec.structs.replace(mixed().functions[2], checks=(hidden,))
    grade = msgspec.structs.replace(mixed(), functions=(function,))
    assert [case.get("line") for case in _suite(grade).iter("testcase")] == ["31"]
    assert [case.get("line") for case in _suite(for_audience(grade, "student")).iter("testcase")] == [None]
