"""Adopt a group of answers: first a draft for a person to fill in, then a variant in the reference, and new grades."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from pathlib import Path

import msgspec

from grader.classroom.outputs.gradebook import write_gradebook
from grader.classroom.outputs.refresh import ThisProcess, refresh_reports
from grader.classroom.review.drafting import DraftKind, draft, line_to_fill_in
from grader.classroom.review.groups import Group, choose_code, find_changed_references, read_members_code
from grader.classroom.review.regrading import open_plan, regrade
from grader.classroom.review.results import Results
from grader.classroom.store.fingerprint import fingerprint_parts
from grader.classroom.store.marks import MarkedSubmission, read_marks
from grader.classroom.workers.grader import Code
from grader.classroom.workers.progress import Quiet, Watch
from grader.classroom.workers.snapshot import take_snapshot, to_bytes
from grader.errors import UsageError
from grader.files import write_text
from grader.plan.assignment import Assignment, is_bundled, load_assignment
from grader.report.wording import points
from grader.verdict import Verdict

DRAFTS = Path("private") / "drafts"


class Drafted(msgspec.Struct, frozen=True):
    """A draft that waits for a person."""

    file: Path
    is_reference: bool  #: the reference with a change, and no student's code


class Adopted(msgspec.Struct, frozen=True):
    """A draft that became part of the reference."""

    file: Path
    members: int  #: submissions
    explained: int  #: of those
    before: Fraction | None  #: the function's points of the first member
    after: Fraction | None


def adopt(results: Results, group: Group, kind: DraftKind, watch: Watch) -> Drafted | Adopted:
    """Draft a variant for a group; where the draft is there and filled in, put it into the reference and grade again.

    Raises:
        UsageError: the reference isn't the instructor's own or has changed, the draft isn't filled in, or its answers
            aren't the group's. Nothing was changed then.
        AssignmentError: the draft doesn't load. Nothing was changed then.
    """
    assignment = _own_assignment(results)
    path = _draft_path(results, group)
    if not path.exists():
        return _write_draft(results, group, kind, path, assignment, watch)
    text = path.read_text(encoding="utf-8")
    if (line := line_to_fill_in(text)) is not None:
        raise UsageError(f"{path}:{line}: fill this in, then run the same command again")
    target = _target(assignment, path)
    write_text(target, text)
    try:
        return _grade_anew(results, group, assignment, target, watch)
    except BaseException:
        target.unlink()
        raise


def foretell_adoption(results: Results, group: Group, kind: DraftKind) -> list[str]:
    """What `adopt` would do, in lines; nothing is changed. Raises as it does."""
    assignment, path = _own_assignment(results), _draft_path(results, group)
    members = len(group.students)
    if not path.exists():
        does = f"a draft of a {kind} would be written: {path}"
    elif (line := line_to_fill_in(path.read_text(encoding="utf-8"))) is not None:
        does = f"{path}:{line} is not filled in yet, so nothing would be done"
    else:
        does = f"{_target(assignment, path)} would be written, and everybody graded again"
    return [f"{does}; it is for {members} students who have {group.function} wrong alike", "nothing was changed"]


def _draft_path(results: Results, group: Group) -> Path:
    name = f"{group.function}_{hashlib.sha256(group.members[0].content.encode()).hexdigest()[:8]}"
    return results.out / DRAFTS / f"{name}.py"


def _target(assignment: Assignment, draft: Path) -> Path:
    return assignment.reference.folder / f"adopted_{draft.stem}.py"


def _own_assignment(results: Results) -> Assignment:
    """The assignment as it lies in the instructor's folder, where it is still the one that graded the class."""
    rubric = results.luggage.kit.rubric
    assignment = load_assignment(rubric, results.luggage.kit.limits)
    if is_bundled(assignment.reference.folder):
        raise UsageError(
            f"{assignment.reference.folder}: this reference came with grade; copy it with its rubric to a folder of "
            "your own, and grade the class by that one, to add to it"
        )
    parts = fingerprint_parts(assignment, results.luggage.kit.seed, results.luggage.kit.sandbox)
    if any(parts[each] != results.parts[each] for each in ("rubric", "reference")):
        raise UsageError(
            f"{rubric}: this or its reference has changed since the class was graded; run `grade batch` first"
        )
    return assignment


def _write_draft(
    results: Results, group: Group, kind: DraftKind, path: Path, assignment: Assignment, watch: Watch
) -> Drafted:
    functions = assignment.reference.functions
    names = (function.root for function in assignment.rubric.functions if function.root in functions)
    modules = {each: functions[each].__module__ for each in names}
    text = _draft_of_reference(results, group, kind, path.stem, modules, watch)
    own = text or draft(
        kind, group.function, path.stem, choose_code(group, read_members_code(results, [group])), modules
    )
    path.parent.mkdir(exist_ok=True)
    write_text(path, own)
    return Drafted(path, bool(text))


def _draft_of_reference(
    results: Results, group: Group, kind: DraftKind, name: str, modules: Mapping[str, str], watch: Watch
) -> str:
    """The reference with the change that gives the group's answers; empty where there is none that can be drafted."""
    changed = find_changed_references(results, [group], watch).get(0)
    if changed is None:
        return ""
    try:
        return draft(kind, group.function, name, Code(changed.name, changed.modules), modules, changed.diff)
    except UsageError:  # it takes several files, say; one member's code may not
        return ""


def _grade_anew(results: Results, group: Group, before: Assignment, target: Path, watch: Watch) -> Adopted:
    """Everybody's grade under the reference with the new variant; kept only if it explains the group."""
    assignment, kit = open_plan(results, before.rubric.file)
    contents = [each.content for each in read_marks(results.store, results.plan)]
    found = list(regrade(results, kit, contents, watch))
    failed = next((each.fault for each in found if each.verdict == Verdict.NOT_GRADED), None)
    if failed is not None:
        raise UsageError(f"somebody can't be graded with it: {failed}; nothing was changed")
    for each in found:
        results.store.keep(kit.fingerprint, each)
    now = {each.content: each for each in read_marks(results.store, kit.fingerprint)}
    members = [now[member.content] for member in group.members]
    explained = _find_explained(members, group.function)
    if not explained:
        results.store.forget(kit.fingerprint)
        raise UsageError(f"the draft's answers to {group.function} aren't those of the group; nothing was changed")
    parts = fingerprint_parts(assignment, kit.seed, kit.sandbox, kit.convert_python2)
    results.store.keep_plan(kit.fingerprint, parts, to_bytes(take_snapshot(assignment, kit)))
    _report(Results(results.out, results.store, kit.fingerprint))
    return Adopted(target, len(members), len(explained), group.mark.score, _score(members[0], group.function))


def _find_explained(members: Sequence[MarkedSubmission], name: str) -> list[MarkedSubmission]:
    found = [(each, function) for each in members for function in each.marks.functions if function.name == name]
    return [each for each, function in found if function.is_full or function.is_explained]


def _score(member: MarkedSubmission, name: str) -> Fraction | None:
    return next(function.score for function in member.marks.functions if function.name == name)


def _report(results: Results) -> None:
    refresh_reports(results.out, results.plan, results.store, results.decided, ThisProcess(), Quiet())
    write_gradebook(results.out, results.shown(), results.rubric)


def describe_adoption(found: Drafted | Adopted, group: Group) -> Iterator[str]:
    """What came of it, in lines for people."""
    if isinstance(found, Drafted):
        whose = "your reference with one change" if found.is_reference else "a student's code"
        yield f"drafted: {found.file}"
        yield f"It is {whose}, and a reference runs WITHOUT A JAIL: read it, and fill in what is in capitals."
        yield "Then run the same command again: it goes into the reference, and the class is graded anew."
        return
    was, now = (points(each or Fraction(0)) for each in (found.before, found.after))
    yield f"{found.file}: explains {found.explained} of {found.members} members"
    yield f"{group.function}: {was} points, now {now}"
    yield "Everybody's grade and report is made by the new reference; what is published stays until you publish again."
