"""What judging a question finds: whether it passed, else the reason, and everything that may be shown of it."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import cached_property, lru_cache, partial
from typing import Any

import msgspec
import numpy as np

from grader.numeric.agreement import Worst
from grader.verdict import Verdict
from grader.worker.shared.steps import Opaque, OutsideStub, Stub
from grader.worker.shared.tables import Table, is_table

#: Fixed words for the reasons that kinds of checks share; a kind has more of its own. They hold nothing that a
#: submission said and nothing that a check drew, so that they may stand in a student's report of a hidden check.
REASONS: dict[str, str] = {
    "value": "The values differ.",
    "shape": "The result has the wrong shape.",
    "dtype": "The result holds the wrong type of number.",
    "nan": "The result holds NaN (not a number).",
    "infinite": "The result is infinite where it should be finite, or finite where it should be infinite.",
    "type": "The result has the wrong type.",
    "nothing": "The function returned nothing (None): is a return statement missing?",
    "no_answer": "The function returned nothing (None), and printed no answer: return True or False.",
    "printed": "The function returned nothing (None). What it printed is right: return True or False.",
    "parts": "The function should return several results. It returned too few or too many.",
    "entry": "A part of the result is missing.",
    "number": "The result should be one number.",
    "truth": "It answers True where False is right, or False where True is right.",
    "no_truth": "The result is neither true nor false.",
    "expected": "The value is outside the expected range.",
    "raised": "The call raised an exception.",
    "blocked": "The code tried something that is not allowed here.",
    "memory": "The code used more memory than is allowed.",
    "timeout": "The code ran longer than is allowed.",
    "died": "The code ended the process.",
    "output": "The code printed more than is allowed.",
    "protocol": "The code interfered with its answers.",
    "skipped": "Not tested: an earlier step gave no value, or ended the process.",
    "keys": "The keys of the dict are wrong.",
    "text": "The text is wrong.",
    "length": "The list has the wrong length.",
    "both": "The printed answer says both yes and no.",
    "missing": "The function is missing, or it is there, but empty.",
    "values_first": "This check passes, but it counts only where the function's results are right.",
    "others_first": "This check passes, but it counts only where another check passes, too.",
    "index": "The rows have the wrong labels.",
    "columns": "The columns are wrong: their names, or their order.",
    "sparsity": "The sparse matrix stores more entries than it needs.",
    "fault": "Not graded: the grader failed here. No points are taken.",
}

#: Reasons that say nothing of the content: no value came, or one of another form. Hints on content don't fit there.
NO_CONTENT = frozenset(
    {
        *("shape", "dtype", "type", "number", "parts", "entry", "nothing", "no_answer", "printed", "no_truth", "both"),
        *("index", "columns"),
        *("raised", "blocked", "memory", "timeout", "died", "output", "protocol", "skipped"),
        *("missing", "values_first", "others_first", "fault"),
    }
)

_SHOWN_ENTRIES = 60  # of an array
_SHOWN_IN_ALL = 400  # numbers and items of a value
_SHOWN_BITS = 500  # of an integer
_SHOWN_CHARACTERS = 10_000  # of a text in a value


class Block(msgspec.Struct, frozen=True, omit_defaults=True):
    """A named part of a wrong result: whether it is right, and its numbers where a page can draw them."""

    name: str
    is_right: bool
    columns: int = 0  #: of the picture, row by row; 0 where there is none
    expected: tuple[float, ...] = ()
    actual: tuple[float, ...] = ()
    of: int = 0  #: the position of the result that it is a part of, where a function returns several

    @property
    def bare(self) -> Block:
        """The same without its numbers."""
        return Block(self.name, self.is_right, of=self.of)


def describe_blocks(blocks: Iterable[Block]) -> str:
    """Which of them are right: "Right: W1, b1. Not right: W2."; empty for none."""
    found = tuple(blocks)
    said = {word: [each.name for each in found if each.is_right is right] for word, right in _SAID}
    return " ".join(f"{word}: {', '.join(names)}." for word, names in said.items() if names)


_SAID = (("Right", True), ("Not right", False))


class Details(msgspec.Struct, frozen=True, omit_defaults=True):
    """All that is known of one failed question. Students see it for public checks only.

    Arrays are text here, rendered once (8 significant digits, aligned), so that every report shows the same numbers.
    """

    situation: str = ""  #: "different (N=4, Dx=5)" or "case 2"
    inputs: dict[str, str] = {}
    expected: str | None = None
    actual: str | None = None
    worst: Worst | None = None
    raised: str | None = None  #: "IndexError: too many indices"
    where: str | None = None  #: "hw1.py, line 12"; "hw1.ipynb, cell 5, line 3"
    source: str | None = None  #: that line, as the student wrote it
    printed: str | None = None
    note: str | None = None  #: more for eyes that may see hidden things, in one sentence
    argument: str | None = None  #: one that the call changed: `expected` is what it held, `actual` what it holds then
    blocks: tuple[Block, ...] = ()  #: of a result that has named parts: which of them are right
    part: str = ""  #: the part of the result that `expected` and `actual` are of, where there are several
    differs: str = ""  #: how it differs from the right one, in words that don't say the right numbers
    tried: str = ""  #: of a fresh input that is to be answered by True or False: how all that were asked are answered
    right_on: dict[str, str] = {}  #: another such input, on which the answer that is due here is given
    earlier: dict[str, str] = {}  #: what it was called on before, where that hangs together with the answer
    later: dict[str, str] = {}  #: what it was called on afterwards, where that changed the result


class Finding(msgspec.Struct, frozen=True, dict=True):
    """How one question was answered."""

    verdict: Verdict
    reason: str = ""  #: a key of REASONS; empty where it passed
    known: Details = Details()  #: without what is `late`
    exception: str = ""  #: the type's name where the reason is "raised", and the type is Python's or numpy's own
    remark: str = ""  #: something worth saying about an answer that is right
    promised: str = ""  #: what the rubric promises, in a sentence that holds nothing a check drew
    hint: str = ""  #: what to try, in place of the check's own hint
    right_share: float = 0.0  #: of a wrong answer, the share of its parts that are right
    late: dict[str, Callable[[], Any]] = {}  #: what gives fields of Details that are made when they are looked at

    @property
    def passed(self) -> bool:
        """Whether the answer is right."""
        return self.verdict is Verdict.PASSED

    @cached_property
    def details(self) -> Details:
        """All that is known. An array's text takes longer than to judge it, and few are ever looked at."""
        return self.known if not self.late else _with(self.known, {name: make() for name, make in self.late.items()})

    def add(self, **details: Any) -> Finding:
        """The finding with these fields of Details, too; what is callable gives one once it is looked at."""
        late = {name: each for name, each in details.items() if callable(each)}
        kept = {name: each for name, each in self.late.items() if name not in details}
        known = {name: each for name, each in details.items() if name not in late}
        return msgspec.structs.replace(self, known=_with(self.known, known), late={**kept, **late})


def _with(details: Details, changed: dict[str, Any]) -> Details:
    return msgspec.structs.replace(details, **changed)


PASSED = Finding(Verdict.PASSED)


def fail(reason: str, **details: Any) -> Finding:
    """A wrong answer; `details` are fields of Details, or callables that give one once it is looked at."""
    return Finding(Verdict.FAILED, reason).add(**details)


def show_later(value: Any) -> Any:
    """A value's text for a finding's details; of an array, what makes the text."""
    return partial(show_value, value) if isinstance(value, np.ndarray) else show_value(value)


def show_value(value: Any) -> str:
    """A value as text for people: arrays aligned, with 8 significant digits, long ones shortened.

    Bounded in time and length, whatever a submission has answered.
    """
    return _Showing().text(value)


def _fill_in(stub: Stub, data: Mapping[str, str]) -> str:
    """A function with data as its formula, or by its name: "cost sum([1, 2] * x)", "tilt with lean=[1, 2]"."""
    if stub.formula:
        return re.sub(r"\{(\w+)\}", lambda found: data[found[1]], stub.formula)
    said = ", ".join(f"{name}={text}" for name, text in data.items())
    return f"{stub.name} with {said}" if said else stub.name


class _Showing:
    """One value being shown, and how many numbers and items of it may still be."""

    def __init__(self) -> None:
        self._left = _SHOWN_IN_ALL

    def text(self, value: Any) -> str:
        self._left -= 1
        if isinstance(value, np.ndarray):
            return self._array(value)
        if isinstance(value, np.generic):
            return repr(value.item())
        if isinstance(value, Stub):  # before tuples: it is a named one
            return _fill_in(value, {name: self.text(item) for name, item in value.data.items()})
        if isinstance(value, OutsideStub):
            return self.text(value.stub)
        if isinstance(value, Table):
            return self._table(value)
        if is_table(value):
            return str(value)[:_SHOWN_CHARACTERS]
        if isinstance(value, Opaque):
            return f"an object of type {value.type}"
        if isinstance(value, (tuple, list)):
            between = ",\n " if any(isinstance(item, np.ndarray) for item in value) else ", "
            inside = between.join(self._items(value, self.text))
            return f"({inside})" if isinstance(value, tuple) else f"[{inside}]"
        if isinstance(value, dict):
            pairs = self._items(value.items(), lambda pair: f"{self.text(pair[0])}: {self.text(pair[1])}")
            return f"{{{', '.join(pairs)}}}"
        if isinstance(value, (str, bytes)):
            return _cut(repr(value[:_SHOWN_CHARACTERS]), len(value) - _SHOWN_CHARACTERS)
        if isinstance(value, int) and value.bit_length() > _SHOWN_BITS:
            return f"an integer of {value.bit_length():,} bits"
        return repr(value)

    def _table(self, table: Table) -> str:
        parts = table.parts
        if table.form == "sparse matrix":
            where = list(zip(parts["row"].tolist(), parts["column"].tolist(), strict=True))
            return f"a sparse matrix of the shape {parts['shape']}: {self.text(parts['values'])} at {self.text(where)}"
        names = ("values",) if table.form == "Series" else parts["columns"]
        columns = [parts["values"]] if table.form == "Series" else parts["data"]
        said = "; ".join(f"{name}: {self.text(column)}" for name, column in zip(names, columns, strict=True))
        return f"a {table.form}, rows {self.text(list(parts['index']))}; {said}"

    def _items(self, values: Collection[Any], text: Callable[[Any], str]) -> Iterator[str]:
        for count, value in enumerate(values):
            if self._left <= 0:
                yield f"… {len(values) - count:,} more"
                return
            yield text(value)

    def _array(self, array: np.ndarray[Any, Any]) -> str:
        # numpy shortens each side to six entries, which is no help where there are many sides.
        shown = array.size if array.size <= _SHOWN_ENTRIES else math.prod(min(side, 6) for side in array.shape)
        if shown > _SHOWN_IN_ALL:
            first = np.array2string(array.flat[:6], precision=8, separator=", ")
            return f"an array of the shape {array.shape} that begins {first}"
        self._left -= shown
        if not 0 < array.size <= _SHOWN_ENTRIES or array.dtype.hasobject:
            return _text_of_array(array)
        return _text_of_bytes(array.dtype, array.shape, array.tobytes())


def _text_of_array(array: np.ndarray[Any, Any]) -> str:
    return np.array2string(array, precision=8, threshold=_SHOWN_ENTRIES, max_line_width=110, separator=", ")


@lru_cache(1 << 11)  # a class is shown the same truths and inputs again and again
def _text_of_bytes(dtype: np.dtype[Any], shape: tuple[int, ...], data: bytes) -> str:
    return _text_of_array(np.ndarray(shape, dtype, data))


def _cut(text: str, missing: int) -> str:
    return f"{text}… {missing:,} more" if missing > 0 else text
