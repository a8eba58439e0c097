"""Small assignments for tests of the rubric's language: text in, a grade out."""

from __future__ import annotations

from pathlib import Path

from grader.errors import RubricError
from grader.grading.grades import FunctionGrade, Grade
from grader.pipeline import grade_submission
from grader.plan.assignment import load_assignment
from grader.plan.plan import Plan, make_plan
from grader.sandbox.sandbox import Sandbox
from grader.upload import read_submission

HEAD = """\
schema: 1
assignment: "A test"
sizes:
  two: {N: 4, M: 3}
functions:
"""


class Course:
    """A rubric and a reference in a folder, and a jail to grade in."""

    def __init__(self, folder: Path, box: Sandbox, functions: str, reference: str) -> None:
        self.box = box
        self.folder = folder
        (folder / "course").mkdir()
        (folder / "course" / "solution.py").write_text("import numpy as np\n" + reference)
        self.rubric = folder / "course.yaml"
        self.rubric.write_text(HEAD + functions)

    def plan(self, seed: int | None = None) -> Plan:
        """The questions, and what is right."""
        return make_plan(load_assignment(self.rubric), seed)

    def grade(self, source: str | dict[str, str], seed: int | None = None, plan: Plan | None = None) -> Grade:
        """The grade of a script, or of several by their names."""
        home = self.folder / "handed_in"
        for name, text in ({"hw.py": source} if isinstance(source, str) else source).items():
            path = home / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("import numpy as np\n" + text)
        return grade_submission(read_submission(home), plan or self.plan(seed), self.box)

    def only(self, source: str | dict[str, str]) -> FunctionGrade:
        """The grade of the one function that is required."""
        (function,) = self.grade(source).functions
        return function

    def flaws(self) -> list[str]:
        """What is wrong with the rubric."""
        try:
            load_assignment(self.rubric)
        except RubricError as error:
            return [flaw.message for flaw in error.flaws]
        return []
