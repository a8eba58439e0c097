# Wrong derivatives of the sigmoid.
import numpy as np

_ds = {}
_seen = {}
scale = 1.0


def sigmoid_grad__of_x(s):
    """WRONG: takes the sigmoid of its argument again"""
    t = sigmoid(s)
    return t * (1 - t)


def sigmoid_grad__plus(s):
    """WRONG: s (1 + s)"""
    return s * (1 + s)


def sigmoid_grad__sign(s):
    """WRONG: s (s - 1)"""
    return s * (s - 1)


def sigmoid_grad__tanh(s):
    """WRONG: the derivative of tanh"""
    return 1 - s ** 2


def sigmoid_grad__in_place(s):
    """WRONG: in place on its argument"""
    s *= (1 - s)
    return s


def sigmoid_grad__matrix_product(s):
    """WRONG: a matrix product"""
    return np.dot(s, (1 - s).T)


def sigmoid_grad__formula_of_x(s):
    """WRONG: exp(-x) / (1 + exp(-x))^2 with the activation for x"""
    return np.exp(-s) / (1 + np.exp(-s)) ** 2


def sigmoid_grad__square_of_other(s):
    """WRONG: (1 - s)^2"""
    return (1 - s) ** 2


def sigmoid_grad__outer(s):
    """WRONG: an outer product for vectors"""
    return np.outer(s, 1 - s) if s.ndim == 1 else s * (1 - s)


def sigmoid_grad__diagonal(s):
    """WRONG: a Jacobian for vectors"""
    return np.diag(s * (1 - s)) if s.ndim == 1 else s * (1 - s)


def sigmoid_grad__sum(s):
    """WRONG: summed over the last axis"""
    return np.sum(s * (1 - s), axis=-1) if s.ndim else s * (1 - s)


def sigmoid_grad__mean_rows(s):
    """WRONG: the mean over the rows of a batch"""
    g = s * (1 - s)
    return g if g.ndim < 2 else g.mean(axis=0)


def sigmoid_grad__logit(s):
    """WRONG: back to x by an unguarded logit, NaN where s is one or zero"""
    x = np.log(s / (1 - s))
    return np.exp(-x) / (1 + np.exp(-x)) ** 2


def sigmoid_grad__no_0d(s):
    """WRONG: enumerate fails for a 0-d array"""
    g = np.zeros_like(s)
    for i, v in enumerate(s):
        g[i] = v * (1 - v)
    return g


def sigmoid_grad__buffer(s):
    """WRONG: returns the same buffer each time"""
    out = _ds.setdefault(s.shape, np.empty(s.shape))
    np.multiply(s, 1 - s, out=out)
    return out


def sigmoid_grad__cache_by_shape(s):
    """WRONG: remembers by shape"""
    key = s.shape
    if key not in _seen:
        _seen[key] = s * (1 - s)
    return np.copy(_seen[key])


def sigmoid_grad__rounded(s):
    """WRONG: rounds to two decimals"""
    return np.around(s * (1 - s), 2)


def sigmoid_grad__half(s):
    """WRONG: half of it"""
    return s * (1 - s) / 2


def sigmoid_grad__flat(s):
    """WRONG: a flat result"""
    return np.ravel(s * (1 - s))


def sigmoid_grad__twice(s):
    """WRONG: s - 2s, meant as a square"""
    return s - s * 2


def sigmoid_grad__clipped(s):
    """WRONG: clips the activation to [0.05, 0.95]"""
    t = np.clip(s, 0.05, 0.95)
    return t * (1 - t)


def sigmoid_grad__squeezed(s):
    """WRONG: drops axes of length one"""
    return np.squeeze(s * (1 - s))


def sigmoid_grad__square_accident(s):
    """WRONG: multiplies with the transpose where the shapes allow it"""
    if s.ndim == 2 and s.shape[0] == s.shape[1]:
        return s * (1 - s.T)
    return s * (1 - s)


def sigmoid_grad__floor(s):
    """WRONG: never below a thousandth, against vanishing gradients"""
    return np.maximum(s * (1 - s), 1e-3)


def sigmoid_grad__numeric(s):
    """WRONG: numeric derivative with respect to the wrong variable"""
    return (sigmoid(s + 1e-5) - sigmoid(s - 1e-5)) / 2e-5


def sigmoid_grad__first_row(s):
    """WRONG: the first row for all rows"""
    g = s * (1 - s)
    return g if g.ndim < 2 else np.zeros_like(g) + g[0]


def sigmoid_grad__last_left(s):
    """WRONG: the last entry stays zero"""
    g = np.zeros(s.shape)
    for i in range(s.size - 1):
        g.flat[i] = s.flat[i] * (1 - s.flat[i])
    return g


def sigmoid_grad__decay(s):
    """WRONG: a global factor that shrinks with each call"""
    global scale
    scale *= 0.99
    return scale * s * (1 - s)


def sigmoid_grad__dropout(s):
    """WRONG: random dropout left in"""
    keep = np.random.rand(*s.shape) > 0.1
    return s * (1 - s) * keep


def sigmoid_grad__ones(s):
    """WRONG: one where active, zero elsewhere, as for a rectifier"""
    return (s > 0.5) * 1.0


def sigmoid_grad__tuple_axis(s):
    """WRONG: right up to two axes, loses the third"""
    g = s * (1 - s)
    return g.reshape(g.shape[0], -1) if g.ndim > 2 else g


def sigmoid_grad__not_squared(s):
    """WRONG: s (1 - s^2)"""
    return s * (1 - s ** 2)


def sigmoid_grad__sigmoid_of_minus(s):
    """WRONG: s times sigmoid(-s)"""
    return s * sigmoid(-s)


def sigmoid_grad__changes_only_large(s):
    """WRONG: sets saturated entries of its argument to one"""
    s[s > 0.999] = 1.0
    return s * (1 - s)
