"""What one hostile student costs a class, at the default limits: `python tools/hostile_cost.py`.

Every attack of the repository is graded as a worker of a class grades it, in a process of its own: once, and once more
where the first run ended at a limit. What the catalogue's attacks do in one function, each of the default assignment's
functions does here. Printed are, for each, processor and wall seconds of the worker with all that it started, without
its own start, and the peak memory of the trusted process; the worst of each come last. It takes up to an hour: --only
takes some by their names, and --patience ends one that takes longer, which the table then says.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import resource
import select
import signal
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from operator import itemgetter
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from attacks.fuzzing.case import FOUND, read
from attacks.reading import HERE, attacks
from attacks.world import World
from extraction.test_linear import FILES, PATTERNS

from grader.classroom.intake.bundle import Bundle
from grader.classroom.store.fingerprint import fingerprint_parts, make_fingerprint
from grader.classroom.workers.grader import ProcessGrader
from grader.classroom.workers.job import GradingJob
from grader.plan.assignment import load_assignment
from grader.upload import read_submission

#: What no student may cost: processor seconds, seconds, MiB.
GOAL = (15.0, 60.0, 1536.0)
#: Each attack of the catalogue is called in place of each of these.
FUNCTIONS = [each.name for each in load_assignment("assignment1").rubric.functions]
LARGE = 2_000  # how often a pattern of source is repeated

#: What was found by hand, beside the catalogue: by name, the source.
BY_HAND = {
    "an endless loop": "def {each}(*a):\n    while True: pass\n",
    "sleep": "import time\ndef {each}(*a): time.sleep(1000)\n",
    "sleep while loading": "import time\nx = time.sleep(1000)\ndef {each}(*a): return x\n",
    "a call just below its limit": "import time\ndef {each}(*a):\n    end = time.process_time() + 1.9\n"
    "    while time.process_time() < end: pass\n",
    "a short sleep": "import time\ndef {each}(*a): time.sleep(0.9)\n",
    "many values": "import numpy as np\nV = [np.ones(1)] * 9000\ndef {each}(*a): return V\n",
    "64 MB": "import numpy as np\nV = np.ones(8 << 20)\ndef {each}(*a): return V[:len(V) - 1000]\n",
    "texts": "V = ['x' * 6000] * 9000\ndef {each}(*a): return V\n",
    "deep dictionaries": "V = {{str(i): [i] * 8 for i in range(900)}}\ndef {each}(*a): return V\n",
    "all memory": "import numpy as np\ndef {each}(*a): return np.ones(1 << 40)\n",
    "much that is printed": "def {each}(*a):\n    print('x' * 60_000)\n",
    "exceptions with long texts": "def {each}(*a): raise ValueError('x' * 5000)\n",
    "new wrong values each time": "import numpy as np\ndef {each}(*a): return np.random.rand(1000, 100)\n",
}


class Cost(NamedTuple):
    """What grading one submission took."""

    name: str
    cpu: float
    wall: float
    mebibytes: float
    ended: str  #: its verdicts, or that this script ended it


def submissions(world: Mapping[str, object]) -> Iterator[tuple[str, Bundle]]:
    """Every attack, as what somebody hands in."""
    for path in sorted((HERE / "forgery").iterdir()):
        if not path.name.startswith(("_", ".")):
            yield f"forgery/{path.stem}", Bundle(tuple(map(tuple, read_submission(path).files)), ())  # type: ignore[arg-type]
    for name, pattern in {**PATTERNS, **FILES}.items():
        files = pattern(LARGE if name in PATTERNS else 100)
        yield f"text: {name}", _bundle({key: _graded(data) for key, data in files.items() if key != "wanted"})
    for name, source in BY_HAND.items():
        yield f"by hand: {name}", _bundle({"hw.py": "\n".join(source.format(each=each) for each in FUNCTIONS)})
    for path in sorted(FOUND.glob("*.json")):
        yield f"found: {path.stem}", Bundle(read(path).parts, ())

    for attack in attacks():
        call = f"\n_WORLD = {dict(world)!r}\n" + "".join(f"def {each}(*a): return f(_WORLD)\n" for each in FUNCTIONS)
        files = {f"{name}.py": text + (call if name == "hw" else "") for name, text in attack.modules.items()}
        yield attack.name, _bundle(files)


def _graded(data: str | bytes) -> str | bytes:
    """The same about a function that is graded."""
    return data if isinstance(data, bytes) else re.sub(r"\b(f|function)\b", "softmax", data)


def _bundle(files: Mapping[str, str | bytes]) -> Bundle:
    found = ((name, data if isinstance(data, bytes) else data.encode()) for name, data in files.items())
    return Bundle(tuple(found), ())


def _worker() -> ProcessGrader:
    """One whose plan is made; every process starts a jail of its own."""
    assignment = load_assignment("assignment1")
    fingerprint = make_fingerprint(fingerprint_parts(assignment, 7, "jail"))
    worker = ProcessGrader(GradingJob("assignment1", 7, "jail", fingerprint))
    worker.prepare()
    worker.close()
    return worker


def measure(name: str, bundle: Bundle, worker: ProcessGrader, patience: float) -> Cost:
    """Grade it in a process of its own, as a worker does."""
    reading, writing = os.pipe()
    started = time.monotonic()
    pid = os.fork()
    if pid == 0:
        os.setpgid(0, 0)
        try:
            _grade(bundle, worker, writing)
        finally:
            os._exit(1)
    os.close(writing)
    with os.fdopen(reading, "rb") as file:
        told = file.read() if select.select([file], [], [], patience)[0] else b""
    cpu = 0.0 if told else _used_by(pid)
    os.killpg(pid, signal.SIGKILL)
    _, _, usage = os.wait4(pid, 0)
    if told:
        return Cost(name, *json.loads(told))
    return Cost(name, cpu, time.monotonic() - started, usage.ru_maxrss / 1024, f"after {patience:.0f} s by this script")


def _used_by(pid: int) -> float:
    """Processor seconds of a process that still runs, of all that it started, and of those of them that have ended."""
    parents, used = {}, {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it has just ended
            fields = path.read_text().rpartition(")")[2].split()
            parents[int(path.parent.name)], used[int(path.parent.name)] = int(fields[1]), sum(map(int, fields[11:15]))
    ours, count = {pid}, 0
    while len(ours) > count:
        count = len(ours)
        ours |= {each for each, parent in parents.items() if parent in ours}
    return sum(used.get(each, 0) for each in ours) / os.sysconf("SC_CLK_TCK")


def _grade(bundle: Bundle, worker: ProcessGrader, writing: int) -> None:
    worker.prepare()
    cpu, started = _own(), time.monotonic()
    found = worker.grade(bundle)
    verdict = found.verdict
    wall = time.monotonic() - started
    own = _own() - cpu
    worker.close()
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    os.write(writing, json.dumps([own + children.ru_utime + children.ru_stime, wall, peak, verdict]).encode())
    os._exit(0)


def _own() -> float:
    """Processor seconds of this process alone."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def _line(cost: Cost) -> str:
    return f"{cost.name:58} {cost.cpu:7.1f} s {cost.wall:7.1f} s {cost.mebibytes:7.0f} MiB  {cost.ended}"


def _worst(costs: list[Cost], start: Cost) -> Iterator[str]:
    """The table that the pages show."""
    yield f"| of {len(costs)} submissions | processor | wall clock | trusted memory | ended |"
    yield "| --- | ---: | ---: | ---: | --- |"
    shown: dict[str, Cost] = {}
    for at in (1, 2, 3):
        shown |= {each.name: each for each in sorted(costs, key=itemgetter(at), reverse=True)[:5]}
    for each in shown.values():
        yield f"| {each.name} | {each.cpu:.1f} s | {each.wall:.1f} s | {each.mebibytes:.0f} MiB | {each.ended} |"
    over = [each for each in costs if each.cpu > GOAL[0] or each.wall > GOAL[1] or each.mebibytes > GOAL[2]]
    yield f"\n{len(over)} of them over {GOAL[0]:.0f} s, {GOAL[1]:.0f} s or {GOAL[2]:.0f} MiB."
    yield f"Taken off: {start.cpu:.1f} s of processor time for the start of the jail, which a worker pays once."


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="those whose names this pattern finds")
    parser.add_argument("--patience", type=float, default=120.0, help="seconds for one submission")
    asked = parser.parse_args()
    worker = _worker()
    with World() as world:
        start = measure("nothing", _bundle({"hw.py": "x = 1\n"}), worker, asked.patience)
        costs = []
        for name, bundle in submissions(world.told):
            if re.search(asked.only, name):
                found = measure(name, bundle, worker, asked.patience)
                costs.append(found._replace(cpu=max(0.0, found.cpu - start.cpu)))
                print(_line(costs[-1]), flush=True)
    print("\n".join(_worst(costs, start)))


if __name__ == "__main__":
    main()
