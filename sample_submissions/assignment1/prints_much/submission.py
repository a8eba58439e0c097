import sys
import numpy as np

DEBUG = True


def log(*what):
    if DEBUG:
        text = " ".join(str(w) for w in what)
        for i in range(200):
            print(i, text)
        sys.stderr.write("." * 1000 + "\n")


def softmax(x):
    log("softmax of", x.shape)
    z = x - np.max(x, axis=-1, keepdims=True)
    return np.exp(z) / np.exp(z).sum(axis=-1, keepdims=True)


def sigmoid(x):
    print("sigmoid called with shape", x.shape)
    ex = np.exp(-x)
    return 1 / (ex + 1)


def sigmoid_grad(s):
    log("sigmoid_grad", s)
    return s * (1 - s)


def cross_entropy(y, y_hat):
    log(y)
    log(y_hat)
    return np.mean(-np.sum(y * np.log(y_hat + 1e-12), axis=-1))


def softmax_cross_entropy_grad(theta, y):
    return softmax(theta) - y


def forward(x, W1, b1, W2, b2):
    z1 = np.dot(x, W1) + b1
    h = sigmoid(z1)
    return (h, softmax(np.dot(h, W2) + b2))


def input_grad(x, y, W1, b1, W2, b2):
    h, p = forward(x, W1, b1, W2, b2)
    d = (p - y) @ W2.T * sigmoid_grad(h)
    return d @ W1.T


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
    N = data.shape[0]
    h = sigmoid(data.dot(W1) + b1)
    y = softmax(h.dot(W2) + b2)
    cost = -np.sum(labels * np.log(y + 1e-8)) / N
    d1 = (y - labels) / N
    gradW2 = np.dot(h.T, d1)
    gradb2 = np.sum(d1, 0, keepdims=True)
    d2 = np.dot(d1, W2.T) * sigmoid_grad(h)
    gradW1 = np.dot(data.T, d2)
    gradb1 = np.sum(d2, 0, keepdims=True)
    grad = np.concatenate((gradW1.flatten(), gradb1.flatten(), gradW2.flatten(), gradb2.flatten()))
    return cost, grad


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


while True:
    log("done")
    break
