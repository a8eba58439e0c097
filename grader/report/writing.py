"""Write a report to a file: whole or not at all."""

from __future__ import annotations

import importlib
import os
from pathlib import Path

from grader.errors import UsageError
from grader.files import write_text
from grader.grading.grades import Grade
from grader.report.formats import FORMATS


def write_report(grade: Grade, path: Path, format: str | None = None) -> None:  # noqa: A002 - the option's own name
    """Write `grade` to `path`, in the format that its suffix says, or `format`.

    Raises UsageError where the format is unknown or the file can't be written; an older file then stays as it was.
    """
    check_target(path, format)
    write_text(path, render(grade, _pick_format(path, format)))


def render(grade: Grade, format: str) -> str:  # noqa: A002 - the option's own name
    """`grade` in one of FORMATS."""
    text: str = importlib.import_module(f"grader.report.formats.{FORMATS[format].module}").render(grade)
    return text


def check_target(path: Path, format: str | None = None) -> None:  # noqa: A002 - the option's own name
    """Refuse a report that can't be written with a UsageError: before grading, so that no work is lost."""
    _pick_format(path, format)
    try:
        _check_place(path, path.resolve())
    except (OSError, RuntimeError) as error:  # a name too long, a loop of links
        raise UsageError(f"{path}: can't be written: {error}") from error


def _check_place(path: Path, target: Path) -> None:
    if target.is_dir():
        raise UsageError(f"{path}: is a folder; name a file in it")
    if target.exists() and not target.is_file():
        raise UsageError(f"{path}: is no ordinary file, so it can't be replaced")
    if not target.parent.is_dir():
        raise UsageError(f"{path}: there is no folder {path.parent}; make it first")
    if not os.access(target.parent, os.W_OK):
        raise UsageError(f"{path}: you may not write in {path.parent}")


def _pick_format(path: Path, format: str | None) -> str:  # noqa: A002 - the option's own name
    if format is not None:
        if format not in FORMATS:
            raise UsageError(f"{format}: no such format; there are {', '.join(FORMATS)}")
        return format
    by_suffix = {each.suffix: name for name, each in FORMATS.items() if each.suffix}
    if path.suffix.lower() not in by_suffix:
        known = ", ".join(f"{suffix} ({name})" for suffix, name in by_suffix.items())
        raise UsageError(f"{path}: its suffix should say the format: {known}; or say it with --format")
    return by_suffix[path.suffix.lower()]
