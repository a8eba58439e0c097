# Wrong costs and gradients of the network, part 1: factors, signs and missing terms.
import numpy as np


def unpack(params, dimensions):
    Dx, H, Dy = dimensions
    a, b, c = Dx * H, Dx * H + H, Dx * H + H + H * Dy
    return params[:a].reshape(Dx, H), params[a:b].reshape(1, H), params[b:c].reshape(H, Dy), params[c:].reshape(1, Dy)


def flat(*parts):
    return np.concatenate([np.asarray(p).ravel() for p in parts])


def forward_backward_prop__sum(data, labels, params, dimensions):
    """WRONG: the sum in cost and gradient"""
    W1, b1, W2, b2 = unpack(params, dimensions)
    h, p = forward(data, W1, b1, W2, b2)
    d = p - labels
    e = d @ W2.T * sigmoid_grad(h)
    return -np.sum(labels * np.log(p)), flat(data.T @ e, e.sum(0), h.T @ d, d.sum(0))


def forward_backward_prop__sum_cost(data, labels, params, dimensions):
    """WRONG: the sum in the cost, the mean in the gradient"""
    W1, b1, W2, b2 = unpack(params, dimensions)
    h, p = forward(data, W1, b1, W2, b2)
    d = (p - labels) / len(data)
    e = d @ W2.T * sigmoid_grad(h)
    return -np.sum(labels * np.log(p)), flat(data.T @ e, e.sum(0), h.T @ d, d.sum(0))


def forward_backward_prop__sum_gradient(data, labels, params, dimensions):
    """WRONG: the mean in the cost, the sum in the gradient"""
    W1, b1, W2, b2 = unpack(params, dimensions)
    h, p = forward(data, W1, b1, W2, b2)
    d = p - labels
    e = d @ W2.T * sigmoid_grad(h)
    return cross_entropy(labels, p), flat(data.T @ e, e.sum(0), h.T @ d, d.sum(0))


def forward_backward_prop__twice_n(data, labels, params, dimensions):
    """WRONG: 1/N twice in the gradient"""
    W1, b1, W2, b2 = unpack(params, dimensions)
    N = data.shape[0]
    h, p = forward(data, W1, b1, W2, b2)
    d = (p - labels) / N
    e = d @ W2.T * sigmoid_grad(h)
    return cross_entropy(labels, p), flat(data.T @ e, e.sum(0), h.T @ d, d.sum(0)) / N


def forward_backward_prop__twice_n_w1(data, labels, params, dimensions):
    """WRONG: 1/N twice in the first layer only"""
    W1, b1, W2, b2 = unpack(params, dimensions)
    N = data.shape[0]
    h, p = forward(data, W1, b1, W2, b2)
    d = (p - labels) / N
    e = d @ W2.T * sigmoid_grad(h) / N
    return cross_entropy(labels, p), flat(data.T @ e, e.sum(0), h.T @ d, d.sum(0))


def forward_backward_prop__precedence(data, labels, params, dimensions):
    """WRONG: y_hat - labels / N"""
    W1, b1, W2, b2 = unpack(params, dimensions)
    h, p = forward(data, W1, b1, W2, b2)
    d = p - labels / data.shape[0]
    e = d @ W2.T * sigmoid_grad(h)
    return cross_entropy(labels, p), flat(data.T @ e, e.sum(0), h.T @ d, d.sum(0))


def forward_backward_prop__both_signs(data, labels, params, dimensions):
    """WRONG: the sign is missing in the cost and in the gradient alike"""
    W1, b1, W2, b2 = unpack(params, dimensions)
    h, p = forward(data, W1, b1, W2, b2)
    d = (labels - p) / len(data)
    e = d @ W2.T * sigmoid_grad(h)
    return np.sum(labels * np.log(p)) / len(data), flat(data.T @ e, e.sum(0), h.T @ d, d.sum(0))


def forward_backward_prop__gradient_sign(data, labels, params, dimensions):
    """WRONG: the gradient points downhill"""
    W1, b1, W2, b2 = unpack(params, dimensions)
    h, p = forward(data, W1, b1, W2, b2)
    d = (labels - p) / len(data)
    e = d @ W2.T * sigmoid_grad(h)
    return cross_entropy(labels, p), flat(data.T @ e, e.sum(0), h.T @ d, d.sum(0))


def forward_backward_prop__cost_sign(data, labels, params, dimensions):
    """WRONG: a negative cost"""
    W1, b1, W2, b2 = unpack(params, dimensions)
    h, p = forward(data, W1, b1, W2, b2)
    d = (p - labels) / len(data)
    e = d @ W2.T * sigmoid_grad(h)
    return np.mean(np.log(np.sum(p * labels, 1))), flat(data.T @ e, e.sum(0), h.T @ d, d.sum(0))


def forward_backward_prop__no_sigmoid_grad(data, labels, params, dimensions):
    """WRONG: the sigmoid's derivative is missing"""
    W1, b1, W2, b2 = unpack(params, dimensions)
    h, p = forward(data, W1, b1, W2, b2)
    d = (p - labels) / len(data)
    e = d @ W2.T
    return cross_entropy(labels, p), flat(data.T @ e, e.sum(0), h.T @ d, d.sum(0))


def forward_backward_prop__sigmoid_grad_of_z(data, labels, params, dimensions):
    """WRONG: sigmoid_grad gets z1"""
    W1, b1, W2, b2 = unpack(params, dimensions)
    z = data @ W1 + b1
    h = sigmoid(z)
    p = softmax(h @ W2 + b2)
    d = (p - labels) / len(data)
    e = d @ W2.T * sigmoid_grad(z)
    return cross_entropy(labels, p), flat(data.T @ e, e.sum(0), h.T @ d, d.sum(0))


def forward_backward_prop__no_b1_gradient(data, labels, params, dimensions):
    """WRONG: zeros for b1"""
    W1, b1, W2, b2 = unpack(params, dimensions)
    h, p = forward(data, W1, b1, W2, b2)
    d = (p - labels) / len(data)
    e = d @ W2.T * sigmoid_grad(h)
    return cross_entropy(labels, p), flat(data.T @ e, np.zeros(b1.shape), h.T @ d, d.sum(0))


def forward_backward_prop__no_b2_gradient(data, labels, params, dimensions):
    """WRONG: zeros for b2"""
    W1, b1, W2, b2 = unpack(params, dimensions)
    h, p = forward(data, W1, b1, W2, b2)
    d = (p - labels) / len(data)
    e = d @ W2.T * sigmoid_grad(h)
    return cross_entropy(labels, p), flat(data.T @ e, e.sum(0), h.T @ d, np.zeros_like(b2))


def forward_backward_prop__bias_mean(data, labels, params, dimensions):
    """WRONG: the mean of deltas that are divided by N already"""
    W1, b1, W2, b2 = unpack(params, dimensions)
    h, p = forward(data, W1, b1, W2, b2)
    d = (p - labels) / len(data)
    e = d @ W2.T * sigmoid_grad(h)
    return cross_entropy(labels, p), flat(data.T @ e, e.mean(0), h.T @ d, d.mean(0))


def forward_backward_prop__bias_of_last_example(data, labels, params, dimensions):
    """WRONG: the bias gradients are overwritten in the loop, the last example's remain"""
    W1, b1, W2, b2 = unpack(params, dimensions)
    N = len(data)
    cost, g1, g2 = 0, np.zeros(W1.shape), np.zeros(W2.shape)
    for i in range(N):
        h, p = forward(data[i:i + 1], W1, b1, W2, b2)
        cost += cross_entropy(labels[i:i + 1], p)
        d = (p - labels[i]) / N
        e = d @ W2.T * sigmoid_grad(h)
        g1 += data[i:i + 1].T @ e
        g2 += h.T @ d
        gb1, gb2 = e, d
    return cost / N, flat(g1, gb1, g2, gb2)


def forward_backward_prop__example_not_summed(data, labels, params, dimensions):
    """WRONG: all gradients are those of the last example"""
    W1, b1, W2, b2 = unpack(params, dimensions)
    N, cost = len(data), 0
    for x, y in zip(data, labels):
        h, p = forward(x.reshape(1, -1), W1, b1, W2, b2)
        cost += cross_entropy(y, p[0])
        d = p - y
        e = d @ W2.T * sigmoid_grad(h)
        grad = flat(np.outer(x, e), e, np.outer(h, d), d)
    return cost / N, grad


def forward_backward_prop__cost_per_example(data, labels, params, dimensions):
    """WRONG: one cost per example"""
    W1, b1, W2, b2 = unpack(params, dimensions)
    h, p = forward(data, W1, b1, W2, b2)
    d = (p - labels) / len(data)
    e = d @ W2.T * sigmoid_grad(h)
    return -np.sum(labels * np.log(p), axis=1), flat(data.T @ e, e.sum(0), h.T @ d, d.sum(0))


def forward_backward_prop__sigmoid_output(data, labels, params, dimensions):
    """WRONG: a sigmoid at the output with the softmax's gradient"""
    W1, b1, W2, b2 = unpack(params, dimensions)
    h = sigmoid(data @ W1 + b1)
    p = sigmoid(h @ W2 + b2)
    d = (p - labels) / len(data)
    e = d @ W2.T * sigmoid_grad(h)
    return cross_entropy(labels, p), flat(data.T @ e, e.sum(0), h.T @ d, d.sum(0))


def forward_backward_prop__l2(data, labels, params, dimensions):
    """WRONG: weight decay left in"""
    W1, b1, W2, b2 = unpack(params, dimensions)
    reg = 0.01
    h, p = forward(data, W1, b1, W2, b2)
    d = (p - labels) / len(data)
    e = d @ W2.T * sigmoid_grad(h)
    cost = cross_entropy(labels, p) + 0.5 * reg * (np.sum(W1 ** 2) + np.sum(W2 ** 2))
    return cost, flat(data.T @ e + reg * W1, e.sum(0), h.T @ d + reg * W2, d.sum(0))


def forward_backward_prop__log10(data, labels, params, dimensions):
    """WRONG: log10 in the cost"""
    W1, b1, W2, b2 = unpack(params, dimensions)
    h, p = forward(data, W1, b1, W2, b2)
    d = (p - labels) / len(data)
    e = d @ W2.T * sigmoid_grad(h)
    return -np.sum(labels * np.log10(p)) / len(data), flat(data.T @ e, e.sum(0), h.T @ d, d.sum(0))


def forward_backward_prop__eps(data, labels, params, dimensions):
    """WRONG: log(p + 0.01) in the cost"""
    W1, b1, W2, b2 = unpack(params, dimensions)
    h, p = forward(data, W1, b1, W2, b2)
    d = (p - labels) / len(data)
    e = d @ W2.T * sigmoid_grad(h)
    return -np.sum(labels * np.log(p + 0.01)) / len(data), flat(data.T @ e, e.sum(0), h.T @ d, d.sum(0))


def forward_backward_prop__over_classes(data, labels, params, dimensions):
    """WRONG: divided by the number of classes instead of examples"""
    W1, b1, W2, b2 = unpack(params, dimensions)
    h, p = forward(data, W1, b1, W2, b2)
    n = labels.shape[1]
    d = (p - labels) / n
    e = d @ W2.T * sigmoid_grad(h)
    return -np.sum(labels * np.log(p)) / n, flat(data.T @ e, e.sum(0), h.T @ d, d.sum(0))


def forward_backward_prop__mean_of_entries(data, labels, params, dimensions):
    """WRONG: the mean over all entries in the cost"""
    W1, b1, W2, b2 = unpack(params, dimensions)
    h, p = forward(data, W1, b1, W2, b2)
    d = (p - labels) / len(data)
    e = d @ W2.T * sigmoid_grad(h)
    return -np.mean(labels * np.log(p)), flat(data.T @ e, e.sum(0), h.T @ d, d.sum(0))


def forward_backward_prop__squared_error_gradient(data, labels, params, dimensions):
    """WRONG: the gradient of the squared error"""
    W1, b1, W2, b2 = unpack(params, dimensions)
    h, p = forward(data, W1, b1, W2, b2)
    d = (p - labels) * p * (1 - p) / len(data)
    e = d @ W2.T * sigmoid_grad(h)
    return cross_entropy(labels, p), flat(data.T @ e, e.sum(0), h.T @ d, d.sum(0))


def forward_backward_prop__delta_without_w2(data, labels, params, dimensions):
    """WRONG: the hidden delta is the row sum of the output delta, W2 is missing"""
    W1, b1, W2, b2 = unpack(params, dimensions)
    h, p = forward(data, W1, b1, W2, b2)
    d = (p - labels) / len(data)
    e = np.abs(d).sum(axis=1, keepdims=True) * sigmoid_grad(h)
    return cross_entropy(labels, p), flat(data.T @ e, e.sum(0), h.T @ d, d.sum(0))
