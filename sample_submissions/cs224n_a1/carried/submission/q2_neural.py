import numpy as np
import random

from q1_softmax import softmax
from q2_sigmoid import sigmoid, sigmoid_grad
from q2_gradcheck import gradcheck_naive


def forward_backward_prop(X, labels, params, dimensions):
    ofs = 0
    Dx, H, Dy = (dimensions[0], dimensions[1], dimensions[2])
    W1 = np.reshape(params[ofs:ofs + Dx * H], (Dx, H))
    ofs += Dx * H
    b1 = np.reshape(params[ofs:ofs + H], (1, H))
    ofs += H
    W2 = np.reshape(params[ofs:ofs + H * Dy], (H, Dy))
    ofs += H * Dy
    b2 = np.reshape(params[ofs:ofs + Dy], (1, Dy))

    hidden = sigmoid(X.dot(W1) + b1)
    scores = softmax(hidden.dot(W2) + b2)
    cost = -np.sum(labels * np.log(scores))

    delta = scores - labels
    gradW2 = hidden.T.dot(delta)
    gradb2 = np.sum(delta, axis=0)
    dh = delta.dot(W2.T) * sigmoid_grad(hidden)
    gradW1 = X.T.dot(dh)
    gradb1 = np.sum(dh, axis=0)

    grad = np.concatenate((gradW1.flatten(), gradb1.flatten(), gradW2.flatten(), gradb2.flatten()))
    return cost, grad


def sanity_check():
    N = 20
    dimensions = [10, 5, 10]
    data = np.random.randn(N, dimensions[0])


if __name__ == "__main__":
    sanity_check()
