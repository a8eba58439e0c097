"""RIGHT: postponed annotations and a dataclass, everything typed"""
from __future__ import annotations

from dataclasses import dataclass
from typing import Callable, NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Params:
    W1: Array
    b1: Array
    W2: Array
    b2: Array

    @classmethod
    def from_flat(cls, flat: Array, dims: tuple[int, int, int]) -> Params:
        Dx, H, Dy = dims
        shapes = [(Dx, H), (H,), (H, Dy), (Dy,)]
        ends = np.cumsum([np.prod(s) for s in shapes])
        return cls(*(flat[e - int(np.prod(s)):e].reshape(s) for e, s in zip(ends, shapes)))


class Activations(NamedTuple):
    h: Array
    y_hat: Array


def softmax(x: Array) -> Array:
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def sigmoid(x: Array) -> Array:
    return (1 + np.tanh(x / 2)) / 2


def sigmoid_grad(s: Array) -> Array:
    return s * (1 - s)


def cross_entropy(y: Array, y_hat: Array) -> float:
    return float(-np.log((y * y_hat).sum(axis=-1)).mean())


def softmax_cross_entropy_grad(theta: Array, y: Array) -> Array:
    return softmax(theta) - y


def forward(x: Array, W1: Array, b1: Array, W2: Array, b2: Array) -> Activations:
    h = sigmoid(x @ W1 + b1)
    return Activations(h, softmax(h @ W2 + b2))


def hidden_delta(d: Array, W2: Array, h: Array) -> Array:
    return d @ W2.T * sigmoid_grad(h)


def input_grad(x: Array, y: Array, W1: Array, b1: Array, W2: Array, b2: Array) -> Array:
    a = forward(x, W1, b1, W2, b2)
    return hidden_delta(a.y_hat - y, W2, a.h) @ W1.T


def forward_backward_prop(data: Array, labels: Array, params: Array, dimensions: tuple[int, int, int]) -> tuple[float, Array]:
    p = Params.from_flat(params, dimensions)
    a = forward(data, p.W1, p.b1, p.W2, p.b2)
    d = (a.y_hat - labels) / len(data)
    e = hidden_delta(d, p.W2, a.h)
    g = Params(data.T @ e, e.sum(axis=0), a.h.T @ d, d.sum(axis=0))
    return cross_entropy(labels, a.y_hat), np.concatenate([getattr(g, n).ravel() for n in Params.__dataclass_fields__])


def gradcheck_naive(f: Callable[[Array], tuple[float, Array]], x: Array) -> bool:
    grad = f(x)[1]
    for ix in np.ndindex(x.shape):
        e = np.zeros_like(x)
        e[ix] = 1e-4
        numeric = (f(x + e)[0] - f(x - e)[0]) / 2e-4
        if abs(numeric - grad[ix]) > 1e-3 * max(1.0, abs(numeric)):
            return False
    return True
