"""Erase one student from a class's results: from the store, the reports, the gradebook and every table.

Of a group's submission the others keep what is theirs. What is erased is gone from the files' bytes, too.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

import msgspec

from grader.classroom.decisions.by_hand import POINTS_FOLDER, find_tables
from grader.classroom.decisions.fixes import FIXES, find_fix_folders
from grader.classroom.decisions.reading import forget_times, leave_time
from grader.classroom.intake.file_names import make_stem
from grader.classroom.outputs.gradebook import ONLY_GRADE, GradebookRow, decode_row, encode_row, write_gradebook
from grader.classroom.outputs.student_files import list_reports
from grader.classroom.privacy.people import Person, find_person, find_rows, remove_twins, student_columns, tables
from grader.classroom.publish.bundles import holds_work, without_work
from grader.classroom.publish.feedback import FEEDBACK_ZIP, write_feedback
from grader.classroom.review.adopting import DRAFTS
from grader.classroom.review.class_page import CLASS_PAGE, write_class_page
from grader.classroom.review.results import Results, open_results
from grader.classroom.store.roster import Roster, load_roster, save_roster
from grader.classroom.store.store import Store
from grader.classroom.tables.raw import RawTable, split
from grader.errors import UsageError
from grader.files import write_bytes


def erase(out: Path, asked: str) -> list[str]:
    """Erase a student; gives what to say about it.

    Raises:
        UsageError: nobody has this id, or a file can't be written.
    """
    with open_results(out) as results:
        person = find_person(results, asked)
        had_feedback, had_page = (out / FEEDBACK_ZIP).exists(), (out / CLASS_PAGE).exists()
        leave_time(out, results.store, person.student.id, results.store.rows(results.plan))
        # The store is the last to forget: after a crash, the same command finds them again and goes on.
        (out / FEEDBACK_ZIP).unlink(missing_ok=True)
        (out / CLASS_PAGE).unlink(missing_ok=True)
        for path in list_reports(out, make_stem(person.student.id)):
            path.unlink(missing_ok=True)
        moved = _forget_fixes(results, person)
        changed = [*_forget_in_bundles(out, person), *_forget_in_tables(out, person, moved)]
        _forget_in_store(results.store, person, moved)
        if had_feedback:
            write_feedback(out, results.store.rows(results.plan))
        if had_page:
            write_class_page(out, results.store, results.plan, results.rubric, results.shown())
    return list(_describe_erasure(out, person, changed))


def erase_work(out: Path, asked: str) -> list[str]:
    """Erase what a student handed in, repaired copies and every report; the grade stays, in every table.

    Raises:
        UsageError: nobody has this id, or a file can't be written.
    """
    with open_results(out) as results:
        person = find_person(results, asked)
        mine = person.student.id
        had_feedback, had_page = (out / FEEDBACK_ZIP).exists(), (out / CLASS_PAGE).exists()
        found = [each for each in results.entries() if each.student.id == mine]
        is_kept = mine in results.store.kept_grades()
        entry = encode_row(_without_work(found[0])) if found and not is_kept else None
        for path in ((out / FEEDBACK_ZIP), (out / CLASS_PAGE), *list_reports(out, make_stem(mine))):
            path.unlink(missing_ok=True)
        moved = _forget_fixes(results, person)
        list(_forget_in_bundles(out, person))
        results.store.erase_code(mine, lambda fault: _with_new_places(fault, moved), entry)
        results.store.wipe()
        if had_feedback:
            write_feedback(out, results.store.rows(results.plan))
        rows = results.shown()
        write_gradebook(out, rows, results.rubric)
        if had_page:
            write_class_page(out, results.store, results.plan, results.rubric, rows)
    return [
        f"{mine}: what was handed in, repaired copies and reports are erased from {out}; the grade was kept",
        "the class folder, copies and backups are yours to clear; `grade batch` would grade what is still there",
    ]


def _without_work(entry: GradebookRow) -> GradebookRow:
    """The row without remarks, which may hold names of files, and say that this is all."""
    return msgspec.structs.replace(entry, remarks=(ONLY_GRADE,))


def foretell_erasure(out: Path, asked: str, keep_grade: bool = False) -> list[str]:
    """What `erase` would do, or `erase_work`; nothing is changed.

    Raises:
        UsageError: nobody has this id.
    """
    with open_results(out) as results:
        person = find_person(results, asked)
        found = [] if keep_grade else tables(out)
        changed = [path for path, table in found if _without(table, person, {}) != table.to_bytes()]
        changed += [path for path in sorted((out / POINTS_FOLDER).glob("*.zip")) if holds_work(path, _folders(person))]
        folders = find_fix_folders(out, person.student.id)
        reports = list_reports(out, make_stem(person.student.id))
    named = f"{person.student.id} {person.student.name}".strip()
    return [
        f"{named}: what was handed in and these go; the grade stays:"
        if keep_grade
        else f"{named} goes from the store, and from these:",
        *(f"  {path}" for path in (*changed, *folders, *reports)),
    ]


def _forget_fixes(results: Results, person: Person) -> dict[str, str]:
    """Remove their repaired copy; one that stands for the rest of a group goes by another's name from now on.

    Gives the new names by the old ones: what was wrong with such a copy is told with its place.
    """
    moved = {}
    mine = person.student.id
    groups = (row.handed.students for row in results.store.rows(results.plan))
    others = [each.id for group in groups if mine in (one.id for one in group) for each in group if each.id != mine]
    for folder in find_fix_folders(results.out, mine):
        name = folder.with_name(make_stem(others[0])) if others else folder
        try:
            if name.exists():
                shutil.rmtree(folder)
            else:
                folder.rename(name)
                moved[folder.name] = name.name
        except OSError as error:
            raise UsageError(f"{folder}: can't be removed: {error.strerror}") from None
    return moved


def _with_new_places(text: str, moved: Mapping[str, str]) -> str:
    for old, new in moved.items():
        for end in "/:":
            text = text.replace(f"{FIXES.name}/{old}{end}", f"{FIXES.name}/{new}{end}")
    return text


def _forget_in_store(store: Store, person: Person, moved: Mapping[str, str]) -> None:
    store.erase(
        person.student.id,
        lambda fault: _with_new_places(fault, moved),
        lambda entry: _without_twins(entry, person),
    )
    forget_times(store, person.ids)
    roster = load_roster(store)
    if roster is not None:
        save_roster(store, Roster(each for each in roster.members if each != person.member))
    store.wipe()


def _without_twins(entry: bytes, person: Person) -> bytes:
    """A published row without remarks that its student handed in the same files as they."""
    row = decode_row(entry)
    remarks = tuple(each for each in row.remarks if remove_twins(each, person.student.id))
    return entry if remarks == row.remarks else encode_row(msgspec.structs.replace(row, remarks=remarks))


def _forget_in_tables(out: Path, person: Person, moved: Mapping[str, str]) -> Iterator[Path]:
    for path, table in tables(out):
        data = _without(table, person, moved)
        if data != table.to_bytes():
            write_bytes(path, data)
            yield path


def _forget_in_bundles(out: Path, person: Person) -> Iterator[Path]:
    """Their work, and their rows, in the graders' bundles; one that can't be read as a bundle goes."""
    folders = _folders(person)
    for path in sorted((out / POINTS_FOLDER).glob("*.zip")):
        try:
            (name, data), *_ = find_tables(path)
            table = split(data, f"{path}/{name}")
            text = table.to_bytes(gone=find_rows(person, table)).decode()
            write_bytes(path, without_work(path.read_bytes(), folders, PurePosixPath(name).name, text))
        except (UsageError, ValueError):
            path.unlink()
        yield path


def _folders(person: Person) -> tuple[str, ...]:
    """What their folder in a bundle may be called."""
    return (make_stem(person.student.id), *person.codes)


def _without(table: RawTable, person: Person, moved: Mapping[str, str]) -> bytes:
    """The table without their rows, and without remarks that name them: as somebody's twin, or in a place."""
    gone = find_rows(person, table)
    remarks = [at for at, header in enumerate(table.header) if header == "remarks"]
    changed = {
        (number, at): cleaned
        for number, row in enumerate(table.rows[1:], 1)
        for at in remarks
        if at < len(row.cells) and (cleaned := _without_name(row.cells[at], person, moved)) != row.cells[at]
    }
    return table.to_bytes(changed, gone) if student_columns(table) else table.to_bytes()


def _without_name(remarks: str, person: Person, moved: Mapping[str, str]) -> str:
    return _with_new_places(remove_twins(remarks, person.student.id), moved)


def _describe_erasure(out: Path, person: Person, changed: list[Path]) -> Iterator[str]:
    count = f"{len(changed)} table{'' if len(changed) == 1 else 's'}"
    gone = f"the store, the reports, repaired copies and {count} in {out}"
    yield f"{person.student.id} is erased from {gone}"
    named = [path for path in sorted(out.rglob("*")) if path.is_file() and _names(path, person)]
    if named:
        yield "these files still name them, in words; look at them yourself:"
        yield from (f"  {path}" for path in named)
    if any((out / DRAFTS).glob("*.py")):
        yield f"{out / DRAFTS}/ may hold code of theirs: a draft is made from one member of a group"
    yield "the class folder, copies and backups are yours to clear; `grade batch` would grade what is still there"


def _names(path: Path, person: Person) -> bool:
    """Whether a file holds a name or a mail address; a number would be found everywhere."""
    words = [*person.names, *(each for each in person.ids if "@" in each)]
    data = path.read_bytes().lower()
    return any(word.lower().encode("utf-8", "surrogatepass") in data for word in words)
