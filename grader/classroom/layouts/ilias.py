"""ILIAS, "Download all submissions": `<last>_<first>_<login>_<user id>/<date><file name>`.

Each file's name begins with the day, or the moment, on which it came; of several of one name the newest counts. The
login and the number at the end tell who it is: the names before them are the student's own. A login may hold a `_`:
where two people's then end alike, the number is a part of their ids.
"""

from __future__ import annotations

import re
from collections import Counter

from grader.classroom.intake.model import ClassListing, Student, SubmissionCollector, SubmittedFile
from grader.classroom.intake.trees.model import FolderEntry, Tree
from grader.classroom.layouts import Layout
from grader.classroom.layouts.dates import date_in
from grader.classroom.layouts.matching import most_match

TITLE = "ILIAS download"
_NAME = re.compile(r"(?P<name>.+)_(?P<login>[^_]+)_(?P<id>\d+)", re.DOTALL)
_FILE = re.compile(r"(?P<when>\d{8}(?:_?\d{6})?)_(?P<file>.+)", re.DOTALL)


def fits(tree: Tree) -> bool:
    """Whether nearly all folders end with a login and a number, and their files begin with a day."""
    folders = [entry for entry in tree.entries() if entry.kind == "folder" and not entry.is_litter]
    files = [each.name for folder in folders for each in tree.entries(folder.path) if not each.is_litter]
    return most_match(_NAME, (each.name for each in folders)) and most_match(_FILE, files)


def read(tree: Tree, assignment: str) -> ClassListing:
    """Who handed in what."""
    del assignment
    found = SubmissionCollector()
    matches = {match[0]: match for entry in tree.entries() if (match := _NAME.fullmatch(entry.name))}
    numbers = {(match["login"], match["id"]) for match in matches.values()}
    several = Counter(login for login, _ in numbers)
    for entry in tree.entries():
        match = _NAME.fullmatch(entry.name)
        if match is None or entry.kind != "folder":
            found.leave(entry.path, "litter" if entry.is_litter else "its name is not one that ILIAS gives")
        else:
            login = match["login"] if several[match["login"]] == 1 else f"{match['login']}_{match['id']}"
            _read_student(tree, entry, Student(login, match["name"].replace("_", " ")), found)
    return found.listing(TITLE)


def _read_student(tree: Tree, folder: FolderEntry, student: Student, found: SubmissionCollector) -> None:
    found.add(student, None)
    newest: dict[str, tuple[str, FolderEntry]] = {}
    for entry in tree.entries(folder.path):
        match = _FILE.fullmatch(entry.name)
        name, when = (match["file"], date_in(match["when"])) if match else (entry.name, "")
        known = newest.get(name)
        if known is not None:
            found.add(student, None, remark=f"the newest of several files called {name} counts")
            at, older = min(known, (when, entry), key=lambda each: each[0])
            found.add_version(student, SubmittedFile(older.path, name), at)
        if known is None or when >= known[0]:
            newest[name] = when, entry
    for name, (when, entry) in newest.items():
        found.add(student, SubmittedFile(entry.path, name), at=when)


LAYOUT = Layout(fits=fits, read=read)
