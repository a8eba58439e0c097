import numpy as np
import matplotlib
matplotlib.use('agg')
import matplotlib.pyplot as plt
from utils.treebank import StanfordSentiment
import utils.glove as glove
from sklearn.linear_model import LogisticRegression
from q1_softmax import softmax


def getSentenceFeatures(tokens, wordVectors, sentence):
    sentVector = np.zeros((wordVectors.shape[1],))
    for word in sentence:
        sentVector += wordVectors[tokens[word], :]
    return sentVector


def softmaxRegression(features, labels, weights, regularization=0.0, nopredictions=False):
    prob = softmax(features.dot(weights))
    if len(features.shape) > 1:
        N = features.shape[0]
    else:
        N = 1
    cost = np.sum(-np.log(prob[range(N), labels])) / N
    cost += 0.5 * regularization * np.sum(weights ** 2)

    delta = prob.copy()
    delta[range(N), labels] -= 1
    grad = features.T.dot(delta) / N + regularization * weights
    if nopredictions:
        return cost, grad
    pred = np.argmax(prob)
    return cost, grad, pred
