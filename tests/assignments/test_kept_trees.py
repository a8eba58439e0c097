"""The trees that the wheel keeps are those of the rubrics, place by place, or they aren't used."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.rubric import kept_tree
from grader.rubric.yaml_tree import read_yaml

RUBRICS = sorted((Path(__file__).parents[2] / "rubrics").glob("*.yaml"))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(kept_tree, "FOLDER", tmp_path)
    return tmp_path


@pytest.mark.parametrize("rubric", RUBRICS, ids=lambda rubric: rubric.stem)
def test_a_kept_tree_is_what_the_text_reads_as(rubric: Path, folder: Path) -> None:
    text = rubric.read_text(encoding="utf-8")
    tree, flaws = read_yaml(text, str(rubric))
    assert not flaws
    (folder / kept_tree.name_of_kept(rubric)).write_bytes(kept_tree.keep(text, tree))
    assert kept_tree.find_kept(text, rubric) == tree
    assert kept_tree.find_kept(text + "\n", rubric) is None


def test_a_tree_that_another_reader_made_is_not_used(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "a: 1\n"
    tree, _ = read_yaml(text, "hw.yaml")
    (folder / "hw.msgpack").write_bytes(kept_tree.keep(text, tree))
    assert kept_tree.find_kept(text, Path("hw.yaml")) == tree
    changed = tmp_path / "yaml_tree.py"
    changed.write_bytes(kept_tree._READER.read_bytes() + b"\n")
    monkeypatch.setattr(kept_tree, "_READER", changed)
    assert kept_tree.find_kept(text, Path("hw.yaml")) is None


def test_values_of_every_sort_are_kept(folder: Path) -> None:
    text = "a: [1, 2.5, -.inf, true, ~, 'two words']\nb: {c: {}, d: []}\n"
    tree, _ = read_yaml(text, "hw.yaml")
    (folder / "hw.msgpack").write_bytes(kept_tree.keep(text, tree))
    found = kept_tree.find_kept(text, Path("hw.yaml"))
    assert found == tree
    assert found is not None
    assert repr(found.plain()) == repr(tree.plain())


@pytest.mark.parametrize("data", [b"", b"\x00", b"\x92\xa1x\x93", b"not this"])
def test_a_damaged_file_is_passed_over(data: bytes, folder: Path) -> None:
    (folder / "hw.msgpack").write_bytes(data)
    assert kept_tree.find_kept("a: 1\n", Path("hw.yaml")) is None
