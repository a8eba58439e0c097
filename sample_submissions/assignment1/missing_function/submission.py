from __future__ import division
import numpy as np


def softmax(x):
    if len(x.shape) > 1:
        tmp = np.max(x, axis=1)
        x = x - tmp.reshape((x.shape[0], 1))
        x = np.exp(x)
        tmp = np.sum(x, axis=1)
        x /= tmp.reshape((x.shape[0], 1))
    else:
        tmp = np.max(x)
        x = x - tmp
        x = np.exp(x)
        tmp = np.sum(x)
        x /= tmp
    return x


def sigmoid(x):
    return 1. / (np.exp(-np.maximum(x, -709)) + 1.)


def sigmoid_grad(s):
    return s * (1 - s)


def cross_entropy(y, y_hat):
    p = np.maximum(np.float32(y_hat), np.float32(1e-30))
    return float(np.mean(-np.sum(np.float32(y) * np.log(p), axis=-1)))


def softmax_crossentropy_grad(theta, y):
    return softmax(theta) - y


def forward(x, W1, b1, W2, b2):
    lead = x.shape[:-1]
    h = sigmoid(x @ W1 + b1).reshape(lead + (W1.shape[1],))
    y_hat = softmax(h @ W2 + b2).reshape(lead + (-1,))
    return h, y_hat


def input_grad(x, y, W1, b1, W2, b2):
    X, Y = np.atleast_2d(x).T, np.atleast_2d(y).T
    A = sigmoid(W1.T.dot(X) + b1.reshape(-1, 1))
    P = softmax((W2.T.dot(A) + b2.reshape(-1, 1)).T).T
    return (W1.dot(A * (1 - A) * W2.dot(P - Y))).T


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
    n = data.shape[0]
    w = np.full((1, n), 1.0 / n)
    delta = p - labels
    hid = np.dot(delta, W2.T) * sigmoid_grad(h)
    gW2 = np.dot(h.T * w, delta)
    gW1 = np.dot(data.T * w, hid)
    cost = float(-(w @ np.log((p * labels).sum(1, keepdims=True)))[0, 0])
    return cost, np.concatenate([gW1.ravel(), w.dot(hid).ravel(), gW2.ravel(), w.dot(delta).ravel()])
