import numpy as np
from numpy.linalg import norm


def newton(f, df, x0, tol, max_iter):
    for _ in range(max_iter):
        x0, old = x0 - f(x0) / df(x0), x0
        if np.abs(x0 - old) < tol:
            break
    else:
        raise RuntimeError(f"not there after {max_iter} steps")
    return x0


def bisection(f, a, b, tol):
    sa, sb = np.sign([f(a), f(b)])
    if sa * sb > 0:
        raise ValueError
    halves = int(np.ceil(np.log2((b - a) / tol)))
    for _ in range(halves):
        m = np.mean([a, b])
        a, b = (m, b) if np.sign(f(m)) == sa else (a, m)
    return np.mean([a, b])


def simpson(f, a, b, n):
    if n & 1:
        raise ValueError("odd n")
    x, h = np.linspace(a, b, n + 1, retstep=True)
    y = np.vectorize(f)(x)
    w = np.ones(n + 1)
    w[1:-1] = np.tile([4, 2], n // 2)[: n - 1]
    return np.dot(w, y) * h / 3


def lu(A):
    A = np.asarray(A)
    L, U = np.eye(len(A)), np.zeros(A.shape)
    for i in range(len(A)):
        U[i, i:] = A[i, i:] - L[i, :i] @ U[:i, i:]
        L[i + 1 :, i] = (A[i + 1 :, i] - L[i + 1 :, :i] @ U[:i, i]) / U[i, i]
    return L, U


def qr(A):
    Q, R = np.linalg.qr(A)
    d = np.sign(np.diag(R))
    return Q @ np.diag(d), np.diag(d) @ R


def power_iteration(A, x0, steps):
    x = np.linalg.matrix_power(A / norm(A), steps) @ x0
    x = x / norm(x)
    return (x @ A @ x) / (x @ x), x


def conjugate_gradient(A, b, steps):
    x = np.zeros_like(b)
    r = b - A @ x
    d = r
    while steps and norm(r) >= 1e-10:
        q = A @ d
        a = (r @ r) / (d @ q)
        x, rn = x + a * d, r - a * q
        d, r, steps = rn + (rn @ rn) / (r @ r) * d, rn, steps - 1
    return x


def fft(x):
    n = np.arange(len(x))
    F = np.exp(-2j * np.pi * np.outer(n, n) / len(x))
    return F @ x
