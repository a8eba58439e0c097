"""The leaves of a result: what a check looks at of it, where it lies, and what a reference has to give there."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from grader.checks.question import Question, is_part
from grader.errors import RubricError
from grader.inputs.draws import Case
from grader.rubric.expression import evaluate
from grader.rubric.model import Entry, Result
from grader.worker.shared.tables import Table


class LackingError(LookupError):
    """A result has no such entry: in which way, as a key of REASONS, what is due and what there is."""

    def __init__(self, reason: str, due: str, found: str = "") -> None:
        super().__init__(f"{found} {due}".lstrip())
        self.reason = reason
        self.due = due


def asked_leaves(question: Question) -> tuple[Result, ...]:
    """The results that the check looks at: all, or those that its `part` names."""
    leaves, part = question.function.parts, question.check.measure.part
    if question.check.after is not None:
        return (Result(kind="any"),)
    return leaves if part is None else tuple(leaf for leaf in leaves if is_part(leaf.name, part))


def take(question: Question, leaf: Result, result: Any) -> Any:
    """The leaf of a result.

    Raises:
        LackingError: there is none.
    """
    path = leaf.path if question.pick is None else leaf.path[1:]
    for depth, entry in enumerate(path):
        result = _enter(result, entry, path[:depth] in question.dicts)
    return result


def _enter(value: Any, entry: Entry, in_dict: bool) -> Any:
    if in_dict and not isinstance(value, dict):
        raise LackingError("type", f"Expected: a dict with the keys {', '.join(map(repr, entry.siblings))}.")
    if entry.of == 1 and not isinstance(value, dict) and not entry.name.startswith("["):
        return value  # the one result of a function, with a name
    if isinstance(value, dict):
        if entry.name not in value:
            keys = ", ".join(repr(key) for key in list(value)[:10]) or "none"
            raise LackingError("entry", f"Expected: an entry {entry.name!r}.", f"The keys of the result are: {keys}.")
        return value[entry.name]
    if not isinstance(value, (tuple, list)) or len(value) != entry.of:
        many = isinstance(value, (tuple, list))
        found = f"{len(value)} result{'' if len(value) == 1 else 's'}" if many else f"one {_kind_word(value)}, no tuple"
        due = f"Expected: {entry.of} ({', '.join(entry.siblings)})."
        raise LackingError("parts", due, f"The function returned {found}.")
    return value[entry.index]


def _kind_word(value: Any) -> str:
    return "array" if isinstance(value, np.ndarray) else "None" if value is None else type(value).__name__


def select_part(question: Question, result: Any) -> Any:
    """What the check asks for of a whole result: the one leaf, or all leaves in a tuple.

    Raises:
        LackingError: the result lacks one.
    """
    leaves = asked_leaves(question)
    found = tuple(take(question, leaf, result) for leaf in leaves)
    return found[0] if len(leaves) == 1 else found


# -- what a reference gives ----------------------------------------------------------------------------------------


def select_truth(question: Question, result: Any) -> Any:
    """As `select_part`, of the reference's result.

    Raises:
        RubricError: the result isn't what the rubric says that the function returns.
    """
    question.note_dicts(_find_dicts(question, result))
    try:
        return select_part(question, result)
    except LackingError as error:
        raise _flaw(question, f"{error} Say in returns: what the function returns{_suggest(result)}") from None


def _find_dicts(question: Question, result: Any) -> Iterator[tuple[Entry, ...]]:
    """Where in a result dicts stand, as far as it is what the rubric says."""
    for leaf in asked_leaves(question):
        path, value = leaf.path if question.pick is None else leaf.path[1:], result
        for depth, entry in enumerate(path):
            if isinstance(value, dict):
                yield path[:depth]
            try:
                value = _enter(value, entry, False)
            except LackingError:
                break


def check_truth(question: Question, truth: Any) -> None:
    """Raises RubricError for a truth that nothing can be held against: another kind, empty, NaN."""
    leaves = asked_leaves(question)
    for leaf, value in zip(leaves, (truth,) if len(leaves) == 1 else truth, strict=True):
        if (problem := _problem(leaf, value) or _misfit(question, leaf, value)) is not None:
            of = f", of which {leaf.name} is checked," if leaf.name else ""
            raise _flaw(question, f"the reference's {question.function.name}{of} {problem}")


def _flaw(question: Question, text: str) -> RubricError:
    case = question.situation.label
    where = f" (the check {question.check.title!r}{f', {case}' if case else ''})"
    return RubricError([question.check.place.flaw(text + where)])


def _problem(leaf: Result, value: Any) -> str | None:
    if isinstance(value, Table) and leaf.kind in ("array", "any"):
        entries = value.parts["row" if "row" in value.parts else "index"]
        return None if len(entries) else "gives a table without entries, so nothing could be wrong: draw other inputs"
    if leaf.kind == "truth" and not isinstance(value, (bool, int, float, np.generic, np.ndarray)):
        return f"gives {_described(value)}, and returns: says truth{_suggest(value)}"
    if leaf.kind == "number" and (not is_numeric(value) or np.size(value) != 1):
        return f"gives {_described(value)}, and returns: says number{_suggest(value)}"
    if leaf.kind == "text" and not isinstance(value, str):
        return f"gives {_described(value)}, and returns: says text{_suggest(value)}"
    if leaf.kind == "list" and not isinstance(value, (list, tuple, np.ndarray)):
        return f"gives {_described(value)}, and returns: says each{_suggest(value)}"
    if leaf.kind == "array" and not is_numeric(value):
        return f"gives {_described(value)}, which is no array{_suggest(value)}"
    return _without_meaning(np.asarray(value)) if leaf.kind in ("array", "number") else None


def _misfit(question: Question, leaf: Result, value: Any) -> str | None:
    """Why the blocks of a result aren't all of it."""
    if not leaf.blocks or not is_numeric(value):
        return None
    due = sum(math.prod(shape) for shape in block_shapes(leaf, question.situation))
    there = len(stacked(np.asarray(value), leaf.in_columns))
    what = "columns" if leaf.in_columns else "entries or rows"
    return None if due == there else f"gives {there} {what}, and its blocks are {due} in all"


def block_shapes(leaf: Result, situation: Case) -> list[tuple[int, ...]]:
    """How many entries of a flat result, rows or columns of another one, each of its blocks has; or in which shape."""
    sizes = (evaluate(size.tree, situation.names) for size in leaf.blocks.values())
    return [tuple(map(int, np.atleast_1d(size))) for size in sizes]


def stacked(array: np.ndarray[Any, Any], in_columns: bool = False) -> np.ndarray[Any, Any]:
    """A result along the axis on which its blocks stand: one that is a vector in any form, flat."""
    if array.ndim < 2 or max(array.shape) == array.size:
        return array.ravel()
    return array.T if in_columns else array


def _without_meaning(array: np.ndarray[Any, Any]) -> str | None:
    """Why nothing can be held against these numbers."""
    if not array.size:
        return "gives an empty array, so nothing could be wrong: draw other inputs"
    if array.dtype.kind not in "fc":
        return None
    if np.isnan(array).any():
        return "gives NaN, which is never right: draw other inputs, or say expect:"
    return (
        "gives infinities only: say expect: and allow: [inf], or draw other inputs" if np.isinf(array).all() else None
    )


def is_numeric(value: Any) -> bool:
    """Whether a value is numbers: an array, a scalar, or lists of them with rows of one length."""
    if isinstance(value, np.ndarray):
        return value.dtype.kind in "biufc"
    if isinstance(value, (list, tuple)):
        return _is_numeric_list(value)
    return isinstance(value, (bool, int, float, complex, np.generic)) and np.asarray(value).dtype.kind in "biufc"


def _is_numeric_list(value: Sequence[Any]) -> bool:
    if not all(map(is_numeric, value)):
        return False
    try:
        return np.asarray(value).dtype.kind in "biufc"
    except ValueError:  # rows of different length
        return False


def _described(value: Any) -> str:
    if value is None:
        return "None"
    words: dict[type, str] = {dict: "a dict", list: "a list", tuple: "several results", str: "text"}
    return words.get(type(value), f"an object of type {type(value).__name__}")


def _suggest(value: Any) -> str:
    """What to write for a result like this one."""
    if isinstance(value, np.ndarray) and value.dtype.kind not in "biufc":
        return f"; an array of {value.dtype} isn't compared: return numbers"
    if value is None:
        return "; for a function that works in place write returns: none, and say after: in its checks"
    written = _written(value)
    if written is None:
        return "; only numbers, text, lists, tuples and dicts are compared: say in call: what to look at"
    return f"; write returns: {written}"


def _written(value: Any) -> str | None:
    """The result as `returns` says it; None where it can't."""
    if isinstance(value, str):
        return "text"
    if isinstance(value, dict):
        inner = [(key, _written(item)) for key, item in value.items()]
        told = ", ".join(f"{key}: {text}" for key, text in inner)
        return f"{{{told}}}" if all(text and isinstance(key, str) for key, text in inner) else "any"
    if isinstance(value, tuple):
        items = [_written(item) for item in value]
        return f"[{', '.join(filter(None, items))}]" if all(items) else None
    if isinstance(value, list) and not (is_numeric(value) and value):
        return f"{{each: {_written(value[0]) if value else 'number'}}}"
    if is_numeric(value):
        return "number" if np.ndim(value) == 0 else "array"
    return "none" if value is None else None
