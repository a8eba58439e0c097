"""Read the sources out of a .zip or .tar archive, in memory: nothing is written, no link followed.

Archives are hostile input: each member's name, kind, size and compression is looked at before its first byte is
unpacked, and unpacking stops at the caps of `collecting`, whatever sizes the archive claims.
"""

from __future__ import annotations

import io
import stat
from collections.abc import Callable, Iterator
from functools import partial
from typing import IO, TYPE_CHECKING, NamedTuple

from .collecting import (
    MAX_ARCHIVE,
    MAX_NOTEBOOK,
    MAX_UNPACKED,
    MIB,
    SubmissionFiles,
    is_archive,
    is_array,
    is_data,
    is_named_as_source,
    is_passed_over,
    is_possible_source,
    relative_name,
    size_in_words,
    size_limit,
    why_refused,
)
from .decoding import decode_source
from .sniffing import BEGINNING, describe_bytes, is_binary, is_python, may_be_notebook, packing_of

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
    open: Callable[[], IO[bytes]]


def unfold(path: str, data: bytes, prefix: str, into: SubmissionFiles, nesting: int = 1, alone: bool = False) -> None:
    """Collect a file, or what is packed in it under `prefix`, whatever its name says.

    What is wrong becomes a problem, never a crash.
    """
    packing = "" if is_array(path) else packing_of(data)
    if not packing and is_archive(path) and not _is_other(data):
        packing = "tar"  # of an old kind perhaps, without a mark of its own
    if packing:
        before, problems = len(into.files), len(into.problems)
        _unfold_packed(path, data, packing, prefix, into, nesting)
        if len(into.files) == before and not alone and not is_named_as_source(path):
            del into.problems[problems:]  # data, which isn't asked for
    elif nesting == 1:
        into.take(path, data, alone)
    else:
        into.take_member(path, data)


def _unfold_packed(path: str, data: bytes, packing: str, prefix: str, into: SubmissionFiles, nesting: int) -> None:
    before, problems = len(into.files), len(into.problems)
    if nesting > MAX_NESTING:
        into.complain(path, "left out: an archive in an archive in an archive")
    elif len(data) > MAX_ARCHIVE:
        into.complain(path, f"left out: larger than {size_in_words(MAX_ARCHIVE)}")
    elif into.unpacked > MAX_UNPACKED:
        into.complain(path, f"left out: the submission unpacks to more than {size_in_words(MAX_UNPACKED)}")
    elif packing in ("gzip", "bzip2", "xz") and (single := _packed_alone(data)) is not None:
        into.unpacked += len(single)
        inner = path if path.casefold().endswith((".py", ".ipynb")) else path.rpartition(".")[0] or path
        unfold(inner, single, prefix, into, nesting + 1)
    else:
        _collect_members(path, data, packing, prefix, into, nesting)
    if (len(into.files), len(into.problems)) == (before, problems):
        into.complain(path, "there is no file with anything in it in this archive")
    elif len(into.files) > before and not is_archive(path):
        into.complain(path, f"it is packed ({packing}): it was unpacked")


def _is_other(data: bytes) -> bool:
    """Whether a file that is called an archive is something that can be told without unpacking it."""
    if describe_bytes(data) or may_be_notebook(data):
        return True
    return not is_binary(data) and is_python(decode_source(data).text or "")


def _packed_alone(data: bytes) -> bytes | None:
    """The bytes of a file that was compressed alone; None for a tar, and for what is damaged or too large."""
    try:
        with _decompress(data) as file:
            begins = file.read(BEGINNING)
            if packing_of(begins) == "tar" or (is_binary(begins) and not packing_of(begins)):
                return None
            found = begins + file.read(MAX_NOTEBOOK)
    except Exception:  # noqa: BLE001 - the three modules raise half a dozen types on hostile bytes
        return None
    return found if len(found) <= MAX_NOTEBOOK else None


def _collect_members(label: str, data: bytes, packing: str, prefix: str, into: SubmissionFiles, nesting: int) -> None:
    try:
        members = _zip_members(data) if packing == "zip" else _tar_members(data)
        for number, member in enumerate(members):
            if number >= MAX_MEMBERS:
                raise _Refused(f"it has more than {MAX_MEMBERS} entries")
            _consider(member, label, prefix, into, nesting)
    except _Refused as reason:
        into.complain(label, f"this archive was not read to its end: {reason}")
    except Exception as error:  # noqa: BLE001 - zipfile and tarfile raise a dozen types on hostile bytes
        into.complain(label, f"this archive is damaged or not an archive: {_first_line(error)}")


def _consider(member: _Member, label: str, prefix: str, into: SubmissionFiles, nesting: int) -> None:
    name = relative_name(member.name)
    parts = [part for part in name.split("/") if part not in ("", ".")]
    reason = why_refused(name) or member.trouble
    if member.kind == "folder" or not parts or (reason is None and any(map(is_passed_over, parts))):
        return
    if not into.counts(prefix):
        raise _Refused("the submission has too many files")
    path = prefix + "/".join(parts)
    if reason is None and member.kind == "other":
        reason = "it is a link or a device, not a file"
    if reason is None and member.ratio > MAX_RATIO:
        reason = f"it would unpack to {member.ratio:.0f} times its size"
    if reason is not None:
        if is_possible_source(parts[-1]):
            into.complain(prefix + member.name, f"left out: {reason}")
        return
    if name != member.name.replace("\\", "/"):
        into.complain_once(label, "names in this archive are absolute: they were read without what makes them so")
    if into.has_room(path):
        _unpack(member, path, into, nesting)


def _unpack(member: _Member, path: str, into: SubmissionFiles, nesting: int) -> None:
    try:
        if into.unpacked > MAX_UNPACKED:
            raise _Refused(f"it unpacks to more than {size_in_words(MAX_UNPACKED)}")
        data = _read(member, path)
        into.unpacked += len(data)
    except _Refused:
        raise
    except Exception as error:  # noqa: BLE001 - as above; the other members may be sound
        if is_named_as_source(path):
            into.complain(path, f"it can't be unpacked: {_first_line(error)}")
        return
    unfold(path, data, f"{path}/", into, nesting + 1)


def _read(member: _Member, path: str) -> bytes:
    """The bytes of a member, no more of them than its kind may have, and one."""
    with member.open() as file:
        begins = file.read(BEGINNING)
        if is_binary(begins) and not is_archive(path) and not is_data(path):
            return begins
        return begins + file.read(max(size_limit(path, begins) + 1 - len(begins), 0))


def _zip_members(data: bytes) -> Iterator[_Member]:
    import zipfile

    # Counted before zipfile builds a record for each: the archive's own count may lie.
    if data.count(b"PK\x01\x02") > MAX_MEMBERS:
        raise _Refused(f"it has more than {MAX_MEMBERS} entries")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        # Sources first: what lies beside them can't use up what they may have.
        for info in sorted(archive.infolist(), key=lambda info: not is_named_as_source(info.orig_filename)):
            name = info.orig_filename.replace("\\", "/")  # as some programs on Windows write folders
            yield _Member(name, _zip_kind(name, info), _ratio(info), _zip_trouble(info), partial(archive.open, info))


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
            yield _Member(info.name, _tar_kind(info), 1.0, None, partial(_open_in_tar, archive, info))


def _open_in_tar(archive: tarfile.TarFile, info: tarfile.TarInfo) -> IO[bytes]:
    return archive.extractfile(info) or io.BytesIO()


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
