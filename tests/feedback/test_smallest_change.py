"""The smallest change that makes a function right: found by trying, confirmed by every check, and worth no points."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from grading.small_assignment import RIGHT, changed, small_plan

from grader.extraction.changes.listing import list_changes
from grader.grading.grades import FunctionGrade, Grade
from grader.pipeline import grade_submission
from grader.plan.assignment import load_assignment
from grader.plan.plan import Plan, make_plan
from grader.report.audience import for_audience
from grader.report.formats import json_report
from grader.report.formats.text import render
from grader.sandbox.sandbox import Sandbox
from grader.submission.collecting import FoundFile, Upload

SEVERAL = changed(
    ("np.multiply(2, total)", "np.multiply(5, total)"),
    ("return lowest, highest", "return highest, highest"),
    ("entry > 0", "entry > 1"),
)


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    return small_plan(tmp_path_factory.mktemp("small"))


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def grade(plan: Plan, box: Sandbox) -> Grade:
    return explained(SEVERAL, plan, box)


def explained(text: str, plan: Plan, box: Sandbox, is_asked: bool = True) -> Grade:
    upload = Upload("hw", (FoundFile("hw.py", text.encode()),))
    return grade_submission(upload, plan, box, look_for_changes=is_asked)


def by_name(grade: Grade) -> dict[str, FunctionGrade]:
    return {function.name: function for function in grade.functions}


def test_the_change_is_found_with_its_line_and_what_it_is_about(grade: Grade) -> None:
    change = by_name(grade)["double"].change
    assert change is not None
    assert change.where == "hw.py, line 6"
    assert change.diff == "-    return np.multiply(5, total)\n+    return np.multiply(2, total)"
    assert (change.words, change.is_sure) == ("a constant", True)


def test_every_function_that_lost_points_has_its_own(grade: Grade) -> None:
    changes = {name: each.change for name, each in by_name(grade).items() if each.change is not None}
    assert {name: change.diff.split("\n")[1].strip("+ ") for name, change in changes.items()} == {
        "double": "return np.multiply(2, total)",
        "both": "return (lowest, highest)" if "(" in changes["both"].diff else "return lowest, highest",
        "count": "if entry > 0:",
    }


def test_it_earns_nothing_and_is_not_looked_for_unasked(grade: Grade, plan: Plan, box: Sandbox) -> None:
    usual = explained(SEVERAL, plan, box, is_asked=False)
    assert [each.score for each in usual.functions] == [each.score for each in grade.functions]
    assert all(each.change is None for each in usual.functions)


def test_instructors_see_it_in_every_report_and_students_in_none(grade: Grade) -> None:
    assert "`return np.multiply(5, total)` becomes `return np.multiply(2, total)`" in " ".join(render(grade).split())
    assert '"is_sure": true' in json_report.render(grade)
    student = for_audience(grade, "student")
    assert all(each.change is None for each in student.functions)
    assert "multiply" not in render(student) + json_report.render(student)


@pytest.mark.parametrize("function", ["double", "both", "count"])
def test_every_change_that_is_tried_is_python(function: str) -> None:
    found = list_changes({"hw": RIGHT}, {function: ("hw", function)}, function)
    assert found is not None
    assert len(found.changes) > 50
    for change in found.changes:
        ast.parse(RIGHT[: change.start] + change.text + RIGHT[change.end :])


@pytest.mark.parametrize(
    "source",
    [
        "@cache\ndef double(x, shift):\n    return x\n",
        "class double:\n    def __call__(self, x): return x\n",
        "double = lambda x, shift: x\n",
        "def double(x, shift:\n",
    ],
)
def test_what_is_no_plain_function_gets_no_change(source: str) -> None:
    assert list_changes({"hw": source}, {"double": ("hw", "double")}, "double") is None


def test_changes_that_loop_exit_or_print_cost_nothing_but_their_turn(plan: Plan, box: Sandbox) -> None:
    text = changed(
        (
            "    number = 0\n",
            "    number = 0\n    while number > 0:\n        print(1)\n    if number < 0:\n        raise SystemExit\n",
        ),
        ("entry > 0", "entry > 1"),
    )
    change = by_name(explained(text, plan, box))["count"].change
    assert change is None or change.diff.endswith("entry > 0:")


def test_two_changes_are_found_where_the_first_brings_the_answers_nearer(plan: Plan, box: Sandbox) -> None:
    text = changed(("total = 3 * x", "total = 4 * x"), ("np.multiply(2, total)", "np.multiply(5, total)"))
    change = by_name(explained(text, plan, box))["double"].change
    assert change is not None
    assert change.where == "hw.py, line 5 and hw.py, line 6"
    assert change.diff.split("\n")[::2] == ["-    total = 4 * x + shift", "-    return np.multiply(5, total)"]
    assert not change.is_sure


def test_what_fails_no_fresh_input_is_held_against_its_checks_drawn_anew(tmp_path: Path, box: Sandbox) -> None:
    """Here only the check's own inputs are below zero."""
    (tmp_path / "hidden.yaml").write_text(
        "schema: 1\nassignment: Hidden\npackages: [numpy]\nsizes: {some: {N: 4}}\nfunctions:\n"
        '  size:\n    points: 10\n    arguments: {x: "uniform(1, 2, N)"}\n'
        "    checks: [{value: drawn, points: 4}, {value: below, points: 6, cases: [{x: [-1.0, -2.0, -1.5]}]}]\n"
    )
    (tmp_path / "hidden").mkdir()
    (tmp_path / "hidden" / "reference.py").write_text("import numpy as np\n\n\ndef size(x):\n    return np.abs(x)\n")
    plan = make_plan(load_assignment(tmp_path / "hidden.yaml"), 5)
    change = by_name(explained("import numpy as np\n\n\ndef size(x):\n    return np.add(x, 0)\n", plan, box))[
        "size"
    ].change
    assert change is not None
    assert "np.abs" in change.diff
    assert not change.is_sure  # so students are told no line


ODD = {
    "it loops in a change": "    n = 0\n    while n < 3:\n        n += 1\n    return 2 * total\n",
    "it allocates in a change": "    big = np.zeros(10 ** 3 * 3)\n    return 5 * total + big.sum()\n",
    "it exits": "    if shift == 77:\n        exit()\n    return 5 * total\n",
    "it prints": "    print('total' * 30)\n    return 5 * total\n",
    "exec": "    exec('total = 5 * total')\n    return 5 * total\n",
    "a generator within": "    return np.array(list(5 * each for each in total))\n",
    "a class within": "    class Five:\n        def of(self, y):\n            return 5 * y\n    return Five().of(x)\n",
    "deeply nested": "    return " + "-(" * 60 + "5 * total" + ")" * 60 + "\n",
}


@pytest.mark.parametrize("name", ODD)
def test_odd_code_loses_nothing_but_its_explanation_and_holds_the_budget(name: str, plan: Plan, box: Sandbox) -> None:
    text = changed(("    return np.multiply(2, total)\n", ODD[name]))
    asked, usual = explained(text, plan, box), explained(text, plan, box, is_asked=False)
    assert [each.score for each in asked.functions] == [each.score for each in usual.functions]
    assert asked.verdict == usual.verdict
