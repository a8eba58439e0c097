"""What a check in Python draws, compares and shows."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from msgspec.structs import replace

from grader.checks.finding import Finding, fail, show_value
from grader.checks.written.line import Misused
from grader.checks.written.student import Stopped
from grader.errors import did_you_mean
from grader.inputs.draws import DRAWS
from grader.numeric.agreement import DEFAULT_TOLERANCE, Mismatch, compare
from grader.worker.shared.steps import Raised

#: Drawing functions of rubrics that give values.
_VALUES = {name: each for name, each in DRAWS.items() if not each.from_source and each.is_new_each_time}


class CheckDraw:
    """Inputs of a check, all from one seed, and comparisons: the first one that fails ends the check.

    `draw.normal(4, 5)`, `draw.integers(0, 9)` and the other drawing functions of rubrics give values.

    Args:
        generator: from which all of it comes.
    """

    def __init__(self, generator: np.random.Generator) -> None:
        self.generator = generator
        self.shown: dict[str, str] = {}
        self.margins: list[float] = []  #: of each comparison with bounds, how much of what is allowed was used

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name not in _VALUES:
            raise Misused(f"draw.{name}: there is no such thing{did_you_mean(name, [*_VALUES, *_OWN])}")
        return partial(_VALUES[name].function, self.generator)

    def rng(self, seed: int | None = None) -> np.random.Generator:
        """A generator of its own, for a student's function or for the check; a student's gets a copy."""
        return np.random.default_rng(int(self.generator.integers(1 << 62)) if seed is None else seed)

    def counted(self, function: Callable[..., Any]) -> Counted:
        """The function, which counts its calls: `f.calls`; `f.arguments` holds what each of them got."""
        return Counted(function)

    def show(self, **values: Any) -> None:
        """Values that a report shows by these names, where it may show anything of the check."""
        self.shown |= {name: show_value(value) for name, value in values.items()}

    # -- comparisons -------------------------------------------------------------------------------------------

    def close(
        self,
        got: Any,
        want: Any,
        within: float | None = None,
        *,
        tolerance: float | None = None,
        scale: float | None = None,
        hint: str = "",
        what: str = "",
    ) -> None:
        """`got` is `want`: each entry to within `within`, or else by the tolerance of rubrics (1e-5 and a scale).

        Shapes have to be the same, but for a single number as `want`, which speaks of every entry.

        Args:
            hint: what students see where this fails, whatever the check's visibility: it must not give the test away.
            what: what is compared, in words for those who may see it.
        """
        mine = self._numbers(got, hint, what)
        due = np.asarray(want)
        due = np.full(mine.shape, due) if due.ndim == 0 else due
        mismatch = self._within(mine, due, within) if within is not None else _compare(mine, due, tolerance, scale)
        if mismatch is not None:
            note = what if within is None else f"{what} It may be off by at most {within:.6g}.".strip()
            shown = {"expected": show_value(want), "actual": show_value(got), "worst": mismatch.worst, "note": note}
            self._stop(fail(mismatch.reason, **shown), hint)

    def equal(self, got: Any, want: Any, *, hint: str = "", what: str = "") -> None:
        """`got` is `want` exactly: text, None, truths, whole numbers, lists and dicts of them."""
        if not _is_equal(_simple(got), _simple(want)):
            self._stop(fail("value", expected=show_value(want), actual=show_value(got), note=what or None), hint)

    def between(self, got: Any, low: float, high: float, *, hint: str = "", what: str = "") -> None:
        """Every entry of `got` lies between two bounds, which are allowed."""
        mine = self._numbers(got, hint, what)
        self._note_margin(mine - (low + high) / 2, (high - low) / 2)
        if not bool(np.all((mine >= low) & (mine <= high))):
            due = f"between {low:.6g} and {high:.6g}"
            self._stop(fail("expected", expected=due, actual=show_value(got), note=what or None), hint)

    def holds(self, truth: Any, *, hint: str = "", what: str = "") -> None:
        """Something is true, which `what` says in words."""
        if not bool(np.all(truth)):
            self._stop(fail("law", note=what or None), hint)

    def raises(self, kind: type[BaseException] | str, function: Callable[..., Any], *args: Any, **words: Any) -> None:
        """A call of the student's stops with an exception of this name."""
        name = kind if isinstance(kind, str) else kind.__name__
        try:
            value = function(*args, **words)
        except Stopped as stopped:
            raised = stopped.outcome
            if isinstance(raised, Raised) and raised.type == name:
                return
            if not isinstance(raised, Raised):
                raise
            self._stop(
                fail("raised_another", note=f"It should raise {name}.", raised=f"{raised.type}: {raised.text}"), ""
            )
        else:
            self._stop(fail("not_raised", note=f"It should raise {name}.", actual=show_value(value)), "")

    def _within(self, got: Any, want: Any, within: float) -> Mismatch | None:
        if got.shape != want.shape:
            return Mismatch("shape")
        if not np.isfinite(got).all():
            return Mismatch("nan" if np.isnan(got).any() else "infinite")
        off = float(np.max(np.abs(got - want), initial=0.0))
        self._note_margin(got - want, within)
        return Mismatch("value") if off > within else None

    def _note_margin(self, off: Any, allowed: Any) -> None:
        """How much of what is allowed was used: of one number with its sign, of more at their worst entry."""
        if np.size(off) and not np.iscomplexobj(off) and np.ndim(allowed) == 0 and 0 < allowed < np.inf:
            worst = float(np.ravel(off)[0]) if np.size(off) == 1 else float(np.max(np.abs(off)))
            self.margins.append(worst / allowed)

    def _numbers(self, got: Any, hint: str, what: str) -> Any:
        """A student's value as an array of numbers."""
        numbers = isinstance(got, (int, float, complex, np.generic, np.ndarray, list, tuple))
        try:
            array = np.asarray(got) if numbers else np.asarray("")
        except (ValueError, OverflowError):  # rows of different length, or more than an array's number holds
            array = np.asarray("")
        if array.dtype.kind not in "biufc":
            reason = "nothing" if got is None else "type"
            self._stop(
                fail(
                    reason,
                    actual=show_value(got),
                    note=f"{what} It should be a number, or an array of numbers.".strip(),
                ),
                hint,
            )
        return array

    def _stop(self, finding: Finding, hint: str) -> None:
        raise Stopped(replace(finding, hint=hint))


class Counted:
    """A function of ours that counts its calls."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self._function = function
        self.arguments: list[tuple[Any, ...]] = []

    @property
    def calls(self) -> int:
        """How often it was called."""
        return len(self.arguments)

    def __call__(self, *args: Any, **words: Any) -> Any:
        self.arguments.append(args)
        return self._function(*args, **words)


def _compare(got: Any, want: Any, tolerance: float | None, scale: float | None) -> Mismatch | None:
    usual = replace(DEFAULT_TOLERANCE, scale=scale)
    if tolerance is None:
        return compare(got, want, usual)
    return compare(got, want, replace(usual, relative=tolerance, float32=max(tolerance, usual.float32)))


def _simple(value: Any) -> Any:
    """Numbers of numpy as Python's, and arrays as lists, so that only what they hold is compared."""
    if isinstance(value, (np.ndarray, np.generic)):
        return value.tolist()
    if isinstance(value, dict):
        return {key: _simple(item) for key, item in value.items()}
    return [_simple(item) for item in value] if isinstance(value, (list, tuple)) else value


def _is_equal(got: Any, want: Any) -> bool:
    """Whether both are alike; a truth is no number."""
    if isinstance(want, list):
        return isinstance(got, list) and len(got) == len(want) and all(map(_is_equal, got, want))
    if isinstance(want, dict):
        return isinstance(got, dict) and got.keys() == want.keys() and all(_is_equal(got[k], want[k]) for k in want)
    return isinstance(got, bool) is isinstance(want, bool) and bool(got == want)


_OWN = [name for name in vars(CheckDraw) if not name.startswith("_")]
