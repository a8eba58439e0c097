"""The page needs nothing else, runs nothing, and can be read by everybody."""

from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser
from pathlib import Path

import msgspec
import pytest
from report.hostile import NASTY
from report.sample_grades import ALL, mixed, right
from report.screens import grade_samples

import grader.report.formats.html as html_report
from grader.grading.grades import Decision, Grade, HandedFile, StudentCode
from grader.report.audience import for_audience
from grader.report.web import with_code
from grader.report.writing import render

STYLE = (Path(html_report.__file__).parent / "style.css").read_text(encoding="utf-8")


class _Page(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.ids: list[str | None] = []
        self.targets: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        self.tags.append((tag, given))
        self.ids += [given["id"]] if "id" in given else []
        self.targets += [(value or "").lstrip("#") for name, value in attributes if name in ("href", "aria-labelledby")]


def test_the_page_loads_and_runs_nothing() -> None:
    page = render(mixed(), "html")
    assert not re.search(r"<script|<link|<img|<iframe|\bsrc=|\bon\w+=|@import|url\(|https?://", page)
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL)
    assert style is not None
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert f"default-src &#39;none&#39;; style-src &#39;sha256-{digest}&#39;" in page


@pytest.mark.parametrize("name", ALL)
def test_the_page_can_be_read_by_ear(name: str) -> None:
    """It has a language, a title, one h1, landmarks, table headers with a scope, and links that lead somewhere."""
    page = _Page(render(ALL[name](), "html"))
    tags = [tag for tag, _ in page.tags]
    assert dict(page.tags)["html"]["lang"] == "en"
    assert [tags.count(each) for each in ("h1", "main", "footer", "title")] == [1, 1, 1, 1]
    assert tags.count("caption") == tags.count("table")
    heads = [given for tag, given in page.tags if tag == "th" and "aria-hidden" not in given]
    assert all(given.get("scope") in ("row", "col") for given in heads)
    assert set(page.targets) <= set(page.ids)
    assert len(page.ids) == len(set(page.ids))


def _with_code(text: str) -> Grade:
    return msgspec.structs.replace(mixed(), code=(StudentCode("sigmoid_grad", "hw1.py", 30, text),))


def test_the_line_where_it_stopped_is_marked_in_the_function_s_own_source() -> None:
    page = render(_with_code("def sigmoid_grad(s):\n    return s[0, :]"), "html")
    marked = re.findall(r'<span class="row marked">(.*?)\n+</span>', page, re.DOTALL)
    assert [re.sub("<[^>]*>|&#9656;", "", each) for each in marked] == ["  31 it stopped here:     return s[0, :]"]


def test_a_student_s_page_marks_no_line_of_a_hidden_check() -> None:
    grade = _with_code("def sigmoid_grad(s):\n    return s[0, :]")
    (only,) = [each for each in grade.functions if each.name == "sigmoid_grad"]
    hidden = msgspec.structs.replace(only, checks=(msgspec.structs.replace(only.checks[0], visibility="hidden"),))
    shown = for_audience(msgspec.structs.replace(grade, functions=(hidden,)), "student")
    assert "it stopped here" not in render(shown, "html")


@pytest.mark.parametrize("planted", NASTY)
def test_planted_source_is_text(planted: str) -> None:
    tags = {tag for tag, _ in _Page(render(_with_code(f"x = 1\n{planted}\n"), "html")).tags}
    assert tags == {tag for tag, _ in _Page(render(_with_code("x = 1\nx\n"), "html")).tags}


def test_the_top_says_who_when_which_attempt_which_file_and_the_score_before_anything_else() -> None:
    known = {"handed_at": "2026-11-20 23:10", "attempt": "2 of 3", "files": (HandedFile("hw1.py", "ab" * 32),)}
    decided = (Decision("2026-11-25", "A bracket was missing."),)
    page = render(msgspec.structs.replace(mixed(), decisions=decided, **known), "html")
    top, _, rest = page.partition("<main>")
    assert all(each in top for each in ("s1042", "2026-11-20 23:10", "2 of 3", "ab" * 8, "13.33 of 37 points"))
    assert rest.index("Why points were lost") < rest.index("A bracket was missing.") < rest.index("Every check")


def _palettes() -> list[dict[str, str]]:
    blocks = re.findall(r":root \{(.*?)\}", STYLE, re.DOTALL)
    return [dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", block)) for block in blocks]


def _luminance(colour: str) -> float:
    """Relative luminance as WCAG 2 defines it, from #rrggbb."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_the_palettes_are_for_light_dark_and_paper() -> None:
    assert [len(each) for each in _palettes()] == [12, 12, 12]


@pytest.mark.parametrize("palette", _palettes())
@pytest.mark.parametrize("ink", ["ink", "quiet", "link", "good", "part", "bad", "open"])
def test_text_is_readable_on_page_and_panel(palette: dict[str, str], ink: str) -> None:
    """WCAG 2 level AA asks for a contrast of 4.5."""
    assert min(_contrast(palette[ink], palette[ground]) for ground in ("page", "panel")) >= 4.5


@pytest.mark.parametrize("palette", _palettes())
def test_alarms_are_readable(palette: dict[str, str]) -> None:
    assert _contrast(palette["alarm"], palette["alarm-page"]) >= 4.5


def test_a_right_submission_fits_one_screen_of_markdown() -> None:
    assert len(render(right(), "markdown").split("\n")) < 20


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("use `a < b`, or `c`", "use <code>a &lt; b</code>, or <code>c</code>"),
        ("a lone ` stays", "a lone ` stays"),
        ("`a` and a lone `", "<code>a</code> and a lone `"),
        ("<b>", "&lt;b&gt;"),
    ],
)
def test_what_stands_between_backticks_is_code_and_all_of_it_is_escaped(text: str, shown: str) -> None:
    assert with_code(text) == shown


def test_a_slip_says_what_to_write_and_counts_no_checks() -> None:
    page = render(grade_samples(["missing_function"])["missing_function"], "html")
    card = page.partition("A small slip: misspelt name. It was repaired.")[2].partition("</article>")[0]
    assert "should be <code>def softmax_cross_entropy_grad(theta, y):</code>" in card
    assert "checks" not in card


def test_the_inputs_of_other_calls_are_told_from_those_of_the_example() -> None:
    beside = {
        "earlier": {"x": "[11.0]"},
        "later": {"x": "[12.0]"},
        "right_on": {"x": "[13.0]"},
        "tried": "Of 9 inputs.",
    }
    shown = [
        msgspec.structs.replace(
            each,
            witnesses=tuple(
                msgspec.structs.replace(w, details=msgspec.structs.replace(w.details, **beside)) for w in each.witnesses
            ),
        )
        for each in mixed().functions
    ]
    page = render(msgspec.structs.replace(mixed(), functions=tuple(shown)), "html")
    for name, text in (("in a call before it", "11"), ("in a call after it", "12"), ("where it is right", "13")):
        assert re.search(rf"<code>x, {name}</code></dt><dd><pre [^>]*>\[{text}", page), name
    assert "<p>Of 9 inputs.</p>" in page


def test_a_page_says_which_of_true_and_false_is_right() -> None:
    grade = grade_samples(["gradcheck_always_true"])["gradcheck_always_true"]
    assert "<p>False is right here. Of 43 new inputs: " in render(for_audience(grade, "student"), "html")
