"""All that is done with a submission before any of its code runs: from bytes to the source that is kept.

The jailed child does it, under a clock. What comes out is plain data, as JSON: to those outside it is a claim like any
other, and decides nothing but which of the student's own lines run.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

# In the jail none of the grader's own files can be read: what is seldom needed has to be imported before, too.
from ..submission import archives as archives
from ..submission import notebooks as notebooks
from ..submission.collecting import FoundFile, Note, SubmissionFiles, Upload, is_data, size_in_words
from ..submission.data import data_files_in
from ..submission.reading import Submission, decode_upload, unpack_upload
from ..worker.shared.messages import SLICED_BYTES
from ..worker.shared.requests import encode_request
from .changes.listing import list_changes
from .extract import extract
from .flows.listing import list_flows
from .model import FAILED, FAULT, Extraction, Required, Task
from .python2 import convert
from .repairs.listing import apply_edits, list_repairs
from .repairs.model import Edit, Repair, Wanted

#: A file that is opened by its name, and what follows: a mode, perhaps.
_OPENS = re.compile(
    r"""\b(?:open|load|loadtxt|genfromtxt|fromfile|Path)\s{0,9}\(\s{0,9}r?(['"])([^'"\n]{1,200})\1([^)\n]{0,40})"""
)
_WRITES = re.compile(r"['\"][rb+t]*[wax+]")
#: One of these words stands in it; a text without any is known sooner.
_OPENING = ("open", "load", "genfromtxt", "fromfile", "Path")
#: What code that reads a file says.
_READS = re.compile(r"\b(?:open|load|(?:im)?read|genfromtxt|fromfile|l?exists|isfile|memmap|run_path|spec_from_file)")
_SCRIPT = re.compile(r"\.py['\"]")  #: a script is opened by its name
_AS_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_TOO_MUCH = f"what there is to tell of it is more than {size_in_words(SLICED_BYTES)}: too much to read"


def read_and_slice(asked: Sequence[Any]) -> bytes:
    """Unpack, decode, parse and slice what was handed in: an `Extraction`, or the reason why there is none.

    Where texts are asked for, they are all `SourceFile`s. A reason begins with FAILED where it lies in what was handed
    in or at a limit, and with FAULT where it is ours.
    """
    task = Task(*asked)
    if task.data:
        return encode_request([(file.path, file.data) for file in data_files_in(unpack_upload(_upload(task)))])
    try:
        told = _told(task)
        written = _AS_JSON.encode(told).encode("utf-8", "surrogatepass")
        return written if len(written) <= SLICED_BYTES else FAILED + _TOO_MUCH.encode()
    except MemoryError:
        return FAILED + b"it takes more memory to read than a submission may use"
    except Exception as error:  # noqa: BLE001 - what we didn't think of is no fault of whoever handed it in
        return FAULT + f"{type(error).__name__}: {str(error)[:200]}".encode(errors="replace")


def _told(task: Task) -> Any:
    if task.texts:
        return _submission(task, unpack_upload(_upload(task))).files
    if task.changed:
        found = _extraction(task)
        return list_changes(found.modules, found.entries, task.changed)
    if task.followed:
        found = _extraction(task)
        return list_flows(found.modules, found.entries, task.followed)
    return _repairs(task) if task.repairs else _extraction(task)


def _repairs(task: Task) -> tuple[Repair, ...]:
    """What is tried for functions that lost points."""
    wanted = [Wanted(name, tuple(passed), results) for name, passed, results in task.repairs]
    submission = _submission(task, unpack_upload(_upload(task)))
    return list_repairs(submission, _required(task), task.packages, wanted, task.sorts)


def _required(task: Task) -> list[Required]:
    return [
        Required(name, file, tuple(also), tuple(forbids), *rest) for name, file, also, forbids, *rest in task.required
    ]


def _upload(task: Task) -> Upload:
    return Upload(task.name, tuple(FoundFile(*file) for file in task.files))


def _submission(task: Task, unpacked: SubmissionFiles) -> Submission:
    submission = decode_upload(_upload(task), unpacked)
    submission = convert(submission) if task.convert_python2 else submission
    for edits in task.rounds:
        submission = apply_edits(submission, [Edit(*each) for each in edits])
    return submission


def _extraction(task: Task) -> Extraction:
    unpacked = unpack_upload(_upload(task))  # once: it costs the most
    submission = _submission(task, unpacked)
    found = extract(submission, _required(task), task.packages, task.old_names, task.convert_python2)
    texts = found.modules.values()
    data = data_files_in(unpacked)
    if not any(map(_SCRIPT.search, texts)):
        data = [file for file in data if is_data(file.path)]
    if not (data and any(map(_READS.search, texts))):
        data = ()
    return found._replace(
        reads_files=bool(data),
        problems=(
            *submission.problems,
            *found.problems,
            *_missing_files(found, (*task.shipped, *(file.path for file in data))),
        ),
        layouts=dict(found.layouts),
        facts=dict(found.facts),
    )


def _missing_files(found: Extraction, there: Sequence[str]) -> Iterator[Note]:
    """Files of data that the kept code reads by their names, and that aren't there; each is said once."""
    known = set(map(_name_of, there))
    for module, text in found.modules.items():
        for said in _OPENS.finditer(text) if any(word in text for word in _OPENING) else ():
            name = _name_of(said[2])
            if is_data(name) and name not in known and not _WRITES.search(said[3]):
                known.add(name)
                line = text.count("\n", 0, said.start()) + 1
                yield Note(found.place(module, line), f"{name} is read here, and it isn't among what was handed in")


def _name_of(path: str) -> str:
    return path.replace("\\", "/").rpartition("/")[2]
