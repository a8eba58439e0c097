"""The pages are short, reach each other, and name what is there."""

from __future__ import annotations

import re

import pytest
from docs.pages import ORDER, PAGES, ROOT

LINKS = [
    (page, link)
    for page, text in PAGES.items()
    for link in re.findall(r"\]\(([^)\s]+)\)", re.sub(r"```.*?```|`[^`\n]*`", "", text, flags=re.DOTALL))
    if not link.startswith("https://")
]


def anchors(text: str) -> set[str]:
    """The names that GitHub and mkdocs give headings."""
    titles = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).strip().replace(" ", "-") for title in titles}


def test_the_readme_is_at_most_150_lines_and_no_page_is_more_than_300() -> None:
    assert len(PAGES["README.md"].splitlines()) <= 150
    assert {page for page, text in PAGES.items() if len(text.splitlines()) > 300} == set()


def test_every_page_is_in_the_list_of_pages() -> None:
    assert sorted(ORDER) == sorted(path.name for path in (ROOT / "docs").rglob("*.md"))


@pytest.mark.parametrize(("page", "link"), LINKS)
def test_every_link_leads_to_a_page_and_to_a_heading_on_it(page: str, link: str) -> None:
    name, _, anchor = link.partition("#")
    target = (ROOT / page).parent / name if name else ROOT / page
    assert target.is_file()
    assert not anchor or anchor in anchors(target.read_text())


def test_every_page_can_be_reached_from_the_readme() -> None:
    linked = {link.removeprefix("docs/") for page, link in LINKS if page == "README.md"}
    assert set(ORDER) - linked <= {"index.md"}


def test_every_path_that_contributors_are_told_is_there() -> None:
    texts = PAGES["docs/architecture.md"], PAGES["CONTRIBUTING.md"]
    told = {path for text in texts for path in re.findall(r"`((?:grader|tests|docs|rubrics)/[\w./-]*)`", text)}
    inside = re.findall(r"`((?:[a-z_]+/)+(?:[a-z_]+\.py)?)`", PAGES["docs/architecture.md"])
    told |= {f"grader/{path}" for path in inside if not path.startswith(("grader/", "tests/", "docs/"))}
    assert len(told) > 30
    assert {path for path in told if not (ROOT / path).exists()} == set()
