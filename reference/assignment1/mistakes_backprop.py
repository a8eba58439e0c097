"""What goes wrong in forward_backward_prop as a whole. Names continue "your answers agree with: ..."."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from backprop_parts import CostAndGradient, Sizes, flattened, network_of, right_gradient_blocks
from functions import cross_entropy, forward_backward_prop, sigmoid, softmax, unpacked

from grader.reference import mistake

Array = npt.NDArray[np.float64]

MEAN_HINT = "Give the same rows once and twice: neither the cost nor the gradient should change."


@mistake(
    "forward_backward_prop",
    name="the sum over the rows, in cost and gradient alike",
    hint=MEAN_HINT,
    credit="1/2",
    same_as="the sum over the rows, not the mean",
)
def backprop_sum(data: Array, labels: Array, params: Array, dimensions: Sizes) -> CostAndGradient:
    cost, gradient = forward_backward_prop(data, labels, params, dimensions)
    return len(data) * cost, len(data) * gradient


@mistake(
    "forward_backward_prop",
    name="the cost as a sum over the rows, the gradient as a mean",
    hint="The two don't belong together: would gradcheck_naive accept this pair?",
    credit="1/2",
)
def backprop_sum_of_cost(data: Array, labels: Array, params: Array, dimensions: Sizes) -> CostAndGradient:
    cost, gradient = forward_backward_prop(data, labels, params, dimensions)
    return len(data) * cost, gradient


@mistake(
    "forward_backward_prop",
    name="the cost as a mean over the rows, the gradient as a sum",
    hint="The two don't belong together: would gradcheck_naive accept this pair?",
    credit="1/2",
)
def backprop_sum_of_gradient(data: Array, labels: Array, params: Array, dimensions: Sizes) -> CostAndGradient:
    cost, gradient = forward_backward_prop(data, labels, params, dimensions)
    return cost, len(data) * gradient


@mistake(
    "forward_backward_prop",
    name="a gradient divided by the number of rows twice",
    hint=MEAN_HINT,
    credit="1/2",
)
def backprop_divided_twice(data: Array, labels: Array, params: Array, dimensions: Sizes) -> CostAndGradient:
    cost, gradient = forward_backward_prop(data, labels, params, dimensions)
    return cost, gradient / len(data)


@mistake(
    "forward_backward_prop",
    name="cost and gradient divided by the number of rows twice",
    hint=MEAN_HINT,
    credit="1/2",
    same_as="a cost divided by the number of rows twice",
)
def backprop_all_divided_twice(data: Array, labels: Array, params: Array, dimensions: Sizes) -> CostAndGradient:
    cost, gradient = forward_backward_prop(data, labels, params, dimensions)
    return cost / len(data), gradient / len(data)


@mistake(
    "forward_backward_prop",
    name="a mean over all entries of the labels, not over the rows",
    hint="The mean is over examples. How many of them are there in an array of shape (N, Dy)?",
    credit="1/2",
    same_as="a sum divided by the number of all entries",
)
def backprop_mean_of_entries(data: Array, labels: Array, params: Array, dimensions: Sizes) -> CostAndGradient:
    cost, gradient = forward_backward_prop(data, labels, params, dimensions)
    return cost / labels.shape[1], gradient / labels.shape[1]


@mistake(
    "forward_backward_prop",
    name="the sign turned, in cost and gradient alike",
    hint="The logarithm of a probability is never positive, and a cost is never negative.",
    credit="1/4",
    same_as="a cost with its sign turned",
)
def backprop_negative(data: Array, labels: Array, params: Array, dimensions: Sizes) -> CostAndGradient:
    cost, gradient = forward_backward_prop(data, labels, params, dimensions)
    return -cost, -gradient


@mistake(
    "forward_backward_prop",
    name="a gradient with its sign turned",
    hint="Take a small step against your gradient: does the cost fall?",
    credit="1/4",
)
def backprop_negative_gradient(data: Array, labels: Array, params: Array, dimensions: Sizes) -> CostAndGradient:
    cost, gradient = forward_backward_prop(data, labels, params, dimensions)
    return cost, -gradient


@mistake(
    "forward_backward_prop",
    name="a cost with its sign turned",
    hint="The logarithm of a probability is never positive, and a cost is never negative.",
    credit="1/2",
)
def backprop_negative_cost(data: Array, labels: Array, params: Array, dimensions: Sizes) -> CostAndGradient:
    cost, gradient = forward_backward_prop(data, labels, params, dimensions)
    return -cost, gradient


@mistake(
    "forward_backward_prop",
    name="one number per example as the cost",
    hint="The cost of a batch is a single number.",
    credit="1/2",
    same_as="one number per example, not one for the batch",
)
def backprop_with_costs(data: Array, labels: Array, params: Array, dimensions: Sizes) -> tuple[Array, Array]:
    net = network_of(data, params, dimensions)
    return -np.log(np.sum(labels * net.y_hat, axis=1)), flattened(right_gradient_blocks(data, labels, net))


@mistake(
    "forward_backward_prop",
    name="every class as a yes-or-no question in the cost, with the gradient of cross entropy",
    hint="The cost sums over the true class only. Would gradcheck_naive accept this pair?",
    credit="1/2",
    same_as="every class as a yes-or-no question of its own",
)
def backprop_with_binary_cost(data: Array, labels: Array, params: Array, dimensions: Sizes) -> CostAndGradient:
    net = network_of(data, params, dimensions)
    of_true = np.sum(labels * np.log(net.y_hat) + (1.0 - labels) * np.log(1.0 - net.y_hat))
    return float(-of_true / len(data)), flattened(right_gradient_blocks(data, labels, net))


@mistake(
    "forward_backward_prop",
    name="sigmoid at the output, with the gradient of softmax",
    hint="What should each row of y_hat sum to?",
    credit="1/4",
    same_as="sigmoid in place of softmax at the output",
)
def backprop_of_sigmoid_output(data: Array, labels: Array, params: Array, dimensions: Sizes) -> CostAndGradient:
    net = network_of(data, params, dimensions)
    net = net._replace(y_hat=sigmoid(net.h @ net.W2 + net.b2))
    return cross_entropy(labels, net.y_hat), flattened(right_gradient_blocks(data, labels, net))


@mistake(
    "forward_backward_prop",
    name="one softmax for all rows",
    hint="Each row of y_hat is a distribution of its own.",
    credit="1/4",
)
def backprop_with_one_sum(data: Array, labels: Array, params: Array, dimensions: Sizes) -> CostAndGradient:
    net = network_of(data, params, dimensions)
    scores = net.h @ net.W2 + net.b2
    net = net._replace(y_hat=softmax(scores.ravel()).reshape(scores.shape))
    return cross_entropy(labels, net.y_hat), flattened(right_gradient_blocks(data, labels, net))


@mistake(
    "forward_backward_prop",
    name="a network without biases",
    hint="Does your cost change when only a bias changes?",
    credit="1/4",
)
def backprop_without_biases(data: Array, labels: Array, params: Array, dimensions: Sizes) -> CostAndGradient:
    W1, b1, W2, b2 = unpacked(params, dimensions)
    weights_only = flattened([W1, 0.0 * b1, W2, 0.0 * b2])
    return forward_backward_prop(data, labels, weights_only, dimensions)


@mistake(
    "forward_backward_prop",
    name="the first example only",
    hint="Change the last row of data: do your cost and gradient notice?",
)
def backprop_of_first(data: Array, labels: Array, params: Array, dimensions: Sizes) -> CostAndGradient:
    return forward_backward_prop(data[:1], labels[:1], params, dimensions)


@mistake(
    "forward_backward_prop",
    name="the last example's gradient only",
    hint="The gradient of a mean: what happens to the other examples' shares in your loop?",
)
def backprop_of_last(data: Array, labels: Array, params: Array, dimensions: Sizes) -> CostAndGradient:
    cost, _ = forward_backward_prop(data, labels, params, dimensions)
    return cost, forward_backward_prop(data[-1:], labels[-1:], params, dimensions)[1]


@mistake(
    "forward_backward_prop",
    name="gradients in their matrices, not in one flat vector",
    hint="The gradient should look like params: how many entries in how many axes?",
    credit="1/2",
)
def backprop_unflattened(data: Array, labels: Array, params: Array, dimensions: Sizes) -> tuple[float, list[Array]]:
    net = network_of(data, params, dimensions)
    return cross_entropy(labels, net.y_hat), right_gradient_blocks(data, labels, net)


@mistake(
    "forward_backward_prop",
    name="the pair in the order gradient, cost",
    hint="Which of the two comes first?",
    credit="1/2",
)
def backprop_in_other_order(data: Array, labels: Array, params: Array, dimensions: Sizes) -> tuple[Array, float]:
    cost, gradient = forward_backward_prop(data, labels, params, dimensions)
    return gradient, cost


@mistake(
    "forward_backward_prop",
    name="right answers, and params that are changed through their views",
    hint="W1 is a view of params: what does `-=` on it do to the caller's array?",
    credit="3/4",
)
def backprop_with_a_step_on_params(data: Array, labels: Array, params: Array, dimensions: Sizes) -> CostAndGradient:
    cost, gradient = forward_backward_prop(data, labels, params, dimensions)
    params -= gradient
    return cost, gradient


@mistake(
    "forward_backward_prop",
    name="right answers, and a gradient that is written into params",
    hint="What does params hold after the call? Each of your blocks may be a view of it.",
    credit="3/4",
)
def backprop_into_params(data: Array, labels: Array, params: Array, dimensions: Sizes) -> CostAndGradient:
    cost, gradient = forward_backward_prop(data, labels, params, dimensions)
    params[...] = gradient
    return cost, params


@mistake(
    "forward_backward_prop",
    name="right answers, and labels that are changed",
    hint="What do the labels hold after the call? `-=` changes the caller's array.",
    credit="3/4",
)
def backprop_into_labels(data: Array, labels: Array, params: Array, dimensions: Sizes) -> CostAndGradient:
    cost, gradient = forward_backward_prop(data, labels, params, dimensions)
    labels -= network_of(data, params, dimensions).y_hat
    return cost, gradient
