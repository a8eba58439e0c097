"""The pages that people read, in the order in which they are read, and what in them can be run."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent.parent
#: As mkdocs lists them.
ORDER = re.findall(r"^ +- (\S+\.md)$", (ROOT / "mkdocs.yml").read_text(), re.MULTILINE)
#: Texts by their path in the repository.
PAGES = {
    name: (ROOT / name).read_text() for name in ("README.md", *(f"docs/{page}" for page in ORDER), "CONTRIBUTING.md")
}

_BLOCK = re.compile(r"(?:^<!-- ([^\n]+) -->\n)?^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


class Block(NamedTuple):
    """A fenced block of a page."""

    page: str
    mark: str  #: of the comment above it: "grade", "table: times.csv"; empty where there is none
    language: str
    text: str


BLOCKS = [Block(page, *match.groups("")) for page, text in PAGES.items() for match in _BLOCK.finditer(text)]


def lines_of(mark: str) -> list[str]:
    """The lines of the block with this mark, without what is said about each."""
    (block,) = (block for block in BLOCKS if block.mark == mark)
    return [line.split("  #")[0].strip() for line in block.text.splitlines()]


def shell_lines(mark: str = "") -> list[str]:
    """Every command in a block of shell with this mark, each once."""
    found = (block.text for block in BLOCKS if block.language == "sh" and block.mark == mark)
    return list(dict.fromkeys(line.split("  #")[0].strip() for text in found for line in text.splitlines()))


def files(kind: str) -> dict[str, str]:
    """Texts by name of the blocks marked `kind: name`."""
    marked = ((*block.mark.partition(": "), block.text) for block in BLOCKS)
    return {name: text for word, colon, name, text in marked if colon and word == kind}


def text_of(mark: str) -> str:
    """The text of the block with this mark."""
    (block,) = (block for block in BLOCKS if block.mark == mark)
    return block.text


def section(page: str, title: str) -> str:
    """What stands below a heading of a page, up to the next one of its level or above."""
    level = title.count("#", 0, 4)
    found = re.search(rf"^{re.escape(title)}\n(.*?)(?=^#{{1,{level}}} |\Z)", PAGES[page], re.MULTILINE | re.DOTALL)
    assert found is not None, f"{page} has no heading {title!r}"
    return found[1]


def first_cells(text: str) -> set[str]:
    """Everything in backticks in the first column of a text's tables."""
    rows = re.findall(r"^\| (.*?) \|", text, re.MULTILINE)
    return {word for row in rows for word in re.findall(r"`([^`]+)`", row)}


def run(command: str, desk: Path) -> subprocess.CompletedProcess[str]:
    """Run a `grade` command as it stands on a page, in a folder."""
    program = str(Path(sys.executable).with_name("grade"))
    words = [program, *shlex.split(command)[1:]]
    return subprocess.run(words, cwd=desk, capture_output=True, text=True, check=False)
