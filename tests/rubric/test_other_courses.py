"""What courses on statistics, learning and dynamic programming hand out, as the pages say it: right and wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
from docs.pages import files
from rubric.language import Course

from grader.sandbox.sandbox import Sandbox

BOOTSTRAP = """\
def bootstrap(x, statistic, count, rng):
    values = []
    for _ in range(count):
        values.append(statistic(rng.choice(x, size=x.size, replace=True)))
    return np.asarray(values)
"""
TD = """\
def td_update(V, episode, rate, discount):
    for state, reward, following in episode:
        V[state] = (1 - rate) * V[state] + rate * (reward + discount * V[following])
"""
EDITS = """\
def edit_distance(a, b):
    D = np.zeros((len(a) + 1, len(b) + 1), dtype=int)
    D[:, 0], D[0] = np.arange(len(a) + 1), np.arange(len(b) + 1)
    for i in range(len(a)):
        for j in range(len(b)):
            D[i + 1, j + 1] = min(D[i, j + 1] + 1, D[i + 1, j] + 1, D[i, j] + (a[i] != b[j]))
    return D[-1, -1]
"""


@pytest.mark.parametrize(
    ("shape", "right", "old", "new"),
    [
        ("bootstrap", BOOTSTRAP, "replace=True", "replace=False"),
        ("td", TD, "discount * V[following]", "discount * V[state]"),
        ("td", TD, "for state", "V = V.copy()\n    for state"),
        ("edits", EDITS, "D[i, j] + (a[i] != b[j])", "D[i, j] + 1"),
        ("edits", EDITS, "D[:, 0], D[0] = np.arange(len(a) + 1)", "D[:, 0], D[0] = 0"),
    ],
)
def test_a_right_solution_earns_every_point_and_a_wrong_one_none(
    tmp_path: Path, box: Sandbox, shape: str, right: str, old: str, new: str
) -> None:
    texts = files("shape")
    course = Course(tmp_path, box, texts[f"{shape}.yaml"].partition("functions:\n")[2], texts[f"{shape}.py"])
    full, wrong = course.only(right), course.only(right.replace(old, new))
    assert (full.score, wrong.score) == (full.max_score, 0)
