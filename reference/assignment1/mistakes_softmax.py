"""What goes wrong in softmax. Names continue "your answers agree with: ..."."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from functions import sigmoid, softmax

from grader.reference import mistake

Array = npt.NDArray[np.float64]

OVERFLOW_HINT = (
    "exp(710) is more than a float64 holds. Question 1(a) says what can be done to a row without changing its softmax."
)


def _of_rows(x: Array) -> tuple[Array, Array]:
    """The powers of rows whose maximum has been taken away, and their sums."""
    powers = np.exp(x - np.max(x, axis=-1, keepdims=True))
    return powers, np.sum(powers, axis=-1, keepdims=True)


@mistake(
    "softmax",
    name="one sum for all rows",
    hint="Each row is a distribution of its own: what do the rows of your result sum to, one by one?",
    credit="1/4",
)
def softmax_with_one_sum(x: Array) -> Array:
    powers = np.exp(x - np.max(x))
    return np.asarray(powers / np.sum(powers))


@mistake(
    "softmax",
    name="one maximum for all rows",
    hint="Put a row of scores around 1000 beside a row around -1000: what is left of the second one?",
    credit="3/4",
)
def softmax_with_one_maximum(x: Array) -> Array:
    powers = np.exp(x - np.max(x))
    return np.asarray(powers / np.sum(powers, axis=-1, keepdims=True))


@mistake("softmax", name="exponentials of the scores as they are", hint=OVERFLOW_HINT)
def softmax_without_shift(x: Array) -> Array:
    powers = np.exp(x)
    return np.asarray(powers / np.sum(powers, axis=-1, keepdims=True))


@mistake(
    "softmax",
    name="exponentials of a vector's scores as they are",
    hint="Rows of large scores are fine. Does a single vector take the same path through your code?",
)
def softmax_without_shift_of_vectors(x: Array) -> Array:
    return softmax_without_shift(x) if x.ndim == 1 else softmax(x)


@mistake(
    "softmax",
    name="exponentials of a batch's scores as they are",
    hint="A vector of large scores is fine. Does a batch take the same path through your code?",
)
def softmax_without_shift_of_batches(x: Array) -> Array:
    return softmax(x) if x.ndim == 1 else softmax_without_shift(x)


@mistake(
    "softmax",
    name="the mean taken away, not the maximum",
    hint="After the shift, which exponents can still be large? Try a row in which one score stands far out.",
)
def softmax_shifted_by_mean(x: Array) -> Array:
    return softmax_without_shift(x - np.mean(x, axis=-1, keepdims=True))


@mistake(
    "softmax",
    name="the median taken away, not the maximum",
    hint="After the shift, which exponents can still be large? Try a row in which one score stands far out.",
)
def softmax_shifted_by_median(x: Array) -> Array:
    return softmax_without_shift(x - np.median(x, axis=-1, keepdims=True))


@mistake(
    "softmax",
    name="the minimum taken away, not the maximum",
    hint="After the shift, are the exponents at most zero or at least zero? Only one of these can't overflow.",
)
def softmax_shifted_by_minimum(x: Array) -> Array:
    return softmax_without_shift(x - np.min(x, axis=-1, keepdims=True))


@mistake(
    "softmax",
    name="the largest size taken away, not the largest score",
    hint="Try a row in which every score is around -1000: what does the shift leave of it?",
)
def softmax_shifted_by_size(x: Array) -> Array:
    return softmax_without_shift(x - np.max(np.abs(x), axis=-1, keepdims=True))


@mistake(
    "softmax",
    name="a maximum added to the scores instead of taken away",
    hint="After the shift, what is the largest exponent of a row? It should be easy to say for any row.",
)
def softmax_shifted_the_wrong_way(x: Array) -> Array:
    return softmax_without_shift(x + np.max(x, axis=-1, keepdims=True))


@mistake(
    "softmax",
    name="row sums that are divided along columns",
    hint="The sums of N rows have the shape (N,). What does numpy line them up with in an array of shape (N, D)?",
)
def softmax_without_keepdims_of_sum(x: Array) -> Array:
    powers, _ = _of_rows(x)
    return np.asarray(powers / np.sum(powers, axis=-1))


@mistake(
    "softmax",
    name="row maxima that are taken away along columns",
    hint="The maxima of N rows have the shape (N,). What does numpy line them up with in an array of shape (N, D)?",
)
def softmax_without_keepdims_of_maximum(x: Array) -> Array:
    return softmax_without_shift(x - np.max(x, axis=-1))


@mistake(
    "softmax",
    name="columns that sum to one, not rows",
    hint="One example is one row. Along which axis do the entries of one example lie?",
    credit="1/4",
)
def softmax_of_columns(x: Array) -> Array:
    return softmax(x) if x.ndim == 1 else softmax(x.T).T


@mistake(
    "softmax",
    name="rows that come back as columns",
    hint="Compare the shape of your result with the shape of x.",
    credit="1/2",
)
def softmax_transposed(x: Array) -> Array:
    return softmax(x).T


@mistake(
    "softmax",
    name="a vector that comes back as a row",
    hint="Compare the shape of your result with the shape of x, for one vector.",
    credit="3/4",
)
def softmax_of_vector_as_row(x: Array) -> Array:
    return np.atleast_2d(softmax(x))


@mistake(
    "softmax",
    name="a batch that comes back as one long vector",
    hint="Compare the shape of your result with the shape of x, for a batch.",
    credit="1/2",
)
def softmax_flattened(x: Array) -> Array:
    return softmax(x).ravel()


@mistake(
    "softmax", name="powers that aren't divided by their sum", hint="What should the entries of one row add up to?"
)
def softmax_not_normalised(x: Array) -> Array:
    return _of_rows(x)[0]


@mistake(
    "softmax",
    name="scores divided by their sum, without exponentials",
    hint="Can a score be negative? Can a probability?",
)
def softmax_without_exponentials(x: Array) -> Array:
    return np.asarray(x / np.sum(x, axis=-1, keepdims=True))


@mistake(
    "softmax",
    name="the largest score with the smallest probability",
    hint="Try [0, 1, 2]: which entry should get the most?",
)
def softmax_of_negatives(x: Array) -> Array:
    return softmax(-x)


@mistake(
    "softmax",
    name="the logarithm of the probabilities",
    hint="What should the entries of one row add up to? Can any of them be negative?",
)
def softmax_logarithm(x: Array) -> Array:
    shifted = x - np.max(x, axis=-1, keepdims=True)
    return np.asarray(shifted - np.log(np.sum(np.exp(shifted), axis=-1, keepdims=True)))


@mistake("softmax", name="the sigmoid of every score", hint="What should the entries of one row add up to?")
def softmax_as_sigmoid(x: Array) -> Array:
    return np.asarray(sigmoid(x))


@mistake(
    "softmax",
    name="all probability for the largest score",
    hint="Two scores that are nearly equal should get nearly equal probabilities.",
)
def softmax_as_maximum(x: Array) -> Array:
    return np.asarray((x == np.max(x, axis=-1, keepdims=True)).astype(float))


@mistake(
    "softmax",
    name="powers of two instead of powers of e",
    hint="Try [0, 1]: the second probability is e times the first.",
)
def softmax_of_powers_of_two(x: Array) -> Array:
    return softmax(x * np.log(2.0))


@mistake(
    "softmax",
    name="right numbers, but the argument is overwritten with them",
    hint="Print x after the call: `x -= …`, `x[...] = …` and `out=x` change the caller's array.",
    credit="3/4",
)
def softmax_in_place(x: Array) -> Array:
    x -= np.max(x, axis=-1, keepdims=True)
    np.exp(x, out=x)
    x /= np.sum(x, axis=-1, keepdims=True)
    return x


@mistake(
    "softmax",
    name="right numbers, but the argument is shifted in place",
    hint="Print x after the call: `x -= …` changes the caller's array, `x = x - …` makes a new one.",
    credit="3/4",
)
def softmax_shifted_in_place(x: Array) -> Array:
    x -= np.max(x, axis=-1, keepdims=True)
    return softmax_without_shift(x)


_kept: dict[tuple[int, ...], Array] = {}


@mistake(
    "softmax",
    name="one array for the results of all calls",
    hint="Call the function twice, then look at the first result again.",
    credit="3/4",
)
def softmax_into_one_array(x: Array) -> Array:
    result = _kept.setdefault(x.shape, np.empty(x.shape))
    result[...] = softmax(x)
    return result
