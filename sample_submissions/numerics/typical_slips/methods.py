import numpy as np


def newton(f, df, x0, tol, max_iter):
    x = x0
    for i in range(max_iter):
        step = f(x) / df(x)
        x = x - step
        if abs(step) < tol:
            break
    return x


def bisection(f, a, b, tol):
    if f(a) * f(b) > 0:
        raise ValueError("one sign")
    while b - a > tol:
        m = (a + b) / 2
        if f(a) * f(m) > 0:
            a = m
        else:
            b = m
    return (a + b) / 2


def simpson(f, a, b, n):
    if n % 2:
        raise ValueError("odd")
    x = np.linspace(a, b, n + 1)
    y = np.array([f(t) for t in x])
    h = (b - a) / n
    return h / 3 * (y[0] + y[-1] + 2 * np.sum(y[1:-1:2]) + 4 * np.sum(y[2:-1:2]))


def lu(A):
    n = len(A)
    L = np.eye(n)
    for k in range(n):
        for i in range(k + 1, n):
            L[i, k] = A[i, k] / A[k, k]
            A[i] -= L[i, k] * A[k]
    return L, A


def qr(A):
    Q, R = np.linalg.qr(A)
    return Q, R


def power_iteration(A, x0, steps):
    x = x0
    for _ in range(steps):
        y = A @ x
        x = y / np.linalg.norm(y)
    return np.linalg.norm(A @ x), x


def conjugate_gradient(A, b, steps):
    x = np.zeros(len(b))
    for _ in range(steps):
        r = b - A @ x
        if np.linalg.norm(r) < 1e-10:
            break
        x = x + r @ r / (r @ A @ r) * r
    return x


def fft(x):
    if len(x) == 1:
        return np.array(x, dtype=complex)
    even, odd = fft(x[::2]), fft(x[1::2])
    k = np.arange(len(even))
    t = np.exp(2j * np.pi * k / len(x)) * odd
    return np.concatenate([even + t, even - t])
