"""What became of what was handed in, in one run: counts that add up."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from grader.classroom.outputs.gradebook import NOT_GRADED, GradebookRow
from grader.classroom.store.store import SubmissionRow


class RunCounts(msgspec.Struct, frozen=True):
    """How many submissions came to what."""

    handed_in: int = 0
    graded: int = 0  #: in this run, and it could be read
    twins: int = 0  #: the same files as one of this run
    unread: int = 0  #: a person has to decide
    kept: int = 0  #: settled before, and the same since
    empty: int = 0  #: nothing was in it

    @property
    def failed(self) -> int:
        """Without a grade through our fault: all others."""
        return self.handed_in - self.graded - self.twins - self.unread - self.kept - self.empty

    def told(self) -> str:
        """In a line."""
        counts = (
            (self.twins, "more by the same files"),
            (self.unread, "can't be read"),
            (self.failed, "not graded"),
            (self.empty, "empty"),
            (self.kept, "as before"),
        )
        rest = "".join(f", {count:,} {what}" for count, what in counts if count)
        return f"{self.handed_in:,} handed in, {self.graded:,} graded in this run{rest}"


def count_run(
    new: Sequence[tuple[str | None, str]], rows: Iterable[SubmissionRow], entries: Iterable[GradebookRow]
) -> RunCounts:
    """The counts of a run.

    Args:
        new: what was to be graded in it: the content, and the id of who handed it in.
        rows: all that was handed in, as the run left it.
        entries: the gradebook of the class.
    """
    by_id = {each.student.id: each for each in entries}
    first = {content: by_id[student] for content, student in reversed(new) if student in by_id}
    unread = sum(each.is_unreadable for each in first.values())
    failed = sum(each.status == NOT_GRADED for each in first.values())
    handed_in = with_content = empty = 0
    for row in rows:
        handed_in += 1
        with_content += row.content is not None
        empty += row.is_empty
    return RunCounts(
        handed_in=handed_in,
        graded=len(first) - unread - failed,
        twins=len(new) - len(first),
        unread=unread,
        kept=with_content - len(new),
        empty=empty,
    )
