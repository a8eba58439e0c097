"""Do the hidden checks catch what they should? Every wrong solution that can be had is put to them, and right ones too.

Wrong are the mistakes, machine-made changes of the reference, and what takes no thought; right are the conventions, the
other styles beside the reference, and rewrites of its answers. What no hand has written runs in the jail: a change can
make a loop endless.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

import msgspec

from grader.authoring.distinguishing_inputs import find_distinguishing_inputs
from grader.authoring.equivalent import read_equivalent
from grader.authoring.in_process import find_catching_checks, grade_given, run_all, with_variant
from grader.authoring.matrix import Matrix, Right, Wrong
from grader.authoring.mutant_runs import MutantProgram, MutantResult, grade_mutants
from grader.authoring.rewrites import rewrites
from grader.authoring.sections import why_below_full
from grader.authoring.soundness.luck import AskedAgain, Luck, find_luck, is_thin
from grader.authoring.trivial import BODIES, trivial_source
from grader.authoring.verify import as_submission
from grader.errors import BrokenReference
from grader.extraction.model import Extraction
from grader.feedback.mutants import Key, Mutant, make_mutants
from grader.grading.grades import FunctionGrade
from grader.grading.reading import Unreadable, read_in_child
from grader.pipeline import prepare_sandbox
from grader.plan.assignment import load_assignment
from grader.plan.plan import Plan, PlannedFunction, make_plan
from grader.reference import Variant
from grader.sandbox.sandbox import Sandbox

#: Is told what is being done, and how many of how many are done.
Progress = Callable[[str, int, int], None]
#: Survivors for which telling inputs are looked for: the first ones are enough to begin with.
MOST_TOLD = 12


class Audit(msgspec.Struct, frozen=True):
    """What an audit found."""

    rubric: str  #: its file
    seed: int
    matrix: Matrix
    right: int  #: right solutions that were graded
    losing: tuple[Right, ...]  #: those of them that lose points
    stale: tuple[str, ...]  #: marks of equivalent changes that fit no survivor any more
    luck: tuple[Luck, ...] = ()  #: wrong solutions that are caught on some draws only
    draws: int = 1  #: on how many draws those were tried that one check caught
    title: str = ""  #: of the assignment

    @property
    def all_well(self) -> bool:
        """Whether all were graded, nothing wrong survived, nothing right lost points, and every mark still fits."""
        return not (self.matrix.survivors or self.matrix.ungraded or self.losing or self.stale or self.luck)


class AuditOrder(NamedTuple):
    """What is to be audited, and how."""

    rubric: str | Path
    seed: int | None = None
    sandbox: str = "jail"
    jobs: int = 0  #: processes; 0 for one on each core
    mutants: bool = True
    seeds: int = 1  #: draws on which those are tried again that a single check catches


def audit_assignment(order: AuditOrder, progress: Progress = lambda *_: None) -> Audit:
    """Audit a rubric.

    Raises:
        UsageError: there is no such rubric, or mutants are wanted and cosmic-ray isn't installed.
        AssignmentError: the rubric, the reference or the file of equivalent changes is broken.
        SandboxError: there is no jail here.
    """
    plan = make_plan(load_assignment(order.rubric), order.seed)
    marked = read_equivalent(plan.rubric)
    with Sandbox(order.sandbox) as box:
        prepare_sandbox(box, plan.assignment)
        own = _slice_reference(plan, box)
        progress("making changes of the reference", 0, 0)
        mutants = make_mutants(own.modules, plan.rubric) if order.mutants else []
        changed = [MutantProgram({**own.modules, m.module: m.source}, own.entries, m.asked) for m in mutants]
        trivial = list(_trivial_programs(plan))
        marks = _grade_programs(order, plan, [*changed, *trivial], progress)
        by_machine = [_mutant(m, found, marked) for m, found in zip(mutants, marks, strict=False)]
        by_machine = list(_with_telling(by_machine, changed, plan, box, progress))
    by_nobody = [
        _trivial(name, mark) for name, found in zip(BODIES, marks[len(mutants) :], strict=True) for mark in found
    ]
    by_hand = list(_mistakes(plan, progress))
    luck = _find_luck(order, plan, [*_asked_again(plan, by_hand), *map(AskedAgain, by_machine, changed)], progress)
    wrong = (*by_hand, *by_machine, *by_nobody)
    rights = list(_rights(plan, progress))
    checks = tuple((p.function.name, c.check.title) for p in plan.functions for c in p.checks if c.check.points > 0)
    stale = tuple(_stale(marked, mutants, by_machine)) if order.mutants else ()
    losing = tuple(right for right in rights if right.lost)
    return Audit(
        *(plan.rubric.file, plan.seed, Matrix(checks, wrong), len(rights), losing, stale, luck, order.seeds),
        title=plan.rubric.title,
    )


# -- wrong solutions by the machine --------------------------------------------------------------------------------


def _slice_reference(plan: Plan, box: Sandbox) -> Extraction:
    """The reference, down to what the required functions need."""
    with box.open(plan.rubric.limits) as child:
        found = read_in_child(as_submission(plan), plan.rubric, child)
    if isinstance(found, Unreadable):
        raise BrokenReference(f"{plan.rubric.file}: its reference can't be read in the jail: {found.why}")
    return found


def _trivial_programs(plan: Plan) -> Iterator[MutantProgram]:
    names = [function.name for function in plan.rubric.functions]
    functions = plan.rubric.functions
    entries = {n: ("submission", f"={n}" if f.is_variable else n) for f in functions for n in (f.root, f.name)}
    for body in BODIES.values():
        yield MutantProgram({"submission": trivial_source(plan.rubric, body)}, entries, tuple(names))


def _grade_programs(
    order: AuditOrder, plan: Plan, programs: list[MutantProgram], progress: Progress
) -> list[tuple[MutantResult, ...]]:
    done = 0

    def more(count: int) -> None:
        nonlocal done
        done += count
        progress("wrong solutions in the jail", done, len(programs))

    return grade_mutants(plan, order.sandbox, programs, order.jobs, more)


def _mutant(mutant: Mutant, marks: Sequence[MutantResult], marked: Mapping[Key, str]) -> Wrong:
    caught = any(_is_caught(mark) for mark in marks)
    return Wrong(
        kind="mutant",
        function=mutant.function,
        name=" ".join(mutant.new.split()),
        caught_by=tuple((mark.function, title) for mark in marks for title in mark.caught_by),
        caught=caught,
        diff=mutant.diff,
        equivalent="" if caught else marked.get(mutant.key, ""),
        fault="" if caught else next((mark.fault for mark in marks if mark.fault), ""),
    )


def _trivial(name: str, mark: MutantResult) -> Wrong:
    found = tuple((mark.function, title) for title in mark.caught_by)
    return Wrong("trivial", mark.function, name, found, _is_caught(mark), fault=mark.fault)


def _is_caught(mark: MutantResult) -> bool:
    return not mark.is_full and not mark.fault


def _with_telling(
    found: Sequence[Wrong], programs: Sequence[MutantProgram], plan: Plan, box: Sandbox, progress: Progress
) -> Iterator[Wrong]:
    """Survivors with inputs that would tell them apart, where some are found."""
    told = 0
    for wrong, program in zip(found, programs, strict=True):
        if wrong.caught or wrong.equivalent or wrong.fault or told == MOST_TOLD:
            yield wrong
            continue
        told += 1
        progress("inputs that tell survivors apart", told, 0)
        yield msgspec.structs.replace(wrong, searched=True, telling=find_distinguishing_inputs(program, plan, box))


def _stale(marked: Mapping[Key, str], mutants: Sequence[Mutant], found: Sequence[Wrong]) -> Iterator[str]:
    survived = {mutant.key for mutant, wrong in zip(mutants, found, strict=True) if not wrong.caught}
    for function, old, new in marked:
        if (function, old, new) not in survived:
            yield f"{function}: {old!r} to {new!r} is marked equivalent, and no such change survives"


# -- what hands have written ---------------------------------------------------------------------------------------


def _variants(plan: Plan, *kinds: str) -> list[tuple[Variant, PlannedFunction]]:
    of = {planned.function.name: planned for planned in plan.functions}
    return [(v, of[v.function]) for v in plan.assignment.reference.variants if v.kind in kinds and v.function in of]


def _mistakes(plan: Plan, progress: Progress) -> Iterator[Wrong]:
    found = _variants(plan, "mistake")
    for count, (variant, planned) in enumerate(found, 1):
        progress("mistakes", count, len(found))
        caught, titles = find_catching_checks(planned, plan, run_all(planned, with_variant(plan, variant)))
        by = tuple((variant.function, title) for title in titles)
        yield Wrong("mistake", variant.function, variant.name, by, caught)


def _rights(plan: Plan, progress: Progress) -> Iterator[Right]:
    """Every right solution, with what it loses, if anything."""
    found = _variants(plan, "convention", "right")
    for count, (variant, planned) in enumerate(found, 1):
        progress("right solutions", count, len(found))
        given = run_all(planned, with_variant(plan, variant))
        yield Right(variant.kind, variant.function, variant.name, _find_lost(grade_given(planned, plan, given)))  # type: ignore[arg-type]
    for planned in plan.functions:
        for name, grade in rewrites(planned, plan):
            yield Right("rewrite", planned.function.name, name, _find_lost(grade))


def _asked_again(plan: Plan, mistakes: Sequence[Wrong]) -> Iterator[AskedAgain]:
    for wrong, (variant, _) in zip(mistakes, _variants(plan, "mistake"), strict=True):
        yield AskedAgain(wrong, variant)


def _find_luck(order: AuditOrder, plan: Plan, every: Sequence[AskedAgain], progress: Progress) -> tuple[Luck, ...]:
    again = [each for each in every if is_thin(each.wrong)]
    return find_luck(plan, again, order.seeds, order.sandbox, order.jobs, partial(progress, "draws"))


def _find_lost(grade: FunctionGrade) -> str:
    return "" if grade.score == grade.max_score else why_below_full(grade)
