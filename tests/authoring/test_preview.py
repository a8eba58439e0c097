"""`grade preview` shows an author what is asked: in words, with inputs, the truth, the tolerance, and who is caught."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from authoring.small import REFERENCE, RUBRIC, VARIANTS, assignment
from click.testing import CliRunner, Result

from grader.authoring.preview.lines import WIDTH, as_lines
from grader.authoring.preview.previewing import CheckPreview, preview_assignment
from grader.checks.kinds import KINDS
from grader.cli import main
from grader.plan.assignment import bundled_rubrics, load_rubric

pytestmark = pytest.mark.usefixtures("lent")  # starting a jail takes longer than what is claimed here

ALL_KINDS = """\
schema: 1
assignment: "All kinds"
reference: doubling
sizes: {different: {N: 4}}
functions:
  double:
    points: 10
    arguments: {x: "normal(N)", n: "3"}
    checks:
      - {value: entries, points: 1, scale: 3, tolerance: 1e-3, visibility: public}
      - {value: a range, expect: ">= 0", cases: [{x: [0.0]}], call: "sum(double(x))", points: 1}
      - {gradient: agrees, of: "sum(x * x)", wrt: x, points: 1}
      - {property: linear, law: "double(c*x) == c*double(x)", draw: {c: "uniform(1, 2)"}, points: 1}
      - {raises: TypeError, given: {x: null}, points: 1}
      - {unchanged: leaves x alone, of: [x], points: 1}
      - {repeatable: the same answer, points: 1}
      - {lasting: it stays, later: {x: "normal(N)"}, points: 1}
      - {converges: first order, over: {n: [8, 16, 32]}, to: "0.0", of: "1 / n", order: 1, points: 2}
      - {consistent: the slope, of: "sum(x)", wrt: x}
      - {source: by hand, forbid: [for]}
"""


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["preview", *map(str, arguments)])


@pytest.fixture
def entries(tmp_path: Path) -> CheckPreview:
    return preview_assignment(assignment(tmp_path), seed=1).functions[0].checks[0]


def test_two_inputs_are_shown_with_the_truth_of_each(entries: CheckPreview) -> None:
    assert len(entries.examples) == 2
    for example in entries.examples:
        (due,) = example.due
        assert np.array_equal(due.truth, 2 * example.inputs["x"])


def test_a_check_of_one_size_is_shown_on_two_draws(tmp_path: Path) -> None:
    one_size = RUBRIC.replace("  one: {N: 1}\n", "")
    first, second = preview_assignment(assignment(tmp_path, one_size)).functions[0].checks[0].examples
    assert not np.array_equal(first.inputs["x"], second.inputs["x"])


def test_the_tolerance_is_a_number_that_a_right_answer_may_be_off_by(tmp_path: Path) -> None:
    at_most = RUBRIC.replace("points: 6}", "points: 6, scale: 100, tolerance: 0.001}")
    check = preview_assignment(assignment(tmp_path, at_most)).functions[0].checks[0]
    assert check.examples[0].due[0].right.startswith("0.1")


def test_the_mistakes_that_a_check_catches_are_named(tmp_path: Path) -> None:
    writes = (
        '\n@mistake("double", name="in place", hint="A new one.")\ndef place(x):\n    x *= 2\n    return x.copy()\n'
    )
    checks = preview_assignment(assignment(tmp_path, variants=VARIANTS + writes)).functions[0].checks
    assert [check.caught for check in checks] == [("the square", "one entry for all"), ("in place",), ()]
    assert checks[0].spared == ("in place",)


def test_every_kind_of_check_says_what_it_asks(tmp_path: Path) -> None:
    grading = "def double(x, n):\n    return 2 * x\n"
    path = assignment(tmp_path, ALL_KINDS.replace('of: "1 / n", ', ""), REFERENCE, "")
    path.with_suffix("").joinpath("solution.py").write_text(grading)
    checks = load_rubric(path).functions[0].checks
    said = [KINDS[check.kind].describe(check) for check in checks]
    assert said == [
        "The result is the reference's.",
        "It is >= 0.",
        "The result is the numeric gradient of sum(x * x) with respect to x.",
        "This holds, to 1e-05 of its size: double(c*x) == c*double(x)",
        "The call stops with TypeError.",
        "The call leaves x as it was.",
        "The same call, made twice, gives the same answer, to 1e-09 of its size.",
        "What a call gave stays as it is after a later call with other arguments, whose answer is right, too.",
        "The distance to 0.0 falls with the power 1 of the step, give or take 0.2, where n takes 3 values.",
        "The result is the slope of sum(x) with respect to x, by the student's own functions: it only explains.",
        "The source does without for.",
    ]


def test_a_seed_shows_the_same_again_and_one_function_shows_alone() -> None:
    first, second = run("rk4", "rk4_step", "--seed", "7"), run("rk4", "rk4_step", "--seed", "7")
    assert (first.exit_code, first.output) == (0, second.output)
    assert re.search(r"^rk4_step: 50 points$", first.output, re.MULTILINE)
    assert not re.search(r"^integrate: ", first.output, re.MULTILINE)
    assert re.search(r"right is off by at most \d", first.output)
    assert re.search(r"Catches \d of \d mistakes: Euler's method", first.output)


def test_an_unknown_function_is_refused_with_the_near_name() -> None:
    result = run("rk4", "rk4_stpe")
    assert result.exit_code == 2
    assert "did you mean 'rk4_step'?" in result.output


def test_a_broken_rubric_is_refused_with_its_flaws(tmp_path: Path) -> None:
    result = run(assignment(tmp_path, RUBRIC.replace("points: 6}", "pionts: 6}")))
    assert result.exit_code == 3
    assert "did you mean 'points'?" in result.output


@pytest.mark.parametrize("name", bundled_rubrics())
def test_a_bundled_assignment_is_readable_at_eighty_columns(name: str) -> None:
    lines = as_lines(preview_assignment(name, seed=1))
    assert [line for line in lines if len(line) > WIDTH] == []
    assert sum("right is off by at most" in line for line in lines) >= 2
