"""Every system call that a child may make, and why. Whatever isn't here fails with EPERM.

None of them reaches another process, makes one, opens a network, changes a file system, or adds memory that the
limit on the address space doesn't count. A change here is a change of the boundary: tests/worker/test_allowed.py
holds the same list, so that it can't grow by the way.
"""

from __future__ import annotations

from typing import NamedTuple


class Allowed(NamedTuple):
    """One call: its numbers on x86-64 and aarch64 (None: it doesn't exist there), and the reason."""

    name: str
    x86_64: int
    aarch64: int | None
    reason: str


_FILES = "imports read source, bytecode and libraries; Landlock decides which"
_STAT = "the import system looks for files before it opens them"
_LINE = "requests come and replies go over descriptor 3; standard files lead nowhere"
_MEMORY = "arrays; RLIMIT_AS counts every mapping"
_SIGNAL = "handlers of this process alone: Python sets some, faulthandler and numpy's error states too"
_LOCK = "locks and scheduling inside this process, in libc and in numpy's libraries"
_TIME = "clocks: they only tell the time, and sleeping is under the wall clock's limit"
_SELF = "asks about this process alone"

ALLOWED = (
    Allowed("read", 0, 63, _LINE),
    Allowed("write", 1, 64, _LINE),
    Allowed("readv", 19, 65, "stdio of musl reads this way"),
    Allowed("writev", 20, 66, "stdio of musl and messages of glibc's abort write this way"),
    Allowed("pread64", 17, 67, "the loader reads the headers of libraries this way"),
    Allowed("lseek", 8, 62, _FILES),
    Allowed("open", 2, None, _FILES),
    Allowed("openat", 257, 56, _FILES),
    Allowed("close", 3, 57, _FILES),
    Allowed("getdents64", 217, 61, "the import system lists the folders that it may read"),
    Allowed("fstat", 5, 80, _STAT),
    Allowed("newfstatat", 262, 79, _STAT),
    Allowed("stat", 4, None, _STAT),
    Allowed("lstat", 6, None, _STAT),
    Allowed("statx", 332, 291, _STAT),
    Allowed("access", 21, None, _STAT),
    Allowed("faccessat", 269, 48, _STAT),
    Allowed("faccessat2", 439, 439, _STAT),
    Allowed("readlink", 89, None, _STAT),
    Allowed("readlinkat", 267, 78, _STAT),
    Allowed("getcwd", 79, 17, "relative names are made absolute"),
    Allowed("dup", 32, 23, "copies of descriptors that are open already; RLIMIT_NOFILE counts them"),
    Allowed("dup2", 33, None, "as dup"),
    Allowed("dup3", 292, 24, "as dup"),
    Allowed("mmap", 9, 222, _MEMORY),
    Allowed("munmap", 11, 215, _MEMORY),
    Allowed("mremap", 25, 216, _MEMORY),
    Allowed("mprotect", 10, 226, "the loader and libffi set pages up; code that is made here is under the same rules"),
    Allowed("madvise", 28, 233, "malloc gives memory back"),
    Allowed("brk", 12, 214, _MEMORY),
    Allowed("rt_sigaction", 13, 134, _SIGNAL),
    Allowed("rt_sigprocmask", 14, 135, _SIGNAL),
    Allowed("rt_sigreturn", 15, 139, _SIGNAL),
    Allowed("sigaltstack", 131, 132, _SIGNAL),
    Allowed("restart_syscall", 219, 128, "the kernel itself resumes an interrupted sleep this way"),
    Allowed("futex", 202, 98, _LOCK),
    Allowed("sched_yield", 24, 124, _LOCK),
    Allowed("sched_getaffinity", 204, 123, "os.cpu_count, and libraries that size their work by it"),
    Allowed("getcpu", 309, 168, _LOCK),
    Allowed("rseq", 334, 293, _LOCK),
    Allowed("set_robust_list", 273, 99, _LOCK),
    Allowed("membarrier", 324, 283, _LOCK),
    Allowed("clock_gettime", 228, 113, _TIME),
    Allowed("clock_getres", 229, 114, _TIME),
    Allowed("clock_nanosleep", 230, 115, _TIME),
    Allowed("nanosleep", 35, 101, _TIME),
    Allowed("gettimeofday", 96, 169, _TIME),
    Allowed("time", 201, None, _TIME),
    Allowed("times", 100, 153, _TIME),
    Allowed("getrusage", 98, 165, _TIME),
    Allowed("getpid", 39, 172, _SELF),
    Allowed("gettid", 186, 178, _SELF),
    Allowed("getppid", 110, 173, _SELF),
    Allowed("getuid", 102, 174, _SELF),
    Allowed("geteuid", 107, 175, _SELF),
    Allowed("getgid", 104, 176, _SELF),
    Allowed("getegid", 108, 177, _SELF),
    Allowed("getresuid", 118, 148, _SELF),
    Allowed("getresgid", 120, 150, _SELF),
    Allowed("getgroups", 115, 158, _SELF),
    Allowed("getpgrp", 111, None, _SELF),
    Allowed("getrlimit", 97, 163, _SELF),
    Allowed("uname", 63, 160, "platform.machine and the like; the host's name is hidden by the namespace"),
    Allowed("sysinfo", 99, 179, "sysconf: how much memory there is"),
    Allowed("getrandom", 318, 278, "random numbers, hash seeds, tempfile's names"),
    Allowed("poll", 7, None, "time.sleep and select on descriptors of its own"),
    Allowed("ppoll", 271, 73, "as poll"),
    Allowed("select", 23, None, "as poll"),
    Allowed("pselect6", 270, 72, "as poll"),
    Allowed("exit", 60, 93, "ending is always allowed"),
    Allowed("exit_group", 231, 94, "ending is always allowed"),
)


class Checked(NamedTuple):
    """A call that is allowed with some arguments only: (which one, from 0; what it may be), all of them."""

    name: str
    x86_64: int
    aarch64: int
    arguments: tuple[tuple[int, tuple[int, ...]], ...]
    reason: str


CHECKED = (
    # F_DUPFD, F_GETFD, F_SETFD, F_GETFL, F_DUPFD_CLOEXEC. F_SETFL (O_ASYNC), F_SETOWN and F_SETSIG send signals.
    Checked("fcntl", 72, 25, ((1, (0, 1, 2, 3, 1030)),), "Python marks descriptors as not inheritable"),
    # TCGETS, FIOCLEX, FIONCLEX. Not TIOCSTI, which types into a terminal.
    Checked("ioctl", 16, 29, ((1, (0x5401, 0x5451, 0x5450)),), "open() asks whether a file is a terminal"),
    # This process (0), and no new limit: it only asks.
    Checked("prlimit64", 302, 261, ((0, (0,)), (2, (0,))), "resource.getrlimit, and libc's size of the stack"),
)

#: Fails with ENOSYS, so that libc falls back to the older call (which is denied too) and says "can't start new thread".
CLONE3 = (435, 435)
