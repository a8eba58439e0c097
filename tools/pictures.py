"""The pictures of pages in the docs, made anew: a student's page of a sample, and the page of a class of all samples.

PYTHONPATH=tests python tools/pictures.py
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from browser.chromium import Browser, open_browser

from grader.classroom.run import grade_class
from grader.classroom.stages.order import ClassOrder
from grader.pipeline import grade
from grader.report.audience import for_audience
from grader.report.formats.html import render

ROOT = Path(__file__).parent.parent
PICTURES = ROOT / "docs" / "pictures"
SAMPLES = ROOT / "sample_submissions" / "assignment1"
SEED = 1
WIDTH = 960


def main() -> None:
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch, open_browser() as browser:
        page = Path(scratch) / "student.html"
        found = grade(SAMPLES / "missing_keepdims" / "submission.py", seed=SEED)
        page.write_text(render(for_audience(found, "student")), encoding="utf-8")
        shoot(browser, page, PICTURES / "student.png", height=640)
        out = Path(scratch) / "out"
        grade_class(ClassOrder(SAMPLES, out, "assignment1", seed=SEED))
        shoot(browser, out / "private" / "index.html", PICTURES / "class.png", height=1050)


def shoot(browser: Browser, page: Path, picture: Path, height: int) -> None:
    browser.open(page, WIDTH)
    picture.write_bytes(browser.shoot(height))


if __name__ == "__main__":
    main()
