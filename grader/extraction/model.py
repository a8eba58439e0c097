"""What is asked of a child that slices a submission, and what it tells: records alone, which both sides know."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

from ..submission.classes import Holding
from ..submission.collecting import Note

#: How the reason begins where nothing could be told; no JSON begins so.
FAILED = b"!"
#: The same where the fault is ours, and not the submission's.
FAULT = b"?"
#: How it is said which of several files was chosen, and what is said of a function of which there is no trace.
CHOSEN = "graded: the one in "
NOT_DEFINED = "isn't defined in what was handed in."


class Task(NamedTuple):
    """What is asked. It travels as a tuple of plain values."""

    name: str
    files: Sequence[Sequence[Any]]  #: path and bytes
    required: Sequence[Sequence[Any]]  #: the fields of a `Required`
    packages: Sequence[str]  #: what the code may import
    old_names: Mapping[str, str]  #: names that numpy has taken out, and what each is now
    convert_python2: bool = False
    texts: bool = False  #: whether all of the source text is asked for, and nothing is to be sliced
    data: bool = False  #: whether the data files are asked for, path and bytes, and nothing else
    rounds: Sequence[Sequence[Sequence[Any]]] = ()  #: repairs that are made before, one after the other: their `Edit`s
    repairs: Sequence[Sequence[Any]] = ()  #: where repairs are asked for, and nothing is to be sliced: each a `Wanted`
    sorts: Sequence[str] = ()  #: of these repairs
    shipped: Sequence[str] = ()  #: names of data files that the code finds though nobody handed them in
    changed: str = ""  #: the function of which small changes are asked for
    followed: Sequence[str] = ()  #: where flows are asked for, and nothing is to be sliced: the functions


class Required(NamedTuple):
    """A function that the rubric names, or a method of a class ("KMeans.fit").

    `file` is a module's stem, "q1_softmax", or a file's name, "q1_softmax.py"; `also` are other names that it may have,
    and `forbids` what the rubric would like it to do without.
    """

    name: str
    file: str | None = None
    also: tuple[str, ...] = ()
    forbids: tuple[str, ...] = ()
    is_variable: bool = False  #: no function: what the name is bound to is asked for

    @property
    def names(self) -> tuple[str, ...]:
        """The names under which it may stand at module level, the usual one first."""
        return (self.name.partition(".")[0], *self.also)


class LineLayout(NamedTuple):
    """Where the lines of a module come from."""

    path: str | None  #: the file's name, where a reader needs it
    starts: tuple[int, ...]  #: the module's line on which each cell begins
    numbers: tuple[int | None, ...]  #: each cell's number in its notebook; None for a script

    def place(self, line: int) -> str:
        """ "hw1.py, line 12" or "cell 5, line 3"."""
        return ", ".join([*self._cell(line), self.lines(line, line)])

    def stretch(self, first: int, last: int) -> str:
        """ "hw1.py, lines 12-15" or "cell 5, line 3"; both lines lie in one cell."""
        return ", ".join([*self._cell(first), self.lines(first, last)])

    def holder(self, line: int) -> str:
        """The file or cell that a line of the module lies in: "hw1.py", "cell 5"; may be empty."""
        return ", ".join(self._cell(line))

    def lines(self, first: int, last: int) -> str:
        """ "line 3" or "lines 3-5" of the script or cell that both lie in."""
        above, below = self.number(first), self.number(last)
        return f"line {above}" if above == below else f"lines {above}-{below}"

    def cell_of(self, line: int) -> int:
        """The position, from 0, of the cell that a line of the module lies in."""
        return max(bisect_right(self.starts, line) - 1, 0)

    def _cell(self, line: int) -> Iterator[str]:
        if self.path is not None:
            yield self.path
        if self.numbers and (number := self.numbers[self.cell_of(line)]) is not None:
            yield f"cell {number}"

    def number(self, line: int) -> int:
        """The number of a line of the module in the script or cell that it lies in."""
        return line - self.starts[self.cell_of(line)] + 1 if self.starts else line


class Use(NamedTuple):
    """A word that a rubric forbids, and a line of the module where the function uses it."""

    word: str
    line: int


class Takes(NamedTuple):
    """With how many positional arguments a function can be called."""

    least: int
    most: int | None  #: None where there is no end
    names: tuple[str, ...] = ()  #: of its positional parameters, in their order

    def first_of(self, signatures: Sequence[Sequence[str]]) -> int:
        """The position of the first signature that has these very names, else as many; 0 where none has."""
        fits = [position for position, passed in enumerate(signatures) if self._is_enough(len(passed))]
        named = (position for position in fits if tuple(signatures[position]) == self.names)
        return next(named, fits[0] if fits else 0)

    def _is_enough(self, count: int) -> bool:
        return self.least <= count and (self.most is None or count <= self.most)


class Names(NamedTuple):
    """Names in and around a function."""

    called: tuple[str, ...]  #: by the function
    made: tuple[str, ...]  #: in the function: bound, or its parameters
    outside: tuple[str, ...]  #: made at the module's top level, by other means than definitions
    read: tuple[str, ...]  #: by the function


class FunctionFacts(NamedTuple):
    """What is told of one function."""

    uses: tuple[Use, ...] = ()
    takes: Takes | None = None
    names: Names | None = None
    lines: tuple[int, int] | None = None  #: of the module: the definition's first and last one
    blanks: tuple[str, ...] = ()  #: variables that are None (or an ellipsis) wherever the function sets them
    has_blocks: bool = True  #: whether a line of it may belong to another block than it does


class LeftOut(NamedTuple):
    """A stretch of the submission that isn't run, and why."""

    where: str  #: "hw1.py, line 12", "cell 3, lines 1-4"
    reason: str


class StatementSkipped(NamedTuple):
    """A top-level statement that ended the process while the file was loaded, and is not run any more."""

    module: str
    number: int  #: among the statements of the module
    line: int
    why: str


class Extraction(NamedTuple):
    """What goes into the child, and what a report says about it."""

    modules: dict[str, str]  #: module name -> source, with what is left out blanked: lines stay where they were
    entries: dict[str, tuple[str, str]]  #: required function -> (module, name in it; "=q1" for a variable)
    missing: dict[str, str]  #: required function that isn't there, or isn't filled in -> a kind sentence why
    remarks: dict[str, tuple[str, ...]]  #: required function -> e.g. which of several definitions is graded
    left_out: tuple[LeftOut, ...]
    problems: tuple[Note, ...]
    layouts: Mapping[str, LineLayout] = MappingProxyType({})  #: module name -> where its lines come from
    excluded: tuple[str, ...] = ()  #: names that graded functions use, and that only statements which aren't run bind
    facts: Mapping[str, FunctionFacts] = MappingProxyType({})  #: required function -> what is told of its source
    unread: tuple[Note, ...] = ()  #: files that may hold the work and can't be read: what was found, and what to do
    too_new: tuple[Note, ...] = ()  #: functions that count, and need a newer Python than the one that grades
    files: int = 0  #: how many gave any source: not those that are left out, or that nobody can read
    sources: str = ""  #: a digest of all source text, by which the same work is known in another archive
    holdings: tuple[Holding, ...] = ()  #: what each file defines, where there are enough files for a class of students
    skipped: tuple[StatementSkipped, ...] = ()  #: statements that are left out of the modules
    reads_files: bool = False  #: whether there are data files that the kept code may read
    signs: tuple[str, ...] = ()  #: sorts of slips of which there may be some, as far as the source as a whole shows it
    upload: tuple[Any, ...] = ()  #: where it does: what a child is asked to get them, a `Task` as plain values

    def place(self, module: str, line: int) -> str:
        """A line of a module as its author knows it: "hw1.py, line 12", "cell 5, line 3"."""
        layout = self.layouts.get(module)
        return f"{module}, line {line}" if layout is None else layout.place(line)
