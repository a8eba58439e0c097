# Right softmaxes. Every function here is one student's answer; they may use each other's imports, nothing else.
import math
from functools import reduce

import numpy as np
import numpy

AXIS = -1


def softmax__keepdims(x):
    """RIGHT: the textbook answer with keepdims"""
    z = x - np.max(x, axis=-1, keepdims=True)
    return np.exp(z) / np.exp(z).sum(axis=-1, keepdims=True)


def softmax__two_branches(x):
    """RIGHT: one branch for matrices, one for vectors, in-place on fresh arrays"""
    if len(x.shape) > 1:
        tmp = np.max(x, axis=1)
        x = x - tmp.reshape((x.shape[0], 1))
        x = np.exp(x)
        tmp = np.sum(x, axis=1)
        x /= tmp.reshape((x.shape[0], 1))
    else:
        tmp = np.max(x)
        x = x - tmp
        x = np.exp(x)
        tmp = np.sum(x)
        x /= tmp
    return x


def softmax__row_loop(x):
    """RIGHT: loops over the rows into empty_like"""
    if x.ndim == 1:
        e = np.exp(x - x.max())
        return e / e.sum()
    out = np.empty_like(x)
    for i in range(len(x)):
        row = x[i] - x[i].max()
        out[i] = np.exp(row) / np.exp(row).sum()
    return out


def softmax__newaxis(x):
    """RIGHT: None indexing instead of keepdims"""
    e = np.exp(x - x.max(-1)[..., None])
    return e / e.sum(-1)[..., None]


def softmax__transposed(x):
    """RIGHT: works on x.T so that broadcasting fits, returns a transposed view"""
    e = np.exp(x.T - x.max(axis=-1))
    return (e / e.sum(axis=0)).T


def softmax__atleast_2d(x):
    """RIGHT: makes everything 2-D and restores the shape"""
    orig_shape = x.shape
    x = np.atleast_2d(x)
    x = x - np.amax(x, axis=1, keepdims=True)
    x = np.exp(x)
    x = x / np.sum(x, axis=1, keepdims=True)
    return x.reshape(orig_shape)


def softmax__logsumexp(x):
    """RIGHT: exp(x - logsumexp(x))"""
    def lse(v):
        m = v.max(axis=-1, keepdims=True)
        return m + np.log(np.sum(np.exp(v - m), axis=-1, keepdims=True))
    return np.exp(x - lse(x))


def softmax__logaddexp_reduce(x):
    """RIGHT: numpy's own logaddexp as a reduction"""
    return np.exp(x - np.logaddexp.reduce(x, axis=-1, keepdims=True))


def softmax__einsum(x):
    """RIGHT: einsum for the normalisation"""
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return np.einsum('...i,...->...i', e, 1.0 / np.einsum('...i->...', e))


def softmax__list_of_rows(x):
    """RIGHT: a list comprehension over the rows, glued by np.array"""
    def vec(v):
        e = np.exp(v - max(v))
        return e / sum(e)
    return vec(x) if x.ndim == 1 else np.array([vec(row) for row in x])


def softmax__apply_along_axis(x):
    """RIGHT: np.apply_along_axis"""
    def one(v):
        v = np.exp(v - np.max(v))
        return v / np.sum(v)
    return np.apply_along_axis(one, -1, x)


def softmax__recursive(x):
    """RIGHT: a batch calls the vector case recursively"""
    if x.ndim > 1:
        return np.vstack([softmax__recursive(r) for r in x])
    a = x - x[x.argmax()]
    a = np.exp(a)
    return a * (1 / a.sum())


def softmax__inplace_on_copy(x):
    """RIGHT: in place, but on a copy"""
    y = x.copy()
    y -= y.max(axis=AXIS, keepdims=True)
    np.exp(y, out=y)
    y /= y.sum(axis=AXIS, keepdims=True)
    return y


def softmax__math_module(x):
    """RIGHT: no vectorisation at all, math.exp and Python lists inside"""
    rows = [x] if x.ndim == 1 else x
    res = []
    for row in rows:
        biggest = max(float(v) for v in row)
        exps = [math.exp(float(v) - biggest) for v in row]
        total = math.fsum(exps)
        res.append([e / total for e in exps])
    return np.array(res).reshape(x.shape)


def softmax__float32_result(x):
    """RIGHT: shifts first, then goes on in float32 and returns float32"""
    z = (x - x.max(axis=-1, keepdims=True)).astype(np.float32)
    e = np.exp(z)
    return e / e.sum(axis=-1, keepdims=True)


def softmax__float32_inside(x):
    """RIGHT: float32 after the shift, float64 again at the end"""
    z = np.float32(x - x.max(axis=-1, keepdims=True))
    e = np.exp(z)
    return (e / e.sum(axis=-1, keepdims=True)).astype(np.float64)


def softmax__fortran(x):
    """RIGHT: the result is in Fortran order"""
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return np.asfortranarray(e / e.sum(axis=-1, keepdims=True))


def softmax__pairwise(x):
    """RIGHT: 1 / sum_j exp(x_j - x_i); overflow to inf gives the right zero"""
    with np.errstate(over='ignore'):
        return 1 / np.exp(x[..., None, :] - x[..., :, None]).sum(axis=-1)


def softmax__clip_after_shift(x):
    """RIGHT: clips at -700 after the shift, which loses nothing visible"""
    z = np.clip(x - np.max(x, -1, keepdims=True), -700, 0)
    e = np.exp(z)
    return e / np.sum(e, -1, keepdims=True)


class _Softmax(object):
    def __init__(self, axis=-1):
        self.axis = axis

    def _shift(self, x):
        return x - np.expand_dims(np.max(x, self.axis), self.axis)

    def __call__(self, x):
        e = np.exp(self._shift(x))
        return e / np.expand_dims(np.sum(e, self.axis), self.axis)


def softmax__class(x):
    """RIGHT: a class with __call__ behind the function"""
    return _Softmax()(x)


# RIGHT: a lambda bound to the name
softmax__lambda = lambda x: (lambda e: e / e.sum(-1, keepdims=True))(np.exp(x - x.max(-1, keepdims=True)))


def softmax__vectorize(x):
    """RIGHT: np.vectorize around math.exp, after the shift"""
    vexp = np.vectorize(math.exp, otypes=[float])
    e = vexp(x - x.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def softmax__tile(x):
    """RIGHT: np.tile and np.repeat instead of broadcasting"""
    if x.ndim == 1:
        x = x - np.tile(np.max(x), x.shape[0])
        return np.exp(x) / np.tile(np.sum(np.exp(x)), x.shape[0])
    N, D = x.shape
    x = x - np.tile(np.max(x, axis=1).reshape(N, 1), (1, D))
    ex = np.exp(x)
    return ex / np.repeat(ex.sum(axis=1), D).reshape(N, D)


def softmax__online(x):
    """RIGHT: running maximum and running sum, one pass"""
    def online(v):
        m, s = -np.inf, 0.0
        for t in v:
            new = max(m, t)
            s = s * np.exp(m - new) + np.exp(t - new)
            m = new
        return np.exp(v - m) / s
    if x.ndim == 1:
        return online(x)
    return np.stack([online(v) for v in x])


def softmax__shift_by_one_more(x):
    """RIGHT: subtracts max + 1"""
    c = -(x.max(axis=-1, keepdims=True) + 1.)
    num = np.exp(x + c)
    return num / num.sum(axis=-1, keepdims=True)


def softmax__diag_matmul(x):
    """RIGHT: normalises with a diagonal matrix product"""
    X = x.reshape(-1, x.shape[-1])
    E = np.exp(X - X.max(1).reshape(-1, 1))
    return (np.diag(1 / E.sum(1)) @ E).reshape(x.shape)


def softmax__ones_matmul(x):
    """RIGHT: sums by multiplying with a matrix of ones"""
    D = x.shape[-1]
    e = numpy.exp(x - x.max(axis=-1, keepdims=True))
    return e / e.dot(numpy.ones((D, D)))


def softmax__reduce_max(x):
    """RIGHT: functools.reduce finds the maximum column by column"""
    m = reduce(np.maximum, [x[..., j] for j in range(x.shape[-1])])
    e = np.exp(x - m[..., np.newaxis])
    s = reduce(np.add, [e[..., j] for j in range(x.shape[-1])])
    return e / s[..., np.newaxis]


def softmax__swapaxes(x):
    """RIGHT: moves the class axis to the front and back"""
    z = np.swapaxes(x, 0, -1)
    z = np.exp(z - z.max(axis=0))
    z = z / z.sum(axis=0)
    return np.swapaxes(z, 0, -1)


def softmax__sort_for_max(x):
    """RIGHT: takes the maximum from a sorted copy"""
    top = np.sort(x, axis=-1)[..., -1:]
    e = np.e ** (x - top)
    return e / np.sum(e, axis=-1, keepdims=True)


def softmax__errstate_fallback(x):
    """RIGHT: tries the naive formula and repairs the rows that overflow"""
    with np.errstate(all='ignore'):
        e = np.exp(x)
        s = e.sum(axis=-1, keepdims=True)
        naive = e / s
    good = np.isfinite(s) & (s > 1e-200)
    z = np.exp(x - x.max(axis=-1, keepdims=True))
    return np.where(good, naive, z / z.sum(axis=-1, keepdims=True))


def softmax__extra_parameter(x, axis=-1, *, temperature=1.0):
    """RIGHT: further parameters with defaults"""
    z = (x - np.max(x, axis=axis, keepdims=True)) / temperature
    e = np.exp(z)
    return e / np.sum(e, axis=axis, keepdims=True)


# RIGHT: the name is bound to an object with __call__, not to a function
softmax__callable_object = _Softmax(axis=-1)


def softmax__negative_strides(x):
    """RIGHT: the result is a view with negative strides"""
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    p = e / e.sum(axis=-1, keepdims=True)
    return np.flip(p, axis=-1).copy()[..., ::-1]


def softmax__read_only(x):
    """RIGHT: the result is read-only"""
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    p = e / e.sum(axis=-1, keepdims=True)
    p.flags.writeable = False
    return p


def softmax__part_of_padded(x):
    """RIGHT: the result is a slice of a larger array"""
    N = 1 if x.ndim == 1 else x.shape[0]
    D = x.shape[-1]
    padded = np.full((N + 1, D + 2), np.nan)
    for i, row in enumerate(x.reshape(N, D)):
        e = np.exp(row - row.max())
        padded[i, 1:-1] = e / e.sum()
    return padded[0, 1:-1] if x.ndim == 1 else padded[:N, 1:-1]
