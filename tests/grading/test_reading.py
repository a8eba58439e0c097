"""What a child tells of a submission is a claim: its form is looked at, and what can't be read awaits a person."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from boots import boot_with
from hypothesis import given, settings
from hypothesis import strategies as st
from submitting import extracted

from grader.errors import HarnessError, SandboxError
from grader.extraction.model import Extraction, LeftOut, Required
from grader.grading import reading
from grader.grading.grades import Grade
from grader.grading.reading import BadClaim, decode_claim
from grader.pipeline import grade_submission
from grader.plan.plan import Plan
from grader.report.writing import render
from grader.sandbox.sandbox import Sandbox
from grader.submission.collecting import FoundFile, Note, Upload
from grader.submission.reading import open_upload
from grader.verdict import Verdict

SOURCE = b"import numpy as np\nT = 1\nprint(T)\ndef f(x):\n    for i in x:\n        y = g(np.dot(i, T))\n    return y\n"
WANTED = (Required("f", forbids=("for", "np.dot")), Required("absent"))
UPLOAD = Upload("hw", (FoundFile("hw.py", SOURCE),))


def told(found: Any) -> bytes:
    return json.dumps(found).encode()


def sound() -> Extraction:
    found = extracted(open_upload(UPLOAD), *WANTED)
    return found._replace(layouts=dict(found.layouts), facts=dict(found.facts))


def test_what_a_child_tells_is_what_it_found() -> None:
    assert decode_claim(told(sound()), WANTED) == sound()
    assert sound().facts["f"].uses == (("for", 5), ("np.dot", 6))


@pytest.mark.parametrize(
    "changed",
    [
        {"modules": {"hw": 1}},
        {"modules": {"../hw": ""}},
        {"modules": []},
        {"entries": {"f": ["hw"]}},
        {"entries": {"f": ["other", "f"]}},
        {"entries": {"f": ["hw", "f"], "print": ["hw", "print"]}},
        {"entries": {}},
        {"missing": {"absent": None}},
        {"missing": {}},
        {"missing": {"absent": "", "sum": "It is 100 of 100."}},
        {"remarks": {"f": [["right"]]}},
        {"left_out": [["hw.py"]]},
        {"problems": "none"},
        {"layouts": {"hw": ["hw.py", [1, 5], [None]]}},
        {"layouts": {"hw": ["hw.py", [5, 1], [1, 2]]}},
        {"facts": {"f": [[["for", -1]], None, None]}},
        {"facts": {"f": [[], [1, "many"], None]}},
        {"files": "1"},
        {"holdings": [["hw.py", ["f"], 1]] * 301},
        {"holdings": [["a/" * 10_000, ["f"], 1]]},
    ],
)
def test_a_claim_of_another_form_is_refused(changed: dict[str, Any]) -> None:
    claim = json.loads(told(sound()._asdict())) | changed
    with pytest.raises(BadClaim):
        decode_claim(told(list(claim.values())), WANTED)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 10**20) | st.floats() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=12,
)


@given(JSON)
@settings(max_examples=300, deadline=None)
def test_no_json_is_more_than_refused(value: Any) -> None:
    with pytest.raises(BadClaim):
        decode_claim(told(value), WANTED)


@given(st.data())
@settings(max_examples=300, deadline=None)
def test_a_claim_with_a_changed_part_is_refused_or_points_nowhere_else(data: st.DataObject) -> None:
    claim = json.loads(told(sound()))
    place = data.draw(st.integers(0, len(claim) - 1))
    claim[place] = data.draw(JSON)
    try:
        found = decode_claim(told(claim), WANTED)
    except BadClaim:
        return
    assert found.entries.keys() <= {"f", "absent"}
    assert {module for module, _ in found.entries.values()} <= found.modules.keys()


@pytest.mark.parametrize("raw", [b"", b"\xff", b"[" * 100_000, b"{", b"NaN", b"9" * 10_000])
def test_what_is_no_json_is_refused(raw: bytes) -> None:
    with pytest.raises(BadClaim):
        decode_claim(raw, WANTED)


def test_what_is_said_of_a_submission_has_a_bounded_length() -> None:
    long = "x" * 100_000
    claim = sound()._replace(missing={"absent": long}, problems=(Note(long, long),), left_out=(LeftOut(long, long),))
    found = decode_claim(told(claim), WANTED)
    assert {len(found.missing["absent"]), *map(len, found.problems[0]), *map(len, found.left_out[0])} == {4_000}


# --- what can't be read ---

#: In place of what reads and slices, as if a submission had made it do so.
ENDINGS = {
    "it never ends": ("while True: pass", "while what was handed in was read"),
    "it sleeps": ("import time; time.sleep(60)", "by the wall clock while what was handed in was read"),
    "it runs out of memory": ("bytearray(1 << 40)", "more memory"),
    "it ends the process": ("import os; os._exit(0)", "exit status 0"),
    "it crashes": ("import os; os.abort()", "crashed the process"),
    "it finds too much": ("in_child._AS_JSON = LONG", "more than 8 MiB"),
    "it tells nothing": ("return b''", "the grader's own line"),
    "it tells too much": ("return bytes(9 << 20)", "announced too much"),
    "it tells of other functions": ("return b'[{}, {}, {}, {}, [], [], {}, [], {}, 1]'", "the grader's own line"),
}
CHANGE = """
from _grade_worker.extraction import in_child
class LONG:
    encode = staticmethod(lambda _: 'x' * (9 << 20))
def _extraction_of(*asked):
    {body}
if {whole}:
    in_child.read_and_slice = _extraction_of
else:
    in_child._extraction = _extraction_of
real = in_child.read_and_slice
in_child.read_and_slice = lambda asked: b"" if asked[1][0][0] == "rehearsal.py" else real(asked)
"""


def boot(ending: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    body, _ = ENDINGS[ending]
    boot_with(CHANGE.format(body=body, whole="return" in body), tmp_path, monkeypatch)
    monkeypatch.setattr(reading, "READ_SECONDS", 0.1)


@pytest.mark.parametrize("ending", ENDINGS)
def test_what_can_not_be_read_awaits_a_person(
    ending: str, plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    boot(ending, tmp_path, monkeypatch)
    with Sandbox() as box:
        grade = grade_submission(UPLOAD, plan, box)
    assert (grade.verdict, grade.reason, grade.score) == (Verdict.AWAITING, "unreadable", None)
    assert {function.verdict for function in grade.functions} == {Verdict.AWAITING}
    assert ENDINGS[ending][1] in grade.problems[-1].message


@pytest.fixture
def unreadable(plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Grade]:
    boot("it never ends", tmp_path, monkeypatch)
    with Sandbox() as box:
        yield grade_submission(UPLOAD, plan, box)


def test_every_report_says_that_a_person_has_to_look(unreadable: Grade) -> None:
    for form in ("text", "markdown", "html"):
        assert "could not be read: a person will look at it" in " ".join(render(unreadable, form).split())
    told = json.loads(render(unreadable, "json"))
    assert (told["verdict"], told["reason"], told["score"]) == ("awaiting", "unreadable", None)


def test_a_fault_of_ours_while_it_is_read_is_no_persons_affair_but_ends_with_ours(
    plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    boot_with(CHANGE.format(body="raise KeyError('no')", whole=False), tmp_path, monkeypatch)
    with Sandbox() as box, pytest.raises(HarnessError, match=r"fault of the grader itself.*KeyError") as caught:
        grade_submission(UPLOAD, plan, box)
    assert caught.value.exit_code == 4


def test_no_sandbox_is_no_fault_of_a_submission(plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    boot_with("raise SystemExit", tmp_path, monkeypatch)
    with Sandbox() as box, pytest.raises(SandboxError):
        grade_submission(UPLOAD, plan, box)
