"""What a class folder holds: who handed in what, and where it lies. Only names are looked at here, no content."""

from __future__ import annotations

from fractions import Fraction

import msgspec


class Student(msgspec.Struct, frozen=True):
    """Somebody who gets a grade. Ids are text: 0042 is not 42."""

    id: str
    name: str = ""
    email: str = ""


class SubmittedFile(msgspec.Struct, frozen=True):
    """A file or folder of a submission."""

    place: str  #: in the class folder, with forward slashes
    name: str  #: in the submission, as its author knows it: "hw1.py"


class Repair(msgspec.Struct, frozen=True):
    """What a person says of a copy that they repaired."""

    deduction: Fraction  #: points that are taken for it
    who: str
    comment: str  #: for the student
    when: str = ""
    note: str = ""  #: for instructors alone


class Fix(msgspec.Struct, frozen=True):
    """A repaired copy of what was handed in, which is graded in its place."""

    folder: str  #: where it lies, fix.yaml too
    repair: Repair


class StudentSubmission(msgspec.Struct, frozen=True):
    """What one student or one group handed in."""

    students: tuple[Student, ...]
    parts: tuple[SubmittedFile, ...]  #: empty where a list names a submission that isn't in the folder
    late: bool = False
    remarks: tuple[str, ...] = ()
    at: str = ""  #: when, as the LMS wrote it; empty where it doesn't say
    fix: Fix | None = None
    is_only_listed: bool = False  #: a list names a submission, and the folder lacks it

    @property
    def id(self) -> str:
        """The id of the first of its students."""
        return self.students[0].id

    def title(self, student: str) -> str:
        """What a student's report calls it: the file's name; the student's own id where there is no such name."""
        return (self.parts[0].name if len(self.parts) == 1 else "") or student


class LeftOutEntry(msgspec.Struct, frozen=True):
    """An entry of the class folder that nobody handed in."""

    place: str
    reason: str


class ClassListing(msgspec.Struct, frozen=True):
    """A class folder, read."""

    layout: str  #: in words: "Canvas download"
    handed: tuple[StudentSubmission, ...]
    left_out: tuple[LeftOutEntry, ...] = ()


class SubmissionCollector:
    """Collects parts by student while a layout walks through its folder."""

    def __init__(self) -> None:
        self.left_out: list[LeftOutEntry] = []
        self._found: dict[str, StudentSubmission] = {}
        self._typed: dict[str, list[tuple[SubmittedFile | None, str]]] = {}

    def add(
        self, student: Student, part: SubmittedFile | None, *, late: bool = False, remark: str = "", at: str = ""
    ) -> None:
        """One more part of what this student handed in."""
        known = self._found.get(student.id) or StudentSubmission((student,), ())
        self._found[student.id] = msgspec.structs.replace(
            known,
            parts=(*known.parts, part) if part is not None else known.parts,
            late=known.late or late,
            at=at or known.at,
            remarks=(*known.remarks, remark) if remark and remark not in known.remarks else known.remarks,
        )

    def has_file(self, student: Student) -> bool:
        """Whether this student handed in a file or a folder, as far as is known."""
        return student.id in self._found and bool(self._found[student.id].parts)

    def add_text(self, student: Student, part: SubmittedFile | None, what: str, *, late: bool = False) -> None:
        """What this student typed into the LMS: handed in where there is no file, and else only mentioned."""
        self.add(student, None, late=late)
        self._typed.setdefault(student.id, []).append((part, what))

    def leave(self, place: str, reason: str) -> None:
        """An entry that is no submission."""
        self.left_out.append(LeftOutEntry(place, reason))

    def listing(self, layout: str) -> ClassListing:
        """All of it, in the order of the students' ids."""
        handed = (self._with_text(self._found[student]) for student in sorted(self._found))
        return ClassListing(layout, tuple(handed), tuple(self.left_out))

    def _with_text(self, handed: StudentSubmission) -> StudentSubmission:
        typed = self._typed.get(handed.id, [])
        remarks = [f"{'also' if handed.parts else 'only'} {what}" for _, what in typed]
        parts = handed.parts or tuple(part for part, _ in typed if part is not None)
        return msgspec.structs.replace(handed, parts=parts, remarks=(*handed.remarks, *remarks))
