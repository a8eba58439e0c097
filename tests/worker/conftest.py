"""A jail for a whole file of tests, and a child in it for each."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from grader.limits import Limits
from grader.sandbox.sandbox import JailedChild, Sandbox


@pytest.fixture(scope="module")
def jail() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def child(jail: Sandbox) -> Iterator[JailedChild]:
    with jail.open(Limits()) as child:
        yield child
