"""Paths within a submission are taken apart as `pathlib` does, and patterns work as those of `re`."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

import pytest

from grader.submission.paths import name_of, parts_of, plain_stem
from grader.submission.patterns import late

PATHS = [
    "hw.py",
    "part 1/q1.py",
    "a//./b/c.tar.gz",
    "/abs/x.py",
    "./x",
    ".profile",
    "a/.x.py",
    "name.",
    "a/b/",
    "x..py",
]


@pytest.mark.parametrize("path", PATHS)
def test_a_path_has_the_parts_the_name_and_the_stem_that_pathlib_says(path: str) -> None:
    expected = PurePosixPath(path)
    assert parts_of(path) == expected.parts
    assert name_of(path) == expected.name
    if not path.endswith("."):  # newer Pythons differ there
        assert plain_stem(path) == expected.stem


def test_no_path_has_no_parts_and_no_name() -> None:
    assert (parts_of(""), name_of(""), plain_stem("")) == ((), "", "")


@pytest.mark.parametrize("text", ["one two", "", "TWO"])
def test_a_late_pattern_finds_what_the_same_one_finds_at_once(text: str) -> None:
    pattern, flags = r"\b(t)wo\b", re.IGNORECASE
    now, then = re.compile(pattern, flags), late(pattern, flags)
    assert [each.span() for each in then.finditer(text)] == [each.span() for each in now.finditer(text)]
    assert (then.search(text) is None) == (now.search(text) is None)
    assert then.sub("<\\1>", text) == now.sub("<\\1>", text)
    assert (then.pattern, then.flags) == (now.pattern, now.flags)
