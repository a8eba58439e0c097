"""Wrong answers that nobody foresaw are grouped by value, to the last digits, and a known mistake forms no group."""

from __future__ import annotations

from pathlib import Path

import pytest
from classroom.classes import REFERENCE, RIGHT, graded, tiny, write
from click.testing import CliRunner, Result

from grader.classroom.review.groups import group_answers
from grader.classroom.review.results import open_results
from grader.cli import main

pytestmark = pytest.mark.usefixtures("nearby")

TRIPLED = RIGHT.replace("2 * x", "3 * x")
#: The same slip as TRIPLED, written so that other digits are lost.
ALSO_TRIPLED = RIGHT.replace("2 * x", "x / (1 / 3)")
SHIFTED = RIGHT.replace("return -x", "return -x + 1")
BOTH = TRIPLED.replace("return -x", "return -x + 1")
RAISES = RIGHT.replace("return 2 * x", "raise IndexError(str(x))")
RAISES_TOO = RIGHT.replace("return 2 * x", "return [][7]")
LETTERS = RIGHT.replace("return 2 * x", "return 'twice'")
WITH_NAN = RIGHT.replace("return 2 * x", "return np.where(np.arange(len(x)) == 0, np.nan, 2 * x)")
WITH_INF = WITH_NAN.replace("np.nan", "np.inf")
#: A function that knows the mistake.
KNOWN = (
    REFERENCE.replace("def double", "from grader.reference import mistake\n\n\ndef double")
    + """

@mistake("double", name="tripled", hint="Twice is enough.")
def tripled(x):
    return 3 * x
"""
)


def found(tmp_path: Path, reference: str = REFERENCE, **sources: str) -> list[tuple[str, ...]]:
    """The groups of such a class, each as its function and its students."""
    rubric = tiny(tmp_path / "assignment")
    (rubric.parent / "tiny" / "functions.py").write_text(reference)
    graded(write(tmp_path / "class", {f"{name}.py": text for name, text in sources.items()}), tmp_path / "out", rubric)
    with open_results(tmp_path / "out") as results:
        return [(group.function, *group.students) for group in group_answers(results)]


def test_the_same_answers_to_the_last_digits_are_one_group(tmp_path: Path) -> None:
    assert found(tmp_path, ada=TRIPLED, bo=ALSO_TRIPLED, cy=RIGHT) == [("double", "ada", "bo")]


def test_the_group_that_lost_most_points_comes_first(tmp_path: Path) -> None:
    seen = found(tmp_path, ada=TRIPLED, bo=SHIFTED, cy=SHIFTED + "# cy\n", di=SHIFTED + "# di\n", ed=TRIPLED + "# ed\n")
    assert seen == [("negate", "bo", "cy", "di"), ("double", "ada", "ed")]  # 12 points, and 12: then more students


def test_who_gets_two_functions_wrong_is_in_two_groups(tmp_path: Path) -> None:
    assert found(tmp_path, ada=BOTH, bo=TRIPLED) == [("double", "ada", "bo"), ("negate", "ada")]


@pytest.mark.parametrize(("one", "other"), [(RAISES, LETTERS), (WITH_NAN, WITH_INF), (WITH_NAN, TRIPLED)])
def test_other_answers_are_another_group(tmp_path: Path, one: str, other: str) -> None:
    assert found(tmp_path, ada=one, bo=other) == [("double", "ada"), ("double", "bo")]


def test_the_same_line_that_raises_the_same_for_other_shapes_is_one_group(tmp_path: Path) -> None:
    """Whatever the variables are called, and whatever the text says of sizes."""
    ada = RIGHT.replace("return 2 * x", "return x[:, None] @ np.zeros((5, 2))")
    bo = ada.replace("def double(x)", "def double(values)").replace("x[:,", "values[:,").replace("(5, 2)", "(5, 2)")
    cy = bo.replace("return values", "more = np.append(values, 1.0)\n    return values")
    assert found(tmp_path, ada=ada, bo=bo, cy=cy) == [("double", "ada", "bo", "cy")]


def test_answers_that_share_nothing_but_the_type_of_an_exception_are_two_groups(tmp_path: Path) -> None:
    assert found(tmp_path, ada=RAISES, bo=RAISES_TOO) == [("double", "ada"), ("double", "bo")]


def test_answers_that_a_known_mistake_explains_form_no_group(tmp_path: Path) -> None:
    assert found(tmp_path, KNOWN, ada=TRIPLED, bo=SHIFTED) == [("negate", "bo")]


def test_a_function_that_isnt_there_forms_no_group(tmp_path: Path) -> None:
    assert found(tmp_path, ada="x = 1\n", bo=RIGHT) == []


# -- the command ---------------------------------------------------------------------------------------------------


def shown(out: Path, *options: str) -> Result:
    result = CliRunner().invoke(main, ["groups", str(out), *options])
    assert "Traceback" not in result.output
    return result


def test_each_group_comes_with_one_members_code_and_nobody_elses(tmp_path: Path) -> None:
    found(tmp_path, ada=TRIPLED, bo=ALSO_TRIPLED, cy=SHIFTED)
    text = shown(tmp_path / "out").output
    assert "1. double: 2 students, 12 points lost" in text
    assert "return 3 * x" in text
    assert "x / (1 / 3)" not in text
    assert text.index("1. double") < text.index("2. negate")


def test_nobody_is_named_unless_it_is_asked_for(tmp_path: Path) -> None:
    found(tmp_path, ada="# by ada\n" + TRIPLED.replace("    return 3", "    # ada again\n    return 3"), bo=RAISES)
    text = shown(tmp_path / "out").output
    assert "ada" not in text.replace(str(tmp_path), "")
    assert "as one of them wrote it:" in text
    assert "raised: IndexError" in text
    named = shown(tmp_path / "out", "--names").output
    assert "1. double: 1 student (ada)" in named
    assert "as ada wrote it:" in named


def test_a_group_that_answers_as_a_changed_reference_is_named_by_the_change(tmp_path: Path) -> None:
    found(tmp_path, ada=ALSO_TRIPLED, bo=SHIFTED)
    first, second = shown(tmp_path / "out").output.split("2. negate")
    assert "answers like the reference with this change:" in first
    assert "- return 2 * x" in first
    assert "+ return 3 * x" in first
    assert "answers like" not in second


def test_causes_that_several_share_are_said_first(tmp_path: Path) -> None:
    no_import = RIGHT.replace("import numpy as np", "").replace("return 2 * x", "return np.add(x, x)")
    texts = {name: f"{no_import}# {name}\n" for name in ("ada", "bo", "cy")}
    found(tmp_path, **texts)
    assert "3 students lost 6 points or more each: one missing import" in shown(tmp_path / "out").output


def test_what_a_submission_writes_cant_steer_a_terminal(tmp_path: Path) -> None:
    found(tmp_path, ada=TRIPLED.replace("return 3 * x", "return 3 * x  # \x1b[2J\u202e"))
    text = shown(tmp_path / "out").output
    assert "\x1b" not in text
    assert "\u202e" not in text


def test_where_all_is_explained_nothing_is_listed(tmp_path: Path) -> None:
    found(tmp_path, KNOWN, ada=TRIPLED)
    assert "a known mistake explains every wrong answer" in shown(tmp_path / "out").output


def test_the_smaller_groups_are_counted(tmp_path: Path) -> None:
    found(tmp_path, ada=TRIPLED, bo=SHIFTED)
    text = shown(tmp_path / "out", "--limit", "1").output
    assert "2. negate" not in text
    assert "and 1 smaller group" in text
