"""`grade doctor` says what this machine offers, and its exit code is that of grading."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

import grader.sandbox.doctor
from grader.cli import main
from grader.sandbox.doctor import Layer, examine


def test_where_the_jail_stands_every_needed_layer_is_ok() -> None:
    result = CliRunner().invoke(main, ["doctor"])
    assert result.exit_code == 0, result.output
    assert all(word in result.output for word in ("landlock", "seccomp", "jail", "can be graded here"))


def test_the_last_layer_is_the_jail_as_a_whole_tried_out() -> None:
    last = examine()[-1]
    assert last.name == "jail"
    assert last.found.startswith(("full", "no-namespaces"))


def test_where_it_does_not_stand_the_advice_is_printed_and_the_exit_code_is_4(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [
        Layer("landlock", False, "none", "boot with lsm=landlock"),
        Layer("jail", False, "no landlock", "see above"),
    ]
    monkeypatch.setattr(grader.sandbox.doctor, "examine", lambda: found)
    result = CliRunner().invoke(main, ["doctor"])
    assert result.exit_code == 4
    assert "boot with lsm=landlock" in result.output
    assert "protects nothing" in result.stderr
