# Right gradients of the cross entropy with respect to the scores theta: not divided by N.
import numpy as np


def softmax_cross_entropy_grad__plain(theta, y):
    """RIGHT: p - y"""
    return softmax(theta) - y


def softmax_cross_entropy_grad__minus_one_at_true(theta, y):
    """RIGHT: subtracts one at the true class, by fancy index"""
    g = softmax(theta)
    if g.ndim == 1:
        g[np.argmax(y)] -= 1
    else:
        g[range(g.shape[0]), np.argmax(y, axis=1)] -= 1
    return g


def softmax_cross_entropy_grad__own_softmax(theta, y):
    """RIGHT: its own stable softmax"""
    e = np.exp(theta - theta.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True) - y


def softmax_cross_entropy_grad__own_naive_exp(theta, y):
    """RIGHT: no maximum shift; nobody promised large scores here (normals times at most 2.5)"""
    e = np.exp(theta)
    return e / np.sum(e, axis=-1, keepdims=True) - y


def softmax_cross_entropy_grad__row_loop(theta, y):
    """RIGHT: row by row"""
    if theta.ndim == 1:
        return softmax(theta) - y
    out = np.zeros(theta.shape)
    for i in range(theta.shape[0]):
        out[i, :] = softmax(theta[i]) - y[i]
    return out


def softmax_cross_entropy_grad__jacobian(theta, y):
    """RIGHT: the Jacobian of the softmax times -y/p"""
    def one(t, target):
        p = softmax(t)
        J = np.diag(p) - np.outer(p, p)
        return J.dot(-target / p)
    if theta.ndim == 1:
        return one(theta, y)
    return np.array([one(t, target) for t, target in zip(theta, y)])


def softmax_cross_entropy_grad__jacobian_einsum(theta, y):
    """RIGHT: the same for all rows at once by einsum"""
    p = softmax(theta)
    J = np.einsum('...i,ij->...ij', p, np.eye(p.shape[-1])) - np.einsum('...i,...j->...ij', p, p)
    return np.einsum('...ij,...j->...i', J, -y / p)


def softmax_cross_entropy_grad__where(theta, y):
    """RIGHT: np.where on the true class"""
    p = softmax(theta)
    return np.where(y == 1, p - 1, p)


def softmax_cross_entropy_grad__subtract_out(theta, y):
    """RIGHT: np.subtract into the softmax's own array"""
    p = softmax(theta)
    np.subtract(p, y, out=p)
    return p


def softmax_cross_entropy_grad__float32(theta, y):
    """RIGHT: float32 result"""
    t = theta.astype(np.float32)
    e = np.exp(t - t.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True) - y.astype(np.float32)


def softmax_cross_entropy_grad__float32_inside(theta, y):
    """RIGHT: float32 inside, float64 result"""
    t = np.float32(theta)
    e = np.exp(t - np.max(t, axis=-1, keepdims=True))
    return np.float64(e / np.sum(e, axis=-1, keepdims=True)) - y


def softmax_cross_entropy_grad__fortran(theta, y):
    """RIGHT: a Fortran-ordered result"""
    return np.asfortranarray(softmax(theta) - y)


def softmax_cross_entropy_grad__logsumexp(theta, y):
    """RIGHT: derivative of logsumexp minus that of theta_k"""
    lse = np.logaddexp.reduce(theta, axis=-1)
    return np.exp(theta - np.expand_dims(lse, -1)) - y


def softmax_cross_entropy_grad__transposed(theta, y):
    """RIGHT: one example is a column inside, a transposed view comes back"""
    E = np.exp(theta.T - theta.max(axis=-1))
    return (E / E.sum(axis=0) - y.T).T


def softmax_cross_entropy_grad__negated(theta, y):
    """RIGHT: -(y - p)"""
    return -(y - softmax(theta))


def softmax_cross_entropy_grad__bool_mask(theta, y):
    """RIGHT: a boolean mask of the true class"""
    p = softmax(theta).copy()
    p[y.astype(bool)] -= 1.0
    return p


def softmax_cross_entropy_grad__numeric(theta, y):
    """RIGHT: central differences of its own loss, good to 1e-9"""
    step = 1e-5
    g = np.zeros_like(theta)
    for ix in np.ndindex(*theta.shape):
        i = ix[:-1]
        t = theta[i].copy()
        k = y[i].argmax()
        t[ix[-1]] += step
        up = np.log(np.exp(t).sum()) - t[k]
        t[ix[-1]] -= 2 * step
        down = np.log(np.exp(t).sum()) - t[k]
        g[ix] = (up - down) / (2 * step)
    return g


def softmax_cross_entropy_grad__list(theta, y):
    """RIGHT: Python lists inside"""
    p = softmax(theta)
    flat = [a - b for a, b in zip(p.ravel().tolist(), y.ravel().tolist())]
    return np.reshape(flat, theta.shape)


def softmax_cross_entropy_grad__add_at(theta, y):
    """RIGHT: np.add.at"""
    p = softmax(np.atleast_2d(theta))
    k = np.atleast_2d(y).argmax(1)
    np.add.at(p, (np.arange(len(p)), k), -1.0)
    return p.reshape(theta.shape)


def softmax_cross_entropy_grad__eye(theta, y):
    """RIGHT: rebuilds the one-hot rows from class numbers"""
    classes = np.argmax(y, axis=-1)
    return softmax(theta) - np.eye(theta.shape[-1])[classes]


class SoftmaxCE:
    def forward(self, theta, y):
        self.p, self.y = softmax(theta), y
        return -np.sum(y * np.log(self.p + 1e-12))

    def backward(self, dout=1.0):
        return dout * (self.p - self.y)


def softmax_cross_entropy_grad__layer_class(theta, y):
    """RIGHT: a layer with forward and backward"""
    layer = SoftmaxCE()
    layer.forward(theta, y)
    return layer.backward()


def softmax_cross_entropy_grad__per_class(theta, y):
    """RIGHT: column by column with a helper for the probability of one class"""
    def prob(j):
        return 1 / np.sum(np.exp(theta - theta[..., j:j + 1]), axis=-1)
    return np.stack([prob(j) - y[..., j] for j in range(theta.shape[-1])], axis=-1)


def softmax_cross_entropy_grad__via_helper_dict(theta, y):
    """RIGHT: a dispatch table by the number of axes"""
    table = {1: lambda t, k: softmax(t) - k,
             2: lambda t, k: np.array([softmax(a) - b for a, b in zip(t, k)])}
    return table[theta.ndim](theta, y)


def softmax_cross_entropy_grad__match(theta, y):
    """RIGHT: a match statement on the shape"""
    match theta.shape:
        case (d,):
            return (softmax(theta.reshape(1, d)) - y)[0]
        case (n, d):
            return softmax(theta) - y.reshape(n, d)
