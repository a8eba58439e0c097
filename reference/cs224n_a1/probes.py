"""What goes into a child as an argument: costs, a data set to sample from. Each sees numpy as `np`; none is secret."""

import numpy as np


def noisy(x: np.ndarray, *, curve: np.ndarray, slope: np.ndarray) -> tuple[float, np.ndarray]:
    """A paraboloid at a random height. Its gradient is right where `slope == 2 * curve`.

    Shown as: a bowl with noise: cost sum({curve} * x**2) + 10 * random.random(), gradient {slope} * x
    """
    import random

    return float(np.sum(curve * x * x) + 10 * random.random()), np.array(slope * x)


def stand_in(
    predicted: np.ndarray,
    target: int,
    outputVectors: np.ndarray,
    dataset: object = None,
    K: int = 10,
    *,
    weight: float,
) -> tuple[float, np.ndarray, np.ndarray]:
    """A made-up cost of a word pair, with the parameters of the handout's: (cost, gradPred, grad) in their shapes."""
    v = np.ravel(predicted)
    output = outputVectors[target]
    cost = np.cos(weight * (v @ output)) + v @ v + (1 + target) * np.sum(output)
    toward = -weight * np.sin(weight * (v @ output))
    grad = np.zeros(outputVectors.shape)
    grad[target] = toward * v + 1 + target
    grad += 0.1 * v
    return float(cost), np.reshape(toward * output + 2 * v, np.shape(predicted)), grad


def pulled(x: np.ndarray, *, centre: np.ndarray, strength: float) -> tuple[float, np.ndarray]:
    """A cost to descend: a paraboloid around `centre`.

    Shown as: a bowl: cost {strength} / 2 * sum((x - {centre})**2), gradient {strength} * (x - {centre})
    """
    return float(0.5 * strength * np.sum((x - centre) ** 2)), strength * (x - centre)


def shrunk(x: np.ndarray, *, factor: float, shift: float) -> np.ndarray:
    """A postprocessing that can't be overlooked.

    Shown as: {factor} * x + {shift}
    """
    return factor * x + shift


class Tokens:
    """A data set whose samples come in a known order, again from the start when it is used up."""

    def __init__(self, *, order: list[int]) -> None:
        self._order = [int(token) for token in order]
        self._next = 0

    def sampleTokenIdx(self) -> int:
        """The next token."""
        token = self._order[self._next % len(self._order)]
        self._next += 1
        return token
