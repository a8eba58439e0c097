"""`grade verify` is calm about a sound assignment, and names everything that is planted in a broken one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from authoring.small import REFERENCE, RIGHT, RUBRIC, SQUARE, VARIANTS, assignment, sample
from click.testing import CliRunner, Result

from grader.authoring import trivial
from grader.authoring.samples import find_samples
from grader.authoring.soundness.variants import variant_sections
from grader.authoring.verify import Repetition, Verified, verify_assignment
from grader.cli import main
from grader.errors import UsageError
from grader.plan.assignment import bundled_rubrics
from grader.plan.plan import Plan

pytestmark = pytest.mark.usefixtures("lent", "few_bodies")


@pytest.fixture
def few_bodies(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the trivial submissions four: all of them are put to the bundled assignments, and take most of the time."""
    few = ("its argument", "a copy of its argument", "an exception", "an empty list")
    monkeypatch.setattr(trivial, "BODIES", {name: trivial.BODIES[name] for name in few})


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


@pytest.mark.parametrize("name", sorted(set(bundled_rubrics()) - {"assignment1"}))
def test_a_bundled_assignment_is_sound_on_three_draws_and_everything_was_asked(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()  # a jail of its own, and every trivial submission
    found = verify_assignment(name, repetition=Repetition(3))
    assert [text for each in found.sections for text in (*each.differences, *each.unasked)] == [], f"seed {found.seed}"


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
        "double: the square: caught, and not told from other mistakes: 'a power'",
        "double: a power: caught, and not told from other mistakes: 'the square'",
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
    assert "no sample: put a right submission and a wrong one into sample_submissions" in result.output
    assert "All is well" not in result.output
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


FOUR_MISTAKES = """\
about: a sample
submission: hv.py
probelms: []
functions:
  double: {verdict: partially, score: -1}
"""


def test_all_mistakes_of_an_expectation_are_named_with_their_lines(tmp_path: Path) -> None:
    rubric = assignment(tmp_path)
    file = sample(tmp_path, "square", SQUARE, "{}") / "expected.yaml"
    file.write_text(FOUR_MISTAKES)
    result = run(rubric)
    assert result.exit_code == 2
    flaws = [text.partition(f"{file}:")[2] for text in result.output.splitlines() if str(file) in text]
    assert [flaw.partition(": ")[0] for flaw in flaws] == ["2:13", "3:1", "5:21", "5:39"]
    assert "there is no 'hv.py' beside this file; did you mean 'hw.py'?" in flaws[0]
    assert "did you mean 'problems'?" in flaws[1]
    assert "did you mean 'partly'?" in flaws[2]
    assert "double: score should be not below 0, found -1" in flaws[3]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "1:1: the file is empty"),
        ("about: [", "not valid YAML"),
        ("about: a\nfunctions: {}\n", "1:1: expected.yaml lacks 'submission'"),
        ("- about", "1:1: expected.yaml should be a mapping"),
        ("about: a\nabout: b\nsubmission: hw.py\n", "2:1: the key 'about' stands twice (first in line 1)"),
        ("about: a\nsubmission: hw.py\nfunctions: {double: partly}\n", "double should be a mapping"),
        ("about: a\nsubmission: hw.py\nproblems: [1]\n", "3:12: problems should be text"),
        ("about: a\nsubmission: hw.py\nscore: much\n", "3:8: score should be a number or a fraction"),
    ],
)
def test_whatever_is_wrong_with_an_expectation_is_said_in_its_place(tmp_path: Path, text: str, said: str) -> None:
    place = sample(tmp_path, "square", SQUARE, "{}")
    (place / "expected.yaml").write_text(text)
    with pytest.raises(UsageError, match=re.escape(said)):
        list(find_samples(place.parent))


def test_a_sample_without_an_expectation_is_said_and_update_writes_it(tmp_path: Path) -> None:
    rubric = assignment(tmp_path)
    expected = sample(tmp_path, "square", SQUARE, "{}") / "expected.yaml"
    expected.unlink()
    before = run(rubric)
    assert before.exit_code == 1
    assert "square: has no expected.yaml; `grade verify --update` writes one" in before.output
    after = run(rubric, "--update", "--seed", "1")
    assert after.exit_code == 0, after.output
    assert 'double: {verdict: partly, score: 5, mistake: "the square"}' in expected.read_text()


def test_update_writes_nothing_where_it_cannot_tell_what_was_submitted(tmp_path: Path) -> None:
    rubric = assignment(tmp_path)
    place = sample(tmp_path, "square", SQUARE, "{}")
    (place / "expected.yaml").rename(place / "notes.txt")
    result = run(rubric, "--update")
    assert result.exit_code == 1
    assert "square: has no expected.yaml; write one that names the submission" in result.output
    assert not (place / "expected.yaml").exists()


def test_what_could_not_be_asked_is_said_and_is_not_well(tmp_path: Path) -> None:
    one_check = RUBRIC.replace("points: 6}", "points: 10}").partition("      - {unchanged")[0]
    result = run(assignment(tmp_path, one_check, variants=""))
    assert result.exit_code == 0
    assert "double: few checks: 1 with points" in result.output
    assert "no mistake is known of double" in result.output
    assert result.output.rstrip().endswith("Nothing differs; not everything could be asked.")


def test_a_mistake_that_is_another_one_each_time_is_said_to_be(tmp_path: Path) -> None:
    dice = '\n@mistake("double", name="dice", hint="No.")\ndef dice(x):\n    return np.random.rand(*x.shape)\n'
    found = section(verify_assignment(assignment(tmp_path, variants=VARIANTS + dice)), "mistakes")
    assert found == ("double: dice: caught, and never named: it answers nothing, or something else each time",)


def test_a_mistake_in_the_first_of_a_pair_is_named_where_the_rest_stays_in_the_child(tmp_path: Path) -> None:
    rubric = RUBRIC.replace("    checks:", '    call: "double(x)[0]"\n    checks:').partition("      - {unchanged")[0]
    rubric = rubric.replace("points: 6}", "points: 10}")
    pair = REFERENCE.replace("return 2 * x", "return 2 * x, {}")
    wrong = '@mistake("double", name="x", hint="y")\ndef off(x):\n    return 3 * x, {}\n'
    head = "from grader.reference import mistake\n\n\n"
    found = verify_assignment(assignment(tmp_path, rubric, pair, head + wrong))
    assert section(found, "mistakes") == ()


# -- on many draws -------------------------------------------------------------------------------------------------

FLAKY = """
@right("double", name="of small numbers")
def small(x):
    return 2 * np.minimum(x, 1.0)


@mistake("double", name="large ones", hint="All of them.")
def large(x):
    return 2 * np.minimum(x, 1.5)
"""


@pytest.fixture(scope="module")
def repeated(tmp_path_factory: pytest.TempPathFactory) -> Result:
    folder = tmp_path_factory.mktemp("repeated")
    rubric = assignment(folder, variants=VARIANTS + FLAKY)
    sample(folder, "sometimes", "def double(x):\n    return 2 * x if x[0] < 1 else x\n", "{}")
    return run(rubric, "--repeat", "12", "--seed", "3", "-j", "1")


def test_a_check_that_hangs_on_the_draw_is_named_with_the_seed_and_with_who_loses(repeated: Result) -> None:
    flaky = next(line for line in repeated.output.splitlines() if "flaky: double: entries: a right answer" in line)
    found = re.search(r"on (\d+) of 12 draws, the first is --seed (\d+) \((.*)\)", flaky)
    assert found is not None
    assert 0 < int(found[1]) < 12
    assert 3 <= int(found[2]) < 15
    assert "other style 'of small numbers'" in found[3]
    assert "sample 'sometimes'" in found[3]


def test_a_mistake_that_escapes_on_some_draws_is_named_with_the_seed(repeated: Result) -> None:
    assert re.search(
        r"flaky: double: mistake 'large ones': no check catches it on \d+ of 12 draws, the first is --seed \d+\n",
        repeated.output,
    )


def test_what_differs_on_many_draws_ends_in_exit_1(repeated: Result) -> None:
    assert (repeated.exit_code, "NO repeat" in repeated.output) == (1, True)


def test_the_seed_that_is_named_shows_the_loss_again(repeated: Result, tmp_path: Path) -> None:
    seed = int(re.findall(r"'large ones': no check catches it on .* --seed (\d+)", repeated.output)[0])
    rubric = assignment(tmp_path, variants=VARIANTS + FLAKY)
    assert "double: large ones: no check catches it" in section(verify_assignment(rubric, seed=seed), "mistakes")


def test_a_sound_assignment_is_well_on_many_draws(tmp_path: Path) -> None:
    found = verify_assignment(assignment(tmp_path), seed=1, repetition=Repetition(3, 1))
    (said,) = (each for each in found.sections if each.name == "repeat")
    assert said.differences == ()
    assert said.summary.startswith("3 draws: 4 of 4 right solutions keep every point on each, 2 of 2 mistakes")


def test_a_draw_that_breaks_the_reference_is_named_by_its_seed(tmp_path: Path) -> None:
    breaking = REFERENCE.replace("return 2 * x", "if x[0] > 0.9:\n        raise ValueError('large')\n    return 2 * x")
    result = run(assignment(tmp_path, reference=breaking, variants=""), "--repeat", "20", "--seed", "3", "-j", "1")
    assert result.exit_code == 3
    assert re.search(r"with --seed \d+: .*large", result.output)


def test_a_right_sample_in_a_file_that_runs_wild_is_still_run_in_the_jail(tmp_path: Path) -> None:
    rubric = assignment(tmp_path)
    spy = RIGHT.replace("return x + x", f"open({str(rubric)!r}).read()\n    return x + x")
    sample(tmp_path, "spy", spy, "{double: {verdict: error, score: 0}}")
    assert section(verify_assignment(rubric), "samples") == ()


def test_a_truth_that_is_rounding_noise_is_named(tmp_path: Path) -> None:
    noisy = REFERENCE.replace(
        "return 2 * x", "return ((x / 3) * 3 - x) + ((x * 1.1) / 1.1 - x) + np.sin(x * 1e15) * 1e-20"
    )
    found = section(verify_assignment(assignment(tmp_path, reference=noisy, variants="")), "rounding")
    assert any("double: entries, different" in text and "it is rounding; say scale:" in text for text in found)


FEW = """\
schema: 1
assignment: "Few results"
reference: doubling
sizes: {four: {N: 4}, five: {N: 5}}
functions:
  double:
    points: 10
    arguments: {a: "integers(0, 4, N)", b: "integers(0, 4, N)"}
    returns: number
    checks:
      - {value: distances, points: 6TIMES}
      - {repeatable: the same answer, points: 4}
"""
COUNTED = "def double(a, b):\n    return int((a != b).sum())\n"


def test_a_guess_that_is_often_right_is_named_with_how_often(tmp_path: Path) -> None:
    rubric = FEW.replace("TIMES", "").replace("{four: {N: 4}, five: {N: 5}}", "{four: {N: 4}}")
    found = section(verify_assignment(assignment(tmp_path, rubric, COUNTED, "")), "chance")
    assert any("double keeps 6 of 10 on one draw in" in text and "say times: 20" in text for text in found)


def test_many_draws_leave_a_guess_no_chance(tmp_path: Path) -> None:
    rubric = FEW.replace("TIMES", ", times: 20")
    assert section(verify_assignment(assignment(tmp_path, rubric, COUNTED, "")), "chance") == ()
