"""RIGHT: no numpy arithmetic at all: lists, math and loops, arrays only at the doors"""
import math

import numpy as np


def rows(a):
    a = np.asarray(a)
    return [[float(v) for v in r] for r in a.reshape(-1, a.shape[-1])]


def matmul(A, B):
    return [[sum(a * b for a, b in zip(r, c)) for c in zip(*B)] for r in A]


def transpose(A):
    return [list(c) for c in zip(*A)]


def add_bias(A, b):
    return [[v + w for v, w in zip(r, b)] for r in A]


def _sig(t):
    if t >= 0:
        return 1.0 / (1.0 + math.exp(-t))
    return math.exp(t) / (1.0 + math.exp(t))


def _soft(r):
    m = max(r)
    e = [math.exp(v - m) for v in r]
    s = sum(e)
    return [v / s for v in e]


def softmax(x):
    return np.array([_soft(r) for r in rows(x)]).reshape(x.shape)


def sigmoid(x):
    return np.array([_sig(float(v)) for v in x.ravel()]).reshape(x.shape)


def sigmoid_grad(s):
    return np.array([float(v) - float(v) ** 2 for v in s.ravel()]).reshape(s.shape)


def cross_entropy(y, y_hat):
    total, R = 0.0, list(zip(rows(y), rows(y_hat)))
    for t, p in R:
        for a, b in zip(t, p):
            if a:
                total += math.inf if b == 0 else -math.log(b)
    return total / len(R)


def softmax_cross_entropy_grad(theta, y):
    g = [[p - t for p, t in zip(_soft(r), k)] for r, k in zip(rows(theta), rows(y))]
    return np.array(g).reshape(theta.shape)


def _net(X, W1, b1, W2, b2):
    h = [[_sig(v) for v in r] for r in add_bias(matmul(X, W1), b1)]
    return h, [_soft(r) for r in add_bias(matmul(h, W2), b2)]


def forward(x, W1, b1, W2, b2):
    h, p = _net(rows(x), rows(W1), rows(b1)[0], rows(W2), rows(b2)[0])
    return np.array(h), np.array(p)


def _deltas(X, Y, W1, b1, W2, b2):
    h, p = _net(X, W1, b1, W2, b2)
    d = [[a - b for a, b in zip(r, t)] for r, t in zip(p, Y)]
    back = matmul(d, transpose(W2))
    e = [[g * a * (1 - a) for g, a in zip(r, k)] for r, k in zip(back, h)]
    return h, p, d, e


def input_grad(x, y, W1, b1, W2, b2):
    e = _deltas(rows(x), rows(y), rows(W1), rows(b1)[0], rows(W2), rows(b2)[0])[3]
    return np.array(matmul(e, transpose(rows(W1))))


def forward_backward_prop(data, labels, params, dimensions):
    Dx, H, Dy = dimensions
    v = [float(t) for t in params]
    W1 = [v[i * H:(i + 1) * H] for i in range(Dx)]
    v = v[Dx * H:]
    b1, v = v[:H], v[H:]
    W2 = [v[i * Dy:(i + 1) * Dy] for i in range(H)]
    b2 = v[H * Dy:]
    X, Y = rows(data), rows(labels)
    h, p, d, e = _deltas(X, Y, W1, b1, W2, b2)
    out = []
    for A, B in ((X, e), (h, d)):
        for r in matmul(transpose(A), B):
            out += r
        out += [sum(c) for c in zip(*B)]
    return cross_entropy(labels, np.array(p)), np.array(out) / len(X)


def gradcheck_naive(f, x):
    g = np.asarray(f(x)[1]).ravel().tolist()
    for i in range(x.size):
        z = x.copy()
        z.flat[i] = x.flat[i] + 1e-4
        a = f(z)[0]
        z.flat[i] = x.flat[i] - 1e-4
        n = (a - f(z)[0]) / 2e-4
        if math.fabs(n - g[i]) > 1e-3 * max(1, math.fabs(g[i])):
            return False
    return True
