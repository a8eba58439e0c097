import numpy as np
import matplotlib.pyplot as plt


def rk4_step(f, t, y, h):
    k1 = h * f(t, y)
    k2 = h * f(t + h / 2.0, y + k1 / 2.0)
    k3 = h * f(t + h / 2.0, y + k2 / 2.0)
    k4 = h * f(t + h, y + k3)
    return y + (k1 + 2 * k2 + 2 * k3 + k4) / 6.0


def integrate(f, t0, y0, t1, n):
    h = (t1 - t0) / n
    ts = np.zeros(n + 1)
    ys = np.zeros((n + 1, len(y0)))
    ts[0] = t0
    ys[0, :] = y0
    for i in range(n):
        ys[i + 1, :] = rk4_step(f, ts[i], ys[i, :], h)
        ts[i + 1] = t0 + (i + 1) * h
    return ts, ys


ts, ys = integrate(lambda t, y: -y, 0.0, np.array([1.0]), 5.0, 50)
plt.plot(ts, ys)
plt.plot(ts, np.exp(-ts), "--")
plt.show()
