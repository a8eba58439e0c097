import numpy as np


def assign(x, centers):
    return np.linalg.norm(x[:, None] - centers[None], axis=-1).argmin(axis=1)


def update(x, labels, centers):
    return np.array([x[labels == j].mean(axis=0) for j in range(len(centers))])


def inertia(x, labels, centers):
    return np.sum((x - centers[labels]) ** 2)


class KMeans:
    def __init__(self, k, generator):
        self.k = k

    def fit(self, x):
        self.centers = x[np.random.choice(len(x), self.k, replace=False)]
        for _ in range(50):
            self.labels = assign(x, self.centers)
            self.centers = update(x, self.labels, self.centers)
        return self
