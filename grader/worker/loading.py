"""Run a submission's modules, statement by statement, and let them import each other.

Each top-level statement is compiled and run on its own: one that fails is a fault in the report, and only the names
that it would have bound stay unbound. Modules of the submission come from the texts that were sent, never from disk.
"""

from __future__ import annotations
import __future__

import ast
import builtins
import importlib
import importlib.machinery
import sys
import time
import traceback
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from importlib.machinery import ModuleSpec
from inspect import CO_OPTIMIZED
from types import CodeType, FrameType, ModuleType, TracebackType
from typing import TYPE_CHECKING, Any, NamedTuple

from .denials import describe_denial
from .missing_modules import PYLAB, MissingModule, Pylab, show_nothing
from .proxies import Replacement
from .shared.messages import MAX_FAULTS, MAX_NAME, MAX_STARTED, MAX_TEXT
from .shared.numpy_names import restore
from .shared.public_packages import is_public
from .shared.standard_names import restore_standard
from .split_statements import split_statements

#: Standard modules that a submission's own file may stand in front of: nothing here, and nothing in numpy, needs them.
SHADOWED = frozenset({"test", "this", "antigravity", "turtle", "turtledemo", "idlelib", "cmd", "code"})
#: What means Python's own. Made once: a child that copies a few hundred names copies the pages that they lie on, too.
_STANDARD = sys.stdlib_module_names - SHADOWED

#: Relative imports of a file that lies in no package start here: a folder with `from .q1 import f` is a common sight.
_ROOT = "_submission"

#: A handler of one of these is a submission's plan B for a package that isn't there.
_HEARING = frozenset({"ImportError", "ModuleNotFoundError", "Exception", "BaseException"})

if TYPE_CHECKING:
    import importlib.abc

    class _FinderAndLoader(importlib.abc.MetaPathFinder, importlib.abc.Loader):
        """What the import system asks of both."""
else:
    _FinderAndLoader = object  # importing `importlib.abc` takes as long as the jail's self-test

LoadFault = tuple[str, int, str, str]  # module, line, type, text


#: Compiles a statement once more, with these flags.
Compile = Callable[[int], CodeType]


class Described(NamedTuple):
    """An exception, told for a report. `module` and `line` are the innermost frame in the submission."""

    type: str
    text: str
    module: str | None
    line: int | None


class SubmissionLoader(_FinderAndLoader):
    """Finds and runs the submission's modules. `faults` grows while they run."""

    def __init__(
        self, texts: Mapping[str, str], packages: Iterable[str], skipped: Iterable[tuple[str, int]] = ()
    ) -> None:
        self.texts = dict(texts)
        self.skipped = frozenset(skipped)  # module and number of statements that are left out
        self.announce: Callable[[tuple[str, int, int]], None] | None = None  # hears which statement begins
        self._running: list[tuple[str, int, int]] = []  # statements, each within the one before it
        self._announced = 0
        self.faults: list[LoadFault] = []
        self.modules: list[ModuleType] = []  # those of the submission that have run, in order
        self.replacement: Replacement | None = None
        self._packages = frozenset(packages)
        self._files = {file_name(name): name for name in texts}
        self._spared: dict[str, list[range]] = {}  # module -> lines whose imports hear that nothing is there

    # --- the import system's questions ---

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        own = self._own_name(fullname)
        if own is not None:
            return ModuleSpec(fullname, self, origin=own, is_package=self._is_package(own))
        if self._is_package(fullname.removeprefix(_ROOT + ".")):
            return ModuleSpec(fullname, self, is_package=True)
        if self._is_here(fullname) or not self._is_missing_module():
            return None
        return ModuleSpec(fullname, self, is_package=True)

    def _is_missing_module(self) -> bool:
        """Libraries try out what else is installed, and must hear the truth; so must a submission with a plan B."""
        frame: FrameType | None = sys._getframe(2)  # noqa: SLF001 - Python has no other name for it
        while frame is not None and "importlib" in frame.f_code.co_filename:
            frame = frame.f_back
        if frame is None or frame.f_code.co_filename not in self._files:
            return False
        spared = self._spared.get(self._files[frame.f_code.co_filename], ())
        return not any(frame.f_lineno in lines for lines in spared)

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        if spec.origin is None and spec.name in PYLAB and "numpy" in sys.modules:
            return Pylab(spec.name, sys.modules["numpy"])
        if spec.origin is None:
            name = spec.name.removeprefix(_ROOT + ".")
            return _Folder(spec.name, self._by_end(name)) if self._is_package(name) else self._missing(spec.name)
        if spec.name != spec.origin:
            return importlib.import_module(spec.origin)
        return None

    def _missing(self, name: str) -> MissingModule:
        """A stand-in; for a file that nobody handed in, with the helpers that will be replaced."""
        module = MissingModule(name)
        if self.replacement is not None and not is_public(name):
            self.replacement.expect(module)
        return module

    def exec_module(self, module: ModuleType) -> None:
        spec = module.__spec__
        if spec is not None and spec.name == spec.origin and not isinstance(module, MissingModule):
            self._run(spec.name, module)

    def _own_name(self, fullname: str) -> str | None:
        """Which of the submission's modules an import means: by its name, or by its name's end if only one has that."""
        name = fullname.removeprefix(_ROOT + ".")
        if self._is_here(name):
            return None
        if name in self.texts:
            return name
        return None if self._is_package(name) else self._by_end(name)

    def _is_here(self, name: str) -> bool:
        """Whether a module is Python's own or granted."""
        top = name.partition(".")[0]
        return top in _STANDARD or top in self._packages

    def _by_end(self, name: str) -> str | None:
        ends = [own for own in self.texts if own.endswith("." + name)]
        return ends[0] if len(ends) == 1 else None

    def _is_package(self, name: str) -> bool:
        return name == _ROOT or any(own.startswith(name + ".") for own in self.texts)

    # --- running ---

    def load(self, name: str) -> ModuleType:
        """The submission's module of this name, run if it hasn't run yet, whatever its name shadows."""
        if not self._is_here(name):
            return importlib.import_module(name)
        module = ModuleType(name)
        self._run(name, module)
        return module

    def _run(self, name: str, module: ModuleType) -> None:
        source = self.texts[name]
        module.__file__ = file_name(name)
        above = module.__package__
        module.__package__ = f"{_ROOT}.{above}" if above else _ROOT  # so `..` leads to the folder handed in
        module.__spec__ = None  # which says otherwise, and would be believed
        if self.replacement is not None:
            self.replacement.expect(module)
        for number, (line, code, later) in enumerate(self.statements(name, source)):
            if (name, number) not in self.skipped:
                self._running.append((name, number, line))
                self._run_statement(code, later, module)
                self._running.pop()
        if self._running:
            self._tell(self._running[-1])  # the import goes on, or the call that it stands in
        self.modules.append(module)
        if self.replacement is not None:  # the module was imported within a call
            self.replacement.apply(self.modules)

    def _run_statement(self, code: CodeType, later: Compile, module: ModuleType) -> None:
        name, _, line = self._running[-1]
        if not _is_quick(code):
            self._tell(self._running[-1])
        try:
            exec(code, module.__dict__)
        except BaseException as problem:  # noqa: BLE001 - SystemExit too is only a fault of this statement
            if isinstance(problem, Exception) and _defines(code) and _succeeds(later, module):
                return
            self._fault(name, _line_at(problem.__traceback__) or line, problem)
            if isinstance(problem, NameError) and problem.name and _defines_a_function(code):
                _define_without(problem.name, code, module)

    def _tell(self, statement: tuple[str, int, int]) -> None:
        if self.announce is not None and self._announced < MAX_STARTED:
            self._announced += 1
            self.announce(statement)

    def expect(self, names: Iterable[str]) -> None:
        """Know, before anything runs, which functions will be replaced."""
        self.replacement = Replacement(names)

    def replace(self, proxies: Mapping[str, Callable[..., Any]]) -> None:
        """Put these functions in place of the submission's own, here and in what is imported later."""
        if self.replacement is not None:
            self.replacement.begin(proxies, self.modules)

    def statements(self, name: str, source: str) -> Iterable[tuple[int, CodeType, Compile]]:
        """Each top-level statement's line and code, and how to compile it once more. What can't be is a fault."""
        try:
            return list(_compile_in_pieces(source, file_name(name)))
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return self._compile_from_tree(name, source)

    def _compile_from_tree(self, name: str, source: str) -> Iterable[tuple[int, CodeType, Compile]]:
        try:
            tree = ast.parse(source, file_name(name))
        except (SyntaxError, ValueError, RecursionError, MemoryError) as problem:
            self._fault(name, getattr(problem, "lineno", None) or 1, problem)
            return
        self._spared[name] = list(_lines_with_fallback(tree))
        flags = 0
        for statement in _split_imports(tree.body):
            flags |= _future_flags(statement)
            try:
                code = _compile(statement, file_name(name), flags)
            except (SyntaxError, ValueError, RecursionError, MemoryError) as problem:
                self._fault(name, getattr(problem, "lineno", None) or statement.lineno, problem)
            else:
                yield statement.lineno, code, partial(_compile, statement, file_name(name))

    def _fault(self, name: str, line: int, problem: BaseException) -> None:
        if len(self.faults) < MAX_FAULTS:
            self.faults.append((name, line, type(problem).__name__[:MAX_NAME], text_of(problem)))

    def name_of(self, code: CodeType) -> str | None:
        """The module of the submission that this code was compiled from."""
        return self._files.get(code.co_filename)


def _compile_in_pieces(source: str, file: str) -> Iterable[tuple[int, CodeType, Compile]]:
    """As from a tree, in half the time. Raises ValueError where the source has to be parsed."""
    cut = split_statements(source)
    if cut is None:
        raise ValueError("not to be cut without a tree")
    flags = 0
    for line, text in cut:
        if not text.lstrip().startswith(("from", "#")):  # after a comment, who knows
            yield line, _compile_text(text, file, flags), partial(_compile_text, text, file)
            continue
        for statement in _split_imports(ast.parse(text).body):
            flags |= _future_flags(statement)
            yield statement.lineno, _compile(statement, file, flags), partial(_compile, statement, file)


def _compile_text(text: str, file: str, flags: int) -> CodeType:
    code: CodeType = compile(text, file, "exec", flags, dont_inherit=True)
    return code


def _defines(code: CodeType) -> bool:
    """Whether a statement makes a function or a class, whose annotations may be what failed."""
    return any(isinstance(each, CodeType) and each.co_name in code.co_names for each in code.co_consts)


def _succeeds(later: Compile, module: ModuleType) -> bool:
    """Whether a statement runs where annotations are computed when somebody asks for them, as in Python 3.14."""
    with suppress(Exception):
        exec(later(__future__.annotations.compiler_flag), module.__dict__)
        return True
    return False


def _compile(statement: ast.stmt, file: str, flags: int) -> CodeType:
    code: CodeType = compile(ast.Module([statement], []), file, "exec", flags, dont_inherit=True)
    return code


def _defines_a_function(code: CodeType) -> bool:
    """Whether a statement binds one name, which the code that it makes has, too: `def f` does."""
    inner = {each.co_name for each in code.co_consts if isinstance(each, CodeType)}
    return bool(code.co_names) and code.co_names[-1] in inner


def _is_quick(code: CodeType) -> bool:
    """Whether running a statement only makes a function, and asks for nothing but constants."""
    made = [each for each in code.co_consts if isinstance(each, CodeType)]
    return len(made) == 1 and code.co_names == (made[0].co_name,) and bool(made[0].co_flags & CO_OPTIMIZED)


def _define_without(missing: str, code: CodeType, module: ModuleType) -> None:
    """Define a function of which a default value names what isn't there: it may be called without that one."""
    module.__dict__[missing] = MissingModule(missing)
    with suppress(BaseException):
        exec(code, module.__dict__)
    if isinstance(module.__dict__.get(missing), MissingModule):
        del module.__dict__[missing]  # in the function's own lines it is still unknown


class _Folder(ModuleType):
    """A folder as a package. `import hw` beside `hw/hw.py` means that file: what the folder lacks it may have."""

    def __init__(self, name: str, twin: str | None) -> None:
        super().__init__(name)
        self._twin = twin

    def __getattr__(self, name: str) -> Any:
        if self._twin is None or (name.startswith("__") and name != "__all__"):
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")
        twin = importlib.import_module(self._twin)
        if name == "__all__":
            return getattr(twin, name, [each for each in vars(twin) if not each.startswith("_")])
        return getattr(twin, name)


def _lines_with_fallback(tree: ast.AST) -> Iterable[range]:
    """The lines of each `try` that imports a name which an `except` below it makes in another way."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Try):
            continue
        answering = [handler for handler in node.handlers if _is_import_handler(handler)]
        if _names_bound(node.body) & _names_bound(answering):
            yield range(node.lineno, (node.body[-1].end_lineno or node.lineno) + 1)


def _is_import_handler(handler: ast.ExceptHandler) -> bool:
    names = {node.id for node in ast.walk(handler.type) if isinstance(node, ast.Name)} if handler.type else _HEARING
    return not names.isdisjoint(_HEARING)


def _names_bound(block: Iterable[ast.AST]) -> set[str]:
    made = set()
    for node in (inner for each in block for inner in ast.walk(each)):
        if isinstance(node, ast.alias):
            made.add(node.asname or node.name.partition(".")[0])
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            made.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            made.add(node.id)
    return made


def describe(problem: BaseException, loader: SubmissionLoader | None) -> Described:
    """Type, text and place of an exception. Its `__str__` is the submission's: it may raise, or take for ever."""
    module, line = None, None
    for frame, at in traceback.walk_tb(problem.__traceback__):
        name = loader.name_of(frame.f_code) if loader is not None else None
        module, line = (name, at) if name is not None else (module, line)
    return Described(type(problem).__name__[:MAX_NAME], text_of(problem), module, line)


def _line_at(trace: TracebackType | None) -> int | None:
    """The line at which the statement itself stood: a statement may be long, and the fault may lie deep in a call."""
    return trace.tb_next.tb_lineno if trace is not None and trace.tb_next is not None else None


def file_name(module: str) -> str:
    """The file name that a module's code and tracebacks carry."""
    return module.replace(".", "/") + ".py"


def _split_imports(body: Iterable[ast.stmt]) -> Iterable[ast.stmt]:
    """The statements, with an import for each name: one that the other file lacks takes no other with it."""
    for statement in body:
        if isinstance(statement, ast.ImportFrom) and statement.module != "__future__":
            for alias in statement.names:
                yield ast.copy_location(ast.ImportFrom(statement.module, [alias], statement.level), statement)
        else:
            yield statement


def _future_flags(statement: ast.stmt) -> int:
    """`from __future__ import …` holds for the whole file, though each statement is compiled by itself."""
    if not (isinstance(statement, ast.ImportFrom) and statement.module == "__future__"):
        return 0
    features = (getattr(__future__, alias.name, None) for alias in statement.names)
    return sum(feature.compiler_flag for feature in features if feature is not None)


def text_of(problem: BaseException) -> str:
    """What an exception says, cut."""
    try:
        return (_describe_missing_file(problem) or describe_denial(problem) or str(problem))[:MAX_TEXT]
    except Exception as second:  # noqa: BLE001 - a failing __str__ must not hide the first problem
        return f"(its text can't be shown: {type(second).__name__})"


def _describe_missing_file(problem: BaseException) -> str | None:
    """That a file isn't there, in words: it may be on the student's own machine."""
    if not isinstance(problem, FileNotFoundError):
        return None
    name = problem.filename
    if name is None and str(problem).endswith(" not found."):  # as numpy says it
        name = str(problem).removesuffix(" not found.")
    if not isinstance(name, str):
        return None
    return f"{name.replace(chr(92), '/').rpartition('/')[2]} isn't among what was handed in"


def no_input(prompt: object = "") -> str:
    """Stands in for `input()`."""
    raise EOFError("input() can't be answered here: nobody is at the keyboard")


def _sleep_only_in_calls(loader: SubmissionLoader) -> None:
    """Let `time.sleep` return at once while the file is loaded: nothing comes of waiting."""
    really_sleep = time.sleep

    def sleep(seconds: Any, /) -> None:
        if loader.announce is None:
            really_sleep(seconds)

    time.sleep = sleep


def find_callable(module: ModuleType, dotted: str) -> Callable[..., Any] | None:
    """What a (dotted) name in a module holds, if it can be called; for "=q1" what gives the variable's value."""
    if dotted.startswith("="):
        name = dotted[1:]
        return (lambda: vars(module)[name]) if name in vars(module) else None
    value: Any = module
    for part in dotted.split("."):
        value = getattr(value, part, None)
    return value if callable(value) else None


def prepare(
    texts: Mapping[str, str], packages: Iterable[str], skipped: Iterable[tuple[str, int]] = ()
) -> SubmissionLoader:
    """Make this process one in which a submission's modules can be imported."""
    loader = SubmissionLoader(texts, packages, skipped)
    if "numpy" in sys.modules:
        restore(sys.modules["numpy"])
    restore_standard()
    sys.meta_path.insert(0, loader)
    sys.argv = [""]
    builtins.input = no_input
    _sleep_only_in_calls(loader)
    builtins.display = show_nothing  # type: ignore[attr-defined]
    return loader
