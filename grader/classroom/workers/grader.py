"""What grades in one process: the plan and a sandbox, made when first needed and kept warm."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from types import MappingProxyType

import msgspec

from grader.classroom.intake.bundle import Bundle
from grader.classroom.store.encoding import encode_grade
from grader.classroom.store.fingerprint import fingerprint_parts, make_fingerprint
from grader.classroom.store.store import GradingResult
from grader.classroom.workers.job import GradingJob
from grader.errors import NoSandboxError, SandboxError, UsageError
from grader.extraction.model import Extraction
from grader.feedback.changed_reference import ChangedReference, ask_changed_references
from grader.grading.grades import Grade, RightValue, SmallestChange
from grader.grading.reading import Unreadable, read_in_child, required_by, texts_in_child
from grader.pipeline import find_several, grade_submission, packages_of
from grader.plan.assignment import Assignment, load_assignment
from grader.plan.plan import Plan, make_plan
from grader.sandbox.sandbox import Sandbox
from grader.sandbox.session import NO_MEMORY_LEFT
from grader.submission.reading import SourceFile
from grader.verdict import Verdict


class Code(msgspec.Struct, frozen=True):
    """One function of a submission with all that it needs."""

    name: str  #: what the submission calls it; empty where it isn't there
    modules: tuple[str, ...]  #: source, that with the function first


class Explanation(msgspec.Struct, frozen=True):
    """What `grade explain` found out about one function."""

    change: SmallestChange | None = None
    right_so_far: tuple[RightValue, ...] = ()


class ProcessGrader:
    """A plan and a warm sandbox. For one thread."""

    def __init__(self, kit: GradingJob) -> None:
        self._kit = kit
        self._plan: Plan | None = None
        self._sandbox: Sandbox | None = None
        self._stood = False

    def grade(self, bundle: Bundle, reference_seconds: Mapping[str, float] = MappingProxyType({})) -> GradingResult:
        """Grade what was handed in.

        Args:
            reference_seconds: of an earlier grade, as for `grade_submission`.

        Raises:
            AssignmentError: the reference fails.
            UsageError: a file of the assignment changed during the run, or the converter of Python 2 isn't installed.
            NoSandboxError: there is no sandbox on this machine.
            HarnessError: it wasn't graded. The sandbox is a new one afterwards.
        """
        plan, sandbox = self.prepare()
        try:
            grade = grade_submission(
                bundle.upload(),
                plan,
                sandbox,
                convert_python2=self._kit.convert_python2,
                reference_seconds=reference_seconds,
                check=partial(_why_nobodys, [each.name for each in plan.rubric.functions]),
            )
        except BaseException:
            self.close()
            raise
        if grade.verdict is Verdict.NOT_GRADED:
            self.close()
        return GradingResult(
            bundle.content, grade.verdict.value, suspicion(grade), encode_grade(grade), _why_not(grade), bundle.packed()
        )

    def look_further(
        self, bundle: Bundle, function: str = "", reference_seconds: Mapping[str, float] = MappingProxyType({})
    ) -> dict[str, Explanation]:
        """What `grade explain` finds out about its unexplained functions, where there is any of it; raises as `grade`.

        Args:
            function: the only one that is looked at.
            reference_seconds: as for `grade`.
        """
        plan, sandbox = self.prepare()
        try:
            grade = grade_submission(
                bundle.upload(),
                plan,
                sandbox,
                reference_seconds=reference_seconds,
                look_for_changes=True,
                only_changes_of=function,
                only_unexplained=True,
            )
        except BaseException:
            self.close()
            raise
        found = {each.name: Explanation(each.change, each.right_so_far) for each in grade.functions}
        return {name: finding for name, finding in found.items() if finding != Explanation()}

    def changed_references(self, function: str, keys: Sequence[str]) -> list[ChangedReference]:
        """What the reference answers with small changes, as `ask_changed_references`; raises as `grade` does."""
        plan, sandbox = self.prepare()
        try:
            return ask_changed_references(plan, sandbox, function, keys)
        except BaseException:
            self.close()
            raise

    def code_of(self, bundle: Bundle, function: str) -> Code:
        """The code of a function, parsed in the sandbox first; raises as `grade` does."""
        plan, sandbox = self.prepare()
        required = required_by([each for each in plan.rubric.functions if each.name == function])
        with sandbox.open(plan.rubric.limits) as child:
            converts = self._kit.convert_python2
            found = read_in_child(bundle.upload(), plan.rubric, child, required, convert_python2=converts)
        if isinstance(found, Unreadable) or function not in found.entries:
            return Code("", ())
        module, name = found.entries[function]
        others = (text for other, text in found.modules.items() if other != module)
        return Code(name, (found.modules[module], *others))

    def texts_of(self, bundle: Bundle) -> tuple[SourceFile, ...]:
        """The source text of what was handed in, read in the sandbox; none of it where it can't be read.

        Raises as `grade` does.
        """
        plan, sandbox = self.prepare()
        with sandbox.open(plan.rubric.limits) as child:
            found = texts_in_child(bundle.upload(), child)
        return () if isinstance(found, Unreadable) else found

    def prepare(self) -> tuple[Plan, Sandbox]:
        """Make the plan, and a sandbox that stands. Raises as `grade` does."""
        assignment = self._plan.assignment if self._plan else self._assignment()
        if self._sandbox is None:
            secrets = [Path(secret) for secret in self._kit.secrets]
            packages = packages_of(assignment, self._kit.convert_python2)
            self._sandbox = Sandbox(self._kit.sandbox, packages, secrets)
        if self._plan is None:  # made while the sandbox starts
            self._plan = make_plan(assignment, self._kit.seed)
        try:
            self._stood = bool(self._sandbox.isolation) or self._stood
        except SandboxError as error:
            self.close()
            raise error if self._stood else NoSandboxError(str(error)) from error
        return self._plan, self._sandbox

    def _assignment(self) -> Assignment:
        kit = self._kit
        assignment = load_assignment(kit.rubric, kit.limits)
        parts = fingerprint_parts(assignment, kit.seed, kit.sandbox, kit.convert_python2)
        if make_fingerprint(parts) != kit.fingerprint:
            raise UsageError(
                "the process that grades has another rubric, reference, Python, numpy or grade than the one that "
                "started it; if you changed a file meanwhile, run the same command again"
            )
        return assignment

    def close(self) -> None:
        """End the sandbox."""
        if self._sandbox is not None:
            self._sandbox.close()
            self._sandbox = None


def suspicion(grade: Grade) -> str:
    """`memory` where the machine had none left, which others can bring about, and that cost points; else empty."""
    lost = (check for function in grade.functions for check in function.checks if check.max_score > 0)
    notes = {check.details.note for check in lost if check.verdict is Verdict.MEMORY and check.details}
    return Verdict.MEMORY.value if NO_MEMORY_LEFT in notes else ""


def _why_nobodys(functions: Sequence[str], found: Extraction) -> str:
    """Why it isn't known whose work it is; nothing where it is one person's, as far as can be told."""
    several = find_several(functions, found)
    return f"it looks like the work of several people: {several}" if several else ""


def _why_not(grade: Grade) -> str:
    """What stopped the grader, where it did."""
    if grade.verdict is not Verdict.NOT_GRADED:
        return ""
    details = (check.details for function in grade.functions for check in function.checks if check.score is None)
    return next((each.note for each in details if each is not None and each.note), "the grader failed")
