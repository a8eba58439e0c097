"""A draft of a mistake or a convention, from a changed reference or one member's code. A person fills it in first.

The reference runs without a jail, and this may be a student's code. So it is written down as one function, as Python's
own parser understood it: comments are gone, and nothing hides in a string or in the order of letters.
"""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Mapping
from typing import Literal

from grader.classroom.workers.grader import Code
from grader.errors import UsageError

DraftKind = Literal["mistake", "convention"]
_LONGEST = 64 << 10  # characters: what is parsed here is a student's, and nobody reads a longer draft
FILL_IN = "FILL IN"

_ORIGINS = {
    False: """Drafted from the answers of a submission. This is a student's code, and a reference runs WITHOUT A JAIL:
read it before you use it, or write it anew. Keep what the slip needs.
""",
    True: """Drafted from the reference, with the one change that gives a group's answers:

{change}
""",
}
_HEAD = '''"""{origin}"""

{imports}

{decorator}
def {name}(*args, **kwargs):
{body}
    return {called}(*args, **kwargs)
'''
_DECORATORS = {
    "mistake": f'''@mistake(
    "{{function}}",
    name="{FILL_IN}: what goes wrong, in a few words for students",
    hint="{FILL_IN}: what to look at, without the solution",
    credit="0",  # the share of the points that it still earns, for example "1/4"
)''',
    "convention": f'''@convention("{{function}}", name="{FILL_IN}: what is agreed on instead, in a few words")''',
}


def draft(kind: DraftKind, function: str, name: str, code: Code, modules: Mapping[str, str], change: str = "") -> str:
    """The text of a Python file with one variant of a function.

    Args:
        kind: which sort of variant.
        function: the required function that it varies.
        name: what the variant is called.
        code: a submission's, or a changed reference's.
        modules: the other required functions, with the module of the reference that has each.
        change: where it is the reference's code, what is changed in it.

    Raises:
        UsageError: the code can't stand in one function: it takes several files, is too long, or imports with a star.
    """
    body, lent = _body(function, code, modules)
    imports = [f"from grader.reference import {kind}", *(f"from {modules[each]} import {each}" for each in lent)]
    text = _HEAD.format(
        origin=_ORIGINS[bool(change)].format(change=_as_comment(change)),
        imports="\n".join(imports),
        decorator=_DECORATORS[kind].format(function=function),
        name=name,
        body=textwrap.indent(body, "    "),
        called=code.name,
    )
    try:
        compile(text, name, "exec")
    except (SyntaxError, ValueError, RecursionError):
        raise _by_hand(function) from None
    return text


def _as_comment(change: str) -> str:
    """Lines that end no docstring."""
    return textwrap.indent(change.replace("\\", "/").replace('"', "'"), "    ")


def line_to_fill_in(text: str) -> int | None:
    """The line that still has to be filled in; None where there is none."""
    found = re.search(FILL_IN, text)
    return text.count("\n", 0, found.start()) + 1 if found else None


def _body(function: str, code: Code, modules: Mapping[str, str]) -> tuple[str, list[str]]:
    """The code as statements of one function, and the required functions that the reference lends to it."""
    if len(code.modules) != 1 or "." in function or len(code.modules[0]) > _LONGEST:
        raise _by_hand(function)
    try:
        statements = ast.parse(code.modules[0]).body
        lent = {each: None for node in statements if (each := _defined_name(node)) in modules and each != code.name}
        kept = [node for node in statements if _defined_name(node) not in lent]
        return "\n".join(map(ast.unparse, kept)), [each for each in lent if each is not None]
    except (SyntaxError, ValueError, RecursionError):
        raise _by_hand(function) from None


def _defined_name(node: ast.stmt) -> str | None:
    return node.name if isinstance(node, (ast.FunctionDef, ast.ClassDef)) else None


def _by_hand(function: str) -> UsageError:
    return UsageError(
        f"this code of {function} can't stand in one function, so nothing was drafted: write the variant into the "
        "reference by hand"
    )
