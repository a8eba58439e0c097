"""One slip, one charge: whether a small change of one function costs that function alone, over whole submissions.

    PYTHONPATH=tests python tools/one_charge.py [RUBRIC ...] [--every N]

The changes are machine-made ones of right submissions (planted ones and samples). `tools/planted_seeds.py` measures the
same for what is planted by hand. Each change that costs another function is named, and the exit code is 1.
`docs/measured.md` has the figures.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator

from mutated import mutated

from grader.grading.grades import Grade
from grader.pipeline import grade_submission, prepare_sandbox
from grader.plan.assignment import load_assignment
from grader.plan.plan import make_plan
from grader.sandbox.sandbox import Sandbox
from grader.submission.collecting import FoundFile, Upload
from grader.verdict import OPEN

SEED = 5


def main() -> int:
    """Measure, and say what was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rubrics", nargs="*", default=["assignment1"])
    parser.add_argument("--every", type=int, default=1, help="every so many-th change only")
    asked = parser.parse_args()
    costly = 0
    for rubric in asked.rubrics:
        counts = Counter(_measure(rubric, asked.every))
        costly += counts["costs another function"]
        print(f"{rubric}: {sum(counts.values())} changes; {dict(counts)}", flush=True)
    return 1 if costly else 0


def _measure(rubric: str, every: int) -> Iterator[str]:
    assignment = load_assignment(rubric)
    plan = make_plan(assignment, SEED)
    with Sandbox("jail") as box:
        prepare_sandbox(box, assignment)
        for each in list(mutated(plan, box))[::every]:
            upload = Upload("hw.py", (FoundFile("hw.py", each.text.encode()),))
            grade = grade_submission(upload, plan, box)
            others = list(_others_that_lost(grade, each.function))
            if others:
                print(f"{each.name}: {', '.join(others)}", flush=True)
            yield (
                "costs another function"
                if others
                else "costs its own"
                if _lost(grade, each.function)
                else "costs nothing"
            )


def _others_that_lost(grade: Grade, function: str) -> Iterator[str]:
    for each in grade.functions:
        is_open = each.verdict in OPEN
        if each.name != function and not is_open and each.score is not None and each.score < each.max_score:
            yield f"{each.name} has {each.score} of {each.max_score} ({each.verdict})"


def _lost(grade: Grade, function: str) -> bool:
    found = next(each for each in grade.functions if each.name == function)
    return found.score is None or found.score < found.max_score


if __name__ == "__main__":
    sys.exit(main())
