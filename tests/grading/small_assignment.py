"""An assignment of four small functions, in which slips have their prices."""

from __future__ import annotations

from pathlib import Path

from grader.plan.assignment import load_assignment
from grader.plan.plan import Plan, make_plan

RIGHT = """\
import numpy as np


def double(x, shift):
    total = 3 * x + shift
    return np.multiply(2, total)


def both(x):
    lowest = np.min(x)
    highest = np.max(x)
    return lowest, highest


def spread(x):
    low, high = both(x)
    return np.subtract(high, low)


def count(x):
    number = 0
    for entry in x.ravel():
        if entry > 0:
            number += 1
    return number
"""
RUBRIC = """\
schema: 1
assignment: Small
packages: [numpy]
slips: {missing import: 2, misspelt name: 1, parameter order: 2, printed: 3, syntax: 5, indentation: 4, result order: 2}
sizes: {some: {N: 4}}
functions:
  double:
    points: 10
    arguments: {x: "normal(N)", shift: "normal()"}
    checks: [{value: values, points: 8}, {unchanged: leaves x alone, points: 2}]
  both:
    points: 10
    arguments: {x: "normal(N)"}
    returns: {low: number, high: number}
    checks: [{value: low, part: low, points: 5}, {value: high, part: high, points: 5}]
  spread:
    points: 10
    needs: [both]
    arguments: {x: "normal(N)"}
    returns: number
    checks: [{value: values, points: 10}]
  count:
    points: 10
    arguments: {x: "normal(N)"}
    returns: number
    checks: [{value: values, times: 5, points: 10}]
"""


def small_plan(folder: Path) -> Plan:
    """Its questions; rubric and reference are written into a folder."""
    (folder / "small.yaml").write_text(RUBRIC)
    (folder / "small").mkdir()
    (folder / "small" / "reference.py").write_text(RIGHT)
    return make_plan(load_assignment(folder / "small.yaml"), 5)


def changed(*pairs: tuple[str, str]) -> str:
    text = RIGHT
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new, 1)
    return text
