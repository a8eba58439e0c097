import numpy as np


def softmax(x):
    if x.ndim == 1:
        x -= np.max(x)
        x = np.exp(x)
        x /= np.sum(x)
    else:
        x -= np.max(x, axis=1, keepdims=True)
        x = np.exp(x)
        x /= np.sum(x, axis=1, keepdims=True)
    return x


def sigmoid(x):
    return 1.0 / (1.0 + np.exp(-x))


def sigmoid_grad(s):
    g = np.array(s)
    g *= (1 - g)
    return g


EPS = 1e-10


def cross_entropy(y, y_hat):
    if len(y.shape) == 1:
        return -(y * np.log(y_hat + EPS)).sum()
    return -(y * np.log(y_hat + EPS)).sum() / len(y)


def softmax_cross_entropy_grad(theta, y):
    e = np.exp(theta - theta.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True) - y


def forward(x, W1, b1, W2, b2):
    z1 = np.dot(x, W1) + b1
    h = sigmoid(z1)
    return (h, softmax(np.dot(h, W2) + b2))


def input_grad(x, y, W1, b1, W2, b2):
    h, p = forward(x, W1, b1, W2, b2)
    d = (p - y) @ W2.T * sigmoid_grad(h)
    return d @ W1.T


def forward_backward_prop(data, labels, params, dimensions):
    data -= np.mean(data, axis=0)          # normalize
    Dx, H, Dy = dimensions
    W1, b1, W2, b2 = np.split(params, np.cumsum([Dx * H, H, H * Dy]))
    W1, W2 = W1.reshape(Dx, H), W2.reshape(H, Dy)
    h, y_hat = forward(data, W1, b1, W2, b2)
    cost = cross_entropy(labels, y_hat)
    d2 = (y_hat - labels) / len(data)
    d1 = d2.dot(W2.T) * sigmoid_grad(h)
    return cost, np.hstack([data.T.dot(d1).ravel(), d1.sum(axis=0), h.T.dot(d2).ravel(), d2.sum(axis=0)])


def gradcheck_naive(f, x):
    fx, grad = f(x)
    h = 1e-4
    it = np.nditer(x, flags=['multi_index'], op_flags=['readwrite'])
    while not it.finished:
        ix = it.multi_index
        x[ix] += h
        f1 = f(x)[0]
        x[ix] -= 2 * h
        f2 = f(x)[0]
        x[ix] += h
        numgrad = (f1 - f2) / (2 * h)
        reldiff = abs(numgrad - grad[ix]) / max(1, abs(numgrad), abs(grad[ix]))
        if reldiff > 1e-5:
            print("Gradient check failed.")
            print("First gradient error found at index %s" % str(ix))
            print("Your gradient: %f \t Numerical gradient: %f" % (grad[ix], numgrad))
            return False
        it.iternext()
    print("Gradient check passed!")
    return True
