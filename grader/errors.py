"""What can go wrong on our side of the house, and the exit code that each fault ends in.

GradeError
├── UsageError              2   wrong options, no such file, nothing to grade
├── AssignmentError         3   the rubric or its reference is broken
│   ├── RubricError             every problem of a rubric at once, each with file, line and column
│   └── BrokenReference         the reference doesn't import, or lacks a function
└── HarnessError            4   our own fault: what it touches is not graded, never a zero
    └── SandboxError            no jail, so nothing runs
        └── NoSandboxError      none ever starts on this machine, so nobody can be graded

A fault of a submission is no exception here: what could be read is graded, the rest awaits a person, and the report
says what happened.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar, NamedTuple

#: The shell's code for a program that Ctrl-C ended.
INTERRUPTED = 130


class GradeError(Exception):
    """A fault that ends a run with one clear message: what was found, where, and what to do."""

    exit_code: ClassVar[int] = 4


class UsageError(GradeError):
    """The call itself can't be carried out."""

    exit_code = 2


class AssignmentError(GradeError):
    """The instructor's own files are broken."""

    exit_code = 3


class Flaw(NamedTuple):
    """One problem of a rubric or another YAML file, with its address. Lines and columns count from 1."""

    file: str
    line: int
    column: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.message}"


def listed(what: str, flaws: Sequence[Flaw]) -> str:
    """All problems of a file in one message, a line each."""
    count = "1 problem" if len(flaws) == 1 else f"{len(flaws)} problems"
    return "\n".join([f"{what} has {count}:", *(f"  {flaw}" for flaw in flaws)])


class RubricError(AssignmentError):
    """A rubric with one or more flaws; all of them are in `flaws`."""

    def __init__(self, flaws: Sequence[Flaw]) -> None:
        self.flaws = tuple(flaws)
        super().__init__(listed("the rubric", self.flaws))


class BrokenReference(AssignmentError):  # noqa: N818 - reads as what it is
    """The reference can't be imported, or lacks what the rubric names."""


class HarnessError(GradeError):
    """A fault of the grader: what it touches is not graded."""


class SandboxError(HarnessError):
    """The jail is missing or broken; no student code has run."""


class NoSandboxError(SandboxError):
    """No sandbox starts here at all, so nobody can be graded."""


def did_you_mean(word: str, allowed: Iterable[str]) -> str:
    """ "; did you mean 'points'?" where one of `allowed` is close to `word`, else ""."""
    import difflib  # seldom needed, and a cold start pays for each file

    found = difflib.get_close_matches(word, list(allowed), n=1)
    return f"; did you mean {found[0]!r}?" if found else ""
