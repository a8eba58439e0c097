import math

import numpy as np


def newton(f, df, x0, tol, max_iter):
    x = x0
    n = 0
    while n < max_iter:
        new = x - f(x) / df(x)
        if abs(new - x) < tol:
            return new
        x = new
    raise RuntimeError("no convergence")


def bisection(f, a, b, tol):
    fa = f(a)
    fb = f(b)
    if fa * fb > 0:
        raise ValueError("no sign change")
    while (b - a) > tol:
        m = (a + b) / 2.0
        fm = f(m)
        if fm == 0:
            return m
        if fa * fm < 0:
            b = m
            fb = fm
        else:
            fa = fm
    return (a + b) / 2.0


def simpson(f, a, b, n):
    if n % 2 == 1:
        raise ValueError("n has to be even")
    h = (b - a) / n
    s = f(a) + f(b)
    for i in range(1, n):
        if i % 2 == 1:
            s += 4 * f(a + i * h)
        else:
            s += 2 * f(a + i * h)
    return s * h / 3


def lu(A):
    n = A.shape[0]
    U = A.copy()
    L = np.eye(m)
    for k in range(n - 1):
        for i in range(k + 1, n):
            L[i, k] = U[i, k] / U[k, k]
            for j in range(k, n):
                U[i, j] = U[i, j] - L[i, k] * U[k, j]
    return L, U


def qr(A):
    m, n = A.shape
    Q = np.zeros((m, n))
    R = np.zeros((n, n))
    for j in range(n):
        v = A[:, j].copy()
        for i in range(j):
            R[i, j] = np.dot(Q[i], A[:, j])
            v = v - R[i, j] * Q[:, i]
        R[j, j] = math.sqrt(np.dot(v, v))
        Q[:, j] = v / R[j, j]
    return Q, R


def power_iteration(A, x0, steps):
    x = x0.copy()
    for k in range(steps):
        y = np.zeros(len(x))
        for i in range(len(x)):
            for j in range(len(x)):
                y[i] += A[i, j] * x[j]
        x = y / math.sqrt(sum(y * y))
    value = 0.0
    for i in range(len(x)):
        for j in range(len(x)):
            value += x[i] * A[i, j] * x[j]
    return value, x


def conjugate_gradient(A, b, steps):
    x = np.zeros(len(b))
    r = b - np.dot(A, x)
    p = r.copy()
    rr = np.dot(r, r)
    for k in range(steps):
        if math.sqrt(rr) < 1e-10:
            break
        Ap = np.dot(A, p)
        alpha = rr / np.dot(p, Ap)
        x = x + alpha * p
        r = r - alpha * Ap
        rr_new = np.dot(r, r)
        beta = rr_new / rr
        p = r + beta * p
        rr = rr_new
    return x


def fft(x):
    n = len(x)
    if n == 1:
        return np.array([complex(x[0])])
    E = fft(x)
    O = fft([x[i] for i in range(1, n, 2)])
    X = np.zeros(n, dtype=complex)
    for k in range(n // 2):
        w = complex(math.cos(2 * math.pi * k / n), -math.sin(2 * math.pi * k / n))
        X[k] = E[k] + w * O[k]
        X[k + n // 2] = E[k] - w * O[k]
    return X
