"""The report as one HTML page, which runs nothing: what is wrong, where, and what to do; all else is folded."""

from __future__ import annotations

from pathlib import Path

from grader.grading.grades import Grade
from grader.report import wording
from grader.report.cards import deal_cards
from grader.report.causes import find_causes
from grader.report.outline import outline_of, prepare_grade
from grader.report.web import render_page
from grader.verdict import OPEN

_HERE = Path(__file__).parent
#: A verdict's colour is never alone.
_SYMBOLS = {"good": "\u2713", "part": "\u25d0", "bad": "\u2717", "open": "\u2026"}


def render(grade: Grade) -> str:
    """The grade as a page."""
    shown = prepare_grade(grade)
    causes = find_causes(shown)
    is_urgent = grade.verdict in OPEN or any(cause.kind == "missing" for cause in causes)
    return render_page(
        _HERE / "page.html",
        style=(_HERE / "page.css").read_text(encoding="utf-8"),
        story=outline_of(grade),
        cards=deal_cards(shown, causes),
        files=shown.files,
        handed_at=shown.handed_at,
        attempt=shown.attempt,
        is_urgent=is_urgent,
        words=wording,
        symbols=_SYMBOLS,
    )
