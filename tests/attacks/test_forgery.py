"""Whole submissions without one right function: none of them earns a point, on any function.

Each file of `forgery/` says at its top what it tries. The verdict that all must end in is a score of nought, by a
grade: a submission that could make itself `not_graded` would cost somebody an evening.
"""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from attacks.reading import HERE
from conftest import by_name

from grader.grading.grades import Grade
from grader.limits import Limits
from grader.pipeline import grade_submission
from grader.plan.assignment import load_assignment
from grader.plan.plan import Plan, all_questions, make_plan
from grader.sandbox.sandbox import Sandbox
from grader.upload import read_submission
from grader.verdict import OPEN

FORGERIES = sorted(path for path in (HERE / "forgery").iterdir() if not path.name.startswith(("_", ".")))
QUICK = Limits(call_seconds=0.2, submission_seconds=3.0, memory_bytes=512 << 20, result_bytes=8 << 20)


def quick_plan(seed: int | None = None) -> Plan:
    """A plan of the default assignment, with limits that loops run into soon."""
    assignment = load_assignment("assignment1")
    rubric = msgspec.structs.replace(assignment.rubric, limits=QUICK)
    return make_plan(msgspec.structs.replace(assignment, rubric=rubric), seed)


@pytest.fixture(scope="module")
def quick() -> Plan:
    return quick_plan()


def earned(grade: Grade) -> dict[str, object]:
    """What any function got, and whatever was left open."""
    return {name: function.score for name, function in by_name(grade).items() if function.score != 0}


@pytest.mark.parametrize("forgery", FORGERIES, ids=lambda path: path.stem)
def test_it_earns_nothing(forgery: Path, quick: Plan, box: Sandbox) -> None:
    grade = grade_submission(read_submission(forgery), quick, box)
    assert earned(grade) == {}
    assert grade.score == 0
    assert grade.verdict not in OPEN


def test_there_are_many() -> None:
    assert len(FORGERIES) >= 40


# --- a table of answers ---

TABLE = """
import numpy as np
TABLE = {table}
def key(args):
    return repr([np.round(a, 6).tolist() for a in args])
def look_up(name):
    def answer(*args):
        found = TABLE.get((name, key(args)))
        return np.array(found) if isinstance(found, list) else found
    return answer
softmax = look_up("softmax")
sigmoid = look_up("sigmoid")
sigmoid_grad = look_up("sigmoid_grad")
softmax_cross_entropy_grad = look_up("softmax_cross_entropy_grad")
"""
NAMES = {"softmax", "sigmoid", "sigmoid_grad", "softmax_cross_entropy_grad"}


def table_of(plan: Plan) -> str:
    """A submission that holds the right answer to every value question of a plan, and computes nothing."""
    import numpy as np

    table = {}
    for question in all_questions(plan):
        if question.check.kind == "value" and question.function.name in NAMES:
            args = repr([np.round(value, 6).tolist() for value in question.situation.values])
            table[question.function.name, args] = np.asarray(plan.truths.of(question)).tolist()
    return TABLE.format(table=table)


def test_a_table_of_answers_for_a_known_seed_earns_nothing_with_another(tmp_path: Path, box: Sandbox) -> None:
    path = tmp_path / "hw.py"
    path.write_text(table_of(quick_plan(seed=20150407)))
    assert earned(grade_submission(read_submission(path), quick_plan(), box)) == {}


def test_with_the_seed_that_it_was_made_for_it_would_earn_points(tmp_path: Path, box: Sandbox) -> None:
    """Which is why rubrics carry no seed, and why students aren't told one."""
    plan = quick_plan(seed=20150407)
    path = tmp_path / "hw.py"
    path.write_text(table_of(plan))
    assert earned(grade_submission(read_submission(path), plan, box)).keys() == NAMES
