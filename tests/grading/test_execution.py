"""What children are asked, and in which company."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import msgspec
import numpy as np
import pytest
from rubric.language import Course

from grader.extraction.model import Extraction
from grader.grading.execution import run_questions
from grader.grading.reading import read_in_child
from grader.limits import Limits
from grader.pipeline import grade_submission
from grader.plan.assignment import load_assignment
from grader.plan.plan import PlannedCheck, make_plan
from grader.report.formats import FORMATS, text
from grader.report.writing import render
from grader.sandbox.sandbox import JailedChild, Message, Sandbox
from grader.sandbox.session import StepLimits
from grader.upload import read_submission
from grader.verdict import Verdict
from grader.worker.shared.steps import Call, Outcome

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


STASH = """\
seen = []
def keep(x):
    seen.append(np.array(x).tolist())
def tell():
    raise ValueError(f'saw {seen}')
"""
THREE = """\
  first:
    points: 1
    arguments: {x: "normal(N)"}
    checks: [{value: any, points: 1, visibility: public}]
  double:
    points: 2
    needs: [first]
    arguments: {x: "normal(N)"}
    checks:
      - {value: any, points: 1}
      - {value: again, points: 1}
  negate:
    points: 2
    needs: [first]
    arguments: {x: "normal(N)"}
    checks:
      - {value: hidden ones, points: 1}
      - {value: open ones, points: 1, visibility: public}
      - {consistent: its own slope, of: "sum(first(x))", wrt: x, visibility: public}
"""
TWO_HIDDEN = """\
  double:
    points: 3
    arguments: {x: "normal(N)"}
    checks:
      - {value: any, points: 1, visibility: public}
      - {value: one, points: 1}
      - {value: another, points: 1}
"""
THREE_RIGHT = "def first(x): return x + 1\ndef double(x): return 2 * x\ndef negate(x): return -x\n"
#: Each keeps what it is asked, and tells it where students are shown it.
SPIES = {
    "its public answers": """
def first(x): return x + 1
def double(x): keep(x); return 2 * x
def negate(x): tell()
""",
    "its public answers after a child that ended": """
import os
def first(x): os._exit(0)
def double(x): keep(x); return 2 * x
def negate(x): tell()
""",
    "its public answers where helpers are replaced": """
def first(x): return x
def double(x): keep(x); first(x); return x
def negate(x): first(x); tell()
""",
    "its public answers where right helpers are tried beside all else": """
def first(x): return x + 1
def double(x): keep(x); first(x); return x
def negate(x): first(x); tell()
""",
    "public checks that only explain": """
def first(x): return x + 1
def double(x): keep(x); return 2 * x
def negate(x): tell()
""",
    "an answer to a counterexample": """
def first(x): return x + 1
def double(x): keep(x); print(seen); return np.array(seen)
def negate(x): return -x
""",
}


@pytest.mark.parametrize("where", SPIES)
def test_nothing_that_students_are_shown_holds_a_hidden_input(where: str, tmp_path: Path, box: Sandbox) -> None:
    """Code can keep what it sees, and return, print or raise it where a report shows it."""
    alone = THREE.replace("    needs: [first]\n", "")
    course = Course(tmp_path, box, THREE if "helpers" in where else alone, THREE_RIGHT)
    grade = course.grade(STASH + SPIES[where], seed=1)
    shown = render(msgspec.structs.replace(grade, audience="student"), "json")
    plan = make_plan(load_assignment(course.rubric), 1)
    asked = [q for f in plan.functions for c in f.checks if c.check.visibility != "public" for q in c.questions]
    secrets = {repr(float(number))[:8] for q in asked for number in np.ravel(q.situation.names["x"])}
    assert len(secrets) == 12
    assert [secret for secret in secrets if secret in shown] == []


#: How a function may fail on the first hidden input, and on the second, and the other way round.
FAILS = {
    "stopped with an error": ("raise KeyError(1)", "x.append(1)"),
    "the same error, raised by another": ("raise KeyError(1)", "return {}[1]"),
    "wrong": ("return np.full(x.shape, np.nan)", "return x[:1]"),
    "some alike": ("return 3 * x", "return None"),
}


@pytest.mark.parametrize("how", FAILS)
def test_how_hidden_checks_failed_reaches_no_student(how: str, tmp_path: Path, box: Sandbox) -> None:
    """Else code could say what it was asked by how it fails; what is shown comes from the counterexample's run."""
    course = Course(tmp_path, box, TWO_HIDDEN, "def double(x): return 2 * x\n")
    plan = make_plan(load_assignment(course.rubric), 1)
    public, first, second = (check.questions[0].situation.names["x"] for check in plan.functions[0].checks)

    def reports(*ways: str) -> list[str]:
        source = "import numpy as np\ndef double(x):\n"
        for x, way in zip((public, first, second), ("return 2 * x", *ways), strict=True):
            source += f"    if np.array_equal(x, {x.tolist()!r}):\n        {way}\n"
        (tmp_path / "hw.py").write_text(source + "    raise ValueError\n")
        grade = grade_submission(read_submission(tmp_path / "hw.py"), plan, box)
        worst = Verdict.ERROR if "error" in how else Verdict.FAILED
        assert [each.verdict for each in grade.functions[0].checks] == [Verdict.PASSED, worst, worst]
        assert "ValueError" in repr(grade.functions[0].witnesses)
        student = msgspec.structs.replace(grade, audience="student", seconds=0.0)
        # What was handed in differs, and its author may see that.
        own = tuple(msgspec.structs.replace(code, text=code.text and "...") for code in grade.code)
        student = msgspec.structs.replace(student, code=own, files=())
        return [*(render(student, form) for form in FORMATS), text.render(student, terminal=True)]

    one, other = FAILS[how]
    assert reports(one, other) == reports(other, one) == reports(one, one)


def test_a_child_answers_all_that_is_public_before_it_is_asked_anything_hidden(
    tmp_path: Path, box: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    course = Course(tmp_path, box, THREE, THREE_RIGHT)
    plan = make_plan(load_assignment(course.rubric), 1)
    public = [q for f in plan.functions for c in f.checks if c.check.visibility == "public" for q in c.questions]
    asked: list[list[bool]] = []
    opened: list[JailedChild] = []

    def listening(child: JailedChild, message: Message, limits: StepLimits | None = None) -> tuple[Outcome, ...]:
        shown = [repr(step) in {repr(each) for q in public for each in q.steps} for step in message.steps]
        asked.append(shown)
        opened.append(child)
        return real(child, message, limits)

    real = JailedChild.ask
    monkeypatch.setattr(JailedChild, "ask", listening)
    (tmp_path / "hw.py").write_text("import numpy as np\n" + THREE_RIGHT.replace("2 * x", "3 * x"))
    grade_submission(read_submission(tmp_path / "hw.py"), plan, box)
    of_first = [shown for child, shown in zip(opened, asked, strict=True) if child is opened[0]]
    # The third only shows whether right helpers would change anything: no answer in it is shown, or pays.
    assert [set(shown) for shown in of_first] == [{True}, {False}, {False}]


def test_questions_that_are_too_large_to_go_together_are_asked_all_the_same(tmp_path: Path, box: Sandbox) -> None:
    course = two(tmp_path, box, size="200, 200", hidden=", visibility: public")
    assert course.grade(REFERENCE).score == 2


def test_what_only_explains_is_not_even_drawn_for_a_right_submission(tmp_path: Path, box: Sandbox) -> None:
    course = two(tmp_path, box, size="N, M")
    explaining = "    checks: [{value: any, points: 1}, {value: explains}]"
    course.rubric.write_text(course.rubric.read_text().replace("    checks: [{value: any, points: 1}]", explaining))
    plan = course.plan(1)
    right = course.grade(REFERENCE, plan=plan)
    assert (right.score, sum(check.is_drawn for each in plan.functions for check in each.checks)) == (2, 2)
    course.grade("def double(x): return x\ndef negate(x): return -x\n", plan=plan)
    assert sum(check.is_drawn for each in plan.functions for check in each.checks) == 3


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


def test_what_is_left_out_of_one_file_is_not_why_a_function_of_another_is_not_there(
    tmp_path: Path, box: Sandbox
) -> None:
    course = two(tmp_path, box)
    ends = "import os\nK = [2]\nK[0] = os._exit(0)\ndef double(x): return K[0] * x\n"
    grade = course.grade({"a.py": ends, "b.py": "negate = np.no_such_name\n"})
    assert [each.score for each in grade.functions] == [1, 0]
    assert grade.functions[1].remarks == ("negate could not be made: b.py, line 2 failed.",)


def test_a_function_is_not_asked_while_a_function_that_it_needs_runs_without_end(tmp_path: Path, box: Sandbox) -> None:
    course = Course(tmp_path, box, THREE, "def first(x): return x\n" + REFERENCE)
    path = tmp_path / "hw.py"
    path.write_text("def first(x):\n    while True: pass\ndef double(x): return 2 * x\ndef negate(x): return -x\n")
    plan, upload = course.plan(1), read_submission(path)
    with box.open(plan.rubric.limits) as child:
        extraction = read_in_child(upload, plan.rubric, child)
    assert isinstance(extraction, Extraction)
    stops = run_questions(plan, extraction, box).stops
    assert {stops[name].text for name in ("double", "negate")} == {"not asked: it needs first, which ran too long"}


def test_after_five_statements_that_end_the_process_nothing_can_be_loaded(tmp_path: Path, box: Sandbox) -> None:
    course = two(tmp_path, box)
    grade = course.grade("import os\nK = [1]\n" + "K[0] = os._exit(0)\n" * 6 + "def double(x): return 2 * x * K[0]\n")
    assert grade.score == 0
    assert [problem.where for problem in grade.problems] == [f"hw.py, line {line}" for line in range(4, 9)]


def test_what_one_function_returns_takes_no_room_from_another(tmp_path: Path, box: Sandbox) -> None:
    """All results of a child together have a bound, and one child answers for all functions."""
    assignment = load_assignment(two(tmp_path, box, size="120, 120", hidden=", visibility: public").rubric)
    limits = Limits(result_bytes=1 << 20, output_bytes=1000)
    rubric = msgspec.structs.replace(assignment.rubric, limits=limits)
    plan = make_plan(msgspec.structs.replace(assignment, rubric=rubric))
    first, second = plan.functions
    [check] = first.checks
    # Eight replies that are as large as may be leave less room than the next function's short one takes.
    often = tuple(msgspec.structs.replace(each, steps=each.steps * 8) for each in check.questions)
    first = msgspec.structs.replace(first, checks=(PlannedCheck(check.check, lambda: often),))
    plan = msgspec.structs.replace(plan, functions=(first, second))
    source = "import numpy as np\ndef double(x): return np.ones(130_000)\ndef negate(x): return -x\n"
    (tmp_path / "hw.py").write_text(source)
    grade = grade_submission(read_submission(tmp_path / "hw.py"), plan, box)
    assert [each.verdict.value for each in grade.functions] == ["failed", "passed"]


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


@pytest.mark.parametrize(
    "reads",
    [
        "K = np.load('k.npy')[0]\n",
        "K = np.load(open('data/k.npy', 'rb'))[0]\n",
        "from pathlib import Path\nK = np.load(Path(__file__).resolve().parent / 'k.npy')[0]\n",
    ],
)
@pytest.mark.parametrize("packed", [False, True])
def test_a_data_file_beside_the_code_is_there_for_every_child(
    tmp_path: Path, box: Sandbox, reads: str, packed: bool
) -> None:
    array = io.BytesIO()
    np.save(array, np.array([2.0]))
    files = {"hw.py": f"import numpy as np\n{reads}def double(x): return K * x\ndef negate(x): return 0 * x\n".encode()}
    handed_in = tmp_path / ("hw.zip" if packed else "hw")
    if packed:
        with zipfile.ZipFile(handed_in, "w") as archive:
            for name, data in (files | {"k.npy": array.getvalue()}).items():
                archive.writestr(name, data)
    else:
        handed_in.mkdir()
        for name, data in (files | {"k.npy": array.getvalue()}).items():
            (handed_in / name).write_bytes(data)
    plan = make_plan(load_assignment(two(tmp_path, box).rubric))
    grade = grade_submission(read_submission(handed_in), plan, box)
    assert [function.score for function in grade.functions] == [1, 0]
    assert [problem.message for problem in grade.problems if "read" in problem.message] == []


def test_a_data_file_that_was_not_handed_in_is_named_with_its_line(tmp_path: Path, box: Sandbox) -> None:
    source = (
        "def double(x):\n    return np.load('data/k.npy') * x\ndef negate(x):\n    return -x\nopen('log.txt', 'w')\n"
    )
    grade = two(tmp_path, box).grade(source)
    assert [(problem.where, problem.message) for problem in grade.problems] == [
        ("hw.py, line 3", "k.npy is read here, and it isn't among what was handed in")
    ]


def test_a_missing_function_lists_the_checks_that_pay_and_no_others(tmp_path: Path, box: Sandbox) -> None:
    course = two(tmp_path, box, size="N, M")
    explaining = "    checks: [{value: any, points: 1}, {value: explains}]"
    course.rubric.write_text(course.rubric.read_text().replace("    checks: [{value: any, points: 1}]", explaining))
    missing = course.grade("def negate(x): return -x\n", seed=1).functions[0]
    assert (missing.verdict, [check.title for check in missing.checks]) == (Verdict.MISSING, ["any"])


def test_who_loses_public_checks_alone_is_shown_these_and_no_counterexample(tmp_path: Path, box: Sandbox) -> None:
    course = two(tmp_path, box, hidden=", visibility: hidden")
    wrong = "def double(x): return 3 * x\ndef negate(x): return x + 1\n"
    double, negate = course.grade(wrong, seed=1).functions
    assert (len(double.witnesses), len(negate.witnesses)) == (1, 0)
