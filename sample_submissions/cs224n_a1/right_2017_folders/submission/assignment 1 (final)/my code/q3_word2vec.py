import numpy as np
import random

from q1_softmax import *
from q2_sigmoid import *
from q2_gradcheck import gradcheck_naive


def normalizeRows(x):
    x = x / np.sqrt(np.sum(x ** 2, axis=1)).reshape(-1, 1)
    return x


def softmaxCostAndGradient(predicted, target, outputVectors, dataset):
    probs = softmax(outputVectors.dot(predicted)).ravel()
    cost = -np.log(probs[target])
    delta = probs.copy()
    delta[target] -= 1
    gradPred = delta.dot(outputVectors)
    grad = delta[:, np.newaxis] * predicted[np.newaxis, :]
    return cost, gradPred, grad


def getNegativeSamples(target, dataset, K):
    indices = [None] * K
    for k in range(K):
        newidx = dataset.sampleTokenIdx()
        while newidx == target:
            newidx = dataset.sampleTokenIdx()
        indices[k] = newidx
    return indices


def negSamplingCostAndGradient(predicted, target, outputVectors, dataset, K=10):
    indices = [target]
    indices.extend(getNegativeSamples(target, dataset, K))

    grad = np.zeros(outputVectors.shape)
    gradPred = np.zeros(predicted.shape)
    z = sigmoid(outputVectors[target].dot(predicted))
    cost = -np.log(z)
    grad[target] += predicted * (z - 1.0)
    gradPred += outputVectors[target] * (z - 1.0)
    for k in indices[1:]:
        z = sigmoid(-outputVectors[k].dot(predicted))
        cost -= np.log(z)
        grad[k] += predicted * (1.0 - z)
        gradPred += outputVectors[k] * (1.0 - z)
    return cost, gradPred, grad


def skipgram(currentWord, C, contextWords, tokens, inputVectors, outputVectors,
             dataset, word2vecCostAndGradient=softmaxCostAndGradient):
    cost = 0.0
    gradIn = np.zeros(inputVectors.shape)
    gradOut = np.zeros(outputVectors.shape)
    center = tokens[currentWord]
    for w in contextWords:
        c, gin, gout = word2vecCostAndGradient(
            inputVectors[center], tokens[w], outputVectors, dataset)
        cost += c
        gradIn[center] += gin
        gradOut += gout
    return cost, gradIn, gradOut
