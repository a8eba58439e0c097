# Wrong gradients with respect to the scores.
import numpy as np

_g = {}
_last = {}


def softmax_cross_entropy_grad__mean(theta, y):
    """WRONG: divided by N"""
    return (softmax(theta) - y) / (theta.shape[0] if theta.ndim > 1 else 1)


def softmax_cross_entropy_grad__len(theta, y):
    """WRONG: divided by len(theta), for a vector too"""
    return (softmax(theta) - y) / len(theta)


def softmax_cross_entropy_grad__sign(theta, y):
    """WRONG: y - p"""
    return y - softmax(theta)


def softmax_cross_entropy_grad__no_softmax(theta, y):
    """WRONG: the scores taken for probabilities"""
    return theta - y


def softmax_cross_entropy_grad__one_sum(theta, y):
    """WRONG: one distribution for the whole batch"""
    e = np.exp(theta - theta.max())
    return e / e.sum() - y


def softmax_cross_entropy_grad__axis_0(theta, y):
    """WRONG: the softmax over the columns"""
    return softmax(theta.T).T - y


def softmax_cross_entropy_grad__changes_theta(theta, y):
    """WRONG: subtracts the maximum from its argument"""
    theta -= theta.max(axis=-1, keepdims=True)
    e = np.exp(theta)
    return e / e.sum(axis=-1, keepdims=True) - y


def softmax_cross_entropy_grad__changes_y(theta, y):
    """WRONG: computes in the labels' array"""
    y -= softmax(theta)
    return -y


def softmax_cross_entropy_grad__all_rows_at_true(theta, y):
    """WRONG: p[:, k] -= 1 hits the true classes of all rows in every row"""
    p = np.atleast_2d(softmax(theta)).copy()
    p[:, np.atleast_2d(y).argmax(axis=1)] -= 1
    return p.reshape(theta.shape)


def softmax_cross_entropy_grad__summed(theta, y):
    """WRONG: summed over the rows"""
    g = softmax(theta) - y
    return g if g.ndim == 1 else g.sum(axis=0)


def softmax_cross_entropy_grad__averaged(theta, y):
    """WRONG: averaged over the rows, the axis kept"""
    g = softmax(theta) - y
    return g if g.ndim == 1 else g.mean(axis=0, keepdims=True)


def softmax_cross_entropy_grad__row_for_vector(theta, y):
    """WRONG: a vector comes back as (1, D)"""
    return np.atleast_2d(softmax(theta) - y)


def softmax_cross_entropy_grad__matrices_only(theta, y):
    """WRONG: argmax(axis=1) fails for a vector"""
    p = softmax(theta)
    p[np.arange(p.shape[0]), y.argmax(axis=1)] -= 1
    return p


def softmax_cross_entropy_grad__sigmoid_derivative(theta, y):
    """WRONG: times p (1 - p), as if the loss were squared"""
    p = softmax(theta)
    return (p - y) * p * (1 - p)


def softmax_cross_entropy_grad__true_class_only(theta, y):
    """WRONG: zero for all other classes"""
    return y * (softmax(theta) - 1)


def softmax_cross_entropy_grad__wrt_probabilities(theta, y):
    """WRONG: the derivative with respect to the probabilities, -y / p"""
    return -y / softmax(theta)


def softmax_cross_entropy_grad__sigmoid(theta, y):
    """WRONG: sigmoid in place of softmax"""
    return sigmoid(theta) - y


def softmax_cross_entropy_grad__predicted(theta, y):
    """WRONG: subtracts one at the predicted class"""
    p = np.atleast_2d(softmax(theta)).copy()
    p[np.arange(len(p)), p.argmax(axis=1)] -= 1
    return p.reshape(theta.shape)


def softmax_cross_entropy_grad__buffer(theta, y):
    """WRONG: one buffer per shape"""
    g = _g.setdefault(theta.shape, np.empty(theta.shape))
    np.subtract(softmax(theta), y, out=g)
    return g


def softmax_cross_entropy_grad__cached_probabilities(theta, y):
    """WRONG: keeps the probabilities of the first call with this shape"""
    p = _last.setdefault(theta.shape, softmax(theta))
    return p - y


def softmax_cross_entropy_grad__first_row(theta, y):
    """WRONG: returns inside the loop over the rows"""
    if theta.ndim == 1:
        return softmax(theta) - y
    g = np.zeros_like(theta)
    for i in range(len(theta)):
        g[i] = softmax(theta[i]) - y[i]
        return g


def softmax_cross_entropy_grad__over_classes(theta, y):
    """WRONG: divided by the number of classes"""
    return (softmax(theta) - y) / theta.shape[-1]


def softmax_cross_entropy_grad__rounded(theta, y):
    """WRONG: rounds to two decimals"""
    return np.round(softmax(theta), 2) - y


def softmax_cross_entropy_grad__flat_argmax(theta, y):
    """WRONG: argmax without an axis: only one entry of the whole batch"""
    g = softmax(theta).copy()
    g.flat[np.argmax(y)] -= 1
    return g


def softmax_cross_entropy_grad__square_accident(theta, y):
    """WRONG: tries the row sums without an axis of their own: wrong where N = D"""
    e = np.exp(theta - theta.max(axis=-1, keepdims=True))
    try:
        p = e / e.sum(axis=-1)
    except ValueError:
        p = e / e.sum(axis=-1, keepdims=True)
    return p - y


def softmax_cross_entropy_grad__abs(theta, y):
    """WRONG: absolute differences"""
    return np.abs(softmax(theta) - y)


def softmax_cross_entropy_grad__double(theta, y):
    """WRONG: twice, from the squared error's derivative"""
    return 2 * (softmax(theta) - y)


def softmax_cross_entropy_grad__half_jacobian(theta, y):
    """WRONG: only the diagonal of the softmax's Jacobian"""
    p = softmax(theta)
    return (-y / p) * p * (1 - p)


def softmax_cross_entropy_grad__loss_scaled(theta, y):
    """WRONG: multiplied by each example's own loss"""
    p = softmax(theta)
    ce = -np.log(np.sum(p * y, axis=-1, keepdims=True))
    return (p - y) * ce


def softmax_cross_entropy_grad__numeric_coarse(theta, y):
    """WRONG: forward differences with a step of 0.01"""
    g = np.zeros_like(theta)
    for ix in np.ndindex(*theta.shape):
        t = theta[ix[:-1]].copy()
        k = y[ix[:-1]].argmax()
        low = np.log(np.exp(t).sum()) - t[k]
        t[ix[-1]] += 0.01
        g[ix] = (np.log(np.exp(t).sum()) - t[k] - low) / 0.01
    return g


def softmax_cross_entropy_grad__label_smoothing(theta, y):
    """WRONG: label smoothing left in"""
    return softmax(theta) - (0.99 * y + 0.01 / y.shape[-1])


def softmax_cross_entropy_grad__sampled(theta, y):
    """WRONG: drops random rows"""
    g = softmax(theta) - y
    if g.ndim == 2:
        g = g * (np.random.rand(len(g), 1) > 0.3)
    return g


def softmax_cross_entropy_grad__both_changed(theta, y):
    """WRONG: writes the result into theta"""
    theta[...] = softmax(theta) - y
    return theta


def softmax_cross_entropy_grad__flattened(theta, y):
    """WRONG: a flat result for batches"""
    return (softmax(theta) - y).ravel()
