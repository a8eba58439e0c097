"""What many tests share: one jail and one plan, as a class would have them."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import pytest
from deep import mark_deep
from hypothesis import settings
from lent import lend

from grader.grading.grades import FunctionGrade, Grade
from grader.pipeline import grade_submission
from grader.plan.assignment import load_assignment
from grader.plan.plan import Plan, make_plan
from grader.sandbox.sandbox import Sandbox
from grader.upload import read_submission

#: A commit that passed passes again: property tests draw the same cases every time. `pytest --hypothesis-profile=new`
#: draws others; what it finds becomes an `@example` of its test.
settings.register_profile("same", derandomize=True, deadline=None, print_blob=True)
settings.register_profile("new", deadline=None, print_blob=True)
settings.load_profile("same")

#: Folders of tests lie in memory where there is plenty, and programs in it may run: hundreds of small classes are
#: written, each with its database.
MEMORY, NEEDED_BYTES = Path("/dev/shm"), 4 << 30
if (
    os.access(MEMORY, os.W_OK)
    and shutil.disk_usage(MEMORY).free > NEEDED_BYTES
    and not os.statvfs(MEMORY).f_flag & getattr(os, "ST_NOEXEC", 0)
):
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))

GradePath = Callable[[Path], Grade]
GradeSource = Callable[[str], Grade]


def _draw_seeds_by(numbers: Callable[[int], int]) -> None:
    vars(secrets)["randbits"] = numbers


def pytest_runtest_setup() -> None:
    """What fixtures draw without a seed is the same in each run, whichever test is the first to need them."""
    _draw_seeds_by(lambda bits: 20150407 % (1 << bits))


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_call(item: pytest.Item) -> None:
    """What a test draws without a seed in this process: others each time, and the same ones in the next run."""
    _draw_seeds_by(Random(item.nodeid).getrandbits)


@pytest.fixture(scope="session")
def box() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        yield sandbox


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    mark_deep(config, items)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--seed", type=int, default=20150407, help="Draws of the default assignment's plan.")


@pytest.fixture(scope="session")
def plan(pytestconfig: pytest.Config) -> Plan:
    """The default assignment. What tests claim holds for any seed; with one of its own a failure can be had again."""
    return make_plan(load_assignment("assignment1"), pytestconfig.getoption("--seed"))


@pytest.fixture
def nearby(monkeypatch: pytest.MonkeyPatch, box: Sandbox) -> None:
    """Classes are graded in this process: see classroom/nearby.py."""
    from classroom.nearby import work_nearby

    work_nearby(monkeypatch, box)


@pytest.fixture
def lent(monkeypatch: pytest.MonkeyPatch, box: Sandbox) -> None:
    """`grade`, `grade verify` and `grade audit` in this process use one jail: see lent.py."""
    lend(monkeypatch, box)


@pytest.fixture
def grade_path(plan: Plan, box: Sandbox) -> GradePath:
    return lambda path: grade_submission(read_submission(path), plan, box)


@pytest.fixture
def grade_source(grade_path: GradePath, tmp_path: Path) -> GradeSource:
    def graded(source: str) -> Grade:
        path = tmp_path / "submission.py"
        path.write_text(source)
        return grade_path(path)

    return graded


def by_name(grade: Grade) -> dict[str, FunctionGrade]:
    return {function.name: function for function in grade.functions}
