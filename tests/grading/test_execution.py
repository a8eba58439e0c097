"""What children are asked, and in which company."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from rubric.language import Course

from grader.extraction.model import Extraction
from grader.grading.execution import run_questions
from grader.grading.reading import read_in_child
from grader.pipeline import grade_submission
from grader.plan.assignment import load_assignment
from grader.plan.plan import PlannedCheck, make_plan
from grader.report.writing import render
from grader.sandbox.sandbox import Sandbox
from grader.upload import read_submission
from grader.worker.shared.steps import Call

TWO = """\
  double:
    points: 1
    arguments: {{x: "normal({size})"}}
    checks: [{{value: any, points: 1{hidden}}}]
  negate:
    points: 1
    arguments: {{x: "normal({size})"}}
    checks: [{{value: any, points: 1, visibility: public}}]
"""
REFERENCE = "def double(x): return 2 * x\ndef negate(x): return -x\n"


def two(tmp_path: Path, box: Sandbox, size: str = "N", hidden: str = "", limits: str = "") -> Course:
    return Course(tmp_path, box, TWO.format(size=size, hidden=hidden) + limits, REFERENCE)


def test_a_public_check_shows_nothing_that_a_hidden_one_asked(tmp_path: Path, box: Sandbox) -> None:
    """Code can keep what it sees, and return or raise it where the report shows it."""
    course = two(tmp_path, box)
    keeps = "seen = []\ndef double(x):\n    seen.extend(x)\n    return 2 * x\n"
    grade = course.grade(keeps + "def negate(x): raise ValueError(f'saw {seen}')\n")
    assert [function.score for function in grade.functions] == [1, 0]
    shown = render(msgspec.structs.replace(grade, audience="student"), "json")
    assert "saw []" in shown


def test_questions_that_are_too_large_to_go_together_are_asked_all_the_same(tmp_path: Path, box: Sandbox) -> None:
    course = two(tmp_path, box, size="200, 200", hidden=", visibility: public")
    assert course.grade(REFERENCE).score == 2


def test_a_function_that_ends_the_process_takes_no_other_along(tmp_path: Path, box: Sandbox) -> None:
    course = two(tmp_path, box, hidden=", visibility: public")
    grade = course.grade("import os\ndef double(x): os._exit(0)\ndef negate(x): return -x\n")
    assert [(each.verdict.value, each.score) for each in grade.functions] == [("error", 0), ("passed", 1)]


def test_a_question_that_can_not_be_sent_is_our_fault_and_stops_no_other_function(tmp_path: Path, box: Sandbox) -> None:
    course = two(tmp_path, box, hidden=", visibility: public")
    plan = make_plan(load_assignment(course.rubric))
    first, second = plan.functions
    [check] = first.checks
    broken = tuple(msgspec.structs.replace(each, steps=(Call("double", (object(),)),)) for each in check.questions)
    first = msgspec.structs.replace(first, checks=(PlannedCheck(check.check, lambda: broken),))
    plan = msgspec.structs.replace(plan, functions=(first, second))
    (tmp_path / "hw.py").write_text(REFERENCE)
    grade = grade_submission(read_submission(tmp_path / "hw.py"), plan, box)
    assert [(each.verdict.value, each.score) for each in grade.functions] == [("not_graded", None), ("passed", 1)]
    assert grade.score is None


@pytest.mark.parametrize(
    "hangs",
    ["while True: K['n'] += 1", "import os; K['n'] = os._exit(3)", "while True: print(K); K['n'] = 'x' * 10**6"],
)
def test_a_statement_that_ends_the_process_while_loading_costs_only_itself(
    tmp_path: Path, box: Sandbox, hangs: str
) -> None:
    course = two(tmp_path, box, limits="limits: {call: 0.3 s}")
    used = "def double(x): return K['two'] * x\ndef negate(x): return -x\n"
    grade = course.grade(f"K = {{'n': 0}}\n{hangs}\nK['two'] = 2\n{used}")
    assert grade.score == 2
    [problem] = grade.problems
    assert "left out: while the file was loaded, " in problem.message


def test_after_five_statements_that_end_the_process_nothing_can_be_loaded(tmp_path: Path, box: Sandbox) -> None:
    course = two(tmp_path, box)
    grade = course.grade("import os\nK = [1]\n" + "K[0] = os._exit(0)\n" * 6 + "def double(x): return 2 * x * K[0]\n")
    assert grade.score == 0
    assert [problem.where for problem in grade.problems] == [f"hw.py, line {line}" for line in range(4, 9)]


def test_nothing_is_asked_of_a_submission_without_functions(tmp_path: Path, box: Sandbox) -> None:
    plan = make_plan(load_assignment(two(tmp_path, box).rubric))
    (tmp_path / "hw.py").write_text("x = 1\n")
    submission = read_submission(tmp_path / "hw.py")
    with box.open(plan.rubric.limits) as child:
        extraction = read_in_child(submission, plan.rubric, child)
    assert isinstance(extraction, Extraction)
    answers = run_questions(plan, extraction, box)
    assert (answers.given, answers.stops) == ({}, {})


NEEDING = """\
  helper:
    points: 1
    arguments: {x: "normal(N)"}
    checks: [{value: any, points: 1}]
  alone:
    points: 1
    needs: [helper]
    arguments: {x: "normal(N)"}
    checks: [{value: any, points: 1}]
  user:
    points: 1
    needs: [helper]
    arguments: {x: "normal(N)"}
    checks: [{value: any, points: 1}]
"""


def test_a_helper_that_can_not_be_loaded_is_our_fault_only_where_it_is_called(tmp_path: Path, box: Sandbox) -> None:
    source = "def helper(x): return 2 * x\ndef alone(x): return 3 * x\ndef user(x): return helper(x) + 1\n"
    course = Course(tmp_path, box, NEEDING, "open(__file__).close()  # not in a jail\n" + source)
    plan = make_plan(load_assignment(course.rubric))
    (tmp_path / "hw.py").write_text(source)
    submission = read_submission(tmp_path / "hw.py")
    with box.open(plan.rubric.limits) as child:
        extraction = read_in_child(submission, plan.rubric, child)
    assert isinstance(extraction, Extraction)
    replaced = {"alone": ("helper",), "user": ("helper",)}
    answers = run_questions(plan, extraction, box, lambda function, _: function.function.name in replaced, replaced)
    assert {name: stop.ended for name, stop in answers.stops.items()} == {"user": None}
    [alone] = plan.functions[1].checks
    assert all(answers.of(question) is not None for question in alone.questions)
