"""A check is questions; each is a few steps for the child, and a judgement of what came back."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from grader.checks.calls import Script, roots
from grader.checks.finding import Details, Finding, show_value
from grader.errors import BrokenReference
from grader.extraction.model import FunctionFacts
from grader.inputs.draws import Case
from grader.rubric.check_keys import KindKeys
from grader.rubric.model import CallLine, Check, Entry, RequiredFunction, Signature, Specifics
from grader.verdict import Verdict
from grader.worker.shared.interpreter import run_here
from grader.worker.shared.steps import Call, Ended, Outcome, Raised, Ref, Returned, Skipped, Step

if TYPE_CHECKING:
    from grader.checks.written.line import ChildLine

FunctionsByName = Mapping[str, Callable[..., Any]]
T = TypeVar("T", bound=Specifics)
U = TypeVar("U")


class Question(msgspec.Struct, frozen=True, dict=True):
    """One situation of one check."""

    function: RequiredFunction
    check: Check
    situation: Case
    steps: tuple[Step, ...] = ()
    signature: Signature | None = None  #: how the steps call the function; None for its first signature
    way: int = 0  #: which of the ways in which the call may be written the steps take
    others: tuple[tuple[Step, ...], ...] = ()  #: the steps for its second signature or way and those after it

    def steps_for(self, signature: int) -> tuple[Step, ...]:
        """The steps for a submission whose function has this one of the signatures, or is called this way, from 0."""
        return self.others[signature - 1] if signature else self.steps

    @property
    def lines(self) -> tuple[CallLine, ...]:
        """How the function is called here, and what is looked at."""
        lines, after = self.calls[self.way], self.check.after
        return lines if after is None else (*lines, CallLine(after))

    @cached_property
    def calls(self) -> tuple[tuple[CallLine, ...], ...]:
        """Each way in which the call may be written."""
        check, function = self.check, self.function
        return (check.call, *check.ways) if check.call else (function.lines, *function.ways)

    @property
    def pick(self) -> int | None:
        """Which entry of a last line such as `(a.w, a.b)` the check asks for: then the others may fail."""
        last, part = self.lines[-1].expression.tree, self.check.measure.part
        if part is None or not isinstance(last, ast.Tuple):
            return None
        tops = {leaf.path[0] for leaf in self.function.parts if leaf.path and is_part(leaf.name, part)}
        return next((top.index for top in tops), None) if len(tops) == 1 and _all_of(last, tops) else None

    def keep(self, what: str, make: Callable[[], U]) -> U:
        """What `make` gave for this very question before, or gives now: a class asks the same ones."""
        known: dict[str, U] = vars(self)
        if what not in known:
            known[what] = make()
        return known[what]

    @property
    def dicts(self) -> frozenset[tuple[Entry, ...]]:
        """Where in the result dicts stand, once the reference has answered: elsewhere named results come in order."""
        found: frozenset[tuple[Entry, ...]] = self.__dict__.get("_dicts", frozenset())
        return found

    def note_dicts(self, paths: Iterable[tuple[Entry, ...]]) -> None:
        """Keep where the reference's result has dicts."""
        self.__dict__.setdefault("_dicts", frozenset(paths))

    @cached_property
    def inputs_shown(self) -> dict[str, str]:
        """The arguments as text, by name: made once for all who fail."""
        return {name: show_value(self.situation.names[name]) for name in self.situation.arguments}

    def show_inputs(self) -> dict[str, str]:
        """The same, for a finding that makes it once it is looked at."""
        return self.inputs_shown


def is_part(name: str, part: str) -> bool:
    """Whether a leaf of a result is the part, or lies in it: "[0].dw" in "[0]"."""
    return name == part or name.startswith((f"{part}.", f"{part}["))


def _all_of(line: ast.Tuple, tops: AbstractSet[Entry]) -> bool:
    return all(top.of == len(line.elts) for top in tops)


class Answer(msgspec.Struct, frozen=True):
    """What came back: an outcome for each step, and what is known of the source that was run (for checks of it)."""

    outcomes: tuple[Outcome, ...]
    facts: FunctionFacts = FunctionFacts()
    finding: Finding | None = None  #: of a check that converses: what it found
    calls: tuple[Call, ...] = ()  #: of such a check: the student's calls, whose outcomes these are
    margins: tuple[float, ...] = ()  #: of its comparisons with bounds: how much of what is allowed was used
    seconds: float = 0.0  #: the longest that one of its calls took where it ran in this process


def no_truth(question: Question, functions: FunctionsByName) -> Any:
    """For kinds that need none."""
    return None


class Kind(KindKeys, frozen=True, kw_only=True):
    """A kind of check: all that is said of it anywhere. Each makes one in its module; `kinds.py` lists them."""

    steps: Callable[[Question], tuple[Step, ...]]  #: what the child is asked
    judge: Callable[[Question, Any, Answer], Finding]  #: whether the answer is right, by the question's truth
    #: What is right where these functions are the reference.
    truth: Callable[[Question, FunctionsByName], Any] = no_truth
    #: What it asks, in a sentence for an author.
    describe: Callable[[Check], str] = lambda check: f"{check.title}."
    reasons: Mapping[str, str] = {}  #: fixed words for those of its findings that no other kind has, as in REASONS
    #: Findings that are facts by themselves: what a report calls what happened, and a hint, by the finding's reason.
    facts: Mapping[str, tuple[str, str]] = {}
    after_values: tuple[str, ...] = ()  #: reasons that mean something only where the function's values are right
    #: For a kind whose steps hang on what came back: holds the whole conversation.
    converse: Callable[[Question, ChildLine], Answer] | None = None
    runs_code: bool = True  #: whether it asks anything at all; else it reads the source
    advisory: bool = False  #: whether what it says is advice, where it has no points
    told_without_points: bool = False  #: others without points only help to tell mistakes apart
    compares_result: bool = False  #: whether each question is a call, and its result is held against the truth
    ignores_results: bool = False  #: whether what calls give is other checks' affair
    #: Whether a fresh input shows its fault in its own way; for all others a wrong value is the evidence.
    own_counterexample: bool = False


def specifics(question: Question, record: type[T]) -> T:
    """What the question's check says in its kind's own keys."""
    found = question.check.specifics
    assert isinstance(found, record)
    return found


def calling(question: Question, first: int = 0, refs: Mapping[str, Ref] | None = None) -> tuple[Step, ...]:
    """The steps that call the function under check with the situation's arguments, its result in the last one.

    Args:
        first: the position of the first of them in the question's steps.
        refs: arguments that lie in earlier slots.
    """
    theirs = student_names(question.function, question.lines)
    script = Script(question.function, question.situation.names, theirs, first, refs, question.signature)
    return script.call(question.lines, question.pick)


def student_names(function: RequiredFunction, lines: Sequence[CallLine] = ()) -> frozenset[str]:
    """The functions and classes that are the student's in the function's own call: an error in others isn't its own."""
    called = {name for line in lines or function.lines for name in line.expression.names()}
    return roots([function.name, *(name for name in function.needs if name.partition(".")[0] in called)])


def last_outcome(outcomes: Sequence[Outcome]) -> Outcome:
    """The last outcome, with what all of them printed."""
    last = outcomes[-1]
    printed = "".join(each.printed for each in outcomes if isinstance(each, (Returned, Raised)))
    return last._replace(printed=printed) if isinstance(last, (Returned, Raised)) else last


def reference_result(question: Question, functions: FunctionsByName, steps: Sequence[Step] = ()) -> Any:
    """What the reference returns for the question's call.

    Args:
        steps: those of the call, where they are known; else they are made of the question's inputs.

    Raises:
        BrokenReference: it raises.
    """
    outcomes = run_here(steps or calling(question), functions)
    outcome = next((each for each in outcomes if not isinstance(each, Returned)), outcomes[-1])
    if isinstance(outcome, Returned):
        return outcome.value
    text = f"{outcome.type}: {outcome.text}" if isinstance(outcome, Raised) else outcome.text
    raise BrokenReference(
        f"{question.check.place.file}:{question.check.place.line}: the reference's {question.function.name} fails for "
        f"the check {question.check.title!r}, {question.situation.label}: {text}"
    )


def no_value(question: Question, outcomes: Sequence[Outcome]) -> Finding | None:
    """The finding for the first step that gave no value, or None where all did."""
    bad = next((outcome for outcome in outcomes if not isinstance(outcome, Returned)), None)
    if bad is None:
        return None
    return _find_no_value(bad).add(situation=question.situation.label, inputs=question.show_inputs)


def _find_no_value(bad: Outcome) -> Finding:
    if isinstance(bad, Raised):
        return _raised_finding(bad)
    if isinstance(bad, Ended):
        return ended_finding(bad)
    assert isinstance(bad, Skipped)
    return Finding(Verdict.ERROR, "skipped", Details(note=bad.text))


def ended_finding(outcome: Ended) -> Finding:
    """The finding for a child that ended."""
    verdict = {"timeout": Verdict.TIMEOUT, "memory": Verdict.MEMORY}.get(outcome.how, Verdict.ERROR)
    return Finding(verdict, outcome.how, Details(note=outcome.text))


_EXCEPTIONS = """
ArithmeticError AssertionError AttributeError FileNotFoundError FloatingPointError ImportError IndexError KeyError
LinAlgError LookupError ModuleNotFoundError NameError NotImplementedError OverflowError RecursionError RuntimeError
StopIteration SyntaxError TypeError UnboundLocalError ValueError ZeroDivisionError AxisError StandInUsed
"""
#: What may be said of an exception without its text.
_WELL_KNOWN = frozenset(_EXCEPTIONS.split())


def _raised_finding(outcome: Raised) -> Finding:
    verdict = Verdict.MEMORY if outcome.type == "MemoryError" else Verdict.ERROR
    reason = "memory" if verdict is Verdict.MEMORY else "raised"
    if outcome.text.startswith("not allowed here"):
        reason = "blocked"
    where = None if outcome.line is None else f"{outcome.module}:{outcome.line}"
    shown = Details(raised=f"{outcome.type}: {outcome.text}", where=where, printed=outcome.printed or None)
    return Finding(verdict, reason, shown, outcome.type if outcome.type in _WELL_KNOWN else "")
