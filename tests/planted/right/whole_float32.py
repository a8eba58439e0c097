"""RIGHT: single precision wherever it makes sense, results in float32"""
import numpy as np

F = np.float32


def single(*arrays):
    return [np.asarray(a).astype(F) for a in arrays]


def softmax(x):
    # the shift before the cast: large scores would lose their decimals
    z = (x - np.max(x, axis=-1, keepdims=True)).astype(F)
    e = np.exp(z)
    return e / np.sum(e, axis=-1, keepdims=True)


def sigmoid(x):
    x, = single(x)
    return F(1) / (F(1) + np.exp(-x))


def sigmoid_grad(s):
    s, = single(s)
    return s * (F(1) - s)


def cross_entropy(y, y_hat):
    y, y_hat = single(y, y_hat)
    return np.mean(-np.sum(y * np.log(y_hat + F(1e-8)), axis=-1), dtype=F)


def softmax_cross_entropy_grad(theta, y):
    return softmax(theta) - y.astype(F)


def forward(x, W1, b1, W2, b2):
    x, W1, b1, W2, b2 = single(x, W1, b1, W2, b2)
    h = sigmoid(x @ W1 + b1)
    return h, softmax(h @ W2 + b2)


def input_grad(x, y, W1, b1, W2, b2):
    x, y, W1, b1, W2, b2 = single(x, y, W1, b1, W2, b2)
    h, p = forward(x, W1, b1, W2, b2)
    return ((p - y) @ W2.T * sigmoid_grad(h)) @ W1.T


def forward_backward_prop(data, labels, params, dimensions):
    Dx, H, Dy = dimensions
    X, Y, v = single(data, labels, params)
    W1, v = v[:Dx * H].reshape(Dx, H), v[Dx * H:]
    b1, v = v[:H], v[H:]
    W2, b2 = v[:H * Dy].reshape(H, Dy), v[H * Dy:]
    h, p = forward(X, W1, b1, W2, b2)
    d = (p - Y) / F(len(X))
    e = d @ W2.T * sigmoid_grad(h)
    return cross_entropy(Y, p), np.concatenate([(X.T @ e).ravel(), e.sum(0), (h.T @ d).ravel(), d.sum(0)])


def gradcheck_naive(f, x):
    # double precision here, differences need it
    grad = f(x)[1]
    for ix in np.ndindex(*x.shape):
        e = np.zeros(x.shape)
        e[ix] = 1e-4
        n = (f(x + e)[0] - f(x - e)[0]) / 2e-4
        if abs(n - grad[ix]) > 1e-3 * max(1, abs(n)):
            return False
    return True
