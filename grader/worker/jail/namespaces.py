"""A world of its own for the zygote: no other process, no network, no file but the view's, and no way to write.

Where the process has CAP_SYS_ADMIN (root outside containers) it takes the namespaces at once; anybody else gets the
right to them from a user namespace of their own. Hosts that allow neither leave the other layers standing.

The root is a small tmpfs. Into it go read-only bind mounts of the view's folders, at their own paths, so that a Python
under somebody's closed home can be read by a child that is nobody. The process that is pid 1 in there is the zygote.
"""

from __future__ import annotations

import ctypes
import os
from typing import NamedTuple

from . import privileges
from .kernel import call, check_result, libc
from .view import ReadableFiles, packages_in

# include/uapi/linux/sched.h, mount.h, fcntl.h
_NEW_USER = 0x10000000
_NEW_PID = 0x20000000
_NEW_OTHERS = 0x00020000 | 0x02000000 | 0x04000000 | 0x08000000 | 0x40000000  # mnt cgroup uts ipc net
_MS_NOSUID, _MS_NODEV, _MS_REC, _MS_PRIVATE, _MNT_DETACH = 2, 4, 0x4000, 1 << 18, 2
_AT_FDCWD, _AT_RECURSIVE, _OPEN_TREE_CLONE, _MOVE_MOUNT_F_EMPTY_PATH = -100, 0x8000, 1, 4
_ATTRIBUTES = 0x1 | 0x2 | 0x4  # MOUNT_ATTR_RDONLY, _NOSUID, _NODEV

_PLACE = "/tmp"  # where the new root is put together; hidden below it, nothing is lost


class _Piece(NamedTuple):
    """Part of the new root: a detached copy of what is mounted at a place, and what to hide inside it."""

    place: str
    tree: int
    is_folder: bool
    hidden: tuple[str, ...]


def enter(view: ReadableFiles) -> bool:
    """Go into new namespaces, with a root that shows the view. Only pid 1 of the new ones returns.

    True where they came with a user namespace. Raises `OSError` where the host doesn't allow them; the process is then
    where it was, or in namespaces that look like the old ones.
    """
    own_user = _unshare()
    check_result("mount", libc.mount(None, b"/", None, ctypes.c_ulong(_MS_REC | _MS_PRIVATE), None))
    _change_root(view)
    libc.sethostname(b"jail", 4)
    # Last: once it is had, the next fork is its pid 1, and when that ends there can be no other. Hosts that allow the
    # namespaces but no mounts (AppArmor's rule for user namespaces) must still be able to fork children afterwards.
    check_result("unshare", libc.unshare(_NEW_PID))
    _become_first()
    return own_user


def _unshare() -> bool:
    if libc.unshare(_NEW_OTHERS) == 0:
        return False
    uid, gid = os.geteuid(), os.getegid()
    check_result("unshare", libc.unshare(_NEW_USER | _NEW_OTHERS))
    for name, text in (("setgroups", "deny"), ("uid_map", f"{uid} {uid} 1"), ("gid_map", f"{gid} {gid} 1")):
        with open(f"/proc/self/{name}", "w", encoding="ascii") as file:
            file.write(text)
    return True


def _change_root(view: ReadableFiles) -> None:
    """Put the new root together and move into it. The old one can't be reached from there any more."""
    # All copies are taken before the tmpfs covers what may be one of the places. Packages lie in hidden folders of the
    # library, so they come last.
    pieces = [_piece(place) for place in (*sorted({*view.library, *view.shared}), *view.entries)]
    links = {link: os.readlink(link) for link in ("/lib", "/lib64") if os.path.islink(link)}
    _mount_tmpfs(_PLACE)
    for piece in pieces:
        _attach(piece)
    for link, target in links.items():
        if not os.path.lexists(_PLACE + link):
            os.symlink(target, _PLACE + link)
    os.chdir(_PLACE)
    call("pivot_root", b".", b".")
    check_result("umount2", libc.umount2(b".", _MNT_DETACH))
    os.chdir("/")
    attributes = (ctypes.c_uint64 * 4)(_ATTRIBUTES, 0, 0, 0)
    call("mount_setattr", _AT_FDCWD, b"/", _AT_RECURSIVE, ctypes.byref(attributes), ctypes.sizeof(attributes))


def _piece(place: str) -> _Piece:
    tree = call("open_tree", _AT_FDCWD, os.fsencode(place), _OPEN_TREE_CLONE | _AT_RECURSIVE | os.O_CLOEXEC)
    is_folder = os.path.isdir(place)
    return _Piece(place, tree, is_folder, tuple(packages_in(place)) if is_folder else ())


def _attach(piece: _Piece) -> None:
    target = _PLACE + piece.place
    os.makedirs(target if piece.is_folder else os.path.dirname(target), exist_ok=True)
    if not piece.is_folder:
        os.close(os.open(target, os.O_CREAT | os.O_WRONLY, 0o666))
    call("move_mount", piece.tree, b"", _AT_FDCWD, os.fsencode(target), _MOVE_MOUNT_F_EMPTY_PATH)
    os.close(piece.tree)
    for hidden in piece.hidden:
        _mount_tmpfs(_PLACE + hidden)


def _mount_tmpfs(target: str) -> None:
    flags = ctypes.c_ulong(_MS_NOSUID | _MS_NODEV)
    options = b"mode=755,size=1m,nr_inodes=4096"
    check_result("mount", libc.mount(b"tmpfs", os.fsencode(target), b"tmpfs", flags, options))


def _become_first() -> None:
    """Fork: the first process in a new pid namespace is its pid 1, and all in it end with that one."""
    pid = os.fork()
    if pid == 0:
        privileges.die_with_parent(0)  # the parent lies outside the namespace, where pids are 0
        return
    os.closerange(0, 1 << 10)
    _, status = os.waitpid(pid, 0)
    os._exit(abs(os.waitstatus_to_exitcode(status)))
