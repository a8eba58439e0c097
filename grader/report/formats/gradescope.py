"""`results.json` for Gradescope. Students read it whoever asked for it, so it is always the student's version.

Its `visibility: hidden` isn't ours. With one hidden test, Gradescope shows no total, while a hidden check of ours
hides only its numbers: it is a visible test here, with a title, a verdict and a hint. What opens later (`after_due`,
`after_published`) is left to Gradescope, which knows the dates.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from grader.grading.grades import CheckGrade, Counterexample, FunctionGrade, Grade
from grader.report.audience import for_audience
from grader.report.outline import CheckEntry, ReportOutline, outline_of, prepare_grade, tell_check, tell_counterexample
from grader.report.plain_text import fact_sheet, list_problems, opening, plain, slip_paragraphs
from grader.report.wording import round_points, so_far
from grader.verdict import Verdict

_WIDTH = 96
_VISIBILITIES = {
    "public": "visible",
    "hidden": "visible",
    "after_due": "after_due_date",
    "after_published": "after_published",
}


def render(grade: Grade) -> str:
    """The grade as Gradescope reads it.

    Where something was not graded through our fault, there is no score anywhere: Gradescope then reports that the
    autograder failed, and gives no zero. Where a person's points are awaited, the score is that of all the rest.
    """
    grade = for_audience(grade, "student")
    output = _output(outline_of(grade))
    grade = prepare_grade(grade)
    results: dict[str, Any] = {
        "output": output,
        "output_format": "text",
        "test_output_format": "text",
        "test_name_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "execution_time": round(grade.seconds, 3),
        "tests": [test for number, each in enumerate(grade.functions, 1) for test in _tests(number, each)],
        "extra_data": _extra_data(grade),
    }
    if grade.verdict is Verdict.NOT_GRADED:
        results["tests"] = [_without_score(test) for test in results["tests"]]
    else:
        results["score"] = round_points(so_far(grade), grade.max_score, 6)
    return json.dumps(results, indent=1, allow_nan=False) + "\n"


def _output(story: ReportOutline) -> str:
    pieces = [
        *opening(story),
        *slip_paragraphs(story.slips),
        *list_problems("About what was handed in", story.problems),
    ]
    more = [story.fine_print] if story.fine_print else []
    return "\n".join([plain(pieces, _WIDTH), *more])


def _extra_data(grade: Grade) -> dict[str, str]:
    """What an instructor needs to make this grade again, but for the seed: it is a secret of the class."""
    return {
        "verdict": grade.verdict.value,
        "isolation": grade.isolation.level,
        "rubric_sha256": grade.rubric_sha256,
        "reference_sha256": grade.reference_sha256,
        "grader_version": grade.grader_version,
    }


def _tests(number: int, function: FunctionGrade) -> Iterator[dict[str, Any]]:
    for count, check in enumerate(function.checks, 1):
        yield {"number": f"{number}.{count}", **_test(function, check)}
    if function.from_mistake:
        hints = " ".join(f"{each.name}: {each.hint}" for each in function.mistakes)
        yield {
            "number": f"{number}.{len(function.checks) + 1}",
            "name": f"{function.name}: part of the credit, for a known mistake",
            "score": round_points(function.from_mistake, None, 6),
            "status": "passed",
            "output": hints,
            "visibility": "visible",
        }
    for count, witness in enumerate(function.witnesses, len(function.checks) + 2):
        yield {"number": f"{number}.{count}", **_witness(function, witness)}


def _witness(function: FunctionGrade, witness: Counterexample) -> dict[str, Any]:
    line = tell_counterexample(witness)
    return {
        "name": f"{function.name}: {line.title}",
        "output": _explain_test(function, line),
        "tags": ["witness"],
        "visibility": "visible",
    }


def _test(function: FunctionGrade, check: CheckGrade) -> dict[str, Any]:
    line = tell_check(check)
    test: dict[str, Any] = {
        "name": f"{function.name}: {check.title}",
        "output": _explain_test(function, line),
        "tags": [check.kind, *(["advisory"] if check.advisory else [])],
        "visibility": _VISIBILITIES[check.visibility],
    }
    if check.max_score and check.score is not None:
        test["score"] = round_points(check.score, check.max_score, 6)
        test["max_score"] = round_points(check.max_score, None, 6)
    if check.max_score and check.verdict not in (Verdict.AWAITING, Verdict.NOT_GRADED):
        test["status"] = "passed" if check.verdict in (Verdict.PASSED, Verdict.CARRIED) else "failed"
    return test


def _explain_test(function: FunctionGrade, line: CheckEntry) -> str:
    """What a student needs beside one test, since Gradescope shows each on its own."""
    if not line.message:
        return line.verdict
    said = [f"{line.verdict} ({'; '.join(line.tags)})".strip(), line.message]
    said += [f"Try: {line.hint}"] if line.hint else []
    said += [f"{function.name} should: {function.promise}"] if function.promise else []
    return "\n".join([*said, *([plain(fact_sheet(line.facts, "", _WIDTH), _WIDTH)] if line.facts else [])])


def _without_score(test: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in test.items() if key not in ("score", "max_score")}
