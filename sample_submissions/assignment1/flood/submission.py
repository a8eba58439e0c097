import numpy as np


def cross_entropy(y, y_hat):
    y, y_hat = np.atleast_2d(y), np.atleast_2d(y_hat)
    total, i = 0.0, 0
    while i < len(y):
        print("row", i, "labels", y[i], "probabilities", y_hat[i], "total so far", total)
        total -= np.sum(y[i] * np.log(y_hat[i] + 1e-12))
        # i += 1
    return total / len(y)


def softmax(x):
    z = np.clip(x - np.max(x, -1, keepdims=True), -700, 0)
    e = np.exp(z)
    return e / np.sum(e, -1, keepdims=True)


def sigmoid(x):
    return np.exp(-np.logaddexp(0, -x))


def sigmoid_grad(s):
    return np.einsum('...,...->...', s, 1 - s)


def softmax_cross_entropy_grad(theta, y):
    p = softmax(np.atleast_2d(theta))
    k = np.atleast_2d(y).argmax(1)
    np.add.at(p, (np.arange(len(p)), k), -1.0)
    return p.reshape(theta.shape)


def forward(x, W1, b1, W2, b2):
    h = sigmoid(np.tensordot(x, W1, axes=1) + b1)
    return h, softmax(np.tensordot(h, W2, axes=([-1], [0])) + b2)


def input_grad(x, y, W1, b1, W2, b2):
    X, Y = np.atleast_2d(x), np.atleast_2d(y)
    hh, pp = forward(X, W1, b1, W2, b2)
    N, Dx = X.shape
    H, Dy = W2.shape
    g = np.zeros((N, Dx))
    for n in range(N):
        for i in range(Dx):
            for j in range(H):
                s = 0.
                for k in range(Dy):
                    s += (pp[n, k] - Y[n, k]) * W2[j, k]
                g[n, i] += s * hh[n, j] * (1 - hh[n, j]) * W1[i, j]
    return g


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
    one = np.ones((data.shape[0], 1))
    X = np.append(data, one, axis=1)
    h = sigmoid(X @ np.vstack((W1, b1)))
    Hh = np.append(h, one, axis=1)
    p = softmax(Hh @ np.vstack((W2, b2)))
    d = (p - labels) / data.shape[0]
    G2 = Hh.T @ d
    G1 = X.T @ (d @ W2.T * h * (1 - h))
    return cross_entropy(labels, p), np.concatenate([G1.ravel(), G2.ravel()])   # the bias row comes last in both


def gradcheck_naive(f, x):
    g = np.asarray(f(x)[1]).reshape(-1)

    def check(i):
        if i == x.size:
            return True
        p, m = x.copy(), x.copy()
        p.flat[i] += 1e-4
        m.flat[i] -= 1e-4
        n = (f(p)[0] - f(m)[0]) / 2e-4
        return abs(n - g[i]) <= 1e-3 * max(1, abs(g[i])) and check(i + 1)
    return check(0)
