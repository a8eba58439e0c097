"""What grading one submission costs, as ratios within one run: python tests/benchmarks/one_submission.py

Cold starts are whole processes, run in turn (A B A B ...), the medians compared. A small call is a round trip to a
child of the jail. Memory is the trusted process's peak resident set.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

from grader.limits import Limits
from grader.sandbox.sandbox import Program, Sandbox
from grader.worker.shared.steps import Call

ROOT = Path(__file__).parent.parent.parent
SAMPLE = ROOT / "sample_submissions" / "assignment1" / "right_script" / "submission.py"
GRADE = [str(Path(sys.executable).with_name("grade")), str(SAMPLE)]
NUMPY = [sys.executable, "-c", "import numpy"]
RUNS = 15


def run(command: list[str]) -> tuple[float, float, float]:
    """Wall seconds, processor seconds with all children, and the peak MiB of one process."""
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, env={**os.environ, "PYTHONDONTWRITEBYTECODE": ""})
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    return time.perf_counter() - started, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def cold_starts() -> None:
    run(GRADE)  # once uncounted, so that bytecode and pages are there
    pairs = [(run(GRADE), run(NUMPY)) for _ in range(RUNS)]
    wall = statistics.median(ours[0] / bare[0] for ours, bare in pairs)
    cpu = statistics.median(ours[1] / bare[1] for ours, bare in pairs)
    print(f"grade submission.py / python -c 'import numpy', wall:       {wall:.2f}")
    print(f"grade submission.py / python -c 'import numpy', processor:  {cpu:.2f}")
    print(f"peak memory of the trusted process:                         {max(o[2] for o, _ in pairs):.0f} MiB")


def small_call() -> None:
    program = Program({"m": "def f(x):\n    return x + 1\n"}, {"f": ("m", "f")}, ("numpy",))
    steps = [Call("f", (np.arange(3.0),))]
    with Sandbox() as box, box.open(Limits()) as child:
        child.load(program)
        times = []
        for _ in range(500):
            started = time.perf_counter()
            child.run(steps)
            times.append(time.perf_counter() - started)
    print(f"a small call and its answer:                                {1000 * statistics.median(times):.3f} ms")


if __name__ == "__main__":
    cold_starts()
    small_call()
