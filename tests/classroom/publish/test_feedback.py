"""Reports go back under the names that the LMS gave, so that it finds whose they are."""

from __future__ import annotations

import io
import json
import tarfile
import zipfile
from pathlib import Path

import nbformat
import pytest
from classroom.classes import RIGHT, WRONG, graded, tiny, write
from click.testing import CliRunner

from grader.cli import main

pytestmark = pytest.mark.usefixtures("nearby")

NOTEBOOK = json.dumps(
    {
        "cells": [
            {"cell_type": "code", "id": "a", "metadata": {}, "source": RIGHT, "outputs": [], "execution_count": None}
        ],
        "metadata": {},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
)


def zipped(name: str, content: str) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr(name, content)
    return data.getvalue()


def tarred(name: str, content: str) -> bytes:
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w:gz") as archive:
        info = tarfile.TarInfo(name)
        info.size = len(content)
        archive.addfile(info, io.BytesIO(content.encode()))
    return data.getvalue()


def published(tmp_path: Path, files: dict[str, str | bytes]) -> dict[str, bytes]:
    """What feedback.zip holds once this class is published."""
    out = tmp_path / "out"
    graded(write(tmp_path / "class", files), out, tiny(tmp_path / "assignment"))
    result = CliRunner().invoke(main, ["publish", str(out)])
    assert result.exit_code == 0, result.output
    path = out / "feedback" / "feedback.zip"
    if not path.exists():
        return {}
    assert str(path) in result.output
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_canvas_gets_its_own_entry_names_each_with_that_students_report(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "byronada_11_101_hw 1 (final).py": RIGHT,
        "libo_LATE_12_102_hw1.ipynb": NOTEBOOK,
        "twomblycy_13_103_hw1.zip": zipped("hw1.py", RIGHT + "# cy\n"),
        "ardeneve_14_104_hw1.tar.gz": tarred("hw1.py", WRONG + "# eve\n"),
    }
    found = published(tmp_path, files)
    assert set(found) == set(files)
    reports = {
        student: (tmp_path / "out" / "feedback" / f"{student}.md").read_text() for student in ("11", "12", "13", "14")
    }
    script = found["byronada_11_101_hw 1 (final).py"].decode()
    compile(script, "hw1.py", "exec")
    assert "10 of 10" in script
    assert nbformat.reads(found["libo_LATE_12_102_hw1.ipynb"].decode(), 4).cells[0].source == reports["12"]
    with zipfile.ZipFile(io.BytesIO(found["twomblycy_13_103_hw1.zip"])) as archive:
        assert archive.read("feedback.md").decode() == reports["13"]
    with tarfile.open(fileobj=io.BytesIO(found["ardeneve_14_104_hw1.tar.gz"])) as tar:
        report = tar.extractfile("feedback.md")
        assert report is not None
        assert report.read().decode() == reports["14"]


def test_moodle_gets_its_own_folders_and_prefixes_and_the_page_beside_the_report(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "Ada Byron_11_assignsubmission_file/hw1.py": RIGHT,
        "Bo Li_12_assignsubmission_file_/hw1.py": WRONG,
        "Cy Twombly_13_assignsubmission_file_hw1.py": WRONG,
    }
    found = published(tmp_path, files)
    names = {
        "11": "Ada Byron_11_assignsubmission_file/feedback",
        "12": "Bo Li_12_assignsubmission_file_/feedback",
        "13": "Cy Twombly_13_assignsubmission_file_feedback",
    }
    given = {student: tmp_path / "out" / "feedback" / student for student in names}
    assert found == {
        name + suffix: given[student].with_suffix(suffix).read_bytes()
        for student, name in names.items()
        for suffix in (".md", ".html")
    }


@pytest.mark.parametrize("name", ["ada.py", "ada/hw1.py"])
def test_a_class_from_elsewhere_has_no_zip(tmp_path: Path, name: str) -> None:
    assert published(tmp_path, {name: RIGHT}) == {}


def test_the_zip_follows_a_later_release(tmp_path: Path) -> None:
    published(tmp_path, {"byronada_11_101_hw1.py": WRONG})
    out = tmp_path / "out"
    write(tmp_path / "class", {"byronada_11_101_hw1.py": RIGHT})
    graded(tmp_path / "class", out, tmp_path / "assignment" / "tiny.yaml")
    assert CliRunner().invoke(main, ["publish", str(out), "--reason", "A newer file."]).exit_code == 0
    with zipfile.ZipFile(out / "feedback" / "feedback.zip") as archive:
        assert b"10 of 10" in archive.read("byronada_11_101_hw1.py")
