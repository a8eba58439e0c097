"""Take from the source only what the required functions need, with a map back to file, cell and line.

No student code runs here, and what runs later is a page on which all else is blank: no training loop, no plot, no
test under the main guard. In this folder, `candidates` says what a cell may be parsed as, `parsing` makes
statements of it, `scopes` tells what each does with names, `imports` which file an import means, `dependencies` what
is needed, `choosing` which of several definitions is graded, `rendering` writes the page, and `facts` are what is told
of the source. All of it runs in the submission's jailed process (`in_child`), before any of its code does, and takes
time in proportion to the source, or to the source and the number of its files: a few hundred at most.
"""

from __future__ import annotations

import ast
import re
import zlib
from bisect import bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence
from types import MappingProxyType

from ..submission.classes import MANY, Holding
from ..submission.collecting import MAX_SCRIPT, Note, size_in_words
from ..submission.patterns import late
from ..submission.reading import Submission, module_parts
from ..submission.sniffing import has_python_lines
from .choosing import Chosen, choose_all, files_that_define, take_from_classes, why_missing
from .dependencies import BUILTIN, Slicer
from .facts import Module, facts_of_function, module_of
from .imports import SubmissionImports
from .model import Extraction, FunctionFacts, LeftOut, Required
from .newer_python import NO_VERSION, in_words
from .parsed_files import MAX_PARSED, Sources
from .parsing import Refused, TopStatement
from .rendering import find_left_out, render_page
from .repairs.signs import signs_of_slips
from .scopes import attributes_in, numpy_names_in
from .syntax_errors import describe_fault, is_newer, python_2_in

CONVERTING = "`--convert-python2` grades a copy in which it is turned into Python 3"
#: What a text defines, or gives a value, with the blanks before it.
_MADE = late(r"^([ \t]*)(?:(?:async[ \t]+)?def[ \t]+|class[ \t]+)?(\w+)(?=[ \t]*(?:\(|\[|:|=(?!=)))", re.MULTILINE)
#: Names that Python 3 has no more, or has elsewhere, and methods of its dicts.
_OF_PYTHON_2 = frozenset(
    {"xrange", "unicode", "basestring", "long", "unichr", "raw_input", "reduce", "execfile", "cmp", "apply", "reload"}
)
_METHODS_OF_PYTHON_2 = late(r"\.(iteritems|itervalues|iterkeys|has_key)\(")


def extract(
    submission: Submission,
    required: Sequence[Required],
    packages: Sequence[str],
    old_names: Mapping[str, str] = MappingProxyType({}),
    is_converted: bool = False,
) -> Extraction:
    """Slice a submission down to what the required functions need.

    Args:
        submission: what was handed in.
        required: the functions that the rubric names.
        packages: names of packages that the code may import; no file of the submission stands in front of them.
        old_names: names that numpy has taken out, and what each is now.
        is_converted: whether Python 2 in it was turned into Python 3, as far as that goes.
    """
    sources = Sources(submission)
    siblings = SubmissionImports(submission.files, packages)
    taken = take_from_classes(required, sources)
    slicer = Slicer(sources.index_of, siblings)
    chosen = choose_all(required, sources, slicer)
    filled = {name: choice for name, choice in chosen.items() if choice.unfilled is None}
    for choice in filled.values():
        slicer.need(choice.file, choice.name)
    slicer.run()
    missing = {name: choice.unfilled for name, choice in chosen.items() if choice.unfilled is not None}
    missing.update(
        {each.name: why_missing(each, required, sources, slicer) for each in required if each.name not in chosen}
    )
    names = siblings.module_names(sorted(slicer.kept))
    kept = {file: _statements(sources, file, numbers) for file, numbers in slicer.kept.items()}
    return Extraction(
        modules={
            names[file]: render_page(sources.parse_once(file), kept) for file, kept in sorted(slicer.kept.items())
        },
        entries=_entries(filled, names, {each.name for each in required if each.is_variable}),
        missing=missing,
        remarks={
            name: said
            for name, choice in filled.items()
            if (said := (*choice.remarks, *((taken[name],) if name in taken else ())))
        },
        left_out=tuple(_list_left_out(sources, slicer)),
        problems=(
            *_problems(sources, siblings, slicer, required, old_names),
            *(() if is_converted else _advice(sources, slicer)),
        ),
        layouts={name: sources.layouts[file] for file, name in names.items()},
        excluded=tuple(name for file in sorted(slicer.kept) for _, name in _find_excluded_names(file, sources, slicer)),
        facts=_facts(required, filled, sources, slicer),
        files=sum(bool(file.cells) for file in submission.files),
        sources=_digest(submission),
        holdings=tuple(_holdings(required, sources)) if len(submission.files) >= MANY else (),
        unread=(*submission.unread, *_unread(sources, is_converted)),
        too_new=tuple(_too_new(required, chosen, sources, slicer)),
        signs=tuple(signs_of_slips(sources, kept, required, chosen, packages)),
    )


def _statements(sources: Sources, file: int, numbers: Collection[int]) -> list[TopStatement]:
    """These statements of a file, in document order."""
    statements = sources.parse_once(file).statements
    return [statements[number] for number in sorted(numbers)]


def _digest(submission: Submission) -> str:
    """The same for all who handed in the same source text, however their files are called or packed."""
    texts = sorted("\0".join(cell.text for cell in file.cells) for file in submission.files if file.cells)
    said = "\0\0".join(texts).encode("utf-8", "surrogatepass")
    return f"{len(said)}-{zlib.crc32(said):x}-{zlib.adler32(said):x}" if texts else ""  # hashlib takes 5 ms to import


def _holdings(required: Sequence[Required], sources: Sources) -> Iterator[Holding]:
    """What each file defines of what is required: of several students' work nobody may be graded for all of it."""
    defining = {each.name: {f for name in each.names for f in files_that_define(name, sources)} for each in required}
    texts: dict[tuple[str, ...], int] = {}
    for file in sources:
        names = tuple(name for name, files in defining.items() if file in files)
        text = texts.setdefault(tuple(cell.text for cell in sources.files[file].cells), len(texts))
        yield Holding(sources.files[file].path, names, text)


def _advice(sources: Sources, slicer: Slicer) -> Iterator[Note]:
    for file in sorted(slicer.kept):
        yield from _names_of_python_2(file, sources, slicer)
    if any(_is_python_2(each) for file in sources.looked_at for each in sources.parse_once(file).refused):
        yield Note("the submission", f"a part of it is Python 2: {CONVERTING}")


def _names_of_python_2(file: int, sources: Sources, slicer: Slicer) -> Iterator[Note]:
    """Where code that parses uses what Python 2 alone has; said once in a file."""
    statements = sources.parse_once(file).statements
    unbound = {name for name in _OF_PYTHON_2 & slicer.needed[file] if not slicer.binds(file, name)}
    for number in sorted(slicer.kept[file]):
        statement = statements[number]
        if found := sorted(unbound & statement.facts.uses) or _METHODS_OF_PYTHON_2.findall(statement.text):
            yield Note(sources.place(file, statement.line), f"{found[0]} is Python 2: {CONVERTING}")
            return


def _unread(sources: Sources, is_converted: bool) -> Iterator[Note]:
    """Files in which no line is Python, in Python 2 or in a newer one: only a person can tell what they are worth."""
    for file in sources.looked_at:
        parsed = sources.parse_once(file)
        for refused in parsed.refused:
            if refused.fault is None:
                continue
            no_python = not (parsed.statements or refused.fault.ended or has_python_lines(refused.text))
            is_old = _is_python_2(refused)
            if no_python or is_old or is_newer(refused.fault, refused.text):
                said = describe_fault(refused.fault, refused.text) + (
                    f"; {CONVERTING}" if is_old and not is_converted else ""
                )
                yield Note(sources.place(file, refused.faulty_line), said)
                break


def _too_new(
    required: Sequence[Required], chosen: Mapping[str, Chosen], sources: Sources, slicer: Slicer
) -> Iterator[Note]:
    """Functions that are graded, or that those need, in a Python which the one that grades can't read."""
    for file in sources.looked_at:
        newer = [
            each
            for each in sources.parse_once(file).refused
            if each.fault is not None and is_newer(each.fault, each.text)
        ]
        if not newer:
            continue
        needed = slicer.needed.get(file, set())
        wanted = {name for each in required if _may_lie_in(file, each, chosen) for name in _names_of(each)}
        wanted |= {name for name in needed if not slicer.binds(file, name)} - BUILTIN
        for refused in newer:
            assert refused.fault is not None
            names = set(_makes(refused.text))
            below = {name for name in names & needed if _is_below(refused, file, name, sources)}
            counts = names if _is_in_class(refused, file, sources, slicer) else names & (wanted | below)
            if counts:
                said = f"{', '.join(sorted(counts))} can't be read: {describe_fault(refused.fault, refused.text)}"
                yield Note(sources.place(file, refused.faulty_line), said)


def _names_of(each: Required) -> tuple[str, ...]:
    """What may be defined for it: its class, or itself."""
    return (*each.names, each.name.rpartition(".")[2])


def _makes(text: str) -> Iterator[str]:
    """What a text that doesn't parse would bind: a definition itself, all else any name in it."""
    first = next((line for line in text.split("\n") if line.strip()), "")
    indent = first[: len(first) - len(first.lstrip(" \t"))]
    is_definition = first.lstrip().startswith(("@", "def ", "class ", "async "))
    for space, name in _MADE.findall(text):
        if not is_definition or space == indent:
            yield name


def _is_in_class(refused: Refused, file: int, sources: Sources, slicer: Slicer) -> bool:
    """Whether it is a method of a class that is kept."""
    above = [number for number, each in enumerate(sources.parse_once(file).statements) if each.line <= refused.first]
    return (
        bool(above)
        and refused.text[:1] in (" ", "\t")
        and above[-1] in slicer.kept.get(file, ())
        and isinstance(sources.parse_once(file).statements[above[-1]].node, ast.ClassDef)
    )


def _may_lie_in(file: int, each: Required, chosen: Mapping[str, Chosen]) -> bool:
    """Whether what is required may be in a file: it isn't filled in anywhere, but for that file."""
    choice = chosen.get(each.name)
    return choice is None or (choice.unfilled is not None and choice.file == file)


def _is_below(refused: Refused, file: int, name: str, sources: Sources) -> bool:
    """Whether what couldn't be read stands below all that binds a name: it would have counted."""
    return all(each.line < refused.first for each in sources.binders(file, name))


def _entries(
    filled: Mapping[str, Chosen], names: Mapping[int, str], variables: Collection[str]
) -> dict[str, tuple[str, str]]:
    """Where each required function is found; for a method, where its class is too."""
    entries: dict[str, tuple[str, str]] = {}
    for wanted, choice in filled.items():
        if wanted in variables:
            entries[wanted] = (names[choice.file], f"={choice.name}")
            continue
        root, dot, method = wanted.partition(".")
        entries[root] = (names[choice.file], choice.name)
        entries[wanted] = (names[choice.file], f"{choice.name}{dot}{method}")
    return entries


def _facts(
    required: Sequence[Required], filled: Mapping[str, Chosen], sources: Sources, slicer: Slicer
) -> dict[str, FunctionFacts]:
    modules: dict[int, Module] = {}
    found = {}
    for each in required:
        if (choice := filled.get(each.name)) is not None:
            if choice.file not in modules:
                kept = _statements(sources, choice.file, slicer.kept[choice.file])
                modules[choice.file] = module_of(kept, sources.parse_once(choice.file).statements)
            _, dot, method = each.name.partition(".")
            found[each.name] = facts_of_function(modules[choice.file], f"{choice.name}{dot}{method}", each.forbids)
    return found


def _list_left_out(sources: Sources, slicer: Slicer) -> Iterator[LeftOut]:
    alone = len(sources.files) == 1
    for file in sources:
        if file not in slicer.kept and not alone:
            if not sources.files[file].is_named_so:
                continue  # notes, logs, data
            yield LeftOut(sources.files[file].path, "none of its code is needed by the graded functions")
            continue
        layout = sources.layouts[file]
        for first, last, reason in find_left_out(sources.parse_once(file), slicer.kept.get(file, ()), layout):
            yield LeftOut(layout.stretch(first, last), reason)


def _problems(
    sources: Sources,
    siblings: SubmissionImports,
    slicer: Slicer,
    required: Sequence[Required],
    old_names: Mapping[str, str],
) -> Iterator[Note]:
    for file in sources:
        name = module_parts(sources.files[file].path)[-1]
        if siblings.is_reserved(name):
            said = f"`import {name}` means Python's or the course's own {name}, never this file; give it another name"
            yield Note(sources.files[file].path, said)
    for file in sources:
        if (remark := sources.files[file].remark) and (file in slicer.kept or len(sources.files) == 1):
            yield Note(sources.files[file].path, remark)
    for name, files in siblings.rivals.items():
        first, *others = (sources.files[file].path for file in files)
        yield Note(first, f"`import {name}` could mean several files; this one is taken, not {', '.join(others)}")
    for name, file in siblings.renamed.items():
        if file in slicer.kept:
            yield Note(sources.files[file].path, f"this file is taken for `import {name}`")
    for file in sources.looked_at:
        for refused in sources.parse_once(file).refused:
            yield from _problems_of_refused(file, refused, sources, required)
    if _is_perhaps_wrong(sources, required):
        said = "none of the functions that the assignment asks for is in it: it is perhaps the wrong file"
        yield Note("the submission", said)
    for file in sources.too_long:
        said = f"left out: more than {size_in_words(MAX_PARSED)} of source were looked at before it"
        yield Note(sources.files[file].path, said)
    for file in sorted(slicer.kept):
        yield from _problems_of_excluded(file, sources, slicer)
        yield from _problems_of_newer_python(file, sources, slicer)
        yield from _problems_of_lost_files(file, sources, slicer)
        yield from _problems_of_removed_names(file, sources, slicer, old_names)


def _is_python_2(refused: Refused) -> bool:
    return refused.fault is not None and python_2_in(refused.fault, refused.text) is not None


def _is_perhaps_wrong(sources: Sources, required: Sequence[Required]) -> bool:
    """Whether there is code, and nothing that is asked for occurs in it by name."""
    names = [name for each in required for name in each.names]
    is_there = any(sources.mentions(file, name) for file in sources for name in names)
    return bool(names) and not is_there and any(sources.parse_once(file).statements for file in sources)


def _problems_of_refused(file: int, refused: Refused, sources: Sources, required: Sequence[Required]) -> Iterator[Note]:
    """A script's broken stretch, and a notebook's broken cell where that matters: scratch cells are often broken."""
    if refused.fault is None:
        return
    script = sources.files[file].cells[sources.layouts[file].cell_of(refused.first)].number is None
    old = python_2_in(refused.fault, refused.text) is not None
    if script or old or any(f"def {each.name}" in refused.text for each in required):
        what = sources.layouts[file].lines(refused.first, refused.last)
        said = f"{describe_fault(refused.fault, refused.text)}; left out: {what}"
        yield Note(sources.place(file, refused.faulty_line), said)


def _problems_of_excluded(file: int, sources: Sources, slicer: Slicer) -> Iterator[Note]:
    statements = sources.parse_once(file).statements
    guarded = [statements[number] for number in sorted(slicer.kept[file]) if statements[number].excluded is not None]
    if guarded:
        bound = dict.fromkeys(name for each in guarded for name in sorted(each.facts.binds & slicer.needed[file]))
        named = f", to have {', '.join(bound)}" if bound else ""
        said = f"run, though it is under the main guard, since graded functions need it{named}: put it above the guard"
        yield Note(sources.place(file, guarded[0].line), said)
    for statement, name in _find_excluded_names(file, sources, slicer):
        said = f"a graded function uses {name}, which is bound only here, and this isn't run: {statement.excluded}"
        yield Note(sources.place(file, statement.line), said)


def _problems_of_newer_python(file: int, sources: Sources, slicer: Slicer) -> Iterator[Note]:
    """What of the kept code had to be written in the older way; each kind is said once in a file."""
    parsed, said = sources.parse_once(file), set[str]()
    kept = sorted((parsed.statements[number].line, parsed.statements[number].last_line) for number in slicer.kept[file])
    for sign in parsed.newer:
        above = bisect_right(kept, (sign.line, MAX_SCRIPT)) - 1
        is_kept = sign.version == NO_VERSION or (above >= 0 and sign.line <= kept[above][1])
        if sign.what not in said and is_kept:
            said.add(sign.what)
            how = "" if sign.version == NO_VERSION else f"read as {in_words(sign.version)}: "
            yield Note(sources.place(file, sign.line), how + sign.what)


def _problems_of_lost_files(file: int, sources: Sources, slicer: Slicer) -> Iterator[Note]:
    """Files that are imported for what is graded, and that nobody handed in; each is said once in a file."""
    said = set[str]()
    for number in sorted(slicer.kept[file]):
        for module in slicer.lost_modules(file, number):
            if module not in said:
                said.add(module)
                place = sources.place(file, sources.parse_once(file).statements[number].line)
                yield Note(place, f"{module} is imported here, and it wasn't handed in")


def _problems_of_removed_names(
    file: int, sources: Sources, slicer: Slicer, old_names: Mapping[str, str]
) -> Iterator[Note]:
    """Names that numpy has taken out, each where it is first used: they are graded as what they meant."""
    old = dict(old_names)
    for number in sorted(slicer.kept[file]):
        statement = sources.parse_once(file).statements[number]
        if old.keys().isdisjoint(attributes_in(statement.node)):
            continue
        for name, line in numpy_names_in(statement.node):
            if (now := old.pop(name, None)) is not None:
                said = f"numpy no longer has np.{name}; it is graded as {now}"
                yield Note(sources.place(file, statement.offset + line), said)


def _find_excluded_names(file: int, sources: Sources, slicer: Slicer) -> Iterator[tuple[TopStatement, str]]:
    """The needed names that a file binds in statements which aren't run, and nowhere else."""
    for statement in sources.parse_once(file).statements:
        if statement.excluded is not None:
            bound = statement.facts.binds & slicer.needed[file] - BUILTIN
            yield from ((statement, name) for name in sorted(bound) if not slicer.binds(file, name))
