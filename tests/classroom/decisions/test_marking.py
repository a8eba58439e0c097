"""Marking by several people: shares, a sample marked twice, names hidden, bundles, and files from any spreadsheet."""

from __future__ import annotations

import csv
import io
import json
import shutil
import zipfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest
from classroom.classes import RIGHT, WITH_MANUAL, run_here, student_report, table, tiny, write
from classroom.nearby import work_nearby
from click.testing import CliRunner

from grader.cli import main
from grader.sandbox.sandbox import Sandbox

pytestmark = pytest.mark.usefixtures("nearby")

STUDENTS = [f"stu{number}" for number in range(8)]
ITEMS = ("the derivation", "a plot")
Rows = list[dict[str, str]]


def grade(*args: object, code: int = 0) -> str:
    done = CliRunner().invoke(main, [str(each) for each in args])
    assert done.exit_code == code, done.output
    return done.output


@pytest.fixture(scope="module")
def graded_class(tmp_path_factory: pytest.TempPathFactory, box: Sandbox) -> Path:
    """The folder of a class that was graded, for copies."""
    folder = tmp_path_factory.mktemp("graded")
    files: dict[str, str | bytes] = {}
    for number, each in enumerate(STUDENTS):
        files[f"{each}/hw.py"] = f"{RIGHT}# {number}\n"
        files[f"{each}/derivation {each}.pdf"] = f"%PDF {each}".encode()
    write(folder / "class", files)
    rubric = tiny(folder / "assignment", WITH_MANUAL)
    with pytest.MonkeyPatch.context() as patch:
        work_nearby(patch, box)
        assert run_here(folder / "class", folder / "out", "-j", "1", "--rubric", rubric).code == 0
    return folder


@pytest.fixture
def out(graded_class: Path, tmp_path: Path) -> Path:
    shutil.copytree(graded_class, tmp_path, dirs_exist_ok=True)
    return tmp_path / "out"


def points_of(out: Path, grader: str) -> Path:
    return out / "decisions" / "points" / f"{grader}.csv"


def rows(out: Path, grader: str) -> Rows:
    return list(csv.DictReader(io.StringIO(points_of(out, grader).read_text())))


def as_text(found: Sequence[dict[str, str]], **how: str) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, found[0], **how)  # type: ignore[arg-type]
    writer.writeheader()
    writer.writerows(found)
    return text.getvalue()


def fill(out: Path, grader: str, points: str = "1") -> None:
    points_of(out, grader).write_text(as_text([{**row, "points": points} for row in rows(out, grader)]))


def batch(out: Path) -> str:
    done = run_here(out.parent / "class", out, "-j", "1")
    assert done.code == 0, done.err
    return done.out


# -- shares --------------------------------------------------------------------------------------------------------


def test_by_student_all_items_of_one_go_to_one_grader(out: Path) -> None:
    grade("marking", out, "--graders", "ann,bo,cy", "--by", "student")
    shares = [{row["student"] for row in rows(out, each)} for each in ("ann", "bo", "cy")]
    assert sorted(map(len, shares)) == [2, 3, 3]
    assert set.union(*shares) == set(STUDENTS)
    assert sum(map(len, shares)) == len(STUDENTS)


def test_by_item_a_grader_sees_one_item_again_and_again(out: Path) -> None:
    grade("marking", out, "--graders", "ann,bo", "--by", "item")
    assert [{row["item"] for row in rows(out, each)} for each in ("ann", "bo")] == [{item} for item in ITEMS]


def test_a_sample_is_marked_by_two_and_their_agreement_is_told(out: Path) -> None:
    grade("marking", out, "--graders", "ann,bo,cy", "--double", "25%")
    dealt = Counter((row["student"], row["item"]) for each in ("ann", "bo", "cy") for row in rows(out, each))
    assert sorted(dealt.values()) == [1] * 12 + [2] * 4
    assert all(len({(row["student"], row["item"]) for row in rows(out, g)}) == len(rows(out, g)) for g in ("ann", "bo"))
    for each in ("ann", "bo"):
        fill(out, each)
    fill(out, "cy", "0.5")
    said = batch(out)
    assert "4 marked twice: " in said
    assert ("points apart on average" in said) == ("graders disagree" in said)
    again = grade("marking", out, "--graders", "ann,bo,cy", "--double", "25%")
    assert again.count("0 to do") == 3
    assert "4 marked twice" in again


@pytest.mark.parametrize("share", ["-1%", "101%", "many", ""])
def test_what_is_no_share_is_refused(out: Path, share: str) -> None:
    assert "--double" in grade("marking", out, "--graders", "ann,bo", "--double", share, code=2)


def test_one_grader_can_t_mark_twice(out: Path) -> None:
    assert "two graders" in grade("marking", out, "--graders", "ann", "--double", "5%", code=2)


# -- disagreements -------------------------------------------------------------------------------------------------


def settled(out: Path, **cells: str) -> None:
    path = out / "decisions" / "settled.csv"
    found = list(csv.DictReader(io.StringIO(path.read_text())))
    path.write_text(as_text([{**row, **cells} for row in found]))


def test_what_graders_disagree_on_is_decided_in_a_table_that_stands_above_their_files(out: Path) -> None:
    grade("marking", out, "--graders", "ann,bo", "--double", "1%")
    fill(out, "ann", "1")
    fill(out, "bo", "0.5")
    assert "graders disagree" in batch(out)
    assert f"grade marking {out} --settle" in grade("status", out)
    assert "still need" not in grade("status", out)  # all is filled in
    assert "1 row to fill in" in grade("marking", out, "--settle")
    row = next(csv.DictReader(io.StringIO((out / "decisions" / "settled.csv").read_text())))
    assert (row["points"], sorted(row["gave"].split("; "))) == ("", ["ann 1", "bo 0.5"])
    before = table(out)[row["student"]]
    assert (before["status"], before[row["item"]]) == ("awaiting", "")

    settled(out, points="0.75", comment="Between the two.")
    said = batch(out)
    assert "graders disagree" not in said
    assert "1 marked twice: 0 alike" in said
    after = table(out)[row["student"]]
    assert (after["status"], after[row["item"]]) == ("graded", "0.75")
    assert "Between the two." in (out / "private" / "preview" / f"{row['student']}.md").read_text()
    assert "of 16 points count, with what people" in grade("student", out, row["student"], "--replay")
    assert "no graders disagree" in grade("marking", out, "--settle")
    assert "0.75" in (out / "decisions" / "settled.csv").read_text()
    grade("student", out, row["student"], "--erase", "--yes")
    assert row["student"] not in (out / "decisions" / "settled.csv").read_text()


def test_a_wrong_row_that_settles_nothing_is_named_and_the_rest_counts(out: Path) -> None:
    text = "student,item,points\nstu0,a plot,1\nstu1,a plot,7\nstuu,a plot,1\n"
    write(out, {"decisions/settled.csv": text})
    said = batch(out)
    assert all(f"settled.csv:{line}: " in said for line in (3, 4))
    assert {each: row["a plot"] for each, row in table(out).items() if row["a plot"]} == {"stu0": "1"}
    write(out, {"decisions/settled.csv": text.partition("stu1")[0]})
    batch(out)
    grade("marking", out, "--graders", "ann")
    assert len(rows(out, "ann")) == 2 * len(STUDENTS) - 1


def test_without_disagreement_or_items_there_is_nothing_to_settle(out: Path) -> None:
    assert "no graders disagree" in grade("marking", out, "--settle")
    assert not (out / "decisions" / "settled.csv").exists()
    assert "--graders ann,bo" in grade("marking", out, code=2)


# -- bundles -------------------------------------------------------------------------------------------------------


def test_a_bundle_holds_the_table_the_attachments_and_the_source_and_is_read_back(out: Path) -> None:
    grade("marking", out, "--graders", "ann")
    bundle = points_of(out, "ann").with_suffix(".zip")
    with zipfile.ZipFile(bundle) as archive:
        names = set(archive.namelist())
        assert archive.read("work/stu3/attachments/derivation stu3.pdf") == b"%PDF stu3"
        assert archive.read("work/stu3/source/hw.py").decode().startswith(RIGHT[:20])
        found = list(csv.DictReader(io.StringIO(archive.read("ann.csv").decode())))
    assert len(names) == 1 + 2 * len(STUDENTS)
    with zipfile.ZipFile(bundle, "w") as archive:  # as somebody packs it again, in a folder
        archive.writestr("ann/ann.csv", as_text([{**row, "points": "1"} for row in found]))
    batch(out)
    assert {row["score"] for row in table(out).values()} == {"12"}
    assert "0 to do, 16 done" in grade("marking", out, "--graders", "ann")
    assert {row["points"] for row in rows(out, "ann")} == {"1"}


def test_blind_graders_see_nobody_s_name_and_their_points_count(out: Path) -> None:
    grade("marking", out, "--graders", "ann", "--blind")
    bundle = points_of(out, "ann").with_suffix(".zip")
    with zipfile.ZipFile(bundle) as archive:
        assert not [name for name in archive.namelist() if "stu" in name]
    assert not [each for each in STUDENTS if each in points_of(out, "ann").read_text()]
    fill(out, "ann")
    batch(out)
    assert {row["score"] for row in table(out).values()} == {"12"}
    grade("student", out, "stu2", "--erase", "--yes")
    known = (out / "private" / "blind.csv").read_text().splitlines()
    codes = {row["code"] for row in csv.DictReader(known)}
    assert len(codes) == len(STUDENTS) - 1
    assert {row["student"] for row in rows(out, "ann")} == codes


def test_an_erased_student_is_in_no_bundle(out: Path) -> None:
    grade("marking", out, "--graders", "ann")
    grade("student", out, "stu3", "--erase", "--yes")
    with zipfile.ZipFile(points_of(out, "ann").with_suffix(".zip")) as archive:
        assert not [name for name in archive.namelist() if "stu3" in name]
        assert b"stu3" not in b"".join(map(archive.read, archive.namelist()))
        assert "work/stu4/source/hw.py" in archive.namelist()


# -- files as people send them -------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("start", ["", "sep=;\r\n"])
def test_a_file_from_a_spreadsheet_in_another_language_counts(out: Path, code: str, start: str) -> None:
    grade("marking", out, "--graders", "ann")
    filled = [{**row, "points": "0,5", "comment": "Schöner Weg"} for row in rows(out, "ann")]
    text = as_text(filled, delimiter=";", lineterminator="\r\n")
    points_of(out, "ann").write_bytes(f"{start}{text}".encode(code))
    batch(out)
    assert {row["score"] for row in table(out).values()} == {"11"}
    assert "Schöner Weg" in student_report(out, "stu1", "md")


def test_a_wrong_row_stops_itself_alone_and_is_named_with_its_line(out: Path) -> None:
    grade("marking", out, "--graders", "ann,bo")
    for each in ("ann", "bo"):
        fill(out, each)
    broken = points_of(out, "ann").read_text().splitlines()
    broken[3] = broken[3].replace(",1,", ",eleven,", 1)
    broken[5] = broken[5].replace("stu", "stw")
    points_of(out, "ann").write_text("\n".join(broken))
    said = batch(out)
    assert "points of graders that can't be taken; all others count:" in said
    assert f"{points_of(out, 'ann')}:4: points are a number from 0 to 5, found 'eleven'" in said
    assert f"{points_of(out, 'ann')}:6: nobody in this class has the id 'stw" in said
    assert "2 rows of a grader make no sense" in said or "2 rows of graders make no sense" in said
    assert Counter(row["status"] for row in table(out).values()) == {"graded": 6, "awaiting": 2}
    before = points_of(out, "ann").read_bytes()
    assert "would be lost" in grade("marking", out, "--graders", "ann,cy", code=2)
    assert points_of(out, "ann").read_bytes() == before


@pytest.mark.parametrize("data", [b"", b"PK no zip", b"who,what\nada,1\n", b"\xff\xfe\x00", b'student,item,points\n"a'])
@pytest.mark.parametrize("name", ["bo.csv", "bo.zip"])
def test_a_file_that_can_t_be_read_stops_itself_alone(out: Path, name: str, data: bytes) -> None:
    grade("marking", out, "--graders", "ann")
    fill(out, "ann")
    (points_of(out, "ann").parent / name).write_bytes(data)
    said = batch(out)
    assert str(points_of(out, "ann").parent / name) in said
    assert {row["status"] for row in table(out).values()} == {"graded"}


# -- groups --------------------------------------------------------------------------------------------------------


@pytest.fixture
def course(tmp_path: Path) -> Path:
    write(tmp_path / "class", {"ada.py": RIGHT, "di.py": RIGHT + "# di"})
    write(tmp_path, {"groups.csv": "group,student\n1,ada\n1,bo\n1,Cy@x.edu\n2,zoe\n"})
    write(tmp_path, {"roster.csv": "id,email,name\nada,,A\nbo,,B\ncy,cy@x.edu,C\ndi,,D\nzoe,,Z\n"})
    tiny(tmp_path / "assignment")
    return tmp_path


def members(course: Path, *options: object, code: int = 0) -> str:
    rubric = course / "assignment" / "tiny.yaml"
    call = ("--rubric", rubric, "--members", course / "groups.csv", *options)
    done = run_here(course / "class", course / "out", "-j", "1", *call)
    assert done.code == code, done.err
    return done.out + done.err


def test_what_one_hands_in_is_the_work_of_the_group(course: Path) -> None:
    members(course, "--roster", course / "roster.csv")
    found = {student: row["score"] for student, row in table(course / "out").items()}
    assert found == {"ada": "10", "bo": "10", "cy": "10", "di": "10", "zoe": ""}
    assert json.loads(student_report(course / "out", "bo"))["score"] == 10
    assert run_here(course / "class", course / "out", "-j", "1").code == 0
    assert table(course / "out")["bo"]["score"] == "10"  # it is remembered


def test_what_one_hands_in_late_is_late_for_the_whole_group_and_stays_so(course: Path) -> None:
    with (course / "assignment" / "tiny.yaml").open("a") as rubric:
        rubric.write('\nlate: {deadline: "2026-10-02 17:00", zone: Europe/Berlin, penalty: 2 points per day}\n')
    write(course, {"times.csv": "student,time\nada,2026-10-03 12:00\ndi,2026-10-02 12:00\n"})
    members(course, "--roster", course / "roster.csv", "--times", course / "times.csv")
    found = {student: (row["score"], row["late"]) for student, row in table(course / "out").items()}
    assert found == {**dict.fromkeys(("ada", "bo", "cy"), ("8", "late")), "di": ("10", ""), "zoe": ("", "")}
    grade("student", course / "out", "ada", "--erase", "--yes")
    assert grade("student", course / "out", "bo").splitlines()[2] == "graded, 8 of 10 points, late"


def test_where_several_of_a_group_handed_in_it_is_said_and_one_counts(course: Path) -> None:
    write(course / "class", {"bo.py": "print('nothing')\n"})
    members(course)
    row = table(course / "out")["bo"]
    assert row["score"] == "10"
    assert "handed in by ada, bo" in row["remarks"]


@pytest.mark.parametrize(
    ("text", "said"),
    {
        "group,student\n1,ada\n2,bo\n2,ada\n": "groups.csv:4: 'ada' is in group '2', and in line 2 in group '1'",
        "group,student\n1,ada\n2,ADA\n": "groups.csv:3: 'ADA' is in group '2'",
        "group,student\n,ada\n": "groups.csv:2: the group is empty",
        "team,student\n1,ada\n": "has no column 'group'",
        "": "has no column 'group'",
    }.items(),
)
def test_a_members_file_that_can_t_be_meant_changes_nothing(course: Path, text: str, said: str) -> None:
    write(course, {"groups.csv": text})
    assert said in members(course, code=2)
    assert not (course / "out" / "grades.csv").exists()


def test_one_person_by_two_names_in_two_groups_is_refused(course: Path) -> None:
    write(course, {"groups.csv": "group,student\n1,cy\n2,cy@x.edu\n"})
    assert "by two names" in members(course, "--roster", course / "roster.csv", code=2)


def test_a_members_file_that_isn_t_there_is_named(course: Path) -> None:
    (course / "groups.csv").unlink()
    assert "--members" in members(course, code=2)
