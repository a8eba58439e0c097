"""Load a reference and its variants: a folder of plain Python modules that the instructor wrote.

The modules are trusted code and run here. They import each other by name (`from functions import softmax`); two
references with files of the same name don't meet, because nothing of a reference stays in `sys.modules`.
"""

from __future__ import annotations

import ast
import hashlib
import importlib
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import chdir, contextmanager
from contextvars import ContextVar
from fractions import Fraction
from functools import cache
from pathlib import Path
from types import MappingProxyType, ModuleType
from typing import Any, Literal, NamedTuple, TypeVar

import msgspec

from grader.errors import BrokenReference
from grader.worker.shared.steps import Stub

ReferenceFunction = Callable[..., Any]
F = TypeVar("F", bound=ReferenceFunction)


class Variant(msgspec.Struct, frozen=True):
    """A named version of a reference function."""

    kind: Literal["mistake", "convention", "right"]
    function: str  #: the required function that it varies
    name: str
    call: ReferenceFunction
    hint: str = ""
    credit: Fraction = Fraction(0)  #: the share of the function's points that the mistake still earns
    same_as: str = ""  #: what the same mistake is called in another function, where that is another name
    shared: bool = False  #: it stands in a folder that another assignment lends


class WrittenCheck(msgspec.Struct, frozen=True):
    """A check in Python, and what a rubric would say of it."""

    function: str  #: the required function that it asks
    title: str
    points: Fraction
    run: Callable[[Any, Any], None]  #: of the student's functions and of the draws
    false_alarm: float = 0.0  #: how often it may be wrong about what is right
    visibility: str = "hidden"
    hint: str = ""
    requires: tuple[str, ...] = ()  #: "values", or titles of checks without which it doesn't pay

    @property
    def place(self) -> tuple[str, int]:
        """Where it is written: file and line."""
        return self.run.__code__.co_filename, self.run.__code__.co_firstlineno


class Reference(msgspec.Struct, frozen=True):
    """An instructor's solution: every public name of the modules in its folders, and the variants beside them."""

    folders: tuple[Path, ...]
    functions: dict[str, ReferenceFunction]
    variants: tuple[Variant, ...]
    sources: dict[str, str]  #: file name -> text
    sha256: str
    variables: Mapping[str, Any] = MappingProxyType({})  #: every other public name, for rubrics that ask for one
    checks: tuple[WrittenCheck, ...] = ()  #: those that are written in Python, in the order of their files

    @property
    def folder(self) -> Path:
        """The first of its folders, which gives it its name."""
        return self.folders[0]

    def of(self, kind: str, function: str) -> tuple[Variant, ...]:
        """The variants of one kind for one function, in the order in which they were written."""
        return tuple(v for v in self.variants if v.kind == kind and v.function == function)

    @property
    def plain_sources(self) -> dict[str, str]:
        """The sources without marks and what is marked, each line where it was: for where this package isn't."""
        return {name: _without_marks(text) for name, text in self.sources.items()}

    def stub(self, name: str, data: dict[str, Any]) -> Stub:
        """The function or class `name` as source for a child, with `data` bound by keyword.

        Raises:
            BrokenReference: no file of the reference defines `name` at its top level, or its formula for reports has a
                name to which nothing is bound.
        """
        for text in self.sources.values():
            if f" {name}" in text and (found := _definitions(text).get(name)) is not None:
                unknown = next((each for each in re.findall(r"\{(\w+)\}", found.formula) if each not in data), "")
                if unknown:
                    said = f"the line `Shown as:` of {name} has {{{unknown}}}, to which the rubric binds nothing"
                    raise BrokenReference(f"{self.folder}: {said}")
                return Stub(found.source, name, data, found.formula)
        raise BrokenReference(f"{self.folder}: no function or class {name!r} to make a stub of")


_collected: ContextVar[list[Variant | WrittenCheck] | None] = ContextVar("what is being loaded", default=None)


def _collect(variant: Variant | WrittenCheck) -> None:
    found = _collected.get()
    if found is not None:
        found.append(variant)


def mistake(function: str, *, name: str, hint: str, credit: str | int = 0, same_as: str = "") -> Callable[[F], F]:
    """Mark a wrong version of `function`: its name and hint reach students, `credit` ("1/4") is what it still earns.

    A mistake of one name, or that is the `same_as` one of another function, is charged once: where it is made first.
    """

    def keep(call: F) -> F:
        _collect(Variant("mistake", function, name, call, hint, Fraction(credit), same_as))
        return call

    return keep


def convention(function: str, *, name: str) -> Callable[[F], F]:
    """Mark another right version of `function`, whose answers differ from the reference's."""

    def keep(call: F) -> F:
        _collect(Variant("convention", function, name, call))
        return call

    return keep


def right(function: str, *, name: str = "") -> Callable[[F], F]:
    """Mark another right way to write `function`, with the reference's answers: for `grade audit`."""

    def keep(call: F) -> F:
        _collect(Variant("right", function, name or call.__name__, call))
        return call

    return keep


def check(
    function: str,
    *,
    title: str,
    points: str | int,
    false_alarm: float = 0.0,
    visibility: str = "hidden",
    hint: str = "",
    requires: str | Sequence[str] = "nothing",
) -> Callable[[F], F]:
    """Mark a check of `function` that is written in Python: a function of `student` and `draw`.

    Args:
        title, points, visibility, hint: as a check in the rubric says them; points may be a text, such as "1/3".
        false_alarm: the share of draws on which it may fail what is right.
        requires: "nothing", "values", or titles of other checks of the function without which it doesn't pay.
    """
    _require_sound(function, title, points, false_alarm)
    said = (requires,) if isinstance(requires, str) else tuple(requires)
    waits = tuple(word for word in said if word != "nothing")

    def keep(run: F) -> F:
        _collect(WrittenCheck(function, title, Fraction(points), run, false_alarm, visibility, hint, waits))
        setattr(run, MARK, True)
        return run

    return keep


#: Set on what is a check, and no solution that could be called.
MARK = "_is_check"


def _require_sound(function: str, title: str, points: str | int, false_alarm: float) -> None:
    """Raises ValueError for what no check can say; loading the reference then names the line."""
    if not (isinstance(function, str) and isinstance(title, str) and title.strip()):
        raise ValueError('say which function it checks, and a title: @check("f", title="…", points=2)')
    if Fraction(points) < 0:
        raise ValueError(f"points should not be below 0, found {points!r}")
    if not 0 <= false_alarm < 1:
        raise ValueError(f"false_alarm is a share from 0 to 1, such as 1e-6; found {false_alarm!r}")


class _Definition(NamedTuple):
    """A function or class as it goes into a child, without its docstring, and what that says of reports."""

    source: str
    formula: str  #: what stands behind `Shown as:`


#: The end of a docstring, or the end of a paragraph of it.
_SHOWN_AS = re.compile(r"^\s*Shown as:\s*(.+?)\s*(?:\n\s*\n|\Z)", re.DOTALL | re.MULTILINE)


@cache
def _definitions(text: str) -> dict[str, _Definition]:
    """Every function and class at the top level of a module."""
    lines = text.splitlines()
    nodes = [node for node in ast.parse(text).body if isinstance(node, (ast.FunctionDef, ast.ClassDef))]
    return {node.name: _define(node, lines) for node in nodes}


def _define(node: ast.FunctionDef | ast.ClassDef, lines: Sequence[str]) -> _Definition:
    docstring, first = ast.get_docstring(node), node.body[0]
    left_out = range(first.lineno, (first.end_lineno or 0) + 1) if docstring and len(node.body) > 1 else ()
    numbers = range(node.lineno, (node.end_lineno or 0) + 1)
    source = "\n".join(lines[number - 1] for number in numbers if number not in left_out)
    found = _SHOWN_AS.search(docstring or "")
    return _Definition(source, " ".join(found[1].split()) if found else "")


@cache
def _without_marks(text: str) -> str:
    """A module without what it takes from here, and without what is marked by that."""
    body = ast.parse(text).body
    ours = [n for n in body if isinstance(n, ast.ImportFrom) and n.module == __name__]
    names = {alias.asname or alias.name for node in ours for alias in node.names}
    marked = [n for n in body if isinstance(n, (ast.FunctionDef, ast.ClassDef)) and _marks(n) & names]
    lines = text.splitlines(keepends=True)
    for node in (*ours, *marked):
        first = min([node.lineno, *(each.lineno for each in getattr(node, "decorator_list", ()))])
        for number in range(first - 1, node.end_lineno or first):
            lines[number] = "\n"
    return "".join(lines)


def _marks(node: ast.FunctionDef | ast.ClassDef) -> set[str]:
    calls = [each.func if isinstance(each, ast.Call) else each for each in node.decorator_list]
    return {each.id for each in calls if isinstance(each, ast.Name)}


def load_reference(*folders: Path) -> Reference:
    """Import every module of the folders. They import each other by name, and a name's first folder has it.

    What varies a function counts only where it stands in the folder that has the function, or in one before it.

    Raises:
        BrokenReference: there is no such folder, it holds no Python, a module doesn't import, or two have one name.
    """
    folders = tuple(folder.resolve() for folder in folders)
    files = {folder: sorted(folder.glob("*.py")) for folder in folders}
    _check_files(files)
    every = [file for folder in folders for file in files[folder]]
    sources = {file.name: file.read_text(encoding="utf-8") for file in every}
    functions: dict[str, ReferenceFunction] = {}
    variables: dict[str, Any] = {}
    variants: list[Variant] = []
    checks: list[WrittenCheck] = []
    with _importable(folders, [file.stem for file in every]):
        for folder in folders:
            elsewhere = set(functions)
            with chdir(folder):  # where its files of data lie
                found, others, collected = _load_modules(files[folder])
            checks += [each for each in collected if isinstance(each, WrittenCheck)]
            varying = [each for each in collected if isinstance(each, Variant)]
            functions = {**found, **functions}
            variables = {**others, **variables}
            variants += [
                msgspec.structs.replace(variant, shared=folder != folders[0])
                for variant in varying
                if variant.function.partition(".")[0] not in elsewhere
            ]
    return Reference(folders, functions, tuple(variants), sources, _digest(sources), variables, tuple(checks))


def _check_files(files: Mapping[Path, list[Path]]) -> None:
    seen: dict[str, Path] = {}
    for folder, found in files.items():
        if not found:
            raise BrokenReference(f"{folder}: no Python files here; a reference is a folder of modules")
        for file in found:
            if file.name in seen:
                raise BrokenReference(f"{file}: there is a {file.name} in {seen[file.name]} too; rename one of them")
            seen[file.name] = folder


def _load_modules(
    files: list[Path],
) -> tuple[dict[str, ReferenceFunction], dict[str, Any], list[Variant | WrittenCheck]]:
    """The public functions and classes of modules, their variables, and the variants and checks that they hold."""
    variants: list[Variant | WrittenCheck] = []
    names: dict[str, ReferenceFunction] = {}
    variables: dict[str, Any] = {}
    token = _collected.set(variants)
    try:
        for file in files:
            module = file.stem
            public = {name: value for name, value in vars(_import(file)).items() if not name.startswith("_")}
            names |= {
                name: value
                for name, value in public.items()
                if callable(value) and getattr(value, "__module__", None) == module and not hasattr(value, MARK)
            }
            variables |= {
                name: value
                for name, value in public.items()
                if not callable(value) and not isinstance(value, ModuleType)
            }
    finally:
        _collected.reset(token)
    return names, variables, variants


def _import(file: Path) -> ModuleType:
    try:
        return importlib.import_module(file.stem)
    except (Exception, SystemExit) as error:
        raise BrokenReference(f"{_place(error, file)}: {type(error).__name__}: {error}") from error


def _place(error: BaseException, file: Path) -> str:
    """file:line of the innermost frame in the reference's own folder."""
    if isinstance(error, SyntaxError) and error.filename:
        return f"{error.filename}:{error.lineno}"
    place, trace = str(file), error.__traceback__
    while trace is not None:
        if Path(trace.tb_frame.f_code.co_filename).parent == file.parent:
            place = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}"
        trace = trace.tb_next
    return place


@contextmanager
def _importable(folders: Sequence[Path], stems: list[str]) -> Iterator[None]:
    """The folders' modules win over all others of their names while this lasts, and leave nothing behind."""
    hidden: Mapping[str, ModuleType | None] = {stem: sys.modules.pop(stem, None) for stem in stems}
    sys.path[:0] = map(str, folders)
    for folder in folders:  # what was listed of it before may be old; all other folders need no look
        sys.path_importer_cache.pop(str(folder), None)
    try:
        yield
    finally:
        for folder in folders:
            sys.path.remove(str(folder))
        for stem, module in hidden.items():
            sys.modules.pop(stem, None)
            if module is not None:
                sys.modules[stem] = module


def _digest(sources: Mapping[str, str]) -> str:
    digest = hashlib.sha256()
    for name in sorted(sources):
        digest.update(f"{name}\0{sources[name]}\0".encode())
    return digest.hexdigest()
