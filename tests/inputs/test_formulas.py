"""A function that is an argument is shown by what its docstring says of it, and its docstring stays with us."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from grader.checks.finding import show_value
from grader.errors import BrokenReference
from grader.reference import Reference, load_reference
from grader.worker.shared.interpreter import make_stub
from grader.worker.shared.steps import OutsideStub

SOURCE = '''\
def line(x, *, slope, at=0.0):
    """A line.

    Shown as: a line through {at}:
    {slope} * x

    More about it.
    """
    return slope * x + at


def bare(x, *, slope):
    return slope * x


def plain(x):
    """Shown as: x + 1"""
    return x + 1


def empty(x):
    """Shown as: nothing"""


class Tokens:
    """Shown as: tokens in the order {order}"""

    def __init__(self, *, order):
        self.order = order
'''


@pytest.fixture
def reference(tmp_path: Path) -> Reference:
    (tmp_path / "stubs.py").write_text(SOURCE)
    return load_reference(tmp_path)


@pytest.mark.parametrize(
    ("name", "data", "shown"),
    [
        ("line", {"slope": np.array([1.5, 2.0]), "at": 3.0}, "a line through 3.0: [1.5, 2. ] * x"),
        ("bare", {"slope": 2.0}, "bare with slope=2.0"),
        ("bare", {}, "bare"),
        ("plain", {}, "x + 1"),
        ("empty", {}, "nothing"),
        ("Tokens", {"order": [1, 0]}, "tokens in the order [1, 0]"),
    ],
)
def test_a_function_is_shown_by_its_formula_else_by_its_name_and_data(
    reference: Reference, name: str, data: dict[str, object], shown: str
) -> None:
    stub = reference.stub(name, data)
    assert show_value(stub) == shown
    assert show_value([OutsideStub("a1", stub)]) == f"[{shown}]"


def test_a_value_that_looks_like_a_name_in_braces_is_no_name(reference: Reference) -> None:
    assert show_value(reference.stub("line", {"slope": "{at}", "at": 1})) == "a line through 1: '{at}' * x"


def test_a_formula_with_a_name_to_which_nothing_is_bound_is_a_flaw_of_the_reference(reference: Reference) -> None:
    with pytest.raises(BrokenReference, match=r"of line has \{at\}, to which the rubric binds nothing"):
        reference.stub("line", {"slope": 2.0})


@pytest.mark.parametrize("name", ["line", "plain", "Tokens"])
def test_a_docstring_stays_outside_of_the_child(reference: Reference, name: str) -> None:
    stub = reference.stub(name, {"slope": 2.0, "at": 1.0, "order": [0]} if name != "plain" else {})
    assert '"""' not in stub.source
    assert "Shown as" not in stub.source


def test_without_its_docstring_a_function_does_the_same(reference: Reference) -> None:
    assert make_stub(reference.stub("line", {"slope": 2.0, "at": 1.0}))(3.0) == 7.0
    assert make_stub(reference.stub("empty", {}))(3.0) is None
