import numpy as np
import random


def gradcheck_naive(f, x):
    start = random.getstate()
    cost, grad = f(x)
    h = 1e-4
    wrong = []
    for ix in np.ndindex(*x.shape):
        x[ix] += h
        random.setstate(start)
        ahead, _ = f(x)
        x[ix] -= h
        slope = (ahead - cost) / h
        if abs(slope - grad[ix]) / max(1, abs(slope), abs(grad[ix])) > 1e-5:
            wrong.append(ix)
    return not wrong


def sanity_check():
    quad = lambda x: (np.sum(x ** 2), x * 2)
    gradcheck_naive(quad, np.array(123.456))
    gradcheck_naive(quad, np.random.randn(3,))


if __name__ == "__main__":
    sanity_check()
