"""The network with one hidden layer."""
import numpy as np

import activations as act
from losses import cross_entropy, softmax_cross_entropy_grad


def forward(x, W1, b1, W2, b2):
    h = act.sigmoid(x @ W1 + b1)
    return h, act.softmax(h @ W2 + b2)


def input_grad(x, y, W1, b1, W2, b2):
    h, _ = forward(x, W1, b1, W2, b2)
    theta = h @ W2 + b2
    delta = softmax_cross_entropy_grad(theta, y.reshape(theta.shape))
    return (delta @ W2.T * act.sigmoid_grad(h)) @ W1.T


def unpack(params, dimensions):
    Dx, H, Dy = dimensions
    sizes = np.cumsum([Dx * H, H, H * Dy])
    W1, b1, W2, b2 = np.split(params, sizes)
    return W1.reshape(Dx, H), b1, W2.reshape(H, Dy), b2


def forward_backward_prop(data, labels, params, dimensions):
    W1, b1, W2, b2 = unpack(params, dimensions)
    h, y_hat = forward(data, W1, b1, W2, b2)
    cost = cross_entropy(labels, y_hat)
    d2 = softmax_cross_entropy_grad(h @ W2 + b2, labels) / data.shape[0]
    d1 = d2 @ W2.T * act.sigmoid_grad(h)
    grad = np.concatenate([(data.T @ d1).ravel(), d1.sum(axis=0), (h.T @ d2).ravel(), d2.sum(axis=0)])
    return cost, grad
