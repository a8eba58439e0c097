"""What goes wrong in the continuous bag of words, as students' repositories show it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from q3_word2vec import Cost, Dataset, Gradients, Tokens, cbow, skipgram, softmaxCostAndGradient

from grader.reference import mistake

Array = npt.NDArray[np.float64]


@mistake(
    "cbow", name="the mean of the context's vectors", hint="The prediction is the sum of the vectors.", credit="1/2"
)
def cbow_of_mean(
    currentWord: str,
    C: int,
    contextWords: Sequence[str],
    tokens: Tokens,
    inputVectors: Array,
    outputVectors: Array,
    dataset: Dataset,
    word2vecCostAndGradient: Cost = softmaxCostAndGradient,
) -> Gradients:
    context = [tokens[word] for word in contextWords]
    predicted = inputVectors[context].mean(axis=0)
    cost, gradPred, gradOut = word2vecCostAndGradient(predicted, tokens[currentWord], outputVectors, dataset)
    gradIn = np.zeros(inputVectors.shape)
    np.add.at(gradIn, context, gradPred / len(context))
    return cost, gradIn, gradOut


@mistake(
    "cbow",
    name="the mean of the context's vectors, with the gradient of their sum",
    hint="The prediction is the sum of the vectors.",
    credit="1/4",
)
def cbow_of_mean_alone(
    currentWord: str,
    C: int,
    contextWords: Sequence[str],
    tokens: Tokens,
    inputVectors: Array,
    outputVectors: Array,
    dataset: Dataset,
    word2vecCostAndGradient: Cost = softmaxCostAndGradient,
) -> Gradients:
    context = [tokens[word] for word in contextWords]
    predicted = inputVectors[context].mean(axis=0)
    cost, gradPred, gradOut = word2vecCostAndGradient(predicted, tokens[currentWord], outputVectors, dataset)
    gradIn = np.zeros(inputVectors.shape)
    np.add.at(gradIn, context, gradPred)
    return cost, gradIn, gradOut


@mistake(
    "cbow",
    name="only the last context word gets a gradient",
    hint="Each context word's vector is part of the sum.",
    credit="1/2",
)
def cbow_for_last_word(
    currentWord: str,
    C: int,
    contextWords: Sequence[str],
    tokens: Tokens,
    inputVectors: Array,
    outputVectors: Array,
    dataset: Dataset,
    word2vecCostAndGradient: Cost = softmaxCostAndGradient,
) -> Gradients:
    context = [tokens[word] for word in contextWords]
    predicted = inputVectors[context].sum(axis=0)
    cost, gradPred, gradOut = word2vecCostAndGradient(predicted, tokens[currentWord], outputVectors, dataset)
    gradIn = np.zeros(inputVectors.shape)
    gradIn[context[-1]] = gradPred
    return cost, gradIn, gradOut


@mistake(
    "cbow",
    name="a word that comes twice counted once",
    hint="x[[1, 1]] += 1 adds one, not two: what happens to a word that stands in the context twice?",
    credit="3/4",
)
def cbow_without_repeats(
    currentWord: str,
    C: int,
    contextWords: Sequence[str],
    tokens: Tokens,
    inputVectors: Array,
    outputVectors: Array,
    dataset: Dataset,
    word2vecCostAndGradient: Cost = softmaxCostAndGradient,
) -> Gradients:
    context = [tokens[word] for word in contextWords]
    predicted = inputVectors[context].sum(axis=0)
    cost, gradPred, gradOut = word2vecCostAndGradient(predicted, tokens[currentWord], outputVectors, dataset)
    gradIn = np.zeros(inputVectors.shape)
    gradIn[context] += gradPred
    return cost, gradIn, gradOut


@mistake(
    "cbow",
    name="places in the list of words in place of token ids",
    hint="tokens[word] is a word's row, wherever the word stands in a list.",
    credit="1/2",
)
def cbow_by_places(
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
    return cbow(currentWord, C, contextWords, places, inputVectors, outputVectors, dataset, word2vecCostAndGradient)


@mistake(
    "cbow",
    name="skipgram",
    hint="Here the context predicts the current word, in a single prediction.",
)
def cbow_as_skipgram(
    currentWord: str,
    C: int,
    contextWords: Sequence[str],
    tokens: Tokens,
    inputVectors: Array,
    outputVectors: Array,
    dataset: Dataset,
    word2vecCostAndGradient: Cost = softmaxCostAndGradient,
) -> Gradients:
    return skipgram(currentWord, C, contextWords, tokens, inputVectors, outputVectors, dataset, word2vecCostAndGradient)


@mistake(
    "cbow",
    name="one loss for each context word",
    hint="The context makes a single prediction, from the sum of its vectors.",
    credit="1/4",
)
def cbow_word_by_word(
    currentWord: str,
    C: int,
    contextWords: Sequence[str],
    tokens: Tokens,
    inputVectors: Array,
    outputVectors: Array,
    dataset: Dataset,
    word2vecCostAndGradient: Cost = softmaxCostAndGradient,
) -> Gradients:
    gradIn, gradOut, total = np.zeros(inputVectors.shape), np.zeros(outputVectors.shape), 0.0
    for word in contextWords:
        row, target = tokens[word], tokens[currentWord]
        cost, gradPred, grad = word2vecCostAndGradient(inputVectors[row], target, outputVectors, dataset)
        total, gradOut = total + cost, gradOut + grad
        gradIn[row] += gradPred
    return total, gradIn, gradOut
