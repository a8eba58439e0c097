#!/usr/bin/env python3
# Assignment 1
# Works with python 3.11, numpy 1.26

import numpy as np


def softmax(x):
    """Softmax of a vector or of each row of a matrix."""
    if len(x.shape) > 1:
        tmp = np.max(x, axis=1)
        x = x - tmp.reshape((x.shape[0], 1))
        x = np.exp(x)
        tmp = np.sum(x, axis=1)
        x /= tmp.reshape((x.shape[0], 1))
    else:
        tmp = np.max(x)
        x = x - tmp
        x = np.exp(x)
        tmp = np.sum(x)
        x /= tmp
    return x


def sigmoid(x):
    return np.where(x >= 0, 1 / (1 + np.exp(-x)), np.exp(x) / (1 + np.exp(x)))


def sigmoid_grad(s):
    return s * (1 - s)


def cross_entropy(y, y_hat):
    return np.mean(-np.sum(y * np.log(y_hat + 1e-12), axis=-1))


def softmax_cross_entropy_grad(theta, y):
    g = softmax(theta)
    if g.ndim == 1:
        g[np.argmax(y)] -= 1
    else:
        g[range(g.shape[0]), np.argmax(y, axis=1)] -= 1
    return g


def forward(x, W1, b1, W2, b2):
    z1 = np.dot(x, W1) + b1
    h = sigmoid(z1)
    return (h, softmax(np.dot(h, W2) + b2))


def input_grad(x, y, W1, b1, W2, b2):
    h, p = forward(x, W1, b1, W2, b2)
    g = (((p - y).dot(W2.T)) * h * (1 - h)).dot(W1.T)
    g = np.atleast_2d(g)
    return g.T if g.shape[0] == 1 else g


def unpack(params, dimensions):
    Dx, H, Dy = dimensions
    ofs = 0
    W1 = np.reshape(params[ofs:ofs + Dx * H], (Dx, H))
    ofs += Dx * H
    b1 = np.reshape(params[ofs:ofs + H], (1, H))
    ofs += H
    W2 = np.reshape(params[ofs:ofs + H * Dy], (H, Dy))
    ofs += H * Dy
    b2 = np.reshape(params[ofs:ofs + Dy], (1, Dy))
    return W1, b1, W2, b2


def forward_backward_prop(data, labels, params, dimensions):
    W1, b1, W2, b2 = unpack(params, dimensions)
    N = data.shape[0]
    h = sigmoid(data.dot(W1) + b1)
    y = softmax(h.dot(W2) + b2)
    cost = -np.sum(labels * np.log(y + 1e-8)) / N
    d1 = (y - labels) / N
    gradW2 = np.dot(h.T, d1)
    gradb2 = np.sum(d1, 0, keepdims=True)
    d2 = np.dot(d1, W2.T) * sigmoid_grad(h)
    gradW1 = np.dot(data.T, d2)
    gradb1 = np.sum(d2, 0, keepdims=True)
    grad = np.concatenate((gradW1.flatten(), gradb1.flatten(), gradW2.flatten(), gradb2.flatten()))
    return cost, grad


def gradcheck_naive(f, x):
    fx, grad = f(x)
    h = 1e-4
    it = np.nditer(x, flags=['multi_index'], op_flags=['readwrite'])
    while not it.finished:
        ix = it.multi_index
        x[ix] += h
        f1 = f(x)[0]
        x[ix] -= 2 * h
        f2 = f(x)[0]
        x[ix] += h
        numgrad = (f1 - f2) / (2 * h)
        reldiff = abs(numgrad - grad[ix]) / max(1, abs(numgrad), abs(grad[ix]))
        if reldiff > 1e-5:
            print("Gradient check failed.")
            print("First gradient error found at index %s" % str(ix))
            print("Your gradient: %f \t Numerical gradient: %f" % (grad[ix], numgrad))
            return False
        it.iternext()
    print("Gradient check passed!")
    return True


def sanity_check():
    """20 random examples, 10 inputs, 5 hidden units, 10 classes."""
    print("Running sanity check...")
    N = 20
    dimensions = [10, 5, 10]
    data = np.random.randn(N, dimensions[0])
    labels = np.zeros((N, dimensions[2]))
    for i in range(N):
        labels[i, np.random.randint(0, dimensions[2])] = 1
    n = (dimensions[0] + 1) * dimensions[1] + (dimensions[1] + 1) * dimensions[2]
    params = np.random.randn(n)
    gradcheck_naive(lambda p: forward_backward_prop(data, labels, p, dimensions), params)


if __name__ == "__main__":
    x = np.array([[1, 2], [-1, -2]])
    print(softmax(x))
    print(sigmoid(x))
    sanity_check()
