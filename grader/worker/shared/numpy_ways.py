"""What numpy has taken out that isn't a name: arguments, and arrays of one entry that stood for it.

`float(w.T @ x)` and `costs[i] = w.T @ x` were right for twenty years. Where numpy still takes them nothing is done.
"""

from __future__ import annotations

import builtins
import ctypes
import functools
import gc
import sys
import warnings
from collections.abc import Callable
from types import GeneratorType
from typing import Any

#: Of a type, in pointers: where its tables of functions are, and in these that of a number or of assigning an entry.
_NUMBER, _MAPPING = 12, 14
_SLOTS = {"__int__": (_NUMBER, 16), "__float__": (_NUMBER, 18), "__setitem__": (_MAPPING, 2)}
_SIZE = ctypes.sizeof(ctypes.c_void_p)


@functools.cache
def restore_ways(numpy: Any) -> None:
    """Give numpy back, in this process, the ways to call it that it has taken out."""
    _restore(numpy, "sum", _sum_of_generators, lambda: numpy.sum(each for each in (1, 2)) == 3)
    _restore(numpy, "array", _copy_if_needed(numpy), lambda: numpy.array([1], copy=False))
    _restore(numpy, "reshape", _renamed("newshape", "shape"), lambda: numpy.reshape([1], newshape=1))
    _restore(numpy, "corrcoef", _without("bias", "ddof"), lambda: numpy.corrcoef([1.0, 2.0], [1.0, 3.0], bias=1))
    for name in ("percentile", "quantile", "nanpercentile", "nanquantile"):
        function = getattr(numpy, name)
        takes = functools.partial(function, [1.0], 0.5, interpolation="linear")
        _restore(numpy, name, _renamed("interpolation", "method"), takes)
    _restore(numpy, "histogram", _renamed("normed", "density"), lambda: numpy.histogram([1.0], normed=True))
    if not _works(lambda: float(numpy.ones(1))):
        _restore_single_entries(numpy)


def _works(trial: Callable[[], Any]) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            return bool(trial() is not None)
        except (TypeError, ValueError, DeprecationWarning):
            return False


def _restore(numpy: Any, name: str, way: Callable[..., Any], trial: Callable[[], Any]) -> None:
    taken = getattr(numpy, name)
    if not _works(trial):
        setattr(numpy, name, functools.wraps(taken)(functools.partial(way, taken)))


def _sum_of_generators(taken: Callable[..., Any], a: Any, *args: Any, **named: Any) -> Any:
    """`np.sum` of a generator was the builtin's sum."""
    return builtins.sum(a) if isinstance(a, GeneratorType) else taken(a, *args, **named)


def _copy_if_needed(numpy: Any) -> Callable[..., Any]:
    """`np.array(x, copy=False)` made no copy unless it had to."""

    def array(taken: Callable[..., Any], *args: Any, **named: Any) -> Any:
        if named and "copy" in named and not named["copy"]:
            named["copy"] = None
        return taken(*args, **named)

    return array


def _renamed(old: str, new: str) -> Callable[..., Any]:
    def call(taken: Callable[..., Any], *args: Any, **named: Any) -> Any:
        if old in named:
            named[new] = named.pop(old)
        return taken(*args, **named)

    return call


def _without(*names: str) -> Callable[..., Any]:
    """Arguments that did nothing for a long time."""

    def call(taken: Callable[..., Any], *args: Any, **named: Any) -> Any:
        return taken(*args, **{name: value for name, value in named.items() if name not in names})

    return call


def _restore_single_entries(numpy: Any) -> None:
    """An array of one entry, of whatever shape, is a number again where a number is needed."""
    array = numpy.ndarray
    taken = {name: getattr(array, name) for name in (*_SLOTS, "__complex__")}

    def number(name: str, kind: type) -> Callable[[Any], Any]:
        return lambda self: kind(self.item()) if self.ndim and self.size == 1 else taken[name](self)

    def put(self: Any, index: Any, value: Any) -> None:
        if type(value) is array and value.ndim and value.size == 1 and self.dtype.kind in "biufc":
            value = value.reshape(())
        taken["__setitem__"](self, index, value)

    kinds: dict[str, type] = {"__int__": int, "__float__": float, "__complex__": complex}
    methods: dict[str, Callable[..., Any]] = {name: number(name, kind) for name, kind in kinds.items()}
    methods["__setitem__"] = put
    if _set_slots(array):
        add_methods(array, methods)
        for name, method in methods.items():
            setattr(numpy.matrix, name, method)  # it took these over when it was made


def _set_slots(array: type) -> bool:
    """Have Python look for these methods where it is asked for them: a built-in type has its own short cuts.

    Says whether that was done: not where types look in another way than we know.
    """
    flags: str = getattr(sys, "abiflags", "")
    if sys.implementation.name != "cpython" or flags:  # a debug build, or one without the lock
        return False
    ours = type("Ours", (), {name: lambda self, *args: None for name in _SLOTS})
    plain = type("Plain", (), {})
    if any(not _slot(ours, *place) or not _slot(array, *place) or _slot(plain, *place) for place in _SLOTS.values()):
        return False
    for place in _SLOTS.values():
        _set_slot(array, *place, _slot(ours, *place))
    return True


def _table(kind: type, table: int) -> int:
    return ctypes.c_void_p.from_address(id(kind) + table * _SIZE).value or 0


def _slot(kind: type, table: int, place: int) -> int:
    at = _table(kind, table)
    return (ctypes.c_void_p.from_address(at + place * _SIZE).value or 0) if at else 0


def _set_slot(kind: type, table: int, place: int, function: int) -> None:
    ctypes.c_void_p.from_address(_table(kind, table) + place * _SIZE).value = function


def add_methods(kind: type, methods: dict[str, Callable[..., Any]]) -> None:
    """Give methods to a built-in type, whose names can be set by way of its own dictionary alone."""
    (namespace,) = (each for each in gc.get_referents(vars(kind)) if isinstance(each, dict))
    namespace.update(methods)
    ctypes.pythonapi.PyType_Modified(ctypes.py_object(kind))
