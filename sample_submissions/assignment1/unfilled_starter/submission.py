"""
Assignment 1: fill in the code where it says YOUR CODE HERE.
"""
import numpy as np


def softmax(x):
    """Compute the softmax of each row of x, which has shape (D,) or (N, D)."""
    ### YOUR CODE HERE
    raise NotImplementedError
    ### END YOUR CODE
    return x


def sigmoid(x):
    """Compute the sigmoid of x, elementwise."""
    ### YOUR CODE HERE
    raise NotImplementedError
    ### END YOUR CODE
    return s


def sigmoid_grad(s):
    """Compute the derivative of the sigmoid, given s = sigmoid(x)."""
    ### YOUR CODE HERE
    raise NotImplementedError
    ### END YOUR CODE
    return ds


def cross_entropy(y, y_hat):
    ### YOUR CODE HERE
    pass
    ### END YOUR CODE


def softmax_cross_entropy_grad(theta, y):
    ### YOUR CODE HERE
    pass
    ### END YOUR CODE


def forward(x, W1, b1, W2, b2):
    h, y_hat = None, None
    ### YOUR CODE HERE
    ### END YOUR CODE
    return h, y_hat


def input_grad(x, y, W1, b1, W2, b2):
    ### YOUR CODE HERE
    ...
    ### END YOUR CODE


def forward_backward_prop(data, labels, params, dimensions):
    """Cost and gradient of the network with respect to the flat params."""
    ofs = 0
    Dx, H, Dy = (dimensions[0], dimensions[1], dimensions[2])
    W1 = np.reshape(params[ofs:ofs + Dx * H], (Dx, H))
    ofs += Dx * H
    b1 = np.reshape(params[ofs:ofs + H], (1, H))
    ofs += H
    W2 = np.reshape(params[ofs:ofs + H * Dy], (H, Dy))
    ofs += H * Dy
    b2 = np.reshape(params[ofs:ofs + Dy], (1, Dy))

    ### YOUR CODE HERE: forward propagation
    raise NotImplementedError
    ### END YOUR CODE

    ### YOUR CODE HERE: backward propagation
    raise NotImplementedError
    ### END YOUR CODE

    grad = np.concatenate((gradW1.flatten(), gradb1.flatten(), gradW2.flatten(), gradb2.flatten()))
    return cost, grad


def gradcheck_naive(f, x):
    """Gradient check for a function f that returns (cost, grad) at x."""
    fx, grad = f(x)
    h = 1e-4
    it = np.nditer(x, flags=['multi_index'], op_flags=['readwrite'])
    while not it.finished:
        ix = it.multi_index

        ### YOUR CODE HERE:
        raise NotImplementedError
        ### END YOUR CODE

        it.iternext()
    print("Gradient check passed!")
    return True


if __name__ == "__main__":
    gradcheck_naive(lambda x: (np.sum(x ** 2), x * 2), np.array(123.456))
