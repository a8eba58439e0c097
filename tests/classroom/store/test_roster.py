"""A roster is read from whatever CSV there is, and a submission finds its student by any id."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.classroom.intake.model import Student
from grader.classroom.store.roster import Roster, read_roster
from grader.errors import UsageError

CANVAS = """\
Student,ID,SIS User ID,SIS Login ID,Section,Problem Set 1 (987654)
    Points Possible,,,,,10
"Byron, Ada",1234,99,ada,Lec 1,8.5
"Li, Bo",1235,1234,boli,Lec 1,EX
"Student, Test",1299,,f00,Lec 1,
"""
MOODLE = """\
Identifier,Full name,Email address,Status,Grade
Participant 12345,Ada Byron,ada@example.edu,Submitted for grading,-
Participant 12346,Bo Li,bo@example.edu,No submission,-
"""
GERMAN = """\
\ufeffVorname;Nachname;E-Mail;Matriculation Number;First Name;Last Name
Ada;Byron;Ada@Example.edu;0042;Ada;Byron
"""


def roster(tmp_path: Path, text: str) -> Roster:
    path = tmp_path / "roster.csv"
    path.write_text(text, encoding="utf-8")
    return read_roster(path)


def found(tmp_path: Path, text: str, student: Student) -> str | None:
    member = roster(tmp_path, text).find(student)
    return member.student.name if member else None


def test_a_canvas_gradebook_is_a_roster_without_its_points_row_and_test_student(tmp_path: Path) -> None:
    assert [each.student.name for each in roster(tmp_path, CANVAS).members] == ["Byron, Ada", "Li, Bo"]


@pytest.mark.parametrize(("known", "name"), [("1235", "Li, Bo"), ("boli", "Li, Bo"), ("99", "Byron, Ada"), ("7", None)])
def test_a_student_is_found_by_any_of_their_ids(tmp_path: Path, known: str, name: str | None) -> None:
    assert found(tmp_path, CANVAS, Student(known)) == name


def test_where_one_students_number_is_anothers_user_id_the_user_id_wins(tmp_path: Path) -> None:
    assert found(tmp_path, CANVAS, Student("1234")) == "Byron, Ada"


def test_moodles_word_before_the_identifier_is_no_part_of_it(tmp_path: Path) -> None:
    assert found(tmp_path, MOODLE, Student("12346")) == "Bo Li"


def test_semicolons_a_byte_order_mark_and_leading_zeros_are_read(tmp_path: Path) -> None:
    assert found(tmp_path, GERMAN, Student("0042")) == "Ada Byron"
    assert found(tmp_path, GERMAN, Student("42")) is None


def test_a_mail_address_finds_its_student_in_any_case(tmp_path: Path) -> None:
    assert found(tmp_path, GERMAN, Student("x", email="ada@example.edu")) == "Ada Byron"


def test_ids_that_differ_in_case_alone_are_two_students(tmp_path: Path) -> None:
    text = "id,name\nada,Ada\nAda,Other\n"
    assert (found(tmp_path, text, Student("ada")), found(tmp_path, text, Student("Ada"))) == ("Ada", "Other")


@pytest.mark.parametrize("text", ["", "name,points\nAda,3\n", "\n\n"])
def test_a_roster_without_ids_says_which_headers_would_do(tmp_path: Path, text: str) -> None:
    with pytest.raises(UsageError, match="SIS Login ID"):
        roster(tmp_path, text)


def test_who_is_in_two_sections_is_one_student(tmp_path: Path) -> None:
    text = "id,name,section\nada,Ada,1\nada,Ada,2\nbo,Bo,1\n"
    assert [member.student.id for member in roster(tmp_path, text).members] == ["ada", "bo"]


def test_a_quotation_mark_left_open_is_one_message(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="quotation mark"):
        roster(tmp_path, 'id,name\n1,"' + "x" * 200_000)


def test_a_roster_that_isnt_there_is_one_message(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="can't be read"):
        read_roster(tmp_path / "none.csv")
