"""One jail for many gradings: starting one takes as long as grading two submissions."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

import pytest

from grader.sandbox.sandbox import Sandbox

#: Whoever grades in this process and starts a sandbox for it.
BORROWERS = ("grader.pipeline", "grader.authoring.verify", "grader.authoring.audit", "grader.authoring.updating")


class Lent:
    """A sandbox that stays open for the next one. Where other packages are granted, a new one takes its place."""

    def __init__(self, box: Sandbox) -> None:
        self._box, self._own = box, False
        self._secrets = box._secrets

    def __getattr__(self, name: str) -> Any:
        return getattr(self._box, name)

    def grant(self, packages: Sequence[str]) -> None:
        """Let submissions import these packages too, and no submission of somebody else."""
        if not self._own and not {"numpy", *self._box.packages} >= set(packages):
            self._box, self._own = Sandbox(packages=tuple(packages)), True

    def close(self) -> None:
        """Whoever lent it closes it; what the next one may not read is his affair."""
        if self._own:
            self._box.close()
        elif self._box._secrets != self._secrets:
            self._box._secrets = self._secrets
            self._box._process.hide(self._secrets)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def lend(patch: pytest.MonkeyPatch, box: Sandbox) -> None:
    """Let `grade`, `grade verify` and `grade audit` in this process use this jail."""

    def sandbox(mode: str = "jail", packages: Sequence[str] = ("numpy",), secrets: Sequence[Path] = ()) -> Any:
        return Sandbox(mode, packages, secrets) if mode != "jail" or secrets else Lent(box)

    for module in BORROWERS:
        patch.setattr(f"{module}.Sandbox", sandbox)
