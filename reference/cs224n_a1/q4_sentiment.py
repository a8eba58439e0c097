"""Sentiment of sentences: features and softmax regression, and what goes wrong in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
from functions import softmax

from grader.reference import mistake, right

Array = npt.NDArray[np.float64]
Labels = npt.NDArray[np.int64]
Tokens = Mapping[str, int]


def getSentenceFeatures(tokens: Tokens, wordVectors: Array, sentence: Sequence[str]) -> Array:
    """The mean of the vectors of a sentence's words, (D,)."""
    return np.asarray(wordVectors[[tokens[word] for word in sentence]].mean(axis=0))


def softmaxRegression(
    features: Array, labels: Labels, weights: Array, regularization: float
) -> tuple[float, Array, Labels]:
    """Mean cross entropy plus half the regularization times the squared weights; its gradient; the likeliest classes.

    features are (N, D), labels (N,), weights (D, classes).
    """
    probability = softmax(features @ weights)
    count = len(features)
    off = np.array(probability)
    off[np.arange(count), labels] -= 1.0
    cost = -np.mean(np.log(probability[np.arange(count), labels])) + 0.5 * regularization * np.sum(weights**2)
    return float(cost), features.T @ off / count + regularization * weights, np.argmax(probability, axis=1)


@right("getSentenceFeatures", name="word by word")
def features_by_loop(tokens: Tokens, wordVectors: Array, sentence: Sequence[str]) -> Array:
    total = np.zeros(wordVectors.shape[1])
    for word in sentence:
        total += wordVectors[tokens[word], :]
    return total / len(sentence)


@mistake(
    "getSentenceFeatures",
    name="the sum of the vectors",
    hint="A long sentence isn't louder: take the mean.",
    credit="1/2",
)
def features_as_sum(tokens: Tokens, wordVectors: Array, sentence: Sequence[str]) -> Array:
    return getSentenceFeatures(tokens, wordVectors, sentence) * len(sentence)


@mistake(
    "getSentenceFeatures",
    name="places in the list of words in place of token ids",
    hint="tokens[word] is a word's row, wherever the word stands in a list.",
    credit="1/2",
)
def features_by_places(tokens: Tokens, wordVectors: Array, sentence: Sequence[str]) -> Array:
    return getSentenceFeatures({word: place for place, word in enumerate(tokens)}, wordVectors, sentence)


@mistake(
    "getSentenceFeatures",
    name="one mean over all numbers",
    hint="The features keep the columns of the word vectors apart.",
    credit="1/4",
)
def features_as_number(tokens: Tokens, wordVectors: Array, sentence: Sequence[str]) -> Array:
    return np.asarray(getSentenceFeatures(tokens, wordVectors, sentence).mean())


@mistake(
    "getSentenceFeatures",
    name="every word counted once",
    hint="A word that comes twice in the sentence counts twice.",
    credit="3/4",
)
def features_of_set(tokens: Tokens, wordVectors: Array, sentence: Sequence[str]) -> Array:
    return getSentenceFeatures(tokens, wordVectors, list(dict.fromkeys(sentence)))


Regression = tuple[float, Array, Labels]


@mistake(
    "softmaxRegression",
    name="one prediction for all rows",
    hint="argmax without an axis looks at the whole array.",
    credit="3/4",
)
def regression_without_axis(
    features: Array, labels: Labels, weights: Array, regularization: float
) -> tuple[float, Array, int]:
    cost, grad, _ = softmaxRegression(features, labels, weights, regularization)
    return cost, grad, int(np.argmax(softmax(features @ weights)))


@mistake(
    "softmaxRegression",
    name="five classes, whatever the weights",
    hint="How many columns do the weights have? A number written into the code fits one data set only.",
    credit="1/2",
)
def regression_of_five(features: Array, labels: Labels, weights: Array, regularization: float) -> Regression:
    cost, _, pred = softmaxRegression(features, labels, weights, regularization)
    off = softmax(features @ weights)
    return cost, features.T @ (off - np.eye(5)[labels]) / len(features) + regularization * weights, pred


@mistake(
    "softmaxRegression",
    name="a gradient without the regularization",
    hint="The cost has a second term: what is its derivative?",
    credit="1/2",
)
def regression_without_decay(features: Array, labels: Labels, weights: Array, regularization: float) -> Regression:
    cost, grad, pred = softmaxRegression(features, labels, weights, regularization)
    return cost, grad - regularization * weights, pred


@mistake(
    "softmaxRegression",
    name="a gradient that is summed over the rows",
    hint="The cost is a mean over the rows: so is its gradient.",
    credit="1/2",
)
def regression_summed(features: Array, labels: Labels, weights: Array, regularization: float) -> Regression:
    cost, grad, pred = softmaxRegression(features, labels, weights, regularization)
    return cost, (grad - regularization * weights) * len(features) + regularization * weights, pred
