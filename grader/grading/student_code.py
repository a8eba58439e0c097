"""What pages show of the student's own files: the source of what lost points, and which files were handed in."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence

from grader.extraction.model import Extraction
from grader.grading.grades import FunctionGrade, HandedFile, StudentCode
from grader.sandbox.sandbox import MAX_LINE
from grader.submission.collecting import Upload
from grader.verdict import OPEN, Verdict

_MOST_FILES = 20
#: Characters that are kept, of all functions together: no page is longer, and no store grows faster.
_MOST_CODE = 128 << 10


def list_files(submission: Upload) -> tuple[HandedFile, ...]:
    """The first files that were handed in, each with the SHA-256 of its bytes."""
    return tuple(
        HandedFile(file.path, hashlib.sha256(file.data).hexdigest()) for file in submission.files[:_MOST_FILES]
    )


def find_code(extraction: Extraction, functions: Sequence[FunctionGrade]) -> tuple[StudentCode, ...]:
    """The source of each function that lost points and is there."""
    return tuple(_within_limit(_codes(extraction, functions)))


def _codes(extraction: Extraction, functions: Sequence[FunctionGrade]) -> Iterator[StudentCode]:
    for function in functions:
        facts = extraction.facts.get(function.name)
        module, _ = extraction.entries.get(function.name, ("", ""))
        is_lost = function.verdict not in (Verdict.PASSED, Verdict.CARRIED, *OPEN)
        if not is_lost or facts is None or facts.lines is None or module not in extraction.modules:
            continue
        first, last = facts.lines
        if not 0 < first <= last < MAX_LINE:  # the child told them
            continue
        text = "\n".join(extraction.modules[module].split("\n")[first - 1 : last])
        layout = extraction.layouts.get(module)
        place, number = (layout.holder(first), layout.number(first)) if layout else (module, first)
        yield StudentCode(function.name, place, number, text)


def _within_limit(codes: Iterator[StudentCode]) -> Iterator[StudentCode]:
    left = _MOST_CODE
    for code in codes:
        left -= len(code.text)
        if left < 0:
            return
        yield code
