"""OUT/grades.csv: one row for each student, one column for each function.

For people and spreadsheets: a cell that a spreadsheet would take for a formula begins with an apostrophe. Points have
at most two decimals. Who isn't graded, or handed in nothing, has no points: an empty cell, never a zero. The score
is what counts after all decisions, and `computed` what the grader found.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import islice
from pathlib import Path

import msgspec

from grader.classroom.decisions.lateness import State
from grader.classroom.decisions.reading import ClassDecisions
from grader.classroom.decisions.settling import Adjustment, Adjustments, apply_decisions
from grader.classroom.intake.model import Student
from grader.classroom.store.encoding import Brief, decode_brief, decode_points, encode_points
from grader.classroom.store.roster import Member, Roster
from grader.classroom.store.store import Store, SubmissionRow
from grader.classroom.tables.csv_text import rows_as_csv
from grader.classroom.tables.people import guard
from grader.errors import HarnessError, UsageError
from grader.extraction.model import CHOSEN, NOT_DEFINED
from grader.files import write_text
from grader.grading.grades import UNREADABLE, UNREADABLE_NOTE
from grader.report.sanitize import line
from grader.report.wording import points
from grader.rubric.model import Manual, RequiredFunction, Rubric
from grader.verdict import Verdict

#: The file in OUT.
GRADEBOOK = "grades.csv"
_MOST_PROBLEMS = 3
_LONGEST = 200
_LONGEST_DECISION = 2000  # arithmetic without its end is none
_LONGEST_CELL = 32_000  # Excel's are cut at 32,767
_BEFORE = ("id", "name", "email", "status", "score", "max_score")
_AFTER = ("late", "remarks", "computed", "decisions")

GRADED, AWAITING, NOT_GRADED, ABSENT = "graded", "awaiting", "not graded", "nothing handed in"
#: A reason for a person to look at a row that has points.
WRONG_FILE = "perhaps the wrong file: none of the functions is in it"
#: How a remark begins that holds a student against others: it stays in OUT/private, and goes into no table.
SAME_FILES = "the same files as "
_BYTE_ORDER_MARK = "\ufeff"  # without it a spreadsheet takes the letters of names for another alphabet's
_NO_GRADE = Brief(None, Fraction(0), Verdict.NOT_GRADED, (), ())
_STATUS = {Verdict.AWAITING: AWAITING, Verdict.NOT_GRADED: NOT_GRADED}


class GradebookRow(msgspec.Struct, frozen=True):
    """One student's row."""

    student: Student
    status: str
    late: bool = False
    remarks: tuple[str, ...] = ()
    score: Fraction | None = None  #: the one that counts, after all decisions
    functions: tuple[Fraction | None, ...] = ()
    computed: Fraction | None = None  #: what the grader found
    adjustments: tuple[Adjustment, ...] = ()  #: from one to the other
    lateness: State = ""  #: by the rubric's rule; empty where there is none
    reason: str = ""  #: UNREADABLE or WRONG_FILE: why a person should look at it

    @property
    def is_unreadable(self) -> bool:
        """Whether it awaits a person because what was handed in can't be read."""
        return self.status == AWAITING and self.reason == UNREADABLE


_ENCODER = msgspec.msgpack.Encoder(enc_hook=encode_points)
_DECODER = msgspec.msgpack.Decoder(GradebookRow, dec_hook=decode_points)
#: A remark on somebody, where there is a roster.
NOT_ON_ROSTER = "not on the roster"
#: A remark on who asked that nothing but the grade be kept.
ONLY_GRADE = "what was handed in, and the reports, are erased; the grade was kept"


def encode_row(entry: GradebookRow) -> bytes:
    """A row as it rests in the store."""
    return _ENCODER.encode(entry)


def decode_row(blob: bytes) -> GradebookRow:
    """The row that was encoded."""
    return _DECODER.decode(blob)


def gradebook_rows(store: Store, plan: str, roster: Roster | None, decided: ClassDecisions) -> list[GradebookRow]:
    """A row for each student of each submission, and for each of the roster who handed in nothing; by id."""
    contents = {row.content for row in store.walk_rows(plan)}
    briefs = {content: _brief(store, plan, content) for content in contents}  # once for all that handed in the same
    twins = _find_twins(store.walk_rows(plan), briefs)
    found: list[GradebookRow] = []
    there: set[Member] = set()
    for row in store.walk_rows(plan):
        brief = briefs[row.content]
        grade = decided.by_hand.with_items(with_reason(brief), row.handed) if brief else None
        said = (*_twin_remark(row, twins.get(row.handed.id, ())), *_repair_remarks(store, plan, row))
        for student in row.handed.students:
            entry = _entry(row, grade, said, decided.rulings.get(student.id, Adjustments()))
            member = roster.find(student) if roster else None
            there |= {member} if member else set()
            found.append(_with_roster(entry, student, member, has_roster=roster is not None))
    mine = {each.student.id for each in found}
    for kept in map(decode_row, store.kept_grades().values()):
        if kept.student.id not in mine:
            found.append(_row_by_hand(kept, decided.rulings.get(kept.student.id, Adjustments())))
            member = roster.find(kept.student) if roster else None
            there |= {member} if member else set()
    absent = (member for member in (roster.members if roster else ()) if member not in there)
    found += [
        _row_by_hand(GradebookRow(each.student, ABSENT), decided.rulings.get(each.student.id, Adjustments()))
        for each in absent
    ]
    return sorted(found, key=lambda each: each.student.id)


def _brief(store: Store, plan: str, content: str | None) -> Brief | None:
    blob = store.blob(plan, content)
    return decode_brief(blob) if blob else None


def _find_twins(rows: Iterable[SubmissionRow], briefs: Mapping[str | None, Brief | None]) -> dict[str, tuple[str, ...]]:
    """Who handed in the same source, in whatever archive: for the first student of each submission those of all."""
    sources = {content: brief.sources for content, brief in briefs.items() if brief and brief.sources}
    same: dict[str, list[str]] = {}
    for row in rows:
        if row.handed_in is not None:
            same.setdefault(sources.get(row.handed_in, row.handed_in), []).append(row.handed.id)
    # One tuple for all of them: a copy for each of 10,000 twins took 800 MB.
    return {each: mine for mine in map(tuple, same.values()) for each in mine}


def _entry(row: SubmissionRow, grade: Brief | None, said: tuple[str, ...], ruling: Adjustments) -> GradebookRow:
    strange = grade.reason if grade and grade.reason == WRONG_FILE else ""
    remarks = (*row.handed.remarks, *said, *filter(None, (row.fault, strange)), *(_choices(grade) if grade else ()))
    if row.is_empty:
        return _row_by_hand(GradebookRow(row.handed.students[0], ABSENT, row.handed.late, remarks), ruling)
    if grade is None:
        why = () if row.fault else ("its files changed while the class was graded",)
        return _row_by_hand(GradebookRow(row.handed.students[0], NOT_GRADED, row.handed.late, (*remarks, *why)), ruling)
    settled = apply_decisions(grade, ruling)
    is_decided = ruling.overrides and settled.score is not None
    lateness = ruling.lateness.state if ruling.lateness else ""
    return GradebookRow(
        student=row.handed.students[0],
        status=GRADED if is_decided else _STATUS.get(grade.verdict, GRADED),
        late=lateness.startswith("late") if ruling.lateness else row.handed.late,
        lateness=lateness,
        remarks=(*remarks, *_problems(grade)),
        score=settled.score,
        functions=settled.functions,
        computed=grade.score,
        adjustments=settled.adjustments,
        reason=grade.reason,
    )


def with_reason(grade: Brief) -> Brief:
    """The grade with a reason where it was read, and holds none of the functions: not even an empty or misspelt one."""
    is_strange = all(each.remarks and each.remarks[0].endswith(NOT_DEFINED) for each in grade.functions)
    return msgspec.structs.replace(grade, reason=WRONG_FILE) if is_strange and not grade.reason else grade


def _row_by_hand(entry: GradebookRow, ruling: Adjustments) -> GradebookRow:
    """The row of somebody whom the grader has no points for: a person may give a whole score all the same."""
    settled = apply_decisions(_NO_GRADE, Adjustments(ruling.overrides))
    if settled.score is None:
        return entry
    return msgspec.structs.replace(entry, status=GRADED, score=settled.score, adjustments=settled.adjustments)


def _with_roster(entry: GradebookRow, student: Student, member: Member | None, has_roster: bool) -> GradebookRow:
    """The entry for one student, with what the roster knows of them."""
    listed = member.student if member else student
    known = Student(student.id, listed.name or student.name, listed.email or student.email)
    remarks = entry.remarks if member or not has_roster else (*entry.remarks, NOT_ON_ROSTER)
    return msgspec.structs.replace(entry, student=known, remarks=remarks)


def _twin_remark(row: SubmissionRow, same: tuple[str, ...]) -> Iterator[str]:
    if len(same) > 1 and row.files and not row.original:  # else these are the copy's files
        other = same[0] if same[0] != row.handed.id else same[1]
        more = f" and {len(same) - 2} more" if len(same) > 2 else ""
        yield f"{SAME_FILES}{other}{more}"


def _repair_remarks(store: Store, plan: str, row: SubmissionRow) -> Iterator[str]:
    """That a copy was graded; and that this does harm, where it was graded before as it was handed in, and had more."""
    fix = row.handed.fix
    if fix is None or not row.sha256:
        return
    yield f"graded as repaired by {fix.repair.who}"
    blobs = (store.blob(plan, content) for content in (row.content, row.original))
    score, before = (decode_brief(blob).score if blob else None for blob in blobs)
    left = None if score is None else max(score - fix.repair.deduction, Fraction(0))
    if left is not None and before is not None and before > left:
        had = f"the repair leaves {points(left)} points, and it had {points(before)} as handed in"
        yield f"{had}: if that was not meant, take the copy away"


def _choices(grade: Brief) -> Iterator[str]:
    """Which of several files was graded, once for each: an old copy beside a new one may decide a score."""
    told = dict.fromkeys(each for function in grade.functions for each in function.remarks if each.startswith(CHOSEN))
    yield from islice(told, _MOST_PROBLEMS)


def _problems(grade: Brief) -> Iterator[str]:
    if grade.reason == UNREADABLE:  # the last one sums up those before it
        yield grade.problems[-1].message.removeprefix(UNREADABLE_NOTE)
        return
    for problem in grade.problems[:_MOST_PROBLEMS]:
        yield f"{problem.where}: {problem.message}"
    if len(grade.problems) > _MOST_PROBLEMS:
        yield f"{len(grade.problems) - _MOST_PROBLEMS} more problems, see the report"


def gradebook_as_csv(found: Iterable[GradebookRow], rubric: Rubric) -> str:
    """The rows as CSV."""
    return rows_as_csv([gradebook_header(rubric), *gradebook_cells(found, rubric)])


def write_gradebook(out: Path, found: Iterable[GradebookRow], rubric: Rubric) -> None:
    """Write OUT/grades.csv. Raises HarnessError where it can't be written."""
    try:
        write_text(out / GRADEBOOK, _BYTE_ORDER_MARK + gradebook_as_csv(found, rubric))
    except UsageError as error:  # OUT was sound when the run began: it is nothing that the caller did wrong
        raise HarnessError(f"{error}. What was graded is kept: run the same command again") from error


def gradebook_header(rubric: Rubric) -> list[str]:
    """What the columns are called."""
    fixed = {*_BEFORE, *_AFTER}
    names = [f"{each.name}()" if each.name in fixed else each.name for each in rubric.items]
    return [*_BEFORE, *names, *_AFTER]


def gradebook_cells(found: Iterable[GradebookRow], rubric: Rubric) -> Iterator[list[str]]:
    """The rows as text, in the columns of the header."""
    items, most = rubric.items, rubric.most
    return (_cells(entry, items, most) for entry in found)


def _cells(entry: GradebookRow, items: Sequence[RequiredFunction | Manual], most: Fraction) -> list[str]:
    student = entry.student
    scores = entry.functions or (None,) * len(items)
    return [
        *map(guard, (student.id, student.name, student.email)),
        entry.status,
        _points(entry.score, most),
        points(most),
        *(_points(score, item.points) for score, item in zip(scores, items, strict=True)),
        entry.lateness or ("late" if entry.late else ""),
        guard("; ".join(line(remark, _LONGEST) for remark in entry.remarks if not remark.startswith(SAME_FILES))),
        _points(entry.computed, most),
        guard("; ".join(line(_decision(each), _LONGEST_DECISION) for each in entry.adjustments), _LONGEST_CELL),
    ]


def _decision(adjustment: Adjustment) -> str:
    signed = ", ".join(filter(None, (adjustment.who, adjustment.when)))
    return f"{adjustment.what}: {adjustment.text}" + (f" ({signed})" if signed else "")


def _points(score: Fraction | None, most: Fraction) -> str:
    return "" if score is None else points(score, most)
