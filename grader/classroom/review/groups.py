"""Wrong answers that no known mistake explains, grouped: the same slip in many heads, or the rubric's own.

Submissions are in one group where any of these is the same: their answers, to the last digits; the smallest change that
makes them right, whatever the variables are called; the type of an exception, its text without shapes, and the line
that raised it.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import zip_longest

import msgspec

from grader.classroom.review.regrading import open_stored_plan
from grader.classroom.review.results import Results
from grader.classroom.store.marks import FunctionMark, MarkedSubmission, read_marks
from grader.classroom.workers.grader import Code
from grader.classroom.workers.pool import Pool, cores, stop_if_hopeless
from grader.classroom.workers.process import Failed
from grader.classroom.workers.progress import Watch
from grader.classroom.workers.tasks import AskChangedReferences, ReadCode
from grader.errors import HarnessError
from grader.feedback.answer_digests import is_same_answer
from grader.feedback.changed_reference import ChangedReference
from grader.feedback.wording_alike import says_something, without_names, without_shapes
from grader.grading.grades import AnswerDigest
from grader.report.sanitize import block, line
from grader.report.wording import points, tell_change
from grader.verdict import Verdict

_MOST_NAMED, _MOST_CHANGES = 5, 3

Member = tuple[MarkedSubmission, FunctionMark]


class Group(msgspec.Struct, frozen=True):
    """Submissions that have a function wrong in the same way."""

    function: str
    members: tuple[MarkedSubmission, ...]
    marks: tuple[FunctionMark, ...]  #: of each member

    @property
    def mark(self) -> FunctionMark:
        """Of the first member."""
        return self.marks[0]

    @property
    def students(self) -> tuple[str, ...]:
        """All of them, by id."""
        return tuple(student for member in self.members for student in member.students)

    @property
    def lost(self) -> Fraction:
        """Points that all of them lost together."""
        pairs = zip(self.members, self.marks, strict=True)
        return sum((len(member.students) * _lost(mark) for member, mark in pairs), Fraction(0))


def _lost(mark: FunctionMark) -> Fraction:
    return sum((check.max_score for check in mark.checks), Fraction(0)) - (mark.score or Fraction(0))


def group_answers(results: Results) -> list[Group]:
    """The groups of a class, the costliest first.

    Raises:
        UsageError: an older grade made these results, without sketches of the answers.
    """
    results.refuse_old()
    return group_marks(list(read_marks(results.store, results.plan)))


def group_marks(everyone: Sequence[MarkedSubmission]) -> list[Group]:
    """The groups among these grades, those that lost most points first, then in the rubric's order."""
    grouping = _Grouping()
    for member in everyone:
        for function in filter(_is_unexplained, member.marks.functions):
            grouping.add((member, function))
    found = [
        Group(mark.name, tuple(member for member, _ in each), tuple(mark for _, mark in each))
        for each in grouping.groups
        for mark in [each[0][1]]
    ]
    order = [function.name for function in everyone[0].marks.functions] if everyone else []
    return sorted(found, key=lambda group: (-group.lost, -len(group.students), order.index(group.function)))


def _is_unexplained(function: FunctionMark) -> bool:
    wrong = any(check.sketch is not None for check in function.wrong)
    return wrong and not function.is_explained and function.verdict is not Verdict.MISSING


class _Grouping:
    """Groups in the making. A member may join two of them."""

    def __init__(self) -> None:
        self._members: list[Member] = []
        self._group: dict[int, list[int]] = {}  #: the numbers of its members, by each of them
        self._by_sign: dict[tuple[str, ...], int] = {}  #: the number of the first that has it
        self._by_form: dict[tuple[str, ...], list[tuple[int, FunctionMark]]] = {}  #: the first with each answer

    @property
    def groups(self) -> list[list[Member]]:
        """All of them, in the order of their first members."""
        groups = {id(group): group for group in self._group.values()}.values()
        return [[self._members[number] for number in sorted(group)] for group in groups]

    def add(self, new: Member) -> None:
        """Put a member to those that are wrong in the same way."""
        number = len(self._members)
        self._members.append(new)
        self._group[number] = [number]
        same_form = self._by_form.setdefault(_form(new[1]), [])
        alike = next((other for other, mark in same_form if _has_same_answers(mark, new[1])), None)
        if alike is None:
            same_form.append((number, new[1]))
        for other in (alike, *(self._by_sign.setdefault(sign, number) for sign in _signs(new[1]))):
            if other is not None:
                self._join(other, number)

    def _join(self, one: int, other: int) -> None:
        kept, added = self._group[one], self._group[other]
        if kept is not added:
            added, kept = sorted((kept, added), key=len)  # so that nobody is moved more often than groups double
            kept += added
            self._group |= dict.fromkeys(added, kept)


def _form(mark: FunctionMark) -> tuple[str, ...]:
    """All of the answers that isn't a number."""
    sketches = ((check.title, check.sketch.form if check.sketch else "") for check in mark.wrong)
    return mark.name, *(text for pair in sketches for text in pair)


def _has_same_answers(a: FunctionMark, b: FunctionMark) -> bool:
    """Of two with the same checks wrong."""
    return all(_is_alike(x.sketch, y.sketch) for x, y in zip_longest(a.wrong, b.wrong))


def _is_alike(a: AnswerDigest | None, b: AnswerDigest | None) -> bool:
    return (a is None and b is None) or is_same_answer(a, b)


def _signs(mark: FunctionMark) -> Iterator[tuple[str, ...]]:
    """What else makes two answers one slip: the change that mends them, and how they raise."""
    if mark.change is not None and mark.change.key:
        key = mark.change.key
        yield mark.name, "change", key, "" if says_something(key) else without_names(mark.change.diff)
    raised = [(check.details.raised, check.details.source) if check.details else (None, None) for check in mark.wrong]
    if raised and all(said is not None for said, _ in raised):
        said, source = raised[0]
        yield mark.name, "raised", without_shapes(said or ""), without_names(source or "")


def is_answered_by(group: Group, changed: ChangedReference) -> bool:
    """Whether a changed reference answers as any member of a group."""
    titles = [title for title, _ in changed.wrong]
    return any(
        [check.title for check in mark.wrong] == titles
        and all(_is_alike(check.sketch, sketch) for check, (_, sketch) in zip(mark.wrong, changed.wrong, strict=True))
        for mark in group.marks
    )


# -- what is shown -------------------------------------------------------------------------------------------------


def read_members_code(results: Results, shown: Iterable[Group]) -> dict[str, Code]:
    """The code of each group's first member, by content and function.

    Raises:
        UsageError: the store has no bytes of it.
        HarnessError: there is no sandbox to parse it in.
    """
    shown = list(shown)
    bundles = results.bundles(group.members[0].content for group in shown)
    found: dict[str, Code] = {}
    with open_stored_plan(results) as kit, Pool(1, kit) as pool:
        tasks = [ReadCode(g.members[0].content, bundles[g.members[0].content], g.function) for g in shown]
        for task, outcome in pool.each(tasks):
            stop_if_hopeless(outcome)
            if isinstance(outcome, Failed):
                raise HarnessError(outcome.text)
            found[_key(task.content, task.function)] = outcome.value
    return found


def _key(content: str, function: str) -> str:
    return f"{content} {function}"


def choose_code(group: Group, found: dict[str, Code]) -> Code:
    """The code of a group's first member."""
    return found[_key(group.members[0].content, group.function)]


def find_changed_references(results: Results, shown: Sequence[Group], watch: Watch) -> Mapping[int, ChangedReference]:
    """The change of the reference that gives a group's answers, where there is one, by the group's place in `shown`.

    Raises HarnessError where there is no sandbox.
    """
    tasks = [AskChangedReferences(name, tuple(_keys(shown, name))) for name in {g.function: None for g in shown}]
    if not tasks:
        return {}
    asked: dict[str, list[ChangedReference]] = {}
    with open_stored_plan(results) as kit, Pool(min(cores(), len(tasks)), kit) as pool:
        for task, outcome in watch.each("asking changed references", pool.each(tasks), len(tasks)):
            stop_if_hopeless(outcome)
            asked[task.function] = [] if isinstance(outcome, Failed) else outcome.value
    found = ((at, next((c for c in asked[g.function] if is_answered_by(g, c)), None)) for at, g in enumerate(shown))
    return {place: changed for place, changed in found if changed is not None}


def _keys(shown: Iterable[Group], function: str) -> Iterator[str]:
    marks = (mark for group in shown if group.function == function for mark in group.marks)
    return iter(dict.fromkeys(mark.change.key for mark in marks if mark.change is not None and mark.change.key))


def describe_group(
    number: int, group: Group, code: Code, changed: ChangedReference | None, has_names: bool
) -> Iterator[str]:
    """A group in a few lines: what is known of the cause, and one member's code. Nobody is named unless asked for."""
    count = "1 student" if len(group.students) == 1 else f"{len(group.students)} students"
    names = f" ({_name(group)})" if has_names else ""
    yield f"{number}. {group.function}: {count}{names}, {points(group.lost)} points lost"
    yield f"   wrong: {'; '.join(line(check.title) for check in group.mark.wrong)}"
    yield from _causes(group)
    if changed is not None:
        yield "   answers like the reference with this change:"
        yield textwrap.indent(block(changed.diff), "       ")
    yield f"   as {_whose(group, has_names)}:"
    yield textwrap.indent(block(_source(code, has_names)), "       ")


def _name(group: Group) -> str:
    students = ", ".join(line(student) for student in group.students[:_MOST_NAMED])
    left = len(group.students) - _MOST_NAMED
    return f"{students} and {left} more" if left > 0 else students


def _causes(group: Group) -> Iterator[str]:
    raised = next((c.details for c in group.mark.wrong if c.details is not None and c.details.raised), None)
    if raised is not None:
        at = f", in `{line(raised.source.strip())}`" if raised.source else ""
        yield f"   raised: {line(raised.raised or '')}{at}"
    seen = dict.fromkeys(mistake.name for mark in group.marks for mistake in mark.mistakes)
    yield from (f"   seen: {line(name)}" for name in seen)
    told = dict.fromkeys(tell_change(mark.change) for mark in group.marks if mark.change is not None)
    yield from (f"   right where {line(each)}" for each in list(told)[:_MOST_CHANGES])


def _whose(group: Group, has_names: bool) -> str:
    who = line(group.students[0]) if has_names else "one of them"
    return f"repaired for {who}" if group.members[0].is_repaired else f"{who} wrote it"


def _source(code: Code, has_names: bool) -> str:
    """Without empty lines; and, where nobody is named, without lines that are comments: people sign there."""
    if not code.modules:
        return "(no code)"
    lines = (each for each in code.modules[0].split("\n") if each.strip())
    return "\n".join(each for each in lines if has_names or not each.lstrip().startswith("#"))
