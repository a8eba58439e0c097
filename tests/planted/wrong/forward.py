# Wrong forward passes.
import numpy as np

_h = {}
_first = {}
running_mean = 0.0


def forward__no_b1(x, W1, b1, W2, b2):
    """WRONG: b1 is never added"""
    h = sigmoid(x @ W1)
    return h, softmax(h @ W2 + b2)


def forward__no_b2(x, W1, b1, W2, b2):
    """WRONG: b2 is never added"""
    h = sigmoid(x @ W1 + b1)
    return h, softmax(h @ W2)


def forward__linear(x, W1, b1, W2, b2):
    """WRONG: no sigmoid"""
    h = x @ W1 + b1
    return h, softmax(h @ W2 + b2)


def forward__sigmoid_output(x, W1, b1, W2, b2):
    """WRONG: a sigmoid at the output"""
    h = sigmoid(x @ W1 + b1)
    return h, sigmoid(h @ W2 + b2)


def forward__swapped(x, W1, b1, W2, b2):
    """WRONG: the pair in the other order"""
    h = sigmoid(x @ W1 + b1)
    return softmax(h @ W2 + b2), h


def forward__z_returned(x, W1, b1, W2, b2):
    """WRONG: returns z1 in place of h"""
    z1 = x @ W1 + b1
    return z1, softmax(sigmoid(z1) @ W2 + b2)


def forward__scores(x, W1, b1, W2, b2):
    """WRONG: the scores, no softmax"""
    h = sigmoid(x @ W1 + b1)
    return h, h @ W2 + b2


def forward__one_sum(x, W1, b1, W2, b2):
    """WRONG: one softmax over the whole batch"""
    h = sigmoid(x @ W1 + b1)
    e = np.exp(h @ W2 + b2)
    return h, e / e.sum()


def forward__axis_0(x, W1, b1, W2, b2):
    """WRONG: the softmax over the examples of a batch"""
    h = sigmoid(x @ W1 + b1)
    z = h @ W2 + b2
    if z.ndim == 1 or len(z) == 1:
        return h, softmax(z)
    return h, softmax(z.T).T


def forward__tanh(x, W1, b1, W2, b2):
    """WRONG: tanh in the hidden layer"""
    h = np.tanh(x @ W1 + b1)
    return h, softmax(h @ W2 + b2)


def forward__relu(x, W1, b1, W2, b2):
    """WRONG: a rectifier in the hidden layer"""
    h = np.maximum(0, x @ W1 + b1)
    return h, softmax(h @ W2 + b2)


def forward__bias_column(x, W1, b1, W2, b2):
    """WRONG: the bias as a column, added along the wrong axis where N = H and raising elsewhere"""
    h = sigmoid(np.atleast_2d(x) @ W1 + b1.reshape(-1, 1))
    return h, softmax(h @ W2 + b2.reshape(1, -1))


def forward__transposed_if_it_fits(x, W1, b1, W2, b2):
    """WRONG: tries W1.T first: wrong where Dx = H"""
    try:
        z = x @ W1.T + b1
    except ValueError:
        z = x @ W1 + b1
    h = sigmoid(z)
    return h, softmax(h @ W2 + b2)


def forward__x_transposed_if_it_fits(x, W1, b1, W2, b2):
    """WRONG: tries x.T first: wrong where N = Dx"""
    try:
        h = sigmoid(np.dot(x.T, W1) + b1)
    except ValueError:
        h = sigmoid(np.dot(x, W1) + b1)
    return h, softmax(np.dot(h, W2) + b2)


def forward__w2_transposed_if_it_fits(x, W1, b1, W2, b2):
    """WRONG: uses W2.T where H = Dy"""
    h = sigmoid(x @ W1 + b1)
    V = W2.T if W2.shape[0] == W2.shape[1] else W2
    return h, softmax(h @ V + b2)


def forward__bias_in_place(x, W1, b1, W2, b2):
    """WRONG: z += b1 fails for a flat x and a row bias"""
    z = np.dot(x, W1)
    z += b1
    h = sigmoid(z)
    s = np.dot(h, W2)
    s += b2
    return h, softmax(s)


def forward__changes_x(x, W1, b1, W2, b2):
    """WRONG: centres its input in place, and computes with that"""
    x -= x.mean()
    h = sigmoid(x @ W1 + b1)
    return h, softmax(h @ W2 + b2)


def forward__changes_b1(x, W1, b1, W2, b2):
    """WRONG: adds x W1 into b1 where the shapes allow it"""
    z = x @ W1
    if z.shape == b1.shape:
        b1 += z
        h = sigmoid(b1)
    else:
        h = sigmoid(z + b1)
    return h, softmax(h @ W2 + b2)


def forward__changes_w2(x, W1, b1, W2, b2):
    """WRONG: right answer, but W2 is scaled afterwards (weight decay)"""
    h = sigmoid(x @ W1 + b1)
    y = softmax(h @ W2 + b2)
    W2 *= 0.999
    return h, y


def forward__bias_before_product(x, W1, b1, W2, b2):
    """WRONG: the bias of the second layer is added to h first"""
    h = sigmoid(x @ W1 + b1)
    return h, softmax((h + b2.mean()) @ W2)


def forward__skips_hidden(x, W1, b1, W2, b2):
    """WRONG: feeds x to the second layer where Dx = H"""
    h = sigmoid(x @ W1 + b1)
    a = x if x.shape[-1] == W2.shape[0] else h
    return h, softmax(a @ W2 + b2)


def forward__only_y(x, W1, b1, W2, b2):
    """WRONG: no pair, only the probabilities"""
    return softmax(sigmoid(x @ W1 + b1) @ W2 + b2)


def forward__triple(x, W1, b1, W2, b2):
    """WRONG: three results"""
    z1 = x @ W1 + b1
    h = sigmoid(z1)
    return z1, h, softmax(h @ W2 + b2)


def forward__matrices_only(x, W1, b1, W2, b2):
    """WRONG: unpacks two sizes from x.shape, which fails for a flat x"""
    N, Dx = x.shape
    h = sigmoid(x.dot(W1) + np.ones((N, 1)).dot(b1.reshape(1, -1)))
    return h, softmax(h.dot(W2) + b2)


def forward__vectors_only(x, W1, b1, W2, b2):
    """WRONG: flattens a batch into its first example"""
    xi = x.reshape(-1)[:W1.shape[0]]
    h = sigmoid(xi @ W1 + b1.ravel())
    return h, softmax(h @ W2 + b2.ravel())


def forward__double_bias(x, W1, b1, W2, b2):
    """WRONG: b1 twice"""
    z = x @ W1 + b1
    h = sigmoid(z + b1)
    return h, softmax(h @ W2 + b2)


def forward__dropout(x, W1, b1, W2, b2):
    """WRONG: dropout left in"""
    h = sigmoid(x @ W1 + b1)
    h = h * (np.random.rand(*h.shape) < 0.8) / 0.8
    return h, softmax(h @ W2 + b2)


def forward__rounded(x, W1, b1, W2, b2):
    """WRONG: rounds h to two decimals"""
    h = np.round(sigmoid(x @ W1 + b1), 2)
    return h, softmax(h @ W2 + b2)


def forward__one_hot(x, W1, b1, W2, b2):
    """WRONG: the predicted class as one-hot in place of the probabilities"""
    h = sigmoid(x @ W1 + b1)
    z = h @ W2 + b2
    return h, (z == z.max(axis=-1, keepdims=True)).astype(float)


def forward__running_mean(x, W1, b1, W2, b2):
    """WRONG: a batch norm with a global running mean"""
    global running_mean
    z = x @ W1 + b1
    running_mean = 0.9 * running_mean + 0.1 * z.mean()
    h = sigmoid(z - running_mean)
    return h, softmax(h @ W2 + b2)


def forward__h_buffer(x, W1, b1, W2, b2):
    """WRONG: h lives in a buffer that the next call overwrites"""
    z = x @ W1 + b1
    h = _h.setdefault(z.shape, np.empty(z.shape))
    h[...] = sigmoid(z)
    return h, softmax(h @ W2 + b2)


def forward__cached_hidden(x, W1, b1, W2, b2):
    """WRONG: h of the first call with these shapes"""
    key = (x.shape, W1.shape, b1.shape)
    if key not in _first:
        _first[key] = sigmoid(x @ W1 + b1)
    h = _first[key]
    return h.copy(), softmax(h @ W2 + b2)


def forward__first_example(x, W1, b1, W2, b2):
    """WRONG: returns inside the loop over the examples"""
    if x.ndim == 1:
        h = sigmoid(x @ W1 + b1)
        return h, softmax(h @ W2 + b2)
    H, Y = np.zeros((len(x), W1.shape[1])), np.zeros((len(x), W2.shape[1]))
    for i in range(len(x)):
        H[i] = sigmoid(x[i] @ W1 + b1.ravel())
        Y[i] = softmax(H[i] @ W2 + b2.ravel())
        return H, Y


def forward__transposed_results(x, W1, b1, W2, b2):
    """WRONG: examples come back as columns"""
    h = sigmoid(x @ W1 + b1)
    y = softmax(h @ W2 + b2)
    return h.T, y.T


def forward__standardised(x, W1, b1, W2, b2):
    """WRONG: standardises the input with the batch's own mean"""
    X = np.atleast_2d(x)
    if len(X) > 1:
        X = X - X.mean(axis=0)
    h = sigmoid(X @ W1 + b1)
    return h, softmax(h @ W2 + b2)


def forward__scalar_bias(x, W1, b1, W2, b2):
    """WRONG: only the first number of each bias"""
    h = sigmoid(x @ W1 + b1.ravel()[0])
    return h, softmax(h @ W2 + b2.ravel()[0] + b2 * 0)


def forward__minus_bias(x, W1, b1, W2, b2):
    """WRONG: a threshold is subtracted instead of a bias added"""
    h = sigmoid(x @ W1 - b1)
    return h, softmax(h @ W2 + b2)


def forward__h_of_wrong_shape(x, W1, b1, W2, b2):
    """WRONG: h with its column of ones is returned"""
    X = np.atleast_2d(x)
    h = sigmoid(X @ W1 + b1)
    ha = np.hstack([h, np.ones((len(X), 1))])
    return ha, softmax(ha @ np.vstack([W2, b2.reshape(1, -1)]))
