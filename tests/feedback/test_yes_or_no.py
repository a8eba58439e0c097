"""How a function errs that answers True or False is said of what it was asked, and only where enough was."""

from __future__ import annotations

import pytest

from grader.feedback.yes_or_no import TruthAnswer, describe_tendency


def answers(due: str, given: str) -> list[TruthAnswer]:
    """Of letters such as "TTFF": what is right, and what was answered."""
    return [TruthAnswer(want == "T", want == got) for want, got in zip(due, given, strict=True)]


@pytest.mark.parametrize(
    ("due", "given", "headline", "counts"),
    [
        ("TTFF", "TTTT", "It answers True to everything.", "where False is right (2), it answers True each time."),
        ("FFTT", "FFFF", "It answers False to everything.", "where True is right (2), it answers False each time; "),
        ("TFTF", "FTFT", "It answers True and False the wrong way round.", "Of 4 new inputs: "),
        ("TFFF", "TFTF", "It answers True where False is right.", "where False is right (3), it answers True once."),
        ("TFTF", "TFFF", "It answers False where True is right.", "where False is right (2), it answers False."),
        ("FFFF", "FTTF", "It answers True where False is right.", "Of 4 new inputs: where False is right (4), it"),
        ("FFFF", "FTTF", "It answers True where False is right.", "answers True twice."),
        (
            "TFTFT",
            "FTTFT",
            "It answers True where False is right, and False where True is right.",
            "where True is right (3), it answers False once; where False is right (2), it answers True once.",
        ),
    ],
)
def test_a_headline_and_counts_say_in_which_way_it_errs(due: str, given: str, headline: str, counts: str) -> None:
    found = describe_tendency(answers(due, given))
    assert found is not None
    assert found.headline == headline
    assert counts in found.counts
    assert not found.sticks


@pytest.mark.parametrize(("due", "given"), [("TFTF", "TFTF"), ("T", "F"), ("", "")])
def test_nothing_is_said_of_right_answers_or_of_one_alone(due: str, given: str) -> None:
    assert describe_tendency(answers(due, given)) is None


def test_a_no_that_is_remembered_is_told_by_the_order_of_the_answers() -> None:
    found = describe_tendency(answers("TTFTFT", "TTFFFF"))
    assert found is not None
    assert found.headline == "After its first False it answers False to everything."
    assert found.sticks
    assert "up to its first False, the 3rd;" in found.counts


@pytest.mark.parametrize(
    ("due", "given"),
    [
        ("TTFTFT", "TTFTFF"),  # a True comes later
        ("TFTFT", "TFFFF"),  # one True alone may be chance
        ("TTTTFT", "TTFFFF"),  # its first False is wrong by itself
        ("TTFTF", "TTFFF"),  # so may be one wrong answer
        ("FFTT", "FFFF"),
    ],
)
def test_a_no_is_remembered_only_where_all_before_it_is_right_and_all_after_it_is_no(due: str, given: str) -> None:
    found = describe_tendency(answers(due, given))
    assert found is not None
    assert not found.sticks
