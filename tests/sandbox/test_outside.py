"""A function that is answered from outside tells by its attributes, frames and memory no more than by its answers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import by_name
from rubric.language import Course

from grader.limits import Limits
from grader.pipeline import grade_submission
from grader.plan import plan as planning
from grader.plan.assignment import load_assignment
from grader.plan.plan import Plan, make_plan
from grader.sandbox.outside import MOST_ENTRIES, call_outside
from grader.sandbox.sandbox import JailedChild, Program, Sandbox
from grader.upload import read_submission
from grader.worker.shared.steps import Call, OutsideStub, Raised, Returned, Stub

#: Looks for a number in all that can be reached from a function, its frames while it runs, and the whole heap.
SEARCH = """
import gc, sys
import numpy as np

SEEN = []

def is_it(value):
    # Whether it is or holds the number, which stands nowhere in this text.
    if isinstance(value, np.ndarray):
        return value.dtype.kind == "f" and bool(np.any(np.abs(value * 1000 - 123456789) < 1e-3))
    return isinstance(value, float) and abs(value * 1000 - 123456789) < 1e-3

def reached(start):
    known, left = set(), [start]
    while left and len(known) < 200_000:
        each = left.pop()
        if id(each) in known or each is SEEN or each is known or each is left:
            continue
        known.add(id(each))
        if is_it(each):
            return True
        left += gc.get_referents(each)
        for name in ("__closure__", "__globals__", "__self__", "__dict__", "__wrapped__", "func", "keywords"):
            try:
                left.append(getattr(each, name))
            except Exception:
                pass
    return False

def trace(frame, event, argument):
    SEEN.append(list(frame.f_locals.values()))
    return trace

class Spying(np.ndarray):
    def __array_ufunc__(self, ufunc, method, *inputs, **kwargs):
        frame = sys._getframe()
        while frame is not None:
            SEEN.append(list(frame.f_locals.values()))
            frame = frame.f_back
        plain = [np.asarray(each) if isinstance(each, Spying) else each for each in inputs]
        return getattr(ufunc, method)(*plain, **kwargs)

def f(g, x):
    sys.settrace(trace)
    answer = g(x.view(Spying))
    sys.settrace(None)
    heap = any(is_it(each) for each in gc.get_objects() if isinstance(each, np.ndarray))
    return float(np.sum(answer)), reached(g), reached(list(SEEN)), heap

def big(g, x):
    return g(np.zeros(int(x)))

def bound(g, x):
    return g(x, slope=1.0)

def keep(g, x):
    global kept
    kept = g
    return g(x)

def again(g, x):
    return kept(x)
"""
SOURCE = "def line(x, *, slope):\n    return np.sum(slope * np.asarray(x))\n"
STUB = Stub(SOURCE, "line", {"slope": np.array([123456.789, 1.0])})
X = np.array([0.0, 2.0])


def ask(child: JailedChild, name: str, stub: Stub | OutsideStub, x: object = X) -> object:
    [outcome] = child.run([Call(name, (stub, x))])
    return outcome


@pytest.fixture
def child(box: Sandbox) -> JailedChild:
    child = box.open(Limits())
    names = ("f", "big", "bound", "keep", "again")
    child.load(Program({"hw": SEARCH}, {name: ("hw", name) for name in names}, ("numpy",)))
    return child


def test_no_attribute_frame_or_object_holds_its_data(child: JailedChild) -> None:
    with child:
        assert ask(child, "f", OutsideStub("a", STUB)) == Returned((2.0, False, False, False))


def test_those_of_a_function_that_runs_inside_do(child: JailedChild) -> None:
    with child:
        outcome = ask(child, "f", STUB)
        assert isinstance(outcome, Returned)
        assert outcome.value[0] == 2.0
        assert outcome.value[1:3] == (True, True)


def test_it_takes_few_numbers_and_none_of_its_own_data(child: JailedChild) -> None:
    with child:
        plain = OutsideStub("b", Stub("def total(x):\n    return np.sum(x)\n", "total", {}))
        assert ask(child, "big", plain, MOST_ENTRIES) == Returned(np.float64(0.0))
        refused = ask(child, "big", plain, MOST_ENTRIES + 1)
        assert isinstance(refused, Raised)
        assert refused.text == "this function takes at most 16,384 numbers"
        mine = ask(child, "bound", OutsideStub("c", STUB))
        assert isinstance(mine, Raised)
        assert mine.type == "TypeError"


def test_it_answers_within_its_own_question_only(child: JailedChild) -> None:
    with child:
        assert ask(child, "keep", OutsideStub("d", STUB)) == Returned(np.float64(2.0))
        later = ask(child, "again", OutsideStub("e", STUB))
        assert isinstance(later, Raised)
        assert later.type == "NameError"


@pytest.mark.parametrize(("source", "times"), [(SOURCE, 1), (f"{SOURCE}# np.random\n", 2)], ids=["known", "drawn"])
def test_the_same_call_is_answered_from_memory_unless_something_may_be_drawn(
    child: JailedChild, monkeypatch: pytest.MonkeyPatch, source: str, times: int
) -> None:
    answered = []

    def counting(*asked: Any) -> tuple[bool, Any]:
        answered.append(asked)
        return call_outside(*asked)

    monkeypatch.setattr("grader.sandbox.sandbox.call_outside", counting)
    stub = OutsideStub(f"kept {times}", STUB._replace(source=source))
    with child:
        assert [ask(child, "keep", stub) for _ in range(2)] == [Returned(np.float64(2.0))] * 2
    assert len(answered) == times


BY_READING = """
import numpy as np
def gradcheck_naive(f, x):
    try:
        name, data = f.func.__name__, f.keywords
    except AttributeError:
        return {guess}
    if name == "tilt":
        return bool(np.all(np.abs(np.asarray(data["slope"]) - data["lean"]) < 1e-6))
    if name == "bowl":
        return bool(np.all(np.abs(data["slope"] - 2 * np.asarray(data["curve"])) <= 1e-6 * np.abs(data["curve"])))
    return name != "growth" or bool(abs(data["height"] * data["rate"] - data["slope"]) < 1e-6)
"""


@pytest.mark.parametrize("guess", ["True", "False", "x.ndim > 0", "x.ndim == 0"])
@pytest.mark.parametrize("assignment", ["assignment1", "cs224n_a1"])
def test_a_gradient_check_that_reads_what_it_is_given_earns_nothing(
    assignment: str, guess: str, box: Sandbox, tmp_path: Path, plans: dict[str, Plan]
) -> None:
    path = tmp_path / "q2_gradcheck.py"
    path.write_text(BY_READING.format(guess=guess))
    grade = grade_submission(read_submission(path), plans[assignment], box)
    assert by_name(grade)["gradcheck_naive"].score == 0


@pytest.fixture(scope="module")
def plans() -> dict[str, Plan]:
    return {name: make_plan(load_assignment(name), 11) for name in ("assignment1", "cs224n_a1")}


JUDGE = """\
  is_positive:
    points: 4
    returns: truth
    arguments: {x: "normal(N)"}
    checks: [{value: which, points: 4, cases: [CASES]}]
"""
CASES = ", ".join(f'{{x: "{sign}abs(normal(N))"}}' for sign in ("", "-", "-", "", "", "-", "", "-", "-", "", "", "-"))


def test_the_number_of_the_question_is_no_answer(tmp_path: Path, box: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    course = Course(tmp_path, box, JUDGE.replace("CASES", CASES), "def is_positive(x):\n    return bool(x[0] > 0)\n")
    signs = [c == " " for c in "".join("-" if "-" in case else " " for case in CASES.split(", "))]
    counting = f"ANSWERS = {signs}\ndef is_positive(x):\n    return ANSWERS.pop(0)\n"
    assert course.only(counting).score == 0
    assert course.only("def is_positive(x):\n    return bool(x[0] > 0)\n").score == 4
    monkeypatch.setattr(planning, "_shuffle", lambda drafts, seed, check: drafts)
    assert course.only(counting).score == 4
