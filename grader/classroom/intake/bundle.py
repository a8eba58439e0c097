"""What one submission holds, as bytes: what is hashed, sent to other machines, and graded."""

from __future__ import annotations

import hashlib
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import islice
from pathlib import PurePosixPath

import msgspec

from grader.classroom.intake.model import StudentSubmission, SubmittedFile
from grader.classroom.intake.trees.model import Tree, is_left_behind, walk
from grader.errors import HarnessError, UsageError
from grader.submission.collecting import FoundFile, Note, SubmissionFiles, Upload

_MOST_NAMED = 3


class Bundle(msgspec.Struct, frozen=True):
    """The files of a submission as they came, and what was wrong on the way to them."""

    files: tuple[tuple[str, bytes], ...]  #: path in the submission, and bytes
    problems: tuple[tuple[str, str], ...]  #: where, and what

    @property
    def is_empty(self) -> bool:
        """Whether nothing was handed in. An empty file is something: it may have been lost."""
        return not self.problems and not self.files

    @property
    def content(self) -> str:
        """The SHA-256 of it all."""
        digest = hashlib.sha256()
        for name, data in (*self.files, *((where, _bytes(said)) for where, said in self.problems)):
            for part in (_bytes(name), data):
                digest.update(len(part).to_bytes(8, "big"))
                digest.update(part)
        return digest.hexdigest()

    def upload(self) -> Upload:
        """What is to be graded. It has no name: whoever hands in the same bytes shares its grade."""
        files = (FoundFile(name, data) for name, data in self.files)
        return Upload("", tuple(files), tuple(Note(where, what) for where, what in self.problems))

    def packed(self) -> bytes:
        """All of it, to rest in a store."""
        files = [(_bytes(name), data) for name, data in self.files]
        return zlib.compress(msgspec.msgpack.encode((files, [(_bytes(a), _bytes(b)) for a, b in self.problems])))


def unpack(data: bytes) -> Bundle:
    """The bundle that was packed."""
    kind = tuple[tuple[tuple[bytes, bytes], ...], tuple[tuple[bytes, bytes], ...]]
    files, problems = msgspec.msgpack.decode(zlib.decompress(data), type=kind)
    named = tuple((_text(name), content) for name, content in files)
    return Bundle(named, tuple((_text(where), _text(what)) for where, what in problems))


def read_bundle(tree: Tree, handed: StudentSubmission) -> Bundle:
    """Read a submission.

    Raises:
        HarnessError: it can't be read, which is no fault of whoever handed it in.
    """
    if not handed.parts and handed.is_only_listed:
        raise HarnessError("it is listed, but the class folder doesn't hold it")
    if handed.undecided:
        return Bundle((), (("the submission", handed.undecided),))
    found = SubmissionFiles()
    for part, name in zip(handed.parts, _part_names(handed.parts), strict=True):
        _collect(tree, part.place, name, found, alone=len(handed.parts) == 1)
    if found.failed:
        raise HarnessError(f"it can't be read: {', '.join(found.failed)}")
    found.report_unsaid()
    problems = found.problems if found.files or found.problems else list(_name_others(tree, handed))
    return Bundle(tuple((file.path, file.data) for file in found.files), tuple(problems))


def _part_names(parts: Sequence[SubmittedFile]) -> list[str]:
    """A name for each part, none twice: where authors gave two the same one, as the class folder calls them."""
    names = [part.name or PurePosixPath(part.place).name for part in parts]
    taken = Counter(map(str.casefold, names))
    return [part.place if taken[name.casefold()] > 1 else name for part, name in zip(parts, names, strict=True)]


def _name_others(tree: Tree, handed: StudentSubmission) -> Iterator[Note]:
    """What was handed in where none of it is code; nothing where nothing was."""
    names = list(islice((name for part in handed.parts for name in _names_in(tree, part)), _MOST_NAMED + 1))
    if names:
        more = ", ..." if len(names) > _MOST_NAMED else ""
        yield Note("the submission", f"no Python and no notebook is in it, but {', '.join(names[:_MOST_NAMED])}{more}")


def _names_in(tree: Tree, part: SubmittedFile) -> Iterator[str]:
    if part.name:
        yield part.name
        return
    with suppress(UsageError):  # more entries than anybody looks at: some of them were named
        yield from (each.path.removeprefix(f"{part.place}/") for each in walk(tree, part.place, is_left_behind))


def _collect(tree: Tree, place: str, name: str, into: SubmissionFiles, alone: bool) -> None:
    """Collect one part; of several, each keeps to a folder of its own."""
    if alone:
        tree.collect(place, name, into)
        return
    part = SubmissionFiles()
    tree.collect(place, name, part)
    prefix = "" if [file.path for file in part.files] == [name] else f"{name}/"
    into.failed += part.failed
    for where, message in part.problems:
        into.complain(prefix + where, message)
    for file in part.files:
        into.take_member(prefix + file.path, file.data)


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogatepass")
