# Wrong gradient checks.
import numpy as np

verdicts = []


def numeric(f, x, ix, h=1e-4):
    old = float(x[ix])
    x[ix] = old + h
    up = f(x)[0]
    x[ix] = old - h
    down = f(x)[0]
    x[ix] = old
    return (up - down) / (2 * h)


def rel(a, b):
    return abs(a - b) / max(1, abs(a), abs(b))


def gradcheck_naive__first_only(f, x):
    """WRONG: checks the first entry only"""
    g = f(x)[1]
    ix = (0,) * x.ndim
    return rel(numeric(f, x, ix), g[ix]) < 1e-5


def gradcheck_naive__last_only(f, x):
    """WRONG: the verdict of the last entry overwrites the others"""
    g = f(x)[1]
    for ix in np.ndindex(*x.shape):
        ok = rel(numeric(f, x, ix), g[ix]) < 1e-5
    return ok


def gradcheck_naive__every_second(f, x):
    """WRONG: iternext is called twice, so every second entry is skipped"""
    g = f(x)[1]
    for ix in list(np.ndindex(*x.shape))[::2]:
        if rel(numeric(f, x, ix), g[ix]) > 1e-5:
            return False
    return True


def gradcheck_naive__not_put_back(f, x):
    """WRONG: leaves x at x - h"""
    g = f(x)[1]
    for ix in np.ndindex(*x.shape):
        x[ix] += 1e-4
        up = f(x)[0]
        x[ix] -= 2e-4
        down = f(x)[0]
        if rel((up - down) / 2e-4, g[ix]) > 1e-3:
            return False
    return True


def gradcheck_naive__not_put_back_on_failure(f, x):
    """WRONG: returns False before x is put back"""
    g = f(x)[1]
    for ix in np.ndindex(*x.shape):
        old = float(x[ix])
        x[ix] = old + 1e-4
        up = f(x)[0]
        x[ix] = old - 1e-4
        down = f(x)[0]
        if rel((up - down) / 2e-4, g[ix]) > 1e-5:
            return False
        x[ix] = old
    return True


def gradcheck_naive__always(f, x):
    """WRONG: prints the failures and returns True all the same"""
    g = f(x)[1]
    for ix in np.ndindex(*x.shape):
        if rel(numeric(f, x, ix), g[ix]) > 1e-5:
            print("Gradient check failed at", ix)
    return True


def gradcheck_naive__nothing_returned(f, x):
    """WRONG: prints its verdict and returns None"""
    g = f(x)[1]
    for ix in np.ndindex(*x.shape):
        if rel(numeric(f, x, ix), g[ix]) > 1e-5:
            print("Gradient check failed at", ix)
            return
    print("Gradient check passed!")


def gradcheck_naive__inverted(f, x):
    """WRONG: True means that an error was found"""
    g = f(x)[1]
    return any(rel(numeric(f, x, ix), g[ix]) > 1e-5 for ix in np.ndindex(*x.shape))


def gradcheck_naive__signs(f, x):
    """WRONG: compares the signs only"""
    g = f(x)[1]
    return all(np.sign(round(numeric(f, x, ix), 6)) == np.sign(round(float(g[ix]), 6)) for ix in np.ndindex(*x.shape))


def gradcheck_naive__return_in_loop(f, x):
    """WRONG: returns True inside the loop"""
    g = f(x)[1]
    for ix in np.ndindex(*x.shape):
        if rel(numeric(f, x, ix), g[ix]) > 1e-5:
            return False
        return True


def gradcheck_naive__loose(f, x):
    """WRONG: a tolerance of 5 %"""
    g = f(x)[1]
    return all(rel(numeric(f, x, ix), g[ix]) < 5e-2 for ix in np.ndindex(*x.shape))


def gradcheck_naive__one_percent(f, x):
    """WRONG: a relative tolerance of 2 % of the larger, or 0.1 absolute"""
    g = f(x)[1]
    return all(np.isclose(numeric(f, x, ix), g[ix], rtol=0.02, atol=0.1) for ix in np.ndindex(*x.shape))


def gradcheck_naive__absolute(f, x):
    """WRONG: an absolute tolerance alone rejects right gradients that are large"""
    g = f(x)[1]
    return all(abs(numeric(f, x, ix) - g[ix]) < 1e-6 for ix in np.ndindex(*x.shape))


def gradcheck_naive__relative(f, x):
    """WRONG: a relative tolerance alone rejects right gradients that are zero"""
    g = f(x)[1]
    for ix in np.ndindex(*x.shape):
        n = (f(x + 1e-4 * _unit(x, ix))[0] - f(x)[0]) / 1e-4
        with np.errstate(invalid='ignore'):
            error = np.divide(abs(n - g[ix]), abs(n) + abs(g[ix]))
        if not error < 1e-3:
            return False
    return True


def _unit(x, ix):
    e = np.zeros(x.shape)
    e[ix] = 1
    return e


def gradcheck_naive__no_0d(f, x):
    """WRONG: len(x) fails for a 0-d x"""
    g = np.asarray(f(x)[1]).reshape(len(x), -1)
    flat = x.reshape(len(x), -1)
    for i in range(flat.shape[0]):
        for j in range(flat.shape[1]):
            ix = np.unravel_index(i * flat.shape[1] + j, x.shape)
            if rel(numeric(f, x, ix), g[i, j]) > 1e-5:
                return False
    return True


def gradcheck_naive__vectors_only(f, x):
    """WRONG: x[i] is a row when x has two axes"""
    g = f(x)[1]
    for i in range(x.size):
        old = float(x[i])
        x[i] = old + 1e-4
        up = f(x)[0]
        x[i] = old - 1e-4
        down = f(x)[0]
        x[i] = old
        if rel((up - down) / 2e-4, g[i]) > 1e-5:
            return False
    return True


def gradcheck_naive__whole_rows(f, x):
    """WRONG: perturbs a whole row at a time and compares with the row's sum"""
    if x.ndim < 2:
        g = f(x)[1]
        return all(rel(numeric(f, x, ix), g[ix]) < 1e-5 for ix in np.ndindex(*x.shape))
    g = f(x)[1]
    for i in range(len(x)):
        d = np.zeros_like(x)
        d[i] = 1e-4
        n = (f(x + d)[0] - f(x - d)[0]) / 2e-4
        if rel(n, g[i].sum()) > 1e-5:
            return False
    return True


def gradcheck_naive__coarse(f, x):
    """WRONG: forward differences with a step of 0.1 reject right gradients"""
    c, g = f(x)
    for ix in np.ndindex(*x.shape):
        n = (f(x + 0.1 * _unit(x, ix))[0] - c) / 0.1
        if rel(n, g[ix]) > 1e-2:
            return False
    return True


def gradcheck_naive__tiny_step(f, x):
    """WRONG: a step of 1e-15 is lost in rounding"""
    g = f(x)[1]
    return all(rel(numeric(f, x, ix, 1e-15), g[ix]) < 1e-5 for ix in np.ndindex(*x.shape))


def gradcheck_naive__mean_difference(f, x):
    """WRONG: the mean difference over all entries, signs cancel"""
    g = f(x)[1]
    diffs = [numeric(f, x, ix) - g[ix] for ix in np.ndindex(*x.shape)]
    return abs(np.mean(diffs)) < 1e-3 * max(1, np.max(np.abs(g)))


def gradcheck_naive__sums(f, x):
    """WRONG: compares the sums of the two gradients"""
    g = np.asarray(f(x)[1])
    total = sum(numeric(f, x, ix) for ix in np.ndindex(*x.shape))
    return rel(total, g.sum()) < 1e-5


def gradcheck_naive__norms(f, x):
    """WRONG: compares the lengths of the two gradients"""
    g = np.asarray(f(x)[1])
    n = np.array([numeric(f, x, ix) for ix in np.ndindex(*x.shape)])
    return rel(np.linalg.norm(n), np.linalg.norm(g)) < 1e-5


def gradcheck_naive__angle(f, x):
    """WRONG: compares only the directions"""
    g = np.ravel(f(x)[1])
    n = np.array([numeric(f, x, ix) for ix in np.ndindex(*x.shape)])
    return np.dot(n, g) >= 0.9999 * np.linalg.norm(n) * np.linalg.norm(g)


def gradcheck_naive__loose_norm(f, x):
    """WRONG: one relative error over all entries, too loose for one wrong entry"""
    g = np.ravel(f(x)[1])
    n = np.array([numeric(f, x, ix) for ix in np.ndindex(*x.shape)])
    return np.linalg.norm(n - g) <= 0.02 * (np.linalg.norm(n) + np.linalg.norm(g)) + 1e-6


def gradcheck_naive__one_element(f, x):
    """WRONG: calls f on the entry alone"""
    g = f(x)[1]
    for ix in np.ndindex(*x.shape):
        v = x[ix]
        n = (f(np.array(v + 1e-4))[0] - f(np.array(v - 1e-4))[0]) / 2e-4
        if rel(n, g[ix]) > 1e-5:
            return False
    return True


def gradcheck_naive__flattened(f, x):
    """WRONG: hands f a flat array"""
    g = np.ravel(f(x)[1])
    v = x.reshape(-1).copy()
    return all(rel(numeric(f, v, (i,)), g[i]) < 1e-5 for i in range(v.size))


def gradcheck_naive__says_failed(f, x):
    """WRONG: the string for a failure is truthy too"""
    g = f(x)[1]
    for ix in np.ndindex(*x.shape):
        if rel(numeric(f, x, ix), g[ix]) > 1e-5:
            return "Gradient check failed."
    return "Gradient check passed!"


def gradcheck_naive__moved_gradient(f, x):
    """WRONG: compares with the gradient at the perturbed point, and forgives what that costs"""
    for ix in np.ndindex(*x.shape):
        old = float(x[ix])
        x[ix] = old + 0.05
        up, g = f(x)
        x[ix] = old - 0.05
        down = f(x)[0]
        x[ix] = old
        if rel((up - down) / 0.1, g[ix]) > 1e-2:
            return False
    return True


def gradcheck_naive__float32(f, x):
    """WRONG: a float32 copy swallows the step"""
    z = x.astype(np.float32)
    g = f(x)[1]
    for ix in np.ndindex(*x.shape):
        up, down = z.copy(), z.copy()
        up[ix] += np.float32(1e-7)
        down[ix] -= np.float32(1e-7)
        n = (f(up.astype(float))[0] - f(down.astype(float))[0]) / 2e-7
        if rel(n, g[ix]) > 1e-2:
            return False
    return True


def gradcheck_naive__copy_not_used(f, x):
    """WRONG: perturbs a copy and evaluates f at x"""
    g = f(x)[1]
    for ix in np.ndindex(*x.shape):
        z = x.copy()
        z[ix] += 1e-4
        up = f(x)[0]
        z[ix] -= 2e-4
        down = f(x)[0]
        if rel((up - down) / 2e-4, g[ix]) > 1e-5:
            return False
    return True


def gradcheck_naive__no_two(f, x):
    """WRONG: divides by h, not by 2h"""
    g = f(x)[1]
    return all(rel(2 * numeric(f, x, ix), g[ix]) < 1e-5 for ix in np.ndindex(*x.shape))


def gradcheck_naive__sizes(f, x):
    """WRONG: compares sizes, so a flipped sign passes"""
    g = f(x)[1]
    return all(rel(abs(numeric(f, x, ix)), abs(g[ix])) < 1e-5 for ix in np.ndindex(*x.shape))


def gradcheck_naive__best_entry(f, x):
    """WRONG: the smallest error decides"""
    g = f(x)[1]
    return min(rel(numeric(f, x, ix), g[ix]) for ix in np.ndindex(*x.shape)) < 1e-5


def gradcheck_naive__any(f, x):
    """WRONG: any() where all() is meant"""
    g = f(x)[1]
    return any([rel(numeric(f, x, ix), g[ix]) < 1e-5 for ix in np.ndindex(*x.shape)])


def gradcheck_naive__diagonal(f, x):
    """WRONG: the indices (i, i, ...) only"""
    g = f(x)[1]
    for i in range(min(x.shape, default=1)):
        ix = (i,) * x.ndim
        if rel(numeric(f, x, ix), g[ix]) > 1e-5:
            return False
    return True


def gradcheck_naive__first_row(f, x):
    """WRONG: only the first row of a matrix"""
    g = f(x)[1]
    for ix in np.ndindex(*x.shape):
        if x.ndim > 1 and ix[0] > 0:
            break
        if rel(numeric(f, x, ix), g[ix]) > 1e-5:
            return False
    return True


def gradcheck_naive__last_left(f, x):
    """WRONG: range(size - 1) leaves out the last entry when there are several"""
    g = f(x)[1]
    for i in range(max(1, x.size - 1)):
        ix = np.unravel_index(i, x.shape) if x.ndim else ()
        if rel(numeric(f, x, ix), g[ix]) > 1e-5:
            return False
    return True


def gradcheck_naive__assert(f, x):
    """WRONG: an assertion, so a wrong gradient raises"""
    g = f(x)[1]
    for ix in np.ndindex(*x.shape):
        assert rel(numeric(f, x, ix), g[ix]) < 1e-5, "gradient wrong"
    return True


def gradcheck_naive__no_abs(f, x):
    """WRONG: a signed difference, entries that are too large pass"""
    g = f(x)[1]
    for ix in np.ndindex(*x.shape):
        n = numeric(f, x, ix)
        if (n - g[ix]) / max(1, abs(n), abs(g[ix])) > 1e-5:
            return False
    return True


def gradcheck_naive__sticky(f, x):
    """WRONG: a failure is remembered for all later calls"""
    g = f(x)[1]
    verdicts.append(all(rel(numeric(f, x, ix), g[ix]) < 1e-5 for ix in np.ndindex(*x.shape)))
    return all(verdicts)


def gradcheck_naive__default_list(f, x, errors=[]):
    """WRONG: a mutable default argument collects the errors of all calls"""
    g = f(x)[1]
    for ix in np.ndindex(*x.shape):
        if rel(numeric(f, x, ix), g[ix]) > 1e-5:
            errors.append(ix)
    return len(errors) == 0


def gradcheck_naive__one_direction(f, x):
    """WRONG: one derivative along (1, 1, ..., 1), with a tolerance for the sum"""
    g = np.asarray(f(x)[1])
    n = (f(x + 1e-4)[0] - f(x - 1e-4)[0]) / 2e-4
    return bool(abs(n - g.sum()) <= 1e-3 * max(1, np.abs(g).sum()))


def gradcheck_naive__rounded(f, x):
    """WRONG: compares whole numbers"""
    g = f(x)[1]
    return all(abs(round(numeric(f, x, ix)) - round(float(g[ix]))) <= 1e-6 * abs(g[ix]) + 1 for ix in np.ndindex(*x.shape))


def gradcheck_naive__puts_back_rounded(f, x):
    """WRONG: puts x back with four decimals"""
    g = f(x)[1]
    ok = True
    for ix in np.ndindex(*x.shape):
        ok = ok and rel(numeric(f, x, ix), g[ix]) < 1e-3
        x[ix] = round(float(x[ix]), 4)
    return ok


def gradcheck_naive__clipped(f, x):
    """WRONG: clips both gradients at five before it compares them"""
    g = f(x)[1]
    for ix in np.ndindex(*x.shape):
        if abs(np.clip(numeric(f, x, ix), -5, 5) - np.clip(g[ix], -5, 5)) > 1e-3:
            return False
    return True


def gradcheck_naive__random_entries(f, x):
    """WRONG: checks one random entry"""
    g = f(x)[1]
    ix = tuple(np.random.randint(n) for n in x.shape)
    return rel(numeric(f, x, ix), g[ix]) < 1e-5


def gradcheck_naive__array_result(f, x):
    """WRONG: returns one truth value per entry, which no one can ask for truth"""
    g = np.asarray(f(x)[1])
    n = np.array([numeric(f, x, ix) for ix in np.ndindex(*x.shape)]).reshape(x.shape)
    return np.abs(n - g) < 1e-3 * np.maximum(1, np.abs(g))


def gradcheck_naive__pair(f, x):
    """WRONG: returns (verdict, largest error): a non-empty tuple is always truthy"""
    g = f(x)[1]
    worst = max(rel(numeric(f, x, ix), g[ix]) for ix in np.ndindex(*x.shape))
    return worst < 1e-5, worst
