import numpy as np


def rk4_step(f, t, y, h):
    k1 = f(t, y)
    k2 = f(t + h / 2, y + h / 2 * k1)
    k3 = f(t + h / 2, y + h / 2 * k2)
    k4 = f(t + h, y + h * k3)
    return y + h * (k1 + 2 * (k2 + k3) + k4) / 6


def integrate(f, t0, y0, t1, n):
    h = (t1 - t0) / n
    t, y = t0, y0
    times, states = [], []
    for i in range(n):
        y = rk4_step(f, t, y, h)
        t = t0 + (i + 1) * h
        times.append(t)
        states.append(y)
    return np.array(times), np.array(states)
