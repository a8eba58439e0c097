"""A process that carries out tasks, one after the other, until its line closes. It trusts whoever started it."""

from __future__ import annotations

import gc
import os
import signal
import threading
import warnings
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from multiprocessing import parent_process
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Any

import msgspec

from grader.classroom.intake.model import StudentSubmission
from grader.classroom.workers.tasks import WorkerContext
from grader.errors import GradeError, NoSandboxError

if TYPE_CHECKING:
    from grader.classroom.workers.job import GradingJob


class Done(msgspec.Struct, frozen=True):
    """A task was carried out."""

    value: Any


class Failed(msgspec.Struct, frozen=True):
    """A task wasn't carried out, through no fault of a submission."""

    text: str
    exit_code: int = GradeError.exit_code
    stops: bool = False  #: it would fail for the whole class alike: the assignment is broken, or there is no jail


#: What came of grading a submission.
GradingOutcome = tuple[StudentSubmission, Done | Failed]


def serve(line: Connection, kit: GradingJob) -> None:
    """Carry out the tasks that come over `line`."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; our parent decides
    if hasattr(signal, "pthread_sigmask"):  # held back so far
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    gc.set_threshold(10_000)  # few cycles come of grading: to look for them as often as usual takes 2 % of a wrong one
    threading.Thread(target=_end_with_parent, daemon=True).start()
    warnings.simplefilter("ignore")  # numpy's, about values that submissions return
    workplace = WorkerContext(kit)
    with suppress(EOFError, OSError):  # it closes when there is nothing more to do
        while True:
            task = line.recv()
            line.send(attempt(partial(task.run, workplace)))
    workplace.close()


def attempt(work: Callable[[], Any]) -> Done | Failed:
    """Do something that may fail, and say how it went."""
    try:
        return Done(work())
    except GradeError as error:
        return Failed(str(error), error.exit_code, stops=_concerns_all(error))
    except Exception as error:  # noqa: BLE001 - whatever it is, it concerns this task alone
        return Failed(f"{type(error).__name__}: {error}")


def _concerns_all(error: GradeError) -> bool:
    return error.exit_code != GradeError.exit_code or isinstance(error, NoSandboxError)


def _end_with_parent() -> None:
    """A parent that was killed can't say goodbye; a submission that hangs would keep this process for minutes."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
