"""Files that were handed in beside the code, served from memory: no disk, and for reading only.

`open`, `io.open`, `pathlib`, `os.path.exists` and what numpy reads files with are stood in for, and only in a process
whose submission has such files. All else goes to the system as before, which refuses it.
"""

from __future__ import annotations

import _io
import builtins
import errno
import io
import os
import stat
import sys
from collections.abc import Callable, Iterable
from types import ModuleType
from typing import Any, Self

_FILE, _FOLDER = stat.S_IFREG | 0o444, stat.S_IFDIR | 0o555


class DataFiles:
    """The files by their names as students write them: relative, absolute on their own machine, or from `__file__`."""

    def __init__(self, files: Iterable[tuple[str, bytes]]) -> None:
        self._files = {_plain(path): data for path, data in files}
        self._by_name: dict[str, list[str]] = {}
        for path in self._files:
            self._by_name.setdefault(_last(path), []).append(path)

    def find(self, path: object) -> bytes | None:
        """The bytes of the file that a path means: one of that name, of several the one whose folders agree best."""
        wanted = _text_of(path)
        if not wanted:
            return None
        plain = _plain(wanted)
        if plain in self._files:
            return self._files[plain]
        alike = self._by_name.get(_last(plain), ())
        best = max(alike, key=lambda each: _common_end(each, plain), default=None)
        return None if best is None else self._files[best]

    def may_lie_there(self, path: object) -> bool:
        """Whether a file found by a path isn't one of another folder, where that folder is known too."""
        plain = _plain(_text_of(path))
        folder = plain.rpartition("/")[0]
        return plain in self._files or not folder or not self.names_in(folder)

    def names_in(self, path: object) -> list[str]:
        """The names of files and folders in a folder."""
        wanted = _plain(_text_of(path))
        start = f"{wanted}/" if wanted else ""
        return sorted({each[len(start) :].partition("/")[0] for each in self._files if each.startswith(start)})


def _text_of(path: object) -> str:
    if isinstance(path, (str, bytes, os.PathLike)):
        told = os.fspath(path)
        return told.decode(errors="replace") if isinstance(told, bytes) else str(told)
    return ""


def _plain(path: str) -> str:
    """A path without a drive, slashes in front, and steps that lead nowhere."""
    parts: list[str] = []
    for part in path.replace("\\", "/").split("/"):
        if part == "..":
            del parts[-1:]
        elif part not in ("", ".") and not part.endswith(":"):
            parts.append(part)
    return "/".join(parts)


def _last(path: str) -> str:
    return path.rpartition("/")[2]


def _common_end(path: str, other: str) -> int:
    """How many parts two paths have in common, from the end."""
    pairs = zip(reversed(path.split("/")), reversed(other.split("/")), strict=False)
    return next((count for count, (a, b) in enumerate(pairs) if a != b), path.count("/") + 1)


def serve(files: DataFiles) -> None:
    """Have this process read these files."""
    builtins.open = io.open = _opening(files, io.open)
    # By this one importlib and runpy read code.
    io.open_code = _io.open_code = _opening_code(files, io.open_code)  # type: ignore[assignment]
    os.stat = _asking(files, os.stat)
    os.listdir = _listing(files, os.listdir)
    os.scandir = _scanning(files, os.scandir)
    if "numpy" in sys.modules:
        _serve_numpy(files, sys.modules["numpy"])


def _opening(files: DataFiles, really: Callable[..., Any]) -> Callable[..., Any]:
    def open(  # noqa: A001 - it is that
        file: Any,
        mode: str = "r",
        buffering: int = -1,
        encoding: str | None = None,
        errors: str | None = None,
        newline: str | None = None,
        *more: Any,
        **others: Any,
    ) -> Any:
        data = files.find(file)
        if data is None:
            return really(file, mode, buffering, encoding, errors, newline, *more, **others)
        if not set(mode) <= set("rbtU"):
            raise OSError(errno.EROFS, "what was handed in can only be read", file)
        raw = io.BytesIO(data)
        if "b" in mode:
            return raw
        return io.TextIOWrapper(raw, encoding or "utf-8", errors, newline)

    return open


def _opening_code(files: DataFiles, really: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def open_code(path: Any) -> Any:
        data = files.find(path)
        return really(path) if data is None else io.BytesIO(data)

    return open_code


def _asking(files: DataFiles, really: Callable[..., Any]) -> Callable[..., Any]:
    def ask(path: Any, *args: Any, **kwargs: Any) -> Any:
        data = files.find(path)
        if data is not None and files.may_lie_there(path):
            return os.stat_result((_FILE, 0, 0, 1, 0, 0, len(data), 0, 0, 0))
        try:
            return really(path, *args, **kwargs)
        except OSError:
            if files.names_in(path):
                return os.stat_result((_FOLDER, 0, 0, 1, 0, 0, 0, 0, 0, 0))
            raise

    return ask


def _listing(files: DataFiles, really: Callable[..., Any]) -> Callable[..., Any]:
    def list_folder(path: Any = ".") -> Any:
        return files.names_in(path) or really(path)

    return list_folder


class _Entry:
    """What `os.scandir` tells of a file or folder."""

    def __init__(self, folder: str, name: str, is_file: bool) -> None:
        self.name = name
        self.path = os.path.join(folder, name)  # noqa: PTH118 - as scandir does, for any kind of path
        self._is_file = is_file

    def is_file(self, *, follow_symlinks: bool = True) -> bool:
        return self._is_file

    def is_dir(self, *, follow_symlinks: bool = True) -> bool:
        return not self._is_file

    def is_symlink(self) -> bool:
        return False

    def stat(self, *, follow_symlinks: bool = True) -> os.stat_result:
        return os.stat(self.path)  # noqa: PTH116 - the one that knows these files

    def __fspath__(self) -> str:
        return self.path


class _Entries:
    """An iterator that can be closed, and used in a `with`."""

    def __init__(self, entries: list[_Entry]) -> None:
        self._left = iter(entries)

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> _Entry:
        return next(self._left)

    def close(self) -> None:
        self._left = iter(())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _scanning(files: DataFiles, really: Callable[..., Any]) -> Callable[..., Any]:
    def scan(path: Any = ".") -> Any:
        names = files.names_in(path)
        if not names:
            return really(path)
        folder = _text_of(path)
        whole = _plain(folder)
        return _Entries([_Entry(folder, each, not files.names_in(f"{whole}/{each}")) for each in names])

    return scan


def _serve_numpy(files: DataFiles, numpy: ModuleType) -> None:
    """Give numpy's readers what they would look for on the disk."""

    def in_memory(name: str, as_text: bool) -> None:
        really = getattr(numpy, name)

        def read(file: Any, *args: Any, **kwargs: Any) -> Any:
            data = files.find(file)
            if data is None:
                return really(file, *args, **kwargs)
            kwargs.pop("mmap_mode", None)
            encoding = kwargs.get("encoding")
            text = encoding if isinstance(encoding, str) and encoding != "bytes" else "utf-8"
            return really(io.StringIO(data.decode(text)) if as_text else io.BytesIO(data), *args, **kwargs)

        read.__name__ = read.__qualname__ = name
        read.__doc__ = really.__doc__
        setattr(numpy, name, read)

    for name, as_text in (("load", False), ("loadtxt", True), ("genfromtxt", True)):
        in_memory(name, as_text)
    numpy.fromfile = _from_file(files, numpy, numpy.fromfile)  # type: ignore[attr-defined]


def _from_file(files: DataFiles, numpy: ModuleType, really: Callable[..., Any]) -> Callable[..., Any]:
    def fromfile(file: Any, dtype: Any = float, count: int = -1, sep: str = "", offset: int = 0, **kwargs: Any) -> Any:
        data = file.read() if isinstance(file, io.BytesIO) else files.find(file)
        if data is None:
            return really(file, dtype, count, sep, offset, **kwargs)
        if sep:
            return numpy.fromstring(data.decode(), dtype, count, sep=sep)
        size = numpy.dtype(dtype).itemsize
        whole = (len(data) - offset) // size * size
        return numpy.frombuffer(data[offset : offset + whole], dtype, count).copy()

    return fromfile
