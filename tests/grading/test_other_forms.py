"""Right values in another form lose nothing: rows for vectors, older signatures, numpy's floats, printed answers."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.grading.grades import FunctionGrade
from grader.pipeline import grade_submission
from grader.plan.assignment import load_assignment
from grader.plan.plan import Plan, make_plan
from grader.sandbox.sandbox import Sandbox
from grader.upload import read_submission
from grader.verdict import Verdict

SEED = 7


@pytest.fixture(scope="module")
def cs224n() -> Plan:
    return make_plan(load_assignment("cs224n_a1"), SEED)


@pytest.fixture(scope="module")
def network() -> Plan:
    return make_plan(load_assignment("assignment1"), SEED)


def graded(source: str, plan: Plan, folder: Path, box: Sandbox) -> dict[str, FunctionGrade]:
    """The functions that are there, by name."""
    file = folder / "hw1.py"
    file.write_text(f"import numpy as np\n\n{source}")
    grade = grade_submission(read_submission(file), plan, box)
    return {each.name: each for each in grade.functions}


SKIPGRAM = """
def skipgram(currentWord, C, contextWords, tokens, inputVectors, outputVectors, dataset, cost_of):
    one_hot = np.zeros((1, len(tokens)))
    one_hot[0, tokens[currentWord]] = 1.0
    cost, gradIn, gradOut = 0.0, np.zeros(inputVectors.shape), np.zeros(outputVectors.shape)
    for word in contextWords:
        c, g, G = cost_of(inputVectors[tokens[currentWord]], tokens[word], outputVectors, dataset)
        cost += c
        gradIn += {term}
        gradOut += G
    return cost, gradIn, gradOut
"""


@pytest.mark.parametrize("term", ["one_hot.T.dot(g)", "one_hot.T @ g.T if g.shape[1] == 1 else 1 / 0", "one_hot.T * g"])
def test_a_callback_gives_rows_or_columns_to_who_takes_them_so(
    term: str, cs224n: Plan, tmp_path: Path, box: Sandbox
) -> None:
    found = graded(SKIPGRAM.format(term=term), cs224n, tmp_path, box)["skipgram"]
    assert found.score == found.max_score


def test_what_is_wrong_for_rows_too_keeps_nothing_for_it(cs224n: Plan, tmp_path: Path, box: Sandbox) -> None:
    found = graded(SKIPGRAM.format(term="2 * one_hot.T.dot(g)"), cs224n, tmp_path, box)["skipgram"]
    assert found.score is not None
    assert found.score < found.max_score


SGD = """
def sgd({parameters}):
    x = x0
    for _ in range(iterations):
        x = x - step * f(x)[1]
        {post}
    return x
"""


@pytest.mark.parametrize(
    "parameters",
    [
        "f, x0, step, iterations, postprocessing=None, useSaved=False",
        "f, x0, step, iterations, postprocessing",
        "f, x0, step, iterations, postprocessing=None, PRINT_EVERY=10",
        "f, x0, step, iterations, postprocessing=None, *rest",
    ],
)
def test_parameters_that_the_reference_can_do_without_are_not_passed_to_who_lacks_them(
    parameters: str, cs224n: Plan, tmp_path: Path, box: Sandbox
) -> None:
    source = SGD.format(parameters=parameters, post="x = postprocessing(x) if postprocessing else x")
    found = graded(source, cs224n, tmp_path, box)["sgd"]
    assert found.score == found.max_score


def test_a_parameter_that_matters_costs_where_it_is_left_out(cs224n: Plan, tmp_path: Path, box: Sandbox) -> None:
    found = graded(SGD.format(parameters="f, x0, step, iterations", post="pass"), cs224n, tmp_path, box)["sgd"]
    assert found.score is not None
    assert found.score < found.max_score


GRADCHECK = """
def gradcheck_naive(f, x):
    fx, grad = f(x)
    h = 1e-4
    for ix in np.ndindex(x.shape):
        old = x[ix]
        x[ix] = old + h
        high = f(x)[0]
        x[ix] = old - h
        low = f(x)[0]
        x[ix] = old
        slope = {slope} / (2 * h)
        if abs(slope - grad[ix]) / max(1, abs(slope), abs(grad[ix])) > 1e-5:
            {bad}
    {good}
"""


@pytest.mark.parametrize("slope", ["(high - low).sum()", "(high.astype(float) - low.item())", "np.subtract(high, low)"])
def test_a_cost_has_the_methods_that_numpy_sums_have(slope: str, network: Plan, tmp_path: Path, box: Sandbox) -> None:
    source = GRADCHECK.format(slope=slope, bad="return False", good="return True")
    found = graded(source, network, tmp_path, box)["gradcheck_naive"]
    assert found.score == found.max_score


def test_a_right_answer_that_is_printed_only_is_told_so_and_is_no_known_mistake(
    network: Plan, tmp_path: Path, box: Sandbox
) -> None:
    source = GRADCHECK.format(
        slope="(high - low)", bad="print('Gradient check failed.'); return", good="print('Gradient check passed!')"
    )
    found = graded(source, network, tmp_path, box)["gradcheck_naive"]
    assert found.score == 0
    assert found.mistakes == ()
    assert "What it printed is right: return True or False." in found.checks[0].message


MISSING = {
    "s = None\n    return s": "returns s, which is still None",
    "s = ...\n    return s": "returns s, which is still None",
    "s = t = None\n    return s, t": "returns s and t, which are still None",
    "a = None\n    return 1 / (1 + np.exp(-a))": "uses a, which is still None",
}


@pytest.mark.parametrize("body", MISSING)
def test_what_is_still_none_is_missing(body: str, network: Plan, tmp_path: Path, box: Sandbox) -> None:
    found = graded(f"def sigmoid(x):\n    {body}\n", network, tmp_path, box)["sigmoid"]
    assert found.verdict is Verdict.MISSING
    assert MISSING[body] in found.remarks[0]


WRONG = {
    "s = None\n    s = 1 + np.exp(-x)\n    s": "is a return statement missing?",
    "return x, x, x": "",
    "best = None\n    for each in x.flat:\n        best = each\n    return best": "",
}


@pytest.mark.parametrize("body", WRONG)
def test_what_is_filled_in_is_wrong_and_not_missing(body: str, network: Plan, tmp_path: Path, box: Sandbox) -> None:
    found = graded(f"def sigmoid(x):\n    {body}\n", network, tmp_path, box)["sigmoid"]
    assert found.verdict is not Verdict.MISSING
    assert WRONG[body] in found.checks[0].message


def test_hints_on_content_stand_under_wrong_values_only(network: Plan, tmp_path: Path, box: Sandbox) -> None:
    for body, is_content in (("return x[9, 9, 9]", False), ("return x[:1] * 1.0", False), ("return x * 2.0", True)):
        found = graded(f"def softmax(x):\n    {body}\n", network, tmp_path, box)["softmax"]
        assert bool(found.checks[0].hint) is is_content, body


def test_another_number_of_results_is_told_with_both_numbers(network: Plan, tmp_path: Path, box: Sandbox) -> None:
    source = "def forward_backward_prop(data, labels, params, dimensions):\n    return 1.0, params, 3\n"
    check = graded(source, network, tmp_path, box)["forward_backward_prop"].checks[0]
    assert check.details is not None
    assert check.details.note == "The function returned 3 results. Expected: 2 (cost, grad)."
    assert check.message.endswith("Expected: 2 (cost, grad).")


IN_DICTS = """
schema: 1
assignment: Rows in a dict
reference: own
packages: [numpy]
sizes: {some: {N: 4}}
functions:
  parts:
    points: 6
    promise: "A dict with y and g."
    arguments: {cache: {x: "normal(N)", w: "normal(N)"}}
    returns: {y: array, M: array}
    checks:
      - {value: both, points: 6}
  pair:
    points: 4
    promise: "A list of y and x, and a number."
    arguments: {x: "normal(N)", w: "normal(N)"}
    returns: [[array, array], number]
    checks:
      - {value: all, points: 4}
"""
OWN = """
import numpy as np

def parts(cache):
    return {"y": cache["x"] * cache["w"], "M": cache["x"][:, None]}

def pair(x, w):
    return [x * w, x], float((x * w).sum())
"""
AS_ROWS = {
    "given": (
        'return {"y": np.atleast_2d(cache["x"] * cache["w"]), "M": np.ravel(cache["x"])[:, None]}',
        "return [np.atleast_2d(x * w), np.atleast_2d(x)], float((x * w).sum())",
    ),
    "taken": (
        'n, d = cache["x"].shape\n    return {"y": cache["x"] * cache["w"], "M": cache["x"].T}',
        "n, d = x.shape\n    return [x * w, x], float((x * w).sum())",
    ),
    "another shape": (
        'return {"y": cache["x"] * cache["w"], "M": cache["x"][:, None, None]}',
        "return [x * w, x[:, None, None]], float((x * w).sum())",
    ),
}


@pytest.mark.parametrize("way", AS_ROWS)
def test_rows_within_dicts_and_lists_lose_nothing(way: str, tmp_path: Path, box: Sandbox) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "functions.py").write_text(OWN)
    (tmp_path / "rows.yaml").write_text(IN_DICTS)
    parts, pair = AS_ROWS[way]
    plan = make_plan(load_assignment(str(tmp_path / "rows.yaml")), SEED)
    source = f"def parts(cache):\n    {parts}\n\ndef pair(x, w):\n    {pair}\n"
    found = graded(source, plan, tmp_path, box)
    assert [each.score == each.max_score for each in found.values()] == 2 * [way != "another shape"]
