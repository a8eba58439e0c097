"""Names that numpy has taken out since 2014, and what they meant. Code for older courses uses them, and is right."""

from __future__ import annotations

import ast
import builtins
import functools
import math
import sys
from collections.abc import Callable, Sequence
from types import ModuleType
from typing import Any

from .numpy_ways import add_methods, restore_ways

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
    "bool8": "np.bool_",
    "int0": "np.intp",
    "uint0": "np.uintp",
    "longfloat": "np.longdouble",
    "singlecomplex": "np.complex64",
    "cfloat": "np.complex128",
    "clongfloat": "np.clongdouble",
    "longcomplex": "np.clongdouble",
    "object0": "np.object_",
    "str0": "np.str_",
    "bytes0": "np.bytes_",
    "void0": "np.void",
    "long": "int",
    "mat": "np.asmatrix",
    "trapz": "np.trapezoid",
    "rank": "np.ndim",
    "alen": "len",
    "unicode": "str",
    "typeDict": "np.sctypeDict",
}


#: Names that are now in `np.exceptions`.
_EXCEPTIONS = ("AxisError", "ComplexWarning", "RankWarning", "VisibleDeprecationWarning", "TooHardError")


def _nothing(*args: Any, **named: Any) -> None:
    """What only shows something, or changes how it is shown."""


def _in1d(ar1: Any, ar2: Any, assume_unique: bool = False, invert: bool = False, **named: Any) -> Any:
    numpy = _numpy()
    return numpy.isin(numpy.ravel(numpy.asanyarray(ar1)), ar2, assume_unique, invert, **named)


def _scalar_type(rep: Any, default: Any = None) -> Any:
    """`np.obj2sctype`: the type of numpy's that something stands for."""
    numpy = _numpy()
    if isinstance(rep, type) and issubclass(rep, numpy.generic):
        return rep
    if isinstance(rep, numpy.ndarray):
        return rep.dtype.type
    try:
        return numpy.dtype(rep).type
    except Exception:  # noqa: BLE001 - whatever isn't a type
        return default


def _is_scalar_type(rep: Any) -> bool:
    if not isinstance(rep, type | _numpy().dtype):
        return False
    return _scalar_type(rep) not in (None, _numpy().object_)


def _is_subclass(one: Any, other: Any) -> bool:
    return isinstance(one, type) and isinstance(other, type) and issubclass(one, other)


_KINDS = {"i": "int", "u": "uint", "f": "float", "c": "complex"}


def _scalar_types() -> dict[str, list[Any]]:
    numpy = _numpy()
    codes = {"int": "bhilq", "uint": "BHILQ", "float": "efdg", "complex": "FDG"}
    found = {kind: list(dict.fromkeys(numpy.dtype(code).type for code in letters)) for kind, letters in codes.items()}
    sizes = {kind: {numpy.dtype(each).itemsize: each for each in types} for kind, types in found.items()}
    sized = {kind: list(types.values()) for kind, types in sizes.items()}
    return {**sized, "others": [bool, object, bytes, str, numpy.void]}


def _largest_type(rep: Any) -> Any:
    found = _scalar_type(rep)
    kind = None if found is None else _KINDS.get(_numpy().dtype(found).kind)
    return (rep if found is None else found) if kind is None else _scalar_types()[kind][-1]


class _Casts:
    """`np.cast[float](x)`."""

    def __getitem__(self, kind: Any) -> Callable[[Any], Any]:
        return lambda a: _numpy().asarray(a).astype(kind)


def _deprecate(*args: Any, **_: Any) -> Any:
    """A decorator, with or without arguments, that warned."""
    return args[0] if args and callable(args[0]) else lambda function: function


def _common_type(array_types: Sequence[Any], scalar_types: Sequence[Any]) -> Any:
    """`np.find_common_type`: a scalar counts only where it is of a higher kind than all arrays."""
    numpy = _numpy()
    arrays, scalars = (numpy.result_type(*types) if len(types) else None for types in (array_types, scalar_types))
    if arrays is None or scalars is None:
        return scalars if arrays is None else arrays
    order = "buifcSUVOMm"
    return numpy.result_type(arrays, scalars) if order.index(scalars.kind) > order.index(arrays.kind) else arrays


def _table_of(**usual: Any) -> Callable[..., Any]:
    """`np.genfromtxt` with other defaults."""
    return lambda fname, **named: _numpy().genfromtxt(fname, **{"dtype": None, **usual, **named})


#: Old name -> how it is said now, and what does the same.
OLD_FUNCTIONS: dict[str, tuple[str, Any]] = {
    "math": ("the module math", math),
    "disp": ("print", lambda mesg, device=None, linefeed=True: print(mesg, end="\n" if linefeed else "", file=device)),
    "asscalar": ("a.item()", lambda a: a.item()),
    "msort": ("np.sort(a, axis=0)", lambda a: _numpy().sort(a, axis=0)),
    "asfarray": ("np.asarray(a, dtype=float)", lambda a, dtype=float: _as_floats(a, dtype)),
    "find_common_type": ("np.result_type", _common_type),
    "fastCopyAndTranspose": ("a.T.copy()", lambda a: _numpy().asarray(a).T.copy()),
    "in1d": ("np.isin(np.ravel(a), b)", _in1d),
    "NINF": ("-np.inf", -math.inf),
    "PZERO": ("0.0", 0.0),
    "NZERO": ("-0.0", -0.0),
    "cast": ("np.asarray(a).astype(dtype)", _Casts()),
    "sctypes": ("the types themselves", None),
    "issubclass_": ("issubclass", _is_subclass),
    "issubsctype": ("np.issubdtype", lambda one, other: issubclass(_scalar_type(one), _scalar_type(other))),
    "issctype": ("issubclass(rep, np.generic)", _is_scalar_type),
    "obj2sctype": ("np.dtype(rep).type", _scalar_type),
    "sctype2char": ("np.dtype(rep).char", lambda rep: _numpy().dtype(_scalar_type(rep)).char),
    "maximum_sctype": ("the largest type of its kind", _largest_type),
    "deprecate": ("warnings.warn", _deprecate),
    "deprecate_with_doc": ("warnings.warn", _deprecate),
    "safe_eval": ("ast.literal_eval", ast.literal_eval),
    "compare_chararrays": (
        "np.char.compare_chararrays",
        lambda a1, a2, cmp, rstrip: _numpy().char.compare_chararrays(a1, a2, cmp, rstrip),  # noqa: PLW0108 - imported later
    ),
    "recfromtxt": ("np.genfromtxt", lambda *a, **named: _table_of()(*a, **named).view(_numpy().recarray)),
    "recfromcsv": (
        "np.genfromtxt",
        lambda *a, **named: _table_of(case_sensitive="lower", names=True, delimiter=",")(*a, **named).view(
            _numpy().recarray
        ),
    ),
    "ndfromtxt": ("np.genfromtxt", lambda *a, **named: _numpy().genfromtxt(*a, **{**named, "usemask": False})),
    "mafromtxt": ("np.genfromtxt", lambda *a, **named: _numpy().genfromtxt(*a, **{**named, "usemask": True})),
    **dict.fromkeys(("source", "lookfor", "who", "set_string_function"), ("nothing: it only shows", _nothing)),
    **{name: (f"np.exceptions.{name}", name) for name in _EXCEPTIONS},
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


@functools.cache
def restore(numpy: ModuleType) -> None:
    """Give numpy its old names back, in this process and those that it forks."""
    for name, now in missing_from(numpy).items():
        source, _, plain = now.rpartition(".")
        if name in _EXCEPTIONS:
            setattr(numpy, name, getattr(numpy.exceptions, name, Warning))
        elif name in OLD_FUNCTIONS:
            value = OLD_FUNCTIONS[name][1]
            setattr(numpy, name, _scalar_types() if name == "sctypes" else value)
        elif hasattr(place := numpy if source else builtins, plain):
            setattr(numpy, name, getattr(place, plain))
    _restore_methods(numpy)
    _restore_modules(numpy)
    restore_ways(numpy)


def _restore_modules(numpy: Any) -> None:
    for package, name in (("linalg", "linalg"), ("fft", "helper")):
        module = getattr(numpy, package)
        if not hasattr(module, name):
            setattr(module, name, module)
            sys.modules[f"numpy.{package}.{name}"] = module


def _restore_methods(numpy: Any) -> None:
    if methods := {name: method for name, (_, method) in OLD_METHODS.items() if not hasattr(numpy.ndarray, name)}:
        add_methods(numpy.ndarray, methods)
