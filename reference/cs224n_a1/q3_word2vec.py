"""word2vec, solved: T. Mikolov and others, "Distributed representations of words and phrases", NIPS 2013.

V tokens have vectors of D numbers, one per row: inputVectors and outputVectors are (V, D). A cost function gives the
cost of one prediction, its gradient with respect to the predicted vector (D,), and to the output vectors (V, D).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt
from functions import sigmoid, softmax

Array = npt.NDArray[np.float64]
Tokens = Mapping[str, int]
#: cost, gradient of the predicted vector, gradient of the output vectors
Gradients = tuple[float, Array, Array]
Cost = Callable[..., Gradients]


class Dataset(Protocol):
    """What negative sampling draws from."""

    def sampleTokenIdx(self) -> int: ...


def normalizeRows(x: Array) -> Array:
    """Every row of x (N, D) at length one."""
    return np.asarray(x / np.sqrt(np.sum(x**2, axis=1, keepdims=True)))


def softmaxCostAndGradient(predicted: Array, target: int, outputVectors: Array, dataset: Dataset) -> Gradients:
    """Softmax cross entropy of the target's probability, `-log softmax(U v)[target]`."""
    y_hat = softmax(outputVectors @ predicted)
    off = np.array(y_hat)
    off[target] -= 1.0
    return float(-np.log(y_hat[target])), off @ outputVectors, np.outer(off, predicted)


def negSamplingCostAndGradient(
    predicted: Array, target: int, outputVectors: Array, dataset: Dataset, K: int
) -> Gradients:
    """`-log s(u_target v) - sum_k log s(-u_k v)`, with K samples from the data set."""
    indices = [target, *(dataset.sampleTokenIdx() for _ in range(K))]
    return sampled_cost(predicted, outputVectors, indices)


def sampled_cost(predicted: Array, outputVectors: Array, indices: Sequence[int]) -> Gradients:
    """The cost where `indices` are the target and the negative samples."""
    signs = np.array([1.0] + [-1.0] * (len(indices) - 1))
    rows = outputVectors[list(indices)]
    probability = sigmoid(signs * (rows @ predicted))
    off = signs * (probability - 1.0)
    grad = np.zeros(outputVectors.shape)
    np.add.at(grad, list(indices), np.outer(off, predicted))
    return float(-np.sum(np.log(probability))), off @ rows, grad


def skipgram(
    currentWord: str,
    C: int,
    contextWords: Sequence[str],
    tokens: Tokens,
    inputVectors: Array,
    outputVectors: Array,
    dataset: Dataset,
    word2vecCostAndGradient: Cost = softmaxCostAndGradient,
) -> Gradients:
    """The current word predicts each context word: summed cost, gradients of the input and of the output vectors."""
    cost, gradIn, gradOut = 0.0, np.zeros(inputVectors.shape), np.zeros(outputVectors.shape)
    current = tokens[currentWord]
    for word in contextWords:
        one, gradPred, grad = word2vecCostAndGradient(inputVectors[current], tokens[word], outputVectors, dataset)
        cost += one
        gradIn[current] += gradPred
        gradOut += grad
    return cost, gradIn, gradOut


def cbow(
    currentWord: str,
    C: int,
    contextWords: Sequence[str],
    tokens: Tokens,
    inputVectors: Array,
    outputVectors: Array,
    dataset: Dataset,
    word2vecCostAndGradient: Cost = softmaxCostAndGradient,
) -> Gradients:
    """The sum of the context words' vectors predicts the current word."""
    context = [tokens[word] for word in contextWords]
    predicted = inputVectors[context].sum(axis=0)
    cost, gradPred, gradOut = word2vecCostAndGradient(predicted, tokens[currentWord], outputVectors, dataset)
    gradIn = np.zeros(inputVectors.shape)
    np.add.at(gradIn, context, gradPred)
    return cost, gradIn, gradOut


# -- for the rubric's draws ------------------------------------------------------------------------------------------


def vocabulary(order: npt.NDArray[np.int64]) -> dict[str, int]:
    """Words with ids that aren't their places in the list."""
    return {f"word{place}": int(token) for place, token in enumerate(order)}


def word(place: int) -> str:
    """A word of the vocabulary."""
    return f"word{int(place)}"


def words(places: npt.NDArray[np.int64]) -> list[str]:
    """Words of the vocabulary; the second one comes twice."""
    found = [word(place) for place in places]
    return [*found, found[1]]


def without(order: npt.NDArray[np.int64], target: int) -> list[int]:
    """Every token but one, each once: then all sound treatments of the target agree."""
    return [int(token) for token in order if token != target]


def twice(order: Sequence[int]) -> list[int]:
    """The tokens with the second one once more, right behind the third: sampled twice, it counts twice."""
    return [*order[:3], order[1], *order[3:]]
