"""Which file of the submission an import means. All its folders are on the path, as in a student's own editor."""

from __future__ import annotations

import ast
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Sequence

from ..submission.reading import SourceFile, module_parts
from ..worker.shared.public_packages import is_public

#: Standard modules that a student's own file may stand in front of, in the child too: nobody means the standard one.
SHADOWED_MODULES = frozenset({"test", "this", "antigravity", "turtle", "turtledemo", "idlelib", "cmd", "code"})
#: What means Python's own. Made once: a child that copies a few hundred names copies the pages that they lie on, too.
_STANDARD_MODULES = sys.stdlib_module_names - SHADOWED_MODULES

#: The name of the file that makes the folder handed in a package.
_ROOT = ("__init__",)
#: What a browser or a system adds to a name that is taken.
_COPY = re.compile(r"(?: ?\(\d{1,3}\)| copy(?: \d{1,3})?| - copy)\Z", re.IGNORECASE)


def _plain_name(stem: str) -> str:
    return _COPY.sub("", stem).casefold().replace(" ", "_").replace("-", "_")


class SubmissionImports:
    """The files of one submission, as imports see them.

    A written name means the same file wherever it is written, as in one Python process: the first meaning stays.
    """

    def __init__(self, files: Sequence[SourceFile], packages: Iterable[str]) -> None:
        self._granted = frozenset(packages)
        self._parts = [module_parts(file.path) for file in files]
        self._packages = [file.path.endswith("__init__.py") for file in files]
        self._paths = [file.path for file in files]
        self._by_end = self._ends()
        self._longest = max(map(len, self._by_end), default=0)
        self._unknown: set[str] = set()  # written names that no file has, whoever imports them
        self.meant: dict[str, int] = {}  #: written name -> file
        self.renamed: dict[str, int] = {}  #: written name -> file that a system or an LMS calls nearly so
        self.rivals: dict[str, tuple[int, ...]] = {}  #: written name -> files that it could mean, where several

    def _ends(self) -> dict[tuple[str, ...], list[int]]:
        """The files by every end of their names: a/b/c.py by c, b.c and a.b.c."""
        found: dict[tuple[str, ...], list[int]] = defaultdict(list)
        for index, parts in enumerate(self._parts):
            for start in range(len(parts)):
                found[parts[start:]].append(index)
        return found

    def is_reserved(self, name: str) -> bool:
        """Whether a name at the front means Python's or the course's own module, never a file of the submission."""
        return name in _STANDARD_MODULES or name in self._granted

    def find(self, name: str, importer: int) -> int | None:
        """The file that an absolute import of `name` means, or None for what is no file of the submission."""
        if not name or name in self._unknown:
            return None
        if name in self.meant:
            return self.meant[name]
        parts = tuple(name.split("."))
        is_own = not self.is_reserved(parts[0])
        called = self._files_called(parts) if is_own else []
        if not called and is_own and (called := self._files_called_nearly(parts)):
            self.renamed[name] = called[0]
        if not called:
            self._unknown.add(name)
        found = [index for index in called if index != importer]
        if not found:
            return None
        found.sort(key=lambda index: self._distance(index, importer))
        self.meant[name] = found[0]
        if len(found) > 1:
            self.rivals[name] = tuple(found)
        return found[0]

    def _files_called(self, parts: tuple[str, ...]) -> Sequence[int]:
        """The files of a name; the folder that was handed in, or one above it, may stand in front: `hw1.softmax`."""
        if is_public(parts[0]):
            return self._by_end.get(parts, ())
        starts = range(max(0, len(parts) - self._longest), len(parts))
        ends = (self._by_end[parts[start:]] for start in starts if parts[start:] in self._by_end)
        return next(ends, [index for index in self._by_end.get(_ROOT, ()) if len(parts) == 1])

    def _files_called_nearly(self, parts: tuple[str, ...]) -> Sequence[int]:
        """The one file that a download has given another name: `Core.py`, `core (1).py`, `ada_1234_core.py`."""
        if len(parts) > 1 or is_public(parts[0]):  # `q1.softmax` may be a name in q1
            return ()
        wanted = _plain_name(parts[0])
        names = [_plain_name(path.rpartition("/")[2].partition(".")[0]) for path in self._paths]
        same = [index for index, name in enumerate(names) if name == wanted]
        end = f"_{wanted}"  # an LMS puts numbers in front
        found = same or [
            index
            for index, name in enumerate(names)
            if name.endswith(end) and any(map(str.isdecimal, name.removesuffix(end)))
        ]
        return found if len(found) == 1 and len(wanted) > 1 else ()

    def is_lost(self, name: str, importer: int) -> bool:
        """Whether a module is neither a file of the submission nor one that may be imported here."""
        return bool(name) and not self.is_reserved(name.partition(".")[0]) and self.find(name, importer) is None

    def _distance(self, index: int, importer: int) -> tuple[bool, int, bool, str]:
        """A file beside the importer first, then the least nested; scripts before notebooks."""
        path, beside = self._paths[index], self._folder(importer)
        return self._folder(index) != beside, path.count("/"), path.endswith(".ipynb"), path

    def _folder(self, index: int) -> str:
        return self._paths[index].rpartition("/")[0]

    def is_package(self, index: int) -> bool:
        """Whether a file is the `__init__.py` of its folder."""
        return self._packages[index]

    def source_of(self, statement: ast.ImportFrom, importer: int) -> str:
        """The absolute name behind `from … import`; "" for the submission's root."""
        if not statement.level:
            return statement.module or ""
        package = self._parts[importer] if self._packages[importer] else self._parts[importer][:-1]
        if package == _ROOT:
            package = ()
        above = package[: max(len(package) - statement.level + 1, 0)]
        return ".".join([*above, *filter(None, [statement.module])])

    def _is_to_be_kept(self, name: str, index: int) -> bool:
        """Whether a file is found under the name that was written for it, and under no other."""
        parts = tuple(name.split("."))
        return name in self.rivals or self._parts[index][-len(parts) :] != parts

    def module_names(self, used: Iterable[int]) -> dict[int, str]:
        """A module name for each used file: unique, not reserved, and found by the imports that mean it."""
        names: dict[int, str] = {}
        taken: set[str] = set()
        wanted = {index: name for name, index in self.meant.items() if self._is_to_be_kept(name, index)}
        for index in used:
            parts = list(self._parts[index])
            while len(parts) > 1 and self.is_reserved(parts[0]):
                del parts[0]  # a folder called `code` must not hide the standard module
            name = wanted.get(index, ".".join(parts))
            if self.is_reserved(top := name.partition(".")[0]) or top == "__main__":
                name = f"_{name}"
            while name in taken:
                name = f"{name}_"
            names[index] = name
            taken.add(name)
        return names
