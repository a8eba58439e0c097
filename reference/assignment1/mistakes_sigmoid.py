"""What goes wrong in sigmoid and sigmoid_grad. Names continue "your answers agree with: ..."."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from functions import sigmoid, sigmoid_grad

from grader.reference import mistake

Array = npt.NDArray[np.float64]

LIMITS_HINT = "What should the result be far to the left of zero, at zero, and far to the right?"


@mistake("sigmoid", name="an exponent without its minus", hint=LIMITS_HINT)
def sigmoid_of_negative(x: Array) -> Array:
    return np.asarray(sigmoid(-x))


@mistake(
    "sigmoid",
    name="infinity divided by infinity at large scores",
    hint="Try x = 1000: which of your exponentials overflows, and what is it divided by?",
)
def sigmoid_overflowing(x: Array) -> Array:
    return np.asarray(np.exp(x) / (1.0 + np.exp(x)))


@mistake(
    "sigmoid",
    name="infinity divided by infinity at large negative scores",
    hint="Try x = -1000: which of your exponentials overflows, and what is it divided by?",
)
def sigmoid_overflowing_below(x: Array) -> Array:
    return np.asarray(1.0 - np.exp(-x) / (1.0 + np.exp(-x)))


@mistake("sigmoid", name="the hyperbolic tangent", hint=LIMITS_HINT, credit="1/4")
def sigmoid_as_tanh(x: Array) -> Array:
    return np.asarray(np.tanh(x))


@mistake("sigmoid", name="values from -1 to 1", hint=LIMITS_HINT, credit="1/4")
def sigmoid_stretched(x: Array) -> Array:
    return np.asarray(2.0 * sigmoid(x) - 1.0)


@mistake("sigmoid", name="a step from zero to one", hint="Between the two ends the result should rise smoothly.")
def sigmoid_as_step(x: Array) -> Array:
    return np.asarray(x > 0, dtype=float)


@mistake(
    "sigmoid",
    name="the derivative of the sigmoid",
    hint="This function asks for the value. At zero it is one half.",
)
def sigmoid_as_derivative(x: Array) -> Array:
    return np.asarray(sigmoid_grad(sigmoid(x)))


@mistake(
    "sigmoid", name="1 / 1 + exp(-x), without brackets", hint="Compute x = 0 by hand. Division goes before addition."
)
def sigmoid_without_brackets(x: Array) -> Array:
    return np.asarray(1.0 / 1.0 + np.exp(-x))


@mistake(
    "sigmoid", name="1 / exp(-x) + 1, without brackets", hint="Compute x = 0 by hand. Division goes before addition."
)
def sigmoid_without_brackets_in_the_denominator(x: Array) -> Array:
    return np.asarray(1.0 / np.exp(-x) + 1.0)


@mistake("sigmoid", name="1 / (1 - exp(-x))", hint="Compute x = 0 by hand.")
def sigmoid_with_minus_in_the_denominator(x: Array) -> Array:
    return np.asarray(1.0 / (1.0 - np.exp(-x)))


@mistake(
    "sigmoid",
    name="the logarithm of the sigmoid",
    hint="This function asks for the value. At zero it is one half.",
)
def sigmoid_logarithm(x: Array) -> Array:
    return np.asarray(-np.logaddexp(0.0, -x))


@mistake(
    "sigmoid",
    name="single numbers only",
    hint="`math.exp` takes one number. What does the same for every entry of an array?",
    credit="1/4",
)
def sigmoid_of_numbers_only(x: Array) -> Array:
    if np.ndim(x):
        raise TypeError("only 0-dimensional arrays can be converted to Python scalars")
    return np.asarray(sigmoid(x))


@mistake(
    "sigmoid",
    name="arrays that have axes only",
    hint="A 0-d array holds one number: it has no length, and no first entry.",
    credit="3/4",
)
def sigmoid_of_arrays_with_axes_only(x: Array) -> Array:
    return np.array([sigmoid(x[i]) for i in range(len(x))])


@mistake(
    "sigmoid",
    name="one long vector, whatever the shape",
    hint="Compare the shape of your result with the shape of x.",
    credit="1/2",
)
def sigmoid_flattened(x: Array) -> Array:
    return np.ravel(sigmoid(x))


@mistake(
    "sigmoid",
    name="right numbers, but the argument is overwritten with them",
    hint="Print x after the call: `x *= …`, `x[...] = …` and `out=x` change the caller's array.",
    credit="3/4",
)
def sigmoid_in_place(x: Array) -> Array:
    x[...] = sigmoid(x)
    return x


@mistake(
    "sigmoid_grad",
    name="the derivative at s, as if s weren't a sigmoid's value yet",
    hint="The argument is the sigmoid's value, not x. Question 2(a) writes the derivative as a function of that value.",
    credit="1/4",
)
def sigmoid_grad_of_x(s: Array) -> Array:
    return np.asarray(sigmoid_grad(sigmoid(s)))


@mistake("sigmoid_grad", name="the derivative with its sign turned", hint="The sigmoid rises everywhere.", credit="1/4")
def sigmoid_grad_negative(s: Array) -> Array:
    return np.asarray(s * (s - 1.0))


@mistake("sigmoid_grad", name="s (1 + s)", hint="Where the sigmoid is nearly one it is flat: what is its slope there?")
def sigmoid_grad_with_plus(s: Array) -> Array:
    return np.asarray(s * (1.0 + s))


@mistake(
    "sigmoid_grad",
    name="the derivative of the hyperbolic tangent",
    hint="Where the sigmoid is nearly zero it is flat: what is its slope there?",
)
def sigmoid_grad_of_tanh(s: Array) -> Array:
    return np.asarray(1.0 - s * s)


@mistake("sigmoid_grad", name="1 - s", hint="Where the sigmoid is nearly zero it is flat: what is its slope there?")
def sigmoid_grad_second_factor(s: Array) -> Array:
    return np.asarray(1.0 - s)


@mistake("sigmoid_grad", name="s - 1", hint="The sigmoid rises everywhere, and its ends are flat.")
def sigmoid_grad_as_difference(s: Array) -> Array:
    return np.asarray(s - 1.0)


@mistake(
    "sigmoid_grad", name="(1 - s) squared", hint="Where the sigmoid is nearly zero it is flat: what is its slope there?"
)
def sigmoid_grad_squared(s: Array) -> Array:
    return np.asarray((1.0 - s) ** 2)


@mistake(
    "sigmoid_grad",
    name="exp(-s) / (1 + exp(-s)), half of the derivative's formula",
    hint="The argument is the sigmoid's value, not x; then no exponential is needed.",
)
def sigmoid_grad_half(s: Array) -> Array:
    return np.asarray(sigmoid(-s))


@mistake(
    "sigmoid_grad", name="the sigmoid once more", hint="This function asks for the slope. At x = 0 it is a quarter."
)
def sigmoid_grad_as_sigmoid(s: Array) -> Array:
    return np.asarray(sigmoid(s))


@mistake(
    "sigmoid_grad", name="the argument given back", hint="This function asks for the slope. At x = 0 it is a quarter."
)
def sigmoid_grad_as_argument(s: Array) -> Array:
    return np.array(s)


@mistake(
    "sigmoid_grad",
    name="a matrix product where an elementwise one is meant",
    hint="Each slope depends on its own entry only. Compare the shape of your result with that of s.",
)
def sigmoid_grad_matrix_product(s: Array) -> Array:
    return np.asarray(np.dot(s, 1.0 - s))


@mistake(
    "sigmoid_grad",
    name="the matrix of all derivatives of a vector",
    hint="Elementwise means one slope per entry: compare the shape of your result with that of s.",
    credit="1/2",
)
def sigmoid_grad_jacobian(s: Array) -> Array:
    slopes = np.asarray(sigmoid_grad(s))
    return np.diag(slopes) if slopes.ndim == 1 else slopes


@mistake(
    "sigmoid_grad",
    name="one long vector, whatever the shape",
    hint="Compare the shape of your result with the shape of s.",
    credit="1/2",
)
def sigmoid_grad_flattened(s: Array) -> Array:
    return np.ravel(sigmoid_grad(s))


@mistake(
    "sigmoid_grad",
    name="right numbers, but the argument is overwritten with them",
    hint="Print s after the call: `s *= …` changes the caller's array.",
    credit="3/4",
)
def sigmoid_grad_in_place(s: Array) -> Array:
    s *= 1.0 - s
    return s
