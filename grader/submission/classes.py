"""Whether what lies in a folder is one student's work or a whole class: by which of its parts could each be handed in.

Three siblings that each hold most of the functions, in different words and under names that are no versions of one
another, are three students' work. `old/` beside `new/`, or a notebook beside its export, are one student's.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import NamedTuple

from .paths import parts_of
from .patterns import late

#: So many siblings are a class.
MANY = 3
_DEEPEST = 64
#: What people put into the name of a version or part of what they have already, with its number or day.
_VERSION = late(
    r"(?<![a-z])(?:copy|copie|kopie|copia|old|older|alt|new|newer|neu|backup|bak|orig|original|final|latest|last|first"
    r"|second|third|part|section|question|q|problem|exercise|task|draft|wip|tmp|temp|fixed|fix|working|version|ver|v|attempt|try|versuch|rev|revision)(?![a-z])"
    r"[ _.#-]*\d{0,2}(?!\d)"
    r"|(?<![a-z])(?:solution|submission|submitted|tests?)(?![a-z])"
    r"|\(\d{1,3}\)|20\d\d-?[01]\d-?[0-3]\d(?:[-_ T]?[0-2]\d[-:_]?[0-5]\d(?:[-:_]?[0-5]\d)?)?",
    re.IGNORECASE,
)


class Holding(NamedTuple):
    """What one file of a submission holds."""

    path: str
    names: tuple[str, ...]  #: the required functions that it defines
    text: int  #: the same for files of the same text


class Siblings(NamedTuple):
    """Parts of what was handed in that could each be all of it."""

    folder: str  #: that they lie in
    names: tuple[str, ...]


def find_class(holdings: Iterable[Holding], required: Collection[str], least: int = MANY) -> Siblings | None:
    """The first `least` siblings or more that each hold most of the functions, of all folders; None where none are."""
    children: dict[str, dict[str, list[Holding]]] = {}
    for holding in holdings:
        parts = parts_of(holding.path)
        for depth, part in enumerate(parts[:_DEEPEST]):
            children.setdefault("/".join(parts[:depth]), {}).setdefault(part, []).append(holding)
    for folder in sorted(children, key=lambda each: (each.count("/"), each)):
        whole = {name: mine for name, mine in children[folder].items() if holds_most(mine, required)}
        texts = {frozenset(each.text for each in mine) for mine in whole.values()}
        if len(texts) > 1 and count_people(whole) >= least:
            return Siblings(folder, tuple(whole))
    return None


def holds_most(holdings: Iterable[Holding], required: Collection[str]) -> bool:
    """Whether these files define more than half of the functions."""
    return 2 * len({name for each in holdings for name in each.names} & set(required)) > len(required)


def count_people(names: Iterable[str]) -> int:
    """How many of these names are no version of another one: `hw1.py`, `hw1_old.ipynb` and `hw1 (2).py` are one."""
    cores = sorted({_core(name) for name in names})
    return sum(not any(_goes_on(core, other) for other in cores if other != core) for core in cores)


def _core(name: str) -> str:
    """A name without its suffixes, and without what tells versions apart."""
    stem = re.sub(r"(?:\.tar)?\.[A-Za-z][A-Za-z0-9]{0,5}$", "", name) or name
    return re.sub(r"[\W_]+", " ", _VERSION.sub(" ", stem)).strip().casefold()


def _goes_on(core: str, other: str) -> bool:
    """Whether a name is another one with more words behind it."""
    return core.startswith(f"{other} ") or not core


def describe_class(found: Siblings) -> str:
    """ "ada, bo, cy and 2 more"."""
    first = ", ".join(found.names[:MANY])
    return f"{first} and {len(found.names) - MANY} more" if len(found.names) > MANY else first
