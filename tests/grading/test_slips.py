"""Slips cost what the rubric says, where one repair is proven; and what isn't proven gains nothing."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import pytest
from grading.small_assignment import changed, small_plan
from msgspec.structs import replace
from submitting import notebook

from grader.extraction.repairs.listing import FINDERS
from grader.grading.grades import Grade
from grader.pipeline import grade_submission
from grader.plan.plan import Plan
from grader.rubric.model import SLIP_SORTS
from grader.sandbox.sandbox import Sandbox
from grader.submission.collecting import FoundFile, Upload

REPAIRED = {
    "not imported": ("missing import", "import numpy as np\n", ""),
    "another alias": ("missing import", "import numpy as np", "import numpy as n"),
    "no alias": ("missing import", "import numpy as np", "import numpy"),
    "a misspelt package": ("missing import", "import numpy as np", "import nunpy as np"),
    "a misspelt function": ("misspelt name", "def double(", "def doubel("),
    "another case": ("misspelt name", "def count(", "def Count("),
    "a misspelt variable": ("misspelt name", "lowest, highest\n", "lowest, higest\n"),
    "a misspelt function of numpy": ("misspelt name", "np.subtract", "np.substract"),
    "parameters": ("parameter order", "def double(x, shift)", "def double(shift, x)"),
    "printed": ("printed", "return np.multiply(2, total)", "print(np.multiply(2, total))"),
    "printed with a word": ("printed", "return number", 'print("number:", number)'),
    "a bracket too few": ("syntax", "np.multiply(2, total)", "np.multiply(2, total"),
    "a bracket too many": ("syntax", "np.multiply(2, total)", "np.multiply(2, total))"),
    "no colon": ("syntax", "def count(x):", "def count(x)"),
    "no colon within": ("syntax", "if entry > 0:", "if entry > 0"),
    "a return within the loop": ("indentation", "    return number", "        return number"),
    "a line that sticks out": ("indentation", "    highest =", "      highest ="),
    "a line at the margin": ("indentation", "    total =", "total ="),
    "results": ("result order", "return lowest, highest", "return highest, lowest"),
}
NOTHING_GAINED = {
    "still wrong": (("np.multiply(2, total)", "np.multiply(3, total"),),
    "misspelt and wrong": (("def double(", "def doubel("), ("np.multiply(2", "np.multiply(3")),
    "printed and wrong": (("return np.multiply(2, total)", "print(np.multiply(3, total))"),),
    "one user of the package is wrong": (("import numpy as np\n", ""), ("np.multiply(2", "np.multiply(3")),
    "two repairs": (("np.multiply(2, total)", "2 * (total * 1"),),
    "two names are near": (("lowest, highest\n", "lowest, highes\n"), ("highest = ", "highest = highess = ")),
    "a wrong constant": (("np.multiply(2", "np.multiply(3"),),
    "two brackets too few": (("np.multiply(2, total)", "np.multiply((2, total"),),
}


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    return small_plan(tmp_path_factory.mktemp("small"))


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        yield sandbox


def graded(text: str, plan: Plan, box: Sandbox, name: str = "hw.py") -> Grade:
    return grade_submission(Upload("hw", (FoundFile(name, text.encode()),)), plan, box)


def without_slips(plan: Plan) -> Plan:
    assignment = plan.assignment
    return replace(plan, assignment=replace(assignment, rubric=replace(assignment.rubric, slips={})))


def test_a_rubric_prices_the_sorts_that_are_looked_for() -> None:
    assert tuple(FINDERS) == SLIP_SORTS


@pytest.mark.parametrize("name", REPAIRED)
def test_a_right_submission_loses_the_price_of_its_slip_alone(name: str, plan: Plan, box: Sandbox) -> None:
    sort, old, new = REPAIRED[name]
    grade = graded(changed((old, new)), plan, box)
    assert [slip.sort for slip in grade.slips] == [sort]
    assert grade.score == 40 - plan.rubric.slips[sort]
    assert [function.score for function in grade.functions] == [10] * 4


@pytest.mark.parametrize("name", NOTHING_GAINED)
def test_what_is_not_proven_gains_nothing(name: str, plan: Plan, box: Sandbox) -> None:
    text = changed(*NOTHING_GAINED[name])
    grade = graded(text, plan, box)
    assert grade.slips == ()
    assert grade.score == graded(text, without_slips(plan), box).score


def test_slips_of_one_sort_cost_their_price_once_and_all_sorts_add_up(plan: Plan, box: Sandbox) -> None:
    text = changed(("def double(x, shift):", "def double(x, shift)"), ("def count(x):", "def count(x)"))
    grade = graded(text.replace("np.subtract", "np.substract"), plan, box)
    assert [slip.price for slip in grade.slips] == [1, 5, 0]
    assert grade.score == sum(function.score or Fraction(0) for function in grade.functions) - 6 == 34


def test_callers_follow_a_function_whose_results_are_turned(plan: Plan, box: Sandbox) -> None:
    text = changed(("return lowest, highest", "return highest, lowest"), ("low, high = both", "high, low = both"))
    grade = graded(text, plan, box)
    assert (grade.score, [slip.sort for slip in grade.slips]) == (38, ["result order"])


def test_a_slip_in_a_notebook_is_told_by_its_cell(plan: Plan, box: Sandbox) -> None:
    first, _, rest = changed(("np.multiply(2, total)", "np.multiply(2, total")).partition("\n\n\n")
    grade = graded(notebook(first, rest), plan, box, "hw.ipynb")
    assert [(slip.where, slip.price) for slip in grade.slips] == [("cell 3, line 3", 5)]


def test_a_price_above_what_was_lost_is_not_taken(plan: Plan, box: Sandbox) -> None:
    dear = replace(plan.assignment.rubric, slips={"syntax": Fraction(20)})
    text = changed(("def count(x):", "def count(x)"))
    grade = graded(text, replace(plan, assignment=replace(plan.assignment, rubric=dear)), box)
    assert (grade.score, grade.slips) == (30, ())


def test_code_that_hides_its_answers_in_a_slip_is_graded_as_it_was_handed_in(plan: Plan, box: Sandbox) -> None:
    text = "def double(x, shift)\n    while True: pass\n\ndef both(x:\n    raise SystemExit\n"
    grade = graded(text, plan, box)
    assert (grade.score, grade.slips) == (0, ())
