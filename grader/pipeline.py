"""The whole flow on one page: from a path to a grade."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from msgspec.structs import replace

from grader.checks.kinds import message_of_broken_check
from grader.errors import BrokenReference, UsageError, did_you_mean
from grader.extraction.model import Extraction
from grader.grading.allowance import Allowance
from grader.grading.answers import Answers, Select, has_points
from grader.grading.execution import Interview
from grader.grading.graded import FurtherSearch, GradedSubmission
from grader.grading.grades import FunctionGrade, Grade
from grader.grading.manual import with_items
from grader.grading.reading import Rounds, Unreadable, changes_in_child, flows_in_child, read_in_child
from grader.grading.score import functions_to_explain, grade_functions, has_lost_points, make_grade, make_unreadable
from grader.plan.assignment import DEFAULT, Assignment, load_assignment
from grader.plan.plan import Plan, begin_plan
from grader.report.sanitize import line
from grader.sandbox.sandbox import Sandbox
from grader.submission.classes import describe_class, find_class
from grader.submission.collecting import Upload
from grader.upload import read_submission

if TYPE_CHECKING:  # right submissions need nothing of these
    from grader.extraction.changes.model import Changes
    from grader.extraction.flows.model import Flow
    from grader.grading.other_forms import FormRun


def grade(
    path: str | Path,
    rubric: str | Path = DEFAULT,
    *,
    seed: int | None = None,
    sandbox: str = "jail",
    convert_python2: bool = False,
    explain: str = "",
    limits: Mapping[str, str] = MappingProxyType({}),
    look_for_changes: bool = False,
) -> Grade:
    """Grade one submission: a .py file, a notebook, a folder or an archive.

    Args:
        path: what was handed in.
        rubric: the name of a bundled assignment, or the path of a rubric.
        seed: reproduces the draws of a run; without it they are new.
        sandbox: "jail", or "none" to run the code unprotected, which every report then says.
        convert_python2: grade a copy in which Python 2 is turned into Python 3; the report says so.
        explain: a function of which more inputs are wanted on which it fails, each as simple as can be.
        limits: those that hold in place of the rubric's own, such as {"call": "2 s"}.
        look_for_changes: whether the smallest change is looked for that makes a function right which nothing explains;
            with `explain`, for that function alone.

    Raises:
        UsageError: there is nothing to grade, or a whole class, or no such rubric or function.
        AssignmentError: the rubric or its reference is broken.
        SandboxError: there is no jail here, so nothing was run.
    """
    with Sandbox(sandbox) as box:  # it starts in the background, and the plan is made while it is waited for
        submission = read_submission(Path(path))
        assignment = load_assignment(rubric, limits)
        check_explained(explain, assignment)
        prepare_sandbox(box, assignment, convert_python2)
        plan = begin_plan(assignment, seed)
        box.fill_waits(plan.put_off.do_next)
        refuse = partial(refuse_class, str(path), str(rubric), [each.name for each in assignment.rubric.functions])
        graded = grade_submission(
            *(submission, plan, box, explain, convert_python2),
            check=refuse,
            look_for_changes=look_for_changes,
            watch_calls=True,
        )
        refuse_broken_checks(graded)
        return with_items(graded, assignment.rubric.manual)


def refuse_class(path: str, rubric: str, functions: Sequence[str], found: Extraction) -> str:
    """Raises UsageError where several students' work was found: nobody is graded for functions of all of them."""
    if several := find_several(functions, found):
        import shlex  # seldom needed, and a cold start pays for each file

        said = ["grade", "batch", path, "-o", "results"]
        by = [] if rubric == DEFAULT else ["--rubric", rubric]
        raise UsageError(
            f"{path}: this looks like a class and not like one student's work: {several}; "
            f"grade all of them with: {shlex.join([*said, *by])}"
        )
    return ""


def find_several(functions: Sequence[str], found: Extraction) -> str:
    """Whose work it may be, in words, where it could be that of several people; nothing where it is one's."""
    if len(functions) < 2:  # three files with one function of one name may well be one student's layers
        return ""
    several = find_class(found.holdings, functions)
    if several is None:
        return ""
    there = line(describe_class(several) + (f" in {several.folder}" if several.folder else ""))
    return f"{there} each hold most of the functions"


def refuse_broken_checks(graded: Grade) -> None:
    """Raises BrokenReference where a check in Python stumbled over values of the right form: its fault, no student's.

    In a class such a function is not graded, and the others go on.
    """
    for check in (check for function in graded.functions for check in function.checks):
        if check.details is not None and check.message == message_of_broken_check():
            raise BrokenReference(str(check.details.note))


def check_explained(name: str, assignment: Assignment) -> None:
    """Raises UsageError where the rubric has no function of this name."""
    names = [function.name for function in assignment.rubric.functions]
    if name and name not in names:
        raise UsageError(
            f"there is no function {name!r} to explain{did_you_mean(name, names)}; there are: {', '.join(names)}"
        )


def prepare_sandbox(sandbox: Sandbox, assignment: Assignment, convert_python2: bool = False) -> None:
    """Grant the rubric's packages, and make sure that neither the rubric nor its reference can be read inside.

    Raises as `packages_of` does.
    """
    sandbox.grant(packages_of(assignment, convert_python2))
    sandbox.hide([Path(assignment.rubric.file), *assignment.reference.folders])


def packages_of(assignment: Assignment, convert_python2: bool) -> tuple[str, ...]:
    """What a child may import: the rubric's packages and, where it is asked for, the converter of Python 2.

    Raises:
        UsageError: the converter isn't installed.
    """
    if not convert_python2:
        return assignment.rubric.packages
    if find_spec("fissix") is None:
        raise UsageError("--convert-python2 needs the converter: pip install 'numgrade[python2]'")
    return (*assignment.rubric.packages, "fissix")


def grade_submission(
    submission: Upload,
    plan: Plan,
    sandbox: Sandbox,
    explain: str = "",
    convert_python2: bool = False,
    reference_seconds: Mapping[str, float] = MappingProxyType({}),
    check: Callable[[Extraction], str] = lambda _: "",
    look_for_changes: bool = False,
    only_changes_of: str = "",
    only_unexplained: bool = False,
    watch_calls: bool = False,
) -> Grade:
    """Grade one submission by a plan that may serve a whole class; see `grade` for `explain`.

    Args:
        reference_seconds: of an earlier grade of the same, so that its calls are held against the same limits.
        check: asked about what was found, before any of it runs: why a person has to look at it, or nothing. What it
            raises ends the grading.
        look_for_changes: whether the smallest change is looked for that makes a function right which nothing explains.
        only_changes_of: the only function of which it is looked for.
        only_unexplained: whether functions that a name explains already aren't looked at any further.
        watch_calls: whether a call of each function that no known mistake explains is watched, for what was right on
            the way. It takes some 50 ms, which a class is spared.
    """

    def list_changes(rounds: Rounds, function: str) -> Changes | None:
        if only_changes_of not in ("", function):
            return None
        with sandbox.open(plan.rubric.limits) as child:
            return changes_in_child(submission, plan.rubric, child, function, convert_python2, rounds)

    def list_flows(rounds: Rounds, functions: Sequence[str]) -> Mapping[str, Flow]:
        with sandbox.open(plan.rubric.limits) as child:
            return flows_in_child(submission, plan.rubric, child, functions, convert_python2, rounds)

    def graded(rounds: Rounds = ()) -> tuple[Grade, Extraction | None]:
        search = FurtherSearch(partial(list_changes, rounds), only_changes_of or explain, not only_unexplained)
        watched = FurtherSearch(None, explain, with_named=False, with_seen=True) if watch_calls else None
        further = search if look_for_changes else watched
        return _grade_once(
            submission, plan, sandbox, allowance.once_more(), explain, convert_python2, check, rounds, further
        )

    def with_lines(found: Grade, rounds: Rounds = ()) -> Grade:
        if not has_lost_points(found.functions):
            return found
        from grader.feedback.lines import flows  # late: right submissions need nothing of it

        few_lines = flows.FEW_LINES if watch_calls else flows.FEW_LINES_IN_A_CLASS
        return flows.with_flows(found, partial(list_flows, rounds), few_lines)

    started = time.perf_counter()
    allowance = Allowance(plan.rubric.limits, reference_seconds)
    sandbox.begin_submission()
    found, extraction = graded()
    if extraction is not None and has_lost_points(found.functions):
        from grader.grading.slips import Submitted, with_slips  # late, likewise

        submitted = Submitted(submission, plan, sandbox, allowance, extraction, convert_python2)
        mended = with_slips(found, submitted, lambda rounds: with_lines(graded(rounds)[0], rounds))
        found = mended if mended.slips else with_lines(found)
    return replace(found, seconds=round(time.perf_counter() - started, 3))


def _grade_once(
    submission: Upload,
    plan: Plan,
    sandbox: Sandbox,
    allowance: Allowance,
    explain: str,
    convert_python2: bool,
    check: Callable[[Extraction], str],
    rounds: Rounds,
    further: FurtherSearch | None,
) -> tuple[Grade, Extraction | None]:
    """The grade of a submission as it was handed in, or with repairs made, and what was read, if it could be."""
    started = time.perf_counter()
    with sandbox.open(plan.rubric.limits) as child:
        extraction = read_in_child(submission, plan.rubric, child, convert_python2=convert_python2, rounds=rounds)
        why = extraction.why if isinstance(extraction, Unreadable) else check(extraction)
        if why or isinstance(extraction, Unreadable):
            plan.put_off.finish()  # a rubric that fails is said whatever was handed in
            return make_unreadable(plan, submission, why, sandbox.isolation, time.perf_counter() - started), None
        with Interview(plan, extraction, sandbox, allowance, first=child) as interview:
            answers = interview.ask(has_points)
            plan.put_off.finish()
            extraction = extraction._replace(skipped=answers.skipped)
            functions = grade_functions(plan, extraction, answers)
            more = interview.ask(select_explaining(functions, answers))
            unhelped: frozenset[str] = frozenset()
            if has_lost_points(functions):
                from grader.grading.carry_forward import find_unhelped  # late: right submissions need nothing of it

                unhelped = find_unhelped(interview, functions, answers, extraction)

    # One child after the other: each may use all of the memory.
    student = GradedSubmission(plan, extraction, sandbox, answers, {}, allowance)
    student, functions, forms = _ask_again(student, functions, unhelped)
    if lost := functions_to_explain(functions):
        student = replace(student, answers=answers.join_answers(more))
        from grader.feedback.explaining import explain_lost_points  # late: right submissions need nothing of it

        functions = explain_lost_points(student, functions, lost, forms, explain, further)

    seconds = time.perf_counter() - started
    graded = make_grade(plan, submission, extraction, student.answers, functions, sandbox.isolation, seconds)
    return replace(graded, reference_seconds=allowance.reference_seconds), extraction


def _ask_again(
    student: GradedSubmission, functions: list[FunctionGrade], unhelped: frozenset[str]
) -> tuple[GradedSubmission, list[FunctionGrade], tuple[FormRun, ...]]:
    """The second runs of what lost points: with right helpers, and then in other forms, where those mend nothing."""
    plan, extraction, sandbox = student.plan, student.extraction, student.sandbox
    answers, allowance = student.answers, student.allowance
    if not has_lost_points(functions):
        return student, functions, ()
    from grader.grading.carry_forward import (  # late: right submissions need nothing of it
        CarriedRun,
        ask_with_reference_helpers,
        helpers_to_replace,
        with_explaining_answers,
    )
    from grader.grading.other_forms import rerun_in_other_forms  # likewise

    carried: dict[str, CarriedRun] = {}
    if replaced := helpers_to_replace(plan, functions, unhelped):
        with Interview(plan, extraction, sandbox, allowance, replaced) as interview:
            carried = ask_with_reference_helpers(interview, functions, replaced)
            functions = grade_functions(plan, extraction, answers, carried, before=functions)
            carried = with_explaining_answers(interview, carried, select_explaining(functions, answers))
    forms = rerun_in_other_forms(plan, extraction, functions, answers, sandbox, allowance)
    if forms:
        functions = grade_functions(plan, extraction, answers, carried, forms=forms, before=functions)
    return replace(student, carried=carried), functions, forms


def select_explaining(functions: Sequence[FunctionGrade], answers: Answers) -> Select:
    """The checks without points of functions that lost some; not of those that took too much, and would again."""
    lost = {function.name for function in functions if has_lost_points([function])}
    stops = answers.stops.items()
    endless = {name for name, stop in stops if stop.ended is not None and stop.ended.how in ("timeout", "memory")}
    return lambda f, c: f.function.name in lost - endless and not has_points(f, c)
