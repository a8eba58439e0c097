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
