"""What one submission makes us read, keep and explain is bounded over all of its processes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from conftest import by_name
from rubric.language import Course

from grader.authoring.mutant_runs import MutantGrader, MutantProgram
from grader.feedback import oversized
from grader.grading.grades import Grade
from grader.limits import Limits
from grader.pipeline import grade_submission
from grader.plan.plan import Plan
from grader.sandbox import tally
from grader.sandbox.helper_answers import HelperAnswers
from grader.sandbox.sandbox import Helpers, JailedChild, Program, Sandbox
from grader.sandbox.tally import ALL_BYTES, LEAST_BYTES, NUMBER_BYTES, VALUE_BYTES, Tally, weigh
from grader.upload import read_submission
from grader.verdict import Verdict
from grader.worker.shared.steps import Call, Ended, OutsideStub, Returned, Stub

MANY = 1_000  #: values in one reply
HOGS = "\n".join(
    f"def {name}(*args):\n    return V"
    for name in ("softmax", "sigmoid", "sigmoid_grad", "cross_entropy", "input_grad", "forward", "gradcheck_naive")
)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> int:
    """Bounds that are met soon: what may be told in all."""
    bound = 4 * MANY * VALUE_BYTES
    monkeypatch.setattr(tally, "ALL_BYTES", bound)
    monkeypatch.setattr(tally, "LEAST_BYTES", bound // 16)
    monkeypatch.setattr(oversized, "LEAST_BYTES", bound // 16)
    return bound


def hogging(folder: Path, plan: Plan, box: Sandbox) -> Grade:
    path = folder / "hw.py"
    right = "def softmax_cross_entropy_grad(theta, y):\n    e = np.exp(theta - np.max(theta, axis=-1, keepdims=True))\n"
    right += "    return e / np.sum(e, axis=-1, keepdims=True) - y\n"
    path.write_text(f"import numpy as np\nV = [np.ones(1)] * {MANY}\n{HOGS}\n{right}")
    return grade_submission(read_submission(path), plan, box)


def test_functions_that_tell_too_much_end_and_a_right_one_beside_them_keeps_all_points(
    tmp_path: Path, plan: Plan, box: Sandbox, small: int
) -> None:
    grade = by_name(hogging(tmp_path, plan, box))
    assert {grade[name].verdict for name in ("sigmoid", "input_grad", "gradcheck_naive")} == {Verdict.MEMORY}
    assert grade["softmax_cross_entropy_grad"].score == 10


def test_what_is_told_in_all_is_little_more_than_the_bound(
    tmp_path: Path, plan: Plan, box: Sandbox, small: int
) -> None:
    hogging(tmp_path, plan, box)
    told = box.tally.told_bytes
    assert small < told < 12 * small, "a last reply of each function in each run"


def test_without_the_bound_it_would_be_many_times_as_much(tmp_path: Path, plan: Plan, box: Sandbox) -> None:
    hogging(tmp_path, plan, box)
    assert box.tally.told_bytes > 20 * 4 * MANY * VALUE_BYTES


def test_calls_of_helpers_count_too(box: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tally, "ALL_BYTES", 100 * VALUE_BYTES)
    monkeypatch.setattr(tally, "LEAST_BYTES", 0)
    stub = OutsideStub("a", Stub("def total(x):\n    return 0.0\n", "total", {}))
    box.begin_submission()
    with box.open(Limits()) as child:
        load(child, "def f(g):\n    return [g([1.0] * 20) for _ in range(50)][0]\n")
        [outcome] = child.run([Call("f", (stub,))])
    assert isinstance(outcome, Ended)
    assert outcome.how == "memory"


def load(child: JailedChild, source: str) -> None:
    child.load(Program({"hw": source}, {"f": ("hw", "f")}, ("numpy",)))


def test_each_process_may_tell_a_little_though_all_is_used_up() -> None:
    used = Tally()
    used.add(ALL_BYTES + 1)
    assert used.allows(LEAST_BYTES)
    assert not used.allows(LEAST_BYTES + 1)
    assert Tally().allows(ALL_BYTES)


def test_the_next_submission_begins_anew(box: Sandbox) -> None:
    box.tally.add(2 * ALL_BYTES)
    box.begin_submission()
    with box.open(Limits()) as child:
        load(child, "import numpy as np\ndef f():\n    return np.zeros(3 << 20)\n")
        [outcome] = child.run([Call("f")])
    assert isinstance(outcome, Returned)


def test_a_value_weighs_what_its_parts_do() -> None:
    assert weigh(np.zeros(10)) == VALUE_BYTES + 80
    assert weigh([1, ("ab", {"c": None})]) == 5 * VALUE_BYTES + 3 + 2 * NUMBER_BYTES


def test_twenty_lists_of_nine_thousand_numbers_are_far_from_the_bound() -> None:
    assert 20 * weigh([0.5] * 9_000) < ALL_BYTES // 4


def test_a_whole_number_of_many_digits_weighs_what_a_text_does() -> None:
    assert weigh([1 << 4_000]) == 2 * VALUE_BYTES


def test_what_right_helpers_answer_is_not_told_by_the_submission(box: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tally, "ALL_BYTES", 100 * VALUE_BYTES)
    monkeypatch.setattr(tally, "LEAST_BYTES", 0)
    right = Program({"ref": "def g(x):\n    return ['a'] * 30\n"}, {"g": ("ref", "g")}, ("numpy",))
    box.begin_submission()
    box.tally.add(80 * VALUE_BYTES)
    with box.open(Limits(), Helpers(right, ("g",), HelperAnswers())) as child:
        source = "def g(x):\n    return 0\ndef f():\n    g(1.0)\n    return 0\n"
        child.load(Program({"hw": source}, {"f": ("hw", "f")}, ("numpy",), ("g",)))
        [outcome] = child.run([Call("f")])
    assert isinstance(outcome, Returned)


def test_each_wrong_solution_of_an_audit_tells_for_itself(plan: Plan, box: Sandbox) -> None:
    box.tally.add(2 * ALL_BYTES)
    source = "def softmax(x):\n    return x\n"
    program = MutantProgram({"submission": source}, {"softmax": ("submission", "softmax")}, ("softmax",))
    list(MutantGrader(plan, box).marks(program))
    assert box.tally.told_bytes < ALL_BYTES


LARGE = """\
  f:
    points: 1
    arguments: {x: "normal(N)"}
    checks: [{value: entries, points: 1}]
"""


def test_answers_that_are_far_too_large_are_compared_and_not_explained(tmp_path: Path, box: Sandbox) -> None:
    course = Course(tmp_path, box, LARGE, "def f(x):\n    return 2 * x\n")
    large = course.only("def f(x):\n    return np.ones(3 << 20)\n")
    assert (large.verdict, large.checks[0].sketch, large.witnesses) == (Verdict.FAILED, None, ())
    assert large.remarks == (oversized.REMARK,)
    ordinary = course.only("def f(x):\n    return np.ones(7)\n")
    assert ordinary.checks[0].sketch is not None
    assert ordinary.remarks == ()
