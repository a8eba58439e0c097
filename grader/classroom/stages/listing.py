"""List who handed in what: by the layout, the roster, and who works together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from grader.classroom.intake.members import FindStudent, join_groups, read_members
from grader.classroom.intake.model import ClassListing, Student, StudentSubmission
from grader.classroom.intake.named_by_roster import name_by_roster
from grader.classroom.intake.tree import open_tree
from grader.classroom.layouts.recognise import read_class
from grader.classroom.stages.order import ClassOrder
from grader.classroom.store.roster import Roster
from grader.classroom.workers.progress import Watch
from grader.report.sanitize import line
from grader.rubric.model import Rubric


def list_handed(
    order: ClassOrder,
    rubric: Rubric,
    wanted: Mapping[str, Sequence[str]],
    roster: Roster | None,
    watch: Watch,
) -> tuple[StudentSubmission, ...]:
    """Who handed in what, groups as one."""
    listing = read_class(open_tree(order.folder, order.out), rubric.name, order.layout, order.pattern, wanted)
    if roster:
        listing = name_by_roster(listing, roster.named, roster.student)
    if order.members:
        listing = join_groups(listing, read_members(order.members), _known_students(listing, roster))
    _tell(listing, order, watch)
    return listing.handed


def _known_students(listing: ClassListing, roster: Roster | None) -> FindStudent:
    """Finds whoever goes by an id: among those who handed in, by the roster's names for them, else on the roster."""
    handed = [student for each in listing.handed for student in each.students]
    by_id = {name.casefold(): each for each in reversed(handed) for name in (each.email, each.id) if name}
    by_member = {member: each for each in handed if roster and (member := roster.find(each))}

    def find(name: str) -> Student | None:
        member = roster.find(Student(name)) if roster else None
        known = by_member.get(member) if member else None
        return known or by_id.get(name.casefold()) or (member.student if member else None)

    return find


def _tell(listing: ClassListing, order: ClassOrder, watch: Watch) -> None:
    watch.say(f"{order.folder}: {listing.layout}, {len(listing.handed):,} submissions")
    odd = [each for each in listing.left_out if each.reason != "litter"]
    if order.pseudonyms:  # files have their authors' names, too
        watch.say(f"  {len(odd):,} entries left out")
        return
    most = None if order.verbose else 3
    for handed in listing.handed[:most]:
        files = ", ".join(part.name or f"{part.place}/" for part in handed.parts) or "no file"
        names = ", ".join(f"{student.id} {student.name}".strip() for student in handed.students)
        watch.say(line(f"  {names}: {files}{' (late)' if handed.late else ''}"))
    for each in odd[:most]:
        watch.say(line(f"  left out: {each.place}: {each.reason}"))
    if most is not None and len(odd) > most:
        watch.say(f"  and {len(odd) - 3:,} more entries left out")
