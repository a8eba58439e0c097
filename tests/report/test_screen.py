"""The first screen: short, with each cause once, and nothing that its reader may not see."""

from __future__ import annotations

import re
import statistics
from pathlib import Path

import pytest
from click.testing import CliRunner
from msgspec.structs import replace
from report import sample_grades
from report.hostile import NASTY
from report.screens import AUDIENCES, FOLDER, SAMPLES, grade_samples, screen

from grader import pipeline
from grader.cli import main
from grader.grading.grades import Audience, Grade, Problem
from grader.report.audience import for_audience
from grader.report.causes import find_causes
from grader.report.exceptions import advise_on, shorten
from grader.report.formats.html import render as render_page
from grader.report.formats.text import render_screen
from grader.report.outline import fold_problems
from grader.report.sanitize import columns
from grader.report.screen import mark_wrong, say_in_a_line, shorten_numbers

pytestmark = pytest.mark.usefixtures("lent")  # starting a jail takes longer than what is claimed here

KEEPDIMS = SAMPLES / "missing_keepdims" / "submission.py"


@pytest.fixture(scope="module")
def few() -> dict[str, Grade]:
    return grade_samples(["missing_keepdims", "numpy_not_imported", "unfilled_starter", "wrong_shape"])


class TestAllSamples:
    def test_a_screen_is_what_was_reviewed_and_half_of_them_have_at_most_24_lines(self) -> None:
        lengths = []
        for name, grade in grade_samples().items():
            for audience in AUDIENCES:
                told = screen(grade, audience)
                assert told == (FOLDER / f"{name}.{audience}.txt").read_text(encoding="utf-8"), name
                assert all(columns(line) <= 80 for line in told.splitlines())
                lengths.append(len(told.splitlines()))
        assert statistics.median(lengths) <= 24
        assert max(lengths) <= 60


def test_every_sample_has_its_screens() -> None:
    names = {path.name for path in SAMPLES.iterdir() if path.is_dir()}
    assert {path.name for path in FOLDER.iterdir()} == {f"{n}.{audience}.txt" for n in names for audience in AUDIENCES}


def test_a_missing_import_is_one_cause_that_says_what_was_added_and_what_it_cost(few: dict[str, Grade]) -> None:
    (cause,) = find_causes(few["numpy_not_imported"])
    assert cause.kind == "slip"
    assert cause.lost == 2
    told = " ".join(render_screen(few["numpy_not_imported"]).split())
    assert "- 2 slip: missing import (submission.py, line 1): add `import numpy as np`" in told


def test_a_missing_import_without_a_price_is_one_cause_that_says_what_to_add_and_what_it_cost(tmp_path: Path) -> None:
    text = (Path(__file__).parents[2] / "rubrics" / "assignment1.yaml").read_text()
    rubric = tmp_path / "assignment1.yaml"
    rubric.write_text("\n".join(line for line in text.split("\n") if not line.startswith("slips:")))
    graded = pipeline.grade(SAMPLES / "numpy_not_imported" / "submission.py", rubric, seed=3)
    (cause,) = find_causes(graded)
    assert cause.lost == 90
    told = " ".join(render_screen(graded).split())
    assert "90 points lost `import numpy as np` is missing: add it at the top of the file" in told


def test_the_lost_points_of_all_causes_are_the_points_that_are_lost(few: dict[str, Grade]) -> None:
    for grade in few.values():
        assert grade.score is not None
        assert sum(cause.lost for cause in find_causes(grade)) == grade.max_score - grade.score


@pytest.mark.parametrize("audience", AUDIENCES)
@pytest.mark.parametrize("width", [40, 48, 80])
def test_no_line_is_wider_than_the_terminal(few: dict[str, Grade], width: int, audience: Audience) -> None:
    for grade in few.values():
        told = render_screen(for_audience(grade, audience), width=width)
        assert [line for line in told.splitlines() if columns(line) > width] == []


def test_a_student_sees_the_line_the_message_and_an_input_that_fails_alike(few: dict[str, Grade]) -> None:
    (cause,) = find_causes(for_audience(few["missing_keepdims"], "student"))
    assert cause.title.startswith("ValueError: shapes (")
    assert cause.where == "submission.py, line 7"
    assert cause.source == "return e / np.sum(e, axis=-1)"
    assert cause.is_alike
    assert cause.example is not None
    assert cause.example.raised is not None


def hidden_inputs(grade: Grade) -> set[str]:
    """Those that tell: of rows with a single one each there are so few that two draws are often the same."""
    hidden = (c for f in grade.functions for c in f.checks if c.details is not None and c.visibility != "public")
    shown = (shorten_numbers(text) for check in hidden if check.details for text in check.details.inputs.values())
    return {text for text in shown if text.count(".") >= 4}


def test_a_student_sees_no_hidden_input(few: dict[str, Grade]) -> None:
    seen_by_instructors = 0
    for grade in few.values():
        bare = replace(grade, functions=tuple(replace(each, witnesses=()) for each in grade.functions))
        inputs = hidden_inputs(grade)
        told = " ".join(render_screen(bare).split())
        seen_by_instructors += sum(text in told for text in inputs)
        for version in (grade, bare):
            told = " ".join(render_screen(for_audience(version, "student")).split())
            assert not any(text in told for text in inputs)
    assert seen_by_instructors


SHORT = '''\
def sigmoid(x):
    """The sigmoid.

    Args: x, an array.
    """
    # a comment
    scale = 2  # kept

    return scale / (1 + np.exp(-x))
'''


def handed_in(text: str, folder: Path) -> str:
    (folder / "hw.py").write_text(text)
    grade = pipeline.grade(folder / "hw.py", seed=3)
    return render_screen(for_audience(grade, "student"))


def test_a_short_function_with_wrong_numbers_is_listed_and_how_they_differ_is_said(tmp_path: Path) -> None:
    told = handed_in(f"import numpy as np\n{SHORT}", tmp_path)
    listed = "    2   def sigmoid(x):\n    8       scale = 2  # kept\n   10       return scale / (1 + np.exp(-x))\n"
    assert f"Wrong numbers\n{listed}  What was seen: every number is the right one times 2.\n" in told


def test_of_a_long_function_the_last_lines_that_its_result_depends_on_are_listed(tmp_path: Path) -> None:
    longer = SHORT.replace(
        "    scale = 2  # kept\n", "    scale = 2\n" + "    unused = x\n" * 9 + "    x = x * 1\n" * 9
    )
    told = handed_in(f"import numpy as np\n{longer}", tmp_path)
    assert "  The last lines that the result depends on:\n   18       x = x * 1\n" in told
    assert "\n   28       return scale / (1 + np.exp(-x))\n" in told
    assert "unused" not in told
    assert "every number is the right one times 2" in told


def test_of_a_long_function_that_never_ends_the_loop_is_shown() -> None:
    told = (FOLDER / "infinite_loop.student.txt").read_text(encoding="utf-8")  # which another test holds
    assert "allowed\n   80       while not it.finished:\n   81           ix = it.multi_index\n" in told
    assert "It went round lines 80-89 again and again." in told


def test_a_cause_after_the_third_has_its_mistake_and_an_input(few: dict[str, Grade]) -> None:
    told = render_screen(for_audience(few["wrong_shape"], "student"))
    assert len(find_causes(few["wrong_shape"])) == 4
    last = told.partition("\nsigmoid_grad   ")[2].splitlines()
    assert last[1].startswith("  This looks like a known mistake: ")
    assert last[2].startswith("  Fails on  s = ")


def test_a_page_says_as_the_screen_does_which_helpers_were_replaced_and_which_result_is_shown(
    few: dict[str, Grade],
) -> None:
    page = render_page(for_audience(few["wrong_shape"], "student"))
    assert "Tested with a right sigmoid_grad and cross_entropy: mistakes in yours take no points here." in page
    assert "Your function returns <code>grad</code>" in page


def test_large_inputs_keep_their_first_row_and_small_ones_stay_whole(few: dict[str, Grade]) -> None:
    told = " ".join(render_screen(for_audience(few["wrong_shape"], "student")).split())
    assert "dimensions = (3, 1, 2)" in told
    assert "b2 = [-1.9, -0.7]" in told


def test_a_slip_says_which_functions_are_right_with_it(few: dict[str, Grade]) -> None:
    told = " ".join(render_screen(few["numpy_not_imported"]).split())
    first, second, *_ = few["numpy_not_imported"].slips[0].functions
    assert f"add `import numpy as np`. With it, {first}, {second} and 7 more are right." in told


@pytest.mark.parametrize("text", NASTY)
def test_nothing_hostile_leaves_the_screen(text: str) -> None:
    grade = replace(sample_grades.mixed(), submission=text, problems=(Problem(text, text),))
    told = render_screen(grade)
    assert "\x1b" not in told
    assert not any(line.lstrip().startswith("::") for line in told.splitlines())


def test_numbers_have_four_digits_and_zeros_no_sign() -> None:
    assert shorten_numbers("[[ 0.12345678,\n  2.        ]]") == "[[0.1235, 2]]"
    assert shorten_numbers("[-0.  0.5]") == "[0 0.5]"


def test_wrong_entries_are_marked_where_some_are_right() -> None:
    assert mark_wrong("[1, 2, nan]", "[1, 3, 4]") == "[1, 2*, nan*]"
    assert mark_wrong("[1, 2]", "[3, 4]") == "[1, 2]"
    assert mark_wrong("[1, 2]", "[[3], [4]]") == "[1, 2]"


def test_an_exception_is_told_in_few_words_with_one_thing_to_try() -> None:
    raised = "ValueError: operands could not be broadcast together with shapes (4,5) (4,) "
    assert shorten(raised) == "ValueError: shapes (4,5) (4,)"
    assert advise_on(raised) == "Print the shapes of both sides just before this line."
    assert (
        advise_on("NameError: name 'np' is not defined") == "Add the line `import numpy as np` at the top of the file."
    )
    assert advise_on("OwnError: x") == ""


def test_a_missing_name_leads_to_the_failed_statement_that_should_make_it() -> None:
    raised = "NameError: name 'rate' is not defined"
    failed = Problem("hw.py, line 3", "This statement failed: SystemExit: 1, in:  rate, other = read()")
    assert advise_on(raised, [failed]) == (
        "Mend hw.py, line 3 first, which should make rate: `rate, other = read()` stopped with SystemExit: 1."
    )
    other = Problem("hw.py, line 3", "This statement failed: SystemExit: 1, in:  print(rate == 1)")
    assert advise_on(raised, [other]).startswith("Look at the failed statement below")


def test_problems_of_one_kind_are_told_five_times_and_then_counted() -> None:
    many = [Problem(f"cell {n}", f"This statement failed: NameError: name 'x{n}'") for n in range(36)]
    told = fold_problems([*many, Problem("hw1.py", "another kind")])
    assert len(told) == 6
    assert told[4].message.endswith("(and 31 more of the same kind)")


def test_one_line_says_score_and_the_worst_cause() -> None:
    assert say_in_a_line(sample_grades.right()) == "hw1.py: 9 of 9 points"
    assert say_in_a_line(sample_grades.mixed()).startswith("hw1.py: 13.33 of 37 points; most lost in softmax: ")


def run(*words: str) -> str:
    done = CliRunner().invoke(main, [str(KEEPDIMS), "--seed", "1", *words], catch_exceptions=False)
    return done.output


def test_quiet_is_a_line_and_verbose_is_everything() -> None:
    assert run("-q").count("\n") == 1
    assert "leaves x alone: stopped with an error" in run("-v")


def test_json_is_printed_alone() -> None:
    for words in (["--json"], ["-o", "-"], ["-o", "-", "--format", "json"]):
        assert run(*words).startswith("{")


def test_only_shows_one_function_and_leaves_the_score_whole() -> None:
    told = run("--only", "sigmoid")
    assert "ValueError" not in told
    assert "right     sigmoid 6\n" in told
    assert "90 of 100 points" in told
    assert "did you mean 'sigmoid'?" in run("--only", "sigmod")


def test_screens_are_kept_where_they_are_looked_for() -> None:
    assert Path(__file__).parent == FOLDER.parent


GRADCHECK = """\
import numpy as np
def slope(f, x, i):
    h = np.zeros(x.shape)
    h[i] = 1e-4
    return (f(x + h)[0] - f(x - h)[0]) / 2e-4
def close(f, x, i):
    g = np.asarray(f(x)[1])[i]
    return abs(slope(f, x, i) - g) <= 1e-5 * max(1, abs(g))
"""
ALL = "all(close(f, x, i) for i in np.ndindex(*x.shape))"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (
            "return close(f, x, (0,) * x.ndim)",
            [
                "It answers True where False is right",
                "You return True, where False is right Right on f = ",
                "You return False, as is right Of ",
                " new inputs: where True is right (",
            ],
        ),
        (
            f"return not {ALL}",
            [
                "It answers True and False the wrong way round",
                "You return False, where True is right And on f = ",
                "You return True, where False is right Of ",
            ],
        ),
        ("return True", ["It answers True to everything", "it answers True each time."]),
        ("return 'failed'", ["You return 'failed', which counts as True, where False is right"]),
        (
            f"SEEN.append({ALL})\n    return all(SEEN)",
            [
                "After its first False it answers False to everything",
                "Try: Look for arrays and lists that are made once",
                "Called on f = ",
                " and then on f = ",
                "You return False, where True is right Of ",
            ],
        ),
    ],
)
def test_of_a_true_or_false_it_is_said_how_the_function_errs(body: str, said: list[str], tmp_path: Path) -> None:
    told = " ".join(handed_in(f"{GRADCHECK}SEEN = []\ndef gradcheck_naive(f, x):\n    {body}\n", tmp_path).split())
    at = [told.find(each) for each in said]
    assert -1 not in at, told
    assert at == sorted(at)
    assert re.search(r"f = a \w+: cost sum\(\[[\d., ]+\] \* x(\*\*2)?\), gradient ", told)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("KEPT.setdefault(x.shape, 1 / (1 + np.exp(-x))).copy()", r"Called on x = .+ and then on x = .+ You return \["),
        (
            "np.divide(1, 1 + np.exp(-x), out=KEPT.setdefault(x.shape, np.empty(x.shape)))",
            r"Called on x = .+ and then on x = .+ Then the first result has become \[",
        ),
    ],
)
def test_a_failure_that_takes_two_calls_is_shown_by_both(body: str, said: str, tmp_path: Path) -> None:
    told = handed_in(f"import numpy as np\nKEPT = {{}}\ndef sigmoid(x):\n    return {body}\n", tmp_path)
    assert re.search(said, " ".join(told.split())), told


def test_an_argument_that_changed_in_its_later_digits_is_shown_with_them(tmp_path: Path) -> None:
    told = handed_in("import numpy as np\ndef sigmoid(x):\n    x += 1e-6\n    return 1 / (1 + np.exp(-x))\n", tmp_path)
    found = re.search(r"After the call x holds (\[.+?\]+); before, (\[.+?\]+)", " ".join(told.split()))
    assert found, told
    assert found[1] != found[2]
