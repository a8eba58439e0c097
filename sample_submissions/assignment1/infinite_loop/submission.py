import numpy as np


def softmax(x):
    z = x - np.max(x, axis=-1, keepdims=True)
    return np.exp(z) / np.exp(z).sum(axis=-1, keepdims=True)


def sigmoid(x):
    z = np.array(x, copy=True)
    np.negative(z, out=z)
    np.exp(z, out=z)
    z += 1
    np.divide(1, z, out=z)
    return z


def sigmoid_grad(s):
    ds = np.zeros(s.shape)
    for i, v in enumerate(s.flat):
        ds.flat[i] = v * (1 - v)
    return ds


def cross_entropy(y, y_hat):
    Y, P = np.atleast_2d(y), np.atleast_2d(y_hat)
    p = (Y[:, None, :] @ P[:, :, None]).reshape(-1)
    return -np.log(p + 1e-12).sum() / p.shape[0]


def softmax_cross_entropy_grad(theta, y):
    p = softmax(theta)
    flat = [a - b for a, b in zip(p.ravel().tolist(), y.ravel().tolist())]
    return np.reshape(flat, theta.shape)


def forward(x, W1, b1, W2, b2):
    X = np.atleast_2d(x).T
    A = sigmoid(W1.T @ X + b1.reshape(-1, 1))
    Z = W2.T @ A + b2.reshape(-1, 1)
    return A.T, softmax(Z.T)


def input_grad(x, y, W1, b1, W2, b2):
    h, p = forward(np.atleast_2d(x), W1, b1, W2, b2)
    return np.einsum('ij,nj,jk,nk->ni', W1, sigmoid_grad(h), W2, p - y.reshape(p.shape))


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
    grad = np.empty(params.size)
    g1, gb1, g2, gb2 = unpack(grad, dimensions)
    W1, b1, W2, b2 = unpack(params, dimensions)
    h, p = forward(data, W1, b1, W2, b2)
    d = (p - labels) / len(data)
    e = d.dot(W2.T) * sigmoid_grad(h)
    g1[...] = data.T.dot(e)
    gb1[...] = e.sum(0)
    g2[...] = h.T.dot(d)
    gb2[...] = d.sum(0)
    return float(cross_entropy(labels, p)), grad


def gradcheck_naive(f, x):
    fx, grad = f(x)
    h = 1e-4
    it = np.nditer(x, flags=['multi_index'], op_flags=['readwrite'])
    while not it.finished:
        ix = it.multi_index
        old = float(x[ix])
        x[ix] = old + h
        fp = f(x)[0]
        x[ix] = old - h
        fm = f(x)[0]
        x[ix] = old
        numgrad = (fp - fm) / (2 * h)
        if abs(numgrad - grad[ix]) / max(1, abs(numgrad), abs(grad[ix])) > 1e-5:
            print("Gradient check failed at", ix)
            continue
    return True
