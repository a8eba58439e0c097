"""A copy that a person repaired is graded in place of the submission, for a stated deduction, and everybody is told."""

from __future__ import annotations

import json
import shutil
import zipfile
from pathlib import Path
from typing import Any

import pytest
from classroom.classes import (
    BROKEN,
    RIGHT,
    RUBRIC,
    WITH_MANUAL,
    WRONG,
    Ran,
    class_page,
    graded,
    on_demand,
    run_here,
    table,
    tiny,
    write,
)
from click.testing import CliRunner, Result

from grader.classroom.intake.file_names import make_stem
from grader.classroom.stages.summary import Summary
from grader.cli import main

pytestmark = pytest.mark.usefixtures("nearby")

STATEMENT = """\
deduction: 2.5
who: ann
when: 2026-11-25
public comment: "A bracket was missing."
private note: "The editor ate it."
"""
TOLD = "the repair: A person repaired the code: -2.5 points. A bracket was missing. 10 - 2.5 = 7.5."


class Class:
    """A class that has not been graded yet: ada is right, bo is wrong, cy forgot a bracket."""

    def __init__(self, folder: Path, rubric: str = RUBRIC) -> None:
        self.folder, self.rubric, self.out = folder / "class", tiny(folder / "assignment", rubric), folder / "out"
        self.fixes = self.out / "decisions" / "fixes"
        write(self.folder, {"ada.py": RIGHT, "bo.py": WRONG, "cy.py": BROKEN})

    def fix(self, student: str = "cy", statement: str | None = STATEMENT, **files: str | bytes) -> None:
        """Put a repaired copy there, `cy.py` where nothing else is said."""
        copy = {name.replace("_", "."): text for name, text in files.items()} or {f"{student}.py": RIGHT}
        write(self.fixes / student, {**copy, **({"fix.yaml": statement} if statement is not None else {})})

    def graded(self, **options: Any) -> Summary:
        return graded(self.folder, self.out, self.rubric, **options)

    def batch(self, *options: object) -> Ran:
        """The command, as somebody would run it."""
        ran = run_here(self.folder, self.out, "--rubric", self.rubric, *options)
        assert "Traceback" not in ran.err
        return ran

    def row(self, student: str = "cy") -> dict[str, str]:
        return table(self.out)[student]

    def report(self, student: str = "cy", place: str = "private/preview") -> dict[str, Any]:
        given = self.out / "feedback" / f"{student}.json"
        is_given = place == "private/preview" and given.exists()
        found: dict[str, Any] = json.loads((given if is_given else self.out / place / f"{student}.json").read_text())
        return found

    def shown(self, student: str = "cy", place: str = "private/preview") -> str:
        if place == "private/reports":
            return on_demand(self.out, student)
        return (self.out / place / f"{student}.md").read_text()


PLACES = ("private/preview", "private/reports")


@pytest.fixture
def klass(tmp_path: Path) -> Class:
    return Class(tmp_path)


def grade(*words: object, code: int = 0) -> Result:
    result = CliRunner().invoke(main, [str(word) for word in words])
    assert result.exit_code == code, result.output
    assert "Traceback" not in result.output
    return result


# -- points ----------------------------------------------------------------------------------------------------------


def test_the_copy_is_graded_and_its_deduction_is_taken_and_the_gradebook_says_both(klass: Class) -> None:
    klass.fix()
    assert klass.graded().not_graded == []
    row = klass.row()
    assert (row["double"], row["negate"], row["computed"], row["score"]) == ("6", "4", "10", "7.5")
    assert row["remarks"] == "graded as repaired by ann"
    assert row["decisions"] == f"{TOLD} (ann, 2026-11-25)"
    assert (klass.row("ada")["decisions"], klass.row("ada")["remarks"]) == ("", "")


@pytest.mark.parametrize("place", PLACES)
def test_both_reports_say_that_it_was_repaired_what_it_costs_and_why_and_their_lines_add_up(
    klass: Class, place: str
) -> None:
    klass.fix()
    klass.graded()
    report = klass.report(place=place)
    assert [(each["when"], each["text"]) for each in report["decisions"]] == [("2026-11-25", TOLD)]
    assert "ann" not in klass.shown(place=place)
    assert report["changes"] == [{"what": "the repair", "points": -2.5}]
    assert sum(function["score"] for function in report["functions"]) - 2.5 == report["score"]
    assert "| the repair | - 2.5 |" in klass.shown(place=place)
    assert "A person repaired the code: -2.5 points. A bracket was missing." in klass.shown(place=place)


def test_the_private_note_is_for_the_instructor_alone(klass: Class, tmp_path: Path) -> None:
    klass.fix()
    klass.graded()
    assert "The editor ate it" in klass.shown(place="private/reports")
    assert klass.report(place="private/reports")["decisions"][0]["note"] == "The editor ate it."
    others = [*(klass.out / "private" / "preview").iterdir(), klass.out / "grades.csv"]
    assert not any("The editor ate it" in path.read_text() for path in others)
    grade("publish", klass.out)
    assert "The editor ate it" not in (klass.out / "releases" / "1.csv").read_text()


@pytest.mark.parametrize(
    ("deduction", "score", "told"),
    [
        ("1/3", 29 / 3, "-0.33 points"),
        ('"7,5"', 2.5, "10 - 7.5 = 2.5."),
        ("0", 10, "no points taken"),
        ("10", 0, "10 - 10 = 0."),
    ],
)
def test_a_deduction_is_exact(klass: Class, deduction: str, score: float, told: str) -> None:
    klass.fix(statement=STATEMENT.replace("2.5", deduction))
    klass.graded()
    assert klass.report()["score"] == pytest.approx(score, abs=1e-6)
    assert told in klass.report()["decisions"][0]["text"]


def test_no_deduction_takes_a_score_below_zero(klass: Class) -> None:
    klass.fix(statement=STATEMENT.replace("2.5", "5"), cy_py=WRONG)  # it has 4
    klass.graded()
    assert klass.row()["score"] == "0"
    assert "4 - 5 = 0, never below 0." in klass.row()["decisions"]
    assert klass.report()["changes"] == [{"what": "the repair", "points": -4}]


def test_points_given_by_hand_stand_beside_a_repair(klass: Class) -> None:
    header = "student,function,points,public comment\n"
    klass.fix(cy_py=WRONG)
    write(klass.out, {"decisions/overrides.csv": f"{header}cy,double,3,Half right.\n"})
    klass.graded()
    assert klass.row()["score"] == "4.5"  # 3 + 4 - 2.5
    write(klass.out, {"decisions/overrides.csv": f"{header}cy,,9,An oral exam.\n"})
    klass.graded()
    assert klass.row()["score"] == "9"


LATE = "late: {deadline: 2026-10-02 17:00, zone: Europe/Berlin, penalty: 10 % per day}\n"


def test_lateness_is_taken_from_what_a_repair_has_left(tmp_path: Path) -> None:
    klass = Class(tmp_path, RUBRIC + LATE)
    klass.fix()
    write(klass.out, {"decisions/times.csv": "student,time\ncy,2026-10-04 09:00\n"})
    klass.graded()
    assert (klass.row()["score"], klass.row()["computed"]) == ("5.5", "10")
    assert [each["text"].partition(":")[0] for each in klass.report()["decisions"]] == ["the repair", "lateness"]
    assert "10 - 2.5 = 7.5." in klass.row()["decisions"]
    assert "7.5 - 2 = 5.5." in klass.row()["decisions"]


MOODLE = (
    "Identifier,Full name,Email address,Status,Grade,Maximum Grade,Feedback comments\n"
    "Participant 77,Cy Twombly,c@x,Submitted,,10.00,\n"
)


def test_moodles_column_of_feedback_says_it_too(tmp_path: Path) -> None:
    klass = Class(tmp_path)
    shutil.rmtree(klass.folder)
    write(klass.folder, {"Cy Twombly_77_assignsubmission_file/hw.py": BROKEN})
    write(tmp_path, {"moodle.csv": MOODLE})
    klass.fix("77", hw_py=RIGHT)
    klass.graded()
    grade("publish", klass.out, "--gradebook", tmp_path / "moodle.csv", "-o", tmp_path / "filled.csv")
    filled = (tmp_path / "filled.csv").read_text()
    assert ",7.5,10.00," in filled
    assert "7.5 of 10 points" in filled
    assert "A person repaired the code: -2.5 points. A bracket was missing." in filled


def test_a_repair_is_told_before_its_points_can_be_taken(tmp_path: Path) -> None:
    """The derivation awaits a person's points, so there is no score yet."""
    klass = Class(tmp_path, WITH_MANUAL)
    klass.fix()
    klass.graded()
    assert (klass.row()["score"], klass.row()["status"]) == ("", "awaiting")
    report = klass.report()
    assert report["decisions"][0]["text"] == TOLD.removesuffix(" 10 - 2.5 = 7.5.")
    assert ("changes" in report, "+def double(x):" in report["repaired"]["diff"]) == (False, True)


def test_who_repaired_is_needed_and_when_is_not(klass: Class) -> None:
    klass.fix(statement='deduction: 1\nwho: bob\npublic comment: "A tab."\nprivate note:\n')
    klass.graded()
    assert "A person repaired the code: -1 point. A tab." in klass.row()["decisions"]


def test_a_repair_that_leaves_less_than_there_was_is_pointed_out(klass: Class) -> None:
    klass.graded()
    klass.fix("bo", STATEMENT.replace("2.5", "7"))
    klass.graded()
    assert klass.row("bo")["score"] == "3"
    assert (
        "the repair leaves 3 points, and it had 4 as handed in: if that was not meant, take the copy away"
        in klass.row("bo")["remarks"]
    )
    klass.fix("bo")
    klass.graded()
    assert klass.row("bo")["remarks"] == "graded as repaired by ann"


# -- what is graded again --------------------------------------------------------------------------------------------


def test_only_a_copy_that_is_new_or_changed_is_graded(klass: Class) -> None:
    klass.graded()
    klass.fix()
    assert klass.graded().graded == 1
    assert klass.graded().graded == 0
    klass.fix(cy_py=WRONG)
    assert (klass.graded().graded, klass.row()["score"]) == (1, "1.5")
    klass.fix(cy_py=WRONG, statement=STATEMENT.replace("2.5", "1"))
    assert (klass.graded().graded, klass.row()["score"]) == (0, "3")
    assert klass.report()["score"] == 3


def test_a_copy_that_is_taken_away_leaves_nothing_of_itself(klass: Class) -> None:
    klass.graded()
    before = (klass.out / "grades.csv").read_bytes(), klass.shown()
    klass.fix()
    klass.graded()
    shutil.rmtree(klass.fixes)
    assert klass.graded().graded == 0
    assert before == ((klass.out / "grades.csv").read_bytes(), klass.shown())


def test_a_comment_that_is_all_that_changed_is_shown(klass: Class) -> None:
    """The grade is the same, byte for byte; the report isn't."""
    klass.fix()
    klass.graded()
    klass.fix(cy_py=f"{RIGHT}# mended\n")
    klass.graded()
    assert "+# mended" in klass.report()["repaired"]["diff"]


def test_the_deduction_counts_that_stood_there_when_the_copy_was_graded(klass: Class) -> None:
    """Who takes the folder away without grading again doesn't make a present of it."""
    klass.fix()
    klass.graded()
    shutil.rmtree(klass.fixes)
    grade("publish", klass.out)
    assert "cy,,,graded,7.5,10," in (klass.out / "releases" / "1.csv").read_text()
    assert "+def double(x):" in klass.report()["repaired"]["diff"]


def test_a_copy_is_jailed_like_every_submission(klass: Class) -> None:
    statement = klass.fixes / "cy" / "fix.yaml"
    klass.fix(cy_py=RIGHT.replace("return 2 * x", f"open({str(statement)!r})\n    return 2 * x"))
    klass.graded()
    assert (klass.row()["double"], klass.row()["negate"]) == ("0", "4")


# -- the difference --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", PLACES)
def test_the_report_shows_every_changed_line(klass: Class, place: str) -> None:
    klass.fix("bo", bo_py=WRONG.replace("3 * x", "2 * x"))
    klass.graded()
    assert klass.report("bo", place)["repaired"]["diff"].split("\n") == [
        *("--- bo.py (handed in)", "+++ bo.py (repaired)", "@@ -2,7 +2,7 @@"),
        *(" import numpy as np", " ", " def double(x):", "-    return 3 * x", "+    return 2 * x"),
        *(" ", " def negate(x):", "     return -x"),
    ]
    assert "-    return 3 * x\n+    return 2 * x\n" in klass.shown("bo", place)
    assert "repaired" not in klass.report("ada", place)


def test_code_stays_text_in_what_is_shown(klass: Class) -> None:
    klass.fix(cy_py=f'{RIGHT}"""\n```\n# A heading\n<script>alert(1)</script>\n\x1b[31m\u202e\n"""\n')
    klass.graded()
    text = klass.shown()
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "````text\n--- cy.py (handed in)" in text  # a fence that no backticks in it can end


def notebook(*cells: str, output: str = "") -> str:
    """A notebook with these cells of code."""
    outputs = [{"output_type": "stream", "name": "stdout", "text": output}] if output else []
    made = [
        {"cell_type": "code", "metadata": {}, "execution_count": 1, "outputs": outputs, "source": each}
        for each in cells
    ]
    return json.dumps({"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": made})


def test_of_notebooks_the_code_is_compared_and_not_the_json(klass: Class) -> None:
    double, negate = "def double(x):\n    return 2 * x", "def negate(x):\n    return -x"
    write(klass.folder, {"di.ipynb": notebook(double.replace("2", "3"), negate, output="old")})
    klass.fix("di", di_ipynb=notebook("import numpy as np", double, negate, output="new"))
    klass.graded()
    assert klass.row("di")["score"] == "7.5"
    assert klass.report("di")["repaired"]["diff"].split("\n") == [
        *("--- di.ipynb (handed in)", "+++ di.ipynb (repaired)", "@@ -1,6 +1,8 @@"),
        *("+# %%", "+import numpy as np", " # %%", " def double(x):", "-    return 3 * x", "+    return 2 * x"),
        *(" # %%", " def negate(x):", "     return -x"),
    ]


def test_a_long_difference_is_cut_with_a_count(klass: Class) -> None:
    klass.fix(cy_py=RIGHT + "".join(f"# line {number}\n" for number in range(3_000)) + f"# {'y' * 9_000}\n")
    klass.graded()
    for text in (klass.shown(), (klass.out / "private" / "preview" / "cy.json").read_text()):
        assert text.count("+# line") < 200
        assert "more lines)" in text
        assert len(text) < 20_000


@pytest.mark.parametrize(
    ("handed_in", "copy", "shown"),
    [
        ({"a/hw.py": BROKEN}, {"hw.py": RIGHT}, ["--- a/hw.py (handed in)", "+++ hw.py (repaired)"]),
        ({"hw 1.py": BROKEN}, {"hw1.py": BROKEN}, ["--- hw 1.py (handed in)", "+++ hw1.py (repaired)"]),
        ({"hw.py": WRONG}, {"hw.py": WRONG, "more.py": "x = 1"}, ["--- nothing", "+++ more.py (repaired)"]),
        ({"hw.py": WRONG, "b.py": "x = 1"}, {"hw.py": WRONG}, ["--- b.py (handed in)", "+++ nothing"]),
    ],
)
def test_files_are_compared_with_what_became_of_them(
    klass: Class, handed_in: dict[str, str], copy: dict[str, str], shown: list[str]
) -> None:
    write(klass.folder / "di", handed_in)
    write(klass.fixes / "di", {**copy, "fix.yaml": STATEMENT})
    klass.graded()
    lines = klass.report("di")["repaired"]["diff"].split("\n")
    assert [line for line in lines if line.startswith(("--- ", "+++ "))] == shown


# -- whose it is -----------------------------------------------------------------------------------------------------


def test_a_folder_may_have_the_name_of_the_students_reports(klass: Class) -> None:
    student = "Ünal, Eda"
    write(klass.folder / student, {"hw.py": BROKEN})
    write(klass.fixes / make_stem(student), {"hw.py": RIGHT, "fix.yaml": STATEMENT})
    klass.graded()
    assert klass.row(student)["score"] == "7.5"


@pytest.mark.parametrize("statement", [STATEMENT, "who: ann"])
def test_a_name_that_is_no_unicode_is_a_name(klass: Class, statement: str) -> None:
    student = b"\xff".decode("utf-8", "surrogateescape")
    write(klass.folder / student, {"hw.py": BROKEN})
    write(klass.fixes / student, {"hw.py": RIGHT, "fix.yaml": statement})
    klass.graded()
    assert klass.row("\\udcff")["score"] == ("7.5" if statement == STATEMENT else "")


def test_what_is_nobodys_is_named_and_changes_nothing(klass: Class) -> None:
    klass.fix("adda")
    write(klass.fixes, {"cy.py": RIGHT, ".DS_Store": ""})
    (klass.fixes / "cy").symlink_to(klass.fixes / "adda")
    ran = klass.batch()
    assert ran.code == 0
    assert (
        f"{klass.fixes / 'adda'}: nobody in this class who handed in has the id 'adda'; did you mean 'ada'" in ran.out
    )
    assert f"{klass.fixes / 'cy.py'}: a repaired copy lies in a folder named by the student's id" in ran.out
    assert f"{klass.fixes / 'cy'}: it is a link or a device, which is not followed" in ran.out
    assert "DS_Store" not in ran.out
    assert [klass.row(each)["score"] for each in ("ada", "bo", "cy")] == ["10", "4", "0"]


def test_with_pseudonyms_a_log_names_nobody_of_them(klass: Class) -> None:
    klass.fix("adda")
    klass.fix("cy", statement=None)
    ran = klass.batch("--pseudonyms")
    assert "1 in decisions/fixes/" in ran.out
    assert not any(word in ran.out + ran.err for word in ("adda", "ada", "cy/", "cy:"))


GROUP = """
submission_1:
  :submitters:
  - :name: Ada
    :sid: id-ada-1
    :email: ada@x
  - :name: Bo
    :sid: id-bo-2
    :email: bo@x
"""


@pytest.fixture
def group(tmp_path: Path) -> Class:
    """Ada and Bo have handed in together."""
    klass = Class(tmp_path)
    shutil.rmtree(klass.folder)
    write(klass.folder, {"submission_metadata.yml": GROUP, "submission_1/hw.py": BROKEN})
    return klass


def test_of_a_group_any_member_may_be_named_and_it_holds_for_all(group: Class) -> None:
    group.fix("id-bo-2", hw_py=RIGHT)
    group.graded()
    assert [row["score"] for row in table(group.out).values()] == ["7.5", "7.5"]


def test_two_copies_of_one_submission_are_one_too_many(group: Class) -> None:
    for member in ("id-ada-1", "id-bo-2"):
        group.fix(member, hw_py=RIGHT)
    assert len(group.graded().not_graded) == 2
    assert "'id-bo-2' beside it holds a repaired copy of the same submission" in group.row("id-ada-1")["remarks"]


def test_who_handed_in_the_same_files_is_still_said(klass: Class) -> None:
    write(klass.folder, {"di/hw.py": BROKEN, "eve/hw.py": BROKEN})
    klass.fix("di", hw_py=RIGHT)
    klass.graded()
    assert "eve: the same files as cy and 1 more" in class_page(klass.out)


# -- what can't be meant ---------------------------------------------------------------------------------------------


def test_a_copy_that_nobody_answers_for_is_not_graded_and_nobody_else_is_stopped(klass: Class) -> None:
    klass.fix(statement=None)
    ran = klass.batch()
    assert ran.code == 4
    assert f"cy: {klass.fixes / 'cy' / 'fix.yaml'}: there is no such file; it says what the repair costs" in ran.out
    assert "`deduction: 5`, `who: ann` and `public comment:" in ran.out
    assert [klass.row(each)["status"] for each in ("ada", "bo", "cy")] == ["graded", "graded", "not graded"]
    assert klass.row()["score"] == ""
    assert "1 without a grade yet" in grade("publish", klass.out, code=2).output
    klass.fix()
    assert klass.batch().code == 0
    assert klass.row()["score"] == "7.5"


@pytest.mark.parametrize(
    ("statement", "flaws"),
    [
        ("", ["fix.yaml:1:1: the file is empty"]),
        ("- 5", ["fix.yaml:1:1: fix.yaml should be a mapping (key: value), found a list"]),
        ("deduction: [", ["fix.yaml:", "not valid YAML"]),
        ("who: ann", ["fix.yaml lacks 'deduction'", "fix.yaml lacks 'public comment'"]),
        (STATEMENT.replace("who:", "whom:"), [":2:1: fix.yaml has no key 'whom'; did you mean 'who'?", "lacks 'who'"]),
        (STATEMENT.replace("2.5", "-2.5"), [":1:12: deduction should be points such as 4, 4.5 or 1/3, found -2.5"]),
        (STATEMENT.replace("2.5", "25 %"), ["deduction should be points such as 4, 4.5 or 1/3, found '25 %'"]),
        (STATEMENT.replace("2.5", "true"), ["deduction should be points such as 4, 4.5 or 1/3, found True"]),
        (STATEMENT.replace("2.5", "11"), [":1:12: deduction is 10 points at most, found 11"]),
        (STATEMENT.replace('"A bracket was missing."', '""'), [":4:17: public comment should be text"]),
        (STATEMENT + "who: bob\n", [":6:1: the key 'who' stands twice (first in line 2)"]),
        (b"deduction: 5\nwho: \xff\n", ["fix.yaml: should be UTF-8; save it so"]),
        ("#" * 70_000, ["fix.yaml: is longer than 64 KiB"]),
    ],
)
def test_what_is_wrong_with_a_statement_is_said_with_its_line(
    klass: Class, statement: str | bytes, flaws: list[str]
) -> None:
    write(klass.fixes / "cy", {"cy.py": RIGHT, "fix.yaml": statement})
    (entry,) = klass.graded().not_graded
    assert entry.student.id == "cy"
    for flaw in flaws:
        assert flaw in "; ".join(entry.remarks)
    assert klass.row("ada")["score"] == "10"


@pytest.mark.parametrize(
    ("copy", "why"),
    [
        ({}, "holds no .py and no .ipynb file; put the repaired copy there, beside fix.yaml"),
        ({"notes.txt": "I mended it"}, "holds no .py and no .ipynb file"),
        ({"cy.py": BROKEN}, "its code is what was handed in; repair it, or take the folder away"),
        ({"cy.py": BROKEN.replace("\n", "\r\n")}, "its code is what was handed in"),
    ],
)
def test_a_copy_in_which_nothing_is_repaired_takes_no_points(klass: Class, copy: dict[str, str], why: str) -> None:
    write(klass.fixes / "cy", {"fix.yaml": STATEMENT, **copy})
    (entry,) = klass.graded().not_graded
    assert why in "; ".join(entry.remarks)


def test_no_link_is_followed_to_a_statement_or_a_copy(klass: Class, tmp_path: Path) -> None:
    elsewhere = write(tmp_path / "elsewhere", {"fix.yaml": STATEMENT, "cy.py": RIGHT})
    for student, linked in (("bo", "fix.yaml"), ("cy", "cy.py")):
        klass.fix(student)
        (klass.fixes / student / linked).unlink()
        (klass.fixes / student / linked).symlink_to(elsewhere / linked)
    remarks = {entry.student.id: "; ".join(entry.remarks) for entry in klass.graded().not_graded}
    assert "bo/fix.yaml: can't be read" in remarks["bo"]
    assert "holds no .py" in remarks["cy"]


# -- afterwards ------------------------------------------------------------------------------------------------------


def test_a_replay_grades_the_copy_again_and_says_so(klass: Class) -> None:
    klass.fix()
    klass.graded()
    shutil.rmtree(klass.fixes)
    shutil.rmtree(klass.folder)
    said = grade("student", klass.out, "cy", "--replay").output
    assert "identical: cy has 10 of 10 points" in said
    assert "is the copy that ann repaired; the 2.5 points for it are taken afterwards" in said
    assert "repaired" not in grade("student", klass.out, "ada", "--replay").output


def test_another_rubric_is_compared_on_the_copy(klass: Class) -> None:
    klass.fix()
    klass.graded()
    said = grade("compare", klass.out, "--rubric", klass.rubric).output
    assert "3 compared: 0 would lose, 0 would gain" in said


def test_wrong_answers_of_a_copy_are_grouped_and_its_code_is_not_called_the_students(klass: Class) -> None:
    klass.fix(cy_py=WRONG)
    klass.graded()
    said = grade("groups", klass.out, "--names").output
    assert "double: 2 students (bo, cy)" in said
    assert "as bo wrote it:" in said
    (klass.folder / "bo.py").unlink()
    klass.graded()
    said = grade("groups", klass.out, "--names").output
    assert "double: 1 student (cy)" in said
    assert "as repaired for cy:" in said
    assert "return 3 * x" in said


def test_who_asks_gets_both_what_they_handed_in_and_the_copy(klass: Class, tmp_path: Path) -> None:
    klass.fix()
    klass.graded()
    shutil.rmtree(klass.folder)
    said = grade("student", klass.out, "cy", "--export", tmp_path / "cy.zip").output
    assert "it holds the notes that you kept" in said
    with zipfile.ZipFile(tmp_path / "cy.zip") as archive:
        assert archive.read("handed_in/cy.py").decode() == BROKEN
        assert archive.read("repaired/cy.py").decode() == RIGHT
        assert archive.read("tables/decisions/fixes/cy/fix.yaml").decode() == STATEMENT
    grade("student", klass.out, "ada", "--export", tmp_path / "ada.zip")
    with zipfile.ZipFile(tmp_path / "ada.zip") as archive:
        assert not any("repaired" in name or "fixes" in name for name in archive.namelist())


def raw(folder: Path) -> bytes:
    """Every byte below a folder, and every name."""
    found = [path for path in folder.rglob("*") if path.is_file()]
    return b"\n".join(str(path.relative_to(folder)).encode() + b"\n" + path.read_bytes() for path in found)


def test_who_is_forgotten_takes_both_along(klass: Class) -> None:
    write(klass.folder, {"dilan.py": f"{BROKEN}# as_dilan_wrote_it\n"})
    klass.fix("dilan", STATEMENT.replace("ate it", "ate_it_all"), dilan_py=f"{RIGHT}# mended_for_dilan\n")
    klass.graded()
    words = (b"dilan", b"ate_it_all")
    assert all(word in raw(klass.out) for word in words)
    grade("student", klass.out, "dilan", "--erase", "--yes")
    assert not any(word in raw(klass.out) for word in words)


def test_who_stays_keeps_what_was_handed_in_and_the_copy(klass: Class, tmp_path: Path) -> None:
    klass.fix()
    klass.graded()
    grade("student", klass.out, "bo", "--erase", "--yes")
    grade("student", klass.out, "cy", "--export", tmp_path / "cy.zip")
    with zipfile.ZipFile(tmp_path / "cy.zip") as archive:
        assert archive.read("handed_in/cy.py").decode() == BROKEN
    assert "identical" in grade("student", klass.out, "cy", "--replay").output


def test_what_was_wrong_with_a_groups_copy_is_no_longer_told_by_the_name_of_who_is_forgotten(group: Class) -> None:
    group.fix("id-ada-1", "who: ann", hw_py=RIGHT)
    group.graded()
    assert "fixes/id-ada-1/fix.yaml" in group.row("id-bo-2")["remarks"]
    grade("student", group.out, "id-ada-1", "--erase", "--yes")
    assert b"id-ada-1" not in raw(group.out)
    assert "fixes/id-bo-2/fix.yaml" in group.row("id-bo-2")["remarks"]


def test_the_rest_of_a_group_keeps_its_copy(group: Class) -> None:
    group.fix("id-ada-1", hw_py=RIGHT)
    group.graded()
    grade("student", group.out, "id-ada-1", "--erase", "--yes")
    assert b"id-ada-1" not in raw(group.out)
    write(group.folder, {"submission_metadata.yml": GROUP.replace("id-ada-1", "")})
    assert group.graded().graded == 0
    assert group.row("id-bo-2")["score"] == "7.5"


def test_an_archive_counts_copies_and_names_nobody(klass: Class, tmp_path: Path) -> None:
    klass.fix()
    klass.graded()
    grade("archive", klass.out, "-o", tmp_path / "hw.zip")
    with zipfile.ZipFile(tmp_path / "hw.zip") as archive:
        assert json.loads(archive.read("decisions.json"))["repaired_copies"] == 1
        everything = b"".join(archive.read(name) for name in archive.namelist())
    assert not any(word in everything for word in (b"ann", b"bracket", b"ate it"))


def test_a_comment_without_a_full_stop_does_not_run_into_the_arithmetic(klass: Class) -> None:
    klass.fix(statement=STATEMENT.replace("missing.", "missing"))
    klass.graded()
    assert TOLD in klass.shown()
