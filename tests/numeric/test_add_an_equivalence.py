"""An equivalence is a file and a row: rubrics may then say it, and reports say so."""

from __future__ import annotations

from pathlib import Path

import pytest
from adding import load
from authoring.small import RUBRIC, assignment
from click.testing import CliRunner
from conftest import by_name

from grader import grade
from grader.cli import main
from grader.errors import RubricError
from grader.grading.grades import FunctionGrade
from grader.numeric.equivalence import EQUIVALENCES
from grader.plan.assignment import load_assignment

pytestmark = pytest.mark.usefixtures("lent")  # starting a jail takes longer than what is claimed here

#: The one file: a ring of numbers, which may begin anywhere.
TURNS = '''
"""turn: a ring of numbers, which may begin at any of them."""

from __future__ import annotations

import numpy as np

from grader.numeric.equivalence import Equivalence


def _align(got: np.ndarray, want: np.ndarray) -> np.ndarray:
    return min((np.roll(got, at) for at in range(got.size)), key=lambda each: float(np.sum(np.abs(each - want))))


def _canonical(array: np.ndarray) -> np.ndarray:
    return np.roll(array, -int(np.argmin(array)))


EQUIVALENCE = Equivalence(_align, _canonical, "where the ring begins")
'''
ASKED = RUBRIC.replace('arguments: {x: "normal(N)"}', 'arguments: {x: "normal(N)"}\n    up_to: turn')
TURNED = "import numpy as np\ndef double(x):\n    return np.roll(2 * x, 1)\n"
WRONG = "import numpy as np\ndef double(x):\n    return np.roll(2 * x, 1) + 1\n"
#: A known mistake, which the submission tells from another place of the ring.
ONE_MORE = """\
from solution import double

from grader.reference import mistake


@mistake("double", name="one more", hint="One too many.")
def one_more(x):
    return 2 * x + 1
"""


@pytest.fixture
def turns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(EQUIVALENCES, "turn", load(tmp_path, "turns", TURNS).EQUIVALENCE)  # the one line


def graded(folder: Path, source: str) -> FunctionGrade:
    (folder / "submission.py").write_text(source)
    rubric = assignment(folder, ASKED, variants=ONE_MORE)
    return by_name(grade(folder / "submission.py", rubric, seed=1))["double"]


@pytest.mark.usefixtures("turns")
def test_verify_accepts_a_rubric_with_a_new_equivalence(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["verify", str(assignment(tmp_path, ASKED)), "--seed", "1"])
    assert result.exit_code == 0, result.output


@pytest.mark.usefixtures("turns")
def test_results_of_one_class_are_right(tmp_path: Path) -> None:
    assert graded(tmp_path, TURNED).score == 10


@pytest.mark.usefixtures("turns")
def test_another_result_is_wrong_and_the_report_says_what_was_allowed(tmp_path: Path) -> None:
    double = graded(tmp_path, WRONG)
    assert double.score == 0
    (witness,) = double.witnesses
    for details in (double.checks[0].details, witness.details):
        assert details is not None
        assert details.note == "Compared up to where the ring begins."


@pytest.mark.usefixtures("turns")
def test_a_mistake_is_known_by_any_member_of_its_class(tmp_path: Path) -> None:
    assert [mistake.name for mistake in graded(tmp_path, WRONG).mistakes] == ["one more"]


@pytest.mark.usefixtures("turns")
def test_messages_on_rubrics_know_a_new_equivalence(tmp_path: Path) -> None:
    with pytest.raises(RubricError, match="permutation of labels, turn"):
        load_assignment(assignment(tmp_path, ASKED.replace("up_to: turn", "up_to: angle")))


def test_without_the_row_the_equivalence_is_unknown(tmp_path: Path) -> None:
    with pytest.raises(RubricError, match="'turn'"):
        load_assignment(assignment(tmp_path, ASKED))
