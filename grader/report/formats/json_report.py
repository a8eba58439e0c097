"""`report.json`, schema 1: the contract that outside scripts rely on.

Fields may be added, none renamed. Points are rounded to 6 decimals; an open score is null. The text is plain ASCII:
every other character is written as JSON's own escape, so nothing in it can steer a terminal or fail to be encoded.
"""

from __future__ import annotations

import json
import math
from fractions import Fraction
from typing import Any

import msgspec

from grader.checks.finding import Details
from grader.grading.grades import Change, CheckGrade, Decision, FunctionGrade, Grade, NamedMistake, Problem
from grader.numeric.agreement import Worst
from grader.report.audience import for_audience
from grader.report.sanitize import without_surrogates
from grader.report.wording import rounded

SCHEMA = 1

#: How half of a surrogate pair is written; whether it has its other half, only a look at the text itself tells.
_UNSURE = "\\ud"


def render(grade: Grade) -> str:
    """The grade as a JSON object, as its own audience may see it."""
    tree = _grade(for_audience(grade, grade.audience))
    try:
        text = json.dumps(tree, allow_nan=False)
    except ValueError:
        text = _UNSURE
    if _UNSURE in text:
        text = json.dumps(_plain(tree), allow_nan=False)
    # json's own indenting is done in Python, and takes ten times as long.
    return msgspec.json.format(text, indent=1) + "\n"


def _grade(grade: Grade) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "assignment": grade.assignment,
        "title": grade.title,
        "submission": grade.submission,
        "student": grade.student,
        "audience": grade.audience,
        "score": _points(grade.score, grade.max_score),
        "max_score": _points(grade.max_score),
        "verdict": grade.verdict.value,
        **({"reason": grade.reason} if grade.reason else {}),
        "functions": [_function(each) for each in grade.functions],
        "problems": [_problem(each) for each in grade.problems],
        "left_out": [_problem(each) for each in grade.left_out],
        "decisions": [_decision(each) for each in grade.decisions],
        **({"changes": [_change(each) for each in grade.changes]} if grade.changes else {}),
        **({"repaired": {"diff": grade.repaired.diff}} if grade.repaired else {}),
        "isolation": {"level": grade.isolation.level, "layers": grade.isolation.layers},
        "seed": grade.seed,
        "rubric_sha256": grade.rubric_sha256,
        "reference_sha256": grade.reference_sha256,
        "grader_version": grade.grader_version,
        "seconds": round(grade.seconds, 3),
    }


def _change(change: Change) -> dict[str, Any]:
    return {"what": change.what, "points": _points(change.points)}


def _decision(decision: Decision) -> dict[str, str]:
    return {"when": decision.when, "text": decision.text, **({"note": decision.note} if decision.note else {})}


def _function(function: FunctionGrade) -> dict[str, Any]:
    return {
        "name": function.name,
        "promise": function.promise,
        "score": _points(function.score, function.max_score),
        "max_score": _points(function.max_score),
        **({"optional": True} if function.optional else {}),
        "verdict": function.verdict.value,
        "carried": _points(function.carried),
        "from_mistake": _points(function.from_mistake),
        **({"given": _points(function.given)} if function.given else {}),
        "convention": function.convention,
        "mistakes": [_mistake(each) for each in function.mistakes],
        "remarks": function.remarks,
        "checks": [_check(each) for each in function.checks],
        "witnesses": [{"message": each.message, "details": _details(each.details)} for each in function.witnesses],
    }


def _check(check: CheckGrade) -> dict[str, Any]:
    return {
        "title": check.title,
        "kind": check.kind,
        "verdict": check.verdict.value,
        "score": _points(check.score, check.max_score),
        "max_score": _points(check.max_score),
        "visibility": check.visibility,
        "message": check.message,
        "hint": check.hint,
        "advisory": check.advisory,
        "waits": check.waits,
        "details": {} if check.details is None else _details(check.details),
    }


def _details(details: Details) -> dict[str, Any]:
    """What is known, and no more: a field without a value is left out."""
    known = {
        "situation": details.situation,
        "inputs": details.inputs,
        "expected": details.expected,
        "actual": details.actual,
        "worst": details.worst and _worst(details.worst),
        "raised": details.raised,
        "where": details.where,
        "printed": details.printed,
        "note": details.note,
    }
    return {name: value for name, value in known.items() if value not in (None, "", {})}


def _worst(worst: Worst) -> dict[str, Any]:
    return {
        "index": worst.index,
        "expected": worst.expected,
        "actual": worst.actual,
        "off": worst.off,
        "allowed": worst.allowed,
    }


def _mistake(mistake: NamedMistake) -> dict[str, str]:
    return {"name": mistake.name, "hint": mistake.hint}


def _problem(problem: Problem) -> dict[str, str]:
    return {"where": problem.where, "message": problem.message}


def _points(value: Fraction | None, most: Fraction | None = None) -> float | None:
    return None if value is None else rounded(value, most, 6)


def _plain(value: Any) -> Any:
    """`value` with only what JSON can say: no lone surrogates, and "nan" or "inf" where a number isn't finite."""
    if isinstance(value, str):
        return without_surrogates(value)
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, dict):
        return {without_surrogates(key): _plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in value]
    return value
