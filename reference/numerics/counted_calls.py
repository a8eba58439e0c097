"""What only counting shows: how often a method calls the function that it is given."""

from __future__ import annotations

import numpy as np
from inputs import growth

from grader.reference import check

#: Both ends, a value at the result, and a half more than is needed.
_BESIDE_HALVES = 5


@check(
    "bisection",
    title="one call for each half",
    points=3,
    requires=["where growth reaches a bound"],
    hint="Keep the signs at the ends: f is called once for each half.",
)
def calls_once_for_each_half(student, draw):
    k, c, a, b, tol = draw.uniform(0.6, 1.4), draw.uniform(2, 4), draw.uniform(-2, -1), draw.uniform(3, 5), 1e-9
    f = draw.counted(lambda x: growth(x, k, c))
    root = student.bisection(f, a, b, tol)
    halves = int(np.ceil(np.log2((b - a) / tol)))
    draw.show(halves=halves, calls=f.calls)
    draw.close(root, np.log(c) / k, within=1e-7)
    draw.holds(f.calls <= halves + _BESIDE_HALVES, what=f"f is called at most {halves + _BESIDE_HALVES} times")
