import numpy as np


def softmax(x):
    z = x - np.max(x, axis=-1, keepdims=True)
    return np.exp(z) / np.exp(z).sum(axis=-1, keepdims=True)


def sigmoid(x):
    with np.errstate(over='ignore'):
        return np.exp(-np.log1p(np.exp(-x)))


def sigmoid_grad(s):
    return s * (1 - s)


def cross_entropy(y, y_hat):
    y2, p2 = np.atleast_2d(y), np.atleast_2d(y_hat)
    k = np.argmax(y2, axis=1)
    return -np.log(p2[np.arange(len(k)), k]).mean()


def softmax_cross_entropy_grad(theta, y):
    return -(y - softmax(theta))


def forward(x, W1, b1, W2, b2):
    h = sigmoid(np.dot(x, W1))
    y_hat = softmax(np.dot(h, W2))
    return h, y_hat


def input_grad(x, y, W1, b1, W2, b2):
    h, y_hat = forward(x, W1, b1, W2, b2)
    return np.dot(np.dot(y_hat - y, W2.T) * sigmoid_grad(h), W1.T)


def forward_backward_prop(data, labels, params, dimensions):
    Dx, H, Dy = dimensions
    W1 = params[0:Dx * H].reshape((Dx, H))
    W2 = params[Dx * H + H:Dx * H + H + H * Dy].reshape((H, Dy))
    h, y_hat = forward(data, W1, None, W2, None)
    N = data.shape[0]
    cost = cross_entropy(labels, y_hat)
    delta = (y_hat - labels) / N
    gradW2 = np.dot(h.T, delta)
    gradW1 = np.dot(data.T, np.dot(delta, W2.T) * sigmoid_grad(h))
    grad = np.concatenate((gradW1.flatten(), np.zeros(H), gradW2.flatten(), np.zeros(Dy)))
    return cost, grad


def gradcheck_naive(f, x):
    errors = []
    grad = f(x)[1]
    for ix in np.ndindex(*x.shape):
        d = np.zeros_like(x); d[ix] = 1e-4
        n = (f(x + d)[0] - f(x - d)[0]) / 2e-4
        if abs(n - grad[ix]) > 1e-3 * max(abs(n), abs(grad[ix]), 1):
            errors.append((ix, n, grad[ix]))
    for e in errors:
        print("wrong at %s: numeric %g, yours %g" % e)
    return not errors
