"""System calls: those of `seccomp_rules.py`, in the processor's own ABI, and no others.

The filter is a classic BPF program over `struct seccomp_data`: number at 0, architecture at 4, arguments from 16 on,
8 bytes each. It is built once in the zygote; every child only hands it to the kernel.
"""

from __future__ import annotations

import ctypes
import errno
import struct
from typing import Any

from .kernel import call, machine
from .seccomp_rules import ALLOWED, CLONE3, RESTRICTED, RestrictedCall

# include/uapi/linux/seccomp.h, bpf_common.h
_SET_MODE_FILTER = 1
_KILL, _ERRNO, _ALLOW = 0x80000000, 0x00050000, 0x7FFF0000
_LOAD, _IF_EQUAL, _IF_AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16
_X32 = 0x40000000

_Instruction = bytes


def _do(code: int, value: int, if_true: int = 0, if_false: int = 0) -> _Instruction:
    return struct.pack("<HBBI", code, if_true, if_false, value)


def _refuse(number: int) -> _Instruction:
    return _do(_RETURN, _ERRNO | number)


def _when(value: int, answer: _Instruction) -> list[_Instruction]:
    """Give the answer if what was loaded last is `value`."""
    return [_do(_IF_EQUAL, value, 0, 1), answer]


def _when_not(value: int, answer: _Instruction) -> list[_Instruction]:
    return [_do(_IF_EQUAL, value, 1, 0), answer]


def _with_arguments(number: int, checked: RestrictedCall) -> list[_Instruction]:
    """Allow the call if every argument fits, in both halves: the kernel reads some of them as 64 bits."""
    body: list[_Instruction] = []
    for argument, values in checked.arguments:
        low = _ARGUMENTS + 8 * argument
        body += [_do(_LOAD, low + 4), *_when_not(0, _refuse(errno.EPERM)), _do(_LOAD, low)]
        # Each value that fits jumps over the rest of the list and the refusal behind it.
        body += [_do(_IF_EQUAL, value, len(values) - position, 0) for position, value in enumerate(values)]
        body.append(_refuse(errno.EPERM))
    body.append(_do(_RETURN, _ALLOW))
    return [_do(_IF_EQUAL, number, 0, len(body)), *body]


def program() -> bytes:
    """The filter for this machine. Raises `OSError` for a machine without a table."""
    here = machine()
    kill = _do(_RETURN, _KILL)
    code = [_do(_LOAD, _ARCHITECTURE), *_when_not(here.audit, kill), _do(_LOAD, _NUMBER)]
    if here.x32:
        code += [_do(_IF_AT_LEAST, _X32, 0, 1), kill]
    for allowed in ALLOWED:
        number = (allowed.x86_64, allowed.aarch64)[here.column]
        if number is not None:
            code += _when(number, _do(_RETURN, _ALLOW))
    for checked in RESTRICTED:
        code += _with_arguments((checked.x86_64, checked.aarch64)[here.column], checked)
    code += [*_when(CLONE3[here.column], _refuse(errno.ENOSYS)), _refuse(errno.EPERM)]
    return b"".join(code)


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


def install(filter_: bytes) -> None:
    """Put this process under the filter, for good. Needs no_new_privs."""
    described: Any = _Program(len(filter_) // 8, filter_)
    call("seccomp", _SET_MODE_FILTER, 0, ctypes.byref(described))
