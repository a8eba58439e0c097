"""No text that a submission can plant steers, breaks or reorders a report."""

from __future__ import annotations

import json
import re
from collections import Counter
from functools import cache
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from report.hostile import NASTY, filled_with, grades, unshowable
from report.sample_grades import mixed

from grader.grading.grades import Grade, Problem
from grader.report.formats import FORMATS, text
from grader.report.sanitize import BLOCK_LINES, LIST_LIMIT
from grader.report.writing import render

few = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
COLOURS = re.compile(r"\x1b\[[0-9;]*m")
#: What each word of a benign report is replaced by; that one is visible keeps the structures comparable.
BENIGN = "x"


@pytest.mark.parametrize("form", FORMATS)
@few
@given(grades())
def test_no_report_holds_a_character_that_cannot_be_seen(form: str, grade: Grade) -> None:
    assert list(unshowable(render(grade, form))) == []


@few
@given(grades(), st.integers(1, 200))
def test_a_terminal_gets_no_escape_sequence_but_our_colours(grade: Grade, width: int) -> None:
    drawn = text.render(grade, terminal=True, width=width, colour=True)
    assert list(unshowable(COLOURS.sub("", drawn))) == []


@few
@given(grades(), st.integers(1, 200))
def test_without_colour_a_terminal_gets_no_escape_sequence(grade: Grade, width: int) -> None:
    assert "\x1b" not in text.render(grade, terminal=True, width=width, colour=False)


@few
@given(grades(), st.sampled_from([1, 33, 60, 120]), st.booleans())
def test_no_line_of_the_log_is_a_command_to_a_ci_system(grade: Grade, width: int, terminal: bool) -> None:
    log = COLOURS.sub("", text.render(grade, terminal=terminal, width=width, colour=terminal))
    assert [line for line in log.split("\n") if line.lstrip().startswith("::")] == []
    assert re.findall(r"##\w*\[", log) == []


@pytest.mark.parametrize("planted", ["::error::x", " ::x::", "a ::x:: " * 30, "##[error]x", "##vso[x]y"])
@pytest.mark.parametrize("width", range(32, 60))
def test_wrapping_makes_no_command(planted: str, width: int) -> None:
    log = text.render(filled_with(planted), width=width)
    assert not re.search(r"^\s*::|##\w*\[", log, re.MULTILINE)


class _Structure(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[object, ...]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, *((name, value) for name, value in attributes if name != "aria-label")))

    def handle_endtag(self, tag: str) -> None:
        self.tags.append(("/", tag))

    def handle_comment(self, comment: str) -> None:
        self.tags.append(("comment", comment))


def _visible(planted: str) -> str:
    """Planted text that ends in something visible, so that no element is left out for being empty."""
    return f"{planted}{BENIGN}"


@cache
def _benign(format_name: str) -> str:
    """A report without anything planted."""
    return render(filled_with(BENIGN), format_name)


@few
@given(st.sampled_from(NASTY) | st.text(max_size=30))
def test_planted_text_changes_no_tag_of_the_page(planted: str) -> None:
    """But for code within a hint: what stands there between two backticks."""
    tags, benign = _Structure(render(filled_with(_visible(planted)), "html")).tags, _Structure(_benign("html")).tags
    if "`" in planted:
        tags, benign = ([tag for tag in some if tag not in (("code",), ("/", "code"))] for some in (tags, benign))
    assert tags == benign


@few
@given(st.sampled_from(NASTY) | st.text(max_size=30))
def test_planted_text_changes_no_element_of_the_junit_file(planted: str) -> None:
    tags = [element.tag for element in ET.fromstring(render(filled_with(_visible(planted)), "junit")).iter()]
    assert tags == [element.tag for element in ET.fromstring(_benign("junit")).iter()]


_MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def _blocks_and_spans(report: str) -> tuple[list[str], dict[str, int]]:
    tokens = _MARKDOWN.parse(report)
    spans = Counter(child.type for token in tokens for child in token.children or ())
    plain = ("text", "code_inline")
    return [token.type for token in tokens], {name: spans[name] for name in spans if name not in plain}


@few
@given(st.sampled_from(NASTY) | st.text(max_size=30))
def test_planted_text_stays_text_in_markdown(planted: str) -> None:
    """No heading, list, link, picture, emphasis, or HTML that the same report with plain words doesn't have."""
    report = render(filled_with(_visible(planted)), "markdown")
    assert _blocks_and_spans(report) == _blocks_and_spans(render(filled_with(BENIGN), "markdown"))


@pytest.mark.parametrize("planted", ["www.example.org", "https://example.org", "me@example.org", "@someone", "#12"])
def test_markdown_makes_no_link_by_itself(planted: str) -> None:
    """What GitHub links without being asked is broken up, or stands in code."""
    tokens = _MARKDOWN.parse(render(filled_with(planted), "markdown"))
    prose = "\n".join(re.sub(r"(`+).*?\1", "", token.content) for token in tokens if token.type == "inline")
    assert not re.search(r"https?://|www\.|@\w|#\d", prose)


@few
@given(grades())
def test_json_keeps_the_planted_text_and_is_plain_ascii(grade: Grade) -> None:
    report = render(grade, "json")
    read = json.loads(report, parse_constant=pytest.fail)
    assert report.isascii()
    assert read["submission"].encode() == grade.submission.encode("utf-8", "backslashreplace")
    msgspec.json.decode(report)


@pytest.mark.parametrize("form", [each for each in FORMATS if each != "json"])
def test_a_long_line_is_cut_with_a_note(form: str) -> None:
    report = render(filled_with("y" * 50_000), form)
    assert "more characters)" in report
    assert len(report) < 400_000


@pytest.mark.parametrize("form", ["text", "markdown", "html", "junit", "gradescope"])
def test_thousands_of_problems_are_cut_with_a_count(form: str) -> None:
    many = tuple(Problem(f"line {number}", "is odd") for number in range(5_000))
    different = tuple(Problem(f"line {number}", f"{number} is odd") for number in range(5_000))
    alike = render(msgspec.structs.replace(mixed(), problems=many), form)
    assert alike.count("is odd") == 5
    assert "and 4,995 more of the same kind" in " ".join(alike.split())
    report = render(msgspec.structs.replace(mixed(), problems=different), form)
    assert report.count("is odd") == LIST_LIMIT
    assert "and 1 more" not in report
    assert "and 4,975 more" in report


def test_thousands_of_printed_lines_are_cut_with_a_count() -> None:
    report = text.render(filled_with("line\n" * 5_000))
    assert f"({5_000 - BLOCK_LINES:,} more lines)" in report
