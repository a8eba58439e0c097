import os
import sys
import random
import numpy as np
import matplotlib.pyplot as plt
import matplotlib
matplotlib.use("Agg")
from sklearn.datasets import load_digits
from sklearn.preprocessing import OneHotEncoder
from course_utils import plot_decision_boundary, Timer

plt.style.use("ggplot")
np.set_printoptions(precision=3, suppress=True)
random.seed(42)


def softmax(x):
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return np.einsum('...i,...->...i', e, 1.0 / np.einsum('...i->...', e))


def sigmoid(x):
    return np.reciprocal(np.add(1.0, np.exp(np.negative(x))))


def sigmoid_grad(s):
    return np.multiply(s, np.subtract(1.0, s))


def cross_entropy(y, y_hat):
    n = y.shape[0] if y.ndim == 2 else 1
    return -np.nansum(y * np.log(y_hat)) / n


def softmax_cross_entropy_grad(theta, y):
    p = softmax(theta)
    return np.where(y == 1, p - 1, p)


class Net:
    def __init__(self, *params):
        self.W1, self.b1, self.W2, self.b2 = params

    def hidden(self, x):
        return sigmoid(np.matmul(x, self.W1) + self.b1)

    def predict(self, x):
        h = self.hidden(x)
        return h, softmax(np.matmul(h, self.W2) + self.b2)


def forward(x, W1, b1, W2, b2):
    return Net(W1, b1, W2, b2).predict(x)


def input_grad(x, y, W1, b1, W2, b2):
    h, _ = forward(x, W1, b1, W2, b2)
    theta = h.dot(W2) + b2
    d = softmax_cross_entropy_grad(theta, y.reshape(theta.shape))
    return np.dot(np.multiply(np.dot(d, W2.T), sigmoid_grad(h)), W1.T)


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
    N = float(data.shape[0])
    h = sigmoid(np.einsum('ni,ij->nj', data, W1) + b1)
    p = softmax(np.einsum('nj,jk->nk', h, W2) + b2)
    d = p - labels
    e = np.einsum('nk,jk,nj->nj', d, W2, h - h * h)
    g = [np.einsum('ni,nj->ij', data, e), np.einsum('nj->j', e), np.einsum('nj,nk->jk', h, d), np.einsum('nk->k', d)]
    return -np.einsum('nk,nk->', labels, np.log(p + 1e-12)) / N, np.concatenate([a.ravel() for a in g]) / N


def gradcheck_naive(f, x):
    grad = np.asarray(f(x)[1])
    num = np.empty(x.shape)
    for ix in np.ndindex(*x.shape):
        a = x.copy()
        a[ix] += 1e-4
        b = x.copy()
        b[ix] -= 1e-4
        num[ix] = (f(a)[0] - f(b)[0]) / (2e-4)
    scale = np.maximum(1, np.maximum(np.abs(num), np.abs(grad)))
    return np.all(np.abs(num - grad) / scale < 1e-4)


digits = load_digits()
X = digits.data / 16.0
Y = OneHotEncoder(sparse_output=False).fit_transform(digits.target.reshape(-1, 1))
dims = (64, 30, 10)
params = 0.1 * np.random.randn((dims[0] + 1) * dims[1] + (dims[1] + 1) * dims[2])

costs = []
with Timer("training"):
    for epoch in range(20000):
        cost, grad = forward_backward_prop(X, Y, params, dims)
        params -= 0.5 * grad
        costs.append(cost)
        if epoch % 1000 == 0:
            print("epoch %d: cost %.4f" % (epoch, cost))

plt.figure()
plt.plot(costs)
plt.savefig(os.path.join(os.path.dirname(__file__), "costs.png"))
plot_decision_boundary(params)
sys.stdout.flush()
