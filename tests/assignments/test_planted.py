"""Right solutions lose nothing; each wrong one loses points in the function that is wrong, and in no other.

The solutions in tests/planted were written from the handout alone, before anybody looked at which checks exist.
"""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

import pytest
import yaml
from conftest import GradeSource, by_name
from planted.assemble import HERE, Variant, source, variants

from grader.feedback import patterns
from grader.grading.grades import Grade
from grader.pipeline import grade_submission
from grader.plan.plan import Plan, make_plan
from grader.report.audience import for_audience
from grader.report.causes import find_causes
from grader.sandbox.sandbox import Sandbox
from grader.upload import read_submission
from grader.verdict import Verdict


def by_function(kind: str) -> list[tuple[str, list[Variant]]]:
    found = sorted(variants(kind), key=lambda variant: variant.function)
    return [(name, list(group)) for name, group in groupby(found, key=lambda variant: variant.function)]


#: The names that are right for a wrong solution, each weighed by hand; what isn't here must get none.
NAMES: dict[str, list[str]] = yaml.safe_load((HERE / "names.yaml").read_text(encoding="utf-8"))
RIGHT = by_function("right")
#: Every other one, since each is asked for its slips too; `tools/planted_seeds.py` takes them all.
WRONG = [(name, solutions[::2]) for name, solutions in by_function("wrong")]


def lost(grade: Grade) -> dict[str, str]:
    """Functions below full points, with the first check that says why."""
    return {
        name: next((f"{c.title}: {c.message}" for c in function.checks if c.verdict is not Verdict.PASSED), "")
        for name, function in by_name(grade).items()
        if function.score != function.max_score
    }


@pytest.fixture(scope="module")
def fresh(plan: Plan) -> Plan:
    """Draws that nobody has seen before: a right solution is right for any of them."""
    return make_plan(plan.assignment)


@pytest.mark.parametrize(("name", "solutions"), RIGHT, ids=[name for name, _ in RIGHT])
def test_right_solutions_lose_no_point(
    name: str, solutions: list[Variant], fresh: Plan, box: Sandbox, tmp_path: Path
) -> None:
    path, losing = tmp_path / "submission.py", {}
    for variant in solutions:
        path.write_text(source(variant))
        losing[variant.name] = lost(grade_submission(read_submission(path), fresh, box))
    assert {name: found for name, found in losing.items() if found} == {}, f"with --seed {fresh.seed}"


@pytest.mark.parametrize(("name", "solutions"), WRONG, ids=[name for name, _ in WRONG])
def test_a_wrong_function_loses_points_and_no_other_one_does_and_no_name_is_wrong(
    name: str, solutions: list[Variant], grade_source: GradeSource, capsys: pytest.CaptureFixture[str]
) -> None:
    grades = {variant.name: grade_source(source(variant)) for variant in solutions}
    losing = {variant: {*lost(grade), *_mended(grade, name)} for variant, grade in grades.items()}
    assert {variant: found for variant, found in losing.items() if found != {name}} == {}
    named = {variant: _names(grade, name) for variant, grade in grades.items()}
    assert {variant: found for variant, found in named.items() if not found <= set(NAMES.get(variant, []))} == {}
    assert [variant for variant, grade in grades.items() if not _shows_an_input(grade)] == []
    with capsys.disabled():
        print(f"\n{name}: {sum(map(bool, named.values()))} of {len(named)} wrong solutions named", end=" ")


def _mended(grade: Grade, name: str) -> set[str]:
    """Whose slip cost its price: the wrong function's, where that was mended, whatever calls it was mended with it."""
    slips = [set(slip.functions) for slip in grade.slips]
    return {each for functions in slips for each in ({name} if name in functions else functions)}


def _shows_an_input(grade: Grade) -> bool:
    """Whether a student is shown an input for each cause of lost points that has to do with answers."""
    causes = find_causes(for_audience(grade, "student"))
    return all(each.example and each.example.inputs for each in causes if each.kind in ("wrong", "raised"))


def _names(grade: Grade, name: str) -> set[str]:
    return {mistake.name for mistake in by_name(grade)[name].mistakes}


def test_coarse_differences_of_a_right_cost_are_no_wrong_cost(plan: Plan, box: Sandbox, tmp_path: Path) -> None:
    """On this draw their slopes fit so well that the cost was told as wrong."""
    (coarse,) = (each for each in variants("wrong") if each.name == "forward_backward_prop__coarse")
    (tmp_path / "submission.py").write_text(source(coarse))
    grade = grade_submission(read_submission(tmp_path / "submission.py"), make_plan(plan.assignment, 2), box)
    assert not {name for name in _names(grade, "forward_backward_prop") if "(in grad)" not in name}


def test_every_name_in_the_table_is_known(plan: Plan) -> None:
    known = {variant.name for variant in plan.assignment.reference.variants}
    named = {name for names in NAMES.values() for name in names}
    assert not {name for name in named - known if not patterns.is_general(name)}
    assert set(NAMES) <= {variant.name for variant in variants("wrong")}


#: Each helper with the functions that need it.
DEPENDENTS = {
    "softmax": ["softmax_cross_entropy_grad", "forward", "input_grad", "forward_backward_prop"],
    "sigmoid": ["forward", "input_grad", "forward_backward_prop"],
    "sigmoid_grad": ["input_grad", "forward_backward_prop"],
    "cross_entropy": ["forward_backward_prop"],
    "softmax_cross_entropy_grad": ["forward_backward_prop"],
    "forward": ["input_grad", "forward_backward_prop"],
}
#: A right solution in which every function calls those before it.
CALLING = (HERE / "calling.py").read_text(encoding="utf-8")


@pytest.mark.parametrize("spoilt", ["values", "missing", "raises", "wrong shape"])
@pytest.mark.parametrize("helper", DEPENDENTS)
def test_a_right_dependent_of_a_wrong_helper_keeps_all_its_points(
    helper: str, spoilt: str, grade_source: GradeSource
) -> None:
    body = {
        "values": f"def {helper}(*args):\n    return spoilt(right_{helper}(*args))\n",
        "missing": "",
        "raises": f"def {helper}(*args):\n    raise ValueError('not yet')\n",
        "wrong shape": f"def {helper}(*args):\n    return np.zeros((7, 7, 7))\n",
    }[spoilt]
    tools = "\ndef spoilt(r):\n    return tuple(0.9 * p for p in r) if isinstance(r, tuple) else 0.9 * r\n\n"
    calling = CALLING.replace(f"def {helper}(", f"def right_{helper}(")
    grade = by_name(grade_source(calling + tools + body))
    assert grade[helper].score != grade[helper].max_score
    kept = {name: grade[name].score == grade[name].max_score for name in DEPENDENTS[helper]}
    assert all(kept.values()), kept
    assert any(grade[name].carried for name in DEPENDENTS[helper])


def test_there_are_at_least_150_of_each() -> None:
    for groups in (RIGHT, WRONG):
        assert sum(len(solutions) for _, solutions in groups) >= 150
