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

import pytest
from planted.assemble import source, variants

from grader.extraction.in_child import read_and_slice
from grader.grading import messages
from grader.pipeline import grade_submission
from grader.plan.plan import Plan, Truths
from grader.sandbox import transport
from grader.sandbox.sandbox import Sandbox
from grader.upload import read_submission

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
    return found


def grade(text: str, plan: Plan, box: Sandbox, folder: Path) -> None:
    path = folder / "submission.py"
    path.write_text(text)
    grade_submission(read_submission(path), plan, box)


def planted(name: str) -> str:
    return source(next(each for kind in ("right", "wrong") for each in variants(kind) if each.name == name))


MOST: dict[str, dict[str, int]] = {
    "base": {"processes": 1, "messages sent": 24, "bytes sent": 80_000},
    # The one that answers, one for a counterexample, one for the list of slips.
    "softmax__first_row_max": {
        "processes": 3,
        "messages made": 2,
        "messages sent": 30,
        "bytes sent": 86_000,
        "truths asked for": 25,
    },
    # With right helpers too, which answer calls one by one. Of the fresh inputs most are right, and looked at first.
    "forward__skips_hidden": {
        "processes": 5,
        "messages made": 2,
        "messages sent": 131,
        "bytes sent": 166_000,
        "truths asked for": 31,
    },
}
#: Calls of Python's functions, comprehensions among them, when one plain submission is read.
MOST_CALLS = 2_000
FUNCTIONS = ("softmax", "sigmoid", "sigmoid_grad", "cross_entropy", "forward", "input_grad", "forward_backward_prop")
#: The grader's own modules that are imported when one submission is graded.
MOST_MODULES = 117


@pytest.mark.parametrize("name", MOST)
def test_the_next_of_a_class_costs_no_more_than_is_counted_here(
    name: str, plan: Plan, box: Sandbox, tmp_path: Path, counted: Counter[str]
) -> None:
    grade(planted(name), plan, box, tmp_path)
    counted.clear()
    grade(f"{planted(name)}\n# another one\n", plan, box, tmp_path)
    assert {what: number for what, number in counted.items() if number > MOST[name].get(what, 0)} == {}


def test_a_cold_start_imports_no_more_modules_than_are_counted_here(tmp_path: Path) -> None:
    right = tmp_path / "submission.py"
    right.write_text(planted("base"))
    command = [sys.executable, "-X", "importtime", "-m", "grader", str(right), "-q"]
    run = subprocess.run(command, capture_output=True, text=True, check=True, cwd=tmp_path)
    named = [line.rpartition("|")[2].strip() for line in run.stderr.splitlines() if line.startswith("import time:")]
    assert len([each for each in named if each.startswith("grader")]) <= MOST_MODULES


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
