"""The larger assignment, on its own sample in the layout of 2016: slips that students make, and ways that are right.

The slips are written as a student would write them, not as the reference's mistakes are.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest
import yaml

from grader.grading.grades import Grade
from grader.pipeline import grade_submission
from grader.plan.assignment import load_assignment
from grader.plan.plan import Plan, make_plan
from grader.sandbox.sandbox import Sandbox
from grader.upload import read_submission

RIGHT = Path(__file__).parent.parent.parent / "sample_submissions" / "cs224n_a1" / "right_2016" / "submission"
EDITS = yaml.safe_load((Path(__file__).parent / "cs224n_edits.yaml").read_text(encoding="utf-8"))


class Edit(NamedTuple):
    """A change of the right sample."""

    file: str
    old: str
    new: str
    function: str = ""  #: the one that loses points
    name: str = ""  #: the known mistake that explains them; empty where none may be named


@pytest.fixture(scope="module")
def cs224n(pytestconfig: pytest.Config) -> Plan:
    return make_plan(load_assignment("cs224n_a1"), pytestconfig.getoption("--seed"))


def graded(edit: Edit, folder: Path, plan: Plan, box: Sandbox) -> Grade:
    for file in RIGHT.iterdir():
        text = file.read_text()
        if file.name == edit.file:
            assert edit.old in text
            text = text.replace(edit.old, edit.new)
        (folder / file.name).write_text(text)
    return grade_submission(read_submission(folder), plan, box)


def lost(grade: Grade) -> dict[str, list[str]]:
    """The functions below full points, each with the mistakes that are named."""
    return {f.name: [m.name for m in f.mistakes] for f in grade.functions if f.score != f.max_score}


SLIPS, STYLES = ([Edit(**edit) for edit in EDITS[key]] for key in ("slips", "styles"))


@pytest.mark.parametrize("slip", SLIPS, ids=lambda slip: f"{slip.function}: {slip.name or slip.new.strip()}")
def test_a_slip_costs_its_own_function_points_and_is_named(
    slip: Edit, tmp_path: Path, cs224n: Plan, box: Sandbox
) -> None:
    found = lost(graded(slip, tmp_path, cs224n, box))
    assert found == {slip.function: [slip.name] if slip.name else []}


@pytest.mark.parametrize("style", STYLES, ids=lambda style: style.new.strip())
def test_what_students_do_and_is_right_costs_nothing(style: Edit, tmp_path: Path, cs224n: Plan, box: Sandbox) -> None:
    assert lost(graded(style, tmp_path, cs224n, box)) == {}
