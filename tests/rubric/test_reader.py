"""A rubric is read whole, or every one of its problems is named at once."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.errors import BrokenReference, Flaw, RubricError, UsageError
from grader.plan.assignment import load_assignment, load_rubric
from grader.rubric.model import Rubric

pytestmark = pytest.mark.usefixtures("lent")  # starting a jail takes longer than what is claimed here

GOOD = """\
schema: 1
assignment: "Doubling"
limits: {call: 500 ms, memory: 256 MiB}
sizes:
  two: {N: 2, M: "N + 1"}
functions:
  double:
    points: 3
    promise: "Twice x."
    arguments: {x: "normal(N, M)"}
    checks:
      - {value: a batch, points: "5/2", hint: "Add x to itself."}
      - {unchanged: leaves x alone, points: 0.5}
"""


def written(folder: Path, text: str, reference: str = "def double(x):\n    return 2 * x\n") -> Path:
    (folder / "rubric").mkdir(exist_ok=True)
    (folder / "rubric" / "functions.py").write_text(reference)
    path = folder / "rubric.yaml"
    path.write_text(text)
    return path


def flaws(folder: Path, text: str) -> list[tuple[int, str]]:
    with pytest.raises(RubricError) as caught:
        load_assignment(written(folder, text))
    return [(flaw.line, flaw.message) for flaw in caught.value.flaws]


def test_a_rubric_becomes_records_with_exact_points_and_units(tmp_path: Path) -> None:
    rubric = load_rubric(written(tmp_path, GOOD))
    assert isinstance(rubric, Rubric)
    assert rubric.sizes == {"two": {"N": 2, "M": 3}}
    assert (rubric.limits.call_seconds, rubric.limits.memory_bytes) == (0.5, 256 << 20)
    (double,) = rubric.functions
    assert [check.points for check in double.checks] == [Fraction(5, 2), Fraction(1, 2)]
    assert [check.needs_values for check in double.checks] == [False, True]


def test_the_bundled_rubric_has_100_points_and_a_promise_for_every_function() -> None:
    rubric = load_rubric("assignment1")
    assert rubric.points == 100
    assert all(function.promise for function in rubric.functions)
    assert len(rubric.functions) == 9


def test_ten_mistakes_are_ten_messages_each_with_its_line(tmp_path: Path) -> None:
    text = """\
schema: 2
asignment: "Doubling"
limits: {call: 2 hours}
sizes:
  two: {N: 2, M: "N +"}
functions:
  double:
    points: 3
    promise: [a]
    arguments: {x: "normal(N)"}
    at: [too]
    checks:
      - {valeu: a batch, points: 2}
      - {value: a batch, pionts: 2, tolerance: big}
      - {unchanged: x, part: dx, points: much}
      - {property: p, law: "double(x) + 1", points: 1}
"""
    found = flaws(tmp_path, text)
    lines = {line for line, _ in found}
    assert {1, 2, 3, 5, 9, 11, 13, 14, 15, 16} <= lines
    text = "\n".join(message for _, message in found)
    for wanted in ("did you mean 'assignment'?", "did you mean 'value'?", "did you mean 'points'?"):
        assert wanted in text
    assert "sum to" not in text, "one of the points can't be read, so there is no sum to speak of"


def test_unknown_names_are_told_together_with_what_cannot_be_read(tmp_path: Path) -> None:
    text = GOOD.replace("assignment:", "asignment:").replace("normal(N, M)", "normal(N, Q)")
    assert [line for line, _ in flaws(tmp_path, text)] == [1, 2, 10]


@pytest.mark.parametrize(
    ("old", "new"), [('"normal(N, M)"', '"normal(N"'), ("sizes:", "sises:"), ('M: "N + 1"', 'M: "N +"')]
)
def test_a_name_that_could_not_be_read_is_not_called_unknown_as_well(tmp_path: Path, old: str, new: str) -> None:
    text = GOOD.replace("- {unchanged", '- {property: p, law: "double(x) == 2 * x", points: 0}\n      - {unchanged')
    assert not any("unknown" in message for _, message in flaws(tmp_path, text.replace(old, new)))


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("points: 3", "points: 4", 8, "sum to 3 points, not to 4"),
        ('"normal(N, M)"', '"norml(N, M)"', 10, "'norml' is unknown; did you mean 'normal'?"),
        ('"normal(N, M)"', '"normal(N, Q)"', 10, "'Q' is unknown"),
        ("double:", "duble:", 7, "has no function 'duble'; did you mean 'double'?"),
        ("- {value", "- {unchanged", 7, "no value check with drawn inputs"),
        ("arguments:", "argument:", 8, "lacks 'arguments'"),
        ("leaves x alone, points: 0.5", "leaves x alone, points: 0.5, points: 1", 13, "stands twice"),
        ("schema: 1\n", "", 1, "lacks 'schema'"),
        ('"Add x to itself."', "[a, b]", 12, "hint should be text"),
        ("two: {N: 2", "two: {N: 2.5", 5, "whole number"),
    ],
)
def test_each_mistake_is_named_at_its_line(tmp_path: Path, old: str, new: str, line: int, message: str) -> None:
    found = flaws(tmp_path, GOOD.replace(old, new, 1))
    assert any(at == line and message in text for at, text in found), found


def test_a_bare_word_that_is_no_rubric_lists_the_bundled_ones() -> None:
    with pytest.raises(UsageError, match=r"did you mean 'assignment1'.*bundled are: "):
        load_rubric("asignment1")


def test_a_rubric_that_is_not_there_is_wrong_usage(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="can't be read"):
        load_rubric(tmp_path / "none.yaml")


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("import nosuchmodule\n", r"functions.py:1: ModuleNotFoundError"),
        ("def f(:\n", r"functions.py:1: SyntaxError"),
        ("def double(x):\n    return 2 * x\n1 / 0\n", r"functions.py:3: ZeroDivisionError"),
        ("raise SystemExit\n", r"functions.py:1: SystemExit"),
    ],
)
def test_a_reference_that_does_not_import_is_named_with_its_line(tmp_path: Path, source: str, message: str) -> None:
    with pytest.raises(BrokenReference, match=message):
        load_assignment(written(tmp_path, GOOD, source))


def test_a_missing_reference_says_which_folder_to_make(tmp_path: Path) -> None:
    path = written(tmp_path, GOOD.replace("limits:", "reference: elsewhere\nlimits:"))
    with pytest.raises(BrokenReference, match=r"make .*elsewhere"):
        load_assignment(path)


WORDS = st.sampled_from(
    [
        "points",
        "value",
        "x",
        "checks",
        "sizes",
        "1",
        "no",
        "[",
        "]",
        "{",
        "}",
        ":",
        "-",
        "\n",
        "  ",
        '"',
        "&a",
        "*a",
        "!t",
    ]
)


@given(st.lists(WORDS, max_size=40).map("".join), st.integers(0, len(GOOD)))
def test_no_text_makes_the_reader_fail_in_any_other_way(
    tmp_path_factory: pytest.TempPathFactory, noise: str, at: int
) -> None:
    path = tmp_path_factory.mktemp("fuzz") / "rubric.yaml"
    path.write_text(GOOD[:at] + noise + GOOD[at:])
    found: tuple[Flaw, ...] = ()
    try:
        load_rubric(path)
    except RubricError as error:
        found = error.flaws
    assert all(flaw.line >= 1 and flaw.message for flaw in found)


# -- what a person gives points for --------------------------------------------------------------------------------

MANUAL = """\
manual:
  the derivation: {points: 4, promise: "On paper.", levels: {all: 4, half: "3/2"}, attachment: "*.pdf"}
"""


def test_manual_items_come_on_top_of_the_functions_points(tmp_path: Path) -> None:
    rubric = load_rubric(written(tmp_path, GOOD + MANUAL))
    (item,) = rubric.manual
    assert (item.levels, item.attachment) == ({"all": Fraction(4), "half": Fraction(3, 2)}, ("*.pdf",))
    assert (rubric.points, rubric.most) == (3, 7)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("half: ", "half: 5, other: ", "level 'half' is worth 5, the whole item 4"),
        ("the derivation", "double", "'double' is a function's name already"),
        ("points: 4, ", "", "item 'the derivation' lacks 'points'"),
        ("promise", "promis", "did you mean 'promise'?"),
        ("points: 4", "points: 0", "an item is worth more than nothing"),
    ],
)
def test_a_manual_item_that_makes_no_sense_is_named(old: str, new: str, said: str, tmp_path: Path) -> None:
    found = flaws(tmp_path, GOOD + MANUAL.replace(old, new))
    assert any(said in message and line == 15 for line, message in found), found


def test_one_submission_alone_shows_what_awaits_a_person(tmp_path: Path) -> None:
    from grader import grade
    from grader.report.formats.text import render

    (tmp_path / "hw.py").write_text("def double(x):\n    return 2 * x\n")
    found = grade(tmp_path / "hw.py", written(tmp_path, GOOD + MANUAL))
    assert (found.score, found.max_score, found.verdict.value) == (None, 7, "awaiting")
    assert "3 of 7 points so far" in render(found)
    assert "still needs marking by hand" in render(found)
