"""grade: the autograder for courses in numerical Python.

    from grader import grade
    print(grade("submission.py").score)

Importing this package loads nothing: each name is fetched when it is first used.
"""

from __future__ import annotations

from importlib import import_module

TYPE_CHECKING = False  # as type checkers know it; `typing` itself would delay what `grader.__main__` starts first
if TYPE_CHECKING:
    from typing import Any

    from grader.grading.grades import Grade
    from grader.pipeline import grade
    from grader.plan.assignment import load_rubric
    from grader.version import __version__

__all__ = ["Grade", "__version__", "grade", "load_rubric"]

_HOMES = {
    "grade": "grader.pipeline",
    "load_rubric": "grader.plan.assignment",
    "Grade": "grader.grading.grades",
    "__version__": "grader.version",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'grader' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return __all__
