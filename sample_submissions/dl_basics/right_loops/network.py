"""Everything by loops over examples and units."""
import math


import numpy as np


def squash(z):
    return 1 / (1 + math.exp(-z))


def propagate(w, b, X, Y):
    D, m = X.shape
    dw = [[0.0] for _ in range(D)]
    db = 0.0
    cost = 0.0
    for i in range(m):
        z = b
        for d in range(D):
            z += w[d, 0] * X[d, i]
        a = squash(z)
        for d in range(D):
            dw[d][0] += (a - Y[0, i]) * X[d, i] / m
        db += (a - Y[0, i]) / m
        cost -= (Y[0, i] * math.log(a) + (1 - Y[0, i]) * math.log(1 - a)) / m
    return {"dw": np.array(dw), "db": db}, cost


def forward_propagation(X, parameters):
    W1, b1, W2, b2 = (parameters[k] for k in ("W1", "b1", "W2", "b2"))
    H, m = W1.shape[0], X.shape[1]
    Z1, A1 = np.zeros((H, m)), np.zeros((H, m))
    Z2, A2 = np.zeros((1, m)), np.zeros((1, m))
    for i in range(m):
        for h in range(H):
            Z1[h, i] = sum(W1[h, d] * X[d, i] for d in range(X.shape[0])) + b1[h, 0]
            A1[h, i] = math.tanh(Z1[h, i])
        Z2[0, i] = sum(W2[0, h] * A1[h, i] for h in range(H)) + b2[0, 0]
        A2[0, i] = squash(Z2[0, i])
    return A2, {"Z1": Z1, "A1": A1, "Z2": Z2, "A2": A2}


def compute_cost(A2, Y):
    m = Y.shape[1]
    return sum(-math.log(A2[0, i] if Y[0, i] == 1 else 1 - A2[0, i]) for i in range(m)) / m


def backward_propagation(parameters, cache, X, Y):
    W2 = parameters["W2"]
    A1, A2 = cache["A1"], cache["A2"]
    H, m = A1.shape
    D = X.shape[0]
    grads = {"dW1": np.zeros((H, D)), "db1": np.zeros((H, 1)), "dW2": np.zeros((1, H)), "db2": np.zeros((1, 1))}
    for i in range(m):
        d2 = (A2[0, i] - Y[0, i]) / m
        grads["db2"][0, 0] += d2
        for h in range(H):
            grads["dW2"][0, h] += d2 * A1[h, i]
            d1 = d2 * W2[0, h] * (1 - A1[h, i] ** 2)
            grads["db1"][h, 0] += d1
            for d in range(D):
                grads["dW1"][h, d] += d1 * X[d, i]
    return grads


def update_parameters(parameters, grads, learning_rate):
    new = {}
    for name in ("W1", "b1", "W2", "b2"):
        new[name] = parameters[name] - learning_rate * grads["d" + name]
    return new


def update_parameters_with_momentum(parameters, grads, v, beta, learning_rate):
    new_v, new = {}, {}
    for name in ("W1", "b1", "W2", "b2"):
        key = "d" + name
        new_v[key] = beta * v[key] + (1 - beta) * grads[key]
        new[name] = parameters[name] - learning_rate * new_v[key]
    return new, new_v


def update_parameters_with_adam(parameters, grads, v, s, t, learning_rate, beta1, beta2, epsilon):
    new, new_v, new_s = {}, {}, {}
    for name in ("W1", "b1", "W2", "b2"):
        key = "d" + name
        new_v[key] = beta1 * v[key] + (1 - beta1) * grads[key]
        new_s[key] = beta2 * s[key] + (1 - beta2) * grads[key] * grads[key]
        up = new_v[key] / (1 - beta1 ** t)
        down = np.sqrt(new_s[key] / (1 - beta2 ** t)) + epsilon
        new[name] = parameters[name] - learning_rate * up / down
    return new, new_v, new_s
