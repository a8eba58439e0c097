"""The class on one page: who needs a person, what cost most, and everybody; private, and complete without a server."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path

import pytest
from classroom.classes import BROKEN, RIGHT, WRONG, class_page, graded, run_here, tiny, write

from grader.classroom.review.class_numbers import find_misconceptions, find_pairs, measure_functions, spread
from grader.classroom.store.marks import CheckMark, FunctionMark, MarkedSubmission, Marks
from grader.grading.grades import NamedMistake
from grader.verdict import Verdict

NO_IMPORT = "def double(x):\n    return np.multiply(2, x)\n\ndef negate(x):\n    return np.negative(x)\n"
ONE, NONE = Fraction(1), Fraction(0)


@pytest.fixture
def rubric(tmp_path: Path) -> Path:
    return tiny(tmp_path / "assignment")


def _raw(out: Path) -> str:
    return (out / "private" / "index.html").read_text(encoding="utf-8")


@pytest.mark.usefixtures("nearby")
def test_who_needs_a_person_and_what_cost_most_is_said_and_everybody_stands_in_the_table(
    tmp_path: Path, rubric: Path
) -> None:
    files: dict[str, str | bytes] = {f"s{at}.py": f"{NO_IMPORT}# {at}\n" for at in range(3)}
    files |= {"ada.py": RIGHT, "bo.py": WRONG, "cy.ipynb": "{", "di/empty.txt": "", "ed.py": BROKEN}
    out = tmp_path / "out"
    graded(write(tmp_path / "class", files), out, rubric)
    page = class_page(out)
    assert page.index("can't be read") < page.index("Where the class lost most") < page.index("Known mistakes")
    assert "3 students lost 10 points or more each, 30 together: one missing import, import numpy as np" in page
    rows = re.findall(r'<tr><th scope="row">(?:<a href="([^"]+)">)?([\w.]+)', _raw(out).partition('id="class"')[2])
    assert {name for _, name in rows} == {"ada", "bo", "cy", "di", "ed", "s0", "s1", "s2"}
    assert all((out / "private" / link).is_file() for link, _ in rows if link)


@pytest.mark.usefixtures("nearby")
def test_whose_line_is_shown_is_said_only_where_names_are_asked_for(tmp_path: Path, rubric: Path) -> None:
    mistake = """from grader.reference import mistake


@mistake("double", name="three times", hint="Twice.")
def thrice(x):
    return 3 * x
"""
    (rubric.parent / "tiny" / "slips.py").write_text(mistake)
    folder, out = write(tmp_path / "class", {"adalein.py": WRONG, "bo.py": RIGHT}), tmp_path / "out"
    assert run_here(folder, out, "--rubric", rubric).code == 0
    shown = _raw(out).partition('id="mistakes"')[2].partition('id="groups"')[0]
    assert "return 3 * x" in shown
    assert "adalein" not in shown
    assert run_here(folder, out, "--rubric", rubric, "--names").code == 0
    assert "As <bdi>adalein</bdi> wrote it:" in _raw(out)


@pytest.mark.usefixtures("nearby")
def test_names_of_files_and_texts_of_exceptions_are_text(tmp_path: Path, rubric: Path) -> None:
    raising = RIGHT.replace("return 2 * x", "raise ValueError('<img src=x onerror=alert(1)>')")
    files: dict[str, str | bytes] = {f"<b>{at}.py": f"{raising}# {at}\n" for at in range(3)}
    graded(write(tmp_path / "class", files), tmp_path / "out", rubric)
    page = _raw(tmp_path / "out")
    assert "<img" not in page
    assert "<b>" not in page
    assert "&lt;img src=x onerror=alert(1)&gt;" in page


@pytest.mark.usefixtures("nearby")
def test_no_name_in_a_batch_becomes_a_command_of_a_ci_system(tmp_path: Path, rubric: Path) -> None:
    files: dict[str, str | bytes] = {"::error title=x::y/hw.py": RIGHT, "::add-mask::z/hw.py": BROKEN, "bo/hw.py": "1"}
    done = run_here(write(tmp_path / "class", files), tmp_path / "out", "--rubric", rubric)
    lines = (done.out + done.err).splitlines()
    assert any("error title=x" in line for line in lines)
    assert [line for line in lines if line.lstrip().startswith("::")] == []


# -- numbers -------------------------------------------------------------------------------------------------------


def _submission(number: int, scores: tuple[int, ...], *mistakes: str) -> MarkedSubmission:
    named = tuple(NamedMistake(name, "") for name in mistakes)
    checks = tuple(CheckMark(f"c{at}", Fraction(got), ONE) for at, got in enumerate(scores))
    verdict = Verdict.PASSED if all(scores) else Verdict.PARTLY
    function = FunctionMark(
        "f", verdict, sum(map(Fraction, scores), NONE), named, checks, max_score=Fraction(len(scores))
    )
    return MarkedSubmission(str(number), (f"s{number}",), Marks(verdict, (function,)))


def test_a_check_that_only_the_best_pass_discriminates_and_one_that_all_pass_says_nothing() -> None:
    everyone = [_submission(at, (at > 4, at > 4, 1)) for at in range(10)]
    first, _, same = measure_functions(everyone)[0].checks
    assert (first.right, first.asked, first.share) == (5, 10, 0.5)
    assert first.discrimination == pytest.approx(1.0)
    assert same.discrimination is None


def test_every_score_lies_in_one_range_the_best_in_the_last() -> None:
    bins = spread([Fraction(0), Fraction(99), Fraction(100), Fraction(105)], Fraction(100))
    assert sum(each.students for each in bins) == 4
    assert bins[-1].high == 105


def test_mistakes_are_counted_by_students_and_pairs_only_where_several_made_both() -> None:
    everyone = [_submission(at, (0, 1), "a") for at in range(3)] + [_submission(9, (0, 1), "b")]
    assert [(each.name, len(each.students)) for each in find_misconceptions(everyone)] == [("a", 3), ("b", 1)]
    assert find_pairs(everyone) == []
    twice = [
        MarkedSubmission("x", (f"t{at}",), Marks(Verdict.PARTLY, (*one.marks.functions, *_other(one))))
        for at, one in enumerate(everyone[:2])
    ]
    assert [(pair.one, pair.other, pair.students) for pair in find_pairs(twice)] == [("a (f)", "a (g)", 2)]


def _other(one: MarkedSubmission) -> tuple[FunctionMark, ...]:
    f = one.marks.functions[0]
    return (FunctionMark("g", f.verdict, f.score, f.mistakes, f.checks, max_score=f.max_score),)
