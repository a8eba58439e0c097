"""What a submission costs in things that can be counted on any machine: processes, messages, bytes, calls, imports.

Seconds are measured in tests/benchmarks. These numbers only grow where somebody means them to: whoever adds a process
for each wrong submission, or forgets what a class has in common, finds out here.
"""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from pathlib import Path
from types import FrameType
from unittest import mock

import pytest
from planted.assemble import source, variants

from grader.checks import finding
from grader.extraction.in_child import read_and_slice
from grader.grading import judging, messages
from grader.grading.reading import flows_in_child
from grader.limits import Limits
from grader.pipeline import grade_submission
from grader.plan.plan import Plan, Truths
from grader.sandbox import session, transport
from grader.sandbox.sandbox import Program, Sandbox
from grader.submission.collecting import FoundFile, Upload
from grader.upload import read_submission
from grader.worker.shared.steps import Call, Returned

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often each thing was done since."""
    found: Counter[str] = Counter()

    def count(where: object, name: str, what: str, size: bool = False) -> None:
        original = getattr(where, name)

        def counting(*args: object, **kwargs: object) -> object:
            found[what] += len(args[1]) if size else 1  # type: ignore[arg-type]
            return original(*args, **kwargs)

        monkeypatch.setattr(where, name, counting)

    count(Sandbox, "open", "processes")
    count(messages, "make_message", "messages made")
    count(transport.SocketLink, "send", "messages sent")
    count(transport.SocketLink, "send", "bytes sent", size=True)
    count(Truths, "of", "truths asked for")
    count(session.Session, "_work_out", "calls of helpers worked out")
    count(session.Session, "_reply", "replies")
    count(judging, "judge_question", "questions looked at")
    count(judging, "_judge_answer", "answers judged")
    count(finding, "_text_of_array", "texts of arrays made")
    return found


def grade(text: str, plan: Plan, box: Sandbox, folder: Path) -> None:
    path = folder / "submission.py"
    path.write_text(text)
    grade_submission(read_submission(path), plan, box)


def planted(name: str) -> str:
    return source(next(each for kind in ("right", "wrong") for each in variants(kind) if each.name == name))


MOST: dict[str, dict[str, int]] = {
    # Who answers as the one before did gets the same grades, and nobody looks at single answers.
    "base": {"processes": 1, "messages sent": 24, "bytes sent": 80_000, "replies": 235},
    # The one that answers, one for a counterexample. Nothing of it is judged, made into text or worked out again.
    "softmax__first_row_max": {
        "processes": 2,
        "messages sent": 28,
        "bytes sent": 85_000,
        "replies": 250,
        "questions looked at": 45,
        "truths asked for": 11,
    },
    # With right helpers too, which answer calls one by one: each of these is known. Some parts of its result are right:
    # one more reads from the source where these come from.
    "forward__skips_hidden": {
        "processes": 4,
        "messages sent": 116,
        "bytes sent": 160_000,
        "replies": 385,
        "questions looked at": 180,
        "truths asked for": 12,
    },
    # With right helpers it answers the same: that shows in the first one.
    "input_grad__mean": {
        "processes": 2,
        "messages sent": 58,
        "bytes sent": 113_000,
        "replies": 285,
        "questions looked at": 48,
        "truths asked for": 1,
    },
    # Its lines may belong to other blocks: one more lists them, and tries all of them. Of its cases some are drawn
    # anew for a counterexample: some of these are functions that stay outside, and each call of them is a message.
    "gradcheck_naive__whole_rows": {
        "processes": 3,
        "messages made": 8,
        "messages sent": 144,
        "bytes sent": 165_000,
        "replies": 385,
        "questions looked at": 165,
        "truths asked for": 150,
        "answers judged": 12,
    },
}
#: Calls of Python's functions, comprehensions among them, when one plain submission is read.
MOST_CALLS = 2_200
FUNCTIONS = ("softmax", "sigmoid", "sigmoid_grad", "cross_entropy", "forward", "input_grad", "forward_backward_prop")
#: The grader's own modules that are imported when one submission is graded.
MOST_MODULES = 111
#: What a right submission of the default assignment needs nothing of, and what takes long to import.
NOT_NEEDED = {"socket", "selectors", "signal", "difflib", "traceback", "shlex"} | {
    f"grader.{name}"
    for name in (
        *("checks.written", "rubric.late_penalty", "grading.placeholders", "grading.slips", "grading.carry_forward"),
        *("feedback", "sandbox.doctor", "report.web"),
    )
}


@pytest.mark.parametrize("name", MOST)
def test_the_next_of_a_class_costs_no_more_than_is_counted_here(
    name: str, plan: Plan, box: Sandbox, tmp_path: Path, counted: Counter[str]
) -> None:
    grade(planted(name), plan, box, tmp_path)
    counted.clear()
    grade(f"{planted(name)}\n# another one\n", plan, box, tmp_path)
    assert {what: number for what, number in counted.items() if number > MOST[name].get(what, 0)} == {}


def test_a_right_one_is_looked_at_no_more_closely_after_a_wrong_one(
    plan: Plan, box: Sandbox, tmp_path: Path, counted: Counter[str]
) -> None:
    """A wrong one has checks without points drawn, which tell mistakes apart: nobody asks them of a right one."""
    grade(planted("base"), plan, box, tmp_path)
    grade(planted("gradcheck_naive__whole_rows"), plan, box, tmp_path)
    counted.clear()
    grade(f"{planted('base')}\n# a third one\n", plan, box, tmp_path)
    assert counted["questions looked at"] == 0


def test_a_repaired_submission_is_followed_once_where_something_is_still_wrong(plan: Plan, box: Sandbox) -> None:
    """Its lines are read as they were repaired, and not before it was known what is repaired."""
    text = planted("forward__skips_hidden").replace("def gradcheck_naive(", "def gradcheck_naiv(")
    upload = Upload("submission.py", (FoundFile("submission.py", text.encode()),))
    with mock.patch("grader.pipeline.flows_in_child", wraps=flows_in_child) as follow:
        found = grade_submission(upload, plan, box, watch_calls=True)
    assert [slip.sort for slip in found.slips] == ["misspelt name"]
    assert [code.function for code in found.code if code.flow is not None] == ["forward"]
    assert follow.call_count == 1


def test_a_cold_start_imports_no_more_modules_than_are_counted_here(tmp_path: Path) -> None:
    named = imported(tmp_path, "-q")
    assert len([each for each in named if each.startswith("grader")]) <= MOST_MODULES


def test_a_cold_start_on_a_right_submission_imports_nothing_that_only_others_need(tmp_path: Path) -> None:
    assert not NOT_NEEDED & set(imported(tmp_path))


def test_a_child_inherits_no_enumerations_of_sockets(box: Sandbox) -> None:
    asked = "import sys\ndef f(): return sorted({'socket', 'selectors'} & set(sys.modules))"
    with box.open(Limits()) as child:
        child.load(Program({"m": asked}, {"f": ("m", "f")}, ()))
        assert child.run([Call("f")]) == (Returned([]),)


def test_a_plain_cold_start_needs_no_click_beside_a_pyproject_that_says_nothing_of_it(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "grade"\n')
    assert not [each for each in imported(tmp_path) if each.split(".")[0] == "click"]


def imported(folder: Path, *options: str) -> list[str]:
    """The modules that a run in this folder imports."""
    (folder / "submission.py").write_text(planted("base"))
    command = [sys.executable, "-X", "importtime", "-m", "grader", "submission.py", *options]
    run = subprocess.run(command, capture_output=True, text=True, check=True, cwd=folder)
    return [line.rpartition("|")[2].strip() for line in run.stderr.splitlines() if line.startswith("import time:")]


def test_reading_a_submission_calls_no_more_functions_than_are_counted_here() -> None:
    asked = ["ada", [["hw.py", planted("base").encode()]], [[name, None, [], []] for name in FUNCTIONS], ["numpy"], {}]
    read_and_slice(asked)
    calls = 0

    def count(_: FrameType, event: str, __: object) -> None:
        nonlocal calls
        calls += event == "call"

    sys.setprofile(count)
    try:
        told = read_and_slice(asked)
    finally:
        sys.setprofile(None)
    assert told.startswith(b"[")
    assert calls <= MOST_CALLS
