"""Cross entropy and its gradient."""
import numpy as np

from activations import softmax

TINY = 1e-12


def cross_entropy(y, y_hat):
    p = np.clip(y_hat, TINY, 1.0)
    return -np.sum(y * np.log(p)) / (1 if y.ndim == 1 else y.shape[0])


def softmax_cross_entropy_grad(theta, y):
    return softmax(theta) - y
