import numpy as np


def batchnorm_forward(x, gamma, beta, bn_param):
    out, cache = None, None
    # TODO: Implement this.
    return out, cache


def batchnorm_backward(dout, cache):
    out, cache = None, None
    # TODO: Implement this.
    return None, None, None


def dropout_forward(x, dropout_param):
    out, cache = None, None
    # TODO: Implement this.
    return out, cache


def dropout_backward(dout, cache):
    out, cache = None, None
    # TODO: Implement this.
    return None


def conv_forward_naive(x, w, b, conv_param):
    out, cache = None, None
    # TODO: Implement this.
    return out, cache


def max_pool_forward_naive(x, pool_param):
    out, cache = None, None
    # TODO: Implement this.
    return out, cache


def max_pool_backward_naive(dout, cache):
    out, cache = None, None
    # TODO: Implement this.
    return None


class TwoLayerNet(object):
    def __init__(self, input_size, hidden_size, output_size):
        self.params = {}

    def loss(self, X, y=None, reg=0.0):
        scores = None
        # TODO: Perform the forward pass.
        if y is None:
            return scores
        loss, grads = None, {}
        # TODO: Finish it.
        return loss, grads
