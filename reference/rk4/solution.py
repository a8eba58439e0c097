"""The classical Runge-Kutta method of fourth order (W. Kutta, 1901) for y' = f(t, y), one step and many."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
RightHandSide = Callable[[float, Array], Array]


def rk4_step(f: RightHandSide, t: float, y: Array, h: float) -> Array:
    """The state at `t + h`, in the shape of `y`: four slopes, weighted 1, 2, 2, 1."""
    k1 = f(t, y)
    k2 = f(t + h / 2, y + h / 2 * k1)
    k3 = f(t + h / 2, y + h / 2 * k2)
    k4 = f(t + h, y + h * k3)
    return np.asarray(y + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4))


def integrate(f: RightHandSide, t0: float, y0: Array, t1: float, n: int) -> tuple[Array, Array]:
    """The times (n + 1,) from `t0` to `t1`, and the states (n + 1, D) at them, from n equal steps."""
    return trajectory(rk4_step, f, t0, y0, t1, n)


def trajectory(
    step: Callable[[RightHandSide, float, Array, float], Array],
    f: RightHandSide,
    t0: float,
    y0: Array,
    t1: float,
    n: int,
) -> tuple[Array, Array]:
    """Times and states, with any method for the single step."""
    times = t0 + (t1 - t0) * np.arange(n + 1) / n
    states = [np.array(y0, dtype=float)]
    for t in times[:-1]:
        states.append(step(f, float(t), states[-1], (t1 - t0) / n))
    return times, np.array(states)


def turned(y0: Array, time: float) -> Array:
    """The exact solution of the stub `turning`, `time` after the state `y0`."""
    cosine, sine = np.cos(time), np.sin(time)
    return np.array([cosine * y0[0] - sine * y0[1], sine * y0[0] + cosine * y0[1]])


def last_state(states: Array, y0: Array) -> Array:
    """The state at the end of a trajectory, whether it has a row or a column for each time."""
    states = np.asarray(states)
    return np.asarray(states[-1] if states.shape[1:] == np.shape(y0) else states[:, -1])
