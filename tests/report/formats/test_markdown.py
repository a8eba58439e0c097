"""Text in Markdown is shown as it is, whatever it holds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from report.hostile import untimed

from grader.report.formats.markdown import code, code_block, escape

MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])
ticks = st.text(st.sampled_from("`~ ax*"), min_size=1)


@untimed
@given(ticks)
def test_no_backticks_end_a_code_span(text):
    spans = MARKDOWN.parseInline(f"before {code(text)} after")[0].children
    inside = [span.content for span in spans if span.type == "code_inline"]
    assert inside == ([text] if text.strip() else [])


@untimed
@given(st.lists(ticks, min_size=1).map("\n".join))
def test_no_backticks_end_a_code_block(text):
    tokens = MARKDOWN.parse(code_block(text) + "\n\nafter")
    assert (tokens[0].type, tokens[0].content) == ("fence", f"{text}\n")
    assert len(tokens) == 4


@untimed
@given(st.text(st.sampled_from("ab1. -+=#*_`~|<>&;[]()!\\$:/"), min_size=1))
def test_escaped_text_reads_as_it_was(text):
    """Whatever it is made of, it is one paragraph of just that text; blanks at its ends don't show."""
    tokens = MARKDOWN.parse(escape(text))
    assert [token.type for token in tokens] in ([], ["paragraph_open", "inline", "paragraph_close"])
    shown = "".join(child.content for token in tokens for child in token.children or ())
    assert shown == text.strip()


@pytest.mark.parametrize(
    "prose", ["Each row sums to one.", "x is (N, D): don't loop, use np.exp", "off by 0.25 - or so"]
)
def test_ordinary_prose_is_left_alone(prose):
    assert escape(prose) == prose
