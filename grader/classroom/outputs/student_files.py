"""The files made of one student's grade: for the student in OUT/return, for the instructor in OUT/private/reports."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from grader.classroom.decisions.settling import Adjustments, apply_to_grade
from grader.classroom.store.encoding import decode_grade
from grader.errors import HarnessError, UsageError
from grader.files import write_text
from grader.grading.grades import Decision, Repaired
from grader.grading.manual import GivenPoints, with_items
from grader.report.audience import for_audience
from grader.report.formats import returned_suffixes
from grader.report.writing import render
from grader.rubric.model import Manual

if TYPE_CHECKING:
    from grader.classroom.workers.tasks import WorkerContext

RETURN = Path("return")
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

    def run(self, workplace: WorkerContext) -> None:
        """Raises HarnessError where they can't be written."""
        write_reports(self)


def write_reports(report: WriteReports) -> None:
    """Write all reports of one student.

    Raises:
        HarnessError: a file can't be written.
    """
    items = with_items(decode_grade(report.blob), report.items, report.given)
    graded = apply_to_grade(items, report.ruling or Adjustments())
    told = (*report.decisions, *graded.decisions)
    repaired = Repaired(report.diff) if report.diff else None
    named = {"student": report.student, "submission": report.title}
    grade = msgspec.structs.replace(graded, **named, decisions=told, repaired=repaired)
    try:
        for place, shown in ((PRIVATE, grade), (RETURN, for_audience(grade, "student"))):
            for suffix, name in returned_suffixes().items():
                write_text(Path(report.out) / place / (report.stem + suffix), render(shown, name))
    except UsageError as error:  # the place was sound when the run began: the disk is full, or somebody is at work here
        raise HarnessError(str(error)) from error


def remove_reports(out: Path, stem: str) -> None:
    """Remove the reports of somebody who isn't in the class any more."""
    for path in list_reports(out, stem):
        path.unlink(missing_ok=True)


def list_reports(out: Path, stem: str) -> list[Path]:
    """The reports of somebody, as far as they are written."""
    paths = [out / place / (stem + suffix) for place in (PRIVATE, RETURN) for suffix in returned_suffixes()]
    return [path for path in paths if path.exists()]


def complete_reports(out: Path) -> frozenset[str]:
    """The stems of which all files are there. What a killed run left half written is cleared away."""
    found, suffixes = [], returned_suffixes()
    for scratch in (*out.glob(".*.tmp"), *(out / PRIVATE).glob(".*.tmp"), *(out / RETURN).glob(".*.tmp")):
        scratch.unlink(missing_ok=True)
    for place in (PRIVATE, RETURN):
        names = {path.name for path in (out / place).iterdir()}
        found += [{name.removesuffix(suffix) for name in names if name.endswith(suffix)} for suffix in suffixes]
    return frozenset.intersection(*map(frozenset, found))
