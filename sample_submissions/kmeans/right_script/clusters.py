import numpy as np


def assign(x, centers):
    labels = np.zeros(len(x))
    for i in range(len(x)):
        best = None
        for j in range(len(centers)):
            d = np.sqrt(np.sum((x[i] - centers[j]) ** 2))
            if best is None or d < best:
                best = d
                labels[i] = j
    return labels


def update(x, labels, centers):
    new = centers.copy()
    for j in range(centers.shape[0]):
        mine = x[labels == j]
        if len(mine) > 0:
            new[j] = np.mean(mine, axis=0)
    return new


def inertia(x, labels, centers):
    total = 0.0
    for point, label in zip(x, labels):
        total += np.sum((point - centers[int(label)]) ** 2)
    return total


class KMeans:
    def __init__(self, k, generator):
        self.k = k
        self.generator = generator

    def fit(self, x):
        order = self.generator.permutation(len(x))
        self.centers = x[order[:self.k]].copy()
        self.labels = assign(x, self.centers)
        for _ in range(100):
            self.centers = update(x, self.labels, self.centers)
            labels = assign(x, self.centers)
            if (labels == self.labels).all():
                break
            self.labels = labels
        return self

    def predict(self, z):
        return assign(z, self.centers)


if __name__ == "__main__":
    points = np.random.randn(100, 2)
    print(KMeans(3, np.random.default_rng()).fit(points).centers)
