# Right gradient checks: truthy for a right gradient, falsy for a wrong one, x as it was.
import numpy as np


def gradcheck_naive__nditer(f, x):
    """RIGHT: the handout's loop, in place with += and -="""
    fx, grad = f(x)
    h = 1e-4
    it = np.nditer(x, flags=['multi_index'], op_flags=['readwrite'])
    while not it.finished:
        ix = it.multi_index
        x[ix] += h
        f1 = f(x)[0]
        x[ix] -= 2 * h
        f2 = f(x)[0]
        x[ix] += h
        numgrad = (f1 - f2) / (2 * h)
        reldiff = abs(numgrad - grad[ix]) / max(1, abs(numgrad), abs(grad[ix]))
        if reldiff > 1e-5:
            print("Gradient check failed.")
            print("First gradient error found at index %s" % str(ix))
            print("Your gradient: %f \t Numerical gradient: %f" % (grad[ix], numgrad))
            return False
        it.iternext()
    print("Gradient check passed!")
    return True


def gradcheck_naive__new_arrays(f, x):
    """RIGHT: x + e, so that x is never touched (a numpy scalar reaches f when x is 0-d)"""
    _, g = f(x)
    for ix in np.ndindex(*x.shape):
        e = np.zeros(x.shape)
        e[ix] = 1e-4
        num = (f(x + e)[0] - f(x - e)[0]) / 2e-4
        if abs(num - g[ix]) > 1e-3 * max(1., abs(num)):
            return False
    return True


def gradcheck_naive__copies(f, x):
    """RIGHT: perturbed copies"""
    grad = np.array(f(x.copy())[1])
    ok = True
    for ix in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[ix] += 1e-5
        down[ix] -= 1e-5
        n = (f(up)[0] - f(down)[0]) / 2e-5
        ok = ok and bool(np.abs(n - grad[ix]) <= 2e-3 * max(1, abs(n), abs(grad[ix])))
    return ok


def gradcheck_naive__flat(f, x):
    """RIGHT: x.flat as the index"""
    g = np.ravel(f(x)[1]).copy()
    bad = 0
    for i in range(x.size):
        keep = x.flat[i]
        x.flat[i] = keep + 1e-4
        a = f(x)[0]
        x.flat[i] = keep - 1e-4
        b = f(x)[0]
        x.flat[i] = keep
        n = (a - b) / 2e-4
        if np.abs(n - g[i]) / np.maximum(1, np.abs(n)) > 1e-4:
            bad += 1
    return bad == 0


def gradcheck_naive__flat_copy(f, x):
    """RIGHT: a flat copy, reshaped for every call"""
    v = x.reshape(-1).copy()
    num = np.zeros_like(v)
    for i in range(v.size):
        old = v[i]
        v[i] = old + 1e-4
        hi = f(v.reshape(x.shape))[0]
        v[i] = old - 1e-4
        lo = f(v.reshape(x.shape))[0]
        v[i] = old
        num[i] = (hi - lo) / 2e-4
    return np.allclose(num.reshape(x.shape), f(x)[1], rtol=1e-3, atol=1e-3)


def gradcheck_naive__one_sided(f, x):
    """RIGHT: forward differences with a small step and a threshold that forgives them"""
    f0, grad = f(x)
    h = 1e-6
    for ix in np.ndindex(*x.shape):
        t = x[ix].copy()
        x[ix] = t + h
        num = (f(x)[0] - f0) / h
        x[ix] = t
        if abs(num - grad[ix]) > 5e-3 * max(1, abs(grad[ix])):
            return False
    return True


def gradcheck_naive__five_point(f, x):
    """RIGHT: the five-point stencil"""
    g = f(x)[1]
    h = 1e-3

    def at(ix, k):
        z = np.array(x)
        z[ix] += k * h
        return f(z)[0]

    for ix in np.ndindex(*x.shape):
        n = (at(ix, -2) - 8 * at(ix, -1) + 8 * at(ix, 1) - at(ix, 2)) / (12 * h)
        if abs(n - g[ix]) > 1e-5 * max(1, abs(n), abs(g[ix])):
            return False
    return True


def gradcheck_naive__ridders(f, x):
    """RIGHT: Ridders' extrapolation"""
    def ridders(ix):
        def d(h):
            a, b = x.copy(), x.copy()
            a[ix] += h
            b[ix] -= h
            return (f(a)[0] - f(b)[0]) / (2 * h)
        h, con = 0.1, 1.4
        table = [[d(h)]]
        best, err = table[0][0], np.inf
        for i in range(1, 10):
            h /= con
            row = [d(h)]
            fac = con ** 2
            for j in range(1, i + 1):
                row.append((row[j - 1] * fac - table[i - 1][j - 1]) / (fac - 1))
                fac *= con ** 2
                e = max(abs(row[j] - row[j - 1]), abs(row[j] - table[i - 1][j - 1]))
                if e <= err:
                    best, err = row[j], e
            table.append(row)
        return best
    grad = f(x)[1]
    return all(abs(ridders(ix) - grad[ix]) <= 1e-4 * max(1, abs(grad[ix])) for ix in np.ndindex(*x.shape))


def gradcheck_naive__richardson(f, x):
    """RIGHT: one Richardson step of two central differences"""
    grad = f(x)[1]
    def central(ix, h):
        z = x.copy(); z[ix] += h
        w = x.copy(); w[ix] -= h
        return (f(z)[0] - f(w)[0]) / (2 * h)
    for ix, g in np.ndenumerate(np.asarray(grad)):
        num = (4 * central(ix, 5e-4) - central(ix, 1e-3)) / 3
        if not abs(num - g) < 1e-4 * (1 + abs(g)):
            return False
    return True


def gradcheck_naive__one_zero(f, x):
    """RIGHT: returns 1 or 0"""
    g = f(x)[1]
    result = 1
    it = np.nditer(x, flags=['multi_index'])
    for _ in it:
        ix = it.multi_index
        old = x[ix].item()
        x[ix] = old + 1e-4; c1 = f(x)[0]
        x[ix] = old - 1e-4; c2 = f(x)[0]
        x[ix] = old
        n = (c1 - c2) / 2e-4
        if abs(n - g[ix]) / max(1, abs(n), abs(g[ix])) > 1e-5:
            result = 0
    return result


def gradcheck_naive__string_or_none(f, x):
    """RIGHT: a non-empty string when it passes, None when it fails"""
    grad = f(x)[1]
    for ix in np.ndindex(*x.shape):
        d = np.zeros_like(x)
        d[ix] = 1e-4
        numgrad = (f(np.array(x + d))[0] - f(np.array(x - d))[0]) / 2e-4
        if abs(numgrad - grad[ix]) / max(1, abs(numgrad), abs(grad[ix])) > 1e-5:
            print("failed at", ix)
            return
    return "Gradient check passed!"


def gradcheck_naive__numpy_bool(f, x):
    """RIGHT: returns np.bool_ from np.all"""
    grad = np.asarray(f(x)[1])
    num = np.empty(x.shape)
    for ix in np.ndindex(*x.shape):
        a = x.copy()
        a[ix] += 1e-4
        b = x.copy()
        b[ix] -= 1e-4
        num[ix] = (f(a)[0] - f(b)[0]) / (2e-4)
    scale = np.maximum(1, np.maximum(np.abs(num), np.abs(grad)))
    return np.all(np.abs(num - grad) / scale < 1e-4)


def gradcheck_naive__recursive(f, x):
    """RIGHT: recursion over the flat positions"""
    g = np.asarray(f(x)[1]).reshape(-1)

    def check(i):
        if i == x.size:
            return True
        p, m = x.copy(), x.copy()
        p.flat[i] += 1e-4
        m.flat[i] -= 1e-4
        n = (f(p)[0] - f(m)[0]) / 2e-4
        return abs(n - g[i]) <= 1e-3 * max(1, abs(g[i])) and check(i + 1)
    return check(0)


def gradcheck_naive__and_of_two_tolerances(f, x):
    """RIGHT: fails only where both the absolute and the relative error are large"""
    grad = f(x)[1]
    for ix in np.ndindex(*x.shape):
        z = np.copy(x)
        z[ix] = x[ix] + 5e-5
        hi = f(z)[0]
        z[ix] = x[ix] - 5e-5
        lo = f(z)[0]
        num = (hi - lo) / 1e-4
        diff = abs(num - grad[ix])
        if diff > 5e-3 and diff / (abs(num) + abs(grad[ix]) + 1e-12) > 1e-3:
            return False
    return True


def gradcheck_naive__relative_step(f, x):
    """RIGHT: a step in proportion to the entry"""
    grad = f(x)[1]
    errs = []
    for ix in np.ndindex(*x.shape):
        h = 1e-5 * max(1.0, abs(float(x[ix])))
        a, b = np.array(x), np.array(x)
        a[ix] += h
        b[ix] -= h
        n = (f(a)[0] - f(b)[0]) / (a[ix] - b[ix])
        errs.append(abs(n - grad[ix]) / max(1, abs(n), abs(grad[ix])))
    return max(errs) < 2e-3


def gradcheck_naive__two_steps(f, x):
    """RIGHT: passes an entry when either of two step sizes agrees"""
    grad = f(x)[1]
    def numeric(ix, h):
        old = float(x[ix])
        x[ix] = old + h
        a = f(x)[0]
        x[ix] = old - h
        b = f(x)[0]
        x[ix] = old
        return (a - b) / (2 * h)
    for ix in np.ndindex(*x.shape):
        if not any(abs(numeric(ix, h) - grad[ix]) < 1e-4 * max(1, abs(grad[ix])) for h in (1e-3, 1e-5)):
            return False
    return True


def eval_numerical_gradient(f, x, h=1e-5):
    grad = np.zeros_like(x)
    it = np.nditer(x, flags=['multi_index'], op_flags=['readwrite'])
    while not it.finished:
        ix = it.multi_index
        oldval = float(x[ix])
        x[ix] = oldval + h
        fxph = f(x)
        x[ix] = oldval - h
        fxmh = f(x)
        x[ix] = oldval
        grad[ix] = (fxph - fxmh) / (2 * h)
        it.iternext()
    return grad


def gradcheck_naive__numerical_gradient_helper(f, x):
    """RIGHT: a general numerical gradient, then one comparison"""
    num = eval_numerical_gradient(lambda z: f(z)[0], x)
    ana = f(x)[1]
    return bool((np.abs(num - ana) <= 1e-3 + 1e-3 * np.abs(ana)).all())


def gradcheck_naive__basis_rows(f, x):
    """RIGHT: rows of an identity matrix as directions"""
    n = x.size
    g = np.array(f(x)[1]).ravel()
    for e, gi in zip(np.eye(n) * 1e-4, g):
        step = e.reshape(x.shape)
        num = (f(x + step)[0] - f(x - step)[0]) / 2e-4
        if not np.isclose(num, gi, rtol=1e-4, atol=1e-4):
            return False
    return True


def gradcheck_naive__work_on_own_copy(f, x):
    """RIGHT: perturbs its own copy in place and hands that to f"""
    x = x.astype(float).copy()
    grad = f(x)[1]
    worst = 0
    for ix in np.ndindex(*x.shape):
        x[ix] += 1e-4
        a = f(x)[0]
        x[ix] -= 2e-4
        b = f(x)[0]
        x[ix] += 1e-4
        n = (a - b) / 2e-4
        worst = max(worst, float(abs(n - grad[ix]) / max(1, abs(n), abs(grad[ix]))))
    return worst < 1e-4


def gradcheck_naive__reversed_order(f, x):
    """RIGHT: goes backwards, returns at the end only"""
    g = f(x)[1]
    status = True
    for ix in reversed(list(np.ndindex(*x.shape))):
        old = x[ix] * 1.0
        vals = {}
        for s in (+1, -1):
            x[ix] = old + s * 1e-4
            vals[s] = f(x)[0]
        x[ix] = old
        n = (vals[1] - vals[-1]) / 2e-4
        status &= bool(abs(n - g[ix]) < 1e-3 * max(1, abs(g[ix])))
    return status


def gradcheck_naive__list_of_errors(f, x):
    """RIGHT: collects errors, passes when the list stays empty"""
    errors = []
    grad = f(x)[1]
    for ix in np.ndindex(*x.shape):
        d = np.zeros_like(x); d[ix] = 1e-4
        n = (f(x + d)[0] - f(x - d)[0]) / 2e-4
        if abs(n - grad[ix]) > 1e-3 * max(abs(n), abs(grad[ix]), 1):
            errors.append((ix, n, grad[ix]))
    for e in errors:
        print("wrong at %s: numeric %g, yours %g" % e)
    return not errors


def gradcheck_naive__try_finally(f, x):
    """RIGHT: a saved copy is put back in a finally block"""
    saved = x.copy()
    try:
        grad = np.array(f(x)[1])
        for ix in np.ndindex(*x.shape):
            x[ix] = saved[ix] + 1e-4
            a = f(x)[0]
            x[ix] = saved[ix] - 1e-4
            b = f(x)[0]
            x[ix] = saved[ix]
            if abs((a - b) / 2e-4 - grad[ix]) > 1e-3 * max(1, abs(grad[ix])):
                return False
        return True
    finally:
        x[...] = saved


def gradcheck_naive__python_floats_for_0d(f, x):
    """RIGHT: x[...] assignments that work for 0-d too, the cost through float()"""
    g = np.asarray(f(x)[1], dtype=float)
    cost = lambda: float(np.asarray(f(x)[0]).reshape(-1)[0])
    results = []
    for ix in np.ndindex(*x.shape):
        old = float(x[ix])
        x[ix] = old + 1e-4
        up = cost()
        x[ix] = old - 1e-4
        down = cost()
        x[ix] = old
        results.append(abs((up - down) / 2e-4 - float(g[ix])) <= 2e-3 * max(1.0, abs(float(g[ix]))))
    return all(results)


def gradcheck_naive__count_right(f, x):
    """RIGHT: the number of right entries when all are, else zero"""
    g = f(x)[1]
    right = 0
    for ix in np.ndindex(*x.shape):
        e = np.zeros(x.shape)
        e[ix] = 2e-5
        n = (f(x + e)[0] - f(x - e)[0]) / 4e-5
        right += int(abs(n - g[ix]) < 1e-3 * max(1, abs(n)))
    return right if right == x.size else 0


def gradcheck_naive__different_eps(f, x, eps=1e-5, tol=1e-3, verbose=False):
    """RIGHT: further parameters with defaults; step and tolerance of its own"""
    _, g = f(x.copy())
    for ix in np.ndindex(*x.shape):
        hi = x.copy(); hi[ix] += eps
        lo = x.copy(); lo[ix] -= eps
        n = (f(hi)[0] - f(lo)[0]) / (2 * eps)
        if verbose:
            print(ix, n, g[ix])
        if abs(n - g[ix]) > tol * max(1, abs(n) + abs(g[ix])):
            return False
    return True
