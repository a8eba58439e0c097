"""Every attack ends as its own file says, in every mode that this host offers; and honest work passes in each."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from attacks import modes
from attacks.attempt import attempt, honest_outcome, leave_a_trace
from attacks.reading import HERE, Attack, attacks
from attacks.world import World

from grader.checks.finding import REASONS
from grader.checks.kinds import KINDS
from grader.sandbox.sandbox import Sandbox
from grader.worker.shared.steps import Returned

ATTACKS = {attack.name: attack for attack in attacks()}
#: What no other layer stops.
ONLY_NAMESPACES = {
    f"secrets/{name}" for name in ("access_a_secret", "name_of_the_host", "read_a_link", "stat_a_secret")
}
#: What nobody is called in a report: most of whom it speaks to have only made a mistake.
ACCUSING = re.compile(r"attack|cheat|hack|malicious|hostile|illegal|forbid|violat|suspicious|exploit|evil|fraud", re.I)


class Grounds(NamedTuple):
    """A jail, and what to attack from within."""

    box: Sandbox
    world: World


@pytest.fixture(scope="module")
def grounds() -> Iterator[Grounds]:
    with World() as world, Sandbox(secrets=[Path(world.told["secret"])]) as box:
        leave_a_trace(box, world)
        yield Grounds(box, world)


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=list(ATTACKS))
def test_the_attack_ends_as_it_says_and_leaves_everything_as_it_was(attack: Attack, grounds: Grounds) -> None:
    tried = attempt(grounds.box, attack, grounds.world)
    assert attack.may_end(tried.ending, grounds.box.isolation.level), f"due is {attack.ends}: {tried}"
    assert tried.damage == []
    assert not ACCUSING.search(tried.text)


def test_honest_work_passes(grounds: Grounds) -> None:
    outcome = honest_outcome(grounds.box, grounds.world)
    assert isinstance(outcome, Returned), outcome
    assert outcome.value is True, outcome.printed


@pytest.mark.parametrize("mode", list(modes.MODES)[1:])
def test_all_of_it_holds_in_another_mode(mode: str) -> None:
    """As somebody else, or without user namespaces: nothing ends otherwise, and honest work passes."""
    told = in_mode(mode)
    if told is None:  # this host can't arrange it, so it doesn't offer it to a grader either
        return
    assert told["level"] == modes.MODES[mode].level
    assert told["honest"].startswith("Returned(value=True")
    wrong = [
        (name, ending, damage)
        for name, ending, _, damage in told["tried"]
        if damage or not ATTACKS[name].may_end(ending, told["level"])
    ]
    assert wrong == []
    assert len(told["tried"]) == len(ATTACKS)
    got = {name for name, ending, _, _ in told["tried"] if ending == "gets it"}
    if told["level"] == "no-namespaces":  # what namespaces alone stop is there without them
        assert {name for name, each in ATTACKS.items() if not each.may_end("gets it", "full")} & got == ONLY_NAMESPACES


def in_mode(mode: str, *args: str) -> Any:
    """What `attempt.py` tells from there; None where the host doesn't offer the mode."""
    command = modes.command(mode, HERE / "attempt.py", *args)
    done = subprocess.run(command, env=modes.environment(), cwd="/", capture_output=True, text=True, check=False)
    if done.returncode == modes.NOT_OFFERED:
        return None
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_words_of_a_report_accuse_nobody() -> None:
    said = (REASONS, *(kind.reasons for kind in KINDS.values()))
    assert [words for reasons in said for words in reasons.values() if ACCUSING.search(words)] == []


def test_the_catalogue_is_large() -> None:
    assert len(ATTACKS) >= 250
    assert {name.partition("/")[0] for name in ATTACKS} == {
        *("secrets", "tampering", "network", "resources", "survival", "protocol")
    }
