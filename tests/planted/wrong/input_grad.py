# Wrong gradients with respect to the input.
import numpy as np

_store = {}
_probabilities = {}


def input_grad__mean(x, y, W1, b1, W2, b2):
    """WRONG: divided by N"""
    h, p = forward(x, W1, b1, W2, b2)
    N = x.shape[0] if x.ndim > 1 else 1
    return ((p - y) / N @ W2.T * sigmoid_grad(h)) @ W1.T


def input_grad__no_sigmoid_grad(x, y, W1, b1, W2, b2):
    """WRONG: the sigmoid's derivative is missing"""
    h, p = forward(x, W1, b1, W2, b2)
    return (p - y) @ W2.T @ W1.T


def input_grad__sigmoid_grad_of_z(x, y, W1, b1, W2, b2):
    """WRONG: sigmoid_grad gets z, not the activation"""
    z = x @ W1 + b1
    p = softmax(sigmoid(z) @ W2 + b2)
    return ((p - y) @ W2.T * sigmoid_grad(z)) @ W1.T


def input_grad__sigmoid_twice(x, y, W1, b1, W2, b2):
    """WRONG: sigmoid_grad(sigmoid(h))"""
    h, p = forward(x, W1, b1, W2, b2)
    return ((p - y) @ W2.T * sigmoid_grad(sigmoid(h))) @ W1.T


def input_grad__sign(x, y, W1, b1, W2, b2):
    """WRONG: y - y_hat"""
    h, p = forward(x, W1, b1, W2, b2)
    return ((y - p) @ W2.T * sigmoid_grad(h)) @ W1.T


def input_grad__stops_at_hidden(x, y, W1, b1, W2, b2):
    """WRONG: the gradient with respect to z1, W1 is missing"""
    h, p = forward(x, W1, b1, W2, b2)
    return (p - y) @ W2.T * sigmoid_grad(h)


def input_grad__summed(x, y, W1, b1, W2, b2):
    """WRONG: summed over the batch"""
    h, p = forward(np.atleast_2d(x), W1, b1, W2, b2)
    g = ((p - y) @ W2.T * sigmoid_grad(h)) @ W1.T
    return g.sum(axis=0)


def input_grad__averaged(x, y, W1, b1, W2, b2):
    """WRONG: each row gets the mean gradient"""
    h, p = forward(np.atleast_2d(x), W1, b1, W2, b2)
    g = ((p - y) @ W2.T * sigmoid_grad(h)) @ W1.T
    return np.ones_like(g) * g.mean(axis=0)


def input_grad__columns_for_batch(x, y, W1, b1, W2, b2):
    """WRONG: a batch comes back as (Dx, N)"""
    h, p = forward(np.atleast_2d(x), W1, b1, W2, b2)
    return W1 @ ((p - y) @ W2.T * sigmoid_grad(h)).T


def input_grad__w1_if_it_fits(x, y, W1, b1, W2, b2):
    """WRONG: W1 is not transposed where the shapes allow it (Dx = H)"""
    h, p = forward(x, W1, b1, W2, b2)
    d = (p - y) @ W2.T * sigmoid_grad(h)
    if d.shape[-1] == W1.shape[0]:
        return d @ W1
    return d @ W1.T


def input_grad__w2_if_it_fits(x, y, W1, b1, W2, b2):
    """WRONG: W2 is not transposed where the shapes allow it (H = Dy)"""
    h, p = forward(x, W1, b1, W2, b2)
    try:
        d = (p - y) @ W2
        return (d * sigmoid_grad(h)) @ W1.T
    except ValueError:
        d = (p - y) @ W2.T
        return (d * sigmoid_grad(h)) @ W1.T


def input_grad__no_b1(x, y, W1, b1, W2, b2):
    """WRONG: the forward pass inside forgets b1"""
    h = sigmoid(x @ W1)
    p = softmax(h @ W2 + b2)
    return ((p - y) @ W2.T * h * (1 - h)) @ W1.T


def input_grad__no_b2(x, y, W1, b1, W2, b2):
    """WRONG: the forward pass inside forgets b2"""
    h = sigmoid(x @ W1 + b1)
    p = softmax(h @ W2)
    return ((p - y) @ W2.T * h * (1 - h)) @ W1.T


def input_grad__changes_y(x, y, W1, b1, W2, b2):
    """WRONG: computes the error in the labels' array"""
    h, p = forward(x, W1, b1, W2, b2)
    y -= p
    return -((y @ W2.T) * sigmoid_grad(h)) @ W1.T


def input_grad__changes_x(x, y, W1, b1, W2, b2):
    """WRONG: takes a gradient step on its argument"""
    h, p = forward(x, W1, b1, W2, b2)
    g = ((p - y) @ W2.T * sigmoid_grad(h)) @ W1.T
    x -= 0.01 * g.reshape(x.shape)
    return g


def input_grad__changes_b1(x, y, W1, b1, W2, b2):
    """WRONG: b1 is scaled in place"""
    h, p = forward(x, W1, b1, W2, b2)
    b1 *= 0.5
    return ((p - y) @ W2.T * sigmoid_grad(h)) @ W1.T


def input_grad__column_shaped(x, y, W1, b1, W2, b2):
    """WRONG: everything as one long column, batches too"""
    h, p = forward(x, W1, b1, W2, b2)
    return (((p - y) @ W2.T * sigmoid_grad(h)) @ W1.T).reshape(-1, 1)


def input_grad__plus(x, y, W1, b1, W2, b2):
    """WRONG: h (1 + h)"""
    h, p = forward(x, W1, b1, W2, b2)
    return ((p - y) @ W2.T * h * (1 + h)) @ W1.T


def input_grad__tanh(x, y, W1, b1, W2, b2):
    """WRONG: the derivative of tanh"""
    h, p = forward(x, W1, b1, W2, b2)
    return ((p - y) @ W2.T * (1 - h ** 2)) @ W1.T


def input_grad__softmax_derivative(x, y, W1, b1, W2, b2):
    """WRONG: another p (1 - p) at the output"""
    h, p = forward(x, W1, b1, W2, b2)
    return (((p - y) * p * (1 - p)) @ W2.T * sigmoid_grad(h)) @ W1.T


def input_grad__matrices_only(x, y, W1, b1, W2, b2):
    """WRONG: fails for a flat x"""
    N, Dx = x.shape
    h, p = forward(x, W1, b1, W2, b2)
    d = (p - y).dot(W2.T) * sigmoid_grad(h)
    return d.dot(W1.T).reshape(N, Dx)


def input_grad__handout_on_batches(x, y, W1, b1, W2, b2):
    """WRONG: the handout's formula for one example broadcasts or raises for a batch"""
    h, p = forward(np.atleast_2d(x), W1, b1, W2, b2)
    return (W1 * sigmoid_grad(h)).dot(W2).dot((p - np.atleast_2d(y)).T)


def input_grad__double(x, y, W1, b1, W2, b2):
    """WRONG: a factor of two"""
    h, p = forward(x, W1, b1, W2, b2)
    return 2 * ((p - y) @ W2.T * sigmoid_grad(h)) @ W1.T


def input_grad__buffer(x, y, W1, b1, W2, b2):
    """WRONG: returns a buffer that is used again"""
    h, p = forward(x, W1, b1, W2, b2)
    g = ((p - y) @ W2.T * sigmoid_grad(h)) @ W1.T
    out = _store.setdefault(g.shape, np.empty(g.shape))
    out[...] = g
    return out


def input_grad__cached_forward(x, y, W1, b1, W2, b2):
    """WRONG: keeps the forward pass by the shape of x and W1"""
    key = x.shape + W1.shape + W2.shape + b1.shape + b2.shape
    if key not in _probabilities:
        _probabilities[key] = forward(x, W1, b1, W2, b2)
    h, p = _probabilities[key]
    return ((p - y) @ W2.T * sigmoid_grad(h)) @ W1.T


def input_grad__coarse(x, y, W1, b1, W2, b2):
    """WRONG: forward differences with a step of 0.01"""
    X, Y = np.atleast_2d(x), np.atleast_2d(y)
    loss = lambda Z: -np.log(np.sum(forward(Z, W1, b1, W2, b2)[1] * Y, axis=1))
    g = np.zeros(X.shape)
    for i in range(X.shape[1]):
        Z = X.copy()
        Z[:, i] += 0.01
        g[:, i] = (loss(Z) - loss(X)) / 0.01
    return g


def input_grad__all_inputs_at_once(x, y, W1, b1, W2, b2):
    """WRONG: perturbs all inputs of an example together"""
    X, Y = np.atleast_2d(x), np.atleast_2d(y)
    loss = lambda Z: -np.log(np.sum(forward(Z, W1, b1, W2, b2)[1] * Y, axis=1))
    d = (loss(X + 1e-5) - loss(X - 1e-5)) / 2e-5
    return np.repeat(d.reshape(-1, 1), X.shape[1], axis=1)


def input_grad__not_put_back(x, y, W1, b1, W2, b2):
    """WRONG: a numeric gradient that leaves x perturbed"""
    X, Y = x.reshape(-1, W1.shape[0]), np.atleast_2d(y)
    loss = lambda Z: -np.log(np.sum(forward(Z, W1, b1, W2, b2)[1] * Y, axis=1))
    g = np.zeros(X.shape)
    for i in range(X.shape[1]):
        X[:, i] += 1e-5
        up = loss(X)
        X[:, i] -= 2e-5
        g[:, i] = (up - loss(X)) / 2e-5
        X[:, i] += 1e-5 + 1e-6
    return g


def input_grad__rounded(x, y, W1, b1, W2, b2):
    """WRONG: rounds to two decimals"""
    h, p = forward(x, W1, b1, W2, b2)
    return np.round(((p - y) @ W2.T * sigmoid_grad(h)) @ W1.T, 2)


def input_grad__active_units(x, y, W1, b1, W2, b2):
    """WRONG: a rectifier's derivative"""
    h, p = forward(x, W1, b1, W2, b2)
    return ((p - y) @ W2.T * (h > 0.5)) @ W1.T


def input_grad__first_row(x, y, W1, b1, W2, b2):
    """WRONG: uses the first example's hidden layer for the whole batch"""
    h, p = forward(np.atleast_2d(x), W1, b1, W2, b2)
    return ((p - y) @ W2.T * sigmoid_grad(h[0])) @ W1.T


def input_grad__flat_argmax(x, y, W1, b1, W2, b2):
    """WRONG: argmax without an axis: the true class of only one example is subtracted"""
    h, p = forward(np.atleast_2d(x), W1, b1, W2, b2)
    d = p.copy()
    d.flat[np.argmax(y)] -= 1
    return (d @ W2.T * sigmoid_grad(h)) @ W1.T


def input_grad__wrong_order(x, y, W1, b1, W2, b2):
    """WRONG: the sigmoid's derivative after W1, on the inputs"""
    h, p = forward(x, W1, b1, W2, b2)
    return ((p - y) @ W2.T @ W1.T) * sigmoid_grad(sigmoid(x))


def input_grad__times_x(x, y, W1, b1, W2, b2):
    """WRONG: gradient times input"""
    h, p = forward(x, W1, b1, W2, b2)
    g = ((p - y) @ W2.T * sigmoid_grad(h)) @ W1.T
    return g * x


def input_grad__probabilities_only(x, y, W1, b1, W2, b2):
    """WRONG: y is never subtracted"""
    h, p = forward(x, W1, b1, W2, b2)
    return (p @ W2.T * sigmoid_grad(h)) @ W1.T


def input_grad__of_sum_of_probs(x, y, W1, b1, W2, b2):
    """WRONG: the gradient of the probability, not of its log"""
    h, p = forward(x, W1, b1, W2, b2)
    hit = np.sum(p * y, axis=-1, keepdims=True)
    return (hit * (p - y) @ W2.T * sigmoid_grad(h)) @ W1.T
