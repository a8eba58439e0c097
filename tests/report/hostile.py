"""Text as a submission might plant it in a report, and grades that hold it wherever there is text."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from itertools import cycle
from typing import Any

import msgspec
from hypothesis import settings
from hypothesis import strategies as st
from report.sample_grades import mixed

from grader.grading.grades import Grade
from grader.verdict import Verdict

NASTY = [
    "<script>alert(1)</script>",
    "</pre></style></details><img src=x onerror=alert(1)>",
    "{{ 7 * 7 }}{% include 'x' %}",
    "&lt;b&gt; &amp; &#x3c;i&#x3e;",
    "]]><!-- -->",
    "# a heading",
    "- a list",
    "1. a list",
    "> a quote",
    "    indented code",
    "===",
    "| a | table |\n| --- | --- |",
    "[a link](https://example.org) ![a picture](https://example.org/x.png)",
    "<https://example.org> https://example.org www.example.org someone@example.org @someone #1",
    "[x]: https://example.org 'a definition'",
    "` `` ``` ```` ~~~ ~~x~~ *x* **x** _x_ __x__ $x$",
    "```\n</code>\n~~~\n````",
    "\\| \\` \\",
    "[bold red]rich markup[/] :smile:",
    "\x1b[31mred\x1b[0m \x1b]8;;https://example.org\x07link\x1b]8;;\x07 \x1b]0;title\x07 \x9b2J \x90dcs\x9c",
    "NUL \x00, bell \x07, backspace \x08, return \rover, escape \x1b, delete \x7f, next line \x85, \ufffe \uffff",
    "right to left \u202e gnp.exe \u2066isolate\u2069 \u200f",
    "zero\u200bwidth\u200d joiner \ufeff tags \U000e0041 lines \u2028 \u2029",
    "a lone \ud800 surrogate \udfff",
    "emoji \U0001f600 \U0001f468‍\U0001f469 \u3164 filler",
    "marks " + "x" + "\u0301" * 50,
    "::error file=x::y",
    "  ::add-mask::secret",
    "\n::set-output name=score::100\n\t::stop-commands::x",
    "##[error]x ##vso[task.complete result=Failed;]x ##teamcity[x]",
    "=1+1",
    "tab\tand\ttab",
    "",
    " ",
]

SHOWN_NOWHERE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})

texts = st.sampled_from(NASTY) | st.text(st.characters(exclude_categories=()), max_size=30)

#: How fast an example runs says nothing here.
untimed = settings(deadline=None)

#: Our own words, which nobody else writes.
_OURS = {"visibility", "audience", "level", "verdict"}


def filled(text: Callable[[], str]) -> Grade:
    """The mixed grade with every free text replaced by what `text` gives next."""
    grade: Grade = _replaced(mixed(), text)
    return grade


def filled_with(*texts: str) -> Grade:
    """The mixed grade with these texts, in turn, in every place that holds text."""
    return filled(cycle(texts).__next__)


def _replaced(value: Any, text: Callable[[], str]) -> Any:
    if isinstance(value, str) and not isinstance(value, Verdict):
        return text()
    if isinstance(value, tuple):
        return tuple(_replaced(each, text) for each in value)
    if isinstance(value, dict):
        return {f"{text()}": _replaced(each, text) for each in value.values()}
    if isinstance(value, msgspec.Struct):
        fields = {name: getattr(value, name) for name in value.__struct_fields__ if name not in _OURS}
        return msgspec.structs.replace(value, **{name: _replaced(each, text) for name, each in fields.items()})
    return value


@st.composite
def grades(draw: st.DrawFn) -> Grade:
    """Grades with hostile text in every place."""
    return filled_with(*draw(st.lists(texts, min_size=1, max_size=7)))


def unshowable(report: str) -> Iterator[str]:
    """The characters of a report that should have been shown as escapes; the line end is ours."""
    return (char for char in report if char != "\n" and unicodedata.category(char) in SHOWN_NOWHERE)
