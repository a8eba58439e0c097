"""How functions that lost points come to their results: a report shows of a long one the lines that matter.

A child in which none of the code has run reads that from the source. Which of the lines are shown is for the report to
say (`report/excerpt.py`): it knows what its reader may know of what is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from msgspec.structs import replace

from grader.checks.finding import Details
from grader.checks.unchanged import CHANGED
from grader.extraction.flows.model import Flow, last_line
from grader.grading.grades import KEPT, FunctionGrade, Grade, StudentCode
from grader.verdict import Verdict

#: A function of fewer lines is shown whole, and nothing needs to be left out of it.
FEW_LINES = 7
#: In a class more lines are few: its pages show whole functions, and a child for each takes its time.
FEW_LINES_IN_A_CLASS = 16
#: So many functions are followed; a report tells no more of them in full.
_MOST_FUNCTIONS = 10

#: Tells the flows of functions, by their names.
Follow = Callable[[Sequence[str]], Mapping[str, Flow]]


def with_flows(grade: Grade, follow: Follow, few_lines: int = FEW_LINES) -> Grade:
    """The grade, with the flow of each function of which a report may show some lines alone.

    Args:
        few_lines: a function of fewer is followed only where something that was seen points to some of its lines.
    """
    lost = {function.name: function for function in grade.functions}
    wanted = [code.function for code in grade.code if code.text and _is_worth_it(code, lost[code.function], few_lines)]
    if not wanted:
        return grade
    flows = follow(wanted[:_MOST_FUNCTIONS])
    return replace(grade, code=tuple(_with_flow(code, flows.get(code.function)) for code in grade.code))


def _is_worth_it(code: StudentCode, function: FunctionGrade, few_lines: int) -> bool:
    """Whether there are lines to choose from: too many to show all, or some that what was seen points to.

    Where all that failed raised an exception, its line is told already.
    """
    failed = [check.verdict for check in function.checks if check.max_score and check.verdict is not Verdict.PASSED]
    if all(verdict is Verdict.ERROR for verdict in failed):
        return False
    is_told = bool(function.right_so_far) or any(mistake.name in (CHANGED, *KEPT) for mistake in function.mistakes)
    return is_told or code.text.count("\n") >= few_lines or any(map(_points_somewhere, _shown(function)))


def _shown(function: FunctionGrade) -> Iterator[Details]:
    """What students may see: whether lines are told must not hang on what a hidden check asked."""
    public = (check.details for check in function.checks if check.visibility == "public")
    yield from (details for details in public if details is not None)
    yield from (witness.details for witness in function.witnesses)


def _points_somewhere(details: Details) -> bool:
    """Whether some parts of a result are right, and others aren't, or an argument was changed."""
    return details.argument is not None or len({block.is_right for block in details.blocks}) > 1


def _with_flow(code: StudentCode, flow: Flow | None) -> StudentCode:
    """The source with its flow, where all lines of that are lines of it: the child told them."""
    if flow is None or last_line(flow) > code.text.count("\n"):
        return code
    return replace(code, flow=flow)
