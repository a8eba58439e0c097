"""An assignment of one function, small enough to be broken in every way."""

from __future__ import annotations

from pathlib import Path

RUBRIC = """\
schema: 1
assignment: "Doubling"
reference: doubling
sizes:
  different: {N: 4}
  one: {N: 1}
functions:
  double:
    points: 10
    promise: "Twice each entry."
    arguments: {x: "normal(N)"}
    checks:
      - {value: entries, points: 6}
      - {unchanged: leaves x alone, points: 2}
      - {repeatable: the same answer, points: 2}
"""

REFERENCE = """\
import numpy as np


def double(x):
    return 2 * x
"""

VARIANTS = """\
import numpy as np
from solution import double

from grader.reference import convention, mistake, right


@mistake("double", name="the square", hint="Twice two isn't two times two, by chance.", credit="1/2")
def square(x):
    return x * x


@mistake("double", name="one entry for all", hint="Every entry counts.")
def first(x):
    return np.full(x.shape, 2 * x[0] + 1)


@right("double", name="a sum")
def summed(x):
    return x + x


@convention("double", name="halves")
def halved(x):
    return x / 2
"""

RIGHT = "def double(x):\n    return x + x\n"
SQUARE = "def double(x):\n    return x * x\n"


def assignment(folder: Path, rubric: str = RUBRIC, reference: str = REFERENCE, variants: str = VARIANTS) -> Path:
    """Write the assignment with a right sample into a folder, and give the path of its rubric."""
    files = {
        "doubling.yaml": rubric,
        "doubling/solution.py": reference,
        "doubling/variants.py": variants,
    }
    for name, text in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    sample(folder, "right", RIGHT, "{}")
    return folder / "doubling.yaml"


def sample(folder: Path, name: str, source: str, functions: str) -> Path:
    """Write a sample beside the rubric, and give its folder."""
    place = folder / "sample_submissions" / "doubling" / name
    place.mkdir(parents=True)
    (place / "hw.py").write_text(source, encoding="utf-8")
    expected = f"about: a sample\nsubmission: hw.py\nfunctions: {functions}\n"
    (place / "expected.yaml").write_text(expected, encoding="utf-8")
    return place
