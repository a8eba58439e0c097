"""Errors carried forward in the bundled assignments: whatever is wrong with a helper, its right dependents keep all."""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path

import pytest

from grader.pipeline import grade_submission
from grader.plan.assignment import load_assignment
from grader.plan.plan import Plan, make_plan
from grader.sandbox.sandbox import Sandbox
from grader.upload import read_submission

SAMPLES = Path(__file__).parent.parent.parent / "sample_submissions"
#: assignment, sample, helper, and who needs it. In rk4 nobody has one: its helper gets a function as an argument.
PAIRS = [
    ("cs224n_a1", "right_2016", "softmax", {"forward_backward_prop", "softmaxCostAndGradient", "softmaxRegression"}),
    ("cs224n_a1", "right_2016", "sigmoid", {"forward_backward_prop", "negSamplingCostAndGradient"}),
    ("cs224n_a1", "right_2016", "sigmoid_grad", {"forward_backward_prop"}),
    ("kmeans", "right_script", "assign", {"KMeans.fit", "KMeans.predict"}),
    ("kmeans", "right_script", "update", {"KMeans.fit", "KMeans.predict"}),
    ("conv2d", "right_loops", "conv_forward", {"conv_backward"}),
]
FAULTS = {
    "raises": "\ndef {0}(*args):\n    raise ValueError('not yet')\n",
    "wrong shape": "\ndef {0}(*args):\n    return np.zeros((7, 7, 7))\n",
    "missing": "",
}


@cache
def plan(assignment: str) -> Plan:
    return make_plan(load_assignment(assignment), 1)


def spoil(folder: Path, helper: str, fault: str) -> None:
    """Rename the helper where it is made, and put something wrong in its place, or nothing."""
    (file,) = (file for file in folder.rglob("*.py") if f"def {helper}(" in file.read_text())
    file.write_text(file.read_text().replace(f"def {helper}(", "def another(") + fault.format(helper))


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize(
    ("assignment", "sample", "helper", "dependents"), PAIRS, ids=lambda value: value if isinstance(value, str) else ""
)
def test_a_right_dependent_of_a_wrong_helper_keeps_all_its_points(
    assignment: str, sample: str, helper: str, dependents: set[str], fault: str, tmp_path: Path, box: Sandbox
) -> None:
    shutil.copytree(SAMPLES / assignment / sample, tmp_path / "hw")
    spoil(tmp_path / "hw", helper, FAULTS[fault])
    grade = grade_submission(read_submission(tmp_path / "hw"), plan(assignment), box)
    assert {f.name for f in grade.functions if f.score != f.max_score} == {helper}
    assert {f.name for f in grade.functions if f.carried} == dependents


#: A right submission in which others come by `sigmoid` in other ways than by its name.
HELD = (SAMPLES / "assignment1" / "right_script" / "submission.py").read_text()
HELD = HELD.replace("def forward(", "ACT = {'s': sigmoid}\n\n\ndef forward(").replace("sigmoid(z1)", "ACT['s'](z1)")
HELD = HELD.replace("data, labels, params, dimensions):", "data, labels, params, dimensions, act=sigmoid):")
HELD = HELD.replace("sigmoid(data.dot", "act(data.dot")


@pytest.mark.parametrize("fault", [*FAULTS, "a result in its place"])
def test_a_wrong_helper_costs_nothing_where_a_dict_or_a_default_value_holds_it(
    fault: str, tmp_path: Path, box: Sandbox
) -> None:
    head, end = HELD.split("def sigmoid(")
    body, rest = end.split("\n\n\n", 1)
    own = {**FAULTS, "a result in its place": f"def sigmoid({body}\n\nsigmoid = sigmoid(np.ones(3)) + 1\n"}
    (tmp_path / "hw.py").write_text(f"{head}{own[fault].format('sigmoid')}\n\n{rest}")
    grade = grade_submission(read_submission(tmp_path / "hw.py"), plan("assignment1"), box)
    assert {f.name for f in grade.functions if f.score != f.max_score} <= {"sigmoid"}


def test_a_helper_in_a_file_that_nobody_handed_in_costs_no_other_function(tmp_path: Path, box: Sandbox) -> None:
    right = SAMPLES / "assignment1" / "right_folder" / "submission" / "assignment 1 (final)" / "code files"
    shutil.copytree(right, tmp_path / "hw")
    (tmp_path / "hw" / "activations.py").unlink()
    assert "import activations as act" in (tmp_path / "hw" / "network.py").read_text()
    grade = grade_submission(read_submission(tmp_path / "hw"), plan("assignment1"), box)
    assert {f.name for f in grade.functions if f.score != f.max_score} == {"softmax", "sigmoid", "sigmoid_grad"}
