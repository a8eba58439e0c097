"""OUT/decisions/points/*.csv: the points that persons gave for a rubric's manual items, a file for each grader.

Columns: student, item, and points or level; `comment` is for the student. `grade marking` writes these files, and a
bundle for each grader, `ann.zip`, with such a table in it; either counts. A row without points is still to do. Points
hold for everybody who handed in together. Where two rows disagree, the item stays open, and both rows are named, until
OUT/decisions/settled.csv has a row for it: a table of the same columns, which stands above all graders' files. A row
that makes no sense stops itself alone.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from pathlib import Path, PurePath, PurePosixPath
from types import MappingProxyType

import msgspec

from grader.classroom.intake.model import StudentSubmission
from grader.classroom.store.encoding import Brief, FunctionBrief
from grader.classroom.tables.csv_text import decode_text, read_text
from grader.classroom.tables.people import TableRow, guard, parse_table
from grader.errors import UsageError, did_you_mean
from grader.grading.manual import GivenPoints
from grader.report.wording import points as in_words
from grader.rubric.model import Manual
from grader.verdict import OPEN, Verdict, first_verdict

POINTS_FOLDER = Path("decisions") / "points"
#: Points that stand above every grader's, where graders disagree or somebody marked amiss.
SETTLED = Path("decisions") / "settled.csv"
POINT_COLUMNS = ("student", "item", "points")
#: In a bundle the folder with what students handed in.
WORK = "work"
_MOST_BYTES = 8 << 20

#: The id of a submission's first student, and the name of an item.
ItemKey = tuple[str, str]


class Agreement(msgspec.Struct, frozen=True):
    """How alike graders mark what two of them marked."""

    twice: int
    alike: int
    apart: Fraction  #: points between them, on average, where they differ

    def told(self) -> str:
        """In a sentence."""
        apart = f"; the others are {in_words(self.apart)} points apart on average" if self.alike < self.twice else ""
        return f"{self.twice:,} marked twice: {self.alike:,} alike{apart}"


class Disagreement(msgspec.Struct, frozen=True):
    """Points for one item of one submission that aren't alike."""

    key: ItemKey
    gave: tuple[str, ...]  #: "ann 7", for each row
    told: str  #: in a sentence that names two of the rows


class ByHand(msgspec.Struct, frozen=True):
    """A rubric's manual items, and what persons gave for them so far."""

    items: tuple[Manual, ...] = ()
    given: Mapping[str, Mapping[str, GivenPoints]] = {}  #: by the first student of a submission, then by item
    disagreements: tuple[Disagreement, ...] = ()  #: what stays open until somebody settles it
    flaws: tuple[str, ...] = ()  #: rows and files that make no sense, and don't count
    flawed: frozenset[ItemKey] = frozenset()  #: the items that such rows are about, as far as they say it
    agreement: Agreement | None = None  #: where some were marked twice

    @property
    def conflicts(self) -> tuple[str, ...]:
        """Rows that disagree, a sentence each."""
        return tuple(each.told for each in self.disagreements)

    def find_unmarked(self, submission: str) -> list[str]:
        """The items for which nobody has filled in a row yet, be it a wrong or a disputed one."""
        filled = self.flawed | {each.key for each in self.disagreements}
        given = self.given.get(submission, {})
        return [item.name for item in self.items if item.name not in given and (submission, item.name) not in filled]

    def of(self, handed: StudentSubmission) -> Mapping[str, GivenPoints]:
        """What was given to a submission, by item."""
        return self.given.get(handed.id, {})

    def with_items(self, grade: Brief, handed: StudentSubmission) -> Brief:
        """The grade with the manual items; no score before all of their points are given."""
        if not self.items:
            return grade
        given = self.of(handed)
        scores = [given[item.name].points if item.name in given else None for item in self.items]
        briefs = (FunctionBrief(item.name, item.points, score) for item, score in zip(self.items, scores, strict=True))
        return msgspec.structs.replace(
            grade,
            score=None if grade.score is None or None in scores else sum(filter(None, scores), grade.score),
            max_score=grade.max_score + sum(item.points for item in self.items),
            verdict=first_verdict(OPEN, [grade.verdict, *([Verdict.AWAITING] if None in scores else [])])
            or grade.verdict,
            functions=(*grade.functions, *briefs),
        )


def grader_of(row: TableRow) -> str:
    """Whose file a row stands in: a table or a bundle that is called after them."""
    return re.split(r"\.(?:csv|zip)\b", PurePath(row.file).as_posix().partition(f"{POINTS_FOLDER.as_posix()}/")[2])[0]


class _Row(msgspec.Struct, frozen=True):
    """A row that can be read."""

    row: TableRow
    submission: str
    item: str
    given: GivenPoints

    @property
    def grader(self) -> str:
        """Whose file it stands in."""
        return grader_of(self.row)


def read_given(
    out: Path,
    items: Sequence[Manual],
    handed: Iterable[StudentSubmission],
    codes: Mapping[str, str] = MappingProxyType({}),
) -> ByHand:
    """What stands in the graders' files; whatever makes no sense there is kept as a flaw, and all else counts.

    Args:
        out: the folder of results.
        items: what persons give points for.
        handed: who handed in what.
        codes: the students whom a grader knows by a code, by that.
    """
    if not items:
        return ByHand()
    reader = _PointsReader(items, handed, codes)
    marked = _group_by_item(reader.read_files(list_point_files(out)))
    settled = _group_by_item(reader.read_files([out / SETTLED] if (out / SETTLED).exists() else []))
    given: dict[str, dict[str, GivenPoints]] = {}
    disagreements = []
    for key, found in {**marked, **settled}.items():
        if any(each.given.points != found[0].given.points for each in found):
            disagreements.append(_disagree(key, found))
        else:
            given.setdefault(key[0], {})[key[1]] = _add_comment(found[0].given, marked.get(key, ()))
    flawed = frozenset(reader.flawed - settled.keys())
    agreement = _agreement(list(_find_pairs(marked.values())))
    return ByHand(tuple(items), given, tuple(disagreements), tuple(reader.flaws), flawed, agreement)


def _group_by_item(rows: Iterable[_Row]) -> dict[ItemKey, list[_Row]]:
    found: dict[ItemKey, list[_Row]] = {}
    for each in rows:
        found.setdefault((each.submission, each.item), []).append(each)
    return found


def _add_comment(given: GivenPoints, marked: Iterable[_Row]) -> GivenPoints:
    """The points; without a comment of their own with that of a grader who gave as many."""
    alike = (each.given for each in marked if each.given.points == given.points and each.given.comment)
    return given if given.comment else next(alike, given)


def _find_pairs(marked: Iterable[Sequence[_Row]]) -> Iterator[tuple[Fraction, Fraction]]:
    """What two graders gave for the same."""
    for found in marked:
        second = next((each for each in found if each.grader != found[0].grader), None)
        if second:
            yield found[0].given.points, second.given.points


def list_point_files(out: Path) -> list[Path]:
    """The graders' files: tables, and bundles with such a table in them."""
    return sorted(path for path in (out / POINTS_FOLDER).glob("*") if path.suffix.lower() in (".csv", ".zip"))


def read_points(file: Path) -> list[TableRow]:
    """The rows of one grader's file, in whatever code a spreadsheet saved it.

    Raises:
        UsageError: it can't be read, or lacks a column.
    """
    if file.suffix.lower() == ".csv":
        return parse_table(read_text(file), str(file), POINT_COLUMNS)
    return [
        row
        for name, data in find_tables(file)
        for row in parse_table(decode_text(data), f"{file}/{name}", POINT_COLUMNS)
    ]


def find_tables(bundle: Path) -> list[tuple[str, bytes]]:
    """The tables in a bundle, with their names in it.

    Raises:
        UsageError: it can't be read, or holds none.
    """
    try:
        with zipfile.ZipFile(bundle) as archive:
            infos = [each for each in archive.infolist() if _is_table(each)]
            found = [(each.filename, archive.open(each).read(_MOST_BYTES)) for each in infos]
    except Exception as error:  # noqa: BLE001 - zipfile raises half a dozen types on damaged bytes
        raise UsageError(f"{bundle}: can't be read as a zip: {error}") from None
    if not found:
        raise UsageError(f"{bundle}: holds no table at its top; put the .csv that you filled in back into it")
    return found


def _is_table(info: zipfile.ZipInfo) -> bool:
    """A table at the top, or in the one folder into which somebody unpacked the bundle; none of a student's."""
    parts = PurePosixPath(info.filename).parts
    return parts[-1:] != () and parts[-1].lower().endswith(".csv") and len(parts) <= 2 and WORK not in parts


def _agreement(pairs: Sequence[tuple[Fraction, Fraction]]) -> Agreement | None:
    apart = [abs(first - second) for first, second in pairs if first != second]
    mean = sum(apart, Fraction(0)) / len(apart) if apart else Fraction(0)
    return Agreement(len(pairs), len(pairs) - len(apart), mean) if pairs else None


def _disagree(key: ItemKey, found: Sequence[_Row]) -> Disagreement:
    first = found[0]
    other = next(each for each in found if each.given.points != first.given.points)
    gave = f"{in_words(other.given.points)} for {other.item!r} of {other.submission}"
    told = other.row.flaw(f"{gave}, but {first.row.file}:{first.row.line} gave {in_words(first.given.points)}")
    return Disagreement(key, tuple(f"{each.grader} {in_words(each.given.points)}" for each in found), told)


class _PointsReader:
    """Rows to points; what is wrong with them is kept."""

    def __init__(self, items: Sequence[Manual], handed: Iterable[StudentSubmission], codes: Mapping[str, str]) -> None:
        self.flaws: list[str] = []
        self.flawed: set[ItemKey] = set()
        self._items = {item.name: item for item in items}
        self._submissions = {student.id: each.id for each in handed for student in each.students}
        self._submissions |= {guard(student): each for student, each in self._submissions.items()}
        known = {code: self._submissions[student] for code, student in codes.items() if student in self._submissions}
        self._submissions |= known

    def read_files(self, files: Iterable[Path]) -> Iterator[_Row]:
        """The rows of these files that have points; one that can't be read is a flaw."""
        for file in files:
            try:
                rows = read_points(file)
            except UsageError as error:
                self.flaws.append(str(error))
                continue
            yield from filter(None, map(self._read, rows))

    def _read(self, row: TableRow) -> _Row | None:
        """The row's points; None where it has none yet, or a flaw."""
        misplaced = list(self._find_misplaced(row))
        self.flaws += misplaced
        if misplaced:
            return None
        submission, item = self._submissions[row.cells["student"]], row.cells["item"]
        flaws: list[str] = []
        points = self._points(row, self._items[item], flaws)
        self.flaws += flaws
        self.flawed |= {(submission, item)} if flaws else set()
        if flaws or points is None:
            return None
        return _Row(row, submission, item, GivenPoints(points, row.cells.get("comment", "")))

    def _find_misplaced(self, row: TableRow) -> Iterator[str]:
        student, item = row.cells.get("student", ""), row.cells.get("item", "")
        if student not in self._submissions:
            yield row.flaw(f"nobody in this class has the id {student!r}{did_you_mean(student, self._submissions)}")
        if item not in self._items:
            known = ", ".join(self._items)
            yield row.flaw(f"no item is called {item!r}{did_you_mean(item, self._items)}; there are: {known}")

    def _points(self, row: TableRow, item: Manual, flaws: list[str]) -> Fraction | None:
        text, level = row.cells.get("points", ""), row.cells.get("level", "")
        if level and level not in item.levels:
            levels = ", ".join(item.levels) or "none"
            flaws.append(
                row.flaw(f"{item.name!r} has no level {level!r}{did_you_mean(level, item.levels)}; it has: {levels}")
            )
            return None
        worth = item.levels.get(level)
        if not text:
            return worth
        points = _number(text)
        if points is None or not 0 <= points <= item.points:
            flaws.append(row.flaw(f"points are a number from 0 to {in_words(item.points)}, found {text!r}"))
        elif worth is not None and points != worth:
            flaws.append(row.flaw(f"level {level!r} is {in_words(worth)} points, and {text} stand beside it"))
        return points


def _number(text: str) -> Fraction | None:
    """A number as people write it in a spreadsheet: 7.5 or 7,5."""
    try:
        return Fraction(text.replace(",", "."))
    except (ValueError, ZeroDivisionError):
        return None
