"""Named parts of a wrong result as pictures: one scale, the worst entry in a frame, and nothing hidden for students."""

from __future__ import annotations

import math
import re
from pathlib import Path

import pytest
from rubric.language import Course

from grader.checks.finding import Block
from grader.grading.grades import Grade
from grader.report.audience import for_audience
from grader.report.formats import html
from grader.report.heat import draw_blocks
from grader.report.screen import lay_out_screen
from grader.report.writing import render
from grader.sandbox.sandbox import Sandbox

RUBRIC = """\
  gradient:
    points: 4
    arguments: {W: "normal(M, 2)", b: "normal(2)", x: "normal(N, M)"}
    returns: {loss: number, flat: {blocks: {W: "(M, 2)", b: 2}}}
    checks: [{value: all of it, points: 4}]
"""
SOLVED = """
def gradient(W, b, x):
    out = x @ W + b
    return np.sum(out**2) / 2, np.concatenate([(x.T @ out).ravel(), out.sum(axis=0)])
"""
WRONG = SOLVED.replace("out.sum(axis=0)", "out.mean(axis=0)")


@pytest.fixture(scope="module")
def grade(tmp_path_factory: pytest.TempPathFactory, box: Sandbox) -> Grade:
    return Course(tmp_path_factory.mktemp("heat"), box, RUBRIC, SOLVED).grade(WRONG, seed=4)


def test_all_parts_share_a_scale_and_the_worst_entry_is_in_a_frame() -> None:
    blocks = (
        Block("W", False, 2, (1.0, -2.0, 0.5, 0.0), (1.0, 2.0, 0.5, math.nan)),
        Block("b", True, 1, (4.0,), (4.0,)),
        Block("loss", True),
    )
    drawn = draw_blocks(blocks, "two")
    assert drawn is not None
    assert (drawn.largest, [each.name for each in drawn.maps]) == ("4", ["W", "b"])
    first, second = drawn.maps
    assert [(cell.ink, cell.strength) for cell in first.cells[:4]] == [
        ("p", "0.25"),
        ("n", "0.50"),
        ("p", "0.12"),
        ("p", "0.00"),
    ]
    assert [number for number, cell in enumerate(first.cells) if cell.is_worst] == [3, 7, 11]
    assert first.cells[7].ink == "odd"
    assert first.said == "not right; furthest off at [1, 1]: expected 0, returned nan"
    assert (second.said, any(cell.is_worst for cell in second.cells)) == ("right", False)


def test_nothing_is_drawn_without_numbers() -> None:
    assert draw_blocks((Block("W", False), Block("b", True)), "") is None


@pytest.mark.parametrize("audience", ["instructor", "student"])
@pytest.mark.parametrize("form", ["text", "markdown", "html"])
def test_each_report_says_which_parts_are_right(grade: Grade, form: str, audience: str) -> None:
    shown = for_audience(grade, "student") if audience == "student" else grade
    assert "Right: loss, W. Not right: b." in " ".join(render(shown, form).split())
    assert any("Right: loss, W. Not right: b." in line.text for line in lay_out_screen(shown, 80))


def test_instructors_see_pictures_and_students_those_of_public_checks_alone(
    grade: Grade, tmp_path: Path, box: Sandbox
) -> None:
    page = html.render(grade)
    assert len(re.findall(r'<svg role="img"[^>]*aria-label="(?:W|b): expected', page)) == 2
    assert 'class="worst"' in page
    assert "<svg role" not in html.render(for_audience(grade, "student"))
    public = Course(tmp_path, box, RUBRIC.replace("points: 4}]", "points: 4, visibility: public}]"), SOLVED)
    assert "<svg role" in html.render(for_audience(public.grade(WRONG, seed=4), "student"))


def test_students_get_no_numbers_of_a_hidden_check_with_the_parts(grade: Grade) -> None:
    student = for_audience(grade, "student")
    assert all(check.details is None for check in student.functions[0].checks)
    (witness,) = student.functions[0].witnesses
    assert witness.details.blocks == (Block("loss", True), Block("W", True, of=1), Block("b", False, of=1))
