"""Reports stay as a person has read them; see golden_reports.py for how to change them."""

from __future__ import annotations

import pytest
from report.golden_reports import FOLDER, REPORTS


@pytest.mark.parametrize("name", REPORTS)
def test_a_report_is_what_was_reviewed(name: str) -> None:
    assert REPORTS[name]() == (FOLDER / name).read_text(encoding="utf-8")


def test_every_golden_file_is_compared() -> None:
    assert {path.name for path in FOLDER.iterdir()} == set(REPORTS)
