"""A whole class that is given as one submission is refused with the command for it, and never graded as a mixture."""

from __future__ import annotations

from pathlib import Path

import pytest
from classroom.classes import RIGHT, WRONG, tiny, write, zipped
from click.testing import CliRunner, Result

from grader.cli import main
from grader.errors import UsageError
from grader.extraction.model import Extraction
from grader.pipeline import refuse_class
from grader.submission.classes import Holding

pytestmark = pytest.mark.usefixtures("lent")  # starting a jail takes longer than what is claimed here


def grade(path: Path, rubric: Path) -> Result:
    report = str(rubric.with_name("report.json"))
    return CliRunner().invoke(main, [str(path), "--rubric", str(rubric), "--seed", "1", "-o", report])


def sources(names: list[str]) -> dict[str, str | bytes]:
    return {name: f"{WRONG if number % 2 else RIGHT}# {number}\n" for number, name in enumerate(names)}


@pytest.mark.parametrize(
    "names",
    [
        ["ada/hw1.py", "bo/hw1.py", "cy/hw1.py"],
        ["ada.py", "bo.py", "cy.py", "notes.py"],
        ["hw1/A/ada/hw1.py", "hw1/A/bo/x/hw1.py", "hw1/A/cy/main.py"],
        [f"HW 1_{who}_attempt_2026-10-02-17-34-00_hw1.py" for who in ("ada", "bo", "cy")],
        [f"{who}/{file}.py" for who in ("1234", "1235", "1236") for file in ("a", "b")],
    ],
)
@pytest.mark.parametrize("packed", [False, True])
def test_three_siblings_that_could_each_be_handed_in_are_a_class(
    tmp_path: Path, names: list[str], packed: bool
) -> None:
    rubric, files = tiny(tmp_path / "assignment"), sources(names)
    path = zipped(tmp_path / "class.zip", files) if packed else write(tmp_path / "a class", files)
    done = grade(path, rubric)
    assert done.exit_code == 2, done.output
    assert "grade batch" in done.stderr
    assert str(rubric) in done.stderr
    assert "double" not in done.stdout


@pytest.mark.parametrize(
    "names",
    [
        ["hw1.py", "hw1_old.py", "hw1_v2.py"],
        ["old/hw1.py", "new/hw1.py", "hw1.py"],
        ["ada/hw1.py", "bo/hw1.py"],
        ["hw1.py", "hw1 (1).py", "hw1 (2).py", "hw1-checkpoint.py"],
    ],
)
def test_of_versions_of_ones_own_work_one_is_graded_and_it_is_said(tmp_path: Path, names: list[str]) -> None:
    done = grade(write(tmp_path / "ada", sources(names)), tiny(tmp_path / "assignment"))
    assert done.exit_code == 0, done.output
    assert "there is another in" in (tmp_path / "assignment" / "report.json").read_text()


def test_parts_of_the_work_and_equal_copies_are_no_class(tmp_path: Path) -> None:
    double, negate = RIGHT.split("def negate")
    files: dict[str, str | bytes] = {"a.py": double, "b.py": f"def negate{negate}", "c.py": "x = 1"}
    assert grade(write(tmp_path / "parts", files), tiny(tmp_path / "1")).exit_code == 0
    copies: dict[str, str | bytes] = dict.fromkeys(["a.py", "b.py", "c.py"], RIGHT)
    assert grade(write(tmp_path / "copies", copies), tiny(tmp_path / "2")).exit_code == 0


def test_files_that_share_one_function_are_no_class_where_only_one_is_asked_for() -> None:
    """A student's layers each have a `forward`; with a second function asked for, three such files are a class."""
    names = ("linear", "relu", "conv")
    holdings = tuple(Holding(f"{name}.py", ("forward",), number) for number, name in enumerate(names))
    found = Extraction({}, {}, {}, {}, (), (), holdings=holdings)
    refuse_class("hw", "layers.yaml", ["forward"], found)
    both = found._replace(holdings=tuple(each._replace(names=("forward", "backward")) for each in holdings))
    with pytest.raises(UsageError, match="looks like a class"):
        refuse_class("hw", "layers.yaml", ["forward", "backward"], both)
