"""Draw hostile things and hand them in, until the time is over: `python tests/attacks/fuzz.py --seconds 60 --seed N`.

Each case goes through one of the doors of `fuzzing/doors.py`, in a process with limits. A fault of ours is another
exception than the documented ones, more processor time or memory than its door allows, or an end of that process. What
is found is kept in `tests/attacks/found/`, where a test hands it in again; the exit code is then 1. The same seed draws
the same cases.
"""

from __future__ import annotations

import argparse
import gc
import mmap
import os
import resource
import secrets
import signal
import struct
import sys
import time
import traceback
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import NamedTuple, NoReturn

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from attacks.fuzzing.case import FOUND, Case, keep
from attacks.fuzzing.doors import DOORS, Door

MIB = 1 << 20
_ADDRESSES = 1 << 30  # as a submission has, by default
_BROKEN = 70  # an exit status: the fuzzer's own fault
_STACK_BYTES = 64 << 20
_PATIENCE = 300  # seconds by the clock, for a case on a busy machine
_ENOUGH = 10  # faults of one door, after which it is left alone
#: What the process that tries tells the one that watches: cases begun and ended, processor seconds of all and of the
#: slowest, MiB at most, faults.
_TOLD = struct.Struct("<QQddQQ")


class Tally(NamedTuple):
    """What came of one door."""

    begun: int = 0
    ended: int = 0
    cpu: float = 0.0
    slowest: float = 0.0
    most: int = 0
    faults: int = 0


class Order(NamedTuple):
    """What is to be tried at one door."""

    kind: str
    seed: int
    cases: int
    until: float  #: of the clock
    folder: Path


def drawn(kind: str, seed: int, number: int) -> Case:
    """The case of this number: always the same."""
    return Case(kind, DOORS[kind].draw(Random(f"{seed}/{kind}/{number}")))


def fault_of(case: Case) -> str:
    """What of it is our fault; empty where nothing is. To be called in a process that may end over it."""
    door = DOORS[case.kind]
    before, started = _peak(), time.process_time()
    try:
        door.enter(case.parts)
    except Exception as problem:  # noqa: BLE001 - all that isn't documented is a fault
        return _told(problem)
    took = time.process_time() - started
    allowed = _allowed(door, case)
    if took > allowed:
        return f"slow: {took:.2f} s of processor time, where {allowed:.2f} are allowed"
    grown = _peak() - before
    return f"large: {grown} MiB, where {door.mebibytes} are allowed" if grown > door.mebibytes else ""


def _allowed(door: Door, case: Case) -> float:
    return door.seconds + door.letter_seconds * case.size


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10


def _told(problem: Exception) -> str:
    frames = traceback.extract_tb(problem.__traceback__)
    place = next((each for each in reversed(frames) if "/grader/" in each.filename), frames[-1])
    return f"{type(problem).__name__} at {Path(place.filename).name}:{place.lineno}: {problem}"[:1000]


# --- the process that tries ---


def _try_all(order: Order, first: int, shared: mmap.mmap) -> NoReturn:
    _limit()
    known: set[str] = set()
    tally = Tally(*_TOLD.unpack_from(shared))
    number = first
    while number < order.cases and time.monotonic() < order.until and tally.faults < _ENOUGH:
        case = drawn(order.kind, order.seed, number)
        number += 1
        _TOLD.pack_into(shared, 0, *tally._replace(begun=number))
        signal.setitimer(signal.ITIMER_PROF, 2 * _allowed(DOORS[case.kind], case) + 1)  # ends this process,
        signal.setitimer(signal.ITIMER_REAL, _PATIENCE)  # and so does waiting for ever
        started = time.process_time()
        why = fault_of(case)
        took = time.process_time() - started
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.setitimer(signal.ITIMER_REAL, 0)
        tally = Tally(number, tally.ended + 1, tally.cpu + took, max(tally.slowest, took), max(tally.most, _peak()),
                      tally.faults + _kept(case, why, known, order.folder))  # fmt: skip
        _TOLD.pack_into(shared, 0, *tally)
        if why.startswith("large"):  # the peak of this process says nothing more
            os._exit(1)
    os._exit(0)


def _kept(case: Case, why: str, known: set[str], folder: Path) -> bool:
    """Keep a fault, if there is one and it isn't known."""
    what = why.partition(":")[0]
    if not why or (what in known and what not in ("slow", "large")):
        return False
    known.add(what)
    print(f"  {why}\n  {keep(case, why, folder)}", flush=True)
    return True


def _limit() -> None:
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    most = pages * resource.getpagesize() + _ADDRESSES
    resource.setrlimit(resource.RLIMIT_AS, (most, resource.getrlimit(resource.RLIMIT_AS)[1]))
    hard = resource.getrlimit(resource.RLIMIT_STACK)[1]
    resource.setrlimit(resource.RLIMIT_STACK, (_STACK_BYTES if hard < 0 else min(_STACK_BYTES, hard), hard))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    warnings.simplefilter("ignore")  # as in the child
    gc.freeze()


# --- the process that watches ---


def try_door(order: Order) -> Tally:
    """Try cases at one door, in as many processes as that takes."""
    with mmap.mmap(-1, mmap.PAGESIZE) as shared:
        _TOLD.pack_into(shared, 0, *Tally())
        while True:
            status = _in_a_process(lambda: _try_all(order, Tally(*_TOLD.unpack_from(shared)).begun, shared))
            tally = Tally(*_TOLD.unpack_from(shared))
            if status < 0:
                tally = _record_end(order, tally, status)
                _TOLD.pack_into(shared, 0, *tally)
            if status == 0 or tally.faults >= _ENOUGH:
                return tally


def _in_a_process(work: Callable[[], NoReturn]) -> int:
    sys.stdout.flush()
    pid = os.fork()
    if pid == 0:
        try:
            work()
        finally:
            traceback.print_exc()
            os._exit(_BROKEN)
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    if status == _BROKEN:
        raise RuntimeError("the fuzzer itself failed")
    return status


def _record_end(order: Order, tally: Tally, status: int) -> Tally:
    """Keep the case over which a process ended."""
    case = drawn(order.kind, order.seed, tally.begun - 1)
    name = signal.Signals(-status).name
    hangs = {"SIGPROF": "more processor time than is allowed", "SIGALRM": f"more than {_PATIENCE} s by the clock"}
    why = f"hang: {hangs[name]}" if name in hangs else f"end of the process by {name}"
    print(f"  {why}\n  {keep(case, why, order.folder)}", flush=True)
    return tally._replace(ended=tally.ended + 1, faults=tally.faults + 1)


def try_all(kinds: list[str], seed: int, seconds: float, cases: int, folder: Path) -> Iterator[tuple[str, Tally]]:
    """Try every door for its share of the time, or until it had so many cases."""
    shares = sum(DOORS[kind].share for kind in kinds)
    for kind in kinds:
        until = time.monotonic() + seconds * DOORS[kind].share / shares
        yield kind, try_door(Order(kind, seed, cases, until, folder))


def main(words: list[str] | None = None) -> int:
    """What the command line asks for. The exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0, help="of the clock, for all doors together")
    parser.add_argument("--seed", type=int, default=None, help="the same seed draws the same cases")
    parser.add_argument("--cases", type=int, default=1 << 62, help="at each door, at most")
    parser.add_argument("--only", nargs="+", choices=list(DOORS), default=list(DOORS), help="doors")
    parser.add_argument("--keep", type=Path, default=FOUND, help="the folder for what is found")
    asked = parser.parse_args(words)
    seed = secrets.randbits(32) if asked.seed is None else asked.seed
    print(f"seed {seed}", flush=True)
    faults = 0
    print(f"{'door':>10} {'cases':>9} {'processor':>11} {'slowest':>9} {'peak':>9} {'faults':>7}")
    for kind, tally in try_all(asked.only, seed, asked.seconds, asked.cases, asked.keep):
        faults += tally.faults
        numbers = f"{tally.ended:9,} {tally.cpu:9.1f} s {tally.slowest:7.2f} s {tally.most:5} MiB {tally.faults:7}"
        print(f"{kind:>10} {numbers}", flush=True)
    return min(faults, 1)


if __name__ == "__main__":
    sys.exit(main())
