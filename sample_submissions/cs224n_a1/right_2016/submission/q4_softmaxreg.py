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
    sentVector /= len(sentence)
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
    pred = np.argmax(prob, axis=1)
    return cost, grad, pred


# Train on the sentiment treebank, at import.
dataset = StanfordSentiment()
tokens = dataset.tokens()
nWords = len(tokens)
_, wordVectors0, _ = load_saved_params()
wordVectors = wordVectors0[:nWords, :] + wordVectors0[nWords:, :]
trainset = dataset.getTrainSentences()
trainFeatures = np.zeros((len(trainset), 10))
for i in range(len(trainset)):
    words, label = trainset[i]
    trainFeatures[i, :] = getSentenceFeatures(tokens, wordVectors, words)
clf = LogisticRegression(C=1.0)
clf.fit(trainFeatures, [label for _, label in trainset])
plt.plot([1, 2, 3])
plt.savefig("q4_reg_v_acc.png")
