"""The parts of forward_backward_prop, for the versions of it that go wrong in one of them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from functions import forward, unpacked

Array = npt.NDArray[np.float64]
Sizes = tuple[int, int, int]
CostAndGradient = tuple[float, Array]


class Network(NamedTuple):
    """The parameters, and what a forward pass gave."""

    W1: Array
    b1: Array
    W2: Array
    b2: Array
    h: Array
    y_hat: Array


def network_of(data: Array, params: Array, dimensions: Sizes) -> Network:
    """The network that `params` hold, after a forward pass of `data`."""
    W1, b1, W2, b2 = unpacked(params, dimensions)
    return Network(W1, b1, W2, b2, *forward(data, W1, b1, W2, b2))


def gradient_blocks(data: Array, net: Network, at_output: Array, slopes: Array | float) -> list[Array]:
    """The gradients of W1, b1, W2 and b2, given that of the output's scores and the slopes of the hidden units."""
    at_hidden = (at_output @ net.W2.T) * slopes
    return [data.T @ at_hidden, at_hidden.sum(axis=0), net.h.T @ at_output, at_output.sum(axis=0)]


def right_gradient_blocks(data: Array, labels: Array, net: Network) -> list[Array]:
    """The gradients of W1, b1, W2 and b2, as they should be."""
    return gradient_blocks(data, net, (net.y_hat - labels) / len(data), net.h * (1.0 - net.h))


def flattened(blocks: list[Array]) -> Array:
    """All blocks in one vector, each row by row."""
    return np.concatenate([np.ravel(block) for block in blocks])
