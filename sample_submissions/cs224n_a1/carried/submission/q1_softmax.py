import numpy as np


def softmax(x):
    """Softmax of each row."""
    orig_shape = x.shape
    if len(x.shape) > 1:
        # matrix
        top = np.max(x, axis=1)
        x = x - top[:, np.newaxis]
        x = np.exp(x)
        x = x / np.sum(x)
    else:
        # vector
        x = x - np.max(x)
        x = np.exp(x)
        x = x / np.sum(x)
    assert x.shape == orig_shape
    return x


def test_softmax_basic():
    print(softmax(np.array([[1001, 1002], [3, 4]])))


if __name__ == "__main__":
    test_softmax_basic()
