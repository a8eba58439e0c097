"""Many repairs of one submission tried in one child: which of them give right first values. Most repairs end here.

Where a repair leaves all else that is kept as it was, its program is the page as it was read with a few lines in their
new wording: nobody reads the submission again. Each is a module of its own beside the others, so that they don't meet.
What comes of it proves nothing: who passes here is asked everything, in a child of its own.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import partial
from typing import NamedTuple

from msgspec.structs import replace

from grader.checks.question import Question
from grader.extraction.model import Extraction
from grader.extraction.repairs.model import Edit, Repair
from grader.grading.allowance import Allowance
from grader.grading.answers import Answers
from grader.grading.execution import Interview
from grader.plan.plan import Plan, PlannedCheck, PlannedFunction
from grader.sandbox.sandbox import JailedChild, Sandbox
from grader.worker.shared.steps import Call, Step, StoreValue, StudentFunction, Value

#: Letters of all pages of one child: a longer page is tried alone.
MOST_LETTERS = 1 << 20


class Trial(NamedTuple):
    """A repair, and what is asked of the functions that it may mend."""

    repair: Repair
    asked: tuple[PlannedFunction, ...]  #: each with no other checks than those


def can_share_a_child(trial: Trial, extraction: Extraction) -> bool:
    """Whether a repair can be tried beside others: by its page, and by questions that fit a function of any name."""
    questions = [question for each in trial.asked for check in each.checks for question in check.questions]
    is_plain = all(
        check.kind.converse is None and check.kind.runs_code for each in trial.asked for check in each.checks
    )
    alone = list(extraction.modules) == [trial.repair.module]
    return alone and is_plain and all(len(question.calls) == 1 for question in questions)


def ask_in_one_child(
    trials: Sequence[Trial],
    plan: Plan,
    extraction: Extraction,
    sandbox: Sandbox,
    allowance: Allowance,
    first: JailedChild | None,
) -> list[Answers]:
    """What each repaired submission answers to the plan's own questions.

    Args:
        extraction: of the submission without these repairs, which can share a child.
        first: a child in which no code of the submission has run yet, and which nobody else will ask.
    """
    variants = [_Variant(number, trial, extraction) for number, trial in enumerate(trials)]
    functions = tuple(function for each in variants for function in each.functions)
    program = extraction._replace(
        modules={each.module: each.page for each in variants},
        entries={name: entry for each in variants for name, entry in each.entries.items()},
        skipped=(),
    )
    asked = Plan(plan.assignment, plan.seed, functions, plan.truths)
    try:
        with Interview(asked, program, sandbox, allowance, first=first) as interview:
            answers = interview.ask(lambda *_: True)
    finally:
        if first is not None:  # it may not have been needed
            first.close()
    return [each.own_answers(answers) for each in variants]


class _Variant:
    """A repaired submission as a module, and functions, of other names."""

    def __init__(self, number: int, trial: Trial, extraction: Extraction) -> None:
        [(module, page)] = extraction.modules.items()
        self.module = f"{module}_{number}"
        self.page = reworded(page, trial.repair.edits)
        self.names = {name: _numbered(name, number) for name in extraction.entries}
        self.entries = {self.names[name]: (self.module, said) for name, (_, said) in extraction.entries.items()}
        self.own: dict[int, Question] = {}  #: id of a question of this one -> the plan's own
        self.asked = trial.asked
        self.functions = tuple(map(self._function, trial.asked))

    def _function(self, planned: PlannedFunction) -> PlannedFunction:
        function = planned.function
        needs = tuple(self.names[name] for name in function.needs if name in self.names)
        named = replace(function, name=self.names.get(function.name, function.name), needs=needs)
        return PlannedFunction(named, tuple(map(self._check, planned.checks)))

    def _check(self, planned: PlannedCheck) -> PlannedCheck:
        questions = tuple(map(self._question, planned.questions))
        return PlannedCheck(planned.check, partial(tuple, questions))

    def _question(self, question: Question) -> Question:
        named = replace(
            question,
            steps=_renamed_steps(question.steps, self.names),
            others=tuple(_renamed_steps(steps, self.names) for steps in question.others),
        )
        self.own[id(named)] = question
        return named

    def own_answers(self, answers: Answers) -> Answers:
        """Those of this one, to the plan's own questions."""
        given = {id(own): answers.given[key] for key, own in self.own.items() if key in answers.given}
        stops = {
            own.function.name: answers.stops[named.function.name]
            for own, named in zip(self.asked, self.functions, strict=True)
            if named.function.name in answers.stops
        }
        return replace(answers, given=given, stops=stops, unbound=frozenset())


def _numbered(name: str, number: int) -> str:
    root, dot, method = name.partition(".")
    return f"{root}~{number}{dot}{method}"


def reworded(page: str, edits: Sequence[Edit]) -> str:
    """A page with these lines in their new wording."""
    lines = page.split("\n")
    for edit in edits:
        lines[edit.line - 1 : edit.line] = [edit.text]
    return "\n".join(lines)


def _renamed_steps(steps: Sequence[Step], names: Mapping[str, str]) -> tuple[Step, ...]:
    return tuple(_renamed(step, names) for step in steps)


def _renamed(step: Step, names: Mapping[str, str]) -> Step:
    if isinstance(step, StoreValue):
        return StoreValue(_renamed_value(step.value, names))
    if isinstance(step, Call):
        called = names.get(step.function, step.function) if isinstance(step.function, str) else step.function
        kwargs = {key: _renamed_value(value, names) for key, value in step.kwargs.items()}
        return step._replace(
            function=called, args=tuple(_renamed_value(value, names) for value in step.args), kwargs=kwargs
        )
    return step


def _renamed_value(value: Value, names: Mapping[str, str]) -> Value:
    if type(value) in (tuple, list):
        return type(value)(_renamed_value(item, names) for item in value)
    if type(value) is dict:
        return {key: _renamed_value(item, names) for key, item in value.items()}
    return StudentFunction(names.get(value.name, value.name)) if isinstance(value, StudentFunction) else value


def only(planned: PlannedFunction, checks: Collection[int]) -> PlannedFunction:
    """A function with no other than these of its checks, given by their identity."""
    return PlannedFunction(planned.function, tuple(each for each in planned.checks if id(each) in checks))
