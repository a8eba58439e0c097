"""The jail fails closed: whatever part of it is missing, no code of a submission runs."""

from __future__ import annotations

import ctypes
import os
import struct
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from boots import boot_with, without_layer, without_namespaces

from grader.errors import SandboxError
from grader.limits import Limits
from grader.sandbox.sandbox import Program, Sandbox
from grader.worker.jail import LAYERS, seccomp, view
from grader.worker.shared.steps import Call, Returned

SMALL = Limits(call_seconds=1.0)


def run_something(box: Sandbox) -> object:
    with box.open(SMALL) as child:
        child.load(Program({"hw": "def f(): return 1"}, {"f": ("hw", "f")}, ()))
        return child.run([Call("f")])[0]


@pytest.mark.parametrize("layer", LAYERS)
def test_a_layer_that_fails_means_that_nothing_runs(
    layer: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    change = f"""
from _grade_worker.worker import jail
def fail(cell, terms): raise OSError("not today")
jail.LAYERS[{layer!r}] = fail
"""
    boot_with(change, tmp_path, monkeypatch)
    with Sandbox() as box, pytest.raises(SandboxError, match=f"layer '{layer}' can't be set up: not today"):
        run_something(box)


@pytest.mark.parametrize("layer", ["descriptors", "rlimits", "landlock", "seccomp"])
def test_a_layer_that_does_nothing_is_noticed_by_the_self_test(
    layer: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    change = f"from _grade_worker.worker import jail\njail.LAYERS[{layer!r}] = lambda cell, terms: None"
    boot_with(change, tmp_path, monkeypatch)
    with Sandbox() as box, pytest.raises(SandboxError, match="there is no jail here"):
        run_something(box)


def test_a_layer_that_fails_only_later_ends_the_child_before_it_has_seen_a_submission(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    change = """
from _grade_worker.worker import jail
real, count = jail.LAYERS["seccomp"], []
def fail_in_pid(cell, terms):
    import os
    if terms.cpu_seconds != 20:  # the self-test's own
        raise OSError("not today")
    real(cell, terms)
jail.LAYERS["seccomp"] = fail_in_pid
"""
    boot_with(change, tmp_path, monkeypatch)
    with Sandbox() as box, pytest.raises(SandboxError, match="layer 'seccomp' can't be set up: not today"):
        run_something(box)


def test_a_zygote_that_cannot_start_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    boot_with("raise SystemExit", tmp_path, monkeypatch)
    with Sandbox() as box, pytest.raises(SandboxError, match="ended unexpectedly"):
        run_something(box)


def test_threads_in_the_zygote_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    change = "import threading\nthreading.Thread(target=threading.Event().wait, daemon=True).start()"
    boot_with(change, tmp_path, monkeypatch)
    with Sandbox() as box, pytest.raises(SandboxError, match="can't fork safely"):
        run_something(box)


def test_without_namespaces_the_other_layers_hold_or_the_reason_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As root with a Python in a closed home folder, nobody could read it: that is said, and nothing is run."""
    boot_with(without_namespaces(), tmp_path, monkeypatch)
    with Sandbox() as box:
        ran, said = attempt(box)
        assert ran == Returned(1) or "honest code fails in the jail" in said
        if ran is not None:
            assert box.isolation.level == "no-namespaces"
            assert "namespaces" not in box.isolation.layers
            assert box.missing_namespaces == "the host allows none"


def attempt(box: Sandbox) -> tuple[object, str]:
    """What came of running something, or what was said instead."""
    try:
        return run_something(box), ""
    except SandboxError as problem:
        return None, str(problem)


# --- what the kernel lacks ---

#: Calls, with their numbers on x86-64 and aarch64, that the jail can't do without.
NEEDED = {
    "close_range": (436, 436),
    "capset": (126, 91),
    "landlock_create_ruleset": (444, 444),
    "landlock_add_rule": (445, 445),
    "landlock_restrict_self": (446, 446),
    "seccomp": (317, 277),
    "prlimit64": (302, 261),
    "pidfd_open": (434, 434),
}

#: Without these there is another root or none, and the level says so.
FOR_NAMESPACES = {"unshare": (272, 97), "mount": (165, 40), "open_tree": (428, 428), "pivot_root": (155, 41)}

LACKING = """
import sys
sys.path[:0] = ["tests", "tests/worker"]
from test_jail import lack, run_something
from grader.sandbox.sandbox import Sandbox
lack(int(sys.argv[1]))
try:
    with Sandbox() as box:
        print(run_something(box), box.isolation.level)
except Exception as problem:
    print(type(problem).__name__, problem)
"""


def lack(number: int) -> None:
    """Make this process, and what it starts, live on a kernel without this system call (ENOSYS)."""
    code = struct.pack("<HBBI", 0x20, 0, 0, 0) + struct.pack("<HBBI", 0x15, 0, 1, number)
    code += struct.pack("<HBBI", 0x06, 0, 0, 0x50000 | 38) + struct.pack("<HBBI", 0x06, 0, 0, 0x7FFF0000)
    libc = ctypes.CDLL(None, use_errno=True)
    assert libc.prctl(38, 1, 0, 0, 0) == 0
    program = seccomp._Program(len(code) // 8, code)
    assert libc.prctl(22, 2, ctypes.byref(program), 0, 0) == 0


def lacking(number: int) -> str:
    root = Path(__file__).parent.parent.parent
    command = [sys.executable, "-c", LACKING, str(number)]
    done = subprocess.run(command, cwd=root, env={"PYTHONPATH": str(root)}, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


@pytest.mark.parametrize("name", NEEDED)
def test_a_kernel_that_lacks_a_call_runs_nothing(name: str) -> None:
    column = 0 if os.uname().machine == "x86_64" else 1
    said = lacking(NEEDED[name][column])
    assert said.startswith("SandboxError")
    assert "Returned" not in said


@pytest.mark.parametrize("name", FOR_NAMESPACES)
def test_a_kernel_that_lacks_namespaces_says_so_or_runs_nothing(name: str) -> None:
    column = 0 if os.uname().machine == "x86_64" else 1
    said = lacking(FOR_NAMESPACES[name][column])
    assert said.startswith("SandboxError") or said.strip().endswith("no-namespaces")


# --- what a child may see ---


def test_the_view_has_the_library_but_no_packages_that_nobody_granted(tmp_path: Path) -> None:
    (tmp_path / "numpy").mkdir()
    seen = view.view([str(tmp_path / "numpy")])
    readable = [path for path, _ in seen.readable()]
    assert str(tmp_path / "numpy") in readable
    assert os.path.realpath(os.__file__) in readable
    assert not any("site-packages" in path or "dist-packages" in path for path in readable)


def test_a_folder_of_libraries_with_pythons_in_it_is_granted_library_by_library(tmp_path: Path) -> None:
    (tmp_path / "python3.11" / "site-packages" / "grader").mkdir(parents=True)
    (tmp_path / "libz.so.1").touch()
    (tmp_path / "notes.txt").touch()
    seen = view.ReadableFiles((), (), (str(tmp_path),))
    assert list(seen.readable()) == [(str(tmp_path / "libz.so.1"), False)]


# --- teeth ---

TRIES = """
import os, socket
def f():
    done = []
    for name, attempt in {
        "read": lambda: os.listdir("/"),
        "socket": lambda: socket.socket().close(),
        "stat": lambda: os.stat("/etc/passwd"),
    }.items():
        try:
            attempt()
            done.append(name)
        except OSError:
            pass
    return done
"""


@pytest.mark.parametrize(("layer", "succeeds"), [("landlock", ["read"]), ("seccomp", ["socket"]), ("rlimits", [])])
def test_what_only_one_layer_stops_succeeds_without_it(
    layer: str, succeeds: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    boot_with(without_layer(layer), tmp_path, monkeypatch)
    with Sandbox() as box, box.open(SMALL) as child:
        if box.isolation.level == "no-namespaces":
            succeeds = [*succeeds, "stat"]
        child.load(Program({"hw": TRIES}, {"f": ("hw", "f")}, ()))
        assert child.run([Call("f")]) == (Returned(succeeds),)


#: What a process without the filter for system calls can tell of itself: what each of the other layers takes away.
PEEK = """
import ctypes, fcntl, os, resource

def is_open(descriptor):
    try:
        return fcntl.fcntl(descriptor, fcntl.F_GETFD) >= 0
    except OSError:
        return False

def can(do, *args):
    try:
        return bool(do(*args))
    except OSError:
        return False

def f():
    libc, sets = ctypes.CDLL(None), (ctypes.c_uint32 * 6)()
    libc.capget((ctypes.c_uint32 * 2)(0x20080522, 0), sets)
    found = {
        "namespaces": can(os.stat, "/etc/passwd"),
        "descriptors": any(map(is_open, range(4, 1024))),
        "rlimits": resource.getrlimit(resource.RLIMIT_FSIZE)[1] != 0,
        "uid": os.getuid() == 0,
        "capabilities": any(sets),
        "no_new_privs": libc.prctl(39, 0, 0, 0, 0) == 0,
        "landlock": can(os.listdir, "/"),
    }
    return [name for name in found if found[name]]
"""
#: For a layer, those that have to be away too, so that it alone stops what it stops. Landlock asks for no new
#: privileges; a root who becomes nobody has no capabilities left, and reads no Python in a closed home folder.
ALONE = {"capabilities": ("uid",), "no_new_privs": ("landlock",), "namespaces": ("uid",)}
#: Only the line is put into its place; what else is open stays so.
AWAY = {
    "descriptors": "import os\njail.LAYERS['descriptors'] = lambda cell, terms: os.dup2(terms.line, 3)\n",
    "namespaces": without_namespaces(),
}


def peek(without: Sequence[str], folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What a child finds open where these layers do nothing."""
    change = "".join(AWAY.get(layer) or without_layer(layer) for layer in ("seccomp", *without))
    boot_with(change, folder, monkeypatch)
    with Sandbox() as box, box.open(SMALL) as child:
        child.load(Program({"hw": PEEK}, {"f": ("hw", "f")}, ()))
        (outcome,) = child.run([Call("f")])
        assert isinstance(outcome, Returned), outcome
        return list(outcome.value)


@pytest.mark.parametrize("layer", ["namespaces", *(name for name in LAYERS if name != "seccomp")])
def test_what_a_layer_takes_away_is_there_without_it_and_only_then(
    layer: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Sandbox() as box:
        held = box.isolation.layers
    if layer not in held:  # nobody but root becomes nobody, and some hosts have no namespaces
        return
    if layer == "capabilities" and os.geteuid() != 0 and "user namespace" not in held:  # who has none loses none
        return
    others = [name for name in ALONE.get(layer, ()) if name in held]
    with monkeypatch.context() as patch:
        assert layer not in peek(others, tmp_path, patch)
    with monkeypatch.context() as patch:
        assert layer in peek([*others, layer], tmp_path, patch)


def test_without_no_new_privileges_nothing_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Landlock and the filter ask for it, once the capabilities have gone."""
    boot_with(without_layer("no_new_privs"), tmp_path, monkeypatch)
    with Sandbox() as box, pytest.raises(SandboxError, match="layer 'landlock' can't be set up"):
        run_something(box)
