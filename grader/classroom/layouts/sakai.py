"""Sakai, "Download all": `<Last, First(login)>/Submission attachment(s)/…`, with `grades.csv` beside the folders.

`timestamp.txt` says when, as 20261002173400000 in UTC; `<Last, First(login)>_submissionText.html` holds a typed text,
`comments.txt` and `Feedback Attachment(s)` what instructors wrote. The login in the last brackets tells who it is: the
name before it is the student's own.
"""

from __future__ import annotations

import re

from grader.classroom.intake.model import ClassListing, Student, SubmissionCollector, SubmittedFile
from grader.classroom.intake.trees.model import FolderEntry, Tree, is_left_behind, walk
from grader.classroom.layouts import Layout
from grader.classroom.layouts.dates import date_in
from grader.classroom.layouts.matching import most_match
from grader.errors import HarnessError

TITLE = "Sakai download"
_NAME = re.compile(r"(?P<name>.*)\((?P<login>[^()/]+)\)", re.DOTALL)
_FILES = "Submission attachment(s)"
_TYPED = "_submissionText.html"
_STAMP = "timestamp.txt"
_LONGEST_STAMP = 100


def fits(tree: Tree) -> bool:
    """Whether nearly all folders are named by login, and one holds a folder of attachments."""
    folders = [entry for entry in tree.entries() if entry.kind == "folder" and not entry.is_litter]
    return most_match(_NAME, (each.name for each in folders)) and any(_below(tree, each, _FILES) for each in folders)


def read(tree: Tree, assignment: str) -> ClassListing:
    """Who handed in what."""
    del assignment
    found = SubmissionCollector()
    for entry in tree.entries():
        match = _NAME.fullmatch(entry.name)
        if match is None or entry.kind != "folder":
            found.leave(entry.path, "litter" if entry.is_litter else "its name is not one that Sakai gives")
            continue
        files = _below(tree, entry, _FILES)
        is_there = files is not None and any(walk(tree, files.path, is_left_behind))
        part = SubmittedFile(files.path, "") if files is not None and is_there else None
        student = Student(match["login"], match["name"])
        found.add(student, part, at=_time(tree, entry))
        for typed in tree.entries(entry.path):
            if typed.name.endswith(_TYPED):
                found.add_text(student, SubmittedFile(typed.path, "text.html"), "a text typed into Sakai")
    return found.listing(TITLE)


def _below(tree: Tree, folder: FolderEntry, name: str) -> FolderEntry | None:
    return next((each for each in tree.entries(folder.path) if each.name == name), None)


def _time(tree: Tree, folder: FolderEntry) -> str:
    file = _below(tree, folder, _STAMP)
    try:
        text = tree.read(file.path, _LONGEST_STAMP).decode(errors="replace") if file is not None else ""
    except HarnessError:  # a time that can't be read is unknown
        return ""
    found = date_in(text)
    return f"{found} UTC" if found else ""


LAYOUT = Layout(fits=fits, read=read)
