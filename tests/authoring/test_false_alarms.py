"""Checks in Python say how often chance fails what is right; `verify --repeat` holds it against what draws show."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from grader.authoring.sections import Section
from grader.authoring.soundness.alarms import alarms_section, check_chance
from grader.cli import main
from grader.plan.assignment import load_assignment
from grader.plan.plan import draw_plan

pytestmark = pytest.mark.usefixtures("lent")  # starting a jail takes longer than what is claimed here

HEAD = """\
schema: 1
assignment: "Chance"
reference: chance
sizes: {one: {N: 1}}
functions:
  normals: {points: 2, promise: "So many normal numbers by rng."}
"""
SOLVED = """\
import numpy as np
from grader.reference import check, right

def normals(count, rng):
    return rng.normal(size=count)

"""
CHECKED = """
@check("normals", title="asked", points=2, false_alarm=RATE)
def looks(student, draw):
    x = student.normals(100, draw.rng())
    LOOK
"""
OTHER_STYLE = """
@right("normals", name="one by one")
def one_by_one(count, rng):
    return np.array([rng.normal() + SHIFT for _ in range(count)])
"""
Saying = Callable[..., Section]


@pytest.fixture
def said(tmp_path: Path) -> Saying:
    """What `draws` draws say of a check whose last line is `look`."""

    def say(look: str, rate: str, draws: int = 50, more: str = "") -> Section:
        rubric = write(tmp_path, CHECKED.replace("RATE", rate).replace("LOOK", look) + more)
        assignment = load_assignment(rubric)
        checked = [one for seed in range(draws) for one in check_chance(draw_plan(assignment, seed))]
        (section,) = alarms_section(checked)
        return section

    return say


def write(folder: Path, checked: str) -> Path:
    (folder / "chance").mkdir()
    (folder / "chance" / "solution.py").write_text(SOLVED + checked)
    (folder / "chance.yaml").write_text(HEAD)
    return folder / "chance.yaml"


def test_a_rate_that_the_draws_refute_cant_be_true(said: Saying) -> None:
    section = said("draw.holds(abs(x.mean()) < 0.1)", "1e-6")
    (text,) = section.differences
    assert "normals: asked: its false_alarm of 1e-06 can't be true: the reference fails on" in text
    assert "of 50 draws, the first is --seed" in text
    assert "state what is true, about 0." in text


def test_a_right_style_that_fails_oftener_than_stated_is_named(said: Saying) -> None:
    look = "draw.close(x.mean(), 0.0, within=0.6)"
    section = said(look, "1e-6", more=OTHER_STYLE.replace("SHIFT", "0.5"))
    (text,) = section.differences
    assert "can't be true: other style 'one by one' fails on" in text


def test_a_bound_too_near_for_its_rate_shows_in_the_spread_though_no_draw_fails(said: Saying) -> None:
    (text,) = said("draw.close(x.mean(), 0.0, within=0.3)", "1e-9").differences
    assert "can hardly be true: its statistic stays " in text
    assert "of its own spread within its bound, which chance passes on one draw in" in text
    assert "times as wide, or state" in text


@pytest.mark.parametrize("look", ["draw.close(x.mean(), 0.0, within=0.6)", "draw.between(x.mean(), -0.6, 0.6)"])
def test_of_a_small_rate_it_says_that_draws_cant_show_it_and_what_its_spread_shows(said: Saying, look: str) -> None:
    section = said(look, "1e-6")
    assert (section.differences, section.unasked) == ((), ())
    (note,) = section.notes
    assert "50 draws can't show a false_alarm of 1e-06, but its statistic stays " in note


def test_without_a_number_to_measure_it_says_that_nothing_was_measured(said: Saying) -> None:
    section = said("draw.holds(abs(x.mean()) < 0.6)", "1e-6")
    assert (section.differences, section.notes) == ((), ())
    (text,) = section.unasked
    assert "50 draws can't show a false_alarm of 1e-06, and there is no spread to measure" in text


def test_a_statistic_that_stays_where_it_is_fits(said: Saying) -> None:
    section = said("draw.close(len(x), 100, within=1)", "1e-6")
    assert (section.differences, section.unasked) == ((), ())
    assert "its statistic moves on none of them: it uses 0 of its bound" in section.notes[0]


def test_a_rate_that_is_seen_fits(said: Saying) -> None:
    section = said("draw.holds(abs(x.mean()) < 0.17)", "0.1")
    assert (section.differences, section.unasked) == ((), ())
    assert "of 50 draws, as a false_alarm of 0.1 allows" in section.notes[0]


def run(rubric: Path, *options: str) -> Result:
    return CliRunner().invoke(main, ["verify", str(rubric), "--seed", "4", "-j", "1", *options])


def test_what_chance_fails_as_seldom_as_stated_is_no_loss_and_the_rate_is_told(tmp_path: Path) -> None:
    look = CHECKED.replace("RATE", "0.2").replace("LOOK", "draw.close(x.std(), 1.0, within=0.12)")
    found = run(write(tmp_path, look + OTHER_STYLE.replace("SHIFT", "0")), "--repeat", "24")
    assert "ok repeat" in found.output
    assert "24 draws: 2 of 2 right solutions keep every point on each" in found.output
    assert "ok false alarms  1 check states a rate, held against 24 draws" in found.output
    assert re.search(
        r"normals: asked: it fails on \d of 24 draws, as a false_alarm of 0.2 allows; its statistic", found.output
    )
    assert found.exit_code == 0
