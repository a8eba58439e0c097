"""Hostile archives: odd names and kinds, entries twice or on top of each other, lying sizes, bombs, damage."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import struct
import tarfile
import warnings
import zipfile
from collections.abc import Callable
from random import Random

from attacks.fuzzing import notebooks, sources
from attacks.fuzzing.sources import Parts, bytearray_damaged

_NAMES = ("hw.py", "hw.py", "HW.py", "a.py", "a/hw.py", "a/a.py", "hw.ipynb", "inner.zip", "inner.tar.gz", "data.npy")
_ODD_NAMES = (
    "/hw.py", "../hw.py", "a/../../hw.py", "C:\\hw.py", "a\\b.py", "a//b.py", "./hw.py", "", "/", ".", "..", ".py",
    "a\0.py", "é.py", "e\u0301.py", "\u202eyp.wh", "con.py", "a" * 300 + ".py", "d/" * 40 + "hw.py", "x" * 2000 + ".py",
    "__MACOSX/hw.py", ".git/hw.py", "__pycache__/hw.py", "a\nb.py", " .py", "hw.py/", "hw.py/b.py", "\udc80.py",
)  # fmt: skip
_SUFFIXES = {
    "zip": (".zip",) * 5 + (".ZIP", ".tar", ".tar.gz"),
    "tar": (".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz", ".zip"),
}
_PACKERS: tuple[Callable[[bytes], bytes], ...] = (
    lambda data: data,
    lambda data: gzip.compress(data, 1),
    bz2.compress,
    lambda data: lzma.compress(data, preset=0),
    lambda data: gzip.compress(gzip.compress(data, 1), 1),
)


def draw(random: Random) -> Parts:
    """An archive alone, or beside a script."""
    kind = random.choice(("zip", "zip", "tar"))
    made = (("hw" + random.choice(_SUFFIXES[kind]), _archive(random, kind, 0)),)
    return made if random.random() < 0.85 else (*made, ("hw.py", sources.text(random).encode(errors="surrogatepass")))


def _archive(random: Random, kind: str, depth: int) -> bytes:
    data = _zip(random, depth) if kind == "zip" else _tar(random, depth)
    return bytearray_damaged(random, data) if random.random() < 0.3 else data


def _name(random: Random) -> str:
    return random.choice(_NAMES if random.random() < 0.75 else _ODD_NAMES)


def _content(random: Random, name: str, depth: int) -> bytes:
    if name.endswith((".zip", ".gz")) and depth < 3:
        return _archive(random, "zip" if name.endswith("zip") else "tar", depth + 1)
    if name.endswith(".ipynb"):
        return notebooks.draw(random)[0][1]
    if random.random() < 0.02:
        return b"#" * random.choice((300_000,) * 9 + (3 << 20,) * 2 + (30 << 20,))
    return sources.text(random).encode(errors="surrogatepass")


# --- zip ---


def _zip(random: Random, depth: int) -> bytes:
    made = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(made, "w") as archive:
        warnings.simplefilter("ignore")  # of names that are there already
        for _ in range(random.choice((0, 1, 2, 3, 6))):
            name = _name(random)
            info = zipfile.ZipInfo("x")
            info.filename = name.encode(errors="replace").decode()
            info.compress_type = random.choice((0, 8, 8, 8, 12, 14))
            info.external_attr = random.choice((0o100644, 0o120777, 0o020666, 0o040755, 0)) << 16
            archive.writestr(info, _content(random, name, depth))
    return lying(random, made.getvalue()) if random.random() < 0.3 else made.getvalue()


#: Bytes of entries that are repeated: where an archive holds others, what lies between two marks may be most of it, and
#: the fuzzer has limits of its own.
_MOST_REPEATED = 16 << 20


def lying(random: Random, data: bytes) -> bytes:
    """With a number in a header that isn't true: flags, method, sizes, offsets, counts."""
    made = bytearray(data)
    for _ in range(random.choice((1, 1, 3))):
        mark = random.choice((b"PK\1\2", b"PK\1\2", b"PK\3\4", b"PK\5\6"))
        at = random.choice([at for at in range(len(made)) if made.startswith(mark, at)] or [0])
        place = at + random.choice((6, 8, 10, 14, 16, 18, 20, 22, 24, 26, 28, 30, 38, 42))
        value = random.choice((0, 1, 0xFFFF, 0xFFFFFFFF, 0x7FFFFFFF, random.getrandbits(32), random.getrandbits(8)))
        made[place : place + 4] = struct.pack("<I", value)
    if random.random() < 0.3:  # the same entry again and again, as in bombs that overlap
        start = bytes(made).find(b"PK\1\2")
        end = max(bytes(made).rfind(b"PK\5\6"), start)
        entries = bytes(made[start:end])
        made[end:end] = entries * min(random.choice((1, 50, 3000)), _MOST_REPEATED // max(1, len(entries)))
    return random.choice((b"", b"", b"junk", b"\0" * 600, b"#!/bin/sh\n")) + bytes(made)


# --- tar ---


def _tar(random: Random, depth: int) -> bytes:
    made = io.BytesIO()
    form = random.choice((tarfile.PAX_FORMAT, tarfile.GNU_FORMAT))
    with tarfile.open(fileobj=made, mode="w", format=form) as archive:
        for _ in range(random.choice((0, 1, 2, 3, 6))):
            name = _name(random)
            info = tarfile.TarInfo(name.encode(errors="replace").decode())
            data = _content(random, name, depth)
            info.size = len(data)
            info.type = random.choice((b"0",) * 8 + (b"1", b"2", b"3", b"5", b"6", b"7", b"S", b"x", b"L", b"?"))
            info.linkname = random.choice(("", "/etc/passwd", "hw.py", "../x"))
            info.pax_headers = random.choice(_PAX) if form == tarfile.PAX_FORMAT else {}
            archive.addfile(info, io.BytesIO(data))
    return random.choice(_PACKERS)(_lying_tar(random, made.getvalue()))


_PAX: tuple[dict[str, str], ...] = (
    {}, {}, {}, {"path": "../x.py"}, {"size": "99999999999999"}, {"size": "-1"}, {"mtime": "nan"}, {"mtime": "x"},
    {"GNU.sparse.map": "0,1,2,3"}, {"GNU.sparse.major": "1", "GNU.sparse.minor": "0"}, {"path": "a" * 5000},
    {"GNU.sparse.size": "x"}, {"hdrcharset": "BINARY"}, {"comment": "\n" * 900},
)  # fmt: skip


def _lying_tar(random: Random, data: bytes) -> bytes:
    """With another size, mode, kind or name in a header, its sum made right again."""
    if random.random() < 0.6 or len(data) < 512:
        return data
    made = bytearray(data)
    at = 512 * random.randrange(len(made) // 512)
    place, size = random.choice(((0, 100), (100, 8), (124, 12), (136, 12), (156, 1), (257, 8), (345, 155)))
    text = random.choice((b"77777777777", b"00000000000", b"-1", b"\x80" + b"\xff" * 11, b"\xff" * 12, b"x", b""))
    made[at + place : at + place + size] = text[:size].ljust(size, b"\0")
    made[at + 148 : at + 156] = b" " * 8
    made[at + 148 : at + 156] = b"%06o\0 " % sum(made[at : at + 512])
    return bytes(made)
