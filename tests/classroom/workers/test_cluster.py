"""A cluster grades like this machine, and a worker that is lost in the middle loses nobody.

A real scheduler and real workers, each a process of its own, on the loopback interface.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

import dask
import pytest
from classroom.classes import BROKEN, HANGS, RIGHT, WRONG, command, graded, kept, students, table, tiny, write
from distributed import LocalCluster

from grader.classroom.intake.bundle import Bundle
from grader.classroom.store.fingerprint import fingerprint_parts, make_fingerprint
from grader.classroom.workers import cluster as cluster_module
from grader.classroom.workers.cluster import grade_remotely
from grader.classroom.workers.job import GradingJob
from grader.classroom.workers.process import Done, Failed
from grader.classroom.workers.snapshot import AssignmentSnapshot, take_snapshot
from grader.errors import HarnessError
from grader.plan.assignment import load_assignment

STUDENTS = 60


class Running:
    """A scheduler with two workers."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self._stack = stack
        self._folder = folder
        file = folder / "scheduler.json"
        self.scheduler = self._start("scheduler", "--port", "0", "--scheduler-file", str(file))
        self.address = json.loads(when_written(file))["address"]
        self.workers = [self.another() for _ in range(2)]

    def another(self) -> subprocess.Popen[bytes]:
        """One more worker."""
        return self._start("worker", self.address, "--nthreads", "1", "--no-nanny")

    def _start(self, what: str, *options: str) -> subprocess.Popen[bytes]:
        call = [sys.executable, "-m", "distributed.cli.dask_" + what, "--host", "127.0.0.1", "--no-dashboard", *options]
        process = subprocess.Popen(call, cwd=self._folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self._stack.enter_context(process)
        self._stack.callback(process.kill)
        return process


def when_written(file: Path) -> str:
    end = time.monotonic() + 60
    while not file.exists() or not file.read_text():
        assert time.monotonic() < end
        time.sleep(0.05)
    return file.read_text()


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Running]:
    with ExitStack() as stack:
        yield Running(tmp_path, stack)


def test_a_lost_worker_loses_nobody_and_counts_nobody_twice(tmp_path: Path, cluster: Running) -> None:
    rubric = tiny(tmp_path / "assignment")
    folder = write(tmp_path / "class", students(STUDENTS, RIGHT, WRONG, BROKEN))
    write(folder, {"zz_hangs.py": HANGS, "zz_no_code/essay.txt": ""})
    there, here = tmp_path / "there", tmp_path / "here"
    call = command(folder, there, "--rubric", rubric, "--seed", 1, "--scheduler", cluster.address)
    with subprocess.Popen(call, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        while kept(there) < STUDENTS // 4 and process.poll() is None:
            time.sleep(0.01)
        assert process.poll() is None
        cluster.workers[0].kill()
        said, problems = process.communicate(timeout=120)
    assert process.returncode == 0, problems
    assert said.startswith(f"{STUDENTS + 2} handed in, {STUDENTS + 1} graded in this run, 1 can't be read")
    graded(folder, here, rubric, seed=1)
    assert (there / "grades.csv").read_bytes() == (here / "grades.csv").read_bytes()


def test_a_repaired_copy_travels_in_place_of_the_submission(tmp_path: Path, cluster: Running) -> None:
    rubric, out = tiny(tmp_path / "assignment"), tmp_path / "out"
    folder = write(tmp_path / "class", {"ada.py": BROKEN, "bo.py": WRONG})
    statement = 'deduction: 1\nwho: ann\npublic comment: "A bracket."\n'
    write(out / "decisions" / "fixes" / "ada", {"ada.py": RIGHT, "fix.yaml": statement})
    graded(folder, out, rubric, scheduler=cluster.address)
    assert [row["score"] for row in table(out).values()] == ["9", "4"]


def test_a_reference_of_two_folders_travels_whole(tmp_path: Path) -> None:
    rubric = tiny(tmp_path / "assignment")
    write(rubric.parent / "lent", {"lent.py": "def halve(x):\n    return x / 2\n", "data/table.csv": "1,2"})
    rubric.write_text(rubric.read_text().replace("reference: tiny", "reference: [tiny, lent]"))
    here = load_assignment(rubric)
    kit = GradingJob(str(rubric), 1, "jail", make_fingerprint(fingerprint_parts(here, 1, "jail")))
    there = take_snapshot(here, kit).unpack(tmp_path / "there")
    assert make_fingerprint(fingerprint_parts(load_assignment(there.rubric), 1, "jail")) == kit.fingerprint


def test_where_all_workers_are_lost_it_says_so_and_goes_on_with_the_next(tmp_path: Path, cluster: Running) -> None:
    rubric, out = tiny(tmp_path / "assignment"), tmp_path / "out"
    call = command(a_class(tmp_path), out, "--rubric", rubric, "--scheduler", cluster.address)
    with subprocess.Popen(call, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True) as process:
        when_it_has_begun(process, out)
        for worker in cluster.workers:
            worker.kill()
        assert process.stderr is not None
        said = []
        for line in process.stderr:
            said.append(line)
            if "has no worker: waiting" in line:
                cluster.another()
    assert any("has no worker: waiting" in line for line in said), "".join(said)
    assert process.returncode == 0
    assert [row["score"] for row in table(out).values()] == ["10", "4"] * (STUDENTS // 2)


def test_where_the_scheduler_is_lost_what_was_graded_is_kept(tmp_path: Path, cluster: Running) -> None:
    rubric, folder, out = tiny(tmp_path / "assignment"), a_class(tmp_path), tmp_path / "out"
    call = command(folder, out, "--rubric", rubric, "--scheduler", cluster.address)
    with subprocess.Popen(call, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True) as process:
        when_it_has_begun(process, out)
        cluster.scheduler.kill()
        _, said = process.communicate(timeout=120)
    assert process.returncode == 4
    assert "gone" in said.splitlines()[-1]
    assert said.splitlines()[-1].endswith("run the same command again.")
    assert "Traceback" not in said
    assert graded(folder, out, rubric).graded < STUDENTS
    assert [row["score"] for row in table(out).values()] == ["10", "4"] * (STUDENTS // 2)


def grade_or_die(luggage: AssignmentSnapshot, bundles: Sequence[Bundle]) -> list[Done | Failed]:
    """In a worker: as it is graded, but for a submission at which the machine itself goes down."""
    if any(b"down with it" in data for bundle in bundles for _, data in bundle.files):
        os._exit(1)
    return grade_remotely(luggage, bundles)


def test_a_submission_at_which_workers_go_down_takes_no_other_of_its_task_along(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster_module, "grade_remotely", grade_or_die)
    rubric, out = tiny(tmp_path / "assignment"), tmp_path / "out"
    folder = write(tmp_path / "class", {**students(11, RIGHT), "zz.py": f"{RIGHT}# down with it\n"})
    quietly = {"silence_logs": 50, "dashboard_address": None, "n_workers": 1, "threads_per_worker": 1}
    with (
        dask.config.set({"distributed.scheduler.allowed-failures": 0}),
        LocalCluster(  # type: ignore[no-untyped-call]
            **quietly
        ) as local,
    ):
        done = graded(folder, out, rubric, scheduler=local.scheduler_address)
    assert [row["score"] for row in table(out).values()] == ["10"] * 11 + [""]
    assert [row.student.id for row in done.not_graded] == ["zz"]


def a_class(top: Path) -> Path:
    return write(top / "class", students(STUDENTS, RIGHT, WRONG))


def when_it_has_begun(process: subprocess.Popen[str], out: Path) -> None:
    while kept(out) < STUDENTS // 10:
        assert process.poll() is None
        time.sleep(0.01)


def test_an_address_where_nobody_answers_is_one_message(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("grader.classroom.workers.cluster._SECONDS_TO_CONNECT", 1)
    rubric = tiny(tmp_path / "assignment")
    folder = write(tmp_path / "class", students(1, RIGHT))
    with pytest.raises(HarnessError, match="no scheduler answers there"):
        graded(folder, tmp_path / "out", rubric, scheduler="tcp://127.0.0.1:9")
