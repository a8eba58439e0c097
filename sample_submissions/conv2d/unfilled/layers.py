import numpy as np


def conv_forward(x, w, b, stride, pad):
    out = None
    #######################################
    # Fill this in.                       #
    #######################################
    cache = (x, w, b, stride, pad)
    return out, cache


def conv_backward(dout, cache):
    dx, dw, db = None, None, None
    #######################################
    # Fill this in.                       #
    #######################################
    return dx, dw, db
