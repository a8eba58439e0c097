"""A class packed for the next term's team: rubric, reference, versions, decisions and statistics, and nobody's name.

What people wrote about a decision may name somebody: then that text is left out. What the instructor wrote into the
rubric or the reference is packed as it stands, so it is searched first.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from statistics import median
from typing import Any

from grader.classroom.outputs.gradebook import ABSENT, GradebookRow
from grader.classroom.outputs.releases import list_published
from grader.classroom.privacy.people import Person, everybody
from grader.classroom.review.results import Results, open_results
from grader.classroom.store.marks import FunctionMark, MarkedSubmission, read_marks
from grader.classroom.tables.people import read_table
from grader.errors import UsageError
from grader.files import write_bytes
from grader.rubric.model import RequiredFunction

#: Fewer than these, and a statistic is about somebody.
SMALLEST_CLASS = 5
REDACTED = "(left out: it names somebody)"
_EPOCH = (1980, 1, 1, 0, 0, 0)
_SHORTEST = 3  # letters of a word that names somebody


def archive_class(out: Path, target: Path) -> list[str]:
    """Pack a class into a .zip; gives what to say about it.

    Raises:
        UsageError: a file to be packed names a student, or the .zip can't be written.
    """
    if target.suffix.lower() != ".zip":
        raise UsageError(f"{target}: an archive is a .zip; name it so")
    with open_results(out) as results:
        people = everybody(results)
        files = _assignment(results)
        odd = list(_find_named(files, people))
        files |= {name: _json(value) for name, value in _about(results, people).items()}
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in sorted(files.items()):
            packed.writestr(zipfile.ZipInfo(name, _EPOCH), content)
    write_bytes(target, data.getvalue())
    return [f"{target}: {len(files)} files, which name nobody", *odd]


def _assignment(results: Results) -> dict[str, bytes]:
    """The rubric and its reference, as they were when the class was graded."""
    luggage = results.luggage
    files = {luggage.rubric[0]: luggage.rubric[1]}
    for folder, inside in luggage.references:
        files |= {f"{folder}/{name}": data for name, data in inside.items()}
    return files


def _about(results: Results, people: Sequence[Person]) -> dict[str, Any]:
    return {
        "versions.json": results.parts,
        "decisions.json": _decisions(results, people),
        "statistics.json": statistics(
            results.entries(), list(read_marks(results.store, results.plan)), results.rubric.functions
        ),
    }


# -- who is named ----------------------------------------------------------------------------------------------------


def _find_named(files: dict[str, bytes], people: Iterable[Person]) -> Iterator[str]:
    """Words in the assignment's files that are somebody's id, too.

    Raises:
        UsageError: a file has somebody's full name or mail address.
    """
    full = _words(name for each in people for name in (*each.names, *each.ids) if " " in name or "@" in name)
    ids = _words(each.student.id for each in people if not each.student.id.isdigit())
    for file, data in files.items():
        for number, text in enumerate(data.decode("utf-8", "replace").splitlines(), 1):
            if full and (match := full.search(text)):
                raise UsageError(
                    f"{file}:{number}: names a student, {match[0]!r}: take that out, and grade the class again"
                )
            if ids and (match := ids.search(text)):
                yield f"look at {file}:{number}: {match[0]!r} is also a student's id"


def redact_names(text: str, people: Iterable[Person]) -> str:
    """The text, or that it was left out since it names somebody: by id, mail address, name or a part of it."""
    words = [word for each in people for word in (*each.ids, *each.names)]
    words += [part for each in people for name in each.names for part in re.findall(r"\w+", name)]
    found = _words(word for word in words if len(word) >= _SHORTEST or word.isdigit())
    return REDACTED if found is not None and found.search(text) else text


def _words(words: Iterable[str]) -> re.Pattern[str] | None:
    """Finds any of these as a whole word, in any case; None where there are none."""
    each = sorted({re.escape(word) for word in words}, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(each)})(?!\w)", re.IGNORECASE) if each else None


# -- what was decided ------------------------------------------------------------------------------------------------


def _decisions(results: Results, people: Sequence[Person]) -> dict[str, Any]:
    store = results.store
    known = store.acknowledged.of(results.plan)
    return {
        "releases": [
            {
                "number": each.number,
                "when": each.at[:10],
                "reason": redact_names(each.reason, people),
                "rows": each.rows,
                "taken_back": each.undone[:10],
            }
            for each in store.releases.summaries()
        ],
        "published": len(list_published(store)),
        "acknowledged": [f"{function}: {title}" for function, title in known],
        "repaired_copies": sum(row.original is not None for row in store.rows(results.plan)),
        "rows_of_tables": {
            path.name: len(read_table(path, ())) for path in sorted((results.out / "decisions").glob("*.csv"))
        },
    }


# -- what came of it -------------------------------------------------------------------------------------------------


def statistics(
    entries: Sequence[GradebookRow], marks: Sequence[MarkedSubmission], functions: Sequence[RequiredFunction]
) -> dict[str, Any]:
    """Numbers of a class; none of a class so small that they would be somebody's."""
    scores = [entry.score for entry in entries if entry.score is not None]
    if len(scores) < SMALLEST_CLASS:
        return {"students": len(entries), "left_out": f"fewer than {SMALLEST_CLASS} have a score"}
    return {
        "students": len(entries),
        "handed_in_nothing": sum(entry.status == ABSENT for entry in entries),
        "late": sum(entry.late for entry in entries),
        "with_a_score": len(scores),
        "mean": _round(sum(scores) / len(scores)),
        "median": _round(median(scores)),
        "functions": [_of_function(at, each, marks) for at, each in enumerate(functions)],
    }


def _of_function(at: int, function: RequiredFunction, marks: Sequence[MarkedSubmission]) -> dict[str, Any]:
    """What became of a function, counted by students."""
    did = [(each.marks.functions[at], len(each.students)) for each in marks if at < len(each.marks.functions)]
    many = sum(count for _, count in did)
    given = sum(((mark.score or Fraction(0)) * count for mark, count in did), Fraction(0))
    return {
        "name": function.name,
        "points": _round(function.points),
        "mean": _round(given / many) if many else None,
        "verdicts": _count((mark.verdict.value, count) for mark, count in did),
        "mistakes": _count((each.name, count) for mark, count in did for each in mark.mistakes),
        "wrong_checks": _count((title, count) for mark, count in did for title in _wrong(mark)),
    }


def _wrong(mark: FunctionMark) -> list[str]:
    return [check.title for check in mark.wrong]


def _count(pairs: Iterable[tuple[str, int]]) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for name, count in pairs:
        counts[name] += count
    return dict(counts.most_common())


def _round(value: Fraction | float) -> float:
    return round(float(value), 2)


def _json(value: object) -> bytes:
    return (json.dumps(value, indent=2, ensure_ascii=False) + "\n").encode()
