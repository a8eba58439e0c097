import numpy as np


def softmax(x):
    e = np.exp(x - np.max(x, axis=0))
    return e / np.sum(e, axis=0)


def cross_entropy(y, y_hat):
    ce = -y * np.log(y_hat + 1e-10)
    if y.ndim == 1:
        return ce.sum()
    return ce.mean()


def sigmoid(x):
    return 1.0 / (1.0 + np.exp(-x))


def sigmoid_grad(s):
    return s * (1 - s)


def softmax_cross_entropy_grad(theta, y):
    return softmax(theta) - y


def forward(x, W1, b1, W2, b2):
    z1 = np.dot(x, W1) + b1
    h = sigmoid(z1)
    return (h, softmax(np.dot(h, W2) + b2))


def input_grad(x, y, W1, b1, W2, b2):
    h, p = forward(x, W1, b1, W2, b2)
    d = (p - y) @ W2.T * sigmoid_grad(h)
    return d @ W1.T


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
    h, p = forward(data, W1, b1, W2, b2)
    d = p - labels
    e = (d @ W2.T) * sigmoid_grad(h)
    per = [data[:, :, None] * e[:, None, :], e, h[:, :, None] * d[:, None, :], d]
    flat = np.concatenate([q.reshape(len(data), -1) for q in per], axis=1)
    return cross_entropy(labels, p), flat.mean(axis=0)


def gradcheck_naive(f, x):
    g = np.ravel(f(x)[1]).copy()
    bad = 0
    for i in range(x.size):
        keep = x.flat[i]
        x.flat[i] = keep + 1e-4
        a = f(x)[0]
        x.flat[i] = keep - 1e-4
        b = f(x)[0]
        x.flat[i] = keep
        n = (a - b) / 2e-4
        if np.abs(n - g[i]) / np.maximum(1, np.abs(n)) > 1e-4:
            bad += 1
    return bad == 0
