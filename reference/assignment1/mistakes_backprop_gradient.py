"""What goes wrong in the gradient of forward_backward_prop. Names continue "your answers agree with: ..."."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from backprop_parts import (
    CostAndGradient,
    Network,
    Sizes,
    flattened,
    gradient_blocks,
    network_of,
    right_gradient_blocks,
)
from functions import cross_entropy, forward, sigmoid, unpacked

from grader.reference import mistake

Array = npt.NDArray[np.float64]

SLOPE_HINT = (
    "Question 2(a) gives the derivative as a function of the sigmoid's value. What do you put into it, and where?"
)


def _with_slopes(
    data: Array, labels: Array, params: Array, dimensions: Sizes, slopes: Callable[[Network], Array | float]
) -> CostAndGradient:
    """The right answer, but for the derivative of the hidden layer."""
    net = network_of(data, params, dimensions)
    blocks = gradient_blocks(data, net, (net.y_hat - labels) / len(data), slopes(net))
    return cross_entropy(labels, net.y_hat), flattened(blocks)


def _with_output(
    data: Array, labels: Array, params: Array, dimensions: Sizes, at_output: Callable[[Network], Array]
) -> CostAndGradient:
    """The right answer, but for the gradient at the output's scores."""
    net = network_of(data, params, dimensions)
    blocks = gradient_blocks(data, net, at_output(net), net.h * (1.0 - net.h))
    return cross_entropy(labels, net.y_hat), flattened(blocks)


def _with_blocks(
    data: Array, labels: Array, params: Array, dimensions: Sizes, change: Callable[..., list[Array]]
) -> CostAndGradient:
    """The right answer, but for what `change(W1, b1, W2, b2)` makes of the four gradients."""
    net = network_of(data, params, dimensions)
    return cross_entropy(labels, net.y_hat), flattened(change(*right_gradient_blocks(data, labels, net)))


@mistake(
    "forward_backward_prop",
    name="y_hat - labels / N, without brackets",
    hint="Division goes before subtraction: what does it divide here?",
    credit="1/2",
)
def backprop_without_brackets(data: Array, labels: Array, params: Array, dimensions: Sizes) -> CostAndGradient:
    return _with_output(data, labels, params, dimensions, lambda net: net.y_hat - labels / len(data))


@mistake(
    "forward_backward_prop",
    name="the probabilities, without the labels, at the output",
    hint="Does your gradient depend on which class is the true one?",
)
def backprop_without_labels(data: Array, labels: Array, params: Array, dimensions: Sizes) -> CostAndGradient:
    return _with_output(data, labels, params, dimensions, lambda net: net.y_hat / len(data))


@mistake(
    "forward_backward_prop",
    name="an extra factor y_hat (1 - y_hat) at the output",
    hint="Question 2(b): which derivative is already contained in the result?",
    credit="1/4",
)
def backprop_with_extra_slope(data: Array, labels: Array, params: Array, dimensions: Sizes) -> CostAndGradient:
    return _with_output(
        data,
        labels,
        params,
        dimensions,
        lambda net: (net.y_hat - labels) * net.y_hat * (1.0 - net.y_hat) / len(data),
    )


@mistake("forward_backward_prop", name="a chain rule without the sigmoid's derivative", hint=SLOPE_HINT, credit="1/2")
def backprop_without_slopes(data: Array, labels: Array, params: Array, dimensions: Sizes) -> CostAndGradient:
    return _with_slopes(data, labels, params, dimensions, lambda net: 1.0)


@mistake(
    "forward_backward_prop",
    name="sigma' = s (1 - s) with the score in place of s",
    hint=SLOPE_HINT,
    credit="1/2",
)
def backprop_with_slopes_of_scores(data: Array, labels: Array, params: Array, dimensions: Sizes) -> CostAndGradient:
    def slopes(net: Network) -> Array:
        z = data @ net.W1 + net.b1
        return np.asarray(z * (1.0 - z))

    return _with_slopes(data, labels, params, dimensions, slopes)


@mistake(
    "forward_backward_prop",
    name="the sigmoid applied to h once more before its derivative",
    hint="sigmoid_grad takes the sigmoid's value. How often has the sigmoid been applied to what you give it?",
    credit="1/2",
)
def backprop_with_slopes_at_h(data: Array, labels: Array, params: Array, dimensions: Sizes) -> CostAndGradient:
    return _with_slopes(data, labels, params, dimensions, lambda net: sigmoid(net.h) * (1.0 - sigmoid(net.h)))


@mistake(
    "forward_backward_prop",
    name="the hyperbolic tangent's derivative",
    hint="Which derivative belongs to the hidden layer's activation?",
    credit="1/2",
)
def backprop_with_slopes_of_tanh(data: Array, labels: Array, params: Array, dimensions: Sizes) -> CostAndGradient:
    return _with_slopes(data, labels, params, dimensions, lambda net: 1.0 - net.h * net.h)


@mistake(
    "forward_backward_prop",
    name="h in place of the sigmoid's derivative",
    hint="Where a hidden unit is nearly 0 or 1, how much can W1 still change its value?",
    credit="1/4",
)
def backprop_with_values_for_slopes(data: Array, labels: Array, params: Array, dimensions: Sizes) -> CostAndGradient:
    return _with_slopes(data, labels, params, dimensions, lambda net: net.h)


@mistake(
    "forward_backward_prop",
    name="W2's gradient taken from the data, not from h",
    hint="Which layer feeds W2? Equal sizes hide it.",
    credit="1/4",
)
def backprop_with_data_for_h(data: Array, labels: Array, params: Array, dimensions: Sizes) -> CostAndGradient:
    net = network_of(data, params, dimensions)
    at_output = (net.y_hat - labels) / len(data)
    W1, b1, _, b2 = right_gradient_blocks(data, labels, net)
    return cross_entropy(labels, net.y_hat), flattened([W1, b1, data.T @ at_output, b2])


@mistake(
    "forward_backward_prop",
    name="W2's gradient transposed",
    hint="Compare the shape of each block with the shape of what it is the gradient of.",
    credit="1/2",
)
def backprop_with_transposed_second_block(
    data: Array, labels: Array, params: Array, dimensions: Sizes
) -> CostAndGradient:
    return _with_blocks(data, labels, params, dimensions, lambda W1, b1, W2, b2: [W1, b1, W2.T, b2])


@mistake(
    "forward_backward_prop",
    name="blocks that are flattened column by column",
    hint="params holds each matrix row by row; so should the gradient. Wide matrices show it.",
    credit="1/2",
)
def backprop_by_columns(data: Array, labels: Array, params: Array, dimensions: Sizes) -> CostAndGradient:
    return _with_blocks(data, labels, params, dimensions, lambda W1, b1, W2, b2: [W1.T, b1, W2.T, b2])


@mistake(
    "forward_backward_prop",
    name="params that are read column by column",
    hint="params holds each matrix row by row. Wide matrices show it.",
    credit="1/4",
)
def backprop_of_columns(data: Array, labels: Array, params: Array, dimensions: Sizes) -> CostAndGradient:
    W1, b1, W2, b2 = unpacked(params, dimensions)
    W1, W2 = W1.ravel().reshape(W1.shape, order="F"), W2.ravel().reshape(W2.shape, order="F")
    net = Network(W1, b1, W2, b2, *forward(data, W1, b1, W2, b2))
    return cross_entropy(labels, net.y_hat), flattened(right_gradient_blocks(data, labels, net))


@mistake(
    "forward_backward_prop",
    name="the gradient's blocks in the order W1, W2, b1, b2",
    hint="In which order does params hold the blocks?",
    credit="1/2",
)
def backprop_with_biases_last(data: Array, labels: Array, params: Array, dimensions: Sizes) -> CostAndGradient:
    return _with_blocks(data, labels, params, dimensions, lambda W1, b1, W2, b2: [W1, W2, b1, b2])


@mistake(
    "forward_backward_prop",
    name="the gradient's blocks in the order W2, b2, W1, b1",
    hint="In which order does params hold the blocks?",
    credit="1/2",
)
def backprop_with_output_first(data: Array, labels: Array, params: Array, dimensions: Sizes) -> CostAndGradient:
    return _with_blocks(data, labels, params, dimensions, lambda W1, b1, W2, b2: [W2, b2, W1, b1])


@mistake(
    "forward_backward_prop",
    name="the gradient's blocks in the order b1, W1, b2, W2",
    hint="In which order does params hold the blocks?",
    credit="1/2",
)
def backprop_with_biases_first(data: Array, labels: Array, params: Array, dimensions: Sizes) -> CostAndGradient:
    return _with_blocks(data, labels, params, dimensions, lambda W1, b1, W2, b2: [b1, W1, b2, W2])


@mistake(
    "forward_backward_prop",
    name="zeros for the biases' gradients",
    hint="Does the cost change when only a bias changes?",
    credit="1/2",
)
def backprop_without_bias_gradients(data: Array, labels: Array, params: Array, dimensions: Sizes) -> CostAndGradient:
    return _with_blocks(data, labels, params, dimensions, lambda W1, b1, W2, b2: [W1, 0.0 * b1, W2, 0.0 * b2])


@mistake(
    "forward_backward_prop",
    name="the biases' gradients of the last example only",
    hint="A bias is used by every example: what happens to their shares of the gradient?",
    credit="1/2",
)
def backprop_with_biases_of_last(data: Array, labels: Array, params: Array, dimensions: Sizes) -> CostAndGradient:
    net = network_of(data, params, dimensions)
    at_output = (net.y_hat - labels) / len(data)
    at_hidden = (at_output @ net.W2.T) * net.h * (1.0 - net.h)
    blocks = [data.T @ at_hidden, at_hidden[-1], net.h.T @ at_output, at_output[-1]]
    return cross_entropy(labels, net.y_hat), flattened(blocks)


@mistake(
    "forward_backward_prop",
    name="the biases' gradients divided by the number of rows twice",
    hint="The weights' gradients are means already because of what flows back. And the biases'?",
    credit="1/2",
)
def backprop_with_biases_divided_twice(data: Array, labels: Array, params: Array, dimensions: Sizes) -> CostAndGradient:
    return _with_blocks(
        data,
        labels,
        params,
        dimensions,
        lambda W1, b1, W2, b2: [W1, b1 / len(data), W2, b2 / len(data)],
    )


@mistake(
    "forward_backward_prop",
    name="the biases' gradients as a sum, the weights' as a mean",
    hint="The cost is one mean: which blocks of your gradient belong to it?",
    credit="1/2",
)
def backprop_with_sums_for_biases(data: Array, labels: Array, params: Array, dimensions: Sizes) -> CostAndGradient:
    return _with_blocks(
        data,
        labels,
        params,
        dimensions,
        lambda W1, b1, W2, b2: [W1, b1 * len(data), W2, b2 * len(data)],
    )


@mistake(
    "forward_backward_prop",
    name="zeros for the hidden layer's gradients",
    hint="Does the cost change when only W1 changes?",
    credit="1/4",
)
def backprop_of_output_layer(data: Array, labels: Array, params: Array, dimensions: Sizes) -> CostAndGradient:
    return _with_blocks(data, labels, params, dimensions, lambda W1, b1, W2, b2: [0.0 * W1, 0.0 * b1, W2, b2])
