"""What goes wrong in cross_entropy and its gradient. Names continue "your answers agree with: ..."."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from functions import LEAST_PROBABILITY, cross_entropy, sigmoid, softmax, softmax_cross_entropy_grad

from grader.reference import mistake

Array = npt.NDArray[np.float64]


def _log(probabilities: Array) -> Array:
    return np.asarray(np.log(np.maximum(probabilities, LEAST_PROBABILITY)))


def _rows(y: Array) -> int:
    return len(np.atleast_2d(y))


@mistake(
    "cross_entropy",
    name="the sum over the rows, not the mean",
    hint="Give the same example once and twice: should the cost of the pair be larger?",
    credit="1/2",
)
def cross_entropy_sum(y: Array, y_hat: Array) -> float:
    return float(-np.sum(y * _log(y_hat)))


@mistake(
    "cross_entropy",
    name="a cost with its sign turned",
    hint="The logarithm of a probability is never positive, and a cost is never negative.",
    credit="1/4",
)
def cross_entropy_negative(y: Array, y_hat: Array) -> float:
    return -cross_entropy(y, y_hat)


@mistake(
    "cross_entropy",
    name="one number per example, not one for the batch",
    hint="The cost of a batch is a single number.",
    credit="1/2",
)
def cross_entropy_per_row(y: Array, y_hat: Array) -> Array:
    return np.asarray(-np.sum(y * _log(y_hat), axis=-1))


@mistake(
    "cross_entropy",
    name="one number per class, not one for the batch",
    hint="The cost of a batch is a single number. Along which axis do the entries of one example lie?",
)
def cross_entropy_per_class(y: Array, y_hat: Array) -> Array:
    return np.asarray(-np.sum(y * _log(y_hat), axis=0) / _rows(y))


@mistake(
    "cross_entropy",
    name="a sum divided by the number of all entries",
    hint="The mean is over examples. How many of them are there in an array of shape (N, D)?",
    credit="1/2",
)
def cross_entropy_mean_of_entries(y: Array, y_hat: Array) -> float:
    return float(-np.mean(y * _log(y_hat)))


@mistake(
    "cross_entropy",
    name="a sum divided by the number of classes",
    hint="The mean is over examples. Which axis counts them?",
    credit="1/4",
)
def cross_entropy_divided_by_classes(y: Array, y_hat: Array) -> float:
    return float(-np.sum(y * _log(y_hat)) / y.shape[-1])


@mistake(
    "cross_entropy",
    name="a vector's length taken for the number of examples",
    hint="A vector of shape (D,) is one example. What does `len` or `shape[0]` say about it?",
    credit="3/4",
)
def cross_entropy_divided_by_length(y: Array, y_hat: Array) -> float:
    return float(-np.sum(y * _log(y_hat)) / len(y))


@mistake(
    "cross_entropy",
    name="a cost divided by the number of rows twice",
    hint="Give the same example once and twice: should the cost of the pair be smaller?",
    credit="1/2",
)
def cross_entropy_divided_twice(y: Array, y_hat: Array) -> float:
    return cross_entropy(y, y_hat) / _rows(y)


@mistake(
    "cross_entropy",
    name="the first example only",
    hint="Change the last row of y_hat: does your cost notice?",
)
def cross_entropy_of_first(y: Array, y_hat: Array) -> float:
    return cross_entropy(np.atleast_2d(y)[0], np.atleast_2d(y_hat)[0])


@mistake(
    "cross_entropy",
    name="the last example only",
    hint="Change the first row of y_hat: does your cost notice?",
)
def cross_entropy_of_last(y: Array, y_hat: Array) -> float:
    return cross_entropy(np.atleast_2d(y)[-1], np.atleast_2d(y_hat)[-1])


@mistake(
    "cross_entropy",
    name="labels and predictions that changed places",
    hint="One of the two arrays is full of zeros. Which of them should the logarithm see?",
)
def cross_entropy_swapped(y: Array, y_hat: Array) -> float:
    return float(-np.mean(np.sum(y_hat * np.log(y), axis=-1)))


@mistake(
    "cross_entropy",
    name="every class as a yes-or-no question of its own",
    hint="The formula sums over the true class only: what do the other probabilities add to your cost?",
    credit="1/4",
)
def cross_entropy_binary(y: Array, y_hat: Array) -> float:
    return float(-np.sum(y * _log(y_hat) + (1.0 - y) * _log(1.0 - y_hat)) / _rows(y))


@mistake("cross_entropy", name="the squared error", hint="The formula has a logarithm in it.")
def cross_entropy_squared_error(y: Array, y_hat: Array) -> float:
    return float(np.sum((y - y_hat) ** 2) / _rows(y))


@mistake("cross_entropy", name="probabilities without their logarithm", hint="What should a true class with 1 cost?")
def cross_entropy_without_logarithm(y: Array, y_hat: Array) -> float:
    return float(-np.sum(y * y_hat) / _rows(y))


@mistake(
    "cross_entropy",
    name="logarithms to base 2",
    hint="A true class with probability 1/e should cost 1.",
    credit="1/2",
)
def cross_entropy_in_bits(y: Array, y_hat: Array) -> float:
    return float(cross_entropy(y, y_hat) / np.log(2.0))


@mistake(
    "cross_entropy",
    name="logarithms to base 10",
    hint="A true class with probability 1/e should cost 1.",
    credit="1/2",
)
def cross_entropy_in_tens(y: Array, y_hat: Array) -> float:
    return float(cross_entropy(y, y_hat) / np.log(10.0))


@mistake(
    "cross_entropy",
    name="zero times minus infinity",
    hint="Give a class that isn't the true one the probability 0: what is 0 * log(0) in numpy?",
)
def cross_entropy_not_a_number(y: Array, y_hat: Array) -> float:
    return float(-np.sum(y * np.log(y_hat)) / _rows(y))


@mistake(
    "cross_entropy",
    name="a small number in the logarithm that isn't small enough",
    hint="How far does your guard against log(0) move the cost of an ordinary probability?",
    credit="3/4",
)
def cross_entropy_guarded_too_much(y: Array, y_hat: Array) -> float:
    return cross_entropy(y, y_hat + 1e-3)


@mistake(
    "cross_entropy",
    name="a true class with probability zero that costs little or nothing",
    hint="The worst prediction of all must not look like a good one. What happens where y_hat is exactly 0?",
    credit="3/4",
)
def cross_entropy_without_the_impossible(y: Array, y_hat: Array) -> float:
    return float(-np.sum(np.nan_to_num(y * np.log(y_hat), nan=0.0, neginf=0.0)) / _rows(y))


@mistake(
    "cross_entropy",
    name="the most likely class instead of the true one",
    hint="Does your cost change when only the labels change?",
)
def cross_entropy_of_most_likely(y: Array, y_hat: Array) -> float:
    return float(-np.mean(_log(np.max(y_hat, axis=-1))))


@mistake(
    "cross_entropy",
    name="each example's labels with every example's predictions",
    hint="A matrix product meets every row with every row. Row i of y belongs to row i of y_hat only.",
)
def cross_entropy_matrix_product(y: Array, y_hat: Array) -> float:
    return float(-np.sum(np.dot(y, _log(y_hat).T)) / _rows(y))


@mistake(
    "cross_entropy",
    name="softmax once more, on probabilities",
    hint="y_hat holds probabilities already, not scores.",
    credit="1/4",
)
def cross_entropy_of_scores(y: Array, y_hat: Array) -> float:
    return cross_entropy(y, softmax(y_hat))


@mistake(
    "cross_entropy",
    name="the logarithm of a mean, not the mean of the logarithms",
    hint="Is the logarithm of a mean the mean of the logarithms?",
    credit="1/4",
)
def cross_entropy_of_mean(y: Array, y_hat: Array) -> float:
    return float(-_log(np.mean(np.sum(y * y_hat, axis=-1))))


@mistake(
    "softmax_cross_entropy_grad",
    name="a gradient divided by the number of rows",
    hint="Each row is the gradient of its own example's cost: does it depend on how many other rows there are?",
    credit="1/2",
)
def softmax_ce_grad_mean(theta: Array, y: Array) -> Array:
    return np.asarray(softmax_cross_entropy_grad(theta, y) / _rows(y))


@mistake(
    "softmax_cross_entropy_grad",
    name="a gradient with its sign turned",
    hint="Should a higher score of the true class make the cost larger or smaller?",
    credit="1/4",
)
def softmax_ce_grad_negative(theta: Array, y: Array) -> Array:
    return np.asarray(y - softmax(theta))


@mistake(
    "softmax_cross_entropy_grad",
    name="the probabilities, without the labels",
    hint="Does your gradient depend on which class is the true one? What does each row of it sum to?",
)
def softmax_ce_grad_without_labels(theta: Array, y: Array) -> Array:
    return np.asarray(softmax(theta))


@mistake(
    "softmax_cross_entropy_grad",
    name="scores minus labels, without softmax",
    hint="theta holds scores, not probabilities. What should each row of the gradient sum to?",
    credit="1/4",
)
def softmax_ce_grad_without_softmax(theta: Array, y: Array) -> Array:
    return np.asarray(theta - y)


@mistake(
    "softmax_cross_entropy_grad",
    name="the true class's entries only",
    hint="A higher score of a wrong class takes probability from the true one: can its slope be zero?",
    credit="1/4",
)
def softmax_ce_grad_of_true_class(theta: Array, y: Array) -> Array:
    return np.asarray(softmax_cross_entropy_grad(theta, y) * y)


@mistake(
    "softmax_cross_entropy_grad",
    name="the other classes' entries only",
    hint="What should each row of the gradient sum to?",
    credit="1/4",
)
def softmax_ce_grad_of_other_classes(theta: Array, y: Array) -> Array:
    return np.asarray(softmax_cross_entropy_grad(theta, y) * (1.0 - y))


@mistake(
    "softmax_cross_entropy_grad",
    name="sigmoid in place of softmax",
    hint="What should each row of the gradient sum to?",
)
def softmax_ce_grad_of_sigmoid(theta: Array, y: Array) -> Array:
    return np.asarray(sigmoid(theta) - y)


@mistake(
    "softmax_cross_entropy_grad",
    name="one softmax for all rows",
    hint="Each row is a distribution of its own. What should each row of the gradient sum to?",
    credit="1/4",
)
def softmax_ce_grad_with_one_sum(theta: Array, y: Array) -> Array:
    return np.asarray(softmax(theta.ravel()).reshape(theta.shape) - y)


@mistake(
    "softmax_cross_entropy_grad",
    name="softmax along columns",
    hint="One example is one row. What should each row of the gradient sum to?",
    credit="1/4",
)
def softmax_ce_grad_of_columns(theta: Array, y: Array) -> Array:
    return np.asarray(softmax(theta.T).T - y)


@mistake(
    "softmax_cross_entropy_grad",
    name="softmax applied twice",
    hint="Is it scores or probabilities that your softmax sees?",
)
def softmax_ce_grad_of_softmax_twice(theta: Array, y: Array) -> Array:
    return np.asarray(softmax(softmax(theta)) - y)


@mistake(
    "softmax_cross_entropy_grad",
    name="an extra factor y_hat (1 - y_hat)",
    hint="Question 2(b): which derivative is already contained in the result?",
)
def softmax_ce_grad_with_extra_slope(theta: Array, y: Array) -> Array:
    y_hat = softmax(theta)
    return np.asarray((y_hat - y) * y_hat * (1.0 - y_hat))


@mistake(
    "softmax_cross_entropy_grad",
    name="the gradient with respect to the probabilities",
    hint="Between theta and the cost lie two functions: which of them is missing from your chain rule?",
    credit="1/4",
)
def softmax_ce_grad_of_probabilities(theta: Array, y: Array) -> Array:
    return np.asarray(-y / softmax(theta))


@mistake(
    "softmax_cross_entropy_grad",
    name="one gradient for the sum of all rows",
    hint="There is one row of the gradient per example: compare its shape with that of theta.",
    credit="1/4",
)
def softmax_ce_grad_summed(theta: Array, y: Array) -> Array:
    return np.asarray(np.sum(np.atleast_2d(softmax_cross_entropy_grad(theta, y)), axis=0))


@mistake(
    "softmax_cross_entropy_grad",
    name="a cost instead of a gradient",
    hint="A gradient has one entry for each entry of theta.",
)
def softmax_ce_grad_as_cost(theta: Array, y: Array) -> float:
    return cross_entropy(y, softmax(theta))


@mistake(
    "softmax_cross_entropy_grad",
    name="a one taken from the first class, whichever is the true one",
    hint="Does your gradient depend on which class is the true one?",
)
def softmax_ce_grad_of_first_class(theta: Array, y: Array) -> Array:
    gradient = np.array(softmax(theta))
    gradient[..., 0] -= 1.0
    return gradient


@mistake(
    "softmax_cross_entropy_grad",
    name="a vector that comes back as a row",
    hint="Compare the shape of your result with the shape of theta, for one vector.",
    credit="3/4",
)
def softmax_ce_grad_as_row(theta: Array, y: Array) -> Array:
    return np.atleast_2d(softmax_cross_entropy_grad(theta, y))


@mistake(
    "softmax_cross_entropy_grad",
    name="a right gradient that is written into theta",
    hint="What does theta hold after the call? `-=` changes the caller's array.",
    credit="3/4",
)
def softmax_ce_grad_in_theta(theta: Array, y: Array) -> Array:
    theta[...] = softmax_cross_entropy_grad(theta, y)
    return theta


@mistake(
    "softmax_cross_entropy_grad",
    name="a right gradient that is written into the labels",
    hint="What does y hold after the call? `-=` changes the caller's array.",
    credit="3/4",
)
def softmax_ce_grad_in_labels(theta: Array, y: Array) -> Array:
    y *= -1.0
    y += softmax(theta)
    return y
