"""What a right helper answered to a call is given again to the same call, unless its answers hang on more than that."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from rubric.language import Course

from grader.authoring.soundness.purity import purity_section
from grader.sandbox.helper_answers import MOST_BYTES, MOST_BYTES_EACH, HelperAnswers, KnownAnswer
from grader.sandbox.sandbox import Sandbox

FUNCTIONS = """\
  halve:
    points: 1
    returns: number
    arguments: {x: "normal()"}
    checks: [{value: any, points: 1}]
  double:
    points: 2
    needs: [halve]
    returns: number
    arguments: {x: "normal()"}
    checks: [{value: any, points: 2}]
"""
REFERENCE = """\
def halve(x):
    return x / 2

def double(x):
    return 4 * halve(x)
"""
COUNTING = REFERENCE.replace("def halve(x):\n", "CALLS = []\n\ndef halve(x):\n    CALLS.append(x)\n").replace(
    "return x / 2", "return x / 2 + len(CALLS)"
)
WRONG = "def halve(x):\n    return 0.0\n\ndef double(x):\n    return 4 * halve(x)\n"


def course(tmp_path: Path, box: Sandbox, pure: str = "", reference: str = REFERENCE) -> Course:
    return Course(tmp_path, box, FUNCTIONS.replace("    returns", f"    {pure}\n    returns", 1), reference)


def count_children(box: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Counts the reference's own children that are opened from now on."""
    seen: Counter[str] = Counter()
    real = Sandbox._open_helper

    def opening(self: Sandbox, *given: object) -> object:
        seen["reference"] += 1
        return real(self, *given)  # type: ignore[arg-type]

    monkeypatch.setattr(Sandbox, "_open_helper", opening)
    return seen


@pytest.mark.parametrize(("pure", "children"), [("", 1), ("pure: false", 2)], ids=["kept", "asked each time"])
def test_the_second_student_with_the_same_wrong_helper_needs_the_reference_only_where_it_changes(
    tmp_path: Path, box: Sandbox, monkeypatch: pytest.MonkeyPatch, pure: str, children: int
) -> None:
    given = course(tmp_path, box, pure)
    plan = given.plan(3)
    seen = count_children(box, monkeypatch)
    grades = [given.grade(WRONG + f"# {student}\n", plan=plan) for student in ("ada", "bo")]
    assert [[f.score for f in grade.functions] for grade in grades] == [[0, 2], [0, 2]]
    assert seen["reference"] == children


def known(name: str = "halve", size: int = 8) -> KnownAnswer:
    return KnownAnswer(name, weight=2048, entries=1, answer=bytes(size), answer_entries=1)


def test_answers_are_kept_within_bounds_and_none_that_is_large_or_changing() -> None:
    answers = HelperAnswers(["draws"])
    answers.keep(b"1", known())
    answers.keep(b"2", known(name="draws"))
    answers.keep(b"3", known(size=MOST_BYTES_EACH))
    assert [answers.find(call) for call in (b"1", b"2", b"3")] == [known(), None, None]
    most = 2 * MOST_BYTES // MOST_BYTES_EACH
    for number in range(most):
        answers.keep(f"{number:05}".encode(), known(size=MOST_BYTES_EACH - 2048))
    kept = [number for number in range(most) if answers.find(f"{number:05}".encode())]
    assert 0 < len(kept) * (MOST_BYTES_EACH - 2048) <= MOST_BYTES


@pytest.mark.parametrize("kind", ["MemoryError", "RecursionError"])
def test_what_one_submission_does_to_the_references_process_is_not_passed_on_to_the_next(kind: str) -> None:
    answers = HelperAnswers()
    answers.keep(b"1", known(), kind)
    answers.keep(b"2", known(), "ValueError")
    assert (answers.find(b"1"), answers.find(b"2")) == (None, known())


def test_verify_names_a_helper_that_answers_the_same_call_in_another_way(tmp_path: Path, box: Sandbox) -> None:
    [said] = purity_section(course(tmp_path, box, reference=COUNTING).plan(3)).differences
    assert said.startswith("halve: the reference answers the same call in another way")
    assert "pure: false" in said


def test_verify_is_content_with_helpers_that_hang_on_their_arguments(tmp_path: Path, box: Sandbox) -> None:
    section = purity_section(course(tmp_path, box).plan(3))
    assert (section.differences, section.summary) == ((), "1 that others need answer the same call the same way")
