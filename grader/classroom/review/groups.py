"""Wrong answers that no known mistake explains, grouped by value: the same slip in many heads, or the rubric's own."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction

import msgspec

from grader.classroom.review.regrading import open_stored_plan
from grader.classroom.review.results import Results
from grader.classroom.store.marks import FunctionMark, MarkedSubmission, read_marks
from grader.classroom.workers.grader import Code
from grader.classroom.workers.pool import Pool, stop_if_hopeless
from grader.classroom.workers.process import Failed
from grader.classroom.workers.tasks import ReadCode
from grader.errors import HarnessError
from grader.feedback.answer_digests import is_same_answer
from grader.grading.grades import AnswerDigest
from grader.report.sanitize import block, line
from grader.report.wording import describe_change, points
from grader.verdict import Verdict

_MOST_NAMED = 5


class Group(msgspec.Struct, frozen=True):
    """Submissions that got the same checks of a function wrong, with the same answers."""

    function: str
    members: tuple[MarkedSubmission, ...]
    mark: FunctionMark  #: of the first member

    @property
    def students(self) -> tuple[str, ...]:
        """All of them, by id."""
        return tuple(student for member in self.members for student in member.students)

    @property
    def lost(self) -> Fraction:
        """Points that the first member lost."""
        return sum((check.max_score for check in self.mark.checks), Fraction(0)) - (self.mark.score or Fraction(0))


def group_answers(results: Results) -> list[Group]:
    """The groups of a class, the largest first.

    Raises:
        UsageError: an older grade made these results, without sketches of the answers.
    """
    results.refuse_old()
    return group_marks(list(read_marks(results.store, results.plan)))


def group_marks(everyone: Sequence[MarkedSubmission]) -> list[Group]:
    """The groups among these grades, the largest first, then in the rubric's order."""
    found: list[list[tuple[MarkedSubmission, FunctionMark]]] = []
    for member in everyone:
        for function in filter(_is_unexplained, member.marks.functions):
            same = next((group for group in found if _is_same(group[0][1], function)), None)
            if same is None:
                found.append([(member, function)])
            else:
                same.append((member, function))
    grouped = [Group(each[0][1].name, tuple(member for member, _ in each), each[0][1]) for each in found]
    order = [function.name for function in everyone[0].marks.functions] if everyone else []
    return sorted(grouped, key=lambda group: (-len(group.students), order.index(group.function)))


def _is_unexplained(function: FunctionMark) -> bool:
    wrong = any(check.sketch is not None for check in function.wrong)
    return wrong and not function.is_explained and function.verdict is not Verdict.MISSING


def _is_same(a: FunctionMark, b: FunctionMark) -> bool:
    if a.name == b.name and a.change is not None and b.change is not None and a.change.key:
        return a.change.key == b.change.key
    if a.name != b.name or [check.title for check in a.wrong] != [check.title for check in b.wrong]:
        return False
    return all(_alike(x.sketch, y.sketch) for x, y in zip(a.wrong, b.wrong, strict=True))


def _alike(a: AnswerDigest | None, b: AnswerDigest | None) -> bool:
    return (a is None and b is None) or is_same_answer(a, b)


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


def describe_group(number: int, group: Group, code: Code) -> Iterator[str]:
    """A group in a few lines, with one member's code."""
    students = [line(student) for student in group.students[:_MOST_NAMED]]
    more = f" and {len(group.students) - _MOST_NAMED} more" if len(group.students) > _MOST_NAMED else ""
    count = "1 student" if len(group.students) == 1 else f"{len(group.students)} students"
    yield f"{number}. {group.function}: {count} ({', '.join(students)}{more}), {points(group.lost)} points lost"
    yield f"   wrong: {'; '.join(line(check.title) for check in group.mark.wrong)}"
    yield from (f"   seen: {mistake.name}" for mistake in group.mark.mistakes)
    if group.mark.change is not None:
        yield f"   {line(describe_change(group.mark.change))}"
    text = "\n".join(each for each in code.modules[0].split("\n") if each.strip()) if code.modules else "(no code)"
    whose = f"repaired for {students[0]}" if group.members[0].is_repaired else f"{students[0]} wrote it"
    yield f"   as {whose}:"
    yield textwrap.indent(block(text), "       ")
