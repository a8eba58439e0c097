"""Read everything that was decided about a class, by student."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import msgspec

from grader.classroom.blob import brief_of, decode_points, encode_points
from grader.classroom.decisions.lateness import Lateness
from grader.classroom.decisions.overrides import read_overrides
from grader.classroom.decisions.settling import Ruling
from grader.classroom.decisions.times import EXTENSIONS, TIMES, read_extensions, read_times
from grader.classroom.store import Row, Store
from grader.errors import UsageError
from grader.late import Late, read_time


def keep_rule(store: Store, late: Late | None, times: Path | None) -> None:
    """Keep how lateness is judged, and the times that were given with the command, until the class is graded again.

    Raises:
        UsageError: the times can't be read, or nobody needs them. Nothing was changed.
    """
    if times and not late:
        raise UsageError(f"--times {times}: no points are taken for lateness here; the rubric's key `late` would do it")
    if times and not times.exists():
        raise UsageError(f"--times {times}: there is no such file")
    found = read_times(times, late.zone) if times and late else {}
    store.keep_setting("late", msgspec.json.encode(late, enc_hook=encode_points).decode())
    store.keep_setting("times", msgspec.json.encode(found).decode())


def rulings(out: Path, plan: str, store: Store) -> dict[str, Ruling]:
    """What was decided, for each student of whom something was.

    Raises:
        UsageError: a file of decisions can't be read, or holds what can't be meant.
    """
    rows = store.rows(plan)
    students = {student.id: row for row in rows for student in row.handed.students}
    graded = next((blob for row in rows if (blob := store.blob(plan, row.content))), None)
    functions = {each.name: each.max_score for each in brief_of(graded).functions} if graded else {}
    given = read_overrides(out, students, functions)
    late = dict(_lateness(out, store, students))
    return {each: Ruling(given.get(each, ()), late.get(each)) for each in {**late, **given}}


def strangers(out: Path, store: Store, students: set[str]) -> list[str]:
    """The ids in extensions and times that nobody of these has: they may hand in later, or be misspelt."""
    rule = _rule(store)
    if rule is None:
        return []
    named = {**read_extensions(out / EXTENSIONS, rule.zone), **read_times(out / TIMES, rule.zone), **_kept(store)}
    return sorted(named.keys() - students)


def _lateness(out: Path, store: Store, students: dict[str, Row]) -> Iterator[tuple[str, Lateness]]:
    rule = _rule(store)
    if rule is None:
        return
    times = {**_kept(store), **read_times(out / TIMES, rule.zone)}
    until = read_extensions(out / EXTENSIONS, rule.zone)
    for student, row in students.items():
        at = times.get(student) or read_time(row.handed.at, rule.zone)
        yield student, Lateness(rule, at, row.handed.late, until.get(student))


def _rule(store: Store) -> Late | None:
    kept = store.setting("late") or "null"
    return msgspec.json.decode(kept, type=Late | None, dec_hook=decode_points)


def _kept(store: Store) -> dict[str, datetime]:
    return msgspec.json.decode(store.setting("times") or "{}", type=dict[str, datetime])
