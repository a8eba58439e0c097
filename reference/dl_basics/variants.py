"""What goes wrong with dicts, caches and optimisers, and what is right too."""

from __future__ import annotations

import numpy as np
from solution import backward_propagation, compute_cost, forward_propagation, propagate, sigmoid, update_parameters

from grader.reference import mistake, right

# -- propagate -----------------------------------------------------------------------------------------------------


@right("propagate", name="example by example")
def propagate_by_examples(w, b, X, Y):
    m = X.shape[1]
    dw, db, cost = np.zeros(w.shape), 0.0, 0.0
    for i in range(m):
        a = sigmoid(np.sum(w[:, 0] * X[:, i]) + b)
        y = Y[0, i]
        dw[:, 0] += (a - y) * X[:, i]
        db += a - y
        cost -= np.log(a) if y else np.log(1 - a)
    return {"dw": dw / m, "db": db / m}, cost / m


@right("propagate", name="by dot products")
def propagate_by_dot(w, b, X, Y):
    m = X.shape[1]
    A = sigmoid(np.dot(w.T, X) + b)
    cost = -(np.dot(Y, np.log(A).T) + np.dot(1 - Y, np.log(1 - A).T)) / m
    return {"db": np.sum(A - Y) / m, "dw": np.dot(X, (A - Y).T) / m}, np.squeeze(cost)


@mistake("propagate", name="sums instead of means", hint="Divide by the number of examples.", credit="1/2")
def propagate_sums(w, b, X, Y):
    grads, cost = propagate(w, b, X, Y)
    m = X.shape[1]
    return {"dw": grads["dw"] * m, "db": grads["db"] * m}, cost * m


@mistake("propagate", name="Y - A for A - Y", hint="Which sign has the slope where A is too large?", credit="1/2")
def propagate_with_sign(w, b, X, Y):
    grads, cost = propagate(w, b, X, Y)
    return {name: -value for name, value in grads.items()}, cost


@mistake("propagate", name="the sign turned, in cost and gradients alike", hint="No cost is negative.", credit="1/4")
def propagate_with_both_signs(w, b, X, Y):
    grads, cost = propagate(w, b, X, Y)
    return {name: -value for name, value in grads.items()}, -cost


@mistake("propagate", name="gradients of sums", hint="The cost is a mean; so are its gradients.", credit="1/2")
def propagate_gradients_of_sums(w, b, X, Y):
    grads, cost = propagate(w, b, X, Y)
    return {name: value * X.shape[1] for name, value in grads.items()}, cost


@mistake("propagate", name="without the bias", hint="What became of b?", credit="1/4")
def propagate_without_bias(w, b, X, Y):
    return propagate(w, 0.0, X, Y)


@mistake("propagate", name="only the examples of label 1 count", hint="Where Y is 0, log(1 - A) counts.", credit="3/4")
def propagate_with_half_a_cost(w, b, X, Y):
    A = sigmoid(w.T @ X + b)
    return propagate(w, b, X, Y)[0], float(-np.mean(Y * np.log(A)))


@mistake("propagate", name="a row for a column", hint="dw has the shape of w.", credit="1/2")
def propagate_with_a_row(w, b, X, Y):
    grads, cost = propagate(w, b, X, Y)
    return {**grads, "dw": grads["dw"].T}, cost


# -- forward_propagation -------------------------------------------------------------------------------------------


def _forward(X, parameters, hidden=np.tanh, last=sigmoid, bias=1):
    Z1 = parameters["W1"] @ X + bias * parameters["b1"]
    A1 = hidden(Z1)
    Z2 = parameters["W2"] @ A1 + bias * parameters["b2"]
    A2 = last(Z2)
    return A2, {"Z1": Z1, "A1": A1, "Z2": Z2, "A2": A2}


def _relu(Z):
    return np.maximum(Z, 0)


def _same(Z):
    return Z


@right("forward_propagation", name="tanh by exponentials")
def forward_by_exponentials(X, parameters):
    return _forward(X, parameters, hidden=lambda Z: (np.exp(Z) - np.exp(-Z)) / (np.exp(Z) + np.exp(-Z)))


@right("forward_propagation", name="a cache with more in it")
def forward_with_more(X, parameters):
    A2, cache = forward_propagation(X, parameters)
    return A2, {**cache, "X": X, "W1": parameters["W1"]}


@mistake("forward_propagation", name="a sigmoid in the hidden layer", hint="tanh there.", credit="1/2")
def forward_with_sigmoids(X, parameters):
    return _forward(X, parameters, hidden=sigmoid)


@mistake("forward_propagation", name="ReLU in the hidden layer", hint="tanh there.", credit="1/2")
def forward_with_relu(X, parameters):
    return _forward(X, parameters, hidden=_relu)


@mistake("forward_propagation", name="tanh at the end", hint="A probability lies between 0 and 1.", credit="1/2")
def forward_with_tanh(X, parameters):
    return _forward(X, parameters, last=np.tanh)


@mistake("forward_propagation", name="nothing at the end", hint="Z2 is no probability yet.", credit="1/4")
def forward_without_sigmoid(X, parameters):
    return _forward(X, parameters, last=_same)


@mistake("forward_propagation", name="no biases", hint="What became of b1 and b2?", credit="1/4")
def forward_without_biases(X, parameters):
    return _forward(X, parameters, bias=0)


@mistake("forward_propagation", name="linear in the hidden layer", hint="What does tanh get?", credit="1/4")
def forward_linear(X, parameters):
    return _forward(X, parameters, hidden=_same)


# -- compute_cost --------------------------------------------------------------------------------------------------


@right("compute_cost", name="by a sum over the examples")
def cost_by_a_sum(A2, Y):
    total = 0.0
    for a, y in zip(A2[0], Y[0], strict=True):
        total += np.log(a) if y == 1 else np.log(1 - a)
    return -total / Y.shape[1]


@right("compute_cost", name="by the probability of the label")
def cost_by_where(A2, Y):
    return -np.log(np.where(Y == 1, A2, 1 - A2)).mean()


@mistake("compute_cost", name="the sum", hint="Divide by the number of examples.", credit="1/2")
def cost_as_sum(A2, Y):
    return compute_cost(A2, Y) * Y.shape[1]


@mistake(
    "compute_cost", name="no minus", hint="A cost is positive: what sign has a logarithm of a share?", credit="1/2"
)
def cost_without_minus(A2, Y):
    return -compute_cost(A2, Y)


@mistake("compute_cost", name="only label 1 counts", hint="Where Y is 0, log(1 - A2) counts.", credit="1/4")
def cost_of_ones(A2, Y):
    return float(-np.mean(Y * np.log(A2)))


@mistake("compute_cost", name="logarithms of base 2", hint="The natural logarithm.", credit="1/2")
def cost_in_bits(A2, Y):
    return compute_cost(A2, Y) / np.log(2)


@mistake("compute_cost", name="squared differences", hint="That is another cost.", credit="1/4")
def cost_of_squares(A2, Y):
    return float(np.mean((A2 - Y) ** 2))


@mistake("compute_cost", name="the labels turned round", hint="Where Y is 1, A2 should be large.", credit="1/4")
def cost_turned_round(A2, Y):
    return compute_cost(A2, 1 - Y)


# -- backward_propagation ------------------------------------------------------------------------------------------


def _backward(parameters, cache, X, Y, slope):
    dZ2 = cache["A2"] - Y
    dZ1 = parameters["W2"].T @ dZ2 * slope
    m = X.shape[1]
    return {
        "dW1": dZ1 @ X.T / m,
        "db1": dZ1.sum(axis=1, keepdims=True) / m,
        "dW2": dZ2 @ cache["A1"].T / m,
        "db2": dZ2.sum(axis=1, keepdims=True) / m,
    }


@right("backward_propagation", name="the activations anew")
def backward_from_scratch(parameters, cache, X, Y):
    A1 = np.tanh(parameters["W1"] @ X + parameters["b1"])
    fresh = {"A1": A1, "A2": sigmoid(parameters["W2"] @ A1 + parameters["b2"])}
    return _backward(parameters, fresh, X, Y, 1 - A1 * A1)


@right("backward_propagation", name="example by example")
def backward_by_examples(parameters, cache, X, Y):
    m = X.shape[1]
    grads = {f"d{name}": np.zeros(value.shape) for name, value in parameters.items()}
    for i in range(m):
        delta = cache["A2"][:, i : i + 1] - Y[:, i : i + 1]
        hidden = cache["A1"][:, i : i + 1]
        inner = parameters["W2"].T * delta * (1 - np.power(hidden, 2))
        grads["dW2"] += delta @ hidden.T / m
        grads["db2"] += delta / m
        grads["dW1"] += inner @ X[:, i : i + 1].T / m
        grads["db1"] += inner / m
    return grads


@mistake("backward_propagation", name="the slope of tanh left out", hint="dZ1 is dA1 times it.", credit="1/2")
def backward_without_slope(parameters, cache, X, Y):
    return _backward(parameters, cache, X, Y, 1)


@mistake("backward_propagation", name="the slope from Z1", hint="1 - A1 squared, not Z1 squared.", credit="1/2")
def backward_with_slope_of_z(parameters, cache, X, Y):
    return _backward(parameters, cache, X, Y, 1 - cache["Z1"] ** 2)


@mistake("backward_propagation", name="the slope of a sigmoid", hint="The hidden layer has tanh.", credit="1/2")
def backward_with_slope_of_sigmoid(parameters, cache, X, Y):
    return _backward(parameters, cache, X, Y, cache["A1"] * (1 - cache["A1"]))


@mistake("backward_propagation", name="sums instead of means", hint="Divide by the number of examples.", credit="1/2")
def backward_sums(parameters, cache, X, Y):
    return {name: value * X.shape[1] for name, value in backward_propagation(parameters, cache, X, Y).items()}


@mistake("backward_propagation", name="Y - A2 for A2 - Y", hint="Which sign has the slope?", credit="1/2")
def backward_with_sign(parameters, cache, X, Y):
    return {name: -value for name, value in backward_propagation(parameters, cache, X, Y).items()}


@mistake("backward_propagation", name="biases without their second axis", hint="keepdims=True keeps it.", credit="3/4")
def backward_with_flat_biases(parameters, cache, X, Y):
    grads = backward_propagation(parameters, cache, X, Y)
    return {**grads, "db1": grads["db1"][:, 0], "db2": grads["db2"][:, 0]}


@mistake("backward_propagation", name="one mean over all for the bias", hint="Each unit has its own.", credit="3/4")
def backward_with_one_bias(parameters, cache, X, Y):
    grads = backward_propagation(parameters, cache, X, Y)
    return {**grads, "db1": np.full(grads["db1"].shape, np.mean(grads["db1"]))}


# -- gradient descent ----------------------------------------------------------------------------------------------


@right("update_parameters", name="into the same dict")
def update_in_place(parameters, grads, learning_rate):
    parameters["W1"] = parameters["W1"] - learning_rate * grads["dW1"]
    parameters["b1"] = parameters["b1"] - learning_rate * grads["db1"]
    parameters["W2"] = parameters["W2"] - learning_rate * grads["dW2"]
    parameters["b2"] = parameters["b2"] - learning_rate * grads["db2"]
    return parameters


@mistake("update_parameters", name="uphill", hint="Gradients point uphill.", credit="1/2")
def update_uphill(parameters, grads, learning_rate):
    return update_parameters(parameters, grads, -learning_rate)


@mistake("update_parameters", name="without the rate", hint="How long is a step?", credit="1/4")
def update_without_rate(parameters, grads, learning_rate):
    return update_parameters(parameters, grads, 1.0)


@mistake("update_parameters", name="weights alone", hint="Biases learn, too.", credit="1/2")
def update_weights_alone(parameters, grads, learning_rate):
    new = update_parameters(parameters, grads, learning_rate)
    return {**new, "b1": parameters["b1"], "b2": parameters["b2"]}


@mistake("update_parameters", name="the steps alone", hint="A step begins where the parameters are.")
def update_steps_alone(parameters, grads, learning_rate):
    return {name: -learning_rate * grads[f"d{name}"] for name in parameters}


@mistake("update_parameters", name="named like gradients", hint="W1, not dW1.", credit="1/2")
def update_named_like_gradients(parameters, grads, learning_rate):
    return {f"d{name}": value for name, value in update_parameters(parameters, grads, learning_rate).items()}


# -- momentum ------------------------------------------------------------------------------------------------------


def _momentum(parameters, along, v, learning_rate):
    return update_parameters(parameters, along, learning_rate), v


@right("update_parameters_with_momentum", name="layer by layer, in place")
def momentum_by_layers(parameters, grads, v, beta, learning_rate):
    for layer in range(1, len(parameters) // 2 + 1):
        for name in (f"W{layer}", f"b{layer}"):
            v["d" + name] = beta * v["d" + name] + (1 - beta) * grads["d" + name]
            parameters[name] = parameters[name] - learning_rate * v["d" + name]
    return parameters, v


@mistake("update_parameters_with_momentum", name="the gradient in full", hint="1 - beta of it.", credit="1/2")
def momentum_in_full(parameters, grads, v, beta, learning_rate):
    new = {name: beta * v[name] + grads[name] for name in grads}
    return _momentum(parameters, new, new, learning_rate)


@mistake("update_parameters_with_momentum", name="along the gradient", hint="The step goes along v.", credit="1/2")
def momentum_along_gradient(parameters, grads, v, beta, learning_rate):
    new = {name: beta * v[name] + (1 - beta) * grads[name] for name in grads}
    return _momentum(parameters, grads, new, learning_rate)


@mistake("update_parameters_with_momentum", name="along the old v", hint="First v, then the step.", credit="1/2")
def momentum_along_old(parameters, grads, v, beta, learning_rate):
    new = {name: beta * v[name] + (1 - beta) * grads[name] for name in grads}
    return _momentum(parameters, v, new, learning_rate)


@mistake("update_parameters_with_momentum", name="beta at the wrong place", hint="beta keeps v.", credit="1/2")
def momentum_swapped(parameters, grads, v, beta, learning_rate):
    new = {name: (1 - beta) * v[name] + beta * grads[name] for name in grads}
    return _momentum(parameters, new, new, learning_rate)


@mistake("update_parameters_with_momentum", name="v isn't kept", hint="v is a result, too.", credit="1/2")
def momentum_forgotten(parameters, grads, v, beta, learning_rate):
    new = {name: beta * v[name] + (1 - beta) * grads[name] for name in grads}
    return _momentum(parameters, new, v, learning_rate)


# -- Adam ----------------------------------------------------------------------------------------------------------


def _means(grads, v, s, beta1, beta2):
    v = {name: beta1 * v[name] + (1 - beta1) * grads[name] for name in grads}
    s = {name: beta2 * s[name] + (1 - beta2) * grads[name] ** 2 for name in grads}
    return v, s


def _adam(parameters, v, s, learning_rate, first, second, epsilon):
    steps = {name: v[name] / first / (np.sqrt(s[name] / second) + epsilon) for name in v}
    return update_parameters(parameters, steps, learning_rate), v, s


@right("update_parameters_with_adam", name="layer by layer, in place")
def adam_by_layers(parameters, grads, v, s, t, learning_rate, beta1, beta2, epsilon):
    for layer in range(1, len(parameters) // 2 + 1):
        for name in (f"W{layer}", f"b{layer}"):
            g = grads["d" + name]
            v["d" + name] = beta1 * v["d" + name] + (1 - beta1) * g
            s["d" + name] = beta2 * s["d" + name] + (1 - beta2) * np.square(g)
            corrected_v = v["d" + name] / (1 - np.power(beta1, t))
            corrected_s = s["d" + name] / (1 - np.power(beta2, t))
            parameters[name] = parameters[name] - learning_rate * corrected_v / (np.sqrt(corrected_s) + epsilon)
    return parameters, v, s


@mistake("update_parameters_with_adam", name="no correction", hint="Means that begin at 0 are too small.", credit="1/2")
def adam_uncorrected(parameters, grads, v, s, t, learning_rate, beta1, beta2, epsilon):
    v, s = _means(grads, v, s, beta1, beta2)
    return _adam(parameters, v, s, learning_rate, 1, 1, epsilon)


@mistake("update_parameters_with_adam", name="only v corrected", hint="s needs it, too.", credit="1/2")
def adam_half_corrected(parameters, grads, v, s, t, learning_rate, beta1, beta2, epsilon):
    v, s = _means(grads, v, s, beta1, beta2)
    return _adam(parameters, v, s, learning_rate, 1 - beta1**t, 1, epsilon)


@mistake("update_parameters_with_adam", name="epsilon within the root", hint="Added to the root.", credit="3/4")
def adam_with_inner_epsilon(parameters, grads, v, s, t, learning_rate, beta1, beta2, epsilon):
    v, s = _means(grads, v, s, beta1, beta2)
    steps = {name: v[name] / (1 - beta1**t) / np.sqrt(s[name] / (1 - beta2**t) + epsilon) for name in v}
    return update_parameters(parameters, steps, learning_rate), v, s


@mistake("update_parameters_with_adam", name="no root", hint="The step is divided by the root of s.", credit="1/2")
def adam_without_root(parameters, grads, v, s, t, learning_rate, beta1, beta2, epsilon):
    v, s = _means(grads, v, s, beta1, beta2)
    steps = {name: v[name] / (1 - beta1**t) / (s[name] / (1 - beta2**t) + epsilon) for name in v}
    return update_parameters(parameters, steps, learning_rate), v, s


@mistake("update_parameters_with_adam", name="s of the gradients themselves", hint="Of their squares.", credit="1/4")
def adam_without_squares(parameters, grads, v, s, t, learning_rate, beta1, beta2, epsilon):
    new_v, _ = _means(grads, v, s, beta1, beta2)
    new_s = {name: beta2 * s[name] + (1 - beta2) * grads[name] for name in grads}
    return _adam(parameters, new_v, new_s, learning_rate, 1 - beta1**t, 1 - beta2**t, epsilon)


@mistake("update_parameters_with_adam", name="the betas swapped", hint="beta1 is for v, beta2 for s.", credit="1/2")
def adam_swapped(parameters, grads, v, s, t, learning_rate, beta1, beta2, epsilon):
    v, s = _means(grads, v, s, beta2, beta1)
    return _adam(parameters, v, s, learning_rate, 1 - beta2**t, 1 - beta1**t, epsilon)


@mistake("update_parameters_with_adam", name="the corrected means kept", hint="Keep them uncorrected.", credit="1/2")
def adam_keeping_corrected(parameters, grads, v, s, t, learning_rate, beta1, beta2, epsilon):
    v, s = _means(grads, v, s, beta1, beta2)
    new, _, _ = _adam(parameters, v, s, learning_rate, 1 - beta1**t, 1 - beta2**t, epsilon)
    kept_v = {name: value / (1 - beta1**t) for name, value in v.items()}
    return new, kept_v, {name: value / (1 - beta2**t) for name, value in s.items()}
