# Right sigmoids.
import math
import warnings

import numpy as np


def sigmoid__textbook(x):
    """RIGHT: overflows to inf and then to the right zero, with a warning"""
    return 1.0 / (1.0 + np.exp(-x))


def sigmoid__tanh(x):
    """RIGHT: through tanh"""
    return 0.5 * (1 + np.tanh(x / 2))


def sigmoid__where(x):
    """RIGHT: np.where computes both branches, the NaN of one is never taken"""
    return np.where(x >= 0, 1 / (1 + np.exp(-x)), np.exp(x) / (1 + np.exp(x)))


def sigmoid__masks(x):
    """RIGHT: boolean masks, works for 0-d arrays as well"""
    out = np.zeros_like(x)
    pos = x >= 0
    out[pos] = 1 / (1 + np.exp(-x[pos]))
    e = np.exp(x[~pos])
    out[~pos] = e / (1 + e)
    return out


def sigmoid__clipped(x):
    """RIGHT: clips at 500"""
    x = np.clip(x, -500, 500)
    return 1 / (1 + np.exp(-x))


def sigmoid__abs(x):
    """RIGHT: exp(-|x|) never overflows"""
    e = np.exp(-np.abs(x))
    return np.where(x < 0, e, 1.) / (1. + e)


def sigmoid__vectorize(x):
    """RIGHT: np.vectorize over a scalar function with math.exp"""
    def sig(t):
        if t < 0:
            return math.exp(t) / (1 + math.exp(t))
        return 1 / (1 + math.exp(-t))
    return np.vectorize(sig)(x)


def sigmoid__flat_loop(x):
    """RIGHT: a loop over ravel(), reshaped at the end"""
    res = []
    for v in x.ravel():
        res.append(1 / (1 + math.exp(-v)) if v > -700 else 0.0)
    return np.array(res).reshape(x.shape)


def sigmoid__nditer(x):
    """RIGHT: nditer with an allocated output"""
    with np.nditer([x, None]) as it:
        for a, b in it:
            b[...] = 0.5 + 0.5 * np.tanh(0.5 * a)
        return it.operands[1]


def sigmoid__logaddexp(x):
    """RIGHT: exp(-log(1 + exp(-x)))"""
    return np.exp(-np.logaddexp(0, -x))


def sigmoid__one_minus(x):
    """RIGHT: one minus the mirror image"""
    return 1 - 1 / (1 + np.exp(x))


def sigmoid__reciprocal(x):
    """RIGHT: ufuncs by name"""
    return np.reciprocal(np.add(1.0, np.exp(np.negative(x))))


def sigmoid__power(x):
    """RIGHT: a power of minus one, e as np.e"""
    return (1 + np.e ** -x) ** -1


def sigmoid__log1p(x):
    """RIGHT: exp(-log1p(exp(-x))), inf inside is harmless"""
    with np.errstate(over='ignore'):
        return np.exp(-np.log1p(np.exp(-x)))


def sigmoid__float32_inside(x):
    """RIGHT: float32 inside, float64 outside"""
    t = np.asarray(x, dtype=np.float32)
    return np.float64(1) / (1 + np.exp(-t)).astype('float64')


def sigmoid__float32_result(x):
    """RIGHT: returns float32"""
    t = np.asarray(x).astype(np.float32)
    one = np.float32(1)
    return one / (one + np.exp(-t))


def sigmoid__fortran(x):
    """RIGHT: the result is in Fortran order"""
    out = np.empty(x.shape, order='F')
    out[...] = 1 / (1 + np.exp(-x))
    return out


def sigmoid__python_float_for_0d(x):
    """RIGHT: a Python float for a 0-d array"""
    if np.ndim(x) == 0:
        v = float(x)
        return 1 / (1 + math.exp(-v)) if v >= 0 else 1 - 1 / (1 + math.exp(v))
    return 1 / (1 + np.exp(-x))


def sigmoid__through_softmax(x):
    """RIGHT: the softmax of (x, 0)"""
    two = np.stack([np.ravel(x), np.zeros(np.size(x))], axis=1)
    return softmax(two)[:, 0].reshape(np.shape(x))


def sigmoid__frompyfunc(x):
    """RIGHT: np.frompyfunc, cast back from object"""
    f = np.frompyfunc(lambda t: (1 + math.tanh(t * .5)) * .5, 1, 1)
    return np.asarray(f(x), dtype=float)


def sigmoid__recursive(x):
    """RIGHT: recursion over the axes down to the scalars"""
    if x.ndim == 0:
        return np.float64(1 / (1 + np.exp(-x)))
    return np.array([sigmoid__recursive(np.asarray(part)) for part in x])


def sigmoid__piecewise(x):
    """RIGHT: np.piecewise"""
    return np.piecewise(x, [x >= 0], [lambda t: 1 / (1 + np.exp(-t)), lambda t: np.exp(t) / (1 + np.exp(t))])


def sigmoid__inplace_on_copy(x):
    """RIGHT: in place on a copy"""
    z = np.array(x, copy=True)
    np.negative(z, out=z)
    np.exp(z, out=z)
    z += 1
    np.divide(1, z, out=z)
    return z


def quiet(f):
    def wrapper(*a):
        with np.errstate(all="ignore"):
            return f(*a)
    return wrapper


@quiet
def sigmoid__decorated(x):
    """RIGHT: a decorator that silences the warnings"""
    return 1 / (1 + np.exp(-x))


# RIGHT: a lambda
sigmoid__lambda = lambda x: 1 / (1 + np.exp(-x))


class Activation:
    @staticmethod
    def logistic(z):
        return 1 / (1 + np.exp(-np.clip(z, -700, 700)))

    @classmethod
    def get(cls, name):
        return getattr(cls, name)


def sigmoid__static_method(x):
    """RIGHT: a static method found by name"""
    return Activation.get("logistic")(x)


def sigmoid__sign_trick(x):
    """RIGHT: mirrors the negative half with np.sign, zero included"""
    p = 1 / (1 + np.exp(-np.fabs(x)))
    return 0.5 + np.sign(x) * (p - 0.5)


def sigmoid__prints(x):
    """RIGHT: prints while it works"""
    print("sigmoid called with shape", x.shape)
    ex = np.exp(-x)
    return 1 / (ex + 1)


def sigmoid__maximum(x):
    """RIGHT: only the negative side is limited"""
    return 1. / (np.exp(-np.maximum(x, -709)) + 1.)


def sigmoid__flat_assignment(x):
    """RIGHT: fills out.flat by index"""
    out = np.zeros(np.shape(x))
    for i in range(out.size):
        out.flat[i] = 1 / (1 + np.exp(-x.flat[i]))
    return out


def _scalar_sigmoid(t):
    return 1 / (1 + math.exp(-t)) if t > -700 else 0.0


# RIGHT: the name is bound to an np.vectorize object
sigmoid__vectorize_object = np.vectorize(_scalar_sigmoid, otypes=[float])


def _logistic(x):
    return np.exp(-np.logaddexp(0.0, -x))


# RIGHT: an alias of a function with another name
sigmoid__alias = _logistic


def sigmoid__warns(x):
    """RIGHT: issues a warning of its own when values are large"""
    if np.any(np.abs(x) > 700):
        warnings.warn("large values, clipping")
    return 1 / (1 + np.exp(-np.clip(x, -700, 700)))


_calls = [0]


def sigmoid__counts_calls(x):
    """RIGHT: a global counter that changes nothing"""
    _calls[0] += 1
    return 1 / (1 + np.exp(-x))


def sigmoid__closure(x):
    """RIGHT: a closure with nonlocal"""
    steps = 0

    def step(g, v):
        nonlocal steps
        steps += 1
        return g(v)
    v = step(np.negative, x)
    v = step(np.exp, v)
    v = step(lambda t: 1 + t, v)
    return step(lambda t: 1 / t, v) if steps == 3 else None
