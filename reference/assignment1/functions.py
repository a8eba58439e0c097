"""Assignment 1, solved: softmax, sigmoid, cross entropy, and the gradients of a network with one hidden layer.

One example is one row. N is the number of rows; Dx, H and Dy are the sizes of input, hidden layer and output:

    h = sigmoid(x W1 + b1)        y_hat = softmax(h W2 + b2)        CE(y, y_hat) = -sum_i y_i log(y_hat_i)

The gradients are the closed forms that the written half of the handout derives; its sections stand in brackets.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

#: Stands in for a true class's probability of zero: its logarithm is finite, so a cost never is NaN or infinite.
LEAST_PROBABILITY = float(np.finfo(np.float64).tiny)


def softmax(x: Array) -> Array:
    """The distribution of each row: `exp(x_i) / sum_j exp(x_j)`. `x` and the result are (D,) or (N, D).

    Softmax doesn't change when a constant is taken from a row [1a]: with the row's maximum taken, nothing overflows.
    """
    powers = np.exp(x - np.max(x, axis=-1, keepdims=True))
    return np.asarray(powers / np.sum(powers, axis=-1, keepdims=True))


def sigmoid(x: Array) -> Array:
    """`1 / (1 + exp(-x))`, elementwise, for any shape.

    Written with `exp(-|x|)`, which can't overflow, and which keeps all digits of tiny results.
    """
    power = np.exp(-np.abs(x))
    return np.asarray(np.where(np.asarray(x) >= 0, 1.0, power) / (1.0 + power))


def sigmoid_grad(s: Array) -> Array:
    """The derivative of the sigmoid where its VALUE is `s`: `s (1 - s)` [2a], elementwise, for any shape."""
    return np.asarray(s * (1.0 - s))


def cross_entropy(y: Array, y_hat: Array) -> float:
    """The mean over the rows of `-sum_i y_i log(y_hat_i)` [2b]; `y` is one-hot. Both are (D,) or (N, D)."""
    of_true_class = np.sum(y * y_hat, axis=-1)
    return float(-np.mean(np.log(np.maximum(of_true_class, LEAST_PROBABILITY))))


def softmax_cross_entropy_grad(theta: Array, y: Array) -> Array:
    """The gradient of each row's own `CE(y, softmax(theta))` with respect to `theta`: `y_hat - y` [2b].

    `theta`, `y` and the result are (D,) or (N, D).
    """
    return softmax(theta) - y


def forward(x: Array, W1: Array, b1: Array, W2: Array, b2: Array) -> tuple[Array, Array]:
    """The hidden activations `h` and the output `y_hat` of the network [2c].

    `x` is (Dx,) or (N, Dx), W1 (Dx, H), W2 (H, Dy); the biases are (H,) and (Dy,), or one row each. A vector gives
    vectors, rows give rows.
    """
    h = sigmoid(x @ W1 + np.ravel(b1))
    return h, softmax(h @ W2 + np.ravel(b2))


def input_grad(x: Array, y: Array, W1: Array, b1: Array, W2: Array, b2: Array) -> Array:
    """The gradient of each row's own cross entropy with respect to `x`, in the shape of `x` [2c].

    The chain rule from the output back: `((y_hat - y) W2^T * h (1 - h)) W1^T`.
    """
    h, y_hat = forward(x, W1, b1, W2, b2)
    return np.asarray(_through_hidden_layer(y_hat - y, W2, h) @ W1.T)


def forward_backward_prop(
    data: Array, labels: Array, params: Array, dimensions: tuple[int, int, int]
) -> tuple[float, Array]:
    """The mean cross entropy over the rows of `data`, and its gradient with respect to the flat `params` [2c].

    `data` is (N, Dx), `labels` (N, Dy), `dimensions` (Dx, H, Dy). `params` and the gradient are (P,), and hold W1, b1,
    W2 and b2, each row by row.
    """
    W1, b1, W2, b2 = unpacked(params, dimensions)
    h, y_hat = forward(data, W1, b1, W2, b2)
    at_output = (y_hat - labels) / len(data)
    at_hidden = _through_hidden_layer(at_output, W2, h)
    gradients = (data.T @ at_hidden, at_hidden.sum(axis=0), h.T @ at_output, at_output.sum(axis=0))
    return cross_entropy(labels, y_hat), np.concatenate([gradient.ravel() for gradient in gradients])


def unpacked(params: Array, dimensions: tuple[int, int, int]) -> tuple[Array, Array, Array, Array]:
    """W1 (Dx, H), b1 (H,), W2 (H, Dy) and b2 (Dy,), as they stand one after the other in the flat `params`."""
    Dx, H, Dy = (int(size) for size in dimensions)
    W1, b1, W2, b2 = np.split(np.ravel(params), np.cumsum([Dx * H, H, H * Dy]))
    return W1.reshape(Dx, H), b1, W2.reshape(H, Dy), b2


def _through_hidden_layer(at_output: Array, W2: Array, h: Array) -> Array:
    """The gradient with respect to the hidden layer's scores `x W1 + b1`, from that with respect to the output's."""
    return np.asarray((at_output @ W2.T) * sigmoid_grad(h))


def least_true_probability(data: Array, labels: Array, params: Array, dimensions: tuple[int, int, int]) -> float:
    """The smallest probability that the network gives to a row's true class.

    For a rubric's `where:`. Where it is at least 0.02, a cost of `-log(p + 1e-8)` is right too.
    """
    _, y_hat = forward(data, *unpacked(params, dimensions))
    return float(np.min(np.sum(labels * y_hat, axis=-1)))


#: The step of the differences. Their truncation falls with its fourth power, and cost's rounding grows as it shrinks.
STEP = 5e-3
#: A gradient is right if no entry is further off than this, or than this share of the slope: half of what a wrong
#: gradient is off by at least.
ABSOLUTE, RELATIVE = 0.01, 0.005


def gradcheck_naive(f: Callable[[Array], tuple[float, Array]], x: Array) -> bool:
    """Whether the gradient that `f(x) -> (cost, gradient)` gives is the slope of its cost [2c].

    `x` has any shape, 0-d too, and is left alone. Each entry's slope is measured by central differences of two step
    sizes, extrapolated after Richardson.
    """
    gradient = np.array(f(np.array(x))[1])
    slopes = np.array([_slope(f, x, index) for index in np.ndindex(np.shape(x))]).reshape(np.shape(x))
    # NaN compares as False, so it counts as wrong.
    return bool(np.all(np.abs(gradient - slopes) <= np.maximum(ABSOLUTE, RELATIVE * np.abs(slopes))))


def _slope(f: Callable[[Array], tuple[float, Array]], x: Array, index: tuple[int, ...]) -> float:
    """The slope of f's cost along one entry of `x`, right to O(STEP**4)."""

    def cost(steps: int) -> float:
        moved = np.array(x)
        moved[index] += steps * STEP
        return float(f(moved)[0])

    return (8 * (cost(1) - cost(-1)) - (cost(2) - cost(-2))) / (12 * STEP)
