import numpy as np


class Sigmoid:
    @staticmethod
    def forward(z):
        return np.where(z >= 0, 1 / (1 + np.exp(-np.abs(z))), np.exp(-np.abs(z)) / (1 + np.exp(-np.abs(z))))


def linear_forward(A, W, b):
    return W.dot(A) + b


def linear_backward(dZ, A_prev):
    m = A_prev.shape[1]
    return dZ.dot(A_prev.T) / m, dZ.mean(axis=1).reshape(-1, 1)


def propagate(w, b, X, Y):
    A = Sigmoid.forward(linear_forward(X, w.T, b))
    dw, db = linear_backward(A - Y, X)
    return dict(dw=dw.T, db=db.item()), compute_cost(A, Y)


def forward_propagation(X, parameters):
    cache = dict(Z1=linear_forward(X, parameters["W1"], parameters["b1"]))
    cache["A1"] = np.tanh(cache["Z1"])
    cache["Z2"] = linear_forward(cache["A1"], parameters["W2"], parameters["b2"])
    cache["A2"] = Sigmoid.forward(cache["Z2"])
    return cache["A2"], cache


def compute_cost(A2, Y):
    right = Y * A2 + (1 - Y) * (1 - A2)
    return np.mean(-np.log(right))


def backward_propagation(parameters, cache, X, Y):
    grads = {}
    dZ2 = cache["A2"] - Y
    grads["dW2"], grads["db2"] = linear_backward(dZ2, cache["A1"])
    dZ1 = parameters["W2"].T.dot(dZ2) / np.cosh(cache["Z1"]) ** 2
    grads["dW1"], grads["db1"] = linear_backward(dZ1, X)
    return grads


def _step(parameters, directions, rate):
    return {k: p - rate * directions["d" + k] for k, p in parameters.items()}


def _decay(old, new, share):
    return {k: share * old[k] + (1 - share) * new[k] for k in old}


def update_parameters(parameters, grads, learning_rate):
    return _step(parameters, grads, learning_rate)


def update_parameters_with_momentum(parameters, grads, v, beta, learning_rate):
    v = _decay(v, grads, beta)
    return _step(parameters, v, learning_rate), v


def update_parameters_with_adam(parameters, grads, v, s, t, learning_rate, beta1, beta2, epsilon):
    v = _decay(v, grads, beta1)
    s = _decay(s, {k: g**2 for k, g in grads.items()}, beta2)
    along = {k: (v[k] / (1 - beta1**t)) / (np.sqrt(s[k] / (1 - beta2**t)) + epsilon) for k in v}
    return _step(parameters, along, learning_rate), v, s
