"""What a person repaired is shown line by line, and stays text whatever a submission has written into it."""

from __future__ import annotations

import json
from html.parser import HTMLParser

import msgspec
import pytest
from markdown_it import MarkdownIt
from report.hostile import NASTY, unshowable
from report.sample_grades import right

from grader.grading.grades import Decision, Grade, Repaired
from grader.report.audience import for_audience
from grader.report.formats import FORMATS, text
from grader.report.sanitize import DIFF_LINES
from grader.report.writing import render

NOTED = Decision("", "the repair: A person repaired the code: -5 points. A bracket.", "The editor ate it.")
SHOWN = ("text", "markdown", "html", "json")


def repaired(diff: str) -> Grade:
    return msgspec.structs.replace(right(), decisions=(NOTED,), repaired=Repaired(diff))


@pytest.mark.parametrize("form", SHOWN)
def test_each_line_is_shown_as_it_is(form: str) -> None:
    shown = render(repaired("--- a\n+++ b\n-def f(x:\n+def f(x):\n     return x"), form)
    shown = json.loads(shown)["repaired"]["diff"] if form == "json" else shown
    assert [line.removeprefix("    ") for line in shown.split("\n") if "def f" in line] == ["-def f(x:", "+def f(x):"]


@pytest.mark.parametrize("form", FORMATS)
def test_no_student_sees_a_note_for_instructors(form: str) -> None:
    assert "The editor ate it" not in render(for_audience(repaired("+x"), "student"), form)


@pytest.mark.parametrize("form", SHOWN)
def test_instructors_do(form: str) -> None:
    assert "The editor ate it." in " ".join(render(repaired("+x"), form).split())


@pytest.mark.parametrize("planted", NASTY)
def test_planted_code_opens_no_tag_and_no_block(planted: str) -> None:
    hostile, benign = (repaired(f"+{each}x") for each in (planted, ""))
    assert tags(render(hostile, "html")) == tags(render(benign, "html"))
    assert blocks(render(hostile, "markdown")) == blocks(render(benign, "markdown"))
    for form in SHOWN:
        assert list(unshowable(render(hostile, form))) == []
    log = text.render(hostile)
    assert not any(line.lstrip().startswith("::") for line in log.split("\n"))


def tags(page: str) -> list[str]:
    """The tags of a page, as they open."""
    found: list[str] = []
    parser = HTMLParser()
    parser.handle_starttag = lambda tag, attrs: found.append(tag)  # type: ignore[method-assign]
    parser.feed(page)
    return found


def blocks(page: str) -> list[str]:
    return [token.type for token in MarkdownIt("commonmark").enable("table").parse(page)]


@pytest.mark.parametrize("form", ["text", "markdown", "html"])
def test_thousands_of_lines_are_cut_with_a_count(form: str) -> None:
    shown = render(repaired("+y\n" * 5_000), form)
    assert shown.count("+y") == DIFF_LINES
    assert f"({5_000 - DIFF_LINES:,} more lines)" in shown


@pytest.mark.parametrize("form", FORMATS)
def test_where_nothing_was_repaired_nothing_is_said_of_it(form: str) -> None:
    assert "repaired" not in render(right(), form)
