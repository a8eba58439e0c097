"""What stands beside a reference, held against it: mistakes are caught and named, all else keeps every point."""

from __future__ import annotations

from collections.abc import Iterator

from grader.authoring.in_process import AnswersByIdentity, answer_all, grade_given, run_all, with_variant
from grader.authoring.sections import Section, why_below_full
from grader.feedback.diagnosis import find_explaining
from grader.plan.plan import Plan, PlannedFunction
from grader.reference import Variant
from grader.verdict import Verdict

_SUMMARIES = {
    "mistake": ("mistakes", "caught and named"),
    "convention": ("conventions", "right"),
    "right": ("other styles", "right"),
}


def variant_sections(plan: Plan) -> tuple[Section, ...]:
    """Mistakes, conventions and other styles, as far as there are any: they run in this process."""
    return tuple(section for kind in _SUMMARIES for section in _variants_section(plan, kind))


def _variants_section(plan: Plan, kind: str) -> Iterator[Section]:
    """What is said of all variants of a kind; nothing where there are none."""
    of = {planned.function.name: planned for planned in plan.functions}
    variants = [v for v in plan.assignment.reference.variants if v.kind == kind and v.function in of]
    lost = list(_unknown(plan, kind))
    wrong = [f"{v.function}: {v.name}: {text}" for v in variants if (text := find_fault(v, of[v.function], plan))]
    name, verb = _SUMMARIES[kind]
    if variants or lost:
        yield Section(name, f"{len(variants) - len(wrong)} of {len(variants)} {verb}", (*lost, *wrong))


def _unknown(plan: Plan, kind: str) -> Iterator[str]:
    names = [function.name for function in plan.rubric.functions]
    for variant in plan.assignment.reference.variants:
        if variant.kind == kind and variant.function not in names:
            yield f"{variant.function}: {variant.name}: the rubric asks for no such function"


def find_fault(variant: Variant, planned: PlannedFunction, plan: Plan) -> str:
    """What isn't as it should be with one variant on a plan's draw, in a sentence; empty where all is."""
    given = run_all(planned, with_variant(plan, variant))
    graded = grade_given(planned, plan, given)
    if variant.kind != "mistake":
        return "" if graded.score == graded.max_score else f"loses points: {why_below_full(graded)}"
    if graded.score is None:
        return f"not graded: {why_below_full(graded)}"
    if graded.score == graded.max_score:
        return "no check catches it"
    if graded.verdict is Verdict.MISSING:  # such as the argument given back: it is said not to be filled in
        return ""
    named = [mistake.name for mistake in graded.mistakes]
    if "all" in plan.rubric.mute or variant.name in plan.rubric.mute or named == [variant.name]:
        return ""
    return f"named {named[0]!r}" if named else _say_unnamed(variant, planned, plan, given)


def _say_unnamed(variant: Variant, planned: PlannedFunction, plan: Plan, given: AnswersByIdentity) -> str:
    """Why a mistake that is caught gets no name."""
    explaining = find_explaining(plan, planned, answer_all(given))
    others = ", ".join(repr(other.name) for other in explaining if other is not variant)
    if others:
        return f"caught, and not told from other mistakes: {others}"
    return "caught, and never named: it answers nothing, or something else each time"
