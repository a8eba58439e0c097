"""Small rubrics around one key or one check, and what the reader says of them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path

import yaml

from grader import load_rubric
from grader.errors import RubricError

TOP = {
    "schema": "schema: 1",
    "assignment": 'assignment: "A"',
    "sizes": "sizes: {small: {N: 3, D: 2}}",
}
FUNCTION = {
    "points": "points: 4",
    "arguments": 'arguments: {x: "normal(N, D)", y: "normal(N, D)"}',
    "forms": 'forms: {vector: {x: "normal(D)"}}',
    "checks": "checks: [{value: a drawn one, points: 4}]",
}
OTHER = '  g: {points: 1, arguments: {x: "normal(N)"}, checks: [{value: a vector, points: 1}]}'


def _entries(text: str) -> dict[str, str]:
    """The lines of an example by their keys: `key: value`, or a mapping of several in braces."""
    if text.startswith("{"):
        return {key: f"{key}: {json.dumps(value)}" for key, value in yaml.load(text, Loader=yaml.BaseLoader).items()}
    return {text.partition(":")[0]: text}


def _functions(lines: Mapping[str, str]) -> str:
    return "\n".join(["functions:", OTHER, "  f:", *(f"    {line}" for line in lines.values())])


def with_top(example: str) -> str:
    """A rubric with this entry of its own."""
    return "\n".join(({**TOP, "functions": _functions(FUNCTION)} | _entries(example)).values())


def with_function(example: str) -> str:
    """A rubric with a function that has this entry; a variable has no arguments."""
    entries = _entries(example)
    usual = {key: text for key, text in FUNCTION.items() if "name" not in entries or key in ("points", "checks")}
    return "\n".join([*TOP.values(), _functions(usual | entries)])


def with_check(example: str) -> str:
    """A rubric with a function that has this check beside a drawn one."""
    points = 4 + Fraction(str(yaml.load(example, Loader=yaml.BaseLoader).get("points", 0)))
    lines = {
        "points": f'points: "{points}"',
        "returns": "returns: [first, second]",
        "checks": f"checks: [{{value: a drawn one, points: 4}}, {example}]",
    }
    return "\n".join([*TOP.values(), _functions(FUNCTION | lines)])


def flaws_of(text: str, folder: Path) -> list[str]:
    """What the reader finds wrong."""
    path = folder / "rubric.yaml"
    path.write_text(text)
    try:
        load_rubric(path)
    except RubricError as error:
        return [flaw.message for flaw in error.flaws]
    return []


def allowed(text: str, folder: Path) -> tuple[str, ...]:
    """The words that the reader lists where `text` says `zzzzz`."""
    said = "\n".join(flaws_of(text, folder))
    found = re.search(r"(?:no key 'zzzzz'; allowed are|is 'zzzzz'; allowed are|needs a kind, one of): (.*)", said)
    assert found is not None, said
    return tuple(found[1].split(", "))
