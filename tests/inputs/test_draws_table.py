"""One more drawing function is one function and one row: rubrics may say it, and reports show what it drew."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from classroom.classes import RIGHT, RUBRIC, WRONG, tiny

from grader import grade
from grader.authoring.verify import verify_assignment
from grader.errors import RubricError
from grader.grading.grades import Grade
from grader.inputs.draws import DRAWS, Choice, Draw
from grader.plan.assignment import load_assignment, load_rubric

pytestmark = pytest.mark.usefixtures("lent")  # starting a jail takes longer than what is claimed here


def lattice(generator: np.random.Generator, count: int) -> np.ndarray:
    """Points of a lattice: multiples of a quarter."""
    return np.asarray(generator.integers(1, 40, count) / 4)


def _simple_lattice(generator: np.random.Generator, count: int) -> Choice:
    return Choice(lattice(generator, count), 0.0, 10.0)


@pytest.fixture
def rubric(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setitem(DRAWS, "lattice", Draw(lattice, _simple_lattice))
    return tiny(tmp_path / "course", RUBRIC.replace('"normal(N)"', '"lattice(N)"'))


def graded(folder: Path, rubric: Path, source: str) -> Grade:
    (folder / "hw.py").write_text(source)
    return grade(folder / "hw.py", rubric, seed=1)


def test_a_new_draw_is_asked_and_its_checks_are_those_on_which_others_wait(tmp_path: Path, rubric: Path) -> None:
    assert graded(tmp_path, rubric, RIGHT).score == 10
    checks = [check for function in load_rubric(rubric).functions for check in function.checks]
    assert not any(check.needs_values for check in checks)


def test_a_counterexample_shows_a_new_draw_in_its_simple_form(tmp_path: Path, rubric: Path) -> None:
    double = graded(tmp_path, rubric, WRONG).functions[0]
    (shown,) = [each.details.inputs["x"] for each in double.witnesses[:1]]
    assert all(float(number) * 10 % 1 == 0 for number in shown.strip("[]").split(","))


def test_verify_holds_a_rubric_with_a_new_draw(tmp_path: Path, rubric: Path) -> None:
    assert verify_assignment(rubric, None, 1, "jail").all_well


def test_a_rubric_is_told_of_a_new_draw_that_it_misspells(tmp_path: Path, rubric: Path) -> None:
    rubric.write_text(rubric.read_text().replace("lattice(N)", "latice(N)"))
    with pytest.raises(RubricError, match="lattice"):
        load_assignment(rubric)
