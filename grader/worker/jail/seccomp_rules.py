"""Every system call that a child may make, and why. Whatever isn't here fails with EPERM.

None of them reaches another process, makes one, opens a network, changes a file system, or adds memory that the
limit on the address space doesn't count. A change here is a change of the boundary: tests/worker/test_seccomp_rules.py
holds the same list, so that it can't grow by the way.
"""

from __future__ import annotations

from typing import NamedTuple


class AllowedCall(NamedTuple):
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
    AllowedCall("read", 0, 63, _LINE),
    AllowedCall("write", 1, 64, _LINE),
    AllowedCall("readv", 19, 65, "stdio of musl reads this way"),
    AllowedCall("writev", 20, 66, "stdio of musl and messages of glibc's abort write this way"),
    AllowedCall("pread64", 17, 67, "the loader reads the headers of libraries this way"),
    AllowedCall("lseek", 8, 62, _FILES),
    AllowedCall("open", 2, None, _FILES),
    AllowedCall("openat", 257, 56, _FILES),
    AllowedCall("close", 3, 57, _FILES),
    AllowedCall("getdents64", 217, 61, "the import system lists the folders that it may read"),
    AllowedCall("fstat", 5, 80, _STAT),
    AllowedCall("newfstatat", 262, 79, _STAT),
    AllowedCall("stat", 4, None, _STAT),
    AllowedCall("lstat", 6, None, _STAT),
    AllowedCall("statx", 332, 291, _STAT),
    AllowedCall("access", 21, None, _STAT),
    AllowedCall("faccessat", 269, 48, _STAT),
    AllowedCall("faccessat2", 439, 439, _STAT),
    AllowedCall("readlink", 89, None, _STAT),
    AllowedCall("readlinkat", 267, 78, _STAT),
    AllowedCall("getcwd", 79, 17, "relative names are made absolute"),
    AllowedCall("dup", 32, 23, "copies of descriptors that are open already; RLIMIT_NOFILE counts them"),
    AllowedCall("dup2", 33, None, "as dup"),
    AllowedCall("dup3", 292, 24, "as dup"),
    AllowedCall("mmap", 9, 222, _MEMORY),
    AllowedCall("munmap", 11, 215, _MEMORY),
    AllowedCall("mremap", 25, 216, _MEMORY),
    AllowedCall(
        "mprotect", 10, 226, "the loader and libffi set pages up; code that is made here is under the same rules"
    ),
    AllowedCall("madvise", 28, 233, "malloc gives memory back"),
    AllowedCall("brk", 12, 214, _MEMORY),
    AllowedCall("rt_sigaction", 13, 134, _SIGNAL),
    AllowedCall("rt_sigprocmask", 14, 135, _SIGNAL),
    AllowedCall("rt_sigreturn", 15, 139, _SIGNAL),
    AllowedCall("sigaltstack", 131, 132, _SIGNAL),
    AllowedCall("restart_syscall", 219, 128, "the kernel itself resumes an interrupted sleep this way"),
    AllowedCall("futex", 202, 98, _LOCK),
    AllowedCall("sched_yield", 24, 124, _LOCK),
    AllowedCall("sched_getaffinity", 204, 123, "os.cpu_count, and libraries that size their work by it"),
    AllowedCall("getcpu", 309, 168, _LOCK),
    AllowedCall("rseq", 334, 293, _LOCK),
    AllowedCall("set_robust_list", 273, 99, _LOCK),
    AllowedCall("membarrier", 324, 283, _LOCK),
    AllowedCall("nanosleep", 35, 101, _TIME),
    AllowedCall("gettimeofday", 96, 169, _TIME),
    AllowedCall("time", 201, None, _TIME),
    AllowedCall("times", 100, 153, _TIME),
    AllowedCall("getrusage", 98, 165, _TIME),
    AllowedCall("getpid", 39, 172, _SELF),
    AllowedCall("gettid", 186, 178, _SELF),
    AllowedCall("getppid", 110, 173, _SELF),
    AllowedCall("getuid", 102, 174, _SELF),
    AllowedCall("geteuid", 107, 175, _SELF),
    AllowedCall("getgid", 104, 176, _SELF),
    AllowedCall("getegid", 108, 177, _SELF),
    AllowedCall("getresuid", 118, 148, _SELF),
    AllowedCall("getresgid", 120, 150, _SELF),
    AllowedCall("getgroups", 115, 158, _SELF),
    AllowedCall("getpgrp", 111, None, _SELF),
    AllowedCall("getrlimit", 97, 163, _SELF),
    AllowedCall("uname", 63, 160, "platform.machine and the like; the host's name is hidden by the namespace"),
    AllowedCall("sysinfo", 99, 179, "sysconf: how much memory there is"),
    AllowedCall("getrandom", 318, 278, "random numbers, hash seeds, tempfile's names"),
    AllowedCall("poll", 7, None, "time.sleep and select on descriptors of its own"),
    AllowedCall("ppoll", 271, 73, "as poll"),
    AllowedCall("select", 23, None, "as poll"),
    AllowedCall("pselect6", 270, 72, "as poll"),
    AllowedCall("exit", 60, 93, "ending is always allowed"),
    AllowedCall("exit_group", 231, 94, "ending is always allowed"),
)


class RestrictedCall(NamedTuple):
    """A call that is allowed with some arguments only: (which one, from 0; what it may be), all of them."""

    name: str
    x86_64: int
    aarch64: int
    arguments: tuple[tuple[int, tuple[int, ...]], ...]
    reason: str


#: The clocks of time itself, of this process and of this thread: CLOCK_REALTIME to CLOCK_BOOTTIME, and CLOCK_TAI. The
#: clock of any other process is a negative number: it tells that the process is there, and how busy it is.
_OWN_CLOCKS = ((0, (0, 1, 2, 3, 4, 5, 6, 7, 11)),)

RESTRICTED = (
    RestrictedCall("clock_gettime", 228, 113, _OWN_CLOCKS, _TIME),
    RestrictedCall("clock_getres", 229, 114, _OWN_CLOCKS, _TIME),
    RestrictedCall("clock_nanosleep", 230, 115, _OWN_CLOCKS, _TIME),
    # F_DUPFD, F_GETFD, F_SETFD, F_GETFL, F_DUPFD_CLOEXEC. F_SETFL (O_ASYNC), F_SETOWN and F_SETSIG send signals.
    RestrictedCall("fcntl", 72, 25, ((1, (0, 1, 2, 3, 1030)),), "Python marks descriptors as not inheritable"),
    # TCGETS, FIOCLEX, FIONCLEX. Not TIOCSTI, which types into a terminal.
    RestrictedCall("ioctl", 16, 29, ((1, (0x5401, 0x5451, 0x5450)),), "open() asks whether a file is a terminal"),
    # This process (0), and no new limit: it only asks.
    RestrictedCall("prlimit64", 302, 261, ((0, (0,)), (2, (0,))), "resource.getrlimit, and libc's size of the stack"),
)

#: Fails with ENOSYS, so that libc falls back to the older call (which is denied too) and says "can't start new thread".
CLONE3 = (435, 435)
