"""A class is found in whatever folders lie around it, and by what its files hold; one student's versions are none."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from classroom.classes import RIGHT, graded, table, tiny, write, zipped
from classroom.layouts.test_more_layouts import CLASSES as DOWNLOADS
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.classroom.intake.bundle import read_bundle
from grader.classroom.intake.model import ClassListing
from grader.classroom.intake.tree import open_tree
from grader.classroom.layouts.recognise import class_folder, read_class
from grader.submission.classes import count_people

WANTED = {"double": ("double",), "negate": ("negate",)}
NOTEBOOK = {"cells": [{"cell_type": "code", "source": RIGHT.splitlines(keepends=True)}], "nbformat": 4}
CLASSES: dict[str, tuple[list[str], list[str]]] = {
    **DOWNLOADS,
    "files": (["ada.py", "bo.ipynb", "cy.py"], ["ada", "bo", "cy"]),
    "two files": (["ada.py", "bo.py"], ["ada", "bo"]),
    "folders with files of other names": (["ada/hw1.py", "bo/solution.py", "cy/x/main.ipynb"], ["ada", "bo", "cy"]),
    "archives": (["ada.zip", "bo.tar.gz", "cy.zip"], ["ada", "bo", "cy"]),
    "a bit of each": (["ada.py", "bo/hw1.py", "cy.zip", "di.ipynb"], ["ada", "bo", "cy", "di"]),
    "sections of files": (["A/ada.py", "A/bo.py", "B/cy.py", "B/di.ipynb"], ["ada", "bo", "cy", "di"]),
    "sections of files of any name": (["A/ada.py", "A/bo.txt", "B/cy.py", "B/di"], ["ada", "bo", "cy", "di"]),
    "somebody with two files": (["ada/hw1.py", "bo/hw1.py", "bo/main.py", "cy/hw1.py"], ["ada", "bo", "cy"]),
    "other names, and two files": (["ada/a.py", "bo/b.py", "bo/main.py", "cy/c.py"], ["ada", "bo", "cy"]),
    "sections, one of them small": (["A/ada/hw1.py", "A/bo/hw2.py", "B/cy/hw1.py"], ["ada", "bo", "cy"]),
    "files of any name": (["ada.py", "bo.txt", "cy.ipynb.txt", "di"], ["ada", "bo", "cy", "di"]),
    "files beside folders": (["ada.py", "bo.txt", "cy/hw1.py"], ["ada", "bo", "cy"]),
    "everybody with versions": (
        [f"{who}/{version}/hw1.py" for who in ("ada", "bo") for version in ("old", "new")],
        ["ada", "bo"],
    ),
    "everybody with parts": ([f"{who}/part{n}/main.py" for who in ("ada", "bo") for n in (1, 2)], ["ada", "bo"]),
}
LEFTOVERS = [".DS_Store", "__MACOSX/._hw1.py", "desktop.ini", "._x", "Thumbs.db"]
FOLDERS = st.lists(st.sampled_from(["hw1", "HW 1 - Submissions", "Übung 1", "a b", "2026", "old"]), max_size=3)


def made(names: list[str], around: list[str], leftovers: list[str]) -> dict[str, str | bytes]:
    top = "".join(f"{name}/" for name in around)
    files: dict[str, str | bytes] = {}
    for number, name in enumerate(names):
        text = json.dumps({**NOTEBOOK, "n": number}) if ".ipynb" in name else f"{RIGHT}# {number}\n"
        files[top + name] = b"PK\5\6" if name.endswith((".zip", ".gz")) else text
    for depth, each in enumerate(leftovers):
        files["".join(f"{name}/" for name in around[:depth]) + each] = b"\0"
    return files


def listing(path: Path) -> ClassListing:
    folder = class_folder(path, path.parent / "out", wanted=WANTED)
    return read_class(open_tree(folder), "hw1", wanted=WANTED)


@pytest.mark.parametrize("name", CLASSES)
@settings(max_examples=8, deadline=None)
@given(around=FOLDERS, leftovers=st.lists(st.sampled_from(LEFTOVERS), max_size=4), is_zip=st.booleans())
def test_a_class_is_the_same_in_whatever_lies_around_it(
    tmp_path_factory: pytest.TempPathFactory, name: str, around: list[str], leftovers: list[str], is_zip: bool
) -> None:
    names, students = CLASSES[name]
    folder, files = tmp_path_factory.mktemp("wrapped"), made(names, around, leftovers)
    path = zipped(folder / "class.zip", files) if is_zip else write(folder / "class", files)
    found = listing(path)
    plain = listing(write(folder / "plain", made(names, [], [])))
    assert [each.id for each in found.handed] == students
    assert found.handed == plain.handed


@pytest.mark.parametrize(
    "names",
    [
        ["hw1.py", "hw1_old.py", "hw1 (2).ipynb", "hw1_final_v3.py"],
        ["old/hw1.py", "new/hw1.py", "backup 2/hw1.py"],
        ["v1/hw1.py", "v2/hw1.py", "v3/hw1.py"],
        ["2026-10-01 1200/hw1.py", "2026-10-02 1200/hw1.py", "2026-10-03 0900/hw1.py"],
        ["hw1/hw1.py", "hw1 copy/hw1.py", "hw1_submission/hw1.py"],
        ["q1/main.py", "q2/main.py", "q3/main.py"],
    ],
)
def test_versions_and_parts_of_one_students_work_are_no_class(tmp_path: Path, names: list[str]) -> None:
    assert count_people({name.partition("/")[0] for name in names}) == 1
    files = made([f"ada/{name}" for name in names], [], [])
    assert [each.id for each in listing(write(tmp_path / "class", files)).handed] == ["ada"]


@pytest.mark.parametrize(
    "names",
    [
        ["ada", "bo", "cy"],
        ["1234", "1235", "1236"],
        ["student_1", "student_2", "student_3"],
        ["submission_41", "submission_42", "submission_43"],
        ["hw1_ada.py", "hw1_bo.py", "hw1_cy.py"],
        ["newton", "oldham", "vera"],
        ["byronada_1234_505_hw1.py", "libo_1235_506_hw1.py", "kim_1236_507_hw1.py"],
    ],
)
def test_names_of_people_are_no_versions_of_one_another(names: list[str]) -> None:
    assert count_people(names) == 3


#: A class in two zips: the entries of each, and the students.
CUT = {
    "Moodle, in two downloads": (
        ["Ada Byron_1_assignsubmission_file/hw1.py", "Bo Li_2_assignsubmission_file/hw1.py"],
        ["Cy Kim_3_assignsubmission_file/hw1.py", "Di Ross_4_assignsubmission_file/hw1.py"],
        ["1", "2", "3", "4"],
    ),
    "Canvas": (["byron_1_11_hw1.py", "li_2_12_hw1.py"], ["kim_3_13_hw1.py", "kim_3_14_hw2.py"], ["1", "2", "3"]),
    "sections of folders": (["ada/hw1.py", "bo/hw1.py"], ["cy/hw1.py", "di/hw1.py"], ["ada", "bo", "cy", "di"]),
    "sections of files": (["ada.py", "bo.ipynb"], ["cy.py", "di.py", "ed.txt"], ["ada", "bo", "cy", "di", "ed"]),
    "two of one name in two sections": (
        ["ada/hw1.py", "bo/hw1.py", "cy/hw1.py"],
        ["bo/hw1.py", "di/hw1.py", "ed/hw1.py"],
        ["A/bo", "B/bo", "ada", "cy", "di", "ed"],
    ),
}


@pytest.mark.parametrize("name", CUT)
@settings(max_examples=5, deadline=None)
@given(around=FOLDERS, leftovers=st.lists(st.sampled_from(LEFTOVERS), max_size=2))
def test_a_class_in_several_zips_is_one_class(
    tmp_path_factory: pytest.TempPathFactory, name: str, around: list[str], leftovers: list[str]
) -> None:
    *zips, students = CUT[name]
    folder = tmp_path_factory.mktemp("cut") / "class"
    folder.mkdir()
    for label, names in zip("AB", zips, strict=True):
        zipped(folder / f"{label}.zip", made(names, around[:1], leftovers))
    found = listing(folder)
    assert [each.id for each in found.handed] == students
    for each in found.handed:
        files = read_bundle(open_tree(class_folder(folder, folder / "out", wanted=WANTED)), each).files
        assert files
        assert all(b"def " in data for _, data in files)


#: A class in sections: the entries of each, and the students.
MIXED = {
    "folders": (["ada/hw1.py", "bo/hw1.py"], ["cy/hw1.py", "di/hw1.py"], ["ada", "bo", "cy", "di"]),
    "files": (["ada.py", "bo.ipynb"], ["cy.py", "di.py", "ed.txt"], ["ada", "bo", "cy", "di", "ed"]),
    "three": (
        ["ada.py", "bo.py"],
        ["cy.py", "di.py"],
        ["ed/hw1.py", "fi/x/hw1.py"],
        ["ada", "bo", "cy", "di", "ed", "fi"],
    ),
    "one student in one": (["ada/hw1.py"], ["bo/hw1.py", "cy/hw1.py"], ["ada", "bo", "cy"]),
    "one id in two": (
        ["ada/hw1.py", "bo/hw1.py", "cy/hw1.py"],
        ["bo/hw1.py", "di/hw1.py", "ed/hw1.py"],
        ["A/bo", "B/bo", "ada", "cy", "di", "ed"],
    ),
    "Moodle": (
        ["Ada Byron_1_assignsubmission_file/hw1.py", "Bo Li_2_assignsubmission_file/hw1.py"],
        ["Cy Kim_3_assignsubmission_file/hw1.py", "Di Ross_4_assignsubmission_file/hw1.py"],
        ["1", "2", "3", "4"],
    ),
    "Canvas": (["byron_1_11_hw1.py", "li_2_12_hw1.py"], ["kim_3_13_hw1.py", "ed_4_14_hw2.py"], ["1", "2", "3", "4"]),
}


@pytest.mark.parametrize("name", MIXED)
@settings(max_examples=6, deadline=None)
@given(
    around=FOLDERS.filter(lambda names: len(names) < 2),
    leftovers=st.lists(st.sampled_from(LEFTOVERS), max_size=2),
    folders=st.sets(st.sampled_from("ABC"), max_size=3),
    beside=st.sampled_from(["", "readme.txt", "roster.csv"]),
)
def test_a_class_whose_sections_are_folders_or_zips_is_one_class(
    tmp_path_factory: pytest.TempPathFactory,
    name: str,
    around: list[str],
    leftovers: list[str],
    folders: set[str],
    beside: str,
) -> None:
    *sections, students = MIXED[name]
    given = tmp_path_factory.mktemp("mixed") / "class"
    folder = write(given.joinpath(*around), {beside or ".DS_Store": "x"})
    for label, names in zip("ABC", sections, strict=False):
        texts = made(names, [], leftovers)
        write(folder / label, texts) if label in folders else zipped(folder / f"{label}.zip", texts)
    found = listing(given)
    assert sorted(each.id for each in found.handed) == students
    for each in found.handed:
        files = read_bundle(open_tree(class_folder(given, given / "out", wanted=WANTED)), each).files
        assert files
        assert all(b"def " in data for _, data in files)


@pytest.mark.parametrize("of_ada", [["old/hw1.py", "new/hw1.py"], ["hw1.py", "hw1_old.py"], ["q1/a.py", "q2/b.py"]])
def test_a_folder_of_one_student_beside_a_zip_of_another_is_no_section(tmp_path: Path, of_ada: list[str]) -> None:
    folder = write(tmp_path / "class", made([f"ada/{each}" for each in of_ada], [], []))
    for who in ("bo", "cy"):
        zipped(folder / f"{who}.zip", made(of_ada, [], []))
    assert [each.id for each in listing(folder).handed] == ["ada", "bo", "cy"]


@pytest.mark.parametrize("name", ["hw1-20261002T173400Z-{}.zip", "hw1-20261002T173400Z-1-{}.zip", "hw1 part {}.zip"])
def test_what_a_drive_has_cut_is_joined_again(tmp_path: Path, name: str) -> None:
    (tmp_path / "class").mkdir()
    first, second = (made(names, ["hw1"], []) for names in (["ada/hw1.py", "bo/hw1.py"], ["bo/main.py", "cy/hw1.py"]))
    for number, files in (("001", first), ("002", second)):
        zipped(tmp_path / "class" / name.format(number), files)
    found = listing(tmp_path / "class")
    assert [each.id for each in found.handed] == ["ada", "bo", "cy"]
    tree = open_tree(class_folder(tmp_path / "class", tmp_path / "out", wanted=WANTED))
    assert [path for path, _ in read_bundle(tree, found.handed[1]).files] == ["hw1.py", "main.py"]


def test_zips_of_students_are_no_class_in_several_zips(tmp_path: Path) -> None:
    for who in ("ada", "bo", "cy"):
        (tmp_path / "class").mkdir(exist_ok=True)
        zipped(tmp_path / "class" / f"{who}.zip", made([f"{who}/hw1.py", f"{who}/old.py"], [], []))
    assert [each.id for each in listing(tmp_path / "class").handed] == ["ada", "bo", "cy"]


def test_the_work_of_several_people_in_one_hand_in_awaits_a_person(tmp_path: Path) -> None:
    others = made([f"{who}/hw1.py" for who in ("di", "ed", "fi")], ["B"], [])
    write(tmp_path / "class", {"ada/hw1.py": RIGHT, "bo/hw1.py": RIGHT})
    zipped(tmp_path / "class" / "B.zip", others)
    summary = graded(tmp_path / "class", tmp_path / "out", tiny(tmp_path / "assignment"))
    (odd,) = summary.unreadable
    assert odd.student.id == "B"
    assert "it looks like the work of several people: di, ed, fi" in odd.remarks[-1]
    assert [row["score"] for row in table(tmp_path / "out").values()] == ["", "10", "10"]


def test_of_two_entries_of_one_name_in_a_zip_the_last_counts_and_it_is_said(tmp_path: Path) -> None:
    path = tmp_path / "class.zip"
    with pytest.warns(UserWarning, match="Duplicate name"):
        zipped_twice(path)
    tree = open_tree(path)
    assert tree.read("ada/hw1.py", 10) == b"new"
    found = read_class(tree, "hw1")
    assert [(each.place, each.reason) for each in found.left_out] == [
        ("ada/hw1.py", "stands twice in the zip: the last one counts")
    ]


def zipped_twice(path: Path) -> None:
    import zipfile

    with zipfile.ZipFile(path, "w") as archive:
        for name, text in (("ada/hw1.py", "old"), ("bo/hw1.py", "x"), ("ada/hw1.py", "new")):
            archive.writestr(name, text)
