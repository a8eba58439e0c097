"""A kind of check says everything about itself: a new one is a file and a row, and the whole grader knows it."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest
from adding import load
from authoring.small import REFERENCE, RIGHT, RUBRIC, assignment
from click.testing import CliRunner
from conftest import by_name

from grader import grade
from grader.checks.kinds import KINDS
from grader.cli import main
from grader.errors import RubricError
from grader.grading.grades import FunctionGrade
from grader.plan.assignment import load_assignment
from grader.verdict import Verdict

pytestmark = pytest.mark.usefixtures("lent")  # starting a jail takes longer than what is claimed here

GRADER = Path(__file__).parents[2] / "grader"

#: The one file: everything that the grader has to know of a kind of check that it never heard of.
GROWS = '''
"""grows: where an argument grows, entry for entry, the result does."""

from __future__ import annotations

from typing import Any

import numpy as np
from msgspec.structs import replace

from grader.checks.finding import PASSED, Finding, fail, show_value
from grader.checks.question import Answer, Kind, Question, calling, no_value, specifics
from grader.rubric.check_keys import DRAWN, FunctionScope, Checks, Found
from grader.rubric.fields import NUMBER, TEXTS
from grader.rubric.model import Specifics
from grader.worker.shared.steps import Step


class Growth(Specifics, frozen=True):
    along: str
    by: float


def read(reader: Checks, found: Found, around: FunctionScope) -> Growth:
    along = reader.named(found.get("along"), "along", around.named) or ("",)
    return Growth(along[0], reader.number(found.get("by"), "by") or 1.0)


def _grown(question: Question) -> Question:
    growth, situation = specifics(question, Growth), question.situation
    names = {**situation.names, growth.along: situation.names[growth.along] + growth.by}
    return replace(question, situation=replace(situation, names=names))


def steps(question: Question) -> tuple[Step, ...]:
    once = calling(question)
    return (*once, *calling(_grown(question), len(once)))


def judge(question: Question, truth: Any, answer: Answer) -> Finding:
    if (finding := no_value(question, answer.outcomes)) is not None:
        return finding
    first, second = answer.outcomes[len(answer.outcomes) // 2 - 1].value, answer.outcomes[-1].value
    if isinstance(first, np.ndarray) and isinstance(second, np.ndarray) and np.all(second > first):
        return PASSED
    return fail("shrinks", inputs=question.inputs_shown, expected=show_value(first), actual=show_value(second))


KIND = Kind(
    keys={**DRAWN, "along": TEXTS, "by": NUMBER},
    needed=("along",),
    read=read,
    steps=steps,
    judge=judge,
    reasons={"shrinks": "The result shrinks where the argument grows."},
    facts={"shrinks": ("it turns round", "Where does the sign come from?")},
    own_counterexample=True,
)
'''
ASKED = RUBRIC.replace("{repeatable: the same answer,", "{grows: with x, along: x, by: 1000,")
#: Right for all that the values are asked at.
TURNS = "import numpy as np\ndef double(x):\n    return np.where(np.abs(x) < 100, 2 * x, -2 * x)\n"


@pytest.fixture
def grows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(KINDS, "grows", load(tmp_path, "grows", GROWS).KIND)  # the one line


def graded(folder: Path, source: str) -> FunctionGrade:
    rubric = assignment(folder, ASKED)
    submission = folder / "submission.py"
    submission.write_text(source)
    return by_name(grade(submission, rubric, seed=1))["double"]


@pytest.mark.usefixtures("grows")
def test_a_new_kind_of_check_is_graded(tmp_path: Path) -> None:
    assert graded(tmp_path, RIGHT).score == 10


@pytest.mark.usefixtures("grows")
def test_a_new_kind_of_check_bites_and_says_why_in_its_own_words(tmp_path: Path) -> None:
    double = graded(tmp_path, TURNS)
    line = next(check for check in double.checks if check.kind == "grows")
    assert (double.score, line.verdict) == (8, Verdict.FAILED)
    assert line.message == "The result shrinks where the argument grows."
    assert [(mistake.name, mistake.hint) for mistake in double.mistakes] == [
        ("it turns round", "Where does the sign come from?")
    ]


@pytest.mark.usefixtures("grows")
def test_a_new_kind_of_check_gives_counterexamples(tmp_path: Path) -> None:
    (witness,) = graded(tmp_path, TURNS).witnesses
    assert witness.message == "The result shrinks where the argument grows."
    assert witness.details.inputs.keys() == {"x"}


@pytest.mark.usefixtures("grows")
def test_verify_holds_the_reference_against_a_new_kind_of_check(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["verify", str(assignment(tmp_path, ASKED)), "--seed", "1"])
    assert result.exit_code == 0, result.output
    falling = assignment(tmp_path / "falling", ASKED, REFERENCE.replace("2 * x", "-2 * x"))
    result = CliRunner().invoke(main, ["verify", str(falling), "--seed", "1"])
    assert result.exit_code == 1
    assert "with x: The result shrinks where the argument grows." in result.output


@pytest.mark.usefixtures("grows")
@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "grows: with x",
            "risks: with x",
            "one of: value, gradient, property, raises, unchanged",
        ),
        ("grows: with x", "growz: with x", "did you mean 'grows'?"),
        ("along: x, ", "", "a grows check lacks 'along'"),
        ("along: x, ", "along: y, ", "along: 'y' is unknown; there are: x"),
        (
            "by: 1000",
            "bi: 1000",
            "grows, points, visibility, hint, requires, credit, at, form, cases, given, times, along, by",
        ),
    ],
)
def test_messages_on_rubrics_know_a_new_kind_of_check(tmp_path: Path, old: str, new: str, said: str) -> None:
    with pytest.raises(RubricError) as caught:
        load_assignment(assignment(tmp_path, ASKED.replace(old, new)))
    (flaw,) = (each.message for each in caught.value.flaws if "sum to" not in each.message)
    assert said in flaw
    assert "one of:" not in said or flaw.partition(";")[0].endswith("source, grows")


@pytest.mark.usefixtures("grows")
def test_the_schema_of_rubrics_knows_a_new_kind_of_check() -> None:
    schema = json.loads(CliRunner().invoke(main, ["schema", "rubric"]).output)
    assert {"required": ["grows"]} in schema["$defs"]["check"]["oneOf"]


def test_without_the_row_the_kind_is_unknown(tmp_path: Path) -> None:
    with pytest.raises(RubricError, match=r"a check needs a kind, one of: value, .*, source$"):
        load_assignment(assignment(tmp_path, ASKED))


def words_compared_with_a_kind(tree: ast.Module) -> set[str]:
    """The words of the table that a module compares with something's `kind`."""
    compared = [node for node in ast.walk(tree) if isinstance(node, ast.Compare)]
    sides = [[inner for side in (c.left, *c.comparators) for inner in ast.walk(side)] for c in compared]
    found = [side for side in sides if any(isinstance(n, ast.Attribute) and n.attr == "kind" for n in side)]
    return {str(n.value) for side in found for n in side if isinstance(n, ast.Constant)} & KINDS.keys()


@pytest.mark.parametrize("file", sorted(GRADER.rglob("*.py")), ids=lambda file: str(file.relative_to(GRADER)))
def test_nothing_compares_a_kind_of_check_by_its_word(file: Path) -> None:
    assert words_compared_with_a_kind(ast.parse(file.read_text())) == set()


def test_the_search_for_compared_words_finds_them() -> None:
    code = "check.kind == 'source' or check.kind in ('value', 'x') or part.kind == 'truth' or 'gradient' == kind"
    assert words_compared_with_a_kind(ast.parse(code)) == {"source", "value"}
