"""Results as the handout has them: dicts, lists, text, None, each leaf judged for itself."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from rubric.language import Course

from grader.checks.finding import describe_blocks
from grader.errors import RubricError
from grader.sandbox.sandbox import Sandbox

MakeCourse = Callable[[str, str], Course]


@pytest.fixture
def course(tmp_path: Path, box: Sandbox) -> MakeCourse:
    return lambda functions, reference: Course(tmp_path, box, functions, reference)


PROPAGATE = """\
  propagate:
    points: 8
    arguments: {w: "normal(M)", x: "normal(N, M)"}
    returns: [{dw: array, db: number}, number]
    checks:
      - {value: the gradients, part: "[0]", credit: share, points: 4}
      - {value: the slope of w, part: "[0].dw", points: 2}
      - {value: the cost, part: "[1]", points: 2}
"""
PROPAGATED = """
def propagate(w, x):
    a = x @ w
    return {"dw": x.T @ a, "db": a.sum()}, (a ** 2).sum() / 2
"""


@pytest.mark.parametrize(
    ("old", "new", "points"),
    [
        ("@@", "@@", 8),
        ('"db": a.sum()', '"db": 0.0', 6),
        (', "db": a.sum()', "", 6),
        ('"dw": x.T @ a', '"dw": None', 4),
        ("(a ** 2).sum() / 2", "None", 6),
        (", (a ** 2).sum() / 2", "", 0),
        ('{"dw": x.T @ a, "db": a.sum()}', "(x.T @ a, a.sum())", 2),
    ],
)
def test_each_leaf_is_judged_for_itself(course: MakeCourse, old: str, new: str, points: int) -> None:
    assert course(PROPAGATE, PROPAGATED).only(PROPAGATED.replace(old, new)).score == points


ONE_DICT = """\
  grads:
    points: 3
    arguments: {x: "normal(N)"}
    returns: {dx: array, top: number, name: text}
    checks:
      - {value: dx, part: dx, points: 1}
      - {value: top, part: top, points: 1}
      - {value: name, part: name, points: 1}
"""
GRADS = "def grads(x):\n    return {'dx': 2 * x, 'top': x.max(), 'name': 'x'}\n"


@pytest.mark.parametrize(
    ("body", "points"),
    [
        ("{'dx': 2 * x, 'top': x.max(), 'name': 'x', 'more': 1}", 3),
        ("{'dx': 2 * x, 'top': x.max(), 'name': 'y'}", 2),
        ("{'dx': 2 * x}", 1),
        ("{'dx': None, 'top': x.max(), 'name': 'x'}", 2),
        ("(2 * x, x.max(), 'x')", 0),
        ("None", 0),
    ],
)
def test_a_key_that_is_missing_costs_its_own_part(course: MakeCourse, body: str, points: int) -> None:
    grade = course(ONE_DICT, GRADS).only(f"def grads(x):\n    return {body}\n")
    assert grade.score == points


def test_a_key_that_is_missing_is_told_as_that(course: MakeCourse) -> None:
    grade = course(ONE_DICT, GRADS).only("def grads(x):\n    return {'dx': 2 * x, 'tpo': x.max(), 'name': 'x'}\n")
    (check,) = [check for check in grade.checks if check.score == 0]
    assert check.message == "A part of the result is missing. Expected: an entry 'top'."
    assert check.details is not None
    assert check.details.note == "The keys of the result are: 'dx', 'tpo', 'name'. Expected: an entry 'top'."


LISTS = """\
  descend:
    points: 3
    arguments: {x: "normal(N)", steps: "integers(3, 6)"}
    returns: {losses: {each: number, length: steps}, paths: {each: array}}
    checks:
      - {value: losses, part: losses, points: 2}
      - {value: paths, part: paths, points: 1}
"""
DESCENDED = """
def descend(x, steps):
    losses, paths = [], []
    for k in range(steps):
        losses.append(float((x ** 2).sum()))
        x = 0.9 * x
        paths.append(x[:k + 1])
    return losses, paths
"""


@pytest.mark.parametrize(
    ("old", "new", "points"),
    [
        ("@@", "@@", 3),
        ("return losses, paths", "return np.array(losses), tuple(paths)", 3),
        ("return losses, paths", "return losses[:-1], paths", 1),
        ("return losses, paths", "return losses, paths[::-1]", 2),
        ("float((x ** 2).sum())", "str((x ** 2).sum())", 1),
        ("return losses, paths", "return losses[0], paths", 1),
    ],
)
def test_lists_are_as_long_as_promised_and_each_entry_is_right(
    course: MakeCourse, old: str, new: str, points: int
) -> None:
    assert course(LISTS, DESCENDED).only(DESCENDED.replace(old, new)).score == points


def test_a_list_of_numbers_can_be_right(course: MakeCourse) -> None:
    functions = """\
  double:
    points: 1
    arguments: {x: "normal(N)"}
    checks: [{value: all, points: 1}]
"""
    made = course(functions, "def double(x):\n    return [2 * float(v) for v in x]\n")
    assert made.only("def double(x):\n    return [v + v for v in x]\n").score == 1
    assert made.only("def double(x):\n    return 2 * x\n").score == 1
    assert made.only("def double(x):\n    return [v for v in x]\n").score == 0


IN_PLACE = """\
  normalise:
    points: 3
    arguments: {x: "normal(N)", state: {mean: 0.0, seen: 1}}
    returns: none
    checks:
      - {value: x, after: x, points: 2}
      - {value: the mean that is kept, after: "state['mean']", points: 1}
"""
NORMALISED = "def normalise(x, state):\n    state['mean'] = x.mean()\n    x -= x.mean()\n"


@pytest.mark.parametrize(
    ("old", "new", "points"),
    [
        ("@@", "@@", 3),
        ("x -= x.mean()", "x -= x.mean(); return x", 3),
        ("x -= x.mean()", "return x - x.mean()", 1),
        ("state['mean'] = x.mean()", "pass", 2),
        ("state['mean'] = x.mean()", "del state['mean']", 2),
    ],
)
def test_what_an_argument_holds_after_the_call_can_be_asked(
    course: MakeCourse, old: str, new: str, points: int
) -> None:
    assert course(IN_PLACE, NORMALISED).only(NORMALISED.replace(old, new)).score == points


def test_a_function_that_returns_none_needs_after(course: MakeCourse) -> None:
    flaws = course(IN_PLACE.replace("after: x, ", ""), NORMALISED).flaws()
    assert any("nothing to look at: say after:" in flaw for flaw in flaws)


@pytest.mark.parametrize(
    ("returns", "result", "said"),
    [
        ("array", "{'a': x, 'b': 1.0}", "write returns: {a: array, b: number}"),
        ("{cost: number, grad: array}", "1.0", "The function returned one float, no tuple. Expected: 2 (cost, grad)."),
        ("array", "'text'", "write returns: text"),
        ("array", "None", "write returns: none, and say after: in its checks"),
        ("array", "[x, x[:2]]", "write returns: {each: array}"),
        ("number", "x", "write returns: array"),
        ("array", "np.full(3, np.inf)", "gives infinities only: say expect:"),
        ("array", "x[:0]", "gives an empty array, so nothing could be wrong"),
        ("array", "np.full(3, np.nan)", "gives NaN, which is never right"),
        ("array", "object()", "only numbers, text, lists, tuples and dicts are compared"),
    ],
)
def test_a_reference_that_gives_another_thing_is_the_rubrics_flaw(
    course: MakeCourse, returns: str, result: str, said: str
) -> None:
    functions = f"""\
  f:
    points: 1
    arguments: {{x: "normal(N)"}}
    returns: {returns}
    checks: [{{value: all, points: 1}}]
"""
    source = f"def f(x):\n    return {result}\n"
    with pytest.raises(RubricError) as caught:
        course(functions, source).grade(source)
    assert said in str(caught.value)
    assert "course.yaml:10" in str(caught.value)


FLAWED = """\
  f:
    points: 1
    promise: "Something."
    arguments: {x: "normal(N)", y: "normal(M)"}
    checks: [{value: all, points: 1, hint: "Try it."}]
"""


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("points: 1, hint", "cases: [{x: [[1.0, 2.0], [3.0]]}], points: 1, hint", "rows of different length"),
        ('x: "normal(N)", y: "normal(M)"', 'y: "normal(M)", x: "normal(N)"', "the reference takes them: x, y;"),
        ('"Something."', "f: x", "put the text in quotes"),
        ("    promise", "\tpromise", "YAML indents with spaces"),
        ('hint: "Try it."', "hint: Try it, then add", 'quote a text with a comma: hint: "Try it, then add"'),
        ('x: "normal(N)"', 'x: "normal(N, K)"', "the name 'K' is unknown; known here are:"),
        ('x: "normal(N)"', 'x: "np.eye(3)"', "write eye(…)"),
        ('x: "normal(N)"', 'x: "np.random.randn(3)"', "write normal(…)"),
        ('x: "normal(N)"', 'x: "ones(3, 4)"', "is a tuple: ones((3, 4))"),
        ('x: "normal(N)"', 'x: "table(N)"', "arguments are numbers, text, None, arrays, lists and dicts of them"),
        ("points: 1\n", "points: -6\n", "points should be not below 0, found -6"),
        (
            "    arguments",
            "    returns: dict\n    arguments",
            "write its keys, such as {cost: number, grad: array}, or any",
        ),
        (
            "    arguments",
            "    returns: {each: [text, nmber]}\n    arguments",
            "is 'nmber'; allowed are: array, number,",
        ),
        (
            "checks: [",
            "checks: [{value: words, cases: [{x: The cat sat.}]}, ",
            "if it is text, quote it twice: \"'The cat sat.'\"",
        ),
        (
            "checks: [",
            "checks: [{value: a word, cases: [{x: kitten}]}, ",
            "if it is text, quote it twice: \"'kitten'\"",
        ),
    ],
)
def test_what_an_author_gets_wrong_is_a_flaw_that_says_what_to_write(
    course: MakeCourse, old: str, new: str, said: str
) -> None:
    assert old in FLAWED
    source = "def f(x, y):\n    return x\ndef table(n):\n    return np.array(['a'] * n)\n"
    with pytest.raises(RubricError) as caught:
        course(FLAWED.replace(old, new, 1), source).grade(source)
    assert said in str(caught.value)
    assert "course.yaml:" in str(caught.value)


COUNTS = """\
  count_words:
    points: 2
    arguments: {words: "text(9, letters='ab ')"}
    returns: any
    checks: [{value: the counts, times: 5, points: 2}]
  ranked:
    points: 2
    arguments: {counts: {the: 3, cat: "integers(0, 9)", dog: 2}}
    returns: {each: [text, number]}
    checks: [{value: pairs, points: 2}]
"""
COUNTED = """
def count_words(words):
    return {word: words.split().count(word) for word in words.split()}
def ranked(counts):
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
"""


@pytest.mark.parametrize(
    ("old", "new", "points"),
    [
        ("@@", "@@", 4),
        ("words.split().count(word)", "float(words.split().count(word))", 4),
        ("words.split().count(word)", "words.count(word)", 2),
        ("in words.split()}", "in [*words.split(), 'c']}", 2),
        (
            "def ranked(counts):\n    return sorted",
            "def ranked(counts):\n    return [list(p) for p in counts.items()] and sorted",
            4,
        ),
        ("(-pair[1], pair[0])", "(pair[1], pair[0])", 2),
        ("(-pair[1], pair[0]))", "(-pair[1], pair[0]))[:2]", 2),
    ],
)
def test_dicts_whose_keys_hang_on_the_input_and_lists_of_pairs_are_compared_entry_by_entry(
    course: MakeCourse, old: str, new: str, points: int
) -> None:
    grade = course(COUNTS, COUNTED).grade(COUNTED.replace(old, new), seed=3)
    assert sum(function.score or 0 for function in grade.functions) == points


def test_of_a_dict_with_other_keys_it_is_said_which(course: MakeCourse) -> None:
    wrong = COUNTED.replace("in words.split()}", "in [*words.split(), 'c']}")
    check = course(COUNTS, COUNTED).grade(wrong, seed=3).functions[0].checks[0]
    assert check.message == "The keys of the dict are wrong."
    assert check.details is not None
    assert re.fullmatch(r"The dict has the keys .*, 'c'\. Expected: the keys .*'\.", check.details.note or "")


BLOCKS = """\
  gradient:
    points: 4
    arguments: {W: "normal(M, 2)", b: "normal(2)", x: "normal(N, M)"}
    returns: {flat: {blocks: {W: "M*2", b: 2}}, rows: {blocks: {upper: 1, lower: "M - 1"}}}
    checks:
      - {value: all of it, part: flat, points: 2, visibility: public}
      - {value: its rows, part: rows, points: 2}
"""
BLOCKS_SOLVED = """
def gradient(W, b, x):
    out = x @ W + b
    dW = x.T @ out
    return np.concatenate([dW.ravel(), out.sum(axis=0)]), dW
"""


def test_a_report_says_which_blocks_of_a_flat_or_stacked_result_are_right(course: MakeCourse) -> None:
    made = course(BLOCKS, BLOCKS_SOLVED)
    assert made.only(BLOCKS_SOLVED).score == 4
    wrong = BLOCKS_SOLVED.replace("out.sum", "out.mean").replace(
        "out.mean(axis=0)]), dW", "out.mean(axis=0)]), dW[[0, 2, 1]]"
    )
    flat, rows = (check.details for check in made.only(wrong).checks)
    assert flat is not None
    assert rows is not None
    assert (flat.note, rows.note) == (
        "In flat. Right: W. Not right: b.",
        "In rows. Right: upper. Not right: lower.",
    )


COLUMNS = """\
  table:
    points: 2
    arguments: {x: "normal(N, M)"}
    returns:
      pair: {blocks: {columns: {first: 1, others: "M - 1"}}}
      sizes: {total: number, square: {blocks: {all: "(N, M)"}}}
    checks: [{value: all of it, points: 2}]
"""
COLUMNS_SOLVED = """
def table(x):
    return {"pair": x.copy(), "sizes": {"total": x.sum(), "square": (x**2).ravel()}}
"""


def test_a_report_says_which_columns_and_entries_of_a_dict_are_right(course: MakeCourse) -> None:
    made = course(COLUMNS, COLUMNS_SOLVED)
    assert made.only(COLUMNS_SOLVED).score == 2
    wrong = made.only(COLUMNS_SOLVED.replace("x.copy()", "x * [1.0, 2.0, 1.0]").replace("x**2", "x**2 + 1"))
    details = wrong.checks[0].details
    assert details is not None
    assert {each.name: each.is_right for each in details.blocks} == {
        "first": True,
        "others": False,
        "sizes.total": True,
        "all": False,
    }
    assert [each.columns for each in details.blocks] == [1, 2, 0, 3]
    entries = made.only(COLUMNS_SOLVED.replace('"total": x.sum()', '"total": None')).checks[0].details
    assert entries is not None
    assert describe_blocks(entries.blocks) == "Right: pair, sizes.square. Not right: sizes.total."


def test_blocks_that_are_not_all_of_a_result_are_a_flaw(course: MakeCourse) -> None:
    made = course(BLOCKS.replace('W: "M*2"', 'W: "M*3"'), BLOCKS_SOLVED)
    with pytest.raises(RubricError, match="of which flat is checked, gives 8 entries or rows, and its blocks are 11"):
        made.grade(BLOCKS_SOLVED)


def test_blocks_belong_to_arrays(course: MakeCourse) -> None:
    made = course(BLOCKS.replace("flat: {blocks", "flat: {kind: number, blocks"), BLOCKS_SOLVED)
    assert "blocks name parts of an array, and this is a number" in made.flaws()
