"""The network of assignment 1 as CS224n has it: the cost is the sum over the rows of the data."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from functions import cross_entropy, forward, sigmoid, sigmoid_grad, unpacked

from grader.reference import convention, mistake, right

Array = npt.NDArray[np.float64]
Sizes = tuple[int, int, int]
CostAndGradient = tuple[float, Array]


def forward_backward_prop(X: Array, labels: Array, params: Array, dimensions: Sizes) -> CostAndGradient:
    """The summed cross entropy over the rows of X, and its gradient with respect to the flat params.

    X is (N, Dx), labels (N, Dy) are one-hot, dimensions is (Dx, H, Dy); params and the gradient hold W1, b1, W2 and b2,
    each row by row.
    """
    W1, b1, W2, b2 = unpacked(params, dimensions)
    h, y_hat = forward(X, W1, b1, W2, b2)
    at_output = y_hat - labels
    at_hidden = at_output @ W2.T * sigmoid_grad(h)
    gradients = (X.T @ at_hidden, at_hidden.sum(axis=0), h.T @ at_output, at_output.sum(axis=0))
    return len(X) * cross_entropy(labels, y_hat), np.concatenate([np.ravel(each) for each in gradients])


@convention("forward_backward_prop", name="the mean over the rows")
def forward_backward_prop_of_mean(X: Array, labels: Array, params: Array, dimensions: Sizes) -> CostAndGradient:
    cost, gradient = forward_backward_prop(X, labels, params, dimensions)
    return cost / len(X), gradient / len(X)


@right("forward_backward_prop", name="one row after the other")
def forward_backward_prop_by_rows(X: Array, labels: Array, params: Array, dimensions: Sizes) -> CostAndGradient:
    of_rows = [forward_backward_prop(X[i : i + 1], labels[i : i + 1], params, dimensions) for i in range(len(X))]
    return sum(cost for cost, _ in of_rows), np.asarray(sum(gradient for _, gradient in of_rows))


@mistake(
    "forward_backward_prop",
    name="a mean cost with the gradient of the sum",
    hint="Cost and gradient belong together: sum both over the rows, or take the mean of both.",
    credit="3/4",
)
def mean_cost(X: Array, labels: Array, params: Array, dimensions: Sizes) -> CostAndGradient:
    cost, gradient = forward_backward_prop(X, labels, params, dimensions)
    return cost / len(X), gradient


@mistake(
    "forward_backward_prop",
    name="a summed cost with the gradient of the mean",
    hint="Cost and gradient belong together: sum both over the rows, or take the mean of both.",
    credit="3/4",
)
def mean_gradient(X: Array, labels: Array, params: Array, dimensions: Sizes) -> CostAndGradient:
    cost, gradient = forward_backward_prop(X, labels, params, dimensions)
    return cost, gradient / len(X)


@mistake(
    "forward_backward_prop",
    name="no derivative of the hidden layer's sigmoid",
    hint="On the way back through h = sigmoid(z), the chain rule asks for a factor.",
    credit="1/2",
)
def no_slope(X: Array, labels: Array, params: Array, dimensions: Sizes) -> CostAndGradient:
    W1, b1, W2, b2 = unpacked(params, dimensions)
    _, y_hat = forward(X, W1, b1, W2, b2)
    cost, gradient = forward_backward_prop(X, labels, params, dimensions)
    at_hidden = (y_hat - labels) @ W2.T
    return cost, np.concatenate([np.ravel(X.T @ at_hidden), at_hidden.sum(axis=0), gradient[W1.size + b1.size :]])


@mistake(
    "forward_backward_prop",
    name="bias gradients that are means over the rows",
    hint="Every row adds its share to the gradient of a bias.",
    credit="3/4",
)
def mean_of_biases(X: Array, labels: Array, params: Array, dimensions: Sizes) -> CostAndGradient:
    cost, gradient = forward_backward_prop(X, labels, params, dimensions)
    W1, b1, W2, b2 = unpacked(gradient, dimensions)
    return cost, np.concatenate([np.ravel(W1), b1 / len(X), np.ravel(W2), b2 / len(X)])


@mistake(
    "forward_backward_prop",
    name="the gradient's blocks in another order than the parameters'",
    hint="params holds W1, b1, W2, b2, and so does the gradient.",
    credit="3/4",
)
def other_order(X: Array, labels: Array, params: Array, dimensions: Sizes) -> CostAndGradient:
    cost, gradient = forward_backward_prop(X, labels, params, dimensions)
    return cost, np.concatenate([np.ravel(unpacked(gradient, dimensions)[i]) for i in (0, 2, 1, 3)])


@mistake(
    "forward_backward_prop",
    name="the gradient with the opposite sign",
    hint="Which is it at the output, y_hat - y or y - y_hat?",
    credit="3/4",
)
def other_sign(X: Array, labels: Array, params: Array, dimensions: Sizes) -> CostAndGradient:
    cost, gradient = forward_backward_prop(X, labels, params, dimensions)
    return cost, -gradient


@mistake(
    "forward_backward_prop",
    name="the sign turned, in cost and gradient alike",
    hint="The logarithm of a probability is never positive, and a cost is never negative.",
    credit="1/4",
    same_as="a cost with its sign turned",
)
def both_signs(X: Array, labels: Array, params: Array, dimensions: Sizes) -> CostAndGradient:
    cost, gradient = forward_backward_prop(X, labels, params, dimensions)
    return -cost, -gradient


@mistake(
    "forward_backward_prop",
    name="a sigmoid at the output, with the gradient of softmax",
    hint="What should each row of y_hat sum to?",
    credit="1/4",
)
def sigmoid_at_output(X: Array, labels: Array, params: Array, dimensions: Sizes) -> CostAndGradient:
    W1, b1, W2, b2 = unpacked(params, dimensions)
    h, _ = forward(X, W1, b1, W2, b2)
    y_hat = sigmoid(h @ W2 + np.ravel(b2))
    at_output = y_hat - labels
    at_hidden = at_output @ W2.T * sigmoid_grad(h)
    gradients = (X.T @ at_hidden, at_hidden.sum(axis=0), h.T @ at_output, at_output.sum(axis=0))
    return len(X) * cross_entropy(labels, y_hat), np.concatenate([np.ravel(each) for each in gradients])
