"""Google Classroom's folder in Drive: flat, `<Full Name> - <file name>`.

There is no id: the name stands for it, until a roster says who is called so. Where two students have one name, or
somebody's file is named as if it were another's, nobody can tell whose it is.
"""

from __future__ import annotations

import re

import msgspec

from grader.classroom.intake.model import ClassListing, Student, SubmissionCollector, SubmittedFile
from grader.classroom.intake.trees.model import Tree
from grader.classroom.layouts import Layout
from grader.classroom.layouts.matching import group_copies, most_match

TITLE = "Google Classroom's folder"
_NAME = re.compile(r"(?P<name>[^\W\d_](?:[^-/]|(?<=\S)-(?=\S))*[^-/\s]) - (?P<file>[^/]+\.[A-Za-z0-9]+)")


def fits(tree: Tree) -> bool:
    """Whether nearly all files are named so, and don't all begin with the assignment's name: `hw1 - Ada Byron.py`."""
    names = [entry.name for entry in tree.entries() if not entry.is_litter]
    people = {match["name"] for name in names if (match := _NAME.fullmatch(name))}
    return most_match(_NAME, names) and (len(people) > 1 or len(names) == 1)


def read(tree: Tree, assignment: str) -> ClassListing:
    """Who handed in what."""
    del assignment
    found = SubmissionCollector()
    for name, entry, older in group_copies(tree.entries()):
        match = _NAME.fullmatch(name)
        if match is None or entry.kind != "file":
            found.leave(entry.path, "litter" if entry.is_litter else "its name is not one that Google Classroom gives")
        elif " - " in match["file"]:
            found.leave(entry.path, "it could be the work of two people, by its name; nobody is graded for it")
        else:
            found.add(Student(match["name"]), SubmittedFile(entry.path, match["file"]))
            for order, each in enumerate(older):
                found.leave(each.path, f"{entry.name} is newer")
                found.add_version(Student(match["name"]), SubmittedFile(each.path, match["file"]), order=order)
                found.add(
                    Student(match["name"]), None, remark=f"the newest of several files called {match['file']} counts"
                )
    return msgspec.structs.replace(found.listing(TITLE), ids_are_names=True)


LAYOUT = Layout(fits=fits, read=read)
