"""Other autograders beside this one, on one job, in one run: `python tests/benchmarks/peers.py [--peers NAME ...]`.

Run by hand: it installs gradescope-utils, pytest, otter-grader and nbgrader into temporary environments (1.2 GB), each
with its own commands and its own form of the same twenty checks. Everybody grades the same submissions, in turns, two
processes at a time. What is printed is Markdown, for docs/measured.md.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median
from typing import NamedTuple

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from benchmarks.peers_job import MARKS, PEERS, SUBMISSION, Peer, environment, rubric  # noqa: E402 - found through the path above

_TOGETHER = 2  # processes at a time, for everybody


class Row(NamedTuple):
    """A line of the table."""

    name: str
    cold: float  # seconds, one submission, from the start of the command to its end
    rate: float  # submissions per second, a class
    size: int  # MB installed
    packages: int


class Installed(NamedTuple):
    """A peer with its environment and its course."""

    peer: Peer
    bin: Path
    folder: Path
    size: int
    packages: int


def install(peer: Peer, top: Path) -> Installed:
    """Make an environment and a course."""
    venv, folder = top / f"venv {peer.name}".replace(" ", "-"), top / peer.name
    folder.mkdir()
    subprocess.run([sys.executable, "-m", "venv", str(venv)], check=True)
    bin_ = venv / "bin"
    subprocess.run([str(bin_ / "python"), "-m", "pip", "install", "-q", *peer.requirements], check=True)
    peer.make(folder, bin_)
    size = sum(file.stat().st_size for file in venv.rglob("*") if file.is_file() and not file.is_symlink())
    packages = len(list(venv.glob("lib/python*/site-packages/*.dist-info"))) - 1  # pip came with the environment
    return Installed(peer, bin_, folder, size // 1_000_000, packages)


def sources(count: int, start: int) -> list[str]:
    """Right submissions, all different."""
    return [f"{SUBMISSION}\n# {number}\n" for number in range(start, start + count)]


def grade_with(installed: Installed, texts: Sequence[str], start: int) -> float:
    """Seconds to grade these submissions, all of which must get full marks."""
    peer = installed.peer
    places = [peer.hand_in(installed.folder, f"s{start + number}", text) for number, text in enumerate(texts)]
    places = list(dict.fromkeys(places))  # nbgrader grades all that its one folder holds
    started = time.perf_counter()
    with ThreadPoolExecutor(_TOGETHER) as pool:
        said = list(pool.map(lambda place: one(installed, place), places))
    seconds = time.perf_counter() - started
    for place, text in zip(places, said, strict=True):
        marks = peer.marks(installed.folder, place, text)
        if marks != MARKS:
            raise SystemExit(f"{peer.name}: {marks} of {MARKS} marks for a right submission:\n{text}")
    return seconds


def one(installed: Installed, place: Path) -> str:
    call = installed.peer.call(installed.bin, installed.folder, place)
    done = subprocess.run(call, cwd=place, env=environment(installed.bin), capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


def our_cold(job: Path, folder: Path) -> float:
    """Seconds of `grade submission.py`."""
    path = folder / "one.py"
    path.write_text(SUBMISSION)
    started = time.perf_counter()
    subprocess.run([*_GRADE, str(path), "--rubric", str(job)], check=True, capture_output=True)
    return time.perf_counter() - started


def our_class(job: Path, folder: Path, texts: Sequence[str]) -> float:
    """Seconds of `grade batch`, with the jail and all reports."""
    handed_in = folder / "class"
    handed_in.mkdir(parents=True)
    for number, text in enumerate(texts):
        (handed_in / f"s{number}.py").write_text(text)
    call = [*_GRADE, "batch", str(handed_in), "-o", str(folder / "out"), "--rubric", str(job), "--quiet"]
    started = time.perf_counter()
    done = subprocess.run([*call, "--jobs", str(_TOGETHER)], check=True, capture_output=True, text=True)
    if f"mean score {MARKS}.0 of {MARKS}" not in done.stdout:
        raise SystemExit(f"grade: not everybody got full marks:\n{done.stdout}")
    return time.perf_counter() - started


_GRADE = (str(Path(sys.executable).with_name("grade")),)


def measure(top: Path, names: Sequence[str], rounds: int, count: int) -> list[Row]:
    """Everybody in turns, so that a busy moment hits all alike."""
    job = rubric(top / "job")
    peers = [install(peer, top) for peer in PEERS if peer.name in names]
    cold: dict[str, list[float]] = {}
    rates: dict[str, list[float]] = {}
    for turn in range(rounds):
        folder = top / f"ours {turn}"
        ours = 40 * count  # a large class: what is paid once is shown by the cold start
        seconds = our_class(job, folder, sources(ours, 0))
        rates.setdefault("grade", []).append(ours / seconds)
        cold.setdefault("grade", []).append(our_cold(job, folder))
        for installed in peers:
            name, start = installed.peer.name, turn * (count + 1)
            cold.setdefault(name, []).append(grade_with(installed, sources(1, start), start))
            seconds = grade_with(installed, sources(count, start + 1), start + 1)
            rates.setdefault(name, []).append(count / seconds)
    sizes = {each.peer.name: (each.size, each.packages) for each in peers}
    return [Row(name, median(cold[name]), median(rates[name]), *sizes.get(name, (0, 0))) for name in cold]


def table(rows: Sequence[Row]) -> str:
    """The rows as Markdown."""
    ours = next(row for row in rows if row.name == "grade")
    lines = [
        f"| | one submission, cold | a class, {_TOGETHER} processes | grade is faster by | installed |",
        "|---|---:|---:|---:|---:|",
        f"| **grade** (jailed) | {ours.cold:.2f} s | {ours.rate:.1f} per second | | |",
    ]
    for row in rows:
        if row is not ours:
            size = f"{row.size} MB, {row.packages} packages"
            lines.append(
                f"| {row.name} | {row.cold:.2f} s | {row.rate:.2f} per second | {ours.rate / row.rate:.0f} x | {size} |"
            )
    return "\n".join(lines)


def main() -> None:
    """Install, measure, print."""
    known = [peer.name for peer in PEERS]
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--peers", nargs="*", choices=known, default=known, metavar="NAME")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--count", type=int, default=12, help="submissions of a class, for each peer")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as top:
        print(table(measure(Path(top), asked.peers, asked.rounds, asked.count)))


if __name__ == "__main__":
    main()
