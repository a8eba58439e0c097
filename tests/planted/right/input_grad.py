# Right gradients with respect to the input.
import numpy as np


def input_grad__plain(x, y, W1, b1, W2, b2):
    """RIGHT: backpropagation in three lines"""
    h, p = forward(x, W1, b1, W2, b2)
    d = (p - y) @ W2.T * sigmoid_grad(h)
    return d @ W1.T


def input_grad__column(x, y, W1, b1, W2, b2):
    """RIGHT: a column (Dx, 1) for one example, as in the handout"""
    h, p = forward(x, W1, b1, W2, b2)
    g = (((p - y).dot(W2.T)) * h * (1 - h)).dot(W1.T)
    g = np.atleast_2d(g)
    return g.T if g.shape[0] == 1 else g


def input_grad__always_2d(x, y, W1, b1, W2, b2):
    """RIGHT: (1, Dx) for one example"""
    X, Y = np.atleast_2d(x), np.atleast_2d(y)
    h = sigmoid(X.dot(W1) + b1)
    delta = softmax(h.dot(W2) + b2) - Y
    return (delta.dot(W2.T) * sigmoid_grad(h)).dot(W1.T)


def input_grad__flat(x, y, W1, b1, W2, b2):
    """RIGHT: (Dx,) for one example, also for x of shape (1, Dx)"""
    X = x.reshape(-1, W1.shape[0])
    Y = y.reshape(-1, W2.shape[1])
    h = sigmoid(X @ W1 + b1.ravel())
    out = ((softmax(h @ W2 + b2.ravel()) - Y) @ W2.T * h * (1 - h)) @ W1.T
    return out[0] if len(out) == 1 else out


def input_grad__row_loop(x, y, W1, b1, W2, b2):
    """RIGHT: example by example"""
    def one(xi, yi):
        h = sigmoid(xi.dot(W1) + b1.flatten())
        p = softmax(h.dot(W2) + b2.flatten())
        return W1.dot(sigmoid_grad(h) * W2.dot(p - yi))
    if x.ndim == 1:
        return one(x, y)
    return np.vstack([one(xi, yi) for xi, yi in zip(x, y)])


def input_grad__einsum(x, y, W1, b1, W2, b2):
    """RIGHT: one einsum for the chain"""
    h, p = forward(np.atleast_2d(x), W1, b1, W2, b2)
    return np.einsum('ij,nj,jk,nk->ni', W1, sigmoid_grad(h), W2, p - y.reshape(p.shape))


def input_grad__handout_formula(x, y, W1, b1, W2, b2):
    """RIGHT: (W1 o s') W2 (p - y)^t per example, as the written answer has it"""
    X, Y = np.atleast_2d(x), np.atleast_2d(y)
    cols = []
    for i in range(len(X)):
        h, p = forward(X[i], W1, b1, W2, b2)
        h, p = h.reshape(1, -1), p.reshape(1, -1)
        cols.append((W1 * sigmoid_grad(h)).dot(W2).dot((p - Y[i:i + 1]).T))
    if len(cols) == 1:
        return cols[0]
    return np.concatenate(cols, axis=1).T


def input_grad__jacobians(x, y, W1, b1, W2, b2):
    """RIGHT: full Jacobian matrices multiplied out"""
    out = []
    for xi, yi in zip(np.atleast_2d(x), np.atleast_2d(y)):
        h = sigmoid(xi @ W1 + b1.ravel())
        p = softmax(h @ W2 + b2.ravel())
        J = W1 @ np.diag(h * (1 - h)) @ W2
        out.append(J @ (p - yi))
    return np.array(out)


def input_grad__own_forward(x, y, W1, b1, W2, b2):
    """RIGHT: nothing borrowed from the other functions, no maximum shift (small scores)"""
    a = 1 / (1 + np.exp(-(x @ W1 + b1)))
    e = np.exp(a @ W2 + b2)
    p = e / np.sum(e, axis=-1, keepdims=True)
    return ((p - y) @ W2.T * (a - a ** 2)) @ W1.T


def input_grad__scores_grad(x, y, W1, b1, W2, b2):
    """RIGHT: through softmax_cross_entropy_grad"""
    h, _ = forward(x, W1, b1, W2, b2)
    theta = h.dot(W2) + b2
    d = softmax_cross_entropy_grad(theta, y.reshape(theta.shape))
    return np.dot(np.multiply(np.dot(d, W2.T), sigmoid_grad(h)), W1.T)


def input_grad__fortran(x, y, W1, b1, W2, b2):
    """RIGHT: a Fortran-ordered result"""
    h, p = forward(x, W1, b1, W2, b2)
    return np.asfortranarray(((p - y).dot(W2.T) * sigmoid_grad(h)) @ W1.T)


def input_grad__columns(x, y, W1, b1, W2, b2):
    """RIGHT: examples are columns inside"""
    X, Y = np.atleast_2d(x).T, np.atleast_2d(y).T
    A = sigmoid(W1.T.dot(X) + b1.reshape(-1, 1))
    P = softmax((W2.T.dot(A) + b2.reshape(-1, 1)).T).T
    return (W1.dot(A * (1 - A) * W2.dot(P - Y))).T


def input_grad__loops(x, y, W1, b1, W2, b2):
    """RIGHT: index by index"""
    X, Y = np.atleast_2d(x), np.atleast_2d(y)
    hh, pp = forward(X, W1, b1, W2, b2)
    N, Dx = X.shape
    H, Dy = W2.shape
    g = np.zeros((N, Dx))
    for n in range(N):
        for i in range(Dx):
            for j in range(H):
                s = 0.
                for k in range(Dy):
                    s += (pp[n, k] - Y[n, k]) * W2[j, k]
                g[n, i] += s * hh[n, j] * (1 - hh[n, j]) * W1[i, j]
    return g


def input_grad__numeric(x, y, W1, b1, W2, b2):
    """RIGHT: central differences of the loss of each example, good to 1e-9"""
    X, Y = np.atleast_2d(x), np.atleast_2d(y)

    def loss(row, target):
        s = sigmoid(row @ W1 + b1.ravel()) @ W2 + b2.ravel()
        return np.logaddexp.reduce(s) - s @ target

    g = np.zeros_like(X)
    d = 1e-5
    for n in range(X.shape[0]):
        for i in range(X.shape[1]):
            e = np.zeros(X.shape[1])
            e[i] = d
            g[n, i] = (loss(X[n] + e, Y[n]) - loss(X[n] - e, Y[n])) / (2 * d)
    return g.reshape(x.shape)


def input_grad__complex_step(x, y, W1, b1, W2, b2):
    """RIGHT: a complex step through code that was written for it"""
    X = np.atleast_2d(x).astype(complex)
    Y = np.atleast_2d(y)
    g = np.zeros(X.shape)
    for i in range(X.shape[1]):
        Z = X.copy()
        Z[:, i] += 1e-30j
        h = 1 / (1 + np.exp(-(Z @ W1 + b1)))
        s = h @ W2 + b2
        ce = np.log(np.exp(s).sum(axis=1)) - (s * Y).sum(axis=1)
        g[:, i] = ce.imag / 1e-30
    return g


def input_grad__forward_mode(x, y, W1, b1, W2, b2):
    """RIGHT: tangents pushed forward, one input at a time"""
    h, p = forward(x, W1, b1, W2, b2)
    h, p, Y = np.atleast_2d(h), np.atleast_2d(p), np.atleast_2d(y)
    cols = []
    for i in range(W1.shape[0]):
        dh = sigmoid_grad(h) * W1[i]
        dscore = dh @ W2
        cols.append(np.sum((p - Y) * dscore, axis=1))
    return np.stack(cols, axis=1)


def input_grad__tensordot(x, y, W1, b1, W2, b2):
    """RIGHT: tensordot and swapped names"""
    hid, out = forward(x, W1, b1, W2, b2)
    err = out - y
    back = np.tensordot(err, W2, axes=([-1], [1])) * sigmoid_grad(hid)
    return np.tensordot(back, W1, axes=([-1], [1]))


def input_grad__float32_products(x, y, W1, b1, W2, b2):
    """RIGHT: the backward products in float32, the result float64"""
    h, p = forward(x, W1, b1, W2, b2)
    d = (p - y).astype(np.float32) @ W2.T.astype(np.float32)
    d = d * sigmoid_grad(h).astype(np.float32)
    return (d @ W1.T.astype(np.float32)).astype(np.float64)


def input_grad__float32_result(x, y, W1, b1, W2, b2):
    """RIGHT: float32 products and a float32 result"""
    h, p = forward(x, W1, b1, W2, b2)
    f = lambda a: np.asarray(a, dtype=np.float32)
    return f(f(f(p - y) @ f(W2.T)) * f(sigmoid_grad(h))) @ f(W1).T


def input_grad__per_class(x, y, W1, b1, W2, b2):
    """RIGHT: expected weights minus the true class's weights"""
    h, p = forward(x, W1, b1, W2, b2)
    k = np.argmax(np.atleast_2d(y), axis=1)
    dh = np.atleast_2d(p) @ W2.T - W2[:, k].T
    return (dh * np.atleast_2d(sigmoid_grad(h))) @ W1.T


def input_grad__handout_for_one(x, y, W1, b1, W2, b2):
    """RIGHT: a column for one example, rows for a batch, through a helper that gives columns"""
    def column(xi, yi):
        h, p = forward(xi.reshape(1, -1), W1, b1, W2, b2)
        return (W1 * sigmoid_grad(h)) @ W2 @ (p - yi).T
    if np.atleast_2d(x).shape[0] == 1:
        return column(x, y.reshape(1, -1))
    return np.hstack([column(a, b) for a, b in zip(x, y)]).T


def input_grad__swapaxes_view(x, y, W1, b1, W2, b2):
    """RIGHT: W1 times the transposed delta, seen transposed"""
    h, p = forward(x, W1, b1, W2, b2)
    delta = np.atleast_2d((p - y).dot(W2.T) * sigmoid_grad(h))
    return np.swapaxes(W1 @ delta.T, 0, 1)
