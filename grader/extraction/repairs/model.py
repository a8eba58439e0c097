"""What a repair is: records alone, which both sides of the wall know."""

from __future__ import annotations

from typing import NamedTuple

#: Of each sort so many repairs are tried: a sum of its lengths that hangs on the text alone.
MOST_REPAIRS = 80


class Wanted(NamedTuple):
    """A required function that lost points, and what is known of how it is called."""

    name: str
    passed: tuple[str, ...] = ()  #: the names of its parameters, in order; empty where nothing is said
    results: int = 1  #: how many results it returns as a tuple


class Edit(NamedTuple):
    """A line of a file in another wording; line 0: a line that is put above all others."""

    file: int
    line: int  #: from 1, all cells of a notebook counted through
    text: str


class Repair(NamedTuple):
    """One repair. Those of one place that differ only in what else follows them are of one group."""

    sort: str
    functions: tuple[str, ...]  #: which it may mend
    where: str
    diff: str
    edits: tuple[Edit, ...]
    group: str
    module: str = ""  #: the module of which only these lines change, where all else that is kept stays as it is
