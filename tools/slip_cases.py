"""Right submissions with one slip each lose the stated price alone; near ones, which prove nothing, gain nothing.

    PYTHONPATH=tests python tools/slip_cases.py [--count N]

The submissions are the planted ones (`tests/planted/right`, `wrong`); the slips are made by machine, so many of every
sort. Near ones have a function that is still wrong once its slip is repaired, or two repairs that are both right. Each
case that ends otherwise is named, and the exit code is 1. `docs/measured.md` has the figures.
"""

from __future__ import annotations

import argparse
import ast
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from typing import NamedTuple

from planted.assemble import Variant, source, variants

from grader.grading.grades import Grade
from grader.pipeline import grade_submission, prepare_sandbox
from grader.plan.assignment import load_assignment
from grader.plan.plan import Plan, make_plan
from grader.sandbox.sandbox import Sandbox
from grader.submission.collecting import FoundFile, Upload

SEED = 5
Maker = Callable[[str, str], Iterator[str]]


class Case(NamedTuple):
    """A submission with a slip, or with what only looks like one."""

    name: str
    sort: str
    text: str
    pays: bool  #: whether the slip is proven


def main() -> int:
    """Measure, and say what was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=30, help="so many of every sort, right and near")
    parser.add_argument("--sort", default="", help="only this sort")
    asked = parser.parse_args()
    assignment = load_assignment("assignment1")
    plan, found = make_plan(assignment, SEED), Counter[tuple[str, str]]()
    with Sandbox("jail") as box:
        prepare_sandbox(box, assignment)
        for case in cases(asked.count, asked.sort):
            wrong = what_is_wrong(case, plan, box)
            found[case.sort + ("" if case.pays else ", near"), "as it should" if not wrong else "OTHERWISE"] += 1
            if wrong:
                print(f"{case.name}: {wrong}", flush=True)
    for (sort, how), count in sorted(found.items()):
        print(f"{count:5}  {sort}: {how}")
    return 1 if any(how == "OTHERWISE" for _, how in found) else 0


def what_is_wrong(case: Case, plan: Plan, box: Sandbox) -> str:
    """How a grade is other than it should be; empty where it isn't."""
    grade = _grade(case.text, plan, box)
    sorts = [slip.sort for slip in grade.slips]
    if not case.pays:
        return f"gained by {sorts}" if sorts else ""
    due = grade.max_score - plan.rubric.slips[case.sort]
    return "" if (sorts, grade.score) == ([case.sort], due) else f"{grade.score} in place of {due}, by {sorts}"


def _grade(text: str, plan: Plan, box: Sandbox) -> Grade:
    return grade_submission(Upload("hw.py", (FoundFile("hw.py", text.encode()),)), plan, box)


# -- cases ---------------------------------------------------------------------------------------------------------


def cases(count: int, only: str) -> Iterator[Case]:
    """So many of every sort, from as many different submissions as there are."""
    for sort, make in MAKERS.items():
        if only in ("", sort):
            yield from _take(count, _slips(sort, make, "right", True))
            yield from _take(count, _near(sort, make))


def _take(count: int, found: Iterator[Case]) -> Iterator[Case]:
    """The first of each submission, then the second of each, as far as needed."""
    by_name: dict[str, list[Case]] = {}
    for case in found:
        by_name.setdefault(case.name, []).append(case)
    ordered = [each[turn] for turn in range(3) for each in by_name.values() if turn < len(each)]
    step = max(1, len(ordered) // count)
    yield from ordered[::step][:count]


def _slips(sort: str, make: Maker, kind: str, pays: bool) -> Iterator[Case]:
    for variant in _of(kind):
        text = source(variant)
        for changed in make(text, variant.function):
            yield Case(f"{variant.name} ({sort})", sort, changed, pays)


def _near(sort: str, make: Maker) -> Iterator[Case]:
    """Functions that are still wrong with the repair; of misspelt names also two that may be meant."""
    if sort == "misspelt name":
        for variant in list(_of("right"))[::9]:
            text = source(variant)
            named = re.sub(rf"\b{variant.function}\b", variant.function + "s", text)
            other = re.sub(rf"\b{variant.function}\b", variant.function[1:], _definition(text, variant.function))
            yield Case(f"{variant.name} (two names)", sort, f"{named}\n\n{other}\n", False)
    for case in _slips(sort, make, "wrong", False):
        if sort != "missing import" or "np." in _definition(case.text, case.name.partition("__")[0]):
            yield case  # else the repair is about other functions, all of which are right


def _of(kind: str) -> Iterator[Variant]:
    return (each for each in variants(kind) if each.function != "all")


# -- slips ---------------------------------------------------------------------------------------------------------


def _node(text: str, function: str) -> ast.FunctionDef | None:
    found = [n for n in ast.parse(text).body if isinstance(n, ast.FunctionDef) and n.name == function]
    return found[-1] if found and not found[-1].decorator_list else None


def _definition(text: str, function: str) -> str:
    node = _node(text, function)
    return ast.get_source_segment(text, node) or "" if node is not None else ""


def _with_line(text: str, number: int, new: str) -> str:
    lines = text.split("\n")
    return "\n".join([*lines[: number - 1], new, *lines[number:]])


def _line(text: str, number: int) -> str:
    return text.split("\n")[number - 1]


def _is_called(text: str, function: str) -> bool:
    return len(re.findall(rf"\b{function}\b", text)) > 1


def missing_import(text: str, function: str) -> Iterator[str]:
    """Not imported, under no alias, under another one, or misspelt."""
    line = "import numpy as np\n"
    if 0 < text.count("import numpy") == text.count(line):
        first, *others = text.split(line)
        for other in ("", "import numpy\n", "import numpy as n\n", "import nunpy as np\n"):
            yield first + other + "".join(others)


def misspelt_name(text: str, function: str) -> Iterator[str]:
    """The function's own name in its definition, or a function of numpy in it."""
    node = _node(text, function)
    if node is None:
        return
    if not _is_called(text, function):
        turned = function[:2] + function[3] + function[2] + function[4:]
        if turned != function:
            yield _with_line(text, node.lineno, _line(text, node.lineno).replace(f"def {function}", f"def {turned}"))
    for inner in ast.walk(node):
        if isinstance(inner, ast.Attribute) and ast.unparse(inner.value) == "np" and len(inner.attr) > 4:
            line, end = _line(text, inner.lineno), inner.end_col_offset or 0
            name = inner.attr[:-2] + inner.attr[-1] + inner.attr[-2]
            if name != inner.attr and line.isascii():
                yield _with_line(text, inner.lineno, line[: end - len(name)] + name + line[end:])
                return


def parameter_order(text: str, function: str) -> Iterator[str]:
    """Two parameters of a function that nothing else calls."""
    node = _node(text, function)
    if node is None or node.args.defaults or len(node.args.args) < 2 or _is_called(text, function):
        return
    names = [each.arg for each in node.args.args]
    said = f"({', '.join(names)})"
    line = _line(text, node.lineno)
    for place in range(len(names) - 1):
        other = [*names[:place], names[place + 1], names[place], *names[place + 2 :]]
        if said in line:
            yield _with_line(text, node.lineno, line.replace(said, f"({', '.join(other)})"))


def _only_return(node: ast.FunctionDef | None) -> ast.Return | None:
    """The return of a function that has one alone, as its last line."""
    if node is None:
        return None
    found = [each for each in ast.walk(node) if isinstance(each, ast.Return)]
    last = node.body[-1]
    one = len(found) == 1 and isinstance(last, ast.Return) and last.lineno == last.end_lineno
    return last if one and isinstance(last, ast.Return) and last.value is not None else None


def printed(text: str, function: str) -> Iterator[str]:
    """The answer printed, in a function that nothing else calls."""
    found = _only_return(_node(text, function))
    if found is not None and found.value is not None:
        said = ast.get_source_segment(text, found.value)
        yield _with_line(text, found.lineno, f"{' ' * found.col_offset}print({said})")


def syntax(text: str, function: str) -> Iterator[str]:
    """A colon that is missing, a bracket too few and one too many."""
    node = _node(text, function)
    if node is None:
        return
    line = _line(text, node.lineno)
    if line.endswith(":"):
        yield _with_line(text, node.lineno, line[:-1])
    found = _only_return(node)
    if found is not None and _line(text, found.lineno).endswith(")"):
        yield _with_line(text, found.lineno, _line(text, found.lineno)[:-1])
        yield _with_line(text, found.lineno, _line(text, found.lineno) + ")")


def indentation(text: str, function: str) -> Iterator[str]:
    """A line that sticks out, in or at the margin."""
    node = _node(text, function)
    if node is None:
        return
    for statement in node.body[1:-1]:
        if isinstance(statement, ast.Assign) and statement.lineno == statement.end_lineno:
            line = _line(text, statement.lineno)
            yield _with_line(text, statement.lineno, f"  {line}")
            yield _with_line(text, statement.lineno, line[2:])


def result_order(text: str, function: str) -> Iterator[str]:
    """The results of a tuple in another order."""
    found = _only_return(_node(text, function))
    if found is None or not isinstance(found.value, ast.Tuple):
        return
    first, *others = [ast.get_source_segment(text, each) for each in found.value.elts]
    said = ", ".join([*(each or "" for each in others), first or ""])
    yield _with_line(text, found.lineno, f"{' ' * found.col_offset}return {said}")


MAKERS: dict[str, Maker] = {
    "missing import": missing_import,
    "misspelt name": misspelt_name,
    "parameter order": parameter_order,
    "printed": printed,
    "syntax": syntax,
    "indentation": indentation,
    "result order": result_order,
}


if __name__ == "__main__":
    sys.exit(main())
