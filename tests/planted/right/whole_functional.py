"""RIGHT: lambdas, partials, aliases and star imports; hardly a def"""
from functools import partial, reduce
from numpy import *
import numpy as np

_rows = lambda a: np.atleast_2d(a)
_compose = lambda *fs: reduce(lambda f, g: lambda *a: g(f(*a)), fs)

_normalise = lambda e: e / e.sum(axis=-1, keepdims=True)
_shift = lambda x: x - amax(x, axis=-1, keepdims=True)
softmax = _compose(_shift, np.exp, _normalise)

sigmoid = lambda x: 1 / (1 + exp(-x))
sigmoid_grad = lambda s: s * (1 - s)

_ce = lambda eps, y, p: -(y * log(p + eps)).sum(axis=-1).mean()
cross_entropy = partial(_ce, 1e-12)

softmax_cross_entropy_grad = lambda theta, y: subtract(softmax(theta), y)

_affine = lambda x, W, b: x @ W + b
forward = lambda x, W1, b1, W2, b2: (lambda h: (h, softmax(_affine(h, W2, b2))))(sigmoid(_affine(x, W1, b1)))

_delta = lambda h, p, y, W2: (p - y) @ W2.T * sigmoid_grad(h)
input_grad = lambda x, y, W1, b1, W2, b2: _delta(*forward(x, W1, b1, W2, b2), y, W2) @ W1.T


def forward_backward_prop(data, labels, params, dimensions):
    Dx, H, Dy = dimensions
    W1, b1, W2, b2 = (p.reshape(-1, n) for p, n in zip(split(params, cumsum([Dx * H, H, H * Dy])), (H, H, Dy, Dy)))
    h, p = forward(data, W1, b1, W2, b2)
    e, d = _delta(h, p, labels, W2) / len(data), (p - labels) / len(data)
    return cross_entropy(labels, p), concatenate([*map(ravel, (data.T @ e, e.sum(0), h.T @ d, d.sum(0)))])


_slope = lambda f, x, e: (f(x + e)[0] - f(x - e)[0]) / 2e-4
_basis = lambda x: (1e-4 * row.reshape(x.shape) for row in eye(x.size))
gradcheck_naive = lambda f, x: bool(np.all([
    np.abs(_slope(f, x, e) - g) < 1e-3 * np.maximum(1, np.abs(g)) for e, g in zip(_basis(x), ravel(f(x)[1]))]))
