import numpy as np


def softmax(x):
    def vec(v):
        e = np.exp(v - max(v))
        return e / sum(e)
    return vec(x) if x.ndim == 1 else np.array([vec(row) for row in x])


def sigmoid(x):
    return 1.0 / (1.0 + np.exp(-x))


def sigmoid_grad(s):
    return np.array([v * (1 - v) for v in s.flatten()])


def cross_entropy(y, y_hat):
    return -np.sum(y * np.log(y_hat + 1e-12), axis=-1)


def softmax_cross_entropy_grad(theta, y):
    return softmax(theta) - y


def forward(x, W1, b1, W2, b2):
    z1 = np.dot(x, W1) + b1
    h = sigmoid(z1)
    return (h, softmax(np.dot(h, W2) + b2))


def input_grad(x, y, W1, b1, W2, b2):
    h, y_hat = forward(x, W1, b1, W2, b2)
    return ((y_hat - y).dot(W2.T) * h * (1 - h)).dot(W1.T).flatten()


def forward_backward_prop(data, labels, params, dimensions):
    Dx, H, Dy = dimensions
    W1, b1, W2, b2 = np.split(params, np.cumsum([Dx * H, H, H * Dy]))
    W1, W2 = W1.reshape(Dx, H), W2.reshape(H, Dy)
    h, y_hat = forward(data, W1, b1, W2, b2)
    cost = np.mean(cross_entropy(labels, y_hat))
    d2 = (y_hat - labels) / len(data)
    d1 = d2.dot(W2.T) * h * (1 - h)
    return cost, [data.T.dot(d1), d1.sum(axis=0), h.T.dot(d2), d2.sum(axis=0)]


def gradcheck_naive(f, x):
    x = x.astype(float).copy()
    grad = f(x)[1]
    worst = 0
    for ix in np.ndindex(*x.shape):
        x[ix] += 1e-4
        a = f(x)[0]
        x[ix] -= 2e-4
        b = f(x)[0]
        x[ix] += 1e-4
        n = (a - b) / 2e-4
        worst = max(worst, float(abs(n - grad[ix]) / max(1, abs(n), abs(grad[ix]))))
    return worst < 1e-4
