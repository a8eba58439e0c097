"""A task that kills, hangs or fails costs itself alone; all others are done, once."""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from grader.classroom.workers import pool as pools
from grader.classroom.workers.job import GradingJob
from grader.classroom.workers.pool import Pool
from grader.classroom.workers.process import Done, Failed
from grader.classroom.workers.tasks import WorkerContext
from grader.errors import AssignmentError, HarnessError

KIT = GradingJob("assignment1", 1, "jail", "")


class Try(msgspec.Struct, frozen=True):
    """A task that does what its name says, and leaves a mark each time it is begun."""

    name: str
    folder: str

    def run(self, workplace: WorkerContext) -> int:
        with (Path(self.folder) / self.name).open("a") as marks:
            marks.write("x")
        getattr(self, self.name.partition(" ")[0])()
        return os.getpid()

    def work(self) -> None:
        pass

    def die(self) -> None:
        os._exit(1)

    def sleep(self) -> None:
        time.sleep(600)

    def wait(self) -> None:
        """For the mark of the last task; it is there, or will be if somebody makes room."""
        end = time.monotonic() + 60
        while not (Path(self.folder) / "work last").exists() and time.monotonic() < end:
            time.sleep(0.01)

    def fail(self) -> None:
        raise HarnessError("the sandbox has gone")

    def surprise(self) -> None:
        raise ZeroDivisionError("nobody thought of it")

    def stop(self) -> None:
        raise AssignmentError("the reference is broken")

    def recover(self) -> None:
        if (Path(self.folder) / self.name).stat().st_size == 1:
            os._exit(1)


@pytest.fixture
def pool() -> Iterator[Pool]:
    with Pool(2, KIT) as started:
        yield started


def outcomes(pool: Pool, folder: Path, *names: str) -> dict[str, Done | Failed]:
    found = list(pool.each(Try(name, str(folder)) for name in names))
    assert Counter(task.name for task, _ in found) == Counter(names)
    return {task.name: outcome for task, outcome in found}


def test_a_task_that_kills_its_process_is_tried_twice_and_all_others_are_done(pool: Pool, tmp_path: Path) -> None:
    names = [f"work {number}" for number in range(20)]
    found = outcomes(pool, tmp_path, *names[:5], "die", *names[5:])
    assert found.pop("die") == Failed("the process that graded it died")
    assert all(isinstance(outcome, Done) for outcome in found.values())
    assert (tmp_path / "die").read_text() == "xx"
    assert {(tmp_path / name).read_text() for name in names} <= {"x"}


def test_a_death_that_doesnt_repeat_costs_nothing(pool: Pool, tmp_path: Path) -> None:
    assert isinstance(outcomes(pool, tmp_path, "recover", "work")["recover"], Done)


def test_a_process_that_never_answers_is_given_up(pool: Pool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    outcomes(pool, tmp_path, "work 1", "work 2")  # the processes have started
    monkeypatch.setattr(pools, "PATIENCE", 1.0)
    found = outcomes(pool, tmp_path, "sleep", "work 3", "work 4")
    assert isinstance(found["sleep"], Failed)
    assert isinstance(found["work 4"], Done)


def test_our_own_faults_are_tried_again_and_then_told(pool: Pool, tmp_path: Path) -> None:
    found = outcomes(pool, tmp_path, "fail", "surprise")
    assert found["fail"] == Failed("the sandbox has gone")
    assert found["surprise"] == Failed("ZeroDivisionError: nobody thought of it")
    assert (tmp_path / "fail").read_text() == "xx"


def test_what_would_fail_for_all_is_told_at_once(pool: Pool, tmp_path: Path) -> None:
    assert outcomes(pool, tmp_path, "stop")["stop"] == Failed("the reference is broken", 3, stops=True)
    assert (tmp_path / "stop").read_text() == "x"


def test_a_pool_does_no_more_at_a_time_than_it_is_told(pool: Pool, tmp_path: Path) -> None:
    outcomes(pool, tmp_path, "work 1", "work 2", "work 3")
    tasks = (Try(f"work {number}", str(tmp_path)) for number in range(4, 10))
    assert len({outcome.value for _, outcome in pool.each(tasks, width=1) if isinstance(outcome, Done)}) == 1


def test_a_task_that_takes_long_makes_room_for_others_where_that_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two workers wait for a task that neither of them can take."""
    monkeypatch.setattr(pools, "ROOM_AFTER", 0.2)
    names = ["wait 1", "wait 2", "work 1", "work 2", "work last"]  # each of the two has one more at hand
    with Pool(2, KIT) as pool:
        found = list(pool.each((Try(name, str(tmp_path)) for name in names), makes_room=True))
    assert len({outcome.value for _, outcome in found if isinstance(outcome, Done)}) == 3


def test_tasks_are_drawn_as_they_are_needed(pool: Pool, tmp_path: Path) -> None:
    drawn = []

    def tasks() -> Iterator[Try]:
        for number in range(50):
            drawn.append(number)
            yield Try(f"work {number}", str(tmp_path))

    running = pool.each(tasks())
    next(running)
    assert len(drawn) <= 6
    assert len(list(running)) == 49
