import numpy as np


def softmax(x):
    x = x - np.max(x, axis=-1, keepdims=True)
    e = np.exp(x)
    return e / np.sum(e, axis=-1)


def sigmoid(x):
    return 0.5 * (1 + np.tanh(x / 2))


sigmoid_grad = lambda f: f * (1 - f)


def cross_entropy(y, y_hat):
    return np.mean(-np.log(y_hat[y == 1]))


def softmax_cross_entropy_grad(theta, y):
    classes = np.argmax(y, axis=-1)
    return softmax(theta) - np.eye(theta.shape[-1])[classes]


def forward(x, W1, b1, W2, b2):
    x = np.atleast_2d(x)
    h = sigmoid(x.dot(W1) + b1.reshape(1, -1))
    return h, softmax(h.dot(W2) + b2.reshape(1, -1))


def input_grad(x, y, W1, b1, W2, b2):
    X, Y = np.atleast_2d(x), np.atleast_2d(y)
    h = sigmoid(X.dot(W1) + b1)
    delta = softmax(h.dot(W2) + b2) - Y
    return (delta.dot(W2.T) * sigmoid_grad(h)).dot(W1.T)


def forward_backward_prop(data, labels, params, dimensions):
    Dx, H, Dy = dimensions
    a, b, c = Dx * H, Dx * H + H, Dx * H + H + H * Dy
    W1, b1 = params[:a].reshape(Dx, H), params[a:b]
    W2, b2 = params[b:c].reshape(H, Dy), params[c:]
    h, p = forward(data, W1, b1, W2, b2)
    g = np.zeros_like(params)
    d = softmax_cross_entropy_grad(h @ W2 + b2, labels) / data.shape[0]
    e = (d @ W2.T) * sigmoid_grad(h)
    g[:a] = (data.T @ e).ravel()
    g[a:b] = e.sum(axis=0)
    g[b:c] = (h.T @ d).ravel()
    g[c:] = d.sum(axis=0)
    return cross_entropy(labels, p), g


def gradcheck_naive(f, x):
    grad = f(x)[1]
    def numeric(ix, h):
        old = float(x[ix])
        x[ix] = old + h
        a = f(x)[0]
        x[ix] = old - h
        b = f(x)[0]
        x[ix] = old
        return (a - b) / (2 * h)
    for ix in np.ndindex(*x.shape):
        if not any(abs(numeric(ix, h) - grad[ix]) < 1e-4 * max(1, abs(grad[ix])) for h in (1e-3, 1e-5)):
            return False
    return True
