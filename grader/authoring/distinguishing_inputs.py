"""Inputs that would tell a surviving wrong solution from the reference: what a new check could ask."""

from __future__ import annotations

from fractions import Fraction

from grader.authoring.mutant_runs import MutantProgram
from grader.extraction.model import Extraction
from grader.feedback.counterexamples import explain
from grader.grading.allowance import Allowance
from grader.grading.answers import Answers
from grader.grading.graded import GradedSubmission
from grader.grading.grades import CheckGrade, FunctionGrade
from grader.plan.plan import Plan, PlannedFunction
from grader.sandbox.sandbox import Sandbox
from grader.verdict import Verdict


def find_distinguishing_inputs(program: MutantProgram, plan: Plan, sandbox: Sandbox) -> dict[str, str]:
    """The simplest inputs found, as text by argument, on which a program's first asked function is wrong.

    They are drawn from the contract (arguments and forms); empty where none of many draws tells.
    """
    sandbox.begin_submission()
    extraction = Extraction(program.modules, program.entries, {}, {}, (), ())
    student = GradedSubmission(
        plan, extraction, sandbox, Answers({}, {}, (), frozenset()), {}, Allowance(plan.rubric.limits)
    )
    for planned in plan.functions:
        if planned.function.name in program.asked:
            for witness in explain(student, _as_if_all_were_wrong(planned)):
                return {**witness.details.inputs}
    return {}


def _as_if_all_were_wrong(planned: PlannedFunction) -> FunctionGrade:
    """A grade that asks for witnesses of every kind."""
    function, none = planned.function, Fraction(0)
    checks = tuple(
        CheckGrade(item.check.title, item.check.kind, Verdict.FAILED, none, item.check.points, "hidden")
        for item in planned.checks
    )
    return FunctionGrade(function.name, "", none, function.points, Verdict.FAILED, none, none, None, (), (), checks)
