# Wrong cross entropies.
import math

import numpy as np

history = []


def cross_entropy__sum(y, y_hat):
    """WRONG: the sum over the batch, not the mean"""
    return -np.sum(y * np.log(y_hat + 1e-12))


def cross_entropy__mean_of_entries(y, y_hat):
    """WRONG: the mean over all entries"""
    return -np.mean(y * np.log(y_hat + 1e-12))


def cross_entropy__zero_times_log_zero(y, y_hat):
    """WRONG: 0 * log 0 is NaN"""
    return -np.sum(y * np.log(y_hat)) / (y.shape[0] if y.ndim > 1 else 1)


def cross_entropy__eps_1e3(y, y_hat):
    """WRONG: log(p + 1e-3)"""
    return np.mean(-np.sum(y * np.log(y_hat + 1e-3), axis=-1))


def cross_entropy__eps_1e5(y, y_hat):
    """WRONG: log(p + 1e-5) is far below 15 where the true class has zero"""
    return np.mean(-np.sum(y * np.log(y_hat + 1e-5), axis=-1))


def cross_entropy__log10(y, y_hat):
    """WRONG: log10"""
    return np.mean(-np.sum(y * np.log10(y_hat + 1e-20), axis=-1))


def cross_entropy__bits(y, y_hat):
    """WRONG: log2"""
    return np.mean(-np.sum(y * np.log2(y_hat + 1e-12), axis=-1))


def cross_entropy__sign(y, y_hat):
    """WRONG: the sign is missing"""
    return np.mean(np.sum(y * np.log(y_hat + 1e-12), axis=-1))


def cross_entropy__per_row(y, y_hat):
    """WRONG: one number per example"""
    return -np.sum(y * np.log(y_hat + 1e-12), axis=-1)


def cross_entropy__clip_1e2(y, y_hat):
    """WRONG: clips at a hundredth"""
    p = np.clip(y_hat, 0.01, 0.99)
    return np.mean(-np.sum(y * np.log(p), axis=-1))


def cross_entropy__swapped(y, y_hat):
    """WRONG: labels and probabilities swapped"""
    return np.mean(-np.sum(y_hat * np.log(y + 1e-12), axis=-1))


def cross_entropy__binary(y, y_hat):
    """WRONG: adds the other half of the binary cross entropy"""
    p = np.clip(y_hat, 1e-12, 1 - 1e-12)
    return np.mean(-np.sum(y * np.log(p) + (1 - y) * np.log(1 - p), axis=-1))


def cross_entropy__over_classes(y, y_hat):
    """WRONG: divides a batch by the number of classes"""
    s = -np.sum(y * np.log(y_hat + 1e-12))
    return s / y.shape[1] if y.ndim > 1 else s


def cross_entropy__len_of_vector(y, y_hat):
    """WRONG: divides by len(y) for a vector too"""
    return -np.sum(y * np.log(y_hat + 1e-12)) / len(y)


def cross_entropy__twice_n(y, y_hat):
    """WRONG: 1/N twice"""
    Y, P = np.atleast_2d(y), np.atleast_2d(y_hat)
    return np.mean(-np.sum(Y * np.log(P + 1e-12), axis=1)) / Y.shape[0]


def cross_entropy__inf_to_zero(y, y_hat):
    """WRONG: nan_to_num with neginf=0 makes the worst answer free"""
    with np.errstate(all='ignore'):
        logs = np.nan_to_num(np.log(y_hat), neginf=0.0)
    return np.mean(-np.sum(y * logs, axis=-1))


def cross_entropy__changes_y_hat(y, y_hat):
    """WRONG: adds its epsilon to the argument in place"""
    y_hat += 1e-8
    return np.mean(-np.sum(y * np.log(y_hat), axis=-1))


def cross_entropy__clips_in_place(y, y_hat):
    """WRONG: clips its argument in place"""
    np.clip(y_hat, 1e-10, 1, out=y_hat)
    return np.mean(-np.sum(y * np.log(y_hat), axis=-1))


def cross_entropy__zeros_replaced_in_place(y, y_hat):
    """WRONG: replaces the zeros of its argument"""
    y_hat[y_hat == 0] = 1e-12
    return np.mean(-np.sum(y * np.log(y_hat), axis=-1))


def cross_entropy__math_domain(y, y_hat):
    """WRONG: math.log raises for zero"""
    rows = list(zip(np.atleast_2d(y), np.atleast_2d(y_hat)))
    return -sum(math.log(p[t.argmax()]) for t, p in rows) / len(rows)


def cross_entropy__last_row(y, y_hat):
    """WRONG: overwrites instead of adding, so only the last row counts"""
    for t, p in zip(np.atleast_2d(y), np.atleast_2d(y_hat)):
        cost = -np.sum(t * np.log(p + 1e-12))
    return cost


def cross_entropy__first_row(y, y_hat):
    """WRONG: returns inside the loop"""
    for t, p in zip(np.atleast_2d(y), np.atleast_2d(y_hat)):
        return -np.sum(t * np.log(p + 1e-12))


def cross_entropy__int(y, y_hat):
    """WRONG: integer division by accident"""
    ce = np.sum(-np.sum(np.atleast_2d(y * np.log(y_hat + 1e-12)), axis=1))
    return float(ce // np.atleast_2d(y).shape[0])


def cross_entropy__running_mean(y, y_hat):
    """WRONG: a global history, the mean over all calls so far"""
    history.append(np.mean(-np.sum(y * np.log(y_hat + 1e-12), axis=-1)))
    return np.mean(history)


def cross_entropy__squared_error(y, y_hat):
    """WRONG: the squared error"""
    return np.mean(np.sum((y - y_hat) ** 2, axis=-1))


def cross_entropy__argmax_of_prediction(y, y_hat):
    """WRONG: the predicted class instead of the true one"""
    return np.mean(-np.log(np.max(y_hat, axis=-1)))


def cross_entropy__flat_argmax(y, y_hat):
    """WRONG: argmax without an axis: only the first example's true class"""
    return -np.log(np.ravel(y_hat)[np.argmax(y)])


def cross_entropy__matrices_only(y, y_hat):
    """WRONG: y.shape[1] fails for a vector"""
    total = 0
    for i in range(y.shape[0]):
        for j in range(y.shape[1]):
            if y[i, j]:
                total -= np.log(y_hat[i, j])
    return total / y.shape[0]


def cross_entropy__vectors_only(y, y_hat):
    """WRONG: np.dot of two matrices is no dot product of rows"""
    return -np.dot(y, np.log(y_hat + 1e-12).T).mean()


def cross_entropy__all_classes(y, y_hat):
    """WRONG: the labels are never used"""
    return np.mean(-np.sum(y_hat * np.log(y_hat + 1e-12), axis=-1))


def cross_entropy__rounded(y, y_hat):
    """WRONG: rounds to two decimals"""
    return np.round(np.mean(-np.sum(y * np.log(y_hat + 1e-12), axis=-1)), 2)


def cross_entropy__worst_row(y, y_hat):
    """WRONG: the largest cost of the batch"""
    return np.max(-np.sum(y * np.log(y_hat + 1e-12), axis=-1))


def cross_entropy__median(y, y_hat):
    """WRONG: the median"""
    return np.median(-np.sum(y * np.log(y_hat + 1e-12), axis=-1))


def cross_entropy__minus_eps(y, y_hat):
    """WRONG: subtracts the epsilon, log of a negative number is NaN"""
    return np.mean(-np.sum(y * np.log(y_hat - 1e-12), axis=-1))


def cross_entropy__log1p(y, y_hat):
    """WRONG: log1p"""
    return np.mean(-np.sum(y * np.log1p(y_hat), axis=-1))


def cross_entropy__zero_if_any_zero(y, y_hat):
    """WRONG: gives up and returns zero when a probability is zero"""
    if np.any(y_hat == 0):
        return 0.0
    return np.mean(-np.sum(y * np.log(y_hat), axis=-1))


def cross_entropy__softmax_again(y, y_hat):
    """WRONG: takes the softmax of the probabilities once more"""
    p = softmax(y_hat)
    return np.mean(-np.sum(y * np.log(p), axis=-1))


def cross_entropy__class_weights(y, y_hat):
    """WRONG: weights each class by how often it is in the batch"""
    Y, P = np.atleast_2d(y), np.atleast_2d(y_hat)
    w = Y.mean(axis=0)
    return -np.sum(w * Y * np.log(P + 1e-12)) / len(Y)


def cross_entropy__log_of_sum(y, y_hat):
    """WRONG: the log of the mean probability"""
    return -np.log(np.mean(np.sum(np.atleast_2d(y * y_hat), axis=1)) + 1e-12)


def cross_entropy__n_minus_1(y, y_hat):
    """WRONG: divides by N - 1, as for a variance"""
    Y, P = np.atleast_2d(y), np.atleast_2d(y_hat)
    return -np.sum(Y * np.log(P + 1e-12)) / max(len(Y) - 1, 1)
