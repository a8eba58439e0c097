"""Checks in Python beside the reference: what they may ask, how they pay, and whose fault it is where they stumble."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from rubric.language import Course

from grader.authoring.verify import verify_assignment
from grader.cli import main
from grader.errors import BrokenReference, RubricError
from grader.grading.grades import CheckGrade, FunctionGrade
from grader.plan.assignment import load_assignment
from grader.plan.plan import make_plan
from grader.report.audience import for_audience
from grader.sandbox.sandbox import Sandbox
from grader.verdict import Verdict

pytestmark = pytest.mark.usefixtures("lent")  # starting a jail takes longer than what is claimed here

MakeCourse = Callable[[str, str], Course]


@pytest.fixture
def course(tmp_path: Path, box: Sandbox) -> MakeCourse:
    return lambda functions, reference: Course(tmp_path, box, functions, reference)


def asked(*lines: str, function: str = "f", title: str = "asked", points: int = 2, more: str = "") -> str:
    body = "\n".join(f"    {line}" for line in lines)
    head = f'@check("{function}", title="{title}", points={points}{more})'
    marks = "\nfrom grader.reference import check, mistake, right\n"
    return f"{marks}{head}\ndef looks(student, draw):\n{body}\n"


def said(function: FunctionGrade, title: str = "asked") -> CheckGrade:
    return next(check for check in function.checks if check.title == title)


CHAIN = "  metropolis: {points: 10}\n"
CHAIN_SOLVED = """
def metropolis(log_density, x0, count, size, rng):
    x, chain = x0, []
    for _ in range(count):
        new = x + size * rng.normal()
        if np.log(rng.uniform()) < log_density(new) - log_density(x):
            x = new
        chain.append(x)
    return np.array(chain)
"""
CHAIN_CHECKED = (
    CHAIN_SOLVED
    + """
from grader.reference import check, mistake, right

def log_density(x):
    return -x**2 / 2

def standard_error(x):
    return np.sqrt(np.var(x) * 20 / len(x))

@check("metropolis", title="the chain visits the bell", points=6, false_alarm=1e-6, visibility="public")
def visits_the_bell(student, draw):
    x = student.metropolis(log_density, 0.0, 1500, 1.0, draw.rng())[300:]
    draw.close(x.mean(), 0.0, within=6 * standard_error(x), hint="Accept with probability min(1, ratio).")
    draw.between(x.std(), 0.5, 1.5, what="the width of the bell")

@check("metropolis", title="it stays within a box", points=4, requires=["the chain visits the bell"])
def box(student, draw):
    wall = draw.counted(lambda x: 0.0 if abs(x) < 1 else -np.inf)
    x = student.metropolis(wall, 0.0, 100, 1.0, draw.rng())
    draw.holds(abs(x).max() < 1, what="all points lie in the box")
    draw.equal(x.shape, (100,))
    draw.holds(wall.calls <= 220)

@mistake("metropolis", name="always accepts", hint="Who says no?")
def accepts(log_density, x0, count, size, rng):
    return x0 + np.cumsum([size * rng.normal() + 0 * rng.uniform() for _ in range(count)])

@right("metropolis")
def remembers(log_density, x0, count, size, rng):
    x, old, chain = x0, log_density(x0), []
    for _ in range(count):
        new = x + size * rng.normal()
        value = log_density(new)
        if rng.uniform() < np.exp(min(0.0, value - old)):
            x, old = new, value
        chain.append(x)
    return np.array(chain)
"""
)
ACCEPTS = """
def metropolis(log_density, x0, count, size, rng):
    x, chain = x0, []
    for _ in range(count):
        x = x + size * rng.normal()
        rng.uniform()
        chain.append(x)
    return np.array(chain)
"""


def test_a_chain_is_asked_with_functions_of_ours_and_pays_where_it_is_right(course: MakeCourse) -> None:
    made = course(CHAIN, CHAIN_CHECKED)
    assert made.only(CHAIN_SOLVED).score == 10
    wrong = made.grade(ACCEPTS, seed=3).functions[0]
    first = said(wrong, "the chain visits the bell")
    assert (wrong.score, first.verdict, first.hint) == (0, Verdict.FAILED, "Accept with probability min(1, ratio).")
    assert [mistake.name for mistake in wrong.mistakes] == ["always accepts"]


def test_one_seed_asks_the_same_and_finds_the_same(course: MakeCourse) -> None:
    made = course(CHAIN, CHAIN_CHECKED)
    first, second = (said(made.grade(ACCEPTS, seed=5).functions[0], "the chain visits the bell") for _ in range(2))
    other = said(made.grade(ACCEPTS, seed=6).functions[0], "the chain visits the bell")
    assert first.details == second.details
    assert first.details != other.details


def test_verify_holds_a_chain_against_trivial_submissions_styles_and_mistakes(course: MakeCourse) -> None:
    found = verify_assignment(course(CHAIN, CHAIN_CHECKED).rubric, seed=3)
    assert [text for section in found.sections for text in section.differences] == []
    assert {section.name for section in found.sections} >= {"mistakes", "other styles", "trivial"}


def test_the_reference_answers_calls_of_a_function_that_is_missing(course: MakeCourse) -> None:
    functions = (
        '  f: {points: 2, needs: [g]}\n  g: {points: 2, arguments: {x: "normal(N)"}, checks: [{value: v, points: 2}]}\n'
    )
    solved = "def g(x):\n    return 2 * x\ndef f(x):\n    return g(x) + 1\n"
    checked = solved + asked("x = draw.normal(3)", "draw.close(student.f(x), 2 * x + 1)")
    made = course(functions, checked)
    f, g = made.grade(solved.replace("2 * x", "3 * x")).functions
    assert (f.score, f.verdict, g.score) == (2, Verdict.CARRIED, 0)


ONE = "  f: {points: 2}\n"
TWICE = "def f(x):\n    return 2 * x\n"


def test_students_see_of_a_hidden_check_the_title_the_verdict_and_the_hint_alone(course: MakeCourse) -> None:
    checked = TWICE + asked("x = draw.normal(3)", "draw.close(student.f(x), 2 * x, hint='Double it.')")
    shown = said(for_audience(course(ONE, checked).grade("def f(x):\n    return 3 * x\n"), "student").functions[0])
    assert (shown.verdict, shown.hint, shown.details) == (Verdict.FAILED, "Double it.", None)


def test_a_public_check_shows_what_it_says(course: MakeCourse) -> None:
    lines = ("x = draw.normal(3)", "draw.show(x=x)", "draw.close(student.f(x), 2 * x, what='twice')")
    checked = TWICE + asked(*lines, more=', visibility="public", hint="Double it."')
    shown = said(for_audience(course(ONE, checked).grade("def f(x):\n    return 3 * x\n"), "student").functions[0])
    assert shown.details is not None
    assert (shown.hint, shown.details.note, list(shown.details.inputs)) == ("Double it.", "twice", ["x"])


def test_what_a_student_raises_or_never_ends_is_theirs(course: MakeCourse) -> None:
    made = course(ONE, TWICE + asked("draw.close(student.f(1.0), 2.0)"))
    raising = said(made.only("def f(x):\n    return [][1]\n"))
    assert (raising.verdict, raising.message) == (Verdict.ERROR, "The call raised IndexError.")
    assert said(made.only("def f(x):\n    while True: pass\n")).verdict is Verdict.TIMEOUT
    assert said(made.only("import os\ndef f(x):\n    os._exit(3)\n")).verdict is Verdict.ERROR


def test_a_value_of_another_form_than_the_reference_is_the_students(course: MakeCourse) -> None:
    made = course(ONE, TWICE + asked("y = student.f(np.ones(4))", "draw.holds(y[3] * y.mean() == 4)"))
    none, short, text = (made.only(f"def f(x):\n    return {what}\n") for what in ("None", "x[:3]", "'four'"))
    assert [each.score for each in (none, short, text)] == [0, 0, 0]
    assert [said(each).message for each in (none, short)] == [
        "The function returned nothing (None): is a return statement missing?",
        "The result has the wrong shape.",
    ]


def test_nobody_makes_a_check_stumble_over_numbers_that_no_reference_gives(course: MakeCourse) -> None:
    made = course(ONE, TWICE + asked("y = student.f(1.0)", "draw.holds([1, 2, 3][int(y)])"))
    graded = [made.only(f"def f(x):\n    return {what}\n") for what in ("np.nan", "np.inf", "2j")]
    assert [each.score for each in graded] == [0, 0, 0]
    assert said(graded[0]).message == "The result holds NaN (not a number)."


def test_a_check_that_stumbles_over_a_value_of_the_right_form_is_the_assignments(course: MakeCourse) -> None:
    made = course(ONE, TWICE + asked("y = student.f(1.0)", "draw.holds([1, 2, 3][int(y)])"))
    wrong = made.folder / "hw.py"
    wrong.write_text("def f(x):\n    return 7.0\n")
    function = made.only("def f(x):\n    return 7.0\n")
    assert (function.verdict, function.score) == (Verdict.NOT_GRADED, None)
    done = CliRunner().invoke(main, [str(wrong), "--rubric", str(made.rubric)])
    assert done.exit_code == 3
    assert "solution.py:9: the check 'asked' in Python fails: IndexError" in done.output


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        (("draw.close(student.f(1.0), 3.0)",), "doesn't pass the check 'asked'"),
        (("1 / 0",), "solution.py:8: the check 'asked' in Python fails: ZeroDivisionError"),
        (("student.g(1.0)",), "it may ask for f; the rubric's needs: names other functions"),
        (("draw.norml(3)",), "draw.norml: there is no such thing; did you mean 'normal'?"),
        (("pass",), "asks nothing of student"),
        (("draw.close(student.f(draw), 2.0)",), "can't be sent"),
    ],
)
def test_a_check_that_fails_by_itself_is_a_fault_of_the_assignment(
    course: MakeCourse, lines: tuple[str, ...], text: str
) -> None:
    made = course(ONE, TWICE + asked(*lines))
    with pytest.raises(BrokenReference) as caught:
        make_plan(load_assignment(made.rubric))
    assert text in str(caught.value)


@pytest.mark.parametrize(
    ("functions", "check", "text"),
    [
        ("  f: {points: 3}\n", asked("student.f(1)"), "the checks of f sum to 2 points, not to 3"),
        (ONE, asked("student.f(1)", function="ff"), "@check: the rubric has no function 'ff'; did you mean 'f'?"),
        (ONE, asked("student.f(1)", more=', requires=["none"]'), "requires takes values, nothing, or titles"),
        ("  f: {points: 2, arguments: {x: 1}, checks: [{repeatable: asked}]}\n", asked("student.f(1)"), "two checks"),
    ],
)
def test_what_a_rubric_and_its_checks_in_python_say_against_each_other_is_told_with_its_line(
    course: MakeCourse, functions: str, check: str, text: str
) -> None:
    with pytest.raises(RubricError) as caught:
        load_assignment(course(functions, TWICE + check).rubric)
    assert any(text in flaw.message for flaw in caught.value.flaws)


@pytest.mark.parametrize(
    ("more", "text"),
    [
        (', visibility="secret"', "solution.py:6: visibility is 'secret'; allowed are: public, hidden"),
        (", false_alarm=2", "solution.py:6: ValueError: false_alarm is a share from 0 to 1"),
    ],
)
def test_what_a_mark_says_wrongly_is_told_with_its_line(course: MakeCourse, more: str, text: str) -> None:
    with pytest.raises(BrokenReference) as caught:
        load_assignment(course(ONE, TWICE + asked("student.f(1)", more=more)).rubric)
    assert text in str(caught.value)


def test_other_checks_of_a_function_wait_for_those_in_python_where_none_draws_values(course: MakeCourse) -> None:
    functions = '  f: {points: 3, arguments: {x: "normal(N)"}, checks: [{unchanged: leaves x alone, points: 1}]}\n'
    made = course(functions, TWICE + asked("draw.close(student.f(1.0), 2.0)"))
    assert made.only("def f(x):\n    return 2 * x\n").score == 3
    assert made.only("def f(x):\n    return 3 * x\n").score == 0


def test_objects_stay_with_the_student_and_are_called_set_and_looked_at(course: MakeCourse) -> None:
    solved = (
        "class Net:\n    def __init__(self, n):\n        self.params = {'W': np.zeros(n)}\n        self.rate = 1.0\n"
    )
    solved += "    def step(self, g):\n        self.params['W'] -= self.rate * g\n"
    solved += "        return float(self.params['W'].sum())\n"
    lines = (
        "net, g = student.Net(3), draw.normal(3)",
        "net.params['W'] = np.ones(3)",
        "net.rate = 0.5",
        "total = net.step(g)",
        "draw.close(total, 3 - 0.5 * g.sum())",
        "draw.close(student.value(net.params['W']), 1 - 0.5 * g)",
    )
    functions = '  Net.step: {points: 2, call: "Net(3).step(g)", arguments: {g: "normal(3)"}}\n'
    made = course(functions, solved + asked(*lines, function="Net.step"))
    assert made.only(solved).score == 2
    assert made.only(solved.replace("self.rate * g", "g")).score == 0


def test_what_a_call_does_in_place_is_seen_in_what_is_kept(course: MakeCourse) -> None:
    solved = "def f(V, s):\n    V[s] += 1.0\n"
    lines = ("V = student.keep(np.zeros(4))", "student.f(V, 2)", "student.f(V, 2)")
    made = course(ONE, solved + asked(*lines, "draw.equal(student.value(V), [0, 0, 2, 0])"))
    assert made.only(solved).score == 2
    assert made.only("def f(V, s):\n    V = V.copy()\n    V[s] += 1.0\n").score == 0


def test_exceptions_and_printed_text_can_be_asked_for(course: MakeCourse) -> None:
    solved = "def f(x):\n    if x < 0:\n        raise ValueError('x')\n    print('done')\n    return x\n"
    lines = ("draw.raises(ValueError, student.f, -1.0)", "student.f(1.0)", "draw.equal(student.printed, 'done\\n')")
    made = course(ONE, solved + asked(*lines))
    assert made.only(solved).score == 2
    assert said(made.only(solved.replace("raise ValueError('x')", "return 0"))).message == (
        "The call should have raised an exception, and raised none."
    )
    assert made.only(solved.replace("ValueError('x')", "KeyError('x')")).score == 0
    assert made.only(solved.replace("print('done')", "pass")).score == 0


def test_a_comparison_within_a_function_of_ours_ends_the_check(course: MakeCourse) -> None:
    lines = ("def g(x):", "    draw.holds(x >= 0, hint='Stay inside.')", "    return x", "student.f(g)")
    made = course(ONE, "def f(g):\n    return g(1.0)\n" + asked(*lines))
    assert made.only("def f(g):\n    return g(1.0)\n").score == 2
    outside = made.only("def f(g):\n    try:\n        return g(-1.0)\n    except Exception:\n        return 1.0\n")
    assert (outside.score, said(outside).hint) == (0, "Stay inside.")


def test_a_function_of_ours_tells_the_child_nothing_but_what_it_answers(course: MakeCourse) -> None:
    lines = ("secret = 7.25", "g = lambda k: k + secret - secret", "draw.close(student.f(g), 1.0)")
    made = course(ONE, "def f(g):\n    return g(1.0)\n" + asked(*lines))
    looking = (
        "def f(g):\n    held = [c.cell_contents for c in g.__closure__ or ()] + [g.__name__, g.__code__.co_consts]\n"
    )
    looking += "    return 2.0 if '7.25' in repr(held) or 'lambda' in repr(held) else g(1.0)\n"
    assert made.only(looking).score == 2


def test_equal_answers_hide_no_difference_that_a_check_counted(course: MakeCourse) -> None:
    solved = "def f(g, x):\n    return g(x)\n"
    lines = ("g = draw.counted(lambda x: 2 * x)", "draw.equal(student.f(g, 3.0), 6.0)", "draw.holds(g.calls == 1)")
    made = course(ONE, solved + asked(*lines))
    plan, twice = made.plan(3), "def f(g, x):\n    g(x)\n    return g(x)\n"
    graded = [made.grade(source, plan=plan).functions[0].score for source in (solved, twice, solved)]
    assert graded == [2, 0, 2]
