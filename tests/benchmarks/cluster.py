"""What a Dask cluster costs beside this machine's own pool: `python tests/benchmarks/cluster.py [--count N]`.

Both grade the same submissions on as many workers as there are cores, in turns: a class of N and one of a fifth of it,
by the wall clock. What a further submission takes is the difference; the ratio of the two is the figure to watch.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from pathlib import Path

from distributed import LocalCluster

TESTS = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(TESTS), str(TESTS.parent)]

from benchmarks.class_speed import FEW, batch, submissions  # noqa: E402 - found through the path above

TURNS = 3


def seconds_each(classes: tuple[Path, Path], counts: tuple[int, int], folder: Path, *options: str) -> float:
    """What one more submission takes by the clock."""
    took = [batch(each, folder / each.name, *options).wall for each in classes]
    return (took[1] - took[0]) / (counts[1] - counts[0])


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--count", type=int, default=200)
    asked = parser.parse_args()
    counts = asked.count // 5, asked.count
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        classes = home / "few", home / "many"
        for folder, count in zip(classes, counts, strict=True):
            submissions(folder, count, wrong=False)
        pool, cluster = [], []
        for turn in range(TURNS):
            pool.append(seconds_each(classes, counts, home / f"pool{turn}"))
            with LocalCluster(  # type: ignore[no-untyped-call]
                n_workers=FEW, threads_per_worker=1, dashboard_address=None, silence_logs=50
            ) as local:
                where = ("--scheduler", local.scheduler_address)
                batch(classes[0], home / f"warm{turn}", *where)  # each worker makes the plan once
                cluster.append(seconds_each(classes, counts, home / f"cluster{turn}", *where))
    here, there = statistics.median(pool), statistics.median(cluster)
    print(f"one more submission: {1000 * here:.1f} ms by the pool, {1000 * there:.1f} ms by a cluster of {FEW} here")
    print(f"{there / here:.2f} times")


if __name__ == "__main__":
    main()
