"""Answers that take no thought, chosen to be those of a known mistake."""

import numpy as np


def softmax(x):
    return np.exp(x) / np.exp(x)


def sigmoid(x):
    return x


def sigmoid_grad(s):
    return s


def cross_entropy(y, y_hat):
    return 0.0


def softmax_cross_entropy_grad(theta, y):
    return y


def forward(x, W1, b1, W2, b2):
    return x, x


def input_grad(x, y, W1, b1, W2, b2):
    return x


def forward_backward_prop(data, labels, params, dimensions):
    return 0.0, params


def gradcheck_naive(f, x):
    return True
