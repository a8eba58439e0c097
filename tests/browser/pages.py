"""Every page that `grade` makes, on disk: a student's, an instructor's, a class's, an audit's."""

from __future__ import annotations

from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path

import msgspec
from classroom.classes import BROKEN, RIGHT, WRONG, tiny, write
from report.sample_grades import mixed

from grader.authoring.audit import Audit
from grader.authoring.audit_report import as_html
from grader.authoring.matrix import Matrix, Wrong
from grader.classroom.publish.publish import PublishOrder, publish_grades
from grader.classroom.run import grade_class
from grader.classroom.stages.order import ClassOrder
from grader.grading.grades import Decision, Grade, HandedFile, Repaired, ScoreChange, StudentCode
from grader.report.audience import for_audience
from grader.report.formats.html import render

STARTER = RIGHT.replace("return 2 * x", "raise NotImplementedError")
NO_IMPORT = "def double(x):\n    return np.multiply(2, x)\n\ndef negate(x):\n    return np.negative(x)\n"
SOURCE = 'def sigmoid_grad(s):\n    """Of a sigmoid."""\n    # by entries\n    return s[0, :] * 2.5  # wrong'


def full() -> Grade:
    """A grade with something to say in each part of its page."""
    return msgspec.structs.replace(
        mixed(),
        code=(StudentCode("sigmoid_grad", "hw1.py", 28, SOURCE),),
        files=(HandedFile("hw1.py", "ab" * 32),),
        decisions=(Decision("2026-11-25", "A bracket was missing."),),
        changes=(ScoreChange("late by one day", Fraction(-2)),),
        repaired=Repaired("- return x\n+ return (x)"),
    )


def audit() -> Audit:
    """An audit that found a hole."""
    checks = (("f", "a batch of rows"), ("f", "one vector"))
    caught = Wrong("mutant", "f", "x + 1", (checks[0],), True, "- x\n+ x + 1")
    survivor = Wrong("mutant", "f", "x + 2", (), False, "- x\n+ x + 2", telling={"x": "[1.]"})
    return Audit("/somewhere/softmax.yaml", 7, Matrix(checks, (caught, survivor)), 3, (), ("a mark",), title="Softmax")


def render_pages() -> dict[str, str]:
    """The pages that need no class."""
    student = for_audience(full(), "student")
    return {"student": render(student), "instructor": render(full()), "audit": as_html(audit())}


def write_pages(folder: Path, students: int = 6) -> dict[str, Path]:
    """Write all pages; gives where they are."""
    found = {}
    for name, page in render_pages().items():
        found[name] = folder / f"{name}.html"
        found[name].write_text(page, encoding="utf-8")
    return {**found, "class": write_class(folder, students)}


def write_class(folder: Path, students: int) -> Path:
    """Grade and publish a class that has every sort of student; gives its page."""
    rubric = tiny(folder / "assignment")
    sorts = (RIGHT, WRONG, STARTER, NO_IMPORT)
    files: dict[str, str | bytes] = {f"s{at:04}.py": sorts[at % len(sorts)] for at in range(students)}
    files |= {"cut.ipynb": "{", "broken.py": BROKEN, "alien.py": "def other():\n    return 1\n"}
    out = folder / "out"
    grade_class(ClassOrder(write(folder / "class", files), out, str(rubric), jobs=2))
    publish_grades(PublishOrder(out), datetime(2026, 11, 28, tzinfo=UTC))
    return out / "private" / "index.html"
