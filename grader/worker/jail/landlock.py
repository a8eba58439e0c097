"""Files, TCP and signals, denied by the kernel's Landlock, from within and for good.

Landlock only allows: a grant of a folder is a grant of all below it. So a Python's library is granted entry by entry,
without its `site-packages`: an installed grader, its rubrics and references lie there.
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterable

from .kernel import call

# include/uapi/linux/landlock.h
_VERSION_FLAG = 1
_RULE_PATH_BENEATH = 1
_READ_FILE, _READ_DIR = 1 << 2, 1 << 3
_RIGHTS_BY_ABI = {1: 13, 2: 14, 3: 15, 5: 16}  # how many file rights each version knows: refer, truncate, ioctl
_NET_ABI, _SCOPE_ABI = 4, 6


class _Ruleset(ctypes.Structure):
    _fields_ = (("fs", ctypes.c_uint64), ("net", ctypes.c_uint64), ("scoped", ctypes.c_uint64))


class _PathBeneath(ctypes.Structure):
    _pack_ = 1
    _layout_ = "ms"
    _fields_ = (("allowed", ctypes.c_uint64), ("parent", ctypes.c_int32))


def version() -> int:
    """The version that the kernel claims. Raises `OSError` where there is no Landlock."""
    return call("landlock_create_ruleset", None, 0, _VERSION_FLAG)


def ruleset(readable: Iterable[tuple[str, bool]]) -> int:
    """The descriptor of rules that deny everything this kernel can deny, but reading these (path, is a folder)."""
    abi = version()
    rights = max(count for since, count in _RIGHTS_BY_ABI.items() if since <= abi)
    handled = _Ruleset((1 << rights) - 1, 0b11 if abi >= _NET_ABI else 0, 0b11 if abi >= _SCOPE_ABI else 0)
    size = 24 if abi >= _SCOPE_ABI else 16 if abi >= _NET_ABI else 8
    rules = call("landlock_create_ruleset", ctypes.byref(handled), size, 0)
    for path, is_folder in readable:
        _allow(rules, path, _READ_FILE | _READ_DIR if is_folder else _READ_FILE)
    return rules


def _allow(rules: int, path: str, rights: int) -> None:
    try:
        entry = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except FileNotFoundError:
        return  # a dangling link in a library: nothing to grant
    try:
        call("landlock_add_rule", rules, _RULE_PATH_BENEATH, ctypes.byref(_PathBeneath(rights, entry)), 0)
    finally:
        os.close(entry)


def restrict(rules: int) -> None:
    """Put this process under the rules, for good. Needs no_new_privs."""
    call("landlock_restrict_self", rules, 0)
