"""A student's report gives no hidden check away, whichever format it is in."""

from __future__ import annotations

import json

import msgspec
import pytest
from report.sample_grades import ALL, HIDDEN, check, function, grade, mixed

from grader.grading.grades import CheckGrade, Grade
from grader.report.audience import for_audience
from grader.report.formats import FORMATS, text
from grader.report.writing import render
from grader.verdict import Verdict

SECRETS = [
    "1000. 1001.",
    "0.26894142",
    "nan nan",
    "SECRET PRINTED",
    "SECRET RAISED",
    "no maximum is taken off",
    "20150407",
    "case 2",
]


def _checks(of: Grade) -> list[CheckGrade]:
    return [each for function in of.functions for each in function.checks]


@pytest.mark.parametrize("form", FORMATS)
def test_nothing_of_a_hidden_check_reaches_a_student(form: str) -> None:
    report = render(for_audience(mixed(), "student"), form)
    assert [secret for secret in SECRETS if secret in report] == []


@pytest.mark.parametrize("form", [each for each in FORMATS if each not in ("gradescope", "github")])
def test_an_instructor_sees_all_of_it(form: str) -> None:
    """So that the test above can fail: this is how it looks where the audience isn't minded."""
    report = render(mixed(), form)
    assert [secret for secret in SECRETS if secret not in report] == []


@pytest.mark.parametrize("form", FORMATS)
def test_a_renderer_minds_the_audience_itself(form: str) -> None:
    """A grade marked for students that still holds hidden details is rendered without them."""
    careless = msgspec.structs.replace(mixed(), audience="student", seed=None)
    assert [secret for secret in SECRETS if secret in render(careless, form)] == []


def test_a_terminal_minds_the_audience_too() -> None:
    careless = msgspec.structs.replace(mixed(), audience="student", seed=None)
    drawn = text.render(careless, terminal=True, width=100, colour=True)
    assert [secret for secret in SECRETS if secret in drawn] == []


def test_gradescope_gets_the_student_version_even_for_an_instructor() -> None:
    """Its page shows the file to students."""
    assert [secret for secret in SECRETS if secret in render(mixed(), "gradescope")] == []


@pytest.mark.parametrize("visibility", ["hidden", "after_due", "after_published"])
def test_a_check_that_opens_later_is_hidden_in_a_file(visibility: str) -> None:
    lost = check("large scores", None, 2, Verdict.NOT_GRADED, visibility, details=HIDDEN)
    made = for_audience(grade([function("f", [lost], Verdict.NOT_GRADED)], Verdict.NOT_GRADED), "student")
    assert [each.details for each in _checks(made)] == [None]


def test_a_student_keeps_the_details_of_public_checks_and_every_verdict_and_hint() -> None:
    before, after = _checks(mixed()), _checks(for_audience(mixed(), "student"))
    public = [each for each in before if each.visibility == "public"]
    assert [each for each in after if each.visibility == "public"] == public
    assert any(each.details for each in public)
    assert [(each.title, each.verdict, each.score, each.hint) for each in after] == [
        (each.title, each.verdict, each.score, each.hint) for each in before
    ]
    hidden = {each.message for each in after if each.visibility != "public" and each.verdict is Verdict.FAILED}
    assert "The result has NaN." in {each.message for each in before} - hidden


@pytest.mark.parametrize("name", ALL)
def test_what_was_taken_out_does_not_come_back(name: str) -> None:
    student = for_audience(ALL[name](), "student")
    assert for_audience(student, "student") == student
    assert for_audience(student, "instructor") == student
    assert student.seed is None


@pytest.mark.parametrize("name", ALL)
def test_an_instructor_gets_the_grade_unchanged(name: str) -> None:
    # Not ==: a NaN in the details is unequal to itself.
    assert repr(for_audience(ALL[name](), "instructor")) == repr(ALL[name]())


def test_the_seed_of_a_students_json_is_null() -> None:
    assert json.loads(render(for_audience(mixed(), "student"), "json"))["seed"] is None
