"""Every table and YAML file on the pages is read by `grade`, and does what is said of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from classroom.classes import on_demand
from docs.desk import grades, keep_table, lay_out
from docs.pages import BLOCKS, files, run, section, shell_lines, text_of

CLASS = "grade batch sample_submissions/assignment1 -o results"
LATE = [each for each in shell_lines() if "--times" in each]
MARKS = {"yaml": ("file: ", "fix: ", "late", "manual", "expected", "rubric"), "csv": ("table: ",)}


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    return lay_out(tmp_path)


def graded(desk: Path, command: str = CLASS) -> str:
    done = run(command, desk)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_every_table_and_every_yaml_file_on_the_pages_has_its_test() -> None:
    bare = [block for block in BLOCKS if block.language in MARKS and not block.mark.startswith(MARKS[block.language])]
    others = [block for block in bare if not block.mark.startswith("shape: ")]  # test_handouts.py reads those
    assert [block.page for block in others] == ["docs/rubric-functions.md"]  # test_rubric_keys.py reads it
    assert set(files("table")) == {
        "times.csv",
        "groups.csv",
        "results/decisions/extensions.csv",
        "results/decisions/overrides.csv",
        "results/decisions/requests.csv",
        "results/decisions/settled.csv",
    }


def test_the_rubric_of_the_readme_grades_a_submission(desk: Path) -> None:
    (desk / "softmax.yaml").write_text(text_of("rubric"))
    assert "12 of 12 points" in graded(desk, "grade submission.py --rubric softmax.yaml")


def test_lateness_is_judged_as_the_page_says(desk: Path) -> None:
    keep_table("times.csv", desk)
    (command,) = [each for each in LATE if "--ledger" not in each]
    graded(desk, command)
    assert [grades(desk)[each]["score"] for each in ("ada", "bo")] == ["100", "90"]
    keep_table("results/decisions/extensions.csv", desk)
    graded(desk, command)
    assert grades(desk)["bo"]["score"] == "100"
    assert "your own deadline" in (desk / "results" / "private" / "preview" / "bo.md").read_text()


def test_what_one_of_a_group_hands_in_is_graded_for_all_as_the_page_says(desk: Path) -> None:
    keep_table("groups.csv", desk)
    graded(desk, f"{CLASS} --members groups.csv")
    assert {row["score"] for row in grades(desk).values()} == {"100"}
    assert "group 1: handed in by" in grades(desk)["ada"]["remarks"]


def test_what_counts_where_graders_disagree_is_decided_as_the_page_says(desk: Path) -> None:
    with (desk / "my_rubric.yaml").open("a") as rubric:
        rubric.write(text_of("manual"))
    for grader, points in (("ann", 10), ("bo", 3)):
        file = desk / "results" / "decisions" / "points" / f"{grader}.csv"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"student,item,points\nada,the derivation,{points}\n")
    assert "graders disagree" in graded(desk, f"{CLASS} --rubric my_rubric.yaml")
    keep_table("results/decisions/settled.csv", desk)
    assert "graders disagree" not in graded(desk)
    assert (grades(desk)["ada"]["the derivation"], grades(desk)["ada"]["score"]) == ("7", "107")


def test_late_days_of_a_course_pay_before_points_do(desk: Path) -> None:
    keep_table("times.csv", desk)
    with (desk / "my_rubric.yaml").open("a") as rubric:
        rubric.write("  bank: 4\n")
    (command,) = [each for each in LATE if "--ledger" in each]
    graded(desk, command)
    assert grades(desk)["bo"]["score"] == "100"
    assert [line for line in (desk / "late_days.csv").read_text().splitlines() if line.startswith("bo,")] == [
        "bo,my_rubric,1"
    ]


def test_points_given_as_on_the_page_stand_in_gradebook_and_reports(desk: Path) -> None:
    graded(desk)
    keep_table("results/decisions/overrides.csv", desk)
    assert "0 graded in this run" in graded(desk)
    rows = grades(desk)
    assert (rows["ada"]["softmax"], rows["ada"]["computed"], rows["bo"]["score"]) == ("11.5", "100", "90")
    assert "more than the handout says" in (desk / "results" / "private" / "preview" / "ada.md").read_text()
    assert "ask Ben" not in on_demand(desk / "results", "ada")


def test_a_question_as_on_the_page_is_answered_on_the_report(desk: Path) -> None:
    keep_table("results/decisions/requests.csv", desk)
    graded(desk)
    assert "The points stay." in (desk / "results" / "private" / "preview" / "ada.md").read_text()


def test_a_copy_that_is_repaired_as_on_the_page_is_graded_for_its_deduction(desk: Path) -> None:
    ((name, text),) = files("fix").items()
    (desk / name).parent.mkdir(parents=True)
    (desk / name).write_text(text)
    (desk / name).with_name("submission.py").write_text((desk / "submission.py").read_text() + "# mended\n")
    graded(desk)
    assert [grades(desk)[each]["score"] for each in ("ada", "bo")] == ["100", "95"]
    assert "+# mended" in (desk / "results" / "private" / "preview" / "bo.md").read_text()
    assert "he showed me" in on_demand(desk / "results", "bo")
    assert "he showed me" not in (desk / "results" / "private" / "preview" / "bo.md").read_text()


# -- what comes out ------------------------------------------------------------------------------------------------


def keys_in(tree: object) -> set[str]:
    """Every field in a report; the names of arguments aren't fields."""
    if isinstance(tree, list):
        return set().union(*map(keys_in, tree))
    if not isinstance(tree, dict):
        return set()
    return set(tree) | set().union(*(keys_in(value) for key, value in tree.items() if key != "inputs"))


def test_every_field_and_column_that_comes_out_is_on_the_page(desk: Path) -> None:
    keep_table("times.csv", desk)
    keep_table("results/decisions/overrides.csv", desk)
    keep_table("results/decisions/requests.csv", desk)
    wrong = desk / "submissions" / "cy" / "submission.py"
    wrong.parent.mkdir()
    source = (desk / "submission.py").read_text()
    wrong.write_text(
        source + "\ndef sigmoid(x):\n    print(x)\n    return 2 * x\n\ndef softmax(x):\n    return 1 / 0\n"
    )
    fix = desk / "results" / "decisions" / "fixes" / "bo"
    fix.mkdir(parents=True)
    (fix / "fix.yaml").write_text(files("fix")["results/decisions/fixes/bo/fix.yaml"])
    (fix / "submission.py").write_text(source + "# mended\n")
    graded(desk, "grade batch submissions -o results --rubric my_rubric.yaml --times times.csv")

    reports = [json.loads(path.read_text()) for path in (desk / "results").rglob("*.json")]
    assert reports
    found = keys_in(reports)
    assert found >= {"given", "changes", "repaired", "diff", "note", "worst", "raised", "printed", "witnesses"}
    assert {field for field in found if f"`{field}`" not in section("docs/reports.md", "## report.json")} == set()

    functions = {function["name"] for report in reports for function in report["functions"]}
    columns = set(grades(desk)["cy"]) - functions
    assert {column for column in columns if f"`{column}`" not in section("docs/reports.md", "## grades.csv")} == set()
