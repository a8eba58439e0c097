"""How much of a class's time is the grader's own: `python tests/benchmarks/class_speed.py [--count N] [--large]`.

In one run, on one machine, alternately:

- a bare loop: for each submission it forks, executes the same source and makes the same calls. No sandbox, no
  checking, no report; the least that any autograder can do;
- `grade batch` on the same submissions, with the jail and all reports.

Both are counted in processor time, of all processes together, so that a busy machine distorts little. The ratio of the
two is the figure to watch. `--large` adds 1,000 submissions by the wall clock, a second run with nothing changed, and
the memory of the process that holds the store at 100 and at 10,000 submissions.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Sequence
from contextlib import redirect_stdout, suppress
from itertools import cycle, islice
from pathlib import Path
from typing import NamedTuple

import numpy as np

TESTS = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(TESTS), str(TESTS.parent)]

from planted.assemble import source, variants  # noqa: E402 - found through the path above

from grader.plan.assignment import load_assignment  # noqa: E402
from grader.plan.plan import all_questions, make_plan  # noqa: E402
from grader.worker.shared.interpreter import StepRunner  # noqa: E402
from grader.worker.shared.steps import Step  # noqa: E402

ASSIGNMENT = "assignment1"
SEED = 1
#: What the whole command costs before and after the class: a class of one for each process tells.
FEW = len(os.sched_getaffinity(0))


class Cost(NamedTuple):
    """What a run took."""

    wall: float  # seconds
    cpu: float  # seconds of processor time, of all processes
    memory: float  # MiB, of the process that holds the store


def submissions(folder: Path, count: int, wrong: bool) -> list[str]:
    """So many different submissions: planted right ones, and wrong ones among them."""
    pool = [source(each) for each in variants("right")]
    pool += [source(each) for each in variants("wrong")][: len(pool)] if wrong else []
    random.Random(SEED).shuffle(pool)
    texts = [f"{text}\n# {number}\n" for number, text in enumerate(islice(cycle(pool), count))]
    folder.mkdir()
    for number, text in enumerate(texts):
        (folder / f"s{number:05}.py").write_text(text)
    return texts


# -- the bare loop -------------------------------------------------------------------------------------------------


def scored_steps() -> list[tuple[Step, ...]]:
    """All calls that a right submission gets for its points."""
    plan = make_plan(load_assignment(ASSIGNMENT), SEED)
    return [question.steps for question in all_questions(plan) if question.check.points > 0]


def bare(texts: Sequence[str], messages: Sequence[tuple[Step, ...]]) -> Cost:
    """Fork, execute and call, for each submission in turn."""
    before, started = used(), time.perf_counter()
    for text in texts:
        pid = os.fork()
        if pid == 0:
            with suppress(BaseException):
                call_all(text, messages)
            os._exit(0)
        os.waitpid(pid, 0)
    return Cost(time.perf_counter() - started, used() - before, 0.0)


def call_all(text: str, messages: Sequence[tuple[Step, ...]]) -> None:
    namespace: dict[str, object] = {"__name__": "submission"}
    with Path(os.devnull).open("w") as nowhere, redirect_stdout(nowhere):
        exec(compile(text, "submission.py", "exec"), namespace)
        for steps in messages:
            bench = StepRunner(namespace.__getitem__)  # type: ignore[arg-type]
            for step in steps:
                with suppress(Exception):
                    bench.perform(step)


def used() -> float:
    """Processor seconds of this process and of those that it has waited for."""
    mine, theirs = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return mine.ru_utime + mine.ru_stime + theirs.ru_utime + theirs.ru_stime


# -- the class -----------------------------------------------------------------------------------------------------

_COMMAND = """
import resource, sys
from grader.cli import main
try:
    main(sys.argv[1:], prog_name="grade")
finally:
    print("peak", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def batch(folder: Path, out: Path, *options: str) -> Cost:
    """`grade batch` from its start to its end."""
    call = [sys.executable, "-c", _COMMAND, "batch", str(folder), "-o", str(out), "--quiet", "--seed", str(SEED)]
    before, started = used(), time.perf_counter()
    done = subprocess.run([*call, *options], capture_output=True, text=True, check=False)
    wall = time.perf_counter() - started
    if done.returncode:
        raise SystemExit(done.stderr or done.stdout)
    return Cost(wall, used() - before, int(done.stdout.rpartition("peak")[2]) / 1024)


# -- what is printed -----------------------------------------------------------------------------------------------


def ratio(top: Path, count: int, rounds: int, wrong: bool) -> None:
    """Both, in turns, per submission."""
    kind = "right and wrong" if wrong else "right"
    texts = submissions(top / f"{kind}", count, wrong)
    submissions(top / f"{kind}, few", FEW, wrong)
    messages = scored_steps()
    bares, ours = [], []
    for number in range(rounds):
        bares.append(bare(texts, messages).cpu / count)
        start = batch(top / f"{kind}, few", top / f"{kind} few {number}").cpu
        whole = batch(top / kind, top / f"{kind} out {number}").cpu
        ours.append((whole - start) / (count - FEW))
    low, high = min(bares), min(ours)
    print(
        f"{kind:16}{count:6} submissions: bare loop {1000 * low:6.1f} ms, grade batch {1000 * high:6.1f} ms of "
        f"processor time each; ratio {high / low:.2f}",
        flush=True,
    )


def large(top: Path) -> None:
    """What an instructor feels."""
    submissions(top / "1000", 1000, wrong=False)
    first = batch(top / "1000", top / "out 1000")
    again = batch(top / "1000", top / "out 1000")
    print(f"1,000 submissions: {first.wall:.1f} s by the clock; again with nothing changed: {again.wall:.2f} s")
    tops = []
    for count in (100, 10_000):
        folder = top / f"memory {count}"
        folder.mkdir()
        for number in range(count):  # everyone hands in the same, so that reading and reporting are what counts
            (folder / f"name_{number}_{number}_hw1.py").write_text("def softmax(x):\n    return x\n")
        tops.append(batch(folder, top / f"out {folder.name}"))
    print(f"the process that holds the store: {tops[0].memory:.0f} MiB at 100, {tops[1].memory:.0f} MiB at 10,000")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--large", action="store_true")
    asked = parser.parse_args()
    warnings.simplefilter("ignore")
    np.seterr(all="ignore")
    os.environ.update(dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1"))
    with tempfile.TemporaryDirectory() as folder:
        for wrong in (False, True):
            ratio(Path(folder), asked.count, asked.rounds, wrong)
        if asked.large:
            large(Path(folder))


if __name__ == "__main__":
    main()
