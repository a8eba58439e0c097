"""The list of system calls, and the filter that is made of it, decided here by a small interpreter of BPF."""

from __future__ import annotations

import errno
import os
import platform
import re
import struct
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.worker.jail import kernel, seccomp
from grader.worker.jail.seccomp_rules import ALLOWED, RESTRICTED

#: Whoever adds a call says here that they have asked what a hostile submission could do with it: reach another process,
#: make one, open a network, change a file system, or gain memory that nobody counts?
REVIEWED = """
access brk clock_getres clock_gettime clock_nanosleep close dup dup2 dup3 exit exit_group faccessat faccessat2 fcntl
fstat futex getcpu getcwd getdents64 getegid geteuid getgid getgroups getpgrp getpid getppid getrandom getresgid
getresuid getrlimit getrusage gettid gettimeofday getuid ioctl lseek lstat madvise membarrier mmap mprotect mremap
munmap nanosleep newfstatat open openat poll ppoll pread64 prlimit64 pselect6 read readlink readlinkat readv
restart_syscall rseq rt_sigaction rt_sigprocmask rt_sigreturn sched_getaffinity sched_yield select set_robust_list
sigaltstack stat statx sysinfo time times uname write writev
"""

#: What must never be on it, with the numbers on x86-64.
FORBIDDEN = {
    "socket": 41, "connect": 42, "sendto": 44, "sendmsg": 46, "recvmsg": 47, "bind": 49, "socketpair": 53,
    "clone": 56, "fork": 57, "vfork": 58, "execve": 59, "kill": 62, "rename": 82, "mkdir": 83, "unlink": 87,
    "symlink": 88, "chmod": 90, "chown": 92, "ptrace": 101, "setuid": 105, "pivot_root": 155, "prctl": 157,
    "setrlimit": 160, "mount": 165, "umount2": 166, "tkill": 200, "sched_setaffinity": 203, "tgkill": 234,
    "keyctl": 250, "unshare": 272, "process_vm_readv": 310, "kcmp": 312, "seccomp": 317, "memfd_create": 319,
    "bpf": 321, "execveat": 322, "userfaultfd": 323, "io_uring_setup": 425, "pidfd_send_signal": 424,
    "pidfd_getfd": 438, "open_by_handle_at": 304, "setns": 308, "shmget": 29, "mlock": 149, "pipe": 22, "pipe2": 293,
    "eventfd2": 290, "setpriority": 141, "landlock_restrict_self": 446, "open_tree": 428, "move_mount": 429,
    "pkey_alloc": 330, "perf_event_open": 298, "inotify_init1": 294, "quotactl": 179, "swapon": 167, "reboot": 169,
}  # fmt: skip


def decide(program: bytes, data: bytes) -> int:
    """What the kernel would answer for this `struct seccomp_data`."""
    loaded, at = 0, 0
    while True:
        code, if_true, if_false, value = map(int, struct.unpack_from("<HBBI", program, 8 * at))
        at += 1
        if code == 0x20:
            (loaded,) = struct.unpack_from("<I", data, value)
        elif code == 0x15:
            at += if_true if loaded == value else if_false
        elif code == 0x35:
            at += if_true if loaded >= value else if_false
        else:
            assert code == 0x06
            return value


ALLOW, KILL, EPERM, ENOSYS = 0x7FFF0000, 0x80000000, 0x50000 | errno.EPERM, 0x50000 | errno.ENOSYS


@pytest.fixture(params=["x86_64", "aarch64"])
def machine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Both tables can be read anywhere; only one of them can be run."""
    monkeypatch.setattr(platform, "machine", lambda: request.param)
    kernel.machine.cache_clear()
    yield request.param
    kernel.machine.cache_clear()


def asked(number: int, *args: int, machine: str = "x86_64", audit: int | None = None) -> int:
    audit = kernel.MACHINES[machine].audit if audit is None else audit
    padded = (*args, 0, 0, 0, 0, 0, 0)[:6]
    return decide(seccomp.program(), struct.pack("<IIQ6Q", number, audit, 0, *padded))


def test_the_list_does_not_grow_unreviewed() -> None:
    assert {call.name for call in (*ALLOWED, *RESTRICTED)} == set(REVIEWED.split())


def test_every_call_has_a_reason_and_stands_once() -> None:
    assert all(call.reason for call in (*ALLOWED, *RESTRICTED))
    names = [call.name for call in (*ALLOWED, *RESTRICTED)]
    assert len(names) == len(set(names))


def test_the_numbers_are_the_kernels(machine: str) -> None:
    """Against the kernel's own headers, kept here as far as they concern the list."""
    column = {"x86_64": 0, "aarch64": 1}[machine]
    known = {}
    for line in (Path(__file__).parent / "syscalls.txt").read_text().splitlines():
        name, *numbers = line.split()
        known[name] = None if numbers[column] == "-" else int(numbers[column])
    used = {call.name: (call.x86_64, call.aarch64)[column] for call in (*ALLOWED, *RESTRICTED)}
    used |= {name: numbers[column] for name, numbers in kernel._BUILDING.items()}
    assert used == {name: known[name] for name in used}


def test_this_machines_headers_agree_with_the_kept_ones() -> None:
    headers = Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h"), Path("/usr/include/asm/unistd_64.h")
    defined: dict[str, str] = {}
    for header in filter(Path.exists, headers):
        defined |= dict(re.findall(r"#define __NR_(\w+)\s+(\d+)", header.read_text()))
    for line in (Path(__file__).parent / "syscalls.txt").read_text().splitlines():
        name, number, _ = line.split()
        assert defined.get(name, number) == number or number == "-"


def test_the_listed_calls_are_allowed_and_all_others_refused(machine: str) -> None:
    column = {"x86_64": 0, "aarch64": 1}[machine]
    listed = {(call.x86_64, call.aarch64)[column] for call in ALLOWED}
    for number in range(1000):
        expected = ALLOW if number in listed else EPERM if number != 435 else ENOSYS
        checked = {(call.x86_64, call.aarch64)[column]: call for call in RESTRICTED}.get(number)
        if checked is None:
            assert asked(number, machine=machine) == expected, number


@pytest.mark.parametrize("name", FORBIDDEN)
def test_it_is_refused(name: str) -> None:
    assert asked(FORBIDDEN[name]) == EPERM


@pytest.mark.parametrize("number", [0, 41, 59, 10_000, 0xFFFFFFFF])
@pytest.mark.parametrize("audit", [0x40000003, 0xC00000B7, 0])
def test_a_foreign_abi_ends_the_process(number: int, audit: int) -> None:
    assert asked(number, audit=audit) == KILL


@pytest.mark.parametrize("number", [0x40000000, 0x40000000 + 520, 0xFFFFFFFF])
def test_x32_ends_the_process(number: int) -> None:
    assert asked(number) == KILL


@given(st.integers(0, (1 << 64) - 1))
def test_of_ioctl_and_fcntl_only_listed_commands_pass(command: int) -> None:
    assert (asked(16, 0, command) == ALLOW) == (command in (0x5401, 0x5450, 0x5451))
    assert (asked(72, 0, command) == ALLOW) == (command in (0, 1, 2, 3, 1030))


@pytest.mark.parametrize("command", [0x5412, 0x5401, 0x5450, 0x5451, 0x541C, 1 << 32 | 0x5401])
def test_typing_into_a_terminal_is_refused(command: int) -> None:
    assert (asked(16, 0, command) == ALLOW) == (command in (0x5401, 0x5450, 0x5451))


@pytest.mark.parametrize("command", [4, 8, 10, 1024, 1031, 1033])
def test_signals_by_descriptors_and_pipe_sizes_are_refused(command: int) -> None:
    assert asked(72, 0, command) == EPERM


@given(st.integers(0, (1 << 64) - 1))
def test_of_clocks_only_those_of_time_and_of_this_process_can_be_read(clock: int) -> None:
    for number in (228, 229, 230):
        assert (asked(number, clock) == ALLOW) == (clock in (0, 1, 2, 3, 4, 5, 6, 7, 11))


@pytest.mark.parametrize("pid", [1, 2, os.getpid(), 1 << 22], ids=["first", "second", "ours", "last"])
def test_no_other_processs_clock_can_be_read(pid: int) -> None:
    for kind in (0, 1, 2, 6):  # include/linux/posix-timers.h: what is counted, and whether of a thread
        clock = (~pid << 3) | kind
        assert asked(228, clock & 0xFFFFFFFF) == asked(228, clock & ((1 << 64) - 1)) == EPERM


def test_limits_can_be_read_and_not_set() -> None:
    assert asked(302, 0, 7, 0, 1234) == ALLOW
    assert asked(302, 0, 7, 1234, 0) == EPERM
    assert asked(302, 0, 7, 1 << 40, 0) == EPERM
    assert asked(302, os.getpid(), 7, 0, 1234) == EPERM


def test_a_machine_without_a_table_has_no_jail(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "machine", lambda: "riscv64")
    kernel.machine.cache_clear()
    with pytest.raises(OSError, match="riscv64"):
        seccomp.program()
    kernel.machine.cache_clear()
