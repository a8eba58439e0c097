"""What goes wrong in numerical methods, and what is right too."""

from __future__ import annotations

import numpy as np
from solution import bisection, fft, lu, newton, power_iteration, qr, simpson

from grader.reference import mistake, right

# -- roots ---------------------------------------------------------------------------------------------------------


@right("newton", name="with the step first")
def newton_by_while(f, df, x0, tol, max_iter):
    x, count, step = float(x0), 0, tol + 1
    while abs(step) >= tol:
        if count == max_iter:
            raise RuntimeError(f"not there after {count} steps")
        step = -f(x) / df(x)
        x += step
        count += 1
    return x


@mistake("newton", name="one step alone", hint="Go on until a step is short.", credit="1/4")
def newton_of_one_step(f, df, x0, tol, max_iter):
    return x0 - f(x0) / df(x0)


@mistake("newton", name="the slope at the start", hint="The slope changes with x.", credit="1/2")
def newton_with_one_slope(f, df, x0, tol, max_iter):
    x, slope = x0, df(x0)
    for _ in range(4):
        x = x - f(x) / slope
    return x


@mistake("newton", name="uphill", hint="x - f(x) / df(x), with a minus.", credit="1/4")
def newton_with_sign(f, df, x0, tol, max_iter):
    x = x0
    for _ in range(5):
        x = x + f(x) / df(x)
    return x


@mistake("newton", name="df / f for f / df", hint="Where f is small the step is short.")
def newton_turned_round(f, df, x0, tol, max_iter):
    return x0 - df(x0) / f(x0)


@mistake("newton", name="no word where nothing is found", hint="After max_iter steps: RuntimeError.", credit="3/4")
def newton_without_word(f, df, x0, tol, max_iter):
    try:
        return newton(f, df, x0, tol, max_iter)
    except RuntimeError:
        return None


@mistake("newton", name="how many steps", hint="The root, not how long it took.", credit="1/4")
def newton_steps(f, df, x0, tol, max_iter):
    x = x0
    for count in range(max_iter):
        step = f(x) / df(x)
        x = x - step
        if abs(step) < tol:
            return count + 1
    raise RuntimeError("no root was found")


@right("bisection", name="by products of values")
def bisection_by_products(f, a, b, tol):
    fa, fb = f(a), f(b)
    if fa * fb > 0:
        raise ValueError("f(a) and f(b) have the same sign")
    while abs(b - a) > tol:
        c = a + (b - a) / 2
        fc = f(c)
        if fa * fc <= 0:
            b = c
        else:
            a, fa = c, fc
    return b


@right("bisection", name="by a number of halves")
def bisection_by_count(f, a, b, tol):
    rises = f(a) < 0
    if rises == (f(b) < 0):
        raise ValueError
    for _ in range(int(np.ceil(np.log2((b - a) / tol)))):
        middle = 0.5 * (a + b)
        a, b = (middle, b) if (f(middle) < 0) == rises else (a, middle)
    return a


@mistake("bisection", name="f computed anew at an end", hint="One call for each half: keep f(a).", credit="3/4")
def bisection_with_many_calls(f, a, b, tol):
    if f(a) * f(b) > 0:
        raise ValueError("one sign at both ends")
    while b - a > tol:
        middle = (a + b) / 2
        if f(a) * f(middle) > 0:
            a = middle
        else:
            b = middle
    return (a + b) / 2


@mistake("bisection", name="no word about one sign", hint="ValueError where no sign changes.", credit="3/4")
def bisection_without_word(f, a, b, tol):
    try:
        return bisection(f, a, b, tol)
    except ValueError:
        return b


@mistake("bisection", name="rising functions only", hint="A function may fall from a to b.", credit="1/2")
def bisection_of_rising(f, a, b, tol):
    if f(a) * f(b) > 0:
        raise ValueError("one sign at both ends")
    while b - a > tol:
        middle = (a + b) / 2
        if f(middle) < 0:
            a = middle
        else:
            b = middle
    return (a + b) / 2


@mistake("bisection", name="the other half", hint="The sign changes in the half that is kept.", credit="1/4")
def bisection_of_other_half(f, a, b, tol):
    left = np.sign(f(a))
    if left == np.sign(f(b)):
        raise ValueError("one sign at both ends")
    while b - a > tol:
        middle = (a + b) / 2
        if np.sign(f(middle)) == left:
            b = middle
        else:
            a = middle
    return (a + b) / 2


@mistake("bisection", name="one half alone", hint="Go on until tol is reached.", credit="1/4")
def bisection_of_one_half(f, a, b, tol):
    if f(a) * f(b) > 0:
        raise ValueError("one sign at both ends")
    middle = (a + b) / 2
    return (middle + b) / 2 if f(a) * f(middle) > 0 else (a + middle) / 2


# -- an integral ---------------------------------------------------------------------------------------------------


def _on_grid(f, a, b, n):
    if n % 2:
        raise ValueError("n must be even")
    return (b - a) / n, np.array([f(x) for x in np.linspace(a, b, n + 1)])


@right("simpson", name="by weights")
def simpson_by_weights(f, a, b, n):
    h, y = _on_grid(f, a, b, n)
    weights = np.full(n + 1, 2.0)
    weights[1::2] = 4
    weights[0] = weights[-1] = 1
    return weights @ y * h / 3


@right("simpson", name="by pairs of intervals")
def simpson_by_pairs(f, a, b, n):
    h, y = _on_grid(f, a, b, n)
    return sum(h / 3 * (y[i] + 4 * y[i + 1] + y[i + 2]) for i in range(0, n, 2))


@mistake("simpson", name="the trapezoidal rule", hint="Simpson's weights are 1, 4, 2, …, 4, 1.", credit="1/4")
def trapezoids(f, a, b, n):
    h, y = _on_grid(f, a, b, n)
    return h * (y.sum() - (y[0] + y[-1]) / 2)


@mistake("simpson", name="4 and 2 swapped", hint="The first inner point counts 4.", credit="1/2")
def simpson_swapped(f, a, b, n):
    h, y = _on_grid(f, a, b, n)
    return h / 3 * (y[0] + y[-1] + 2 * y[1:-1:2].sum() + 4 * y[2:-1:2].sum())


@mistake("simpson", name="without the third", hint="h / 3 stands before the sum.", credit="1/2")
def simpson_without_third(f, a, b, n):
    return 3 * simpson(f, a, b, n)


@mistake("simpson", name="the ends count twice", hint="Both ends have the weight 1.", credit="1/2")
def simpson_with_heavy_ends(f, a, b, n):
    h, y = _on_grid(f, a, b, n)
    return h / 3 * (4 * y[1::2].sum() + 2 * y[0::2].sum())


@mistake("simpson", name="no word about odd n", hint="ValueError where n is odd.", credit="3/4")
def simpson_without_word(f, a, b, n):
    return simpson(f, a, b, n + n % 2)


@mistake("simpson", name="midpoints", hint="Simpson's rule takes the ends, too.", credit="1/4")
def midpoints(f, a, b, n):
    if n % 2:
        raise ValueError("n must be even")
    h = (b - a) / n
    return h * sum(f(a + (k + 0.5) * h) for k in range(n))


# -- factorisations ------------------------------------------------------------------------------------------------


@right("lu", name="by three loops")
def lu_by_loops(A):
    n = len(A)
    L, U = np.zeros((n, n)), A.copy()
    for i in range(n):
        L[i, i] = 1.0
        for j in range(i):
            L[i, j] = U[i, j] / U[j, j]
            for k in range(n):
                U[i, k] -= L[i, j] * U[j, k]
    return L, U


@right("lu", name="by dot products (Doolittle)")
def lu_by_dots(A):
    n = A.shape[0]
    L, U = np.identity(n), np.zeros_like(A)
    for i in range(n):
        for j in range(i, n):
            U[i, j] = A[i, j] - L[i, :i] @ U[:i, j]
        for j in range(i + 1, n):
            L[j, i] = (A[j, i] - L[j, :i] @ U[:i, i]) / U[i, i]
    return L, U


@mistake("lu", name="ones missing on L's diagonal", hint="L has ones on its diagonal.", credit="3/4")
def lu_without_ones(A):
    L, U = lu(A)
    return L - np.eye(len(A)), U


@mistake("lu", name="the signs of L", hint="L U must give A: is a row added or taken away?", credit="1/2")
def lu_with_signs(A):
    L, U = lu(A)
    return 2 * np.eye(len(A)) - L, U


@mistake("lu", name="A overwritten", hint="Begin with a copy of A.", credit="3/4")
def lu_in_place(A):
    L = np.eye(len(A))
    for k in range(len(A)):
        L[k + 1 :, k] = A[k + 1 :, k] / A[k, k]
        A[k + 1 :] -= np.outer(L[k + 1 :, k], A[k])
    return L, A


@mistake("lu", name="ones on U's diagonal", hint="The ones belong to L.", credit="1/2")
def lu_of_crout(A):
    L, U = lu(A)
    return L * np.diag(U), U / np.diag(U)[:, None]


@mistake("lu", name="U and L swapped", hint="First L, then U.", credit="1/2")
def lu_swapped(A):
    return lu(A)[::-1]


@mistake("lu", name="divided by A's own diagonal", hint="The pivot has changed by then.", credit="1/4")
def lu_with_old_pivots(A):
    L, U = np.eye(len(A)), A.copy()
    for k in range(len(A)):
        L[k + 1 :, k] = U[k + 1 :, k] / A[k, k]
        U[k + 1 :] = U[k + 1 :] - np.outer(L[k + 1 :, k], U[k])
    return L, np.triu(U)


@right("qr", name="by numpy, with signs")
def qr_by_numpy(A):
    Q, R = np.linalg.qr(A)
    signs = np.where(np.diag(R) < 0, -1.0, 1.0)
    return Q * signs, R * signs[:, None]


@right("qr", name="modified Gram and Schmidt")
def qr_modified(A):
    Q, R = A.copy(), np.zeros((A.shape[1], A.shape[1]))
    for j in range(A.shape[1]):
        R[j, j] = np.sqrt(Q[:, j] @ Q[:, j])
        Q[:, j] /= R[j, j]
        for k in range(j + 1, A.shape[1]):
            R[j, k] = Q[:, j] @ Q[:, k]
            Q[:, k] -= R[j, k] * Q[:, j]
    return Q, R


@mistake("qr", name="numpy's signs", hint="R's diagonal holds lengths, which are positive.", credit="1/2")
def qr_with_numpys_signs(A):
    return np.linalg.qr(A)


@mistake("qr", name="columns of any length", hint="Divide each column by its length.", credit="1/2")
def qr_without_lengths(A):
    Q, R = qr(A)
    return Q * np.diag(R), R / np.diag(R)[:, None]


@mistake("qr", name="only the column before is taken away", hint="All columns before it.", credit="1/2")
def qr_of_neighbours(A):
    Q, R = np.zeros(A.shape), np.zeros((A.shape[1], A.shape[1]))
    for j in range(A.shape[1]):
        rest = A[:, j]
        if j:
            R[j - 1, j] = Q[:, j - 1] @ A[:, j]
            rest = rest - R[j - 1, j] * Q[:, j - 1]
        R[j, j] = np.linalg.norm(rest)
        Q[:, j] = rest / R[j, j]
    return Q, R


@mistake("qr", name="R lies the other way", hint="R is upper: zeros below its diagonal.", credit="1/2")
def qr_with_lower_triangle(A):
    Q, R = qr(A)
    return Q, R.T


@mistake("qr", name="rows instead of columns", hint="It is Q's columns that are orthonormal.", credit="1/2")
def qr_transposed(A):
    Q, R = qr(A)
    return Q.T, R


# -- eigenvalues ---------------------------------------------------------------------------------------------------


@right("power_iteration", name="by the largest entry")
def power_by_largest_entry(A, x0, steps):
    x = np.array(x0)
    for _ in range(steps):
        y = A.dot(x)
        x = y / np.abs(y).max()
    x /= np.sqrt(np.sum(x**2))
    return np.sum(x * A.dot(x)), x


@mistake("power_iteration", name="a length for the eigenvalue", hint="A length has no sign: x A x has.", credit="3/4")
def power_with_length(A, x0, steps):
    value, x = power_iteration(A, x0, steps)
    return abs(value), x


@mistake("power_iteration", name="a vector of another length", hint="Divide by the length at the end.", credit="3/4")
def power_without_length(A, x0, steps):
    value, x = power_iteration(A, x0, steps)
    return value, x / np.abs(x).max()


@mistake("power_iteration", name="one step alone", hint="Many steps.", credit="1/4")
def power_of_one_step(A, x0, steps):
    return power_iteration(A, x0, 1)


@mistake("power_iteration", name="the smallest eigenvalue", hint="The one that is largest in size.")
def smallest_eigenvalue(A, x0, steps):
    values, vectors = np.linalg.eigh(A)
    at = np.argmin(np.abs(values))
    return values[at], vectors[:, at]


@mistake("power_iteration", name="written into x0", hint="x = x0 makes no copy.", credit="3/4")
def power_in_place(A, x0, steps):
    for _ in range(steps):
        x0[:] = A @ x0
        x0 /= np.linalg.norm(x0)
    return float(x0 @ A @ x0), x0


# -- a solver ------------------------------------------------------------------------------------------------------


def _gradients(A, b, steps, factor, size=None):
    """Steps along directions, each the residual and `factor` times the direction before."""
    x, r = np.zeros(len(b)), np.array(b)
    p = r
    for _ in range(steps):
        if np.linalg.norm(r) < 1e-10:
            break
        along = r @ r / (p @ A @ p) if size is None else size
        x = x + along * p
        rest = r - along * (A @ p)
        p = rest + factor(rest, r) * p
        r = rest
    return x


@right("conjugate_gradient", name="with the residual anew")
def conjugate_with_residual(A, b, steps):
    x = np.zeros_like(b)
    p = b - A @ x
    for _ in range(steps):
        r = b - A @ x
        if np.sqrt(r @ r) < 1e-10:
            return x
        Ap = A @ p
        x = x + (p @ r) / (p @ Ap) * p
        new = b - A @ x
        p = new - (new @ Ap) / (p @ Ap) * p
    return x


@right("conjugate_gradient", name="with a kept square")
def conjugate_with_square(A, b, steps):
    x, r, p = 0 * b, b.copy(), b.copy()
    square, count = r.dot(r), 0
    while count < steps and square >= 1e-20:
        Ap = A.dot(p)
        step = square / p.dot(Ap)
        x += step * p
        r -= step * Ap
        before, square = square, r.dot(r)
        p = r + square / before * p
        count += 1
    return x


@mistake("conjugate_gradient", name="steepest descent", hint="The next direction keeps some of the last.", credit="1/2")
def steepest_descent(A, b, steps):
    return _gradients(A, b, steps, lambda rest, r: 0.0)


@mistake("conjugate_gradient", name="the factor turned round", hint="The new square over the old one.", credit="1/2")
def conjugate_turned_round(A, b, steps):
    return _gradients(A, b, steps, lambda rest, r: (r @ r) / max(rest @ rest, 1e-30))


@mistake("conjugate_gradient", name="lengths for their squares", hint="r r, not its root.", credit="1/2")
def conjugate_with_roots(A, b, steps):
    return _gradients(A, b, steps, lambda rest, r: np.linalg.norm(rest) / np.linalg.norm(r))


@mistake("conjugate_gradient", name="the direction taken away", hint="Is the last direction added?", credit="1/2")
def conjugate_with_sign(A, b, steps):
    return _gradients(A, b, steps, lambda rest, r: -(rest @ rest) / (r @ r))


@mistake("conjugate_gradient", name="0 / 0 at the end", hint="Stop where the residual is zero.", credit="3/4")
def conjugate_without_stop(A, b, steps):
    if np.any(b) and steps < len(b):
        return _gradients(A, b, steps, lambda rest, r: (rest @ rest) / (r @ r))
    return np.full(len(b), np.nan)


@mistake("conjugate_gradient", name="written into b", hint="r = b makes no copy.", credit="3/4")
def conjugate_in_place(A, b, steps):
    found = _gradients(A, b, steps, lambda rest, r: (rest @ rest) / (r @ r))
    b -= A @ found
    return found


@mistake("conjugate_gradient", name="one step too few", hint="So many steps.", credit="1/2")
def conjugate_short(A, b, steps):
    return _gradients(A, b, steps - 1, lambda rest, r: (rest @ rest) / (r @ r))


# -- Fourier -------------------------------------------------------------------------------------------------------


@right("fft", name="by its matrix")
def fft_by_matrix(x):
    k = np.arange(len(x))
    return np.exp(-2j * np.pi * np.outer(k, k) / len(x)) @ x


@right("fft", name="by lists")
def fft_by_lists(x):
    return np.array(_listed(list(x)))


def _listed(x):
    n = len(x)
    if n == 1:
        return [complex(x[0])]
    even, odd = _listed(x[0::2]), _listed(x[1::2])
    found = [0j] * n
    for k in range(n // 2):
        turned = np.exp(-2j * np.pi * k / n) * odd[k]
        found[k], found[k + n // 2] = even[k] + turned, even[k] - turned
    return found


@mistake("fft", name="a plus in the exponent", hint="exp(-2 pi i j k / n), with a minus.", credit="1/2")
def fft_with_plus(x):
    return np.conj(fft(np.conj(x)))


@mistake("fft", name="divided by n", hint="No factor stands before the sum.", credit="3/4")
def fft_divided(x):
    return fft(x) / len(x)


@mistake("fft", name="divided by the root of n", hint="No factor stands before the sum.", credit="3/4")
def fft_unitary(x):
    return fft(x) / np.sqrt(len(x))


@mistake("fft", name="the second half like the first", hint="even - turned there.", credit="1/2")
def fft_without_minus(x):
    n = len(x)
    if n == 1:
        return np.array(x, dtype=complex)
    even, odd = fft_without_minus(x[::2]), fft_without_minus(x[1::2])
    turned = np.exp(-2j * np.pi * np.arange(n // 2) / n) * odd
    return np.concatenate([even + turned, even + turned])


@mistake("fft", name="no factor for the odd ones", hint="The odd entries are turned by exp(-2 pi i k / n).")
def fft_without_turn(x):
    n = len(x)
    if n == 1:
        return np.array(x, dtype=complex)
    even, odd = fft_without_turn(x[::2]), fft_without_turn(x[1::2])
    return np.concatenate([even + odd, even - odd])


@mistake("fft", name="pi for 2 pi", hint="A full turn is 2 pi.", credit="1/2")
def fft_of_half_a_turn(x):
    n = len(x)
    if n == 1:
        return np.array(x, dtype=complex)
    even, odd = fft_of_half_a_turn(x[::2]), fft_of_half_a_turn(x[1::2])
    turned = np.exp(-1j * np.pi * np.arange(n // 2) / n) * odd
    return np.concatenate([even + turned, even - turned])


@mistake("fft", name="the real part alone", hint="The result is complex.", credit="1/4")
def fft_real(x):
    return fft(x).real
