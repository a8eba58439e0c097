"""Have a child read and slice what was handed in. What comes back is a claim, and is believed for its form only."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec
import numpy as np

from grader.checks.source import Forbidden
from grader.errors import HarnessError
from grader.extraction.model import FAILED, FAULT, Extraction, LeftOut, Required, Task
from grader.limits import CONVERT_SECONDS, READ_SECONDS
from grader.rubric.model import RequiredFunction, Rubric
from grader.sandbox.sandbox import MAX_LINE, JailedChild
from grader.submission.collecting import MAX_FILES, Note, Upload
from grader.worker.shared.numpy_names import missing_from

if TYPE_CHECKING:  # what only wrong submissions need is imported where it is needed
    from grader.extraction.changes.model import Changes
    from grader.extraction.flows.model import Flow
    from grader.extraction.repairs.model import Edit, Repair, Wanted
    from grader.submission.reading import SourceFile

T = TypeVar("T")

#: The edits of each repair.
Rounds = Sequence[Sequence["Edit"]]
MAX_TEXT = 4_000  #: characters of what is said of a submission, each time
_DIGEST = 64  # letters
_MODULE = re.compile(r"\w+(\.\w+)*")
_OLD_NAMES = missing_from(np)


class Unreadable(msgspec.Struct, frozen=True):
    """Why nobody but a person can tell what was handed in."""

    why: str


class BadClaim(ValueError):  # noqa: N818 - it says what was claimed
    """What a child told has not the form of an extraction."""


def required_by(functions: Sequence[RequiredFunction]) -> tuple[Required, ...]:
    """What is looked for, for these functions of a rubric."""
    return tuple(Required(each.name, each.file, each.also, _forbidden(each), each.is_variable) for each in functions)


def _forbidden(function: RequiredFunction) -> tuple[str, ...]:
    asked = [check.specifics for check in function.checks]
    return tuple(dict.fromkeys(word for each in asked if isinstance(each, Forbidden) for word in each.words))


def read_in_child(
    upload: Upload,
    rubric: Rubric,
    child: JailedChild,
    required: Sequence[Required] = (),
    convert_python2: bool = False,
    rounds: Rounds = (),
) -> Extraction | Unreadable:
    """What the required functions need of what was handed in, as a child in which nothing has run yet tells it.

    Args:
        upload: what was handed in.
        rubric: what it is graded by.
        child: it may have ended afterwards.
        required: what is looked for; all functions of the rubric where nothing is given.
        convert_python2: whether a copy in which Python 2 is turned into Python 3 is sliced.
        rounds: repairs that are made before, one after the other.

    Raises:
        HarnessError: reading failed through our own fault.
    """
    wanted = tuple(required) or required_by(rubric.functions)
    shipped = tuple(rubric.files)
    task = Task(
        *(upload.name, upload.files, wanted, rubric.packages, _OLD_NAMES, convert_python2),
        rounds=rounds,
        shipped=shipped,
    )
    told = _ask(child, task)
    if isinstance(told, Unreadable):
        return told
    try:
        found = decode_claim(told, wanted)
    except BadClaim as problem:
        return _forged(problem)
    found = found._replace(upload=tuple(_plain(task._replace(required=(), data=True))) if found.reads_files else ())
    if found.too_new:
        return Unreadable(_said_of(found.too_new))
    if found.files and (found.entries or not found.unread):
        return found
    return Unreadable(_nothing_in(found.unread or (*upload.problems, *found.problems)))


def repairs_in_child(
    upload: Upload,
    rubric: Rubric,
    child: JailedChild,
    wanted: Sequence[Wanted],
    sorts: Sequence[str],
    convert_python2: bool = False,
    rounds: Rounds = (),
) -> tuple[Repair, ...]:
    """The repairs of these sorts that may mend the functions that lost points; none where they can't be told.

    A child in which nothing has run yet tells them. Raises as `read_in_child` does.
    """
    from grader.extraction.repairs.model import MOST_REPAIRS, Repair

    required = required_by(rubric.functions)
    task = Task(upload.name, upload.files, required, rubric.packages, {}, convert_python2)
    told = _ask(child, task._replace(rounds=rounds, repairs=wanted, sorts=sorts))
    if isinstance(told, Unreadable):
        return ()
    try:
        found = _converted(told, tuple[Repair, ...])
    except BadClaim:
        return ()
    return tuple(_cut_repair(each) for each in found[: MOST_REPAIRS * len(sorts)] if each.sort in sorts and each.edits)


def changes_in_child(
    upload: Upload,
    rubric: Rubric,
    child: JailedChild,
    function: str,
    convert_python2: bool = False,
    rounds: Rounds = (),
) -> Changes | None:
    """Small changes of a function that may make it right; None where there are none to be tried.

    A child in which nothing has run yet tells them. Raises as `read_in_child` does.
    """
    from grader.extraction.changes.model import Changes

    task = Task(upload.name, upload.files, required_by(rubric.functions), rubric.packages, _OLD_NAMES, convert_python2)
    told = _ask(child, task._replace(rounds=rounds, changed=function))
    if isinstance(told, Unreadable):
        return None
    try:
        found = _converted(told, Changes | None)  # type: ignore[arg-type]
    except BadClaim:
        return None
    return found


def flows_in_child(
    upload: Upload,
    rubric: Rubric,
    child: JailedChild,
    functions: Sequence[str],
    convert_python2: bool = False,
    rounds: Rounds = (),
) -> dict[str, Flow]:
    """How these functions come to their results, as far as a child can tell it in which nothing has run yet.

    Raises as `read_in_child` does.
    """
    from grader.extraction.flows.model import Flow, is_sound

    task = Task(upload.name, upload.files, required_by(rubric.functions), rubric.packages, _OLD_NAMES, convert_python2)
    told = _ask(child, task._replace(rounds=rounds, followed=functions))
    if isinstance(told, Unreadable):
        return {}
    try:
        found = _converted(told, dict[str, Flow])
    except BadClaim:
        return {}
    return {name: flow for name, flow in found.items() if name in functions and is_sound(flow)}


def _cut_repair(repair: Repair) -> Repair:
    return repair._replace(where=repair.where[:MAX_TEXT], diff=repair.diff[:MAX_TEXT])


def texts_in_child(upload: Upload, child: JailedChild) -> tuple[SourceFile, ...] | Unreadable:
    """All source text of what was handed in, as a child tells it. Raises as `read_in_child` does."""
    from grader.submission.reading import SourceFile

    told = _ask(child, Task(upload.name, upload.files, (), (), {}, texts=True))
    if isinstance(told, Unreadable):
        return told
    try:
        return _converted(told, tuple[SourceFile, ...])
    except BadClaim as problem:
        return _forged(problem)


def _ask(child: JailedChild, task: Task) -> bytes | Unreadable:
    """Raises HarnessError where reading failed through our own fault."""
    told = child.read(_plain(task), CONVERT_SECONDS if task.convert_python2 else READ_SECONDS)
    if not isinstance(told, bytes):
        return Unreadable(told.text)
    if told.startswith(FAULT):
        why = told.removeprefix(FAULT)[:MAX_TEXT].decode(errors="replace")
        raise HarnessError(f"a fault of the grader itself, so this wasn't graded: reading it ended with {why}")
    if told.startswith(FAILED):
        return Unreadable(told.removeprefix(FAILED)[:MAX_TEXT].decode(errors="replace"))
    return told


def _forged(problem: BadClaim) -> Unreadable:
    return Unreadable(f"the code wrote to the grader's own line ({problem})")


def _plain(value: Any) -> Any:
    """Without records, which are no plain values."""
    if isinstance(value, (tuple, list)):
        return [_plain(each) for each in value]
    return value


def decode_claim(told: bytes, required: Sequence[Required]) -> Extraction:
    """What a child told of a submission. Raises `BadClaim` for what no child of ours would tell."""
    found = _converted(told, Extraction)
    if wrong := next(_wrong_in(found, required), ""):
        raise BadClaim(wrong)
    return _cut(found)


def _converted(told: bytes, kind: type[T]) -> T:
    """What is told, as records of the right types. Raises `BadClaim`."""
    try:
        return msgspec.convert(json.loads(told.decode("utf-8", "surrogatepass")), kind)
    except (ValueError, RecursionError, msgspec.ValidationError) as problem:
        raise BadClaim(type(problem).__name__) from None


def _wrong_in(found: Extraction, required: Sequence[Required]) -> Iterator[str]:
    """What of a claim points to nowhere."""
    names = {each.name for each in required}
    roots = {name.partition(".")[0] for name in names}
    if not all(map(_MODULE.fullmatch, found.modules)):
        yield "the name of a module"
    if not found.entries.keys() <= names | roots or any(e[0] not in found.modules for e in found.entries.values()):
        yield "an entry"
    if not found.missing.keys() | found.remarks.keys() | found.facts.keys() <= names:
        yield "a function"
    if names - found.entries.keys() - found.missing.keys():
        yield "a function that is neither there nor missing"
    for layout in found.layouts.values():
        if len(layout.starts) != len(layout.numbers) or list(layout.starts) != sorted(set(layout.starts)):
            yield "a layout"
    if len(found.sources) > _DIGEST:
        yield "a digest"
    if len(found.holdings) > MAX_FILES or any(len(each.path) > MAX_TEXT for each in found.holdings):
        yield "a file"
    if any(not 0 < use.line < MAX_LINE for facts in found.facts.values() for use in facts.uses):
        yield "a line"


def _cut(found: Extraction) -> Extraction:
    """The same, with texts of bounded length."""
    return found._replace(
        missing={name: text[:MAX_TEXT] for name, text in found.missing.items()},
        remarks={name: tuple(text[:MAX_TEXT] for text in texts) for name, texts in found.remarks.items()},
        left_out=tuple(LeftOut(where[:MAX_TEXT], reason[:MAX_TEXT]) for where, reason in found.left_out),
        problems=_cut_notes(found.problems),
        unread=_cut_notes(found.unread),
        too_new=_cut_notes(found.too_new),
    )


def _cut_notes(notes: Sequence[Note]) -> tuple[Note, ...]:
    return tuple(Note(where[:MAX_TEXT], message[:MAX_TEXT]) for where, message in notes)


def _nothing_in(problems: Sequence[Note]) -> str:
    said = _said_of(problems)
    return f"no Python that can be read was found in it{f' ({said})' if said else ''}"[:MAX_TEXT]


def _said_of(problems: Sequence[Note]) -> str:
    return "; ".join(f"{where}: {message}" for where, message in problems[:3])[:MAX_TEXT]
