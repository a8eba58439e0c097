"""Every sample submission gets its expected grade, whatever is drawn."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from grader.authoring.samples import Sample, differences, find_samples
from grader.pipeline import grade_submission
from grader.plan.assignment import load_assignment
from grader.plan.plan import Plan, make_plan
from grader.sandbox.sandbox import Sandbox
from grader.upload import read_submission

FOLDER = Path(__file__).parent.parent.parent / "sample_submissions"
ASSIGNMENTS = sorted(folder.name for folder in FOLDER.iterdir() if folder.is_dir())
SAMPLES = [(name, sample) for name in ASSIGNMENTS for sample in find_samples(FOLDER / name)]


@cache
def plan(name: str, seed: int) -> Plan:
    return make_plan(load_assignment(name), seed)


@pytest.mark.parametrize(
    ("name", "sample"), SAMPLES, ids=lambda value: value.folder.name if isinstance(value, Sample) else value
)
@pytest.mark.parametrize("drawn", ["seed-1", "seed-asked"])
def test_a_sample_gets_its_grade(
    name: str, sample: Sample, drawn: str, box: Sandbox, pytestconfig: pytest.Config
) -> None:
    seed = 1 if drawn == "seed-1" else pytestconfig.getoption("--seed")
    grade = grade_submission(read_submission(sample.path), plan(name, seed), box)
    assert differences(sample.expected, grade) == [], f"seed {seed}"


def test_there_are_at_least_15_samples_of_the_default_assignment() -> None:
    assert len([name for name, _ in SAMPLES if name == "assignment1"]) >= 15


def test_a_wrong_expectation_is_noticed(box: Sandbox) -> None:
    sample = next(sample for name, sample in SAMPLES if sample.folder.name == "overflow")
    grade = grade_submission(read_submission(sample.path), plan("assignment1", 1), box)
    (first, *_), wrong = differences(SAMPLES[0][1].expected, grade), sample.expected
    assert "softmax" in first or "sigmoid" in first
    assert wrong.submission == "submission.py"
