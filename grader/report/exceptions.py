"""Exceptions in few words, and one thing to try for each: for readers who see them for the first time."""

from __future__ import annotations

import re
from collections.abc import Sequence

from grader.grading.grades import Problem

_BROADCAST = re.compile(r"operands could not be broadcast together with (?:remapped )?shapes ((?:\([\d,]*\) ?)+)")
_NO_NAME = re.compile(r"NameError: name '([^']+)' is not defined")

#: How modules that everybody knows are imported.
_IMPORTS = {
    "np": "import numpy as np",
    "numpy": "import numpy",
    "math": "import math",
    "random": "import random",
    "plt": "import matplotlib.pyplot as plt",
    "scipy": "import scipy",
    "itertools": "import itertools",
    "functools": "import functools",
    "copy": "import copy",
    "sys": "import sys",
    "time": "import time",
}

#: The first that fits an exception's type and text.
_ADVICE = (
    ("NameError", "", "Check the spelling of the name. Is it defined before this line runs?"),
    ("UnboundLocalError", "", "The variable has no value here in some cases: set it before the if or the loop."),
    (
        "TypeError",
        "NoneType",
        "Something is None here. Is None written there, or does a function return nothing?",
    ),
    ("TypeError", "argument", "Compare the parameters of your function with the assignment's."),
    ("TypeError", "", "Print the types of the values that this line uses, just before it."),
    (
        "AttributeError",
        "NoneType",
        "Something is None here. Is None written there, or does a function return nothing?",
    ),
    ("AttributeError", "", "Print the type of what stands before the dot, just before this line."),
    ("AxisError", "", "How many axes does the array have here? Print its shape just before this line."),
    ("IndexError", "", "Print the shape and the index just before this line."),
    ("KeyError", "", "Print the keys that there are just before this line."),
    ("ValueError", "shape", "Print the shapes of both sides just before this line."),
    ("ValueError", "dimension", "Print the shapes of both sides just before this line."),
    (
        "ValueError",
        "ambiguous",
        "An array with several entries is neither true nor false: do you mean np.any or np.all?",
    ),
    ("ValueError", "", "Print the values that this line uses, just before it."),
    ("ZeroDivisionError", "", "What is divided by here, and when is it zero?"),
    ("RecursionError", "", "The function calls itself without end: when should it stop?"),
    ("NotImplementedError", "", "Write your code in place of this line."),
    ("LinAlgError", "", "Print the shape and the rank of the matrix just before this line."),
)

#: The first of these that a sentence about a missing function holds.
_ADVICE_ON_MISSING = (
    ("a print statement", "Python 3 prints with brackets: print(x). Run the whole file with Python 3."),
    ("this is Python 2", "Run the whole file with Python 3, and change what stops it."),
    ("couldn't be read", "Run the file yourself: Python stops at the same line."),
    ("wasn't handed in", "Hand in that file too."),
    (
        "isn't defined",
        "Is it in another file, or does it have another name? Hand in all files, with the names of the handout.",
    ),
)


def missing_import(raised: str) -> str:
    """The line that a submission lacks, where an exception says so; else nothing."""
    found = _NO_NAME.match(raised)
    return _IMPORTS.get(found[1], "") if found else ""


def shorten(raised: str) -> str:
    """An exception and its text, without what numpy says each time."""
    raised = " ".join(raised.split())
    kind, _, text = raised.partition(": ")
    if found := _BROADCAST.match(text):
        return f"{kind}: shapes {found[1].strip()}"
    return raised


def advise_on(raised: str, failed: Sequence[Problem] = ()) -> str:
    """One thing to try; empty where nothing fits.

    Args:
        failed: statements of the file itself that stopped, and left their names unmade.
    """
    if line := missing_import(raised):
        return f"Add the line `{line}` at the top of the file."
    kind = raised.partition(":")[0]
    if kind == "NameError" and failed:
        return _advise_on_unmade(raised, failed)
    return next((advice for name, word, advice in _ADVICE if name == kind and word in raised), "")


def advise_on_missing(why: str) -> str:
    """One thing to try where a function isn't there, by the sentence that says so; empty where nothing fits."""
    return next((advice for words, advice in _ADVICE_ON_MISSING if words in why), "")


def _advise_on_unmade(raised: str, failed: Sequence[Problem]) -> str:
    """What to try where a name may be missing because the statement that makes it stopped."""
    name = raised.partition("'")[2].partition("'")[0]
    for problem in failed:
        if name and name in _names_made(problem.message):
            return f"Mend {problem.where} first, which should make {name}: {_tell_failed(problem.message)}"
    return "Look at the failed statement below: should it define this name? If not, check the spelling."


def _tell_failed(message: str) -> str:
    """A failed statement and its exception: "`rate = read()` stopped with SystemExit: 1."."""
    said = message.removeprefix("This statement failed: ").replace("`", "'")
    why, _, source = said.partition(", in:  ")
    return f"`{source}` stopped with {why}."


def _names_made(message: str) -> list[str]:
    """The names that a failed statement would have made, by its first line, with which its message ends."""
    made, equals, _ = message.partition(", in:  ")[2].partition("=")
    return made.replace(",", " ").split() if equals else []
