"""What goes wrong in one Runge-Kutta step and in a trajectory, and what is right too."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from solution import RightHandSide, integrate, rk4_step, trajectory

from grader.reference import convention, mistake, right

Array = npt.NDArray[np.float64]


@right("rk4_step", name="increments instead of slopes")
def rk4_step_by_increments(f: RightHandSide, t: float, y: Array, h: float) -> Array:
    a = h * f(t, y)
    b = h * f(t + 0.5 * h, y + 0.5 * a)
    c = h * f(t + 0.5 * h, y + 0.5 * b)
    d = h * f(t + h, y + c)
    return np.asarray(y + (a + d) / 6 + (b + c) / 3)


@mistake("rk4_step", name="Euler's method", hint="How many times does the method look at f in one step?", credit="1/5")
def rk4_step_as_euler(f: RightHandSide, t: float, y: Array, h: float) -> Array:
    return np.asarray(y + h * f(t, y))


@mistake("rk4_step", name="the midpoint method", hint="The second slope is not the last one.", credit="1/4")
def rk4_step_as_midpoint(f: RightHandSide, t: float, y: Array, h: float) -> Array:
    return np.asarray(y + h * f(t + h / 2, y + h / 2 * f(t, y)))


@mistake(
    "rk4_step",
    name="the same weight for all four slopes",
    hint="The slopes at the middle count twice, and the weights add up to one.",
    credit="1/2",
)
def rk4_step_with_equal_weights(f: RightHandSide, t: float, y: Array, h: float) -> Array:
    k1, k2, k3, k4 = _slopes(f, t, y, h)
    return np.asarray(y + h / 4 * (k1 + k2 + k3 + k4))


@mistake(
    "rk4_step",
    name="every slope taken at the time of the first",
    hint="f hangs on the time too: when are the second, third and fourth slope taken?",
    credit="1/2",
)
def rk4_step_without_time(f: RightHandSide, t: float, y: Array, h: float) -> Array:
    return rk4_step(lambda _, state: f(t, state), t, y, h)


@mistake(
    "rk4_step",
    name="whole steps to the middle slopes",
    hint="The second and third slope are taken half a step ahead, in t and in y.",
    credit="1/2",
)
def rk4_step_with_whole_steps(f: RightHandSide, t: float, y: Array, h: float) -> Array:
    k1 = f(t, y)
    k2 = f(t + h / 2, y + h * k1)
    k3 = f(t + h / 2, y + h * k2)
    k4 = f(t + h, y + h * k3)
    return np.asarray(y + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4))


@mistake(
    "rk4_step",
    name="the third slope taken with the first",
    hint="Each slope is taken where the one just before it leads.",
    credit="1/2",
)
def rk4_step_with_first_slope_twice(f: RightHandSide, t: float, y: Array, h: float) -> Array:
    k1 = f(t, y)
    k2 = f(t + h / 2, y + h / 2 * k1)
    k3 = f(t + h / 2, y + h / 2 * k1)
    k4 = f(t + h, y + h * k3)
    return np.asarray(y + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4))


@mistake("rk4_step", name="the increment without the state", hint="For h = 0 the result should be y.", credit="1/2")
def rk4_step_without_state(f: RightHandSide, t: float, y: Array, h: float) -> Array:
    return rk4_step(f, t, y, h) - y


@mistake(
    "rk4_step",
    name="right numbers, but the argument is overwritten with them",
    hint="What does y hold after the call? += changes the caller's array.",
    credit="9/10",
)
def rk4_step_in_place(f: RightHandSide, t: float, y: Array, h: float) -> Array:
    y += rk4_step(f, t, y, h) - y
    return y


def _slopes(f: RightHandSide, t: float, y: Array, h: float) -> tuple[Array, Array, Array, Array]:
    k1 = f(t, y)
    k2 = f(t + h / 2, y + h / 2 * k1)
    k3 = f(t + h / 2, y + h / 2 * k2)
    return k1, k2, k3, f(t + h, y + h * k3)


@convention("integrate", name="one column for each time")
def integrate_in_columns(f: RightHandSide, t0: float, y0: Array, t1: float, n: int) -> tuple[Array, Array]:
    times, states = integrate(f, t0, y0, t1, n)
    return times, states.T


@right("integrate", name="arrays that are filled")
def integrate_into_arrays(f: RightHandSide, t0: float, y0: Array, t1: float, n: int) -> tuple[Array, Array]:
    times = np.linspace(t0, t1, n + 1)
    states = np.zeros((n + 1, len(y0)))
    states[0] = y0
    for i in range(n):
        states[i + 1] = rk4_step(f, times[i], states[i], times[i + 1] - times[i])
    return times, states


# The next ones are right, but for the step that they take: what they lose is charged to the step.


@mistake("integrate", name="steps of Euler's method", hint="Mend rk4_step, and look again.", credit="9/10")
def integrate_by_euler(f: RightHandSide, t0: float, y0: Array, t1: float, n: int) -> tuple[Array, Array]:
    return trajectory(rk4_step_as_euler, f, t0, y0, t1, n)


@mistake("integrate", name="steps of the midpoint method", hint="Mend rk4_step, and look again.", credit="9/10")
def integrate_by_midpoint(f: RightHandSide, t0: float, y0: Array, t1: float, n: int) -> tuple[Array, Array]:
    return trajectory(rk4_step_as_midpoint, f, t0, y0, t1, n)


@mistake("integrate", name="steps with four equal weights", hint="Mend rk4_step, and look again.", credit="9/10")
def integrate_with_equal_weights(f: RightHandSide, t0: float, y0: Array, t1: float, n: int) -> tuple[Array, Array]:
    return trajectory(rk4_step_with_equal_weights, f, t0, y0, t1, n)


@mistake("integrate", name="steps that forget the time", hint="Mend rk4_step, and look again.", credit="9/10")
def integrate_without_time(f: RightHandSide, t0: float, y0: Array, t1: float, n: int) -> tuple[Array, Array]:
    return trajectory(rk4_step_without_time, f, t0, y0, t1, n)


@mistake(
    "integrate",
    name="the first state left out",
    hint="n steps have n + 1 ends: how many times and states should come back?",
    credit="1/2",
)
def integrate_without_start(f: RightHandSide, t0: float, y0: Array, t1: float, n: int) -> tuple[Array, Array]:
    times, states = integrate(f, t0, y0, t1, n)
    return times[1:], states[1:]


@mistake(
    "integrate",
    name="the last step left out",
    hint="n steps have n + 1 ends: how many times and states should come back?",
    credit="1/2",
)
def integrate_without_end(f: RightHandSide, t0: float, y0: Array, t1: float, n: int) -> tuple[Array, Array]:
    times, states = integrate(f, t0, y0, t1, n)
    return times[:-1], states[:-1]


@mistake(
    "integrate",
    name="steps that start at time zero",
    hint="Does your step know t0? Try an interval that does not start at 0.",
    credit="1/2",
)
def integrate_from_zero(f: RightHandSide, t0: float, y0: Array, t1: float, n: int) -> tuple[Array, Array]:
    return integrate(f, 0.0, y0, t1, n)


@mistake(
    "integrate",
    name="n times instead of n steps",
    hint="How long is one step, when n of them lead from t0 to t1?",
    credit="1/2",
)
def integrate_with_n_times(f: RightHandSide, t0: float, y0: Array, t1: float, n: int) -> tuple[Array, Array]:
    return integrate(f, t0, y0, t1, max(n - 1, 1))


@mistake(
    "integrate",
    name="one array for the states at all times",
    hint="Are the rows of your states different arrays? A list that holds one array n times shows its last value.",
    credit="1/4",
)
def integrate_into_one_state(f: RightHandSide, t0: float, y0: Array, t1: float, n: int) -> tuple[Array, Array]:
    times, states = integrate(f, t0, y0, t1, n)
    return times, np.array([states[-1]] * len(states))
