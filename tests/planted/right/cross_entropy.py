# Right cross entropies: the number for one example, the mean over the rows for a batch.
import math

import numpy as np

EPS = 1e-10


def cross_entropy__eps_1e8(y, y_hat):
    """RIGHT: log(p + 1e-8), the most common way"""
    ce = -np.sum(y * np.log(y_hat + 1e-8))
    if y.ndim > 1:
        ce = ce / y.shape[0]
    return ce


def cross_entropy__eps_1e10(y, y_hat):
    """RIGHT: a global EPS of 1e-10, N as len"""
    if len(y.shape) == 1:
        return -(y * np.log(y_hat + EPS)).sum()
    return -(y * np.log(y_hat + EPS)).sum() / len(y)


def cross_entropy__eps_1e12(y, y_hat):
    """RIGHT: 1e-12, last-axis sum and mean for any number of axes"""
    return np.mean(-np.sum(y * np.log(y_hat + 1e-12), axis=-1))


def cross_entropy__clip_low(y, y_hat):
    """RIGHT: clips at 1e-15"""
    p = np.clip(y_hat, 1e-15, 1.0)
    return -np.sum(y * np.log(p)) / (1 if y.ndim == 1 else y.shape[0])


def cross_entropy__clip_both(y, y_hat):
    """RIGHT: clips to [1e-9, 1 - 1e-9]"""
    p = np.clip(y_hat, 1e-9, 1 - 1e-9)
    return -(np.log(p) * y).sum(axis=-1).mean()


def cross_entropy__argmax(y, y_hat):
    """RIGHT: picks the true class by fancy indexing, inf where it has zero"""
    y2, p2 = np.atleast_2d(y), np.atleast_2d(y_hat)
    k = np.argmax(y2, axis=1)
    return -np.log(p2[np.arange(len(k)), k]).mean()


def cross_entropy__mask(y, y_hat):
    """RIGHT: a boolean mask picks the true classes"""
    return np.mean(-np.log(y_hat[y == 1]))


def cross_entropy__loop(y, y_hat):
    """RIGHT: two nested loops that skip the zeros of y"""
    if y.ndim == 1:
        y = y.reshape(1, -1)
        y_hat = y_hat.reshape(1, -1)
    total = 0.0
    for i in range(y.shape[0]):
        for j in range(y.shape[1]):
            if y[i, j] != 0:
                total -= y[i, j] * np.log(y_hat[i, j])
    return total / y.shape[0]


def cross_entropy__nansum(y, y_hat):
    """RIGHT: nansum drops 0 * log 0 and keeps the -inf of the true class"""
    n = y.shape[0] if y.ndim == 2 else 1
    return -np.nansum(y * np.log(y_hat)) / n


def cross_entropy__where(y, y_hat):
    """RIGHT: log only where y is one, by np.where on the argument"""
    q = np.where(y > 0, y_hat, 1.0)
    return -np.log(q).sum(axis=-1).mean()


def cross_entropy__log_where_out(y, y_hat):
    """RIGHT: np.log(where=, out=) leaves -1000 at the zeros"""
    logs = np.full(y_hat.shape, -1000.)
    np.log(y_hat, out=logs, where=y_hat > 0)
    return -(y * logs).sum() / np.atleast_2d(y).shape[0]


def cross_entropy__einsum(y, y_hat):
    """RIGHT: einsum over both axes"""
    Y = y.reshape(-1, y.shape[-1])
    P = y_hat.reshape(-1, y.shape[-1])
    return -np.einsum('ij,ij->', Y, np.log(P + 1e-9)) / len(Y)


def cross_entropy__trace(y, y_hat):
    """RIGHT: the trace of Y log(P)^T"""
    Y, L = np.atleast_2d(y), np.log(np.atleast_2d(y_hat) + 1e-12)
    return -np.trace(Y.dot(L.T)) / Y.shape[0]


def cross_entropy__size_one(y, y_hat):
    """RIGHT: returns an array of shape (1,)"""
    per_row = -np.sum(np.atleast_2d(y * np.log(y_hat + 1e-12)), axis=1)
    return np.mean(per_row, keepdims=True)


def cross_entropy__one_by_one(y, y_hat):
    """RIGHT: returns an array of shape (1, 1)"""
    Y, P = np.atleast_2d(y), np.atleast_2d(y_hat)
    rows = (Y * np.log(np.maximum(P, 1e-20))).sum(axis=1, keepdims=True)
    return -rows.mean(axis=0, keepdims=True)


def cross_entropy__zero_d(y, y_hat):
    """RIGHT: returns a 0-d array"""
    p = np.max(y * y_hat, axis=-1)
    return np.array(-np.mean(np.log(p)))


def cross_entropy__math(y, y_hat):
    """RIGHT: math.log, guarded, returns a Python float"""
    rows = zip(np.atleast_2d(y), np.atleast_2d(y_hat))
    costs = []
    for t, p in rows:
        hit = float(p[int(t.argmax())])
        costs.append(-math.log(hit) if hit > 0 else float('inf'))
    return sum(costs) / len(costs)


def cross_entropy__math_tiny(y, y_hat):
    """RIGHT: math.log(max(p, 1e-300))"""
    def one(t, p):
        return -sum(a * math.log(max(b, 1e-300)) for a, b in zip(t.tolist(), p.tolist()) if a)
    if y.ndim == 1:
        return one(y, y_hat)
    return np.mean([one(t, p) for t, p in zip(y, y_hat)])


def cross_entropy__finfo_tiny(y, y_hat):
    """RIGHT: the smallest normal float keeps the log finite"""
    p = np.maximum(y_hat, np.finfo(np.float64).tiny)
    return -np.sum(y * np.log(p)) / np.sum(y)      # sum(y) is the number of rows


def cross_entropy__vdot(y, y_hat):
    """RIGHT: np.vdot flattens both"""
    return -np.vdot(y, np.log(y_hat + 1e-11)) / (y.size / y.shape[-1])


def cross_entropy__float32(y, y_hat):
    """RIGHT: float32 inside and out"""
    p = y_hat.astype(np.float32) + np.float32(1e-8)
    s = -np.sum(y.astype(np.float32) * np.log(p), axis=-1)
    return np.mean(s, dtype=np.float32)


def cross_entropy__float32_inside(y, y_hat):
    """RIGHT: float32 inside, a Python float outside"""
    p = np.maximum(np.float32(y_hat), np.float32(1e-30))
    return float(np.mean(-np.sum(np.float32(y) * np.log(p), axis=-1)))


def cross_entropy__nan_to_num(y, y_hat):
    """RIGHT: nan_to_num turns log 0 into the largest negative float"""
    with np.errstate(all='ignore'):
        logp = np.nan_to_num(np.log(y_hat))
        return np.mean(-np.sum(y * logp, axis=-1))


def cross_entropy__log2(y, y_hat):
    """RIGHT: log2 times ln 2"""
    return -np.average(np.sum(np.atleast_2d(y * np.log2(y_hat + 1e-13)), axis=1)) * np.log(2)


def cross_entropy__recursive(y, y_hat):
    """RIGHT: a batch is the mean of its rows, by recursion"""
    if y.ndim == 2:
        return sum(cross_entropy__recursive(a, b) for a, b in zip(y, y_hat)) / y.shape[0]
    return -np.log(y.dot(y_hat))


def cross_entropy__class_index_take(y, y_hat):
    """RIGHT: take_along_axis"""
    k = y.argmax(axis=-1)
    p = np.take_along_axis(y_hat, np.expand_dims(k, -1), axis=-1)
    return np.mean(-np.log(p))


def cross_entropy__matmul(y, y_hat):
    """RIGHT: row dot products by matmul"""
    Y, P = np.atleast_2d(y), np.atleast_2d(y_hat)
    p = (Y[:, None, :] @ P[:, :, None]).reshape(-1)
    return -np.log(p + 1e-12).sum() / p.shape[0]


def cross_entropy__errstate(y, y_hat):
    """RIGHT: xlogy by hand, inf for a zero"""
    with np.errstate(divide='ignore', invalid='ignore'):
        terms = np.where(y == 0, 0, y * np.log(y_hat))
    return -np.sum(terms) / max(1, terms.size // terms.shape[-1])


def cross_entropy__nonzero(y, y_hat):
    """RIGHT: np.nonzero as the index"""
    p = y_hat[np.nonzero(y)]
    return np.add.reduce(-np.log(p)) / p.size


# RIGHT: a lambda with a default argument
cross_entropy__lambda = lambda y, y_hat, eps=1e-9: -(y * np.log(np.maximum(y_hat, eps))).sum(-1).mean()


def cross_entropy__other_names(target, output):
    """RIGHT: the parameters have other names"""
    eps = np.spacing(1)
    return np.mean(-np.sum(target * np.log(output + eps), axis=-1))


def cross_entropy__star_args(*args):
    """RIGHT: one starred parameter"""
    y, y_hat = args
    return np.mean(-np.log(np.sum(y * y_hat, axis=-1)))


def cross_entropy__row_helper(y, y_hat):
    """RIGHT: broadcasting through a boolean outer comparison of class numbers"""
    classes = np.arange(y.shape[-1])
    k = np.expand_dims(np.argmax(y, axis=-1), -1)
    chosen = np.where(classes == k, y_hat, 0).sum(axis=-1)
    return float(np.mean(-np.log(chosen)))
