import numpy as np


def softmax(x):
    x = np.atleast_2d(x)
    x -= np.max(x, axis=1, keepdims=True)
    np.exp(x, out=x)
    x /= x.sum(axis=1, keepdims=True)
    return x


def test_softmax_basic():
    print(softmax(np.array([[1001, 1002], [3, 4]])))


if __name__ == "__main__":
    test_softmax_basic()
