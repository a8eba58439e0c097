"""What a student asked, and what was decided, stands on that student's report and on nobody else's."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from classroom.classes import RIGHT, WRONG, graded, tiny, write

from grader.errors import UsageError

pytestmark = pytest.mark.usefixtures("nearby")

HEADER = "student,function,question,answer,decision\n"


class Class:
    """A class that has been graded."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.rubric = folder, tiny(folder / "assignment")
        write(folder / "class", {"ada.py": RIGHT, "bo.py": WRONG})
        self.graded()

    def graded(self) -> None:
        graded(self.folder / "class", self.folder / "out", self.rubric)

    def asked(self, text: str | bytes) -> None:
        write(self.folder / "out", {"decisions/requests.csv": text})
        self.graded()

    def told(self, student: str) -> list[str]:
        report = json.loads((self.folder / "out" / "private" / "preview" / f"{student}.json").read_text())
        return [" ".join(each.values()).strip() for each in report["decisions"]]


@pytest.fixture
def klass(tmp_path: Path) -> Class:
    return Class(tmp_path)


def test_a_request_is_told_with_its_answer_and_decision(klass: Class) -> None:
    klass.asked(HEADER + "bo,double,Isn't three also fine?,Twice is two times.,The points stay.\n")
    assert klass.told("bo") == [
        "You asked about double: Isn't three also fine? / Answer: Twice is two times. / Decision: The points stay."
    ]
    assert "points stay" in (klass.folder / "out" / "private" / "preview" / "bo.md").read_text()
    assert klass.told("ada") == []


def test_an_open_request_says_so(klass: Class) -> None:
    klass.asked(HEADER + "bo,,Why is it late?,,\n")
    assert klass.told("bo") == ["You asked: Why is it late? / It is being looked at."]


def test_a_request_taken_back_leaves_the_report(klass: Class) -> None:
    klass.asked(HEADER + "bo,double,Why?,,\n")
    klass.asked(HEADER)
    assert klass.told("bo") == []


@pytest.mark.parametrize(
    "text",
    [
        b"\xef\xbb\xbfStudent;Decision;Function;Question;Answer;When\r\nbo;No.;double;Why?;;2026-11-25\r\n",
        "when\tstudent\tfunction\tquestion\tanswer\tdecision\n\n2026-11-25\tbo\tdouble\tWhy?\t\tNo.\n",
    ],
)
def test_a_spreadsheets_own_csv_will_do(klass: Class, text: str | bytes) -> None:
    klass.asked(text)
    assert klass.told("bo") == ["2026-11-25 You asked about double: Why? / Decision: No."]


def test_every_row_that_fits_nobody_is_listed_with_its_line(klass: Class) -> None:
    text = 'ada,double,"Two\nlines?",,\nadda,double,Why?,,\nbo,dubble,Why?,,\nbo,double,,,\n'
    with pytest.raises(UsageError) as caught:
        klass.asked(HEADER + text)
    told = str(caught.value)
    assert "requests.csv:4: nobody in this class has the id 'adda'" in told
    assert "requests.csv:5: no function is called 'dubble'" in told
    assert "requests.csv:6: the question is empty" in told


@pytest.mark.parametrize(
    ("text", "words"),
    [("student,question\n", "no column 'function'"), ("", "no column 'student'"), (b"\xff\xfe", "no column")],
)
def test_a_file_that_is_no_such_table_says_what_it_needs(klass: Class, text: str | bytes, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        klass.asked(text)


def test_what_is_written_in_a_request_stays_text(klass: Class) -> None:
    klass.asked(HEADER + "bo,double,<script>alert(1)</script> [x](http://e.org),,\n")
    assert "<script>" not in (klass.folder / "out" / "private" / "preview" / "bo.md").read_text()
