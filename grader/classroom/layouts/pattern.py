r"""`--pattern REGEX`: an instructor's own words for a layout, matched against every path in the class folder.

The regular expression must match the whole path, with forward slashes, and names the group `student`; the group `file`
is the file's name in the submission (else the last part of the path). For a Brightspace download:

    --pattern '[0-9-]+ - (?P<student>[^-/]+) - [^/]+/(?P<file>.+)'
"""

from __future__ import annotations

import re

from grader.classroom.intake.model import Gathering, Listing, Part, Student
from grader.classroom.intake.tree import Tree, walk
from grader.errors import UsageError

TITLE = "the pattern of --pattern"


def compiled(pattern: str) -> re.Pattern[str]:
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


def read(tree: Tree, regex: re.Pattern[str]) -> Listing:
    """Who handed in what."""
    found = Gathering()
    for entry in sorted(walk(tree), key=lambda each: each.path):
        match = regex.fullmatch(entry.path)
        groups = match.groupdict() if match else {}
        if not groups.get("student"):
            found.leave(entry.path, "the pattern doesn't match")
        else:
            part = Part(entry.path, groups.get("file") or entry.name) if entry.may_be_code else None
            found.add(Student(groups["student"]), part)
    return found.listing(TITLE)
