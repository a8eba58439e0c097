"""Load a reference and its variants: a folder of plain Python modules that the instructor wrote.

The modules are trusted code and run here. They import each other by name (`from functions import softmax`); two
references with files of the same name don't meet, because nothing of a reference stays in `sys.modules`.
"""

from __future__ import annotations

import ast
import hashlib
import importlib
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from fractions import Fraction
from functools import cache
from pathlib import Path
from types import MappingProxyType, ModuleType
from typing import Any, Literal, TypeVar

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


class Reference(msgspec.Struct, frozen=True):
    """An instructor's solution: every public name of the modules in its folders, and the variants beside them."""

    folders: tuple[Path, ...]
    functions: dict[str, ReferenceFunction]
    variants: tuple[Variant, ...]
    sources: dict[str, str]  #: file name -> text
    sha256: str
    variables: Mapping[str, Any] = MappingProxyType({})  #: every other public name, for rubrics that ask for one

    @property
    def folder(self) -> Path:
        """The first of its folders, which gives it its name."""
        return self.folders[0]

    def of(self, kind: str, function: str) -> tuple[Variant, ...]:
        """The variants of one kind for one function, in the order in which they were written."""
        return tuple(v for v in self.variants if v.kind == kind and v.function == function)

    def stub(self, name: str, data: dict[str, Any]) -> Stub:
        """The function or class `name` as source for a child, with `data` bound by keyword.

        Raises:
            BrokenReference: no file of the reference defines `name` at its top level.
        """
        for text in self.sources.values():
            if f" {name}" in text and (source := _definitions(text).get(name)) is not None:
                return Stub(source, name, data)
        raise BrokenReference(f"{self.folder}: no function or class {name!r} to make a stub of")


_collected: ContextVar[list[Variant] | None] = ContextVar("variants being loaded", default=None)


def _collect(variant: Variant) -> None:
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


@cache
def _definitions(text: str) -> dict[str, str]:
    """The source of every function and class at the top level of a module."""
    lines = text.splitlines()
    nodes = [node for node in ast.parse(text).body if isinstance(node, (ast.FunctionDef, ast.ClassDef))]
    return {node.name: "\n".join(lines[node.lineno - 1 : node.end_lineno]) for node in nodes}


def load_reference(*folders: Path) -> Reference:
    """Import every module of the folders. They import each other by name, and a name's first folder has it.

    What varies a function counts only where it stands in the folder that has the function, or in one before it.

    Raises:
        BrokenReference: there is no such folder, it holds no Python, a module doesn't import, or two have one name.
    """
    files = {folder: sorted(folder.glob("*.py")) for folder in folders}
    _check_files(files)
    every = [file for folder in folders for file in files[folder]]
    sources = {file.name: file.read_text(encoding="utf-8") for file in every}
    functions: dict[str, ReferenceFunction] = {}
    variables: dict[str, Any] = {}
    variants: list[Variant] = []
    with _importable(folders, [file.stem for file in every]):
        for folder in folders:
            elsewhere = set(functions)
            found, others, varying = _load_modules(files[folder])
            functions = {**found, **functions}
            variables = {**others, **variables}
            variants += [
                msgspec.structs.replace(variant, shared=folder != folders[0])
                for variant in varying
                if variant.function.partition(".")[0] not in elsewhere
            ]
    return Reference(folders, functions, tuple(variants), sources, _digest(sources), variables)


def _check_files(files: Mapping[Path, list[Path]]) -> None:
    seen: dict[str, Path] = {}
    for folder, found in files.items():
        if not found:
            raise BrokenReference(f"{folder}: no Python files here; a reference is a folder of modules")
        for file in found:
            if file.name in seen:
                raise BrokenReference(f"{file}: there is a {file.name} in {seen[file.name]} too; rename one of them")
            seen[file.name] = folder


def _load_modules(files: list[Path]) -> tuple[dict[str, ReferenceFunction], dict[str, Any], list[Variant]]:
    """The public functions and classes of modules, their variables, and the variants that they hold."""
    variants: list[Variant] = []
    names: dict[str, ReferenceFunction] = {}
    variables: dict[str, Any] = {}
    token = _collected.set(variants)
    try:
        for file in files:
            public = {name: value for name, value in vars(_import(file)).items() if not name.startswith("_")}
            names |= {
                name: value
                for name, value in public.items()
                if callable(value) and getattr(value, "__module__", None) == file.stem
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
    importlib.invalidate_caches()
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
