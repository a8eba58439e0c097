"""A group of answers becomes a variant in the reference only once a person has read and filled in the draft."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest
from classroom.classes import RIGHT, graded, table, tiny, write
from click.testing import CliRunner, Result

from grader.classroom.review.drafting import draft
from grader.classroom.workers.grader import Code
from grader.cli import main
from grader.errors import UsageError

pytestmark = pytest.mark.usefixtures("nearby")

TRIPLED = RIGHT.replace("2 * x", "3 * x")
#: Unlike the reference with any one small change.
CUBED = RIGHT.replace("2 * x", "x * x * np.abs(x)")
ALSO_TRIPLED = RIGHT.replace("2 * x", "x / (1 / 3)")
FILES = {"ada.py": TRIPLED, "bo.py": ALSO_TRIPLED, "cy.py": RIGHT}


class Class:
    """A class that has been graded: two students have tripled."""

    def __init__(self, folder: Path, files: dict[str, str]) -> None:
        self.folder, self.out, self.rubric = folder, folder / "out", tiny(folder / "assignment")
        graded(write(folder / "class", files), self.out, self.rubric)

    def adopt(self, *options: str) -> Result:
        result = CliRunner().invoke(main, ["groups", str(self.out), "--adopt", "1", *options])
        assert "Traceback" not in result.output
        return result

    @property
    def drafted(self) -> Path:
        (path,) = (self.out / "private" / "drafts").iterdir()
        return path

    def fill_in(self, **how: str) -> None:
        """Fill in the draft, as an instructor would."""
        text = self.drafted.read_text()
        for key, value in {"name": "tripled", "hint": "Twice is enough.", "credit": "1/2", **how}.items():
            lines = [
                f'    {key}="{value}",' if line.strip().startswith(f"{key}=") else line for line in text.splitlines()
            ]
            text = "\n".join(lines) + "\n"
        self.drafted.write_text(text)

    @property
    def adopted(self) -> list[str]:
        return [path.name for path in (self.rubric.parent / "tiny").glob("adopted_*.py")]

    def scores(self) -> dict[str, str]:
        return {student: row["score"] for student, row in table(self.out).items()}


@pytest.fixture
def klass(tmp_path: Path) -> Class:
    return Class(tmp_path, FILES)


def test_first_there_is_a_draft_and_nothing_else(klass: Class) -> None:
    result = klass.adopt()
    assert result.exit_code == 0
    assert "It is your reference with one change" in result.output
    assert "    - return 2 * x\n    + return 3 * x\n" in klass.drafted.read_text()
    assert "        return 3 * x" in klass.drafted.read_text()
    assert klass.adopted == []
    assert klass.scores() == {"ada": "4", "bo": "4", "cy": "10"}


def test_what_no_change_of_the_reference_answers_is_drafted_from_a_students_code(tmp_path: Path) -> None:
    klass = Class(tmp_path, {"ada.py": CUBED, "cy.py": RIGHT})
    said = klass.adopt().output
    assert "It is a student's code" in said
    assert "WITHOUT A JAIL" in said
    assert "return x * x * np.abs(x)" in klass.drafted.read_text()


def test_verify_accepts_a_draft_that_was_adopted(klass: Class) -> None:
    klass.adopt()
    klass.fill_in(credit="0")
    klass.adopt()
    verified = CliRunner().invoke(main, ["verify", str(klass.rubric)])
    assert verified.exit_code in (0, 4), verified.output
    assert "1 of 1" in verified.output


def test_a_draft_that_isnt_filled_in_goes_nowhere(klass: Class) -> None:
    klass.adopt()
    refused = klass.adopt()
    assert refused.exit_code == 2
    assert f"{klass.drafted.name}:" in refused.stderr
    assert "fill this in" in refused.stderr
    assert klass.adopted == []


def test_a_filled_in_mistake_regrades_its_members_and_names_itself_on_their_reports(klass: Class) -> None:
    klass.adopt()
    klass.fill_in()
    result = klass.adopt()
    assert result.exit_code == 0
    assert "explains 2 of 2 members" in result.output
    assert klass.scores() == {"ada": "7", "bo": "7", "cy": "10"}
    report = json.loads((klass.out / "private" / "preview" / "bo.json").read_text())
    assert report["functions"][0]["mistakes"] == [{"name": "tripled", "hint": "Twice is enough."}]


def test_a_filled_in_convention_gives_its_members_full_points(klass: Class) -> None:
    klass.adopt("--as", "convention")
    klass.drafted.write_text(
        klass.drafted.read_text().replace("FILL IN: what is agreed on instead, in a few words", "triple")
    )
    assert klass.adopt().exit_code == 0
    assert klass.scores() == {"ada": "10", "bo": "10", "cy": "10"}


def test_after_adopting_the_next_batch_has_nothing_to_grade(klass: Class) -> None:
    klass.adopt()
    klass.fill_in()
    klass.adopt()
    assert graded(klass.folder / "class", klass.out, klass.rubric).graded == 0
    assert klass.scores()["ada"] == "7"


def test_a_draft_changed_until_it_answers_otherwise_is_refused_and_changes_nothing(klass: Class) -> None:
    klass.adopt()
    klass.fill_in()
    klass.drafted.write_text(klass.drafted.read_text().replace("3 * x", "5 * x"))
    refused = klass.adopt()
    assert refused.exit_code == 2
    assert "aren't those of the group" in refused.stderr
    assert klass.adopted == []
    assert graded(klass.folder / "class", klass.out, klass.rubric).graded == 0


def test_a_draft_that_doesnt_load_is_refused_and_changes_nothing(klass: Class) -> None:
    klass.adopt()
    klass.drafted.write_text("import no_such_module\n")
    refused = klass.adopt()
    assert refused.exit_code == 3
    assert "no_such_module" in refused.stderr
    assert klass.adopted == []


def test_a_reference_that_has_changed_meanwhile_is_left_alone(klass: Class) -> None:
    file = klass.rubric.parent / "tiny" / "functions.py"
    file.write_text(file.read_text() + "\n# a note\n")
    refused = klass.adopt()
    assert refused.exit_code == 2
    assert "run `grade batch` first" in refused.stderr


def test_a_bundled_reference_is_left_alone(tmp_path: Path) -> None:
    out = tmp_path / "out"
    wrong = "def sigmoid(x):\n    return x + 0.125\n"
    graded(write(tmp_path / "class", {"ada.py": wrong}), out, Path("assignment1"))
    refused = CliRunner().invoke(main, ["groups", str(out), "--adopt", "1"])
    assert refused.exit_code == 2
    assert "came with grade" in refused.stderr


def test_there_is_no_group_beyond_the_last(klass: Class) -> None:
    refused = CliRunner().invoke(main, ["groups", str(klass.out), "--adopt", "7"])
    assert refused.exit_code == 2
    assert "the last group is 1" in refused.stderr


# -- drafts --------------------------------------------------------------------------------------------------------


def drafted(text: str, **modules: str) -> str:
    return draft("mistake", "double", "double_1", Code("double", (text,)), modules)


HOSTILE = [
    'def double(x):\n    s = """\nimport os\nos.system("true")\n"""\n    return x\n',
    "def double(x):\n    return x \\\n+ 1\n",
    'x = 1\n\x0cimport os\ndef double(x):\n    "\u202e"\n    return x\n',
    '"""\n"""; import os\ndef double(x):\n    return x\n',
]


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_of_a_student_runs_when_a_draft_is_loaded(text: str) -> None:
    """All of it stands inside one function: at the top there are only our own imports and that definition."""
    found = drafted(text)
    docstring, lending, function = ast.parse(found).body
    assert isinstance(docstring, ast.Expr)
    assert isinstance(lending, ast.ImportFrom)
    assert lending.module == "grader.reference"
    assert isinstance(function, ast.FunctionDef)
    assert "\u202e" not in found


def test_loading_a_draft_prints_nothing_of_it(tmp_path: Path) -> None:
    file = tmp_path / "double_1.py"
    file.write_text(drafted("print('here')\ndef double(x, y=print('there')):\n    return x\n"))
    done = subprocess.run([sys.executable, file], capture_output=True, text=True, check=True)
    assert done.stdout == ""


def test_other_required_functions_are_lent_by_the_reference() -> None:
    text = "def negate(x):\n    return x\n\ndef double(x):\n    return negate(negate(x)) * 2\n"
    found = drafted(text, negate="functions", double="functions")
    assert "from functions import negate" in found
    assert "def negate" not in found


@pytest.mark.parametrize("text", ["from numpy import *\ndef double(x):\n    return x\n", "def double(:\n"])
def test_code_that_cant_stand_in_one_function_is_left_to_the_instructor(text: str) -> None:
    with pytest.raises(UsageError, match="by hand"):
        drafted(text)
