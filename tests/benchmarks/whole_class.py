"""How long a whole class takes by the clock: `python tests/benchmarks/whole_class.py [--count N]`.

Half of the students are right, half wrong; one in a hundred hangs, in turn by an endless loop and by sleep; one in five
hands in a notebook, with a cell that trains for seconds and that no graded function needs. Each file is another one.
The class is graded once, with all reports, by as many processes as there are cores.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path

import nbformat

TESTS = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(TESTS), str(TESTS.parent)]

from benchmarks.class_speed import batch  # noqa: E402 - found through the path above
from planted.assemble import FUNCTIONS, source, variants  # noqa: E402

TRAINING = """\
import time
losses = []
end = time.process_time() + 5
while time.process_time() < end:
    losses.append(float(np.sum(np.random.rand(100))))
print(losses[-1])
"""
LOOPS = "\n".join(f"def {name}(*args):\n    while True:\n        pass\n" for name in FUNCTIONS)
SLEEPS = "import time\n" + "\n".join(f"def {name}(*args):\n    time.sleep(1000)\n" for name in FUNCTIONS)
HANGS, NOTEBOOKS = 100, 5  #: one in so many


def submissions(count: int) -> Iterator[tuple[str, str]]:
    """Name and text of each file."""
    pairs = zip(cycle(variants("right")), cycle(variants("wrong")), strict=False)
    each = (source(variant) for pair in pairs for variant in pair)
    for number, text in enumerate(islice(each, count)):
        if number % HANGS == HANGS // 2:
            yield f"s{number:05}.py", f"{LOOPS if number // HANGS % 2 else SLEEPS}\n# {number}\n"
        elif number % NOTEBOOKS == 0:
            cells = [nbformat.v4.new_code_cell(part) for part in (f"{text}\n# {number}\n", TRAINING)]
            yield f"s{number:05}.ipynb", nbformat.writes(nbformat.v4.new_notebook(cells=cells))
        else:
            yield f"s{number:05}.py", f"{text}\n# {number}\n"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--count", type=int, default=300)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "class"
        home.mkdir()
        for name, text in submissions(asked.count):
            (home / name).write_text(text)
        cost = batch(home, Path(folder) / "out")
    took = f"{cost.wall:.1f} s by the clock, {cost.cpu:.1f} s of processor time"
    print(f"{asked.count} students, half of them wrong: {took}")


if __name__ == "__main__":
    main()
