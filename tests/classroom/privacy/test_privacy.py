"""What goes back to students holds nothing hidden, and nothing of anybody else."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from classroom.classes import graded, write
from planted.assemble import source, variants

from grader.checks.finding import show_value
from grader.plan.assignment import load_assignment
from grader.plan.plan import all_questions, make_plan

SEED = 918273645546372
#: Numbers that nobody meets by chance.
NUMBER = re.compile(r"\d+\.\d{4,}")
NAMES = ("Ada Byron", "Bo Li", "Cy Twombly", "Di Prima", "Eve Arden", "Flo Hyman")
IDS = ("10", "11", "12", "13", "18", "19")


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A class of wrong solutions, which print and raise whatever they are given."""
    top = tmp_path_factory.mktemp("class")
    wrong = [each for each in variants("wrong") if each.function != "all"]
    sources = [*(source(each) for each in wrong[:: len(wrong) // 4][:4]), CHATTY, CHATTY]  # twice the same files
    handed_in = zip(NAMES, IDS, sources, strict=True)
    files = {f"{name}_{student}_assignsubmission_file/hw1.py": text for name, student, text in handed_in}
    graded(write(top / "class", files), top / "out", Path("assignment1"), seed=SEED)
    return top / "out"


CHATTY = """
import numpy as np

def softmax(x):
    print("softmax was given", x.tolist())
    raise ValueError(f"cannot do {x.tolist()}")

def sigmoid(x):
    print("sigmoid was given", repr(x))
    return x

def forward(x, W1, b1, W2, b2):
    class Told(Exception):
        pass
    raise Told(repr(W1))

def cross_entropy(y, y_hat):
    return f"{y_hat.tolist()}"
"""


def returned(out: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in sorted((out / "private" / "preview").iterdir())}


def checks(report: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for function in report["functions"]:
        yield from function["checks"]


def numbers(value: Any) -> set[str]:
    return set(NUMBER.findall(show_value(value) if not isinstance(value, str) else value))


def test_the_search_finds_what_it_looks_for(out: Path) -> None:
    """The instructor's reports do hold what students' must not."""
    private = "".join(path.read_text() for path in (out / "private" / "reports").iterdir())
    assert numbers(private) & hidden()
    assert str(SEED) in private


def hidden() -> set[str]:
    """Every number that a hidden question draws or expects, and no public one does."""
    plan = make_plan(load_assignment("assignment1"), SEED)
    found: dict[bool, set[str]] = {True: set(), False: set()}
    for question in all_questions(plan):
        arrays = [value for value in question.situation.names.values() if isinstance(value, np.ndarray | float)]
        mine = found[question.check.visibility == "public"]
        for value in (*arrays, plan.truths.of(question)):
            mine |= numbers(value) | numbers(repr(value)) | numbers(str(getattr(value, "tolist", lambda: "")()))
    return found[False] - found[True]


def test_no_hidden_input_or_truth_goes_back_to_students(out: Path) -> None:
    secret = hidden()
    assert len(secret) > 500
    for name, text in returned(out).items():
        assert not numbers(text) & secret, name


def test_hidden_checks_show_a_verdict_and_no_more(out: Path) -> None:
    for name, text in returned(out).items():
        if name.endswith(".json"):
            for check in checks(json.loads(text)):
                assert check["visibility"] == "public" or check["details"] == {}


def test_no_seed_goes_back_to_students(out: Path) -> None:
    for name, text in returned(out).items():
        assert str(SEED) not in text, name
        if name.endswith(".json"):
            assert json.loads(text)["seed"] is None


def test_nobody_meets_another_students_name_or_id(out: Path) -> None:
    for name, text in returned(out).items():
        for student, full_name in zip(IDS, NAMES, strict=True):
            assert full_name not in text, name
            assert f'"student": "{student}"' not in text or name.startswith(f"{student}.")


def test_everybody_has_both_reports_and_the_instructor_too(out: Path) -> None:
    expected = {f"{student}.{suffix}" for student in IDS for suffix in ("json", "md")}
    assert set(returned(out)) == expected
    assert {path.name for path in (out / "private" / "reports").iterdir()} >= {f"{student}.json" for student in IDS}
