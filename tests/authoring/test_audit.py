"""`grade audit` finds the holes that are planted in the checks of a small assignment, and tells how to close them."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from authoring.small import REFERENCE, RIGHT, RUBRIC, SQUARE, VARIANTS, assignment
from click.testing import CliRunner, Result

from grader.authoring.audit import Audit, AuditOrder, audit_assignment
from grader.authoring.audit_report import as_html, as_json, as_text
from grader.authoring.matrix import Matrix, Right, Wrong
from grader.authoring.mutant_runs import MutantProgram, grade_mutants
from grader.authoring.rewrites import rewrites
from grader.authoring.soundness.luck import Luck
from grader.cli import main
from grader.feedback.mutants import make_mutants
from grader.plan.assignment import load_assignment, load_rubric
from grader.plan.plan import Plan, make_plan

pytestmark = pytest.mark.usefixtures("lent")  # starting a jail takes longer than what is claimed here

#: Large entries are cut off, and no check looks at them.
CUT = REFERENCE.replace("return 2 * x", "return 2 * np.minimum(x, 50)")
#: The other right style must be right as well, or no large input is fair.
ALSO_CUT = VARIANTS.replace("return x + x", "return np.minimum(x + x, 100)")
ALSO_LARGE = RUBRIC.replace("    checks:", '    forms: {large: {x: "uniform(40, 60, N)"}}\n    checks:')


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["audit", "-j", "1", *map(str, arguments)])


def of_kind(found: Audit, kind: str) -> list[Wrong]:
    return [wrong for wrong in found.matrix.wrong if wrong.kind == kind]


@pytest.mark.parametrize(
    ("name", "least"),
    [
        ("assignment1", 300),
        ("cs224n_a1", 400),
        ("rk4", 300),
        ("conv2d", 100),
        ("kmeans", 60),
        ("notebook_basics", 90),
        ("autograd", 200),  # of the larger ones docs/measured.md tells: they would take a minute each time
    ],
)
def test_nothing_survives_the_checks_of_a_bundled_assignment(name: str, least: int) -> None:
    found = audit_assignment(AuditOrder(name))
    assert [wrong.diff or wrong.name for wrong in found.matrix.survivors] == [], f"seed {found.seed}"
    assert found.losing == (), f"seed {found.seed}"
    assert found.stale == ()
    assert len(of_kind(found, "mutant")) >= least
    assert sum(bool(wrong.equivalent) for wrong in found.matrix.wrong) <= 3, "marking is for the few"


def test_a_sound_assignment_is_all_well(tmp_path: Path) -> None:
    result = run(assignment(tmp_path), "--seeds", "3")
    assert result.exit_code == 0, result.output
    assert "All is well." in result.output


def test_a_change_that_no_check_catches_is_shown_with_inputs_that_would(tmp_path: Path) -> None:
    result = run(assignment(tmp_path, ALSO_LARGE, CUT, ALSO_CUT))
    assert result.exit_code == 1
    assert "- return 2 * np.minimum(x, 50)" in result.output
    assert re.search(r"\+ return 2 \* np.minimum\(x, *51\)", result.output)
    assert "told apart by:\n      x = [" in result.output


def test_without_such_inputs_it_says_that_it_may_be_equivalent(tmp_path: Path) -> None:
    result = run(assignment(tmp_path, RUBRIC, CUT))
    assert result.exit_code == 1
    assert "mark it in the .equivalent.yaml" in result.output


def test_a_marked_change_is_no_hole_and_a_mark_that_fits_nothing_is_reported(tmp_path: Path) -> None:
    rubric = assignment(tmp_path, RUBRIC, CUT)
    old = "return 2 * np.minimum(x, 50)"
    marks = [mark(old, old.replace("50", new)) for new in (" 51", " 49")]
    rubric.with_suffix(".equivalent.yaml").write_text("".join(marks))
    result = run(rubric)
    assert result.exit_code == 0, result.output
    assert "2 marked equivalent" in result.output
    rubric.with_suffix(".equivalent.yaml").write_text("".join([*marks, mark(old, "return 3")]))
    result = run(rubric)
    assert result.exit_code == 1
    assert "is marked equivalent, and no such change survives" in result.output


def mark(old: str, new: str) -> str:
    return f'- {{function: double, old: "{old}", new: "{new}", reason: "entries stay below three"}}\n'


def test_a_mark_without_a_reason_is_a_flaw(tmp_path: Path) -> None:
    rubric = assignment(tmp_path)
    rubric.with_suffix(".equivalent.yaml").write_text("- {function: double, old: a, new: b}\n")
    result = run(rubric)
    assert result.exit_code == 3
    assert "reason" in result.output


def test_a_mistake_that_survives_and_a_right_style_that_loses_are_shown(tmp_path: Path) -> None:
    more = """
@mistake("double", name="only four", hint="No.")
def four(x):
    return 2 * x[:4]

@right("double", name="in place")
def in_place(x):
    x *= 2
    return x
"""
    result = run(assignment(tmp_path, variants=VARIANTS + more), "--no-mutants")
    assert result.exit_code == 1
    assert "no check catches: double: only four" in result.output
    assert "loses points though right: double: in place: double: 8 of 10" in result.output


LUCKY = '\n@mistake("double", name="large ones", hint="No.")\ndef large(x):\n    return 2 * np.minimum(x, 1.5)\n'


def test_a_check_that_catches_by_luck_is_named_with_a_seed_that_lets_it_through(tmp_path: Path) -> None:
    result = run(assignment(tmp_path, variants=VARIANTS + LUCKY), "--no-mutants", "--seed", "3")
    assert result.exit_code == 1
    found = re.search(r"double: large ones: on (\d) of 10 draws, by entries; not with --seed (\d+)\n", result.output)
    assert found is not None, result.output
    assert "1 check catches by luck, on some of 10 draws" in result.output
    again = run(tmp_path / "doubling.yaml", "--no-mutants", "--seeds", "1", "--seed", found[2])
    assert "no check catches: double: large ones" in again.output


def test_what_is_caught_on_every_draw_is_no_luck(tmp_path: Path) -> None:
    found = audit_assignment(AuditOrder(assignment(tmp_path), mutants=False, seeds=5, jobs=1))
    assert (found.luck, found.all_well) == ((), True)


def test_luck_stands_in_every_format() -> None:
    luck = Luck("mutant", "f", "x", "- 1\n+ 2", (A,), 3, 10, 17)
    found = Audit("r.yaml", 3, Matrix((A,), (wrong(A),)), 2, (), (), (luck,), 10)
    said = "caught by luck: f: on 3 of 10 draws, by a; not with --seed 17"
    assert said in as_text(found)
    assert said in as_html(found)
    assert json.loads(as_json(found))["luck"][0]["escapes_with_seed"] == 17
    assert not found.all_well


def test_a_change_that_never_ends_is_ended_and_counts_as_caught(tmp_path: Path) -> None:
    looping = REFERENCE.replace("    return 2 * x", "    n = 0\n    while n < 2:\n        n += 1\n    return n * x")
    found = audit_assignment(AuditOrder(assignment(tmp_path, reference=looping)))
    (endless,) = (wrong for wrong in of_kind(found, "mutant") if wrong.name.split() == ["n", "+=", "0"])
    assert endless.caught


#: Not isolated, a program finds the process that has it marked, and kills it.
KILLS = """\
import os, signal
from pathlib import Path

def double(x):
    pid = os.getppid()
    while b"spawn_main" not in Path(f"/proc/{pid}/cmdline").read_bytes():
        pid = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    os.kill(pid, signal.SIGKILL)
"""


def test_a_program_that_kills_its_process_costs_no_other_program_its_marks(tmp_path: Path) -> None:
    plan = make_plan(load_assignment(assignment(tmp_path)), 1)
    sources = [RIGHT, SQUARE, KILLS, SQUARE, RIGHT]
    programs = [MutantProgram({"hw": text}, {"double": ("hw", "double")}, ("double",)) for text in sources]
    told: list[int] = []
    marks = grade_mutants(plan, "none", programs, jobs=2, progress=told.append)
    assert [mark.is_full for (mark,) in marks] == [True, False, False, False, True]
    assert [mark.fault for (mark,) in marks] == ["", "", "the process that graded it died", "", ""]
    assert sum(told) == len(programs)


def test_what_could_not_be_graded_is_no_survivor_and_isnt_called_caught() -> None:
    lost = Wrong("mutant", "f", "0", (), False, diff="- 1\n+ 0", fault="the process that graded it died")
    found = Audit("rubric.yaml", 1, Matrix((("f", "value"),), (lost,)), 0, (), ())
    assert (found.matrix.survivors, found.all_well) == ((), False)
    text = as_text(found)
    assert "0 of 1 caught, 1 not graded" in text
    assert "couldn't be graded: f: 0: the process that graded it died\n    - 1\n    + 0" in text
    assert "These couldn" in as_html(found)


def test_changes_that_do_not_run_are_not_made(tmp_path: Path) -> None:
    rubric = load_rubric(assignment(tmp_path))
    source = (
        "LIMIT = 1 + 1\ndef double(x: 'int | 3 + 1') -> '2 * int':\n    '''1 + 1'''\n    return x + x\n"
        "def other(x):\n    return x - 1\n"
    )
    mutants = make_mutants({"solution": source}, rubric)
    assert {mutant.old for mutant in mutants} == {"return x + x"}
    assert len({mutant.key for mutant in mutants}) == len(mutants) > 5
    assert all(mutant.asked == ("double",) for mutant in mutants)


def test_a_helper_s_change_is_put_to_the_functions_that_use_it(plan: Plan) -> None:
    sources = {"functions": plan.assignment.reference.sources["functions.py"]}
    asked = {mutant.function: mutant.asked for mutant in make_mutants(sources, plan.rubric)}
    assert asked["_through_hidden_layer"] == ("input_grad", "forward_backward_prop")
    assert asked["softmax"] == ("softmax",)


# -- the matrix ----------------------------------------------------------------------------------------------------

A, B, C, D = (("f", title) for title in "abcd")


def wrong(*caught_by: tuple[str, str], name: str = "x", **more: object) -> Wrong:
    return Wrong("mutant", "f", name, caught_by, bool(caught_by), **more)  # type: ignore[arg-type]


MATRIX = Matrix((A, B, C, D), (wrong(A, B), wrong(A, B), wrong(B), wrong(A, C), wrong(), wrong(equivalent="so")))


def test_the_matrix_counts_what_each_check_catches_and_what_it_catches_alone() -> None:
    assert MATRIX.counts() == {A: 3, B: 3, C: 1, D: 0}
    assert MATRIX.alone() == {A: 0, B: 1, C: 0, D: 0}
    assert MATRIX.never_alone() == (A, C, D)


def test_the_small_set_of_checks_catches_all_that_all_catch() -> None:
    chosen = set(MATRIX.smallest())
    assert chosen == {A, B}
    assert all(set(each.caught_by) & chosen for each in MATRIX.wrong if each.caught_by)


def test_what_is_marked_equivalent_is_no_survivor() -> None:
    assert MATRIX.survivors == (wrong(),)


# -- rewrites ------------------------------------------------------------------------------------------------------


def test_rewrites_are_right_and_many(plan: Plan) -> None:
    found = {p.function.name: dict(rewrites(p, plan)) for p in plan.functions}
    lost = [(f, name) for f, each in found.items() for name, grade in each.items() if grade.score != grade.max_score]
    assert lost == [], f"seed {plan.seed}"
    assert "a list for a pair" in found["forward"]
    assert "allowed shape 3" in found["forward_backward_prop"]
    assert found["gradcheck_naive"] == {}


# -- reports -------------------------------------------------------------------------------------------------------


def test_the_page_shows_hostile_text_as_text_and_the_json_says_all() -> None:
    evil = "<script>alert(1)</script>"
    matrix = Matrix((A, B), (wrong(A, name=evil, diff=evil), wrong(name=evil, diff=evil, searched=True)))
    found = Audit("r.yaml", 3, matrix, 2, (Right("right", "f", evil, evil),), (evil,))
    assert "<script" not in as_html(found)
    told = json.loads(as_json(found))
    assert told["wrong"][0]["caught_by"] == [{"function": "f", "title": "a"}]
    assert told["checks"][1] == {"function": "f", "title": "b", "catches": 0, "alone": 0, "in_smallest_set": False}


def test_reports_are_written_and_a_format_that_there_is_not_is_refused_at_once(tmp_path: Path) -> None:
    rubric = assignment(tmp_path)
    result = run(rubric, "--no-mutants", "-o", tmp_path / "a.html", "-o", tmp_path / "a.json")
    assert result.exit_code == 0
    assert json.loads((tmp_path / "a.json").read_text())["all_well"] is True
    assert (tmp_path / "a.html").read_text().startswith("<!DOCTYPE html>")
    assert run(rubric, "-o", tmp_path / "a.pdf").exit_code == 2
