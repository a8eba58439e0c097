"""RIGHT: a small reverse-mode automatic differentiation, all gradients come from it"""
import numpy as np


class Var:
    def __init__(self, value, parents=()):
        self.value = np.asarray(value, dtype=float)
        self.parents = parents
        self.grad = np.zeros_like(self.value)

    @staticmethod
    def _fit(g, shape):
        while g.ndim > len(shape):
            g = g.sum(axis=0)
        for i, n in enumerate(shape):
            if n == 1 and g.shape[i] != 1:
                g = g.sum(axis=i, keepdims=True)
        return g

    def __add__(self, other):
        return Var(self.value + other.value, [
            (self, lambda g: Var._fit(g, self.value.shape)), (other, lambda g: Var._fit(g, other.value.shape))])

    def __matmul__(self, other):
        return Var(self.value @ other.value, [
            (self, lambda g: g @ other.value.T), (other, lambda g: self.value.T @ g)])

    def sigmoid(self):
        s = sigmoid(self.value)
        return Var(s, [(self, lambda g: g * sigmoid_grad(s))])

    def reshape(self, *shape):
        return Var(self.value.reshape(*shape), [(self, lambda g: g.reshape(self.value.shape))])

    def part(self, a, b):
        def back(g):
            out = np.zeros_like(self.value)
            out[a:b] = g
            return out
        return Var(self.value[a:b], [(self, back)])

    def ce(self, y):
        """Cross entropy of each row with softmax scores."""
        lse = np.logaddexp.reduce(self.value, axis=1)
        return Var(lse - np.sum(self.value * y, axis=1),
                   [(self, lambda g: g[:, None] * (np.exp(self.value - lse[:, None]) - y))])

    def backward(self, seed):
        order, seen = [], set()

        def visit(v):
            if id(v) not in seen:
                seen.add(id(v))
                for p, _ in v.parents:
                    visit(p)
                order.append(v)
        visit(self)
        self.grad = np.asarray(seed, dtype=float)
        for v in reversed(order):
            for p, back in v.parents:
                p.grad = p.grad + back(v.grad)


def softmax(x):
    m = np.logaddexp.reduce(x, axis=-1, keepdims=True)
    return np.exp(x - m)


def sigmoid(x):
    return np.exp(-np.logaddexp(0, -np.asarray(x)))


def sigmoid_grad(s):
    return s * (1 - s)


def cross_entropy(y, y_hat):
    return np.mean(-np.log(np.sum(y * y_hat, axis=-1)))


def softmax_cross_entropy_grad(theta, y):
    t = Var(np.atleast_2d(theta))
    loss = t.ce(np.atleast_2d(y))
    loss.backward(np.ones(len(t.value)))
    return t.grad.reshape(theta.shape)


def scores(X, W1, b1, W2, b2):
    h = (X @ W1 + b1).sigmoid()
    return h, h @ W2 + b2


def forward(x, W1, b1, W2, b2):
    h, s = scores(*[Var(np.atleast_2d(a)) for a in (x, W1, b1, W2, b2)])
    return h.value, softmax(s.value)


def input_grad(x, y, W1, b1, W2, b2):
    X = Var(np.atleast_2d(x))
    loss = scores(X, *[Var(np.atleast_2d(a)) for a in (W1, b1, W2, b2)])[1].ce(np.atleast_2d(y))
    loss.backward(np.ones(len(X.value)))
    return X.grad


def forward_backward_prop(data, labels, params, dimensions):
    Dx, H, Dy = dimensions
    P = Var(params)
    a, b, c, d = np.cumsum([Dx * H, H, H * Dy, Dy])
    W = [P.part(0, a).reshape(Dx, H), P.part(a, b).reshape(1, H), P.part(b, c).reshape(H, Dy), P.part(c, d).reshape(1, Dy)]
    loss = scores(Var(data), *W)[1].ce(labels)
    loss.backward(np.full(len(data), 1 / len(data)))
    return loss.value.mean(), P.grad


def gradcheck_naive(f, x):
    analytic = np.array(f(x)[1])
    numeric = np.zeros_like(analytic)
    for ix in np.ndindex(*np.shape(x)):
        e = np.zeros(np.shape(x))
        e[ix] = 1e-4
        numeric[ix] = (f(x + e)[0] - f(x - e)[0]) / 2e-4
    return bool(np.all(np.abs(analytic - numeric) < 1e-3 * np.maximum(1, np.abs(analytic))))
