"""What the other process costs: `python tests/benchmarks/sandbox.py`. In one run, medians, milliseconds."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent))

from boots import ALL_LAYERS_GONE, WITHOUT_SELFTEST, write_boot

from grader.limits import Limits
from grader.sandbox import launch as starting
from grader.sandbox.sandbox import Program, Sandbox
from grader.worker.shared.steps import Call

PROGRAM = Program({"hw": "def f(x): return x"}, {"f": ("hw", "f")}, ("numpy",))


def milliseconds(action: Callable[[], object]) -> float:
    started = time.perf_counter()
    action()
    return 1000 * (time.perf_counter() - started)


def one_child(box: Sandbox) -> None:
    """Fork, lock in, answer, end, reap: what every submission pays at least once."""
    with box.open(Limits()) as child:
        child.load(Program({}, {}, ()))


def run_python(code: str) -> None:
    subprocess.run([sys.executable, "-c", code], check=True)


def start_and_stop() -> None:
    with Sandbox() as box:
        assert box.isolation


def self_test(folder: Path) -> float:
    """What trying the jail adds to a start: with and without it, in turn."""
    real, found = starting.BOOT, []
    boots = [write_boot(change, _new(folder / name)) for name, change in (("with", ""), ("without", WITHOUT_SELFTEST))]
    for _ in range(9):
        times = []
        for starting.BOOT in boots:
            times.append(milliseconds(start_and_stop))
        found.append(times[0] - times[1])
    starting.BOOT = real
    return median(found)


def _new(folder: Path) -> Path:
    folder.mkdir()
    return folder


def children(jailed: Sandbox, bare: Sandbox) -> dict[str, float]:
    pairs = [(milliseconds(lambda: one_child(bare)), milliseconds(lambda: one_child(jailed))) for _ in range(100)]
    return {
        "a child without any layer": median(a for a, _ in pairs),
        "a child in the jail": median(b for _, b in pairs),
        "  so the jail costs": median(b - a for a, b in pairs),
    }


def calls(box: Sandbox) -> dict[str, float]:
    small, large = Call("f", (np.ones((4, 5)),)), Call("f", (np.ones(10**6),))
    with box.open(Limits(submission_seconds=600)) as child:
        child.load(PROGRAM)
        single = median(milliseconds(lambda: child.run([small])) for _ in range(1000))
        many = median(milliseconds(lambda: child.run([small] * 150)) / 150 for _ in range(10))
        eight = median(milliseconds(lambda: child.run([large])) for _ in range(8))
    return {"one small call": single, "one of 150 in a message": many, "8 MB there and back": eight}


def main() -> None:
    figures = {
        'python -c "import numpy"': median(milliseconds(lambda: run_python("import numpy")) for _ in range(5)),
        "a zygote, until it's ready": median(milliseconds(start_and_stop) for _ in range(5)),
    }
    with tempfile.TemporaryDirectory() as folder:
        figures["  of that, its self-test"] = self_test(Path(folder))
    with tempfile.TemporaryDirectory() as folder, Sandbox() as jailed:
        assert jailed.isolation
        starting.BOOT = write_boot(ALL_LAYERS_GONE, Path(folder))
        with Sandbox() as bare:
            figures |= children(jailed, bare)
        figures |= calls(jailed)
    for what, figure in figures.items():
        print(f"{what:32} {figure:8.2f} ms")


if __name__ == "__main__":
    main()
