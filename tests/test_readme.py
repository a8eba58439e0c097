"""The README keeps its word: every command in it runs, and CI runs the very command that it gives."""

from __future__ import annotations

import csv
import io
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from grader.cli import LATE

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()
#: The evening has a test of its own, tests/classroom/test_evening.py.
BLOCKS = re.findall(r"(?<!<!-- evening -->\n)^```sh\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
COMMANDS = [line.split("  #")[0].strip() for block in BLOCKS for line in block.splitlines()]
GRADE = [command for command in COMMANDS if command.startswith("grade ") and command.split()[1] not in LATE]


#: With --scheduler a cluster is needed: tests/classroom/test_cluster.py has a real one. --times has a test of its own.
BATCH = [
    command
    for command in COMMANDS
    if command.startswith("grade batch") and not re.search("--(scheduler|times)", command)
]
OTHERS = [command for command in COMMANDS if re.match(r"grade (verify|doctor)", command)]


#: What is done with the results of a class, in the README's order: each on what those before it left.
AFTER = [
    command
    for command in COMMANDS
    if re.match(r"grade (publish|groups|compare|replay|export-student|archive|forget)", command)
]
TODO = [command for command in COMMANDS if command.startswith("grade todo")]


def marked(mark: str) -> str:
    found = re.search(rf"<!-- {mark} -->\n```sh\n(.*?)\n```", README)
    assert found is not None
    return found[1]


def test_ci_runs_the_test_command_of_the_readme() -> None:
    script = (ROOT / ".ci" / "run").read_text()
    assert "<!-- test -->" in script
    assert "pytest" in marked("test")
    assert "&&" in marked("test")


def test_the_first_command_grades_a_sample_that_is_there() -> None:
    sample = shlex.split(marked("grade"))[-1]
    assert (ROOT / sample).is_file()


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A folder with the files that the README's examples name."""
    samples = ROOT / "sample_submissions" / "assignment1"
    shutil.copy(samples / "right_script" / "submission.py", tmp_path)
    shutil.copy(samples / "right_notebook" / "submission.ipynb", tmp_path / "homework.ipynb")
    shutil.copy(samples / "right_zip" / "submission.zip", tmp_path / "hw1.zip")
    rubric = (ROOT / "rubrics" / "assignment1.yaml").read_text()
    late = re.search(r"^<!-- late -->\n```yaml\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    assert late is not None
    (tmp_path / "my_rubric.yaml").write_text(f"{rubric}\n{late[1]}")
    for folder in ("sample_submissions/assignment1", "submissions"):
        for student in ("ada", "bo"):
            shutil.copytree(samples / "right_script", tmp_path / folder / student / "final")
    shutil.make_archive(str(tmp_path / "submissions"), "zip", tmp_path / "submissions")
    (tmp_path / "gradebook.csv").write_text("SIS Login ID,Student\nada,Ada\nbo,Bo\ncy,Cy\n")
    (tmp_path / "canvas.csv").write_text(
        "Student,ID,SIS Login ID,Section,Problem Set 1 (987654)\n    Points Possible,,,,100\n"
        '"Byron, Ada",1,ada,A,\n"Li, Bo",2,bo,A,\n"Twombly, Cy",3,cy,A,\n'
    )
    return tmp_path


def run(command: str, desk: Path) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).with_name("grade")
    words = [str(program), *shlex.split(command)[1:]]
    return subprocess.run(words, cwd=desk, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("command", GRADE)
def test_every_grading_command_runs(command: str, desk: Path) -> None:
    done = run(command, desk)
    assert done.returncode == 0, done.stderr
    assert "100 of 100 points" in done.stdout


@pytest.mark.parametrize("command", BATCH)
def test_every_command_for_a_class_runs(command: str, desk: Path) -> None:
    done = run(command, desk)
    assert done.returncode == 0, done.stderr
    assert (desk / "results" / "grades.csv").read_text().count(",graded,100,100,") == 2


@pytest.mark.parametrize("command", OTHERS)
def test_every_other_command_runs(command: str, desk: Path) -> None:
    done = run(command, desk)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_command_after_a_class_runs(desk: Path) -> None:
    assert AFTER
    for command in (BATCH[0], *AFTER):
        done = run(command, desk)
        assert done.returncode == 0, command + done.stdout + done.stderr


def test_what_a_person_gives_points_for_is_dealt_out(desk: Path) -> None:
    manual = re.search(r"^manual:\n.*?(?=^```)", README, re.MULTILINE | re.DOTALL)
    assert manual is not None
    with (desk / "my_rubric.yaml").open("a") as rubric:
        rubric.write(manual[0])
    for command in ("grade batch submissions -o results --rubric my_rubric.yaml", *TODO):
        done = run(command, desk)
        assert done.returncode == 0, command + done.stdout + done.stderr
    assert TODO
    assert (desk / "results" / "decisions" / "points" / "ann.csv").read_text().count("the derivation") == 1


def keep_table(name: str, desk: Path) -> None:
    """Write down a table that the README gives."""
    tables = dict(re.findall(r"^<!-- table: (\S+) -->\n```csv\n(.*?)^```", README, re.MULTILINE | re.DOTALL))
    (desk / name).parent.mkdir(parents=True, exist_ok=True)
    (desk / name).write_text(tables[name])


def gradebook(desk: Path) -> dict[str, dict[str, str]]:
    text = (desk / "results" / "grades.csv").read_text()
    return {row["id"]: row for row in csv.DictReader(io.StringIO(text))}


def test_lateness_is_judged_as_the_readme_says(desk: Path) -> None:
    keep_table("times.csv", desk)
    (command,) = [each for each in COMMANDS if "--times" in each]
    done = run(command, desk)
    assert done.returncode == 0, done.stderr
    assert [gradebook(desk)[each]["score"] for each in ("ada", "bo")] == ["100", "90"]
    keep_table("results/decisions/extensions.csv", desk)
    assert run(command, desk).returncode == 0
    assert gradebook(desk)["bo"]["score"] == "100"
    assert "your own deadline" in (desk / "results" / "return" / "bo.md").read_text()


@pytest.fixture
def results(desk: Path) -> Path:
    """The results of a class, with the tables that the README gives for them."""
    assert run(BATCH[0], desk).returncode == 0
    keep_table("results/decisions/overrides.csv", desk)
    done = run(BATCH[0], desk)
    assert done.returncode == 0, done.stderr
    assert "0 graded in this run" in done.stdout
    return desk / "results"


def test_points_given_as_in_the_readme_stand_in_gradebook_and_reports(results: Path) -> None:
    rows = gradebook(results.parent)
    assert (rows["ada"]["softmax"], rows["ada"]["computed"], rows["bo"]["score"]) == ("11.5", "100", "90")
    assert "more than the handout says" in (results / "return" / "ada.md").read_text()
    assert "ask Ben" not in (results / "private" / "reports" / "ada.md").read_text()


def test_a_copy_that_is_repaired_as_in_the_readme_is_graded_for_its_deduction(desk: Path) -> None:
    statements = re.findall(r"^<!-- fix: (\S+) -->\n```yaml\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    ((name, text),) = statements
    (desk / name).parent.mkdir(parents=True)
    (desk / name).write_text(text)
    (desk / name).with_name("submission.py").write_text((desk / "submission.py").read_text() + "# mended\n")
    done = run(BATCH[0], desk)
    assert done.returncode == 0, done.stderr
    assert [gradebook(desk)[each]["score"] for each in ("ada", "bo")] == ["100", "95"]
    assert "+# mended" in (desk / "results" / "return" / "bo.md").read_text()
    assert "he showed me" in (desk / "results" / "private" / "reports" / "bo.md").read_text()
    assert "he showed me" not in (desk / "results" / "return" / "bo.md").read_text()


def test_the_table_of_exit_codes_is_the_code() -> None:
    from grader.errors import AssignmentError, HarnessError, UsageError

    rows = dict(re.findall(r"^\| (\d) \| (.*?) \|$", README, re.MULTILINE))
    assert "usage" in rows[str(UsageError.exit_code)]
    assert "rubric" in rows[str(AssignmentError.exit_code)]
    assert "sandbox" in rows[str(HarnessError.exit_code)]
