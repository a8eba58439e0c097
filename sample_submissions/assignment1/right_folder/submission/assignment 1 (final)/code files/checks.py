"""Numerical gradient check; run this file to check the network."""
import numpy as np

from network import forward_backward_prop


def gradcheck_naive(f, x):
    g = f(x)[1]
    result = 1
    it = np.nditer(x, flags=['multi_index'])
    for _ in it:
        ix = it.multi_index
        old = x[ix].item()
        x[ix] = old + 1e-4; c1 = f(x)[0]
        x[ix] = old - 1e-4; c2 = f(x)[0]
        x[ix] = old
        n = (c1 - c2) / 2e-4
        if abs(n - g[ix]) / max(1, abs(n), abs(g[ix])) > 1e-5:
            result = 0
    return result


def main():
    rng = np.random.default_rng(1)
    data, labels = rng.normal(size=(20, 10)), np.eye(10)[rng.integers(10, size=20)]
    print(gradcheck_naive(lambda p: forward_backward_prop(data, labels, p, (10, 5, 10)), rng.normal(size=115)))


if __name__ == "__main__":
    main()
