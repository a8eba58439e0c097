"""What is left out of the fast tests is listed, and no file is left out whole."""

from __future__ import annotations

import pytest
from deep import COLLECTED, HERE, SECONDS, Collected


@pytest.fixture
def collected(pytestconfig: pytest.Config) -> Collected:
    return pytestconfig.stash[COLLECTED]


def files(names: frozenset[str]) -> set[str]:
    return {name.partition("::")[0] for name in names}


def test_each_entry_is_a_test(collected: Collected) -> None:
    """As far as its file is among those of this run."""
    here = {entry for entry in SECONDS if entry.partition("::")[0] in files(collected.deep | collected.fast)}
    assert [entry for entry in here if not any(name.startswith(entry) for name in collected.deep)] == []
    assert [entry for entry in SECONDS if not (HERE / entry.partition("::")[0]).is_file()] == []


def test_every_file_keeps_a_fast_test(collected: Collected) -> None:
    assert files(collected.deep) - files(collected.fast) == set()


def test_ci_runs_the_deep_part_after_the_fast_one() -> None:
    script = (HERE.parent / ".ci" / "run").read_text()
    assert script.index("<!-- test -->") < script.index("pytest -q -n auto -m deep")
