import numpy as np
from numpy.linalg import norm


EPS = 1e-10


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


class Grid:
    def __init__(self, f, a, b, n):
        self.h = (b - a) / n
        self.y = [f(a + i * self.h) for i in range(n + 1)]

    def trapezoid(self, every):
        y = self.y[::every]
        return every * self.h * (sum(y) - (y[0] + y[-1]) / 2)


def simpson(f, a, b, n):
    """Richardson's step from two trapezoidal rules."""
    if n % 2:
        raise ValueError("n is odd")
    grid = Grid(f, a, b, n)
    return (4 * grid.trapezoid(1) - grid.trapezoid(2)) / 3


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
    while steps and norm(r) >= EPS:
        q = A @ d
        a = (r @ r) / (d @ q)
        x, rn = x + a * d, r - a * q
        d, r, steps = rn + (rn @ rn) / (r @ r) * d, rn, steps - 1
    return x


def fft(x):
    x = np.asarray(x, dtype=complex)
    if len(x) <= 1:
        return x
    return butterfly(fft(x[::2]), fft(x[1::2]))


def butterfly(even, odd):
    n = 2 * len(odd)
    t = roots_of_one(n)[: n // 2] * odd
    return np.hstack((even + t, even - t))


def roots_of_one(n):
    return np.exp(-2j * np.pi / n) ** np.arange(n)
