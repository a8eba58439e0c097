"""Names that a carried run answers are called for the answers to other functions."""

import numpy as np


def softmax(x):
    return forward(np.zeros((1, 1)), np.zeros((1, 1)), np.zeros(1), np.zeros((1, np.size(x))), np.ravel(x))[1]


def sigmoid(x):
    size = np.size(x)
    return forward(np.zeros((1, 1)), np.zeros((1, size)), np.ravel(x), np.zeros((size, 1)), np.zeros(1))[0]


def sigmoid_grad(s):
    return input_grad(s)


def cross_entropy(y, y_hat):
    return forward_backward_prop(y, y_hat, None, None)[0]


def softmax_cross_entropy_grad(theta, y):
    return softmax_cross_entropy_grad(theta, y)


def forward(x, W1, b1, W2, b2):
    return forward(x, W1, b1, W2, b2)


def input_grad(x, y, W1, b1, W2, b2):
    return input_grad(x, y, W1, b1, W2, b2)


def forward_backward_prop(data, labels, params, dimensions):
    return forward_backward_prop(data, labels, params, dimensions)


def gradcheck_naive(f, x):
    return gradcheck_naive(f, x)
