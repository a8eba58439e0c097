"""A report file is written whole or not at all, and a bad target is refused before any grading."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from types import ModuleType

import pytest
from report.sample_grades import mixed, right

from grader.errors import UsageError
from grader.files import write_text
from grader.report.formats import FORMATS, Format, describe_suffixes
from grader.report.writing import check_target, render, write_report

SUFFIXES = {each.suffix: name for name, each in FORMATS.items() if each.suffix}


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_the_suffix_picks_the_format(tmp_path: Path, suffix: str) -> None:
    write_report(mixed(), tmp_path / f"report{suffix.upper()}")
    assert (tmp_path / f"report{suffix.upper()}").read_text(encoding="utf-8") == render(mixed(), SUFFIXES[suffix])


@pytest.mark.parametrize("form", FORMATS)
def test_a_format_overrides_the_suffix(tmp_path: Path, form: str) -> None:
    write_report(mixed(), tmp_path / "results.json", form)
    assert (tmp_path / "results.json").read_text(encoding="utf-8") == render(mixed(), form)


@pytest.mark.parametrize("name", ["report", "report.pdf", ".json"])
def test_an_unknown_suffix_is_refused_with_what_is_allowed(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match=r"\.json \(json\), \.md \(markdown\).*--format"):
        check_target(tmp_path / name)


def test_an_unknown_format_is_refused_with_what_there_is(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such format; there are json, markdown"):
        check_target(tmp_path / "report.json", "yaml")


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"there is no folder .*/no/such; make it first"):
        check_target(tmp_path / "no" / "such" / "report.json")


def test_a_folder_cannot_be_a_report(tmp_path: Path) -> None:
    (tmp_path / "report.json").mkdir()
    with pytest.raises(UsageError, match="is a folder"):
        check_target(tmp_path / "report.json")


def test_a_device_or_pipe_is_not_replaced(tmp_path: Path) -> None:
    """As root, renaming a file over /dev/null would succeed."""
    os.mkfifo(tmp_path / "report.json")
    with pytest.raises(UsageError, match="no ordinary file"):
        write_report(right(), tmp_path / "report.json")
    with pytest.raises(UsageError, match="no ordinary file"):
        check_target(tmp_path / "report.json")


def test_a_loop_of_links_is_refused(tmp_path: Path) -> None:
    (tmp_path / "report.json").symlink_to(tmp_path / "report.json")
    with pytest.raises(UsageError):
        write_report(right(), tmp_path / "report.json")


def test_a_name_too_long_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        check_target(tmp_path / f"{'x' * 300}.json")


def test_a_link_leads_to_the_file_that_is_written(tmp_path: Path) -> None:
    (tmp_path / "real.json").write_text("old")
    (tmp_path / "link.json").symlink_to("real.json")
    write_report(right(), tmp_path / "link.json")
    assert (tmp_path / "real.json").read_text(encoding="utf-8") == render(right(), "json")
    assert (tmp_path / "link.json").is_symlink()


def test_an_older_report_is_replaced_and_nothing_else_is_left(tmp_path: Path) -> None:
    (tmp_path / "report.md").write_text("old")
    write_report(right(), tmp_path / "report.md")
    assert [path.name for path in tmp_path.iterdir()] == ["report.md"]
    assert "old" not in (tmp_path / "report.md").read_text(encoding="utf-8")


def test_a_report_that_fails_halfway_leaves_the_older_one(tmp_path: Path) -> None:
    """A lone surrogate can't be written as UTF-8, so that the write stops after the file was opened."""
    (tmp_path / "report.txt").write_text("old")
    with pytest.raises(UnicodeEncodeError):
        write_text(tmp_path / "report.txt", "new" * 10_000 + "\ud800")
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("report.txt", "old")]


def test_a_full_disk_is_a_clear_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder is gone by the time of writing: the error names the file, and says why."""
    (tmp_path / "folder").mkdir()
    target = tmp_path / "folder" / "report.txt"
    check_target(target)
    (tmp_path / "folder").rmdir()
    with pytest.raises(UsageError, match="can't be written: No such file or directory"):
        write_text(target, "text")


def test_others_may_read_a_report_as_any_other_file(tmp_path: Path) -> None:
    (tmp_path / "ordinary").touch()
    write_report(right(), tmp_path / "report.txt")
    assert (tmp_path / "report.txt").stat().st_mode == (tmp_path / "ordinary").stat().st_mode


def test_a_format_of_one_file_and_one_row_is_written_and_stands_in_the_messages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = ModuleType("grader.report.formats.haiku")
    vars(module)["render"] = lambda grade: f"{grade.title}, seventeen\n"
    monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setitem(FORMATS, "haiku", Format("haiku", ".haiku"))
    write_report(mixed(), tmp_path / "report.haiku")
    assert (tmp_path / "report.haiku").read_text() == f"{mixed().title}, seventeen\n"
    assert render(mixed(), "haiku") == f"{mixed().title}, seventeen\n"
    assert ".haiku" in describe_suffixes()
    with pytest.raises(UsageError, match=r"\.haiku \(haiku\)"):
        check_target(tmp_path / "report.docx")
