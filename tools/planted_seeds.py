"""The planted solutions on many draws: `python tools/planted_seeds.py --seeds 10`.

On each seed every right solution of tests/planted is graded, and every wrong one. Printed are, for each seed, how many
right ones lost a point, how many wrong ones kept all of theirs or cost another function some, and how many got a name
that tests/planted/names.yaml doesn't give them; all four have to be 0. Exit code 1 where one isn't.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

import yaml
from planted.assemble import HERE, Variant, source, variants

from grader.grading.grades import Grade
from grader.pipeline import grade_submission, prepare_sandbox
from grader.plan.assignment import load_assignment
from grader.plan.plan import Plan, make_plan
from grader.sandbox.sandbox import Sandbox
from grader.upload import read_submission

NAMES: dict[str, list[str]] = yaml.safe_load((HERE / "names.yaml").read_text(encoding="utf-8"))
FAULTS = ("right ones that lose", "wrong ones that keep", "wrong ones that cost another function", "misnamed")


def fault_of(variant: Variant, grade: Grade) -> str:
    """Which of the faults a grade shows; none where it is as it should be.

    The price of a slip is the function's own where it is among those that were mended.
    """
    lost = {each.name for each in grade.functions if each.score != each.max_score}
    for slip in grade.slips:
        lost.update({variant.function} & set(slip.functions) or slip.functions)
    if variant.right:
        return FAULTS[0] if lost else ""
    if variant.function not in lost:
        return FAULTS[1]
    if lost != {variant.function}:
        return FAULTS[2]
    named = {m.name for each in grade.functions if each.name == variant.function for m in each.mistakes}
    return "" if named <= set(NAMES.get(variant.name, [])) else FAULTS[3]


def count_faults(plan: Plan, box: Sandbox, folder: Path) -> Counter[str]:
    """How often each fault was found on one draw; each is named on standard error."""
    found: Counter[str] = Counter()
    path = folder / "submission.py"
    for variant in (*variants("right"), *variants("wrong")):
        path.write_text(source(variant))
        grade = grade_submission(read_submission(path), plan, box)
        fault = fault_of(variant, grade)
        found["right" if variant.right else "wrong"] += 1
        if fault:
            found[fault] += 1
            checks = (check for each in grade.functions for check in each.checks)
            said = next((check.message for check in checks if check.score != check.max_score), "")
            print(f"seed {plan.seed}: {variant.name}: {fault}: {said}", file=sys.stderr)
    return found


def main() -> int:
    """Grade all of them on each seed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=10, help="how many, from 1")
    seeds = range(1, parser.parse_args().seeds + 1)
    assignment, faults = load_assignment("assignment1"), 0
    with Sandbox() as box, tempfile.TemporaryDirectory() as folder:
        prepare_sandbox(box, assignment)
        for seed in seeds:
            found = count_faults(make_plan(assignment, seed), box, Path(folder))
            counts = ", ".join(f"{found[fault]} {fault}" for fault in FAULTS)
            print(f"seed {seed}: {found['right']} right, {found['wrong']} wrong: {counts}", flush=True)
            faults += sum(found[fault] for fault in FAULTS)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
