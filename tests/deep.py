"""Which tests are deep, as tests/deep.toml lists them."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import pytest

HERE = Path(__file__).parent
SECONDS: dict[str, float] = tomllib.loads((HERE / "deep.toml").read_text(encoding="utf-8"))["seconds"]


class Collected(NamedTuple):
    """The ids of a run before any were left out, from the folder of the tests on."""

    deep: frozenset[str]
    fast: frozenset[str]


#: Where a run keeps what it collected.
COLLECTED = pytest.StashKey[Collected]()


def entry_of(name: str) -> str:
    """The entry that a test's id begins like; empty where it is a fast one."""
    return next((entry for entry in SECONDS if name.startswith(entry)), "")


def mark_deep(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark the deep tests, and put the longest first, so that no core waits long for the last one."""
    found = {item: entry_of(_name(item)) for item in items}
    deep = [item for item in items if found[item]]
    for item in deep:
        item.add_marker("deep")
    config.stash[COLLECTED] = Collected(_names(deep), _names(items) - _names(deep))
    items.sort(key=lambda item: -SECONDS.get(found[item], 0))


def _name(item: pytest.Item) -> str:
    return item.nodeid.removeprefix("tests/")


def _names(items: Iterable[pytest.Item]) -> frozenset[str]:
    return frozenset(map(_name, items))
