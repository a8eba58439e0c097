import numpy as np
import random

from q1_softmax import softmax
from q2_sigmoid import sigmoid, sigmoid_grad
from q2_gradcheck import gradcheck_naive


def forward_backward_prop(X, labels, params, dimensions):
    ### YOUR CODE HERE
    raise NotImplementedError
    ### END YOUR CODE
    return x


def sanity_check():
    N = 20
    dimensions = [10, 5, 10]
    data = np.random.randn(N, dimensions[0])


if __name__ == "__main__":
    sanity_check()
