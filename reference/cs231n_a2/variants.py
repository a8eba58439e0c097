"""What goes wrong in layers with caches and modes, and what is right too."""

from __future__ import annotations

import numpy as np
from solution import (
    TwoLayerNet,
    batchnorm_backward,
    batchnorm_forward,
    conv_forward_naive,
    dropout_forward,
    max_pool_backward_naive,
    max_pool_forward_naive,
)

from grader.reference import mistake, right

# -- batch normalisation -------------------------------------------------------------------------------------------


@right("batchnorm_forward", name="step by step")
def batchnorm_by_steps(x, gamma, beta, bn_param):
    eps, momentum = bn_param.get("eps", 1e-5), bn_param.get("momentum", 0.9)
    N, D = x.shape
    running_mean = bn_param.get("running_mean", np.zeros(D))
    running_var = bn_param.get("running_var", np.zeros(D))
    if bn_param["mode"] == "train":
        mu = 1 / N * np.sum(x, axis=0)
        centered = x - mu
        var = 1 / N * np.sum(centered**2, axis=0)
        std = np.sqrt(var + eps)
        out = gamma * (centered / std) + beta
        cache = (centered / std, gamma, std)
        running_mean = momentum * running_mean + (1 - momentum) * mu
        running_var = momentum * running_var + (1 - momentum) * var
    else:
        out = gamma * (x - running_mean) / np.sqrt(running_var + eps) + beta
        cache = None
    bn_param["running_mean"] = running_mean
    bn_param["running_var"] = running_var
    return out, cache


def _batchnorm(x, gamma, beta, bn_param, var=np.var, outside=False, keep=True, swapped=False, root=True):
    if bn_param["mode"] == "test":
        return batchnorm_forward(x, gamma, beta, bn_param)
    mean, spread, m = x.mean(axis=0), var(x, axis=0), bn_param["momentum"]
    if keep:
        old, new = (1 - m, m) if swapped else (m, 1 - m)
        bn_param["running_mean"] = old * bn_param["running_mean"] + new * mean
        bn_param["running_var"] = old * bn_param["running_var"] + new * spread
    eps = bn_param["eps"]
    scale = np.sqrt(spread) + eps if outside else np.sqrt(spread + eps) if root else spread + eps
    normal = (x - mean) / scale
    return gamma * normal + beta, (normal, gamma, scale)


@mistake("batchnorm_forward", name="variances over N - 1", hint="A mean of squares.", credit="1/2")
def batchnorm_of_samples(x, gamma, beta, bn_param):
    return _batchnorm(x, gamma, beta, bn_param, var=lambda x, axis: np.var(x, axis=axis, ddof=1))


@mistake("batchnorm_forward", name="eps outside of the root", hint="sqrt(var + eps).", credit="1/2")
def batchnorm_with_outer_eps(x, gamma, beta, bn_param):
    return _batchnorm(x, gamma, beta, bn_param, outside=True)


@mistake("batchnorm_forward", name="the running ones aren't kept", hint="Write them into bn_param.", credit="1/2")
def batchnorm_without_running(x, gamma, beta, bn_param):
    return _batchnorm(x, gamma, beta, bn_param, keep=False)


@mistake("batchnorm_forward", name="momentum at the wrong place", hint="momentum keeps the old one.", credit="1/2")
def batchnorm_with_swapped_momentum(x, gamma, beta, bn_param):
    return _batchnorm(x, gamma, beta, bn_param, swapped=True)


@mistake("batchnorm_forward", name="divided by the variance", hint="By its root.", credit="1/4")
def batchnorm_without_root(x, gamma, beta, bn_param):
    return _batchnorm(x, gamma, beta, bn_param, root=False)


@mistake("batchnorm_forward", name="test mode like training", hint="Take the running ones there.", credit="1/2")
def batchnorm_without_test_mode(x, gamma, beta, bn_param):
    return (
        _batchnorm(x, gamma, beta, {**bn_param, "mode": "train"})
        if bn_param["mode"] == "test"
        else (batchnorm_forward(x, gamma, beta, bn_param))
    )


@mistake("batchnorm_forward", name="no gamma and beta", hint="They scale and move what was normalised.", credit="1/4")
def batchnorm_without_parameters(x, gamma, beta, bn_param):
    return batchnorm_forward(x, np.ones_like(gamma), np.zeros_like(beta), bn_param)


@right("batchnorm_backward", name="along the graph")
def batchnorm_backward_by_graph(dout, cache):
    normal, gamma, scale = cache
    N = len(dout)
    dnormal = dout * gamma
    dvar = np.sum(dnormal * normal, axis=0) * -0.5 / scale**2
    dmean = -np.sum(dnormal / scale, axis=0)
    dx = dnormal / scale + dvar * 2 * normal * scale / N + dmean / N
    return dx, (dout * normal).sum(0), np.ones(N) @ dout


def _backward(dout, cache, mean=True, var=True):
    normal, gamma, scale = cache
    dnormal = dout * gamma
    inner = dnormal - mean * dnormal.mean(axis=0) - var * normal * np.mean(dnormal * normal, axis=0)
    return inner / scale, np.sum(dout * normal, axis=0), dout.sum(axis=0)


@mistake("batchnorm_backward", name="mean and variance held still", hint="Both hang on x.", credit="1/2")
def batchnorm_backward_direct(dout, cache):
    return _backward(dout, cache, mean=False, var=False)


@mistake("batchnorm_backward", name="the variance held still", hint="It hangs on x, too.", credit="1/2")
def batchnorm_backward_without_variance(dout, cache):
    return _backward(dout, cache, var=False)


@mistake("batchnorm_backward", name="the mean held still", hint="It hangs on x, too.", credit="1/2")
def batchnorm_backward_without_mean(dout, cache):
    return _backward(dout, cache, mean=False)


@mistake("batchnorm_backward", name="means for gamma and beta", hint="Sums over the batch.", credit="1/2")
def batchnorm_backward_with_means(dout, cache):
    dx, dgamma, dbeta = batchnorm_backward(dout, cache)
    return dx, dgamma / len(dout), dbeta / len(dout)


@mistake("batchnorm_backward", name="gamma and beta swapped", hint="dx, dgamma, dbeta.", credit="1/2")
def batchnorm_backward_swapped(dout, cache):
    dx, dgamma, dbeta = batchnorm_backward(dout, cache)
    return dx, dbeta, dgamma


@mistake("batchnorm_backward", name="gamma left out", hint="out is gamma times the normalised x.", credit="1/2")
def batchnorm_backward_without_gamma(dout, cache):
    normal, gamma, scale = cache
    return batchnorm_backward(dout, (normal, np.ones_like(gamma), scale))


# -- dropout -------------------------------------------------------------------------------------------------------


@right("dropout_forward", name="by uniform numbers")
def dropout_by_uniform_numbers(x, dropout_param):
    p = dropout_param["p"]
    if dropout_param["mode"] == "train":
        mask = (np.random.rand(*x.shape) < p) / p
        return x * mask, mask
    return x.copy(), 1


@mistake("dropout_forward", name="not divided by p", hint="So that the mean stays.", credit="1/2")
def dropout_unscaled(x, dropout_param):
    out, mask = dropout_forward(x, dropout_param)
    return (out, mask) if dropout_param["mode"] == "test" else (x * (mask > 0), mask > 0)


@mistake("dropout_forward", name="dropped with probability p", hint="p is for those that stay.", credit="1/2")
def dropout_turned_round(x, dropout_param):
    if dropout_param["mode"] == "test":
        return x, 1.0
    mask = (np.random.rand(*x.shape) > dropout_param["p"]) / dropout_param["p"]
    return x * mask, mask


@mistake("dropout_forward", name="scaled in test mode", hint="There nothing is done.", credit="1/2")
def dropout_scaled_in_test(x, dropout_param):
    out, mask = dropout_forward(x, dropout_param)
    return (x * dropout_param["p"], mask) if dropout_param["mode"] == "test" else (out, mask)


@mistake("dropout_forward", name="whole columns dropped", hint="Each entry by itself.", credit="1/4")
def dropout_of_columns(x, dropout_param):
    if dropout_param["mode"] == "test":
        return x, 1.0
    mask = np.tile(np.arange(x.shape[1]) % 10 == 0, (len(x), 1)) / dropout_param["p"]
    return x * mask, mask


@right("dropout_backward", name="by hand")
def dropout_backward_by_hand(dout, cache):
    return np.multiply(cache, dout)


@mistake("dropout_backward", name="all of it handed back", hint="Nothing goes where nothing came from.", credit="1/4")
def dropout_backward_of_all(dout, cache):
    return dout + 0 * cache


@mistake("dropout_backward", name="the mask laid over dout", hint="dout belongs to whoever calls.", credit="3/4")
def dropout_backward_in_place(dout, cache):
    dout *= cache
    return dout


@mistake("dropout_backward", name="not divided by p", hint="out was divided by it.", credit="1/2")
def dropout_backward_unscaled(dout, cache):
    return dout * (np.asarray(cache) > 0)


# -- convolution and pooling ---------------------------------------------------------------------------------------


@right("conv_forward_naive", name="by loops")
def conv_by_loops(x, w, b, conv_param):
    pad, stride = conv_param["pad"], conv_param["stride"]
    padded = np.pad(x, [(0, 0), (0, 0), (pad, pad), (pad, pad)], mode="constant")
    N, F, HH, WW = len(x), len(w), w.shape[2], w.shape[3]
    H, W = ((padded.shape[axis] - w.shape[axis]) // stride + 1 for axis in (2, 3))
    out = np.zeros((N, F, H, W))
    for n, f, i, j in np.ndindex(N, F, H, W):
        window = padded[n, :, i * stride : i * stride + HH, j * stride : j * stride + WW]
        out[n, f, i, j] = np.sum(window * w[f]) + b[f]
    return out, (x, w, b, conv_param)


@mistake("conv_forward_naive", name="no bias", hint="b[f] is added.", credit="1/2")
def conv_without_bias(x, w, b, conv_param):
    return conv_forward_naive(x, w, 0 * b, conv_param)


@mistake(
    "conv_forward_naive", name="filters turned by half a turn", hint="Correlation: nothing is turned.", credit="1/2"
)
def conv_turned(x, w, b, conv_param):
    return conv_forward_naive(x, w[:, :, ::-1, ::-1], b, conv_param)


@mistake("conv_forward_naive", name="no padding", hint="Zeros lie around the images.", credit="1/4")
def conv_without_padding(x, w, b, conv_param):
    return conv_forward_naive(x, w, b, {**conv_param, "pad": 0})


@mistake("conv_forward_naive", name="a stride of one", hint="Windows lie `stride` pixels apart.", credit="1/2")
def conv_without_stride(x, w, b, conv_param):
    return conv_forward_naive(x, w, b, {**conv_param, "stride": 1})


@mistake("conv_forward_naive", name="the first channel only", hint="All channels are added up.", credit="1/4")
def conv_of_one_channel(x, w, b, conv_param):
    return conv_forward_naive(x[:, :1], w[:, :1], b, conv_param)


def _windows(x, pool_param):
    height, width, stride = (pool_param[name] for name in ("pool_height", "pool_width", "stride"))
    for i in range((x.shape[2] - height) // stride + 1):
        for j in range((x.shape[3] - width) // stride + 1):
            yield i, j, x[:, :, i * stride : i * stride + height, j * stride : j * stride + width]


@right("max_pool_forward_naive", name="by loops")
def pool_by_loops(x, pool_param):
    out = np.zeros_like(max_pool_forward_naive(x, pool_param)[0])
    for i, j, window in _windows(x, pool_param):
        out[:, :, i, j] = np.max(window, axis=(2, 3))
    return out, max_pool_forward_naive(x, pool_param)[1]


@mistake("max_pool_forward_naive", name="means", hint="The largest entry.", credit="1/4")
def pool_of_means(x, pool_param):
    out, cache = max_pool_forward_naive(x, pool_param)
    for i, j, window in _windows(x, pool_param):
        out[:, :, i, j] = window.mean(axis=(2, 3))
    return out, cache


@mistake("max_pool_forward_naive", name="one maximum for all channels", hint="Each channel by itself.", credit="1/4")
def pool_over_channels(x, pool_param):
    out, cache = max_pool_forward_naive(x, pool_param)
    return np.repeat(out.max(axis=1, keepdims=True), out.shape[1], axis=1), cache


@mistake("max_pool_forward_naive", name="the largest in size", hint="-3 is smaller than 1.", credit="1/4")
def pool_of_sizes(x, pool_param):
    return max_pool_forward_naive(np.abs(x), pool_param)


@mistake(
    "max_pool_forward_naive", name="windows side by side, whatever the stride", hint="stride pixels.", credit="1/2"
)
def pool_without_stride(x, pool_param):
    return max_pool_forward_naive(x, {**pool_param, "stride": pool_param["pool_height"]})


def _pool_backward(dout, cache, write):
    x, (height, width), stride = cache
    dx = np.zeros_like(x)
    for n, c, i, j in np.ndindex(dout.shape):
        at = np.s_[n, c, i * stride : i * stride + height, j * stride : j * stride + width]
        dx[at] = write(dx[at], dout[n, c, i, j], x[at] == x[at].max())
    return dx


@right("max_pool_backward_naive", name="by masks")
def pool_backward_by_masks(dout, cache):
    return _pool_backward(dout, cache, lambda before, share, largest: before + share * largest)


@mistake("max_pool_backward_naive", name="gradients replaced", hint="Windows may overlap: +=, not =.", credit="1/2")
def pool_backward_replacing(dout, cache):
    return _pool_backward(dout, cache, lambda before, share, largest: share * largest)


@mistake("max_pool_backward_naive", name="shared by the window", hint="All goes to the largest.", credit="1/4")
def pool_backward_of_means(dout, cache):
    return _pool_backward(dout, cache, lambda before, share, largest: before + share / largest.size)


@mistake("max_pool_backward_naive", name="to every entry", hint="All goes to the largest.", credit="1/4")
def pool_backward_to_all(dout, cache):
    return _pool_backward(dout, cache, lambda before, share, largest: before + share)


@mistake("max_pool_backward_naive", name="times the entry", hint="The slope of the largest entry is 1.", credit="1/4")
def pool_backward_times_entry(dout, cache):
    return max_pool_backward_naive(dout, cache) * cache[0]


# -- the net -------------------------------------------------------------------------------------------------------


@right("TwoLayerNet.loss", name="example by example")
class NetByExamples(TwoLayerNet):
    def loss(self, X, y=None, reg=0.0):
        p = self.params
        hidden = np.array([np.maximum(0, x.dot(p["W1"]) + p["b1"]) for x in X])
        scores = np.array([h.dot(p["W2"]) + p["b2"] for h in hidden])
        if y is None:
            return scores
        grads, total = {name: 2 * reg * value if name[0] == "W" else 0 * value for name, value in p.items()}, 0.0
        for x, h, s, label in zip(X, hidden, scores, y, strict=True):
            share = np.exp(s) / np.exp(s).sum()
            total -= np.log(share[label])
            share[label] -= 1
            share /= len(X)
            back = (p["W2"] @ share) * (h > 0)
            grads["W2"] = grads["W2"] + np.outer(h, share)
            grads["b2"] = grads["b2"] + share
            grads["W1"] = grads["W1"] + np.outer(x, back)
            grads["b1"] = grads["b1"] + back
        return total / len(X) + reg * sum(np.sum(p[name] ** 2) for name in ("W1", "W2")), grads


class _Changed(TwoLayerNet):
    """A net whose result is changed afterwards."""

    def change(self, X, loss, grads, reg):
        return loss, grads

    def loss(self, X, y=None, reg=0.0):
        found = super().loss(X, y, reg)
        return found if y is None else self.change(X, *found, reg)

    def weights(self):
        return {name: value for name, value in self.params.items() if name[0] == "W"}


@mistake("TwoLayerNet.loss", name="half of the squares", hint="reg times the squares, without a half.", credit="3/4")
class HalfRegularised(_Changed):
    def change(self, X, loss, grads, reg):
        half = {name: grads[name] - reg * value for name, value in self.weights().items()}
        return loss - reg / 2 * sum(np.sum(value**2) for value in self.weights().values()), {**grads, **half}


@mistake("TwoLayerNet.loss", name="no regularisation in the gradients", hint="It has a slope.", credit="3/4")
class Unregularised(_Changed):
    def change(self, X, loss, grads, reg):
        return loss, {**grads, **{name: grads[name] - 2 * reg * value for name, value in self.weights().items()}}


@mistake("TwoLayerNet.loss", name="no regularisation at all", hint="reg times the squares.", credit="1/2")
class NeverRegularised(_Changed):
    def loss(self, X, y=None, reg=0.0):
        return super().loss(X, y, 0.0)


@mistake("TwoLayerNet.loss", name="gradients of sums", hint="The loss is a mean.", credit="1/2")
class Summed(_Changed):
    def change(self, X, loss, grads, reg):
        plain = {name: grads[name] - 2 * reg * value for name, value in self.weights().items()}
        scaled = {name: len(X) * value for name, value in {**grads, **plain}.items()}
        return loss, {**scaled, **{name: scaled[name] + 2 * reg * value for name, value in self.weights().items()}}


@mistake("TwoLayerNet.loss", name="the gate of ReLU left open", hint="Nothing flows where it gave 0.", credit="1/2")
class Ungated(TwoLayerNet):
    def loss(self, X, y=None, reg=0.0):
        found = super().loss(X, y, reg)
        if y is None:
            return found
        p = self.params
        hidden = np.maximum(X @ p["W1"] + p["b1"], 0)
        scores = hidden @ p["W2"] + p["b2"]
        share = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
        back = (share - np.eye(share.shape[1])[y]) / len(X) @ p["W2"].T
        return found[0], {**found[1], "W1": X.T @ back + 2 * reg * p["W1"], "b1": back.sum(axis=0)}


@mistake("TwoLayerNet.loss", name="scores only with labels", hint="Without labels: the scores.", credit="3/4")
class AlwaysLoss(TwoLayerNet):
    def loss(self, X, y=None, reg=0.0):
        return super().loss(X, np.zeros(len(X), dtype=int) if y is None else y, reg)
