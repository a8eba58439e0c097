import numpy as np


def assign(x, centers):
    return np.argmin(np.linalg.norm(x[:, None, :] - centers, axis=2), axis=1)


def update(x, labels, centers):
    moved = centers.copy()
    for j in range(len(centers)):
        if np.sum(labels == j) > 0:
            moved[j] = np.sum(x[labels == j], axis=0)
    return moved


def inertia(x, labels, centers):
    return np.sum(np.linalg.norm(x - centers[labels], axis=1) ** 2)


class KMeans(object):
    def __init__(self, k, generator):
        self.k, self.generator = k, generator

    def fit(self, x):
        self.centers = x[self.generator.choice(len(x), self.k, replace=False)]
        self.labels = assign(x, self.centers)
        self.centers = update(x, self.labels, self.centers)
        return self

    def predict(self, z):
        return assign(z, self.centers)
