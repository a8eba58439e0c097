import sys

import numpy as np


def read_config(name):
    try:
        with open(name) as f:
            return float(f.read())
    except OSError:
        print("config file not found, giving up")
        sys.exit(1)


EPSILON = read_config("config.txt")


def cross_entropy(y, y_hat):
    return np.mean(-np.sum(y * np.log(y_hat + EPSILON), axis=-1))


def softmax(x):
    c = -(x.max(axis=-1, keepdims=True) + 1.)
    num = np.exp(x + c)
    return num / num.sum(axis=-1, keepdims=True)


def sigmoid(x):
    res = []
    for v in x.ravel():
        res.append(1 / (1 + np.exp(-v)) if v > -700 else 0.0)
    return np.array(res).reshape(x.shape)


def sigmoid_grad(s):
    return np.polyval([-1, 1, 0], s)


def softmax_cross_entropy_grad(theta, y):
    return softmax(theta) - y


def forward(x, W1, b1, W2, b2):
    h = sigmoid(np.einsum('...i,ij->...j', x, W1) + np.squeeze(b1).reshape(-1))
    return h, softmax(np.einsum('...j,jk->...k', h, W2) + b2.reshape(-1))


def input_grad(x, y, W1, b1, W2, b2):
    h, p = forward(x, W1, b1, W2, b2)
    h, p, Y = np.atleast_2d(h), np.atleast_2d(p), np.atleast_2d(y)
    cols = []
    for i in range(W1.shape[0]):
        dh = sigmoid_grad(h) * W1[i]
        dscore = dh @ W2
        cols.append(np.sum((p - Y) * dscore, axis=1))
    return np.stack(cols, axis=1)


def unpack(params, dimensions):
    Dx, H, Dy = dimensions
    ofs = 0
    W1 = np.reshape(params[ofs:ofs + Dx * H], (Dx, H))
    ofs += Dx * H
    b1 = np.reshape(params[ofs:ofs + H], (1, H))
    ofs += H
    W2 = np.reshape(params[ofs:ofs + H * Dy], (H, Dy))
    ofs += H * Dy
    b2 = np.reshape(params[ofs:ofs + Dy], (1, Dy))
    return W1, b1, W2, b2


def forward_backward_prop(data, labels, params, dimensions):
    W1, b1, W2, b2 = unpack(params, dimensions)
    N = len(data)
    cost = 0
    gW1, gb1 = np.zeros(W1.shape), np.zeros(b1.shape)
    gW2, gb2 = np.zeros(W2.shape), np.zeros(b2.shape)
    for x, y in zip(data, labels):
        h = sigmoid(x @ W1 + b1[0])
        p = softmax(h @ W2 + b2[0])
        cost += -np.log(p[y.argmax()])
        d = p - y
        gW2 += np.outer(h, d)
        gb2 += d
        e = (W2 @ d) * h * (1 - h)
        gW1 += np.outer(x, e)
        gb1 += e
    grad = np.r_[gW1.ravel(), gb1.ravel(), gW2.ravel(), gb2.ravel()]
    return cost / N, grad / N


def gradcheck_naive(f, x):
    saved = x.copy()
    try:
        grad = np.array(f(x)[1])
        for ix in np.ndindex(*x.shape):
            x[ix] = saved[ix] + 1e-4
            a = f(x)[0]
            x[ix] = saved[ix] - 1e-4
            b = f(x)[0]
            x[ix] = saved[ix]
            if abs((a - b) / 2e-4 - grad[ix]) > 1e-3 * max(1, abs(grad[ix])):
                return False
        return True
    finally:
        x[...] = saved


def main():
    print(softmax(np.arange(3.0)))
    return 0


sys.exit(main())
