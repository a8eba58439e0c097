"""Functions and matrices that are handed to the methods."""

from __future__ import annotations

import numpy as np


def growth(x, k, c):
    """Shown as: exp({k} * x) - {c}"""
    return np.exp(k * x) - c


def growth_slope(x, k):
    """Shown as: {k} * exp({k} * x)"""
    return k * np.exp(k * x)


def square(x, c):
    """Shown as: x * x - {c}"""
    return x * x - c


def floor_above(x, c):
    """Shown as: x * x + {c}"""
    return x * x + c


def square_slope(x):
    """Shown as: 2 * x"""
    return 2 * x


def wave(x, rate, phase):
    """Shown as: sin({rate} * x + {phase}) + x"""
    return np.sin(rate * x + phase) + x


def wave_area(a, b, rate, phase):
    return (np.cos(rate * a + phase) - np.cos(rate * b + phase)) / rate + (b * b - a * a) / 2


def orthonormal(A):
    return np.linalg.qr(A)[0]


def with_eigenvalues(basis, spread, first):
    """A symmetric matrix: `first` belongs to the first column of the basis, smaller ones to the others."""
    values = np.concatenate([[first], spread[1:]])
    return basis * values @ basis.T


def definite(A):
    return A @ A.T + 2 * np.eye(len(A))


def turned(real, imaginary):
    return real + 1j * imaginary
