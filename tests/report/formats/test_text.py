"""The text report: a table, then a reason for every lost point, within the width, in colour only where wanted."""

from __future__ import annotations

import io
import re
import subprocess
import sys

import pytest
from report.hostile import filled_with
from report.sample_grades import ALL, mixed, not_graded, not_isolated, right

from grader.report.formats import text
from grader.report.plain_text import wrap
from grader.report.sanitize import columns


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("terminal", [True, False])
@pytest.mark.parametrize("width", [60, 80, 120, 200])
@pytest.mark.parametrize("name", ALL)
def test_no_line_is_wider_than_the_page(name: str, width: int, terminal: bool) -> None:
    report = text.render(ALL[name](), terminal=terminal, width=width)
    assert [line for line in report.split("\n") if columns(line) > width] == []


@pytest.mark.parametrize("width", [1, 20, 32])
def test_a_very_narrow_terminal_gets_a_report_too(width: int) -> None:
    assert "softmax" in text.render(mixed(), terminal=True, width=width)


def test_every_lost_point_has_its_promise_reason_and_help() -> None:
    report = " ".join(text.render(mixed()).split())
    for function in mixed().functions:
        lost = [check for check in function.checks if check.score != check.max_score]
        assert not lost or function.promise in report
        for check in lost:
            assert check.title in report
            assert check.message in report
            assert check.hint in report


def test_expected_and_returned_stand_one_above_the_other() -> None:
    lines = text.render(mixed()).split("\n")
    expected = next(line for line in lines if "expected  " in line)
    returned = next(line for line in lines if "returned  " in line)
    assert expected.index("[[") == returned.index("[[")


def test_the_lines_of_a_bill_add_up_to_its_foot() -> None:
    chapter = text.render(mixed()).partition("\nsoftmax: 3 of 10")[2].partition("\n\nsigmoid:")[0]
    lines = re.findall(r"^ +(\+ \d+|\d+ of \d+)  ", chapter, re.MULTILINE)
    assert lines == ["0 of 4", "2 of 2", "0 of 2", "0 of 1", "0 of 1", "+ 1", "3 of 10"]


def test_advice_is_marked_as_costing_nothing() -> None:
    assert "no loop over entries: worth a look (hidden; advisory: costs no points)" in text.render(mixed())


def test_what_holds_but_waits_is_not_called_wrong() -> None:
    report = text.render(mixed())
    assert "shift invariance: not counted, because the results are wrong (hidden)" in report
    assert "leaves x alone: not counted, because the results are wrong, as above (hidden)" in report
    assert report.count("it counts only where") == 1


def test_one_reason_for_many_checks_is_said_once() -> None:
    report = text.render(filled_with("the same words"))
    assert report.count("Try: the same words") == len(mixed().functions[0].mistakes) + len(mixed().functions) - 1


def test_a_right_submission_has_no_chapters() -> None:
    assert "It should" not in text.render(right())


def test_without_a_jail_the_report_says_so_twice() -> None:
    assert text.render(not_isolated()).count("NOT ISOLATED") == 2


def test_what_was_not_graded_is_our_fault() -> None:
    assert "not graded: our fault, no points were taken" in text.render(not_graded())


def test_a_file_or_pipe_gets_plain_lines() -> None:
    stream = io.StringIO()
    text.print_report(mixed(), stream, "all")
    assert stream.getvalue() == text.render(mixed())
    assert stream.getvalue().isascii()


def test_a_terminal_gets_colours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    text.print_report(mixed(), screen := Terminal())
    assert "\x1b[31m" in screen.getvalue()
    text.print_report(mixed(), stream := Terminal(), "all")
    assert "\x1b[31m" in stream.getvalue()
    assert "╭" in stream.getvalue()


@pytest.mark.parametrize(("variable", "value"), [("NO_COLOR", "1"), ("TERM", "dumb")])
def test_no_colours_where_they_are_not_wanted(monkeypatch: pytest.MonkeyPatch, variable: str, value: str) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv(variable, value)
    text.print_report(mixed(), stream := Terminal())
    assert "\x1b" not in stream.getvalue()


def test_a_stream_that_cannot_encode_a_character_gets_the_rest() -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii")
    text.print_report(filled_with("\U0001f600 smile"), stream, "all")
    stream.flush()
    assert b"\\U0001f600 smile" in raw.getvalue()


def test_rich_is_imported_for_terminals_only() -> None:
    """It takes half as long to import as numpy."""
    program = """
import sys, report.sample_grades, grader.report.formats.text
grader.report.formats.text.render(report.sample_grades.mixed())
sys.exit("rich" in sys.modules)
"""
    subprocess.run([sys.executable, "-c", program], env={"PYTHONPATH": ":".join(sys.path)}, check=True)


def test_wide_characters_wrap_by_their_columns() -> None:
    assert wrap("日本語" * 10, 20) == ["日本語日本語日本語日", "本語日本語日本語日本", "語日本語日本語日本語"][:3]


def test_wrapping_keeps_the_indentation_of_a_row() -> None:
    assert wrap(" [1.0 2.0 3.0 4.0 5.0 6.0 7.0]", 22) == [" [1.0 2.0 3.0 4.0 5.0", " 6.0 7.0]"]
