"""Ways to call a function that follow from the reference: what has a default there need not be a student's parameter.

A handout gains parameters over the years (`PRINT_EVERY=10`), and who wrote for an older one shouldn't lose for it.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Sequence
from itertools import combinations
from typing import Any

import msgspec

from grader.rubric.model import RequiredFunction, Signature

#: With more parameters that have defaults, only the last ones are left out, and none between others.
_MOST_DEFAULTS = 4
_POSITIONAL = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)


def add_shorter_signatures(function: RequiredFunction, reference: Callable[..., Any] | None) -> RequiredFunction:
    """The function with a signature for each way to leave out parameters that have a default in the reference.

    They come behind those of the rubric, in the order in which a student's function is held against them.
    """
    if function.call or "." in function.name or reference is None:
        return function
    first = function.signatures or (Signature(tuple(function.arguments)),)
    needless = frozenset(_find_optional(first[0].passed, reference))
    known = [(each.passed, each.globals) for each in first]
    more = tuple(each for each in _shorter(first[0], needless) if (each.passed, each.globals) not in known)
    return msgspec.structs.replace(function, signatures=(*first, *more)) if more else function


def _find_optional(passed: Sequence[str], reference: Callable[..., Any]) -> Iterator[str]:
    """The arguments that the reference can be called without: it has a default for them, or takes them as `*rest`."""
    try:
        parameters = list(inspect.signature(reference).parameters.values())
    except (TypeError, ValueError):
        return
    places = [each for each in parameters if each.kind in _POSITIONAL]
    is_open = any(each.kind is inspect.Parameter.VAR_POSITIONAL for each in parameters)
    for number, name in enumerate(passed):
        if places[number].default is not inspect.Parameter.empty if number < len(places) else is_open:
            yield name


def _shorter(signature: Signature, needless: frozenset[str]) -> Iterator[Signature]:
    """Without the last ones first: where names don't tell, a function is called by how many arguments it takes."""
    passed = signature.passed
    optional = [name for name in passed if name in needless]
    for count in range(len(passed) - 1, -1, -1):
        if passed[count] not in needless:
            break
        yield Signature(passed[:count], signature.globals)
    if len(optional) <= _MOST_DEFAULTS:
        for size in range(1, len(optional)):
            for left_out in combinations(optional, size):
                yield Signature(tuple(name for name in passed if name not in left_out), signature.globals)
