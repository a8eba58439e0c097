"""Is the page of a large class light and quick? `python tests/benchmarks/class_page.py [--students 1000 5000]`.

For each size a class of a small assignment is graded and published, and its page is opened from disk in a headless
Chromium, which tells how long a click on each column's header takes until the table stands there anew, and a filter.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

TESTS = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(TESTS), str(TESTS.parent)]

from browser.chromium import Browser, open_browser  # noqa: E402 - found through the path above
from browser.pages import write_class  # noqa: E402

HEADERS = "return Array.from(document.querySelectorAll('#class thead button'), (each) => each.textContent.trim())"
#: In milliseconds, the new layout too.
TIMED = "const began = performance.now(); {}; document.body.offsetHeight; return performance.now() - began"
CLICK = "document.querySelectorAll('#class thead button')[{}].click()"
FILTER = "const words = document.getElementById('words'); words.value = 's00'; words.dispatchEvent(new Event('input'))"
LOADED = "const [page] = performance.getEntriesByType('navigation'); return page.loadEventEnd"


def look(browser: Browser, page: Path) -> str:
    """What a page of a class costs."""
    browser.open(page)
    loaded = browser.run(LOADED)
    headers = browser.run(HEADERS)
    clicks = {name: browser.run(TIMED.format(CLICK.format(column))) for column, name in enumerate(headers)}
    slowest = max(clicks, key=clicks.__getitem__)
    filtered = browser.run(TIMED.format(FILTER))
    return (
        f"{page.stat().st_size / 1000:.0f} KB, loaded in {loaded:.0f} ms; sorted by one of {len(clicks)} columns in at "
        f"most {clicks[slowest]:.0f} ms ({slowest}), filtered in {filtered:.0f} ms"
    )


def measure(count: int, first: bool) -> str:
    """A class, and what its page costs; `first` lets the browser go before all else that runs here."""
    with tempfile.TemporaryDirectory() as folder:
        page = write_class(Path(folder), count)
        if first:
            os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(1))  # which the browser inherits
        try:
            with open_browser() as browser:
                return look(browser, page)
        finally:
            os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--students", type=int, nargs="+", default=[1000, 5000])
    parser.add_argument("--first", action="store_true", help="on a busy machine, as root: the browser goes first")
    asked = parser.parse_args()
    for count in asked.students:
        print(f"{count:,} students: {measure(count, asked.first)}", flush=True)


if __name__ == "__main__":
    main()
