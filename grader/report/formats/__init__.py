"""One module for each format of a report, imported when it is asked for, and the one table of them."""

from __future__ import annotations

from typing import NamedTuple


class Format(NamedTuple):
    """A format: a module here with a function `render(grade) -> str`."""

    module: str
    suffix: str = ""  #: of files in it; empty where `--format` alone asks for it
    note: str = ""  #: what the help says beside the suffix
    is_kept: bool = False  #: whether a class's instructor has one of each student; others are made on demand
    is_returned: bool = False  #: whether each student of a class gets a report in it
    is_published: bool = False  #: whether they get it once something is published: it takes longer to make
    tells_failure: bool = False  #: whether its module also has `render_failure(sentence)`, where nothing was graded
    log_of: str = ""  #: the variable of a CI system into whose log it goes beside the screen, there by itself


#: By the name that --format takes.
FORMATS = {
    "json": Format("json_report", ".json", is_kept=True, is_returned=True),
    "markdown": Format("markdown", ".md", is_returned=True),
    "html": Format("html", ".html", is_published=True),
    "junit": Format("junit", ".xml", " (JUnit)"),
    "gradescope": Format("gradescope", tells_failure=True),
    "github": Format("github", log_of="GITHUB_ACTIONS"),
    "text": Format("text", ".txt"),
}


def describe_suffixes() -> str:
    """ ".json, .md or .txt", for a help text."""
    *most, last = (f"{each.suffix}{each.note}" for each in FORMATS.values() if each.suffix)
    return f"{', '.join(most)} or {last}"


def describe_others() -> str:
    """Those that no suffix says, for a help text."""
    return ", ".join(name for name, each in FORMATS.items() if not each.suffix)


def kept_suffixes() -> dict[str, str]:
    """The suffixes of the reports of each student that a class's instructor has, and what their formats are called."""
    return {each.suffix: name for name, each in FORMATS.items() if each.is_kept}


def returned_suffixes() -> dict[str, str]:
    """The suffixes of the reports that each student of a class gets, and what their formats are called."""
    return {each.suffix: name for name, each in FORMATS.items() if each.is_returned}


def published_suffixes() -> dict[str, str]:
    """The same with those that a student gets once something is published."""
    return {each.suffix: name for name, each in FORMATS.items() if each.is_returned or each.is_published}
