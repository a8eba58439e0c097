"""`grade schema report` prints the contract that every report.json keeps."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator
from report.golden_reports import FOLDER
from report.hostile import filled_with
from report.sample_grades import ALL

from grader.cli import main
from grader.report.writing import render

pytestmark = pytest.mark.usefixtures("lent")  # starting a jail takes longer than what is claimed here

GOLDEN = ("mixed.json", "mixed-student.json")
HOSTILE = ("<script>", "a \ud800 b", "\x1b[2J", "\N{PILE OF POO}", "")


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    result = CliRunner().invoke(main, ["schema", "report"])
    assert result.exit_code == 0
    found: dict[str, Any] = json.loads(result.output)
    return found


def flaws(report: str, schema: dict[str, Any]) -> list[str]:
    return [error.message for error in Draft202012Validator(schema).iter_errors(json.loads(report))]


def objects(value: Any, where: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every object in a report, with its place."""
    if isinstance(value, list):
        for inner in value:
            yield from objects(inner, where)
    if isinstance(value, dict):
        yield where, value
        for key, inner in value.items():
            yield from objects(inner, f"{where}/{key}")


def test_it_is_a_schema(schema: dict[str, Any]) -> None:
    Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize("name", GOLDEN)
def test_the_reports_that_a_person_has_read_fit(name: str, schema: dict[str, Any]) -> None:
    assert flaws((FOLDER / name).read_text(encoding="utf-8"), schema) == []


@pytest.mark.parametrize("name", ALL)
def test_a_report_of_every_sort_fits(name: str, schema: dict[str, Any]) -> None:
    assert flaws(render(ALL[name](), "json"), schema) == []


@pytest.mark.parametrize("text", HOSTILE)
def test_a_report_fits_whatever_a_submission_said(text: str, schema: dict[str, Any]) -> None:
    assert flaws(render(filled_with(text), "json"), schema) == []


@pytest.mark.parametrize(
    "path",
    [
        ("verdict",),
        ("student",),
        ("isolation", "level"),
        ("functions", 0, "score"),
        ("functions", 0, "checks", 2, "kind"),
        ("functions", 0, "checks", 2, "details", "worst", "off"),
    ],
)
def test_a_report_that_lacks_a_promised_field_does_not_fit(path: tuple[Any, ...], schema: dict[str, Any]) -> None:
    report = json.loads((FOLDER / "mixed.json").read_text(encoding="utf-8"))
    *above, key = path
    inner = report
    for step in above:
        inner = inner[step]
    del inner[key]
    (flaw,) = flaws(json.dumps(report), schema)
    assert f"'{key}' is a required property" in flaw


def test_every_field_of_a_report_stands_in_the_schema(schema: dict[str, Any]) -> None:
    known = {key for each in schema["$defs"].values() for key in each.get("properties", ())}
    for name in GOLDEN:
        for where, each in objects(json.loads((FOLDER / name).read_text(encoding="utf-8"))):
            assert where.endswith("/inputs") or each.keys() <= known
