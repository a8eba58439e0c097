"""The reference of rubrics: a heading for each key that the reader knows, and each example is read without a flaw."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from docs.pages import BLOCKS, PAGES, section
from docs.rubrics import TOP, allowed, flaws_of, with_check, with_function, with_top

from grader.inputs.draws import DRAWS
from grader.rubric.expression import NUMPY

WRITERS: dict[str, Callable[[str], str]] = {
    "docs/rubric.md": with_top,
    "docs/rubric-functions.md": with_function,
    "docs/rubric-checks.md": with_check,
    "docs/rubric-expressions.md": with_function,
}
ENTRIES = [
    (page, key, text)
    for page in WRITERS
    for key, text in re.findall(r"^### `(\S+)`\n\n(.*?)(?=^#|\Z)", PAGES[page], re.MULTILINE | re.DOTALL)
]


def keys_on(page: str) -> list[str]:
    return [key for where, key, _ in ENTRIES if where == page]


def below(key: str, names: tuple[str, ...]) -> set[str]:
    return {f"{key}.{name}" for name in names}


@pytest.mark.parametrize(("page", "key", "text"), ENTRIES, ids=[f"{page[5:-3]}: {key}" for page, key, _ in ENTRIES])
def test_each_example_of_a_key_is_read_without_a_flaw(page: str, key: str, text: str, tmp_path: Path) -> None:
    (example,) = re.findall(r"^Example: `(.*)`$", text, re.MULTILINE)
    assert re.search(rf"\b{key.split('.')[-1]}\b", example)
    assert flaws_of(WRITERS[page](example), tmp_path) == []


@pytest.mark.parametrize(("key", "text"), [(key, text) for page, key, text in ENTRIES if "expressions" not in page])
def test_each_key_says_whether_it_is_needed(key: str, text: str) -> None:
    checks_own = "Needs:" in text or any(f"`{key}`" in each for _, _, each in ENTRIES if "Needs:" in each)
    assert "Default:" in text or "needed" in text or "Also takes:" in text or checks_own


def test_each_key_of_an_assignment_has_its_heading(tmp_path: Path) -> None:
    found = set(allowed(with_top("zzzzz: 1"), tmp_path))
    for key in ("limits", "late"):
        found |= below(key, allowed(with_top(f"{key}: {{zzzzz: 1}}"), tmp_path))
    found |= below("manual", allowed(with_top("manual: {plot: {zzzzz: 1}}"), tmp_path))
    assert sorted(keys_on("docs/rubric.md")) == sorted(found)


def test_each_key_of_a_function_has_its_heading(tmp_path: Path) -> None:
    found = set(allowed(with_function("zzzzz: 1"), tmp_path))
    found |= below("returns", allowed(with_function("returns: {a: {zzzzz: 1}}"), tmp_path))
    found |= below("signatures", allowed(with_function("signatures: [{zzzzz: 1}]"), tmp_path))
    found |= below("shapes", allowed(with_function("shapes: [{zzzzz: 1}]"), tmp_path))
    found |= below("answer", allowed(with_function("{returns: truth, answer: {zzzzz: 1}}"), tmp_path))
    assert sorted(keys_on("docs/rubric-functions.md")) == sorted(found)


def test_each_kind_of_check_and_each_of_its_keys_has_its_heading(tmp_path: Path) -> None:
    kinds = allowed(with_check("{zzzzz: a title}"), tmp_path)
    keys = {kind: set(allowed(with_check(f"{{{kind}: a title, zzzzz: 1}}"), tmp_path)) - {kind} for kind in kinds}
    assert sorted(set(keys_on("docs/rubric-checks.md"))) == sorted({*kinds, *set().union(*keys.values())})
    common = set.intersection(*keys.values())
    for kind in kinds:
        said = re.search(
            r"(Needs:.*?|Also takes:.*?)\n\n", section("docs/rubric-checks.md", f"### `{kind}`"), re.DOTALL
        )
        assert said is not None
        assert set(re.findall(r"`([a-z_]+)`", said[1])) == keys[kind] - common, kind


def test_each_draw_has_its_heading_and_each_numpy_function_is_named() -> None:
    assert sorted(keys_on("docs/rubric-expressions.md")) == sorted(DRAWS)
    words = set(re.findall(r"\w+", section("docs/rubric-expressions.md", "## Names")))
    assert set(NUMPY) - words == set()


def test_each_equivalence_has_its_row(tmp_path: Path) -> None:
    table = section("docs/rubric-expressions.md", "## Equivalences")
    rows = {word for row in re.findall(r"^\| (`.*?) \|", table, re.MULTILINE) for word in re.findall(r"`(.*?)`", row)}
    assert rows - {"up_to"} == set(allowed(with_function("up_to: zzzzz"), tmp_path))


def test_the_function_on_the_page_of_functions_is_read_without_a_flaw(tmp_path: Path) -> None:
    (text,) = (block.text for block in BLOCKS if block.page == "docs/rubric-functions.md")
    assert flaws_of("\n".join([*TOP.values(), text]), tmp_path) == []
