"""A class folder is read as its LMS wrote it: who, which files, late or not; and nothing is lost unsaid."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from classroom.classes import write, zipped

from grader.classroom.intake.model import ClassListing, StudentSubmission
from grader.classroom.intake.tree import open_tree
from grader.classroom.layouts.recognise import class_folder, read_class
from grader.errors import UsageError

CANVAS = {
    "byronada_LATE_1234_56789_hw1 (final)_2.ipynb": "",
    "libo_1235_56790_hw1.py": "",
    "libo_1235_56795_hw1-1.py": "",
    "libo_1235_56791_helper.py": "",
    "oneill_1236_text.html": "",
    "vanderberg_x_1237_link.html": "",
    "anon_aB3x9_56800_hw1.py": "",
    "LATE_anon_zZ1_56801_hw1.py": "",
    "élodiemüller_1238_56802_part-1.py": "",
    "élodiemüller_1238_56803_part-2.py": "",
    ".DS_Store": "",
}
MOODLE = {
    "Ada Byron_12345_assignsubmission_file/hw1.py": "",
    "Ada Byron_12345_assignsubmission_onlinetext/onlinetext.html": "",
    "Bo Li_12346_assignsubmission_file_/src/hw1.py": "",
    "Cy Twombly_12347_assignsubmission_file_my_hw1.py": "",
    "Group A_assignsubmission_file/hw1.py": "",
    "Participant_777_assignsubmission_file/hw1.ipynb": "",
    "Ada Byron_12345_assignfeedback_file/old.pdf": "",
}
BLACKBOARD = {
    "Problem Set 1_ada_attempt_2026-10-02-17-34-00_hw1.py": "new",
    "Problem Set 1_ada_attempt_2026-10-01-09-00-00_hw1.py": "old",
    "Problem Set 1_ada_attempt_2026-10-02-17-34-00.txt": "",
    "Problem Set 1_boli_attempt_2026-10-02-18-00-00_hw_1.ipynb": "",
}
NBGRADER = {
    "submitted/ada/ps1/problem1.ipynb": "",
    "submitted/ada/ps1/timestamp.txt": "2026-10-02 17:34:00.86 UTC",
    "submitted/bo li/ps1/problem1.ipynb": "",
    "source/ps1/problem1.ipynb": "",
    "gradebook.db": "",
}
GRADESCOPE = {
    "submission_metadata.yml": """
submission_410000001:
  :submitters:
  - :name: Ada Byron
    :sid: 0042
    :email: ada@example.edu
  :created_at: 2026-10-02 17:34:00.861687000 Z
  :results: {score: 8.5, tests: [{output: "a: b\\n- c"}]}
submission_410000002:
  :submitters:
  - :name: Bo Li
    :email: bo@example.edu
  - :name: Cy Twombly
    :sid: no
  :created_at: !ruby/object:Time 2026-10-02 18:00:00 Z
submission_410000003:
  :submitters: []
submission_410000004:
  :submitters:
  - :name: Ada Byron
    :sid: 0042
  :created_at: 2026-10-03 08:00:00 Z
submission_410000005:
  :submitters:
  - :name: Di Prima
    :sid: '77'
""",
    "submission_410000001/hw1.py": "old",
    "submission_410000002/hw1.py": "",
    "submission_410000003/hw1.py": "",
    "submission_410000004/src/hw1.py": "new",
    "submission_410000006/hw1.py": "",
    "410000099.pdf": "",
}
FOLDERS = {"ada/hw1.py": "", "Bo Li/src/hw1.py": "", "0042/notes.txt": "", "__MACOSX/._ada": "", "readme.txt": ""}
FILES = {"ada.py": "", "ada.ipynb": "", "Ada.py": "", "0042.zip": "", "b.tar.gz": "", "readme.txt": "", "Thumbs.db": ""}

CLASSES = {
    "canvas": CANVAS,
    "moodle": MOODLE,
    "blackboard": BLACKBOARD,
    "nbgrader": NBGRADER,
    "gradescope": GRADESCOPE,
    "folders": FOLDERS,
    "files": FILES,
}


def listing(folder: Path, **options: Any) -> ClassListing:
    return read_class(open_tree(folder), "assignment1", **options)


def read(tmp_path: Path, files: Mapping[str, str | bytes], **options: str) -> dict[str, StudentSubmission]:
    return {each.id: each for each in listing(write(tmp_path / "class", files), **options).handed}


def names(handed: Mapping[str, StudentSubmission]) -> dict[str, list[str]]:
    return {student: [part.name for part in each.parts] for student, each in handed.items()}


@pytest.mark.parametrize("name", CLASSES)
def test_a_layout_is_recognised_and_the_same_as_when_it_is_named(tmp_path: Path, name: str) -> None:
    folder = write(tmp_path / "class", CLASSES[name])
    assert listing(folder) == listing(folder, layout=name)


@pytest.mark.parametrize("wrapped", ["", "assignment_8046601_export/"])
@pytest.mark.parametrize("name", CLASSES)
def test_a_zip_reads_like_the_folder_in_it(tmp_path: Path, name: str, wrapped: str) -> None:
    folder = write(tmp_path / "class", CLASSES[name])
    files = {wrapped + place: content for place, content in CLASSES[name].items()}
    assert listing(zipped(tmp_path / "class.zip", files)) == listing(folder)


# -- Canvas --------------------------------------------------------------------------------------------------------


def test_canvas_files_go_to_their_user_id_under_the_names_their_authors_gave(tmp_path: Path) -> None:
    assert names(read(tmp_path, CANVAS)) == {
        "1234": ["hw1 (final)_2.ipynb"],
        "1235": ["hw1.py", "helper.py"],
        "1236": ["text.html"],
        "1237": ["link.html"],
        "1238": ["part-1.py", "part-2.py"],
        "anon_aB3x9": ["hw1.py"],
        "anon_zZ1": ["hw1.py"],
    }


def test_canvas_marks_the_late_and_only_them(tmp_path: Path) -> None:
    late = {student for student, each in read(tmp_path, CANVAS).items() if each.late}
    assert late == {"1234", "anon_zZ1"}


def test_of_a_canvas_resubmission_the_newest_file_counts_and_it_is_said(tmp_path: Path) -> None:
    handed = read(tmp_path, CANVAS)["1235"]
    assert handed.parts[0].place == "libo_1235_56795_hw1-1.py"
    assert handed.remarks == ("the newest of 2 versions of hw1.py counts",)


def test_a_lone_resubmission_suffix_is_taken_off(tmp_path: Path) -> None:
    files = {"libo_1235_56795_hw1-3.py": "", "ada_1_2_hw.py": ""}
    assert names(read(tmp_path, files))["1235"] == ["hw1.py"]


def test_a_text_typed_into_canvas_is_what_was_handed_in_and_says_so(tmp_path: Path) -> None:
    assert read(tmp_path, CANVAS)["1236"].remarks == ("only a text typed into Canvas",)


# -- Moodle --------------------------------------------------------------------------------------------------------


def test_moodle_goes_by_participant_ids_and_by_a_groups_name_where_there_is_none(tmp_path: Path) -> None:
    handed = read(tmp_path, MOODLE)
    assert {student: each.students[0].name for student, each in handed.items()} == {
        "12345": "Ada Byron",
        "12346": "Bo Li",
        "12347": "Cy Twombly",
        "777": "Participant",
        "Group A": "Group A",
    }
    assert handed["12347"].parts[0].name == "my_hw1.py"


def test_a_page_of_text_beside_the_files_is_remarked_and_no_file(tmp_path: Path) -> None:
    handed = read(tmp_path, MOODLE)["12345"]
    assert [part.place for part in handed.parts] == ["Ada Byron_12345_assignsubmission_file"]
    assert handed.remarks == ("also a text typed into Moodle",)


# -- Gradescope ----------------------------------------------------------------------------------------------------


def test_gradescope_ids_stay_text_and_tags_are_passed_over(tmp_path: Path) -> None:
    handed = read(tmp_path, GRADESCOPE)
    assert {student.id for each in handed.values() for student in each.students} == {
        "0042",
        "bo@example.edu",
        "no",
        "77",
        "submission_410000003",
        "submission_410000006",
    }


def test_a_group_is_one_submission_of_several_students(tmp_path: Path) -> None:
    handed = read(tmp_path, GRADESCOPE)["bo@example.edu"]
    assert [student.name for student in handed.students] == ["Bo Li", "Cy Twombly"]


def test_the_newest_gradescope_submission_counts(tmp_path: Path) -> None:
    assert read(tmp_path, GRADESCOPE)["0042"].parts[0].place == "submission_410000004"


def test_a_gradescope_folder_that_nobody_owns_is_kept_and_said(tmp_path: Path) -> None:
    handed = read(tmp_path, GRADESCOPE)
    assert handed["submission_410000003"].remarks == ("Gradescope names no submitter",)
    assert handed["submission_410000006"].remarks == ("not in Gradescope's list: who is it?",)


@pytest.mark.parametrize("text", ["[", "- a\n- b", "{" * 5000, "[" * 200 + "]" * 200, "", "a: \x00", "\xff\xfe\xfd"])
def test_a_broken_list_of_submitters_is_one_message(tmp_path: Path, text: str) -> None:
    data = text.encode("latin-1")
    with pytest.raises(UsageError, match=r"submission_metadata\.yml"):
        read(tmp_path, {"submission_metadata.yml": data, "submission_1/hw1.py": ""})


def test_aliases_in_the_list_of_submitters_stand_for_nothing(tmp_path: Path) -> None:
    text = "submission_1:\n  :x: &x [a, a]\n  :submitters:\n  - :name: *x\n    :sid: '5'\n"
    assert set(read(tmp_path, {"submission_metadata.yml": text, "submission_1/hw1.py": ""})) == {"5"}


def test_a_path_in_the_list_of_submitters_leads_nowhere(tmp_path: Path) -> None:
    files = {"submission_metadata.yml": "../secret:\n  :submitters:\n  - :sid: '1'\n", "../secret/hw.py": ""}
    assert read(tmp_path, files)["1"].parts == ()


# -- nbgrader, Blackboard ------------------------------------------------------------------------------------------


def test_nbgrader_takes_the_assignment_of_the_rubrics_name_else_the_only_one(tmp_path: Path) -> None:
    assert set(read(tmp_path, NBGRADER)) == {"ada", "bo li"}
    both = {**NBGRADER, "submitted/ada/assignment1/hw1.py": ""}
    assert read(tmp_path, both)["ada"].parts[0].place == "submitted/ada/assignment1"


def test_several_nbgrader_assignments_of_other_names_are_a_question_to_the_instructor(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"\(ps1, ps2\).*--pattern"):
        read(tmp_path, {**NBGRADER, "submitted/ada/ps2/p.ipynb": ""})


def test_the_submitted_folder_itself_can_be_given(tmp_path: Path) -> None:
    folder = write(tmp_path, NBGRADER) / "submitted"
    assert {each.id for each in listing(folder).handed} == {"ada", "bo li"}


def test_the_newest_blackboard_attempt_counts(tmp_path: Path) -> None:
    handed = read(tmp_path, BLACKBOARD)
    assert [part.place for part in handed["ada"].parts] == ["Problem Set 1_ada_attempt_2026-10-02-17-34-00_hw1.py"]
    assert handed["ada"].remarks == ("the newest of several attempts counts",)
    assert names(handed)["boli"] == ["hw_1.ipynb"]


NO_TEXT = "Submission Field:\nThere is no student submission text data for this assignment.\n\nComments:\nnone\n"


@pytest.mark.parametrize(
    ("page", "parts"),
    [
        ("Name: Ada (ada)\nThere are no attachments for this assignment.\n", []),
        (f"Name: Ada (ada)\n\n{NO_TEXT}", []),
        ("Name: Ada (ada)\n\nSubmission Field:\n\nComments:\nSee my mail.\n", []),
        ("", []),
        ("Name: Ada (ada)\n\nSubmission Field:\n<p>x = 1</p>\n\nComments:\nnone\n", ["text.txt"]),
        ("Name: Ada (ada)\n\nTexto enviado:\nx = 1\n", ["text.txt"]),
    ],
)
def test_what_was_typed_into_blackboard_is_told_from_nothing_by_its_own_page(
    tmp_path: Path, page: str, parts: list[str]
) -> None:
    files = {f"HW 1_{user}_attempt_2026-10-02-17-34-00_hw1.py": "" for user in ("bo", "cy")}
    found = names(read(tmp_path, {**files, "HW 1_ada_attempt_2026-10-02-17-34-00.txt": page}))
    assert found == {"ada": parts, "bo": ["hw1.py"], "cy": ["hw1.py"]}


@pytest.mark.parametrize(("files", "parts"), [([], ["text.html"]), (["hw1.py"], [""])])
def test_a_text_typed_into_sakai_counts_where_no_file_was_handed_in(
    tmp_path: Path, files: list[str], parts: list[str]
) -> None:
    attached = {f"Byron, Ada(ada01)/Submission attachment(s)/{name}": "" for name in files}
    page = {"Byron, Ada(ada01)/Byron, Ada(ada01)_submissionText.html": "<p>x = 1</p>"}
    assert (
        names(read(tmp_path, {**attached, **page, "Li, Bo(bo02)/Submission attachment(s)/hw1.py": ""}))["ada01"]
        == parts
    )


# -- sorted by hand ------------------------------------------------------------------------------------------------


def test_folders_and_files_go_by_their_names_and_files_of_one_stem_together(tmp_path: Path) -> None:
    assert names(read(tmp_path, FILES)) == {
        "0042": ["0042.zip"],
        "Ada": ["Ada.py"],
        "ada": ["ada.ipynb", "ada.py"],
        "b": ["b.tar.gz"],
    }


def test_a_folder_without_code_is_a_submission_too(tmp_path: Path) -> None:
    assert set(read(tmp_path, FOLDERS)) == {"ada", "Bo Li", "0042"}


def test_what_is_left_out_is_told_with_its_reason(tmp_path: Path) -> None:
    folder = write(tmp_path / "class", FOLDERS)
    (folder / "linked").symlink_to(folder / "ada")
    assert {each.place: each.reason for each in listing(folder).left_out} == {
        "__MACOSX": "litter",
        "linked": "a link or a device; it is not followed",
        "readme.txt": "no Python, notebook or archive",
    }


def test_a_thousand_entries_of_junk_among_five_thousand_hide_nobody(tmp_path: Path) -> None:
    junk = {f"{kind}{number}": "" for number in range(250) for kind in (".~lock.", "~$notes", "._s", ".tmp")}
    people = {f"name_{number}_{number + 9000}_hw1.py": "" for number in range(4000)}
    found = listing(write(tmp_path / "class", junk | people))
    assert found.layout == "Canvas download"
    assert {each.id for each in found.handed} == {str(number) for number in range(4000)}
    assert {each.reason for each in found.left_out} == {"litter"}


# -- patterns ------------------------------------------------------------------------------------------------------


def test_a_pattern_overrides_every_layout(tmp_path: Path) -> None:
    files = {
        "17-204 - Ada Byron - Oct 2, 2026 534 PM/hw1.py": "",
        "18-204 - Bo Li - Oct 2, 2026 535 PM/src/hw1.py": "",
    }
    regex = r"[0-9-]+ - (?P<student>[^-/]+) - [^/]+/(?P<file>.+)"
    assert names(read(tmp_path, files, regex=regex)) == {"Ada Byron": ["hw1.py"], "Bo Li": ["src/hw1.py"]}


@pytest.mark.parametrize(("regex", "message"), [("(", "regular expression"), ("(?P<who>.+)", "named student")])
def test_a_broken_pattern_is_one_message(tmp_path: Path, regex: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        read(tmp_path, FILES, regex=regex)


# -- downloads within a folder -------------------------------------------------------------------------------------

DOWNLOADS = ("canvas", "moodle", "gradescope", "nbgrader", "blackboard")


@pytest.mark.parametrize("name", DOWNLOADS)
def test_a_download_that_lies_alone_in_a_folder_is_the_class(tmp_path: Path, name: str) -> None:
    """Archivers unpack `submissions.zip` into `submissions/<what was in it>`: that is no class of one student."""
    files = CLASSES[name]
    folder = write(tmp_path / "class" / "download", files).parent
    write(folder, {".DS_Store": "", "results/private/grades.db": ""})
    assert class_folder(folder, folder / "results") == folder / "download"
    assert class_folder(folder, folder / "results", layout=name) == folder / "download"


@pytest.mark.parametrize("name", DOWNLOADS)
def test_a_zip_that_lies_alone_in_a_folder_is_the_class(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "class"
    folder.mkdir()
    path = zipped(folder / "submissions.zip", CLASSES[name])
    assert class_folder(folder, tmp_path / "out") == path


@pytest.mark.parametrize("options", [{"layout": "folders"}, {"regex": "(?P<student>.+)"}])
def test_whoever_says_how_a_folder_is_laid_out_is_believed(tmp_path: Path, options: dict[str, Any]) -> None:
    folder = write(tmp_path / "class" / "download", CANVAS).parent
    assert class_folder(folder, tmp_path / "out", **options) == folder


@pytest.mark.parametrize("files", [{"ada/hw1.py": ""}, {"ada/src/hw1.py": "", "ada/lib/a.py": ""}, {"ada.py": ""}])
def test_a_class_of_one_student_stays_one(tmp_path: Path, files: dict[str, str]) -> None:
    folder = write(tmp_path / "class", files)
    assert class_folder(folder, tmp_path / "out") == folder


# -- nothing there, and what doesn't belong ------------------------------------------------------------------------


def test_a_folder_without_submissions_names_the_layouts(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="canvas"):
        listing(write(tmp_path / "class", {"readme.txt": ""}))


def test_a_folder_that_isnt_there_is_one_message(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such class folder"):
        listing(tmp_path / "nowhere")


def test_a_file_that_is_no_zip_is_one_message(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"or a \.zip"):
        listing(write(tmp_path, {"class.tar": "x"}) / "class.tar")


def test_the_results_of_a_run_are_no_submission(tmp_path: Path) -> None:
    folder = write(tmp_path / "class", {**FOLDERS, "results/private/grades.db": "", "mine/notes.py": ""})
    found = read_class(open_tree(folder, results=folder / "mine"), "assignment1")
    assert {each.id for each in found.handed} == {"ada", "Bo Li", "0042"}


def test_members_of_a_zip_that_lead_out_of_it_are_not_read(tmp_path: Path) -> None:
    files = {"../evil/hw.py": "", "/abs/hw.py": "", "ada/hw1.py": "", "bo/hw1.py": ""}
    assert {each.id for each in listing(zipped(tmp_path / "class.zip", files)).handed} == {"abs", "ada", "bo"}


def test_a_zip_with_more_entries_than_are_looked_at_loses_nobody_unsaid(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("grader.classroom.intake.trees.zipped.MAX_ENTRIES", 2)
    path = zipped(tmp_path / "class.zip", {"ada/hw1.py": "", "bo/hw1.py": "", "cy/hw1.py": ""})
    with pytest.raises(UsageError, match="more than 2 files"):
        listing(path)


def test_names_that_a_zip_holds_as_bare_utf_8_are_read_as_such(tmp_path: Path) -> None:
    path = zipped(tmp_path / "class.zip", {"zoX/hw1.py": "", "ada/hw1.py": ""})
    path.write_bytes(path.read_bytes().replace(b"zoX", "zë".encode()))
    assert {each.id for each in listing(path).handed} == {"zë", "ada"}


@pytest.mark.parametrize("name", ["a\nb", "😀", "\u202eada", "-rf", "=1+1", "é", "e\u0301", "x" * 255, "con"])
def test_an_id_may_be_any_name(tmp_path: Path, name: str) -> None:
    assert names(read(tmp_path, {f"{name}/hw1.py": ""})) == {name: [""]}
