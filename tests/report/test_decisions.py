"""What people decided about a grade stands in the reports that people and scripts read, with its day."""

from __future__ import annotations

import msgspec
import pytest
from report.sample_grades import right

from grader.grading.grades import Decision
from grader.report.formats import FORMATS
from grader.report.writing import render

TOLD = Decision("2026-11-25", "Release 2: four points became ten points.")


@pytest.mark.parametrize("format_", ["text", "markdown", "html", "json"])
@pytest.mark.parametrize("audience", ["student", "instructor"])
def test_a_decision_is_told_with_its_day(format_: str, audience: str) -> None:
    grade = msgspec.structs.replace(right(), audience=audience, decisions=(TOLD,))
    shown = render(grade, format_)
    assert TOLD.when in shown
    assert TOLD.text in shown


@pytest.mark.parametrize("format_", FORMATS)
def test_without_a_decision_nothing_is_said_of_people(format_: str) -> None:
    assert "people decided" not in render(right(), format_)
