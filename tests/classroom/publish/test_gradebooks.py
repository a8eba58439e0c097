"""A gradebook comes back with our scores in it, and every other byte as the LMS wrote it."""

from __future__ import annotations

import csv
import io
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from classroom.classes import RIGHT, WRONG, graded, tiny, write
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.classroom.intake.model import Student
from grader.classroom.outputs.gradebook import ABSENT, GRADED, NOT_GRADED, GradebookRow
from grader.classroom.publish.filling import OURS, Filled, fill
from grader.classroom.publish.gradebook_files import read_export
from grader.classroom.store.roster import Roster, read_roster
from grader.classroom.tables.raw import split
from grader.cli import main
from grader.errors import UsageError

TITLE = "Problem Set 1"
CANVAS = (
    "Student,ID,SIS Login ID,Section,Problem Set 1 (987654),Essay (987655),Assignments Current Score\r\n"
    "    Points Possible,,,,10,5,(read only)\r\n"
    '"Byron, Ada",1234,ada,"Lec 1",,4.50,91\r\n'
    '"Li, Bo",1235,boli,"Lec 1",EX,,\r\n'
    '"Cy ""the"" Twombly",1236,cy,"Lec 1",7,3,50\r\n'
    '"Student, Test",1299,x,"Lec 1",,,\r\n'
)
MOODLE = (
    "\ufeffIdentifier,Full name,Status,Grade,Maximum grade,Last modified (grade),Feedback comments\n"
    "Participant 11,Ada Byron,Submitted for grading,,10.00,-,\n"
    'Participant 12,Bo Li,No submission,,10.00,-,"Come, and see me"\n'
)


def entry(student: str, score: str | None = None, status: str = GRADED, **more: Any) -> GradebookRow:
    return GradebookRow(Student(student), status, score=Fraction(score) if score else None, **more)


def filled(tmp_path: Path, text: str, *entries: GradebookRow, column: str | None = None, **options: Any) -> Filled:
    path = tmp_path / "export.csv"
    path.write_bytes(text.encode())
    return fill(read_export(path, TITLE, column), entries, Fraction(10), **options)


def rows(text: str | bytes, delimiter: str = ",") -> list[list[str]]:
    plain = text.decode("utf-8-sig") if isinstance(text, bytes) else text.removeprefix("\ufeff")
    return list(csv.reader(io.StringIO(plain, newline=""), delimiter=delimiter))


# -- whatever the export looks like ----------------------------------------------------------------------------------

cells = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8) | st.sampled_from(
    ['"', '""', ",", ";", "\r\n", "\n", "3,5", " x ", "=1+1", "é"]
)
HEADERS = [
    ("Identifier", "Grade", "Participant "),
    ("Identifikator", "Bewertung", "Teilnehmer/in"),
    ("Identifiant", "Note", "Participant "),
    ("Identificador", "Calificación", "Participante "),
]


@st.composite
def exports(draw: st.DrawFn) -> tuple[str, int, list[str]]:
    """A worksheet as some Moodle might write it: its text, the number of columns before ours, the students' ids."""
    delimiter, end = draw(st.sampled_from(",;\t")), draw(st.sampled_from(["\n", "\r\n", "\r"]))
    identifier, grade, word = draw(st.sampled_from(HEADERS))
    before = draw(st.integers(1, 3))
    ids = [str(each) for each in draw(st.lists(st.integers(1, 9999), min_size=1, max_size=5, unique=True))]
    old = st.sampled_from(["", "8.50", "3,5", "0", "-", "8"])
    table = [[identifier, *(f"c{at}" for at in range(1, before)), grade, "Maximum", "last"]]
    for each in ids:
        middle = [draw(cells) for _ in range(1, before)]
        table.append([f"{word}{each}", *middle, draw(old), "10", draw(cells)])
    text = end.join(delimiter.join(_raw(cell, delimiter, draw(st.booleans())) for cell in row) for row in table)
    return draw(st.sampled_from(["", "\ufeff"])) + text + draw(st.sampled_from(["", end])), before, ids


def _raw(cell: str, delimiter: str, quoted: bool) -> str:
    must = any(sign in cell for sign in (delimiter, '"', "\r", "\n"))
    return '"' + cell.replace('"', '""') + '"' if must or quoted else cell


def raw_cells(data: bytes, delimiter: str) -> list[list[str]]:
    """The cells as they stand, cut without the code that is tested: quotation marks toggle."""
    found, inside = [[""]], False
    for sign in data.decode().removeprefix("\ufeff"):
        inside ^= sign == '"'
        if sign == delimiter and not inside:
            found[-1].append("")
        elif sign in "\r\n" and not inside:
            found.append([sign])
        else:
            found[-1][-1] += sign
    return found


@given(exports(), st.data())
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_reading_back_gives_the_same_cells_but_ours(
    tmp_path: Path, export: tuple[str, int, list[str]], data: st.DataObject
) -> None:
    text, column, ids = export
    scored = data.draw(st.lists(st.sampled_from(ids), min_size=1, unique=True))
    scores = {each: str(data.draw(st.sampled_from(["0", "10", "17/2", "1/3"]))) for each in scored}
    done = filled(tmp_path, text, *(entry(each, scores[each]) for each in scored)).data
    delimiter = text[text.index(text.lstrip("\ufeff")[0]) :].splitlines()[0]
    delimiter = max(",;\t", key=delimiter.count)
    before, after = rows(text, delimiter), rows(done, delimiter)
    for at, each in enumerate(ids, 1):
        if each in scores:
            value = Fraction(after[at][column].replace(",", "."))
            assert abs(value - Fraction(scores[each])) < Fraction(1, 100)
            before[at][column] = after[at][column]
    assert after == before
    was, now = raw_cells(text.encode(), delimiter), raw_cells(done, delimiter)
    assert [row[:column] + row[column + 1 :] for row in was] == [row[:column] + row[column + 1 :] for row in now]
    assert done.startswith(b"\xef\xbb\xbf") == text.startswith("\ufeff")


@given(st.text(st.sampled_from('a",;\r\n é'), max_size=30), st.sampled_from(",;\t"))
def test_any_text_is_split_as_the_csv_module_reads_it_and_comes_back(text: str, delimiter: str) -> None:
    table = split(text.encode(), "export.csv", delimiter)
    assert table.to_bytes() == text.encode()
    assert [list(row.cells) for row in table.rows] == rows(text, delimiter)


def test_five_thousand_rows_are_filled(tmp_path: Path) -> None:
    people = [f'"Name, {at}",{at},l{at},"Lec 1",,,\r\n' for at in range(5000)]
    head, points = CANVAS.splitlines(keepends=True)[:2]
    text = head + points + "".join(people)
    done = filled(tmp_path, text, *(entry(str(at), "17/2") for at in range(0, 5000, 2)))
    assert done.scores == 2500
    assert [row[4] for row in rows(done.data)[2:6]] == ["8.5", "", "8.5", ""]
    assert done.data.replace(b'"Lec 1",8.5,', b'"Lec 1",,') == text.encode()


# -- who gets what ---------------------------------------------------------------------------------------------------


def test_canvas_has_its_own_bytes_but_for_our_cells(tmp_path: Path) -> None:
    done = filled(tmp_path, CANVAS, entry("1234", "17/2"), entry("1236", "9"))
    expected = CANVAS.replace('ada,"Lec 1",,', 'ada,"Lec 1",8.5,').replace('cy,"Lec 1",7,', 'cy,"Lec 1",9,')
    assert done.data.decode() == expected
    assert (done.scores, done.replaced) == (2, 1)
    assert [each.member.student.id for each in done.missing] == ["1235"]


def test_nobody_gets_a_zero_for_a_grade_that_is_missing(tmp_path: Path) -> None:
    entries = (entry("1234", None, NOT_GRADED), entry("1235", "8"), entry("1236", None, "awaiting"))
    done = filled(tmp_path, CANVAS, *entries, zeros=True)
    assert done.data.decode() == CANVAS  # Bo is excused, and stays so
    assert (done.zeros, [each.member.student.id for each in done.excused]) == (0, ["1235"])


def test_who_handed_in_nothing_gets_a_zero_only_when_it_is_asked_for(tmp_path: Path) -> None:
    entries = (entry("1234", None, ABSENT), entry("1235", "1"), entry("1236", "1"))
    assert filled(tmp_path, CANVAS, *entries).data.decode() == CANVAS.replace("1,7,", "1,1,").replace(
        'cy,"Lec 1",7', 'cy,"Lec 1",1'
    )
    done = filled(tmp_path, CANVAS, *entries, zeros=True)
    assert [row[4] for row in rows(done.data)[2:]] == ["0", "EX", "1", ""]
    assert done.zeros == 1


def test_no_zero_may_hit_somebody_whose_submission_has_an_id_that_no_row_has(tmp_path: Path) -> None:
    done = filled(tmp_path, CANVAS, entry("ada.byron", "10"), entry("1236", "9"), zeros=True)
    assert [row[4] for row in rows(done.data)[2:]] == ["", "EX", "9", ""]
    assert [each.id for each in done.unknown] == ["ada.byron"]
    assert {each.member.student.id for each in done.spared} == {"1234", "1235"}


def test_students_are_found_by_login_and_by_what_the_roster_knows(tmp_path: Path) -> None:
    done = filled(tmp_path, CANVAS, entry("ADA", "10"))
    assert rows(done.data)[2][4] == "10"
    (tmp_path / "roster.csv").write_text("student id,login\nm-77,ada\n")
    roster: Roster = read_roster(tmp_path / "roster.csv")
    assert rows(filled(tmp_path, CANVAS, entry("m-77", "10"), roster=roster).data)[2][4] == "10"


def test_a_score_that_is_there_already_keeps_its_bytes(tmp_path: Path) -> None:
    text = MOODLE.replace("grading,,10", 'grading,"8.50",10')
    assert filled(tmp_path, text, entry("11", "17/2")).data.decode() == text


def test_decimal_commas_stay_where_the_export_has_them(tmp_path: Path) -> None:
    text = "Student;ID;Section;Problem Set 1 (1);Essay (2)\n  Points Possible;;;10;5\nAda;1;A;;4,5\nBo;2;A;;\n"
    assert rows(filled(tmp_path, text, entry("1", "17/2")).data, ";")[2][3] == "8,5"
    quoted = MOODLE.replace("10.00", '"10,00"')
    assert b'grading,"8,5","10,00"' in filled(tmp_path, quoted, entry("11", "17/2")).data
    assert rows(filled(tmp_path, text.replace("4,5", "4.5"), entry("1", "17/2")).data, ";")[2][3] == "8.5"
    # Where nothing tells, semicolons do: that is how Canvas separates where commas are decimal.
    assert rows(filled(tmp_path, text.replace("4,5", ""), entry("1", "17/2")).data, ";")[2][3] == "8,5"


def test_our_cells_are_quoted_where_the_exports_were(tmp_path: Path) -> None:
    text = MOODLE.replace("grading,,", 'grading,"",')
    assert b'grading,"8.5",' in filled(tmp_path, text, entry("11", "17/2")).data


def test_moodles_feedback_is_filled_and_a_persons_comment_stays(tmp_path: Path) -> None:
    words = {"11": f'{OURS}8 of 10</p>, "and" more', "12": f"{OURS}1 of 10</p>"}
    done = filled(tmp_path, MOODLE, entry("11", "8"), entry("12", "1"), comments=words)
    assert [row[6] for row in rows(done.data)[1:]] == [words["11"], "Come, and see me"]
    assert [each.member.student.name for each in done.commented] == ["Bo Li"]
    again = {**words, "11": f"{OURS}9 of 10</p>"}
    done = filled(tmp_path, done.data.decode(), entry("11", "9"), comments=again)
    assert rows(done.data)[1][6] == again["11"]


def test_gradescope_has_its_total_filled(tmp_path: Path) -> None:
    text = "First Name,Last Name,SID,Email,Total Score,Max Points,Status\nAda,Byron,0042,a@x.edu,,10.0,Missing\n"
    assert rows(filled(tmp_path, text, entry("0042", "17/2")).data)[1][4] == "8.5"
    assert rows(filled(tmp_path, text, entry("a@x.edu", "17/2")).data)[1][4] == "8.5"


def test_any_other_gradebook_is_filled_once_its_column_is_named(tmp_path: Path) -> None:
    text = "Email address,Problem Set 1,Note to self\na@x.edu,,x\n"
    assert rows(filled(tmp_path, text, entry("a@x.edu", "3"), column="Problem Set 1").data)[1][1] == "3"


# -- what is refused -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("", "", None), "none of its 3 students"),
        (("    Points Possible,,,,10", "    Points Possible,,,,100", None), "is out of 100 there"),
        (("1235,boli", "1234,boli", None), r"export.csv:4: the student '1234' has another row in line 3"),
        (('1235,boli,"Lec 1",EX,,', "1235,boli", None), "export.csv:4: has 3 cells"),
        (("Problem Set 1 (", "Set 1 (", None), "Say it with --column; there are 'Set 1"),
        (("", "", "Esay"), "no column is called 'Esay'; did you mean"),
        (("", "", "Assignments Current Score"), "read only"),
        (('"Lec 1",EX', '"Lec 1,EX', None), r"export.csv:4: has 10 cells, and the header 7"),
    ],
)
def test_a_gradebook_that_cant_be_filled_without_doubt_is_refused(
    tmp_path: Path, change: tuple[str, str, str | None], message: str
) -> None:
    before, after, column = change
    with pytest.raises(UsageError, match=message):
        filled(tmp_path, CANVAS.replace(before, after) if before else CANVAS, entry("nobody", "1"), column=column)


def test_two_students_never_share_a_row(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="two students have this row, '1234' and 'ada'"):
        filled(tmp_path, CANVAS, entry("1234", "1"), entry("ada", "2"))


# -- the command -----------------------------------------------------------------------------------------------------


@pytest.fixture
def out(tmp_path: Path) -> Path:
    rubric = tiny(tmp_path / "assignment")
    rubric.write_text(rubric.read_text().replace("Tiny: two functions", TITLE))
    files = {"byronada_1234_1_hw.py": RIGHT, "twomblycy_LATE_1236_2_hw.py": WRONG, "dropped_77_3_hw.py": WRONG + "#"}
    graded(write(tmp_path / "class", files), tmp_path / "out", rubric)
    (tmp_path / "canvas.csv").write_bytes(CANVAS.encode())
    return tmp_path / "out"


def publish(out: Path, *options: object) -> Result:
    result = CliRunner().invoke(main, ["publish", str(out), *map(str, options)])
    assert "Traceback" not in result.output
    return result


def test_publish_fills_what_is_published_and_says_whom_it_misses(out: Path, tmp_path: Path) -> None:
    result = publish(out, "--gradebook", tmp_path / "canvas.csv", "-o", tmp_path / "up.csv")
    assert result.exit_code == 0, result.output
    assert [row[4] for row in rows((tmp_path / "up.csv").read_bytes())[2:]] == ["10", "EX", "4", ""]
    assert "1 graded here, but in no row of the gradebook:\n  77 dropped" in result.output
    assert "1 in the gradebook handed in nothing; their cells stay as they were:\n  1235 Li, Bo" in result.output
    assert "at once" in result.output
    assert "second" in result.output
    assert "marks 1 of them late" in result.output
    assert (tmp_path / "canvas.csv").read_bytes() == CANVAS.encode()


@pytest.mark.parametrize(
    "text",
    ["a,b\n1,2\n", CANVAS.replace(",,,,10", ",,,,100"), CANVAS.replace("123", "923"), CANVAS + '"Li",1235,x,A,,,\r\n'],
)
def test_a_wrong_gradebook_stops_before_anything_is_published(out: Path, tmp_path: Path, text: str) -> None:
    (tmp_path / "canvas.csv").write_text(text)
    result = publish(out, "--gradebook", tmp_path / "canvas.csv", "-o", tmp_path / "up.csv")
    assert result.exit_code == 2
    assert not (out / "releases").exists()
    assert not (tmp_path / "up.csv").exists()


def test_a_column_that_is_posted_by_hand_needs_no_warning(out: Path, tmp_path: Path) -> None:
    header, rest = CANVAS.split("\r\n", 1)
    (tmp_path / "canvas.csv").write_bytes(f"{header}\r\n,,,,Manual Posting,,\r\n{rest}".encode())
    result = publish(out, "--gradebook", tmp_path / "canvas.csv", "-o", tmp_path / "up.csv")
    assert result.exit_code == 0, result.output
    assert "at once" not in result.output
    assert [row[4] for row in rows((tmp_path / "up.csv").read_bytes())[1:4]] == ["Manual Posting", "10", "10"]


def test_moodles_worksheet_goes_back_with_scores_and_reasons(tmp_path: Path) -> None:
    rubric = tiny(tmp_path / "assignment")
    names = ("Ada Byron_11_assignsubmission_file/hw.py", "Bo Li_12_assignsubmission_file/hw.py")
    files = dict(zip(names, (WRONG, RIGHT), strict=True))
    graded(write(tmp_path / "class", files), tmp_path / "out", rubric)
    (tmp_path / "worksheet.csv").write_bytes(MOODLE.encode())
    result = publish(tmp_path / "out", "--gradebook", tmp_path / "worksheet.csv", "-o", tmp_path / "up.csv")
    assert result.exit_code == 0, result.output
    ada, bo = rows((tmp_path / "up.csv").read_bytes())[1:]
    assert (ada[3], ada[6]) == ("4", f"{OURS}4 of 10 points</p><ul><li>double: 0 of 6</li></ul>")
    assert (bo[3], bo[6]) == ("10", "Come, and see me")
    assert "1 have a comment already, which stays:\n  12 Bo Li" in result.output


@pytest.mark.parametrize("filled_name", ["canvas.csv", "no/such/folder.csv"])
def test_the_export_itself_is_never_overwritten(out: Path, tmp_path: Path, filled_name: str) -> None:
    assert publish(out, "--gradebook", tmp_path / "canvas.csv", "-o", tmp_path / filled_name).exit_code == 2
    assert not (out / "releases").exists()


def test_the_options_of_a_gradebook_go_together(out: Path, tmp_path: Path) -> None:
    assert "go together" in publish(out, "--gradebook", tmp_path / "canvas.csv").output
    assert "go together" in publish(out, "--missing", "zero").output
