"""Whoever follows a strategy in place of doing the work earns what his own right answers are due, and no more."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import msgspec
import pytest
from attacks.farm import STRATEGIES, Strategy, submission
from classroom.classes import run_here, table

from grader.grading.grades import FunctionGrade
from grader.limits import Limits
from grader.pipeline import grade_submission, prepare_sandbox
from grader.plan.assignment import load_assignment
from grader.plan.plan import Plan, make_plan
from grader.sandbox.sandbox import Sandbox

ASSIGNMENTS = ("assignment1", "cs224n_a1", "conv2d", "kmeans", "rk4")
SHORT = Limits(call_seconds=0.2, submission_seconds=3.0, memory_bytes=512 << 20)


@pytest.fixture(scope="module")
def plans() -> Iterator[dict[tuple[str, bool], tuple[Plan, Sandbox]]]:
    """A plan and a jail for each assignment, made when first asked for."""
    made: dict[tuple[str, bool], tuple[Plan, Sandbox]] = {}
    yield made
    for _, box in made.values():
        box.close()


def plan_of(assignment: str, short: bool, plans: dict[tuple[str, bool], tuple[Plan, Sandbox]]) -> tuple[Plan, Sandbox]:
    if (assignment, short) not in plans:
        loaded, box = load_assignment(assignment), Sandbox()
        prepare_sandbox(box, loaded)
        rubric = msgspec.structs.replace(loaded.rubric, limits=SHORT) if short else loaded.rubric
        plans[assignment, short] = make_plan(msgspec.structs.replace(loaded, rubric=rubric)), box
    return plans[assignment, short]


def undue(function: FunctionGrade, strategy: Strategy) -> Fraction:
    """What a function has beyond what its own right answers are due: each check of these pays for itself."""
    return function.from_mistake if strategy.is_partly_right else function.score or Fraction(0)


def earned(
    name: str, assignment: str, short: bool, plans: dict[tuple[str, bool], tuple[Plan, Sandbox]]
) -> dict[str, object]:
    plan, box = plan_of(assignment, short, plans)
    grade = grade_submission(submission(STRATEGIES[name], plan.assignment), plan, box)
    assert not grade.verdict.name.startswith("NOT_GRADED"), "nobody makes himself a case for a person"
    return {
        f.name: [(c.title, c.score) for c in f.checks if c.score]
        for f in grade.functions
        if undue(f, STRATEGIES[name]) > 0
    }


@pytest.mark.parametrize("name", [name for name, strategy in STRATEGIES.items() if not strategy.slow])
@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_it_earns_no_more_than_its_own_right_answers(
    name: str, assignment: str, plans: dict[tuple[str, bool], tuple[Plan, Sandbox]]
) -> None:
    assert earned(name, assignment, False, plans) == {}


@pytest.mark.parametrize("name", STRATEGIES)
@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_it_earns_no_more_at_short_limits(
    name: str, assignment: str, plans: dict[tuple[str, bool], tuple[Plan, Sandbox]]
) -> None:
    assert earned(name, assignment, True, plans) == {}


@pytest.mark.parametrize("name", [name for name, strategy in STRATEGIES.items() if strategy.slow])
@pytest.mark.parametrize("assignment", ["assignment1", "rk4"])  # each takes all of its time, ten seconds
def test_it_earns_no_more_by_running_into_the_default_limits(
    name: str, assignment: str, plans: dict[tuple[str, bool], tuple[Plan, Sandbox]]
) -> None:
    assert earned(name, assignment, False, plans) == {}


def test_a_class_of_them_earns_no_more(tmp_path: Path, nearby: None) -> None:
    assignment = load_assignment("assignment1")
    for name, strategy in STRATEGIES.items():
        folder = tmp_path / "class" / name.replace(" ", "-")
        folder.mkdir(parents=True)
        for file, text in strategy.make(assignment).items():
            (folder / file).write_text(text)
    rubric = tmp_path / "assignment1.yaml"
    quick = "limits: {call: 200 ms, submission: 2 s, memory: 1 GiB, output: 64 KiB}"
    rubric.write_text(re.sub("(?m)^limits: .*$", quick, Path(assignment.rubric.file).read_text()))
    ran = run_here(tmp_path / "class", tmp_path / "out", "--rubric", rubric)
    assert ran.code == 0, ran.err
    scores = {student: row["score"] for student, row in table(tmp_path / "out").items()}
    assert len(scores) == len(STRATEGIES)
    wrong = {name.replace(" ", "-") for name, strategy in STRATEGIES.items() if not strategy.is_partly_right}
    assert {name: score for name, score in scores.items() if name in wrong and score != "0"} == {}
