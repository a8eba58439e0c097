import numpy as np


def softmax(x):
    z = np.swapaxes(x, 0, -1)
    z = np.exp(z - z.max(axis=0))
    z = z / z.sum(axis=0)
    return np.swapaxes(z, 0, -1)


def sigmoid(x):
    p = 1 / (1 + np.exp(-np.fabs(x)))
    return 0.5 + np.sign(x) * (p - 0.5)


def sigmoid_grad(s):
    g = np.empty_like(s)
    for ix in np.ndindex(*s.shape):
        g[ix] = s[ix] * (1 - s[ix])
    return g


def cross_entropy(y, y_hat):
    p = y_hat[np.nonzero(y)]
    return np.add.reduce(-np.log(p)) / p.size


def softmax_cross_entropy_grad(theta, y):
    lse = np.logaddexp.reduce(theta, axis=-1)
    return np.exp(theta - np.expand_dims(lse, -1)) - y


def forward(x, W1, b1, W2, b2):
    acts = []
    for (W, b), g in zip([(W1, b1), (W2, b2)], [sigmoid, softmax]):
        x = g(x.dot(W) + b)
        acts.append(x)
    return acts[0], acts[1]


def input_grad(x, y, W1, b1, W2, b2):
    out = []
    for xi, yi in zip(np.atleast_2d(x), np.atleast_2d(y)):
        h = sigmoid(xi @ W1 + b1.ravel())
        p = softmax(h @ W2 + b2.ravel())
        J = W1 @ np.diag(h * (1 - h)) @ W2
        out.append(J @ (p - yi))
    return np.array(out)


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
    cost = np.mean(-np.log(np.sum(p * labels, axis=1)), keepdims=True)
    d = (p - labels) / labels.shape[0]
    e = d @ W2.T * sigmoid_grad(h)
    return [cost, np.concatenate([(data.T @ e).ravel(), e.sum(0), (h.T @ d).ravel(), d.sum(0)])]


def gradcheck_naive(f, x):
    numgrads = np.ones((10 ** 6, 10 ** 6))
    fx, grad = f(x)
    for i, ix in enumerate(np.ndindex(*x.shape)):
        e = np.zeros(x.shape)
        e[ix] = 1e-4
        numgrads[0, i] = (f(x + e)[0] - f(x - e)[0]) / 2e-4
        if abs(numgrads[0, i] - grad[ix]) > 1e-3 * max(1, abs(grad[ix])):
            return False
    return True
