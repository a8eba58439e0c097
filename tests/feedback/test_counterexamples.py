"""A witness is a fresh input on which the code really fails, and no hidden one; it is as simple as it can be had."""

from __future__ import annotations

import ast
import math
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from authoring.small import RIGHT, RUBRIC, SQUARE, VARIANTS, assignment
from conftest import GradeSource, by_name
from hypothesis import given
from hypothesis import strategies as st
from planted.assemble import source, variants
from rubric.language import Course

from grader.checks.finding import show_value
from grader.checks.question import Question
from grader.grading.grades import Counterexample, Grade
from grader.inputs.draws import Choice
from grader.inputs.shrinking import SimpleDraws, complexity, simplify
from grader.pipeline import grade, grade_submission, prepare_sandbox
from grader.plan.assignment import load_assignment
from grader.plan.plan import Plan, all_questions, make_plan
from grader.report.audience import for_audience
from grader.report.causes import find_causes
from grader.sandbox.sandbox import Sandbox
from grader.upload import read_submission

pytestmark = pytest.mark.usefixtures("lent")  # starting a jail takes longer than what is claimed here

#: Wrong in as many ways as there are kinds of evidence: values, NaN, an argument, an exception, a yes for a no.
SLIPS = {
    "softmax": "def softmax(x):\n    e = np.exp(x - np.max(x))\n    return e / np.sum(e)\n",
    "sigmoid": "def sigmoid(x):\n    return np.exp(x) / (1 + np.exp(x))\n",
    "sigmoid_grad": "def sigmoid_grad(s):\n    s *= 1 - s\n    return s.copy()\n",
    "cross_entropy": "def cross_entropy(y, y_hat):\n    return -np.sum(y * np.log(y_hat + 1e-12))\n",
    "forward": "def forward(x, W1, b1, W2, b2):\n    raise ValueError('not so')\n",
    "forward_backward_prop": (
        "def forward_backward_prop(data, labels, params, dimensions):\n    return 1.0, np.ones(params.shape)\n"
    ),
    "gradcheck_naive": "def gradcheck_naive(f, x):\n    return True\n",
}
BASE = source(next(variants("right")))


def spoilt(name: str) -> str:
    """The plain right solution with one function that slips."""
    return f"{BASE}\n\n{SLIPS[name]}"


def only(grade: Grade, name: str) -> Counterexample:
    (witness,) = by_name(grade)[name].witnesses
    return witness


def numbers(text: str) -> Any:
    return np.array(ast.literal_eval(text))


def written(text: str) -> list[float]:
    return [float(number) for number in re.findall(r"nan|[-+.\de]+", text)]


@pytest.mark.parametrize("name", SLIPS)
def test_a_function_that_fails_a_hidden_check_gets_one_witness(name: str, grade_source: GradeSource) -> None:
    witness = only(grade_source(spoilt(name)), name)
    assert witness.message
    assert witness.details.inputs


def test_nothing_else_gets_a_witness(grade_source: GradeSource) -> None:
    right, loop = grade_source(BASE), grade_source(f"{BASE}\n\ndef sigmoid(x):\n    while True:\n        pass\n")
    assert [f.name for f in right.functions if f.witnesses] == []
    assert by_name(loop)["sigmoid"].witnesses == (), "what never ends has no answer to show"


@pytest.mark.parametrize(
    "body",
    [
        "import os; os._exit(0)",
        "raise OSError('not allowed here')",
        "import os\n    if np.all(np.round(x, 2) == x):\n        os._exit(0)\n    return 3 * x",
    ],
)
def test_only_an_answer_or_an_exception_of_its_own_is_a_witness(body: str, grade_source: GradeSource) -> None:
    """How a process ends, and what the jail refuses, hang on more than the inputs. Those of a witness are round."""
    grade = by_name(grade_source(f"{BASE}\n\ndef sigmoid(x):\n    {body}\n"))["sigmoid"]
    assert grade.score == 0
    assert grade.witnesses == ()


@pytest.mark.parametrize("name", ["softmax", "sigmoid", "cross_entropy"])
def test_the_code_gives_the_shown_answer_to_the_shown_input(name: str, grade_source: GradeSource) -> None:
    details = only(grade_source(spoilt(name)), name).details
    space: dict[str, Any] = {}
    exec(spoilt(name), space)
    with np.errstate(all="ignore"):
        got = space[name](*(numbers(text) for text in details.inputs.values()))
    assert written(show_value(got)) == pytest.approx(written(details.actual or ""), rel=1e-7, nan_ok=True)


def test_the_numbers_are_round(grade_source: GradeSource) -> None:
    shown = only(grade_source(spoilt("softmax")), "softmax").details.inputs["x"]
    assert all(len(number) <= 4 for number in re.findall(r"[\d.]+", shown))


def test_the_rubric_s_where_holds_for_a_witness(grade_source: GradeSource, plan: Plan) -> None:
    details = only(grade_source(spoilt("forward_backward_prop")), "forward_backward_prop").details
    least = plan.assignment.reference.functions["least_true_probability"]
    values = [numbers(text) for text in details.inputs.values()]
    assert least(*values[:3], tuple(map(int, values[3]))) >= 0.02


def test_no_witness_is_an_input_of_a_check(grade_source: GradeSource, plan: Plan) -> None:
    asked = {tuple(map(show_value, question.situation.values)) for question in all_questions(plan)}
    for name in SLIPS:
        shown = only(grade_source(spoilt(name)), name).details.inputs
        assert tuple(shown.values()) not in asked, name


def test_code_that_keeps_all_it_is_given_has_no_hidden_input_to_show(grade_source: GradeSource, plan: Plan) -> None:
    keeps = "SEEN = []\ndef sigmoid(x):\n    SEEN.append(repr(x.tolist()))\n    print(SEEN)\n    return 0.5 * x\n"
    printed = only(grade_source(f"{BASE}\n\n{keeps}"), "sigmoid").details.printed or ""
    (planned,) = (p for p in plan.functions if p.function.name == "sigmoid")
    hidden = [repr(np.asarray(question.situation.names["x"]).tolist()) for question in _hidden(planned)]
    assert printed
    assert [text for text in hidden if text in printed] == []


def _hidden(planned: Any) -> list[Question]:
    return [q for item in planned.checks if item.check.visibility != "public" for q in item.questions]


# -- who sees what -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "seen"),
    [("", "input"), ("witness: inputs\n", "input"), ("witness: truth\n", "all"), ("witness: nothing\n", "")],
)
def test_students_see_what_the_rubric_lets_them_see(tmp_path: Path, key: str, seen: str) -> None:
    rubric = assignment(tmp_path, RUBRIC.replace("sizes:", f"{key}sizes:"))
    (tmp_path / "hw.py").write_text(SQUARE)
    graded = grade(tmp_path / "hw.py", rubric)
    assert only(graded, "double").details.expected, "an instructor sees all of it"
    witnesses = by_name(for_audience(graded, "student"))["double"].witnesses
    assert len(witnesses) == bool(seen)
    for witness in witnesses:
        assert witness.details.inputs
        assert witness.details.actual
        assert bool(witness.details.expected) == bool(witness.details.worst) == (seen == "all")


def test_a_rubric_that_says_something_else_is_told_what_it_may_say(tmp_path: Path) -> None:
    with pytest.raises(Exception, match="witness"):
        load_assignment(assignment(tmp_path, RUBRIC.replace("sizes:", "witness: everything\nsizes:")))


def test_a_witness_that_a_right_style_would_fail_is_not_shown(tmp_path: Path) -> None:
    # Where every entry is above ten, this right style loses: so no such input is fair, and no other one fails.
    odd = '\n@right("double", name="small numbers")\ndef small(x):\n    return np.where(np.min(x) > 10, 0, 2 * x)\n'
    large = RUBRIC.replace("    checks:", '    forms: {large: {x: "uniform(20, 30, N)"}}\n    checks:')
    large = large.replace("- {value: entries, points: 6}", "- {value: entries, form: large, points: 6}")
    (tmp_path / "hw.py").write_text("import numpy as np\ndef double(x):\n    return np.where(x > 15, 3 * x, 2 * x)\n")
    shown = grade(tmp_path / "hw.py", assignment(tmp_path, large)).functions[0].witnesses
    hidden = grade(tmp_path / "hw.py", assignment_again(tmp_path / "b", large, VARIANTS + odd)).functions[0].witnesses
    assert (len(shown), len(hidden)) == (1, 0)


def assignment_again(folder: Path, rubric: str, variants: str) -> Path:
    return assignment(folder, rubric, variants=variants)


# -- more of them --------------------------------------------------------------------------------------------------


def test_explain_shows_several_and_none_less_simple(tmp_path: Path, plan: Plan, box: Sandbox) -> None:
    (tmp_path / "hw.py").write_text(spoilt("softmax"))
    submission = read_submission(tmp_path / "hw.py")
    one = only(grade_submission(submission, plan, box), "softmax")
    more = by_name(grade_submission(submission, plan, box, "softmax"))["softmax"].witnesses
    assert len(more) > 1
    assert size(more[0]) <= size(one)
    assert len({witness.details.situation for witness in more}) > 1


def size(witness: Counterexample) -> tuple[int, int]:
    return complexity(numbers(text) for text in witness.details.inputs.values())


def test_explain_shrinks_to_whole_numbers(tmp_path: Path) -> None:
    rubric = load_assignment(assignment(tmp_path))
    (tmp_path / "hw.py").write_text(SQUARE)
    with Sandbox() as box:
        prepare_sandbox(box, rubric)
        graded = grade_submission(read_submission(tmp_path / "hw.py"), make_plan(rubric, 3), box, "double")
    (witness, *_) = graded.functions[0].witnesses
    assert all(float(number).is_integer() for number in numbers(witness.details.inputs["x"]))


def test_a_right_solution_has_nothing_to_explain(tmp_path: Path) -> None:
    (tmp_path / "hw.py").write_text(RIGHT)
    assert grade(tmp_path / "hw.py", assignment(tmp_path), explain="double").functions[0].witnesses == ()


def test_a_function_that_the_rubric_lacks_cannot_be_explained(tmp_path: Path) -> None:
    (tmp_path / "hw.py").write_text(RIGHT)
    with pytest.raises(Exception, match="did you mean 'double'"):
        grade(tmp_path / "hw.py", assignment(tmp_path), explain="doubel")


def test_probabilities_in_hundredths_add_up_to_one(plan: Plan) -> None:
    for seed in range(20):
        draws = SimpleDraws(np.random.default_rng(seed), plan.assignment.reference)
        for shape, least in [((4, 6), 0.02), ((3,), 0.0), ((2, 3, 4), 0.05), ((1,), 0.1), ((120,), 0.0), ((70,), 0.01)]:
            drawn = draws.names()["probabilities"](*shape, least=least)
            assert drawn.shape == shape
            assert np.allclose(drawn.sum(axis=-1), 1.0, atol=1e-12)
            assert np.all(drawn >= least - 1e-12)


# -- round numbers -------------------------------------------------------------------------------------------------

ranges = st.tuples(st.floats(-1e4, 1e4), st.floats(1e-3, 1e4)).map(lambda pair: (pair[0], pair[0] + pair[1]))


@given(ranges, st.floats(0, 1))
def test_a_round_number_stays_in_its_range(bounds: tuple[float, float], share: float) -> None:
    low, high = bounds
    drawn = Choice(np.array([low + share * (high - low)]), low, high)
    (value,) = drawn.round_to(drawn.step)
    assert low - 1e-6 * drawn.step <= value <= high + 1e-6 * drawn.step
    assert math.isclose(value / drawn.step, round(value / drawn.step), rel_tol=1e-9, abs_tol=1e-6)


@given(ranges, st.lists(st.floats(0, 1), min_size=1, max_size=6))
def test_what_is_simpler_takes_no_more_digits(bounds: tuple[float, float], shares: list[float]) -> None:
    low, high = bounds
    drawn = Choice(np.array([low + share * (high - low) for share in shares]), low, high)
    first = Choice(drawn.round_to(drawn.step), low, high)
    for (other,) in simplify([first]):
        assert other.value.shape == first.value.shape
        assert np.all(other.value >= low - 1e-9 * abs(low) - 1e-9)
        assert np.all(other.value <= high + 1e-9 * abs(high) + 1e-9)


HINTED = """\
  f:
    points: 3
    arguments: {x: "normal(N, M)"}
    forms: {vector: {x: "normal(M)"}}
    checks:
      - {value: rows, points: 2, hint: "Two rows?"}
      - {value: a vector, form: vector, points: 1}
"""


@pytest.mark.parametrize(
    ("answer", "is_shown"),
    [("x + np.cos(x)", False), ("x + np.cos(x) if x.ndim > 1 else x.copy()", True)],
)
def test_a_hint_is_told_only_of_such_inputs_as_its_check_asks(
    answer: str, is_shown: bool, tmp_path: Path, box: Sandbox
) -> None:
    """Of two rows, say, where the example is a vector."""
    course = Course(tmp_path, box, HINTED, "def f(x):\n    return x.copy()\n")
    graded = for_audience(course.grade(f"import numpy as np\ndef f(x):\n    return {answer}\n"), "student")
    (cause,) = find_causes(graded)
    assert (cause.hint == "Two rows?") is is_shown
    assert cause.example is not None
    assert cause.example.differs.startswith("No entry is right: ")


IN_PLACE = """\
  f:
    points: 3
    arguments: {x: "normal(N)", y: "normal(N)"}
    checks:
      - {value: sums, points: 2}
      - {unchanged: leaves both alone, points: 1}
"""


def test_students_read_which_argument_is_changed_on_a_fresh_input(tmp_path: Path, box: Sandbox) -> None:
    course = Course(tmp_path, box, IN_PLACE, "def f(x, y):\n    return x + y\n")
    graded = course.grade("import numpy as np\ndef f(x, y):\n    y *= 2\n    return x * y\n")
    (cause,) = find_causes(for_audience(graded, "student"))
    assert cause.said_mistake == "an argument is changed: y"
    assert cause.mistake == "an argument is changed"
    assert cause.example is not None
    assert cause.example.argument == "y"  # wrong numbers are shown only where nothing says why


SORTED = """\
  f:
    points: 3
    arguments: {x: "uniform(0, 9, 4)"}
    forms: {in_order: {x: "cumsum(uniform(0.5, 1, 4))"}}
    returns: truth
    checks:
      - {value: mixed, points: 2, times: 12}
      - {value: in order, points: 1, form: in_order}
"""


@pytest.mark.parametrize("explained", ["", "f"])
def test_a_wrong_yes_has_beside_it_an_input_that_is_answered_right(
    explained: str, tmp_path: Path, box: Sandbox
) -> None:
    course = Course(tmp_path, box, SORTED, "def f(x):\n    return bool(np.all(np.diff(x) > 0))\n")
    (tmp_path / "hw.py").write_text("def f(x):\n    return bool(x[0] < x[1])\n")
    plan = course.plan(4)
    shown = grade_submission(read_submission(tmp_path / "hw.py"), plan, box, explained).functions[0].witnesses[0]
    assert shown.message == "It answers True where False is right."
    wrong = numbers(shown.details.inputs["x"])
    assert wrong[0] < wrong[1]
    assert (np.diff(wrong) <= 0).any()
    counted = re.search(
        r"Of (\d+) new inputs: where True is right \((\d+)\), it answers True; where False is right \((\d+)\), it",
        shown.details.tried,
    )
    assert counted
    every, due, others = map(int, counted.groups())
    assert every == due + others
    if not explained:
        right = numbers(shown.details.right_on["x"])
        assert right[0] >= right[1]


def test_before_a_no_that_is_remembered_stands_an_input_to_which_no_is_right(tmp_path: Path, box: Sandbox) -> None:
    course = Course(tmp_path, box, SORTED, "def f(x):\n    return bool(np.all(np.diff(x) > 0))\n")
    source = "SEEN = []\ndef f(x):\n    SEEN.append(np.all(np.diff(x) > 0))\n    return all(SEEN)\n"
    shown = course.grade(source, 4).functions[0].witnesses[0]
    assert shown.message == "After its first False it answers False to everything."
    assert (np.diff(numbers(shown.details.earlier["x"])) <= 0).any()
    assert (np.diff(numbers(shown.details.inputs["x"])) > 0).all()


def test_how_a_yes_or_no_errs_is_told_to_students_as_far_as_examples_are(tmp_path: Path, box: Sandbox) -> None:
    course = Course(tmp_path, box, SORTED, "def f(x):\n    return bool(np.all(np.diff(x) > 0))\n")
    course.rubric.write_text(course.rubric.read_text().replace("sizes:", "witness: nothing\nsizes:"))
    graded = course.grade("def f(x):\n    return True\n")
    assert by_name(graded)["f"].witnesses[0].details.tried
    assert "tried" not in repr(find_causes(for_audience(graded, "student")))
    assert "to everything" not in repr(find_causes(for_audience(graded, "student")))


def test_a_bound_is_asked_of_its_own_drawn_cases(tmp_path: Path, box: Sandbox) -> None:
    """No value of the reference's is due there, and of other inputs nothing is said."""
    course = Course(tmp_path, box, BOUNDED, "def f(x):\n    return float(np.sum(x))\n")
    graded = course.only("def f(x):\n    return float(np.sum(x)) if len(x) == 3 else 1.0\n")
    (witness,) = graded.witnesses
    assert witness.asked_by == ("a bound",)
    assert numbers(witness.details.inputs["x"]).shape == (2,)
    assert witness.details.actual == "1.0"


BOUNDED = """\
  f:
    points: 2
    arguments: {x: "uniform(1, 2, 3)"}
    returns: number
    checks:
      - {value: sums, points: 1}
      - {value: a bound, points: 1, expect: ">= 5", cases: [{x: "uniform(3, 4, 2)"}]}
"""
