"""Goes into the child beside an attack: system calls by name, whatever Python or libc think of them."""

import ctypes
import os
import platform

_libc = ctypes.CDLL(None, use_errno=True)
_libc.syscall.restype = ctypes.c_long
_COLUMN = 0 if platform.machine() == "x86_64" else 1
#: On x86-64, and in the table that aarch64 shares with other newer machines.
_NUMBERS = {
    "add_key": (248, 217), "adjtimex": (159, 171), "bpf": (321, 280), "capset": (126, 91), "chroot": (161, 51),
    "clock_settime": (227, 112), "clone": (56, 220), "clone3": (435, 435), "creat": (85, None),
    "epoll_create1": (291, 20), "eventfd2": (290, 19), "execveat": (322, 281), "fallocate": (285, 47),
    "fanotify_init": (300, 262), "fsopen": (430, 430), "getpid": (39, 172), "getsockopt": (55, 209),
    "init_module": (175, 105), "inotify_init1": (294, 26), "io_uring_register": (427, 427),
    "io_uring_setup": (425, 425), "iopl": (172, None), "ioprio_set": (251, 30), "kcmp": (312, 272),
    "kexec_load": (246, 104), "keyctl": (250, 219), "kill": (62, 129), "landlock_create_ruleset": (444, 444),
    "migrate_pages": (256, 238), "mlockall": (151, 230), "modify_ldt": (154, None), "mount": (165, 40),
    "mount_setattr": (442, 442), "mq_open": (240, 180), "msgget": (68, 186), "name_to_handle_at": (303, 264),
    "open": (2, None), "open_by_handle_at": (304, 265), "open_tree": (428, 428), "openat2": (437, 437),
    "perf_event_open": (298, 241), "personality": (135, 92), "pidfd_getfd": (438, 438), "pidfd_open": (434, 434),
    "pidfd_send_signal": (424, 424), "pivot_root": (155, 41), "pkey_alloc": (330, 289), "prctl": (157, 167),
    "prlimit64": (302, 261), "process_madvise": (440, 440), "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271), "ptrace": (101, 117), "quotactl": (179, 60), "reboot": (169, 142),
    "recvmsg": (47, 212), "request_key": (249, 218), "rt_sigqueueinfo": (129, 138), "seccomp": (317, 277),
    "semget": (64, 190), "sendmsg": (46, 211), "sendto": (44, 206), "setgroups": (116, 159),
    "sethostname": (170, 161), "setitimer": (38, 103), "setns": (308, 268), "setpgid": (109, 154),
    "setresuid": (117, 147), "setsid": (112, 157), "setsockopt": (54, 208), "setuid": (105, 146), "shmget": (29, 194),
    "shutdown": (48, 210), "signalfd4": (289, 74), "splice": (275, 76), "swapoff": (168, 225), "sync": (162, 81),
    "syslog": (103, 116), "tgkill": (234, 131), "timer_create": (222, 107), "timerfd_create": (283, 85),
    "tkill": (200, 130), "umount2": (166, 39), "unshare": (272, 97), "userfaultfd": (323, 282), "vfork": (58, None),
    "wait4": (61, 260),
}  # fmt: skip


def call_number(number, *args):
    """What the call gives. Raises `OSError`."""
    registers = [ctypes.c_long(arg) if isinstance(arg, int) else arg for arg in args]
    result = _libc.syscall(ctypes.c_long(number), *registers)
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result


def call(name, *args):
    """What the call of this name gives. Raises `OSError`."""
    return call_number(_NUMBERS[name][_COLUMN], *args)
