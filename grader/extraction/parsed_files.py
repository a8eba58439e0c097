"""The files of a submission during one extraction, each parsed when it is first asked for."""

from __future__ import annotations

from collections.abc import Iterator

from ..submission.collecting import KIB
from ..submission.reading import Submission
from .dependencies import StatementIndex
from .parsing import ParsedFile, TopStatement, layout_of, parse_file

#: Characters of source that are parsed: 12,000 lines; dense ones need 600 bytes of memory each.
MAX_PARSED = 512 * KIB


class Sources:
    """The files of a submission."""

    def __init__(self, submission: Submission) -> None:
        self.files = submission.files
        self.layouts = [layout_of(file, len(self.files) == 1) for file in self.files]
        self.too_long: list[int] = []
        self._parsed: dict[int, ParsedFile] = {}
        self._indexes: dict[int, StatementIndex] = {}
        self._characters = 0  #: of the files that were parsed, or were too long for it

    def __iter__(self) -> Iterator[int]:
        return iter(range(len(self.files)))

    def parse_once(self, file: int) -> ParsedFile:
        """The statements of a file; none where too much has been parsed before it."""
        if file not in self._parsed:
            self._characters += sum(len(cell.text) for cell in self.files[file].cells)
            if self._characters <= MAX_PARSED:
                self._parsed[file] = parse_file(self.files[file])
            else:
                self._parsed[file] = ParsedFile((), ())
                self.too_long.append(file)
        return self._parsed[file]

    def add(self, file: int, statement: TopStatement) -> None:
        """Have a file end with one more statement."""
        parsed = self.parse_once(file)
        self._parsed[file] = parsed._replace(statements=(*parsed.statements, statement))
        self._indexes.pop(file, None)

    def last_line(self, file: int) -> int:
        """The last line of a file's module."""
        return sum(cell.text.count("\n") + 1 for cell in self.files[file].cells)

    def index_of(self, file: int) -> StatementIndex:
        """The statements of a file by name."""
        if file not in self._indexes:
            self._indexes[file] = StatementIndex(self.parse_once(file))
        return self._indexes[file]

    @property
    def looked_at(self) -> list[int]:
        """The files that have been parsed so far."""
        return sorted(self._parsed)

    def mentions(self, file: int, name: str) -> bool:
        """Whether a name occurs anywhere in a file."""
        return any(name in cell.text for cell in self.files[file].cells)

    def binders(self, file: int, name: str) -> list[TopStatement]:
        """The statements of a file that bind a name, in document order."""
        if not self.mentions(file, name):
            return []
        index = self.index_of(file)
        return [index.statements[number] for number in index.binders.get(name, ())]

    def place(self, file: int, line: int) -> str:
        """A line of a file's module as its author knows it."""
        return self.layouts[file].place(line)
