"""Arguments that are objects rather than values: made anew in the child for each call, from source and data."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from grader.worker.shared.steps import Stub


class ObjectArgument(NamedTuple):
    """An object that a child makes by calling a stub: of a class of the reference's, say a data set to sample from."""

    stub: Stub


class SeededGenerator(np.random.Generator):
    """A random generator that knows its seed, so that a child can make one just like it.

    The reference's functions may draw from it; a student gets a generator of plain numpy in its first state.
    """

    def __init__(self, seed: int) -> None:
        super().__init__(np.random.PCG64(seed))
        self.seed = int(seed)


def seeded_generator(seed: int) -> ObjectArgument:
    """What `rng(7)` becomes as an argument: numpy's own `default_rng(7)`."""
    return ObjectArgument(Stub("def rng(seed):\n    return np.random.default_rng(seed)\n", "rng", {"seed": seed}))
