"""OUT/decisions/requests.csv: what students asked about their grades, and what was decided. It stands on their reports.

Columns: student, function, question, answer, decision. `function` may be empty, where the whole grade is meant, and
`when` may be added, a day.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

from grader.classroom.tables.people import TableRow, read_table
from grader.errors import UsageError, did_you_mean
from grader.grading.grades import Decision

REQUESTS = Path("decisions") / "requests.csv"
REQUEST_COLUMNS = ("student", "function", "question", "answer", "decision")
UNANSWERED = "It is being looked at."


def read_requests(out: Path, students: Collection[str], functions: Collection[str]) -> dict[str, tuple[Decision, ...]]:
    """What was asked and decided, by student, in the order of the file.

    Raises:
        UsageError: the file can't be read, or names a student or function that isn't there; all such rows are listed.
    """
    rows = read_table(out / REQUESTS, REQUEST_COLUMNS)
    flaws = [flaw for row in rows for flaw in _flaws(row, students, functions)]
    if flaws:
        raise UsageError("\n".join(["rows that fit nobody:", *(f"  {flaw}" for flaw in flaws)]))
    found: dict[str, tuple[Decision, ...]] = {}
    for row in rows:
        student = row.cells["student"]
        found[student] = (*found.get(student, ()), Decision(row.cells.get("when", ""), _describe_request(row.cells)))
    return found


def _flaws(row: TableRow, students: Collection[str], functions: Collection[str]) -> Iterator[str]:
    cells = {name: row.cells.get(name, "") for name in REQUEST_COLUMNS}
    if cells["student"] not in students:
        yield row.flaw(
            f"nobody in this class has the id {cells['student']!r}{did_you_mean(cells['student'], students)}"
        )
    if cells["function"] and cells["function"] not in functions:
        yield row.flaw(f"no function is called {cells['function']!r}{did_you_mean(cells['function'], functions)}")
    if not cells["question"]:
        yield row.flaw("the question is empty")


def _describe_request(cells: dict[str, str]) -> str:
    about = f" about {cells['function']}" if cells["function"] else ""
    answer, decision = cells.get("answer", ""), cells.get("decision", "")
    said = [f"You asked{about}: {cells['question']}"]
    said += [f"Answer: {answer}"] if answer else []
    said += [f"Decision: {decision}"] if decision else []
    return " / ".join(said if answer or decision else [*said, UNANSWERED])
