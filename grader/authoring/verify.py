"""Hold a rubric, its reference, its variants and its samples against each other: what an instructor's CI runs.

Nothing here is taken on trust: the reference goes through the jail like any submission. Only the variants, an
instructor's own code by the dozen, run in this process.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path

import msgspec

from grader.authoring.in_process import grade_here, with_variant
from grader.authoring.samples import EXPECTED_FILE, Sample, differences, draft_sample, find_samples, find_unsaid
from grader.authoring.sections import Section
from grader.authoring.soundness.chance import chance_section
from grader.authoring.soundness.noise import noise_section
from grader.authoring.soundness.purity import purity_section
from grader.authoring.trivial import trivial_submissions
from grader.grading.grades import FunctionGrade, Grade
from grader.pipeline import grade_submission, prepare_sandbox
from grader.plan.assignment import load_assignment
from grader.plan.plan import Plan, PlannedFunction, all_questions, make_plan
from grader.reference import Variant
from grader.report.wording import points
from grader.rubric.model import Rubric
from grader.sandbox.sandbox import Sandbox
from grader.submission.collecting import FoundFile, Upload
from grader.upload import read_submission
from grader.verdict import Verdict

SAMPLES = "sample_submissions"


class Verified(msgspec.Struct, frozen=True):
    """Everything that was verified of one rubric."""

    rubric: str  #: its file
    seed: int
    sections: tuple[Section, ...]

    @property
    def all_well(self) -> bool:
        """Whether everything is as it should be."""
        return not any(section.differences for section in self.sections)


def verify_assignment(
    rubric: str | Path, samples: Path | None = None, seed: int | None = None, sandbox: str = "jail"
) -> Verified:
    """Verify a rubric with everything that belongs to it.

    Args:
        rubric: the name of a bundled assignment, or the path of a rubric.
        samples: the folder of sample submissions, where it isn't beside the rubric.
        seed: reproduces the draws; without it they are new.

    Raises:
        UsageError: there is no such rubric, or a sample's expectation can't be read.
        AssignmentError: the rubric has flaws (all of them are listed), or the reference is broken.
        SandboxError: there is no jail here.
    """
    plan = make_plan(load_assignment(rubric), seed)
    for question in all_questions(plan):  # those of checks without points too
        plan.truths.of(question)
        plan.truths.check(question)
    with Sandbox(sandbox) as box:
        prepare_sandbox(box, plan.assignment)
        sections = [
            _rubric_section(plan.rubric),
            _reference_section(plan, box),
            noise_section(plan),
            purity_section(plan),
            _trivial_section(plan, box),
            chance_section(plan),
            _samples_section(plan, box, samples),
        ]
    return Verified(plan.rubric.file, plan.seed, (*sections, *variant_sections(plan)))


# -- rubric, reference, trivial submissions ------------------------------------------------------------------------


def _rubric_section(rubric: Rubric) -> Section:
    """That it is valid has been said by loading it."""
    checks = sum(len(function.checks) for function in rubric.functions)
    return Section(
        "rubric", f"valid: {len(rubric.functions)} functions, {checks} checks, {points(rubric.points)} points"
    )


def _reference_section(plan: Plan, box: Sandbox) -> Section:
    grade = grade_submission(as_submission(plan), plan, box)
    wrong = [why_below_full(f) for f in grade.functions if f.score != f.max_score]
    most = sum((function.points for function in plan.rubric.functions), Fraction(0))
    return Section("reference", f"{_points(grade)} of {points(most)} points", tuple(wrong))


def as_submission(plan: Plan) -> Upload:
    """The reference, as if a student had handed it in."""
    sources = plan.assignment.reference.sources
    return Upload("the reference", tuple(FoundFile(name, text.encode()) for name, text in sources.items()))


def _points(grade: Grade) -> str:
    return "not graded" if grade.score is None else points(grade.score)


def why_below_full(function: FunctionGrade) -> str:
    """What keeps a function from its full points, in a sentence."""
    check = next((c for c in function.checks if c.max_score > 0 and c.verdict is not Verdict.PASSED), None)
    score = "not graded" if function.score is None else f"{points(function.score)} of {points(function.max_score)}"
    if check is None:
        return f"{function.name}: {score} ({'; '.join(function.remarks) or function.verdict.value})"
    note = (check.details.raised or check.details.note or "") if check.details else ""
    return " ".join(filter(None, (f"{function.name}: {score}; {check.title}: {check.message}", note)))


def _trivial_section(plan: Plan, box: Sandbox) -> Section:
    said, count = [], 0
    for submission in trivial_submissions(plan.rubric):
        grade = grade_submission(submission, plan, box)
        count += 1
        said += [_points_earned(submission.name, function) for function in grade.functions if function.score != 0]
    return Section("trivial", f"{count} submissions, none may earn a point", tuple(said))


def _points_earned(what: str, function: FunctionGrade) -> str:
    if function.score is None:
        return f"{what}: {function.name} was not graded"
    paid = ", ".join(check.title for check in function.checks if check.score)
    return f"{what}: {function.name} earns {points(function.score)} of {points(function.max_score)} ({paid})"


# -- samples -------------------------------------------------------------------------------------------------------


def samples_folder(rubric: Rubric) -> Path | None:
    """The folder of sample submissions: beside the rubric, or beside the folder in which it stands."""
    beside = Path(rubric.file).resolve().parent
    places = (folder / SAMPLES / rubric.name for folder in (beside, beside.parent))
    return next((place for place in places if place.is_dir()), None)


def _samples_section(plan: Plan, box: Sandbox, given: Path | None) -> Section:
    folder = given or samples_folder(plan.rubric)
    if folder is None:
        where = Path(SAMPLES) / plan.rubric.name / "…" / EXPECTED_FILE
        return Section("samples", f"none: looked for {where} beside the rubric and above it")
    samples = list(find_samples(folder))
    wrong = [_unsaid(place) for place in find_unsaid(folder)]
    right = 0
    for sample in samples:
        said = sample_differences(sample, plan, box)
        wrong += [f"{sample.folder.name}: {text}" for text in said]
        right += not said
    return Section("samples", f"{right} of {len(samples)} as expected", tuple(wrong))


def _unsaid(place: Path) -> str:
    """That nothing is expected of a sample, and how to begin."""
    if draft_sample(place) is None:
        which = "write one that names the submission (--update can't tell which it is)"
        return f"{place.name}: has no {EXPECTED_FILE}; {which}"
    return f"{place.name}: has no {EXPECTED_FILE}; `grade verify --update` writes one"


def sample_differences(sample: Sample, plan: Plan, box: Sandbox) -> list[str]:
    """What of a sample's grade isn't as expected, a sentence each."""
    return differences(sample.expected, grade_submission(read_submission(sample.path), plan, box))


# -- variants ------------------------------------------------------------------------------------------------------

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
    wrong = [text for v in variants if (text := _difference(v, of[v.function], plan)) is not None]
    name, verb = _SUMMARIES[kind]
    if variants or lost:
        yield Section(name, f"{len(variants) - len(wrong)} of {len(variants)} {verb}", (*lost, *wrong))


def _unknown(plan: Plan, kind: str) -> Iterator[str]:
    names = [function.name for function in plan.rubric.functions]
    for variant in plan.assignment.reference.variants:
        if variant.kind == kind and variant.function not in names:
            yield f"{variant.function}: {variant.name}: the rubric asks for no such function"


def _difference(variant: Variant, planned: PlannedFunction, plan: Plan) -> str | None:
    """What isn't as it should be with one variant; None where all is."""
    graded = grade_here(planned, plan, with_variant(plan, variant))
    about = f"{variant.function}: {variant.name}"
    if variant.kind != "mistake":
        return None if graded.score == graded.max_score else f"{about}: loses points: {why_below_full(graded)}"
    if graded.score is None:
        return f"{about}: not graded: {why_below_full(graded)}"
    if graded.score == graded.max_score:
        return f"{about}: no check catches it"
    if graded.verdict is Verdict.MISSING:  # such as the argument given back: it is said not to be filled in
        return None
    return _find_misnamed(about, variant, graded, plan.rubric.mute)


def _find_misnamed(about: str, variant: Variant, graded: FunctionGrade, mute: Sequence[str]) -> str | None:
    if "all" in mute or variant.name in mute:
        return None
    named = [mistake.name for mistake in graded.mistakes]
    if named == [variant.name]:
        return None
    return f"{about}: caught, and not told from other mistakes" if not named else f"{about}: named {named[0]!r}"
