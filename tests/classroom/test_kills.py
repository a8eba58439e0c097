"""Kill -9 at any moment: the next run goes on, and in the end nothing tells that anything happened.

`GRADE_KILLS=20` in the environment kills that often; a few times are enough for CI.
"""

from __future__ import annotations

import os
import random
import subprocess
import time
from pathlib import Path

import pytest
from classroom.classes import BROKEN, HANGS, RIGHT, WRONG, command, graded, kept, students, tiny, write

KILLS = int(os.environ.get("GRADE_KILLS", "4"))
SEED = "20150407"
STUDENTS = 30


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Path]:
    """The class, its rubric, and the results of a run that nobody stopped."""
    top = tmp_path_factory.mktemp("undisturbed")
    rubric, folder = tiny(top / "assignment"), write(top / "class", students(STUDENTS - 2, RIGHT, WRONG, RIGHT, BROKEN))
    write(folder, {"zz_hangs.py": HANGS, "zz_empty.py": ""})
    graded(folder, top / "out", rubric, seed=int(SEED))
    return folder, rubric, top / "out"


@pytest.mark.parametrize("number", range(KILLS))
def test_a_run_that_was_killed_and_resumed_ends_like_one_that_wasnt(
    tmp_path: Path, undisturbed: tuple[Path, Path, Path], number: int
) -> None:
    folder, rubric, expected = undisturbed
    out = tmp_path / "out"
    kill_at(number, command(folder, out, "--rubric", rubric, "--seed", SEED), out)
    graded(folder, out, rubric)
    assert (out / "grades.csv").read_bytes() == (expected / "grades.csv").read_bytes()
    assert names(out) == names(expected)
    assert not list(out.rglob("*.tmp"))


def names(out: Path) -> set[str]:
    return {str(path.relative_to(out)) for path in out.rglob("*") if path.is_file() and path.suffix in (".json", ".md")}


def kill_at(number: int, call: list[str], out: Path) -> None:
    """Start a run, and kill it when so much is in the store: nothing at all, some results, some reports."""
    enough = random.Random(number).randint(0, 2 * STUDENTS - 1)
    with subprocess.Popen(call, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        while kept(out) < enough and process.poll() is None:
            time.sleep(0.01)
        process.kill()
