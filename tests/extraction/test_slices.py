"""A slice behaves like the whole, statement by statement, and takes nothing from the lines that it keeps."""

from __future__ import annotations

import ast
import contextlib
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st
from submitting import extracted

from grader.submission.reading import SourceCell, SourceFile, Submission

NAMES = st.sampled_from("abcde")
DAMAGE = [*"()[]{}'\"\\:;,.=@#%!?\n\t 0aé", "\x0c", "\u2028", '"""', "\n\n", "def "]
TEMPLATES = (
    "{0} = {n}",
    "{0} = {1}",
    "{0} = [{1}, {n}]",
    "{0} = {1}, {2} = {n}, [{n}]",
    "{0} = {1} = [[{n}], {{}}]",
    "{0} = {{'k': {1}}}",
    "{0} = [*{1}, {2}]",
    "{0} = {1} or {2}",
    "{0}['k'].append({n})",
    "{0}[0].append({n})",
    "{0} = {1}.get('k')",
    "{0}, {1} = {2}, {n}",
    "{0}: int = {n}",
    "{0}: int",
    "{0} += {1}",
    "{0} += [{n}]",
    "{0} = []",
    "{0}.append({n})",
    "{0}.append({1})",
    "{0}[0] = {n}",
    "{0} = {1}[0]",
    "del {0}",
    "del {0}[0]",
    "{0} = {{}}; {1} = {n}; {0}['k'] = {n}",
    "{0}['k'] = {1}",
    "{0} = [{1} for {1} in range({n})]",
    "{0} = [{1} + {2} for {2} in range({n})]",
    "{0} = (lambda {1}: [{1}, {2}])({n})",
    "print({0}); ({1} := {n})",
    "[{0} := i for i in range({n})]",
    "for {0} in range({n}): {1} = {0}",
    "for {0} in {1}:\n    {0}.append({n})",
    "for {0} in {1}:\n    {2} = {0}\nelse:\n    {2} = {n}",
    "if {0}:\n    {1} = {n}\nelse:\n    {2} = {n}",
    "try:\n    {0} = {1}[{n}]\nexcept Exception as {2}:\n    {0} = {n}\nfinally:\n    pass",
    "def {0}({1}={n}):\n    return [{1}, {2}]",
    "def {0}():\n    {1} = {n}\n    return {1}",
    "def {0}():\n    return {1}()",
    "def {0}():\n    global {1}\n    {1} = {n}",
    "def {0}():\n    def inner():\n        return {1}\n    return inner()",
    "{0}()",
    "{0} = {1}()",
    "class {0}:\n    {1} = {1}\n    y = {2}",
    "class {0}:\n    y = [{n}]\n    def __iter__(self): return iter([{1}])",
    "{0}.y = {n}",
    "{0} = {1}.y",
    "import math as {0}",
    "from math import pi as {0}",
    "assert {0}",
    "with open('/dev/null') as {0}: {1} = {n}",
    "while True:\n    {0} = {n}\n    break",
    "'''{0}\n{1}'''; {0} = '''{1}\n{n}'''",
    "{0} = '''a\n\n  b'''; {1} = ({n},\n  {n})",
    "\n# {0} = {n}\n",
    "match {n}:\n    case {0}: {1} = {0}",
)


@st.composite
def programs(draw: st.DrawFn) -> str:
    count = draw(st.integers(1, 12))
    parts = []
    for _ in range(count):
        names = [draw(NAMES) for _ in range(3)]
        parts.append(draw(st.sampled_from(TEMPLATES)).format(*names, n=draw(st.integers(0, 3))))
    used = draw(NAMES)
    return "\n".join([*parts, f"def f():\n    return {used}"]) + "\n"


def run(source: str) -> dict[str, Any]:
    """Run each statement on its own, as the worker does: one that fails leaves the others be."""
    names: dict[str, Any] = {"__name__": "hw", "print": lambda *_: None}
    for node in ast.parse(source).body:
        with contextlib.suppress(Exception):
            exec(compile(ast.Module([node], []), "<hw>", "exec"), names)
    return names


def told(value: Any, depth: int = 0) -> Any:
    """A value as data: what can be compared between two runs."""
    if depth > 3:
        return "deep"
    if isinstance(value, list | tuple):
        return [type(value).__name__, *(told(item, depth + 1) for item in value)]
    if isinstance(value, dict):
        return {key: told(item, depth + 1) for key, item in value.items()}
    if isinstance(value, type):
        return {key: told(item, depth + 1) for key, item in vars(value).items() if not key.startswith("__")}
    return value if isinstance(value, int | float | str) else type(value).__name__


def result(names: dict[str, Any]) -> Any:
    try:
        return told(names["f"]())
    except Exception as error:  # noqa: BLE001 - the same exception is the same result
        return type(error).__name__


def slice_of(source: str) -> str:
    submission = Submission("hw.py", (SourceFile("hw.py", "hw", (SourceCell(None, source),)),))
    return extracted(submission, "f").modules["hw"]


@given(programs())
@example("b = e = [[0], {}]\nfor a in e:\n    a.append(0)\ndef f():\n    return b\n")
@settings(max_examples=600, deadline=None)
def test_a_slice_gives_what_the_whole_gives(source: str) -> None:
    try:
        compile(source, "<hw>", "exec")
    except SyntaxError:  # such as a parameter that is also global: refused by every Python
        return
    assert result(run(slice_of(source))) == result(run(source))


@given(programs(), st.data())
@settings(max_examples=300, deadline=None)
def test_no_damage_to_a_source_crashes_the_slicer(source: str, data: st.DataObject) -> None:
    hurt = list(source)
    for _ in range(data.draw(st.integers(1, 5))):
        place = data.draw(st.integers(0, len(hurt) - 1))
        hurt[place] = data.draw(st.sampled_from(DAMAGE))
    text = "".join(hurt)
    for number in (None, 3):
        submission = Submission("hw", (SourceFile("hw.py", "hw", (SourceCell(number, text),)),))
        found = extracted(submission, "f")
        assert set(found.entries) | set(found.missing) == {"f"}
        for module in found.modules.values():
            ast.parse(module)


@given(programs())
@settings(max_examples=150, deadline=None)
def test_every_line_of_a_slice_is_a_line_of_the_whole_in_its_place(source: str) -> None:
    whole = source.split("\n")
    for number, line in enumerate(slice_of(source).split("\n")):
        assert all(part.strip() in whole[number] for part in line.split(";")), (number, line)


@given(programs())
@settings(max_examples=150, deadline=None)
def test_a_slice_of_a_slice_is_that_slice(source: str) -> None:
    once = slice_of(source)
    assert slice_of(once) == once
