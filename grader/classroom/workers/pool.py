"""Worker processes on this machine. One that dies or hangs is replaced, and takes nobody's work with it.

Each worker has up to two tasks in flight, so that it never waits for the next. It answers in order: the first of its
tasks is the one that it died of. That one is tried once more, by another worker; then it has failed. The second is
nobody's fault and goes back to the queue.

A submission that sleeps keeps its worker waiting, and no core busy: another worker takes its place meanwhile.
"""

from __future__ import annotations

import os
import signal
import time
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from typing import TYPE_CHECKING, Any, Self, TypeVar

from grader.classroom.workers.process import Done, Failed, serve
from grader.errors import AssignmentError, GradeError, HarnessError, UsageError

if TYPE_CHECKING:
    from grader.classroom.workers.job import GradingJob

T = TypeVar("T")

_IN_FLIGHT = 2
_TRIES = 2
_SECONDS_TO_END = 5.0
#: Seconds after which a task makes room for another: what uses a core for as long is seldom, and is ended soon.
ROOM_AFTER = 3.0
#: Seconds without an answer after which a worker is given up. The sandbox's own clocks end any submission long before.
PATIENCE = 3600.0


class _Job:
    """A task on its way."""

    def __init__(self, task: Any) -> None:
        self.task = task
        self.tries = 0


class _Worker:
    """One process, and what it has to do, the oldest first."""

    def __init__(self, kit: GradingJob) -> None:
        # Spawned, not forked: numpy's threads don't survive a fork, and a spawned process starts clean.
        context = get_context("spawn")
        self.line, theirs = context.Pipe()
        self._process = context.Process(target=serve, args=(theirs, kit), daemon=True)
        with _interrupts_held():
            self._process.start()
        theirs.close()
        self.jobs: deque[_Job] = deque()
        self.since = time.monotonic()

    @property
    def seconds(self) -> float:
        """For how long it has been at its task."""
        return time.monotonic() - self.since

    def give(self, job: _Job) -> None:
        """Raises OSError where the process has died."""
        if not self.jobs:
            self.since = time.monotonic()
        self.jobs.append(job)
        self.line.send(job.task)

    def answer(self) -> Done | Failed:
        """Raises EOFError or OSError where the process has died."""
        answer: Done | Failed = self.line.recv()
        self.since = time.monotonic()
        return answer

    def kill(self) -> None:
        """End the process, whatever it does; then its line says so."""
        self._process.kill()

    def end(self) -> None:
        """Clear the process away: whoever is idle ends by itself when its line closes."""
        self.line.close()
        self._process.join(0.0 if self.jobs else _SECONDS_TO_END)
        self._process.kill()
        self._process.join()


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """What starts meanwhile doesn't hear Ctrl-C before it is ready to ignore it; we hear it afterwards."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class Pool:
    """A context manager that owns the workers; they start when there is something to do.

    Args:
        jobs: how many workers.
        kit: what each makes the class's plan from.
    """

    def __init__(self, jobs: int, kit: GradingJob) -> None:
        self._jobs = jobs
        self._kit = kit
        self._workers: list[_Worker] = []

    def each(
        self, tasks: Iterable[T], width: int | None = None, makes_room: bool = False
    ) -> Iterator[tuple[T, Done | Failed]]:
        """Carry out all tasks, `width` at a time; gives each with its outcome, in the order in which they end.

        Tasks are drawn as workers become free, so they may be made on the way.

        Args:
            width: no more than the pool's.
            makes_room: whether one that takes long doesn't count, so that up to twice as many are there at a time.
        """
        width = min(width or self._jobs, self._jobs)
        waiting = (_Job(task) for task in tasks)
        again: deque[_Job] = deque()
        while True:
            self._hand_out(again, waiting, width, min(width, self._count_slow()) if makes_room else 0)
            busy = {worker.line: worker for worker in self._workers if worker.jobs}
            if not busy:
                return
            for line in wait(list(busy), timeout=self._seconds_to_wait(busy, makes_room)) or self._given_up(busy):
                worker = busy[line]  # type: ignore[index]
                done = self._hear_answer(worker, again)
                if done is not None:
                    yield done[0].task, done[1]

    def _hand_out(self, again: deque[_Job], waiting: Iterator[_Job], width: int, spare: int) -> None:
        depth = _IN_FLIGHT if width == self._jobs else 1
        for level in range(1, depth + 1):
            for position in range(width + spare):
                if position < len(self._workers) and len(self._workers[position].jobs) >= level:
                    continue
                job = again.popleft() if again else next(waiting, None)
                if job is None:
                    return
                self._give(position, job)

    def _give(self, position: int, job: _Job) -> None:
        if position == len(self._workers):
            self._workers.append(_Worker(self._kit))
        with suppress(OSError):  # it has died: what it was given comes back when its line is read
            self._workers[position].give(job)

    def _hear_answer(self, worker: _Worker, again: deque[_Job]) -> tuple[_Job, Done | Failed] | None:
        """The next answer of a worker, or None where its task is tried once more."""
        answer: Done | Failed
        try:
            answer = worker.answer()
            job = worker.jobs.popleft()
        except (EOFError, OSError):
            job = worker.jobs.popleft()
            self._replace(worker, again)
            answer = Failed("the process that graded it died")
        job.tries += 1
        if isinstance(answer, Failed) and not answer.stops and job.tries < _TRIES:
            again.append(job)
            return None
        return job, answer

    def _replace(self, worker: _Worker, again: deque[_Job]) -> None:
        worker.end()
        again.extend(worker.jobs)
        self._workers.remove(worker)

    def _count_slow(self) -> int:
        """How many workers have been at one task for long enough to make room."""
        return sum(worker.seconds >= ROOM_AFTER for worker in self._workers if worker.jobs)

    def _seconds_to_wait(self, busy: dict[Connection, _Worker], makes_room: bool) -> float:
        """Until the slowest worker is given up, or one more makes room."""
        seconds = [PATIENCE - max(worker.seconds for worker in busy.values())]
        if makes_room:
            seconds += [left for worker in busy.values() if (left := ROOM_AFTER - worker.seconds) > 0]
        return max(0.0, min(seconds))

    def _given_up(self, busy: dict[Connection, _Worker]) -> list[Connection]:
        """The worker that has kept us waiting for too long, if one has. It's ended, so that its line says so."""
        line, worker = max(busy.items(), key=lambda item: item[1].seconds)
        if worker.seconds < PATIENCE:
            return []
        worker.kill()
        return [line]

    def close(self) -> None:
        """End all workers, whatever they do."""
        for worker in self._workers:
            worker.line.close()  # all of them first, so that none waits for another
        for worker in self._workers:
            worker.end()
        self._workers.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def cores() -> int:
    """How many submissions this machine can grade at once."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def stop_if_hopeless(outcome: Done | Failed) -> None:
    """Raise what would fail for everyone alike."""
    if isinstance(outcome, Failed) and outcome.stops:
        kinds: dict[int, type[GradeError]] = {2: UsageError, 3: AssignmentError}
        raise kinds.get(outcome.exit_code, HarnessError)(outcome.text)
