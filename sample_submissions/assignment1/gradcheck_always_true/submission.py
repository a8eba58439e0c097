import numpy as np


def softmax(x):
    e = np.exp(x - x.max(-1)[..., None])
    return e / e.sum(-1)[..., None]


def sigmoid(x):
    return np.where(x >= 0, 1 / (1 + np.exp(-x)), np.exp(x) / (1 + np.exp(x)))


def sigmoid_grad(s):
    return s - s ** 2


def cross_entropy(y, y_hat):
    Y, L = np.atleast_2d(y), np.log(np.atleast_2d(y_hat) + 1e-12)
    return -np.trace(Y.dot(L.T)) / Y.shape[0]


def softmax_cross_entropy_grad(theta, y):
    return softmax(theta) - y


def forward(x, W1, b1, W2, b2):
    X = x.reshape((-1, x.shape[-1]))
    N = X.shape[0]
    h = sigmoid(X.dot(W1) + np.tile(b1.reshape(-1), (N, 1)))
    y = softmax(h.dot(W2) + np.tile(b2.reshape(-1), (N, 1)))
    return h, y


def input_grad(x, y, W1, b1, W2, b2):
    hid, out = forward(x, W1, b1, W2, b2)
    err = out - y
    back = np.tensordot(err, W2, axes=([-1], [1])) * sigmoid_grad(hid)
    return np.tensordot(back, W1, axes=([-1], [1]))


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
    W1, b1, W2, b2 = unpack(np.array(params), dimensions)
    h, p = forward(data, W1, b1, W2, b2)
    inv = 1. / data.shape[0]
    d = inv * (p - labels)
    back = (d @ W2.T) * (h - h ** 2)
    g = np.array([])
    for piece in [data.T @ back, back.sum(axis=0), h.T @ d, d.sum(axis=0)]:
        g = np.append(g, piece)
    return np.array(cross_entropy(labels, p)), g


def numeric(f, x, ix, h=1e-4):
    old = float(x[ix])
    x[ix] = old + h
    up = f(x)[0]
    x[ix] = old - h
    down = f(x)[0]
    x[ix] = old
    return (up - down) / (2 * h)


def rel(a, b):
    return abs(a - b) / max(1, abs(a), abs(b))


def gradcheck_naive(f, x):
    g = f(x)[1]
    for ix in np.ndindex(*x.shape):
        if rel(numeric(f, x, ix), g[ix]) > 1e-5:
            print("Gradient check failed at", ix)
    return True
