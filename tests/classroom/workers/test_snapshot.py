"""A plan that travels, or rests in a store, is the same plan where it is unpacked."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from classroom.classes import REFERENCE, RUBRIC, write

from grader.classroom.store.fingerprint import fingerprint_parts
from grader.classroom.workers.job import GradingJob
from grader.classroom.workers.snapshot import from_bytes, take_snapshot, to_bytes
from grader.errors import UsageError
from grader.plan.assignment import load_assignment

DOUBLE, NEGATE = REFERENCE.split("\n\n\n")
KIT = GradingJob("", 7, "jail", "")


@pytest.fixture
def rubric(tmp_path: Path) -> Path:
    """A rubric whose reference stands in two folders, with data beside the code."""
    text = RUBRIC.replace("reference: tiny", "reference: [tiny, lender]")
    files: dict[str, str | bytes]
    files = {"tiny.yaml": text, "tiny/one.py": DOUBLE, "tiny/data/x.bin": b"\x00\xff", "lender/two.py": NEGATE}
    return write(tmp_path / "assignment", files) / "tiny.yaml"


@pytest.mark.parametrize("name", ["tiny", "assignment1", "cs224n_a1"])
def test_unpacked_elsewhere_it_has_the_same_fingerprint(name: str, rubric: Path, tmp_path: Path) -> None:
    assignment = load_assignment(rubric if name == "tiny" else name)
    kit = from_bytes(to_bytes(take_snapshot(assignment, KIT))).unpack(tmp_path / "elsewhere")
    there = load_assignment(kit.rubric)
    assert Path(there.rubric.file).is_relative_to(tmp_path / "elsewhere")
    assert all(folder.is_relative_to(tmp_path / "elsewhere") for folder in there.reference.folders)
    assert fingerprint_parts(there, 7, "jail") == fingerprint_parts(assignment, 7, "jail")


@pytest.mark.parametrize("file", ["tiny/one.py", "tiny/data/x.bin", "lender/two.py"])
def test_a_change_of_any_file_of_any_folder_is_another_plan(file: str, rubric: Path) -> None:
    before = fingerprint_parts(load_assignment(rubric), 7, "jail")
    path = rubric.parent / file
    path.write_bytes(path.read_bytes() + b"\n")
    assert fingerprint_parts(load_assignment(rubric), 7, "jail")["reference"] != before["reference"]


def test_a_reference_that_isnt_beside_its_rubric_cant_be_unpacked(rubric: Path, tmp_path: Path) -> None:
    luggage = take_snapshot(load_assignment(rubric), KIT)
    astray = msgspec.structs.replace(luggage, references=(("../outside", {"x.py": b""}),))
    with pytest.raises(UsageError, match="must be a folder beside its rubric"):
        astray.unpack(tmp_path / "elsewhere")
    assert not (tmp_path / "outside").exists()
