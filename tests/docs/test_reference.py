"""What can be said to `grade`, and what comes back, has its place: options, verdicts, exit codes, limits, layouts."""

from __future__ import annotations

import re
from types import ModuleType

import click
import pytest
from click.testing import CliRunner
from docs.pages import PAGES, first_cells, section
from planted.assemble import variants

from grader.cli import main
from grader.errors import AssignmentError, GradeError, HarnessError, UsageError
from grader.feedback.counterexamples import MOST_SECONDS
from grader.grading.allowance import PATIENCE
from grader.grading.execution import MAX_SKIPPED
from grader.limits import (
    FIRST_SECONDS,
    REFERENCE_TIMES,
    SECOND_WALL_FACTOR,
    SUBMISSION_WALL_FACTOR,
    WALL_FACTOR,
    Limits,
)
from grader.sandbox import session
from grader.sandbox.sandbox import LOAD_SHARE
from grader.submission import archives, collecting, notebooks
from grader.verdict import Verdict
from grader.worker import capture
from grader.worker.shared import messages, wire

CONTEXT = click.Context(main)


def options_of(name: str) -> list[click.Option]:
    command = main.get_command(CONTEXT, name)
    assert command is not None
    return [each for each in command.params if isinstance(each, click.Option) and not each.hidden]


# -- commands ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", main.list_commands(CONTEXT))
def test_each_option_of_a_command_has_its_row(name: str) -> None:
    text = section("docs/commands.md", f"## grade {name}")
    assert first_cells(text) == {word for option in options_of(name) for word in option.opts}
    for option in options_of(name):
        (row,) = re.findall(rf"^\| .*`{max(option.opts, key=len)}` \|.*", text, re.MULTILINE)
        choices = option.type.choices if isinstance(option.type, click.Choice) else ()
        assert all(str(choice) in row for choice in choices)
        if isinstance(option.default, str) and option.default:
            assert f"Default: `{option.default}`" in row


def test_each_layout_has_its_row() -> None:
    (layout,) = (option for option in options_of("batch") if option.name == "layout")
    assert isinstance(layout.type, click.Choice)
    rows = first_cells(section("docs/grade-a-class.md", "## How the class lies there"))
    assert rows - {"--layout"} == set(layout.type.choices)


def test_each_format_has_its_row() -> None:
    said = CliRunner().invoke(main, ["run", "x.py", "-o", "x", "--format", "zzzzz"]).stderr
    formats = said.rpartition("there are ")[2].strip().split(", ")
    assert first_cells(PAGES["docs/reports.md"].partition("## Verdicts")[0]) == set(formats)


# -- results -------------------------------------------------------------------------------------------------------


def test_each_verdict_has_its_row() -> None:
    assert first_cells(section("docs/reports.md", "## Verdicts")) == set(Verdict)


def family(kind: type[GradeError]) -> set[type[GradeError]]:
    return {kind}.union(*map(family, kind.__subclasses__()))


def test_each_exit_code_has_its_row() -> None:
    rows = dict(re.findall(r"^\| (\d+) \| (.*?) \|$", PAGES["docs/grade-one.md"], re.MULTILINE))
    assert set(rows) == {"0", "1", "130"} | {str(kind.exit_code) for kind in family(GradeError)}
    assert "usage" in rows[str(UsageError.exit_code)]
    assert "rubric" in rows[str(AssignmentError.exit_code)]
    assert "sandbox" in rows[str(HarnessError.exit_code)]


# -- limits --------------------------------------------------------------------------------------------------------

LIMITS = " ".join(PAGES["docs/limits.md"].split())
#: What the page calls a cap.
CAPS = {
    collecting: {
        "MAX_SCRIPT": "bytes of one `.py` file, or of a notebook's code",
        "MAX_LINES": "lines and semicolons of one file",
        "MAX_NOTEBOOK": "bytes of a notebook, with its plots",
        "MAX_ARCHIVE": "bytes of an archive, packed",
        "MAX_TOTAL": "bytes of all sources together",
        "MAX_OTHERS": "bytes of files by other names, together, that are looked at",
        "MAX_FILES": "files of source in a submission",
        "MAX_ENTRIES": "files and folders looked at",
        "MAX_DEPTH": "folders within folders",
        "MAX_NAME": "characters of a path",
        "MAX_PROBLEMS": "problems said one by one; the rest is counted",
        "MAX_UNPACKED": "bytes that are unpacked from archives",
    },
    archives: {
        "MAX_MEMBERS": "entries of an archive",
        "MAX_RATIO": "unpacked to packed size of one file in a zip, above 1 MiB",
        "MAX_NESTING": "archives within archives, the outer one included",
    },
    notebooks: {
        "MAX_CELLS": "cells of a notebook",
        "MAX_BESIDE": "characters of Markdown and raw cells that are searched for a definition",
    },
    wire: {
        "MAX_DEPTH": "depth of lists within lists",
        "MAX_NODES": "values inside a value",
        "MAX_KEYS": "keys of one dictionary",
        "MAX_INT_BYTES": "bytes of one integer",
        "MAX_DIMENSIONS": "dimensions of an array",
        "MAX_TYPE_NAME": "characters of a type's name",
    },
    messages: {
        "MAX_TEXT": "characters of an exception's text",
        "MAX_NAME": "characters of a type's name",
        "MAX_FAULTS": "statements that fail while loading, said one by one",
        "MAX_STARTED": "statements that have their time each while loading",
    },
}


def in_words(name: str, value: int) -> str:
    """A cap as the page writes it: sizes that are round in KiB or MiB with their unit."""
    if name in ("MAX_SCRIPT", "MAX_NOTEBOOK", "MAX_ARCHIVE", "MAX_TOTAL", "MAX_UNPACKED", "MAX_OTHERS"):
        return f"{value >> 20} MiB" if value >= 1 << 20 else f"{value >> 10} KiB"
    return f"{value:,}"


@pytest.mark.parametrize("module", CAPS, ids=lambda module: module.__name__.rpartition(".")[2])
def test_each_cap_has_its_row_with_its_value(module: ModuleType) -> None:
    values = {name: value for name, value in vars(module).items() if name.startswith("MAX_") and _is_own(module, name)}
    assert values.keys() == CAPS[module].keys()
    for name, value in values.items():
        assert f"| {CAPS[module][name]} | {in_words(name, value)} |" in LIMITS


def _is_own(module: ModuleType, name: str) -> bool:
    """Whether a constant is made here, and not imported from another of these modules."""
    others = (wire, collecting)
    return module in others or not any(name in vars(other) and name not in CAPS[module] for other in others)


def test_each_limit_of_a_submission_is_said_with_its_value() -> None:
    limits = Limits()
    said = {
        "call_seconds": f"*Default {limits.call_seconds:g} s.*",
        "submission_seconds": f"*Default {limits.submission_seconds:g} s.*",
        "memory_bytes": f"*Default {limits.memory_bytes >> 30} GiB.*",
        "output_bytes": f"*Default {limits.output_bytes >> 10} KiB.*",
        "result_bytes": f"*{limits.result_bytes >> 20} MiB, fixed.*",
    }
    assert set(said) == set(Limits.__struct_fields__)
    assert [words for words in said.values() if words not in LIMITS] == []
    assert f"Every call has {FIRST_SECONDS:g} s." in LIMITS
    assert f"a call may take {REFERENCE_TIMES:,} times as long" in LIMITS
    assert f"The wall clock may take {WALL_FACTOR} times as long," in LIMITS
    assert f"may then take {SECOND_WALL_FACTOR} times as long" in LIMITS
    in_all = SUBMISSION_WALL_FACTOR * limits.submission_seconds
    assert f"may take {SUBMISSION_WALL_FACTOR} times as long: {in_all:g} s." in LIMITS
    assert (PATIENCE, LOAD_SHARE) == (2, 0.5), "two functions, and half"
    assert (
        f"Each of them may take what one call may, {limits.call_seconds:g} s, and no more than half of what is left"
        in LIMITS
    )
    assert f"without it, at most {MAX_SKIPPED} times" in LIMITS
    assert f"takes {MOST_SECONDS:g} s of it at most" in LIMITS
    assert f"*{session.MAX_CALLBACKS:,} in one call, fixed.*" in LIMITS
    in_all = session.MAX_RESULTS * limits.result_bytes >> 20
    assert f"{session.MAX_RESULTS} times as much in all: {in_all} MiB" in LIMITS
    assert f"more than {capture.FLOOD_BYTES >> 20} MiB in all" in LIMITS


# -- what is measured ----------------------------------------------------------------------------------------------


def test_as_many_planted_solutions_are_there_as_the_pages_say() -> None:
    rows = dict(
        re.findall(r"^\| (right|wrong) (?:solutions|ones).*?\| (\d+)[,;]", PAGES["docs/measured.md"], re.MULTILINE)
    )
    assert rows == {kind: str(len(list(variants(kind)))) for kind in ("right", "wrong")}
    for kind, count in rows.items():
        assert re.search(rf"^\| {kind} solutions.*?\| {count};", PAGES["README.md"], re.MULTILINE)
