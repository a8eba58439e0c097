# Wrong softmaxes. Each is wrong for at least some input that the contract promises.
import numpy as np

_buffers = {}
_by_shape = {}
_by_id = {}
_total = 0.0


def softmax__no_keepdims(x):
    """WRONG: the row sums lack keepdims, so they are divided along the wrong axis or not at all"""
    if x.ndim == 1:
        e = np.exp(x - np.max(x))
        return e / np.sum(e)
    e = np.exp(x - np.max(x, axis=1, keepdims=True))
    return e / np.sum(e, axis=1)


def softmax__max_no_keepdims(x):
    """WRONG: the maximum lacks keepdims"""
    e = np.exp(x - np.max(x, axis=-1))
    return e / np.sum(e, axis=-1, keepdims=True)


def softmax__one_sum(x):
    """WRONG: one sum for all rows"""
    e = np.exp(x - np.max(x))
    return e / np.sum(e)


def softmax__axis_0(x):
    """WRONG: normalises the columns"""
    e = np.exp(x - np.max(x, axis=0))
    return e / np.sum(e, axis=0)


def softmax__no_shift(x):
    """WRONG: overflows for large scores"""
    return np.exp(x) / np.sum(np.exp(x), axis=-1, keepdims=True)


def softmax__no_shift_vector(x):
    """WRONG: no maximum shift in the vector branch only"""
    if len(x.shape) > 1:
        x = x - np.max(x, axis=1, keepdims=True)
        x = np.exp(x)
        return x / np.sum(x, axis=1, keepdims=True)
    return np.exp(x) / np.sum(np.exp(x))


def softmax__no_shift_batch(x):
    """WRONG: no maximum shift in the matrix branch only"""
    if x.ndim == 1:
        e = np.exp(x - x.max())
        return e / e.sum()
    return np.exp(x) / np.exp(x).sum(axis=1).reshape(-1, 1)


def softmax__mean_shift(x):
    """WRONG: shifts by the mean, which still overflows"""
    z = np.exp(x - np.mean(x, axis=-1, keepdims=True))
    return z / z.sum(axis=-1, keepdims=True)


def softmax__min_shift(x):
    """WRONG: shifts by the minimum"""
    z = np.exp(x - np.min(x, axis=-1, keepdims=True))
    return z / z.sum(axis=-1, keepdims=True)


def softmax__global_max(x):
    """WRONG: one maximum for all rows, so a row far below the others becomes 0/0"""
    z = np.exp(x - np.max(x))
    return z / z.sum(axis=-1, keepdims=True)


def softmax__first_row_max(x):
    """WRONG: shifts every row by the first row's maximum"""
    m = x.max() if x.ndim == 1 else x[0].max()
    z = np.exp(x - m)
    return z / z.sum(axis=-1, keepdims=True)


def softmax__abs_max(x):
    """WRONG: shifts by the largest size, far too much where all scores are very negative"""
    z = np.exp(x - np.max(np.abs(x), axis=-1, keepdims=True))
    return z / z.sum(axis=-1, keepdims=True)


def softmax__column_shift(x):
    """WRONG: the maximum of each column is subtracted, the rows are normalised"""
    if x.ndim == 1:
        e = np.exp(x - x.max())
    else:
        e = np.exp(x - x.max(axis=0))
    return e / e.sum(axis=-1, keepdims=True)


def softmax__divide_by_max(x):
    """WRONG: divides by the maximum instead of subtracting it"""
    z = np.exp(x / np.max(np.abs(x), axis=-1, keepdims=True))
    return z / z.sum(axis=-1, keepdims=True)


def softmax__changes_argument(x):
    """WRONG: in place on its argument"""
    x -= np.max(x, axis=-1, keepdims=True)
    e = np.exp(x)
    return e / e.sum(axis=-1, keepdims=True)


def softmax__changes_vector(x):
    """WRONG: changes its argument for vectors only"""
    if x.ndim > 1:
        x = x - np.max(x, axis=1, keepdims=True)
        x = np.exp(x)
        return x / np.sum(x, axis=1, keepdims=True)
    x -= np.max(x)
    x = np.exp(x)
    return x / np.sum(x)


def softmax__changes_through_view(x):
    """WRONG: reshape gives a view, the in-place shift goes through it into the argument"""
    shape = x.shape
    v = x.reshape(-1, shape[-1])
    v -= v.max(axis=1, keepdims=True)
    v = np.exp(v)
    v /= v.sum(axis=1, keepdims=True)
    return v.reshape(shape)


def softmax__result_in_argument(x):
    """WRONG: writes the result into the argument and returns that"""
    x[...] = np.exp(x - x.max(axis=-1, keepdims=True))
    x /= x.sum(axis=-1, keepdims=True)
    return x


def softmax__row_for_vector(x):
    """WRONG: a vector comes back as (1, D)"""
    x = np.atleast_2d(x)
    e = np.exp(x - x.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def softmax__column_for_vector(x):
    """WRONG: a vector comes back as (D, 1)"""
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    p = e / e.sum(axis=-1, keepdims=True)
    return p.reshape(-1, 1) if x.ndim == 1 else p


def softmax__squeezed(x):
    """WRONG: squeezes (1, D) to (D,)"""
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return np.squeeze(e / e.sum(axis=-1, keepdims=True))


def softmax__rounded(x):
    """WRONG: rounds to three decimals"""
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return np.round(e / e.sum(axis=-1, keepdims=True), 3)


def softmax__int_cast(x):
    """WRONG: casts the scores to int"""
    z = x.astype(int)
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def softmax__eps(x):
    """WRONG: 1e-3 in the denominator"""
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return e / (e.sum(axis=-1, keepdims=True) + 1e-3)


def softmax__buffer(x):
    """WRONG: returns one buffer per shape, so the next call changes an earlier result"""
    out = _buffers.setdefault(x.shape, np.empty(x.shape))
    np.exp(x - x.max(axis=-1, keepdims=True), out=out)
    out /= out.sum(axis=-1, keepdims=True)
    return out


def softmax__cache_by_shape(x):
    """WRONG: a cache with the shape as its key"""
    if x.shape not in _by_shape:
        e = np.exp(x - x.max(axis=-1, keepdims=True))
        _by_shape[x.shape] = e / e.sum(axis=-1, keepdims=True)
    return _by_shape[x.shape].copy()


def softmax__cache_by_id(x):
    """WRONG: a cache with id(x) as its key: an array with new values gets the old answer"""
    if id(x) not in _by_id:
        e = np.exp(x - x.max(axis=-1, keepdims=True))
        _by_id[id(x)] = e / e.sum(axis=-1, keepdims=True)
    return _by_id[id(x)].copy().reshape(x.shape)


def softmax__global_total(x):
    """WRONG: a global total that is never set back to zero"""
    global _total
    if x.ndim == 2:
        e = np.exp(x - x.max(axis=1, keepdims=True))
        return e / e.sum(axis=1, keepdims=True)
    e = np.exp(x - x.max())
    for v in e:
        _total += v
    return e / _total


def softmax__log(x):
    """WRONG: the logarithm of the softmax"""
    z = x - x.max(axis=-1, keepdims=True)
    return z - np.log(np.exp(z).sum(axis=-1, keepdims=True))


def softmax__over_max(x):
    """WRONG: divides by the largest exponential, not by the sum"""
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return e / e.max(axis=-1, keepdims=True)


def softmax__base_2(x):
    """WRONG: powers of two"""
    e = np.exp2(x - x.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def softmax__clipped_scores(x):
    """WRONG: clips the scores at 500 instead of shifting, so large scores become equal"""
    e = np.exp(np.clip(x, -500, 500))
    return e / e.sum(axis=-1, keepdims=True)


def softmax__nan_to_num(x):
    """WRONG: repairs inf/inf with nan_to_num, the rows then sum to zero"""
    with np.errstate(all='ignore'):
        e = np.exp(x)
        return np.nan_to_num(e / e.sum(axis=-1, keepdims=True))


def softmax__last_row_left(x):
    """WRONG: the loop stops before the last row"""
    if x.ndim == 1:
        e = np.exp(x - x.max())
        return e / e.sum()
    out = np.zeros(x.shape)
    for i in range(len(x) - 1):
        e = np.exp(x[i] - x[i].max())
        out[i] = e / e.sum()
    return out


def softmax__square_accident(x):
    """WRONG: tries one orientation and falls back to the other: wrong for square batches only"""
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    try:
        return e / e.sum(axis=-1)
    except ValueError:
        return (e.T / e.sum(axis=-1)).T


def softmax__sigmoids(x):
    """WRONG: normalised sigmoids"""
    s = 1 / (1 + np.exp(-x))
    return s / s.sum(axis=-1, keepdims=True)


def softmax__noise(x):
    """WRONG: breaks ties with a little random noise that was left in"""
    x = x + 0.01 * np.random.randn(*x.shape)
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def softmax__float16(x):
    """WRONG: float16 inside"""
    z = (x - x.max(axis=-1, keepdims=True)).astype(np.float16)
    e = np.exp(z)
    return (e / e.sum(axis=-1, keepdims=True)).astype(float)


def softmax__temperature(x):
    """WRONG: scores divided by the square root of D, as in attention"""
    z = x / np.sqrt(x.shape[-1])
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def softmax__sorted(x):
    """WRONG: sorts for stability and forgets to undo it"""
    z = np.sort(x, axis=-1)
    e = np.exp(z - z[..., -1:])
    return e / e.sum(axis=-1, keepdims=True)


def softmax__vectors_only(x):
    """WRONG: right for a vector, one distribution over the whole matrix for a batch of several rows"""
    if 1 in x.shape or x.ndim == 1:
        e = np.exp(x - np.max(x))
        return e / np.sum(e)
    return (np.exp(x - np.max(x)) / np.sum(np.exp(x - np.max(x)))).reshape(x.shape)


def softmax__batch_only(x):
    """WRONG: needs two axes, a vector raises"""
    m = np.max(x, axis=1)
    e = np.exp(x - m.reshape(-1, 1))
    return e / np.sum(e, axis=1).reshape(-1, 1)
