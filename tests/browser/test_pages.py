"""Every page in a real browser: from disk, in light and dark, narrow and wide, without scripts, on paper."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlparse

import pytest
from browser.chromium import Browser, open_browser
from browser.pages import render_pages, write_class, write_pages
from report.screens import AUDIENCES, grade_samples

from grader.grading.grades import Grade
from grader.report.audience import for_audience
from grader.report.formats.html import render

PAGES = ("student", "instructor", "class", "audit")
SCHEMES = ("light", "dark")
#: The cells of a column of the table of students, as they stand.
COLUMN = "return Array.from(document.querySelectorAll('#class tbody tr'), (row) => row.cells[{}].textContent.trim())"
SHOWN = "return Array.from(document.querySelectorAll('#class tbody tr')).filter((row) => row.offsetHeight).length"
STUDENTS = 9


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_browser() as found:
        yield found


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return write_pages(tmp_path_factory.mktemp("pages"), STUDENTS - 3)


@pytest.mark.parametrize("name", ["student", "instructor", "audit"])
def test_a_page_names_no_folder_of_a_machine_and_asks_for_nothing(name: str) -> None:
    page = render_pages()[name]
    assert "/somewhere" not in page
    assert not re.search(r"<script|<link|<img|<iframe|\bsrc=|@import|url\(|https?://", page)


def test_the_pages_of_all_samples_are_short_and_light(browser: Browser, tmp_path: Path) -> None:
    """At most 4,000 pixels as they open, and below 200 KB."""
    for name, grade in grade_samples().items():
        for audience in AUDIENCES:
            path = tmp_path / f"{name}.{audience}.html"
            path.write_text(render(for_audience(grade, audience)), encoding="utf-8")
            browser.open(path)
            assert browser.size()[1] <= 4000, path.name
            assert path.stat().st_size < 200_000, path.name
            if audience == "student":
                page = html.unescape(path.read_text(encoding="utf-8"))
                assert [text for text in _hidden(grade) if text in page] == [], path.name


def _hidden(grade: Grade) -> Iterator[str]:
    """Each input and truth of a hidden check with so many digits that it is nothing else."""
    for check in (check for function in grade.functions for check in function.checks):
        if check.visibility != "public" and check.details is not None:
            texts = [*check.details.inputs.values(), check.details.expected or ""]
            yield from (line.strip() for text in texts for line in text.split("\n") if re.search(r"\d\.\d{5}", line))


def test_the_page_of_a_thousand_students_is_light_and_sorts(browser: Browser, tmp_path: Path) -> None:
    page = write_class(tmp_path, 1_000)
    assert page.stat().st_size < 2_000_000
    browser.open(page)
    started = "const started = performance.now();"
    click = "document.querySelectorAll('#class thead button')[3].click();"
    took = browser.run(f"{started} {click} document.body.offsetHeight; return performance.now() - started")
    scores = [float(cell) for cell in browser.run(COLUMN.format(3)) if cell]
    assert scores == sorted(scores)
    assert len(scores) > 1_000
    print(f"sorted in {took:.0f} ms")


def _click(browser: Browser, header: str) -> None:
    browser.run(
        "Array.from(document.querySelectorAll('#class thead button'))"
        f".find((each) => each.textContent.trim() === {header!r}).click()"
    )


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_and_no_page_is_wider_than_its_window(
    browser: Browser, pages: dict[str, Path], name: str
) -> None:
    for scheme in SCHEMES:
        for width in (360, 1440):
            browser.open(pages[name], width, scheme)
            browser.run("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
            assert browser.violations() == [], (scheme, width)
            assert browser.size()[0] == width, scheme
    assert browser.complaints() == []


def test_the_table_of_students_sorts_both_ways_as_numbers_and_leaves_the_empty_ones_last(
    browser: Browser, pages: dict[str, Path]
) -> None:
    browser.open(pages["class"])
    for is_down in (False, True):
        _click(browser, "Score")
        cells = browser.run(COLUMN.format(3))
        scores = [float(cell) for cell in cells if cell]
        assert scores == sorted(scores, reverse=is_down)
        assert cells == [*cells[: len(scores)], *[""] * (STUDENTS - len(scores))]
        assert len(set(scores)) > 1
    header = "return document.querySelector('#class [aria-sort]').getAttribute('aria-sort')"
    assert browser.run(header) == "descending"
    assert browser.complaints() == []


def test_the_table_of_students_filters_and_says_how_many_are_left(browser: Browser, pages: dict[str, Path]) -> None:
    browser.open(pages["class"])
    assert browser.run(SHOWN) == STUDENTS
    typed = "const field = document.getElementById('words'); field.value = 'S0001';"
    browser.run(f"{typed} field.dispatchEvent(new Event('input'))")
    assert browser.run(SHOWN) == 1
    assert browser.run("return document.getElementById('found').textContent") == f"1 of {STUDENTS}"


def test_every_link_of_the_class_page_leads_to_a_report_or_a_part_of_the_page(
    browser: Browser, pages: dict[str, Path]
) -> None:
    browser.open(pages["class"])
    links = browser.run("return Array.from(document.links, (link) => link.href)")
    places = [urlparse(link) for link in links]
    assert all(Path(unquote(place.path)).is_file() for place in places)
    parts = browser.run("return Array.from(document.querySelectorAll('[id]'), (each) => each.id)")
    assert {place.fragment for place in places} - {""} <= set(parts)
    assert sum("/reports/" in place.path for place in places) == STUDENTS


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_complete_without_scripts(browser: Browser, pages: dict[str, Path], name: str) -> None:
    browser.open(pages[name], scripts=False)
    without = re.sub(r"<script>.*?</script>", "", browser.driver.page_source, flags=re.DOTALL)
    assert "<button" not in without
    browser.open(pages["student"])
    browser.open(pages[name], scripts=False)
    assert browser.run("return document.querySelectorAll('h1').length") == 1
    if name == "class":
        assert browser.run(SHOWN) == STUDENTS
        assert browser.run("return document.getElementById('filter').offsetHeight") == 0


@pytest.mark.parametrize("name", PAGES)
def test_on_paper_a_page_shows_what_is_folded_on_the_screen(
    browser: Browser, pages: dict[str, Path], name: str
) -> None:
    browser.open(pages[name], media="print")
    folded = (
        "return Array.from(document.querySelectorAll('details > :not(summary)')).filter((x) => !x.offsetHeight).length"
    )
    assert browser.run(folded) == 0
    assert browser.print().startswith(b"%PDF")
