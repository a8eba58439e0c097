"""Smooth functions for `gradcheck_naive`, as they go into a child: `f(x) -> (cost, gradient)` for `x` of any shape.

Each is one function that sees numpy as `np` and nothing else (its annotations too), and gets all its data by keyword: a
right gradient and a wrong one differ in numbers only. Every number may be an array that broadcasts to the shape of `x`,
so that a single entry can be wrong. Each docstring says when the gradient is right, and how reports show the function.

For a solution with the usual step of 1e-4 and threshold of 1e-5, a large gradient must be large in every entry:
the rounding of a cost of 1e9 shows in an entry whose slope is 1.
"""

import numpy as np


def tilt(x: np.ndarray, *, lean: float | np.ndarray, slope: float | np.ndarray) -> tuple[float, np.ndarray]:
    """A plane. Right where `slope == lean`, so a gradient is off by exactly their difference, at every `x`.

    Shown as: a plane: cost sum({lean} * x), gradient {slope}
    """
    return float(np.sum(lean * x)), np.array(slope + 0.0 * x)


def bowl(x: np.ndarray, *, curve: float | np.ndarray, slope: float | np.ndarray) -> tuple[float, np.ndarray]:
    """A paraboloid. Right where `slope == 2 * curve`.

    Shown as: a bowl: cost sum({curve} * x**2), gradient {slope} * x
    """
    return float(np.sum(curve * x * x)), np.array(slope * x)


def saddle(
    x: np.ndarray, *, height: float | np.ndarray, weight: float | np.ndarray, slope: float | np.ndarray
) -> tuple[float, np.ndarray]:
    """The square of a weighted sum: every slope hangs on all entries. Right where `slope == 2 * height * weight`.

    `height` is a single number.

    Shown as: a saddle: cost {height} * sum({weight} * x)**2, gradient {slope} * sum({weight} * x)
    """
    together = np.sum(weight * x)
    return float(height * together * together), np.array(slope * together + 0.0 * x)


def wave(
    x: np.ndarray, *, height: float | np.ndarray, rate: float | np.ndarray, slope: float | np.ndarray
) -> tuple[float, np.ndarray]:
    """A sum of sines. Right where `slope == height * rate`; the slopes take both signs.

    Shown as: a wave: cost sum({height} * sin({rate} * x)), gradient {slope} * cos({rate} * x)
    """
    return float(np.sum(height * np.sin(rate * x))), np.array(slope * np.cos(rate * x))


def growth(
    x: np.ndarray, *, height: float | np.ndarray, rate: float | np.ndarray, slope: float | np.ndarray
) -> tuple[float, np.ndarray]:
    """A sum of exponentials. Right where `slope == height * rate`.

    Shown as: growth: cost sum({height} * exp({rate} * x)), gradient {slope} * exp({rate} * x)
    """
    return float(np.sum(height * np.exp(rate * x))), np.array(slope * np.exp(rate * x))


def ramp(
    x: np.ndarray, *, height: float | np.ndarray, rate: float | np.ndarray, slope: float | np.ndarray
) -> tuple[float, np.ndarray]:
    """A sum of softplus functions: a loss that flattens out. Right where `slope == height * rate`.

    Shown as: a ramp: cost sum({height} * log(1 + exp({rate} * x))), gradient {slope} / (1 + exp(-{rate} * x))
    """
    return float(np.sum(height * np.log1p(np.exp(rate * x)))), np.array(slope / (1.0 + np.exp(-rate * x)))


def peak(x: np.ndarray, *, height: float | np.ndarray, slope: float | np.ndarray) -> tuple[float, np.ndarray]:
    """The logarithm of a sum of exponentials over all entries. Right where `slope == height`, a single number.

    Shown as: a peak: cost {height} * log(sum(exp(x))), gradient {slope} * exp(x) / sum(exp(x))
    """
    powers = np.exp(x)
    return float(height * np.log(np.sum(powers))), np.array(slope * powers / np.sum(powers))


def hills(
    x: np.ndarray,
    *,
    curve: float | np.ndarray,
    height: float | np.ndarray,
    rate: float | np.ndarray,
    slope: float | np.ndarray,
    swing: float | np.ndarray,
) -> tuple[float, np.ndarray]:
    """A paraboloid with waves on it. Right where `slope == 2 * curve` and `swing == height * rate`.

    Shown as: hills: cost sum({curve} * x**2 - {height} * cos({rate} * x)),
    gradient {slope} * x + {swing} * sin({rate} * x)
    """
    cost = np.sum(curve * x * x - height * np.cos(rate * x))
    return float(cost), np.array(slope * x + swing * np.sin(rate * x))
