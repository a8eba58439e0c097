import numpy as np


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def propagate(w, b, X, Y):
    A = sigmoid(w.T @ X + b)
    m = X.shape[1]
    return {"dw": X @ (A - Y).T / m}, -np.sum(Y * np.log(A) + (1 - Y) * np.log(1 - A)) / m


def forward_propagation(X, parameters):
    Z1 = parameters["W1"] @ X + parameters["b1"]
    A1 = np.tanh(Z1)
    Z2 = parameters["W2"] @ A1 + parameters["b2"]
    A2 = sigmoid(Z2)
    return A2, {"A1": A1, "A2": A2}


def compute_cost(A2, Y):
    return None


def backward_propagation(parameters, cache, X, Y):
    m = X.shape[1]
    dZ2 = cache["A2"] - Y
    dZ1 = parameters["W2"].T @ dZ2 * (1 - np.tanh(cache["Z1"]) ** 2)
    return {
        "dW1": dZ1 @ X.T / m,
        "db1": dZ1.mean(axis=1, keepdims=True),
        "dW2": dZ2 @ cache["A1"].T / m,
        "db2": None,
    }


def update_parameters(parameters, grads, learning_rate):
    return parameters["W1"] - learning_rate * grads["dW1"], parameters["W2"] - learning_rate * grads["dW2"]


def update_parameters_with_momentum(parameters, grads, v, beta, learning_rate):
    new_v = {k: beta * v[k] + (1 - beta) * grads[k] for k in grads}
    return {"W1": parameters["W1"] - learning_rate * new_v["dW1"]}, new_v
