"""An assignment: a rubric, found by name or path, with its reference, and the two held against each other."""

from __future__ import annotations

import ast
import inspect
from bisect import bisect
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import chdir
from functools import cached_property, partial, wraps
from pathlib import Path
from types import MappingProxyType
from typing import Any

import msgspec

from grader.checks.kinds import KINDS
from grader.errors import BrokenReference, Flaw, RubricError, UsageError, did_you_mean
from grader.inputs.draws import DRAWS, new_each_time
from grader.limits import replace_limits
from grader.reference import Reference, load_reference
from grader.rubric.expression import CONSTANTS, NUMPY, Expression, list_names
from grader.rubric.model import CallLine, Check, RequiredFunction, Rubric
from grader.rubric.reader import examine_rubric, read_rubric
from grader.sandbox.helper_answers import HelperAnswers
from grader.worker.shared.interpreter import copy_value

DEFAULT = "assignment1"
_MOST_READ = 1 << 20
#: One of these a rubric has at its top level, and no other YAML file.
_TOP = ("functions:", "assignment:")


class Assignment(msgspec.Struct, frozen=True, dict=True):
    """A rubric and the reference that knows its answers."""

    rubric: Rubric
    reference: Reference
    files: tuple[tuple[str, bytes], ...] = ()  #: of the handout, by their paths: submissions may read them

    @cached_property
    def helper_answers(self) -> HelperAnswers:
        """What right helpers have answered so far, in all submissions and whatever they were asked about."""
        functions = self.rubric.functions
        return HelperAnswers([each.name for each in functions if not each.pure or each.seed is not None])


def load_rubric(name_or_path: str | Path = DEFAULT) -> Rubric:
    """A bundled rubric by name ("assignment1"), or a rubric of your own by path ("hw2.yaml").

    Raises:
        UsageError: there is no such rubric.
        RubricError: it has flaws; all of them are listed.
    """
    path = _find(str(name_or_path))
    return read_rubric(path, KINDS, new_each_time(), lambda names: _checks_in_python(_load_lenient(path, names)))


def load_assignment(name_or_path: str | Path = DEFAULT, limits: Mapping[str, str] = MappingProxyType({})) -> Assignment:
    """The rubric with its reference: the folder beside the rubric, or in ../reference, or a bundled one.

    Args:
        name_or_path: of the rubric.
        limits: those that hold in place of the rubric's own, such as {"call": "2 s"}.

    Raises:
        UsageError: there is no such rubric.
        RubricError: it has flaws, or names what the reference doesn't have.
        BrokenReference: the reference is missing or doesn't import.
    """
    path = _find(str(name_or_path))
    loaded: dict[tuple[str, ...], Reference | BrokenReference] = {}

    def find_checks(names: Sequence[str]) -> dict[str, tuple[Check, ...]] | None:
        found = loaded[tuple(names)] = _load(path, names)
        return _checks_in_python(found) if isinstance(found, Reference) else None

    rubric, flaws = examine_rubric(path, KINDS, new_each_time(), find_checks)
    reference = loaded[(rubric.reference, *rubric.shared)]
    if isinstance(reference, BrokenReference):
        raise (RubricError(sorted(flaws)) if flaws else reference) from None
    reference = _with_variables(reference, rubric)
    files, missing = _read_files(rubric, reference)
    flaws = [*flaws, *missing]
    unknown = {flaw for flaw in _unknown_names(rubric, reference) if not _is_consequence(flaw, flaws, rubric)}
    if flaws or unknown:
        raise RubricError(sorted({*flaws, *unknown}))
    rubric = msgspec.structs.replace(rubric, limits=replace_limits(rubric.limits, limits)) if limits else rubric
    return Assignment(rubric, _in_folder(_drop_unasked_variants(reference, rubric), rubric), files)


#: Of all files of a handout together: each child gets a copy.
MOST_FILES = 16 << 20


def _read_files(rubric: Rubric, reference: Reference) -> tuple[tuple[tuple[str, bytes], ...], list[Flaw]]:
    """The files of the handout, and what is wrong with those that aren't there or too large."""
    found, flaws = [], []
    for name, place in rubric.files.items():
        path = next((path for folder in reference.folders if (path := folder / name).is_file()), None)
        if path is None:
            where = reference.folder / name
            flaws.append(place.flaw(f"files: there is no {name}; put it beside the reference's modules: {where}"))
        else:
            found.append((name, path.read_bytes()))
        if sum(len(data) for _, data in found) > MOST_FILES:
            flaws.append(place.flaw(f"files: with {name} they are larger than {MOST_FILES >> 20} MiB in all"))
            break
    return tuple(found), flaws


def _in_folder(reference: Reference, rubric: Rubric) -> Reference:
    """With functions that find the handout's files by their names, as a student's do: they run where these lie."""
    if not rubric.files:
        return reference
    functions = {name: _runs_in(reference.folder, call) for name, call in reference.functions.items()}
    variants = (
        msgspec.structs.replace(each, call=_runs_in(reference.folder, each.call)) for each in reference.variants
    )
    return msgspec.structs.replace(reference, functions=functions, variants=tuple(variants))


def _runs_in(folder: Path, function: Callable[..., Any]) -> Callable[..., Any]:
    if isinstance(function, type):
        return function

    @wraps(function)
    def run(*args: Any, **words: Any) -> Any:
        with chdir(folder):
            return function(*args, **words)

    return run


def _load(path: Path, names: Sequence[str]) -> Reference | BrokenReference:
    """The reference in these folders, or why there is none."""
    try:
        return load_reference(*(_reference_folder(path, name) for name in names))
    except BrokenReference as error:
        return error


def _load_lenient(path: Path, names: Sequence[str]) -> Reference | None:
    """The reference where it may hold checks in Python, else nothing: a rubric alone doesn't need more."""
    try:
        files = [file for name in names for file in _reference_folder(path, name).glob("*.py")]
        if not any("@check(" in file.read_text(encoding="utf-8", errors="replace") for file in files):
            return None
    except (BrokenReference, OSError):
        return None
    found = _load(path, names)
    return found if isinstance(found, Reference) else None


def _checks_in_python(reference: Reference | None) -> dict[str, tuple[Check, ...]]:
    """The checks that stand beside a reference, by their functions."""
    by_function: dict[str, tuple[Check, ...]] = {}
    for written in reference.checks if reference is not None else ():
        from grader.checks.written.kind import as_check  # late: few references have any

        by_function[written.function] = (*by_function.get(written.function, ()), as_check(written))
    return by_function


def _with_variables(reference: Reference, rubric: Rubric) -> Reference:
    """With each variable that the rubric asks for as what gives its value."""
    wanted = {function.name for function in rubric.functions if function.is_variable} & reference.variables.keys()
    givers = {name: partial(copy_value, reference.variables[name]) for name in wanted}
    return msgspec.structs.replace(reference, functions={**reference.functions, **givers}) if givers else reference


def _is_consequence(unknown: Flaw, flaws: Iterable[Flaw], rubric: Rubric) -> bool:
    """Whether a name may be unknown only because what makes it can't be read: the sizes, or a part of its function."""
    starts = sorted(function.place.line for function in rubric.functions)
    function = bisect(starts, unknown.line)
    return any(bisect(starts, flaw.line) == function or not rubric.sizes for flaw in flaws)


def _drop_unasked_variants(reference: Reference, rubric: Rubric) -> Reference:
    """Without what a shared folder varies and this rubric doesn't ask for, or doesn't take for a mistake."""
    names = {function.name for function in rubric.functions}
    kept = (v for v in reference.variants if not v.shared or (v.function in names and v.name not in rubric.mute))
    return msgspec.structs.replace(reference, variants=tuple(kept))


def _bundled_folder(kind: str) -> Path:
    """The folder of bundled rubrics or references: in an installed package inside it, in a checkout beside it."""
    package = Path(__file__).resolve().parent.parent
    installed = package / "bundled" / kind
    return installed if installed.is_dir() else package.parent / kind


def bundled_rubrics() -> list[str]:
    """The names of the assignments that come with the package."""
    return sorted(file.stem for file in _bundled_folder("rubrics").glob("*.yaml") if "." not in file.stem)


def rubrics_in(folder: Path) -> list[Path]:
    """The rubrics that lie directly in a folder, broken ones too, by name."""
    return [path for path in sorted(folder.glob("*.y*ml")) if "." not in path.stem and _looks_like_rubric(path)]


def _looks_like_rubric(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            lines = file.read(_MOST_READ).decode("utf-8", "replace").splitlines()
    except OSError:
        return False
    return path.stem != "expected" and any(line.startswith(_TOP) for line in lines)


def is_bundled(folder: Path) -> bool:
    """Whether a reference came with the package, and is nobody's to change."""
    return folder.resolve().is_relative_to(_bundled_folder("reference").resolve())


def _find(name: str) -> Path:
    path = Path(name)
    if path.suffix in (".yaml", ".yml") or path.is_file():
        return path
    bundled = _bundled_folder("rubrics") / f"{name}.yaml"
    if bundled.is_file():
        return bundled
    known = bundled_rubrics()
    raise UsageError(
        f"no rubric is called {name!r}{did_you_mean(name, known)}; bundled are: {', '.join(known)}. "
        "For a rubric of your own give the path of its .yaml file."
    )


def _reference_folder(file: Path, name: str) -> Path:
    beside = file.resolve().parent
    places = (beside / name, beside.parent / "reference" / name)
    for place in (*places, _bundled_folder("reference") / name):
        if place.is_dir():
            return place
    raise BrokenReference(
        f"{file}: the reference {name!r} is neither a bundled one nor a folder beside the rubric: make {places[0]}"
    )


# -- names ---------------------------------------------------------------------------------------------------------


def _unknown_names(rubric: Rubric, reference: Reference) -> Iterator[Flaw]:
    dimensions = {name for size in rubric.sizes.values() for name in size}
    everywhere = {*NUMPY, *CONSTANTS, *DRAWS, *reference.functions, *dimensions}
    for function in rubric.functions:
        if not _is_there(function, reference):
            what = "variable" if function.is_variable else "function"
            hint = did_you_mean(function.name, reference.variables if function.is_variable else reference.functions)
            yield function.place.flaw(f"the reference {reference.folder.name!r} has no {what} {function.name!r}{hint}")
        yield from _other_order(function, reference)
        local = {*everywhere, *function.let, *function.arguments}
        yield from _unknown(_function_expressions(function), local)
        yield from _unknown(_expressions(function.steps), {*local, *function.steps})
        for way in (function.call, *function.ways):
            yield from _unknown_in_call(way, local)
        for check in function.checks:
            bare = msgspec.structs.replace(check, call=(), ways=(), after=None)
            yield from _unknown(_expressions(bare), {*local, *check.draw, "result"})
            after = () if check.after is None else (CallLine(check.after),)
            calls = (check.call, *check.ways) if check.call else (function.call, *function.ways)
            for way in calls:
                yield from _unknown_in_call((*way, *after), local)


def _other_order(function: RequiredFunction, reference: Reference) -> Iterator[Flaw]:
    """The arguments' names in another order than in the reference's own definition: values would change places."""
    if function.call or function.is_variable or "." in function.name or not _is_there(function, reference):
        return
    try:
        parameters = list(inspect.signature(reference.functions[function.name]).parameters)
    except (TypeError, ValueError):
        return
    passed = list(function.signatures[0].passed if function.signatures else function.arguments)
    if passed != parameters[: len(passed)] and set(passed) == set(parameters[: len(passed)]):
        order = ", ".join(parameters[: len(passed)])
        yield function.place.flaw(
            f"the arguments of {function.name} stand in another order than the reference takes them: {order}; "
            "write them in this order, or say call:"
        )


def _is_there(function: RequiredFunction, reference: Reference) -> bool:
    if function.is_variable:
        return function.name in reference.variables
    found: object = reference.functions.get(function.root)
    for part in function.name.split(".")[1:]:
        found = getattr(found, part, None)
    return callable(found)


def _unknown_in_call(lines: Sequence[CallLine], known: set[str]) -> Iterator[Flaw]:
    names = known | {name for line in lines for name in line.bound}
    yield from _unknown(_expressions(tuple(lines)), names)


def _unknown(expressions: Iterable[Expression], known: set[str]) -> Iterator[Flaw]:
    for expression in expressions:
        if expression.word:
            yield from _find_mistyped(expression, known)
            continue
        for node in ast.walk(expression.tree) if not expression.names() <= known else ():
            if isinstance(node, ast.Name) and node.id not in known:
                own = [name for name in known if name not in NUMPY and name not in DRAWS]
                hint = did_you_mean(node.id, known) or list_names(sorted(own))
                text = f"; if it is text, quote it twice: \"'{node.id}'\"" if expression.text == node.id else ""
                yield expression.place.flaw(f"{expression.text!r}: the name {node.id!r} is unknown{hint}{text}")


def _find_mistyped(word: Expression, known: set[str]) -> Iterator[Flaw]:
    """A word in a dict or list is text; one that is nearly a name of the rubric's own is a slip."""
    own = known - NUMPY.keys() - DRAWS.keys()
    if word.text not in known and (hint := did_you_mean(word.text, own)):
        yield word.place.flaw(f"{word.text!r} is no name{hint} If it is text, quote it twice: \"'{word.text}'\"")


def _function_expressions(function: RequiredFunction) -> Iterator[Expression]:
    return _expressions(
        (function.let, function.arguments, function.forms, function.where, function.seed, function.parts)
    )


def _expressions(value: object) -> Iterator[Expression]:
    """Every expression in a record of a rubric, however deep."""
    left = [value]
    for each in left:  # which grows
        if isinstance(each, Expression):
            yield each
        elif isinstance(each, msgspec.Struct):
            left += msgspec.structs.astuple(each)
        elif isinstance(each, tuple):
            left += each
        elif isinstance(each, dict):
            left += each.values()
