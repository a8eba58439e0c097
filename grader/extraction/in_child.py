"""All that is done with a submission before any of its code runs: from bytes to the source that is kept.

The jailed child does it, under a clock. What comes out is plain data, as JSON: to those outside it is a claim like any
other, and decides nothing but which of the student's own lines run.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

# In the jail none of the grader's own files can be read: what is seldom needed has to be imported before, too.
from ..submission import archives as archives
from ..submission import notebooks as notebooks
from ..submission.collecting import FoundFile, Upload
from ..submission.reading import Submission, open_upload
from .extract import extract
from .model import FAILED, Extraction, Required, Task
from .python2 import convert


def read_and_slice(asked: Sequence[Any]) -> bytes:
    """Unpack, decode, parse and slice what was handed in: an `Extraction`, or the reason why there is none.

    Where texts are asked for, they are all `SourceFile`s.
    """
    task = Task(*asked)
    try:
        told = _submission(task).files if task.texts else _extraction(task)
        return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
    except MemoryError:
        return FAILED + b"it takes more memory to read than a submission may use"
    except Exception as error:  # noqa: BLE001 - what we didn't think of is a person's affair, and no zero
        said = f"the grader itself failed on it ({type(error).__name__}: {str(error)[:200]})"
        return FAILED + said.encode(errors="replace")


def _submission(task: Task) -> Submission:
    submission = open_upload(Upload(task.name, tuple(FoundFile(*file) for file in task.files)))
    return convert(submission) if task.convert_python2 else submission


def _extraction(task: Task) -> Extraction:
    submission = _submission(task)
    required = [
        Required(name, file, tuple(also), tuple(forbids), *rest) for name, file, also, forbids, *rest in task.required
    ]
    found = extract(submission, required, task.packages, task.old_names)
    return found._replace(
        problems=(*submission.problems, *found.problems), layouts=dict(found.layouts), facts=dict(found.facts)
    )
