"""No sandbox, no grade: where the kernel lacks something, nothing runs, nothing is written, and the exit code is 4."""

from __future__ import annotations

import json
import platform
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from attacks import modes
from attacks.reading import HERE
from boots import WITHOUT_SELFTEST, boot_with
from worker.test_jail import FOR_NAMESPACES, NEEDED

from grader.errors import SandboxError
from grader.limits import Limits
from grader.sandbox.sandbox import Program, Sandbox

COLUMN = 0 if platform.machine() == "x86_64" else 1
#: A call that nothing here needs: with it taken away, everything is as ever.
UNNEEDED = {"reboot": (169, 142)}

#: Whatever this prints, raises or ends with would be told, had it run.
SUBMISSION = "print('I ran')\nraise ValueError('I ran')\ndef sigmoid(x): return x\n"


@pytest.fixture(scope="module")
def lacking(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], dict[str, Any]]:
    folder = tmp_path_factory.mktemp("lacking")
    (folder / "hw.py").write_text(SUBMISSION)
    calls = {name: str(numbers[COLUMN]) for name, numbers in {**NEEDED, **FOR_NAMESPACES, **UNNEEDED}.items()}
    command = [sys.executable, str(HERE / "fail_closed.py"), str(folder), *calls.values()]
    done = subprocess.run(command, env=modes.environment(), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    return lambda name: told[calls[name]]


@pytest.mark.parametrize("name", NEEDED)
def test_a_kernel_without_this_call_ends_in_a_clear_message_and_exit_code_4(
    name: str, lacking: Callable[[str], dict[str, Any]]
) -> None:
    told = lacking(name)
    assert told["status"] == 4
    assert told["said"].startswith("grade: ")
    assert "nothing is run" in told["said"] or "didn't get ready" in told["said"]
    assert "Traceback" not in told["said"]
    assert "I ran" not in told["said"]
    assert not told["report"]


@pytest.mark.parametrize("name", FOR_NAMESPACES)
def test_a_kernel_without_namespaces_grades_and_says_so_or_refuses(
    name: str, lacking: Callable[[str], dict[str, Any]]
) -> None:
    """As root with a Python in a closed home folder, nobody could read it without a root of its own."""
    told = lacking(name)
    assert (told["status"], told["report"]) in ((0, True), (4, False))
    assert told["status"] == 0 or "can everybody read this Python?" in told["said"]


def test_a_kernel_without_a_call_that_nobody_needs_grades(lacking: Callable[[str], dict[str, Any]]) -> None:
    """So that the tests above can fail: the way of taking calls away is not what stops the grader."""
    told = lacking("reboot")
    assert (told["status"], told["report"]) == (0, True)


#: What a probe finds, and what the zygote must make of it.
PROBES = {
    "Landlock that isn't there": "landlock.version = refuse",
    "Landlock that makes no rules": "landlock.ruleset = refuse",
    "a processor without a table": "seccomp.machine = refuse",
    "a filter that can't be built": "seccomp.program = refuse",
    "a view that can't be had": "view.view = refuse",
    "an address space that isn't told": "rlimits.address_space = refuse",
    "nothing to open in place of a terminal": "os.open = no_null_device",
}


@pytest.mark.parametrize("probe", PROBES)
def test_a_probe_that_fails_means_that_nothing_runs(
    probe: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    change = f"""
import os
from _grade_worker.worker.jail import landlock, rlimits, seccomp, view
opened = os.open
def refuse(*args): raise OSError("not on this kernel")
def no_null_device(path, *more): return refuse() if path == os.devnull else opened(path, *more)
{PROBES[probe]}
"""
    boot_with(change, tmp_path, monkeypatch)
    refused_to_run("not on this kernel")


@pytest.mark.parametrize("uid", ["root stays root", "root becomes another root"])
def test_a_root_that_does_not_become_nobody_is_noticed(
    uid: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The self-test asks for what root alone may do; a process that isn't root has nothing to lose."""
    change = """
from _grade_worker.worker.jail import privileges
privileges.become_nobody = lambda: None
privileges.drop_capabilities = lambda: None
"""
    boot_with(change, tmp_path, monkeypatch)
    with Sandbox() as box, box.open(Limits()) as child:
        child.load(Program({"hw": "import os\ndef f(): return os.getuid()"}, {"f": ("hw", "f")}, ()))


def refused_to_run(why: str) -> None:
    with Sandbox() as box, pytest.raises(SandboxError, match=why), box.open(Limits()) as child:
        child.load(Program({"hw": "print('I ran')"}, {"f": ("hw", "f")}, ()))


def test_without_the_self_test_the_layers_still_close(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The self-test finds faults; it is no layer itself."""
    boot_with(WITHOUT_SELFTEST, tmp_path, monkeypatch)
    source = "def f():\n    try: open('/etc/passwd')\n    except OSError: return 'closed'"
    with Sandbox() as box, box.open(Limits()) as child:
        child.load(Program({"hw": source}, {"f": ("hw", "f")}, ()))
        from grader.worker.shared.steps import Call, Returned

        assert child.run([Call("f")]) == (Returned("closed"),)
