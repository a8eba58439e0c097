"""Gradient descent with a postprocessing of the parameters after every step, and what goes wrong in it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from grader.reference import mistake, right

Array = npt.NDArray[np.float64]
Function = Callable[[Array], tuple[float, Array]]
Post = Callable[[Array], Array] | None


def sgd(f: Function, x0: Array, step: float, iterations: int, postprocessing: Post = None, *_: Any) -> Array:
    """The parameters after so many steps against the gradient, each followed by the postprocessing.

    The handout's further parameters are about saving and printing.
    """
    x = np.array(x0)
    for _step in range(iterations):
        x = x - step * f(x)[1]
        x = postprocessing(x) if postprocessing is not None else x
    return x


@right("sgd", name="in place")
def sgd_in_place(f: Function, x0: Array, step: float, iterations: int, postprocessing: Post = None, *_: Any) -> Array:
    x = x0
    for _i in range(iterations):
        x -= step * f(x)[1]
        if postprocessing:
            x = postprocessing(x)
    return x


@mistake(
    "sgd",
    name="a postprocessing that isn't called, or whose result is thrown away",
    hint="postprocessing returns the new parameters: what becomes of them?",
    credit="1/2",
)
def sgd_without_post(
    f: Function, x0: Array, step: float, iterations: int, postprocessing: Post = None, *_: Any
) -> Array:
    return sgd(f, x0, step, iterations)


@mistake(
    "sgd",
    name="postprocessing at the end only",
    hint="postprocessing is due after every step, not once.",
    credit="1/2",
)
def sgd_with_post_at_end(
    f: Function, x0: Array, step: float, iterations: int, postprocessing: Post = None, *_: Any
) -> Array:
    x = sgd(f, x0, step, iterations)
    return postprocessing(x) if postprocessing is not None else x


@mistake("sgd", name="uphill", hint="The gradient points to where the cost grows.", credit="1/2")
def sgd_uphill(f: Function, x0: Array, step: float, iterations: int, postprocessing: Post = None, *_: Any) -> Array:
    return sgd(f, x0, -step, iterations, postprocessing)


@mistake("sgd", name="one step too few", hint="Count the steps for iterations = 1.", credit="1/2")
def sgd_too_few(f: Function, x0: Array, step: float, iterations: int, postprocessing: Post = None, *_: Any) -> Array:
    return sgd(f, x0, step, iterations - 1, postprocessing)


@mistake(
    "sgd",
    name="every step taken from the start",
    hint="Where is the gradient taken in the second step, and what is it taken from?",
    credit="1/4",
)
def sgd_from_start(f: Function, x0: Array, step: float, iterations: int, postprocessing: Post = None, *_: Any) -> Array:
    return sgd(f, x0, step, min(iterations, 1), postprocessing)


@mistake(
    "sgd",
    name="postprocessing before the step",
    hint="What does postprocessing get: the parameters before the step, or those after it?",
    credit="1/2",
)
def sgd_with_post_first(
    f: Function, x0: Array, step: float, iterations: int, postprocessing: Post = None, *_: Any
) -> Array:
    x = np.array(x0)
    for _step in range(iterations):
        x = postprocessing(x) if postprocessing is not None else x
        x = x - step * f(x)[1]
    return x


@mistake(
    "sgd",
    name="postprocessing before the step, and after the gradient",
    hint="What does postprocessing get: the parameters before the step, or those after it?",
    credit="1/2",
)
def sgd_with_post_between(
    f: Function, x0: Array, step: float, iterations: int, postprocessing: Post = None, *_: Any
) -> Array:
    x = np.array(x0)
    for _step in range(iterations):
        gradient = f(x)[1]
        x = postprocessing(x) if postprocessing is not None else x
        x = x - step * gradient
    return x
