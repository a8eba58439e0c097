r"""`--pattern REGEX`: an instructor's own words for a layout, matched against every path in the class folder.

The regular expression must match the whole path, with forward slashes, and names the group `student`; the group `file`
is the file's name in the submission (else the last part of the path). For a Brightspace download:

    --pattern '[0-9-]+ - (?P<student>[^-/]+) - (?P<time>[^/]+)/(?P<file>.+)'

A group `time` says when; of several attempts the newest counts. Without it the first date in the path says so, where
two files of one student have one name.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from grader.classroom.intake.model import ClassListing, Student, SubmissionCollector, SubmittedFile
from grader.classroom.intake.trees.model import Tree, walk
from grader.classroom.layouts.dates import date_in
from grader.errors import UsageError

TITLE = "the pattern of --pattern"


def compile_pattern(pattern: str) -> re.Pattern[str]:
    """The regular expression.

    Raises:
        UsageError: it is none, or names no student.
    """
    try:
        regex = re.compile(pattern, re.DOTALL)
    except re.error as error:
        raise UsageError(f"--pattern {pattern!r}: not a regular expression: {error}") from None
    if "student" not in regex.groupindex:
        raise UsageError(f"--pattern {pattern!r}: needs a group named student: (?P<student>...)")
    return regex


def read(tree: Tree, regex: re.Pattern[str]) -> ClassListing:
    """Who handed in what."""
    found = SubmissionCollector()
    newest: dict[tuple[str, str], _File] = {}
    for entry in sorted(walk(tree), key=lambda each: each.path):
        match = regex.fullmatch(entry.path)
        groups = match.groupdict() if match else {}
        if not groups.get("student"):
            found.leave(entry.path, "the pattern doesn't match")
            continue
        when = date_in(groups.get("time") or entry.path)
        found.add(Student(groups["student"]), None, at=date_in(groups.get("time") or ""))
        if entry.may_be_code:
            file = _File(entry.path, groups.get("file") or entry.name, when)
            _take_newer(file, groups["student"], newest, found)
    for (student, _), file in newest.items():
        found.add(
            Student(student), SubmittedFile(file.place, file.name), at=file.when if "time" in regex.groupindex else ""
        )
    return found.listing(TITLE)


class _File(NamedTuple):
    place: str
    name: str
    when: str


def _take_newer(file: _File, student: str, newest: dict[tuple[str, str], _File], found: SubmissionCollector) -> None:
    """Of two files of one name the newer counts, and where no date tells, the later path; it is said."""
    known = newest.get((student, file.name))
    if known is None:
        newest[student, file.name] = file
        return
    older, newer = (file, known) if file.when < known.when else (known, file)
    newest[student, file.name] = newer
    found.leave(older.place, f"{newer.place} counts in its place")
    found.add_version(Student(student), SubmittedFile(older.place, older.name), older.when)
    how = "the newest" if older.when != newer.when else "the last by its path"
    found.add(Student(student), None, remark=f"of several files called {file.name} {how} counts: {newer.place}")
