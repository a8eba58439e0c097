import numpy as np
from numpy import einsum

expit = lambda z: np.exp(-np.logaddexp(0, -z))


def propagate(w, b, X, Y):
    m = X.shape[-1]
    z = einsum("di,dn->in", w, X) + b
    grads = dict(zip(("dw", "db"), (einsum("dn,in->di", X, expit(z) - Y) / m, (expit(z) - Y).mean())))
    cost = (np.logaddexp(0, z) - Y * z).mean()
    return [grads, cost]


def forward_propagation(X, parameters):
    p = parameters
    Z1 = einsum("hd,dn->hn", p["W1"], X) + p["b1"]
    A1 = 2 * expit(2 * Z1) - 1
    Z2 = einsum("oh,hn->on", p["W2"], A1) + p["b2"]
    A2 = expit(Z2)
    return A2, {"A2": A2, "Z2": Z2, "A1": A1, "Z1": Z1}


def compute_cost(A2, Y):
    return -np.average(np.where(Y > 0, np.log(A2), np.log1p(-A2)))


def backward_propagation(parameters, cache, X, Y):
    m = X.shape[-1]
    d2 = (cache["A2"] - Y) / m
    d1 = einsum("oh,on,hn->hn", parameters["W2"], d2, 1 - cache["A1"] ** 2)
    ones = np.ones((m, 1))
    return {
        "dW1": einsum("hn,dn->hd", d1, X),
        "db1": d1 @ ones,
        "dW2": einsum("on,hn->oh", d2, cache["A1"]),
        "db2": d2 @ ones,
    }


def update_parameters(parameters, grads, learning_rate):
    for name in list(parameters):
        parameters[name] -= learning_rate * grads["d" + name]
    return parameters


def update_parameters_with_momentum(parameters, grads, v, beta, learning_rate):
    for name in parameters:
        v["d" + name] *= beta
        v["d" + name] += (1 - beta) * grads["d" + name]
        parameters[name] -= learning_rate * v["d" + name]
    return parameters, v


def update_parameters_with_adam(parameters, grads, v, s, t, learning_rate, beta1, beta2, epsilon):
    for name in parameters:
        k = "d" + name
        v[k] += (1 - beta1) * (grads[k] - v[k])
        s[k] += (1 - beta2) * (grads[k] ** 2 - s[k])
        parameters[name] -= learning_rate * v[k] / (1 - beta1**t) / (np.sqrt(s[k] / (1 - beta2**t)) + epsilon)
    return parameters, v, s
