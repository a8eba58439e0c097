"""Gradescope, "Export submissions": `submission_<number>/` folders, and who they belong to in submission_metadata.yml.

    submission_410000001:
      :submitters:
      - :name: Ada Byron
        :sid: '30001'
        :email: ada@example.edu
      :created_at: 2026-10-02 17:34:00.861687000 Z
      :results: {everything that an autograder said}

Keys are Ruby symbols, so they begin with a colon. Every scalar is read as text: a sid 0042 stays 0042. `:results:`
can be huge and is skipped unread.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from grader.classroom.intake.model import Attempt, ClassListing, LeftOutEntry, Student, StudentSubmission, SubmittedFile
from grader.classroom.intake.trees.model import Tree
from grader.classroom.layouts import Layout
from grader.classroom.tables.gradebook import Gradebook, columns_called, folded_header
from grader.classroom.tables.raw import RawTable
from grader.errors import RubricError, UsageError
from grader.rubric.nodes import Node
from grader.rubric.yaml_tree import read_exported_yaml
from grader.submission.collecting import MIB

TITLE = "Gradescope export"
METADATA = "submission_metadata.yml"
_MOST_BYTES = 1024 * MIB
_UNREAD = frozenset({":results", ":history"})


class _Record(msgspec.Struct, frozen=True):
    folder: str
    students: tuple[Student, ...]
    created: str


def fits(tree: Tree) -> bool:
    """Whether the list of submitters is there."""
    return any(entry.name == METADATA and entry.kind == "file" for entry in tree.entries())


def read(tree: Tree, assignment: str) -> ClassListing:
    """Who handed in what. Of several submissions of one student the newest counts.

    Raises:
        UsageError: the list of submitters can't be read.
    """
    del assignment
    records = read_metadata(tree.read(METADATA, _MOST_BYTES), str(tree.root / METADATA))
    folders = {entry.name for entry in tree.entries() if entry.kind == "folder"}
    newest: dict[str, _Record] = {}
    left_out = []
    for record in sorted(records, key=lambda each: each.created):
        for student in record.students:
            if (older := newest.get(student.id)) is not None:
                left_out.append(LeftOutEntry(older.folder, f"a newer submission of {student.id} counts"))
            newest[student.id] = record
    listed = {record.folder for record in records}
    handed = [_with_attempts(_read_record(each, newest, folders), each, records, folders) for each in records]
    unlisted = [name for name in sorted(folders - listed) if name.startswith("submission_")]
    handed += [
        StudentSubmission(
            (Student(name),), (SubmittedFile(name, ""),), remarks=("not in Gradescope's list: who is it?",)
        )
        for name in unlisted
    ]
    others = [entry for entry in tree.entries() if entry.name not in {METADATA, *listed, *unlisted}]
    left_out += [
        LeftOutEntry(entry.path, "litter" if entry.is_litter else "no submission's folder") for entry in others
    ]
    found = (each for each in handed if each.students)
    return ClassListing(TITLE, tuple(sorted(found, key=lambda each: each.id)), tuple(left_out))


def _read_record(record: _Record, newest: dict[str, _Record], folders: set[str]) -> StudentSubmission:
    """What a record says, without those of its students who have a newer one."""
    parts = (SubmittedFile(record.folder, ""),) if record.folder in folders else ()
    if not record.students:
        return StudentSubmission((Student(record.folder),), parts, remarks=("Gradescope names no submitter",))
    mine = tuple(each for each in record.students if newest[each.id] is record)
    return StudentSubmission(mine, parts, at=record.created, is_only_listed=not parts)


def _with_attempts(
    handed: StudentSubmission, record: _Record, records: Sequence[_Record], folders: set[str]
) -> StudentSubmission:
    """With the earlier submissions of the same people."""
    same = sorted((each for each in records if each.students == record.students), key=lambda each: each.created)
    there = [each for each in same if each.folder in folders and each.created <= record.created]
    if len(there) < 2 or not handed.students:
        return handed
    attempts = (Attempt((SubmittedFile(each.folder, ""),), each.created) for each in there)
    return msgspec.structs.replace(handed, attempts=tuple(attempts))


def read_metadata(data: bytes, file: str) -> list[_Record]:
    """The records of submission_metadata.yml.

    Raises:
        UsageError: it isn't the mapping that it should be.
    """
    try:
        root = read_exported_yaml(data, file, _UNREAD)
    except RubricError as error:
        why = "; ".join(map(str, error.flaws))
        raise UsageError(f"{file}: can't be read as Gradescope's list of submitters: {why}") from None
    if not isinstance(root.value, dict):
        raise UsageError(f"{file}: should be a mapping from submission folders to their submitters")
    return [_record(folder, node.value) for folder, node in root.value.items() if isinstance(node.value, dict)]


def _record(folder: str, entry: dict[str, Node]) -> _Record:
    submitters = entry[":submitters"].value if ":submitters" in entry else ()
    found = submitters if isinstance(submitters, list) else []
    students = [_student(each.value, folder) for each in found if isinstance(each.value, dict)]
    return _Record(folder, tuple({each.id: each for each in students}.values()), _text(entry, ":created_at"))


def _student(submitter: dict[str, Node], folder: str) -> Student:
    name, sid, email = (_text(submitter, key) for key in (":name", ":sid", ":email"))
    return Student(sid or email or folder, name, email)


def _text(entry: dict[str, Node], key: str) -> str:
    value = entry[key].value if key in entry else ""
    return value if isinstance(value, str) else ""


# -- its gradebook: `First Name, Last Name, SID, Email, Total Score, Max Points, …` -----------------------------------


def _is_gradebook(table: RawTable) -> bool:
    header = folded_header(table)
    return "total score" in header and not {"sid", "email"}.isdisjoint(header)


LAYOUT = Layout(
    fits=fits,
    read=read,
    gradebook=Gradebook(fits=_is_gradebook, columns=columns_called(frozenset({"total score"}))),
)
