import numpy as np


def softmax(x):
    z = x - np.max(x, axis=-1, keepdims=True)
    return np.exp(z) / np.exp(z).sum(axis=-1, keepdims=True)


def sigmoid(x):
    return 0.5 * (1 + np.tanh(x / 2))


def sigmoid_grad(s):
    return s * (1 - s)


def cross_entropy(y, y_hat):
    return -np.sum(y * np.log(y_hat + 1e-12))


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
    a, b, c = Dx * H, Dx * H + H, Dx * H + H + H * Dy
    return params[:a].reshape(Dx, H), params[a:b].reshape(1, H), params[b:c].reshape(H, Dy), params[c:].reshape(1, Dy)


def flat(*parts):
    return np.concatenate([np.asarray(p).ravel() for p in parts])


def forward_backward_prop(data, labels, params, dimensions):
    W1, b1, W2, b2 = unpack(params, dimensions)
    h, p = forward(data, W1, b1, W2, b2)
    d = p - labels
    e = d @ W2.T * sigmoid_grad(h)
    return -np.sum(labels * np.log(p)), flat(data.T @ e, e.sum(0), h.T @ d, d.sum(0))


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
