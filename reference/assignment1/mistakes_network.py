"""What goes wrong in forward and input_grad. Names continue "your answers agree with: ..."."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from functions import forward, input_grad, sigmoid, softmax

from grader.reference import mistake

Array = npt.NDArray[np.float64]
Pair = tuple[Array, Array]

DISTRIBUTION_HINT = "What should each row of y_hat sum to?"
CHAIN_HINT = "Walk back from the cost to x: which factor does each layer add, and at what point is it taken?"


def _hidden_scores(x: Array, W1: Array, b1: Array) -> Array:
    return np.asarray(x @ W1 + np.ravel(b1))


def _output_scores(h: Array, W2: Array, b2: Array) -> Array:
    return np.asarray(h @ W2 + np.ravel(b2))


@mistake("forward", name="a network without biases", hint="Set all weights to zero: what is left?", credit="1/4")
def forward_without_biases(x: Array, W1: Array, b1: Array, W2: Array, b2: Array) -> Pair:
    return forward(x, W1, 0.0 * b1, W2, 0.0 * b2)


@mistake(
    "forward",
    name="a hidden layer without its bias",
    hint="Does h change when only b1 changes?",
    credit="1/4",
)
def forward_without_first_bias(x: Array, W1: Array, b1: Array, W2: Array, b2: Array) -> Pair:
    return forward(x, W1, 0.0 * b1, W2, b2)


@mistake(
    "forward",
    name="an output layer without its bias",
    hint="Does y_hat change when only b2 changes?",
    credit="1/2",
)
def forward_without_second_bias(x: Array, W1: Array, b1: Array, W2: Array, b2: Array) -> Pair:
    return forward(x, W1, b1, W2, 0.0 * b2)


@mistake(
    "forward",
    name="a bias added after the sigmoid",
    hint="Can an entry of h be larger than one?",
    credit="1/4",
)
def forward_with_late_bias(x: Array, W1: Array, b1: Array, W2: Array, b2: Array) -> Pair:
    h = sigmoid(x @ W1) + np.ravel(b1)
    return h, softmax(_output_scores(h, W2, b2))


@mistake(
    "forward",
    name="a hidden layer of hyperbolic tangents",
    hint="Can an entry of h be negative? The equations name the activation.",
    credit="1/2",
)
def forward_with_tanh(x: Array, W1: Array, b1: Array, W2: Array, b2: Array) -> Pair:
    h = np.tanh(_hidden_scores(x, W1, b1))
    return h, softmax(_output_scores(h, W2, b2))


@mistake(
    "forward",
    name="a hidden layer with ReLU instead of the sigmoid",
    hint="Can an entry of h be larger than one? The equations name the activation.",
    credit="1/2",
)
def forward_with_relu(x: Array, W1: Array, b1: Array, W2: Array, b2: Array) -> Pair:
    h = np.maximum(_hidden_scores(x, W1, b1), 0.0)
    return h, softmax(_output_scores(h, W2, b2))


@mistake(
    "forward",
    name="a hidden layer without an activation",
    hint="Can an entry of h be negative, or larger than one?",
    credit="1/4",
)
def forward_without_activation(x: Array, W1: Array, b1: Array, W2: Array, b2: Array) -> Pair:
    h = _hidden_scores(x, W1, b1)
    return h, softmax(_output_scores(h, W2, b2))


@mistake(
    "forward",
    name="scores in the place of h, with the right y_hat",
    hint="h is what comes out of the sigmoid. Can an entry of it be negative?",
    credit="1/2",
)
def forward_with_scores_for_h(x: Array, W1: Array, b1: Array, W2: Array, b2: Array) -> Pair:
    return _hidden_scores(x, W1, b1), forward(x, W1, b1, W2, b2)[1]


@mistake("forward", name="scores in the place of y_hat", hint=DISTRIBUTION_HINT, credit="1/2")
def forward_with_scores_for_y_hat(x: Array, W1: Array, b1: Array, W2: Array, b2: Array) -> Pair:
    h, _ = forward(x, W1, b1, W2, b2)
    return h, _output_scores(h, W2, b2)


@mistake("forward", name="sigmoid in place of softmax at the output", hint=DISTRIBUTION_HINT, credit="1/2")
def forward_with_sigmoid_output(x: Array, W1: Array, b1: Array, W2: Array, b2: Array) -> Pair:
    h, _ = forward(x, W1, b1, W2, b2)
    return h, sigmoid(_output_scores(h, W2, b2))


@mistake(
    "forward",
    name="a sigmoid between the output's scores and softmax",
    hint="How large can the largest probability become in your network? The equations have one sigmoid.",
    credit="1/2",
)
def forward_with_sigmoid_before_softmax(x: Array, W1: Array, b1: Array, W2: Array, b2: Array) -> Pair:
    h, _ = forward(x, W1, b1, W2, b2)
    return h, softmax(sigmoid(_output_scores(h, W2, b2)))


@mistake(
    "forward",
    name="sigmoid and softmax that changed places",
    hint="Which of the two layers is a distribution?",
)
def forward_with_layers_swapped(x: Array, W1: Array, b1: Array, W2: Array, b2: Array) -> Pair:
    h = softmax(_hidden_scores(x, W1, b1))
    return h, sigmoid(_output_scores(h, W2, b2))


@mistake("forward", name="softmax in both layers", hint="What should the rows of h sum to: one, or anything?")
def forward_with_softmax_twice(x: Array, W1: Array, b1: Array, W2: Array, b2: Array) -> Pair:
    h = softmax(_hidden_scores(x, W1, b1))
    return h, softmax(_output_scores(h, W2, b2))


@mistake(
    "forward",
    name="one softmax for all rows",
    hint="Each row of y_hat is a distribution of its own.",
    credit="1/2",
)
def forward_with_one_sum(x: Array, W1: Array, b1: Array, W2: Array, b2: Array) -> Pair:
    h, _ = forward(x, W1, b1, W2, b2)
    scores = _output_scores(h, W2, b2)
    return h, softmax(scores.ravel()).reshape(scores.shape)


@mistake(
    "forward",
    name="softmax along columns",
    hint="One example is one row. Along which axis do the entries of one example lie?",
    credit="1/2",
)
def forward_with_softmax_of_columns(x: Array, W1: Array, b1: Array, W2: Array, b2: Array) -> Pair:
    h, _ = forward(x, W1, b1, W2, b2)
    return h, softmax(_output_scores(h, W2, b2).T).T


@mistake(
    "forward",
    name="biases that lie along columns",
    hint="One bias belongs to one unit. Which axis of the scores counts units?",
    credit="1/4",
)
def forward_with_column_biases(x: Array, W1: Array, b1: Array, W2: Array, b2: Array) -> Pair:
    h = sigmoid(x @ W1 + np.reshape(b1, (-1, 1)))
    return h, softmax(h @ W2 + np.reshape(b2, (-1, 1)))


@mistake(
    "forward",
    name="weights that are transposed",
    hint="Write the shapes under x W1: which axes must be equal? Square matrices hide it.",
)
def forward_with_transposed_weights(x: Array, W1: Array, b1: Array, W2: Array, b2: Array) -> Pair:
    return forward(x, W1.T, b1, W2.T, b2)


@mistake("forward", name="the pair in the order y_hat, h", hint="Which of the two comes first?", credit="1/2")
def forward_in_other_order(x: Array, W1: Array, b1: Array, W2: Array, b2: Array) -> Pair:
    h, y_hat = forward(x, W1, b1, W2, b2)
    return y_hat, h


@mistake("forward", name="y_hat alone", hint="The function gives a pair: later steps need h as well.", credit="1/2")
def forward_of_output_alone(x: Array, W1: Array, b1: Array, W2: Array, b2: Array) -> Array:
    return forward(x, W1, b1, W2, b2)[1]


@mistake(
    "forward",
    name="the first example only",
    hint="The results have one row per example.",
)
def forward_of_first(x: Array, W1: Array, b1: Array, W2: Array, b2: Array) -> Pair:
    return forward(np.atleast_2d(x)[:1], W1, b1, W2, b2)


def _backwards(at_output: Array, slopes: Array, W1: Array, W2: Array) -> Array:
    return np.asarray(((at_output @ W2.T) * slopes) @ W1.T)


@mistake(
    "input_grad",
    name="a gradient divided by the number of rows",
    hint="Each row is the gradient of its own example's cost: does it depend on how many other rows there are?",
    credit="1/2",
)
def input_grad_mean(x: Array, y: Array, W1: Array, b1: Array, W2: Array, b2: Array) -> Array:
    return np.asarray(input_grad(x, y, W1, b1, W2, b2) / len(np.atleast_2d(x)))


@mistake(
    "input_grad",
    name="a gradient with its sign turned",
    hint="Take a small step against your gradient: does the cost fall?",
    credit="1/4",
)
def input_grad_negative(x: Array, y: Array, W1: Array, b1: Array, W2: Array, b2: Array) -> Array:
    return -input_grad(x, y, W1, b1, W2, b2)


@mistake("input_grad", name="a chain rule without the sigmoid's derivative", hint=CHAIN_HINT, credit="1/4")
def input_grad_without_slopes(x: Array, y: Array, W1: Array, b1: Array, W2: Array, b2: Array) -> Array:
    _, y_hat = forward(x, W1, b1, W2, b2)
    return _backwards(y_hat - y, np.ones(1), W1, W2)


@mistake(
    "input_grad",
    name="sigma' = s (1 - s) with the score in place of s",
    hint="Question 2(a) writes the derivative as a function of the sigmoid's value. Which variable holds that?",
    credit="1/4",
)
def input_grad_with_slopes_of_scores(x: Array, y: Array, W1: Array, b1: Array, W2: Array, b2: Array) -> Array:
    z = _hidden_scores(x, W1, b1)
    return _backwards(forward(x, W1, b1, W2, b2)[1] - y, z * (1.0 - z), W1, W2)


@mistake(
    "input_grad",
    name="the sigmoid applied to h once more before its derivative",
    hint="sigmoid_grad takes the sigmoid's value. How often has the sigmoid been applied to what you give it?",
    credit="1/4",
)
def input_grad_with_slopes_at_h(x: Array, y: Array, W1: Array, b1: Array, W2: Array, b2: Array) -> Array:
    h, y_hat = forward(x, W1, b1, W2, b2)
    again = sigmoid(h)
    return _backwards(y_hat - y, again * (1.0 - again), W1, W2)


@mistake(
    "input_grad",
    name="the hyperbolic tangent's derivative",
    hint="Which derivative belongs to the hidden layer's activation?",
    credit="1/4",
)
def input_grad_with_slopes_of_tanh(x: Array, y: Array, W1: Array, b1: Array, W2: Array, b2: Array) -> Array:
    h, y_hat = forward(x, W1, b1, W2, b2)
    return _backwards(y_hat - y, 1.0 - h * h, W1, W2)


@mistake(
    "input_grad",
    name="h in place of the sigmoid's derivative",
    hint="Where a hidden unit is nearly 0 or 1, how much can x still change its value?",
)
def input_grad_with_values_for_slopes(x: Array, y: Array, W1: Array, b1: Array, W2: Array, b2: Array) -> Array:
    h, y_hat = forward(x, W1, b1, W2, b2)
    return _backwards(y_hat - y, h, W1, W2)


@mistake(
    "input_grad",
    name="the first example's sigma' for all rows",
    hint="Right for one example, wrong for a batch: which factor of the chain rule differs from row to row?",
    credit="1/2",
)
def input_grad_with_slopes_of_first(x: Array, y: Array, W1: Array, b1: Array, W2: Array, b2: Array) -> Array:
    h, y_hat = forward(x, W1, b1, W2, b2)
    first = np.atleast_2d(h)[0]
    return _backwards(y_hat - y, first * (1.0 - first), W1, W2)


@mistake(
    "input_grad",
    name="the gradient with respect to the hidden scores",
    hint="How many entries has x, and how many has your result? One step of the chain rule is left.",
    credit="1/4",
)
def input_grad_of_hidden_scores(x: Array, y: Array, W1: Array, b1: Array, W2: Array, b2: Array) -> Array:
    h, y_hat = forward(x, W1, b1, W2, b2)
    return np.asarray(((y_hat - y) @ W2.T) * h * (1.0 - h))


@mistake(
    "input_grad",
    name="the gradient with respect to h",
    hint="How many entries has x, and how many has your result? Two steps of the chain rule are left.",
)
def input_grad_of_hidden(x: Array, y: Array, W1: Array, b1: Array, W2: Array, b2: Array) -> Array:
    return np.asarray((forward(x, W1, b1, W2, b2)[1] - y) @ W2.T)


@mistake(
    "input_grad",
    name="the gradient with respect to W1",
    hint="The question asks for x. Compare the shape of your result with that of x.",
)
def input_grad_of_weights(x: Array, y: Array, W1: Array, b1: Array, W2: Array, b2: Array) -> Array:
    at_hidden = input_grad_of_hidden_scores(x, y, W1, b1, W2, b2)
    return np.asarray(np.atleast_2d(x).T @ np.atleast_2d(at_hidden))


@mistake(
    "input_grad",
    name="the probabilities, without the labels, at the output",
    hint="Does your gradient depend on which class is the true one?",
)
def input_grad_without_labels(x: Array, y: Array, W1: Array, b1: Array, W2: Array, b2: Array) -> Array:
    h, y_hat = forward(x, W1, b1, W2, b2)
    return _backwards(y_hat, h * (1.0 - h), W1, W2)


@mistake(
    "input_grad",
    name="scores minus labels at the output",
    hint="Question 2(b): what stands there between the scores and the labels?",
)
def input_grad_of_scores(x: Array, y: Array, W1: Array, b1: Array, W2: Array, b2: Array) -> Array:
    h, _ = forward(x, W1, b1, W2, b2)
    return _backwards(_output_scores(h, W2, b2) - y, h * (1.0 - h), W1, W2)


@mistake(
    "input_grad",
    name="a network with sigmoid in place of softmax at the output",
    hint=DISTRIBUTION_HINT,
    credit="1/4",
)
def input_grad_of_sigmoid_output(x: Array, y: Array, W1: Array, b1: Array, W2: Array, b2: Array) -> Array:
    h, _ = forward(x, W1, b1, W2, b2)
    return _backwards(sigmoid(_output_scores(h, W2, b2)) - y, h * (1.0 - h), W1, W2)


@mistake(
    "input_grad",
    name="an extra factor y_hat (1 - y_hat) at the output",
    hint="Question 2(b): which derivative is already contained in the result?",
    credit="1/4",
)
def input_grad_with_extra_slope(x: Array, y: Array, W1: Array, b1: Array, W2: Array, b2: Array) -> Array:
    h, y_hat = forward(x, W1, b1, W2, b2)
    return _backwards((y_hat - y) * y_hat * (1.0 - y_hat), h * (1.0 - h), W1, W2)


@mistake(
    "input_grad",
    name="a network without biases",
    hint="Does your gradient change when only a bias changes?",
    credit="1/4",
)
def input_grad_without_biases(x: Array, y: Array, W1: Array, b1: Array, W2: Array, b2: Array) -> Array:
    return input_grad(x, y, W1, 0.0 * b1, W2, 0.0 * b2)


@mistake(
    "input_grad",
    name="weights that aren't transposed on the way back",
    hint="Write the shapes under the product: which axes must be equal? Square matrices hide it.",
)
def input_grad_with_untransposed_weights(x: Array, y: Array, W1: Array, b1: Array, W2: Array, b2: Array) -> Array:
    h, y_hat = forward(x, W1, b1, W2, b2)
    return _backwards(y_hat - y, h * (1.0 - h), W1.T, W2.T)


@mistake(
    "input_grad",
    name="one gradient for the sum of all rows",
    hint="There is one row of the gradient per example: compare its shape with that of x.",
    credit="1/4",
)
def input_grad_summed(x: Array, y: Array, W1: Array, b1: Array, W2: Array, b2: Array) -> Array:
    return np.asarray(np.sum(np.atleast_2d(input_grad(x, y, W1, b1, W2, b2)), axis=0))


@mistake(
    "input_grad",
    name="rows that come back as columns",
    hint="For a batch, compare the shape of your result with the shape of x.",
    credit="1/2",
)
def input_grad_transposed(x: Array, y: Array, W1: Array, b1: Array, W2: Array, b2: Array) -> Array:
    return input_grad(x, y, W1, b1, W2, b2).T
