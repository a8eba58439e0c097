"""What the hostile inputs that people found cost, and earn: `python tools/found_inputs.py [--house FOLDER]`.

Each is handed to `grade` by its command line, in a process of its own. Printed are seconds by the clock, processor
seconds of all processes, MiB of the trusted one at most, and the points. `--house` takes another checkout of the
grader, of which the same is asked: an earlier version, say.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import re
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
#: Runs the command line, and tells the peak memory of this very process at its end.
RUN = """
import os, sys
from grader.cli import main
told = int(sys.argv.pop(1))
leave = os._exit
def end(code):
    (peak,) = (line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM"))
    os.write(told, peak.encode())
    leave(code)
os._exit = end
try:
    main()
    code = 0
except SystemExit as leaving:
    code = leaving.code or 0
end(code)
"""

Files = dict[str, str]
FUNCTIONS = (
    "softmax",
    "sigmoid",
    "sigmoid_grad",
    "cross_entropy",
    "softmax_cross_entropy_grad",
    "forward",
    "input_grad",
    "forward_backward_prop",
    "gradcheck_naive",
)
RIGHT = (ROOT / "sample_submissions" / "assignment1" / "right_script" / "submission.py").read_text(encoding="utf-8")
WRONG = "def softmax(x): return 0 * x\n"

SLEEPER = """
import os, time
BEGAN = time.monotonic()
def wait(seconds):
    if time.monotonic() - BEGAN > 6.9:
        os._exit(0)
    time.sleep(seconds)
    return 0.0
loaded = wait(2.2)
def softmax(x): return wait(0.44) + loaded + x
def sigmoid(x): return wait(0.44) + loaded + x * 2
def sigmoid_grad(s): return wait(0.44) + loaded + s * 2
"""
SILENT = """
import time
import numpy as np
def waste(seconds):
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass
end = waste(0.4)
def rk4_step(f, t, y, h):
    end
    if f.func.__name__ != "pulse":
        waste(0.18)
    return y + h * f(t, y)
def integrate(f, t0, y0, t1, n):
    end
    return np.array([t0, t1]), np.array([y0, y0 + (t1 - t0) * f(t0, y0)])
"""
ORACLE = """
import numpy as np
def softmax(x): return 0 * x
def sigmoid(x): return 0 * x
def cross_entropy(y, y_hat): return 0.0
def forward(x, W1, b1, W2, b2): return 0 * (x @ W1), 0 * (x @ W1 @ W2)
def slopes(cost, x):
    grad = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        e = np.zeros_like(x)
        e[i] = 1e-5
        grad[i] = (cost(x + e) - cost(x - e)) / 2e-5
    return grad
def input_grad(x, y, W1, b1, W2, b2):
    return slopes(lambda z: -np.sum(y * np.log(forward(z, W1, b1, W2, b2)[1])), np.array(x, dtype=float))
def forward_backward_prop(data, labels, params, dimensions):
    Dx, H, Dy = dimensions
    def cost(p):
        a = Dx * H
        W1, b1 = p[:a].reshape(Dx, H), p[a:a + H]
        W2, b2 = p[a + H:a + H + H * Dy].reshape(H, Dy), p[a + H + H * Dy:]
        return float(cross_entropy(labels, forward(data, W1, b1, W2, b2)[1]))
    return cost(params), slopes(cost, params)
"""
CURIOUS = """
import numpy as np
def gradcheck_naive(f, x):
    data, name = f.keywords, f.func.__name__
    f(np.array(x))
    if name == "tilt":
        return bool(np.all(np.abs(np.asarray(data["slope"]) - data["lean"]) < 1e-6))
    if name == "bowl":
        curve = np.asarray(data["curve"])
        return bool(np.all(np.abs(np.asarray(data["slope"]) - 2 * curve) <= 1e-6 * np.abs(curve)))
    return bool(abs(data["height"] * data["rate"] - data["slope"]) < 1e-6) if name == "growth" else True
"""
BLACKBOARD = {
    "HW 1_ada_attempt_2026-10-02-17-34-00_hw1.py": RIGHT,
    "HW 1_mallory_attempt_2026-10-02-18-00-00_HW 1_ada_attempt_2026-10-09-17-34-00_hw1.py": WRONG,
    "HW 1_eve_attempt_2026-10-02-17-34-00_hw1.py": WRONG,
    "HW 1_zed_attempt_2026-10-02-17-34-00_hw1.py": WRONG,
}


class Input(NamedTuple):
    """What is handed in, by which rubric, and with which limits of it."""

    files: Callable[[], Files]
    rubric: str = "assignment1"
    limits: str = ""
    is_class: bool = False


def one(text: str) -> Callable[[], Files]:
    return lambda: {"hw.py": text}


def stars(count: int) -> Files:
    files = {f"m{i}.py": "".join(f"from m{j} import *\n" for j in range(count) if j != i) for i in range(count)}
    return files | {"softmax.py": "from m0 import *\ndef softmax(x): return nowhere(x)\n"}


def notebook(cells: list[str], picture: int = 0) -> Files:
    outputs = [{"output_type": "display_data", "metadata": {}, "data": {"a" * 9: [1] * picture}}] if picture else []
    made = [{"cell_type": "code", "metadata": {}, "execution_count": 1, "source": c, "outputs": outputs} for c in cells]
    return {"hw.ipynb": json.dumps({"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": made})}


def each(body: str) -> str:
    return "import numpy as np\n" + "".join(f"def {name}(*a): {body}\n" for name in FUNCTIONS)


INPUTS = {
    "`%run` and 800 blanks": Input(one("%run" + " " * 800 + "!\ndef sigmoid(x): return 0 * x\n")),
    "`%run` and 1,600 blanks": Input(one("%run" + " " * 1600 + "!\ndef sigmoid(x): return 0 * x\n")),
    "`v0=v1=…`, 2,000 names": Input(one("".join(f"v{i}=" for i in range(2000)) + "[]\ndef softmax(x): return v0\n")),
    "`v0=v1=…`, 4,000 names": Input(one("".join(f"v{i}=" for i in range(4000)) + "[]\ndef softmax(x): return v0\n")),
    "9 files that star-import each other": Input(lambda: stars(9)),
    "10 files that star-import each other": Input(lambda: stars(10)),
    "1,000 decorators": Input(
        one("def d(g): return g\n" + "".join(f"d{i} = d\n" for i in range(1000))
            + "".join(f"@d{i}\n" for i in range(1000)) + "def softmax(x): return 0 * x\n")
    ),
    "`%%writefile` and 60,000 blanks": Input(
        lambda: notebook(["%%writefile" + " " * 60_000 + "\nx = 1\n", "def softmax(x): return 0 * x\n"])
    ),
    "19 MB of JSON in a notebook": Input(lambda: notebook(["def softmax(x): return 0 * x\n"], 6_300_000)),
    "9,000 arrays as an answer": Input(one(each("return [np.ones(1)] * 9000"))),
    "64 MB as an answer": Input(one(each("return np.ones((8 << 20) - 1000)"))),
    "three functions that sleep, short limits": Input(one(SLEEPER), limits="call: 0.1 s, submission: 1.5 s"),
    "an endless loop": Input(one("def softmax(x):\n    while True: pass\n")),
    "constants and silence (`rk4`, short limits)": Input(one(SILENT), "rk4", "call: 0.2 s, submission: 3 s"),
    "finite differences of the reference's answers": Input(one(ORACLE)),
    "reading what a stub holds": Input(one(CURIOUS)),
    "another student's entry as a file's name": Input(lambda: dict(BLACKBOARD), is_class=True),
}  # fmt: skip


class Told(NamedTuple):
    wall: float
    cpu: float
    mebibytes: float
    points: str


def hand_in(given: Input, house: Path, patience: float) -> Told:
    """Grade it with the grader of a house."""
    with TemporaryDirectory() as place:
        folder = Path(place, "handed_in")
        folder.mkdir()
        for name, text in given.files().items():
            (folder / name).write_text(text, encoding="utf-8")
        rubric = _rubric(given, house, Path(place)) if given.limits else given.rubric
        out = Path(place, "out")
        words = (
            ["batch", str(folder), "-o", str(out), "--quiet"] if given.is_class else [str(folder), "-o", f"{out}.json"]
        )
        told = _timed([*words, "--rubric", str(rubric), "--seed", "7"], house, patience)
        return told._replace(points=told.points or _points(out, given.is_class))


def _rubric(given: Input, house: Path, place: Path) -> Path:
    """A copy of a bundled rubric with other limits, beside the reference that it names."""
    (place / "reference").symlink_to(house / "reference")
    (place / "rubrics").mkdir()
    text = (house / "rubrics" / f"{given.rubric}.yaml").read_text(encoding="utf-8")
    path = place / "rubrics" / f"{given.rubric}.yaml"
    lines = [line for line in text.splitlines() if not line.startswith("limits:")]
    at = next(number for number, line in enumerate(lines) if line.startswith("reference:"))
    path.write_text("\n".join([*lines[:at], f"limits: {{{given.limits}}}", *lines[at:]]) + "\n", encoding="utf-8")
    return path


def _timed(words: list[str], house: Path, patience: float) -> Told:
    reading, writing = os.pipe()
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    points = ""
    process = subprocess.Popen(
        [sys.executable, "-c", RUN, str(writing), *words],
        env={**os.environ, "PYTHONPATH": str(house)}, pass_fds=[writing], cwd="/",
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    os.close(writing)
    try:
        process.wait(patience)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        points = "ended by hand"
    wall = time.monotonic() - started
    with os.fdopen(reading, "rb") as file:
        peak = file.read()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Told(wall, cpu, int(peak or 0) / 1024, points)


def _points(out: Path, is_class: bool) -> str:
    try:
        if is_class:
            with (out / "grades.csv").open(newline="") as file:
                return ", ".join(f"{row['id']} {row['score'] or '-'}" for row in csv.DictReader(file))
        graded = json.loads(Path(f"{out}.json").read_text())
        return f"{graded['score']} of {graded['max_score']}" if graded["score"] is not None else graded["verdict"]
    except (OSError, KeyError) as problem:
        return f"nothing: {type(problem).__name__}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--house", type=Path, default=ROOT, help="a checkout of the grader")
    parser.add_argument("--patience", type=float, default=60.0, help="seconds for each")
    parser.add_argument("--only", default="", help="those whose names this pattern finds")
    asked = parser.parse_args()
    print("| input | wall clock | processor | trusted memory | points |\n| --- | ---: | ---: | ---: | --- |")
    for name, given in INPUTS.items():
        if re.search(asked.only, name):
            wall, cpu, mebibytes, points = hand_in(given, asked.house.resolve(), asked.patience)
            print(f"| {name} | {wall:.1f} s | {cpu:.1f} s | {mebibytes:.0f} MiB | {points} |", flush=True)


if __name__ == "__main__":
    main()
