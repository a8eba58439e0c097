"""How points add up, in small assignments written for the purpose."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest
from conftest import by_name
from msgspec.structs import replace

from grader import pipeline
from grader.checks.finding import Finding
from grader.checks.kinds import KINDS
from grader.checks.question import Answer, Question
from grader.grading import execution
from grader.grading.grades import Grade
from grader.pipeline import grade_submission
from grader.plan.assignment import load_assignment
from grader.plan.plan import make_plan
from grader.sandbox.sandbox import Sandbox
from grader.upload import read_submission
from grader.verdict import Verdict

ROOT = Path(__file__).parent.parent.parent
RUBRIC = """\
schema: 1
assignment: "Two steps"
limits: {call: 500 ms}
sizes: {small: {N: 3}, large: {N: 6}}
functions:
  double:
    points: 4
    promise: "Twice x."
    arguments: {x: "normal(N)"}
    checks:
      - {value: any length, points: 2}
      - {value: each length, points: 1, credit: share}
      - {unchanged: leaves x alone, points: 1}
  total:
    points: 3
    promise: "The sum of twice x."
    needs: [double]
    returns: number
    arguments: {x: "normal(N)"}
    checks:
      - {value: any length, points: 2}
      - {property: scales, law: "total(3 * x) == 3 * total(x)", points: 1}
"""
REFERENCE = """\
import numpy as np
from grader.reference import convention, mistake

def double(x):
    return 2 * x

def total(x):
    return float(np.sum(double(x)))

@mistake("double", name="squares", hint="Twice, not squared.", credit="1/2")
def squares(x):
    return x ** 2

@convention("total", name="the mean")
def mean(x):
    return float(np.mean(double(x)))
"""
Graded = Callable[..., Grade]
RIGHT = "def double(x):\n    return x + x\ndef total(x):\n    return sum(double(x))\n"


@pytest.fixture
def grade(tmp_path: Path, box: Sandbox) -> Graded:
    (tmp_path / "steps").mkdir()
    (tmp_path / "steps" / "functions.py").write_text(REFERENCE)

    def graded(source: str, rubric: str = RUBRIC) -> Grade:
        (tmp_path / "steps.yaml").write_text(rubric)
        (tmp_path / "hw.py").write_text("import numpy as np\n" + source)
        plan = make_plan(load_assignment(tmp_path / "steps.yaml"))
        return grade_submission(read_submission(tmp_path / "hw.py"), plan, box)

    return graded


def test_a_right_submission_has_every_point(grade: Graded) -> None:
    result = grade(RIGHT)
    assert (result.score, result.verdict) == (7, Verdict.PASSED)


def in_turn(tmp_path: Path, box: Sandbox, *sources: str) -> list[Grade]:
    """Several submissions to one plan, as a class hands them in."""
    (tmp_path / "steps.yaml").write_text(RUBRIC)
    plan, found = make_plan(load_assignment(tmp_path / "steps.yaml"), 1), []
    for source in sources:
        (tmp_path / "hw.py").write_text("import numpy as np\n" + source)
        found.append(grade_submission(read_submission(tmp_path / "hw.py"), plan, box))
    return found


@pytest.mark.usefixtures("grade")
def test_who_answers_right_to_the_last_bit_as_another_gets_the_very_same_grade(tmp_path: Path, box: Sandbox) -> None:
    other = RIGHT.replace("x + x", "x * 2")
    first, second = in_turn(tmp_path, box, RIGHT, other)
    assert all(one is two for one, two in zip(first.functions, second.functions, strict=True))


@pytest.mark.usefixtures("grade")
def test_the_same_right_answers_keep_what_is_said_of_each_students_own_file(tmp_path: Path, box: Sandbox) -> None:
    twice = "def double(x):\n    return 1 * x\n" + RIGHT
    plain, remarked, again = in_turn(tmp_path, box, RIGHT, twice, RIGHT)
    assert [bool(by_name(each)["double"].remarks) for each in (plain, remarked, again)] == [False, True, False]
    assert [each.score for each in (plain, remarked, again)] == [7, 7, 7]


@pytest.mark.usefixtures("grade")
def test_what_lost_points_is_looked_at_again_for_each_student(tmp_path: Path, box: Sandbox) -> None:
    wrong = RIGHT.replace("x + x", "5 * x")
    first, second = in_turn(tmp_path, box, wrong, wrong)
    assert by_name(first)["double"] is not by_name(second)["double"]
    assert by_name(second)["double"].score == 0


def test_a_check_is_all_or_nothing_unless_it_shares(grade: Graded) -> None:
    double = by_name(
        grade("def double(x):\n    return x + x if len(x) == 3 else x\n" + RIGHT[RIGHT.index("def total") :])
    )["double"]
    assert [check.score for check in double.checks] == [0, Fraction(1, 2), 0]
    assert double.verdict is Verdict.PARTLY


def test_a_waiting_check_pays_only_where_the_values_pass(grade: Graded) -> None:
    double = by_name(grade("def double(x):\n    return 5 * x\n"))["double"]
    unchanged = double.checks[2]
    assert (unchanged.score, unchanged.waits) == (0, True)
    assert double.verdict is Verdict.FAILED


def test_an_error_is_charged_once_where_it_was_made(grade: Graded) -> None:
    result = by_name(grade("def double(x):\n    return 5 * x\ndef total(x):\n    return sum(double(x))\n"))
    assert (result["double"].score, result["double"].verdict) == (0, Verdict.FAILED)
    assert (result["total"].score, result["total"].carried, result["total"].verdict) == (3, 3, Verdict.CARRIED)
    assert all("double" in check.message for check in result["total"].checks)


def test_the_rubric_says_what_carried_points_are_worth(grade: Graded) -> None:
    rubric = RUBRIC.replace("limits:", 'carried: "1/3"\nlimits:')
    total = by_name(grade("def total(x):\n    return sum(double(x))\n", rubric))["total"]
    assert (total.score, total.carried, total.verdict) == (1, 1, Verdict.PARTLY)


def test_a_helper_that_is_missing_is_carried_too(grade: Graded) -> None:
    result = by_name(grade("def total(x):\n    return sum(double(x))\n"))
    assert result["double"].verdict is Verdict.MISSING
    assert result["total"].verdict is Verdict.CARRIED


def test_a_helper_that_never_ends_is_asked_once_and_its_dependent_gets_its_points(grade: Graded) -> None:
    result = by_name(grade("def double(x):\n    while True: pass\ndef total(x):\n    return sum(double(x))\n"))
    assert result["double"].verdict is Verdict.TIMEOUT
    assert result["total"].verdict is Verdict.CARRIED


def test_carrying_is_no_oracle_for_the_helper_itself(grade: Graded) -> None:
    asks_its_dependent = "def double(x):\n    return total(x)\ndef total(x):\n    return double(x)\n"
    assert grade(asks_its_dependent).score == 0


def test_a_known_mistake_is_named_and_earns_its_share_but_never_lowers_a_score(grade: Graded) -> None:
    double = by_name(grade("def double(x):\n    return x * x\n"))["double"]
    assert [mistake.name for mistake in double.mistakes] == ["squares"]
    assert (double.score, double.from_mistake) == (2, 2)
    assert double.verdict is Verdict.PARTLY


def test_a_mistake_that_answers_as_the_reference_does_explains_nothing(grade: Graded, tmp_path: Path) -> None:
    """It foresees what a right function answers, and so what one answers that is off in the eighth digit."""
    with (tmp_path / "steps" / "functions.py").open("a") as file:
        file.write(
            "@mistake('double', name='long ones', hint='All.')\ndef long(x):\n    return 2 * x if x.size < 99 else x\n"
        )
    strict = RUBRIC.replace("any length, points: 2}", "any length, points: 2, tolerance: 1e-11}", 1)
    double = by_name(grade(RIGHT.replace("x + x", "x * (2 + 1e-8)"), strict))["double"]
    assert (double.score, double.mistakes) == (1, ())


@pytest.mark.parametrize(
    ("helper", "call", "shown"),
    [
        ("double(x): return x * 0 + 5", "double(x)", "8."),  # both give a wrong value: the own mistake is shown
        ("double(x, k): return x * 0 + 5", "double(x, 1)", "7."),  # theirs takes what right ones don't
    ],
)
def test_where_right_helpers_earn_no_more_they_show_the_functions_own_mistake(
    grade: Graded, helper: str, call: str, shown: str
) -> None:
    result = by_name(grade(f"def {helper}\ndef total(x):\n    return 7.0 if {call}[0] == 5 else 8.0\n"))
    first = result["total"].checks[0].details
    assert first is not None
    assert first.actual == shown


def test_a_muted_mistake_is_neither_named_nor_paid(grade: Graded) -> None:
    double = by_name(
        grade("def double(x):\n    return x * x\n", RUBRIC.replace("limits:", "mute: [squares]\nlimits:"))
    )["double"]
    assert (double.mistakes, double.score) == ((), 0)


def test_a_convention_is_right_where_it_is_kept_to(grade: Graded) -> None:
    total = by_name(grade(RIGHT + "def total(x):\n    return float(np.mean(double(x)))\n"))["total"]
    assert (total.score, total.convention) == (3, "the mean")


def test_two_conventions_in_one_function_are_wrong(grade: Graded) -> None:
    mixed = "def total(x):\n    return float(np.sum(double(x))) / (len(x) if len(x) == 3 else 1)\n"
    assert by_name(grade(RIGHT + mixed))["total"].score == 0


def test_a_fault_of_ours_is_no_zero_and_leaves_the_other_functions_alone(
    grade: Graded, monkeypatch: pytest.MonkeyPatch
) -> None:
    true_kind = KINDS["value"]

    def stumbling(question: Question, truth: object, answer: Answer) -> Finding:
        if question.function.name == "double":
            raise ZeroDivisionError("planted")
        return true_kind.judge(question, truth, answer)

    monkeypatch.setitem(KINDS, "value", replace(true_kind, judge=stumbling))
    result = grade(RIGHT)
    assert (result.score, result.verdict) == (None, Verdict.NOT_GRADED)
    assert by_name(result)["double"].score is None
    assert by_name(result)["total"].score == 3


@pytest.mark.parametrize(
    ("source", "verdict"),
    [
        ("def double(x):\n    raise KeyError(1)\n", Verdict.ERROR),
        ("def double(x):\n    return np.ones(1 << 40)\n", Verdict.MEMORY),
        ("def double(x):\n    while True: pass\n", Verdict.TIMEOUT),
        ("def double(x):\n    __import__('os')._exit(0)\n", Verdict.ERROR),
        ("def double(x):\n    return np.tile(x, 2)\n", Verdict.FAILED),
        ("def doubled(x):\n    return 2 * x\n", Verdict.MISSING),
    ],
)
def test_at_zero_points_the_verdict_says_why(grade: Graded, source: str, verdict: Verdict) -> None:
    double = by_name(grade(source))["double"]
    assert (double.score, double.verdict) == (0, verdict)


def test_advice_costs_nothing_and_is_given_to_a_right_function_too(grade: Graded) -> None:
    advice = "      - {source: no loops, forbid: [for], hint: numpy adds arrays.}\n  total:"
    result = grade("def double(x):\n    return np.array([a + a for a in x])\n", RUBRIC.replace("  total:", advice))
    double = by_name(result)["double"]
    assert (double.score, double.verdict) == (4, Verdict.PASSED)
    assert [(check.title, check.verdict) for check in double.checks if check.advisory] == [("no loops", Verdict.FAILED)]


def test_a_function_that_runs_without_end_gets_its_time_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor do the functions that call it: ten such students in a hundred must not cost the class its evening.

    It is called once more, for some thousand steps, to see which lines it goes round.
    """
    monkeypatch.setattr(execution, "WALL_FACTOR", 100)  # where the wall clock ends it, it is asked once more
    begun = tmp_path / "begun"
    right = Path("sample_submissions/assignment1/right_script/submission.py")
    endless = f"\n\ndef softmax(x):\n    open({str(begun)!r}, 'a').write('x')\n    while True:\n        pass\n"
    (tmp_path / "submission.py").write_text((ROOT / right).read_text() + endless)
    found = by_name(pipeline.grade(tmp_path / "submission.py", seed=1, sandbox="none"))
    assert found["softmax"].verdict is Verdict.TIMEOUT
    assert found["forward"].verdict is Verdict.CARRIED
    assert begun.read_text() == "xx"
