"""What is handed in is read as bytes, alike from a folder and a zip; what we can't read is no fault of the student."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from classroom.classes import write, zipped

from grader.classroom.intake.bundle import Bundle, read_bundle
from grader.classroom.intake.model import Student, StudentSubmission, SubmittedFile
from grader.classroom.intake.tree import open_tree
from grader.classroom.intake.trees.folder import Folder
from grader.classroom.layouts.recognise import read_class
from grader.errors import HarnessError
from grader.submission.collecting import SubmissionFiles

FILES: dict[str, str | bytes] = {
    "ada/hw1.py": "x = 1",
    "ada/more/q2.py": "y = 2",
    "ada/notes.txt": "",
    "ada/__pycache__/q.py": "",
    "bo/hw1.py": "x = 1",
    "cy/hw.zip": b"PK\x05\x06" + b"\0" * 18,
    "di/essay.docx": "",
}


def bundles(path: Path) -> dict[str, Bundle]:
    tree = open_tree(path)
    return {each.id: read_bundle(tree, each) for each in read_class(tree, "assignment1").handed}


def test_a_zip_and_a_folder_hold_the_same_bundles(tmp_path: Path) -> None:
    assert bundles(zipped(tmp_path / "class.zip", FILES)) == bundles(write(tmp_path / "class", FILES))


def test_sources_keep_their_names_and_all_else_stays_behind(tmp_path: Path) -> None:
    found = bundles(write(tmp_path / "class", FILES))
    assert found["ada"].files == (("hw1.py", b"x = 1"), ("more/q2.py", b"y = 2"))


def test_a_submission_without_code_is_something_and_says_what(tmp_path: Path) -> None:
    found = bundles(write(tmp_path / "class", FILES))["di"]
    assert not found.is_empty
    assert "essay.docx" in str(found)


@pytest.mark.parametrize(
    "left",
    [
        *({}, {"ada/.DS_Store": b"x"}, {"ada/desktop.ini": "x"}, {"ada/.git/HEAD": "x"}),
        {"ada/__MACOSX/._hw1.py": b"x", "ada/._hw1.py": b"x"},
    ],
)
def test_a_folder_with_no_more_in_it_than_systems_leave_behind_holds_nothing(
    tmp_path: Path, left: dict[str, str | bytes]
) -> None:
    folder = write(tmp_path / "class", {"bo/hw1.py": "x = 1", **left})
    (folder / "ada").mkdir(exist_ok=True)
    assert bundles(folder)["ada"].is_empty
    assert bundles(zipped(tmp_path / "class.zip", {"ada/": "", "bo/hw1.py": "x = 1", **left}))["ada"].is_empty


@pytest.mark.parametrize("name", ["hw1.py", "report.pdf", ".ipynb_checkpoints/hw1-checkpoint.ipynb", ".hw1.py"])
def test_any_other_file_is_something_though_it_be_empty(tmp_path: Path, name: str) -> None:
    assert not bundles(write(tmp_path / "class", {f"ada/{name}": "", "bo/hw1.py": ""}))["ada"].is_empty


def test_the_same_files_have_the_same_content_whoever_hands_them_in(tmp_path: Path) -> None:
    found = bundles(write(tmp_path / "class", {"1_2_hw.py": "x = 1", "3_4_hw.py": "x = 1", "5_6_hw.py": "x = 2"}))
    assert found["1"].content == found["3"].content != found["5"].content


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"ada/a.py": "bc"}, {"ada/ab.py": "c"}),
        ({"ada/a.py": "", "ada/b.py": "x"}, {"ada/a.py": "x", "ada/b.py": ""}),
        ({"ada/a.py": "x"}, {"ada/A.py": "x"}),
    ],
)
def test_other_names_or_other_bytes_are_other_contents(
    tmp_path: Path, one: dict[str, str], other: dict[str, str]
) -> None:
    first, second = write(tmp_path / "1", one), write(tmp_path / "2", other)
    assert bundles(first)["ada"].content != bundles(second)["ada"].content


def test_several_parts_keep_apart(tmp_path: Path) -> None:
    tree = open_tree(write(tmp_path / "class", {"ada.py": "x = 1", "ada/ada.py": "x = 2", "ada.zip": b""}))
    (handed,) = read_class(tree, "assignment1").handed
    found = read_bundle(tree, handed)
    assert found.files == (("ada/ada.py", b"x = 2"), ("ada.py", b"x = 1"), ("ada.zip", b""))


@pytest.mark.parametrize("place", ["gone.py", "gone"])
def test_what_has_gone_is_not_graded(tmp_path: Path, place: str) -> None:
    folder, archive = write(tmp_path / "class", FILES), zipped(tmp_path / "class.zip", FILES)
    handed = StudentSubmission((Student("x"),), (SubmittedFile(place, "gone.py"),))
    for path in (folder, archive):
        with pytest.raises(HarnessError, match="gone"):
            read_bundle(open_tree(path), handed)


def test_what_a_list_names_and_the_folder_lacks_is_not_graded(tmp_path: Path) -> None:
    with pytest.raises(HarnessError, match="doesn't hold it"):
        read_bundle(open_tree(write(tmp_path, FILES)), StudentSubmission((Student("x"),), (), is_only_listed=True))


def test_a_damaged_member_of_a_zip_is_not_graded_and_hurts_nobody_else(tmp_path: Path) -> None:
    path = zipped(tmp_path / "class.zip", {"ada/hw1.py": "x = 1234567", "bo/hw1.py": "x = 1"})
    path.write_bytes(path.read_bytes().replace(b"1234567", b"1234568"))
    tree = open_tree(path)
    ada, bo = read_class(tree, "assignment1").handed
    assert read_bundle(tree, bo).files == (("hw1.py", b"x = 1"),)
    with pytest.raises(HarnessError, match=r"hw1\.py"):
        read_bundle(tree, ada)


class Refusing(Folder):
    """A class folder with a file that the system doesn't give to us. As root there is no real one."""

    def collect(self, place: str, name: str, into: SubmissionFiles) -> None:
        super().collect(place, name, into)
        into.unreadable("more/q3.py", "it can't be read", PermissionError(13, "Permission denied"))


@pytest.mark.parametrize("others", [(), (SubmittedFile("bo", "bo"),)])
def test_a_submission_that_the_system_gives_in_part_is_not_graded(
    tmp_path: Path, others: tuple[SubmittedFile, ...]
) -> None:
    tree = Refusing(write(tmp_path, FILES))
    with pytest.raises(HarnessError, match="Permission denied"):
        read_bundle(tree, StudentSubmission((Student("x"),), (SubmittedFile("ada", "ada"), *others)))


def test_links_and_pipes_in_a_submission_are_its_own_doing(tmp_path: Path) -> None:
    folder = write(tmp_path / "class", {"ada/hw1.py": "x = 1"})
    (folder / "ada" / "link.py").symlink_to("/etc/passwd")
    os.mkfifo(folder / "ada" / "pipe.py")
    assert len(bundles(folder)["ada"].problems) == 2


def test_what_the_system_refuses_is_told_apart_from_what_a_student_did() -> None:
    found = SubmissionFiles()
    found.unreadable("hw1.py", "it can't be read", OSError("not a regular file"))
    assert not found.failed
    found.unreadable("hw1.py", "it can't be read", PermissionError(13, "Permission denied"))
    assert found.failed == ["hw1.py: Permission denied"]


def test_of_two_parts_of_nearly_one_name_the_last_counts_and_it_is_said(tmp_path: Path) -> None:
    tree = open_tree(write(tmp_path / "class", {"x/ada.py": "x = 1", "y/ada.py": "x = 2"}))
    nearly = (SubmittedFile("x/ada.py", "caf\u00e9.py"), SubmittedFile("y/ada.py", "cafe\u0301.py"))
    found = read_bundle(tree, StudentSubmission((Student("x"),), nearly))
    assert found.files == (("cafe\u0301.py", b"x = 2"),)
    [(_, said)] = found.problems
    assert said == "'caf\u00e9.py' comes before it, which many systems take for the same file: the last one counts"
