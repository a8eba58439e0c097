"""What one submission holds, as bytes: what is hashed, sent to other machines, and graded."""

from __future__ import annotations

import hashlib
import zlib

import msgspec

from grader.classroom.intake.model import StudentSubmission
from grader.classroom.intake.tree import Tree
from grader.errors import HarnessError
from grader.submission.collecting import FoundFile, Note, SubmissionFiles, Upload

NO_FILES = "nothing to grade in it: no .py and no .ipynb file"


class Bundle(msgspec.Struct, frozen=True):
    """The files of a submission as they came, and what was wrong on the way to them."""

    files: tuple[tuple[str, bytes], ...]  #: path in the submission, and bytes
    problems: tuple[tuple[str, str], ...]  #: where, and what

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
    if not handed.parts and not handed.remarks:
        raise HarnessError("it is listed, but the class folder doesn't hold it")
    found = SubmissionFiles()
    for part in handed.parts:
        _collect(tree, part.place, part.name or handed.id, found, alone=len(handed.parts) == 1)
    if found.failed:
        raise HarnessError(f"it can't be read: {', '.join(found.failed)}")
    found.report_unsaid()
    problems = found.problems if found.files or found.problems else [Note("the submission", NO_FILES)]
    return Bundle(tuple((file.path, file.data) for file in found.files), tuple(problems))


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
        if not into.is_twin(prefix + file.path):
            into.take(prefix + file.path, file.data)


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogatepass")
