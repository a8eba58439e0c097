# Assignment 1, all nine functions, written the plain way.
import numpy as np


def softmax(x):
    e = np.exp(x - np.max(x, axis=-1, keepdims=True))
    return e / np.sum(e, axis=-1, keepdims=True)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def sigmoid_grad(s):
    return s * (1 - s)


def cross_entropy(y, y_hat):
    y = np.atleast_2d(y)
    y_hat = np.atleast_2d(y_hat)
    p = np.sum(y * y_hat, axis=1)      # what the true class got
    return -np.mean(np.log(p))


def softmax_cross_entropy_grad(theta, y):
    return softmax(theta) - y


def forward(x, W1, b1, W2, b2):
    h = sigmoid(x.dot(W1) + b1)
    y_hat = softmax(h.dot(W2) + b2)
    return h, y_hat


def input_grad(x, y, W1, b1, W2, b2):
    h, y_hat = forward(x, W1, b1, W2, b2)
    dh = (y_hat - y).dot(W2.T)
    return (dh * sigmoid_grad(h)).dot(W1.T)


def forward_backward_prop(data, labels, params, dimensions):
    Dx, H, Dy = dimensions
    i = 0
    W1 = params[i:i + Dx * H].reshape(Dx, H)
    i += Dx * H
    b1 = params[i:i + H].reshape(1, H)
    i += H
    W2 = params[i:i + H * Dy].reshape(H, Dy)
    i += H * Dy
    b2 = params[i:i + Dy].reshape(1, Dy)

    N = data.shape[0]
    h, y_hat = [np.atleast_2d(a) for a in forward(data, W1, b1, W2, b2)]
    cost = cross_entropy(labels, y_hat)

    d2 = (y_hat - labels) / N
    gW2 = h.T.dot(d2)
    gb2 = np.sum(d2, axis=0)
    d1 = d2.dot(W2.T) * sigmoid_grad(h)
    gW1 = data.T.dot(d1)
    gb1 = np.sum(d1, axis=0)
    grad = np.concatenate([gW1.ravel(), gb1.ravel(), gW2.ravel(), gb2.ravel()])
    return cost, grad


def gradcheck_naive(f, x):
    h = 1e-4
    _, grad = f(x)
    it = np.nditer(x, flags=['multi_index'], op_flags=['readwrite'])
    while not it.finished:
        ix = it.multi_index
        old = float(x[ix])
        x[ix] = old + h
        up = f(x)[0]
        x[ix] = old - h
        down = f(x)[0]
        x[ix] = old
        num = (up - down) / (2 * h)
        if abs(num - grad[ix]) / max(1, abs(num), abs(grad[ix])) > 1e-5:
            return False
        it.iternext()
    return True
