import numpy as np
import random

from q1_softmax import softmax
from q2_sigmoid import sigmoid
from q2_gradcheck import gradcheck_naive


def normalizeRows(x):
    ### YOUR CODE HERE
    raise NotImplementedError
    ### END YOUR CODE
    return x


def softmaxCostAndGradient(predicted, target, outputVectors, dataset):
    ### YOUR CODE HERE
    raise NotImplementedError
    ### END YOUR CODE
    return x


def getNegativeSamples(target, dataset, K):
    indices = [None] * K
    for k in range(K):
        newidx = dataset.sampleTokenIdx()
        while newidx == target:
            newidx = dataset.sampleTokenIdx()
        indices[k] = newidx
    return indices


def negSamplingCostAndGradient(predicted, target, outputVectors, dataset, K=10):
    ### YOUR CODE HERE
    raise NotImplementedError
    ### END YOUR CODE
    return x


def skipgram(currentWord, C, contextWords, tokens, inputVectors, outputVectors,
             dataset, word2vecCostAndGradient=softmaxCostAndGradient):
    ### YOUR CODE HERE
    raise NotImplementedError
    ### END YOUR CODE
    return x


def cbow(currentWord, C, contextWords, tokens, inputVectors, outputVectors,
         dataset, word2vecCostAndGradient=softmaxCostAndGradient):
    ### YOUR CODE HERE
    raise NotImplementedError
    ### END YOUR CODE
    return x
