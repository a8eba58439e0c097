"""Which lines matter, from what was handed in to the screen: bugs are planted, and the lines pointed to hold them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from grader.checks.lasting import STAYS
from grader.extraction.flows.model import Flow
from grader.feedback.lines.flows import FEW_LINES, with_flows
from grader.feedback.lines.rounds_call import MOST_TOLD, watch
from grader.feedback.lines.watched import ask_watched
from grader.feedback.patterns import EARLIER
from grader.grading.graded import GradedSubmission
from grader.grading.grades import KEPT, Grade, StoodAt
from grader.pipeline import grade_submission
from grader.plan.assignment import load_assignment
from grader.plan.plan import Plan, make_plan
from grader.report.audience import for_audience
from grader.report.formats.text import render_screen
from grader.sandbox.sandbox import Sandbox
from grader.submission.collecting import FoundFile, Upload

RUBRIC = """\
schema: 1
assignment: Lines
packages: [numpy]
sizes: {some: {N: 4, D: 3, H: 5}}
limits: {call: 200 ms, memory: 512 MiB}
functions:
  train:
    points: 10
    arguments: {x: "normal(N, D)", W: "normal(D, H)", b: "normal(H)", V: "normal(H, 2)"}
    returns: {loss: number, grad: {blocks: {W: "(D, H)", b: H, V: "(H, 2)"}}}
    checks:
      - {value: values, points: 8}
      - {unchanged: leaves its arguments alone, points: 1}
      - {lasting: does not overwrite earlier results, later: {x: "normal(N, D)"}, points: 1}
"""
TRAIN = """\
import numpy as np

seen = {}


def train(x, W, b, V):
    n = len(x)
    z = x @ W + b
    h = np.tanh(z)
    s = h @ V
    e = s - s.mean()
    q = e**2
    loss = q.sum() / n
    d = 2 * e / n
    d = d - d.mean()
    dV = h.T @ d
    dh = d @ V.T
    dz = dh * (1 - h**2)
    dW = x.T @ dz
    db = dz.sum(axis=0)
    grad = np.concatenate([dW.ravel(), db, dV.ravel()])
    return loss, grad
"""
#: By the line, what stands there in place of what. None of them is undone again for the parts that stay right: a dice
#: knows what depends on what, and not what it comes to. (With `s - s.max()` in line 11 only the loss is wrong.)
BUGS = {
    8: ("x @ W + b", "x @ W + 2 * b"),
    9: ("tanh(z)", "arctan(z)"),
    10: ("h @ V", "h @ V * 1.5"),
    11: ("s - s.mean()", "1.1 * s - s.mean()"),
    12: ("e**2", "np.abs(e)"),
    13: ("q.sum() / n", "q.mean()"),
    14: ("2 * e / n", "e / n"),
    16: ("h.T @ d", "h.T @ np.abs(d)"),
    17: ("d @ V.T", "np.abs(d) @ V.T"),
    18: ("(1 - h**2)", "(1 - h)"),
    19: ("x.T @ dz", "x.T @ np.abs(dz)"),
    20: ("dz.sum(axis=0)", "dz.mean(axis=0)"),
    21: ("dW.ravel(), db, dV", "dW.ravel(), db, dV.T"),
}
HEAD = "import numpy as np\n\n\ndef train(x, W, b, V):\n"
#: What the screen says of lines.
CLAIMS = ("Only the wrong parts need", "After the last right values:", "may be changed in")


@pytest.fixture(scope="module")
def lines_plan(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    folder = tmp_path_factory.mktemp("lines")
    (folder / "lines.yaml").write_text(RUBRIC)
    (folder / "lines").mkdir()
    (folder / "lines" / "reference.py").write_text(TRAIN)
    return make_plan(load_assignment(folder / "lines.yaml"), 5)


def graded(text: str, plan: Plan, box: Sandbox, watch_calls: bool = True) -> Grade:
    upload = Upload("hw", (FoundFile("hw.py", text.encode()),))
    return grade_submission(upload, plan, box, watch_calls=watch_calls)


def told(grade: Grade) -> str:
    return " ".join(render_screen(for_audience(grade, "student")).split())


def claimed(grade: Grade) -> dict[str, set[int]]:
    """For each claim of the screen the lines that it is about."""
    found = {}
    for claim in CLAIMS:
        if said := re.search(f"{claim} lines? ([0-9, -]+)", told(grade)):
            runs = (each.split("-") for each in said[1].strip(" ,").split(", "))
            found[claim] = {line for run in runs for line in range(int(run[0]), int(run[-1]) + 1)}
    return found


def planted(line: int) -> str:
    was, is_now = BUGS[line]
    lines = TRAIN.split("\n")
    assert was in lines[line - 1]
    lines[line - 1] = lines[line - 1].replace(was, is_now)
    return "\n".join(lines)


@pytest.fixture(scope="module")
def wrong(lines_plan: Plan, box: Sandbox) -> dict[int, Grade]:
    return {line: graded(planted(line), lines_plan, box) for line in BUGS}


@pytest.mark.parametrize("line", BUGS)
def test_the_lines_that_a_screen_points_to_hold_the_bug_that_was_planted(line: int, wrong: dict[int, Grade]) -> None:
    for claim, lines in claimed(wrong[line]).items():
        assert line in lines, claim
        assert len(lines) <= 10


def test_most_bugs_are_pointed_to_and_nearly_all_are_on_the_screen(wrong: dict[int, Grade]) -> None:
    assert sum(bool(claimed(grade)) for grade in wrong.values()) >= 9
    shown = (
        re.search(rf"\n[> ] *{line} ", render_screen(for_audience(grade, "student"))) for line, grade in wrong.items()
    )
    assert sum(map(bool, shown)) >= len(BUGS) - 1


def test_only_the_lines_of_the_wrong_part_are_pointed_to(wrong: dict[int, Grade]) -> None:
    assert claimed(wrong[20])[CLAIMS[0]] == {20, 21}
    assert claimed(wrong[16])[CLAIMS[0]] == {16, 21}
    assert claimed(wrong[13])[CLAIMS[0]] == {13, 22}


def test_what_is_right_up_to_a_factor_is_not_told_where_nobody_asked(wrong: dict[int, Grade]) -> None:
    """Half of the gradient is the mistake itself."""
    (function,) = wrong[14].functions
    assert "loss" in [each.name for each in function.right_so_far]
    assert "d" not in [each.name for each in function.right_so_far]
    assert "Right so far: z (line 8), h (line 9), s (line 10), e (line 11)." in told(wrong[14])


def test_a_line_that_changes_an_argument_is_marked(lines_plan: Plan, box: Sandbox) -> None:
    text = TRAIN.replace(
        "    h = np.tanh(z)\n", "    v = W.reshape(-1)\n    v *= 1\n    v += 1e-9\n    h = np.tanh(z)\n"
    )
    text = text.replace("    return loss", "    b -= db\n    return loss")
    grade = graded(text, lines_plan, box)
    assert "an argument is changed" in told(grade)
    assert claimed(grade)[CLAIMS[2]] & {11, 25}


def test_what_is_kept_between_calls_is_marked(lines_plan: Plan, box: Sandbox) -> None:
    text = TRAIN.replace("    n = len(x)\n", "    if x.shape in seen:\n        return seen[x.shape]\n    n = len(x)\n")
    text = text.replace("    return loss, grad", "    seen[x.shape] = loss, grad\n    return loss, grad")
    assert "What stays after a call (seen) is used in lines 7-8, 24 (>)." in told(graded(text, lines_plan, box))


def test_the_names_of_what_is_kept_are_those_that_are_given() -> None:
    assert set(KEPT) == {EARLIER.name, STAYS[0]}


def test_a_class_is_not_watched_and_right_submissions_are_not_followed(lines_plan: Plan, box: Sandbox) -> None:
    (function,) = graded(planted(16), lines_plan, box, watch_calls=False).functions
    assert function.right_so_far == ()
    (code,) = graded(TRAIN, lines_plan, box).code
    assert code.flow is None


def test_a_short_function_is_followed_only_where_something_points_into_it(lines_plan: Plan, box: Sandbox) -> None:
    short = "def train(x, W, b, V):\n    return 0.0, 0 * np.concatenate([W.ravel(), b, V.ravel()])\n"
    assert short.count("\n") < FEW_LINES
    (code,) = graded(f"import numpy as np\n{short}", lines_plan, box).code
    assert code.flow is None


def test_of_a_short_function_the_lines_behind_what_is_right_are_marked(lines_plan: Plan, box: Sandbox) -> None:
    text = "    h = np.tanh(x @ W + b)\n    return np.sum(h @ V), np.concatenate([W.ravel(), b, V.ravel()])\n"
    assert claimed(graded(HEAD + text, lines_plan, box)) == {CLAIMS[1]: {6}}
    assert claimed(graded(HEAD + text, lines_plan, box, watch_calls=False)) == {}


def test_whether_a_function_is_followed_hangs_on_nothing_that_a_hidden_check_found(wrong: dict[int, Grade]) -> None:
    """Code could tell by it what the hidden inputs are."""
    asked: list[Sequence[str]] = []

    def follow(names: Sequence[str]) -> dict[str, Flow]:
        asked.append(names)
        return {}

    (function,), (code,) = wrong[20].functions, wrong[20].code
    assert any(check.details is not None and check.details.blocks for check in function.checks)
    short = replace(wrong[20], code=(replace(code, text="def train(x, W, b, V):\n    return 1, 2"),))
    with_flows(replace(short, functions=(replace(function, witnesses=(), right_so_far=()),)), follow)
    assert asked == []
    with_flows(short, follow)
    assert asked == [["train"]]


@pytest.mark.parametrize("forged", ["!", "{", '{"train": 3}', '{"other": [[], [], []]}', '{"train": [[], [7], []]}'])
def test_a_child_that_tells_something_else_costs_the_lines_alone(
    forged: str, lines_plan: Plan, box: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    from grader.grading import reading

    ask = reading._ask
    monkeypatch.setattr(reading, "_ask", lambda child, task: forged.encode() if task.followed else ask(child, task))
    grade = graded(planted(20), lines_plan, box)
    assert grade.code[0].flow is None
    assert grade.score == 0


def test_lines_that_are_none_of_the_function_are_not_believed(
    lines_plan: Plan, box: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    from grader.grading import reading

    ask, forged = reading._ask, b'{"train": [[[0, 90, [], [], -1, false, [], []]], [], []]}'
    monkeypatch.setattr(reading, "_ask", lambda child, task: forged if task.followed else ask(child, task))
    assert graded(planted(20), lines_plan, box).code[0].flow is None


# -- where it stood ------------------------------------------------------------------------------------------------


def stood(body: Sequence[str], plan: Plan, box: Sandbox, more: str = "") -> StoodAt | None:
    text = HEAD + "".join(f"    {line}\n" for line in body) + more
    (function,) = graded(text, plan, box).functions
    assert function.verdict in ("timeout", "memory")
    return function.stood_at


@pytest.mark.parametrize(
    ("body", "due"),
    [
        (["i = 0", "while i < 3:", "    i -= 1", "return 1"], (6, 7)),
        (["while True:", "    print(x)"], (5, 6)),
        (["for i in iter(int, 1):", "    if i:", "        break"], (5, 6)),
        (["a = []", "while True:", "    a.append(x)"], (6, 7)),
    ],
)
def test_a_loop_that_never_ends_is_told_with_the_lines_that_it_goes_round(
    body: list[str], due: tuple[int, ...], lines_plan: Plan, box: Sandbox
) -> None:
    found = stood(body, lines_plan, box)
    assert found is not None
    assert found.lines == due


def test_the_line_on_which_memory_ran_out_is_told(lines_plan: Plan, box: Sandbox) -> None:
    assert stood(["a = x", "b = np.ones((10**6, 10**6))"], lines_plan, box) == StoodAt("hw.py, line 6", ())


def test_a_loop_in_a_helper_is_told_by_its_place(lines_plan: Plan, box: Sandbox) -> None:
    helper = "\n\ndef turn(x):\n    while True:\n        x = -x\n"
    found = stood(["return turn(x)"], lines_plan, box, helper)
    assert found is not None
    assert found.where in ("hw.py, line 9", "hw.py, line 10")


@pytest.mark.parametrize(
    "body",
    [
        ["while True:", "    try:", "        x + 1", "    except BaseException:", "        pass"],
        ["import sys", "sys.settrace(None)", "while True:", "    pass"],
        ["sum(iter(int, 1))"],
        ["sys = __import__('sys')", "sys.settrace = None", "while True:", "    pass"],
    ],
)
def test_code_that_meddles_with_the_tracer_or_never_comes_to_a_next_line_costs_the_explanation_alone(
    body: list[str], lines_plan: Plan, box: Sandbox
) -> None:
    stood(body, lines_plan, box)


def endless(times: int) -> Iterator[int]:
    yield from range(times)


def test_a_call_that_ends_in_time_is_told_to_have_ended() -> None:
    how, *lines = watch([__name__], lambda: sum(endless(20)))
    assert how == "ended"
    assert 0 < len(lines) <= MOST_TOLD


def test_what_was_printed_and_traced_before_is_as_it_was(capsys: pytest.CaptureFixture[str]) -> None:
    watch([__name__], print, "within")
    print("after")
    assert capsys.readouterr().out == "after\n"


def test_where_it_stood_is_on_the_screen(lines_plan: Plan, box: Sandbox, tmp_path: Path) -> None:
    long = ["a = 0", *(f"a{n} = {n}" for n in range(40)), "while a >= 0:", "    a += 1", "return a"]
    text = HEAD + "".join(f"    {line}\n" for line in long)
    said = told(graded(text, lines_plan, box))
    assert "46 while a >= 0: 47 a += 1 It went round lines 46-47 again and again." in said


@pytest.mark.parametrize("body", [["import time", "time.sleep(60)"], ["sum(iter(int, 1))"]])
def test_a_call_that_tells_nothing_is_the_last_one(
    body: list[str], lines_plan: Plan, box: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def ask(student: GradedSubmission, name: str, *more: Any) -> list[Any]:
        asked.append(name)
        return ask_watched(student, name, *more)

    monkeypatch.setattr("grader.feedback.lines.rounds.ask_watched", ask)
    assert stood(body, lines_plan, box) is None
    assert asked == ["train"]
