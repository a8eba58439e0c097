"""One function that isn't there, isn't filled in or stops costs its own points and no other function's."""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterator
from functools import cache
from pathlib import Path

import pytest
from assignments.blanking import UNREADABLE, WAYS, blanked, blanked_in_notebook, files_of, functions_in

from grader.grading.grades import Grade
from grader.pipeline import grade_submission, prepare_sandbox
from grader.plan.assignment import load_assignment
from grader.plan.plan import Plan, make_plan
from grader.sandbox.sandbox import Sandbox
from grader.upload import read_submission

SAMPLES = Path(__file__).parents[2] / "sample_submissions"
RIGHT = {
    "assignment1": "right_script/submission.py",
    "cs224n_a1": "right_2016/submission",
    "conv2d": "right_loops/layers.py",
    "kmeans": "right_script/clusters.py",
    "rk4": "right_script/ode.py",
    "notebook_basics": "right_script/basics.py",
    "dl_basics": "right_layers/layers.py",
    "numerics": "right_loops/methods.py",
    "autograd": "right_closures/engine.py",
    "cs231n_a2": "right_course/layers.py",
}
#: Whose helper the rubric can't replace, so that it doesn't stand in its `needs`: a class of which one method is asked
#: through another, an operator of its objects, a cache in a form of one's own, and a helper that gets a function as
#: an argument.
TOGETHER = (
    {"KMeans.fit", "KMeans.predict"},
    {"rk4_step", "integrate"},
    {"batchnorm_forward", "batchnorm_backward"},
    {"dropout_forward", "dropout_backward"},
    {"max_pool_forward_naive", "max_pool_backward_naive"},
    {"Value.backward", "Value.tanh", "Value.relu", "Value.exp", "Layer.forward", "Layer.parameters"},
)
#: Where each function stands alone, or none can: without each of its lines it costs what it costs without all of them.
ALONE = ("notebook_basics", "numerics", "autograd", "cs231n_a2")


@cache
def functions_of(assignment: str) -> dict[str, Path]:
    """The required functions that stand in the right sample, each with its file."""
    required = {function.name for function in load_assignment(assignment).rubric.functions}
    files = list(files_of(SAMPLES / assignment / RIGHT[assignment]))
    return {name: file for file in files for name in functions_in(file.read_text()) if name in required}


CASES = [(assignment, name) for assignment in RIGHT for name in functions_of(assignment)]


@pytest.fixture(scope="module")
def plans() -> Iterator[dict[str, tuple[Plan, Sandbox]]]:
    """A plan and a jail for each assignment, made when first asked for."""
    made: dict[str, tuple[Plan, Sandbox]] = {}
    yield made
    for _, box in made.values():
        box.close()


def graded(assignment: str, path: Path, plans: dict[str, tuple[Plan, Sandbox]], seed: int) -> Grade:
    if assignment not in plans:
        box, loaded = Sandbox(), load_assignment(assignment)
        prepare_sandbox(box, loaded)
        plans[assignment] = make_plan(loaded, seed), box
    return grade_submission(read_submission(path), *plans[assignment])


def others_that_lose(
    assignment: str, name: str, text: str, folder: Path, plans: dict[str, tuple[Plan, Sandbox]], seed: int
) -> dict[str, str]:
    """The functions besides `name` that lost points where its file holds this text, and what is said of each."""
    right, file = SAMPLES / assignment / RIGHT[assignment], functions_of(assignment)[name]
    path = changed(right, file, text.encode(), folder)
    together = next((names for names in TOGETHER if name in names), set())
    return lost_besides({name, *together}, graded(assignment, path, plans, seed))


def changed(right: Path, file: Path, data: bytes, folder: Path) -> Path:
    """A copy of a sample of which one file holds something else."""
    path = folder / right.name
    if right.is_file():
        path.write_bytes(data)
    else:
        shutil.copytree(right, path, dirs_exist_ok=True)
        (path / file.relative_to(right)).write_bytes(data)
    return path


def lost_besides(names: Collection[str], grade: Grade) -> dict[str, str]:
    """The functions besides these that lost points, with what is said of each."""
    return {
        function.name: f"{function.score} of {function.max_score}: {function.remarks}"
        for function in grade.functions
        if function.name not in names and (function.score or 0) < function.max_score
        if not function.optional or function.score
    }


@pytest.mark.parametrize(("assignment", "name"), CASES)
def test_a_blanked_function_costs_no_other_one_points(
    assignment: str,
    name: str,
    tmp_path: Path,
    plans: dict[str, tuple[Plan, Sandbox]],
    pytestconfig: pytest.Config,
) -> None:
    source = functions_of(assignment)[name].read_text()
    for way, text in blanked(source, name):
        if way in WAYS:
            lost = others_that_lose(assignment, name, text, tmp_path, plans, pytestconfig.getoption("--seed"))
            assert not lost, (way, lost)


@pytest.mark.parametrize(("assignment", "name"), [case for case in CASES if case[0] not in ALONE])
def test_a_line_deleted_from_a_function_costs_no_other_one_points(
    assignment: str,
    name: str,
    tmp_path: Path,
    plans: dict[str, tuple[Plan, Sandbox]],
    pytestconfig: pytest.Config,
) -> None:
    source = functions_of(assignment)[name].read_text()
    for way, text in blanked(source, name):
        if way not in WAYS:
            lost = others_that_lose(assignment, name, text, tmp_path, plans, pytestconfig.getoption("--seed"))
            assert not lost, (way, lost)


#: More right samples: of several files, with plots, and a notebook.
MORE = ["assignment1/right_folder/submission", "assignment1/right_with_plots/submission.py"]
MORE += ["cs224n_a1/right_2017_folders"]


@pytest.mark.parametrize("sample", MORE)
def test_a_blanked_function_of_another_sample_costs_no_other_one_points(
    sample: str, tmp_path: Path, plans: dict[str, tuple[Plan, Sandbox]], pytestconfig: pytest.Config
) -> None:
    assignment = sample.partition("/")[0]
    right, seed = SAMPLES / sample, pytestconfig.getoption("--seed")
    required = {function.name for function in load_assignment(assignment).rubric.functions}
    for file in files_of(right):
        source = file.read_text()
        for name in functions_in(source).keys() & required:
            for way in ("deleted", "not implemented before the return", "a syntax error"):
                path = changed(right, file, dict(blanked(source, name))[way].encode(), tmp_path)
                lost = lost_besides({name}, graded(assignment, path, plans, seed))
                assert not lost, (name, way, lost)


def test_a_blanked_function_of_a_notebook_costs_no_other_one_points(
    tmp_path: Path, plans: dict[str, tuple[Plan, Sandbox]], pytestconfig: pytest.Config
) -> None:
    right = SAMPLES / "assignment1" / "right_notebook" / "submission.ipynb"
    for name in ("softmax", "sigmoid", "sigmoid_grad", "forward"):
        for way, text in blanked_in_notebook(right.read_text(), name):
            path = changed(right, right, text.encode(), tmp_path)
            lost = lost_besides({name}, graded("assignment1", path, plans, pytestconfig.getoption("--seed")))
            assert not lost, (name, way, lost)


@pytest.mark.parametrize("sample", ["assignment1/right_folder/submission", "cs224n_a1/right_2016/submission"])
def test_a_file_that_cant_be_read_costs_no_function_of_another_one(
    sample: str, tmp_path: Path, plans: dict[str, tuple[Plan, Sandbox]], pytestconfig: pytest.Config
) -> None:
    assignment = sample.partition("/")[0]
    right, seed = SAMPLES / sample, pytestconfig.getoption("--seed")
    for file in files_of(right):
        source = file.read_text()
        for way, damage in UNREADABLE.items():
            path = changed(right, file, damage(source), tmp_path)
            lost = lost_besides(set(functions_in(source)), graded(assignment, path, plans, seed))
            assert not lost, (file.name, way, lost)


def test_what_a_helper_that_is_not_filled_in_raises_is_not_said_of_its_caller(
    tmp_path: Path, plans: dict[str, tuple[Plan, Sandbox]], pytestconfig: pytest.Config
) -> None:
    """`integrate` calls `rk4_step`, which the rubric can't replace: it stops, and that is no empty `integrate`."""
    file = functions_of("rk4")["rk4_step"]
    text = dict(blanked(file.read_text(), "rk4_step"))["not implemented"]
    path = tmp_path / file.name
    path.write_text(text)
    grade = graded("rk4", path, plans, pytestconfig.getoption("--seed"))
    said = {function.name: function.verdict.value for function in grade.functions}
    assert (said["rk4_step"], said["integrate"]) == ("missing", "error")
