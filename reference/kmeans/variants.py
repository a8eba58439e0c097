"""What goes wrong in k-means, and what is right too."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from solution import KMeans, assign, inertia, squared_distances, update

from grader.reference import convention, mistake, right

Array = npt.NDArray[np.float64]
Labels = npt.NDArray[np.int64]


@right("assign", name="point by point")
def assign_by_loops(x: Array, centers: Array) -> Labels:
    return np.array([int(np.argmin([np.linalg.norm(point - center) for center in centers])) for point in x])


@mistake("assign", name="the farthest center", hint="Near is a small distance: the smallest of them all.", credit="1/2")
def assign_to_farthest(x: Array, centers: Array) -> Labels:
    return np.asarray(np.argmax(squared_distances(x, centers), axis=1))


@mistake(
    "assign",
    name="the nearest point of each center",
    hint="Your distances have an axis for points and one for centers: over which one do you look for the smallest?",
    credit="1/2",
)
def assign_along_the_other_axis(x: Array, centers: Array) -> Labels:
    return np.asarray(np.argmin(squared_distances(x, centers), axis=0))


@mistake(
    "assign",
    name="the sum of the differences as distance",
    hint="Differences of both signs cancel each other. What does the Euclidean distance do before it adds them up?",
    credit="1/4",
)
def assign_by_plain_sums(x: Array, centers: Array) -> Labels:
    return np.asarray(np.argmin(np.abs(np.sum(x[:, None, :] - centers[None, :, :], axis=2)), axis=1))


@mistake("assign", name="labels that start at one", hint="Python counts from zero.", credit="3/4")
def assign_from_one(x: Array, centers: Array) -> Labels:
    return assign(x, centers) + 1


@mistake("assign", name="distances instead of labels", hint="Due is the number of the center, not how far it is.")
def assign_distances(x: Array, centers: Array) -> Array:
    return np.asarray(np.min(squared_distances(x, centers), axis=1))


@right("update", name="sums over counts")
def update_by_counts(x: Array, labels: Labels, centers: Array) -> Array:
    member = (np.asarray(labels)[None, :] == np.arange(len(centers))[:, None]).astype(float)
    counts = member.sum(axis=1, keepdims=True)
    return np.asarray(np.where(counts > 0, member @ x / np.maximum(counts, 1), centers))


@mistake(
    "update",
    name="NaN for a cluster without points",
    hint="What is the mean of no points? Such a cluster keeps its center.",
    credit="1/2",
)
def update_with_nan(x: Array, labels: Labels, centers: Array) -> Array:
    return np.array([x[labels == j].mean(axis=0) for j in range(len(centers))])


@mistake(
    "update",
    name="zeros for a cluster without points",
    hint="A cluster without points keeps its center. Where does the array that you fill get its first values from?",
    credit="1/2",
)
def update_with_zeros(x: Array, labels: Labels, centers: Array) -> Array:
    empty = np.array([not np.any(labels == j) for j in range(len(centers))])
    return np.asarray(np.where(empty[:, None], 0.0, update(x, labels, centers)))


@mistake("update", name="sums instead of means", hint="Divide by the number of points in the cluster.", credit="1/2")
def update_with_sums(x: Array, labels: Labels, centers: Array) -> Array:
    sums = np.array(centers)
    for j in range(len(centers)):
        if np.any(labels == j):
            sums[j] = x[labels == j].sum(axis=0)
    return sums


@mistake(
    "update",
    name="one number for all coordinates",
    hint="A mean over the points keeps the coordinates apart: along which axis do you take it?",
    credit="1/4",
)
def update_over_all_axes(x: Array, labels: Labels, centers: Array) -> Array:
    means = update(x, labels, centers)
    filled = np.array([np.any(labels == j) for j in range(len(centers))])
    return np.asarray(np.where(filled[:, None], means.mean(axis=1, keepdims=True), means))


@mistake(
    "update",
    name="right numbers, but the argument is overwritten with them",
    hint="What does centers hold after the call? Begin with a copy.",
    credit="4/5",
)
def update_in_place(x: Array, labels: Labels, centers: Array) -> Array:
    centers[...] = update(x, labels, centers)
    return centers


@convention("inertia", name="the mean over the points")
def inertia_as_mean(x: Array, labels: Labels, centers: Array) -> float:
    return inertia(x, labels, centers) / len(x)


@mistake("inertia", name="distances that aren't squared", hint="Inertia adds up squares.", credit="1/2")
def inertia_of_distances(x: Array, labels: Labels, centers: Array) -> float:
    return float(np.sum(np.sqrt(np.sum((x - centers[labels]) ** 2, axis=1))))


@mistake(
    "KMeans.fit",
    name="a single round",
    hint="After the first update, are the labels still right? Go on until none changes.",
    credit="1/2",
)
class KMeansOfOneRound(KMeans):
    """Assigns and updates once."""

    def fit(self, x: Array) -> KMeans:
        self.centers = x[self.generator.choice(len(x), self.k, replace=False)]
        self.labels = assign(x, self.centers)
        self.centers = update(x, self.labels, self.centers)
        return self


@mistake(
    "KMeans.fit",
    name="centers that never move",
    hint="fit ends with centers in the middle of their points: is update called?",
    credit="1/3",
)
class KMeansWithoutUpdate(KMeans):
    """Stays with the start."""

    def fit(self, x: Array) -> KMeans:
        self.centers = x[self.generator.choice(len(x), self.k, replace=False)]
        self.labels = assign(x, self.centers)
        return self


@mistake(
    "KMeans.predict",
    name="the labels of the points that were fitted",
    hint="predict gets new points: compare them with the centers.",
)
class KMeansThatRemembers(KMeans):
    """Predicts what it has seen."""

    def predict(self, z: Array) -> Labels:
        return self.labels
