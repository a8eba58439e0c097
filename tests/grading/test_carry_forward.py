"""Errors carried forward in the bundled assignments: whatever is wrong with a helper, its right dependents keep all."""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from rubric.language import Course

from grader.grading.grades import FunctionGrade
from grader.pipeline import grade_submission
from grader.plan.assignment import load_assignment
from grader.plan.plan import Plan, make_plan
from grader.sandbox.sandbox import JailedChild, Message, Sandbox
from grader.upload import read_submission
from grader.verdict import Verdict

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


NEEDS = """\
  half:
    points: 1
    arguments: {x: "normal(N, N)"}
    checks: [{value: any, points: 1}]
  square:
    points: 2
    needs: [half]
    arguments: {x: "normal(N, N)"}
    checks: [{value: any, points: 1, visibility: public}, {value: again, points: 1}]
"""
NEEDS_RIGHT = "def half(x): return x / 2\ndef square(x): return half(x) * half(x)\n"


def opened_and_square(
    text: str, folder: Path, box: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> tuple[int, FunctionGrade]:
    """How many processes a submission takes, and what comes of the function that needs another one."""
    course, opened = Course(folder, box, NEEDS, NEEDS_RIGHT), []
    real = Sandbox.open

    def counting(*args: Any) -> JailedChild:
        opened.append(args)
        return real(*args)

    monkeypatch.setattr(Sandbox, "open", counting)
    square = course.grade(text, seed=1).functions[1]
    return len(opened), square


def test_right_helpers_take_no_process_of_their_own_where_they_change_nothing(
    tmp_path: Path, box: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = NEEDS_RIGHT.replace("half(x) *", "3 *")
    opened, square = opened_and_square(wrong, tmp_path, box, monkeypatch)
    assert (opened, square.verdict) == (2, Verdict.FAILED)  # the other one is for a counterexample


def test_with_right_helpers_only_those_checks_are_asked_again_that_lost_points(
    tmp_path: Path, box: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    real = JailedChild.ask

    def counting(child: JailedChild, message: Message, *limits: Any) -> Any:
        if "replaced" in vars(child):
            asked.append(len(message.steps))
        return real(child, message, *limits)

    def replace(child: JailedChild, *args: Any) -> None:
        vars(child)["replaced"] = True
        put(child, *args)

    put = JailedChild.replace
    monkeypatch.setattr(JailedChild, "ask", counting)
    monkeypatch.setattr(JailedChild, "replace", replace)
    course = Course(tmp_path, box, NEEDS, NEEDS_RIGHT)
    plan = course.plan(1)
    once = "asked = []\n" + NEEDS_RIGHT.replace("def square(x):", "def square(x):\n    if WRONG: return 3 * x\n   ")
    first = len(plan.functions[1].checks[0].questions)
    grade = course.grade(once.replace("WRONG", f"asked.append(1) or len(asked) > {first}"), plan=plan)
    assert [check.score for check in grade.functions[1].checks] == [1, 0]
    assert asked == [len(plan.functions[1].checks[1].questions)]


def test_a_helper_that_gives_what_no_caller_can_use_costs_its_caller_nothing(
    tmp_path: Path, box: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    matrix = NEEDS_RIGHT.replace("return x / 2", "return np.asmatrix(x / 2)")
    opened, square = opened_and_square(matrix, tmp_path, box, monkeypatch)
    assert (opened, square.verdict, square.score) == (2, Verdict.CARRIED, 2)


def test_what_is_right_only_in_a_process_that_was_asked_before_gains_nothing(
    tmp_path: Path, box: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = "asked = []\n" + NEEDS_RIGHT.replace(
        "def square(x): return", "def square(x):\n    asked.append(1)\n    return x + 1 if len(asked) <= {} else"
    )
    square = Course(tmp_path, box, NEEDS, NEEDS_RIGHT).plan(1).functions[1]
    questions = sum(len(check.questions) for check in square.checks)
    (tmp_path / "graded").mkdir()
    opened, graded = opened_and_square(late.format(questions), tmp_path / "graded", box, monkeypatch)
    assert (opened, graded.verdict, graded.score) == (3, Verdict.FAILED, 0)
