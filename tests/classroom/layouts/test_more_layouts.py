"""The layouts of more platforms, and classes that lie in folders within folders."""

from __future__ import annotations

from pathlib import Path

import pytest
from classroom.classes import write

from grader.classroom.intake.model import ClassListing, StudentSubmission
from grader.classroom.intake.tree import open_tree
from grader.classroom.layouts.recognise import class_folder, read_class

CLASSES = {
    "Brightspace download": (
        ["12346-67890 - Bo Li - Oct 1, 2026 901 AM/hw1.py", "12345-67890 - Ada Byron - Oct 2, 2026 534 PM/hw1.py"],
        ["12345", "12346"],
    ),
    "Sakai download": (
        [
            *("Byron, Ada(ada01)/Submission attachment(s)/hw1.py", "Byron, Ada(ada01)/timestamp.txt"),
            *("Li, Bo(bo02)/Submission attachment(s)/hw1.py", "grades.csv"),
        ],
        ["ada01", "bo02"],
    ),
    "ILIAS download": (["byron_ada_ada01_1234/20261002_hw1.py", "li_bo_bo02_1235/20261002_hw1.py"], ["ada01", "bo02"]),
    "Google Classroom's folder": (["Ada Byron - hw1.py", "Bo Li - hw1.ipynb"], ["Ada Byron", "Bo Li"]),
    "Canvas download of a quiz": (
        ["byron_ada1234_question_55_777_hw1.py", "li_bo1235_question_55_778_hw1.py"],
        ["1234", "1235"],
    ),
    "one folder per section, and in it one per student": (
        ["A/ada/hw1.py", "A/bo/hw1.py", "B/cy/hw1.py", "B/di/hw1.py"],
        ["ada", "bo", "cy", "di"],
    ),
    "one folder per student": (["ada/hw1.py", "bo/hw1.py"], ["ada", "bo"]),
}


def read(folder: Path) -> ClassListing:
    found = class_folder(folder, folder / "results")
    return read_class(open_tree(found), "hw1")


def made(folder: Path, names: list[str]) -> Path:
    return write(folder, {name: "2026100217340000" if name.endswith(".txt") else "x = 1\n" for name in names})


def of(listing: ClassListing, student: str) -> StudentSubmission:
    (found,) = (each for each in listing.handed if each.id == student)
    return found


@pytest.mark.parametrize("title", CLASSES)
@pytest.mark.parametrize("wrappers", ["", "hw1", "download/hw1", "a/b/c"])
def test_a_class_is_found_however_many_folders_lie_around_it(tmp_path: Path, title: str, wrappers: str) -> None:
    names, students = CLASSES[title]
    made(tmp_path / "class" / wrappers, names)
    listing = read(tmp_path / "class")
    assert (listing.layout, [each.id for each in listing.handed]) == (title, students)


def test_a_cloned_classroom_is_known_by_its_folder(tmp_path: Path) -> None:
    made(tmp_path / "hw1-submissions", ["hw1-adab/hw1.py", "hw1-boli/hw1.py"])
    assert [each.id for each in read(tmp_path).handed] == ["adab", "boli"]


def test_one_students_folders_are_not_taken_for_a_class(tmp_path: Path) -> None:
    made(tmp_path, ["ada/src/softmax.py", "ada/tests/check.py"])
    assert [each.id for each in read(tmp_path).handed] == ["ada"]


def test_students_with_folders_of_their_own_are_no_sections(tmp_path: Path) -> None:
    made(tmp_path, ["ada/src/softmax.py", "ada/old/plot.py", "bo/code/softmax.py", "bo/tests/x.py"])
    assert [each.id for each in read(tmp_path).handed] == ["ada", "bo"]


def test_of_two_attempts_in_brightspace_the_newer_counts(tmp_path: Path) -> None:
    names = ["7-1 - Bo Li - Oct 3, 2026 901 AM/hw1.py", "7-1 - Bo Li - Oct 1, 2026 1145 PM/hw1.py"]
    found = of(read(made(tmp_path, [*names, "8-1 - Ada - Oct 1, 2026 1201 AM/hw1.py"])), "7")
    assert ([part.place for part in found.parts], found.at) == ([names[0].partition("/")[0]], "2026-10-03 09:01:00")


def test_of_two_files_of_one_name_in_ilias_the_newer_counts(tmp_path: Path) -> None:
    made(
        tmp_path,
        ["li_bo_bo02_1235/20261001_hw1.py", "li_bo_bo02_1235/20261002_hw1.py", "li_bo_bo02_1235/20261001_b.py"],
    )
    made(tmp_path, ["by_ada_ada_1236/20261001_hw1.py"])
    found = of(read(tmp_path), "bo02")
    assert {part.place.rpartition("/")[2] for part in found.parts} == {"20261001_b.py", "20261002_hw1.py"}
    assert found.remarks


@pytest.mark.parametrize(
    ("older", "newer", "at"),
    [
        ("2 October, 2026 905 AM", "2 October, 2026 1205 PM", "2026-10-02 12:05:00"),
        ("1 October, 2026 2359", "2 October 2026 017", "2026-10-02 00:17:00"),
        ("Oct 2, 2026 1733", "Oct 2, 2026 17:34", "2026-10-02 17:34:00"),
    ],
)
def test_brightspace_writes_dates_as_its_site_does(tmp_path: Path, older: str, newer: str, at: str) -> None:
    names = [f"7-1 - Bo Li - {newer}/hw1.py", f"7-1 - Bo Li - {older}/hw1.py"]
    listing = read(made(tmp_path, [*names, f"8-1 - Ada - {older}/hw1.py"]))
    assert (listing.layout, [each.id for each in listing.handed]) == ("Brightspace download", ["7", "8"])
    found = of(listing, "7")
    assert ([part.place for part in found.parts], found.at) == ([names[0].partition("/")[0]], at)


#: A download in each of two sections, and its students.
SECTIONS = {
    "Moodle download": ("{} Byron_{}_assignsubmission_file_{}", [("/hw1.py", 123, 124), ("/hw1.py", 223, 224)], ""),
    "Canvas download": ("{}_{}_77{}", [("_hw1.py", 123, 124), ("_hw1.py", 223, 224)], ""),
    "Blackboard download": ("HW 1_u{1}_attempt_2026-10-02-17-34-00{2}", [("_a.py", 3, 4), ("_a.py", 5, 6)], "u"),
    "Brightspace download": ("{1}-67890 - {0} - Oct 2, 2026 534 PM{2}", [("/hw.py", 1, 2), ("/hw.py", 3, 4)], ""),
    "Sakai download": ("Byron, {}(u{}){}", [("/Submission attachment(s)/a.py", n, n + 1) for n in (1, 3)], "u"),
    "ILIAS download": ("byron_{0}_u{1}_99{1}{2}", [("/20261002_a.py", 1, 2), ("/20261003_a.py", 3, 4)], "u"),
}


@pytest.mark.parametrize("title", SECTIONS)
@pytest.mark.parametrize("around", ["", "term/"])
def test_a_download_in_each_section_is_one_class(tmp_path: Path, title: str, around: str) -> None:
    form, sections, letter = SECTIONS[title]
    names = [
        f"{around}Section {number}/{form.format(who, user, end)}"
        for number, (end, *users) in enumerate(sections)
        for who, user in zip(("ada", "bo"), users, strict=True)
    ]
    made(tmp_path / "class", names)
    listing = read(tmp_path / "class")
    expected = sorted(f"{letter}{user}" for _, *users in sections for user in users)
    assert (listing.layout, [each.id for each in listing.handed]) == (title, expected)
    assert all(part.place.startswith("Section ") for each in listing.handed for part in each.parts)


def test_a_section_may_lie_in_a_folder_of_its_own_or_hold_nothing(tmp_path: Path) -> None:
    names = ["A/all/x_1234_777_a.py", "A/all/y_1235_778_a.py", "B/z_1236_779_a.py", "B/v_1237_780_a.py", "C/notes.pdf"]
    made(tmp_path / "class", names)
    assert [each.id for each in read(tmp_path / "class").handed] == ["1234", "1235", "1236", "1237"]


def test_two_people_of_one_number_in_two_sections_stay_apart(tmp_path: Path) -> None:
    names = [
        *("A/Ada_1_assignsubmission_file/hw1.py", "A/Bo_2_assignsubmission_file/hw1.py"),
        *("B/Cy_1_assignsubmission_file/hw1.py", "B/Di_3_assignsubmission_file/hw1.py"),
    ]
    made(tmp_path / "class", names)
    assert len(read(tmp_path / "class").handed) == 4


def test_files_of_an_lms_that_were_sorted_into_a_folder_for_each_student_are_no_sections(tmp_path: Path) -> None:
    made(tmp_path / "class", ["ada/byronada_1234_777_hw1.py", "ada/byronada_1234_779_q.py", "bo/libo_1235_778_hw1.py"])
    assert [each.id for each in read(tmp_path / "class").handed] == ["ada", "bo"]


@pytest.mark.parametrize("name", ["Copy of hw1 - {}.ipynb", "hw1 - {}.ipynb", "Copy of hw1_{}.ipynb"])
def test_a_copy_for_each_student_isnt_one_students_work(tmp_path: Path, name: str) -> None:
    listing = read(made(tmp_path, [name.format(who) for who in ("Ada", "Bo", "Cy")]))
    assert [each.id for each in listing.handed] == ["Ada", "Bo", "Cy"]


def test_sakai_says_when_in_utc(tmp_path: Path) -> None:
    assert of(read(made(tmp_path, CLASSES["Sakai download"][0])), "ada01").at == "2026-10-02 17:34:00 UTC"


@pytest.mark.parametrize(
    ("regex", "newer"),
    [
        (r"(?P<student>[^/]+)/(?P<time>[^/]+)/(?P<file>.+)", "bo/2026-10-03 0901/hw1.py"),
        (r"(?P<student>[^/]+)/[^/]+/(?P<file>.+)", "bo/2026-10-03 0901/hw1.py"),
    ],
)
def test_of_two_attempts_that_a_pattern_finds_the_newer_counts_and_it_is_said(
    tmp_path: Path, regex: str, newer: str
) -> None:
    made(tmp_path, ["bo/2026-10-03 0901/hw1.py", "bo/2026-10-01 1000/hw1.py"])
    listing = read_class(open_tree(tmp_path), "hw1", regex=regex)
    (found,) = listing.handed
    assert [part.place for part in found.parts] == [newer]
    assert found.remarks
    assert [each.place for each in listing.left_out] == ["bo/2026-10-01 1000/hw1.py"]


@pytest.mark.parametrize(
    ("names", "students"),
    [
        (["hw1-ada/x.py", "hw1-bo/x.py", "hw1-cy/x.py"], ["ada", "bo", "cy"]),
        (["HW 1_ada.py", "HW 1_bo.py", "HW 1_li_bo.py"], ["ada", "bo", "li_bo"]),
        (["hw1-ada/x.py", "hw1-bo/x.py"], ["hw1-ada", "hw1-bo"]),
        (["li_ada.py", "li_bo.py", "li_cy.py"], ["li_ada", "li_bo", "li_cy"]),
        (["hw1_ada.py", "hw1_bo.py", "hw1_cy.py", "ada.py"], ["ada", "hw1_ada", "hw1_bo", "hw1_cy"]),
    ],
)
def test_the_name_of_the_assignment_before_all_names_is_nobodys(
    tmp_path: Path, names: list[str], students: list[str]
) -> None:
    assert [each.id for each in read(made(tmp_path, names)).handed] == students
