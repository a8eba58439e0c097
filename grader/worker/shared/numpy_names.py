"""Names that numpy has taken out since 2014, and what they meant. Code for older courses uses them, and is right."""

from __future__ import annotations

import builtins
import ctypes
import functools
import gc
import math
import sys
import warnings
from collections.abc import Callable
from types import GeneratorType, ModuleType
from typing import Any

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
    "bool8": "np.bool_",
    "int0": "np.intp",
    "uint0": "np.uintp",
    "longfloat": "np.longdouble",
    "singlecomplex": "np.complex64",
    "cfloat": "np.complex128",
    "mat": "np.asmatrix",
    "trapz": "np.trapezoid",
    "rank": "np.ndim",
    "alen": "len",
    "unicode": "str",
    "typeDict": "np.sctypeDict",
}


#: Old name -> how it is said now, and a function that does the same.
OLD_FUNCTIONS: dict[str, tuple[str, Any]] = {
    "math": ("the module math", math),
    "disp": ("print", print),
    "asscalar": ("a.item()", lambda a: a.item()),
    "msort": ("np.sort(a, axis=0)", lambda a: _numpy().sort(a, axis=0)),
    "asfarray": ("np.asarray(a, dtype=float)", lambda a, dtype=float: _as_floats(a, dtype)),
    "find_common_type": ("np.result_type", lambda arrays, scalars: _numpy().result_type(*arrays, *scalars)),
    "fastCopyAndTranspose": ("a.T.copy()", lambda a: _numpy().asarray(a).T.copy()),
}
#: The same for methods of arrays.
OLD_METHODS: dict[str, tuple[str, Callable[..., Any]]] = {
    "ptp": ("np.ptp(a)", lambda self, *args, **named: _numpy().ptp(self, *args, **named)),
    "itemset": ("a[index] = value", lambda self, *args: self.__setitem__(_place(self, args[:-1]), args[-1])),
    "tostring": ("a.tobytes()", lambda self, *order: self.tobytes(*order)),
    "newbyteorder": ("a.view(a.dtype.newbyteorder())", lambda self, *to: self.view(self.dtype.newbyteorder(*to))),
}


def _numpy() -> Any:
    return sys.modules["numpy"]


def _as_floats(array: Any, dtype: Any) -> Any:
    numpy = _numpy()
    return numpy.asarray(array, dtype if numpy.issubdtype(dtype, numpy.inexact) else float)


def _place(array: Any, index: tuple[Any, ...]) -> Any:
    """What `itemset` takes: nothing for the only entry, a number in reading order, or a tuple of indices."""
    if not index:
        return (0,) * array.ndim
    if len(index) > 1:
        return index
    return _numpy().unravel_index(index[0], array.shape) if isinstance(index[0], int) else index[0]


def missing_from(numpy: ModuleType) -> dict[str, str]:
    """The old names that this numpy doesn't have, and what each is now."""
    said = {**OLD_NAMES, **{name: now for name, (now, _) in OLD_FUNCTIONS.items()}}
    return {name: now for name, now in said.items() if name not in vars(numpy)}


def restore(numpy: ModuleType) -> None:
    """Give numpy its old names back, in this process."""
    for name, now in missing_from(numpy).items():
        source, _, plain = now.rpartition(".")
        if name in OLD_FUNCTIONS:
            setattr(numpy, name, OLD_FUNCTIONS[name][1])
        elif hasattr(place := numpy if source else builtins, plain):
            setattr(numpy, name, getattr(place, plain))
    _restore_methods(numpy)
    _restore_sums(numpy)


def _restore_methods(numpy: Any) -> None:
    """Arrays are of a built-in type, whose names can be set by way of its own dictionary alone."""
    methods = {name: method for name, (_, method) in OLD_METHODS.items() if not hasattr(numpy.ndarray, name)}
    if methods:
        (namespace,) = (each for each in gc.get_referents(vars(numpy.ndarray)) if isinstance(each, dict))
        namespace.update(methods)
        ctypes.pythonapi.PyType_Modified(ctypes.py_object(numpy.ndarray))


def _restore_sums(numpy: Any) -> None:
    """`np.sum` of a generator was the builtin's sum."""
    if _sums_generators(numpy):
        return
    taken = numpy.sum

    @functools.wraps(taken)
    def total(a: Any, *args: Any, **named: Any) -> Any:
        return builtins.sum(a) if isinstance(a, GeneratorType) else taken(a, *args, **named)

    numpy.sum = total


def _sums_generators(numpy: Any) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            return bool(numpy.sum(each for each in (1, 2)) == 3)
        except (TypeError, DeprecationWarning):
            return False
