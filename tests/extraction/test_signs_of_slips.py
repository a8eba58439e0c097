"""What is read of a submission shows which sorts of repairs there may be, and which of them leave the rest alone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from grading.small_assignment import RIGHT, changed
from grading.test_slips import NOTHING_GAINED, REPAIRED

from grader.extraction.extract import extract
from grader.extraction.model import Extraction, Required
from grader.extraction.repairs.listing import FINDERS, apply_edits, list_repairs
from grader.extraction.repairs.model import Repair, Wanted
from grader.grading.slip_trials import reworded
from grader.submission.collecting import FoundFile, Upload
from grader.submission.reading import Submission, decode_upload, unpack_upload

WANTED = [
    Wanted("double", ("x", "shift")),
    Wanted("both", ("x",), 2),
    Wanted("spread", ("x",)),
    Wanted("count", ("x",)),
]
REQUIRED = [Required(each.name) for each in WANTED]
TEXTS = {"right": RIGHT} | {name: changed((old, new)) for name, (_, old, new) in REPAIRED.items()}
TEXTS |= {name: changed(*changes) for name, changes in NOTHING_GAINED.items()}
#: Sorts of which the source as a whole shows a sign; of the others the functions do.
WHOLE = ("missing import", "misspelt name", "syntax")


def read(text: str) -> tuple[Submission, Extraction]:
    upload = Upload("hw", (FoundFile("hw.py", text.encode()),))
    submission = decode_upload(upload, unpack_upload(upload))
    return submission, extract(submission, REQUIRED, ["numpy"])


def repairs(submission: Submission) -> tuple[Repair, ...]:
    return list_repairs(submission, REQUIRED, ["numpy"], WANTED, list(FINDERS))


@pytest.mark.parametrize("name", TEXTS)
def test_no_repair_is_listed_of_a_sort_of_which_nothing_shows_a_sign(name: str) -> None:
    submission, found = read(TEXTS[name])
    listed = repairs(submission)
    assert {each.sort for each in listed} & {*WHOLE} <= {*found.signs}
    moved = {function for each in listed if each.sort == "indentation" for function in each.functions}
    blocks = {name for name, facts in found.facts.items() if facts.has_blocks}
    assert "indentation" in found.signs or moved <= blocks


def test_a_right_submission_shows_no_sign_but_its_blocks() -> None:
    _, found = read(RIGHT)
    assert found.signs == ()
    assert {name for name, facts in found.facts.items() if facts.has_blocks} == {"count"}


def changing_one_page() -> Iterator[tuple[str, Repair]]:
    for text in TEXTS.values():
        yield from ((text, each) for each in repairs(read(text)[0]) if each.module)


def test_a_repair_that_says_so_changes_these_lines_of_the_page_and_nothing_else() -> None:
    sorts = set()
    for text, repair in changing_one_page():
        submission, found = read(text)
        now = extract(apply_edits(submission, repair.edits), REQUIRED, ["numpy"])
        assert now.modules == {repair.module: reworded(found.modules[repair.module], repair.edits)}
        assert (now.entries, now.missing) == (found.entries, found.missing)
        sorts.add(repair.sort)
    assert sorts == {"missing import", "misspelt name", "indentation", "result order"}


@pytest.mark.parametrize("below", ["", "\n\n\n"])
def test_a_statement_close_below_a_function_may_belong_to_it(below: str) -> None:
    _, found = read(f"def double(x, shift):\n    return x\n{below}shift = 2\n")
    assert found.facts["double"].has_blocks is (not below)


def test_names_that_a_pattern_binds_are_no_misspelt_ones() -> None:
    text = "def count(x):\n    match x.shape:\n        case (n, *rest) | {1: n, **rest}:\n            return n\n"
    assert [each for each in repairs(read(text)[0]) if each.sort == "misspelt name"] == []
