"""The attacks of `catalogue/`: one file each, which says at its top how it must end.

An attack is a submission with a function `f(world)`; `world` tells it where things are. It returns what it got. If it
has a function `g`, that is called next. Its ends, as a header says them:

    nothing             it came to nothing: a falsy value, or an exception of Python's
    gets it             it got what it wanted, and that harms nobody
    not allowed here…   the jail refused it, in these words
    raises TYPE         an exception of this type
    a plain array       what it returned arrived as numbers, without the class that it had
    opaque              what it returned is no plain value, and arrived as the name of a type
    timeout, memory, output, died, protocol     how its process ended

`A or B` allows both. `ends without namespaces:` says what differs there, and `machine:` where an attack makes sense.
"""

from __future__ import annotations

import platform
import re
from pathlib import Path
from typing import NamedTuple

import numpy as np

from grader.worker.shared.steps import Ended, Opaque, Outcome, Raised, Returned

HERE = Path(__file__).parent
_FOLDER = HERE / "catalogue"

#: What a slip in the attack itself would raise: such an attack proves nothing.
_SLIPS = {"NameError", "AttributeError", "TypeError", "SyntaxError", "KeyError", "ValueError", "IndentationError"}


class Attack(NamedTuple):
    """One file."""

    name: str  #: "secrets/read_the_rubric"
    modules: dict[str, str]
    ends: str
    ends_without_namespaces: str

    @property
    def is_slow(self) -> bool:
        """Whether our own clock ends it, which no layer has a part in."""
        return "timeout" in self.ends

    def may_end(self, ending: str, level: str) -> bool:
        """Whether this is how the attack has to end, at an isolation level."""
        due = self.ends if level == "full" else self.ends_without_namespaces
        return any(_is(one, ending) for one in due.split(" or "))


def attacks() -> list[Attack]:
    """All of those that make sense on this machine, in order."""
    return [attack for path in sorted(_FOLDER.glob("*/*.py")) if (attack := _read(path)) is not None]


def _read(path: Path) -> Attack | None:
    source = path.read_text(encoding="utf-8")
    said = dict(re.findall(r"^(ends|ends without namespaces|machine): (.+)$", source, re.MULTILINE))
    if said.get("machine", platform.machine()) != platform.machine():
        return None
    modules = {"hw": source}
    for helper in ("raw", "line"):
        if re.search(rf"^(from|import) {helper}\b", source, re.MULTILINE):
            modules[helper] = (HERE / "beside" / f"{helper}.py").read_text(encoding="utf-8")
    name = f"{path.parent.name}/{path.stem}"
    ends = str(said["ends"])
    return Attack(name, modules, ends, str(said.get("ends without namespaces", ends)))


def _is(due: str, ending: str) -> bool:
    if due == "nothing":
        refused = ending.startswith(("not allowed here", "raises ")) and ending.removeprefix("raises ") not in _SLIPS
        return ending == "nothing" or refused
    return ending.startswith(due) if due == "not allowed here" else ending == due


def ending_of(outcome: Outcome) -> str:
    """An outcome in the words of the headers."""
    if isinstance(outcome, Ended):
        return outcome.how
    if isinstance(outcome, Raised):
        blocked = outcome.text.startswith("not allowed here")
        return outcome.text.partition(" (")[0] if blocked else f"raises {outcome.type}"
    if isinstance(outcome, Returned) and type(outcome.value) is np.ndarray:
        return "a plain array"
    if isinstance(outcome, Returned):
        return "opaque" if _holds_opaque(outcome.value) else "gets it" if outcome.value else "nothing"
    return f"skipped: {outcome.text}"


def _holds_opaque(value: object) -> bool:
    if isinstance(value, Opaque):
        return True
    return isinstance(value, (list, tuple)) and any(map(_holds_opaque, value))
