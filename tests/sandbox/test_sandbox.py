"""The door to the other process: what a submission does comes back as outcomes, within its limits."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from grader.errors import HarnessError, SandboxError
from grader.limits import CONVERT_SECONDS, READ_SECONDS, Limits
from grader.sandbox import launch
from grader.sandbox.helper_answers import HelperAnswers
from grader.sandbox.sandbox import Helpers, Isolation, JailedChild, Program, Sandbox, StatementFault
from grader.sandbox.session import Session
from grader.sandbox.transport import Deadline, Exit
from grader.worker.shared import control, messages
from grader.worker.shared.steps import (
    Call,
    Ended,
    Inspect,
    Opaque,
    Proxy,
    Raised,
    Ref,
    Returned,
    Skipped,
    Step,
    StoreValue,
    Stub,
)

SHORT = Limits(call_seconds=0.3, submission_seconds=3.0)
ENDED_BEFORE = Skipped("the submission's process had ended before")


@pytest.fixture(scope="module", params=["jail", "none"])
def either(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    """What must hold with the jail and without it."""
    with Sandbox(request.param) as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def jail() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        yield sandbox


def loaded(child: JailedChild, source: str, *names: str, replaced: tuple[str, ...] = ()) -> JailedChild:
    """The child, with one module `hw` in it."""
    child.load(Program({"hw": source}, {name: ("hw", name) for name in names or ("f",)}, ("numpy",), replaced))
    return child


def outcomes(box: Sandbox, source: str, *steps: Step, limits: Limits = SHORT) -> tuple[Any, ...]:
    with box.open(limits) as child:
        return loaded(child, source, "f", "g").run(steps or (Call("f"),))


def outcome(box: Sandbox, source: str, *args: object, limits: Limits = SHORT) -> Any:
    """What comes of `f(*args)`."""
    return outcomes(box, source, Call("f", args), limits=limits)[0]


# --- values ---


def test_a_value_comes_back_and_what_was_printed_with_it(either: Sandbox) -> None:
    source = "import numpy as np\ndef f(x):\n    print('seen', x.shape)\n    return x.sum(), np.sqrt(x)"
    got = outcome(either, source, np.ones((2, 2)))
    assert got.value[0] == 4
    assert got.value[1].tolist() == [[1, 1], [1, 1]]
    assert got.printed == "seen (2, 2)\n"


def test_every_step_gets_one_outcome_in_order(either: Sandbox) -> None:
    source = "def f(x):\n    x[0] = 7\n    return [1, 2]\ndef g(): return undefined"
    steps: list[Step]
    steps = [
        StoreValue(np.zeros(2)),
        Call("f", (Ref(0),)),
        Inspect(Ref(0)),
        Call("g"),
        Inspect(Ref(1, (1,))),
        Inspect(Ref(1, (9,))),
    ]
    put, called, asked, failed, part, no_part = outcomes(either, source, *steps)
    assert put.value.tolist() == [0, 0]
    assert called == Returned([1, 2])
    assert asked.value.tolist() == [7, 0]
    assert failed == Raised("NameError", "name 'undefined' is not defined", "hw", 4)
    assert part == Returned(2)
    assert no_part == Skipped("the earlier result (list) has no part [9]")


def test_a_thing_that_is_no_value_is_named_by_its_type(either: Sandbox) -> None:
    assert outcome(either, "class Odd: pass\ndef f(): return Odd(), 1") == Returned((Opaque("Odd"), 1))


def test_a_result_over_its_limit_is_opaque(jail: Sandbox) -> None:
    limits = Limits(result_bytes=1000)
    got = outcome(jail, "import numpy as np\ndef f(): return 1, np.zeros(1000)", limits=limits)
    assert got == Returned((1, Opaque("array of float64, shape (1000,): too large")))


def test_eight_megabytes_go_there_and_back(either: Sandbox) -> None:
    x = np.random.default_rng(1).normal(size=10**6)
    got = outcome(either, "def f(x): return x", x)
    assert np.array_equal(got.value, x)


def test_a_stub_is_called_inside_the_child(either: Sandbox) -> None:
    bowl = Stub("def bowl(x, off):\n    return np.sum(x**2), 2 * x + off", "bowl", {"off": 0.5})
    got = outcome(either, "def f(g, x): return g(x)[1]", bowl, np.ones(2))
    assert got.value.tolist() == [2.5, 2.5]


def test_a_class_is_made_and_its_method_called(jail: Sandbox) -> None:
    source = "class f:\n    def __init__(self, w): self.w = w\n    def back(self, d): return self.w * d"
    made, called = outcomes(jail, source, Call("f", (3,)), Call(Ref(0, (".back",)), (2,)))
    assert made == Returned(Opaque("f"))
    assert called == Returned(6)


def test_a_question_that_cannot_be_sent_is_our_fault(jail: Sandbox) -> None:
    with jail.open(SHORT) as child, pytest.raises(HarnessError, match="can't be sent to a submission: a function"):
        loaded(child, "def f(x): pass").run([Call("f", (lambda: None,))])


def test_a_message_without_steps_gives_no_outcomes(jail: Sandbox) -> None:
    with jail.open(SHORT) as child:
        assert loaded(child, "def f(): pass").run([]) == ()


# --- what is stored ---

PUT_ASIDE = "import numpy as np\ndef f(x):\n    x += 1\n    return x.sum()"


@pytest.mark.parametrize("array", [np.arange(3.0), np.array(2, np.int8), np.zeros((0, 2)), np.ones((20, 20), "F")])
def test_the_outcome_of_storing_an_array_is_that_of_giving_it_back(either: Sandbox, array: Any) -> None:
    with either.open(SHORT) as child:
        stored, told = loaded(child, "def f(x): return x").run([StoreValue(array), Call("f", (array,))])
    assert isinstance(stored, Returned)
    assert isinstance(told, Returned)
    assert (stored.value.dtype, stored.value.shape) == (told.value.dtype, told.value.shape)
    assert np.array_equal(stored.value, told.value)
    assert stored.value.flags.writeable == told.value.flags.writeable


def test_of_steps_that_store_something_nothing_is_told(jail: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[tuple[int, int]] = []
    frame = Session._frame

    def counting(session: Session) -> tuple[int, int, bytes, bytes]:
        said.append((got := frame(session))[:2])
        return got

    stub = Stub("def one(): return 1.0", "one", {})
    steps: list[Step] = [StoreValue(np.zeros(2)), Call("f", (Ref(0),)), StoreValue(stub), Call(Ref(2)), Inspect(Ref(0))]
    with jail.open(SHORT) as child:
        loaded(child, PUT_ASIDE)
        monkeypatch.setattr(Session, "_frame", counting)
        outcomes = child.run(steps)
    assert said == [(messages.RETURNED, position) for position in (1, 3, 4)]
    values = [each.value.tolist() if isinstance(each.value, np.ndarray) else each.value for each in outcomes]  # type: ignore[union-attr]
    assert values == [[0, 0], 2, None, 1, [1, 1]]


def test_a_message_is_answered_in_its_last_step_whatever_that_stores(jail: Sandbox) -> None:
    with jail.open(SHORT) as child:
        [stored] = loaded(child, "def f(): pass").run([StoreValue(np.ones(2))])
        assert child.run([Call("f")]) == (Returned(None),)
    assert isinstance(stored, Returned)
    assert stored.value.tolist() == [1, 1]


def test_a_process_that_ends_has_the_outcomes_of_what_was_stored_before(jail: Sandbox) -> None:
    steps: list[Step] = [StoreValue(np.zeros(2)), Call("f", (Ref(0),)), StoreValue(np.ones(2)), Call("f", (Ref(2),))]
    source = "import os\ndef f(x):\n    if x.sum(): os._exit(3)\n    return 5"
    with jail.open(SHORT) as child:
        first, told, second, ended = loaded(child, source).run(steps)
    assert (type(first), told, type(second), type(ended)) == (Returned, Returned(5), Returned, Ended)


def test_a_stub_that_can_not_be_made_is_missed_by_whoever_refers_to_it(jail: Sandbox) -> None:
    steps: list[Step] = [StoreValue(Stub("1 / 0", "f", {})), Call(Ref(0))]
    with jail.open(SHORT) as child:
        outcomes = loaded(child, "def f(): pass").run(steps)
    assert outcomes == (Returned(None), Skipped("step 1, which this step needs, gave no value"))


def test_to_say_something_of_a_step_of_which_nothing_is_told_ends_a_process(jail: Sandbox) -> None:
    talkative = """
import gc, os
def f(x):
    child = next(each for each in gc.get_objects() if type(each).__name__ == "Child")
    child._position -= 1
    return 1
"""
    steps: list[Step] = [StoreValue(np.zeros(2)), Call("f", (Ref(0),)), Call("f", (Ref(0),))]
    with jail.open(SHORT) as child:
        outcomes = loaded(child, talkative).run(steps)
    assert isinstance(outcomes[1], Ended)
    assert outcomes[1].how == "protocol"


# --- exceptions ---


def test_an_exception_says_what_and_where_in_the_students_own_source(either: Sandbox) -> None:
    source = "import numpy as np\ndef f(x):\n    return np.linalg.inv(x)"
    got = outcome(either, source, np.zeros((2, 2)))
    assert got == Raised("LinAlgError", "Singular matrix", "hw", 3)


def test_leaving_with_an_exception_is_only_an_exception(either: Sandbox) -> None:
    assert outcome(either, "import sys\ndef f(): sys.exit(0)") == Raised("SystemExit", "0", "hw", 2)
    assert outcome(either, "def f(): raise KeyboardInterrupt") == Raised("KeyboardInterrupt", "", "hw", 1)


def test_an_exceptions_text_is_cut(jail: Sandbox) -> None:
    got = outcome(jail, "def f(): raise ValueError('x' * 10**6)")
    assert got.text == "x" * 2000


def test_an_exception_whose_text_fails_is_still_told(jail: Sandbox) -> None:
    source = "class E(Exception):\n    def __str__(self): raise self\ndef f(): raise E"
    assert outcome(jail, source).text == "(its text can't be shown: E)"


def test_an_exception_whose_text_takes_for_ever_is_a_timeout(jail: Sandbox) -> None:
    source = "class E(Exception):\n    def __str__(self):\n        while True: pass\ndef f(): raise E"
    assert outcome(jail, source).how == "timeout"


def test_input_says_that_nobody_answers(either: Sandbox) -> None:
    got = outcome(either, "def f(): return input('name? ')")
    assert got == Raised("EOFError", "input() can't be answered here: nobody is at the keyboard", "hw", 1)


def test_a_recursion_without_end_is_an_exception(either: Sandbox) -> None:
    assert outcome(either, "def f(): return f()").type == "RecursionError"


# --- limits ---


def test_a_loop_without_end_is_a_timeout_that_names_the_limit(either: Sandbox) -> None:
    steps = [Call("f"), Call("g")]
    ended, skipped = outcomes(either, "def f():\n    while True: pass\ndef g(): pass", *steps)
    assert ended.text in (  # the latter on a busy machine
        "used more than 0.3 s of processor time in one call",
        "took more than 1.5 s by the wall clock in one call",
    )
    assert skipped == ENDED_BEFORE


def test_a_loop_in_c_is_a_timeout_too(jail: Sandbox) -> None:
    assert outcome(jail, "def f(): return 9**9**9").how == "timeout"


def test_each_call_has_the_whole_time_of_a_call(jail: Sandbox) -> None:
    source = "import time\ndef f():\n    end = time.process_time() + 0.2\n    while time.process_time() < end: pass"
    assert [type(o) for o in outcomes(jail, source, *[Call("f")] * 4)] == [Returned] * 4


def test_all_calls_together_have_the_time_of_a_submission(jail: Sandbox) -> None:
    source = "import time\ndef f():\n    end = time.process_time() + 0.2\n    while time.process_time() < end: pass"
    limits = Limits(call_seconds=0.4, submission_seconds=0.5)
    got = outcomes(jail, source, *[Call("f")] * 4, limits=limits)
    ended = next(each for each in got if isinstance(each, Ended))
    assert ended.text.endswith(" in all"), "by the processor's clock, or on a busy machine by the other one"


def test_waiting_ends_by_the_wall_clock(either: Sandbox) -> None:
    limits = Limits(call_seconds=0.1)
    got = outcome(either, "import time\ndef f(): time.sleep(60)", limits=limits)
    assert got == Ended("timeout", "took more than 0.5 s by the wall clock in one call", by_wall=True)


class Gone:
    """A child that was ready, and then ended like this."""

    def __init__(self, status: int, cpu_seconds: float) -> None:
        self._exit = Exit(status, cpu_seconds)
        self._said = [messages.frame(messages.READY, 0, bytes(messages.NONCE_BYTES), b"")]

    def send(self, data: bytes, left: Deadline) -> None:
        """It takes all."""

    def receive(self, left: Deadline, size: int) -> bytes:
        return self._said.pop() if self._said else b""

    def has_data(self) -> bool:
        return False

    def cpu_seconds(self) -> float:
        return 0.0

    def end(self, hung_up: bool) -> Exit:
        return self._exit


@pytest.mark.parametrize(
    ("status", "seconds", "how"),
    [(-signal.SIGXCPU, 9.0, "timeout"), (-signal.SIGKILL, 70.0, "timeout"), (-signal.SIGKILL, 9.0, "memory")],
)
def test_what_the_kernel_ends_for_its_time_is_told_as_time(status: int, seconds: float, how: str) -> None:
    with JailedChild(Gone(status, seconds), Limits(), ()) as child:
        [ended] = child.run([Call("f")])
    assert isinstance(ended, Ended)
    assert ended.how == how


LIMITED = """
from grader.worker.jail import rlimits
rlimits.limit(1, 1 << 30, rlimits.address_space())
while True: pass
"""


def test_the_kernel_says_that_it_was_the_time_before_it_kills() -> None:
    done = subprocess.run([sys.executable, "-c", LIMITED], check=False)
    assert done.returncode == -signal.SIGXCPU


def test_the_kernels_limit_is_far_behind_ours() -> None:
    """It counts in ticks: a limit of 3 s ended a process after 2.5 s."""
    _, seconds, _ = control.ASK_FORK.unpack(control.fork_request(10.0, 1))
    assert seconds >= 1.25 * (10 + max(READ_SECONDS, CONVERT_SECONDS))


def test_what_we_do_between_two_messages_is_not_the_childs_time(jail: Sandbox) -> None:
    with jail.open(Limits(call_seconds=0.1, submission_seconds=0.1)) as child:
        loaded(child, "def f(): return 1")
        end = time.monotonic() + 0.7  # more than five times the submission's limit
        while time.monotonic() < end:
            pass
        assert child.run([Call("f")]) == (Returned(1),)


def test_an_allocation_over_the_limit_is_a_memory_error(jail: Sandbox) -> None:
    got = outcome(jail, "import numpy as np\ndef f(): return np.ones(10**9)")
    assert got.type == "MemoryError"


def test_a_result_that_leaves_no_room_to_send_it_is_a_memory_error(jail: Sandbox) -> None:
    source = (
        "import numpy as np\ndef f():\n    global keep\n    keep = np.ones(70 << 20, 'u1')\n    return keep[:60 << 20]"
    )
    got = outcome(jail, source, limits=Limits(memory_bytes=100 << 20))
    assert got == Raised("MemoryError", "")


def test_memory_within_the_limit_is_there(jail: Sandbox) -> None:
    got = outcome(jail, "import numpy as np\ndef f(): return np.ones(10**8, 'u1').sum()", limits=Limits())
    assert got == Returned(np.uint64(10**8))


def test_numpy_itself_does_not_count_against_the_limit(jail: Sandbox) -> None:
    source = "import numpy as np\ndef f(): return np.ones(10**6).sum()"
    assert outcome(jail, source, limits=Limits(memory_bytes=64 << 20)) == Returned(np.float64(10**6))


def test_output_is_cut_and_says_how_much_is_missing(either: Sandbox) -> None:
    limits = Limits(output_bytes=10)
    got = outcome(either, "def f(): print('x' * 100, end='')", limits=limits)
    assert got.printed == "x" * 10 + "\n[90 bytes more were printed]"


def test_a_flood_of_output_ends_the_process(either: Sandbox) -> None:
    source = "def f():\n    while True: print('x' * 10**6)"
    assert outcome(either, source, limits=Limits()) == Ended("output", "printed more than 32 MiB")


def test_what_goes_around_stdout_reaches_nobody(either: Sandbox, capfd: pytest.CaptureFixture[str]) -> None:
    source = "import os, sys\ndef f():\n    os.write(1, b'one'); os.write(2, b'two')\n    sys.__stdout__.write('three')"
    assert outcome(either, source).printed == "three"
    assert capfd.readouterr() == ("", "")


# --- the ends of a process ---


@pytest.mark.parametrize("status", [0, 1, 121])
def test_ending_the_process_is_no_result_whatever_its_status(either: Sandbox, status: int) -> None:
    got = outcomes(either, f"import os\ndef f(): os._exit({status})\ndef g(): return 1", Call("f"), Call("g"))
    assert got == (Ended("died", f"the code ended the process (exit status {status})"), ENDED_BEFORE)


def test_a_crash_is_told_as_one(jail: Sandbox) -> None:
    got = outcome(jail, "import ctypes\ndef f(): ctypes.string_at(0)")
    assert got == Ended("died", "the code crashed the process (memory fault: often a recursion without end)")


def test_closing_the_line_is_no_result(jail: Sandbox) -> None:
    source = "import os\ndef f():\n    os.close(3)\n    while True: pass"
    assert outcome(jail, source, limits=Limits()).text == "the code closed the line to the grader"


def test_a_dead_child_answers_nothing_more(either: Sandbox) -> None:
    with either.open(SHORT) as child:
        loaded(child, "import os\ndef f(): os._exit(3)")
        child.run([Call("f")])
        assert child.run([Call("f"), Call("f")]) == (ENDED_BEFORE, ENDED_BEFORE)
        assert child.load(Program({}, {"f": ("hw", "f")}, ())).ended == child.ended


def test_the_next_child_is_none_the_worse(either: Sandbox) -> None:
    outcome(either, "import os\ndef f(): os._exit(3)")
    assert outcome(either, "def f(): return 1") == Returned(1)


def test_children_share_nothing(either: Sandbox) -> None:
    spoil = "import numpy, math\nnumpy.pi = math.pi = 3\ndef f(): return numpy.pi"
    with either.open(SHORT) as first, either.open(SHORT) as second:
        assert loaded(first, spoil).run([Call("f")]) == (Returned(3),)
        assert loaded(second, "import numpy\ndef f(): return numpy.pi").run([Call("f")]) == (Returned(np.pi),)


def test_processor_seconds_are_the_kernels(jail: Sandbox) -> None:
    source = "import time\ntime.process_time = lambda: 0\ndef f():\n    for _ in range(10**6): pass"
    with jail.open(Limits()) as child:
        loaded(child, source).run([Call("f")])
        before = child.cpu_seconds
    assert 0.001 < before <= child.cpu_seconds < 5


# --- the protocol ---

FORGE = """
import gc, struct, os
def connection():
    return next(o for o in gc.get_objects() if type(o).__name__ == "Child" and hasattr(o, "_nonce"))
def reply(nonce, position, body=b"t\\2\\0\\0\\0Ts\\0\\0\\0\\0", kind=13):
    os.write(3, struct.pack("<IBI8s", len(body), kind, position, nonce) + body)
"""


@pytest.mark.parametrize(
    "attack",
    [
        "reply(bytes(8), 0)",
        "reply(connection()._nonce, 7)",
        "os.write(3, b'x' * 100)",
        "os.write(3, struct.pack('<IBI8s', 0xFFFFFFFF, 13, 0, connection()._nonce))",
        "reply(connection()._nonce, 0, b'garbage')",
        "reply(connection()._nonce, 0, b't\\1\\0\\0\\0T')",
        "reply(connection()._nonce, 0, kind=99)",
        "reply(connection()._nonce, 0, kind=12)",
        "reply(connection()._nonce, 0, b't\\2\\0\\0\\0t\\0\\0\\0\\0s\\0\\0\\0\\0', kind=12)",
    ],
)
def test_a_reply_that_breaks_the_rules_ends_the_child(jail: Sandbox, attack: str) -> None:
    got = outcome(jail, f"{FORGE}\ndef f(): {attack}")
    assert got.how == "protocol"
    assert got.text.startswith("the code wrote to the grader's own line")


def test_a_second_reply_ends_the_child(jail: Sandbox) -> None:
    source = f"{FORGE}\ndef f(): reply(connection()._nonce, 0)"
    with jail.open(SHORT) as child:
        loaded(child, source)
        assert child.run([Call("f")]) == (
            Returned(True),
        )  # a value like any other: it has to be right to earn anything
        child.run([Call("f")])
        assert child.ended is not None
        assert child.ended.how == "protocol"


def test_a_reply_prepared_before_the_question_ends_the_child(jail: Sandbox) -> None:
    source = f"{FORGE}\ndef f():\n    pass\nreply(bytes(8), 0)"
    with jail.open(SHORT) as child:
        ended = loaded(child, source).ended
    assert ended is not None
    assert ended.how == "protocol"


def test_a_place_that_the_submission_does_not_have_is_left_out(jail: Sandbox) -> None:
    source = "def f(): exec(compile('1/0', '/etc/hostname', 'exec'))"
    assert outcome(jail, source) == Raised("ZeroDivisionError", "division by zero", "hw", 1)


def test_what_is_claimed_about_an_exception_is_cut_once_more(jail: Sandbox) -> None:
    source = """
import gc
def f():
    child = next(o for o in gc.get_objects() if type(o).__name__ == "Child" and hasattr(o, "_nonce"))
    child._reply(14, "T" * 10**5, "x" * 10**5, "hw", 10**300, "p" * 10**6)
"""
    got = outcome(jail, source)
    assert (len(got.type), len(got.text), got.module, got.line) == (200, 2000, None, None)
    assert len(got.printed) <= SHORT.output_bytes + 2000


def test_claims_about_loading_that_have_no_such_form_are_dropped(jail: Sandbox) -> None:
    source = """
import gc
child = next(o for o in gc.get_objects() if type(o).__name__ == "Child" and hasattr(o, "_nonce"))
faults = [("hw", 1, "T", "kept"), ("other", 1, "T", "x"), ("hw", 10**300, "T", "x"), ("hw", 1), 7, ("hw", True, "", "")]
child._reply(12, (faults, ["f", 3, "no_such"]), "")
"""
    with jail.open(SHORT) as child:
        got = child.load(Program({"hw": source}, {"f": ("hw", "f")}, ()))
    assert got.faults == (StatementFault("hw", 1, "T", "kept"),)
    assert got.unbound == ("f",)


# --- reading ---


def task(**files: bytes) -> list[Any]:
    return ["hw", [[f"{name}.py", data] for name, data in files.items()], [["f", None, [], []]], ["numpy"], {}]


def test_what_was_handed_in_is_read_and_then_run_in_one_child(either: Sandbox) -> None:
    with either.open(SHORT) as child:
        told = child.read(task(hw=b"x = 1\nprint(x)\ndef f(): return x\n"))
        assert isinstance(told, bytes)
        modules, entries, *_ = json.loads(told)
        assert (modules, entries) == ({"hw": "x = 1\n\ndef f(): return x\n"}, {"f": ["hw", "f"]})
        child.load(Program(modules, {"f": ("hw", "f")}, ()))
        assert child.run([Call("f")]) == (Returned(1),)


def test_a_text_that_no_parser_can_read_costs_only_itself(either: Sandbox) -> None:
    """Deep nesting is refused by Python's parser, or kills it: which of the two depends on the version."""
    deep = ("-" * 10**5 + "1").encode()
    with either.open(SHORT) as child:
        told = child.read(task(deep=deep, hw=b"def f(): return 1\n"))
        assert isinstance(told, bytes)
        assert json.loads(told)[1] == {"f": ["hw", "f"]}
        assert child.ended is None


def test_bytes_arrive_as_they_were(either: Sandbox) -> None:
    every = bytes(range(256)) * 5
    with either.open(SHORT) as child:
        assert b"0x01" in child.read(task(hw=every[1:]))
        assert child.ended is None


def test_the_child_has_nothing_of_the_grader_but_what_runs_and_reads_a_submission(either: Sandbox) -> None:
    """And none of it lies where the code could import more."""
    source = (
        "import sys\n"
        "def f(): return sorted({n.split('.')[1] for n in sys.modules if n.startswith('_grade_worker.')})\n"
        "def g(): return sorted({getattr(m, '__file__', None) or '' for m in list(sys.modules.values())})\n"
    )
    entries = {"f": ("hw", "f"), "g": ("hw", "g")}
    with either.open(SHORT) as child:
        child.read(task(hw=source.encode()))
        child.load(Program({"hw": source}, entries, ()))
        rooms, files = child.run([Call("f"), Call("g")])
    assert rooms == Returned(["extraction", "submission", "worker"])
    assert isinstance(files, Returned)
    home = str(Path(launch.BOOT).parent.parent)
    ours = {Path(file).relative_to(home).parts[0] for file in files.value if file.startswith(home)}
    assert ours == {"extraction", "submission", "worker"}


def test_time_for_reading_is_none_of_the_codes_own(jail: Sandbox) -> None:
    with jail.open(SHORT) as child:
        child.read(task(hw=b"def f(): return 1\n" * 5_000))
        assert child.cpu_seconds < 0.1


# --- replaced helpers ---

REFERENCE = Program({"ref": "def double(x): return 2 * x\ndef fail(x): raise ValueError('no')"},
                    {"double": ("ref", "double"), "fail": ("ref", "fail")}, ("numpy",))  # fmt: skip
HELPERS = Helpers(REFERENCE, ("double", "fail"), HelperAnswers())


def with_helpers(box: Sandbox, source: str, *steps: Step, limits: Limits = SHORT) -> tuple[Any, ...]:
    with box.open(limits, HELPERS) as child:
        return loaded(child, source, "f", replaced=("double",)).run(steps or [Call("f", (4,))])


@pytest.mark.parametrize(
    "source",
    [
        "def double(x): return 'wrong'\ndef f(x): return double(x)",
        "def f(x): return double(x)",
        "def double(x): return 'wrong'\nother = double\ndef f(x): return other(x)",
        "from course import double\ndef f(x): return double(x)",
        "def double(x): return 'wrong'\ndef f(x):\n    import hw\n    return hw.double(x=x)",
    ],
)
def test_a_replaced_helper_is_answered_by_the_reference(either: Sandbox, source: str) -> None:
    assert with_helpers(either, source) == (Returned(8),)


def test_a_helper_is_replaced_in_every_module(jail: Sandbox) -> None:
    modules = {
        "a": "def double(x): return 'wrong'",
        "b": "from a import double as d\ndef f(x): return d(x)",
        "c": "def f(x):\n    from late import g\n    return g(x)",
        "late": "def double(x): return 'wrong'\ndef g(x): return double(x)",
    }
    with jail.open(SHORT, HELPERS) as child:
        child.load(Program(modules, {"f": ("b", "f"), "h": ("c", "f")}, (), ("double",)))
        assert child.run([Call("f", (4,)), Call("h", (5,))]) == (Returned(8), Returned(10))


def test_a_helpers_failure_goes_back_to_the_students_code(jail: Sandbox) -> None:
    source = "def f(g, x):\n    try: return g(x)\n    except ValueError as e: return str(e)"
    assert with_helpers(jail, source, Call("f", (Proxy("fail"), 1))) == (Returned("no"),)


def test_only_the_helpers_of_this_child_answer(jail: Sandbox) -> None:
    got = with_helpers(jail, "def f(g): return g(1)", Call("f", (Proxy("triple"),)))
    assert got == (Raised("NameError", "name 'triple' is not defined", "hw", 1),)


def test_an_answer_that_is_known_is_given_only_where_that_helper_answers(jail: Sandbox) -> None:
    answers = HelperAnswers()
    got: list[Any] = []
    for names in (("double",), ("fail",)):
        with jail.open(SHORT, Helpers(REFERENCE, names, answers)) as child:
            got += loaded(child, "def f(g): return g(4)").run([Call("f", (Proxy("double"),))])
    assert got == [Returned(8), Raised("NameError", "name 'double' is not defined", "hw", 1)]


def test_a_call_whose_answer_is_known_is_told_like_the_first(jail: Sandbox) -> None:
    helpers, told = Helpers(REFERENCE, ("double",), HelperAnswers()), []
    for _ in range(2):
        jail.begin_submission()
        with jail.open(SHORT, helpers) as child:
            loaded(child, "def double(x): pass\ndef f(x): return double([x] * 9)[0]", replaced=("double",))
            assert child.run([Call("f", (4,))] * 3) == (Returned(4),) * 3
        told.append(jail.tally.told_bytes)
    assert told[0] == told[1] > 3 * 9 * 256


def test_arguments_that_are_no_values_never_leave_the_child_as_anything_else(jail: Sandbox) -> None:
    [got] = with_helpers(jail, "def double(x): pass\ndef f(x): return double(lambda: 1)")
    assert (got.type, got.text) == ("TypeError", "double was called with an argument that is no plain value")


def test_a_helper_that_runs_out_of_memory_or_time_fails_in_the_students_code(jail: Sandbox) -> None:
    source = "import numpy as np\ndef double(x): pass\ndef f(x): return double([0] * 9000 * x)"
    assert with_helpers(jail, source)[0].type in ("TypeError", "MemoryError")


def test_the_time_of_helpers_is_the_submission_s(jail: Sandbox) -> None:
    """However often they're asked, and whatever for: the submission chooses that."""
    slow = Program({"ref": "def spin(x):\n    while True: pass"}, {"spin": ("ref", "spin")}, ())
    source = "def f(g):\n    try: g(1)\n    except RuntimeError as e: return str(e)"
    limits = Limits(call_seconds=0.2, submission_seconds=0.6)
    with jail.open(limits, Helpers(slow, ("spin",), HelperAnswers())) as child:
        loaded(child, source)
        answers: Any = child.run([Call("f", (Proxy("spin"),))] * 6)
    assert answers[0].value.startswith("spin gave no answer: ")
    ended = next(answer for answer in answers if isinstance(answer, Ended))
    assert ended.how == "timeout"
    assert ended.text.endswith(" in all"), "by the processor's clock, or on a busy machine by the other one"
    assert child.cpu_seconds > 0.6 or ended.by_wall


def test_a_child_that_waits_for_helpers_is_not_left_alone(jail: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """A nap for each of thousands of calls used up the time of right code by the wall clock."""
    naps: list[float] = []
    monkeypatch.setattr("grader.sandbox.session.time.sleep", naps.append)
    source = "def double(x): pass\ndef f(x): return sum(double(1) for _ in range(x))"
    assert with_helpers(jail, source, *[Call("f", (9,))] * 100) == (Returned(18),) * 100
    assert naps == []


def test_calls_of_helpers_are_bounded(jail: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("grader.sandbox.session.MAX_CALLBACKS", 100)
    source = "def double(x): pass\ndef f(x):\n    while True: double(1)"
    [got] = with_helpers(jail, source, limits=Limits(call_seconds=20))
    assert got == Ended("timeout", "called other functions more than 100 times in one call")


# --- the sandbox itself ---


def test_the_isolation_says_what_holds(jail: Sandbox) -> None:
    assert jail.isolation.level in ("full", "no-namespaces")
    assert {"rlimits", "descriptors", "no_new_privs", "landlock", "seccomp"} <= set(jail.isolation.layers)
    with Sandbox("none") as box:
        assert box.isolation == Isolation("none", ())


def test_a_zygote_started_ahead_serves_the_first_sandbox_that_needs_just_that_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    started = []
    real = launch.Zygote.__init__

    def counted(self: launch.Zygote, *args: Any) -> None:
        started.append(1)
        real(self, *args)

    monkeypatch.setattr(launch.Zygote, "__init__", counted)
    launch.prestart()
    launch.prestart()
    assert len(started) == 1
    with Sandbox(packages=("numpy", "msgspec")) as other:
        assert len(started) == 2
        assert outcome(other, "def f(): return 1") == Returned(1)
        with Sandbox() as first, Sandbox() as second:
            assert len(started) == 3
            assert outcome(first, "def f(): return 1") == outcome(second, "def f(): return 1") == Returned(1)


def test_starting_ahead_waits_for_no_import_of_numpy() -> None:
    code = "import sys; from grader.sandbox import launch; launch.prestart(); print('numpy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_there_is_no_third_mode() -> None:
    with pytest.raises(SandboxError, match="no sandbox 'open'"):
        Sandbox("open")


def test_a_package_that_is_not_installed_is_our_fault_and_says_so() -> None:
    with pytest.raises(SandboxError, match="pip install no_such_package"):
        Sandbox(packages=("numpy", "no_such_package"))


def test_a_program_may_import_only_what_the_sandbox_grants(jail: Sandbox) -> None:
    with jail.open(SHORT) as child, pytest.raises(SandboxError, match="grants only numpy"):
        child.load(Program({"hw": ""}, {}, ("numpy", "scipy")))


@pytest.mark.parametrize("mode", ["jail", "none"])
def test_a_granted_package_can_be_imported_with_what_it_needs_and_nothing_else(mode: str) -> None:
    source = "import jinja2 as j, markupsafe as m, click\ndef f(): return j.Template.__name__, m.__name__, click"
    with Sandbox(mode, packages=("numpy", "jinja2")) as box, box.open(Limits()) as child:
        child.load(Program({"hw": source}, {"f": ("hw", "f")}, ("numpy", "jinja2")))
        assert child.run([Call("f")]) == (Returned(("Template", "markupsafe", Opaque("MissingModule"))),)


def test_a_package_can_be_granted_later() -> None:
    with Sandbox() as box:
        box.grant(("numpy",))
        box.grant(("numpy", "msgspec"))
        with box.open(Limits()) as child:
            child.load(Program({"hw": "import msgspec\nf = msgspec.json.encode"}, {"f": ("hw", "f")}, ("msgspec",)))
            assert child.run([Call("f", ([1],))]) == (Returned(b"[1]"),)


UNIX_ONLY = ("resource", "fcntl", "pwd", "grp", "termios", "tty", "pty", "select", "syslog", "crypt", "posix_spawn")

ELSEWHERE = """
import os, sys
unix_only = {unix_only}
for name in unix_only:
    sys.modules[name] = None
for name in ("fork", "forkpty", "pidfd_open", "wait4", "setsid"):
    if hasattr(os, name):
        delattr(os, name)
"""

GRADES_ELSEWHERE = """
from grader.sandbox.helper_answers import HelperAnswers
from grader.sandbox.sandbox import Limits, Program, Sandbox
from grader.worker.shared.steps import Call
with Sandbox("none") as box, box.open(Limits(call_seconds=0.2)) as child:
    child.load(Program({"hw": "def f(): return 41 + 1\\ndef g():\\n    while True: pass"},
                       {"f": ("hw", "f"), "g": ("hw", "g")}, ()))
    print(child.run([Call("f"), Call("g")]), box.isolation)
try:
    Sandbox()
except Exception as problem:
    print(problem)
"""


def test_without_the_jail_nothing_that_only_unix_has_is_needed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A stand-in for macOS and Windows: their modules and calls are taken away from both processes.

    `select` and `fcntl` are needed by Python's own `subprocess` on Unix, so they go after it's imported.
    """
    taken = ELSEWHERE.format(unix_only=UNIX_ONLY)
    root = str(Path(__file__).parent.parent.parent)
    boot = tmp_path / "boot.py"
    boot.write_text(f"{taken}\nfrom runpy import run_path\nrun_path({launch.BOOT!r}, run_name='__main__')")
    code = f"import subprocess, numpy\n{taken}\nfrom grader.sandbox import launch\nlaunch.BOOT = {str(boot)!r}\n"
    command = [sys.executable, "-c", code + GRADES_ELSEWHERE]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=root, env={"PYTHONPATH": root})
    assert done.stderr == ""
    values, refusal = done.stdout.splitlines()
    assert values.startswith("(Returned(value=42, printed=''), Ended(how='timeout'")
    assert values.endswith("Isolation(level='none', layers=())")
    assert refusal == "the jail needs Linux; elsewhere `--sandbox none` grades without any protection"


def test_a_secret_that_a_child_could_read_stops_everything() -> None:
    readable = Path(os.__file__)
    with Sandbox(secrets=[readable]) as box, pytest.raises(SandboxError, match=r"os\.py can be read in the jail"):
        box.open(SHORT)


def test_a_secret_can_be_named_later(tmp_path: Path) -> None:
    (tmp_path / "rubric.yaml").write_text("secret")
    with Sandbox() as box:
        box.hide([tmp_path, tmp_path / "rubric.yaml"])
        with box.open(SHORT):
            pass
        box.hide([Path(os.__file__)])
        with pytest.raises(SandboxError, match=r"os\.py can be read in the jail"):
            box.open(SHORT)


def open_many(box: Sandbox) -> None:
    """The first requests may still be taken by a dying process."""
    for _ in range(1000):
        box.open(SHORT).close()


def test_a_zygote_that_has_gone_is_our_fault() -> None:
    with Sandbox() as box:
        assert box.isolation
        zygote: Any = box._process
        os.kill(zygote._pid, signal.SIGKILL)
        with pytest.raises(SandboxError, match="ended unexpectedly"):
            open_many(box)


def processes_of(grader: int) -> set[str]:
    """The processes that this one has started: its pid stands in their configuration."""
    mark = f'"parent": {grader},'.encode()
    lines = (entry / "cmdline" for entry in Path("/proc").iterdir() if entry.name.isdigit())
    return {str(line) for line in lines if mark in contents(line)}


def contents(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError:  # the process has just ended
        return b""


GRADER = """
import os, signal
from grader.limits import Limits
from grader.sandbox.helper_answers import HelperAnswers
from grader.sandbox.sandbox import Program, Sandbox
box = Sandbox()
child = box.open(Limits())
child.load(Program({"hw": "def f(): pass"}, {"f": ("hw", "f")}, ()))
print(os.getpid(), flush=True)
input()
"""


@pytest.mark.parametrize("ending", ["box.close()", "os.kill(os.getpid(), signal.SIGKILL)", "pass", "os._exit(0)"])
def test_nothing_outlives_the_grader(ending: str) -> None:
    command = [sys.executable, "-c", GRADER + ending]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        pid = int(process.stdout.readline())
        assert len(processes_of(pid)) >= 2
        process.stdin.write(b"\n")
    deadline = time.monotonic() + 10
    while processes_of(pid) and time.monotonic() < deadline:
        pass
    assert not processes_of(pid)
