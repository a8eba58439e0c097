import numpy as np
import matplotlib
matplotlib.use('agg')
import matplotlib.pyplot as plt
from utils.treebank import StanfordSentiment
import utils.glove as glove
from sklearn.linear_model import LogisticRegression
from q1_softmax import softmax


def getSentenceFeatures(tokens, wordVectors, sentence):
    ### YOUR CODE HERE
    raise NotImplementedError
    ### END YOUR CODE
    return x
