"""Whatever a student calls a file, or calls themself: nobody else's grade changes."""

from __future__ import annotations

from pathlib import Path

import pytest
from classroom.classes import write
from hypothesis import example, given, settings
from hypothesis import strategies as st

from grader.classroom.intake.model import ClassListing
from grader.classroom.intake.tree import open_tree
from grader.classroom.layouts.recognise import read_class

#: For each layout what ada's own entry is called, the entry of a student with a file name, and one with a display name.
BLACKBOARD = ("HW 1_ada_attempt_2026-10-02-17-34-00_hw1.py", "HW 1_mal_attempt_2026-10-02-18-00-00_{}")
CANVAS = ("byronada_1234_505_hw1.py", "mal_1237_506_{}", "{}_1237_506_hw1.py")
MOODLE = (
    "Ada Byron_12345_assignsubmission_file_hw1.py",
    "Mal_12347_assignsubmission_file_{}",
    "{}_12347_assignsubmission_file_hw1.py",
)
BRIGHTSPACE = (
    "12345-678 - Ada Byron - Oct 2, 2026 534 PM - hw1.py",
    "12347-678 - Mal - Oct 2, 2026 535 PM - {}",
    "12347-678 - {} - Oct 2, 2026 535 PM - hw1.py",
)
QUIZ = ("byron_ada1234_question_55_777_hw1.py", "mal1237_question_55_779_{}", "{}1237_question_55_779_hw1.py")
OTHERS = {
    "blackboard": ["HW 1_eve_attempt_2026-10-02-17-34-00_hw1.py", "HW 1_zed_attempt_2026-10-02-17-34-00_hw1.py"],
    "canvas": ["liev_1235_507_hw1.py", "zed_1236_508_hw1.py"],
    "moodle": ["Eve Li_12348_assignsubmission_file_hw1.py", "Zed_12349_assignsubmission_file_hw1.py"],
    "brightspace": ["12348-678 - Eve - Oct 2, 2026 534 PM - hw1.py", "12349-678 - Zed - Oct 2, 2026 534 PM - hw1.py"],
    "canvas-quiz": ["eve1238_question_55_780_hw1.py", "zed1239_question_55_781_hw1.py"],
}
SAKAI = (
    "Byron, Ada(ada)/Submission attachment(s)/hw1.py",
    "{}(mal)/Submission attachment(s)/hw1.py",
    "Mal(mal)/Submission attachment(s)/{}",
)
ILIAS = (
    "byron_ada_ada_1234/20261002_hw1.py",
    "{}_mal_1237/20261002_hw1.py",
    "mal_mal_mal_1237/20261002_{}",
)
GOOGLE = ("Ada Byron - hw1.py", "Mal Li - {}", "Mal {} - hw1.py")
OTHERS |= {
    "sakai": ["Li, Eve(eve)/Submission attachment(s)/hw1.py", "Zed, Al(zed)/Submission attachment(s)/hw1.py"],
    "ilias": ["li_eve_eve_1235/20261002_hw1.py", "zed_al_zed_1236/20261002_hw1.py"],
    "google": ["Eve Li - hw1.py", "Zed Al - hw1.py"],
}
FORMS = {
    "sakai": SAKAI,
    "ilias": ILIAS,
    "google": GOOGLE,
    "blackboard": BLACKBOARD,
    "canvas": CANVAS,
    "moodle": MOODLE,
    "brightspace": BRIGHTSPACE,
    "canvas-quiz": QUIZ,
}
#: What somebody may put into a name that is theirs to choose.
PIECES = st.sampled_from(
    [
        *(
            "ada",
            "_",
            "-",
            " ",
            "1234",
            "12345",
            "505",
            "777",
            "LATE",
            "hw1.py",
            ".py",
            "x",
            "0",
            " - ",
            "~1",
            "..",
            "(ada)",
        ),
        *("_attempt_2026-10-09-17-34-00_", "_assignsubmission_file_", "_question_55_777_", "HW 1_ada"),
        *(entry for entry, *_ in FORMS.values()),
    ]
)
NAMES = st.lists(PIECES, min_size=1, max_size=6).map("".join).filter(lambda name: len(name) < 200)


def listed(folder: Path, names: list[str], layout: str) -> ClassListing:
    return read_class(open_tree(write(folder, dict.fromkeys(names, "x = 1\n"))), "hw1", layout)


def parts_of(listing: ClassListing) -> dict[str, tuple[str, ...]]:
    return {each.id: tuple(part.place for part in each.parts) for each in listing.handed}


@pytest.mark.parametrize("layout", FORMS)
@settings(max_examples=30, deadline=None)
@example("ada_1234_20261002_x")
@example("..")
@given(NAMES)
def test_no_name_that_a_student_chooses_changes_what_another_one_handed_in(
    tmp_path_factory: pytest.TempPathFactory, layout: str, chosen: str
) -> None:
    own, *forms = FORMS[layout]
    others = [own, *OTHERS[layout]]
    before = parts_of(listed(tmp_path_factory.mktemp("before"), others, layout))
    for form in forms:
        stolen = form.format(chosen.replace("/", "_"))
        if stolen in others or len(stolen.encode()) > 250 or ".." in stolen.split("/"):  # no file is called so
            continue
        after = listed(tmp_path_factory.mktemp("after"), [*others, stolen], layout)
        found = parts_of(after)
        assert {student: found.get(student) for student in before} == before
        thieves = [
            each for each in after.handed if any(f"{stolen}/".startswith(f"{part.place}/") for part in each.parts)
        ]
        assert len(found) == len(before) + len(thieves)
        if not thieves:
            assert {stolen, stolen.partition("/")[0]} & {each.place for each in after.left_out}


@pytest.mark.parametrize(
    "ids", [("ada", "Ada"), ("caf\u00e9", "cafe\u0301"), ("ada", "\u0430da"), ("a b", "a  b"), ("0042", "42")]
)
def test_ids_that_look_alike_stay_apart(tmp_path: Path, ids: tuple[str, str]) -> None:
    found = parts_of(listed(tmp_path, [f"{each}/hw1.py" for each in ids], "folders"))
    assert len(found) == 2


def test_user_names_with_an_underscore_stay_apart(tmp_path: Path) -> None:
    names = [f"HW 1_{user}_attempt_2026-10-02-17-34-00_hw1.py" for user in ("ada_b", "cy_b", "eve")]
    assert sorted(parts_of(listed(tmp_path, names, "blackboard"))) == ["ada_b", "cy_b", "eve"]


def test_logins_with_an_underscore_stay_apart_in_ilias(tmp_path: Path) -> None:
    names = [f"{who}/20261002_hw1.py" for who in ("kim_a_kim_bo_1234", "li_b_bo_1235", "ros_c_eve_1236")]
    found = parts_of(listed(tmp_path, names, "ilias"))
    assert {user: parts[0].partition("/")[0] for user, parts in found.items()} == {
        "bo_1234": "kim_a_kim_bo_1234",
        "bo_1235": "li_b_bo_1235",
        "eve": "ros_c_eve_1236",
    }


def test_numbers_in_an_honest_file_name_leave_nobody_out(tmp_path: Path) -> None:
    names = ["byronada_1234_50505_hw1.py", "libo_1235_50506_hw_1_2.py", "kim_1236_50507_part_3_4_final.py"]
    assert len(parts_of(listed(tmp_path, names, "canvas"))) == 3
