"""Submissions that take no thought. Whatever a rubric asks, none of them may earn a point."""

from __future__ import annotations

from collections.abc import Iterator

from grader.rubric.model import Rubric
from grader.submission.collecting import FoundFile, Upload

#: What every function does, as its body: `args` are its arguments, `self` left out. The names are for people.
BODIES = {
    "its argument": "return args[0]",
    "its last argument": "return args[-1]",
    "a copy of its argument": "return args[0].copy()",
    "zeros": "return np.zeros_like(args[0])",
    "ones": "return np.ones_like(args[0])",
    "a constant": "return 3.0",
    "True": "return True",
    "False": "return False",
    "None": "return None",
    "nothing at all": "pass",
    "random numbers": "return np.random.rand(*np.shape(args[0]))",
    "an exception": "raise ValueError('no')",
    "NaN": "return np.full(np.shape(args[0]), np.nan)",
    "a pair of zeros": "return 0.0, np.zeros(np.shape(args[0]))",
    "a pair of arguments": "return args[0], args[0]",
    "uniform rows": "return np.full(np.shape(args[0]), 1 / np.shape(args[0])[-1])",
    "text": "return 'True'",
    "an empty list": "return []",
}


def trivial_source(rubric: Rubric, body: str) -> str:
    """A file in which every required function and method has the same body, and every variable what that gives."""
    names = [function.name for function in rubric.functions]
    variables = {function.name for function in rubric.functions if function.is_variable}
    lines = ["import numpy as np"]
    for root in dict.fromkeys(function.root for function in rubric.functions):
        if root in variables:
            lines.append(f"{root} = {_constant(body)}")
            continue
        methods = [name.partition(".")[2] for name in names if name.startswith(f"{root}.")]
        lines += _class(root, methods, body) if methods else [f"def {root}(*args):", f"    {body}"]
    return "\n".join(lines) + "\n"


def _constant(body: str) -> str:
    """What a body gives without arguments."""
    value = body.removeprefix("return ")
    return value if value != body and "args" not in value else "0.0"


def _class(name: str, methods: list[str], body: str) -> Iterator[str]:
    yield f"class {name}:"
    if "__init__" not in methods:
        yield from ("    def __init__(self, *args):", "        pass")
    for method in methods:
        yield from (f"    def {method}(self, *args):", f"        {body}")


def trivial_submissions(rubric: Rubric) -> Iterator[Upload]:
    """A submission for each of the bodies, named by it."""
    for name, body in BODIES.items():
        yield in_one_file(name, trivial_source(rubric, body))


def in_one_file(name: str, source: str) -> Upload:
    """A submission that was never on a disk."""
    return Upload(name, (FoundFile("submission.py", source.encode()),))
