"""Right-hand sides f(t, y), as they go into a child: each sees numpy as `np` and gets its data by keyword."""

import numpy as np


def driven(t: float, y: np.ndarray, *, matrix: np.ndarray, force: np.ndarray, rate: float) -> np.ndarray:
    """A linear system that is driven by a wave: both t and y matter in every slope.

    Shown as: {matrix} @ y + {force} * cos({rate} * t)
    """
    return matrix @ y + force * np.cos(rate * t)


def logistic(t: float, y: np.ndarray, *, rate: float, capacity: float) -> np.ndarray:
    """Growth that saturates, for each entry by itself.

    Shown as: {rate} * y * (1 - y / {capacity})
    """
    return rate * y * (1 - y / capacity)


def pulse(t: float, y: np.ndarray, *, height: np.ndarray) -> np.ndarray:
    """A slope that hangs on time alone.

    Shown as: {height} * exp(-t * t)
    """
    return height * np.exp(-t * t)


def turning(t: float, y: np.ndarray) -> np.ndarray:
    """A point of the plane that goes round the origin, one radian in a unit of time.

    Shown as: [-y[1], y[0]]
    """
    return np.array([-y[1], y[0]])
