"""Ways in which a function of a right submission can be missing, not filled in, or stop."""

from __future__ import annotations

import ast
import gzip
import json
from collections.abc import Callable, Iterator
from pathlib import Path

Blank = Callable[[list[str], ast.FunctionDef], list[str]]


def functions_in(source: str) -> dict[str, ast.FunctionDef]:
    """Every function and method of a file, by the name that a rubric would give it."""
    found: dict[str, ast.FunctionDef] = {}
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef):
            found[node.name] = node
        elif isinstance(node, ast.ClassDef):
            found |= {f"{node.name}.{each.name}": each for each in node.body if isinstance(each, ast.FunctionDef)}
    return found


def _body(text: str) -> Blank:
    def blank(lines: list[str], node: ast.FunctionDef) -> list[str]:
        indent = " " * node.body[0].col_offset
        assert node.end_lineno is not None
        return [*lines[: node.body[0].lineno - 1], f"{indent}{text}\n", *lines[node.end_lineno :]]

    return blank


def _deleted(lines: list[str], node: ast.FunctionDef) -> list[str]:
    assert node.end_lineno is not None
    return [*lines[: node.lineno - 1], *lines[node.end_lineno :]]


def _left_before_the_return(lines: list[str], node: ast.FunctionDef) -> list[str]:
    last = node.body[-1]
    return [*lines[: last.lineno - 1], " " * last.col_offset + "raise NotImplementedError\n", *lines[last.lineno - 1 :]]


def _misspelt(lines: list[str], node: ast.FunctionDef) -> list[str]:
    at = node.lineno - 1
    return [*lines[:at], lines[at].replace(f"def {node.name}(", f"def {node.name}_x("), *lines[at + 1 :]]


#: Each takes a file's lines and one of its functions.
WAYS: dict[str, Blank] = {
    "deleted": _deleted,
    "pass": _body("pass"),
    "not implemented": _body("raise NotImplementedError"),
    "not implemented, with a text": _body('raise NotImplementedError("your code here")'),
    "not implemented before the return": _left_before_the_return,
    "misspelt": _misspelt,
    "a name that nothing makes": _body("return the_result"),
    "a division by zero": _body("return 1 / 0"),
    "a syntax error": _body("return (1,"),
    "a comment alone": _body("# your code here"),
    "nothing returned": _body("return None"),
    "the process left": _body("raise SystemExit"),
    "a text": _body('return "todo"'),
}
#: What becomes of a whole file that nobody can read any more, given its text.
UNREADABLE: dict[str, Callable[[str], bytes]] = {
    "a PDF document": lambda text: b"%PDF-1.4\n" + text.encode(),
    "compressed and cut off": lambda text: gzip.compress(text.encode())[:60],
    "empty": lambda text: b"",
    "no bracket closed": lambda text: f"({text}".replace(")", "").encode(),
}


def blanked(source: str, name: str) -> Iterator[tuple[str, str]]:
    """A file with one of its functions blanked in each way and with each line deleted: the way, and the text."""
    lines, node = source.splitlines(keepends=True), functions_in(source)[name]
    for way, blank in WAYS.items():
        yield way, "".join(blank(lines, node))
    assert node.end_lineno is not None
    for number in range(node.body[0].lineno, node.end_lineno + 1):
        if lines[number - 1].strip():
            yield f"without line {number}", "".join([*lines[: number - 1], *lines[number:]])


def files_of(submission: Path) -> Iterator[Path]:
    """The Python files of a submission."""
    yield from [submission] if submission.is_file() else sorted(submission.rglob("*.py"))


def blanked_in_notebook(text: str, name: str) -> Iterator[tuple[str, str]]:
    """A notebook with one of its functions blanked in each way: the way, and the text."""
    notebook = json.loads(text)
    cells = [cell for cell in notebook["cells"] if f"def {name}(" in "".join(cell["source"])]
    (cell,) = cells
    source = "".join(cell["source"])
    node = functions_in(source)[name]
    for way, blank in WAYS.items():
        cell["source"] = blank(source.splitlines(keepends=True), node)
        yield way, json.dumps(notebook)
