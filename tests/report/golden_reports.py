"""Reports that were read and found good. After a change that is meant, write them anew and read the difference:

PYTHONPATH=tests python -m report.golden_reports --write
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path

from report import sample_grades

from grader.grading.grades import Grade
from grader.report.audience import for_audience
from grader.report.formats import text
from grader.report.writing import render

FOLDER = Path(__file__).parent / "golden"


def _students() -> Grade:
    return for_audience(sample_grades.mixed(), "student")


def _page(grade: Grade) -> str:
    """The page without its style sheet, which would drown the rest."""
    page = re.sub(r"<style>.*?</style>", "<style></style>", render(grade, "html"), flags=re.DOTALL)
    return re.sub(r"sha256-[\w+/=]+", "sha256-", page)


REPORTS: dict[str, Callable[[], str]] = {
    "mixed.txt": lambda: text.render(sample_grades.mixed()),
    "mixed-terminal-60.txt": lambda: text.render(sample_grades.mixed(), terminal=True, width=60),
    "mixed.json": lambda: render(sample_grades.mixed(), "json"),
    "mixed.md": lambda: render(sample_grades.mixed(), "markdown"),
    "mixed.html": lambda: _page(sample_grades.mixed()),
    "mixed.xml": lambda: render(sample_grades.mixed(), "junit"),
    "mixed-gradescope.json": lambda: render(sample_grades.mixed(), "gradescope"),
    "mixed-student.txt": lambda: text.render(_students()),
    "mixed-student.json": lambda: render(_students(), "json"),
    "right.txt": lambda: text.render(sample_grades.right()),
    "awaiting.txt": lambda: text.render(sample_grades.awaiting()),
    "not_graded.txt": lambda: text.render(sample_grades.not_graded()),
    "not_isolated.txt": lambda: text.render(sample_grades.not_isolated()),
    "nearly_full.txt": lambda: text.render(sample_grades.nearly_full()),
}


def main() -> None:
    if sys.argv[1:] != ["--write"]:
        sys.exit(__doc__)
    for name, report in REPORTS.items():
        (FOLDER / name).write_text(report(), encoding="utf-8")


if __name__ == "__main__":
    main()
