"""Layers of a convolutional network, each with its cache, and a net of two layers."""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def batchnorm_forward(x, gamma, beta, bn_param):
    if not bn_param["mode"].startswith("train"):
        scale = np.sqrt(bn_param["running_var"] + bn_param["eps"])
        return gamma * (x - bn_param["running_mean"]) / scale + beta, None
    mean, var = x.mean(axis=0), x.var(axis=0)
    momentum = bn_param["momentum"]
    bn_param["running_mean"] = momentum * bn_param["running_mean"] + (1 - momentum) * mean
    bn_param["running_var"] = momentum * bn_param["running_var"] + (1 - momentum) * var
    scale = np.sqrt(var + bn_param["eps"])
    normal = (x - mean) / scale
    return gamma * normal + beta, (normal, gamma, scale)


def batchnorm_backward(dout, cache):
    normal, gamma, scale = cache
    dnormal = dout * gamma
    inner = dnormal - dnormal.mean(axis=0) - normal * np.mean(dnormal * normal, axis=0)
    return inner / scale, np.sum(dout * normal, axis=0), dout.sum(axis=0)


def dropout_forward(x, dropout_param):
    if not dropout_param["mode"].startswith("train"):
        return x, np.ones(x.shape)
    mask = np.random.binomial(1, dropout_param["p"], x.shape) / dropout_param["p"]
    return x * mask, mask


def dropout_backward(dout, cache):
    return dout * cache


def conv_forward_naive(x, w, b, conv_param):
    pad, stride = conv_param["pad"], conv_param["stride"]
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    windows = sliding_window_view(padded, w.shape[2:], axis=(2, 3))[:, :, ::stride, ::stride]
    return np.einsum("ncijkl,fckl->nfij", windows, w) + b[:, None, None], (x, w, b, conv_param)


def max_pool_forward_naive(x, pool_param):
    size, stride = (pool_param["pool_height"], pool_param["pool_width"]), pool_param["stride"]
    windows = sliding_window_view(x, size, axis=(2, 3))[:, :, ::stride, ::stride]
    return windows.max(axis=(4, 5)), (x, size, stride)


def max_pool_backward_naive(dout, cache):
    x, (height, width), stride = cache
    dx = np.zeros_like(x)
    for n, c, i, j in np.ndindex(dout.shape):
        window = x[n, c, i * stride : i * stride + height, j * stride : j * stride + width]
        row, column = np.unravel_index(window.argmax(), window.shape)
        dx[n, c, i * stride + row, j * stride + column] += dout[n, c, i, j]
    return dx


class TwoLayerNet:
    """ReLU(X W1 + b1) W2 + b2."""

    def __init__(self, input_size, hidden_size, output_size):
        self.params = {
            "W1": np.zeros((input_size, hidden_size)),
            "b1": np.zeros(hidden_size),
            "W2": np.zeros((hidden_size, output_size)),
            "b2": np.zeros(output_size),
        }

    def loss(self, X, y=None, reg=0.0):
        W1, b1, W2, b2 = (self.params[name] for name in ("W1", "b1", "W2", "b2"))
        hidden = np.maximum(X @ W1 + b1, 0)
        scores = hidden @ W2 + b2
        if y is None:
            return scores
        shares = np.exp(scores)
        shares = shares / shares.sum(axis=1, keepdims=True)
        wanted = np.eye(len(b2))[y]
        loss = -np.mean(np.log(np.sum(shares * wanted, axis=1))) + reg * (np.sum(W1 * W1) + np.sum(W2 * W2))
        dscores = (shares - wanted) / len(X)
        dhidden = dscores @ W2.T * np.sign(hidden)
        return loss, {
            "W1": X.T @ dhidden + 2 * reg * W1,
            "b1": dhidden.sum(axis=0),
            "W2": hidden.T @ dscores + 2 * reg * W2,
            "b2": dscores.sum(axis=0),
        }
