"""Read everything that was decided about a class, by student."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path

import msgspec

from grader.classroom.decisions.blind import read_codes
from grader.classroom.decisions.by_hand import ByHand, read_given
from grader.classroom.decisions.lateness import Lateness
from grader.classroom.decisions.ledger import LEDGER, days_used_elsewhere, ledger_as_csv, read_ledger, update_ledger
from grader.classroom.decisions.overrides import read_overrides
from grader.classroom.decisions.settling import Adjustments
from grader.classroom.decisions.times import EXTENSIONS, TIMES, read_extensions, read_times
from grader.classroom.store.encoding import decode_points, encode_points
from grader.classroom.store.roster import load_roster
from grader.classroom.store.store import Store, SubmissionRow
from grader.errors import UsageError
from grader.files import write_text
from grader.rubric.late_penalty import Late, read_time_of_submission
from grader.rubric.model import Rubric


class Rule(msgspec.Struct, frozen=True):
    """How lateness is judged in a class, and what was given for it with the command."""

    late: Late
    assignment: str  #: as the ledger calls it
    times: dict[str, datetime] = {}
    ledger: str = ""  #: a path; empty: in OUT


def save_rule(store: Store, late: Late | None, assignment: str, times: Path | None, ledger: Path | None) -> None:
    """Keep how lateness is judged until the class is graded again.

    Raises:
        UsageError: the times can't be read, or nobody needs them. Nothing was changed.
    """
    if times and not late:
        raise UsageError(f"--times {times}: no points are taken for lateness here; the rubric's key `late` would do it")
    if times and not times.exists():
        raise UsageError(f"--times {times}: there is no such file")
    if ledger and not (late and late.bank):
        raise UsageError(
            f"--ledger {ledger}: the rubric has no late days; the key `bank` of its `late` would give some"
        )
    found = read_times(times, late.zone) if times and late else {}
    rule = Rule(late, assignment, found, str(ledger.resolve()) if ledger else "") if late else None
    _keep(store, rule)


def forget_times(store: Store, ids: Collection[str]) -> None:
    """Forget when whoever goes by these ids handed in, where it came with the command."""
    rule = _rule(store)
    if rule is not None:
        times = {student: at for student, at in rule.times.items() if student not in ids}
        _keep(store, msgspec.structs.replace(rule, times=times))


def leave_time(out: Path, store: Store, student: str, rows: Iterable[SubmissionRow]) -> None:
    """Before a student is forgotten: the others of their group keep when their work was handed in.

    Raises:
        UsageError: the table of times can't be read.
    """
    rule = _rule(store)
    times = {**rule.times, **read_times(out / TIMES, rule.late.zone)} if rule else {}
    if rule is None or student not in times:
        return
    untold = (row for row in rows if read_time_of_submission(row.handed.at, rule.late.zone) is None)
    groups = [[each.id for each in row.handed.students] for row in untold]
    heirs = [each for group in groups if student in group for each in group if each not in times]
    _keep(store, msgspec.structs.replace(rule, times={**rule.times, **dict.fromkeys(heirs, times[student])}))


def _keep(store: Store, rule: Rule | None) -> None:
    store.keep_setting("late", msgspec.json.encode(rule, enc_hook=encode_points).decode())


class ClassDecisions(msgspec.Struct, frozen=True):
    """What people decided about a class."""

    by_hand: ByHand = ByHand()
    rulings: Mapping[str, Adjustments] = {}  #: for each student of whom something was decided


def read_decisions(out: Path, plan: str, store: Store, rubric: Rubric) -> ClassDecisions:
    """All that was decided.

    Raises:
        UsageError: a file of decisions can't be read, or holds what can't be meant.
    """
    rows = store.rows(plan)
    students = {student.id: row for row in rows for student in row.handed.students}
    roster = load_roster(store)
    absent = (member.student.id for member in roster.members) if roster else ()
    known = {*students, *absent, *store.kept_grades()}
    given = read_overrides(out, known, {item.name: item.points for item in rubric.items})
    late = dict(_lateness(out, store, students))
    repairs = {student: row.handed.fix.repair for student, row in students.items() if row.handed.fix}
    decided = {**late, **given, **repairs}
    rulings = {each: Adjustments(given.get(each, ()), late.get(each), repairs.get(each)) for each in decided}
    return ClassDecisions(read_given(out, rubric.manual, [row.handed for row in rows], read_codes(out)), rulings)


def unknown_ids(out: Path, store: Store, students: set[str]) -> list[str]:
    """The ids in extensions and times that nobody of these has: they may hand in later, or be misspelt."""
    rule = _rule(store)
    if rule is None:
        return []
    zone = rule.late.zone
    named = {**read_extensions(out / EXTENSIONS, zone), **read_times(out / TIMES, zone), **rule.times}
    return sorted(named.keys() - students)


def _lateness(out: Path, store: Store, students: dict[str, SubmissionRow]) -> Iterator[tuple[str, Lateness]]:
    rule = _rule(store)
    if rule is None:
        return
    late = rule.late
    times = {**rule.times, **read_times(out / TIMES, late.zone)}
    until = read_extensions(out / EXTENSIONS, late.zone)
    used = days_used_elsewhere(read_ledger(_ledger(out, rule)), rule.assignment) if late.bank else Counter[str]()
    for student, row in students.items():
        at = times.get(student) or _find_time_of_work(row, times, late.zone)
        yield student, Lateness(late, at, row.handed.late, until.get(student), max(late.bank - used[student], 0))


def _find_time_of_work(row: SubmissionRow, times: Mapping[str, datetime], zone: str) -> datetime | None:
    """When a group's work was handed in: by the LMS, else by what a table says of one of them."""
    known = (times[each.id] for each in row.handed.students if each.id in times)
    return read_time_of_submission(row.handed.at, zone) or next(known, None)


def lateness_of_attempts(out: Path, store: Store) -> Callable[[str, str, bool], Lateness | None]:
    """The lateness of an attempt, by its student's id, when it came, and whether the LMS marks it as late.

    Raises:
        UsageError: the extensions can't be read.
    """
    rule = _rule(store)
    if rule is None:
        return lambda *_: None
    late, until = rule.late, read_extensions(out / EXTENSIONS, rule.late.zone)

    def lateness_of(student: str, at: str, is_marked: bool) -> Lateness:
        return Lateness(late, read_time_of_submission(at, late.zone), is_marked, until.get(student))

    return lateness_of


def save_ledger(out: Path, store: Store, found: Mapping[str, Adjustments]) -> None:
    """Write down the late days that these students have used for this assignment; no more than once, however often.

    Raises:
        UsageError: the ledger can't be read or written.
    """
    rule = _rule(store)
    if rule is None or not rule.late.bank:
        return
    path = _ledger(out, rule)
    charged = {student: each.lateness.from_bank for student, each in found.items() if each.lateness}
    path.parent.mkdir(parents=True, exist_ok=True)
    write_text(path, ledger_as_csv(update_ledger(read_ledger(path), rule.assignment, charged.keys(), charged)))


def _rule(store: Store) -> Rule | None:
    kept = store.setting("late") or "null"
    return msgspec.json.decode(kept, type=Rule | None, dec_hook=decode_points)


def _ledger(out: Path, rule: Rule) -> Path:
    return Path(rule.ledger) if rule.ledger else out / LEDGER
