"""The first screens of all samples of assignment1, as a person has read them, for both audiences.

After a change that is meant, write them anew and read the difference:

PYTHONPATH=tests python -m report.screens --write
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from grader.grading.grades import Audience, Grade
from grader.pipeline import grade_submission, prepare_sandbox
from grader.plan.assignment import load_assignment
from grader.plan.plan import make_plan
from grader.report.audience import for_audience
from grader.report.formats.text import render_screen
from grader.sandbox.sandbox import Sandbox
from grader.upload import read_submission

FOLDER = Path(__file__).parent / "screens"
SAMPLES = Path(__file__).parent.parent.parent / "sample_submissions" / "assignment1"
SEED = 1
AUDIENCES: tuple[Audience, ...] = ("instructor", "student")


def grade_samples(names: list[str] | None = None) -> dict[str, Grade]:
    """The grades of samples, all by default, with one seed."""
    with Sandbox("jail") as box:
        assignment = load_assignment("assignment1")
        plan = make_plan(assignment, SEED)
        prepare_sandbox(box, assignment)
        everyone = (path for path in sorted(SAMPLES.iterdir()) if path.is_dir())
        folders = [path for path in everyone if names is None or path.name in names]
        return {
            folder.name: grade_submission(
                read_submission(next(folder.glob("submission*"))), plan, box, watch_calls=True
            )
            for folder in folders
        }


def screen(grade: Grade, audience: Audience) -> str:
    """A screen, without what differs from machine to machine."""
    return re.sub(r"jailed \([a-z-]+\)", "jailed", render_screen(for_audience(grade, audience)))


def main() -> None:
    if sys.argv[1:] != ["--write"]:
        sys.exit(__doc__)
    FOLDER.mkdir(exist_ok=True)
    for name, grade in grade_samples().items():
        for audience in AUDIENCES:
            (FOLDER / f"{name}.{audience}.txt").write_text(screen(grade, audience), encoding="utf-8")


if __name__ == "__main__":
    main()
