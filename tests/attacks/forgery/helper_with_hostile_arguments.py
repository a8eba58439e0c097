"""A replaced helper is called with what would make it fail, hang or say too much."""

import numpy as np


def softmax(x):
    return None


def sigmoid(x):
    return None


def forward(x, W1, b1, W2, b2):
    for function in (softmax, sigmoid):
        for argument in (np.zeros((2000, 2000)), [[[[]]]], "text", {"a": 1}, 1 << 500, None, np.zeros((0, 5))):
            try:
                answer = function(argument)
            except Exception as problem:
                answer = problem
    return answer, answer


sigmoid_grad = cross_entropy = softmax_cross_entropy_grad = input_grad = forward_backward_prop = gradcheck_naive = forward
