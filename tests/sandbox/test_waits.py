"""What there is to do while another process is waited for is done then, and takes nothing of a submission's time."""

from __future__ import annotations

from collections.abc import Callable

from grader.limits import Limits
from grader.sandbox.sandbox import Program, Sandbox
from grader.worker.shared.steps import Call, Returned

SLOW = "def f():\n    return sum(range(3_000_000))\n"


def spare(times: int) -> tuple[list[int], Callable[[], bool]]:
    """A list that grows while there is work, so many times."""
    done: list[int] = []

    def work() -> bool:
        if len(done) < times:
            done.append(len(done))
            return True
        return False

    return done, work


def answer_of(box: Sandbox, limits: Limits) -> object:
    with box.open(limits) as child:
        child.load(Program({"m": SLOW}, {"f": ("m", "f")}, ()))
        return child.run([Call("f")])[0]


def test_a_wait_is_filled_and_nothing_is_done_twice() -> None:
    with Sandbox() as box:
        done, work = spare(1_000)
        box.fill_waits(work)
        answer = answer_of(box, Limits())
        assert isinstance(answer, Returned)
        assert done == list(range(1_000))


def test_a_wait_for_a_process_without_a_jail_is_filled_too() -> None:
    with Sandbox("none") as box:
        done, work = spare(1_000)
        box.fill_waits(work)
        assert isinstance(answer_of(box, Limits()), Returned)
        assert done == list(range(1_000))
