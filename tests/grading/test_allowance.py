"""How long a submission may take: each call, and all of its children together."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest
from conftest import by_name
from rubric.language import Course

from grader.checks.question import Question
from grader.grading import allowance, execution
from grader.grading.allowance import Allowance
from grader.grading.grades import Grade
from grader.limits import Limits
from grader.pipeline import grade_submission
from grader.plan.assignment import load_assignment
from grader.plan.plan import Plan, Truths, make_plan
from grader.sandbox.sandbox import Helpers, JailedChild, Message, Program, Sandbox
from grader.sandbox.session import NOTHING_SPENT, Spent, StepLimits
from grader.upload import read_submission
from grader.verdict import Verdict
from grader.worker.shared.steps import Call, Ended, Outcome

NAMES = ("first", "second", "third", "fourth")
FUNCTION = """\
  {0}:
    points: 1
    arguments: {{x: "normal(N)"}}
    checks: [{{value: any, points: 1{1}}}]
"""
REFERENCE = "".join(f"def {name}(x): return 2 * x\n" for name in NAMES)
DEFAULT = Limits()
BURN = """
import time
def burn(seconds):
    end = time.process_time() + seconds
    while time.process_time() < end: pass
"""


def functions(*names: str, more: str = "") -> str:
    return "".join(FUNCTION.format(name, more) for name in names)


def plan_of(course: Course, limits: Limits = DEFAULT) -> Plan:
    assignment = load_assignment(course.rubric)
    rubric = msgspec.structs.replace(assignment.rubric, limits=limits)
    return make_plan(msgspec.structs.replace(assignment, rubric=rubric), seed=1)


def graded(course: Course, source: str, limits: Limits = DEFAULT, known: dict[str, float] | None = None) -> Grade:
    path = course.folder / "hw.py"
    path.write_text("import numpy as np\n" + BURN + source)
    return grade_submission(read_submission(path), plan_of(course, limits), course.box, reference_seconds=known or {})


def reference_takes(monkeypatch: pytest.MonkeyPatch, seconds: float) -> list[Question]:
    """Whatever the reference is asked; gives the questions for which that is looked up."""
    asked: list[Question] = []

    def told(_: Truths, question: Question) -> float:
        asked.append(question)
        return seconds

    monkeypatch.setattr(Truths, "seconds_of", told)
    return asked


def notes(grade: Grade) -> list[str]:
    details = [check.details for function in grade.functions for check in function.checks]
    return [each.note or "" for each in details if each is not None]


# -- a call --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("seconds", "score"), [(0.001, 1), (0.00001, 0)])
def test_a_call_may_take_a_thousand_times_what_the_reference_takes(
    seconds: float, score: int, tmp_path: Path, box: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    reference_takes(monkeypatch, seconds)
    course = Course(tmp_path, box, functions("first"), REFERENCE)
    grade = graded(course, "def first(x): burn(0.5); return 2 * x\n")
    assert grade.score == score
    assert grade.reference_seconds == {
        f"first: any, {plan_of(course).functions[0].checks[0].questions[0].situation.label}": seconds
    }


def test_call_is_the_most_that_a_call_may_take(tmp_path: Path, box: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    reference_takes(monkeypatch, 100.0)
    course = Course(tmp_path, box, functions("first"), REFERENCE)
    grade = graded(course, "def first(x):\n    while True: pass\n", Limits(call_seconds=0.4))
    assert by_name(grade)["first"].verdict is Verdict.TIMEOUT


@pytest.mark.parametrize(("endless", "verdict"), [(1, Verdict.PASSED), (2, Verdict.TIMEOUT)])
def test_after_two_functions_that_took_too_long_another_one_has_a_short_try(
    endless: int, verdict: Verdict, tmp_path: Path, box: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    reference_takes(monkeypatch, 0.001)
    loops = "".join(f"def {name}(x):\n    while True: pass\n" for name in NAMES[:endless])
    course = Course(tmp_path, box, functions(*NAMES[:endless], "third"), REFERENCE)
    grade = graded(course, loops + "def third(x): burn(0.5); return 2 * x\n", Limits(call_seconds=1.0))
    assert by_name(grade)["third"].verdict is verdict


def test_nothing_is_looked_up_while_calls_are_quick(
    tmp_path: Path, box: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = reference_takes(monkeypatch, 1.0)
    grade = graded(Course(tmp_path, box, functions("first"), REFERENCE), "def first(x): return 2 * x\n")
    assert (asked, grade.reference_seconds) == ([], {})


def test_a_number_that_was_kept_is_not_measured_again(
    tmp_path: Path, box: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    reference_takes(monkeypatch, 0.001)
    course, slow = Course(tmp_path, box, functions("first"), REFERENCE), "def first(x): burn(0.5); return 2 * x\n"
    kept = graded(course, slow).reference_seconds
    asked = reference_takes(monkeypatch, 0.00001)
    assert graded(course, slow, known=kept).score == 1
    assert asked == []


def test_the_reference_is_measured_by_the_processors_clock(tmp_path: Path, box: Sandbox) -> None:
    slow = "def first(x):\n    for _ in range(20000): pass\n    return 2 * x\n"
    truths = (plan := plan_of(Course(tmp_path, box, functions("first"), slow))).truths
    question = plan.functions[0].checks[0].questions[0]
    assert 0 < truths.seconds_of(question) == truths.seconds_of(question) < 1


# -- hanging -------------------------------------------------------------------------------------------------------


#: What never ends is called once more by a stub of ours, for some thousand steps, to see which lines it goes round.
WATCHED = ["Ref(step=0, path=())"]


def listen(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The functions that are called, for each message."""
    heard: list[list[str]] = []
    real = JailedChild.ask

    def ask(child: JailedChild, message: Message, limits: StepLimits | None = None) -> tuple[Outcome, ...]:
        heard.append([str(step.function) for step in message.steps if isinstance(step, Call)])
        return real(child, message, limits)

    monkeypatch.setattr(JailedChild, "ask", ask)
    return heard


def test_what_the_wall_clock_ended_is_asked_once_more_and_nothing_else(
    tmp_path: Path, box: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A machine that is busy may be so no longer."""
    monkeypatch.setattr(execution, "WALL_FACTOR", 2)
    monkeypatch.setattr(execution, "SECOND_WALL_FACTOR", 50)
    heard = listen(monkeypatch)
    course = Course(tmp_path, box, functions("first", "second"), REFERENCE)
    grade = graded(course, "def first(x): return 2 * x\ndef second(x): time.sleep(1); return 2 * x\n")
    assert grade.score == 2
    assert heard == [["first", "second"], ["second"]]


def test_what_the_processors_clock_ended_is_not_asked_again(
    tmp_path: Path, box: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(execution, "WALL_FACTOR", 100)
    heard = listen(monkeypatch)
    course = Course(tmp_path, box, functions("first"), REFERENCE)
    grade = graded(course, "def first(x):\n    while True: pass\n")
    assert by_name(grade)["first"].verdict is Verdict.TIMEOUT
    assert heard == [["first"], WATCHED]


def test_after_the_second_timeout_the_others_get_one_short_try_each(
    tmp_path: Path, box: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(execution, "WALL_FACTOR", 100)
    monkeypatch.setattr(allowance, "FIRST_SECONDS", 0.05)
    reference_takes(monkeypatch, 0.0002)
    course = Course(tmp_path, box, functions(*NAMES), REFERENCE)
    endless = "".join(f"def {name}(x):\n    while True: pass\n" for name in NAMES[:3])
    grade = graded(course, endless + "def fourth(x): return 2 * x\n")
    assert [note.split()[3] for note in notes(grade)] == ["0.2", "0.2", "0.05"]
    assert by_name(grade)["fourth"].score == 1


def test_what_the_wall_clock_ended_counts_only_after_its_second_try(
    tmp_path: Path, box: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(allowance, "FIRST_SECONDS", 0.05)
    heard = listen(monkeypatch)
    course = Course(tmp_path, box, functions(*NAMES[:3]), REFERENCE)
    graded(course, "".join(f"def {name}(x): time.sleep(60)\n" for name in NAMES[:3]))
    first, second, third = NAMES[:3]
    twice = 2 * [[first, second, third], [second, third], [third]]
    assert heard == [*twice, WATCHED, WATCHED]  # which tells nothing, so that no other one is watched


CALLING = """\
  helper:
    points: 1
    arguments: {x: "normal(N)"}
    checks: [{value: any, points: 1}]
  caller:
    points: 1
    needs: [helper]
    arguments: {x: "normal(N)"}
    checks: [{value: any, points: 1}]
"""


def test_what_runs_without_end_though_its_helpers_are_right_is_not_asked_with_others(
    tmp_path: Path, box: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(execution, "WALL_FACTOR", 100)
    heard = listen(monkeypatch)
    course = Course(tmp_path, box, CALLING, "def helper(x): return 2 * x\ndef caller(x): return 3 * x\n")
    graded(course, "def helper(x): return 2 * x\ndef caller(x):\n    while True: pass\n")
    assert heard == [["helper", "caller"], WATCHED]


# -- all of a submission -------------------------------------------------------------------------------------------


def test_every_child_of_a_submission_takes_from_the_same_allowance(
    tmp_path: Path, box: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its questions, those with replaced helpers, and counterexamples."""
    spent: list[Spent] = []
    real = Sandbox.open

    def opening(
        sandbox: Sandbox, limits: Limits, helpers: Helpers | None = None, before: Spent = NOTHING_SPENT
    ) -> JailedChild:
        spent.append(before)
        return real(sandbox, limits, helpers, before)

    monkeypatch.setattr(Sandbox, "open", opening)
    course = Course(tmp_path, box, CALLING, "def helper(x): return 2 * x\ndef caller(x): return helper(x) + 1\n")
    graded(course, "def helper(x): return 3 * x\ndef caller(x): return helper(x) + 1\n")
    mine = [each for each in spent if each != NOTHING_SPENT]
    assert len(mine) == 2, "the first child reads, and the reference's own has no part in it"
    assert mine == sorted(mine, key=msgspec.structs.astuple)


def test_no_two_children_of_a_submission_live_at_once(
    tmp_path: Path, box: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each may use all of the memory: those for vectors in another form and for counterexamples, too."""
    alive: list[JailedChild] = []
    most: list[int] = []
    opening, closing = Sandbox.open, JailedChild.close

    def watched(sandbox: Sandbox, *arguments: Any, **more: Any) -> JailedChild:
        child = opening(sandbox, *arguments, **more)
        alive.append(child)
        most.append(len(alive))
        return child

    def closed(child: JailedChild) -> None:
        closing(child)
        alive[:] = [each for each in alive if each is not child]

    monkeypatch.setattr(Sandbox, "open", watched)
    monkeypatch.setattr(JailedChild, "close", closed)
    course = Course(tmp_path, box, functions("first"), REFERENCE)
    graded(course, "def first(x): return 3 * np.ones((x.shape[0], x.shape[1]))\n")
    assert len(most) >= 4
    assert set(most) == {1}


def test_once_it_is_used_up_what_is_left_is_a_timeout(tmp_path: Path, box: Sandbox) -> None:
    course = Course(tmp_path, box, functions("first", "second", "third"), REFERENCE)
    source = "def first(x):\n    while True: pass\ndef second(x): return 2 * x\ndef third(x): return 2 * x\n"
    grade = graded(course, source, Limits(submission_seconds=0.2))
    assert [function.verdict for function in grade.functions] == [Verdict.TIMEOUT] * 3
    assert all(" in all" in note or "the submission used up its" in note for note in notes(grade))


@pytest.mark.parametrize(
    ("used", "why"),
    [
        (Spent(9, 39), ""),
        (Spent(10, 0), "the submission used up its 10 s of processor time"),
        (Spent(0, 40), "the submission used up its 40 s by the wall clock"),
    ],
)
def test_an_allowance_has_ten_seconds_of_processor_time_and_forty_by_the_wall_clock(used: Spent, why: str) -> None:
    whole = Allowance(DEFAULT)
    whole.charge(used)
    assert whole.why_used_up == why
    assert whole.part(1.0).why_used_up == why


def test_a_part_of_an_allowance_is_the_whole_ones_too() -> None:
    whole = Allowance(Limits())
    part = whole.part(1.0)
    part.charge(Spent(1.0, 2.0))
    part.slow.add("f")
    assert part.why_used_up
    assert (whole.spent, whole.slow) == (Spent(1.0, 2.0), {"f"})


@pytest.mark.parametrize(
    ("spent", "body", "said"),
    [
        (Spent(cpu=9.9), "while True: pass", "used more than 10 s of processor time in all"),
        (Spent(wall=39.0), "import time; time.sleep(60)", "took more than 40 s by the wall clock in all"),
    ],
)
def test_what_other_children_used_counts(spent: Spent, body: str, said: str, box: Sandbox) -> None:
    with box.open(Limits(), spent=spent) as child:
        child.load(Program({"hw": f"def f():\n    {body}\n"}, {"f": ("hw", "f")}, ()))
        [ended] = child.run([Call("f")])
    assert isinstance(ended, Ended)
    assert ended.text == said
    assert 0 < child.used.cpu < 9


@pytest.mark.parametrize(
    ("spent", "said"),
    [
        (Spent(cpu=10), "used more than 10 s of processor time in all"),
        (Spent(wall=40), "took more than 40 s by the wall clock in all"),
    ],
)
def test_a_submission_with_no_time_left_took_too_long_and_no_process_failed_to_start(
    spent: Spent, said: str, box: Sandbox
) -> None:
    with box.open(Limits(), spent=spent) as child:
        loaded = child.load(Program({"hw": "def f(): return 1\n"}, {"f": ("hw", "f")}, ()))
    assert loaded.ended == Ended("timeout", said, by_wall=spent.wall > 0)


def test_one_file_that_is_never_loaded_leaves_time_for_the_others(tmp_path: Path, box: Sandbox) -> None:
    course = Course(tmp_path, box, functions("first", "second"), REFERENCE)
    endless = "n = 1\nwhile n: n += 1\ndef second(x): return n * x\n"
    home = tmp_path / "in"
    home.mkdir()
    (home / "a.py").write_text("def first(x): return 2 * x\n")
    (home / "b.py").write_text(endless)
    grade = grade_submission(read_submission(home), plan_of(course, Limits(submission_seconds=1.0)), box)
    found = {name: function.verdict for name, function in by_name(grade).items()}
    assert found["first"] is Verdict.PASSED
    assert found["second"] is not Verdict.PASSED
