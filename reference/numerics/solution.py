"""Numerical methods, each in a few lines."""

from __future__ import annotations

import numpy as np


def newton(f, df, x0, tol, max_iter):
    x = x0
    for _ in range(max_iter):
        step = f(x) / df(x)
        x = x - step
        if abs(step) < tol:
            return x
    raise RuntimeError("no root was found")


def bisection(f, a, b, tol):
    left, right = np.sign(f(a)), np.sign(f(b))
    if left == right:
        raise ValueError("one sign at both ends")
    while b - a > tol:
        middle = (a + b) / 2
        if np.sign(f(middle)) == left:
            a = middle
        else:
            b = middle
    return (a + b) / 2


def simpson(f, a, b, n):
    if n % 2:
        raise ValueError("an even number of intervals is due")
    h = (b - a) / n
    odd = sum(f(a + k * h) for k in range(1, n, 2))
    even = sum(f(a + k * h) for k in range(2, n, 2))
    return h / 3 * (f(a) + 4 * odd + 2 * even + f(b))


def lu(A):
    L, U = np.eye(len(A)), np.array(A)
    for k in range(len(A)):
        L[k + 1 :, k] = U[k + 1 :, k] / U[k, k]
        U[k + 1 :] = U[k + 1 :] - np.outer(L[k + 1 :, k], U[k])
    return L, np.triu(U)


def qr(A):
    Q, R = np.zeros(A.shape), np.zeros((A.shape[1], A.shape[1]))
    for j, column in enumerate(A.T):
        R[:j, j] = Q[:, :j].T @ column
        rest = column - Q[:, :j] @ R[:j, j]
        R[j, j] = np.linalg.norm(rest)
        Q[:, j] = rest / R[j, j]
    return Q, R


def power_iteration(A, x0, steps):
    x = x0
    for _ in range(steps):
        x = A @ x
        x = x / np.linalg.norm(x)
    return float(x @ A @ x), x


def conjugate_gradient(A, b, steps):
    x, r = np.zeros(len(b)), np.array(b)
    p = r
    for _ in range(steps):
        if np.linalg.norm(r) < 1e-10:
            return x
        size = r @ r / (p @ A @ p)
        x = x + size * p
        rest = r - size * (A @ p)
        p = rest + rest @ rest / (r @ r) * p
        r = rest
    return x


def fft(x):
    n = len(x)
    if n % 2:
        return np.array(x, dtype=complex)
    even, odd = fft(x[::2]), fft(x[1::2])
    turned = np.exp(-2j * np.pi * np.arange(len(odd)) / n) * odd
    return np.concatenate([even + turned, even - turned])
