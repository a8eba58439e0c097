import numpy as np


def rk4_step(f, t, y, h):
    return y + h * f(t, y)


def integrate(f, t0, y0, t1, n):
    times = np.linspace(t0, t1, n + 1)
    states = np.empty((n + 1,) + y0.shape)
    states[0] = y0
    h = times[1] - times[0]
    for i in range(n):
        states[i + 1] = rk4_step(f, times[i], states[i], h)
    return times, states
