# Right forward passes of the network with one hidden layer.
import math
from collections import namedtuple

import numpy as np


def forward__plain(x, W1, b1, W2, b2):
    """RIGHT: three lines"""
    z1 = np.dot(x, W1) + b1
    h = sigmoid(z1)
    return (h, softmax(np.dot(h, W2) + b2))


def forward__list(x, W1, b1, W2, b2):
    """RIGHT: the pair is a list"""
    h = sigmoid(x @ W1 + b1)
    return [h, softmax(h @ W2 + b2)]


def forward__always_2d(x, W1, b1, W2, b2):
    """RIGHT: one example gives (1, H) and (1, Dy)"""
    x = np.atleast_2d(x)
    h = sigmoid(x.dot(W1) + b1.reshape(1, -1))
    return h, softmax(h.dot(W2) + b2.reshape(1, -1))


def forward__flat_single(x, W1, b1, W2, b2):
    """RIGHT: one example gives (H,) and (Dy,), also for x of shape (1, Dx)"""
    if x.ndim == 2 and x.shape[0] == 1:
        x = x[0]
    h = sigmoid(x @ W1 + b1.ravel())
    return h, softmax(h @ W2 + b2.ravel())


def forward__mixed_single(x, W1, b1, W2, b2):
    """RIGHT: one example gives (H,) and (1, Dy)"""
    h = sigmoid(x @ W1 + b1)
    y = softmax(np.atleast_2d(h @ W2 + b2))
    if len(np.atleast_2d(x)) == 1:
        h = h.reshape(-1)
    return h, y


def forward__einsum(x, W1, b1, W2, b2):
    """RIGHT: einsum"""
    h = sigmoid(np.einsum('...i,ij->...j', x, W1) + np.squeeze(b1).reshape(-1))
    return h, softmax(np.einsum('...j,jk->...k', h, W2) + b2.reshape(-1))


def forward__row_loop(x, W1, b1, W2, b2):
    """RIGHT: example by example, stacked"""
    hs, ys = [], []
    for row in x.reshape(-1, W1.shape[0]):
        a = sigmoid(row.dot(W1) + b1.flatten())
        hs.append(a)
        ys.append(softmax(a.dot(W2) + b2.flatten()))
    return np.array(hs), np.array(ys)


def forward__three_loops(x, W1, b1, W2, b2):
    """RIGHT: nothing but loops and math"""
    X = np.atleast_2d(x)
    N, Dx = X.shape
    H, Dy = W2.shape
    c1, c2 = b1.ravel(), b2.ravel()
    h = np.zeros((N, H))
    y = np.zeros((N, Dy))
    for n in range(N):
        for j in range(H):
            z = c1[j]
            for i in range(Dx):
                z += X[n, i] * W1[i, j]
            h[n, j] = 1 / (1 + math.exp(-z))
        s = [c2[k] + sum(h[n, j] * W2[j, k] for j in range(H)) for k in range(Dy)]
        top = max(s)
        e = [math.exp(v - top) for v in s]
        for k in range(Dy):
            y[n, k] = e[k] / sum(e)
    return h, y


def forward__ones_column(x, W1, b1, W2, b2):
    """RIGHT: the bias as one more row of the weights"""
    X = np.atleast_2d(x)
    ones = np.ones((X.shape[0], 1))
    V1 = np.vstack([W1, b1.reshape(1, -1)])
    V2 = np.vstack([W2, b2.reshape(1, -1)])
    h = sigmoid(np.hstack([X, ones]) @ V1)
    return h, softmax(np.hstack([h, ones]) @ V2)


def forward__columns(x, W1, b1, W2, b2):
    """RIGHT: examples are columns inside"""
    X = np.atleast_2d(x).T
    A = sigmoid(W1.T @ X + b1.reshape(-1, 1))
    Z = W2.T @ A + b2.reshape(-1, 1)
    return A.T, softmax(Z.T)


def forward__tensordot(x, W1, b1, W2, b2):
    """RIGHT: tensordot"""
    h = sigmoid(np.tensordot(x, W1, axes=1) + b1)
    return h, softmax(np.tensordot(h, W2, axes=([-1], [0])) + b2)


def forward__float32_result(x, W1, b1, W2, b2):
    """RIGHT: float32 throughout"""
    x, W1, b1, W2, b2 = [a.astype(np.float32) for a in (x, W1, b1, W2, b2)]
    h = 1 / (1 + np.exp(-(x @ W1 + b1)))
    z = h @ W2 + b2
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return h, e / e.sum(axis=-1, keepdims=True)


def forward__float32_inside(x, W1, b1, W2, b2):
    """RIGHT: float32 inside, float64 results"""
    f = np.float32
    h = 1 / (1 + np.exp(-(f(x) @ f(W1) + f(b1))))
    z = h @ f(W2) + f(b2)
    e = np.exp(z - np.max(z, axis=-1, keepdims=True))
    return h.astype(float), (e / np.sum(e, axis=-1, keepdims=True)).astype(float)


def forward__fortran(x, W1, b1, W2, b2):
    """RIGHT: Fortran-ordered results"""
    h = np.asfortranarray(sigmoid(x @ np.asfortranarray(W1) + b1))
    return h, np.asfortranarray(softmax(h @ W2 + b2))


def forward__own_helpers(x, W1, b1, W2, b2):
    """RIGHT: nested helpers instead of the other functions"""
    def sig(t):
        return .5 * (np.tanh(t / 2) + 1)

    def norm(t):
        t = np.exp(t - t.max(-1, keepdims=True))
        return t / t.sum(-1, keepdims=True)

    def layer(t, W, b, act):
        return act(t @ W + b)

    h = layer(x, W1, b1, sig)
    return h, layer(h, W2, b2, norm)


def forward__naive_softmax(x, W1, b1, W2, b2):
    """RIGHT: no maximum shift inside; h is below one and W2 is small, so nothing can overflow"""
    h = 1 / (1 + np.exp(-(x @ W1 + b1)))
    e = np.exp(h @ W2 + b2)
    return h, e / e.sum(axis=-1, keepdims=True)


def forward__tiled_bias(x, W1, b1, W2, b2):
    """RIGHT: biases tiled to the batch"""
    X = x.reshape((-1, x.shape[-1]))
    N = X.shape[0]
    h = sigmoid(X.dot(W1) + np.tile(b1.reshape(-1), (N, 1)))
    y = softmax(h.dot(W2) + np.tile(b2.reshape(-1), (N, 1)))
    return h, y


Result = namedtuple('Result', 'h y_hat')


def forward__namedtuple(x, W1, b1, W2, b2):
    """RIGHT: the pair is a namedtuple, which is a tuple"""
    h = sigmoid(x @ W1 + b1)
    return Result(h, softmax(h @ W2 + b2))


class Net:
    def __init__(self, *params):
        self.W1, self.b1, self.W2, self.b2 = params

    def hidden(self, x):
        return sigmoid(np.matmul(x, self.W1) + self.b1)

    def predict(self, x):
        h = self.hidden(x)
        return h, softmax(np.matmul(h, self.W2) + self.b2)


def forward__net_class(x, W1, b1, W2, b2):
    """RIGHT: a class with the weights as attributes"""
    return Net(W1, b1, W2, b2).predict(x)


def forward__loop_over_layers(x, W1, b1, W2, b2):
    """RIGHT: a loop over the layers that collects activations"""
    acts = []
    for (W, b), g in zip([(W1, b1), (W2, b2)], [sigmoid, softmax]):
        x = g(x.dot(W) + b)
        acts.append(x)
    return acts[0], acts[1]


def forward__weighted_rows(x, W1, b1, W2, b2):
    """RIGHT: the product as a sum of weighted rows of W"""
    X = np.atleast_2d(x)
    z = np.sum(X[:, :, None] * W1[None, :, :], axis=1) + b1
    h = sigmoid(z)
    return h, softmax((h[:, :, None] * W2).sum(axis=1) + b2)


def forward__shape_of_x(x, W1, b1, W2, b2):
    """RIGHT: gives back as many axes as x has"""
    lead = x.shape[:-1]
    h = sigmoid(x @ W1 + b1).reshape(lead + (W1.shape[1],))
    y_hat = softmax(h @ W2 + b2).reshape(lead + (-1,))
    return h, y_hat


def forward__starred_params(x, *params):
    """RIGHT: the weights as a starred parameter"""
    W1, b1, W2, b2 = params
    h = sigmoid(np.dot(x, W1) + b1)
    return h, softmax(np.dot(h, W2) + b2)
