"""Annotations for GitHub Actions: each cause of lost points at the student's own line, the costliest first.

GitHub shows at most ten of a kind for each step. What a submission may have written is text, never a command: it is
escaped as GitHub asks for it, in properties and in messages.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from grader.grading.grades import Grade
from grader.report.causes import Cause, find_causes
from grader.report.formats import markdown
from grader.report.outline import prepare_grade
from grader.report.places import find_place
from grader.report.screen import say_in_a_line, tell_what_happened
from grader.report.wording import NOT_ISOLATED, so_many_points

#: Where it says which file is shown as the summary of a step.
SUMMARY = "GITHUB_STEP_SUMMARY"
#: GitHub shows no more errors of a step than these, and no longer summary.
_MOST = 10
_LONGEST_SUMMARY = 1_000_000  # bytes
_LONGEST_MESSAGE = 2_000


def render(grade: Grade, path: Path | None = None) -> str:
    """The annotations, a line each.

    Args:
        grade: as its audience may see it.
        path: where what was handed in lies in the repository: a file, or a folder of files.
    """
    shown = prepare_grade(grade)
    causes = find_causes(shown)
    lines = [_annotate(shown, cause, path) for cause in causes[: _MOST - 1]]
    if len(causes) >= _MOST:
        lines.append(f"::error::{_message(f'and {len(causes) - _MOST + 1} more causes of lost points')}")
    lines += [f"::warning::{_message(NOT_ISOLATED)}"] if grade.isolation.level == "none" else []
    said = f"{shown.title}. {say_in_a_line(grade)}"
    return "".join(f"{line}\n" for line in [*lines, f"::notice::{_message(said)}"])


def summarize(grade: Grade) -> str:
    """The report as the summary of a step, within GitHub's limit."""
    text = markdown.render(grade)
    return text.encode()[:_LONGEST_SUMMARY].decode(errors="ignore")


def _annotate(grade: Grade, cause: Cause, path: Path | None) -> str:
    names = ", ".join(cause.functions[:3])
    said = [f"{tell_what_happened(grade, cause)}.", cause.hint and f"Try: {cause.hint}"]
    title = f"{names}: {so_many_points(cause.lost)} lost"
    properties = {**dict(_places(grade, cause, path)), "title": title}
    listed = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::error {listed}::{_message(' '.join(filter(None, said)))}"


def _places(grade: Grade, cause: Cause, path: Path | None) -> Iterator[tuple[str, str]]:
    place = find_place(grade, cause.where, cause.functions[0])
    if place is None:
        return
    yield "file", _in_repository(place.file, path)
    if place.line is not None:
        yield "line", str(place.line)


def _in_repository(file: str, path: Path | None) -> str:
    if path is not None and path.is_dir():
        return (path / file).as_posix()
    return path.as_posix() if path is not None and path.name == file else file  # else it lies in an archive


def _message(text: str) -> str:
    return text[:_LONGEST_MESSAGE].replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _message(text).replace(":", "%3A").replace(",", "%2C")
