"""Grade again what a class handed in, from the bytes in its store: the class folder may be gone, or have changed."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType

import msgspec

from grader.classroom.review.results import Results
from grader.classroom.store.fingerprint import fingerprint_parts, make_fingerprint
from grader.classroom.store.store import GradingResult
from grader.classroom.workers.job import GradingJob
from grader.classroom.workers.pool import Pool, cores, stop_if_hopeless
from grader.classroom.workers.process import Failed
from grader.classroom.workers.progress import Watch
from grader.classroom.workers.tasks import GradeStored
from grader.plan.assignment import Assignment, load_assignment
from grader.verdict import Verdict


@contextmanager
def open_stored_plan(results: Results) -> Iterator[GradingJob]:
    """The plan by which the class was graded, from the store's own files, for as long as this lasts."""
    with tempfile.TemporaryDirectory(prefix="grade-") as folder:
        kit = results.luggage.unpack(Path(folder))
        secrets = (folder, str((results.out / "private").resolve()))
        yield msgspec.structs.replace(_as_it_is_now(kit), secrets=secrets)


def open_plan(results: Results, rubric: str) -> tuple[Assignment, GradingJob]:
    """A plan by another rubric or reference, with the class's own draw and sandbox.

    Raises:
        UsageError, AssignmentError: there is no such rubric, or it is broken.
    """
    old = results.luggage.kit
    assignment = load_assignment(rubric, old.limits)
    private: tuple[str | Path, ...] = (assignment.rubric.file, *assignment.reference.folders, results.out / "private")
    secrets = tuple(str(Path(each).resolve()) for each in private)
    fingerprint = make_fingerprint(fingerprint_parts(assignment, old.seed, old.sandbox, old.convert_python2))
    return assignment, GradingJob(rubric, old.seed, old.sandbox, fingerprint, secrets, old.convert_python2, old.limits)


def _as_it_is_now(kit: GradingJob) -> GradingJob:
    """With the fingerprint that these files have under today's Python and numpy."""
    parts = fingerprint_parts(load_assignment(kit.rubric, kit.limits), kit.seed, kit.sandbox, kit.convert_python2)
    return msgspec.structs.replace(kit, fingerprint=make_fingerprint(parts))


def regrade(
    results: Results,
    kit: GradingJob,
    contents: Iterable[str],
    watch: Watch,
    reference_seconds: Mapping[str, float] = MappingProxyType({}),
) -> Iterator[GradingResult]:
    """The result of each content under a plan, in the order in which they end. Nothing is kept.

    Args:
        reference_seconds: of an earlier grade, whose calls were held against them.

    Raises:
        UsageError: the store has no bytes of them.
        AssignmentError, HarnessError: nothing can be graded at all.
    """
    bundles = results.bundles(contents)
    tasks = [GradeStored(content, data, dict(reference_seconds)) for content, data in bundles.items()]
    with Pool(max(1, min(cores(), len(tasks))), kit) as pool:
        for task, outcome in watch.each("grading", pool.each(tasks), len(tasks)):
            stop_if_hopeless(outcome)
            if isinstance(outcome, Failed):
                yield GradingResult(task.content, Verdict.NOT_GRADED.value, fault=outcome.text)
            else:
                yield msgspec.structs.replace(outcome.value, suspect="")
