"""What came of a batch."""

from __future__ import annotations

from fractions import Fraction

import msgspec

from grader.classroom.decisions.lateness import UNKNOWN
from grader.classroom.outputs.gradebook import ABSENT, AWAITING, NOT_GRADED, WRONG_FILE, GradebookRow
from grader.classroom.outputs.run_counts import RunCounts
from grader.classroom.review.causes import ClassCause
from grader.classroom.review.compare import Comparison
from grader.classroom.review.suspects import Suspect


class Drift(msgspec.Struct, frozen=True):
    """What other versions than those that OUT was graded with would change."""

    versions: str  #: "numpy 2.1.0, now 2.2.0"
    comparison: Comparison


class Summary(msgspec.Struct, frozen=True):
    """What came of it."""

    entries: list[GradebookRow]
    handed_in: int
    graded: int  #: in this run
    most: Fraction  #: points
    suspects: tuple[Suspect, ...] = ()  #: checks that may be the rubric's fault
    conflicts: tuple[str, ...] = ()  #: rows of graders that disagree
    wrong_rows: tuple[str, ...] = ()  #: rows of graders that make no sense, and don't count
    agreement: str = ""  #: of graders, where some work was marked twice
    strangers: tuple[str, ...] = ()  #: ids in extensions or times that nobody here has
    odd_fixes: tuple[str, ...] = ()  #: entries among the repaired copies that are nobody's
    causes: tuple[ClassCause, ...] = ()  #: what cost several students points, the largest first
    shown: tuple[GradebookRow, ...] = ()  #: the entries under the scores that were published
    drift: Drift | None = None  #: where versions changed, and nobody was graded again for it
    counts: RunCounts = RunCounts()  #: what became of what was handed in

    @property
    def unknown_times(self) -> int:
        """How many handed in at a time that nobody knows, where the rubric asks for it."""
        return sum(entry.lateness in UNKNOWN for entry in self.entries)

    @property
    def not_graded(self) -> list[GradebookRow]:
        """Whoever has no grade through our fault."""
        return [entry for entry in self.entries if entry.status == NOT_GRADED]

    @property
    def awaiting(self) -> int:
        """How many wait for a person's points."""
        return sum(entry.status == AWAITING and not entry.is_unreadable for entry in self.entries)

    @property
    def unreadable(self) -> list[GradebookRow]:
        """Whose work can't be read, so that a person has to decide."""
        return [entry for entry in self.entries if entry.is_unreadable]

    @property
    def strange(self) -> list[GradebookRow]:
        """Whose work holds nothing of what is asked for: perhaps the wrong file."""
        return [entry for entry in self.entries if entry.reason == WRONG_FILE]

    @property
    def absent(self) -> list[GradebookRow]:
        """Who handed in nothing, as far as anybody knows of them."""
        return [entry for entry in self.entries if entry.status == ABSENT]

    @property
    def mean(self) -> float | None:
        """The mean score of whoever has one, in points."""
        scores = [entry.score for entry in self.shown if entry.score is not None]
        return float(sum(scores) / len(scores)) if scores else None
