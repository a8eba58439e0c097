"""One folder of results holds one assignment, out of the same points, and all that was published of it."""

from __future__ import annotations

from pathlib import Path

from grader.classroom.outputs.releases import RELEASES
from grader.classroom.outputs.student_files import FEEDBACK
from grader.classroom.review.results import Results
from grader.classroom.store.store import Store
from grader.errors import UsageError
from grader.report.wording import points
from grader.rubric.model import Rubric


def refuse_lost_releases(out: Path, store: Store) -> None:
    """Raises UsageError where something was published, and the store has lost it: its scores would be forgotten."""
    published = sorted((out / RELEASES).glob("*.csv"))
    if published and store.releases.next_number() == 1:
        raise UsageError(
            f"{store.path}: knows nothing of what was published in {published[0].parent}: put that file back from a "
            f"backup, or give another folder with -o; to begin anew, move {published[0].parent} and {out / FEEDBACK} "
            "away too"
        )


def refuse_other_scale(out: Path, store: Store, rubric: Rubric) -> None:
    """Raises UsageError where OUT holds grades of another assignment, or out of other points, than a rubric gives."""
    plan = store.setting("plan")
    if plan is None or store.parts(plan).get("rubric") == rubric.sha256 or store.luggage(plan) is None:
        return
    before = Results(out, store, plan).rubric
    if _is_another(before, rubric) or before.most != rubric.most:
        raise UsageError(
            f"{out}: holds grades of {before.title!r} out of {points(before.most)} points, and {rubric.file} is "
            f"{rubric.title!r} out of {points(rubric.most)}: give another folder with -o, or say --rubric with the one "
            "of before; --force grades everybody here by the new one"
        )


def _is_another(before: Rubric, rubric: Rubric) -> bool:
    """Whether two rubrics have less than half of their functions and items in common; a title may be mended."""
    common = {each.name for each in before.items} & {each.name for each in rubric.items}
    return 2 * len(common) < min(len(before.items), len(rubric.items))


def refuse_two_scales(results: Results) -> None:
    """Raises UsageError where what was published is out of other points than what would be."""
    for plan in results.store.releases.plans():
        if plan != results.plan and results.store.luggage(plan) is not None:
            before = Results(results.out, results.store, plan).rubric.most
            if before != results.rubric.most:
                raise UsageError(
                    f"nothing was published: a release in {results.out} is out of {points(before)} points, and these "
                    f"grades are out of {points(results.rubric.most)}; give the rubric {points(before)} points again, "
                    "or grade into another folder"
                )
