"""What is said of a wrong function is what it did: no name that something else accounts for, and no fact kept back."""

from __future__ import annotations

from pathlib import Path

import pytest
from rubric.language import Course

from grader.pipeline import grade
from grader.report.audience import for_audience
from grader.report.formats.text import render, render_screen
from grader.sandbox.sandbox import Sandbox

pytestmark = pytest.mark.usefixtures("lent")  # starting a jail takes longer than what is claimed here

TRUTH = """\
  f:
    points: 2
    arguments: {x: "normal(N)"}
    returns: truth
    checks: [{value: yes and no, cases: [{x: [1.0]}, {x: [-1.0]}], points: 2, visibility: public, requires: nothing}]
"""
TWO_TRUTHS = """\
  f:
    points: 2
    arguments: {x: "normal(N)"}
    returns: {ok: truth, size: number}
    checks: [{value: both, cases: [{x: [1.0]}], points: 2, visibility: public, requires: nothing}]
"""


@pytest.mark.parametrize(
    ("rubric", "reference", "answer", "said"),
    [
        (TRUTH, "return bool(x[0] > 0)", "y = 2 * x", "returned nothing"),
        (TRUTH, "return x[0] > 0", "y = 2 * x", "returned nothing"),
        (TWO_TRUTHS, "return x[0] > 0, x.size", "return None, x.size", "neither true nor false"),
        (TRUTH, "return x[0] > 0", "return x[0] <= 0", "where False is right"),
    ],
)
def test_another_answer_is_asked_only_of_an_answer(
    rubric: str, reference: str, answer: str, said: str, tmp_path: Path, box: Sandbox
) -> None:
    found = Course(tmp_path, box, rubric, f"def f(x):\n    {reference}\n").only(f"def f(x):\n    {answer}\n")
    assert said in found.checks[0].message
    assert ("where False" in found.checks[0].message) is ("where False" in said)


SQUARES = """\
  f:
    points: 4
    arguments: {x: "normal(N, M)"}
    checks:
      - {value: rows, points: 2}
      - {value: small numbers, given: {x: "uniform(0, 0.001, 3, 3)"}, times: 2, points: 1}
      - {value: more rows, given: {x: "normal(2, 5)"}, points: 1}
"""


def test_one_unrelated_check_with_square_inputs_names_no_square_shapes(tmp_path: Path, box: Sandbox) -> None:
    """Right for small numbers, which happen to come in a square."""
    course = Course(tmp_path, box, SQUARES, "def f(x):\n    return x.copy()\n")
    assert course.only("def f(x):\n    return np.sin(x) if abs(x).max() > 0.01 else x.copy()\n").mistakes == ()


LARGE = """\
  f:
    points: 4
    arguments: {x: "normal(N, M)"}
    forms: {vector: {x: "normal(M)"}, large: {x: "uniform(500, 900, N, M)"}, more: {x: "uniform(500, 900, M, N)"}}
    checks:
      - {value: a vector, form: vector, points: 2}
      - {value: large rows, form: [large, more], points: 2}
"""


def test_a_name_that_more_than_one_account_fits_is_not_given(tmp_path: Path, box: Sandbox) -> None:
    """Infinite for batches, all of which hold large numbers: is it the batch, or the size of the numbers?"""
    course = Course(tmp_path, box, LARGE, "def f(x):\n    return np.logaddexp(0, x)\n")
    assert course.only("def f(x):\n    return np.logaddexp(0, x) if x.ndim == 1 else x + np.inf\n").mistakes == ()
    clear = course.only("def f(x):\n    return np.logaddexp(0, x) if x.ndim == 1 else x + 1.0\n")
    assert [each.name for each in clear.mistakes] == ["right for one example, not for a batch"]


SOFTMAX = """\
import numpy as np


def softmax(x):
    e = np.exp(x - np.{taken}(x, axis=-1, keepdims=True))
    return e / np.sum(e, axis=-1, keepdims=True)
"""


@pytest.mark.parametrize("taken", ["mean", "median"])
def test_the_mean_and_the_median_taken_away_are_called_by_their_names(taken: str, tmp_path: Path) -> None:
    (tmp_path / "hw.py").write_text(SOFTMAX.format(taken=taken))
    softmax = grade(tmp_path / "hw.py").functions[0]
    assert [each.name for each in softmax.mistakes] == [f"the {taken} taken away, not the maximum"]


COST = """\
import numpy as np


def forward_backward_prop(data, labels, params, dimensions):
    Dx, H, Dy = dimensions
    W1 = params[: Dx * H].reshape(Dx, H)
    b1 = params[Dx * H : Dx * H + H]
    W2 = params[Dx * H + H : Dx * H + H + H * Dy].reshape(H, Dy)
    b2 = params[-Dy:]
    h = 1 / (1 + np.exp(-(data @ W1 + b1)))
    e = np.exp(h @ W2 + b2)
    y_hat = e / e.sum(axis=1, keepdims=True)
    cost = -np.sum(labels * np.log(y_hat)) + 0.5 * np.sum(params**2)
    back = y_hat - labels
    at_h = back @ W2.T * h * (1 - h)
    blocks = [(data.T @ at_h).ravel(), at_h.sum(axis=0), (h.T @ back).ravel(), back.sum(axis=0)]
    return cost, np.concatenate(blocks) + params + {off} * len(data)
"""


def backprop(folder: Path, off: str) -> str:
    """What a student reads of a cost that is no mean, and has a penalty besides."""
    (folder / "hw.py").write_text(COST.format(off=off))
    graded = for_audience(grade(folder / "hw.py"), "student")
    return " ".join((render(graded) + render_screen(graded)).split())


def test_a_passed_check_that_explains_is_told_where_points_were_lost(tmp_path: Path) -> None:
    said = backprop(tmp_path, "0")
    assert "your gradient is the slope of your cost: right" in said
    assert "Right, but without points: your gradient is the slope of your cost" in said
    assert "Three more give no points while the results are wrong: 0/2." in said
    assert "Try: Take one block at a time" not in said, "the gradient is as it should be for its cost"
    other = backprop(tmp_path, "1")
    assert "your gradient is the slope of your cost: right" not in other
