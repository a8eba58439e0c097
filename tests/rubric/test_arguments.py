"""Arguments as the handout has them: dicts, lists, None, words."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from rubric.language import Course

from grader.sandbox.sandbox import Sandbox

MakeCourse = Callable[[str, str], Course]


@pytest.fixture
def course(tmp_path: Path, box: Sandbox) -> MakeCourse:
    return lambda functions, reference: Course(tmp_path, box, functions, reference)


NORM = """\
  norm:
    points: 3
    let: {m: "uniform(0.5, 0.9)"}
    arguments: {x: "normal(N, M)", param: {mode: train, momentum: m, running: {mean: "zeros(M)"}, max: null}}
    checks:
      - {value: training, points: 1}
      - {value: what is kept, after: "param['running']['mean']", points: 1}
      - {value: test mode, given: {param.mode: test, param.running.mean: "normal(M)"}, points: 1}
"""
NORMED = """
def norm(x, param):
    assert param["max"] is None
    if param["mode"] == "test":
        return x - param["running"]["mean"]
    assert param["mode"] == "train"
    m, mean = param["momentum"], x.mean(axis=0)
    param["running"]["mean"] = m * param["running"]["mean"] + (1 - m) * mean
    return x - mean
"""


@pytest.mark.parametrize(
    ("old", "new", "points"),
    [
        ("@@", "@@", 3),
        ('x - param["running"]["mean"]', "x - x.mean(axis=0)", 0),
        ("(1 - m) * mean", "mean", 0),
        ("    return x - mean\n", "    return x\n", 0),
    ],
)
def test_a_mapping_is_a_dict_whose_words_are_text(course: MakeCourse, old: str, new: str, points: int) -> None:
    made = course(NORM, NORMED)
    assert (made.only(NORMED.replace(old, new)).score == 3) is (points == 3)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("momentum: m,", "momentum: mm,", "'mm' is no name; did you mean 'm'? If it is text, quote it twice"),
        ("param.mode: test", "pram.mode: test", "given has no key 'pram.mode'"),
        ("momentum: m,", 'momentum: "q + 1",', "the name 'q' is unknown"),
    ],
)
def test_a_slip_in_a_mapping_is_named(course: MakeCourse, old: str, new: str, said: str) -> None:
    assert any(said in flaw for flaw in course(NORM.replace(old, new), NORMED).flaws())


DISTANCE = """\
  distance:
    points: 3
    arguments: {a: "text(N + 2, letters='ab')", b: "text(N, letters='ab')", words: [the, cat, null, 3]}
    returns: number
    checks:
      - {value: drawn words, points: 2}
      - {value: known words, cases: [{a: kitten, b: sitting}, {a: "", b: "two words"}], points: 1}
"""
DISTANCED = """
def distance(a, b, words):
    assert words == ["the", "cat", None, 3]
    return abs(len(a) - len(b)) + sum(x != y for x, y in zip(a, b))
"""


def test_words_are_text_where_an_argument_is_text(course: MakeCourse) -> None:
    made = course(DISTANCE, DISTANCED)
    assert made.only(DISTANCED).score == 3
    assert made.only(DISTANCED.replace("abs(len(a) - len(b))", "2")).score == 2
