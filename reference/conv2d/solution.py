"""A convolution layer: correlation of images with filters, and its gradients.

x is (N, C, H, W), w (F, C, K, K), b (F,); out is (N, F, Ho, Wo) with Ho = (H + 2 pad - K) // stride + 1.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Cache = tuple[Array, Array, Array, int, int]


def conv_forward(x: Array, w: Array, b: Array, stride: int, pad: int) -> tuple[Array, Cache]:
    """The output (N, F, Ho, Wo), and what `conv_backward` needs."""
    out = np.einsum("ncijkl,fckl->nfij", windows(padded(x, pad), w.shape[2], stride), w) + b[:, None, None]
    return np.asarray(out), (x, w, b, stride, pad)


def conv_backward(dout: Array, cache: Cache) -> tuple[Array, Array, Array]:
    """The gradients of `sum(dout * out)` with respect to x, w and b."""
    x, w, _, stride, pad = cache
    size = w.shape[2]
    dw = np.einsum("nfij,ncijkl->fckl", dout, windows(padded(x, pad), size, stride))
    dx = np.zeros_like(padded(x, pad))
    for i in range(dout.shape[2]):
        for j in range(dout.shape[3]):
            seen = np.einsum("nf,fckl->nckl", dout[:, :, i, j], w)
            dx[:, :, i * stride : i * stride + size, j * stride : j * stride + size] += seen
    _, _, height, width = x.shape
    return dx[:, :, pad : pad + height, pad : pad + width], np.asarray(dw), np.asarray(dout.sum(axis=(0, 2, 3)))


def padded(x: Array, pad: int) -> Array:
    """The images in a frame of zeros."""
    return np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))


def windows(x: Array, size: int, stride: int) -> Array:
    """Every place of a filter on the images: (N, C, Ho, Wo, size, size)."""
    views = np.lib.stride_tricks.sliding_window_view(x, (size, size), axis=(2, 3))
    return np.asarray(views[:, :, ::stride, ::stride])
