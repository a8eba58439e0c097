"""What goes wrong in word2vec, as students' repositories show it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from functions import sigmoid, softmax
from q3_word2vec import (
    Cost,
    Dataset,
    Gradients,
    Tokens,
    negSamplingCostAndGradient,
    normalizeRows,
    sampled_cost,
    skipgram,
    softmaxCostAndGradient,
)

from grader.reference import convention, mistake, right

Array = npt.NDArray[np.float64]


@right("normalizeRows", name="row by row")
def rows_by_loop(x: Array) -> Array:
    return np.array([row / np.linalg.norm(row) for row in x])


@mistake("normalizeRows", name="the norm of the whole matrix", hint="Each row has a length of its own.", credit="1/4")
def norm_of_matrix(x: Array) -> Array:
    return np.asarray(x / np.linalg.norm(x))


@mistake("normalizeRows", name="the norms of the columns", hint="Which axis runs along a row?", credit="1/4")
def norm_of_columns(x: Array) -> Array:
    return np.asarray(x / np.linalg.norm(x, axis=0))


@mistake("normalizeRows", name="squared lengths", hint="The length is the root of the sum of squares.", credit="1/2")
def squared_norm(x: Array) -> Array:
    return np.asarray(x / np.sum(x**2, axis=1, keepdims=True))


@mistake("normalizeRows", name="sums of absolute values", hint="Due is the Euclidean length.", credit="1/2")
def absolute_norm(x: Array) -> Array:
    return np.asarray(x / np.sum(np.abs(x), axis=1, keepdims=True))


@mistake(
    "softmaxCostAndGradient",
    name="the cost over all classes",
    hint="Only the target's probability counts in the cost.",
    credit="1/2",
)
def cost_over_all(predicted: Array, target: int, outputVectors: Array, dataset: Dataset) -> Gradients:
    _, gradPred, grad = softmaxCostAndGradient(predicted, target, outputVectors, dataset)
    return float(-np.sum(np.log(softmax(outputVectors @ predicted)))), gradPred, grad


@mistake(
    "softmaxCostAndGradient",
    name="the sign turned, in cost and gradients alike",
    hint="The logarithm of a probability is never positive, and a cost is never negative.",
    credit="1/4",
)
def both_signs(predicted: Array, target: int, outputVectors: Array, dataset: Dataset) -> Gradients:
    cost, gradPred, grad = softmaxCostAndGradient(predicted, target, outputVectors, dataset)
    return -cost, -gradPred, -grad


@mistake(
    "softmaxCostAndGradient",
    name="gradPred in place of predicted",
    hint="The gradient of an output vector is a multiple of the predicted vector.",
    credit="1/2",
)
def grad_of_gradient(predicted: Array, target: int, outputVectors: Array, dataset: Dataset) -> Gradients:
    cost, gradPred, _ = softmaxCostAndGradient(predicted, target, outputVectors, dataset)
    off = softmax(outputVectors @ predicted)
    off[target] -= 1.0
    return cost, gradPred, np.outer(off, gradPred)


@mistake(
    "softmaxCostAndGradient",
    name="the target's one left out of the gradients",
    hint="The derivative of the cost is y_hat - y: where has y gone?",
    credit="1/4",
)
def without_target(predicted: Array, target: int, outputVectors: Array, dataset: Dataset) -> Gradients:
    cost, _, _ = softmaxCostAndGradient(predicted, target, outputVectors, dataset)
    y_hat = softmax(outputVectors @ predicted)
    return cost, y_hat @ outputVectors, np.outer(y_hat, predicted)


@mistake(
    "softmaxCostAndGradient",
    name="the gradient of the target's row only",
    hint="The softmax's sum runs over all words, so the cost hangs on all rows.",
    credit="1/2",
)
def target_row_only(predicted: Array, target: int, outputVectors: Array, dataset: Dataset) -> Gradients:
    cost, gradPred, grad = softmaxCostAndGradient(predicted, target, outputVectors, dataset)
    kept = np.zeros(grad.shape)
    kept[target] = grad[target]
    return cost, gradPred, kept


@mistake(
    "softmaxCostAndGradient",
    name="scores of the normalized vectors",
    hint="The probabilities come from the vectors as they are.",
    credit="1/4",
)
def of_normalized(predicted: Array, target: int, outputVectors: Array, dataset: Dataset) -> Gradients:
    return softmaxCostAndGradient(predicted, target, normalizeRows(outputVectors), dataset)


@right("negSamplingCostAndGradient", name="sample by sample")
def samples_by_loop(predicted: Array, target: int, outputVectors: Array, dataset: Dataset, K: int = 10) -> Gradients:
    z = sigmoid(outputVectors[target] @ predicted)
    cost, gradPred, grad = -np.log(z), (z - 1.0) * outputVectors[target], np.zeros(outputVectors.shape)
    grad[target] = (z - 1.0) * predicted
    for _ in range(K):
        k = dataset.sampleTokenIdx()
        z = sigmoid(outputVectors[k] @ predicted)
        cost -= np.log(1.0 - z)
        gradPred = gradPred + z * outputVectors[k]
        grad[k] += z * predicted
    return float(cost), gradPred, grad


@mistake(
    "negSamplingCostAndGradient",
    name="ten samples, whatever K is",
    hint="K is an argument: does your code ever read it?",
    credit="3/4",
)
def ten_samples(predicted: Array, target: int, outputVectors: Array, dataset: Dataset, K: int = 10) -> Gradients:
    return negSamplingCostAndGradient(predicted, target, outputVectors, dataset, 10)


@convention("negSamplingCostAndGradient", name="words that are sampled once each")
def distinct_samples(predicted: Array, target: int, outputVectors: Array, dataset: Dataset, K: int = 10) -> Gradients:
    found: dict[int, None] = {}
    while len(found) < K:
        found[dataset.sampleTokenIdx()] = None
    return sampled_cost(predicted, outputVectors, [target, *found])


@mistake(
    "negSamplingCostAndGradient",
    name="a word that is sampled twice gets its gradient once",
    hint="What does grad[[3, 3]] += 1 do to row 3? Use np.add.at, or a loop.",
    credit="3/4",
)
def repeats_once(predicted: Array, target: int, outputVectors: Array, dataset: Dataset, K: int = 10) -> Gradients:
    indices = [target, *(dataset.sampleTokenIdx() for _ in range(K))]
    cost, gradPred, _ = sampled_cost(predicted, outputVectors, indices)
    signs = np.array([1.0] + [-1.0] * K)
    off = signs * (sigmoid(signs * (outputVectors[indices] @ predicted)) - 1.0)
    grad = np.zeros(outputVectors.shape)
    grad[indices] += np.outer(off, predicted)
    return cost, gradPred, grad


@mistake(
    "negSamplingCostAndGradient",
    name="no negative samples",
    hint="The cost has a term for each of the K samples.",
    credit="1/4",
)
def no_samples(predicted: Array, target: int, outputVectors: Array, dataset: Dataset, K: int = 10) -> Gradients:
    return sampled_cost(predicted, outputVectors, [target])


@mistake(
    "negSamplingCostAndGradient",
    name="the target among the negative samples",
    hint="Which words stand in the sum over k, and is the target one of them?",
    credit="1/2",
)
def target_among_samples(
    predicted: Array, target: int, outputVectors: Array, dataset: Dataset, K: int = 10
) -> Gradients:
    indices = [target, target, *(dataset.sampleTokenIdx() for _ in range(K))]
    return sampled_cost(predicted, outputVectors, indices)


@mistake(
    "negSamplingCostAndGradient",
    name="the sign turned, in cost and gradients alike",
    hint="The logarithm of a probability is never positive, and a cost is never negative.",
    credit="1/4",
)
def sampled_both_signs(predicted: Array, target: int, outputVectors: Array, dataset: Dataset, K: int = 10) -> Gradients:
    cost, gradPred, grad = negSamplingCostAndGradient(predicted, target, outputVectors, dataset, K)
    return -cost, -gradPred, -grad


@mistake(
    "negSamplingCostAndGradient",
    name="samples with the target's sign",
    hint="A negative sample should be improbable: its term is log sigmoid(-u v).",
    credit="1/2",
)
def positive_samples(predicted: Array, target: int, outputVectors: Array, dataset: Dataset, K: int = 10) -> Gradients:
    indices = [target, *(dataset.sampleTokenIdx() for _ in range(K))]
    probability = sigmoid(outputVectors[indices] @ predicted)
    grad = np.zeros(outputVectors.shape)
    grad[indices] = np.outer(probability - 1.0, predicted)
    return float(-np.sum(np.log(probability))), (probability - 1.0) @ outputVectors[indices], grad


@mistake(
    "negSamplingCostAndGradient",
    name="gradients twice as large",
    hint="Is a gradient added both where it is made and after the loop?",
    credit="1/2",
)
def doubled(predicted: Array, target: int, outputVectors: Array, dataset: Dataset, K: int = 10) -> Gradients:
    cost, gradPred, grad = negSamplingCostAndGradient(predicted, target, outputVectors, dataset, K)
    return cost, 2 * gradPred, 2 * grad


@mistake(
    "negSamplingCostAndGradient",
    name="gradPred in place of predicted",
    hint="The gradient of an output vector is a multiple of the predicted vector.",
    credit="1/2",
)
def sampled_grad_of_gradient(
    predicted: Array, target: int, outputVectors: Array, dataset: Dataset, K: int = 10
) -> Gradients:
    indices = [target, *(dataset.sampleTokenIdx() for _ in range(K))]
    cost, gradPred, _ = sampled_cost(predicted, outputVectors, indices)
    off = sigmoid(outputVectors[indices] @ predicted) - np.eye(len(indices))[0]
    grad = np.zeros(outputVectors.shape)
    grad[indices] = np.outer(off, gradPred)
    return cost, gradPred, grad


def _pairs(
    context: Sequence[str], current: int, tokens: Tokens, inputs: Array, outputs: Array, dataset: Dataset, cost: Cost
) -> list[Gradients]:
    """What the cost function gives for each context word."""
    return [cost(inputs[current], tokens[word], outputs, dataset) for word in context]


@mistake(
    "skipgram",
    name="only the last context word counts in the gradients",
    hint="Gradients add up inside of the loop, for every context word.",
    credit="1/2",
)
def last_word_gradients(
    currentWord: str,
    C: int,
    contextWords: Sequence[str],
    tokens: Tokens,
    inputVectors: Array,
    outputVectors: Array,
    dataset: Dataset,
    word2vecCostAndGradient: Cost = softmaxCostAndGradient,
) -> Gradients:
    current, gradIn = tokens[currentWord], np.zeros(inputVectors.shape)
    found = _pairs(contextWords, current, tokens, inputVectors, outputVectors, dataset, word2vecCostAndGradient)
    gradIn[current] = found[-1][1]
    return sum(cost for cost, _, _ in found), gradIn, found[-1][2]


@mistake(
    "skipgram",
    name="only the last context word counts",
    hint="Costs and gradients add up, over all context words: = forgets those before.",
    credit="1/4",
)
def last_word(
    currentWord: str,
    C: int,
    contextWords: Sequence[str],
    tokens: Tokens,
    inputVectors: Array,
    outputVectors: Array,
    dataset: Dataset,
    word2vecCostAndGradient: Cost = softmaxCostAndGradient,
) -> Gradients:
    return skipgram(
        currentWord, C, contextWords[-1:], tokens, inputVectors, outputVectors, dataset, word2vecCostAndGradient
    )


@mistake(
    "skipgram",
    name="one loss for each context word",
    hint="The cost is a single number: the sum over the context words.",
    credit="3/4",
)
def loss_for_each(
    currentWord: str,
    C: int,
    contextWords: Sequence[str],
    tokens: Tokens,
    inputVectors: Array,
    outputVectors: Array,
    dataset: Dataset,
    word2vecCostAndGradient: Cost = softmaxCostAndGradient,
) -> tuple[Array, Array, Array]:
    _, gradIn, gradOut = skipgram(
        currentWord, C, contextWords, tokens, inputVectors, outputVectors, dataset, word2vecCostAndGradient
    )
    current = tokens[currentWord]
    found = _pairs(contextWords, current, tokens, inputVectors, outputVectors, dataset, word2vecCostAndGradient)
    return np.array([cost for cost, _, _ in found]), gradIn, gradOut


@mistake(
    "skipgram",
    name="places in the list of words in place of token ids",
    hint="tokens[word] is a word's row, wherever the word stands in a list.",
    credit="1/2",
)
def skipgram_by_places(
    currentWord: str,
    C: int,
    contextWords: Sequence[str],
    tokens: Tokens,
    inputVectors: Array,
    outputVectors: Array,
    dataset: Dataset,
    word2vecCostAndGradient: Cost = softmaxCostAndGradient,
) -> Gradients:
    places = {word: place for place, word in enumerate(tokens)}
    return skipgram(currentWord, C, contextWords, places, inputVectors, outputVectors, dataset, word2vecCostAndGradient)


@mistake(
    "skipgram",
    name="gradients for every input vector",
    hint="Only the current word's input vector makes a prediction.",
    credit="1/2",
)
def skipgram_for_all_rows(
    currentWord: str,
    C: int,
    contextWords: Sequence[str],
    tokens: Tokens,
    inputVectors: Array,
    outputVectors: Array,
    dataset: Dataset,
    word2vecCostAndGradient: Cost = softmaxCostAndGradient,
) -> Gradients:
    cost, gradIn, gradOut = skipgram(
        currentWord, C, contextWords, tokens, inputVectors, outputVectors, dataset, word2vecCostAndGradient
    )
    return cost, np.ones(gradIn.shape) * gradIn[tokens[currentWord]], gradOut


@mistake(
    "skipgram",
    name="places among the context words in place of token ids",
    hint="tokens[word] is a word's row, wherever the word stands in a sentence.",
    credit="1/2",
)
def skipgram_by_positions(
    currentWord: str,
    C: int,
    contextWords: Sequence[str],
    tokens: Tokens,
    inputVectors: Array,
    outputVectors: Array,
    dataset: Dataset,
    word2vecCostAndGradient: Cost = softmaxCostAndGradient,
) -> Gradients:
    current, gradIn, gradOut = tokens[currentWord], np.zeros(inputVectors.shape), np.zeros(outputVectors.shape)
    total = 0.0
    for place in range(len(contextWords)):
        cost, gradPred, grad = word2vecCostAndGradient(inputVectors[current], place, outputVectors, dataset)
        total, gradOut = total + cost, gradOut + grad
        gradIn[current] += gradPred
    return total, gradIn, gradOut
