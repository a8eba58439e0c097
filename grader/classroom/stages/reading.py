"""Read every submission once, to know what is new."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from grader.classroom.decisions.fixes import Fixes, apply_fixes
from grader.classroom.intake.model import StudentSubmission
from grader.classroom.outputs.attempts import as_submission
from grader.classroom.stages.order import ClassOrder
from grader.classroom.store.store import ReadSubmission, Store
from grader.classroom.workers.pool import Pool, stop_if_hopeless
from grader.classroom.workers.process import Done, Failed
from grader.classroom.workers.progress import Watch
from grader.classroom.workers.tasks import Identified, Identify
from grader.report.sanitize import escape_surrogates


def identify(
    order: ClassOrder, everyone: Sequence[StudentSubmission], fixes: Fixes, pool: Pool, store: Store, watch: Watch
) -> list[ReadSubmission]:
    """Read every submission once, and what is graded in its place, to know which of them are new."""
    folder = str(order.folder.resolve())
    tasks = [Identify(folder, handed) for handed in apply_fixes(everyone, fixes) if handed.id not in fixes.flaws]
    found = {each.id: _unread(each, fixes.flaws[each.id]) for each in everyone if each.id in fixes.flaws}
    for task, outcome in watch.each("reading", pool.each(tasks), len(tasks)):
        handed = task.handed
        stop_if_hopeless(outcome)
        if isinstance(outcome, Failed):
            found[handed.id] = _unread(handed, outcome.text)
        else:
            found[handed.id] = _read(handed, outcome.value)
    reads = [found[handed.id] for handed in everyone]
    store.keep_class(reads)
    return reads


def _read(handed: StudentSubmission, read: Identified) -> ReadSubmission:
    content = None if read.is_empty else read.content
    return ReadSubmission(handed, content, read.files, replaced=read.replaced)


def _unread(handed: StudentSubmission, why: str) -> ReadSubmission:
    return ReadSubmission(handed, None, fault=escape_surrogates(why))  # it may hold names of files


def read_attempts(order: ClassOrder, reads: list[ReadSubmission], pool: Pool, watch: Watch) -> list[ReadSubmission]:
    """Read every earlier attempt, too; one that can't be read is there, and is never graded."""
    folder = str(order.folder.resolve())
    wanted = [read for read in reads if read.handed.attempts and not read.handed.fix]
    tasks = {
        (read.handed.id, at): Identify(folder, as_submission(read.handed, attempt))
        for read in wanted
        for at, attempt in enumerate(read.handed.attempts)
    }
    keys = {id(task): key for key, task in tasks.items()}
    found = {
        keys[id(task)]: outcome.value
        for task, outcome in watch.each("reading attempts", pool.each(tasks.values()), len(tasks))
        if isinstance(outcome, Done) and not outcome.value.is_empty
    }
    return [_with_contents(read, found) if read in wanted else read for read in reads]


def _with_contents(read: ReadSubmission, found: dict[tuple[str, int], Identified]) -> ReadSubmission:
    handed = read.handed
    known = {at: found[handed.id, at] for at in range(len(handed.attempts)) if (handed.id, at) in found}
    attempts = tuple(
        msgspec.structs.replace(each, content=known[at].content, files=known[at].files) if at in known else each
        for at, each in enumerate(handed.attempts)
    )
    return msgspec.structs.replace(read, handed=msgspec.structs.replace(handed, attempts=attempts))
