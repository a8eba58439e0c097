"""Names that numpy has taken out since 2022, and what they meant. Code for older courses uses them, and is right."""

from __future__ import annotations

import builtins
from types import ModuleType

#: Old name -> what it is now: a builtin, or a name of numpy's after the dot.
OLD_NAMES = {
    **{name: name for name in ("float", "int", "bool", "complex", "object", "str")},
    "float_": "np.float64",
    "complex_": "np.complex128",
    "string_": "np.bytes_",
    "unicode_": "np.str_",
    "Inf": "np.inf",
    "infty": "np.inf",
    "Infinity": "np.inf",
    "PINF": "np.inf",
    "NaN": "np.nan",
    "NAN": "np.nan",
    "product": "np.prod",
    "cumproduct": "np.cumprod",
    "sometrue": "np.any",
    "alltrue": "np.all",
    "round_": "np.round",
    "row_stack": "np.vstack",
    "in1d": "np.isin",
}


def missing_from(numpy: ModuleType) -> dict[str, str]:
    """The old names that this numpy doesn't have, and what each is now."""
    return {name: now for name, now in OLD_NAMES.items() if name not in vars(numpy)}


def restore(numpy: ModuleType) -> None:
    """Give numpy its old names back, in this process."""
    for name, now in missing_from(numpy).items():
        source, _, plain = now.rpartition(".")
        setattr(numpy, name, getattr(numpy if source else builtins, plain))
