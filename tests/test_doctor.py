"""The doctor's findings: one line for each layer, with advice where something is missing."""

from __future__ import annotations

import pytest
from boots import boot_with, without_namespaces

from grader import doctor


def test_what_is_there_needs_no_advice_and_what_is_missing_does():
    for layer in doctor.examine():
        assert layer.name
        assert layer.found
        assert layer.available or layer.advice


def test_the_last_line_is_the_jail_as_a_whole_tried_out():
    layers = doctor.examine()
    assert layers[-1].name == "jail"
    assert layers[-1].available
    assert "landlock" in layers[-1].found


def test_a_jail_that_fails_its_self_test_is_reported_with_the_reason(tmp_path, monkeypatch):
    boot_with(
        "from _grade_worker import jail\njail.LAYERS['landlock'] = lambda cell, terms: None", tmp_path, monkeypatch
    )
    last = doctor.examine()[-1]
    assert (last.name, last.available) == ("jail", False)
    assert "listing the root folder is possible in the jail" in last.found


def test_missing_namespaces_are_reported_with_what_to_do(tmp_path, monkeypatch):
    boot_with(without_namespaces(), tmp_path, monkeypatch)
    found = {layer.name: layer for layer in doctor.examine()}
    spaces = found.get("namespaces")
    assert spaces is None or (not spaces.available and spaces.advice)
    assert spaces is not None or not found["jail"].available


def test_another_system_is_told_about_linux(monkeypatch):
    monkeypatch.setattr(doctor.platform, "system", lambda: "Darwin")
    [layer] = doctor.examine()
    assert not layer.available
    assert "--sandbox none" in layer.advice


@pytest.mark.parametrize(("release", "enough"), [("5.12.0-1", False), ("5.13", True), ("6.1.0", True), ("4.18", False)])
def test_an_old_kernel_is_said_to_be_one(release, enough, monkeypatch):
    monkeypatch.setattr(doctor.platform, "release", lambda: release)
    assert doctor._kernel().available is enough
