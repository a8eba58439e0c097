# Right cost and gradient of the whole network: the mean over the rows of data.
import numpy as np


def unpack(params, dimensions):
    Dx, H, Dy = dimensions
    ofs = 0
    W1 = np.reshape(params[ofs:ofs + Dx * H], (Dx, H))
    ofs += Dx * H
    b1 = np.reshape(params[ofs:ofs + H], (1, H))
    ofs += H
    W2 = np.reshape(params[ofs:ofs + H * Dy], (H, Dy))
    ofs += H * Dy
    b2 = np.reshape(params[ofs:ofs + Dy], (1, Dy))
    return W1, b1, W2, b2


def forward_backward_prop__handout(data, labels, params, dimensions):
    """RIGHT: what most hand in, with log(p + 1e-8)"""
    W1, b1, W2, b2 = unpack(params, dimensions)
    N = data.shape[0]
    h = sigmoid(data.dot(W1) + b1)
    y = softmax(h.dot(W2) + b2)
    cost = -np.sum(labels * np.log(y + 1e-8)) / N
    d1 = (y - labels) / N
    gradW2 = np.dot(h.T, d1)
    gradb2 = np.sum(d1, 0, keepdims=True)
    d2 = np.dot(d1, W2.T) * sigmoid_grad(h)
    gradW1 = np.dot(data.T, d2)
    gradb1 = np.sum(d2, 0, keepdims=True)
    grad = np.concatenate((gradW1.flatten(), gradb1.flatten(), gradW2.flatten(), gradb2.flatten()))
    return cost, grad


def forward_backward_prop__row(data, labels, params, dimensions):
    """RIGHT: the gradient as (1, P)"""
    W1, b1, W2, b2 = unpack(params, dimensions)
    h, p = forward(data, W1, b1, W2, b2)
    d = p - labels
    e = d.dot(W2.T) * h * (1 - h)
    g = np.hstack([np.dot(data.T, e).reshape(1, -1), e.sum(0).reshape(1, -1),
                   np.dot(h.T, d).reshape(1, -1), d.sum(0).reshape(1, -1)])
    return cross_entropy(labels, p), g / len(data)


def forward_backward_prop__column(data, labels, params, dimensions):
    """RIGHT: the gradient as (P, 1)"""
    W1, b1, W2, b2 = unpack(params, dimensions)
    h, p = forward(data, W1, b1, W2, b2)
    d = (p - labels) / len(labels)
    e = d.dot(W2.T) * sigmoid_grad(h)
    parts = [data.T.dot(e), e.sum(axis=0), h.T.dot(d), d.sum(axis=0)]
    return cross_entropy(labels, p), np.vstack([q.reshape(-1, 1) for q in parts])


def forward_backward_prop__list(data, labels, params, dimensions):
    """RIGHT: a list for the pair, a size-one array for the cost"""
    W1, b1, W2, b2 = unpack(params, dimensions)
    h, p = forward(data, W1, b1, W2, b2)
    cost = np.mean(-np.log(np.sum(p * labels, axis=1)), keepdims=True)
    d = (p - labels) / labels.shape[0]
    e = d @ W2.T * sigmoid_grad(h)
    return [cost, np.concatenate([(data.T @ e).ravel(), e.sum(0), (h.T @ d).ravel(), d.sum(0)])]


def forward_backward_prop__split(data, labels, params, dimensions):
    """RIGHT: np.split with cumulated sizes"""
    shapes = [(dimensions[0], dimensions[1]), (dimensions[1],), (dimensions[1], dimensions[2]), (dimensions[2],)]
    cuts = np.cumsum([int(np.prod(s)) for s in shapes])[:-1]
    W1, b1, W2, b2 = [part.reshape(s) for part, s in zip(np.split(params, cuts), shapes)]
    h, p = forward(data, W1, b1, W2, b2)
    loss = -np.log(p[labels == 1]).mean()
    dz2 = (p - labels) / len(p)
    dz1 = (dz2 @ W2.T) * (h * (1 - h))
    grads = [data.T @ dz1, dz1.sum(0), h.T @ dz2, dz2.sum(0)]
    return loss, np.concatenate([g.ravel() for g in grads])


def forward_backward_prop__example_loop(data, labels, params, dimensions):
    """RIGHT: one example at a time with outer products"""
    W1, b1, W2, b2 = unpack(params, dimensions)
    N = len(data)
    cost = 0
    gW1, gb1 = np.zeros(W1.shape), np.zeros(b1.shape)
    gW2, gb2 = np.zeros(W2.shape), np.zeros(b2.shape)
    for x, y in zip(data, labels):
        h = sigmoid(x @ W1 + b1[0])
        p = softmax(h @ W2 + b2[0])
        cost += -np.log(p[y.argmax()])
        d = p - y
        gW2 += np.outer(h, d)
        gb2 += d
        e = (W2 @ d) * h * (1 - h)
        gW1 += np.outer(x, e)
        gb1 += e
    grad = np.r_[gW1.ravel(), gb1.ravel(), gW2.ravel(), gb2.ravel()]
    return cost / N, grad / N


def forward_backward_prop__einsum(data, labels, params, dimensions):
    """RIGHT: einsum for every product"""
    W1, b1, W2, b2 = unpack(params, dimensions)
    N = float(data.shape[0])
    h = sigmoid(np.einsum('ni,ij->nj', data, W1) + b1)
    p = softmax(np.einsum('nj,jk->nk', h, W2) + b2)
    d = p - labels
    e = np.einsum('nk,jk,nj->nj', d, W2, h - h * h)
    g = [np.einsum('ni,nj->ij', data, e), np.einsum('nj->j', e), np.einsum('nj,nk->jk', h, d), np.einsum('nk->k', d)]
    return -np.einsum('nk,nk->', labels, np.log(p + 1e-12)) / N, np.concatenate([a.ravel() for a in g]) / N


def forward_backward_prop__logsumexp(data, labels, params, dimensions):
    """RIGHT: cost and gradient from the scores by logsumexp"""
    W1, b1, W2, b2 = unpack(params, dimensions)
    h = sigmoid(data @ W1 + b1)
    s = h @ W2 + b2
    lse = np.logaddexp.reduce(s, axis=1, keepdims=True)
    cost = np.mean(lse[:, 0] - np.sum(s * labels, axis=1))
    d = (np.exp(s - lse) - labels) / s.shape[0]
    e = d @ W2.T * h * (1 - h)
    return cost, np.concatenate([np.ravel(data.T @ e), np.ravel(e.sum(0)), np.ravel(h.T @ d), np.ravel(d.sum(0))])


def forward_backward_prop__filled_vector(data, labels, params, dimensions):
    """RIGHT: fills a zero vector by slices"""
    Dx, H, Dy = dimensions
    a, b, c = Dx * H, Dx * H + H, Dx * H + H + H * Dy
    W1, b1 = params[:a].reshape(Dx, H), params[a:b]
    W2, b2 = params[b:c].reshape(H, Dy), params[c:]
    h, p = forward(data, W1, b1, W2, b2)
    g = np.zeros_like(params)
    d = softmax_cross_entropy_grad(h @ W2 + b2, labels) / data.shape[0]
    e = (d @ W2.T) * sigmoid_grad(h)
    g[:a] = (data.T @ e).ravel()
    g[a:b] = e.sum(axis=0)
    g[b:c] = (h.T @ d).ravel()
    g[c:] = d.sum(axis=0)
    return cross_entropy(labels, p), g


def forward_backward_prop__views_into_grad(data, labels, params, dimensions):
    """RIGHT: writes through reshaped views of the gradient (not of params)"""
    grad = np.empty(params.size)
    g1, gb1, g2, gb2 = unpack(grad, dimensions)
    W1, b1, W2, b2 = unpack(params, dimensions)
    h, p = forward(data, W1, b1, W2, b2)
    d = (p - labels) / len(data)
    e = d.dot(W2.T) * sigmoid_grad(h)
    g1[...] = data.T.dot(e)
    gb1[...] = e.sum(0)
    g2[...] = h.T.dot(d)
    gb2[...] = d.sum(0)
    return float(cross_entropy(labels, p)), grad


def forward_backward_prop__columns(data, labels, params, dimensions):
    """RIGHT: examples are columns inside, gradients transposed back"""
    W1, b1, W2, b2 = unpack(params, dimensions)
    X, Y, N = data.T, labels.T, data.shape[0]
    A = sigmoid(W1.T @ X + b1.T)
    P = softmax((W2.T @ A + b2.T).T).T
    D2 = (P - Y) / N
    D1 = (W2 @ D2) * A * (1 - A)
    g = [(D1 @ X.T).T, D1.sum(axis=1), (D2 @ A.T).T, D2.sum(axis=1)]
    return -np.sum(Y * np.log(P + 1e-10)) / N, np.concatenate([q.ravel() for q in g])


def forward_backward_prop__ones_column(data, labels, params, dimensions):
    """RIGHT: biases as a last row of the weights"""
    W1, b1, W2, b2 = unpack(params, dimensions)
    one = np.ones((data.shape[0], 1))
    X = np.append(data, one, axis=1)
    h = sigmoid(X @ np.vstack((W1, b1)))
    Hh = np.append(h, one, axis=1)
    p = softmax(Hh @ np.vstack((W2, b2)))
    d = (p - labels) / data.shape[0]
    G2 = Hh.T @ d
    G1 = X.T @ (d @ W2.T * h * (1 - h))
    return cross_entropy(labels, p), np.concatenate([G1.ravel(), G2.ravel()])   # the bias row comes last in both


class TwoLayerNet:
    def __init__(self, params, dims):
        self.W1, self.b1, self.W2, self.b2 = unpack(params, dims)

    def loss(self, X, Y):
        self.X, self.Y = X, Y
        self.h, self.p = forward(X, self.W1, self.b1, self.W2, self.b2)
        return cross_entropy(Y, self.p)

    def backward(self):
        n = self.X.shape[0]
        g = {}
        d = (self.p - self.Y) / n
        g['W2'], g['b2'] = self.h.T @ d, d.sum(axis=0)
        d = d @ self.W2.T * sigmoid_grad(self.h)
        g['W1'], g['b1'] = self.X.T @ d, d.sum(axis=0)
        return g


def forward_backward_prop__class(data, labels, params, dimensions):
    """RIGHT: a network class with a dictionary of gradients"""
    net = TwoLayerNet(params, dimensions)
    cost = net.loss(data, labels)
    g = net.backward()
    return cost, np.concatenate([g[k].ravel() for k in ('W1', 'b1', 'W2', 'b2')])


def forward_backward_prop__iterator(data, labels, params, dimensions):
    """RIGHT: reads params one number at a time from an iterator"""
    Dx, H, Dy = dimensions
    it = iter(params.tolist())

    def take(r, c):
        return np.array([[next(it) for _ in range(c)] for _ in range(r)])

    W1, b1, W2, b2 = take(Dx, H), take(1, H), take(H, Dy), take(1, Dy)
    h, p = forward(data, W1, b1, W2, b2)
    d = p - labels
    e = (d @ W2.T) * sigmoid_grad(h)
    flat = []
    for m in (data.T @ e, e.sum(0, keepdims=True), h.T @ d, d.sum(0, keepdims=True)):
        for row in m:
            flat.extend(v / data.shape[0] for v in row)
    return cross_entropy(labels, p), np.array(flat)


def forward_backward_prop__numeric(data, labels, params, dimensions):
    """RIGHT: central differences of the cost, good to 1e-9"""
    def cost(v):
        return cross_entropy(labels, forward(data, *unpack(v, dimensions))[1])
    g = np.zeros(params.shape)
    for i in range(len(params)):
        up, down = params.copy(), params.copy()
        up[i] += 1e-5
        down[i] -= 1e-5
        g[i] = (cost(up) - cost(down)) / 2e-5
    return cost(params), g


def forward_backward_prop__float32_result(data, labels, params, dimensions):
    """RIGHT: float32 throughout"""
    f = np.float32
    W1, b1, W2, b2 = unpack(params.astype(f), dimensions)
    X, Y, n = data.astype(f), labels.astype(f), f(len(data))
    h = f(1) / (f(1) + np.exp(-(X @ W1 + b1)))
    s = h @ W2 + b2
    e = np.exp(s - s.max(1, keepdims=True))
    p = e / e.sum(1, keepdims=True)
    cost = -np.sum(Y * np.log(p)) / n
    d2 = (p - Y) / n
    d1 = d2 @ W2.T * h * (f(1) - h)
    return cost, np.concatenate([(X.T @ d1).ravel(), d1.sum(0), (h.T @ d2).ravel(), d2.sum(0)])


def forward_backward_prop__float32_products(data, labels, params, dimensions):
    """RIGHT: the products of the backward pass in float32, a float64 result"""
    f = np.float32
    W1, b1, W2, b2 = unpack(params, dimensions)
    h, p = forward(data, W1, b1, W2, b2)
    d2 = f((p - labels) / len(data))
    d1 = d2 @ f(W2.T) * f(sigmoid_grad(h))
    g = np.concatenate([(f(data.T) @ d1).ravel(), d1.sum(0), (f(h.T) @ d2).ravel(), d2.sum(0)])
    return cross_entropy(labels, p), g.astype(np.float64)


def forward_backward_prop__fortran_inside(data, labels, params, dimensions):
    """RIGHT: Fortran arrays inside, row-major at the end"""
    W1, b1, W2, b2 = [np.asfortranarray(a) for a in unpack(params, dimensions)]
    X = np.asfortranarray(data)
    h, p = forward(X, W1, b1, W2, b2)
    d = np.asfortranarray(p - labels) / X.shape[0]
    e = np.asfortranarray(d.dot(W2.T) * sigmoid_grad(h))
    gW1 = np.asfortranarray(X.T.dot(e))
    gW2 = np.asfortranarray(h.T.dot(d))
    return cross_entropy(labels, p), np.concatenate([gW1.ravel(order='C'), e.sum(0), gW2.flatten('C'), d.sum(0)])


def forward_backward_prop__ones_vector(data, labels, params, dimensions):
    """RIGHT: bias gradients as products with a row of 1/N"""
    W1, b1, W2, b2 = unpack(params, dimensions)
    h, p = forward(data, W1, b1, W2, b2)
    n = data.shape[0]
    w = np.full((1, n), 1.0 / n)
    delta = p - labels
    hid = np.dot(delta, W2.T) * sigmoid_grad(h)
    gW2 = np.dot(h.T * w, delta)
    gW1 = np.dot(data.T * w, hid)
    cost = float(-(w @ np.log((p * labels).sum(1, keepdims=True)))[0, 0])
    return cost, np.concatenate([gW1.ravel(), w.dot(hid).ravel(), gW2.ravel(), w.dot(delta).ravel()])


def forward_backward_prop__mean_of_examples(data, labels, params, dimensions):
    """RIGHT: np.mean over per-example gradients"""
    W1, b1, W2, b2 = unpack(params, dimensions)
    h, p = forward(data, W1, b1, W2, b2)
    d = p - labels
    e = (d @ W2.T) * sigmoid_grad(h)
    per = [data[:, :, None] * e[:, None, :], e, h[:, :, None] * d[:, None, :], d]
    flat = np.concatenate([q.reshape(len(data), -1) for q in per], axis=1)
    return np.average(-np.log(np.max(p * labels, axis=1))), flat.mean(axis=0)


def forward_backward_prop__input_grad_b1(data, labels, params, dimensions):
    """RIGHT: the hidden delta through full Jacobians per example"""
    W1, b1, W2, b2 = unpack(params, dimensions)
    total, acc = 0.0, 0.0
    for i in range(data.shape[0]):
        x, y = data[i:i + 1], labels[i:i + 1]
        h, p = forward(x, W1, b1, W2, b2)
        d = (p - y).ravel()
        J = np.diag(sigmoid_grad(h).ravel()) @ W2
        e = J @ d
        total = total + cross_entropy(y, p)
        acc = acc + np.concatenate([np.outer(x, e).ravel(), e, np.outer(h, d).ravel(), d])
    return total / data.shape[0], acc / data.shape[0]


def forward_backward_prop__append(data, labels, params, dimensions):
    """RIGHT: pieces appended with np.append, cost as a 0-d array"""
    W1, b1, W2, b2 = unpack(np.array(params), dimensions)
    h, p = forward(data, W1, b1, W2, b2)
    inv = 1. / data.shape[0]
    d = inv * (p - labels)
    back = (d @ W2.T) * (h - h ** 2)
    g = np.array([])
    for piece in [data.T @ back, back.sum(axis=0), h.T @ d, d.sum(axis=0)]:
        g = np.append(g, piece)
    return np.array(cross_entropy(labels, p)), g


def forward_backward_prop__named_blocks(data, labels, params, dimensions):
    """RIGHT: sizes in a dictionary, slices by name"""
    Dx, H, Dy = (int(d) for d in dimensions)
    shapes = {'W1': (Dx, H), 'b1': (1, H), 'W2': (H, Dy), 'b2': (1, Dy)}
    p, start = {}, 0
    for k, s in shapes.items():
        p[k] = params[start:(start := start + s[0] * s[1])].reshape(s)
    h, yh = forward(data, *p.values())
    err = (yh - labels) / data.shape[0]
    g = {'W2': h.T @ err, 'b2': err.sum(0)}
    err = err @ p['W2'].T * sigmoid_grad(h)
    g |= {'W1': data.T @ err, 'b1': err.sum(0)}
    return cross_entropy(labels, yh), np.concatenate([g[k].reshape(-1) for k in shapes])
