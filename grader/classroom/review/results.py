"""Open the results of a class that has been graded."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

from grader.classroom.decisions.reading import ClassDecisions, read_decisions
from grader.classroom.intake.trees.folder import RESULTS
from grader.classroom.outputs.gradebook import GradebookRow, gradebook_rows
from grader.classroom.outputs.releases import rows_as_published
from grader.classroom.store.lock import lock
from grader.classroom.store.roster import load_roster
from grader.classroom.store.store import Store
from grader.classroom.workers import snapshot
from grader.classroom.workers.snapshot import AssignmentSnapshot
from grader.errors import UsageError
from grader.plan.assignment import load_rubric
from grader.rubric.model import Rubric


class Results:
    """The results of a class, by the plan of its last run."""

    def __init__(self, out: Path, store: Store, plan: str) -> None:
        self.out = out
        self.store = store
        self.plan = plan

    @cached_property
    def luggage(self) -> AssignmentSnapshot:
        """What the plan was made from.

        Raises:
            UsageError: an older grade made these results, and didn't keep it.
        """
        data = self.store.luggage(self.plan)
        if data is None:
            raise UsageError(
                f"{self.out}: an earlier version of grade made these results, and kept neither rubric nor reference; "
                "run the same `grade batch` command again, with --force if submissions are needed too"
            )
        return snapshot.from_bytes(data)

    @cached_property
    def rubric(self) -> Rubric:
        """The rubric as it was when the class was graded; the file may have changed since."""
        with tempfile.TemporaryDirectory(prefix="grade-") as folder:
            return load_rubric(self.luggage.unpack(Path(folder)).rubric)

    @property
    def parts(self) -> dict[str, str]:
        """All that the results depend on, versions too."""
        return self.store.parts(self.plan)

    def bundles(self, contents: Iterable[str]) -> dict[str, bytes]:
        """What was handed in, packed, by content.

        Raises:
            UsageError: an older grade made these results, and didn't keep it.
        """
        found = {content: self.store.bundle(content) for content in contents}
        if None in found.values():
            raise self._too_old()
        return {content: data for content, data in found.items() if data is not None}

    def refuse_old(self) -> None:
        """Raises UsageError where an older grade made any of these results, which knows less of each."""
        if self.store.lacks_bundles(self.plan):
            raise self._too_old()

    def _too_old(self) -> UsageError:
        return UsageError(
            f"{self.out}: an earlier version of grade made these results, and kept no bytes of submissions; "
            "run the same `grade batch` command again with --force"
        )

    @cached_property
    def decided(self) -> ClassDecisions:
        """What people decided. Raises UsageError where a file of theirs makes no sense."""
        return read_decisions(self.out, self.plan, self.store, self.rubric)

    def entries(self) -> list[GradebookRow]:
        """Everybody's row. Raises UsageError where a file of decisions makes no sense."""
        return gradebook_rows(self.store, self.plan, load_roster(self.store), self.decided)

    def shown(self) -> list[GradebookRow]:
        """Everybody's row under the score that was published, where one was; raises as `entries` does."""
        return rows_as_published(self.store, self.plan, self.entries(), len(self.rubric.items))


@contextmanager
def open_results(out: Path) -> Iterator[Results]:
    """Hold a class's results while this lasts.

    Raises:
        UsageError: there are none, or another run is at work on them.
    """
    if not (out / RESULTS).is_file():
        raise UsageError(f"{out}: no results of a class are here; make them with: grade batch FOLDER -o {out}")
    with lock(out), Store(out / RESULTS) as store:
        plan = store.setting("plan")
        if plan is None:
            raise UsageError(f"{out}: nothing was graded here yet; run: grade batch FOLDER -o {out}")
        yield Results(out, store, plan)
