"""Read the sources out of a .zip or .tar archive, in memory: nothing is written, no link followed.

Archives are hostile input: each member's name, kind, size and compression is looked at before its first byte is
unpacked, and unpacking stops at the caps of `collecting`, whatever sizes the archive claims.
"""

from __future__ import annotations

import io
import stat
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from .collecting import (
    MAX_ARCHIVE,
    MAX_UNPACKED,
    MIB,
    SubmissionFiles,
    is_archive,
    is_passed_over,
    is_possible_source,
    is_source,
    size_in_words,
    size_limit,
    why_refused,
)

if TYPE_CHECKING:
    import tarfile
    import zipfile

_STORED_OR_DEFLATED = (0, 8)  # as zipfile numbers them
MAX_MEMBERS = 20_000  #: entries of one archive
MAX_RATIO = 200  #: unpacked to packed size of one zip member above 1 MiB; source packs 3 to 10 times
MAX_NESTING = 2  #: an archive, and archives in it


class _Refused(Exception):  # noqa: N818 - read aloud, it is the reason
    """Why an archive is not read further."""


class _Member(NamedTuple):
    name: str
    kind: str  #: file, folder or other
    ratio: float
    trouble: str | None
    read: Callable[[int], bytes]  #: at most that many bytes


def collect_archive(label: str, data: bytes, prefix: str, into: SubmissionFiles, nesting: int = 1) -> None:
    """Collect the sources of an archive under `prefix`; whatever is wrong with it becomes a problem, never a crash."""
    if len(data) > MAX_ARCHIVE:
        into.complain(label, f"left out: larger than {size_in_words(MAX_ARCHIVE)}")
        return
    try:
        members = _zip_members(data) if _is_zip(data) else _tar_members(data)
        for number, member in enumerate(members):
            if number >= MAX_MEMBERS:
                raise _Refused(f"it has more than {MAX_MEMBERS} entries")
            _consider(member, prefix, into, nesting)
    except _Refused as reason:
        into.complain(label, f"this archive was not read to its end: {reason}")
    except Exception as error:  # noqa: BLE001 - zipfile and tarfile raise a dozen types on hostile bytes
        into.complain(label, f"this archive is damaged or not an archive: {_first_line(error)}")


def _consider(member: _Member, prefix: str, into: SubmissionFiles, nesting: int) -> None:
    parts = [part for part in member.name.split("/") if part not in ("", ".")]
    reason = why_refused(member.name) or member.trouble
    if member.kind == "folder" or not parts or not is_possible_source(parts[-1]):
        return
    if reason is None and any(map(is_passed_over, parts)):
        return
    if not into.counts(prefix):
        raise _Refused("the submission has too many files")
    path = prefix + "/".join(parts)
    if reason is None and member.kind == "other":
        reason = "it is a link or a device, not a file"
    if reason is None and member.ratio > MAX_RATIO:
        reason = f"it would unpack to {member.ratio:.0f} times its size"
    if reason is not None:
        into.complain(prefix + member.name, f"left out: {reason}")
    elif (is_source(path) or is_archive(path)) and not into.is_twin(path):
        _unpack(member, path, into, nesting)


def _unpack(member: _Member, path: str, into: SubmissionFiles, nesting: int) -> None:
    if is_archive(path) and nesting >= MAX_NESTING:
        into.complain(path, "left out: an archive in an archive in an archive")
        return
    try:
        if into.unpacked > MAX_UNPACKED:
            raise _Refused(f"it unpacks to more than {size_in_words(MAX_UNPACKED)}")
        data = member.read(size_limit(path) + 1)
        into.unpacked += len(data)
    except _Refused:
        raise
    except Exception as error:  # noqa: BLE001 - as above; the other members may be sound
        into.complain(path, f"it can't be unpacked: {_first_line(error)}")
        return
    if is_archive(path):
        collect_archive(path, data, f"{path}/", into, nesting + 1)
    elif into.admits(path, len(data)):
        into.add(path, data)


def _is_zip(data: bytes) -> bool:
    """By content. A tar with a zip at its end looks like a zip to zipfile, which searches from the end."""
    import zipfile  # with tarfile 15 ms, and most submissions are scripts

    is_tar = data[257:262] == b"ustar" or data.startswith((b"\x1f\x8b", b"BZh", b"\xfd7zXZ\0"))
    return not is_tar and zipfile.is_zipfile(io.BytesIO(data))


def _zip_members(data: bytes) -> Iterator[_Member]:
    import zipfile

    # Counted before zipfile builds a record for each: the archive's own count may lie.
    if data.count(b"PK\x01\x02") > MAX_MEMBERS:
        raise _Refused(f"it has more than {MAX_MEMBERS} entries")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for info in archive.infolist():
            name = info.orig_filename.replace("\\", "/")  # as some programs on Windows write folders
            yield _Member(name, _zip_kind(name, info), _ratio(info), _zip_trouble(info), _zip_reader(archive, info))


def _zip_reader(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Callable[[int], bytes]:
    def read(count: int) -> bytes:
        with archive.open(info) as file:
            return file.read(count)

    return read


def _zip_kind(name: str, info: zipfile.ZipInfo) -> str:
    if name.endswith("/"):
        return "folder"
    kind = stat.S_IFMT(info.external_attr >> 16)  # zero where the archive was made on Windows
    return "file" if kind in (0, stat.S_IFREG) else "other"


def _ratio(info: zipfile.ZipInfo) -> float:
    return info.file_size / max(info.compress_size, 1) if info.file_size > MIB else 1.0


def _zip_trouble(info: zipfile.ZipInfo) -> str | None:
    if info.flag_bits & 1:
        return "it is encrypted"
    # zipfile unpacks the others without a bound on the memory for one step.
    if info.compress_type not in _STORED_OR_DEFLATED:
        return "its compression is not one that zip files commonly use"
    return None


def _tar_members(data: bytes) -> Iterator[_Member]:
    import tarfile

    stream = _Bounded(_decompress(data))
    with tarfile.open(fileobj=stream, mode="r|") as archive:
        for info in archive:
            yield _Member(info.name, _tar_kind(info), 1.0, None, _tar_reader(archive, info))


def _tar_reader(archive: tarfile.TarFile, info: tarfile.TarInfo) -> Callable[[int], bytes]:
    def read(count: int) -> bytes:
        file = archive.extractfile(info)
        return b"" if file is None else file.read(count)

    return read


def _tar_kind(info: tarfile.TarInfo) -> str:
    if info.isdir():
        return "folder"
    # A sparse file's claimed size has nothing to do with its bytes; nobody's source is one.
    return "file" if info.isreg() and not info.issparse() else "other"


def _decompress(data: bytes) -> io.BufferedIOBase:
    raw = io.BytesIO(data)
    if data.startswith(b"\x1f\x8b"):
        import gzip  # each of the three seldom needed

        return gzip.GzipFile(fileobj=raw)
    if data.startswith(b"BZh"):
        import bz2

        return bz2.BZ2File(raw)
    if data.startswith(b"\xfd7zXZ\0"):
        import lzma

        return lzma.LZMAFile(raw)
    return raw


class _Bounded(io.RawIOBase):
    """A stream that refuses to go past MAX_UNPACKED bytes."""

    def __init__(self, stream: io.BufferedIOBase) -> None:
        self._stream = stream
        self._left = MAX_UNPACKED
        self._is_over = False

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        if size < 0 or size > self._left:
            raise _Refused(f"it unpacks to more than {size_in_words(MAX_UNPACKED)}")
        data = self._stream.read(size)
        if not data and size and self._is_over:  # tarfile goes on asking, for as long as a header promises
            raise _Refused("it ends in the middle of a file")
        self._is_over = not data
        self._left -= len(data)
        return data


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:200]
