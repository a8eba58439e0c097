"""Names of the standard library that older or newer Pythons have, and that code which is right may use."""

from __future__ import annotations

import collections
import collections.abc
import itertools
import math
import time
import typing
from collections.abc import Iterable, Iterator
from functools import cache
from types import ModuleType
from typing import Any


def _batched(iterable: Iterable[Any], n: int, *, strict: bool = False) -> Iterator[tuple[Any, ...]]:
    """`itertools.batched` of Python 3.12, with `strict` of 3.13."""
    if n < 1:
        raise ValueError("n must be at least one")
    items = iter(iterable)
    while batch := tuple(itertools.islice(items, n)):
        if strict and len(batch) != n:
            raise ValueError("batched(): incomplete batch")
        yield batch


def _sumprod(p: Iterable[Any], q: Iterable[Any], /) -> Any:
    """`math.sumprod` of Python 3.12."""
    return sum(a * b for a, b in zip(p, q, strict=True))


def _override(method: Any, /) -> Any:
    """`typing.override` of Python 3.12, which changes nothing."""
    return method


#: Module, name there, and what it means.
_NAMES: tuple[tuple[ModuleType, str, Any], ...] = (
    (time, "clock", time.perf_counter),  # until Python 3.7
    *((collections, name, getattr(collections.abc, name)) for name in collections.abc.__all__),  # until Python 3.9
    (itertools, "batched", _batched),
    (math, "sumprod", _sumprod),
    (typing, "override", _override),
)


@cache
def restore_standard() -> None:
    """Give the standard library these names, in this process and those that it forks."""
    for module, name, meant in _NAMES:
        if not hasattr(module, name):
            setattr(module, name, meant)
