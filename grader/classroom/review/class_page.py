"""OUT/private/index.html: a class on one page, made from the store alone, and for its instructors alone.

Who isn't graded, and what needs a person, comes first. What is shared with students is what was published, not this.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from grader.classroom.intake.file_names import make_stem
from grader.classroom.outputs.gradebook import ABSENT, AWAITING, NOT_GRADED, SAME_FILES, WRONG_FILE, GradebookRow
from grader.classroom.outputs.student_files import FEEDBACK, PRIVATE
from grader.classroom.review.causes import find_class_causes
from grader.classroom.review.class_numbers import (
    Bin,
    Misconception,
    find_misconceptions,
    find_pairs,
    measure_functions,
    spread,
)
from grader.classroom.review.groups import Group, group_marks
from grader.classroom.review.suspects import detect_suspects, without_acknowledged
from grader.classroom.store.encoding import decode_grade
from grader.classroom.store.marks import MarkedSubmission, read_marks
from grader.classroom.store.store import Store
from grader.errors import HarnessError, UsageError
from grader.files import write_text
from grader.report.sanitize import block, line
from grader.report.wording import points
from grader.rubric.model import Rubric

#: The file in OUT.
CLASS_PAGE = Path("private") / "index.html"
_HERE = Path(__file__).parent
_SETTING = "class page names members"
_MOST_LISTED = 50
_MOST_CAUSES = 10
_MOST_GROUPS = 10
_MOST_LINES = 15
#: More unexplained submissions aren't grouped here: `grade groups` does it, and takes its time.
_MOST_TO_GROUP = 2_000


class Needed(NamedTuple):
    """Students who need a person for one reason."""

    what: str
    advice: str
    students: tuple[tuple[str, str], ...]  #: who, and what is known
    more: int  #: who aren't listed
    is_alarm: bool = False


class StudentLine(NamedTuple):
    """One student's row in the table."""

    id: str
    name: str
    status: str
    score: str
    points: tuple[str, ...]  #: of each function and item
    late: str
    link: str  #: their page, or else their report, for instructors
    given: str  #: what they were given


class MistakeLine(NamedTuple):
    """A known mistake with a member's own line."""

    made: Misconception
    code: str
    who: str  #: the member, where names are asked for


def keep_names(store: Store, has_names: bool) -> None:
    """Keep whether a class's page says whose lines it shows: for every page until the next batch."""
    store.keep_setting(_SETTING, "yes" if has_names else "")


def write_class_page(
    out: Path,
    store: Store,
    plan: str,
    rubric: Rubric,
    rows: Sequence[GradebookRow],
    everyone: Sequence[MarkedSubmission] | None = None,
) -> None:
    """Write the page.

    Args:
        out: the class's results.
        store: what it is made from.
        plan: the fingerprint of the grades that count.
        rubric: of the class.
        rows: everybody's, as grades.csv says them.
        everyone: what became of each; read from the store where it isn't given.

    Raises:
        HarnessError: it can't be written.
    """
    if everyone is None:
        everyone = list(read_marks(store, plan))
    try:
        write_text(out / CLASS_PAGE, render_class_page(out, store, plan, rubric, rows, everyone))
    except UsageError as error:  # OUT was sound when the run began
        raise HarnessError(f"{error}. What was graded is kept: run the same command again") from error


def render_class_page(
    out: Path,
    store: Store,
    plan: str,
    rubric: Rubric,
    rows: Sequence[GradebookRow],
    everyone: Sequence[MarkedSubmission],
) -> str:
    """The page; see `write_class_page`."""
    from grader.report.web import render_page  # jinja2 takes as long to import as numpy

    scores = [row.score for row in rows if row.score is not None]
    made = find_misconceptions(everyone)
    return render_page(
        _HERE / "class_page.html",
        style=(_HERE / "class_page.css").read_text(encoding="utf-8"),
        script=(_HERE / "class_page.js").read_text(encoding="utf-8"),
        title=rubric.title,
        most=points(rubric.most),
        counts=_count(rows),
        mean=f"{float(sum(scores) / len(scores)):.1f}" if scores else "",
        median=points(sorted(scores)[len(scores) // 2]) if scores else "",
        needed=tuple(_list_needed(rows)),
        causes=find_class_causes(everyone)[:_MOST_CAUSES],
        bins=_bars(spread(scores, rubric.most)) if scores else (),
        functions=measure_functions(everyone),
        mistakes=tuple(_mistakes(store, plan, made)),
        pairs=find_pairs(everyone),
        suspects=without_acknowledged(detect_suspects(everyone, rubric), store, plan),
        groups=_groups(everyone),
        items=[item.name for item in rubric.items],
        students=_students(out, rubric, rows),
        points=points,
    )


def _count(rows: Sequence[GradebookRow]) -> str:
    counts = {"students": len(rows), "with a score": sum(row.score is not None for row in rows)}
    return ", ".join(f"{count:,} {what}" for what, count in counts.items())


# -- what needs a person -------------------------------------------------------------------------------------------


def _list_needed(rows: Sequence[GradebookRow]) -> Iterator[Needed]:
    sorts = (
        (
            "not graded, through no fault of theirs",
            "Run the same `grade batch` command again.",
            [row for row in rows if row.status == NOT_GRADED],
            True,
        ),
        (
            "can't be read",
            "Give points in decisions/overrides.csv, or put a repaired copy into decisions/fixes/.",
            [row for row in rows if row.is_unreadable],
            True,
        ),
        (
            "still need marking by hand",
            "See `grade marking`.",
            [row for row in rows if row.status == AWAITING and not row.is_unreadable],
            False,
        ),
        (
            "may have handed in the wrong file",
            "None of the functions is in it.",
            [row for row in rows if row.reason == WRONG_FILE],
            False,
        ),
        (
            "handed in the same files as somebody else",
            "Is it group work? Only this page says so.",
            [row for row in rows if _twin(row)],
            False,
        ),
        ("handed in nothing", "", [row for row in rows if row.status == ABSENT], False),
    )
    for what, advice, those, is_alarm in sorts:
        if those:
            listed = tuple(
                (_who(row), line(_twin(row) if "same files" in what else _why(row))) for row in those[:_MOST_LISTED]
            )
            yield Needed(f"{len(those):,} {what}", advice, listed, len(those) - len(listed), is_alarm)


def _twin(row: GradebookRow) -> str:
    return next((remark for remark in row.remarks if remark.startswith(SAME_FILES)), "")


def _why(row: GradebookRow) -> str:
    return row.remarks[-1] if row.remarks else ""


def _who(row: GradebookRow) -> str:
    return line(f"{row.student.id} {row.student.name}".strip())


# -- pictures ------------------------------------------------------------------------------------------------------


class HistogramBar(NamedTuple):
    """A bar of a picture 100 high."""

    of: Bin
    height: float


def _bars(bins: Sequence[Bin]) -> tuple[HistogramBar, ...]:
    highest = max(each.students for each in bins) or 1
    return tuple(HistogramBar(each, 100 * each.students / highest) for each in bins)


# -- mistakes and groups -------------------------------------------------------------------------------------------


def _mistakes(store: Store, plan: str, made: Sequence[Misconception]) -> Iterator[MistakeLine]:
    has_names = bool(store.setting(_SETTING))
    for each in made:
        blob = store.blob(plan, each.content)
        code = _code(blob, each.function) if blob else ""
        yield MistakeLine(each, code, line(each.students[0]) if has_names else "")


def _code(blob: bytes, function: str) -> str:
    """The line where a member's function stopped; else the beginning of it."""
    grade = decode_grade(blob)
    for each in grade.functions:
        if each.name == function:
            found = (check.details.source for check in each.checks if check.details and check.details.source)
            if source := next(found, ""):
                return block(source)
    return next((block(each.text, _MOST_LINES) for each in grade.code if each.function == function), "")


def _groups(everyone: Sequence[MarkedSubmission]) -> list[Group]:
    lost = [each for each in everyone if any(not function.is_full for function in each.marks.functions)]
    if len(lost) > _MOST_TO_GROUP:
        return []
    return [group for group in group_marks(lost) if len(group.students) > 1][:_MOST_GROUPS]


# -- the table -----------------------------------------------------------------------------------------------------


def _students(out: Path, rubric: Rubric, rows: Sequence[GradebookRow]) -> Iterator[StudentLine]:
    private, given = _names(out / PRIVATE), _names(out / FEEDBACK)
    none = (None,) * len(rubric.items)
    for row in rows:
        stem = make_stem(row.student.id)
        suffix = next((each for each in (".html", ".md") if stem + each in private), "")
        yield StudentLine(
            id=line(row.student.id),
            name=line(row.student.name),
            status=row.status,
            score=_show(row.score),
            points=tuple(map(_show, row.functions or none)),
            late=row.lateness or ("late" if row.late else ""),
            link=f"reports/{quote(stem + suffix)}" if suffix else "",
            given=f"../{FEEDBACK.name}/{quote(stem)}.html" if f"{stem}.html" in given else "",
        )


def _names(folder: Path) -> frozenset[str]:
    return frozenset(path.name for path in folder.iterdir()) if folder.is_dir() else frozenset()


def _show(score: Fraction | None) -> str:
    return "" if score is None else points(score)
