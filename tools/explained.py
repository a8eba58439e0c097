"""How many wrong functions are explained: by a name, a fault of behaviour, a slip, or the smallest change.

    PYTHONPATH=tests python tools/explained.py [--every N] [--only REGEX] [--seconds S]
    PYTHONPATH=tests python tools/explained.py --of changes|mistakes --rubric NAME [--every N]

Of `planted` ones, those of `tests/planted/wrong`; of `changes`, machine-made ones of student-style code; of `mistakes`,
the known ones of an assignment, each as a whole submission.

Right parts of results (blocks) and the last right values are counted apart, explained or not. Each claimed change is
applied to the file and graded on three fresh seeds: one that doesn't hold is named, and the exit code is 1.
`docs/measured.md` has the figures.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from mutated import Mutated, mistaken, mutated
from planted.assemble import source, variants

from grader.feedback import smallest_change
from grader.feedback.patterns import is_general
from grader.grading.grades import FunctionGrade, Grade, SmallestChange
from grader.pipeline import grade_submission, prepare_sandbox
from grader.plan.assignment import load_assignment
from grader.plan.plan import Plan, make_plan
from grader.sandbox.sandbox import Sandbox
from grader.submission.collecting import FoundFile, Upload

SEED, FRESH = 5, (101, 102, 103)


def main() -> int:
    """Measure, and say what was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--every", type=int, default=1, help="look at every so many-th of them only")
    parser.add_argument("--only", default="", help="look at those only whose name this regular expression finds")
    parser.add_argument("--seconds", type=float, default=10.0, help="for each search: more on a busy machine")
    parser.add_argument("--of", default="planted", choices=["planted", "changes", "mistakes"])
    parser.add_argument("--rubric", default="assignment1")
    asked = parser.parse_args()
    smallest_change.SEARCH_SECONDS = asked.seconds
    assignment = load_assignment(asked.rubric)
    with Sandbox("jail") as box:
        prepare_sandbox(box, assignment)
        plan = make_plan(assignment, SEED)
        every = [each for each in _wrong(asked.of, plan, box) if re.search(asked.only, each.name)]
        found = list(_measure(plan, box, every[:: asked.every]))
    counts = Counter(each.what for each in found)
    explained = len(found) - counts["nothing"] - counts["WRONGLY"]
    for what, count in counts.most_common():
        print(f"{count:5}  {what}")
    print(f"{explained} of {len(found)} explained ({100 * explained / max(1, len(found)):.0f} %)")
    for name in ("blocks", "right_so_far"):
        told = [each for each in found if getattr(each, name)]
        alone = sum(each.what == "nothing" for each in told)
        print(f"{len(told):5}  {name.replace('_', ' ')}; {alone} of them where nothing else explains")
    return 1 if counts["WRONGLY"] else 0


class Found(NamedTuple):
    """What was found out about one wrong function."""

    what: str
    blocks: bool  #: whether a report says which parts of its result are right
    right_so_far: bool  #: whether it says which of its variables were


def _wrong(what: str, plan: Plan, box: Sandbox) -> Iterator[Mutated]:
    if what == "planted":
        return (Mutated(each.name, each.function, source(each)) for each in variants("wrong"))
    return mutated(plan, box) if what == "changes" else mistaken(plan)


def _measure(plan: Plan, box: Sandbox, every: Sequence[Mutated]) -> Iterator[Found]:
    """What explains each, of those that lose points."""
    fresh = [make_plan(plan.assignment, seed) for seed in FRESH]
    for wrong in every:
        grade = _grade(wrong.text, plan, box, True)
        function = _function(grade, wrong)
        what = _what_explains(grade, function)
        if function.score == function.max_score and what == "nothing":
            continue
        if what == "a smallest change" and function.change is not None:
            changed = apply_change(wrong.text, function.change)
            what = what if all(_is_right(changed, wrong, each, box) for each in fresh) else "WRONGLY"
        print(f"{wrong.name}: {what}", file=sys.stderr, flush=True)
        yield Found(what, _has_right_blocks(function), bool(function.right_so_far))


def _has_right_blocks(function: FunctionGrade) -> bool:
    return any(block.is_right for witness in function.witnesses for block in witness.details.blocks)


def _grade(text: str, plan: Plan, box: Sandbox, is_asked: bool) -> Grade:
    upload = Upload("hw.py", (FoundFile("hw.py", text.encode()),))
    return grade_submission(upload, plan, box, look_for_changes=is_asked)


def _function(grade: Grade, wrong: Mutated) -> FunctionGrade:
    return next(each for each in grade.functions if each.name == wrong.function)


def _what_explains(grade: Grade, function: FunctionGrade) -> str:
    if any(not is_general(each.name) for each in function.mistakes):
        return "a known mistake"
    if function.mistakes:
        return "a fault of behaviour"
    if any(function.name in slip.functions for slip in grade.slips):
        return "a slip"
    return "a smallest change" if function.change is not None else "nothing"


def apply_change(text: str, change: SmallestChange) -> str:
    """The file with the change made where it says that it is."""
    lines = text.split("\n")
    hunks = zip(map(int, re.findall(r"line (\d+)", change.where)), _hunks(change.diff), strict=True)
    for number, (old, new) in reversed(list(hunks)):
        starts = range(len(lines) - len(old) + 1)
        fits = [at for at in starts if lines[at : at + len(old)] == old] if old else [number - 1]
        at = min(fits, key=lambda place: abs(place + 1 - number))
        lines[at : at + len(old)] = new
    return "\n".join(lines)


def _hunks(diff: str) -> list[tuple[list[str], list[str]]]:
    """What is taken out and put in, place by place."""
    found: list[tuple[list[str], list[str]]] = []
    before = "+"
    for line in diff.split("\n"):
        if not found or (line[0] == "-" and before == "+"):
            found.append(([], []))
        found[-1][line[0] == "+"].append(line[1:])
        before = line[0]
    return found


def _is_right(text: str, wrong: Mutated, plan: Plan, box: Sandbox) -> bool:
    found = _function(_grade(text, plan, box, False), wrong)
    return found.score == found.max_score


if __name__ == "__main__":
    sys.exit(main())
