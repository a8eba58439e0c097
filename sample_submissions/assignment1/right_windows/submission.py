# -*- coding: utf-8 -*-
# Übung 1, abgegeben von Gruppe 7
import numpy as np


def softmax(x):
	e = np.exp(x - x.max(-1)[..., None])
	return e / e.sum(-1)[..., None]


def sigmoid(x):
	x = np.clip(x, -500, 500)
	return 1 / (1 + np.exp(-x))


def sigmoid_grad(s):
	return 0.25 - np.square(s - 0.5)


def cross_entropy(y, y_hat):
	y2, p2 = np.atleast_2d(y), np.atleast_2d(y_hat)
	k = np.argmax(y2, axis=1)
	return -np.log(p2[np.arange(len(k)), k]).mean()


def softmax_cross_entropy_grad(theta, y):
	e = np.exp(theta - theta.max(axis=-1, keepdims=True))
	return e / e.sum(axis=-1, keepdims=True) - y


def forward(x, W1, b1, W2, b2):
	X = np.atleast_2d(x)
	ones = np.ones((X.shape[0], 1))
	V1 = np.vstack([W1, b1.reshape(1, -1)])
	V2 = np.vstack([W2, b2.reshape(1, -1)])
	h = sigmoid(np.hstack([X, ones]) @ V1)
	return h, softmax(np.hstack([h, ones]) @ V2)


def input_grad(x, y, W1, b1, W2, b2):
	def one(xi, yi):
		h = sigmoid(xi.dot(W1) + b1.flatten())
		p = softmax(h.dot(W2) + b2.flatten())
		return W1.dot(sigmoid_grad(h) * W2.dot(p - yi))
	if x.ndim == 1:
		return one(x, y)
	return np.vstack([one(xi, yi) for xi, yi in zip(x, y)])


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


def forward_backward_prop(data, labels, params, dimensions):
	W1, b1, W2, b2 = unpack(params, dimensions)
	X, Y, N = data.T, labels.T, data.shape[0]
	A = sigmoid(W1.T @ X + b1.T)
	P = softmax((W2.T @ A + b2.T).T).T
	D2 = (P - Y) / N
	D1 = (W2 @ D2) * A * (1 - A)
	g = [(D1 @ X.T).T, D1.sum(axis=1), (D2 @ A.T).T, D2.sum(axis=1)]
	return -np.sum(Y * np.log(P + 1e-10)) / N, np.concatenate([q.ravel() for q in g])


def gradcheck_naive(f, x):
	_, g = f(x)
	for ix in np.ndindex(*x.shape):
		e = np.zeros(x.shape)
		e[ix] = 1e-4
		num = (f(x + e)[0] - f(x - e)[0]) / 2e-4
		if abs(num - g[ix]) > 1e-3 * max(1., abs(num)):
			return False
	return True
