"""Modules that aren't here: importing them is harmless, needing them is not.

Homework imports matplotlib for its plots, numba for a decorator, sklearn for a data set. While a submission loads, a
stand-in swallows whatever is done with it. While a required function runs, using one raises `StandInUsed`, whose text
names the package and what was asked of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import reduce
from types import FunctionType, ModuleType
from typing import Any

#: Packages that let one source run in Python 2 and 3; in 3 these names of theirs are the builtins.
_OF_TWO_PYTHONS = frozenset({"six.moves", "past.builtins", "future.builtins"})
_AS_IN_PYTHON_3 = {"xrange": range, "range": range, "zip": zip, "map": map, "filter": filter, "reduce": reduce}

_state = {"running": False}


class StandInUsed(ImportError):  # noqa: N818 - the name is shown to students
    """A function needed a package that isn't here."""


def complain(running: bool) -> None:
    """Whether stand-ins raise when they're used: they do while a step runs."""
    _state["running"] = running


class StandIn(ModuleType):
    """A module, or anything reached from one, of a package that isn't here."""

    __path__: list[str]

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.__path__ = []

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        if self.__name__ in _OF_TWO_PYTHONS and name in _AS_IN_PYTHON_3:
            return _AS_IN_PYTHON_3[name]
        return StandIn(f"{self.__name__}.{name}")

    def __repr__(self) -> str:
        return f"<stand-in for {self.__name__}>"

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        use(self)
        decorated = args[0] if len(args) == 1 and not kwargs else None
        return decorated if isinstance(decorated, FunctionType | type) else self

    def __mro_entries__(self, bases: tuple[Any, ...]) -> tuple[type, ...]:
        return ()

    def __instancecheck__(self, instance: object) -> bool:
        return False

    def __subclasscheck__(self, subclass: type) -> bool:
        return False

    def __iter__(self) -> Iterator[Any]:
        use(self)
        return iter(())

    def __enter__(self) -> Any:
        use(self)
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def __setitem__(self, key: object, value: object) -> None:
        use(self)


def use(stand_in: StandIn) -> None:
    """Raise `StandInUsed` if a step is running."""
    if _state["running"]:
        package = stand_in.__name__.partition(".")[0]
        raise StandInUsed(f"{package} isn't available here, and this code uses {stand_in.__name__}")


def _swallow(stand_in: StandIn, *_: object) -> StandIn:
    use(stand_in)
    return stand_in


def _convert(kind: type) -> Callable[[StandIn], Any]:
    def convert(stand_in: StandIn) -> Any:
        use(stand_in)
        return kind()

    return convert


_ARITHMETIC = ("add", "sub", "mul", "matmul", "truediv", "floordiv", "mod", "pow")
_BITWISE = ("lshift", "rshift", "and", "or", "xor")
_OTHERS = ("neg", "pos", "abs", "invert", "lt", "le", "gt", "ge", "getitem", "delitem", "contains")
_CONVERSIONS = {"bool": bool, "int": int, "float": float, "complex": complex, "len": int, "index": int}

# Python looks operators up on the type, so `__getattr__` doesn't reach them.
for _name in (*_ARITHMETIC, *_BITWISE):
    for _prefix in ("", "r", "i"):
        setattr(StandIn, f"__{_prefix}{_name}__", _swallow)
for _name in _OTHERS:
    setattr(StandIn, f"__{_name}__", _swallow)
for _name, _kind in _CONVERSIONS.items():
    setattr(StandIn, f"__{_name}__", _convert(_kind))
