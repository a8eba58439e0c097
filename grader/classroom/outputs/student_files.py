"""The files made of one student's grade.

For the instructor in OUT/private/reports. For the student in OUT/private/preview, until something is published of them:
then in OUT/feedback, which changes when something is published, or taken back, and at no other time.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from grader.classroom.decisions.settling import Adjustments, Standing, apply_standing, apply_to_grade
from grader.classroom.intake.file_names import make_stem
from grader.classroom.store.encoding import decode_grade
from grader.classroom.store.store import Store
from grader.errors import HarnessError, UsageError
from grader.files import write_bytes, write_text
from grader.grading.grades import Audience, Decision, Grade, Repaired
from grader.grading.manual import GivenPoints, with_items
from grader.report.audience import for_audience
from grader.report.formats import kept_suffixes, published_suffixes, returned_suffixes
from grader.report.wording import name_line
from grader.report.writing import render
from grader.rubric.model import Manual

if TYPE_CHECKING:
    from grader.classroom.workers.tasks import WorkerContext

FEEDBACK = Path("feedback")
PREVIEW = Path("private") / "preview"
PRIVATE = Path("private") / "reports"


class WriteReports(msgspec.Struct, frozen=True):
    """Write the reports of one student."""

    out: str
    stem: str
    student: str
    title: str
    blob: bytes
    decisions: tuple[Decision, ...] = ()
    items: tuple[Manual, ...] = ()
    given: dict[str, GivenPoints] = {}
    ruling: Adjustments | None = None
    diff: str = ""  #: from what was handed in to a repaired copy
    at: str = ""  #: when it was handed in
    attempt: str = ""  #: which attempt counts: "2 of 3"
    standing: Standing | None = None  #: the score that was published

    def run(self, workplace: WorkerContext) -> None:
        """Raises HarnessError where they can't be written."""
        write_reports(self)


class RenderReports(msgspec.Struct, frozen=True):
    """Render what one student is given."""

    report: WriteReports

    def run(self, workplace: WorkerContext) -> dict[str, bytes]:
        """The files, by the suffix of their names."""
        return render_feedback(self.report)


def write_reports(report: WriteReports) -> None:
    """Write all reports of one student that aren't published.

    Raises:
        HarnessError: a file can't be written.
    """
    grade = _make_grade(report)
    places: list[tuple[Path, Audience]] = [(PRIVATE, "instructor")]
    places += [] if report.standing else [(PREVIEW, "student")]
    try:
        for place, audience in places:
            for suffix, text in _render(grade, audience, _written_suffixes(audience)).items():
                write_text(Path(report.out) / place / (report.stem + suffix), text)
    except UsageError as error:  # the place was sound when the run began: the disk is full, or somebody is at work here
        raise HarnessError(str(error)) from error
    _remove([Path(report.out) / PRIVATE / (report.stem + suffix) for suffix in suffixes_on_demand()])  # out of date
    if report.standing:
        _remove(list_reports(Path(report.out), report.stem, PREVIEW))


def render_feedback(report: WriteReports) -> dict[str, bytes]:
    """What a student is given, by the suffix of the file's name."""
    suffixes = published_suffixes()
    grade = _with_lines(_make_grade(report))
    return {suffix: text.encode() for suffix, text in _render(grade, "student", suffixes).items()}


def _with_lines(grade: Grade) -> Grade:
    """With the lines of smallest changes, where the rubric says `repair: line` and nothing speaks against a line."""
    if grade.repair != "line":
        return grade
    functions = tuple(
        msgspec.structs.replace(each, look_at=name_line(each.change)) if each.change and each.change.is_sure else each
        for each in grade.functions
    )
    return msgspec.structs.replace(grade, functions=functions)


class WritePage(msgspec.Struct, frozen=True):
    """Write what is made on demand about one student: the page, and for the instructor the Markdown."""

    report: WriteReports
    audience: Audience = "instructor"

    def run(self, workplace: WorkerContext) -> list[str]:
        """Where it is, the page first; raises UsageError where it can't be written."""
        place = PRIVATE if self.audience == "instructor" else PREVIEW
        written = []
        for suffix, text in _render(_make_grade(self.report), self.audience, suffixes_on_demand(self.audience)).items():
            path = Path(self.report.out) / place / (self.report.stem + suffix)
            write_text(path, text)
            written.append(str(path))
        return written


def _written_suffixes(audience: Audience) -> dict[str, str]:
    """The suffixes of what is written as soon as somebody is graded."""
    return kept_suffixes() if audience == "instructor" else returned_suffixes()


def suffixes_on_demand(audience: Audience = "instructor") -> dict[str, str]:
    """The suffixes of what is made with a release, or when somebody asks for it; the page first."""
    written = _written_suffixes(audience)
    return {suffix: name for suffix, name in reversed(published_suffixes().items()) if suffix not in written}


def _make_grade(report: WriteReports) -> Grade:
    """The grade with all that was decided, under the score that was published."""
    items = with_items(decode_grade(report.blob), report.items, report.given)
    graded = apply_to_grade(items, report.ruling or Adjustments())
    told = (*report.decisions, *graded.decisions)
    repaired = Repaired(report.diff) if report.diff else None
    named = {"student": report.student, "submission": report.title}
    named |= {"handed_at": report.at, "attempt": report.attempt}
    return apply_standing(msgspec.structs.replace(graded, **named, decisions=told, repaired=repaired), report.standing)


def _render(grade: Grade, audience: Audience, suffixes: Mapping[str, str]) -> dict[str, str]:
    shown = for_audience(grade, audience) if audience == "student" else grade
    return {suffix: render(shown, name) for suffix, name in suffixes.items()}


def remove_reports(out: Path, stem: str) -> None:
    """Remove the reports of somebody who isn't in the class any more, but for what they were given."""
    _remove(list_reports(out, stem, PRIVATE, PREVIEW))


def _remove(paths: list[Path]) -> None:
    for path in paths:
        path.unlink(missing_ok=True)


def list_reports(out: Path, stem: str, *places: Path) -> list[Path]:
    """The reports of somebody, as far as they are written; in all places, if none is named."""
    paths = [
        out / place / (stem + suffix)
        for place in places or (PRIVATE, PREVIEW, FEEDBACK)
        for suffix in published_suffixes()
    ]
    return [path for path in paths if path.exists()]


def complete_reports(out: Path, place: Path) -> frozenset[str]:
    """The stems of which all files are there. What a killed run left half written is cleared away."""
    for scratch in (*out.glob(".*.tmp"), *(out / place).glob(".*.tmp")):
        scratch.unlink(missing_ok=True)
    names = {path.name for path in (out / place).iterdir()}
    suffixes = kept_suffixes() if place == PRIVATE else returned_suffixes()
    found = [{name.removesuffix(suffix) for name in names if name.endswith(suffix)} for suffix in suffixes]
    return frozenset.intersection(*map(frozenset, found))


def write_feedback_files(out: Path, store: Store) -> None:
    """Make OUT/feedback what students were given: what is missing or differs is written, what was taken back goes.

    Raises:
        UsageError: a file can't be written.
    """
    wanted = {
        make_stem(told.student) + suffix: data for told in store.told.newest() for suffix, data in told.files.items()
    }
    complete_reports(out, FEEDBACK)  # clears away what a killed run left half written
    for name, data in wanted.items():
        path = out / FEEDBACK / name
        if not path.is_file() or path.read_bytes() != data:
            write_bytes(path, data)
    suffixes = tuple(published_suffixes())
    _remove([path for path in (out / FEEDBACK).iterdir() if path.name.endswith(suffixes) and path.name not in wanted])
