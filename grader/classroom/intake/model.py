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


class RepairStatement(msgspec.Struct, frozen=True):
    """What a person says of a copy that they repaired."""

    deduction: Fraction  #: points that are taken for it
    who: str
    comment: str  #: for the student
    when: str = ""
    note: str = ""  #: for instructors alone


class Fix(msgspec.Struct, frozen=True):
    """A repaired copy of what was handed in, which is graded in its place."""

    folder: str  #: where it lies, fix.yaml too
    repair: RepairStatement


class Attempt(msgspec.Struct, frozen=True):
    """One of several attempts of one student or one group."""

    parts: tuple[SubmittedFile, ...]
    at: str = ""  #: when, as the LMS wrote it; empty where it doesn't say
    late: bool = False
    content: str | None = None  #: once it was read
    files: int = 0  #: of source
    counts: bool = False


class StudentSubmission(msgspec.Struct, frozen=True):
    """What one student or one group handed in."""

    students: tuple[Student, ...]
    parts: tuple[SubmittedFile, ...]  #: empty where a list names a submission that isn't in the folder
    late: bool = False
    remarks: tuple[str, ...] = ()
    at: str = ""  #: when, as the LMS wrote it; empty where it doesn't say
    fix: Fix | None = None
    is_only_listed: bool = False  #: a list names a submission, and the folder lacks it
    attempts: tuple[Attempt, ...] = ()  #: where there are several all of them, the newest last
    undecided: str = ""  #: why nobody can tell whose it is: then it isn't read, and awaits a person for all of them

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
    ids_are_names: bool = False  #: the layout has no ids: a name stands for each


class SubmissionCollector:
    """Collects parts by student while a layout walks through its folder."""

    def __init__(self) -> None:
        self.left_out: list[LeftOutEntry] = []
        self._found: dict[str, StudentSubmission] = {}
        self._typed: dict[str, list[tuple[SubmittedFile | None, str]]] = {}
        self._earlier: dict[str, dict[str, Attempt]] = {}
        self._versions: dict[str, dict[str, list[tuple[tuple[str, int], SubmittedFile]]]] = {}

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

    def add_earlier(self, student: Student, key: str, part: SubmittedFile, at: str = "") -> None:
        """A part of an earlier attempt; those of one attempt have one key, and keys are in order."""
        mine = self._earlier.setdefault(student.id, {})
        known = mine.get(key) or Attempt(())
        mine[key] = Attempt((*known.parts, part), at or known.at)

    def add_version(self, student: Student, part: SubmittedFile, at: str = "", order: int = 0) -> None:
        """An earlier version of the part of this name: by when it came, else by its order, else as they are added."""
        self._versions.setdefault(student.id, {}).setdefault(part.name, []).append(((at, order), part))

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
        handed = (self._with_attempts(self._with_text(self._found[student])) for student in sorted(self._found))
        return ClassListing(layout, tuple(handed), tuple(self.left_out))

    def _with_text(self, handed: StudentSubmission) -> StudentSubmission:
        typed = self._typed.get(handed.id, [])
        remarks = [f"{'also' if handed.parts else 'only'} {what}" for _, what in typed]
        parts = handed.parts or tuple(part for part, _ in typed if part is not None)
        return msgspec.structs.replace(handed, parts=parts, remarks=(*handed.remarks, *remarks))

    def _with_attempts(self, handed: StudentSubmission) -> StudentSubmission:
        mine = self._earlier.get(handed.id, {})
        earlier = (*(mine[key] for key in sorted(mine)), *self._earlier_versions(handed))
        if not earlier:
            return handed
        newest = Attempt(handed.parts, handed.at, handed.late)
        return msgspec.structs.replace(handed, attempts=(*earlier, newest))

    def _earlier_versions(self, handed: StudentSubmission) -> list[Attempt]:
        """What was handed in before single files were replaced: of the others, the version that is nearest to it."""
        versions = self._versions.get(handed.id, {}).items()
        slots = {name: sorted(each, key=lambda found: (found[0], found[1].place)) for name, each in versions}
        found = []
        for back in range(max(map(len, slots.values()), default=0), 0, -1):
            then = {name: each[max(len(each) - back, 0)] for name, each in slots.items()}
            parts = tuple(then[part.name][1] if part.name in then else part for part in handed.parts)
            found.append(Attempt(parts, max(at for (at, _), _ in then.values())))
        return found
