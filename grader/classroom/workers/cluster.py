"""A class on more than one machine: a Dask cluster, from a laptop's two processes to Slurm or Kubernetes.

Submissions travel as bytes, some twenty in a task, since each task costs the scheduler about as much as a small
submission costs a core. The plan travels once to each machine, as a rubric, the files of its reference and a seed,
and each thread of a worker makes it again and keeps a warm sandbox. A lost worker's submissions are run again by Dask;
a result counts when it arrives here, in the one store. Where all workers are lost we wait for others, and go on.
"""

from __future__ import annotations

import atexit
import logging
import math
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

from grader.classroom.intake.bundle import Bundle
from grader.classroom.intake.model import StudentSubmission
from grader.classroom.workers.job import GradingJob
from grader.classroom.workers.pool import Pool
from grader.classroom.workers.process import Done, Failed, GradingOutcome, attempt
from grader.classroom.workers.snapshot import AssignmentSnapshot, take_snapshot
from grader.classroom.workers.tasks import Fetch
from grader.errors import HarnessError, UsageError
from grader.plan.assignment import Assignment
from grader.version import __version__

_SECONDS_TO_CONNECT = 10
_SECONDS_FOR_A_WORKER = 600  # a cluster's queue may let them wait
_TRIES = 6
_IN_FLIGHT = 2  # tasks for each thread, so that none waits for the network
_MOST_IN_A_TASK = 20  # submissions: where a worker is lost, all of them are graded again
_MOST_BYTES = 4 << 20  # of a task
_TASKS_EACH = 4  # of each thread, out of what is left: they get smaller, so that all threads end at about the same time
_SECONDS_BETWEEN_LOOKS = 1.0  # at how large the cluster is


class Cluster:
    """A context manager that owns the connection to a scheduler.

    Raises:
        UsageError: dask.distributed isn't installed.
        HarnessError: there is no scheduler at the address.
    """

    def __init__(
        self, address: str, folder: str, assignment: Assignment, kit: GradingJob, pool: Pool, say: Callable[[str], None]
    ) -> None:
        try:
            import distributed  # an extra, and slow to import
        except ImportError:
            raise UsageError("--scheduler needs dask.distributed: pip install 'numgrade[distributed]'") from None
        for name in ("distributed", "distributed.client"):  # what they log, we say in a sentence
            logging.getLogger(name).setLevel(logging.CRITICAL)
        self._distributed: Any = distributed
        self._address = address
        self._say = say
        self._folder = folder
        self._pool = pool
        self._luggage = take_snapshot(assignment, kit)
        self._client = self._connect()

    def _connect(self) -> Any:
        try:
            return self._distributed.Client(self._address, timeout=_SECONDS_TO_CONNECT, set_as_default=False)
        except (OSError, TimeoutError, ValueError) as error:
            raise HarnessError(f"--scheduler {self._address}: no scheduler answers there: {error}") from None

    def _scatter(self) -> Any:
        """The plan, at every worker; waits for one where there is none."""
        for _ in range(_TRIES):
            self._await_a_worker()
            with suppress(TimeoutError, OSError):  # the last worker was lost meanwhile
                return self._send()
        raise _cluster_error(f"the workers of {self._address} end as soon as they begin")

    def _send(self) -> Any:
        try:
            return self._client.scatter(self._luggage, broadcast=True, hash=False)
        except (TimeoutError, OSError):
            raise
        except Exception as error:
            raise HarnessError(
                f"the workers of {self._address} can't take the plan ({error}); have they this version of grade, "
                f"{__version__}?"
            ) from error

    def _await_a_worker(self) -> None:
        try:
            if self._client.nthreads():
                return
            self._say(f"{self._address} has no worker: waiting {_SECONDS_FOR_A_WORKER // 60} minutes for one to come")
            self._client.wait_for_workers(1, timeout=_SECONDS_FOR_A_WORKER)
        except TimeoutError:
            raise _cluster_error(f"no worker came to {self._address}") from None
        except Exception as error:  # noqa: BLE001 - half a dozen types, by what it was doing when the line broke
            raise _cluster_error(f"the scheduler at {self._address} is gone ({type(error).__name__})") from None

    def grade(self, handed: Iterable[StudentSubmission], width: int | None) -> Iterator[GradingOutcome]:
        """Grade on the cluster; gives each with its outcome, in the order in which they end."""
        del width  # each thread of a worker has a core of its own there
        waiting, most, alone = list(handed), _MOST_IN_A_TASK, False
        for _ in range(_TRIES):
            if not waiting:
                return
            round_ = _Round(self._distributed, self._client, self._scatter(), most, alone)
            yield from round_.grade(self._fetch(waiting), len(waiting))
            waiting = round_.lost
            if (
                round_.has_killed
            ):  # one of them ends workers: others of its task, or those that wait there, must not go too
                most, alone = 1, most == 1
        for each in waiting:
            yield each, Failed("the cluster lost it several times in turn")

    def _fetch(self, handed: Iterable[StudentSubmission]) -> Iterator[GradingOutcome]:
        """Each submission as bytes; read in other processes, since what is read is hostile."""
        tasks = (Fetch(self._folder, each) for each in handed)
        return ((task.handed, outcome) for task, outcome in self._pool.each(tasks))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()


class _Round:
    """Submissions on their way to the cluster and back.

    Args:
        luggage: the plan, scattered.
        most: submissions in a task.
        alone: whether one task is under way at a time, so that what ends a worker is known.
    """

    def __init__(self, dask: Any, client: Any, luggage: Any, most: int, alone: bool) -> None:
        self._dask = dask
        self._client = client
        self._luggage = luggage
        self._most = most
        self._alone = alone
        self._running: dict[Any, list[StudentSubmission]] = {}
        self._looked, self._threads = -math.inf, 1
        self._left = 0  # submissions that aren't sent yet
        self.lost: list[StudentSubmission] = []  #: those that the cluster forgot, afterwards
        self.has_killed = False  #: whether some of these are lost since workers ended that had them

    def grade(self, fetched: Iterator[GradingOutcome], count: int) -> Iterator[GradingOutcome]:
        """Grade so many submissions; gives each with its outcome, in the order in which tasks end."""
        ended = self._dask.as_completed(loop=self._client.loop)
        self._left = count
        try:
            yield from self._send(fetched, ended)
            for future in ended:
                yield from self._receive(future)
                yield from self._send(fetched, ended)
        finally:
            self._client.cancel(list(self._running))

    def _send(self, fetched: Iterator[GradingOutcome], ended: Any) -> Iterator[GradingOutcome]:
        """Send tasks until enough are under way; gives the submissions that can't be read."""
        while len(self._running) < (1 if self._alone else _IN_FLIGHT * self._count_threads()):
            read, unread = _take(fetched, max(1, min(self._most, self._left // (_TASKS_EACH * self._count_threads()))))
            self._left -= len(read) + len(unread)
            yield from unread
            if not read:
                return
            # Not pure: the scheduler must not remember an outcome from one run to the next.
            bundles = [bundle for _, bundle in read]
            future = self._client.submit(grade_remotely, self._luggage, bundles, pure=False)
            self._running[future] = [handed for handed, _ in read]
            ended.add(future)

    def _count_threads(self) -> int:
        """How many threads the cluster has; looked up now and then, since it may grow and shrink."""
        if time.monotonic() - self._looked >= _SECONDS_BETWEEN_LOOKS:
            workers = self._client.scheduler_info(n_workers=-1).get("workers")
            if workers is None:
                raise _cluster_error("the scheduler is gone")
            self._threads = max(1, sum(worker["nthreads"] for worker in workers.values()))
            self._looked = time.monotonic()
        return self._threads

    def _receive(self, future: Any) -> Iterator[GradingOutcome]:
        """The outcomes of a task. Where the cluster has forgotten it, its submissions are lost."""
        handed = self._running.pop(future)
        outcomes = self._outcomes(future)
        if outcomes is None:
            self.lost += handed
        else:
            yield from zip(handed, outcomes, strict=True)

    def _outcomes(self, future: Any) -> Sequence[Done | Failed] | None:
        """None where the cluster has forgotten the task, with the last worker that had the plan."""
        if future.cancelled():
            return None
        try:
            outcomes: Sequence[Done | Failed] = future.result()
        except CancelledError:  # it was done, and its worker died before the result was fetched
            return None
        except self._dask.KilledWorker:
            self.has_killed = True
            return [Failed("the workers that graded it died, several in turn")] if self._alone else None
        except OSError as error:  # Dask's broken lines are OSErrors; what a task raises comes back as Failed
            raise _cluster_error(f"the scheduler is gone ({type(error).__name__})") from error
        except Exception as error:
            raise _cluster_error(f"the cluster failed ({type(error).__name__}: {error})") from error
        return outcomes


def _take(
    fetched: Iterator[GradingOutcome], size: int
) -> tuple[list[tuple[StudentSubmission, Bundle]], list[GradingOutcome]]:
    """The next submissions of one task, and those before them that can't be read."""
    read: list[tuple[StudentSubmission, Bundle]] = []
    unread: list[GradingOutcome] = []
    room = _MOST_BYTES
    while len(read) < size and room > 0 and (one := next(fetched, None)) is not None:
        handed, outcome = one
        if isinstance(outcome, Failed):
            unread.append((handed, outcome))
            continue
        read.append((handed, outcome.value))
        room -= sum(len(data) for _, data in outcome.value.files)
    return read, unread


def _cluster_error(what: str) -> HarnessError:
    return HarnessError(f"{what}. What was graded is kept: bring the cluster up, and run the same command again.")


# -- on the other machine ------------------------------------------------------------------------------------------

_here = threading.local()
_one_at_a_time = threading.Lock()


def grade_remotely(luggage: AssignmentSnapshot, bundles: Sequence[Bundle]) -> list[Done | Failed]:
    """Grade submissions in a thread of a Dask worker, one after the other."""
    return [_grade_one(luggage, bundle) for bundle in bundles]


def _grade_one(luggage: AssignmentSnapshot, bundle: Bundle) -> Done | Failed:
    """Grade a submission; one more time where our own side fails."""
    outcome = attempt(lambda: _station(luggage).grade(bundle))
    if isinstance(outcome, Failed) and not outcome.stops:
        outcome = attempt(lambda: _station(luggage).grade(bundle))
    return outcome


def _station(luggage: AssignmentSnapshot) -> Any:
    """This thread's station for the class."""
    from grader.classroom.workers.grader import ProcessGrader  # numpy and all else, on workers only

    if getattr(_here, "kit", None) != luggage.kit:
        with _one_at_a_time:  # loading a reference bends the module table for a moment
            folder = tempfile.TemporaryDirectory(prefix="grade-")
            atexit.register(folder.cleanup)
            station = ProcessGrader(luggage.unpack(Path(folder.name)))
            station.prepare()
        atexit.register(station.close)
        _here.station, _here.kit = station, luggage.kit
    return _here.station
