"""Suspect checks that somebody has looked at and found right: kept for a plan, so that a changed rubric asks again."""

from __future__ import annotations

from collections.abc import Iterable

from grader.classroom.store.database import Database


class AcknowledgedTable:
    """Checks by function and title."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, plan: str) -> list[tuple[str, str]]:
        """The function and title of each, for one plan."""
        rows = self._database.ask("SELECT function, title FROM acknowledged WHERE plan = ?", plan)
        return [(function, title) for function, title in rows]

    def keep(self, plan: str, checks: Iterable[tuple[str, str]]) -> None:
        """Keep that these were looked at."""
        statement = "INSERT OR IGNORE INTO acknowledged VALUES (?, ?, ?)"
        self._database.change(*((statement, (plan, function, title)) for function, title in checks))
