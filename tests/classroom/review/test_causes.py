"""The end of a batch says what cost the class most, and its counts add up."""

from __future__ import annotations

from pathlib import Path

import pytest
from classroom.classes import RIGHT, WRONG, run_here, tiny, write

pytestmark = pytest.mark.usefixtures("nearby")

FORGOT = RIGHT.replace("import numpy as np", "").replace("return 2 * x", "return np.add(x, x)")
MISSING = RIGHT.partition("def negate")[0]


def told(folder: Path, files: dict[str, str | bytes], *options: object) -> list[str]:
    done = run_here(write(folder / "class", files), folder / "out", "--rubric", tiny(folder / "assignment"), *options)
    assert done.code == 0, done.err
    return done.out.splitlines()


def test_what_many_lost_points_to_is_said_with_how_many_and_the_largest_first(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {f"a{n}.py": f"{FORGOT}# {n}" for n in range(4)}
    files |= {f"b{n}.py": f"{MISSING}# {n}" for n in range(3)}
    files |= {f"c{n}.py": WRONG.replace("3 * x", "x + {}[1]") for n in range(2)}
    lines = [each for each in told(tmp_path, files) if "or more each" in each]
    assert lines == [
        "4 students lost 6 points or more each: one missing import, import numpy as np",
        "3 students lost 4 points or more each: negate is missing or empty",
    ]


def test_the_counts_add_up(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {"a.py": RIGHT, "b.py": RIGHT, "c.py": RIGHT, "d.py": WRONG, "e.zip": b"no zip"}
    lines = told(tmp_path, files)
    assert lines[:2] == [
        "5 handed in, 4 graded in this run, 1 can't be read",
        "5 students: 4 graded, 1 can't be read",
    ]
    write(tmp_path / "class", {"f.py": WRONG + "# f"})
    again = run_here(tmp_path / "class", tmp_path / "out", "-j", "1").out
    assert again.splitlines()[0] == "6 handed in, 1 graded in this run, 5 as before"


def test_equal_files_are_graded_once_and_counted(tmp_path: Path) -> None:
    lines = told(tmp_path, {"1_2_hw.py": RIGHT, "3_4_hw.py": RIGHT, "5_6_hw.py": WRONG})
    assert lines[0] == "3 handed in, 2 graded in this run, 1 more by the same files"


def test_where_names_are_hidden_no_text_of_a_submission_is_shown(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {f"a{n}.py": f"{FORGOT}# {n}" for n in range(4)}
    assert not any("NameError" in each for each in told(tmp_path, files, "--pseudonyms"))
