"""A pool without processes, and one jail for many classes: starting these takes ten times as long as grading.

For tests of what happens before and after grading. What they claim of processes, tests/classroom/workers,
test_run.py and test_kills.py claim with real ones.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from lent import Lent

from grader.classroom.workers import grader
from grader.classroom.workers.pool import Pool
from grader.classroom.workers.process import Done, Failed, attempt
from grader.classroom.workers.tasks import WorkerContext
from grader.sandbox.sandbox import Sandbox


def work_nearby(patch: pytest.MonkeyPatch, box: Sandbox) -> None:
    """Let pools carry out their tasks in this process, in this jail."""

    def sandbox(mode: str, packages: Sequence[str], secrets: Sequence[Path]) -> Sandbox | Lent:
        shared = mode == "jail" and set(packages) <= {"numpy"}
        return Lent(box) if shared else Sandbox(mode, packages, secrets)

    patch.setattr(grader, "Sandbox", sandbox)
    patch.setattr(Pool, "each", _each)


def _each(
    pool: Pool, tasks: Iterable[Any], width: int | None = None, makes_room: bool = False
) -> Iterator[tuple[Any, Done | Failed]]:
    workplace = WorkerContext(pool._kit)
    for task in tasks:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # as a process of the pool does
            outcome = attempt(partial(task.run, workplace))
        yield task, outcome
    workplace.close()
