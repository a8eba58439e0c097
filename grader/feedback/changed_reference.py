"""What the reference would answer with a small change: the wrong answers that a class may share.

The changes are those of `grade audit`, and those by which the answers of a class were mended, made the other way round.
Each runs in the jail: a change can make a loop endless.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator
from itertools import chain, islice
from typing import NamedTuple

import msgspec
from msgspec.structs import replace

from grader.errors import UsageError
from grader.extraction.changes.model import Changes
from grader.extraction.model import Extraction
from grader.feedback.answer_digests import with_digests
from grader.feedback.mutants import make_mutants
from grader.feedback.wording_alike import turn_around
from grader.grading.answers import has_points
from grader.grading.execution import run_questions
from grader.grading.grades import AnswerDigest
from grader.grading.reading import Unreadable, changes_in_child, read_in_child
from grader.grading.score import grade_function
from grader.plan.plan import Plan
from grader.rubric.model import Rubric
from grader.sandbox.sandbox import Sandbox
from grader.submission.collecting import FoundFile, Upload

#: Of one function so many changes are asked, for so long: the first ones name most groups.
MOST_ASKED, MOST_SECONDS = 400, 20.0
#: What takes longer for one call is no wrong answer that students give.
CALL_SECONDS = 0.5


class ChangedReference(msgspec.Struct, frozen=True):
    """The reference with one change, and what it answers to the checks that it fails."""

    diff: str  #: the changed lines, with `- ` and `+ ` before them
    name: str  #: of the function
    modules: tuple[str, ...]  #: source, that with the function first
    wrong: tuple[tuple[str, AnswerDigest | None], ...]  #: titles, and what was answered


class _Program(NamedTuple):
    diff: str
    modules: dict[str, str]


def ask_changed_references(
    plan: Plan, sandbox: Sandbox, function: str, keys: Collection[str] = ()
) -> list[ChangedReference]:
    """The answers of changed references to one function's checks, of those that are wrong; the usual changes first.

    Args:
        keys: of changes that mended a student's function. Made the other way round, they are asked first.
    """
    planned = next(each for each in plan.functions if each.function.name == function)
    limits = plan.rubric.limits
    short = replace(limits, call_seconds=min(limits.call_seconds, CALL_SECONDS))
    assignment = replace(plan.assignment, rubric=replace(plan.rubric, limits=short))
    alone = replace(plan, assignment=assignment, functions=(planned,))
    rubric = replace(plan.rubric, functions=(planned.function,))
    ends = time.monotonic() + MOST_SECONDS
    found: list[ChangedReference] = []
    own = _slice(plan, rubric, sandbox)
    if own is None:
        return found
    programs = chain(_turned_around(plan, rubric, sandbox, own, keys), _changed_by_operators(plan, own, function))
    for program in islice(programs, MOST_ASKED):
        if time.monotonic() > ends:
            break
        if (asked := _ask(alone, sandbox, own, program)) is not None:
            found.append(asked)
    return found


def _as_submission(plan: Plan) -> Upload:
    sources = plan.assignment.reference.sources
    return Upload("the reference", tuple(FoundFile(name, text.encode()) for name, text in sources.items()))


def _slice(plan: Plan, rubric: Rubric, sandbox: Sandbox) -> Extraction | None:
    """The reference, down to what one function needs."""
    with sandbox.open(rubric.limits) as child:
        found = read_in_child(_as_submission(plan), rubric, child)
    return None if isinstance(found, Unreadable) or rubric.functions[0].name not in found.entries else found


def _changed_by_operators(plan: Plan, own: Extraction, function: str) -> Iterator[_Program]:
    try:
        mutants = make_mutants(own.modules, plan.rubric)
    except UsageError:  # the extra for audits isn't installed
        return
    for mutant in mutants:
        if function in mutant.asked:
            yield _Program(mutant.diff, {**own.modules, mutant.module: mutant.source})


def _turned_around(
    plan: Plan, rubric: Rubric, sandbox: Sandbox, own: Extraction, keys: Collection[str]
) -> Iterator[_Program]:
    """What students' functions would become right by, made in the reference the other way round."""
    wanted = {turn_around(key) for key in keys}
    if not wanted:
        return
    with sandbox.open(rubric.limits) as child:
        found = changes_in_child(_as_submission(plan), rubric, child, rubric.functions[0].name)
    if found is None or found.module not in own.modules:
        return
    text = own.modules[found.module]
    for change in found.changes:
        if change.key in wanted:
            changed = text[: change.start] + change.text + text[change.end :]
            yield _Program(_diff(text, found, changed), {**own.modules, found.module: changed})


def _diff(text: str, found: Changes, changed: str) -> str:
    """The lines of the function that differ."""
    end = found.end + len(changed) - len(text)
    old, new = text[found.start : found.end].split("\n"), changed[found.start : end].split("\n")
    while old and new and old[0] == new[0]:
        old, new = old[1:], new[1:]
    while old and new and old[-1] == new[-1]:
        old, new = old[:-1], new[:-1]
    return "\n".join([*(f"- {line.strip()}" for line in old), *(f"+ {line.strip()}" for line in new)])


def _ask(plan: Plan, sandbox: Sandbox, own: Extraction, program: _Program) -> ChangedReference | None:
    """What it answers; None where it is right by every check."""
    (planned,) = plan.functions
    module, name = own.entries[planned.function.name]
    sandbox.begin_submission()
    extraction = Extraction(program.modules, own.entries, {}, {}, (), ())
    answers = run_questions(plan, extraction, sandbox, has_points)
    (grade,) = with_digests(plan, answers, {}, [grade_function(planned, plan, extraction, answers)])
    wrong = tuple(
        (check.title, check.sketch)
        for check in grade.checks
        if check.score is not None and check.score < check.max_score and not check.waits
    )
    others = (text for other, text in program.modules.items() if other != module)
    return ChangedReference(program.diff, name, (program.modules[module], *others), wrong) if wrong else None
