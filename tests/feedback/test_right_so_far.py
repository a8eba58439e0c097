"""The last values that were right: the student's own names and lines, held against what the reference goes through."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from grader.authoring.verify import verify_assignment
from grader.errors import RubricError
from grader.feedback import traced_call
from grader.grading.grades import FunctionGrade, Grade, RightValue
from grader.pipeline import grade_submission
from grader.plan.assignment import load_assignment
from grader.plan.plan import Plan, make_plan
from grader.report.audience import for_audience
from grader.report.formats import FORMATS, json_report
from grader.report.writing import render
from grader.sandbox.sandbox import Sandbox
from grader.submission.collecting import FoundFile, Upload

RUBRIC = """\
schema: 1
assignment: Steps
packages: [numpy]
sizes: {some: {N: 4, D: 3, H: 5}}
functions:
  net:
    points: 10
    arguments: {x: "normal(N, D)", W1: "normal(D, H)", b1: "normal(H)", W2: "normal(H, 2)"}
    steps: {curved: "tanh(x)", double: "2 * curved"}
    returns: number
    checks: [{value: values, points: 10}]
  spread:
    points: 10
    arguments: {x: "normal(N)"}
    returns: number
    checks: [{value: values, points: 10}]
  centre:
    points: 10
    arguments: {x: "normal(N)"}
    returns: number
    checks: [{value: values, points: 10}]
  stop:
    points: 10
    arguments: {x: "normal(N)"}
    returns: number
    checks: [{value: values, points: 10}]
"""
REFERENCE = """\
import numpy as np


def squash(z):
    return 1 / (1 + np.exp(-z))


def net(x, W1, b1, W2):
    secretname = squash(x @ W1 + b1)
    e = np.exp(secretname @ W2)
    out = e / e.sum(axis=1, keepdims=True)
    return -np.mean(np.log(out[:, 0]))


def spread(x):
    middle = np.mean(x)
    off = x - middle
    squares = np.mean(off**2)
    return np.sqrt(squares)


def centre(x):
    total = np.sum(x)
    return total / len(x)


def stop(x):
    exponentials = np.exp(x)
    return np.sum(exponentials)
"""
#: Functions with a decorator: no change of them is looked for, which would take longer than all the rest.
SUBMISSION = """\
import numpy as np


def kept(function):
    return function


@kept
def net(x, W1, b1, W2):
    n = len(x)
    eps = 1e-12
    same = x
    nothing = np.zeros(4)
    rows = np.arange(4)
    z1 = (np.dot(x, W1) + b1).ravel()
    t = np.tanh(x)
    d = 2 * np.tanh(x)
    h = -squashed(z1.reshape(n, -1))
    s = np.exp(-h @ W2).T
    p = s.T / s.T.sum(axis=0, keepdims=True)
    other = np.sin(x)
    return -np.log(p[:, 0] + eps).mean()


def squashed(z):
    g = 1 / (1 + np.exp(-z))
    return g


@kept
def spread(x):
    middle = sum(x) / 4
    off = 0.0
    for entry in x:
        off += (entry - middle) ** 2
    mean_square = off / 4
    answer = -np.sqrt(mean_square)
    return answer


@kept
def centre(x):
    return np.sum(x) / 3


@kept
def stop(x):
    powers = np.exp(x)
    total = powers[7]
    return total
"""


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    folder = tmp_path_factory.mktemp("steps")
    (folder / "steps.yaml").write_text(RUBRIC)
    (folder / "steps").mkdir()
    (folder / "steps" / "reference.py").write_text(REFERENCE)
    return make_plan(load_assignment(folder / "steps.yaml"), 5)


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def grade(plan: Plan, box: Sandbox) -> Grade:
    return explained(SUBMISSION, plan, box)


def explained(text: str, plan: Plan, box: Sandbox, is_asked: bool = True) -> Grade:
    upload = Upload("hw", (FoundFile("hw.py", text.encode()),))
    return grade_submission(upload, plan, box, look_for_changes=is_asked)


def right_in(grade: Grade, function: str) -> list[str]:
    found: FunctionGrade = next(each for each in grade.functions if each.name == function)
    return [each.name for each in found.right_so_far]


def test_right_values_are_told_in_order_up_to_sign_transpose_and_flattening(grade: Grade) -> None:
    assert right_in(grade, "net") == ["z1", "t", "d", "g", "h", "s"]
    (function,) = (each for each in grade.functions if each.name == "net")
    assert function.right_so_far[0] == RightValue("z1", "hw.py, line 15")


def test_arguments_constants_and_what_agrees_with_nothing_are_not_told(grade: Grade) -> None:
    assert not {"n", "eps", "same", "nothing", "rows", "other", "p"} & set(right_in(grade, "net"))


def test_what_a_loop_has_gathered_counts_up_to_a_factor_and_a_result_of_another_sign_does_not(grade: Grade) -> None:
    assert right_in(grade, "spread") == ["middle", "off", "mean_square"]


def test_what_comes_back_and_is_wrong_was_not_right_so_far(plan: Plan, box: Sandbox) -> None:
    """The total is a step of the reference's; it isn't what was asked for."""
    text = SUBMISSION.replace(
        "    return np.sum(x) / 3", "    scaled = 4 * np.sum(x)\n    _ = np.sum(x)\n    return scaled / 4"
    )
    assert right_in(explained(text, plan, box), "centre") == ["scaled"]
    answer = text.replace("return scaled / 4", "answer = scaled / 4\n    return answer").replace("scaled", "other")
    assert right_in(explained(answer, plan, box), "centre") == ["other"]


def test_a_function_without_right_variables_is_told_nothing_of(grade: Grade) -> None:
    assert right_in(grade, "centre") == []


def test_what_was_right_before_an_exception_is_told(grade: Grade) -> None:
    assert right_in(grade, "stop") == ["powers"]


def test_both_audiences_are_told_names_and_lines_and_nothing_of_ours(grade: Grade) -> None:
    said = "right so far: z1 (line 15), t (line 16), d (line 17), g (line 26), h (line 18), s (line 19)"
    for audience in ("instructor", "student"):
        shown = for_audience(grade, audience)
        assert said in " ".join(render(shown, "text").split())
        assert said in render(shown, "html")
        assert json.loads(json_report.render(shown))["functions"][3]["right_so_far"] == [
            {"name": "powers", "where": "hw.py, line 48"}
        ]
    student = for_audience(grade, "student")
    for form in FORMATS:
        assert not any(ours in render(student, form) for ours in ("secretname", "squares", "curved", "exponentials"))


def test_it_is_looked_for_only_where_somebody_asks(plan: Plan, box: Sandbox, grade: Grade) -> None:
    usual = explained(SUBMISSION, plan, box, is_asked=False)
    assert all(not each.right_so_far for each in usual.functions)
    assert [each.score for each in usual.functions] == [each.score for each in grade.functions]


def test_code_that_never_ends_exits_or_meddles_with_the_tracer_costs_the_explanation_alone(
    plan: Plan, box: Sandbox
) -> None:
    text = SUBMISSION.replace("    s = np.exp", "    import sys; sys.settrace(None)\n    s = np.exp")
    text = text.replace("    powers = np.exp(x)\n", "    powers = np.exp(x)\n    raise SystemExit\n")
    text = text.replace(
        "    off = 0.0\n",
        "    exec('def g(x):\\n    m = np.mean(x)\\n    return m', globals())\n    g(x)\n    off = 0.0\n",
    )
    text = text.replace("    return np.sum(x) / 3", "    for i in range(10**6): y = i + 0.5\n    return y")
    grade = explained(text, plan, box)
    assert right_in(grade, "net") == ["z1", "t", "d", "g", "h"]
    assert right_in(grade, "stop") == ["powers"]
    assert right_in(grade, "centre") == []
    assert right_in(grade, "spread") == ["middle", "off", "mean_square"]


def test_what_is_noted_is_bounded_and_the_tracer_before_is_there_again() -> None:
    def busy(x: object) -> None:
        big = np.zeros(10_000) + 0.5  # noqa: F841
        small = 0.0
        for number in range(10**5):
            small = number + 0.5
        del small

    before = sys.gettrace()
    notes = traced_call.trace([__name__], True, busy, 1)
    assert sys.gettrace() is before
    assert {name for *_, name, _ in notes} == {"number", "small"}
    assert len(notes) <= 3 * traced_call.MOST_KEPT


def test_the_tracer_needs_nothing_of_ours() -> None:
    text = Path(traced_call.__file__).read_text()
    assert "grader" not in text


@pytest.mark.parametrize(
    ("step", "flaw"),
    [
        ("tanh(x) @ 3", r"steps\.yaml:9:21: 'tanh\(x\) @ 3' fails"),
        ("tanh(z)", r"steps\.yaml:9:21: .*the name 'z' is unknown"),
    ],
)
def test_a_step_that_fails_is_a_flaw_for_whoever_verifies_the_rubric(step: str, flaw: str, tmp_path: Path) -> None:
    (tmp_path / "steps.yaml").write_text(RUBRIC.replace("tanh(x)", step))
    (tmp_path / "steps").mkdir()
    (tmp_path / "steps" / "reference.py").write_text(REFERENCE)
    with pytest.raises(RubricError, match=flaw):
        verify_assignment(tmp_path / "steps.yaml", seed=5)
