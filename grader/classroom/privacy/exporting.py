"""All that a class's results hold about one student, for them to have: nothing hidden, and nothing of anybody else."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from grader.classroom.decisions.fixes import STATEMENT, find_fix_folders
from grader.classroom.intake.bundle import unpack
from grader.classroom.intake.file_names import make_stem
from grader.classroom.outputs.student_files import FEEDBACK, PREVIEW
from grader.classroom.privacy.people import Person, find_person, find_rows, remove_twins, tables
from grader.classroom.review.results import Results, open_results
from grader.classroom.store.store import SubmissionRow
from grader.classroom.tables.raw import RawTable
from grader.errors import UsageError
from grader.files import write_bytes
from grader.report.formats import published_suffixes


def export_data(out: Path, asked: str, target: Path) -> list[str]:
    """Write everything about a student into a folder or a .zip; gives what to say about it.

    Raises:
        UsageError: nobody has this id, or the target can't be written.
    """
    with open_results(out) as results:
        person = find_person(results, asked)
        files = collect_files(results, person)
    if target.suffix.lower() == ".zip":
        write_bytes(target, _zip(files))
    else:
        _write(target, files)
    said = [f"{target}: {len(files)} files about {person.student.id}"]
    if any(name.startswith("tables/decisions/") for name in files):
        said.append("look through tables/decisions/ before you hand it over: it holds the notes that you kept")
    return said


def collect_files(results: Results, person: Person) -> dict[str, bytes]:
    """The files: what the store knows, what was handed in, the reports, and their rows of every table."""
    mine = person.student.id
    rows = [row for row in results.store.rows(results.plan) if mine in (each.id for each in row.handed.students)]
    files = {"about.json": _json(describe_person(results, person, rows))}
    for row in rows:
        files |= _code(results, row.handed_in, "handed_in")
        files |= _code(results, row.content, "repaired") if row.original else {}
    for suffix in published_suffixes():
        name = make_stem(person.student.id) + suffix
        given, preview = results.out / FEEDBACK / name, results.out / PREVIEW / name
        report = given if given.is_file() else preview
        if report.is_file():
            files[f"report{suffix}"] = report.read_bytes()
    for folder in find_fix_folders(results.out, person.student.id):
        if (folder / STATEMENT).is_file():
            files[f"tables/{(folder / STATEMENT).relative_to(results.out).as_posix()}"] = (
                folder / STATEMENT
            ).read_bytes()
    for path, table in tables(results.out):
        if theirs := find_rows(person, table):
            files[f"tables/{path.relative_to(results.out).as_posix()}"] = _only(table, theirs)
    return files


def _code(results: Results, content: str | None, folder: str) -> dict[str, bytes]:
    packed = results.store.bundle(content) if content else None
    return {f"{folder}/{name}": data for name, data in (unpack(packed).files if packed else ())}


def describe_person(results: Results, person: Person, rows: list[SubmissionRow]) -> dict[str, Any]:
    """What the store knows."""
    published = results.store.releases.notes(person.student.id)
    return {
        "student": msgspec.to_builtins(person.student),
        "known_as": list(person.ids),
        "handed_in": [
            {
                "files": [part.name or part.place for part in row.handed.parts],
                "late": row.handed.late,
                "sha256": row.handed_in,
                **({"repaired": row.content} if row.original else {}),
            }
            for row in rows
        ],
        "published": [{"release": each.number, "when": each.at, "note": each.note} for each in published],
    }


def _only(table: RawTable, mine: set[int]) -> bytes:
    """The header and these rows; a remark never says who else handed in the same files."""
    remarks = [at for at, header in enumerate(table.header) if header == "remarks"]
    changed = {
        (number, at): remove_twins(table.rows[number].cells[at])
        for number in mine
        for at in remarks
        if at < len(table.rows[number].cells)
    }
    return table.to_bytes(changed, {number for number in range(1, len(table.rows)) if number not in mine})


def _json(value: object) -> bytes:
    return (json.dumps(value, indent=2) + "\n").encode()


def _zip(files: Mapping[str, bytes]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.encode("utf-8", "backslashreplace").decode(), content)
    return data.getvalue()


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{folder}: is there already; name a new folder, or a .zip")
    for name, content in files.items():
        path = folder / name
        if not path.resolve().is_relative_to(folder.resolve()):  # a name in a submission is its author's
            raise UsageError(f"{name!r} can't be written in a folder; export to a .zip")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UsageError(f"{path.parent}: can't be made: {error.strerror}") from None
        write_bytes(path, content)
