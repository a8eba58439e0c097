"""What a walk through a folder or an archive has found, and the caps that hold for both.

Everything here is bytes from strangers: what is over a cap, or of a kind that nobody hands in, is named and left out,
and the rest is graded.
"""

from __future__ import annotations

import errno
import os
import re
import stat
import unicodedata
from typing import TYPE_CHECKING, NamedTuple

from .sniffing import BEGINNING, is_binary, may_be_notebook, packing_of

if TYPE_CHECKING:
    from pathlib import Path

KIB, MIB = 1024, 1024 * 1024

#: Bytes of one .py file, or of a notebook's code; a parser needs up to 600 bytes of memory for each.
MAX_SCRIPT = 256 * KIB
MAX_LINES = 10_000  #: lines and semicolons of one file: a statement costs 0.1 ms, and memory, to look at
MAX_NOTEBOOK = 20 * MIB  #: bytes of one .ipynb file, its plots included
MAX_ARCHIVE = 64 * MIB  #: bytes of one archive, packed
MAX_UNPACKED = 128 * MIB  #: bytes that are unpacked from archives, those too that are left out in the end
MAX_TOTAL = 64 * MIB  #: bytes of all sources of a submission together
MAX_OTHERS = 32 * MIB  #: bytes of all files together whose names don't say that they are source
MAX_FILES = 300  #: .py and .ipynb files of a submission; as many others are looked at
MAX_ENTRIES = 200_000  #: files and folders looked at
MAX_DEPTH = 16  #: folders within folders
MAX_NAME = 1024  #: characters of a path within the submission
MAX_PROBLEMS = 50  #: said one by one; the rest is counted

_ARCHIVES = (".zip", ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz")
_DATA = (".npy", ".npz", ".csv", ".tsv", ".txt", ".dat", ".data", ".json", ".pkl", ".pickle", ".mat", ".bin", ".idx")
#: What operating systems and editors leave behind.
_LITTER = frozenset({"thumbs.db", "desktop.ini", "ehthumbs.db", "icon\r"})
#: What they and a repository leave behind where nobody handed in anything. Checkpoints of a notebook are more.
_LEFT_BEHIND = _LITTER | {
    *(".ds_store", "__macosx", ".localized", ".directory", ".trashes", ".fseventsd", ".spotlight-v100"),
    *(".git", ".github", ".gitignore", ".gitattributes", ".gitkeep", ".idea", ".vscode"),
}
_NOT_HANDED_IN = frozenset({"__pycache__", "__MACOSX", "node_modules", "site-packages", "venv", "virtualenv"})


class FoundFile(NamedTuple):
    """One file of the submission: its path with forward slashes, and its bytes. It may be an archive of others."""

    path: str
    data: bytes


class Note(NamedTuple):
    """Something that a reader of the report has to know about the submission as a whole."""

    where: str  #: "hw1.py, line 3", "hw1.ipynb, cell 5", "hw1.zip"
    message: str


class Upload(NamedTuple):
    """What one student handed in, as it came: nothing in it has been unpacked, decoded or parsed."""

    name: str
    files: tuple[FoundFile, ...]
    problems: tuple[Note, ...] = ()


class SubmissionFiles:
    """What has been found so far."""

    def __init__(self) -> None:
        self.files: list[FoundFile] = []
        self.problems: list[Note] = []
        self.failed: list[str] = []  #: places that the system didn't let us read, which is no fault of a submission
        self.entries = 0
        self.unpacked = 0  #: bytes that came out of archives, whatever became of them
        self._unsaid = 0
        self._bytes = 0
        self._sources = 0
        self._other_bytes = 0
        self._others = 0
        self._places: dict[str, int] = {}

    def complain_once(self, where: str, message: str) -> None:
        """Name a problem that many files of one archive share."""
        if Note(where, message) not in self.problems:
            self.complain(where, message)

    def complain(self, where: str, message: str) -> None:
        """Name a problem; past a number that people read, only count it."""
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append(Note(where, message))
        else:
            self._unsaid += 1

    def unreadable(self, where: str, message: str, error: OSError) -> None:
        """Name a place that can't be read. A link, or what is no regular file, is the submission's own doing."""
        self.complain(where, f"{message}: {error.strerror or error}")
        if error.errno is not None and error.errno != errno.ELOOP:
            self.failed.append(f"{where}: {error.strerror}")

    def counts(self, where: str) -> bool:
        """Count one more entry; False when there are too many to go on."""
        self.entries += 1
        if self.entries == MAX_ENTRIES + 1:
            self.complain(where, f"more than {MAX_ENTRIES} files and folders: the rest was not looked at")
        return self.entries <= MAX_ENTRIES

    def has_room(self, path: str) -> bool:
        """Whether a file of that name is looked at at all: after some hundreds of other files, sources alone are."""
        return is_named_as_source(path) or (self._others < MAX_FILES and self._other_bytes < MAX_OTHERS)

    def take(self, path: str, data: bytes, alone: bool = False) -> None:
        """Take a file in, or name the reason why it is left out; of files that aren't named as source, what fits.

        `alone` is for the only file that was handed in, whatever its name.
        """
        if alone or is_named_as_source(path):
            if self.admits(path, data):
                self.add(path, data)
        else:
            self._take_other(path, data)

    def take_member(self, path: str, data: bytes) -> None:
        """Take in one of many files. Of several of one name the last one counts, as when they are unpacked."""
        before, key = len(self.files), _key_of(path)
        self.take(path, data)
        if len(self.files) == before:
            return
        place = self._places.setdefault(key, before)
        if place != before:
            twin = self.files[place].path
            said = f"{twin!r} comes before it, which many systems take for the same file: the last one counts"
            self.complain(path, said)
            self.files[place] = self.files.pop()

    def _take_other(self, path: str, data: bytes) -> None:
        kept = data[:BEGINNING] if is_binary(data) and not is_data(path) else data
        fits = len(kept) <= size_limit(path, data) and self._other_bytes + len(kept) <= MAX_OTHERS
        if self.has_room(path) and fits and data.strip():
            self._others += 1
            self._other_bytes += len(kept)
            self.files.append(FoundFile(path, kept))

    def admits(self, path: str, data: bytes) -> bool:
        """Whether a source file may still come in; names the reason when it may not."""
        size = len(data)
        if self._sources >= MAX_FILES:
            self.complain(path, f"left out: a submission may have {MAX_FILES} files of source")
        elif size > (cap := size_limit(path, data)):
            self.complain(path, f"left out: larger than {size_in_words(cap)}")
        elif self._bytes + size > MAX_TOTAL:
            self.complain(
                path, f"left out: the submission's sources are larger than {size_in_words(MAX_TOTAL)} together"
            )
        else:
            return True
        return False

    def add(self, path: str, data: bytes) -> None:
        """Take in one file that was admitted."""
        self._bytes += len(data)
        self._sources += 1
        self.files.append(FoundFile(path, data))

    def report_unsaid(self) -> None:
        """Say how many problems went unsaid."""
        if self._unsaid:
            self.problems.append(Note("the submission", f"{self._unsaid} more problems of this sort"))


def _key_of(path: str) -> str:
    """The same for all names that some system takes for one."""
    return unicodedata.normalize("NFC", path).casefold()


def size_limit(path: str, beginning: bytes) -> int:
    """The largest size, in bytes, of a file that has this name and begins so."""
    if is_data(path):
        return MAX_OTHERS
    if is_archive(path) or packing_of(beginning):
        return MAX_ARCHIVE
    return MAX_NOTEBOOK if is_notebook_name(path) or may_be_notebook(beginning) else MAX_SCRIPT


def size_in_words(size: int) -> str:
    """A cap in the unit that people say: 262144 is "256 KiB"."""
    return f"{size // MIB} MiB" if size >= MIB else f"{size // KIB} KiB"


def is_source(name: str) -> bool:
    """Whether a file of that name holds Python."""
    return name.casefold().endswith((".py", ".ipynb"))


def is_notebook_name(name: str) -> bool:
    """Whether a file of that name is a notebook."""
    return name.casefold().endswith(".ipynb")


def is_named_as_source(name: str) -> bool:
    """Whether a file of that name is source, or an archive of sources. All others are looked at too, but count less."""
    return is_source(name) or is_archive(name)


def is_archive(name: str) -> bool:
    """Whether a file of that name is an archive that can be read."""
    return name.casefold().endswith(_ARCHIVES)


def is_data(name: str) -> bool:
    """Whether a file of that name is one that code reads: an array, a table, a text."""
    return name.casefold().removesuffix(".gz").endswith(_DATA)


def is_array(name: str) -> bool:
    """Whether a file of that name is data that is packed: a zip of arrays, a compressed table."""
    return is_data(name) and name.casefold().endswith((".npz", ".gz"))


def is_possible_source(name: str) -> bool:
    """Whether a link or device of that name could be meant as source: a folder's name has no suffix."""
    return is_source(name) or is_archive(name) or "." not in name


def is_passed_over(part: str) -> bool:
    """Whether a file or folder of that name is no part of what was handed in: caches, checkpoints, environments."""
    return part.startswith((".", "~$")) or part in _NOT_HANDED_IN or part.casefold() in _LITTER


def is_named_as_left_behind(part: str) -> bool:
    """Whether a file or folder of that name lies in folders into which nobody put anything."""
    return part.casefold() in _LEFT_BEHIND or part.startswith(("._", "~$"))


def relative_name(name: str) -> str:
    """The name of an archive's member without a drive and slashes in front, which unpacking takes off as well."""
    return re.sub(r"\A(?:[A-Za-z]:)?/*", "", name.replace("\\", "/"))


def why_refused(name: str) -> str | None:
    """Why a member of an archive with that relative name is left out, or None for a plain one."""
    parts = name.split("/")
    if "\0" in name:
        return "there is a NUL in its name"
    if ".." in parts:
        return "its name leads out of the archive"
    if len(name) > MAX_NAME or len(parts) > MAX_DEPTH:
        return "its name is too long or lies too deep"
    return None


def read_file(path: Path, name: str) -> bytes:
    """The bytes of a regular file, no more of them than its kind may have, and one. Raises as `read_regular` does."""
    begins = read_regular(path, BEGINNING)
    if len(begins) <= BEGINNING or (is_binary(begins) and not is_archive(name) and not is_data(name)):
        return begins
    return read_regular(path, size_limit(name, begins))


def read_regular(path: Path, cap: int) -> bytes:
    """The bytes of a regular file, at most `cap + 1` of them; opened once, so what is checked is what is read.

    Raises OSError for a link, a device, a pipe, or what may not be read. Never waits for the other end of a pipe.
    """
    # The three flags are missing on Windows, where files are also text by default.
    flags = ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_BINARY")
    opened = os.open(path, os.O_RDONLY | sum(getattr(os, flag, 0) for flag in flags))
    with open(opened, "rb", buffering=0) as file:  # noqa: PTH123 - a descriptor, not a path
        if not stat.S_ISREG(os.fstat(opened).st_mode):
            raise OSError("not a regular file")
        parts = []
        left = cap + 1
        while left > 0 and (part := file.read(min(left, MIB))):
            parts.append(part)
            left -= len(part)
    return b"".join(parts)
