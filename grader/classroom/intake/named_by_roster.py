"""Whose work it is where a download has names and no ids (Google Classroom's): the roster knows who is called so.

Whoever is alone with a name gets it. Where several are called so, nobody can tell whose it is: it awaits a person for
all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import msgspec

from grader.classroom.intake.model import ClassListing, Student, StudentSubmission

#: Everybody on the roster who is called so; and whoever has this id or mail address.
FindNamed = Callable[[str], Sequence[Student]]
FindStudent = Callable[[Student], Student | None]


def name_by_roster(listing: ClassListing, named: FindNamed, find: FindStudent) -> ClassListing:
    """The class by the roster's ids. What was renamed to an id or a mail address is that student's."""
    if not listing.ids_are_names:
        return listing
    known = {each.id: member for each in listing.handed if (member := find(each.students[0]))}
    handed = [_of(each, _whose(each.id, known, named(each.id))) for each in listing.handed]
    return msgspec.structs.replace(listing, handed=tuple(sorted(_each_once(handed), key=lambda each: each.id)))


def _whose(name: str, known: Mapping[str, Student], people: Sequence[Student]) -> Sequence[Student]:
    """Of several who are called so, those under whose ids there is nothing else."""
    if name in known:
        return (known[name],)
    return people if len(people) == 1 else [each for each in people if each not in known.values()]


def _of(handed: StudentSubmission, people: Sequence[Student]) -> StudentSubmission:
    if len(people) < 2:
        return msgspec.structs.replace(handed, students=tuple(people) or handed.students)
    count = f"{len(people)} people on the roster are called {handed.id}"
    return _undecided(handed, people, f"{count}: rename it to begin with an id or a mail address of theirs")


def _each_once(handed: Iterable[StudentSubmission]) -> list[StudentSubmission]:
    """Of somebody's work under a name and under an id nobody can tell what counts."""
    found: dict[tuple[Student, ...], list[StudentSubmission]] = {}
    for each in handed:
        found.setdefault(each.students, []).append(each)
    return [
        each[0]
        if len(each) == 1
        else _undecided(each[0], people, "there is work under a name and under an id, and nothing tells which counts")
        for people, each in found.items()
    ]


def _undecided(handed: StudentSubmission, people: Sequence[Student], why: str) -> StudentSubmission:
    return msgspec.structs.replace(handed, students=tuple(people), remarks=(), attempts=(), undecided=why)
