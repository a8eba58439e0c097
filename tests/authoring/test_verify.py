"""`grade verify` is calm about a sound assignment, and names everything that is planted in a broken one."""

from __future__ import annotations

from pathlib import Path

import pytest
from authoring.small import REFERENCE, RIGHT, RUBRIC, SQUARE, VARIANTS, assignment, sample
from click.testing import CliRunner, Result

from grader.authoring.verify import Verified, variant_sections, verify_assignment
from grader.cli import main
from grader.plan.plan import Plan


def section(found: Verified, name: str) -> tuple[str, ...]:
    """What differs in one section."""
    return next(each.differences for each in found.sections if each.name == name)


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["verify", *map(str, arguments)])


def test_a_sound_assignment_is_all_well_and_says_so_on_one_screen(tmp_path: Path) -> None:
    result = run(assignment(tmp_path), "--seed", "1")
    assert result.exit_code == 0, result.output
    assert result.output.rstrip().endswith("All is well.")
    assert len(result.output.splitlines()) <= 24


@pytest.mark.parametrize("name", ["cs224n_a1", "rk4", "kmeans", "conv2d"])
def test_a_bundled_assignment_is_sound(name: str) -> None:
    found = verify_assignment(name)
    assert [text for each in found.sections for text in each.differences] == [], f"seed {found.seed}"


def test_every_variant_of_the_default_assignment_is_as_it_should_be(plan: Plan) -> None:
    found = variant_sections(plan)
    assert [text for each in found for text in each.differences] == [], f"seed {plan.seed}"


def test_what_differs_ends_in_exit_1(tmp_path: Path) -> None:
    rubric = assignment(tmp_path)
    sample(tmp_path, "square", SQUARE, "{}")
    result = run(rubric)
    assert result.exit_code == 1
    assert "square: double: should be passed, is partly" in result.output


def test_all_flaws_of_a_rubric_are_listed_with_exit_3(tmp_path: Path) -> None:
    rubric = assignment(tmp_path, RUBRIC.replace("points: 2}", "pionts: 2}"))
    result = run(rubric)
    assert result.exit_code == 3
    assert result.output.count("did you mean 'points'") == 2


def test_a_reference_that_breaks_its_own_promise_is_found(tmp_path: Path) -> None:
    changing = REFERENCE.replace("return 2 * x", "x *= 2\n    return x.copy()")
    found = section(verify_assignment(assignment(tmp_path, reference=changing)), "reference")
    assert [text for text in found if "double: 8 of 10; leaves x alone" in text]


def test_points_for_nothing_are_found(tmp_path: Path) -> None:
    rubric = assignment(tmp_path, reference=REFERENCE.replace("2 * x", "1 * x"), variants=VARIANTS)
    found = section(verify_assignment(rubric), "trivial")
    assert [text for text in found if text.startswith("a copy of its argument: double earns 10 of 10")]


def test_a_mistake_that_no_check_catches_is_found(tmp_path: Path) -> None:
    long = '\n@mistake("double", name="only four", hint="No.")\ndef four(x):\n    return 2 * x[:4]\n'
    found = section(verify_assignment(assignment(tmp_path, variants=VARIANTS + long)), "mistakes")
    assert found == ("double: only four: no check catches it",)


def test_mistakes_that_cannot_be_told_apart_are_found(tmp_path: Path) -> None:
    twice = '\n@mistake("double", name="a power", hint="No.")\ndef power(x):\n    return x**2\n'
    found = section(verify_assignment(assignment(tmp_path, variants=VARIANTS + twice)), "mistakes")
    assert found == (
        "double: the square: caught, and not told from other mistakes",
        "double: a power: caught, and not told from other mistakes",
    )


def test_a_muted_mistake_need_not_be_named(tmp_path: Path) -> None:
    twice = '\n@mistake("double", name="a power", hint="No.")\ndef power(x):\n    return x**2\n'
    muted = RUBRIC.replace("sizes:", "mute: [a power]\nsizes:")
    assert verify_assignment(assignment(tmp_path, muted, variants=VARIANTS + twice)).all_well


@pytest.mark.parametrize("kind", ["right", "convention"])
def test_what_should_be_right_and_loses_points_is_found(tmp_path: Path, kind: str) -> None:
    spoilt = f'\n@{kind}("double", name="off")\ndef off(x):\n    x += 1\n    return 2 * (x - 1)\n'
    found = verify_assignment(assignment(tmp_path, variants=VARIANTS + spoilt))
    (text,) = section(found, {"right": "other styles", "convention": "conventions"}[kind])
    assert text.startswith("double: off: loses points: double: 8 of 10")


def test_a_variant_of_a_function_that_nobody_asks_for_is_found(tmp_path: Path) -> None:
    stray = '\n@mistake("tripple", name="x", hint="y")\ndef stray(x):\n    return x\n'
    found = section(verify_assignment(assignment(tmp_path, variants=VARIANTS + stray)), "mistakes")
    assert found == ("tripple: x: the rubric asks for no such function",)


def test_an_assignment_without_samples_is_told_where_they_would_be_looked_for(tmp_path: Path) -> None:
    rubric = assignment(tmp_path)
    (tmp_path / "sample_submissions").rename(tmp_path / "elsewhere")
    result = run(rubric)
    assert result.exit_code == 0
    assert "none: looked for" in result.output
    assert "1 of 1 as expected" in run(rubric, "--samples", tmp_path / "elsewhere" / "doubling").output


def test_update_shows_and_writes_what_draws_agree_on(tmp_path: Path) -> None:
    rubric = assignment(tmp_path)
    # Right where the first entry is positive: what it earns is up to the draw.
    lucky = sample(tmp_path, "lucky", "def double(x):\n    return 2 * x if x[0] > 0 else x\n", "{}")
    square = sample(tmp_path, "square", SQUARE, "{}")
    text = (tmp_path / "sample_submissions/doubling/right/expected.yaml").read_text()
    seeds = ("--seed", "1")
    result = run(rubric, "--update", *seeds)
    assert '+  double: {verdict: partly, score: 5, mistake: "the square"}' in result.output
    assert 'mistake: "the square"' in (square / "expected.yaml").read_text()
    assert "score" not in (lucky / "expected.yaml").read_text()
    assert (tmp_path / "sample_submissions/doubling/right/expected.yaml").read_text() == text
    assert run(rubric).exit_code == 0, "what was written holds for another draw"


def test_a_right_sample_in_a_file_that_runs_wild_is_still_run_in_the_jail(tmp_path: Path) -> None:
    rubric = assignment(tmp_path)
    spy = RIGHT.replace("return x + x", f"open({str(rubric)!r}).read()\n    return x + x")
    sample(tmp_path, "spy", spy, "{double: {verdict: error, score: 0}}")
    assert section(verify_assignment(rubric), "samples") == ()
