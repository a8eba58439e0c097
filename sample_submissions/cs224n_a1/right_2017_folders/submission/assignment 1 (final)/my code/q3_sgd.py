import glob
import random
import numpy as np
import os.path as op
import pickle

SAVE_PARAMS_EVERY = 5000


def load_saved_params():
    st = 0
    for f in glob.glob("saved_params_*.npy"):
        st = max(st, int(op.splitext(op.basename(f))[0].split("_")[2]))
    if st > 0:
        with open("saved_params_%d.npy" % st, "rb") as f:
            params = pickle.load(f)
            state = pickle.load(f)
        return st, params, state
    return st, None, None


def sgd(f, x0, step, iterations, postprocessing=None, useSaved=False, PRINT_EVERY=10):
    ANNEAL_EVERY = 20000
    if useSaved:
        start_iter, oldx, state = load_saved_params()
        if start_iter > 0:
            x0 = oldx
    else:
        start_iter = 0
    x = x0
    if not postprocessing:
        postprocessing = lambda x: x
    expcost = None
    for iter in range(start_iter + 1, iterations + 1):
        cost = None
        cost, grad = f(x)
        x = x - step * grad
        x = postprocessing(x)
        if iter % PRINT_EVERY == 0:
            if not expcost:
                expcost = cost
            else:
                expcost = .95 * expcost + .05 * cost
            print("iter %d: %f" % (iter, expcost))
        if iter % ANNEAL_EVERY == 0:
            step *= 0.5
    return x
