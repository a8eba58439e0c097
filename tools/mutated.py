"""Wrong submissions to measure by: right ones with one small change each, and known mistakes as files."""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from planted.assemble import source, variants

from grader.authoring.verify import as_submission
from grader.feedback.mutants import make_mutants
from grader.grading.reading import Unreadable, read_in_child
from grader.plan.plan import Plan
from grader.sandbox.sandbox import Sandbox
from grader.submission.collecting import FoundFile, Upload
from grader.upload import read_submission

SAMPLES = Path(__file__).parent.parent / "sample_submissions"


class Mutated(NamedTuple):
    """A whole submission in which one function is wrong."""

    name: str
    function: str
    text: str  #: one file


def mutated(plan: Plan, box: Sandbox) -> Iterator[Mutated]:
    """Every change of every right submission of an assignment that is one file; each changed text once.

    What changes several required functions at once, a helper of theirs, is left out.
    """
    known: set[tuple[str, str]] = set()
    for name, upload in _rights(plan):
        with box.open(plan.rubric.limits) as child:
            found = read_in_child(upload, plan.rubric, child)
        if isinstance(found, Unreadable) or len(found.modules) != 1:
            continue
        for number, mutant in enumerate(make_mutants(found.modules, plan.rubric)):
            if len(mutant.asked) == 1 and (mutant.asked[0], mutant.source) not in known:
                known.add((mutant.asked[0], mutant.source))
                yield Mutated(f"{name} {mutant.function} {number}", mutant.asked[0], mutant.source)


def _rights(plan: Plan) -> Iterator[tuple[str, Upload]]:
    """The planted ones of the default assignment; the right samples of the others, and else the reference."""
    name = Path(plan.rubric.file).stem
    if name == "assignment1":
        for variant in variants("right"):
            if variant.function == "all":
                yield variant.name, Upload("hw.py", (FoundFile("hw.py", source(variant).encode()),))
        return
    samples = sorted(each for each in SAMPLES.glob(f"{name}/right*") if each.name != "expected.json")
    for sample in samples:
        yield sample.name, read_submission(sample / "submission" if (sample / "submission").is_dir() else sample)
    if not samples:
        yield "reference", as_submission(plan)


def mistaken(plan: Plan) -> Iterator[Mutated]:
    """Each known mistake of an assignment as a whole submission: the reference with that one function exchanged.

    Left out are methods, variables, and mistakes that call the right function or another mistake.
    """
    reference = plan.assignment.reference
    ours = "|".join(re.escape(name.removesuffix(".py")) for name in reference.sources)
    whole = "\n\n".join(_without_imports(text, ours) for text in reference.plain_sources.values())
    plain = {each.name for each in plan.rubric.functions if not each.is_variable and "." not in each.name}
    marked = {each.call.__name__ for each in reference.variants}
    for variant in reference.variants:
        if variant.kind != "mistake" or variant.function not in plain:
            continue
        node = ast.parse(textwrap.dedent(inspect.getsource(variant.call))).body[0]
        used = {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}
        if not isinstance(node, ast.FunctionDef) or used & {variant.function, *marked}:
            continue
        node.decorator_list, node.name = [], variant.function
        yield Mutated(f"{variant.function}: {variant.name}", variant.function, f"{whole}\n\n{ast.unparse(node)}\n")


def _without_imports(text: str, modules: str) -> str:
    """A module without what it imports of these, and of the future."""
    names = rf"(?:{modules}|__future__|grader\.reference)"
    return re.sub(rf"^from {names} import (?:\([^)]*\)|[^\n]*)\n", "", text, flags=re.M)
