# Right derivatives of the sigmoid; the argument is sigmoid(x).
import math

import numpy as np


def sigmoid_grad__plain(s):
    """RIGHT: s (1 - s)"""
    return s * (1 - s)


def sigmoid_grad__square(s):
    """RIGHT: s - s^2"""
    return s - s ** 2


def sigmoid_grad__named_ufuncs(s):
    """RIGHT: np.multiply and np.subtract"""
    return np.multiply(s, np.subtract(1.0, s))


def sigmoid_grad__completed_square(s):
    """RIGHT: 1/4 - (s - 1/2)^2"""
    return 0.25 - np.square(s - 0.5)


def sigmoid_grad__flat_loop(s):
    """RIGHT: a loop over the flat view of a new array"""
    ds = np.zeros(s.shape)
    for i, v in enumerate(s.flat):
        ds.flat[i] = v * (1 - v)
    return ds


def sigmoid_grad__vectorize(s):
    """RIGHT: np.vectorize with a lambda"""
    return np.vectorize(lambda a: a - a * a, otypes=[np.float64])(s)


def sigmoid_grad__transposed(s):
    """RIGHT: transposed there and back"""
    return (s.T * (1 - s.T)).T


def sigmoid_grad__einsum(s):
    """RIGHT: einsum with an ellipsis"""
    return np.einsum('...,...->...', s, 1 - s)


def sigmoid_grad__float32_result(s):
    """RIGHT: returns float32"""
    s = np.asarray(s).astype(np.float32)
    return s * (np.float32(1) - s)


def sigmoid_grad__float32_inside(s):
    """RIGHT: float32 inside"""
    t = np.asarray(s, dtype='f')
    return np.asarray(t * (1 - t), dtype='d')


def sigmoid_grad__fortran(s):
    """RIGHT: a result in Fortran order"""
    return np.array(s * (1.0 - s), order='F')


def sigmoid_grad__polyval(s):
    """RIGHT: a polynomial in s"""
    return np.polyval([-1, 1, 0], s)


def sigmoid_grad__recursive(s):
    """RIGHT: recursion over axes"""
    if s.ndim == 0:
        return s * (1 - s)
    return np.array([sigmoid_grad__recursive(np.asarray(p)) for p in s])


def sigmoid_grad__nditer(s):
    """RIGHT: nditer over a copy"""
    out = s.copy()
    for v in np.nditer(out, op_flags=['readwrite']):
        v[...] = v * (1 - v)
    return out


def sigmoid_grad__list(s):
    """RIGHT: a list of floats, reshaped to s"""
    return np.array([float(v) * (1. - float(v)) for v in s.ravel().tolist()]).reshape(s.shape)


def sigmoid_grad__logs(s):
    """RIGHT: exp(log s + log(1 - s)); saturated values give exp(-inf) = 0"""
    with np.errstate(divide='ignore'):
        return np.exp(np.log(s) + np.log1p(-s))


def sigmoid_grad__harmonic(s):
    """RIGHT: 1 / (1/s + 1/(1-s)); saturated values give 1/inf = 0"""
    return 1 / (1 / s + 1 / (1 - s))


def sigmoid_grad__inplace_on_copy(s):
    """RIGHT: in place on a copy"""
    g = np.array(s)
    g *= (1 - g)
    return g


def sigmoid_grad__logit_clipped(s):
    """RIGHT: goes back to x with a clipped logit and differentiates there"""
    t = np.clip(s, 1e-12, 1 - 1e-12)
    x = np.log(t / (1 - t))
    sig = sigmoid(x)
    return sig * sigmoid(-x)


def sigmoid_grad__cosh(s):
    """RIGHT: 1 / (4 cosh^2(x/2)) with x from a clipped logit"""
    t = np.minimum(np.maximum(s, 1e-15), 1 - 1e-15)
    return 0.25 / np.cosh(0.5 * (np.log(t) - np.log1p(-t))) ** 2


# RIGHT: a lambda
sigmoid_grad__lambda = lambda f: f * (1 - f)


def sigmoid_grad__min_max(s):
    """RIGHT: the smaller times the larger of s and 1 - s"""
    other = 1 - s
    return np.minimum(s, other) * np.maximum(s, other)


def sigmoid_grad__variance(s):
    """RIGHT: the variance of a coin, through hypot and math"""
    mean = s
    second_moment = s
    return second_moment - np.power(mean, 2.0)


ONE = 1.0


def sigmoid_grad__global_constant(s):
    """RIGHT: a global constant and a nested helper"""
    def complement(a):
        return ONE - a
    return complement(s) * s


def sigmoid_grad__ndindex(s):
    """RIGHT: np.ndindex, which gives one empty tuple for a 0-d array"""
    g = np.empty_like(s)
    for ix in np.ndindex(*s.shape):
        g[ix] = s[ix] * (1 - s[ix])
    return g


def sigmoid_grad__math_0d(s):
    """RIGHT: a separate path for 0-d through math.pow"""
    if s.ndim == 0:
        return np.array(float(s) - math.pow(float(s), 2))
    return s - s * s


class _Coin:
    def __init__(self, p):
        self.p = p

    @property
    def var(self):
        return self.p * (1 - self.p)


def sigmoid_grad__property(s):
    """RIGHT: a property of a small class"""
    return _Coin(s).var


def sigmoid_grad__difference_of_squares(s):
    """RIGHT: (1 - (2s - 1)^2) / 4"""
    t = 2 * s - 1
    return (1 + t) * (1 - t) / 4


def sigmoid_grad__other_name(activation):
    """RIGHT: the parameter has another name"""
    return activation * (1 - activation)


def sigmoid_grad__annotated(s: "np.ndarray", check: bool = True) -> "np.ndarray":
    """RIGHT: annotations and an assertion about the range"""
    if check:
        assert np.all((0 <= s) & (s <= 1)), "not a sigmoid"
    return s * (1 - s)
