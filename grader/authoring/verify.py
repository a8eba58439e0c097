"""Hold a rubric, its reference, its variants and its samples against each other: what an instructor's CI runs.

Nothing here is taken on trust: the reference goes through the jail like any submission. Only the variants, an
instructor's own code by the dozen, run in this process.
"""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

import msgspec

from grader.authoring.samples import EXPECTED_FILE, Sample, differences, draft_sample, find_samples, find_unsaid
from grader.authoring.sections import Section, why_below_full
from grader.authoring.soundness.chance import chance_section
from grader.authoring.soundness.noise import noise_section
from grader.authoring.soundness.purity import purity_section
from grader.authoring.soundness.repeat import DrawProgress, repeat_sections
from grader.authoring.soundness.unasked import unasked_section
from grader.authoring.soundness.variants import variant_sections
from grader.authoring.trivial import trivial_submissions
from grader.checks.kinds import kind_of
from grader.feedback.right_so_far import values_of_steps
from grader.grading.grades import FunctionGrade, Grade
from grader.pipeline import grade_submission, prepare_sandbox
from grader.plan.assignment import load_assignment
from grader.plan.plan import Plan, all_questions, make_plan
from grader.report.wording import points
from grader.rubric.model import Rubric
from grader.sandbox.sandbox import Sandbox
from grader.submission.collecting import FoundFile, Upload
from grader.upload import read_submission

SAMPLES = "sample_submissions"


class Verified(msgspec.Struct, frozen=True):
    """Everything that was verified of one rubric."""

    rubric: str  #: its file
    seed: int
    sections: tuple[Section, ...]

    @property
    def all_well(self) -> bool:
        """Whether everything that could be asked is as it should be."""
        return not any(section.differences for section in self.sections)

    @property
    def is_whole(self) -> bool:
        """Whether everything could be asked."""
        return not any(section.unasked for section in self.sections)


class Repetition(NamedTuple):
    """How often what is right and wrong is tried, each time on a draw of its own."""

    draws: int = 0
    jobs: int = 0  #: processes; 0 for one on each core
    progress: DrawProgress = lambda _: None


NO_REPETITION = Repetition()


def verify_assignment(
    rubric: str | Path,
    samples: Path | None = None,
    seed: int | None = None,
    sandbox: str = "jail",
    repetition: Repetition = NO_REPETITION,
) -> Verified:
    """Verify a rubric with everything that belongs to it.

    Args:
        rubric: the name of a bundled assignment, or the path of a rubric.
        samples: the folder of sample submissions, where it isn't beside the rubric.
        seed: reproduces the draws; without it they are new.
        repetition: more draws, for checks that hang on the draw.

    Raises:
        UsageError: there is no such rubric, or a sample's expectation can't be read.
        AssignmentError: the rubric has flaws (all of them are listed), or the reference is broken.
        SandboxError: there is no jail here.
    """
    plan = make_plan(load_assignment(rubric), seed)
    folder = samples or samples_folder(plan.rubric)
    for question in all_questions(plan):  # those of checks without points too
        plan.truths.of(question)
        plan.truths.check(question, plan.truths.of(question))
        if kind_of(question.check).compares_result:
            values_of_steps(question.function, question.situation.names)
    with Sandbox(sandbox) as box:
        prepare_sandbox(box, plan.assignment)
        sections = [
            _rubric_section(plan.rubric),
            _reference_section(plan, box),
            noise_section(plan),
            purity_section(plan),
            _trivial_section(plan, box),
            chance_section(plan),
            _samples_section(plan, box, folder),
        ]
    sections += variant_sections(plan)
    if repetition.draws:
        sections += repeat_sections(plan, repetition.draws, folder, sandbox, repetition.jobs, repetition.progress)
    return Verified(plan.rubric.file, plan.seed, (*sections, *unasked_section(plan, folder)))


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


def _samples_section(plan: Plan, box: Sandbox, folder: Path | None) -> Section:
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
