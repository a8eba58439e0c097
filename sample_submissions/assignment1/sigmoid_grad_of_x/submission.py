import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def sigmoid_grad(x):
    """derivative of the sigmoid at x"""
    s = sigmoid(x)
    return s * (1 - s)


def softmax(x):
    z = x - np.max(x, axis=-1, keepdims=True)
    return np.exp(z) / np.exp(z).sum(axis=-1, keepdims=True)


def cross_entropy(y, y_hat):
    p = np.clip(y_hat, 1e-9, 1 - 1e-9)
    return -(np.log(p) * y).sum(axis=-1).mean()


def softmax_cross_entropy_grad(theta, y):
    return softmax(theta) - y


def forward(x, W1, b1, W2, b2):
    z1 = np.dot(x, W1) + b1
    h = sigmoid(z1)
    return (h, softmax(np.dot(h, W2) + b2))


def input_grad(x, y, W1, b1, W2, b2):
    z1 = x.dot(W1) + b1
    h, y_hat = forward(x, W1, b1, W2, b2)
    delta = (y_hat - y).dot(W2.T) * sigmoid_grad(z1)
    return delta.dot(W1.T)


def forward_backward_prop(data, labels, params, dimensions):
    Dx, H, Dy = dimensions
    W1 = params[:Dx * H].reshape(Dx, H)
    b1 = params[Dx * H:(Dx + 1) * H]
    W2 = params[(Dx + 1) * H:(Dx + 1) * H + H * Dy].reshape(H, Dy)
    b2 = params[-Dy:]
    N = len(data)
    z1 = data.dot(W1) + b1
    h = sigmoid(z1)
    y_hat = softmax(h.dot(W2) + b2)
    cost = -np.sum(labels * np.log(y_hat)) / N
    d2 = (y_hat - labels) / N
    d1 = d2.dot(W2.T) * sigmoid_grad(z1)
    return cost, np.hstack([data.T.dot(d1).ravel(), d1.sum(0), h.T.dot(d2).ravel(), d2.sum(0)])


def gradcheck_naive(f, x):
    g = f(x)[1]
    status = True
    for ix in reversed(list(np.ndindex(*x.shape))):
        old = x[ix] * 1.0
        vals = {}
        for s in (+1, -1):
            x[ix] = old + s * 1e-4
            vals[s] = f(x)[0]
        x[ix] = old
        n = (vals[1] - vals[-1]) / 2e-4
        status &= bool(abs(n - g[ix]) < 1e-3 * max(1, abs(g[ix])))
    return status
