"""All repairs that are tried for functions that lost points: a fixed list, in a fixed order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice

from ...submission.reading import SourceCell, SourceFile, Submission
from ..choosing import choose_all
from ..dependencies import Slicer
from ..imports import SubmissionImports
from ..model import Required
from ..parsed_files import Sources
from .marks import indentation_repaired, marks_repaired
from .model import MOST_REPAIRS, Edit, Repair, Wanted
from .names import missing_imports, misspelt_functions, misspelt_names
from .orders import parameters_in_order, printed_answers, results_in_order
from .pages import Pages
from .scene import Scene

FINDERS: Mapping[str, tuple[Callable[[Scene], Iterator[Repair]], ...]] = {
    "missing import": (missing_imports,),
    "misspelt name": (misspelt_functions, misspelt_names),
    "parameter order": (parameters_in_order,),
    "printed": (printed_answers,),
    "syntax": (marks_repaired,),
    "indentation": (indentation_repaired,),
    "result order": (results_in_order,),
}


def list_repairs(
    submission: Submission,
    required: Sequence[Required],
    packages: Sequence[str],
    wanted: Sequence[Wanted],
    sorts: Sequence[str],
) -> tuple[Repair, ...]:
    """The repairs of these sorts that may mend the functions that lost points."""
    sources = Sources(submission)
    siblings = SubmissionImports(submission.files, packages)
    slicer = Slicer(sources.index_of, siblings)
    chosen = choose_all(required, sources, slicer)
    for choice in chosen.values():
        if choice.unfilled is None:
            slicer.need(choice.file, choice.name)
    slicer.run()
    scene = Scene(sources, chosen, slicer.kept, wanted, packages)
    found = (repair for sort in sorts for repair in islice(_of_sort(scene, sort), MOST_REPAIRS))
    pages = Pages(scene, siblings.module_names(sorted(slicer.kept)))
    return tuple(each._replace(module=pages.module_changed_by(each.edits)) for each in found)


def _of_sort(scene: Scene, sort: str) -> Iterator[Repair]:
    for find in FINDERS[sort]:
        yield from find(scene)


def apply_edits(submission: Submission, edits: Sequence[Edit]) -> Submission:
    """The submission with these lines in their new wording. A new line above all others is a cell of its own.

    All other lines keep their numbers.
    """
    by_file: dict[int, list[Edit]] = {}
    for edit in edits:
        by_file.setdefault(edit.file, []).append(edit)
    files = [_edited(file, by_file.get(number, ())) for number, file in enumerate(submission.files)]
    return submission._replace(files=tuple(files))


def _edited(file: SourceFile, edits: Sequence[Edit]) -> SourceFile:
    if not edits:
        return file
    wording = {edit.line: edit.text for edit in edits if edit.line}
    above = [edit.text for edit in edits if not edit.line]
    cells, start = [], 1
    for cell in file.cells:
        lines = cell.text.split("\n")
        text = "\n".join(wording.get(start + at, line) for at, line in enumerate(lines))
        cells.append(SourceCell(cell.number, text))
        start += len(lines)
    first = [SourceCell(file.cells[0].number, "\n".join(above))] if above and file.cells else []
    return file._replace(cells=(*first, *cells))
