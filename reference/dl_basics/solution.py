"""Functions of a deep-learning course's first weeks. Examples are columns; parameters and gradients are dicts."""

from __future__ import annotations

import numpy as np


def sigmoid(Z):
    return 1 / (1 + np.exp(-Z))


def propagate(w, b, X, Y):
    A = sigmoid(w.T @ X + b)
    grads = {"dw": X @ (A - Y).T / X.shape[1], "db": float(np.mean(A - Y))}
    return grads, compute_cost(A, Y)


def forward_propagation(X, parameters):
    Z1 = parameters["W1"] @ X + parameters["b1"]
    A1 = np.tanh(Z1)
    Z2 = parameters["W2"] @ A1 + parameters["b2"]
    A2 = sigmoid(Z2)
    return A2, {"Z1": Z1, "A1": A1, "Z2": Z2, "A2": A2}


def compute_cost(A2, Y):
    return float(-np.mean(Y * np.log(A2) + (1 - Y) * np.log(1 - A2)))


def backward_propagation(parameters, cache, X, Y):
    dZ2 = cache["A2"] - Y
    dZ1 = parameters["W2"].T @ dZ2 * (1 - cache["A1"] ** 2)
    return {
        "dW1": dZ1 @ X.T / X.shape[1],
        "db1": np.mean(dZ1, axis=1, keepdims=True),
        "dW2": dZ2 @ cache["A1"].T / X.shape[1],
        "db2": np.mean(dZ2, axis=1, keepdims=True),
    }


def update_parameters(parameters, grads, learning_rate):
    return {name: value - learning_rate * grads[f"d{name}"] for name, value in parameters.items()}


def update_parameters_with_momentum(parameters, grads, v, beta, learning_rate):
    v = {name: beta * v[name] + (1 - beta) * grads[name] for name in grads}
    return update_parameters(parameters, v, learning_rate), v


def update_parameters_with_adam(parameters, grads, v, s, t, learning_rate, beta1, beta2, epsilon):
    v = {name: beta1 * v[name] + (1 - beta1) * grads[name] for name in grads}
    s = {name: beta2 * s[name] + (1 - beta2) * grads[name] ** 2 for name in grads}
    steps = {name: v[name] / (1 - beta1**t) / (np.sqrt(s[name] / (1 - beta2**t)) + epsilon) for name in grads}
    return update_parameters(parameters, steps, learning_rate), v, s
