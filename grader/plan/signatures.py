"""Ways to call a function that follow from the reference: what has a default there need not be a student's parameter.

A handout gains parameters over the years (`PRINT_EVERY=10`), and who wrote for an older one shouldn't lose for it.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from itertools import combinations
from typing import Any

import msgspec

from grader.rubric.model import RequiredFunction, Signature

#: With more parameters that have defaults, only the last ones are left out, and none between others.
_MOST_DEFAULTS = 4


def add_shorter_signatures(function: RequiredFunction, reference: Callable[..., Any] | None) -> RequiredFunction:
    """The function with a signature for each way to leave out parameters that have a default in the reference.

    They come behind those of the rubric, in the order in which a student's function is held against them.
    """
    if function.call or "." in function.name or reference is None:
        return function
    first = function.signatures or (Signature(tuple(function.arguments)),)
    shorter = tuple(_shorter(first[0], _defaults(reference)))
    known = [(each.passed, each.globals) for each in first]
    more = tuple(each for each in shorter if (each.passed, each.globals) not in known)
    return msgspec.structs.replace(function, signatures=(*first, *more)) if more else function


def _defaults(reference: Callable[..., Any]) -> frozenset[str]:
    try:
        parameters = inspect.signature(reference).parameters.values()
    except (TypeError, ValueError):
        return frozenset()
    return frozenset(each.name for each in parameters if each.default is not inspect.Parameter.empty)


def _shorter(signature: Signature, defaults: frozenset[str]) -> Iterator[Signature]:
    """Without the last ones first: where names don't tell, a function is called by how many arguments it takes."""
    passed = signature.passed
    optional = [name for name in passed if name in defaults]
    for count in range(len(passed) - 1, -1, -1):
        if passed[count] not in defaults:
            break
        yield Signature(passed[:count], signature.globals)
    if len(optional) <= _MOST_DEFAULTS:
        for size in range(1, len(optional)):
            for left_out in combinations(optional, size):
                yield Signature(tuple(name for name in passed if name not in left_out), signature.globals)
