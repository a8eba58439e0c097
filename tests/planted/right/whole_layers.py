"""RIGHT: layer classes with tabs for indentation, the nine functions are thin wrappers at the end"""
import numpy as np


class Layer:
	def __init__(self, W, b):
		self.W, self.b = W, b.reshape(-1)

	def forward(self, X):
		self.X = X
		return X @ self.W + self.b

	def backward(self, d):
		self.dW = self.X.T @ d
		self.db = d.sum(axis=0)
		return d @ self.W.T


class Sigmoid:
	def forward(self, X):
		self.out = sigmoid(X)
		return self.out

	def backward(self, d):
		return d * sigmoid_grad(self.out)


class Loss:
	def forward(self, s, Y):
		self.p, self.Y = softmax(s), Y
		return cross_entropy(Y, self.p)

	def backward(self):
		return self.p - self.Y


class Model:
	def __init__(self, W1, b1, W2, b2):
		self.l1, self.act, self.l2, self.loss = Layer(W1, b1), Sigmoid(), Layer(W2, b2), Loss()

	def run(self, X, Y=None):
		h = self.act.forward(self.l1.forward(X))
		s = self.l2.forward(h)
		if Y is None:
			return h, softmax(s)
		return self.loss.forward(s, Y)

	def back(self, scale=1.0):
		return self.l1.backward(self.act.backward(self.l2.backward(self.loss.backward() * scale)))


def softmax(x):
	e = np.exp(x - np.max(x, axis=-1, keepdims=True))
	return e / np.sum(e, axis=-1, keepdims=True)


def sigmoid(x):
	return np.where(x > 0, 1, np.exp(-np.abs(x))) / (1 + np.exp(-np.abs(x)))


def sigmoid_grad(s):
	return s * (1 - s)


def cross_entropy(y, y_hat):
	return np.mean(-np.log(np.max(y * y_hat, axis=-1)))


def softmax_cross_entropy_grad(theta, y):
	return softmax(theta) - y


def forward(x, W1, b1, W2, b2):
	return Model(W1, b1, W2, b2).run(x)


def input_grad(x, y, W1, b1, W2, b2):
	m = Model(W1, b1, W2, b2)
	m.run(np.atleast_2d(x), np.atleast_2d(y))
	return m.back()


def forward_backward_prop(data, labels, params, dimensions):
	Dx, H, Dy = dimensions
	W1, b1, W2, b2 = np.split(params, np.cumsum([Dx * H, H, H * Dy]))
	m = Model(W1.reshape(Dx, H), b1, W2.reshape(H, Dy), b2)
	cost = m.run(data, labels)
	m.back(1 / len(data))
	return cost, np.hstack([m.l1.dW.ravel(), m.l1.db, m.l2.dW.ravel(), m.l2.db])


def gradcheck_naive(f, x):
	g = f(x)[1]
	it = np.nditer(x, flags=['multi_index'], op_flags=['readwrite'])
	while not it.finished:
		ix = it.multi_index
		x[ix] += 1e-4
		up = f(x)[0]
		x[ix] -= 2e-4
		down = f(x)[0]
		x[ix] += 1e-4
		n = (up - down) / 2e-4
		if abs(n - g[ix]) / max(1, abs(n), abs(g[ix])) > 1e-5:
			return False
		it.iternext()
	return True
