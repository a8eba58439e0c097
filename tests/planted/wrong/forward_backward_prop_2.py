# Wrong costs and gradients of the network, part 2: shapes, orders, memory and side effects.
import numpy as np

velocity = {}
outputs = {}
remembered = {}


def unpack(params, dimensions):
    Dx, H, Dy = dimensions
    a, b, c = Dx * H, Dx * H + H, Dx * H + H + H * Dy
    return params[:a].reshape(Dx, H), params[a:b].reshape(1, H), params[b:c].reshape(H, Dy), params[c:].reshape(1, Dy)


def flat(*parts):
    return np.concatenate([np.asarray(p).ravel() for p in parts])


def parts(data, labels, params, dimensions):
    W1, b1, W2, b2 = unpack(params, dimensions)
    h, p = forward(data, W1, b1, W2, b2)
    d = (p - labels) / len(data)
    e = d @ W2.T * sigmoid_grad(h)
    return cross_entropy(labels, p), [data.T @ e, e.sum(0), h.T @ d, d.sum(0)]


def forward_backward_prop__w2_from_data(data, labels, params, dimensions):
    """WRONG: W2's gradient from the data: raises, or fits where Dx = H"""
    W1, b1, W2, b2 = unpack(params, dimensions)
    h, p = forward(data, W1, b1, W2, b2)
    d = (p - labels) / len(data)
    e = d @ W2.T * sigmoid_grad(h)
    return cross_entropy(labels, p), flat(data.T @ e, e.sum(0), (data.T @ d).reshape(W2.shape), d.sum(0))


def forward_backward_prop__w2_from_data_if_it_fits(data, labels, params, dimensions):
    """WRONG: W2's gradient from the data only where Dx = H"""
    W1, b1, W2, b2 = unpack(params, dimensions)
    h, p = forward(data, W1, b1, W2, b2)
    d = (p - labels) / len(data)
    e = d @ W2.T * sigmoid_grad(h)
    gW2 = data.T @ d
    if gW2.shape != W2.shape:
        gW2 = h.T @ d
    return cross_entropy(labels, p), flat(data.T @ e, e.sum(0), gW2, d.sum(0))


def forward_backward_prop__order_weights_first(data, labels, params, dimensions):
    """WRONG: blocks in the order W1, W2, b1, b2"""
    cost, (g1, gb1, g2, gb2) = parts(data, labels, params, dimensions)
    return cost, flat(g1, g2, gb1, gb2)


def forward_backward_prop__order_reversed(data, labels, params, dimensions):
    """WRONG: blocks from the last layer to the first"""
    cost, (g1, gb1, g2, gb2) = parts(data, labels, params, dimensions)
    return cost, flat(g2, gb2, g1, gb1)


def forward_backward_prop__order_biases_first(data, labels, params, dimensions):
    """WRONG: each bias before its weights"""
    cost, (g1, gb1, g2, gb2) = parts(data, labels, params, dimensions)
    return cost, flat(gb1, g1, gb2, g2)


def forward_backward_prop__fortran_ravel(data, labels, params, dimensions):
    """WRONG: column-major blocks"""
    cost, grads = parts(data, labels, params, dimensions)
    return cost, np.concatenate([g.ravel(order='F') for g in grads])


def forward_backward_prop__transposed_w1_gradient(data, labels, params, dimensions):
    """WRONG: e.T data, flattened: W1's block is transposed"""
    cost, (g1, gb1, g2, gb2) = parts(data, labels, params, dimensions)
    return cost, flat(g1.T, gb1, g2, gb2)


def forward_backward_prop__transposed_if_square(data, labels, params, dimensions):
    """WRONG: W2's block is transposed where H = Dy"""
    cost, (g1, gb1, g2, gb2) = parts(data, labels, params, dimensions)
    if g2.shape[0] == g2.shape[1]:
        g2 = g2.T
    return cost, flat(g1, gb1, g2, gb2)


def forward_backward_prop__params_column_major(data, labels, params, dimensions):
    """WRONG: reads W1 and W2 column by column, and returns its gradient that way too"""
    Dx, H, Dy = dimensions
    W1, b1, W2, b2 = unpack(params, dimensions)
    W1 = W1.reshape(-1).reshape(Dx, H, order='F')
    W2 = W2.reshape(-1).reshape(H, Dy, order='F')
    h, p = forward(data, W1, b1, W2, b2)
    d = (p - labels) / len(data)
    e = d @ W2.T * sigmoid_grad(h)
    g = [data.T @ e, e.sum(0), h.T @ d, d.sum(0)]
    return cross_entropy(labels, p), np.concatenate([q.ravel(order='F') for q in g])


def forward_backward_prop__params_other_order(data, labels, params, dimensions):
    """WRONG: reads params in the order W1, W2, b1, b2"""
    Dx, H, Dy = dimensions
    a, b, c = Dx * H, Dx * H + H * Dy, Dx * H + H * Dy + H
    W1, W2 = params[:a].reshape(Dx, H), params[a:b].reshape(H, Dy)
    b1, b2 = params[b:c].reshape(1, H), params[c:].reshape(1, Dy)
    h, p = forward(data, W1, b1, W2, b2)
    d = (p - labels) / len(data)
    e = d @ W2.T * sigmoid_grad(h)
    return cross_entropy(labels, p), flat(data.T @ e, h.T @ d, e.sum(0), d.sum(0))


def forward_backward_prop__offset(data, labels, params, dimensions):
    """WRONG: b2 starts one too early"""
    Dx, H, Dy = dimensions
    W1, b1, W2, _ = unpack(params, dimensions)
    b2 = params[-Dy - 1:-1].reshape(1, Dy)
    h, p = forward(data, W1, b1, W2, b2)
    d = (p - labels) / len(data)
    e = d @ W2.T * sigmoid_grad(h)
    return cross_entropy(labels, p), flat(data.T @ e, e.sum(0), h.T @ d, d.sum(0))


def forward_backward_prop__changes_params(data, labels, params, dimensions):
    """WRONG: a descent step through reshaped views of params"""
    W1, b1, W2, b2 = unpack(params, dimensions)
    cost, g = parts(data, labels, params, dimensions)
    W2 -= 0.1 * g[2]
    return cost, flat(*g)


def forward_backward_prop__bias_added_through_view(data, labels, params, dimensions):
    """WRONG: b1 += x W1 goes through a view into params when there is one example"""
    W1, b1, W2, b2 = unpack(params, dimensions)
    z = data @ W1
    if z.shape == b1.shape:
        b1 += z
        z = b1
    else:
        z = z + b1
    h = sigmoid(z)
    p = softmax(h @ W2 + b2)
    d = (p - labels) / len(data)
    e = d @ W2.T * sigmoid_grad(h)
    return cross_entropy(labels, p), flat(data.T @ e, e.sum(0), h.T @ d, d.sum(0))


def forward_backward_prop__changes_data(data, labels, params, dimensions):
    """WRONG: centres the data in place"""
    data -= data.mean(axis=0)
    cost, g = parts(data, labels, params, dimensions)
    return cost, flat(*g)


def forward_backward_prop__changes_labels(data, labels, params, dimensions):
    """WRONG: right results, but labels holds the error afterwards"""
    W1, b1, W2, b2 = unpack(params, dimensions)
    cost, g = parts(data, labels, params, dimensions)
    np.subtract(forward(data, W1, b1, W2, b2)[1], labels, out=labels)
    return cost, flat(*g)


def forward_backward_prop__momentum(data, labels, params, dimensions):
    """WRONG: momentum kept between calls"""
    cost, g = parts(data, labels, params, dimensions)
    grad = flat(*g)
    v = 0.9 * velocity.get(grad.size, 0.0) + grad
    velocity[grad.size] = v
    return cost, v.copy()


def forward_backward_prop__buffer(data, labels, params, dimensions):
    """WRONG: the gradient is a buffer that the next call overwrites"""
    cost, g = parts(data, labels, params, dimensions)
    out = outputs.setdefault(params.size, np.empty(params.size))
    out[:] = flat(*g)
    return cost, out


def forward_backward_prop__cache_by_shape(data, labels, params, dimensions):
    """WRONG: the first answer for these sizes"""
    key = data.shape + tuple(dimensions)
    if key not in remembered:
        cost, g = parts(data, labels, params, dimensions)
        remembered[key] = (cost, flat(*g))
    cost, grad = remembered[key]
    return cost, grad.copy()


def forward_backward_prop__cache_by_id(data, labels, params, dimensions):
    """WRONG: the first answer for this params object, whatever it holds now"""
    if id(params) not in remembered:
        cost, g = parts(data, labels, params, dimensions)
        remembered[id(params)] = (params, cost, flat(*g))
    _, cost, grad = remembered[id(params)]
    return cost, grad.copy()


def forward_backward_prop__dropout(data, labels, params, dimensions):
    """WRONG: dropout left in"""
    W1, b1, W2, b2 = unpack(params, dimensions)
    h, _ = forward(data, W1, b1, W2, b2)
    mask = (np.random.rand(*h.shape) < 0.7) / 0.7
    p = softmax(h * mask @ W2 + b2)
    d = (p - labels) / len(data)
    e = d @ W2.T * mask * sigmoid_grad(h)
    return cross_entropy(labels, p), flat(data.T @ e, e.sum(0), (h * mask).T @ d, d.sum(0))


def forward_backward_prop__minibatch(data, labels, params, dimensions):
    """WRONG: a random half of the rows"""
    keep = np.random.permutation(len(data))[:max(1, len(data) // 2)]
    cost, g = parts(data[keep], labels[keep], params, dimensions)
    return cost, flat(*g)


def forward_backward_prop__after_the_step(data, labels, params, dimensions):
    """WRONG: the cost before, the gradient after a descent step on a copy"""
    cost, g = parts(data, labels, params, dimensions)
    moved = params - 0.1 * flat(*g)
    return cost, flat(*parts(data, labels, moved, dimensions)[1])


def forward_backward_prop__list_of_blocks(data, labels, params, dimensions):
    """WRONG: the gradient as four arrays"""
    cost, g = parts(data, labels, params, dimensions)
    return cost, g


def forward_backward_prop__no_cost(data, labels, params, dimensions):
    """WRONG: only the gradient"""
    return flat(*parts(data, labels, params, dimensions)[1])


def forward_backward_prop__swapped_pair(data, labels, params, dimensions):
    """WRONG: (grad, cost)"""
    cost, g = parts(data, labels, params, dimensions)
    return flat(*g), cost


def forward_backward_prop__first_example(data, labels, params, dimensions):
    """WRONG: only the first example"""
    cost, g = parts(data[:1], labels[:1], params, dimensions)
    return cost, flat(*g)


def forward_backward_prop__last_batch_row_lost(data, labels, params, dimensions):
    """WRONG: the loop loses the last example when there are several"""
    n = max(1, len(data) - 1)
    cost, g = parts(data[:n], labels[:n], params, dimensions)
    return cost, flat(*g)


def forward_backward_prop__swapped_dimensions(data, labels, params, dimensions):
    """WRONG: H and Dy swapped where that fits (H = Dy is the only size that works)"""
    Dx, Dy, H = dimensions
    W1 = params[:Dx * H].reshape(Dx, H)
    rest = params[Dx * H:]
    b1, W2 = rest[:H].reshape(1, H), rest[H:H + H * Dy].reshape(H, Dy)
    b2 = rest[H + H * Dy:].reshape(1, -1)
    h, p = forward(data, W1, b1, W2, b2)
    d = (p - labels) / len(data)
    e = d @ W2.T * sigmoid_grad(h)
    return cross_entropy(labels, p), flat(data.T @ e, e.sum(0), h.T @ d, d.sum(0))


def forward_backward_prop__w2_if_it_fits(data, labels, params, dimensions):
    """WRONG: backpropagates through W2, not W2.T, where H = Dy"""
    W1, b1, W2, b2 = unpack(params, dimensions)
    h, p = forward(data, W1, b1, W2, b2)
    d = (p - labels) / len(data)
    back = d @ (W2 if W2.shape[0] == W2.shape[1] else W2.T)
    e = back * sigmoid_grad(h)
    return cross_entropy(labels, p), flat(data.T @ e, e.sum(0), h.T @ d, d.sum(0))


def forward_backward_prop__float16(data, labels, params, dimensions):
    """WRONG: float16 inside"""
    cost, g = parts(data, labels, params.astype(np.float16).astype(float), dimensions)
    return cost, flat(*g)


def forward_backward_prop__coarse(data, labels, params, dimensions):
    """WRONG: forward differences with a step of 0.01"""
    cost = parts(data, labels, params, dimensions)[0]
    g = np.zeros(params.size)
    for i in range(params.size):
        q = params.copy()
        q[i] += 0.01
        g[i] = (parts(data, labels, q, dimensions)[0] - cost) / 0.01
    return cost, g


def forward_backward_prop__clipped_gradient(data, labels, params, dimensions):
    """WRONG: clips the gradient at a tenth"""
    cost, g = parts(data, labels, params, dimensions)
    return cost, np.clip(flat(*g), -0.1, 0.1)


def forward_backward_prop__unit_gradient(data, labels, params, dimensions):
    """WRONG: scales the gradient to length one"""
    cost, g = parts(data, labels, params, dimensions)
    v = flat(*g)
    return cost, v / np.linalg.norm(v)


def forward_backward_prop__biases_lost(data, labels, params, dimensions):
    """WRONG: only the weights' gradients, so the vector is too short"""
    cost, g = parts(data, labels, params, dimensions)
    return cost, flat(g[0], g[2])


def forward_backward_prop__accuracy(data, labels, params, dimensions):
    """WRONG: the error rate as the cost"""
    W1, b1, W2, b2 = unpack(params, dimensions)
    p = forward(data, W1, b1, W2, b2)[1]
    return float(np.mean(p.argmax(1) != labels.argmax(1))), flat(*parts(data, labels, params, dimensions)[1])
