"""Which definition of a required function is graded, and what to say where there is none. Never a guess."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from ..submission.paths import name_of, plain_stem
from ..submission.patterns import late
from ..submission.reading import stem_of
from .dependencies import Slicer
from .model import CHOSEN, NOT_DEFINED, Required
from .parsed_files import Sources
from .parsing import TopStatement, make_statement
from .scopes import is_inert, is_placeholder, nodes_in
from .syntax_errors import describe_fault

#: What people call a file that they keep beside the one they mean.
_COPY = late(r"(?<![a-z])(?:copy|copie|kopie|copia|old|backup|bak)(?![a-z])", re.IGNORECASE)
#: What makes names while it runs.
_MAKES_NAMES = ("setattr", "globals", "vars(", "exec", "__dict__")
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_IMPORTS = (ast.Import, ast.ImportFrom)


class Chosen(NamedTuple):
    """The file whose last binding of the name is graded. `unfilled` says, kindly, that there is no code in it."""

    file: int
    remarks: tuple[str, ...]
    unfilled: str | None
    name: str = ""  #: its name there, at module level


def take_from_classes(required: Sequence[Required], sources: Sources) -> dict[str, str]:
    """Give functions that stand in a class alone, and don't ask for an object of it, a name at the top; with remarks.

    Not where several classes have one: which is meant, nobody can tell.
    """
    remarks = {}
    for each in required:
        name = each.names[0]
        if "." in each.name or each.is_variable or any(sources.binders(f, n) for f in sources for n in each.names):
            continue
        found = [
            (file, statement.node, statement.offset + member.lineno)
            for file in sources
            for statement in (sources.parse_once(file).statements if sources.mentions(file, name) else ())
            if isinstance(statement.node, ast.ClassDef) and statement.excluded is None
            for member in statement.node.body
            if _is_function_of(member, name, statement.text)
        ]
        if len(found) == 1:
            (file, owner, line), *_ = found
            sources.add(file, make_statement(f"{name} = {owner.name}.{name}", sources.last_line(file) + 1))
            place = sources.place(file, line)
            remarks[each.name] = f"taken from the class {owner.name} ({place}): it should stand at the top level"
    return remarks


def _is_function_of(member: ast.stmt, name: str, text: str) -> bool:
    """Whether a member of a class is this function, filled in, and can be called without an object."""
    if not isinstance(member, ast.FunctionDef) or member.name != name or is_placeholder(member, text):
        return False
    decorators = [getattr(each, "id", "") for each in member.decorator_list]
    if decorators:
        return decorators in (["staticmethod"], ["classmethod"])
    first = [*member.args.posonlyargs, *member.args.args][:1]
    return bool(first) and first[0].arg not in ("self", "cls", "this")


def choose_all(required: Sequence[Required], sources: Sources, slicer: Slicer) -> dict[str, Chosen]:
    """The choice for each required function that is there."""
    defining = {name: _files_with_definition(name, sources) for each in required for name in each.names}
    chosen: dict[str, Chosen] = {}
    for each in required:
        for name in each.names:
            plain = Required(name, each.file)
            file = _choose(plain, defining, sources, slicer)
            if file is not None:
                others = [other for other in defining[name] if other != file]
                chosen[each.name] = _describe(plain, file, others, sources)._replace(name=name)
                break
    return {wanted: _without_broken_method(wanted, choice, sources) for wanted, choice in chosen.items()}


def files_that_define(name: str, sources: Sources) -> dict[int, TopStatement]:
    """The files that bind a name by other means than an import, each with the last statement that does."""
    return {
        file: own[-1]
        for file in sources
        if (own := [each for each in sources.binders(file, name) if not isinstance(each.node, _IMPORTS)])
    }


def _files_with_definition(name: str, sources: Sources) -> list[int]:
    """The files that bind a name by other means than an import; the handout's blank one only where no other does."""
    found = files_that_define(name, sources)
    filled = [file for file, last in found.items() if not is_placeholder(last.node, last.text)]
    return filled or list(found)


def _choose(each: Required, defining: dict[str, list[int]], sources: Sources, slicer: Slicer) -> int | None:
    """The file that the rubric names, else one that defines the name, else one that imports it: see `_most`."""
    named = [file for file in sources if _is_named(sources.files[file].path, each.file)]
    importing = [file for file in sources if sources.binders(file, each.name)]
    choices = (
        [file for file in named if file in defining[each.name]],
        [file for file in named if slicer.binds(file, each.name) and slicer.lost_source(file, each.name) is None],
        defining[each.name],
        [file for file in importing if slicer.lost_source(file, each.name) is None],
    )
    files = next(filter(None, choices), None) or [
        file for file in sources if sources.mentions(file, each.name) and _lines_that_make(each.name, file, sources)
    ]
    return _best_file(files, defining, sources) if len(files) > 1 else next(iter(files), None)


def _is_named(path: str, wanted: str | None) -> bool:
    return wanted is not None and wanted.removesuffix(".py") in (plain_stem(path), stem_of(path), name_of(path), path)


def _best_file(files: list[int], defining: dict[str, list[int]], sources: Sources) -> int:
    """The file with most required functions; of several, one that isn't called a copy, and then the first by path.

    A file whose name doesn't say that it is source counts where there is no other.
    """

    def merits(file: int) -> tuple[bool, int, bool, int]:
        count = sum(file in where for where in defining.values())
        return sources.files[file].is_named_so, count, not _COPY.search(sources.files[file].path), -file

    return max(files, key=merits)


def _describe(each: Required, file: int, others: list[int], sources: Sources) -> Chosen:
    found = sources.binders(file, each.name)
    if not found and (made := _lines_that_make(each.name, file, sources)):
        place = sources.place(file, made[-1])
        return Chosen(file, (f"made in {place}, by its name as a text: it should be defined by `def`",), None)
    if not found:  # through a star import
        return Chosen(file, (), None)
    lines = [line for statement in found for line in _lines(statement, each.name)]
    place = sources.place(file, lines[-1])
    remarks = []
    if len(lines) > 1:
        remarks.append(f"graded: the definition in {place}, the last of {len(lines)}")
    if sources.files[file].is_named_so:
        others = [other for other in others if sources.files[other].is_named_so]
    if others:
        paths = ", ".join(sources.files[other].path for other in others)
        remarks.append(f"{CHOSEN}{sources.files[file].path}; there is another in {paths}")
    path = sources.files[file].path
    in_notebook = path.endswith(".ipynb")  # which holds everything together, so it can't have every file's name
    if each.file is not None and not in_notebook and not _is_named(path, each.file):
        remarks.append(f"found in {sources.files[file].path}; the assignment asks for it in {each.file}")
    unfilled = None
    if is_placeholder(found[-1].node, found[-1].text):
        unfilled = f"{each.name} is there, but empty ({place})."
        if not all(is_placeholder(statement.node, statement.text) for statement in found):
            unfilled += (
                f" There is code for it above, in {sources.place(file, lines[-2])}, but the last definition counts."
            )
    return Chosen(file, tuple(remarks), unfilled)


def _lines_that_make(name: str, file: int, sources: Sources) -> list[int]:
    """The lines of statements that bind a name which stands in a text: `globals()["f"] = g`, `exec("def f(): …")`."""
    index = sources.index_of(file)
    dynamic = [index.statements[number] for number in index.dynamic]
    if any("exec" in each.text for each in dynamic):  # of a text that has a name, perhaps
        dynamic = [each for each in index.statements if not isinstance(each.node, _DEFINITIONS)]
    return [each.line for each in dynamic if _tells(each.node, name)]


def _tells(statement: ast.stmt, name: str) -> bool:
    made = re.compile(
        rf"\A{re.escape(name)}\Z|(?:\A|[\n;])[ \t]*(?:def[ \t]+{re.escape(name)}\b|{re.escape(name)}[ \t]*=)"
    )
    for node in nodes_in(statement):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and made.search(node.value):
            return True
        if isinstance(node, ast.keyword) and node.arg == name:
            return True
    return False


def _lines(statement: TopStatement, name: str) -> list[int]:
    """The module's lines on which a statement binds a name; its own line where none shows."""
    if isinstance(statement.node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return [statement.offset + statement.node.lineno]  # what is inside binds names of its own
    found = {getattr(node, "lineno", 1) for node in ast.walk(statement.node) if _binds(node, name)}
    return [statement.offset + line for line in sorted(found)] or [statement.line]


def _binds(node: ast.AST, name: str) -> bool:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return node.name == name
    if isinstance(node, ast.Name):
        return node.id == name and isinstance(node.ctx, ast.Store)
    return isinstance(node, ast.alias) and name in (node.asname, node.name)


def why_missing(each: Required, required: Sequence[Required], sources: Sources, slicer: Slicer) -> str:
    """A kind sentence on where a required function that isn't there may be."""
    lost, lost_stars = _find_lost_import(slicer), _find_lost_stars(slicer)
    ways = (_find_refused, _find_excluded, _find_beside, lost, _find_similar, _find_nested, _find_in_texts, lost_stars)
    names = {other.name for other in required}
    found = (sentence for way in ways for sentence in way(each.names[0], names, sources))
    return next(found, f"{each.names[0]} {NOT_DEFINED}")


def _without_broken_method(wanted: str, chosen: Chosen, sources: Sources) -> Chosen:
    """What says of a method that it couldn't be read, where the rest of its class could; all else as it is."""
    _, _, method = wanted.partition(".")
    found = [each.node for each in sources.binders(chosen.file, chosen.name)] if method else []
    if not found or not isinstance(found[-1], ast.ClassDef) or any(_binds(node, method) for node in found[-1].body):
        return chosen
    return chosen._replace(unfilled=next(_find_refused(method, set(), sources, [chosen.file], wanted), chosen.unfilled))


def _find_refused(
    name: str, _: set[str], sources: Sources, files: Sequence[int] | None = None, called: str = ""
) -> Iterator[str]:
    """What couldn't be read and defines a name; `called` is what the assignment calls it."""
    pattern = re.compile(rf"\b(?:def|class)\s+{re.escape(name)}\b|^{re.escape(name)}\s*=", re.MULTILINE)
    for file in sources if files is None else files:
        if not sources.mentions(file, name):
            continue
        for refused in sources.parse_once(file).refused:
            if refused.fault is not None and pattern.search(refused.text):
                place = sources.place(file, refused.faulty_line)
                why = describe_fault(refused.fault, refused.text)
                yield f"{called or name} couldn't be read, because of {place}: {why}."


def _find_excluded(name: str, _: set[str], sources: Sources) -> Iterator[str]:
    for file in sources:
        for statement in sources.parse_once(file).statements if sources.mentions(file, name) else ():
            if statement.excluded is not None and name in statement.facts.binds:
                place = sources.place(file, _lines(statement, name)[-1])
                yield f"{name} is only there in {place}, and that isn't run: {statement.excluded}."


def _find_lost_import(slicer: Slicer) -> Callable[[str, set[str], Sources], Iterator[str]]:
    """Imports of a file that nobody handed in, or that doesn't have what is taken from it."""

    def find(name: str, _: set[str], sources: Sources) -> Iterator[str]:
        for file in sources:
            for statement in sources.binders(file, name):
                if (module := slicer.lost_source(file, name)) is not None:
                    place = sources.place(file, _lines(statement, name)[-1])
                    yield f"{name} isn't there: {place} imports it from {module}, {slicer.why_lost(module, file)}."

    return find


def _find_lost_stars(slicer: Slicer) -> Callable[[str, set[str], Sources], Iterator[str]]:
    """Files of which all is taken, and that nobody handed in: a function may be there, and nobody can tell."""

    def find(name: str, _: set[str], sources: Sources) -> Iterator[str]:
        for file in sources:
            for number, _star in sources.index_of(file).stars:
                for module in slicer.lost_modules(file, number):
                    place = sources.place(file, sources.index_of(file).statements[number].line)
                    why = slicer.why_lost(module, file)
                    yield f"{name} isn't there. It may be in {module}, {why}: {place} imports everything from it."

    return find


def _find_beside(name: str, _: set[str], sources: Sources) -> Iterator[str]:
    """Definitions in what isn't run: raw and Markdown cells, cells of another language, comments, texts."""
    pattern = re.compile(rf"^[ \t]*(?:#[ \t]*)?(?:def|class)[ \t]+{re.escape(name)}\b", re.MULTILINE)
    for number, file in enumerate(sources.files):
        for kind, cell in file.beside:
            if pattern.search(cell.text):
                where = f"cell {cell.number}" if len(sources.files) == 1 else f"{file.path}, cell {cell.number}"
                yield f"{name} stands in a {kind} cell ({where}), which isn't run: make it a code cell."
        if not sources.mentions(number, name):
            continue
        for refused in sources.parse_once(number).refused:
            if refused.foreign is not None and pattern.search(refused.text):
                place = sources.place(number, refused.first)
                yield f"{name} stands in a {refused.foreign} cell ({place}), which isn't run here."
        for place in _in_comments(pattern, number, sources):
            yield f"{name} stands in a comment or a text ({place}), which isn't run."


def _in_comments(pattern: re.Pattern[str], number: int, sources: Sources) -> Iterator[str]:
    """The first place where a pattern stands in a comment, or in a text that does nothing."""
    texts = [each for each in sources.parse_once(number).statements if is_inert(each.node)]
    lines = {line for each in texts for line in range(each.line, each.last_line + 1)}
    for start, cell in zip(sources.layouts[number].starts, sources.files[number].cells, strict=True):
        for line, text in enumerate(cell.text.split("\n"), start):
            if (found := pattern.match(text)) and ("#" in found[0] or line in lines):
                yield sources.place(number, line)
                return


def _find_similar(name: str, required: set[str], sources: Sources) -> Iterator[str]:
    """Definitions under a name that is nearly the right one: soft_max, Softmax, sigmoid_gradient."""
    defined: dict[str, tuple[int, TopStatement]] = {}
    for file in sources:
        for statement in sources.parse_once(file).statements:
            for other in _names_of_definition(statement) - required:
                defined[other] = file, statement
    for other in _close_names(name, list(defined)):
        file, statement = defined[other]
        place = sources.place(file, _lines(statement, other)[-1])
        yield f"{name} isn't there under that name. There is {other} in {place}: if that is it, call it {name}."


def _names_of_definition(statement: TopStatement) -> set[str]:
    node = statement.node
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return {node.name}
    if isinstance(node, ast.Assign) and isinstance(node.value, ast.Lambda):
        return {target.id for target in node.targets if isinstance(target, ast.Name)}
    return set()


def _close_names(name: str, others: list[str]) -> list[str]:
    import difflib  # seldom needed: 3 ms

    plain = {other: other.casefold().replace("_", "") for other in others}
    wanted = name.casefold().replace("_", "")
    close = difflib.get_close_matches(wanted, plain.values(), n=3, cutoff=0.8)
    return sorted((other for other in others if plain[other] in close), key=lambda other: close.index(plain[other]))


def _find_nested(name: str, _: set[str], sources: Sources) -> Iterator[str]:
    for file in sources:
        for statement in sources.parse_once(file).statements if sources.mentions(file, name) else ():
            inner = [
                node for node in ast.walk(statement.node) if _binds(node, name) and isinstance(node, ast.FunctionDef)
            ]
            if inner and isinstance(inner[0], ast.FunctionDef):
                place = sources.place(file, statement.offset + inner[0].lineno)
                node = statement.node
                kind = "class" if isinstance(node, ast.ClassDef) else "function"
                within = f" (the {kind} {node.name})" if isinstance(node, ast.ClassDef | ast.FunctionDef) else ""
                yield f"{name} is inside of another definition, in {place}{within}; it has to stand at the top level."


def _find_in_texts(name: str, _: set[str], sources: Sources) -> Iterator[str]:
    """Where code that makes names as it runs has this one as a text: `make("softmax")`."""
    for file in sources:
        if not sources.mentions(file, name):
            continue
        statements = sources.parse_once(file).statements
        if not any(sign in each.text for each in statements for sign in _MAKES_NAMES):
            continue
        for statement in statements:
            if _tells(statement.node, name):
                place = sources.place(file, statement.line)
                yield f"{name} has no definition; its name stands as a text in {place}: define it by `def` instead."
