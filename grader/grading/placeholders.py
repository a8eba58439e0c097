"""Functions that were handed in as the handout gave them: missing, said kindly, rather than wrong.

Starter code raises NotImplementedError, returns its argument or zeros, or returns a name that the missing lines would
have made. That is only looked for where a function earned nothing, with right helpers in place of broken ones, so it
can't cost anybody a point; and it is said of the function whose own line it is, not of those that call it.
"""

from __future__ import annotations

import builtins
import sys
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from grader.checks.question import Question, last_outcome
from grader.checks.unchanged import is_same
from grader.extraction.model import Extraction, FunctionFacts, Names
from grader.grading.answers import Answers
from grader.plan.plan import PlannedFunction
from grader.worker.shared.steps import Opaque, Outcome, Raised, Returned
from grader.worker.shared.tables import flatten_all

_MOST_BLANKS = 3  #: that are named
_LONG = 60  #: characters of a name: of longer ones no likeness is looked for
#: Read everywhere, and made nowhere.
_KNOWN = frozenset(dir(builtins))
#: Where one of these isn't there, an import was forgotten, and the function may well be filled in.
_USUAL_MODULES = frozenset(
    {*sys.stdlib_module_names, *["np", "numpy", "plt", "matplotlib", "sp", "scipy", "pd", "pandas", "sns", "sklearn"]}
)


def find_placeholder(planned: PlannedFunction, answers: Answers, extraction: Extraction) -> str | None:
    """A sentence on why a function that earned nothing seems not to be filled in yet, or None where it isn't so."""
    questions = [
        q for item in planned.checks if item.kind.compares_result and item.check.points for q in item.questions
    ]
    if not questions or not all(map(answers.has_value_of, questions)):
        return None
    asked = [(q, _decisive(answer.outcomes)) for q in questions if (answer := answers.of(q)) is not None]
    name = planned.function.name
    outcomes = [outcome for _, outcome in asked]
    if all(isinstance(o, Raised) and o.type == "NotImplementedError" for o in outcomes) and not any(
        _is_elsewhere(o, name, extraction) for o in outcomes if isinstance(o, Raised)
    ):
        return f"{name} raises NotImplementedError: it is there, but empty."
    if (why := _still_blank(name, outcomes, extraction)) is not None:
        return why
    if _is_silent(outcomes) and (unmade := _unmade(name, extraction)):
        return f"{name} returns nothing, and uses {unmade[0]}, which it never defines: it isn't finished."
    is_part = bool(planned.function.call)  # then None is no forgotten return
    if all(isinstance(o, Returned) and (_is_empty(o.value) or (is_part and o.value is None)) for o in outcomes):
        return f"{name} returns nothing but zeros: it is there, but seems to be empty."
    if _is_an_argument(asked):
        return f"{name} returns what it is given: it is there, but seems to be empty."
    return _never_made(name, outcomes, extraction)


def _is_silent(outcomes: Sequence[Outcome]) -> bool:
    """Whether it neither returned nor printed anything, whatever it was asked."""
    return all(isinstance(o, Returned) and o.value is None and not o.printed.strip() for o in outcomes)


def _unmade(name: str, extraction: Extraction) -> list[str]:
    """The variables that a function reads, and that nothing makes: its handout leaves the line above to the student."""
    facts = extraction.facts.get(name)
    if facts is None or facts.names is None or name not in extraction.entries:
        return []
    unmade = (each for each in facts.names.read if each not in _KNOWN and is_only_read(each, facts.names))
    text = extraction.modules.get(extraction.entries[name][0], "")
    return [each for each in unmade if not any(f"{word} {each}" in text for word in ("def", "class", "import", "as"))]


def _still_blank(name: str, outcomes: Sequence[Outcome], extraction: Extraction) -> str | None:
    """For functions that return, or stop at, a variable which every line of theirs that sets it sets to None."""
    blanks = extraction.facts.get(name, FunctionFacts()).blanks
    if not blanks or not all(_is_blank(outcome, name, extraction) for outcome in outcomes):
        return None
    *first, last = blanks[:_MOST_BLANKS]
    named = f"{', '.join(first)} and {last}" if first else last
    does = "returns" if all(isinstance(outcome, Returned) for outcome in outcomes) else "uses"
    return f"{name} {does} {named}, which {'are' if first else 'is'} still None: it isn't finished."


def _is_blank(outcome: Outcome, name: str, extraction: Extraction) -> bool:
    if isinstance(outcome, Raised):
        is_none = "NoneType" in outcome.text or "ellipsis" in outcome.text
        return is_none and not _is_elsewhere(outcome, name, extraction)
    return isinstance(outcome, Returned) and _is_nothing(outcome.value)


def _is_nothing(value: Any) -> bool:
    if isinstance(value, Opaque):  # before tuples: it is a named one
        return value.type.endswith("ellipsis")
    if isinstance(value, (tuple, list)):
        return bool(value) and all(map(_is_nothing, value))
    return value is None


def _is_elsewhere(raised: Raised, name: str, extraction: Extraction) -> bool:
    """Whether the line that raised is not one of the function's own: another one is to blame for it then."""
    facts, entry = extraction.facts.get(name), extraction.entries.get(name)
    if raised.line is None or facts is None or facts.lines is None or entry is None:
        return False
    first, last = facts.lines
    return raised.module != entry[0] or not first <= raised.line <= last


def _decisive(outcomes: Sequence[Outcome]) -> Outcome:
    """The first outcome without a value, else the last."""
    return next((outcome for outcome in outcomes if not isinstance(outcome, Returned)), last_outcome(outcomes))


def _is_empty(value: Any) -> bool:
    """Whether a result holds zeros only, or nothing; a plain None isn't meant: there a return may be forgotten."""
    if isinstance(value, (tuple, list)):
        return bool(value) and all(item is None or _is_empty(item) for item in value)
    if isinstance(value, bool) or not isinstance(value, (np.ndarray, np.generic, int, float)):
        return False
    array = np.asarray(value)
    return array.dtype.kind in "iuf" and not np.any(array)


def _is_an_argument(asked: Sequence[tuple[Question, Outcome]]) -> bool:
    """Whether the result is one and the same array argument each time."""
    for name in asked[0][0].situation.arguments:
        values = [question.situation.names[name] for question, _ in asked]
        if all(isinstance(value, np.ndarray) for value in values) and all(
            isinstance(outcome, Returned) and is_same(flatten_all(value), outcome.value)
            for value, (_, outcome) in zip(values, asked, strict=True)
        ):
            return True
    return False


def _never_made(name: str, outcomes: Iterable[Outcome], extraction: Extraction) -> str | None:
    """For functions that stop at a name which nothing in them makes, and which is no slip of the pen."""
    said = {o.text if isinstance(o, Raised) and o.type in ("NameError", "UnboundLocalError") else "" for o in outcomes}
    quoted = [text.split("'")[1] for text in said if text.count("'") >= 2]
    if len(said) != 1 or not quoted or name not in extraction.entries or quoted[0] in extraction.excluded:
        return None
    facts = extraction.facts.get(name)
    if facts is None or facts.names is None or not is_only_read(quoted[0], facts.names):
        return None
    return f"{name} uses {quoted[0]}, which it never defines: it is there, but seems to be empty."


def is_only_read(variable: str, names: Names) -> bool:
    """Whether a function reads a variable as a value, where nothing in the file makes it, nor any name like it."""
    if variable not in names.read or variable in _USUAL_MODULES:
        return False
    if any(variable in each for each in (names.called, names.made, names.outside)):
        return False
    import difflib  # seldom needed, and a cold start pays for each file

    alike = [name for name in names.made if len(name) <= _LONG and abs(len(name) - len(variable)) <= 1]
    return len(variable) > _LONG or not difflib.get_close_matches(variable, alike, cutoff=0.75)
