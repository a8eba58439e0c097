"""Python inside of another text: typed into an LMS's box, fenced in Markdown, or in the cells of marimo.

Lines stay where they were, so that a report's numbers are those of the file.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence

from .patterns import late
from .sniffing import parsed

_PAGE = late(
    r"\A[\s\ufeff]*(?:<!--[^>]*-->\s*)?</?(?:!doctype|html|head|body|p|div|pre|span|br|h[1-6]|ul|ol|li|table|code|font|a|b|i|strong|em)\b",
    re.IGNORECASE,
)
_NOT_SHOWN = late(r"<(head|script|style|title|h1)\b", re.IGNORECASE)
_BREAKS = late(r"</(?:p|div|li|pre|tr|h[1-6])\s{0,9}>\n?|<br\s{0,9}/?>\n?", re.IGNORECASE)
_BREAK = late(r"<br\s{0,9}/?>", re.IGNORECASE)
_TAG = late(r"</?[A-Za-z!][^<>]*>")
_BOX = late(r"^Submission Field:[ \t]*$", re.MULTILINE)
_BOX_ENDS = late(r"^(?:Comments|Files):[ \t]*$", re.MULTILINE)

_FENCE = late(r"^(`{3,}|~{3,})(.*)$")
_IS_PYTHON_FENCE = late(r"\A[ \t]*(?:\{[ \t]*)?\.?(?:python3?|py3?|ipython3?|code-cell)\b", re.IGNORECASE)

_PROMPT = late(r"(?:>>>|\.\.\.(?!:)|In \[\d{0,5}\]:|[ \t]{0,9}\.{3,9}:) ?")
_PROMPTED = late(r"^(?:>>>|In \[\d{0,5}\]:) (?:def|class)\b", re.MULTILINE)
_UNPROMPTED = late(r"^(?:def|class)\b", re.MULTILINE)
_MAGIC, _MAGIC_PYTHON = "# MAGIC ", late(r"# MAGIC %(?:python|py)\s*$")
_DIRECTIVE = late(r"^\.\. (?:code|code-block|sourcecode|ipython|jupyter-execute)::[ \t]*(?:i?python3?)?[ \t]*$")

_MARIMO_CELL = late(r"^@app\.(?:cell|function|class_definition)\b|^with app\.setup\b")
_MARGIN = late(r"^[^\s#)\]}]")


def is_page(text: str) -> bool:
    """Whether a text is HTML: a web page, or what an LMS's editor makes of a text that is typed into its box."""
    head = text[:2_000]
    return _PAGE.match(head) is not None or _breaks_all_lines(head)


def _breaks_all_lines(head: str) -> bool:
    """Whether a text without any other tag before it has a `<br>` where lines end."""
    *lines, _ = [line for line in head.split("\n") if line.strip()] or [""]
    ended = sum(len(_BREAK.split(line)) > 1 and not _BREAK.split(line)[-1].strip() for line in lines)
    return len(_BREAK.findall(head)) >= 3 and 5 * ended >= 4 * len(lines)


def text_of_box(text: str) -> str:
    """What was typed into Blackboard's box, of the text file that stands for it; the text itself where it is none."""
    begins = _BOX.search(text)
    if begins is None:
        return text
    rest = text[begins.end() :]
    ends = _BOX_ENDS.search(rest)
    return rest[: ends.start()] if ends else rest


def text_of_page(page: str) -> str:
    """A page as it is read: a line for each paragraph, without tags."""
    shown = _TAG.sub("", _BREAKS.sub("\n", _without_hidden(page)))
    import html  # seldom needed, and large

    return html.unescape(shown).replace("\xa0", " ").strip("\n") + "\n"


def _without_hidden(page: str) -> str:
    """Without elements that aren't the text: the head, scripts, the title that an LMS sets above."""
    kept, start = [], 0
    lowered = page.lower()
    for found in _NOT_SHOWN.finditer(page):
        if found.start() < start:
            continue
        kept.append(page[start : found.start()])
        end = lowered.find(f"</{found[1].lower()}", found.end())
        if end < 0:
            return "".join(kept)
        start = end
    return "".join([*kept, page[start:]])


def fenced_python(text: str) -> str:
    """The blocks of Python in a text of Markdown, on the lines where they stand; "" where there is none.

    Blocks that name no language count where no block says that it is Python.
    """
    blocks = list(_fences(text.split("\n")))
    named = [block for block in blocks if block[0].strip()]
    kept = [block for block in named if _IS_PYTHON_FENCE.match(block[0])] or [
        block for block in blocks if not block[0].strip() and not named
    ]
    lines = [""] * (text.count("\n") + 1)
    for _, first, body in kept:
        lines[first : first + len(body)] = [_without_option(line) for line in body]
    return "\n".join(lines) if kept else ""


def _fences(lines: Sequence[str]) -> Iterator[tuple[str, int, list[str]]]:
    """What stands behind each opening fence, the line below it, from 0, and the lines in it."""
    opened: tuple[str, str, int] | None = None
    for number, line in enumerate(lines):
        found = _FENCE.match(line)
        if opened is None and found:
            opened = found[1], found[2], number + 1
        elif opened is not None and found and found[1].startswith(opened[0]) and not found[2].strip():
            yield opened[1], opened[2], list(lines[opened[2] : number])
            opened = None
    if opened is not None:
        yield opened[1], opened[2], list(lines[opened[2] :])


def _without_option(line: str) -> str:
    """A line of a code cell; the options of MyST and Quarto stand in lines of their own."""
    return "" if re.match(r":[\w-]+:", line) else line


def without_prompts(text: str) -> str:
    """What was typed into a console of which all was handed in, on its lines; "" for what is no such text."""
    if not _PROMPTED.search(text) or _UNPROMPTED.search(text):
        return ""
    lines = text.split("\n")
    typed = "\n".join(line[found.end() :] if (found := _PROMPT.match(line)) else "" for line in lines)
    return typed if parsed(typed) else ""


def with_magic_cells(text: str) -> str:
    """A notebook of Databricks, with its cells that say `%python` as code."""
    if _MAGIC not in text:
        return text
    lines, is_code = text.split("\n"), False
    for number, line in enumerate(lines):
        is_code = (is_code and line.startswith(_MAGIC.rstrip())) or _MAGIC_PYTHON.match(line) is not None
        if is_code:
            lines[number] = "" if _MAGIC_PYTHON.match(line) else line[len(_MAGIC) :]
    return "\n".join(lines)


def python_of_directives(text: str) -> str:
    """The blocks of Python in a text of reStructuredText, on the lines where they stand; "" where there is none."""
    lines = text.split("\n")
    kept, indent, is_inside = [""] * len(lines), "", False
    for number, line in enumerate(lines):
        if is_inside and line.strip() and not re.match(r"[ \t]*:[\w-]+:", line):
            indent = indent or line[: len(line) - len(line.lstrip())]
            is_inside = bool(indent) and line.startswith(indent)
            kept[number] = line.removeprefix(indent) if is_inside else ""
        if _DIRECTIVE.match(line):
            is_inside, indent = True, ""
    return "\n".join(kept) if any(kept) else ""


def is_marimo(text: str) -> bool:
    """Whether a script is a notebook of marimo."""
    return "marimo" in text and "@app.cell" in text


def script_of_marimo(text: str) -> str:
    """The cells of a marimo notebook as one script, each statement on the line where it stood.

    A cell is a function whose body is the cell; what it returns is what other cells get, so all of it is one module.
    """
    lines = text.split("\n")
    starts = [number for number, line in enumerate(lines) if _MARIMO_CELL.match(line)]
    for start in starts:
        head = start if lines[start].startswith("with") else _below_decorator(lines, start)
        end = next((n for n in range(head + 1, len(lines)) if _MARGIN.match(lines[n])), len(lines))
        _open_cell(lines, start, head, end)
    return "\n".join(lines)


def _below_decorator(lines: Sequence[str], start: int) -> int:
    """The line of the definition below a decorator, which may take several lines."""
    near = range(start + 1, min(start + 20, len(lines)))
    return next((n for n in near if lines[n].startswith(("def ", "async def ", "class "))), start)


def _open_cell(lines: list[str], start: int, head: int, end: int) -> None:
    """Take off a cell what makes it a function, in place."""
    is_cell = lines[start].startswith(("@app.cell", "with"))
    body = _body_begins(lines, head, end) if is_cell else head
    strings = _inside_of_strings(lines[head:end]) if is_cell else set()
    lines[start:body] = [""] * (body - start)
    for number in range(body, end if is_cell else body):
        line = lines[number]
        if line.startswith("    return") and number - head not in strings:
            close = next((n for n in range(number, end) if n > number and not lines[n].startswith("     ")), end)
            for each in range(number, close if line.rstrip().endswith("(") else number + 1):
                lines[each] = ""
            if line.rstrip().endswith("(") and close < end:
                lines[close] = ""
        elif number - head not in strings:
            lines[number] = line.removeprefix("    ")


def _body_begins(lines: Sequence[str], head: int, end: int) -> int:
    """The first line below the header of a definition, or of a `with`."""
    return next((n + 1 for n in range(head, end) if lines[n].split("#")[0].rstrip().endswith(":")), end)


def _inside_of_strings(lines: Sequence[str]) -> set[int]:
    """The lines, from 0, that begin within a text of several lines, which must stay as they are."""
    found = set[int]()
    for statement in parsed("\n".join(lines)):
        for node in ast.walk(statement):
            if isinstance(node, ast.Constant | ast.JoinedStr) and (node.end_lineno or 0) > node.lineno:
                found.update(range(node.lineno, node.end_lineno or 0))
    return found
