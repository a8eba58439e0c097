"""What rubrics can say beyond a call and its value: each feature grades what is right as right, and bites."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from rubric.language import Course

from grader.errors import BrokenReference, RubricError
from grader.reference import load_reference
from grader.sandbox.sandbox import Sandbox
from grader.verdict import Verdict

MakeCourse = Callable[[str, str], Course]


@pytest.fixture
def course(tmp_path: Path, box: Sandbox) -> MakeCourse:
    return lambda functions, reference: Course(tmp_path, box, functions, reference)


# -- calls of several functions ----------------------------------------------------------------------------------------

LAYER = """\
  forward:
    points: 1
    arguments: {x: "normal(N, M)", w: "normal(M)"}
    call: "forward(x, w)[0]"
    checks: [{value: output, points: 1}]
  backward:
    points: 2
    arguments: {dout: "normal(N)", x: "normal(N, M)", w: "normal(M)"}
    call: "backward(dout, forward(x, w)[1])"
    returns: [dx, dw]
    checks: [{value: dx, part: dx, points: 1}, {value: dw, part: dw, points: 1}]
"""
LAYER_SOLVED = """
def forward(x, w):
    return x @ w, (x, w)
def backward(dout, cache):
    x, w = cache
    return np.outer(dout, w), x.T @ dout
"""


def test_what_one_of_their_functions_hands_to_another_may_be_anything(course: MakeCourse) -> None:
    grade = course(LAYER, LAYER_SOLVED).grade("""
class Kept:
    def __init__(self, x, w):
        self.back = lambda dout: (np.outer(dout, w), x.T @ dout)
def forward(x, w):
    return x @ w, Kept(x, w)
def backward(dout, cache):
    return cache.back(dout)
""")
    assert grade.verdict is Verdict.PASSED


def test_what_a_function_keeps_for_another_is_its_own_affair(course: MakeCourse) -> None:
    grade = course(LAYER, LAYER_SOLVED).grade("""
def forward(x, w):
    return x @ w, "nothing of use"
def backward(dout, cache):
    x, w = cache
    return np.outer(dout, w), x.T @ dout
""")
    assert [function.verdict for function in grade.functions] == [Verdict.PASSED, Verdict.ERROR]


def test_points_are_carried_where_the_cache_comes_from_a_function_that_stops(course: MakeCourse) -> None:
    grade = course(LAYER, LAYER_SOLVED).grade("""
def forward(x, w):
    raise ValueError("not yet")
def backward(dout, cache):
    x, w = cache
    return np.outer(dout, w), x.T @ dout
""")
    forward, backward = grade.functions
    assert (forward.score, backward.score, backward.verdict) == (0, 2, Verdict.CARRIED)


MODEL = """\
  Model.fit:
    points: 3
    arguments: {x: "normal(N, M)", scale: "uniform(1, 2)"}
    call: ["model = Model(scale).fit(x)", "(model.mean, model.predict(x))"]
    returns: [mean, prediction]
    checks:
      - {value: both, points: 1}
      - {property: fit gives the object, law: "Model(scale).fit(x).mean == Model(scale).fit(x).fit(x).mean", points: 1}
      - {unchanged: leaves x alone, points: 1}
"""
MODEL_SOLVED = """
class Model:
    def __init__(self, scale):
        self.scale = scale
    def fit(self, x):
        self.mean = self.scale * x.mean(axis=0)
        return self
    def predict(self, x):
        return x - self.mean
"""


def test_methods_are_called_on_the_students_own_objects(course: MakeCourse) -> None:
    assert course(MODEL, MODEL_SOLVED).only(MODEL_SOLVED).verdict is Verdict.PASSED


def test_a_method_that_is_wrong_or_changes_its_argument_is_found_out(course: MakeCourse) -> None:
    wrong = MODEL_SOLVED.replace("self.scale * x.mean", "x.mean")
    made = course(MODEL, MODEL_SOLVED)
    assert made.only(wrong).score == 0
    spoiling = made.only(MODEL_SOLVED.replace("        return self\n", "        x *= 0\n        return self\n"))
    assert [check.title for check in spoiling.checks if check.score == 0][-1] == "leaves x alone"


@pytest.mark.parametrize(
    "source", [MODEL_SOLVED.replace("def fit", "def fitt"), "class Other:\n    pass\n", "Model = 3\n"]
)
def test_a_method_that_is_not_there_is_missing(course: MakeCourse, source: str) -> None:
    assert course(MODEL, MODEL_SOLVED).only(source).verdict is Verdict.MISSING


def test_a_students_own_function_can_be_an_argument_of_another(course: MakeCourse) -> None:
    functions = """\
  twice:
    points: 1
    arguments: {x: "normal(N)"}
    checks: [{value: numbers, points: 1}]
  apply:
    points: 1
    arguments: {x: "normal(N)"}
    call: "apply(twice, x)"
    checks: [{value: applied, points: 1}]
"""
    solved = "def twice(x):\n    return 2 * x\ndef apply(f, x):\n    return f(x) + 1\n"
    made = course(functions, solved)
    assert made.grade(solved).score == 2
    assert made.grade(solved.replace("f(x) + 1", "twice(f(x))")).score == 1


# -- objects that the child makes --------------------------------------------------------------------------------------


def test_a_generator_is_numpys_own_in_its_first_state_at_every_call(course: MakeCourse) -> None:
    functions = """\
  draw:
    points: 2
    let: {seed: "integers(0, 100)"}
    arguments: {generator: "rng(seed)", x: "normal(N)"}
    checks:
      - {value: a draw, points: 1}
      - {repeatable: the same again, points: 1}
"""
    made = course(functions, "def draw(generator, x):\n    return x + generator.normal(size=x.shape)\n")
    right = "def draw(generator, x):\n    assert type(generator) is np.random.Generator\n"
    right += "    return generator.normal(size=len(x)) + x\n"
    assert made.only(right).verdict is Verdict.PASSED
    assert made.only("def draw(generator, x):\n    return x + np.random.normal(size=x.shape)\n").score == 0


def test_a_generator_that_two_calls_share_goes_on_where_the_first_left_it(course: MakeCourse) -> None:
    functions = """\
  start:
    points: 0
    arguments: {generator: "rng(1)"}
    checks: []
  go_on:
    points: 1
    let: {seed: "integers(0, 100)"}
    arguments: {generator: "rng(seed)", x: "normal(N)"}
    call: ["a = start(generator)", "go_on(a, generator, x)"]
    checks: [{value: two draws, points: 1}]
"""
    solved = "def start(generator):\n    return generator.normal()\n"
    solved += "def go_on(a, generator, x):\n    return x + a + 2 * generator.normal()\n"
    made = course(functions, solved)
    assert made.grade(solved).functions[1].score == 1
    assert made.grade(solved.replace("a + 2 * generator.normal()", "3 * a")).functions[1].score == 0


def test_an_object_of_the_references_class_keeps_its_state_within_one_call_only(course: MakeCourse) -> None:
    functions = """\
  take:
    points: 2
    arguments: {tray: "object(Tray, items=normal(N))", count: 2}
    checks:
      - {value: what was taken, at: [two], points: 1}
      - {repeatable: the same again, points: 1}
"""
    reference = """
class Tray:
    def __init__(self, *, items):
        self.items = list(items)
    def next(self):
        return self.items.pop(0)
def take(tray, count):
    return np.array([tray.next() for _ in range(count)])
"""
    made = course(functions, reference)
    assert made.only("def take(tray, count):\n    return np.array([tray.next(), tray.next()])\n").score == 2
    assert made.only("def take(tray, count):\n    return np.array([tray.next()] * count)\n").score == 0


# -- comparisons -------------------------------------------------------------------------------------------------------


def test_an_eigenvector_may_point_either_way_and_nowhere_else(course: MakeCourse) -> None:
    functions = """\
  axes:
    points: 1
    let: {a: "normal(M, M)"}
    arguments: {s: "a + a.T + 3*diag(arange(M))"}
    up_to: sign of columns
    checks: [{value: axes of a symmetric matrix, points: 1}]
"""
    made = course(functions, "def axes(s):\n    return np.linalg.eigh(s)[1]\n")
    assert made.only("def axes(s):\n    return np.linalg.eigh(s)[1] * np.array([1, -1, -1])\n").score == 1
    assert made.only("def axes(s):\n    return np.abs(np.linalg.eigh(s)[1])\n").score == 0
    assert made.only("def axes(s):\n    return np.linalg.eigh(s)[1].T\n").score == 0


DECAY = """\
  decay:
    points: 3
    arguments: {y: "uniform(0.5, 2)", n: 4}
    returns: number
    checks:
      - {value: the steps, points: 1}
      - {converges: with the second power, over: {n: [8, 16, 32, 64]}, to: "y*exp(-1)", order: 2, points: 2}
"""
DECAY_SOLVED = "def decay(y, n):\n    for _ in range(n):\n        y = y * (1 - 1/n + 1/(2*n*n))\n    return y\n"


def test_errors_fall_with_the_promised_power_of_the_step(course: MakeCourse) -> None:
    assert course(DECAY, DECAY_SOLVED).only(DECAY_SOLVED).score == 3


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("return y * (1 - 1/n) ** n", "order 1.0"),
        ("return y * np.exp(-1)", "no falling error"),
        ("return y * np.exp(-1) + n", "no falling error"),
        ("return y * np.exp(-1) + n ** -3.0", "order 3.00"),
        ("return float('nan')", "no falling error"),
        ("return np.float32(y * (1 - 1/n) ** n)", "order 1.0"),
        ("return np.float32(y * np.exp(-1) + n ** -3.0)", "order 3.00"),
        ("return np.float16(y * np.exp(-1))", "no falling error"),
    ],
)
def test_another_order_of_convergence_is_no_order(course: MakeCourse, body: str, why: str) -> None:
    free = DECAY.replace("order: 2, points: 2", "order: 2, requires: nothing, points: 2")
    function = course(free, DECAY_SOLVED).only(f"def decay(y, n):\n    {body}\n")
    order = next(check for check in function.checks if check.kind == "converges")
    assert order.score == 0
    assert order.details is not None
    assert why in (order.details.actual or "")


def test_errors_that_are_rounding_say_nothing_about_the_order(course: MakeCourse) -> None:
    finest = course(DECAY.replace("[8, 16, 32, 64]", "[32, 64, 128, 1024]"), DECAY_SOLVED)
    assert finest.only(DECAY_SOLVED.replace("return y", "return np.float32(y)")).score == 3


# -- answers in print --------------------------------------------------------------------------------------------------

VERDICTS = """\
  is_even:
    points: 1
    arguments: {n: "2*integers(0, 50)"}
    returns: truth
    answer: printed
    checks: [{value: tells, cases: [{n: "2*integers(0, 50)"}, {n: "2*integers(0, 50) + 1"}], points: 1}]
"""


@pytest.mark.parametrize(
    ("body", "points"),
    [
        ("print('passed' if n % 2 == 0 else 'failed')", 1),
        ("print('Check', 'PASSED!' if n % 2 == 0 else 'FAILED.')", 1),
        ("return n % 2 == 0", 1),
        ("return int(n % 2 == 0)", 1),
        ("print('passed')", 0),
        ("print('failed, passed')", 0),
        ("print('surpassed' if n % 2 == 0 else 'failed')", 0),
        ("print('failed' if n % 2 == 0 else 'passed')", 0),
        ("print('passed') if n % 2 == 0 else print('failed passed')", 0),
        ("print('passed failed') if n % 2 == 0 else print('failed')", 0),
    ],
)
def test_a_printed_answer_counts_like_a_returned_one(course: MakeCourse, body: str, points: int) -> None:
    made = course(VERDICTS, "def is_even(n):\n    return n % 2 == 0\n")
    assert made.only(f"def is_even(n):\n    {body}\n").score == points


def test_an_answer_that_says_both_is_no_known_mistake(course: MakeCourse) -> None:
    always = '@mistake("is_even", name="yes", hint="?")\ndef yes(n):\n    return True\n'
    right = "from grader.reference import mistake\ndef is_even(n):\n    return n % 2 == 0\n"
    made = course(VERDICTS, right + always)
    both = made.only("def is_even(n):\n    if n % 2:\n        print('failed')\n    print('passed')\n")
    assert (both.score, both.mistakes) == (0, ())
    yes = made.only("def is_even(n):\n    print('passed')\n")
    assert [mistake.name for mistake in yes.mistakes] == ["yes"]


def test_a_number_may_be_printed_last(course: MakeCourse) -> None:
    functions = """\
  total:
    points: 1
    arguments: {x: "normal(N)"}
    returns: number
    scale: 1
    answer: printed
    checks: [{value: the sum, points: 1}]
"""
    made = course(functions, "def total(x):\n    return x.sum()\n")
    assert made.only("def total(x):\n    print('sum of', len(x), 'numbers:', x.sum())\n").score == 1
    assert made.only("def total(x):\n    print('sum:', x.sum() + 1)\n").score == 0


# -- optional functions, signatures, files, remarks --------------------------------------------------------------------

EXTRA = """\
  need:
    points: 10
    arguments: {x: "normal(N)"}
    checks: [{value: numbers, points: 10}]
  more:
    points: 5
    optional: true
    arguments: {x: "normal(N)"}
    checks: [{value: numbers, points: 5}]
"""
EXTRA_SOLVED = "def need(x):\n    return x + 1\ndef more(x):\n    return x + 2\n"


@pytest.mark.parametrize(
    ("source", "score", "verdict"),
    [
        (EXTRA_SOLVED, 15, Verdict.PASSED),
        ("def need(x):\n    return x + 1\n", 10, Verdict.PASSED),
        ("def need(x):\n    return x + 1\ndef more(x):\n    return x\n", 10, Verdict.PASSED),
        ("def more(x):\n    return x + 2\n", 5, Verdict.PARTLY),
    ],
)
def test_an_optional_function_can_only_add(course: MakeCourse, source: str, score: int, verdict: Verdict) -> None:
    grade = course(EXTRA, EXTRA_SOLVED).grade(source)
    assert (grade.score, grade.max_score, grade.verdict) == (score, 10, verdict)


YEARS = """\
  shifted:
    points: 1
    also: [shift]
    arguments: {x: "normal(N)", by: "normal(N)"}
    signatures:
      - [x, by]
      - {pass: [x], globals: [by]}
    checks: [{value: numbers, points: 1}]
"""
YEARS_SOLVED = "def shifted(x, by):\n    return x + by\n"


@pytest.mark.parametrize(
    ("source", "points"),
    [
        (YEARS_SOLVED, 1),
        ("by = np.zeros(4)\ndef shifted(x):\n    return x + by\n", 1),
        ("def shift(x):\n    return x + by\n", 1),
        ("shifted = lambda x: x + by\n", 1),
        ("def shifted(*args):\n    return args[0] + args[1]\n", 1),
        ("def shifted(x, by=None):\n    return x + by\n", 1),
        ("by = np.zeros(4)\ndef shifted(x):\n    return x\n", 0),
        ("def shifted(x):\n    return by\n", 0),
        ("def shifted():\n    return by\n", 0),
    ],
)
def test_a_function_is_called_by_the_signature_that_it_has(course: MakeCourse, source: str, points: int) -> None:
    assert course(YEARS, YEARS_SOLVED).only(source).score == points


def test_a_signature_that_asks_for_more_than_the_first_one_gives_is_the_second(course: MakeCourse) -> None:
    longer = YEARS.replace("- [x, by]", "- [x]").replace("- {pass: [x], globals: [by]}", "- [x, by]")
    made = course(longer, "def shifted(x):\n    return 2 * x\n")
    assert made.only("def shifted(x):\n    return 2 * x\n").score == 1
    assert made.only("def shifted(x, unused):\n    return 2 * x\n").score == 1


def test_a_function_is_taken_from_the_file_that_the_rubric_names(course: MakeCourse) -> None:
    functions = """\
  q1:solve:
    points: 1
    arguments: {x: "normal(N)"}
    checks: [{value: numbers, points: 1}]
"""
    made = course(functions, "def solve(x):\n    return x + 1\n")
    files = {"q0.py": "def solve(x):\n    return x\n", "q1.py": "def solve(x):\n    return x + 1\n"}
    assert made.only(files).score == 1


def test_an_allowed_shape_is_remarked_and_costs_nothing(course: MakeCourse) -> None:
    functions = """\
  same:
    points: 1
    arguments: {x: "normal(N)"}
    shapes: ["(N,)", {any: ["(1, N)"], remark: "That is a row."}]
    checks: [{value: numbers, points: 1}]
"""
    made = course(functions, "def same(x):\n    return x + 1\n")
    plain, row = made.only("def same(x):\n    return x + 1\n"), made.only("def same(x):\n    return (x + 1)[None]\n")
    assert (plain.score, plain.remarks) == (1, ())
    assert (row.score, row.remarks) == (1, ("That is a row.",))
    assert made.only("def same(x):\n    return (x + 1)[:, None]\n").score == 0


# -- conventions -------------------------------------------------------------------------------------------------------


def test_what_is_agreed_on_holds_for_all_functions_that_have_a_convention_of_its_name(course: MakeCourse) -> None:
    functions = """\
  loss:
    points: 1
    arguments: {x: "normal(N)"}
    returns: number
    checks: [{value: the loss, points: 1}]
  slope:
    points: 2
    arguments: {x: "normal(N)"}
    checks:
      - {value: the slope, points: 1}
      - {gradient: of the loss, of: "loss(x)", wrt: x, points: 1}
"""
    reference = """
from grader.reference import convention
def loss(x): return np.sum(x * x)
def slope(x): return 2 * x
@convention("loss", name="the mean")
def mean(x): return np.mean(x * x)
@convention("slope", name="the mean")
def mean_slope(x): return 2 * x / len(x)
"""
    made = course(functions, reference)
    grade = made.grade("def loss(x):\n    return (x ** 2).mean()\ndef slope(x):\n    return 2 * x / x.size\n")
    assert (grade.score, [function.convention for function in grade.functions]) == (3, ["the mean", "the mean"])
    assert made.grade("def loss(x):\n    return 3 * (x ** 2).mean()\ndef slope(x):\n    return x\n").score == 0


# -- functions that aren't filled in -----------------------------------------------------------------------------------

FILL = """\
  fill:
    points: 1
    arguments: {x: "normal(N, M)", y: "normal(N)"}
    checks: [{value: numbers, points: 1}]
"""
FILLED = "def fill(x, y):\n    return x.T @ y\n"


@pytest.mark.parametrize(
    "body",
    [
        "raise NotImplementedError",
        "if len(x):\n        raise NotImplementedError('here')\n    return x",
        "return x",
        "return y",
        "return x.copy()",
        "return np.zeros(x.shape[1])",
        "cost, grad = 0.0, np.zeros(3)\n    return cost, grad",
        "return None, None",
        "return result",
        "for row in x:\n        if abs(slope - 1) > 2:\n            return x\n    return y",
    ],
)
def test_a_starter_is_missing_and_never_called_wrong(course: MakeCourse, body: str) -> None:
    function = course(FILL, FILLED).only(f"def fill(x, y):\n    {body}\n")
    assert function.verdict is Verdict.MISSING
    assert any("empty" in remark or "isn't finished" in remark for remark in function.remarks)


@pytest.mark.parametrize(
    ("body", "verdict"),
    [
        ("return x + 1", Verdict.FAILED),
        ("return np.ones(3)", Verdict.FAILED),
        ("x = x.T @ y", Verdict.FAILED),
        ("result = x.T @ y\n    return resutl", Verdict.ERROR),
        ("return numpy.dot(x.T, y)", Verdict.ERROR),
        ("return helper(x, y)", Verdict.ERROR),
        ("return x if x[0, 0] > 1e9 else y[:2]", Verdict.FAILED),
        ("raise ValueError('no')", Verdict.ERROR),
    ],
)
def test_an_attempt_is_not_taken_for_a_starter(course: MakeCourse, body: str, verdict: Verdict) -> None:
    assert course(FILL, FILLED).only(f"def fill(x, y):\n    {body}\n").verdict is verdict


# -- references of several folders -------------------------------------------------------------------------------------


def test_a_second_folder_lends_what_the_first_does_not_have(tmp_path: Path) -> None:
    own, shared = tmp_path / "own", tmp_path / "shared"
    for folder in (own, shared):
        folder.mkdir()
    variant = (
        "from grader.reference import mistake\n@mistake({0!r}, name={1!r}, hint='h')\ndef wrong_{0}(x): return 0\n"
    )
    (own / "mine.py").write_text("from base import g\ndef f(x):\n    return g(x) + 1\n" + variant.format("g", "own g"))
    (shared / "base.py").write_text("def f(x): return 0\ndef g(x): return x\n")
    (shared / "slips.py").write_text(
        variant.format("f", "shared f") + variant.format("g", "shared g").partition("\n")[2]
    )
    reference = load_reference(own, shared)
    assert reference.functions["f"](1) == 2
    assert sorted(each.name for each in reference.variants) == ["own g", "shared g"]
    (shared / "mine.py").write_text("")
    with pytest.raises(BrokenReference, match=r"there is a mine\.py in .*own too; rename one"):
        load_reference(own, shared)


# -- messages ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('    call: "Model(', '    cal: "Model(', "has no key 'cal'; did you mean 'call'?"),
        ('    call: "Model(scale).fit(x).mean"\n', "", 'such as call: "Model().fit(x, scale)"'),
        ("Model(scale).fit(x).mean", "Modell(scale).fit(x).mean", "the call of Model.fit never says Model"),
        ("Model(scale).fit(x).mean", "Model(scale).guess(x).mean", "the call of Model.fit never says fit"),
        ("Model(scale).fit(x).mean", "Model(scale).fit(x)._mean", "the attribute ._mean isn't public"),
        ("Model(scale).fit(x).mean", "Model(scale).fit(q).mean", "the name 'q' is unknown"),
        ("Model", "Modell", "has no function 'Modell.fit'"),
        ("Model.fit:", '"2 models":', "'2 models' is no function's name"),
        ("points: 1\n    arg", "points: 1\n    optional: maybe\n    arg", "optional should be true or false"),
        ("points: 1\n    arg", "points: 1\n    up_to: signs\n    arg", "allowed are: sign, sign of rows"),
        ("points: 1\n    arg", "points: 1\n    answer: printed\n    arg", "where the result is a truth or a number"),
        ("points: 1\n    arg", "points: 1\n    signatures: [x]\n    arg", "such as [[x, y], [x]]"),
        ("points: 1\n    arg", "points: 1\n    signatures: [[x], [z]]\n    arg", "a signature: 'z' is unknown"),
        ("points: 1\n    arg", "points: 1\n    signatures: [[x, scale], [x]]\n    arg", "either a call or signatures"),
        ("{value: all, points: 1}", "{converges: c, points: 1}", "a converges check lacks 'order'"),
        ("{value: all, points: 1}", "{converges: c, order: 1, to: '1', over: {x: [1]}}", "three values or more"),
    ],
)
def test_each_mistake_in_the_language_is_named(course: MakeCourse, old: str, new: str, message: str) -> None:
    functions = """\
  Model.fit:
    points: 1
    arguments: {x: "normal(N, M)", scale: "uniform(1, 2)"}
    call: "Model(scale).fit(x).mean"
    checks: [{value: all, points: 1}]
"""
    assert old in functions
    found = course(functions.replace(old, new), MODEL_SOLVED).flaws()
    assert any(message in flaw for flaw in found), found


@pytest.mark.parametrize(
    ("call", "message"),
    [
        ("f(g(x) + 1)", ""),
        ("f(h(g(x)))", "the reference's own functions can't compute with a student's result here"),
        ("f(g)", ""),
        ("f(h)", "the reference's own h can't be passed to a student: pass stub(h, …)"),
        ("f(x).mean()", ""),
        ("f(f(x)[:2])", ""),
    ],
)
def test_what_a_call_cannot_do_is_said(course: MakeCourse, call: str, message: str) -> None:
    functions = f"""\
  f:
    points: 1
    needs: [g]
    arguments: {{x: "normal(N)"}}
    call: "{call}"
    checks: [{{value: all, points: 1}}]
  g:
    points: 0
    arguments: {{x: "normal(N)"}}
    checks: []
"""
    solved = "def f(x):\n    return x if isinstance(x, np.ndarray) else np.ones(2)\n"
    solved += "def g(x):\n    return x\ndef h(x):\n    return x\n"
    made = course(functions, solved)
    if message:
        with pytest.raises(RubricError) as caught:
            made.grade(solved)
        assert message in str(caught.value)
    else:
        assert made.grade(solved).functions[0].score == 1


# -- what others make of it --------------------------------------------------------------------------------------------


def test_a_method_is_no_helper_that_could_be_replaced(course: MakeCourse) -> None:
    functions = (
        MODEL
        + """\
  use:
    points: 1
    needs: [Model.fit]
    arguments: {x: "normal(N, M)"}
    checks: [{value: numbers, points: 1}]
"""
    )
    solved = MODEL_SOLVED + "def use(x):\n    return Model(2).fit(x).mean\n"
    grade = course(functions, solved).grade(solved.replace("self.scale * x.mean", "x.mean"))
    assert [function.verdict for function in grade.functions] == [Verdict.FAILED, Verdict.FAILED]


def test_a_known_mistake_that_stops_is_recognised_by_its_exception(course: MakeCourse) -> None:
    reference = FILLED + (
        "from grader.reference import mistake\n"
        "@mistake('fill', name='no transpose', hint='Which one is turned?')\n"
        "def straight(x, y):\n    return x @ y\n"
    )
    made = course(FILL, reference)
    assert [each.name for each in made.only("def fill(x, y):\n    return np.dot(x, y)\n").mistakes] == ["no transpose"]
    assert made.only("def fill(x, y):\n    return math.dot(x, y)\n").mistakes == ()


IN_ORDER = """\
  ordered:
    points: 2
    arguments: {x: "normal(N)"}
    checks:
      - {value: any, points: 1}
      - {property: in order, law: "sorted_in_place(ordered(x)) == ordered(x)", points: 1}
"""


def test_a_law_may_hand_a_result_to_a_function_that_writes_to_it(course: MakeCourse) -> None:
    made = course(IN_ORDER, "def ordered(x): return np.sort(x)\ndef sorted_in_place(x):\n    x.sort()\n    return x\n")
    assert made.only("def ordered(x): return np.array(sorted(x))\n").score == 2
    assert made.only("def ordered(x): return -np.sort(x)\n").score == 0
