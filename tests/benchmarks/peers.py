"""Other autograders beside this one, on one job, in one run: `python tests/benchmarks/peers.py [--peers NAME ...]`.

Run by hand: it installs this one, gradescope-utils, pytest, otter-grader and nbgrader into temporary environments
(1.4 GB), each with its own commands and its own form of the same twenty checks. Everybody grades the same submissions,
in turns: one alone, then a class of right ones, and the same class with every other one wrong, on as many cores. Where
a command grades one submission, two run at a time; where it grades a course, two halves of the class are two courses.
What is printed is Markdown, for docs/measured.md.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import count as numbers
from pathlib import Path
from statistics import median
from typing import NamedTuple

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from benchmarks.peers_job import MARKS, PEERS, SLIPS, SUBMISSION, Peer, environment, rubric  # noqa: E402 - found through the path above

ROOT = HERE.parents[1]
_TOGETHER = 2  # processes at a time, for everybody
_OURS = "**grade**"
_OUR_WALLS = "each submission: namespaces, seccomp, Landlock, limits"


class Installed(NamedTuple):
    """An autograder in an environment of its own."""

    name: str
    bin: Path
    size: int  #: MB
    packages: int
    isolates: str
    peer: Peer | None = None  #: None: ours


class Times(NamedTuple):
    """Seconds by the clock."""

    cold: float  #: of one submission, from the start of the command to its end
    right: float  #: of a class
    half_wrong: float  #: of a class as large


def install(name: str, requirements: Sequence[str], isolates: str, top: Path, peer: Peer | None = None) -> Installed:
    """Make an environment."""
    venv = top / f"venv {name}".replace(" ", "-").replace("*", "")
    subprocess.run([sys.executable, "-m", "venv", str(venv)], check=True)
    bin_ = venv / "bin"
    subprocess.run([str(bin_ / "python"), "-m", "pip", "install", "-q", *requirements], check=True)
    size = sum(file.stat().st_size for file in venv.rglob("*") if file.is_file() and not file.is_symlink())
    packages = len(list(venv.glob("lib/python*/site-packages/*.dist-info"))) - 1  # pip came with the environment
    return Installed(name, bin_, size // 1_000_000, packages, isolates, peer)


def sources(count: int, has_wrong: bool) -> list[str]:
    """Submissions, all different; every other one wrong in one place, where that is asked for."""
    texts = [f"{SUBMISSION}\n# {number}\n" for number in range(count)]
    if not has_wrong:
        return texts
    return [text.replace(*SLIPS[at // 2 % len(SLIPS)]) if at % 2 else text for at, text in enumerate(texts)]


# -- the others ----------------------------------------------------------------------------------------------------


def grade_with(installed: Installed, top: Path, texts: Sequence[str]) -> float:
    """Seconds to grade these submissions. The marks must be those of right and wrong ones."""
    peer = installed.peer
    assert peer is not None
    courses = [_make_course(peer, installed.bin, top / f"course{lane}") for lane in range(min(_TOGETHER, len(texts)))]
    course_of: dict[Path, list[tuple[Path, str]]] = {}
    for number, text in enumerate(texts):
        # Right and wrong ones take turns: lane by lane, both halves have as many of both.
        course = courses[number // 2 % len(courses)]
        course_of.setdefault(peer.hand_in(course, f"s{number}", text), []).append((course, text))
    started = time.perf_counter()
    with ThreadPoolExecutor(_TOGETHER) as pool:
        said = list(pool.map(lambda place: _call(installed, course_of[place][0][0], place), course_of))
    seconds = time.perf_counter() - started
    for (place, given), text in zip(course_of.items(), said, strict=True):
        marks = peer.marks(given[0][0], place, text)
        is_right = all(_is_right(source) for _, source in given)
        if (marks == MARKS) is not is_right or not marks:
            raise SystemExit(f"{peer.name}: {marks} of {MARKS} marks:\n{text}")
    return seconds


def _make_course(peer: Peer, bin_: Path, folder: Path) -> Path:
    folder.mkdir(parents=True)
    peer.make(folder, bin_)
    return folder


def _call(installed: Installed, course: Path, place: Path) -> str:
    assert installed.peer is not None
    call = installed.peer.call(installed.bin, course, place)
    done = subprocess.run(call, cwd=place, env=environment(installed.bin), capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


def _is_right(text: str) -> bool:
    return text.startswith(SUBMISSION)


# -- ours ----------------------------------------------------------------------------------------------------------


def grade_ours(installed: Installed, top: Path, texts: Sequence[str]) -> float:
    """Seconds of `grade submission.py` for one, of `grade batch` for more, with the jail and all reports."""
    job = rubric(top / "job")
    handed_in = top / "class"
    handed_in.mkdir()
    for number, text in enumerate(texts):
        (handed_in / f"s{number}.py").write_text(text)
    grade = str(installed.bin / "grade")
    call = [grade, "batch", str(handed_in), "-o", str(top / "out"), "--quiet", "--jobs", str(_TOGETHER)]
    call = [grade, str(handed_in / "s0.py")] if len(texts) == 1 else call
    started = time.perf_counter()
    done = subprocess.run([*call, "--rubric", str(job)], check=True, capture_output=True, text=True)
    seconds = time.perf_counter() - started
    said = f"{MARKS} of {MARKS} points" if len(texts) == 1 else f"mean score {MARKS}.0 of {MARKS}"
    if (said in done.stdout) is not all(map(_is_right, texts)):
        raise SystemExit(f"grade: other marks than were due:\n{done.stdout}")
    return seconds


# -- all -----------------------------------------------------------------------------------------------------------


def measure(top: Path, names: Sequence[str], rounds: int, count: int) -> dict[Installed, Times]:
    """Everybody in turns, so that a busy moment hits all alike."""
    known = [install(_OURS, [str(ROOT)], _OUR_WALLS, top)]
    known += [install(each.name, each.requirements, each.isolates, top, each) for each in PEERS if each.name in names]
    found: dict[Installed, list[Times]] = {each: [] for each in known}
    fresh = (top / f"turn{number}" for number in numbers())
    work = [sources(1, has_wrong=False), sources(count, has_wrong=False), sources(count, has_wrong=True)]
    for _ in range(rounds):
        for each in known:
            run = grade_with if each.peer else grade_ours
            found[each].append(Times(*(run(each, _made(next(fresh)), texts) for texts in work)))
    return {each: Times(*map(median, zip(*times, strict=True))) for each, times in found.items()}


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def table(found: dict[Installed, Times], count: int) -> str:
    """The times as Markdown; what one more submission of a class takes leaves out what the start of a command takes."""
    lines = [
        f"| | isolates | one submission, cold | {count} right ones | {count}, half of them wrong | installed |",
        "| --- | --- | ---: | ---: | ---: | ---: |",
    ]
    for each, times in found.items():
        lines.append(
            f"| {each.name} | {each.isolates} | {times.cold:.2f} s | {_rate(times.right, count)} | "
            f"{_rate(times.half_wrong, count)} | {each.size} MB, {each.packages} packages |"
        )
    return "\n".join(lines)


def _rate(seconds: float, count: int) -> str:
    return f"{seconds:.1f} s, {count / seconds:.2f} per second"


def main() -> None:
    """Install, measure, print."""
    known = [peer.name for peer in PEERS]
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--peers", nargs="*", choices=known, default=known, metavar="NAME")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--count", type=int, default=48, help="submissions of a class, for everybody")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as top:
        print(table(measure(Path(top), asked.peers, asked.rounds, asked.count), asked.count))


if __name__ == "__main__":
    main()
