"""The report as JUnit XML, for CI systems: one suite for the submission, one test case for each check.

The format has no room for points, so they stand in properties, of each test case and of the suite. An open score is
`skipped`: it is no failure of the submission. So is advice, which costs nothing, and what waits for other checks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from typing import Literal
from xml.etree import ElementTree as ET

from grader.grading.grades import CheckGrade, FunctionGrade, Grade
from grader.report.outline import ReportOutline, outline_of, prepare_grade, tell_check, tell_counterexample
from grader.report.plain_text import fact_sheet, list_problems, opening, plain, slip_paragraphs
from grader.report.wording import round_points
from grader.verdict import OPEN, Verdict

_WIDTH = 120

CaseOutcome = Literal["passed", "failure", "error", "skipped"]


def render(grade: Grade) -> str:
    """The grade as a JUnit document."""
    suites = ET.Element("testsuites", name=prepare_grade(grade).title)
    suites.append(suite(grade))
    ET.indent(suites, " ")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{ET.tostring(suites, encoding="unicode")}\n'


def suite(grade: Grade) -> ET.Element:
    """One submission as a `testsuite`, which a class's document can hold many of."""
    summary = _summary(outline_of(grade))
    grade = prepare_grade(grade)
    counts = Counter(_outcome(check) for each in grade.functions for check in each.checks)
    element = ET.Element("testsuite", name=grade.student or grade.submission, tests=str(counts.total()))
    element.set("failures", str(counts["failure"]))
    element.set("errors", str(counts["error"]))
    element.set("skipped", str(counts["skipped"]))
    element.set("time", f"{grade.seconds:.3f}")
    element.append(_properties(_about(grade)))
    element.extend(_case(grade, each, check) for each in grade.functions for check in each.checks)
    ET.SubElement(element, "system-out").text = "\n".join([summary, *_witnesses(grade)])
    return element


def _witnesses(grade: Grade) -> Iterator[str]:
    for function in grade.functions:
        for line in map(tell_counterexample, function.witnesses):
            seen = plain(fact_sheet(line.facts, "", _WIDTH), _WIDTH)
            yield f"{function.name}: {line.title}\n{line.message}\n{seen}"


def _outcome(check: CheckGrade) -> CaseOutcome:
    if check.verdict in (Verdict.PASSED, Verdict.CARRIED):
        return "passed"
    if check.advisory or check.waits or check.verdict in OPEN:
        return "skipped"
    return "error" if check.verdict in (Verdict.ERROR, Verdict.TIMEOUT, Verdict.MEMORY) else "failure"


def _about(grade: Grade) -> dict[str, str]:
    points = {f"score of {each.name}": _points(each.score, each.max_score) for each in grade.functions}
    return {
        "score": _points(grade.score, grade.max_score),
        "max_score": _points(grade.max_score),
        "verdict": grade.verdict.value,
        **points,
        "isolation": "NOT ISOLATED" if grade.isolation.level == "none" else grade.isolation.level,
        "seed": "" if grade.seed is None else str(grade.seed),
        "grader": grade.grader_version,
    }


def _points(value: Fraction | None, most: Fraction | None = None) -> str:
    return "" if value is None else str(round_points(value, most, 6))


def _properties(values: dict[str, str]) -> ET.Element:
    """The values that there are; an open score has no property."""
    element = ET.Element("properties")
    for name, value in values.items():
        if value:
            ET.SubElement(element, "property", name=name, value=value)
    return element


def _case(grade: Grade, function: FunctionGrade, check: CheckGrade) -> ET.Element:
    case = ET.Element("testcase", classname=f"{grade.assignment}.{function.name}", name=check.title)
    if check.max_score:
        score, most = _points(check.score, check.max_score), _points(check.max_score)
        case.append(_properties({"score": score, "max_score": most}))
    outcome = _outcome(check)
    if outcome != "passed":
        case.append(_reason(outcome, check))
    return case


def _reason(outcome: CaseOutcome, check: CheckGrade) -> ET.Element:
    """Why it isn't right. Only the text may hold what a check drew, and only where the audience may see it."""
    line = tell_check(check)
    element: ET.Element = ET.Element(str(outcome), type=check.verdict.value, message=line.message)
    tried = [f"Try: {line.hint}"] if line.hint else []
    seen = [plain(fact_sheet(line.facts, "", _WIDTH), _WIDTH)] if line.facts else []
    element.text = "\n".join([f"{line.verdict} ({'; '.join(line.tags)})", *tried, *seen])
    return element


def _summary(story: ReportOutline) -> str:
    return plain(
        [*opening(story), *slip_paragraphs(story.slips), *list_problems("About what was handed in", story.problems)],
        _WIDTH,
    )
