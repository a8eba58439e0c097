"""The wheel is whole: installed into a clean environment, `grade` works from any folder."""

from __future__ import annotations

import shutil
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
#: What a checkout may hold that isn't the project's.
NOT_OURS = shutil.ignore_patterns(".git", ".venv", "__pycache__", ".*_cache", ".hypothesis", "build", "dist", "bundled")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    shutil.copytree(ROOT, folder / "source", ignore=NOT_OURS)
    pip = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", str(folder), str(folder / "source")]
    subprocess.run(pip, check=True)
    (found,) = folder.glob("*.whl")
    return found


def test_the_wheel_carries_the_bundled_rubrics_and_references(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    assert "grader/bundled/rubrics/assignment1.yaml" in names
    assert "grader/bundled/reference/assignment1/functions.py" in names
    assert "grader/bundled/trees/assignment1.msgpack" in names
    assert "grader/py.typed" in names
    assert not [name for name in names if name.startswith(("tests/", "sample_submissions/"))]


def test_installed_in_a_clean_environment_it_grades_from_any_folder(wheel: Path, tmp_path: Path) -> None:
    venv.create(tmp_path / "env", with_pip=True)
    binaries = tmp_path / "env" / "bin"
    subprocess.run([binaries / "pip", "install", "-q", str(wheel)], check=True)
    desk = tmp_path / "desk"
    desk.mkdir()
    shutil.copy(ROOT / "sample_submissions" / "assignment1" / "right_script" / "submission.py", desk)
    done = subprocess.run([binaries / "grade", "submission.py"], cwd=desk, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "100 of 100 points" in done.stdout
