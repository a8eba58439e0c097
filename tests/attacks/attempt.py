"""Run attacks through the grader's own door, and say how each ended. As a script: all of them, as JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from attacks.reading import HERE, Attack, attacks, ending_of
from attacks.world import World
from boots import without_layer, write_boot

from grader.limits import Limits
from grader.sandbox import launch as starting
from grader.sandbox.sandbox import Program, Sandbox
from grader.worker.shared.steps import Call, Ended, Outcome, Returned

LIMITS = Limits(
    call_seconds=0.2, submission_seconds=1.5, memory_bytes=256 << 20, output_bytes=1000, result_bytes=8 << 20
)


class Attempt(NamedTuple):
    """What came of an attack."""

    name: str
    ending: str
    text: str  #: what would be said of it
    damage: list[str]


def attempt(box: Sandbox, attack: Attack, world: World) -> Attempt:
    """Run one attack in a child of its own."""
    outcome = run(box, attack.modules, world)
    return Attempt(attack.name, ending_of(outcome), getattr(outcome, "text", ""), world.damage())


def run(box: Sandbox, modules: dict[str, str], world: World, limits: Limits = LIMITS) -> Outcome:
    """What comes of `f(world)`, or of what ends the process at any time."""
    names = ("f", "g") if "\ndef g(" in modules["hw"] else ("f",)
    with box.open(limits) as child:
        loaded = child.load(Program(modules, {name: ("hw", name) for name in names}, ("numpy",)))
        if loaded.ended is not None:
            return loaded.ended
        if loaded.faults:
            raise AssertionError(f"an attack that can't be loaded proves nothing: {loaded.faults}")
        (outcome,) = child.run([Call("f", (world.told,))])
        if isinstance(outcome, Returned):  # what it wrote by the way is found out at the next question
            later = child.run([Call(names[-1], (world.told,))])
            ended = [each for each in later if isinstance(each, Ended)]
            outcome = child.ended or (ended[0] if ended else outcome)
        return outcome


def leave_a_trace(box: Sandbox, world: World) -> None:
    """The submission that was graded before."""
    trace = f"text = {world.told['earlier'] + 'was here'!r}\ndef f(world): return text"
    assert run(box, {"hw": trace}, world) == Returned(world.told["earlier"] + "was here")


def honest_outcome(box: Sandbox, world: World) -> Outcome:
    """What comes of honest work, under a rubric's usual limits."""
    return run(box, {"hw": (HERE / "beside" / "honest.py").read_text(encoding="utf-8")}, world, Limits())


def attempt_all(chosen: Iterable[Attack]) -> dict[str, object]:
    """The level, how honest work ended, and how each attack did."""
    with World() as world, Sandbox(secrets=[Path(world.told["secret"])]) as box:
        leave_a_trace(box, world)
        tried = [attempt(box, attack, world) for attack in chosen]
        honest = honest_outcome(box, world)
        return {"level": box.isolation.level, "honest": str(honest), "tried": tried}


def main(without: str = "") -> None:
    chosen = attacks()
    with TemporaryDirectory() as folder:
        if without:
            starting.BOOT = write_boot(without_layer(without), Path(folder))
            chosen = [attack for attack in chosen if not attack.is_slow]
        print(json.dumps(attempt_all(chosen)))


if __name__ == "__main__":
    main(*sys.argv[1:])
