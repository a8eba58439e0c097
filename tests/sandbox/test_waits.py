"""What there is to do while another process is waited for is done then, and takes nothing of a submission's time."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from boots import boot_with

from grader.errors import SandboxError
from grader.limits import Limits
from grader.sandbox import launch, session
from grader.sandbox.sandbox import Program, Sandbox
from grader.sandbox.transport import Deadline, Exit
from grader.worker.shared.steps import Call, Returned


class Quiet:
    """A process that says nothing until it is let."""

    def __init__(self) -> None:
        self.speaks = False

    def send(self, data: bytes, left: Deadline) -> None: ...

    def receive(self, left: Deadline, size: int) -> bytes:
        return b""

    def has_data(self) -> bool:
        return self.speaks

    def cpu_seconds(self) -> float:
        return 0.0

    def end(self, hung_up: bool) -> Exit:
        return Exit(0, 0.0)


def test_a_wait_for_a_child_is_filled_until_it_speaks_and_takes_none_of_its_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now, done, link = [100.0], [0], Quiet()

    def work() -> bool:
        now[0] += 5.0
        done[0] += 1
        link.speaks = done[0] == 3
        return True

    monkeypatch.setattr("time.monotonic", lambda: now[0])
    waiting = session.Session(link, Limits(), spare=work)
    waiting._idle_since = None  # it was asked something
    waiting._leave_alone(0.0)
    assert done == [3]
    assert waiting.used.wall == 0.0
    waiting._leave_alone(0.0)
    assert done == [3]


def test_a_wait_for_the_zygote_is_filled_until_it_answers() -> None:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    done = [0]

    def work() -> bool:
        done[0] += 1
        if done[0] == 3:
            theirs.send(b"an answer")
        return True

    zygote = launch.Zygote.__new__(launch.Zygote)
    zygote._control, zygote.spare = ours, work
    with ours, theirs:
        assert zygote._receive(64) == b"an answer"
    assert done == [3]


def test_whatever_is_done_in_between_an_answer_is_the_same() -> None:
    done: list[int] = []

    def work() -> bool:
        done.append(len(done))
        return len(done) < 1_000

    for mode in ("jail", "none"):
        with Sandbox(mode) as box:
            box.fill_waits(work)
            with box.open(Limits()) as child:
                child.load(Program({"m": "def f(x):\n    return 2 * x\n"}, {"f": ("m", "f")}, ()))
                assert child.run([Call("f", (21,))] * 9) == (Returned(42),) * 9


def test_who_hangs_up_goes_on_while_the_zygote_ends_and_waits_for_it_before_there_is_another() -> None:
    launch.see_off()
    with Sandbox() as box, box.open(Limits()):
        pass
    [leaving] = launch._leaving
    with Sandbox():
        assert launch._leaving == []
        with pytest.raises(ChildProcessError):
            os.waitpid(leaving, 0)


def test_no_zygote_is_left_for_others_to_bury_when_a_process_ends() -> None:
    code = (
        "from grader.limits import Limits\nfrom grader.sandbox import launch\n"
        "from grader.sandbox.sandbox import Sandbox\n"
        "with Sandbox() as box, box.open(Limits()):\n    pass\nprint(*launch._leaving)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    with pytest.raises(ProcessLookupError):
        os.kill(int(done.stdout), 0)


STOPS = """
from _grade_worker.worker import zygote
def stop(packages): raise OSError("numpy is broken here")
zygote._warm_up = stop
"""


def test_why_a_zygote_stops_is_said_though_it_was_asked_something_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    boot_with(STOPS, tmp_path, monkeypatch)
    with Sandbox() as box:
        box.hide([tmp_path])
        for _ in range(2):
            with pytest.raises(SandboxError, match="numpy is broken here"):
                box.open(Limits())
