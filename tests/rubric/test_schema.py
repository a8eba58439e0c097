"""`grade schema rubric` prints a schema that fits rubrics which are right, and refuses what the reader refuses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from authoring.small import RUBRIC
from click.testing import CliRunner
from jsonschema import Draft202012Validator

from grader.checks.kinds import KINDS
from grader.cli import main
from grader.errors import RubricError
from grader.plan.assignment import load_rubric
from grader.rubric.check_keys import CALLED, COMMON, DRAWN, JUDGED
from grader.rubric.function_keys import FUNCTION
from grader.rubric.reader import MANUAL, TOP
from grader.rubric.yaml_tree import read_yaml

BUNDLED = sorted(file for file in (Path(__file__).parents[2] / "rubrics").glob("*.yaml") if "." not in file.stem)

#: Keys of many kinds, which need no check of each.
SHARED = {*DRAWN, *CALLED, *JUDGED}
#: Every key that there is.
WIDE = """\
schema: 1
assignment: "Everything at once"
reference: [wide, lent]
packages: [numpy, scipy]
limits: {call: 2 s, submission: 10 s, memory: 1 GiB, output: 64 KiB}
late: {deadline: "2026-10-02 17:00", zone: Europe/Berlin, penalty: "10 % per day", grace: 5 min, cap: "50 %", bank: 4}
mute: all
slips: {missing import: 2, misspelt name: 1, syntax: 1/2}
carried: 1/2
witness: nothing
repair: line
attempts: best
sizes:
  two: {N: 2, M: "N + 1"}
functions:
  q1:wide:
    points: "5/2"
    promise: "Wide."
    file: q1
    also: [broad]
    optional: true
    arguments: {x: "normal(N, M)", k: 3, rows: [[1.0, 2.0], [3.0, 4.0]]}
    signatures: [[x, k, rows], {pass: [x], globals: [k, rows]}]
    let: {c: "uniform(0, 1)"}
    where: "c > 0"
    steps: {twice: "2 * x"}
    needs: other
    helper_entries: 12.5
    pure: false
    seed: 3
    returns: {a: number, b: {kind: array, shapes: ["(N,)", {when: "N == 1", any: ["()", "(1,)"], remark: "flat"}]}}
    shapes: "(N, M)"
    forms: {row: {x: "normal(M)"}}
    at: [two]
    scale: 1
    tolerance: 1e-6
    up_to: sign
    checks:
      - {value: v, part: a, at: two, form: row, scale: 1, tolerance: 1e-5, up_to: sign, expect: ">= 1", allow: [inf, 2]}
      - {value: a, call: ["k = other()", "k"], after: "x"}
      - {value: w, cases: {x: [1.0, 2.0]}, given: {k: 4}, points: 1/2, visibility: after_due, hint: "h", credit: share}
      - {gradient: g, of: "other(x)", wrt: x, requires: values, points: 1}
      - {property: p, draw: {d: "normal()"}, law: "other(x + d) == other(x)", points: 1}
      - {unchanged: u, within: 1e-9, of: x}
      - {raises: ValueError, requires: [v]}
      - {repeatable: r, tolerance: 1e-9}
      - {lasting: l, later: {x: "normal(N, M)"}}
      - {converges: c, of: "other(x)", order: 2, within: 0.1, over: {k: [10, 20, 40]}, to: "other(x)"}
      - {consistent: s, of: "other(x)", wrt: [x]}
      - {source: f, forbid: [for, np.linalg]}
  other:
    points: 0
    arguments: {}
    call: ["a = other()", "a"]
    returns: {kind: truth}
    answer: {yes: correct, no: [wrong]}
    checks: {value: v}
  the answer:
    name: q1
    points: 0
    checks: {value: v}
files: [a.csv, b/c.npy]
manual:
  essay: {points: 3, promise: "Words.", levels: {good: 3, fair: 1.5}, attachment: ["*.pdf"]}
"""


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    result = CliRunner().invoke(main, ["schema", "rubric"])
    assert result.exit_code == 0
    found: dict[str, Any] = json.loads(result.output)
    return found


def plain(text: str) -> Any:
    return read_yaml(text, "rubric.yaml")[0].plain()


def fits(text: str, schema: dict[str, Any]) -> bool:
    return bool(Draft202012Validator(schema).is_valid(plain(text)))


def is_read(text: str, folder: Path) -> bool:
    path = folder / "rubric.yaml"
    path.write_text(text)
    try:
        load_rubric(path)
    except RubricError:
        return False
    return True


def test_it_is_a_schema(schema: dict[str, Any]) -> None:
    Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize("file", BUNDLED, ids=lambda file: file.stem)
def test_every_bundled_rubric_fits(file: Path, schema: dict[str, Any]) -> None:
    found = Draft202012Validator(schema).iter_errors(plain(file.read_text()))
    assert [error.message for error in found] == []


def test_a_rubric_that_says_everything_is_read_and_fits(tmp_path: Path, schema: dict[str, Any]) -> None:
    path = tmp_path / "wide.yaml"
    path.write_text(WIDE)
    load_rubric(path)
    assert [error.message for error in Draft202012Validator(schema).iter_errors(plain(WIDE))] == []


def test_that_rubric_really_says_everything() -> None:
    said = plain(WIDE)
    functions = {key for function in said["functions"].values() for key in function}
    checks = said["functions"]["q1:wide"]["checks"]
    keys = {word: {key for check in checks if word in check for key in check} for word in KINDS}
    assert (set(TOP.keys) - set(said), set(FUNCTION.keys) - functions) == (set(), set())
    assert set(MANUAL.keys) == set(said["manual"]["essay"])
    assert set(COMMON) <= {key for each in keys.values() for key in each}
    unsaid = {(word, key) for word, kind in KINDS.items() for key in set(kind.keys) - keys[word] - SHARED}
    assert unsaid == set()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("schema: 1", "schema: 2"),
        ("schema: 1", "shema: 1"),
        ('assignment: "Doubling"', "assignment: 5"),
        ("sizes:", "sizes: 3\nmute:"),
        ("points: 10", "points: much"),
        ("points: 10", "points: -10"),
        ('promise: "Twice each entry."', "promise: [a]"),
        ("arguments:", "argument:"),
        ('{x: "normal(N)"}', "[x]"),
        ("{value: entries,", "{"),
        ("{value: entries,", "{value: entries, unchanged: x,"),
        ("{value: entries,", "{value: entries, law: x,"),
        ("{value: entries,", "{value: 5,"),
        ("{value: entries,", "{value: entries, scale: -1,"),
        ("{value: entries,", "{value: entries, tolerance: small,"),
        ("{value: entries,", "{value: entries, up_to: luck,"),
        ("{value: entries,", "{value: entries, visibility: never,"),
        ("{value: entries,", '{value: entries, expect: "five",'),
        ("{value: entries,", "{gradient: entries, wrt: x,"),
        ("{value: entries,", "{converges: entries, order: 2, over: {x: [1, 2]}, to: 0,"),
        ("functions:", "functions: {}\nlet:"),
        ("functions:", "carried: 2\nfunctions:"),
        ("functions:", "witness: all\nfunctions:"),
        ("functions:", "limits: {calls: 2 s}\nfunctions:"),
        ("functions:", "late: {zone: Europe/Berlin}\nfunctions:"),
        ("functions:", "manual: {essay: {}}\nfunctions:"),
    ],
)
def test_what_the_reader_refuses_the_schema_refuses_too(
    old: str, new: str, tmp_path: Path, schema: dict[str, Any]
) -> None:
    broken = RUBRIC.replace(old, new, 1)
    assert broken != RUBRIC
    assert (is_read(broken, tmp_path), fits(broken, schema)) == (False, False)


def test_a_rubric_without_flaws_is_read_and_fits(tmp_path: Path, schema: dict[str, Any]) -> None:
    assert (is_read(RUBRIC, tmp_path), fits(RUBRIC, schema)) == (True, True)


def test_an_editor_is_told_the_keys_of_the_very_kind(schema: dict[str, Any]) -> None:
    broken = RUBRIC.replace("{value: entries,", "{value: entries, lawn: x,")
    (error,) = Draft202012Validator(schema).iter_errors(plain(broken))
    deepest = max(error.context or (error,), key=lambda each: len(each.absolute_path))
    assert "'lawn' was unexpected" in deepest.message
