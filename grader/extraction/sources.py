"""The files of a submission during one extraction, each parsed when it is first asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from ..submission.collecting import KIB
from ..submission.reading import Submission
from .candidates import Candidates, candidates_of
from .dependencies import Index
from .parsing import ParsedFile, Statement, layout_of, parse_file
from .syntax_errors import Fault

#: Characters of source that are parsed in this process: 12,000 lines; dense ones need 600 bytes of memory each.
MAX_PARSED = 512 * KIB


#: A parser in the jail: for each text the reason why it doesn't parse, or None.
Parse = Callable[[Sequence[str]], Sequence[Fault | None]]


def faults_of(submission: Submission, parse: Parse) -> list[Fault | None]:
    """What a parser in the jail says of every text that `extract` may want parsed, in order.

    A notebook's cell comes raw and, where that differs, without magics; a script whole, and cut into stretches of
    which the sound ones are graded if the whole doesn't parse. Where the first of them is sound, the parser isn't
    troubled with the others.
    """
    cells = [candidates_of(cell).all for file in submission.files for cell in file.cells]
    first = iter(parse([cell[0].text for cell in cells if cell]))
    found = [[next(first)] if cell else [] for cell in cells]
    unsound = [cell for cell, faults in zip(cells, found, strict=True) if any(faults)]
    others = [candidate.text for cell in unsound for candidate in cell[1:]]
    rest = iter(parse(others) if others else ())
    for cell, faults in zip(cells, found, strict=True):
        faults += [next(rest) if faults[0] is not None else None for _ in cell[1:]]
    return [fault for faults in found for fault in faults]


class Sources:
    """The files of a submission, with what the parser in the jail said of them."""

    def __init__(self, submission: Submission, faults: Sequence[Fault | None]) -> None:
        self.files = submission.files
        self.layouts = [layout_of(file, len(self.files) == 1) for file in self.files]
        self.too_long: list[int] = []
        self._answered: list[tuple[list[Candidates], Sequence[Fault | None]]] = []
        self._parsed: dict[int, ParsedFile] = {}
        self._indexes: dict[int, Index] = {}
        taken = 0
        for file in self.files:
            cells = [candidates_of(cell) for cell in file.cells]
            count = sum(len(cell.all) for cell in cells)
            self._answered.append((cells, faults[taken : taken + count]))
            taken += count
        if taken != len(faults):
            raise ValueError(f"{len(faults)} answers of the parser to {taken} texts")

    def __iter__(self) -> Iterator[int]:
        return iter(range(len(self.files)))

    def parsed(self, file: int) -> ParsedFile:
        """The statements of a file; none where too much has been parsed before it."""
        if file not in self._parsed:
            lengths = [sum(len(cell.text) for cell in self.files[number].cells) for number in (*self._parsed, file)]
            if sum(lengths) <= MAX_PARSED:
                self._parsed[file] = parse_file(self.files[file], *self._answered[file])
            else:
                self._parsed[file] = ParsedFile((), ())
                self.too_long.append(file)
        return self._parsed[file]

    def index_of(self, file: int) -> Index:
        """The statements of a file by name."""
        if file not in self._indexes:
            self._indexes[file] = Index(self.parsed(file))
        return self._indexes[file]

    @property
    def looked_at(self) -> list[int]:
        """The files that have been parsed so far."""
        return sorted(self._parsed)

    def mentions(self, file: int, name: str) -> bool:
        """Whether a name occurs anywhere in a file."""
        return any(name in cell.text for cell in self.files[file].cells)

    def binders(self, file: int, name: str) -> list[Statement]:
        """The statements of a file that bind a name, in document order."""
        if not self.mentions(file, name):
            return []
        index = self.index_of(file)
        return [index.statements[number] for number in index.binders.get(name, ())]

    def place(self, file: int, line: int) -> str:
        """A line of a file's module as its author knows it."""
        return self.layouts[file].place(line)
