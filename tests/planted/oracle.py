"""Judge the planted variants by the contract alone, without the grader: ``python oracle.py [-v] [word ...]``.

Every variant completes base.py and is called with everything in promised.py, twice. Prints each variant whose
label is not borne out: a right one with any fault at the contract's tolerance, a wrong one without a fault beyond
ten times that. The functions that use a right variant must be right too, at ten times the tolerance: float32 in
a sigmoid can cost input_grad more than 1e-5 where the network is
saturated. ``python oracle.py --manifest`` judges all and writes manifest.yaml.
"""

from __future__ import annotations

import contextlib
import io
import json
import sys
import warnings
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import numpy as np

from assemble import FUNCTIONS, HERE, Variant, source, variants
from promised import Case, cases

TOLERANCE = 1e-5  #: the contract's factor


def copied(args: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(a.copy() if isinstance(a, np.ndarray) else a for a in args)


def same(a: Any, b: Any) -> bool:
    if isinstance(a, tuple | list):
        return len(a) == len(b) and all(same(p, q) for p, q in zip(a, b, strict=True))
    return bool(np.array_equal(np.asarray(a), np.asarray(b), equal_nan=np.asarray(a).dtype.kind == "f"))


def frozen(result: Any) -> Any:
    return [frozen(r) for r in result] if isinstance(result, tuple | list) else np.array(result)


def faults(function: str, solution: dict[str, Any], tolerance: float) -> Iterator[str]:
    """Everything in which this solution's function breaks the contract."""
    call, kept = solution[function], []
    for turn in (1, 2):
        for case in cases(function):
            args = copied(case.args)
            try:
                got = call(*args)
            except BaseException as error:  # noqa: BLE001 (student code may raise anything)
                yield f"{case.label}: raises {error!r}"
                continue
            said = case.accept(got, tolerance)
            if said:
                yield f"{case.label}{' again' if turn == 2 else ''}: {said}"
            near = 1e-9 if function == "gradcheck_naive" else 0.0
            for a, b in zip(case.args, args, strict=True):
                if isinstance(a, np.ndarray) and not (a.shape == b.shape and np.all(np.abs(a - b) <= near)):
                    yield f"{case.label}: changes its argument"
            kept.append((got, frozen(got)))
    half = len(kept) // 2
    for (got, then), (_, later) in zip(kept[:half], kept[half:], strict=False):
        if not same(then, later):
            yield "another answer to the same call"
        if not same(got, then):
            yield "an earlier result changes"
    yield from same_array_again(function, call)


def same_array_again(function: str, call: Callable[..., Any]) -> Iterator[str]:
    """A caller may update its own array in place between two calls, as gradient descent does."""
    if function == "gradcheck_naive":
        return
    by_shape: dict[Any, list[Case]] = {}
    for case in cases(function):
        by_shape.setdefault(str([np.shape(v) for v in case.args]), []).append(case)
    for first, second in [group[:2] for group in by_shape.values() if len(group) > 1]:
        a, b = copied(first.args), copied(second.args)
        with contextlib.suppress(Exception):
            call(*a)
            for old, new in zip(a, b, strict=True):
                if isinstance(old, np.ndarray):
                    old[...] = new
            said = second.accept(call(*a), 1e-4)
            if said:
                yield f"same array with new values: {said}"


def load(variant: Variant) -> dict[str, Any]:
    module = ModuleType("submission")
    sys.modules["submission"] = module
    exec(compile(source(variant), variant.file, "exec"), module.__dict__)
    return module.__dict__


def found(variant: Variant) -> list[str]:
    """The faults that speak for or against the label, at the tolerance that goes with it."""
    own = FUNCTIONS if variant.function == "all" else (variant.function,)
    others = [f for f in FUNCTIONS if variant.right and f not in own]
    said: list[str] = []
    with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        for function in [*own, *others]:
            tolerance = TOLERANCE if variant.right and function in own else 10 * TOLERANCE
            said += [f"{function}: {fault}" for fault in faults(function, load(variant), tolerance)]
    return said


#: Words of a fault -> how it shows, in the order in which the first that fits is taken.
SHOWS = {
    "same array with new values": "same array",
    "an earlier result changes": "earlier result",
    "changes its argument": "argument",
    "another answer": "repetition",
    "raises": "raises",
    "shape": "shape",
    "not finite": "not finite",
    "nan": "not finite",
}


def shows(fault: str) -> str:
    return next((kind for words, kind in SHOWS.items() if words in fault), "value")


def manifest_line(variant: Variant, said: list[str]) -> str:
    entry: dict[str, Any] = {"file": variant.file, "name": variant.name, "function": variant.function}
    entry |= {"right": variant.right, "blind": True, "about": variant.about}
    if not variant.right:
        kinds = {shows(fault) for fault in said}
        entry["shows"] = sorted(kinds - {"same array"} or kinds)
    return f"- {json.dumps(entry, ensure_ascii=False)}\n"


HEAD = """\
# Written by `python oracle.py --manifest`; the words come from the docstrings of the variants.
# blind: written from the contract alone, by someone who had not seen which checks exist.
# shows: in which ways the fault shows on promised inputs. Only "same array" means that a caller has to update
# its own array in place between two calls before the fault can be seen.
"""


def main() -> int:
    words = [word for word in sys.argv[1:] if not word.startswith("-")]
    lines, bad = [HEAD], 0
    for variant in [*variants("right"), *variants("wrong")]:
        if not all(word in f"{variant.file} {variant.name}" for word in words):
            continue
        said = found(variant)
        lines.append(manifest_line(variant, said))
        borne_out = variant.right != bool(said)
        bad += not borne_out
        if not borne_out or "-v" in sys.argv:
            print(f"{variant.file} {variant.name}: {len(said)} faults; {'; '.join(list(dict.fromkeys(said))[:3])}")
    print(f"{len(lines) - 1} variants judged, {bad} labels not borne out")
    if "--manifest" in sys.argv and not words:
        (HERE / "manifest.yaml").write_text("".join(lines))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
