"""The report as Markdown (CommonMark with GitHub's tables): for CI summaries, issue trackers and LMS comments.

What a submission may have said stands in code, whose fence is longer than any run of backticks in it; all other text is
escaped. There is no HTML.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from grader.grading.grades import Grade, Problem
from grader.report.outline import CheckEntry, FunctionRow, FunctionSection, Notice, ReportOutline, outline_of
from grader.report.plain_text import fact_sheet, plain
from grader.report.sanitize import inert
from grader.report.wording import DECIDED, READ_DIFF, REPAIRED, SAY_SLIPS, SLIPS, introduce, say_mistake

#: Lines in code aren't wrapped: whoever shows the page lets them scroll.
_UNWRAPPED = 100_000

_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
#: What means something in the middle of a line: emphasis, code, links, tables, strikethrough, formulas.
_MARKS = re.compile(r"[\\`*_\[\]|~$]|#(?!\w)")
#: What means something at the start of one: lists, rules, underlines of headings.
_STARTS = re.compile(r"^((?:\d+(?=[.)](?:\s|$)))?)([-+=.)])")
#: What turns into a link by itself. A backslash before the sign undoes an address. Mentions, mail addresses and
#: numbers of issues are looked for in the finished text, so there the sign goes into code.
_ADDRESSES = re.compile(r":(?=//)|(?<=www)\.", re.IGNORECASE)
_MENTIONS = re.compile(r"[@#](?=\w)")


def render(grade: Grade) -> str:
    """The grade as Markdown."""
    return inert("\n\n".join(_blocks(outline_of(grade))) + "\n")


def escape(text: str) -> str:
    """One line of text as Markdown that shows just that text."""
    text = _MARKS.sub(r"\\\g<0>", text.strip())
    text = re.sub(r"[&<>]", lambda found: _ENTITIES[found[0]], text)
    text = _STARTS.sub(r"\1\\\2", text)
    text = _ADDRESSES.sub(r"\\\g<0>", text)
    return _MENTIONS.sub(r"`\g<0>`", text)


def code(text: str) -> str:
    """One line of text as a code span that no backticks in it can end."""
    fence = "`" * (_longest_run(text) + 1)
    padded = f" {text} " if text.startswith(("`", " ")) or text.endswith(("`", " ")) else text
    return f"{fence}{padded}{fence}" if text.strip() else ""


def code_block(text: str) -> str:
    """Lines of text as a code block that no backticks in it can end."""
    fence = "`" * max(3, _longest_run(text) + 1)
    return f"{fence}text\n{text}\n{fence}"


def _longest_run(text: str) -> int:
    return max((len(run) for run in re.findall("`+", text)), default=0)


def _blocks(story: ReportOutline) -> Iterator[str]:
    yield f"# {escape(story.title)}"
    yield f"**{escape(story.score)}.** {escape(story.headline)}"
    yield " · ".join(filter(None, (code(story.submission), code(story.student))))
    yield from (f"> {_loud(notice)}" for notice in story.notices)
    yield _table(("function", "points", "verdict"), [*map(_row, story.rows), _total(story.total)])
    if story.slips:
        yield from (f"## {SLIPS}", escape(SAY_SLIPS))
        yield from (part for each in story.slips for part in (escape(each.title), code_block(each.diff)))
    yield from _list_items(DECIDED, story.decisions)
    if story.repaired:
        yield from (f"## {REPAIRED}", READ_DIFF, code_block(story.repaired.diff))
    yield from _list_items("About what was handed in", story.problems)
    for chapter in story.chapters:
        yield from _chapter(chapter)
    if story.fine_print:
        yield f"*{escape(story.fine_print)}*"
    yield from _list_items("Not run, since nothing that is graded needs it", story.left_out)
    yield "---"
    yield "; ".join(f"{fact.label} {code(fact.text)}" for fact in story.about)


def _loud(notice: Notice) -> str:
    return f"**{escape(notice.text)}**" if notice.is_alarm else escape(notice.text)


def _table(heads: tuple[str, str, str], rows: Iterable[tuple[str, str, str]]) -> str:
    """A table of three columns; the one that holds points is aligned to the right."""
    rules = tuple("---:" if head == "points" else "---" for head in heads)
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (heads, rules, *rows))


def _row(row: FunctionRow) -> tuple[str, str, str]:
    return escape(row.name), row.points, escape(row.verdict)


def _total(row: FunctionRow) -> tuple[str, str, str]:
    return f"**{row.name}**", f"**{row.points}**", row.verdict


def _list_items(title: str, problems: tuple[Problem, ...]) -> Iterator[str]:
    if problems:
        yield f"## {title}"
        yield "\n".join(f"- {_place(each)}" for each in problems)


def _place(problem: Problem) -> str:
    return f"{code(problem.where)}: {escape(problem.message)}" if problem.where else escape(problem.message)


def _chapter(chapter: FunctionSection) -> Iterator[str]:
    yield f"## {code(chapter.name)}: {chapter.points}, {escape(chapter.verdict)}"
    yield from _say_check("It should", chapter.promise)
    for mistake in chapter.mistakes:
        yield from _say_check(introduce(mistake), say_mistake(mistake))
        yield from _say_check("Try", mistake.hint)
    yield from (f"**Note:** {escape(remark)}" for remark in chapter.remarks)
    yield _table(("points", "check", "verdict"), _bill(chapter))
    for line in (*chapter.lines, *chapter.witnesses):
        yield from _check(line)


def _say_check(label: str, text: str) -> Iterator[str]:
    if text:
        yield f"**{label}:** {escape(text)}"


def _bill(chapter: FunctionSection) -> Iterator[tuple[str, str, str]]:
    for line in chapter.lines:
        yield line.points, escape(line.title), escape(line.verdict)
    yield from ((each.points, each.title, "") for each in chapter.extras)
    yield f"**{chapter.points}**", escape(chapter.name), escape(chapter.verdict)


def _check(line: CheckEntry) -> Iterator[str]:
    """What there is to say of a check beyond its line in the bill."""
    if line.message or line.hint or line.facts:
        yield f"### {escape(line.title)} ({escape('; '.join(line.tags))})"
        if line.message:
            yield escape(line.message)
        yield from _say_check("Try", line.hint)
        if line.facts:
            yield code_block(plain(fact_sheet(line.facts, "", _UNWRAPPED), _UNWRAPPED).rstrip("\n"))
