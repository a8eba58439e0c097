"""A class is explained from its store: each source once, no score touched, and students learn nothing of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from classroom.classes import RIGHT, WRONG, graded, table, tiny, write
from click.testing import CliRunner, Result

from grader.classroom.review import explaining
from grader.cli import main

pytestmark = pytest.mark.usefixtures("nearby")

#: Right in its first line and wrong throughout after it, so that no small change is enough.
TWICE = RIGHT.replace("return 2 * x", "twice = 2 * x\n    return np.sort(twice)[::-1] ** 3")


@pytest.fixture
def out(tmp_path: Path) -> Path:
    files = {"ada.py": RIGHT, "bo.py": WRONG, "cy/hw.py": WRONG, "cy/notes.txt": "mine", "ann.py": TWICE}
    graded(write(tmp_path / "class", files), tmp_path / "out", tiny(tmp_path / "assignment"))
    return tmp_path / "out"


def explain(*words: object) -> Result:
    result = CliRunner().invoke(main, ["explain", *(str(word) for word in words)])
    assert "Traceback" not in result.output
    return result


def report(out: Path, student: str) -> dict[str, object]:
    found = json.loads((out / "private" / "reports" / f"{student}.json").read_text())
    return {function["name"]: function.get("change") for function in found["functions"]}


def test_each_source_is_explained_once_no_score_changes_and_students_see_nothing(out: Path) -> None:
    before, returned = table(out), {path.name: path.read_text() for path in (out / "feedback").iterdir()}
    said = explain(out).stdout
    assert "2 sources looked at" in said
    assert "1 of 2 unexplained functions have a change" in said
    for student in ("bo", "cy"):
        change = report(out, student)["double"]
        assert isinstance(change, dict)
        assert change["diff"] == "-    return 3 * x\n+    return 2 * x"
    assert report(out, "ann") == report(out, "ada") == {"double": None, "negate": None}
    assert "1 of them have values that were right so far" in said
    functions = json.loads((out / "private" / "preview" / "ann.json").read_text())["functions"]
    assert functions[0]["right_so_far"] == [{"name": "twice", "where": "ann.py, line 5"}]
    assert table(out) == before
    assert {path.name: path.read_text() for path in (out / "feedback").iterdir()} == returned
    assert "0 sources looked at" in explain(out).stdout  # what was looked at once stays


def test_groups_show_the_change_that_mends_them_whatever_variables_are_called(tmp_path: Path) -> None:
    files = {
        "ada.py": "def double(x):\n    return 3 * x\n",
        "bo.py": "def double(values):\n    return 3 * values\n",
        "cy.py": "def double(x):\n    return 4 * x\n",
    }
    out = tmp_path / "out"
    graded(write(tmp_path / "class", files), out, tiny(tmp_path / "assignment"))
    assert "3 sources looked at" in explain(out).stdout
    said = CliRunner().invoke(main, ["groups", str(out)]).stdout
    assert "double: 2 students, 12 points lost" in said
    assert "becomes `return 2 * x` (a constant)" in said


def test_a_function_that_is_not_there_is_named(out: Path) -> None:
    result = explain(out, "doubel")
    assert result.exit_code == 2
    assert "did you mean 'double'" in result.stderr


def test_what_was_found_before_ctrl_c_is_kept_and_the_same_command_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {f"{name}.py": f"def double(x):\n    return {number} * x\n" for number, name in enumerate("abcd", 3)}
    out = tmp_path / "out"
    graded(write(tmp_path / "class", files), out, tiny(tmp_path / "assignment"))
    before, turns = table(out), iter([False, False, True])

    def press(_: object) -> None:
        if next(turns):
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(explaining, "stop_if_hopeless", press)
        stopped = explain(out)
    assert stopped.exit_code == 130
    assert "run the same command" in stopped.stderr
    said = explain(out)
    assert "2 sources looked at" in said.stdout
    assert "4 of 4 unexplained functions have a change" in said.stdout
    assert "explaining: 2 of 2" in said.stderr
    assert table(out) == before
