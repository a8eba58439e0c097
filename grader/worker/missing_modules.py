"""Modules that aren't here: importing them is harmless, needing them is not.

Homework imports matplotlib for its plots, numba for a decorator, sklearn for a data set. While a submission loads, a
stand-in swallows whatever is done with it. While a required function runs, using one raises `StandInUsed`, whose text
names the package and what was asked of it. Packages that only show things are let go on: a plot within a function
changes none of its values, as long as nothing is computed from it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import reduce
from types import FunctionType, ModuleType
from typing import Any, Self

from .shared.public_packages import is_public

#: Packages that let one source run in Python 2 and 3; in 3 these names of theirs are the builtins.
_OF_TWO_PYTHONS = frozenset({"six.moves", "past.builtins", "future.builtins"})
_AS_IN_PYTHON_3 = {"xrange": range, "range": range, "zip": zip, "map": map, "filter": filter, "reduce": reduce}

#: Calling these only shows something.
_SHOWS = frozenset({"matplotlib", "pylab", "mpl_toolkits", "seaborn", "plotly", "bokeh", "IPython", "tqdm", "pprint"})
#: `figure, axes = plt.subplots()`: how many things a call gives, where a stand-in for one wouldn't do.
_SEVERAL = {"subplots": 2, "hist": 3}

_state = {"running": False}


class StandInUsed(ImportError):  # noqa: N818 - the name is shown to students
    """A function needed a package that isn't here."""


def raise_when_used(running: bool) -> None:
    """Whether stand-ins raise when they're used: they do while a step runs."""
    _state["running"] = running


class MissingModule(ModuleType):
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
        name = f"{self.__name__}.{name}"
        return _PROGRESS.get(name) or MissingModule(name)

    def __repr__(self) -> str:
        return f"<stand-in for {self.__name__}>"

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        show(self)
        if is_only_shown(self) and (count := _SEVERAL.get(self.__name__.rpartition(".")[2])):
            return tuple(MissingModule(self.__name__) for _ in range(count))
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
        show(self)
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def __getitem__(self, key: object) -> MissingModule:
        show(self)
        return self

    def __setitem__(self, key: object, value: object) -> None:
        show(self)


def use(stand_in: MissingModule) -> None:
    """Raise `StandInUsed` if a step is running."""
    if _state["running"]:
        package = stand_in.__name__.partition(".")[0]
        if not is_public(package):
            raise ModuleNotFoundError(f"{package} wasn't handed in, and this code uses {stand_in.__name__}")
        raise StandInUsed(f"{package} isn't available here, and this code uses {stand_in.__name__}")


def is_only_shown(stand_in: MissingModule) -> bool:
    """Whether it stands for something that is called to be looked at."""
    return stand_in.__name__.partition(".")[0] in _SHOWS


def show(stand_in: MissingModule) -> None:
    """Let what only shows something pass; else as `use`."""
    if not is_only_shown(stand_in):
        use(stand_in)


class _Progress:
    """A bar around a loop: the loop's own values, and nothing on the screen."""

    def __init__(self, values: Iterable[Any] = (), *_: Any, **__: Any) -> None:
        self._values = values

    def __iter__(self) -> Iterator[Any]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)  # type: ignore[arg-type] # as the bar does: it fails where they have no length

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def __getattr__(self, name: str) -> Callable[..., None]:
        if name.startswith("__"):
            raise AttributeError(name)
        return lambda *_, **__: None


def _progress_of(*bounds: int, **_: Any) -> _Progress:
    return _Progress(range(*bounds))


_PROGRESS: dict[str, Callable[..., Any]] = {
    **{f"tqdm.{place}tqdm": _Progress for place in ("", "notebook.", "auto.", "autonotebook.", "std.")},
    **{f"tqdm.{place}trange": _progress_of for place in ("", "notebook.", "auto.", "autonotebook.", "std.")},
    "tqdm.tqdm_notebook": _Progress,
    "tqdm.tnrange": _progress_of,
}


class Pylab(MissingModule):
    """matplotlib's module for old notebooks: all of numpy under its own names, and plots."""

    def __init__(self, name: str, numpy: ModuleType) -> None:
        super().__init__(name)
        shared = {"np": numpy, "numpy": numpy, "plt": MissingModule("matplotlib.pyplot")}
        for module in (numpy, numpy.fft, numpy.random, numpy.linalg):
            shared |= {each: getattr(module, each) for each in module.__all__}
        vars(self).update(shared)
        self.__all__ = [*(each for each in shared if each not in _OWN_TO_PYTHON), *_PLOTS]


#: Names that `from pylab import *` leaves to Python.
_OWN_TO_PYTHON = frozenset({"bytes", "abs", "bool", "max", "min", "pow", "round", "test"})
_PLOTS = ("figure", "plot", "show", "title", "xlabel", "ylabel", "legend", "subplot", "subplots", "hist", "imshow")
PYLAB = frozenset({"pylab", "matplotlib.pylab"})


def show_nothing(*_: Any, **__: Any) -> None:
    """Stands in for `display`, which notebooks have without an import."""


def _swallow(stand_in: MissingModule, *_: object) -> MissingModule:
    use(stand_in)
    return stand_in


def _convert(kind: type) -> Callable[[MissingModule], Any]:
    def convert(stand_in: MissingModule) -> Any:
        use(stand_in)
        return kind()

    return convert


_ARITHMETIC = ("add", "sub", "mul", "matmul", "truediv", "floordiv", "mod", "pow")
_BITWISE = ("lshift", "rshift", "and", "or", "xor")
_OTHERS = ("neg", "pos", "abs", "invert", "lt", "le", "gt", "ge", "delitem", "contains")
_CONVERSIONS = {"bool": bool, "int": int, "float": float, "complex": complex, "len": int, "index": int}

# Python looks operators up on the type, so `__getattr__` doesn't reach them.
for _name in (*_ARITHMETIC, *_BITWISE):
    for _prefix in ("", "r", "i"):
        setattr(MissingModule, f"__{_prefix}{_name}__", _swallow)
for _name in _OTHERS:
    setattr(MissingModule, f"__{_name}__", _swallow)
for _name, _kind in _CONVERSIONS.items():
    setattr(MissingModule, f"__{_name}__", _convert(_kind))
