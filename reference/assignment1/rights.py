"""Other right ways to write the nine functions, as students do: none of them may lose a point."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
from functions import forward, forward_backward_prop, input_grad, sigmoid, softmax, unpacked

from grader.reference import right

Array = npt.NDArray[np.float64]
Function = Callable[[Array], tuple[float, Array]]
Sizes = tuple[int, int, int]


@right("softmax", name="row by row, number by number")
def softmax_by_loops(x: Array) -> Array:
    result = np.zeros(x.shape)
    rows = x if x.ndim == 2 else [x]
    for i, row in enumerate(rows):
        top = max(row)
        powers = [math.exp(score - top) for score in row]
        np.atleast_2d(result)[i] = [power / sum(powers) for power in powers]
    return result


@right("softmax", name="a branch for matrices, a branch for vectors")
def softmax_in_two_branches(x: Array) -> Array:
    if len(x.shape) > 1:
        powers = np.exp((x.T - np.max(x, axis=1)).T)
        return np.asarray((powers.T / np.sum(powers, axis=1)).T)
    powers = np.exp(x - np.max(x))
    return np.asarray(powers / np.sum(powers))


@right("softmax", name="the exponential of the logarithm")
def softmax_of_logarithms(x: Array) -> Array:
    return np.asarray(np.exp(x - np.logaddexp.reduce(x, axis=-1, keepdims=True)))


@right("softmax", name="one over a sum of differences' exponentials")
def softmax_of_differences(x: Array) -> Array:
    differences = x[..., None, :] - x[..., :, None]
    return np.asarray(1.0 / np.sum(np.exp(differences), axis=-1))


@right("softmax", name="single precision inside and out")
def softmax_in_single_precision(x: Array) -> npt.NDArray[np.float32]:
    return np.asarray(softmax(x), dtype=np.float32)


@right("softmax", name="columns first in memory")
def softmax_in_fortran_order(x: Array) -> Array:
    return np.asfortranarray(softmax(x))


@right("sigmoid", name="the formula as it stands")
def sigmoid_of_handout(x: Array) -> Array:
    return np.asarray(1 / (1 + np.exp(-x)))


@right("sigmoid", name="half a hyperbolic tangent")
def sigmoid_of_tanh(x: Array) -> Array:
    return np.asarray(0.5 + 0.5 * np.tanh(x / 2))


@right("sigmoid", name="one formula for each sign")
def sigmoid_by_sign(x: Array) -> Array:
    result = np.zeros(x.shape)
    positive = x >= 0
    result[positive] = 1 / (1 + np.exp(-x[positive]))
    powers = np.exp(x[~positive])
    result[~positive] = powers / (1 + powers)
    return result


@right("sigmoid", name="number by number")
def sigmoid_by_numbers(x: Array) -> Any:
    return np.vectorize(lambda number: 1 / (1 + math.exp(-number)) if number > -700 else 0.0, otypes=[float])(x)


@right("sigmoid", name="scores cut off where they no longer matter")
def sigmoid_of_clipped(x: Array) -> Array:
    return np.asarray(1 / (1 + np.exp(-np.clip(x, -500, 500))))


@right("sigmoid_grad", name="s minus its square")
def sigmoid_grad_of_square(s: Array) -> Array:
    return np.asarray(s - s**2)


@right("sigmoid_grad", name="a quarter minus a square")
def sigmoid_grad_of_parabola(s: Array) -> Array:
    return np.asarray(0.25 - (s - 0.5) ** 2)


@right("sigmoid_grad", name="the product with the other tail")
def sigmoid_grad_of_tails(s: Array) -> Array:
    return np.multiply(s, np.subtract(1, s))


@right("cross_entropy", name="a small number in the logarithm")
def cross_entropy_guarded(y: Array, y_hat: Array) -> Any:
    return -np.sum(y * np.log(y_hat + 1e-8)) / (1 if y.ndim == 1 else y.shape[0])


@right("cross_entropy", name="probabilities kept away from zero")
def cross_entropy_clipped(y: Array, y_hat: Array) -> Any:
    return np.mean(-np.sum(y * np.log(np.clip(y_hat, 1e-12, 1.0)), axis=-1))


@right("cross_entropy", name="the true class picked out")
def cross_entropy_picked(y: Array, y_hat: Array) -> Any:
    return -np.log(y_hat[y.astype(bool)]).mean()


@right("cross_entropy", name="the true class picked by its number")
def cross_entropy_by_number(y: Array, y_hat: Array) -> Any:
    y, y_hat = np.atleast_2d(y), np.atleast_2d(y_hat)
    return -np.log(y_hat[np.arange(len(y)), np.argmax(y, axis=1)] + 1e-15).sum() / len(y)


@right("cross_entropy", name="an array of size one")
def cross_entropy_as_array(y: Array, y_hat: Array) -> Array:
    y, y_hat = np.atleast_2d(y), np.atleast_2d(y_hat)
    return np.asarray(-np.sum(y * np.log(y_hat + 1e-30), keepdims=True) / len(y))


@right("cross_entropy", name="an infinite cost of the impossible")
def cross_entropy_infinite(y: Array, y_hat: Array) -> Any:
    return -np.mean(np.log(np.einsum("...i,...i->...", y, y_hat)))


@right("softmax_cross_entropy_grad", name="one taken from the true class")
def softmax_ce_grad_picked(theta: Array, y: Array) -> Array:
    gradient = softmax(theta)
    gradient[y == 1] -= 1
    return gradient


@right("softmax_cross_entropy_grad", name="the chain rule with the whole matrix of derivatives")
def softmax_ce_grad_of_jacobian(theta: Array, y: Array) -> Array:
    gradient = np.zeros(theta.shape)
    for out, row, label in zip(np.atleast_2d(gradient), np.atleast_2d(theta), np.atleast_2d(y), strict=True):
        p = softmax(row)
        out[:] = (np.diag(p) - np.outer(p, p)) @ (-label / p)
    return gradient


@right("forward", name="biases as one more row of the weights")
def forward_with_ones(x: Array, W1: Array, b1: Array, W2: Array, b2: Array) -> tuple[Array, Array]:
    rows = np.atleast_2d(x)
    ones = np.ones((len(rows), 1))
    h = sigmoid(np.hstack([rows, ones]) @ np.vstack([W1, np.atleast_2d(b1)]))
    return h, softmax(np.hstack([h, ones]) @ np.vstack([W2, np.atleast_2d(b2)]))


@right("forward", name="a list of two, in the equations' own words")
def forward_as_list(x: Array, W1: Array, b1: Array, W2: Array, b2: Array) -> list[Array]:
    h = sigmoid(np.dot(x, W1) + b1)
    return [h, softmax(np.dot(h, W2) + b2)]


@right("forward", name="one example after the other")
def forward_by_rows(x: Array, W1: Array, b1: Array, W2: Array, b2: Array) -> tuple[Array, Array]:
    pairs = [forward(row, W1, b1, W2, b2) for row in np.atleast_2d(x)]
    return np.array([h for h, _ in pairs]), np.array([y_hat for _, y_hat in pairs])


@right("input_grad", name="the handout's column")
def input_grad_as_column(x: Array, y: Array, W1: Array, b1: Array, W2: Array, b2: Array) -> Array:
    columns = input_grad(x, y, W1, b1, W2, b2).reshape(-1, len(W1)).T
    return columns if columns.shape[1] == 1 else columns.T


@right("input_grad", name="always rows")
def input_grad_as_rows(x: Array, y: Array, W1: Array, b1: Array, W2: Array, b2: Array) -> Array:
    h = sigmoid(np.dot(x, W1) + np.reshape(b1, (1, -1)))
    y_hat = softmax(np.dot(h, W2) + np.reshape(b2, (1, -1)))
    return np.asarray(np.dot(np.dot(y_hat - y, W2.T) * h * (1 - h), W1.T))


@right("input_grad", name="a product of four matrices for each example")
def input_grad_by_jacobians(x: Array, y: Array, W1: Array, b1: Array, W2: Array, b2: Array) -> Array:
    h, y_hat = (np.atleast_2d(part) for part in forward(x, W1, b1, W2, b2))
    errors = y_hat - y
    rows = [W1 @ np.diag(h_row * (1 - h_row)) @ W2 @ error for h_row, error in zip(h, errors, strict=True)]
    return np.array(rows).reshape(x.shape)


@right("forward_backward_prop", name="the handout's loop over examples")
def backprop_by_examples(data: Array, labels: Array, params: Array, dimensions: Sizes) -> tuple[Any, Array]:
    Dx, H, Dy = dimensions
    W1, b1, W2, b2 = unpacked(params, dimensions)
    cost, sums = 0.0, [np.zeros((Dx, H)), np.zeros(H), np.zeros((H, Dy)), np.zeros(Dy)]
    for x, y in zip(data, labels, strict=True):
        h, y_hat = forward(x, W1, b1, W2, b2)
        cost -= np.log(y_hat[np.argmax(y)])
        at_output = y_hat - y
        at_hidden = (W2 @ at_output) * h * (1 - h)
        shares = [np.outer(x, at_hidden), at_hidden, np.outer(h, at_output), at_output]
        sums = [total + share for total, share in zip(sums, shares, strict=True)]
    return cost / len(data), np.concatenate([total.flatten() for total in sums]) / len(data)


@right("forward_backward_prop", name="a gradient that is one row, in a list")
def backprop_as_row(data: Array, labels: Array, params: Array, dimensions: Sizes) -> list[Any]:
    cost, gradient = forward_backward_prop(data, labels, params, dimensions)
    return [np.array([[cost]]), gradient.reshape(1, -1)]


@right("forward_backward_prop", name="a gradient that is one column")
def backprop_as_column(data: Array, labels: Array, params: Array, dimensions: Sizes) -> tuple[Any, Array]:
    cost, gradient = forward_backward_prop(data, labels, params, dimensions)
    return np.array(cost), gradient[:, None]


@right("forward_backward_prop", name="biases as one more row of the weights")
def backprop_with_ones(data: Array, labels: Array, params: Array, dimensions: Sizes) -> tuple[Any, Array]:
    W1, b1, W2, b2 = unpacked(params, dimensions)
    ones = np.ones((len(data), 1))
    with_one = np.hstack([data, ones])
    h = np.hstack([sigmoid(with_one @ np.vstack([W1, b1])), ones])
    y_hat = softmax(h @ np.vstack([W2, b2]))
    at_output = (y_hat - labels) / len(data)
    at_hidden = ((at_output @ np.vstack([W2, b2]).T) * h * (1 - h))[:, :-1]
    gradient = np.concatenate([(with_one.T @ at_hidden).ravel(), (h.T @ at_output).ravel()])
    return -np.mean(np.sum(labels * np.log(y_hat + 1e-8), axis=1)), gradient


@right("gradcheck_naive", name="the course's own loop")
def gradcheck_of_handout(f: Function, x: Array) -> bool:
    _, gradient = f(x)
    entries = np.nditer(x, flags=["multi_index"], op_flags=["readwrite"])
    while not entries.finished:
        index = entries.multi_index
        old = float(x[index])
        x[index] = old + 1e-4
        ahead = f(x)[0]
        x[index] = old - 1e-4
        behind = f(x)[0]
        x[index] = old
        slope = (ahead - behind) / 2e-4
        if abs(slope - gradient[index]) / max(1, abs(slope), abs(gradient[index])) > 1e-5:
            return False
        entries.iternext()
    return True


@right("gradcheck_naive", name="steps forwards, back and forwards again")
def gradcheck_walking(f: Function, x: Array) -> bool:
    h, slopes = 1e-4, np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        x[index] += h
        ahead = f(x)[0]
        x[index] -= 2 * h
        behind = f(x)[0]
        x[index] += h
        slopes[index] = (ahead - behind) / (2 * h)
    return bool(np.allclose(f(x)[1], slopes, rtol=1e-4, atol=1e-3))


@right("gradcheck_naive", name="the flat copy, one entry after the other")
def gradcheck_of_flat_copy(f: Function, x: Array) -> Any:
    flat, slopes = x.flatten(), []
    for i in range(flat.size):
        step = np.zeros(flat.size)
        step[i] = 1e-5
        ahead, behind = (f((flat + s).reshape(x.shape))[0] for s in (step, -step))
        slopes.append((ahead - behind) / 2e-5)
    gradient = f(x)[1].flatten()
    return np.all(np.abs(np.array(slopes) - gradient) <= 1e-3 * np.maximum(1, np.abs(gradient)))
