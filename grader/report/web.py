"""Pages that need nothing else: no picture, no font, no network, and no script but a small one of ours.

Text is escaped by jinja2's autoescape. A page's own policy knows its style and its script by their digests, so a
browser runs nothing else and loads nothing.
"""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from itertools import chain
from pathlib import Path

# This module is imported only when a page is asked for: jinja2 takes as long to import as numpy.
import jinja2
from markupsafe import Markup

#: Where the frame of all pages is, and their common style.
_COMMON = Path(__file__).parent / "formats"


def render_page(template: Path, style: str = "", script: str = "", **story: object) -> str:
    """A page from a template that extends `frame.html`.

    Args:
        template: the file.
        style: more rules, behind those of all pages.
        script: what the page runs, if the browser lets it; it must be complete without.
        story: what the template is told.
    """
    style = (_COMMON / "style.css").read_text(encoding="utf-8") + style
    policy = f"default-src 'none'; style-src '{_digest(style)}'; base-uri 'none'; form-action 'none'"
    policy += f"; script-src '{_digest(script)}'" if script else ""
    stream = _environment(template.parent).get_template(template.name).stream(
        style=Markup(style), script=Markup(script), policy=policy, **story
    )  # fmt: skip
    stream.enable_buffering(_PIECES)
    return "".join(chain(stream, "\n"))


#: So many pieces of a page are joined at a time: all those of a large class at once take ten times as much memory.
_PIECES = 1_000


@cache
def _environment(folder: Path) -> jinja2.Environment:
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader([folder, _COMMON]),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["with_code"] = with_code
    return made


def with_code(text: str) -> Markup:
    """Text in which what stands between two backticks is code; all of it is escaped."""
    parts = text.split("`")
    if len(parts) % 2 == 0:  # a lone one stays as it is
        parts[-2:] = ["`".join(parts[-2:])]
    return Markup("").join(Markup("<code>{}</code>").format(part) if at % 2 else part for at, part in enumerate(parts))


def _digest(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
