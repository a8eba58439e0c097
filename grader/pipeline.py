"""The whole flow on one page: from a path to a grade."""

from __future__ import annotations

import time
from collections.abc import Container
from importlib.util import find_spec
from pathlib import Path

from grader.errors import UsageError, did_you_mean
from grader.feedback.answer_digests import with_digests
from grader.feedback.counterexamples import GradedSubmission, with_counterexamples
from grader.feedback.diagnosis import diagnose
from grader.feedback.patterns import with_patterns
from grader.grading.carry_forward import rerun_with_reference_helpers
from grader.grading.execution import Answers, Select, has_points, run_questions
from grader.grading.grades import Grade
from grader.grading.manual import with_items
from grader.grading.other_forms import rerun_in_other_forms
from grader.grading.reading import Unreadable, read_in_child
from grader.grading.score import functions_to_explain, grade_functions, has_lost_points, make_grade, make_unreadable
from grader.plan.assignment import DEFAULT, Assignment, load_assignment
from grader.plan.plan import Plan, make_plan
from grader.sandbox.sandbox import Sandbox
from grader.submission.collecting import Upload
from grader.upload import read_submission


def grade(
    path: str | Path,
    rubric: str | Path = DEFAULT,
    *,
    seed: int | None = None,
    sandbox: str = "jail",
    convert_python2: bool = False,
    explain: str = "",
) -> Grade:
    """Grade one submission: a .py file, a notebook, a folder or an archive.

    Args:
        path: what was handed in.
        rubric: the name of a bundled assignment, or the path of a rubric.
        seed: reproduces the draws of a run; without it they are new.
        sandbox: "jail", or "none" to run the code unprotected, which every report then says.
        convert_python2: grade a copy in which Python 2 is turned into Python 3; the report says so.
        explain: a function of which more inputs are wanted on which it fails, each as simple as can be.

    Raises:
        UsageError: there is nothing to grade, or no such rubric or function.
        AssignmentError: the rubric or its reference is broken.
        SandboxError: there is no jail here, so nothing was run.
    """
    with Sandbox(sandbox) as box:  # it starts in the background: making the plan doesn't wait for it
        submission = read_submission(Path(path))
        assignment = load_assignment(rubric)
        check_explained(explain, assignment)
        plan = make_plan(assignment, seed)
        prepare_sandbox(box, assignment)
        if convert_python2:
            grant_converter(box, assignment)
        graded = grade_submission(submission, plan, box, explain, convert_python2)
        return with_items(graded, assignment.rubric.manual)


def check_explained(name: str, assignment: Assignment) -> None:
    """Raises UsageError where the rubric has no function of this name."""
    names = [function.name for function in assignment.rubric.functions]
    if name and name not in names:
        raise UsageError(
            f"there is no function {name!r} to explain{did_you_mean(name, names)}; there are: {', '.join(names)}"
        )


def prepare_sandbox(sandbox: Sandbox, assignment: Assignment) -> None:
    """Grant the rubric's packages, and make sure that neither the rubric nor its reference can be read inside."""
    sandbox.grant(assignment.rubric.packages)
    sandbox.hide([Path(assignment.rubric.file), *assignment.reference.folders])


def grant_converter(sandbox: Sandbox, assignment: Assignment) -> None:
    """Let the child that reads a submission import what turns Python 2 into Python 3.

    Raises:
        UsageError: it isn't installed.
    """
    if find_spec("fissix") is None:
        raise UsageError("--convert-python2 needs the converter: pip install 'numgrade[python2]'")
    sandbox.grant((*assignment.rubric.packages, "fissix"))


def grade_submission(
    submission: Upload, plan: Plan, sandbox: Sandbox, explain: str = "", convert_python2: bool = False
) -> Grade:
    """Grade one submission by a plan that may serve a whole class; see `grade` for `explain`."""
    started = time.perf_counter()
    with sandbox.open(plan.rubric.limits) as child:
        extraction = read_in_child(submission, plan.rubric, child, convert_python2=convert_python2)
        if isinstance(extraction, Unreadable):
            seconds = time.perf_counter() - started
            return make_unreadable(plan, submission, extraction.why, sandbox.isolation, seconds)
        answers = run_questions(plan, extraction, sandbox, has_points, first=child)
    functions = grade_functions(plan, extraction, answers)

    carried = rerun_with_reference_helpers(plan, extraction, functions, sandbox) if has_lost_points(functions) else {}
    if carried:
        functions = grade_functions(plan, extraction, answers, carried)
    # After that: what right helpers mend needs no other form.
    forms = rerun_in_other_forms(plan, extraction, functions, answers, sandbox)
    if forms:
        functions = grade_functions(plan, extraction, answers, carried, forms=forms)
    # With sound helpers, a function's own answers say more: those of a second run lack the questions that only explain.
    charged = {name: run for name, run in carried.items() if run.blamed}
    if lost := functions_to_explain(functions):
        answers = answers.join_answers(run_questions(plan, extraction, sandbox, select_explaining(lost, answers)))
        mistakes = diagnose(plan, lost, answers, charged)
        functions = grade_functions(plan, extraction, answers, carried, mistakes, forms)
        functions = with_patterns(plan, extraction, answers, charged, functions)
        functions = with_digests(plan, answers, charged, functions)
        functions = with_counterexamples(
            GradedSubmission(plan, extraction, sandbox, answers, charged), functions, explain
        )

    seconds = time.perf_counter() - started
    return make_grade(plan, submission, extraction, answers, functions, sandbox.isolation, seconds)


def select_explaining(lost: Container[str], answers: Answers) -> Select:
    """The checks without points of functions that lost some; not of those that ran too long, and would again."""
    endless = {name for name, stop in answers.stops.items() if stop.ended is not None and stop.ended.how == "timeout"}
    return lambda f, c: f.function.name in lost and f.function.name not in endless and not has_points(f, c)
