"""A right solution in which every function calls those before it, so that an error in one reaches the others."""
import numpy as np

def softmax(x):
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)

def sigmoid(x):
    return 1 / (1 + np.exp(-np.clip(x, -500, 500)))

def sigmoid_grad(s):
    return s * (1 - s)

def cross_entropy(y, y_hat):
    return -np.sum(y * np.log(y_hat + 1e-12)) / (1 if y.ndim == 1 else len(y))

def softmax_cross_entropy_grad(theta, y):
    return softmax(theta) - y

def forward(x, W1, b1, W2, b2):
    h = sigmoid(x @ W1 + np.ravel(b1))
    return h, softmax(h @ W2 + np.ravel(b2))

def input_grad(x, y, W1, b1, W2, b2):
    h, y_hat = forward(x, W1, b1, W2, b2)
    return ((y_hat - y) @ W2.T * sigmoid_grad(h)) @ W1.T

def forward_backward_prop(data, labels, params, dimensions):
    Dx, H, Dy = dimensions
    cuts = np.cumsum([Dx * H, H, H * Dy])
    W1, b1, W2, b2 = np.split(params, cuts)
    W1, W2 = W1.reshape(Dx, H), W2.reshape(H, Dy)
    h, y_hat = forward(data, W1, b1, W2, b2)
    d2 = softmax_cross_entropy_grad(h @ W2 + b2, labels) / len(data)
    d1 = d2 @ W2.T * sigmoid_grad(h)
    grad = [data.T @ d1, d1.sum(axis=0), h.T @ d2, d2.sum(axis=0)]
    return cross_entropy(labels, y_hat), np.concatenate([g.ravel() for g in grad])

def gradcheck_naive(f, x):
    grad = f(x)[1]
    for i in np.ndindex(x.shape):
        old = x[i]
        x[i] = old + 1e-4
        up = f(x)[0]
        x[i] = old - 1e-4
        down = f(x)[0]
        x[i] = old
        slope = (up - down) / 2e-4
        if abs(slope - grad[i]) / max(1, abs(slope), abs(grad[i])) > 1e-5:
            return False
    return True
