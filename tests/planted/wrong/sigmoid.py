# Wrong sigmoids.
import math

import numpy as np

_out = {}
_memo = {}
calls = 0


def sigmoid__int_cast(x):
    """WRONG: casts to int first"""
    return 1 / (1 + np.exp(-np.asarray(x).astype(int).astype(float)))


def sigmoid__sign(x):
    """WRONG: the sign of x is missing"""
    return 1 / (1 + np.exp(x))


def sigmoid__exp_over_exp(x):
    """WRONG: exp(x) / (1 + exp(x)) is inf/inf for large x"""
    return np.exp(x) / (1 + np.exp(x))


def sigmoid__math_overflow(x):
    """WRONG: math.exp raises OverflowError for large negative x"""
    return np.vectorize(lambda t: 1 / (1 + math.exp(-t)), otypes=[float])(x)


def sigmoid__in_place(x):
    """WRONG: in place on its argument"""
    np.negative(x, out=x)
    np.exp(x, out=x)
    x += 1
    np.divide(1, x, out=x)
    return x


def sigmoid__clips_argument(x):
    """WRONG: limits its argument in place"""
    x[x < -500] = -500
    x[x > 500] = 500
    return 1 / (1 + np.exp(-x))


def sigmoid__no_0d(x):
    """WRONG: len(x) fails for a 0-d array"""
    res = np.zeros(x.shape)
    for i in range(len(x)):
        res[i] = 1 / (1 + np.exp(-x[i]))
    return res


def sigmoid__out_of_scalar(x):
    """WRONG: -x of a 0-d array is a scalar, and out= then fails"""
    z = -x
    np.exp(z, out=z)
    z += 1
    return 1 / z


def sigmoid__clip_6(x):
    """WRONG: clips at 6"""
    return 1 / (1 + np.exp(-np.clip(x, -6, 6)))


def sigmoid__tanh_itself(x):
    """WRONG: tanh"""
    return np.tanh(x)


def sigmoid__tanh_scaled(x):
    """WRONG: (1 + tanh x) / 2, the half inside is missing"""
    return 0.5 * (1 + np.tanh(x))


def sigmoid__hard(x):
    """WRONG: the hard sigmoid of a framework"""
    return np.clip(0.2 * x + 0.5, 0, 1)


def sigmoid__rounded(x):
    """WRONG: rounds to three decimals"""
    return np.round(1 / (1 + np.exp(-x)), 3)


def sigmoid__two_axes_only(x):
    """WRONG: loops over exactly two axes"""
    out = np.zeros(x.shape)
    for i in range(x.shape[0]):
        for j in range(x.shape[1]):
            out[i, j] = 1 / (1 + np.exp(-x[i, j]))
    return out


def sigmoid__negative_branch(x):
    """WRONG: the negative branch lacks its denominator"""
    return np.where(x >= 0, 1 / (1 + np.exp(-np.abs(x))), np.exp(-np.abs(x)))


def sigmoid__flat(x):
    """WRONG: returns a flat array"""
    return np.array([1 / (1 + np.exp(-v)) for v in np.ravel(x)])


def sigmoid__atleast_1d(x):
    """WRONG: a 0-d array comes back as (1,)"""
    x = np.atleast_1d(x)
    return 1 / (1 + np.exp(-x))


def sigmoid__item(x):
    """WRONG: arrays of size one come back as numbers"""
    s = 1 / (1 + np.exp(-x))
    return s.item() if np.size(s) == 1 else s


def sigmoid__buffer(x):
    """WRONG: one output array per shape, used again"""
    out = _out.setdefault(x.shape, np.zeros(x.shape))
    out[...] = 1 / (1 + np.exp(-x))
    return out


def sigmoid__cache_by_shape(x):
    """WRONG: remembers its answer by shape"""
    if x.shape not in _memo:
        _memo[x.shape] = 1 / (1 + np.exp(-x))
    return np.array(_memo[x.shape])


def sigmoid__is_gradient(x):
    """WRONG: returns the derivative"""
    s = 1 / (1 + np.exp(-x))
    return s * (1 - s)


def sigmoid__precedence(x):
    """WRONG: 1 / 1 + exp(-x)"""
    return 1 / 1 + np.exp(-x)


def sigmoid__noise(x):
    """WRONG: noise left in"""
    return 1 / (1 + np.exp(-x)) + np.random.uniform(-1e-3, 1e-3, np.shape(x))


def sigmoid__transposed(x):
    """WRONG: a transposed result"""
    return (1 / (1 + np.exp(-x))).T


def sigmoid__first_row(x):
    """WRONG: the loop returns after the first row"""
    if x.ndim < 2:
        return 1 / (1 + np.exp(-x))
    out = np.zeros_like(x)
    for i, row in enumerate(x):
        out[i] = 1 / (1 + np.exp(-row))
        return out


def sigmoid__zero_by_zero(x):
    """WRONG: x / |x| for the sign is NaN at zero"""
    sign = x / np.abs(x)
    p = 1 / (1 + np.exp(-np.abs(x)))
    return 0.5 + sign * (p - 0.5)


def sigmoid__zero_left_out(x):
    """WRONG: masks with < and > leave x == 0 at zero"""
    out = np.zeros_like(x)
    out[x > 0] = 1 / (1 + np.exp(-x[x > 0]))
    out[x < 0] = np.exp(x[x < 0]) / (1 + np.exp(x[x < 0]))
    return out


def sigmoid__clipped_result(x):
    """WRONG: keeps the result away from zero and one by a hundredth"""
    return np.clip(1 / (1 + np.exp(-x)), 0.01, 0.99)


def sigmoid__warm_up(x):
    """WRONG: a global counter makes the first calls steeper"""
    global calls
    calls += 1
    return 1 / (1 + np.exp(-x * (1 + 1. / calls)))


def sigmoid__taylor(x):
    """WRONG: a Taylor series of exp, useless away from zero"""
    t = -np.clip(x, -700, 700)
    e = 1 + t + t ** 2 / 2 + t ** 3 / 6
    return 1 / (1 + np.abs(e))


def sigmoid__positive_only(x):
    """WRONG: negative inputs give zero"""
    return np.where(x > 0, 1 / (1 + np.exp(-x)), 0.5 * (x == 0))


def sigmoid__rows_normalised(x):
    """WRONG: rows are divided by their sum, as if it were a softmax"""
    s = 1 / (1 + np.exp(-x))
    return s if s.ndim < 2 else s / s.sum(axis=-1, keepdims=True)


def sigmoid__softsign(x):
    """WRONG: the softsign, scaled to (0, 1)"""
    return 0.5 * (x / (1 + np.abs(x)) + 1)


def sigmoid__max_shift(x):
    """WRONG: subtracts the maximum, as one does in the softmax"""
    return 1 / (1 + np.exp(-(x - np.max(x))))
