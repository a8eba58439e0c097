"""Right solutions lose nothing; each wrong one loses points in the function that is wrong, and in no other.

The solutions in tests/planted were written from the handout alone, before anybody looked at which checks exist.
"""

from __future__ import annotations

from itertools import groupby

import pytest
from conftest import GradeSource, by_name
from planted.assemble import Variant, source, variants

from grader.grades import Grade
from grader.verdict import Verdict


def by_function(kind: str) -> list[tuple[str, list[Variant]]]:
    found = sorted(variants(kind), key=lambda variant: variant.function)
    return [(name, list(group)) for name, group in groupby(found, key=lambda variant: variant.function)]


RIGHT, WRONG = by_function("right"), by_function("wrong")


def lost(grade: Grade) -> dict[str, str]:
    """Functions below full points, with the first check that says why."""
    return {
        name: next((f"{c.title}: {c.message}" for c in function.checks if c.verdict is not Verdict.PASSED), "")
        for name, function in by_name(grade).items()
        if function.score != function.max_score
    }


@pytest.mark.parametrize(("name", "solutions"), RIGHT, ids=[name for name, _ in RIGHT])
def test_right_solutions_lose_no_point(name: str, solutions: list[Variant], grade_source: GradeSource) -> None:
    graded = {variant.name: lost(grade_source(source(variant))) for variant in solutions}
    assert {name: found for name, found in graded.items() if found} == {}


@pytest.mark.parametrize(("name", "solutions"), WRONG, ids=[name for name, _ in WRONG])
def test_a_wrong_function_loses_points_and_no_other_one_does(
    name: str, solutions: list[Variant], grade_source: GradeSource
) -> None:
    graded = {variant.name: lost(grade_source(source(variant))) for variant in solutions}
    assert {variant: found for variant, found in graded.items() if set(found) != {name}} == {}


def test_there_are_at_least_150_of_each() -> None:
    for groups in (RIGHT, WRONG):
        assert sum(len(solutions) for _, solutions in groups) >= 150
