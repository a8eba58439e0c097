"""The shapes of handouts on their page: each rubric reads, and its reference earns every point of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from docs.pages import files
from docs.rubrics import TOP

from grader.authoring.in_process import grade_here
from grader.authoring.verify import verify_assignment
from grader.plan.assignment import load_assignment
from grader.plan.plan import make_plan

SHAPES = sorted(name.removesuffix(".yaml") for name in files("shape") if name.endswith(".yaml"))


def write(shape: str, folder: Path) -> Path:
    texts = files("shape")
    (folder / shape).mkdir()
    (folder / shape / "solution.py").write_text(texts[f"{shape}.py"])
    for name, text in texts.items():
        if name.startswith(f"{shape}/"):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text)
    rubric = folder / f"{shape}.yaml"
    rubric.write_text("\n".join([*TOP.values(), texts[f"{shape}.yaml"]]))
    return rubric


@pytest.mark.parametrize("shape", SHAPES)
def test_the_reference_of_a_shape_earns_every_point(shape: str, tmp_path: Path) -> None:
    plan = make_plan(load_assignment(write(shape, tmp_path)))
    grades = [grade_here(planned, plan, plan.assignment.reference.functions) for planned in plan.functions]
    assert [grade.score for grade in grades] == [grade.max_score for grade in grades]


@pytest.mark.parametrize("shape", SHAPES)
def test_a_shape_is_all_well(shape: str, tmp_path: Path) -> None:
    found = verify_assignment(write(shape, tmp_path))
    assert [text for each in found.sections for text in each.differences] == [], f"seed {found.seed}"
