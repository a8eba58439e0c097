"""Lloyd's algorithm (S. P. Lloyd, "Least squares quantization in PCM", 1982): assign points to centers, move centers.

Points are rows: x is (N, D), centers (k, D), labels (N,) with numbers from 0.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Labels = npt.NDArray[np.int64]


def assign(x: Array, centers: Array) -> Labels:
    """The number of the nearest center of each point."""
    return np.asarray(np.argmin(squared_distances(x, centers), axis=1))


def update(x: Array, labels: Labels, centers: Array) -> Array:
    """The mean of each cluster's points; a cluster without points keeps its center."""
    moved = np.array(centers, dtype=float)
    for label in range(len(centers)):
        if np.any(labels == label):
            moved[label] = x[labels == label].mean(axis=0)
    return moved


def inertia(x: Array, labels: Labels, centers: Array) -> float:
    """The sum of the squared distances of points to their centers."""
    return float(np.sum((x - centers[np.asarray(labels, dtype=int)]) ** 2))


class KMeans:
    """k clusters, from a start that `generator` draws."""

    def __init__(self, k: int, generator: np.random.Generator) -> None:
        self.k = k
        self.generator = generator

    def fit(self, x: Array) -> KMeans:
        """Find clusters: assign and update until no label changes."""
        self.centers = x[self.generator.choice(len(x), self.k, replace=False)]
        self.labels = assign(x, self.centers)
        while True:
            self.centers = update(x, self.labels, self.centers)
            before, self.labels = self.labels, assign(x, self.centers)
            if np.array_equal(before, self.labels):
                return self

    def predict(self, z: Array) -> Labels:
        """The cluster of each new point."""
        return assign(z, self.centers)


def squared_distances(x: Array, centers: Array) -> Array:
    """The squared distance of every point to every center, (N, k)."""
    return np.asarray(np.sum((x[:, None, :] - centers[None, :, :]) ** 2, axis=2))


def clearly_nearest(x: Array, centers: Array) -> bool:
    """For a rubric's `where:`. Whether no point is almost as near to a second center, where rounding would decide."""
    if len(centers) == 1:
        return True
    nearest, second = np.sort(squared_distances(x, centers), axis=1)[:, :2].T
    return bool(np.all(second - nearest > 1e-6))


def labels_for(points: int, clusters: int, shift: int) -> Labels:
    """Labels such that every cluster has points, where there are as many points; `shift` turns them round."""
    return np.asarray((np.arange(points) + shift) % clusters)


def two_groups(points: int, width: int, noise: Array) -> Array:
    """Points in two groups, every fifth in the second, so far apart that every start leads to the same clusters."""
    return np.asarray(noise + np.where(np.arange(points) % 5 == 0, 10.0, 0.0)[:, None] * np.ones(width))
