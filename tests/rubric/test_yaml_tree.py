"""YAML as instructors mean it, with an address for everything."""

from __future__ import annotations

import math

import pytest

from grader.errors import RubricError
from grader.rubric.yaml_tree import MOST_NODES, read_exported_yaml, read_yaml


def plain(text: str) -> object:
    return read_yaml(text, "x.yaml")[0].plain()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1e-5", 1e-5),
        ("no", "no"),
        ("23:59", "23:59"),
        ("0042", "0042"),
        ("1_000", "1_000"),
        ("-3", -3),
        (".5", 0.5),
        ("true", True),
        ("~", None),
        ("'12'", "12"),
        ("-.inf", -math.inf),
        ("2026-11-22", "2026-11-22"),
    ],
)
def test_a_scalar_means_what_an_instructor_means(text: str, value: object) -> None:
    assert plain(f"key: {text}") == {"key": value}


def test_every_node_and_every_key_knows_its_line_and_column() -> None:
    root, _ = read_yaml("a:\n  - b: 1\n    c: [2, 3]\n", "x.yaml")
    inner = root.value["a"].value[0]
    assert (inner.keys["c"].line, inner.keys["c"].column) == (3, 5)
    assert (inner.value["c"].value[1].place.line, inner.value["c"].value[1].place.column) == (3, 12)


def test_a_key_that_stands_twice_is_a_flaw_and_names_both_lines() -> None:
    _, flaws = read_yaml("a: 1\nb: 2\na: 3\n", "x.yaml")
    assert [(flaw.line, flaw.column) for flaw in flaws] == [(3, 1)]
    assert "line 1" in flaws[0].message


def test_a_tag_is_a_flaw_and_constructs_nothing() -> None:
    _, flaws = read_yaml("a: !!python/object/apply:os.system x\n", "x.yaml")
    assert "not allowed" in flaws[0].message


def test_an_alias_bomb_ends_before_it_fills_the_memory() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 9)]
    with pytest.raises(RubricError, match="too large"):
        read_yaml("\n".join(lines), "x.yaml")


def test_an_alias_to_itself_ends() -> None:
    with pytest.raises(RubricError, match="stands for nothing"):
        read_yaml("a: &a [*a]", "x.yaml")


@pytest.mark.parametrize("text", ["", "a: [1", "a: b: c", "\tx: 1", "[" * 100_000, "? [a]\n: 1\n? {b: c}\n: 2"])
def test_what_is_no_yaml_is_said_with_a_place(text: str) -> None:
    try:
        _, flaws = read_yaml(text, "x.yaml")
    except RubricError as error:
        flaws = list(error.flaws)
    assert flaws
    assert all(flaw.file == "x.yaml" and flaw.line >= 1 and flaw.column >= 1 for flaw in flaws)


def test_a_large_but_honest_file_is_read() -> None:
    count = MOST_NODES // 2 - 10
    assert len(plain("\n".join(f"k{i}: {i}" for i in range(count)))) == count  # type: ignore[arg-type]


# -- what a program wrote ------------------------------------------------------------------------------------------


def exported(text: str, *unread: str) -> object:
    return read_exported_yaml(text.encode(), "x.yaml", frozenset(unread)).plain()


@pytest.mark.parametrize("text", ["0042", "42", "1.50", "1e5", "no", "~", "true", "'7'", "!ruby/object:Time 12:00"])
def test_every_scalar_that_a_program_wrote_is_text(text: str) -> None:
    assert exported(f":sid: {text}") == {":sid": text.removeprefix("!ruby/object:Time ").strip("'")}


def test_what_nobody_asks_for_is_not_kept_and_counts_for_nothing() -> None:
    deep = "[" * 60 + "]" * 60
    large = ", ".join(["x"] * MOST_NODES * 2)
    text = f"a:\n  :results: {{deep: {deep}, large: [{large}]}}\n  :sid: '5'\n:results: last\n"
    assert exported(text, ":results") == {"a": {":sid": "5"}}


def test_an_alias_of_a_program_stands_for_nothing() -> None:
    assert exported("a: &a [x, x]\nb: *a\nc: *unknown\n") == {"a": ["x", "x"], "b": None, "c": None}


@pytest.mark.parametrize("data", [b"", b"a: [", b"[" * 200, b"\xff\xfe\xfd", b"a: \xe9", b"a: \x00"])
def test_what_a_program_left_broken_is_said_with_a_place(data: bytes) -> None:
    with pytest.raises(RubricError) as caught:
        read_exported_yaml(data, "x.yaml", frozenset())
    assert all(flaw.file == "x.yaml" and flaw.line >= 1 for flaw in caught.value.flaws)
