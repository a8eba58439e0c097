"""What reports of a class cost beside its grading: `python tests/benchmarks/reports.py [--count N]`.

Half of the students are right, half wrong, each with another file. In one run: `grade batch`, with all that it writes;
its JSON for both audiences and the page of the class once more, by themselves; then `grade publish`, which makes two
pages for each student. All is told in processor time of all processes, so that a busy machine distorts little.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

TESTS = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(TESTS), str(TESTS.parent)]

from benchmarks.class_speed import batch, submissions, used  # noqa: E402 - found through the path above

from grader.classroom.outputs.student_files import FEEDBACK, PRIVATE  # noqa: E402
from grader.classroom.review.class_page import CLASS_PAGE, write_class_page  # noqa: E402
from grader.classroom.review.results import Results, open_results  # noqa: E402
from grader.classroom.store.encoding import decode_grade  # noqa: E402
from grader.report.audience import for_audience  # noqa: E402
from grader.report.writing import render  # noqa: E402


def take(work: Callable[[], object]) -> float:
    """Processor seconds of this process."""
    began = time.process_time()
    work()
    return time.process_time() - began


def write_json(results: Results, folder: Path) -> None:
    """Everybody's report.json, an instructor's and a student's."""
    for number, row in enumerate(results.store.rows(results.plan)):
        grade = decode_grade(results.store.blob(results.plan, row.content) or b"")
        for shown in (grade, for_audience(grade, "student")):
            (folder / f"{number}.json").write_text(render(shown, "json"), encoding="utf-8")


def measure(top: Path, count: int) -> None:
    """Grade, write again, publish; print what each took."""
    home, out = top / "class", top / "out"
    submissions(home, count, wrong=True)
    whole = batch(home, out).cpu
    with open_results(out) as results:
        rows = results.shown()
        page = take(lambda: write_class_page(out, results.store, results.plan, results.rubric, rows))
        json = take(lambda: write_json(results, top))
    size, share = (out / CLASS_PAGE).stat().st_size, (page + json) / (whole - page - json)
    print(f"{count} students, half of them wrong: grade batch takes {whole:.1f} s of processor time", flush=True)
    print(f"JSON takes {json:.2f} s of it, the class's page ({size / 1000:.0f} KB) {page:.2f} s: {share:.1%} more")
    before, began = used(), time.perf_counter()
    subprocess.run([sys.executable, "-m", "grader", "publish", str(out)], capture_output=True, check=True)
    wall, cpu = time.perf_counter() - began, used() - before
    pages = sum(1 for place in (PRIVATE, FEEDBACK) for _ in (out / place).glob("*.html"))
    print(
        f"grade publish writes {pages} pages and the rest in {cpu:.1f} s of processor time, {wall:.1f} s by the clock"
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--count", type=int, default=300)
    with tempfile.TemporaryDirectory() as folder:
        measure(Path(folder), parser.parse_args().count)


if __name__ == "__main__":
    main()
