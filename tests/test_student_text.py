"""What reads a student's text outside of the jail is listed in docs/student-text.md, and takes time in proportion."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from contextlib import suppress
from fractions import Fraction
from importlib import import_module
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.classroom.intake.content import find_names
from grader.classroom.intake.repairs import diff
from grader.classroom.layouts.blackboard import holds_text
from grader.classroom.publish.attachments import cells_with_heading
from grader.classroom.review.drafting import draft
from grader.classroom.workers.grader import Code
from grader.errors import UsageError
from grader.extraction.model import Names
from grader.extraction.repairs.model import Edit
from grader.feedback.wording_alike import without_names, without_shapes
from grader.grading.grades import StudentCode
from grader.grading.placeholders import is_only_read
from grader.grading.reading import BadClaim, decode_claim
from grader.grading.slip_trials import reworded
from grader.report.causes import Cause
from grader.report.excerpt import look_at_source
from grader.report.sanitize import block, line
from grader.submission.collecting import size_limit
from grader.submission.reading import SourceCell, SourceFile

STOPPED = Cause("stopped", "", "", "", "", "", ("f",), (), Fraction(1), None, False)
PAGE = Path(__file__).parent.parent / "docs" / "student-text.md"


def source(text: str) -> tuple[SourceFile, ...]:
    return (SourceFile("hw.py", "hw", (SourceCell(None, text),)),)


def alternating(n: int) -> tuple[str, str]:
    """Two texts of few different lines in another order, which a plain comparison takes cubic time for."""
    return "a\nb\n" * n + "c\n", "x\n" + "b\na\n" * n + "d\n"


def claim(n: int) -> None:
    for text in (b"[" + b"[]," * n + b"1]", b'{"' + b"a" * n + b'":1}', b"[" * n, b"1" * n):
        with suppress(BadClaim):
            decode_claim(text, ())


def drafted(n: int) -> None:
    text = "def f(x): return x\n" + "".join(f"a{i} = 1\n" for i in range(n))
    with suppress(UsageError):
        draft("mistake", "f", "f_other", Code("f", (text,)), {})


def names(n: int) -> None:
    many = tuple("v" * (i % 60) + str(i) for i in range(min(n, 2_000)))
    is_only_read("v" * 55, Names(many, many, many, many))


def excerpts(n: int) -> None:
    quotes = "'" * 3
    for body in (" x\n" * n, ' """\n' * n, f":\n{quotes}" + " " * n, f" :\n{quotes}\n" * n, "#" * n, "\n" * n):
        look_at_source(StudentCode("f", "hw.py", 1, f"def f(x):\n{body}"), STOPPED).take(10, 10)


def headings(n: int) -> None:
    cells = [{"cell_type": "markdown", "source": ["# x\n"] * 10, "data": {"a": 1}}] * n
    list(cells_with_heading(json.dumps({"cells": cells}).encode(), ["# y"]))


#: Each is made to read a text of some size.
READERS: dict[str, Callable[[int], object]] = {
    "grader.submission.collecting.size_limit": lambda n: [
        size_limit("hw", mark * 100 * n) for mark in (b"\0", b"PK\3\4", b" ", b"{", b"a\0")
    ],
    "grader.grading.reading.decode_claim": claim,
    "grader.grading.slip_trials.reworded": lambda n: reworded("a\n" * n, [Edit(0, 1, "b"), Edit(0, n, "b")]),
    "grader.grading.placeholders.is_only_read": names,
    "grader.classroom.intake.repairs.diff": lambda n: diff(*map(source, alternating(n))),
    "grader.classroom.review.drafting.draft": drafted,
    "grader.report.excerpt.look_at_source": excerpts,
    "grader.feedback.wording_alike.without_names": lambda n: without_names("a" * n + " = (" * n),
    "grader.feedback.wording_alike.without_shapes": lambda n: [
        without_shapes(text) for text in ("(" + "1" * n + "!", "(" + "1, " * n, "(1" + " " * n, "(" * n, "0x" * n)
    ],
    "grader.report.sanitize.block": lambda n: block("\u0301\x1b" * n + "\n" * n),
    "grader.classroom.publish.attachments.cells_with_heading": headings,
    "grader.classroom.intake.content.find_names": lambda n: find_names(
        b"def " * n + b"def" + b" " * n + b"a" * n + b" =" * n + b"a" + b"\t" * n, {"f": ("f",)}
    ),
    "grader.classroom.layouts.blackboard.holds_text": lambda n: holds_text(b"Submission Field:" * n + b"\n \xff" * n),
    "grader.report.sanitize.line": lambda n: line("\u0301\x1b" * n),
}


def test_the_page_lists_every_reader_and_no_other() -> None:
    listed = re.findall(r"\| `(grader\.[\w.]+)` \| ", PAGE.read_text())
    assert sorted(listed) == sorted(READERS)
    for reader in READERS:
        module, _, name = reader.rpartition(".")
        assert callable(getattr(import_module(module), name))


def taken(read: Callable[[int], object], n: int) -> float:
    found = []
    for _ in range(2):
        started = time.process_time()
        read(n)
        found.append(time.process_time() - started)
    return min(found)


@pytest.mark.parametrize("reader", READERS)
def test_eight_times_the_text_takes_less_than_three_times_the_time_for_each_doubling(reader: str) -> None:
    """Linear is 8 times, quadratic 64, and the limit 27."""
    small = taken(READERS[reader], 250)
    assert taken(READERS[reader], 2_000) < 27 * max(small, 0.002)


# --- the differences of a repaired copy ---


def applied(old: list[str], patch: str) -> list[str]:
    """The text that a unified diff makes of another."""
    new: list[str] = []
    at = 0
    for each in patch.split("\n")[2:] if patch else ():
        if found := re.fullmatch(r"@@ -(\d+)(?:,(\d+))? \+\d+(?:,\d+)? @@", each):
            start = int(found[1]) - (found[2] != "0")
            new += old[at:start]
            at = start
        elif each.startswith("+"):
            new.append(each[1:])
        else:
            assert old[at] == each[1:]
            at += 1
            if each.startswith(" "):
                new.append(each[1:])
    return [*new, *old[at:]]


LETTERS = st.lists(st.sampled_from(["a", "b", "c", "@@ -1 +1 @@", ""]), min_size=1, max_size=40)
LINES = LETTERS.map(lambda letters: [*letters, "z"])  # empty lines at the end are no difference


@given(LINES, LINES)
@settings(max_examples=300, deadline=None)
def test_a_difference_makes_the_one_text_of_the_other(old: list[str], new: list[str]) -> None:
    patch = diff(source("\n".join(old)), source("\n".join(new)))
    assert applied(old, patch) == new
    assert bool(patch) is (old != new)


def test_where_a_comparison_would_take_too_long_the_one_text_stands_above_the_other() -> None:
    old, new = alternating(400)
    patch = diff(source(old), source(new))
    assert patch.split("\n")[:4] == ["--- hw.py (handed in)", "+++ hw.py (repaired)", "@@ -1,801 +1,802 @@", "-a"]


def test_a_repair_far_down_is_told_with_its_own_lines() -> None:
    text = "".join(f"x{i} = {i}\n" for i in range(5_000))
    patch = diff(source(text), source(text.replace("x4000 = 4000", "x4000 = 4")))
    assert patch.split("\n")[2] == "@@ -3998,7 +3998,7 @@"
