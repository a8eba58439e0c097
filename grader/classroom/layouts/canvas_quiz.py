"""Canvas, a quiz's "Download all files": flat, `<name><user id>_question_<question id>_<attachment id>_<file name>`.

Several questions may take a file each: then those of one student are one submission; of several attempts at a question
the newest counts. The name is the student's own,
and may end with a digit: an id that isn't as long as the others' is doubtful, and nobody is graded for it.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict

from grader.classroom.intake.model import ClassListing, Student, SubmissionCollector, SubmittedFile
from grader.classroom.intake.trees.model import FolderEntry, Tree
from grader.classroom.layouts import Layout
from grader.classroom.layouts.matching import most_match

TITLE = "Canvas download of a quiz"
_NAME = re.compile(
    r"(?P<name>.*?\D)(?P<user>\d+)_question_(?P<question>\d+)_(?P<attachment>\d+)_(?P<file>.+)", re.DOTALL
)

_MARK = re.compile(r"_question_\d+_\d+_")


def fits(tree: Tree) -> bool:
    """Whether nearly all names are those of a quiz."""
    return most_match(_NAME, (entry.name for entry in tree.entries() if not entry.is_litter and entry.kind == "file"))


def read(tree: Tree, assignment: str) -> ClassListing:
    """Who handed in what."""
    del assignment
    found = SubmissionCollector()
    matches = [(entry, _NAME.fullmatch(entry.name)) for entry in tree.entries() if entry.kind == "file"]
    lengths = Counter(len(match["user"]) for _, match in matches if match is not None)
    usual = max(lengths, key=lambda each: (lengths[each], -each), default=0)
    newest: dict[tuple[str, str], tuple[int, FolderEntry]] = {}
    earlier: dict[tuple[str, str], list[tuple[int, FolderEntry]]] = defaultdict(list)
    for entry, match in matches:
        if match is None:
            found.leave(entry.path, "litter" if entry.is_litter else "its name is not one that Canvas gives for a quiz")
        elif len(match["user"]) > usual + 1 or len(_MARK.findall(entry.name)) > 1:
            found.leave(entry.path, "it could be the work of two people, by its name; nobody is graded for it")
        else:
            student = Student(match["user"], match["name"].strip("_"))
            key, mine = (student.id, match["question"]), (int(match["attachment"]), entry)
            kept = newest.get(key, mine)
            older = min(mine, kept)[1]
            newest[key] = max(mine, newest.get(key, mine))
            found.add(student, None)
            if older is not newest[key][1]:
                found.leave(older.path, f"a newer attempt of {student.id} counts")
                found.add(student, None, remark="the newest of several attempts counts")
                earlier[key].append(min(mine, kept))
    for (user, question), (_, entry) in newest.items():
        match = _NAME.fullmatch(entry.name)
        assert match is not None
        found.add(Student(user), SubmittedFile(entry.path, match["file"]))
        for attachment, each in earlier[user, question]:
            found.add_version(Student(user), SubmittedFile(each.path, match["file"]), order=attachment)
    return found.listing(TITLE)


LAYOUT = Layout(fits=fits, read=read)
