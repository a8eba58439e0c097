"""The same mistake in several functions is charged where it is made first."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import pytest

from grader.grading.grades import Grade
from grader.pipeline import grade_submission
from grader.plan.assignment import load_assignment
from grader.plan.plan import Plan, make_plan
from grader.sandbox.sandbox import Sandbox
from grader.submission.collecting import FoundFile, Upload
from grader.verdict import Verdict

REFERENCE = """\
import numpy as np
from grader.reference import mistake


def total(x):
    return np.sum(x)


def totals(x):
    return np.array([np.sum(x), np.prod(x)])


def largest(x):
    return np.max(x)


@mistake("total", name="a mean for a sum", hint="Add up.", credit="1/2")
def mean(x):
    return np.mean(x)


@mistake("totals", name="a mean in the first place", hint="Add up.", credit="1/2", same_as="a mean for a sum")
def mean_first(x):
    return np.array([np.mean(x), np.prod(x)])


@mistake("largest", name="a mean for a sum", hint="The largest entry.", credit="1/2")
def mean_largest(x):
    return np.mean(x)
"""
RUBRIC = """\
schema: 1
assignment: Sums
sizes: {some: {N: 4}}
functions:
  total: {points: 10, returns: number, arguments: {x: "normal(N)"}, checks: [{value: sums, points: 10}]}
  totals: {points: 10, arguments: {x: "normal(N)"}, checks: [{value: first, points: 6}, {unchanged: x, points: 4}]}
  largest: {points: 10, returns: number, arguments: {x: "normal(N)"}, checks: [{value: largest, points: 10}]}
"""
RIGHT_TOTAL = "    return np.sum(x)\n"
WRONG_TOTAL = "    return np.mean(x)\n"
RIGHT_TOTALS = "    return np.array([np.sum(x), np.prod(x)])\n"
WRONG_TOTALS = "    return np.array([np.mean(x), np.prod(x)])\n"
OTHER_TOTALS = "    return np.array([np.mean(x), -np.prod(x)])\n"


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    folder = tmp_path_factory.mktemp("sums")
    (folder / "sums.yaml").write_text(RUBRIC)
    (folder / "sums").mkdir()
    (folder / "sums" / "reference.py").write_text(REFERENCE)
    return make_plan(load_assignment(folder / "sums.yaml"), 5)


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        yield sandbox


def graded(total: str, totals: str, plan: Plan, box: Sandbox, largest: str = "    return np.max(x)\n") -> Grade:
    heads = (f"def total(x):\n{total}", f"def totals(x):\n{totals}", f"def largest(x):\n{largest}")
    text = "import numpy as np\n" + "\n".join(heads)
    return grade_submission(Upload("hw", (FoundFile("hw.py", text.encode()),)), plan, box)


def scores(grade: Grade) -> list[Fraction | None]:
    return [function.score for function in grade.functions]


def test_the_second_function_with_the_same_mistake_is_carried(plan: Plan, box: Sandbox) -> None:
    grade = graded(WRONG_TOTAL, WRONG_TOTALS, plan, box)
    assert scores(grade) == [5, 10, 10]
    second = grade.functions[1]
    assert (second.verdict, second.carried, second.from_mistake) == (Verdict.CARRIED, 10, 0)
    assert second.charged_in == "total"
    assert second.checks[0].message == "Correct, except for the same mistake as in total, where it costs points."
    assert sum(check.score or Fraction(0) for check in second.checks) == second.score


def test_the_first_function_with_a_mistake_is_charged_for_it(plan: Plan, box: Sandbox) -> None:
    assert scores(graded(RIGHT_TOTAL, WRONG_TOTALS, plan, box)) == [10, 5, 10]


def test_what_is_wrong_besides_is_charged_itself(plan: Plan, box: Sandbox) -> None:
    assert scores(graded(WRONG_TOTAL, OTHER_TOTALS, plan, box)) == [5, 0, 10]


def test_a_third_one_is_charged_where_the_first_is(plan: Plan, box: Sandbox) -> None:
    grade = graded(WRONG_TOTAL, WRONG_TOTALS, plan, box, "    return np.mean(x)\n")
    assert scores(grade) == [5, 10, 10]
    assert grade.functions[2].charged_in == "total"


def test_the_bundled_sample_with_sums_for_means_is_charged_once(box: Sandbox) -> None:
    sample = Path(__file__).parents[2] / "sample_submissions" / "assignment1" / "sum_not_mean" / "submission.py"
    plan = make_plan(load_assignment("assignment1"), 5)
    grade = grade_submission(Upload("hw", (FoundFile("hw.py", sample.read_bytes()),)), plan, box)
    assert grade.score == 95
