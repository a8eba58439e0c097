"""What is said of a function's behaviour is what it does; where nothing fits everything, nothing is said."""

from __future__ import annotations

from pathlib import Path

import pytest
from rubric.language import Course

from grader.grading.grades import FunctionGrade
from grader.pipeline import grade
from grader.sandbox.sandbox import Sandbox

pytestmark = pytest.mark.usefixtures("lent")  # starting a jail takes longer than what is claimed here

RUBRIC = """\
schema: 1
assignment: "Softplus"
reference: softplus
sizes:
  different: {N: 4, D: 5}
  other: {N: 2, D: 6}
  equal: {N: 3, D: 3}
  one: {N: 1, D: 4}
functions:
  softplus:
    points: 10
    promise: "log(1 + exp(x)), entry by entry."
    arguments: {x: "normal(N, D)"}
    forms: {vector: {x: "normal(D)"}}
    scale: 1
    checks:
      - {value: rows, points: 4}
      - {value: a vector, form: vector, points: 1}
      - {value: large numbers, cases: [{x: [[800.0, 1.0], [900.0, 2.0]]}], points: 1}
      - {unchanged: leaves x alone, points: 1}
      - {repeatable: the same answer, points: 1}
      - {lasting: does not overwrite earlier results, later: {x: "normal(N, D)"}, points: 2}
"""
REFERENCE = "import numpy as np\ndef softplus(x):\n    return np.logaddexp(0, x)\n"
BEHAVIOUR = {
    "an argument is changed": "r = np.logaddexp(0, x); x *= 0; return r",
    "another answer to the same question": "return np.logaddexp(0, x) + 1e-3 * np.random.rand()",
    "something stays from one call to the next": (
        "r = KEPT.setdefault(x.shape, np.zeros(x.shape)); r[...] = np.logaddexp(0, x); return r"
    ),
    "right for one example, not for a batch": "return np.logaddexp(0, x) + (x.ndim > 1 and len(x) > 1)",
    "right for a batch, not for one example": "return np.logaddexp(0, x) + (x.ndim == 1 or len(x) == 1)",
    "right for square shapes only": "return np.logaddexp(0, x) + (x.ndim == 2 and 1 < len(x) != x.shape[1] != 2)",
    "right until numbers get large": "return np.log(np.exp(x) + 1) * (np.exp(x) / np.exp(x))",
    "the result is transposed": "return np.logaddexp(0, x).T",
    "flat instead of shaped": "return np.logaddexp(0, x).ravel()",
    "right values in another shape": "return np.logaddexp(0, x)[None]",
}


def graded(folder: Path, body: str, rubric: str = RUBRIC) -> FunctionGrade:
    (folder / "softplus").mkdir()
    (folder / "softplus" / "solution.py").write_text(REFERENCE)
    (folder / "softplus.yaml").write_text(rubric)
    (folder / "hw.py").write_text(f"import numpy as np\nKEPT = {{}}\ndef softplus(x):\n    {body}\n")
    return grade(folder / "hw.py", folder / "softplus.yaml").functions[0]


@pytest.mark.parametrize("name", BEHAVIOUR)
def test_a_fault_of_behaviour_is_said(name: str, tmp_path: Path) -> None:
    found = graded(tmp_path, BEHAVIOUR[name])
    assert [mistake.name for mistake in found.mistakes] == [name]
    assert found.mistakes[0].hint
    assert found.from_mistake == 0, "it earns nothing"


@pytest.mark.parametrize(
    ("body", "names"),
    [
        ("return KEPT.setdefault(x.shape, np.logaddexp(0, x)).copy()", ["the answer of an earlier call comes back"]),
        ("return KEPT.setdefault(x.shape, x).copy()", []),
    ],
)
def test_answers_that_were_right_in_an_earlier_call_are_told_as_such(
    tmp_path: Path, body: str, names: list[str]
) -> None:
    often = RUBRIC.replace("{value: rows, points: 4}", "{value: rows, times: 2, points: 6}")
    found = graded(tmp_path, body, "".join(line for line in often.splitlines(keepends=True) if "lasting" not in line))
    assert [mistake.name for mistake in found.mistakes] == names


@pytest.mark.parametrize(
    "body",
    [
        "return np.logaddexp(0, x)",
        "return x",
        "return x + 1",
        "return np.logaddexp(0, x) + (len(x) == 4)",
        "return np.logaddexp(0, x).ravel() + 1",
        "return np.logaddexp(0, x.T)[::-1]",
        "return np.log(np.exp(x) + 1.1)",
        "raise ValueError('no')",
        "return 'text'",
        "return np.full(x.shape, np.nan)",
    ],
)
def test_what_fits_nothing_gets_no_name(body: str, tmp_path: Path) -> None:
    assert graded(tmp_path, body).mistakes == ()


COINCIDING = {
    "return np.logaddexp(0, x) + (x.ndim == 2 and len(x) == x.shape[1])": ["wrong where sizes are the same: N = D"],
    "return np.logaddexp(0, x) + (x.ndim == 2 and len(x) == x.shape[1] == 3)": [],  # not at every size
    "return np.logaddexp(0, x) + (x.ndim == 2 and len(x) == x.shape[1] or len(x) == 6)": [],
}
SQUARES = RUBRIC.replace("equal: {N: 3, D: 3}", "equal: {N: 3, D: 3}\n  equal_too: {N: 5, D: 5}")


@pytest.mark.parametrize("body", COINCIDING)
def test_sizes_that_must_be_the_same_for_an_answer_to_be_wrong_are_named(body: str, tmp_path: Path) -> None:
    assert [mistake.name for mistake in graded(tmp_path, body, SQUARES).mistakes] == COINCIDING[body]


def test_sizes_that_coincide_can_be_muted(tmp_path: Path) -> None:
    muted = SQUARES.replace("sizes:", "mute: [wrong where sizes are the same]\nsizes:")
    assert graded(tmp_path, next(iter(COINCIDING)), muted).mistakes == ()


def test_a_result_with_three_axes_that_comes_transposed_is_told_as_such(tmp_path: Path) -> None:
    cubes = SQUARES.replace("checks:", 'checks:\n      - {value: cubes, given: {x: "normal(2, 3, 4)"}, points: 1}')
    cubes = cubes.replace("points: 10", "points: 11")
    found = graded(tmp_path, "return np.logaddexp(0, x).T", cubes)
    assert [mistake.name for mistake in found.mistakes] == ["the result is transposed"]


@pytest.mark.parametrize(("mute", "is_said"), [("flat", True), ("every number is the right one times", False)])
def test_the_beginning_of_a_name_mutes_it(mute: str, is_said: bool, tmp_path: Path) -> None:
    muted = RUBRIC.replace("sizes:", f"mute: [{mute}]\nsizes:")
    found = [mistake.name for mistake in graded(tmp_path, "return 2 * np.logaddexp(0, x)", muted).mistakes]
    assert found == ["every number is the right one times 2"] * is_said


@pytest.mark.parametrize("mute", ["all", "flat instead of shaped"])
def test_a_muted_name_is_not_said(mute: str, tmp_path: Path) -> None:
    muted = RUBRIC.replace("sizes:", f"mute: [{mute}]\nsizes:")
    assert graded(tmp_path, BEHAVIOUR["flat instead of shaped"], muted).mistakes == ()


TWO = """\
  f:
    points: 1
    arguments: {x: "normal(N, M)"}
    returns: [twice, thrice]
    checks: [{value: both, points: 1}]
"""


@pytest.mark.parametrize(
    ("result", "names"),
    [
        ("2 * x, (3 * x)[None]", ["right values in another shape"]),
        ("(2 * x)[None], (3 * x)[None]", ["right values in another shape"]),
        ("2 * x + 1, (3 * x)[None]", []),
    ],
)
def test_of_several_results_each_wrong_one_must_fit(
    result: str, names: list[str], tmp_path: Path, box: Sandbox
) -> None:
    course = Course(tmp_path, box, TWO, "def f(x):\n    return 2 * x, 3 * x\n")
    assert [each.name for each in course.only(f"def f(x):\n    return {result}\n").mistakes] == names


ROW = """\
  f:
    points: 1
    arguments: {x: "normal(1, M)"}
    checks: [{value: a row, points: 1}]
"""


def test_of_one_row_nobody_is_told_that_it_is_transposed(tmp_path: Path, box: Sandbox) -> None:
    course = Course(tmp_path, box, ROW, "def f(x):\n    return 2 * x\n")
    found = course.only("def f(x):\n    return (2 * x).T\n")
    assert [each.name for each in found.mistakes] == ["right values in another shape"]
