"""The report as one HTML page that needs nothing else: no script, no picture, no font, no network.

Text is escaped by jinja2's autoescape, and by the page's own policy a browser runs nothing and loads nothing.
"""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from pathlib import Path

# This module is imported only when HTML is asked for: jinja2 takes as long to import as numpy.
import jinja2
from markupsafe import Markup

from grader.grading.grades import Grade
from grader.report import wording as words
from grader.report.outline import outline_of

_HERE = Path(__file__).parent


def render(grade: Grade) -> str:
    """The grade as a page."""
    style = (_HERE / "style.css").read_text(encoding="utf-8")
    page: str = _template().render(story=outline_of(grade), words=words, style=Markup(style), policy=_policy(style))
    return page + "\n"


@cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_HERE),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("page.html")


def _policy(style: str) -> str:
    """A content security policy that knows the style sheet by its digest and forbids all else."""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
