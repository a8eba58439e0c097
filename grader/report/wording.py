"""The words and figures that every report for people uses: short, plain, and without blame."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache
from typing import Literal

from grader.grading.grades import (
    UNREADABLE,
    CheckGrade,
    FunctionGrade,
    Grade,
    NamedMistake,
    RightValue,
    Slip,
    SmallestChange,
    name_all,
)
from grader.numeric.agreement import Worst
from grader.report.sanitize import columns
from grader.verdict import Verdict

#: How a renderer may colour a verdict. The words carry the meaning; colour only repeats it.
Tone = Literal["good", "part", "bad", "open"]

LABELS = {
    Verdict.PASSED: "right",
    Verdict.CARRIED: "correct, except for a function that it calls (full points)",
    Verdict.PARTLY: "partly right",
    Verdict.FAILED: "wrong",
    Verdict.MISSING: "missing",
    Verdict.ERROR: "stopped with an error",
    Verdict.TIMEOUT: "took too long",
    Verdict.MEMORY: "needed too much memory",
    Verdict.AWAITING: "still needs marking by hand",
    Verdict.NOT_GRADED: "not graded: our fault, no points were taken",
}

#: The label of an optional function that isn't there: it costs nothing.
LEFT_OUT_TITLE = "not handed in; it is optional"

TONES: dict[Verdict, Tone] = {
    Verdict.PASSED: "good",
    Verdict.CARRIED: "good",
    Verdict.PARTLY: "part",
    Verdict.AWAITING: "open",
    Verdict.NOT_GRADED: "open",
}

_SENTENCES = {
    Verdict.CARRIED: (
        "Correct when the functions that it calls are correct. A mistake costs points only once, where it was made."
    ),
    Verdict.PARTLY: "Some of the answers are right.",
    Verdict.FAILED: "The result is wrong.",
    Verdict.MISSING: "The function is missing, or it is there, but empty.",
    Verdict.ERROR: "The function stopped with an error before it gave an answer.",
    Verdict.TIMEOUT: "The call took longer than it may. Look for a loop that never ends.",
    Verdict.MEMORY: "The call asked for more memory than it may use. Look at the shapes of large arrays.",
    Verdict.AWAITING: "A person will look at this and give its points.",
    Verdict.NOT_GRADED: "Something went wrong on our side. It isn't your fault, and no points were taken.",
}

#: Before what answers show by themselves.
WAS_SEEN = "What was seen"
#: Mistakes by other words than the names under which rubrics know them.
_IN_OTHER_WORDS = {
    "another answer to the same question": "a second call with the same arguments gives another result",
    "something stays from one call to the next": "something is kept from one call to the next",
}

#: Kinds of checks that a function may fail though its results are right.
_BESIDE_RESULTS = frozenset({"unchanged", "lasting", "raises", "source", "python"})

#: The titles of points beside those of checks.
FROM_MISTAKE = "part of the credit, for the known mistake"
BY_DECISION = "by a person's decision"
#: The title above what people decided about a grade.
DECIDED = "What people decided about this grade"
#: The title above what a person changed before grading, and how to read it.
REPAIRED = "What was repaired before it was graded"
READ_DIFF = "A copy was graded in place of what was handed in. Lines with - were handed in, those with + were graded."
#: The title above slips, and what they mean for the points.
SLIPS = "Small slips that were repaired"
SAY_SLIPS = (
    "The repaired code was graded, so that a small slip doesn't cost the points of whole functions. Each sort of slip "
    "costs its price once. Lines with - are yours, those with + are the repaired ones."
)
#: Before the variables of a wrong function that held right values.
RIGHT_SO_FAR = "right so far: "
#: Before what a person noted of a decision, for instructors.
PRIVATE_NOTE = "private note"
#: An input that was drawn for a report alone.
WITNESS = "Example where your function fails"
WITNESS_SAYS = "No check used this input. Call the function with it, and compare with what you work out by hand."
#: What a student is told where nothing could be graded, through our fault or for want of anything to grade.
OUR_FAULT = "Not graded: something is wrong on our side. No points were taken. Please tell your instructor."
NOTHING_TO_GRADE = "Not graded: nothing that can be graded was found in what you handed in. No points were taken."
#: Said of a check whose numbers the reader may not see.
HIDDEN = "The numbers of a hidden check aren't shown. Its title and its hint tell you where to look."
NOT_ISOLATED = "NOT ISOLATED: this code ran without a jail. It could have read files, or changed this result."
INSTRUCTORS_ONLY = "Instructor's version: it shows the numbers of hidden checks, so don't hand it on to students."


#: Where a slip was charged elsewhere; said once for each function.
CARRIED = _SENTENCES[Verdict.CARRIED]
#: The label of advice: it costs nothing, so it isn't wrong.
WORTH_A_LOOK = "worth a look"
#: The label of a check that holds by itself.
WAITS = "not counted, because the results are wrong"

#: The same in a sentence: "Two more give …".
NO_POINTS_YET = "no points while the results are wrong"


def introduce(mistake: NamedMistake) -> str:
    """What stands before a mistake: whether somebody wrote it down, or it is what the answers show."""
    return WAS_SEEN if mistake.is_seen else "This looks like a known mistake"


def say_mistake(mistake: NamedMistake) -> str:
    """A mistake in words for people, without a full stop."""
    return _IN_OTHER_WORDS.get(mistake.name, mistake.name).rstrip(".")


def name_carried(function: FunctionGrade) -> str:
    """The label of points that a function keeps although helpers of it are wrong, which are named where known."""
    names = name_all(function.carried_with)
    return f"correct, except for your {names} (full points)" if names else LABELS[Verdict.CARRIED]


def tone(verdict: Verdict) -> Tone:
    """How a verdict may be coloured."""
    return TONES.get(verdict, "bad")


def sentence(check: CheckGrade) -> str:
    """What happened in a check: its own message, or else what its verdict means."""
    if not check.message and check.verdict is Verdict.FAILED and check.kind in _BESIDE_RESULTS:
        return "The function does not do what it should."
    return check.message or _SENTENCES.get(check.verdict, "")


def round_points(value: Fraction, most: Fraction | None, decimals: int) -> float:
    """`value` to so many decimals; below `most` it stays below, so that 99.999 of 100 never reads as a full score."""
    if value.denominator == 1 and (most is None or most.denominator == 1):
        return float(value.numerator)
    return _round_half(value, most, decimals)


@lru_cache(maxsize=10_000)  # a class has the same few points again and again, and fractions are slow
def _round_half(value: Fraction, most: Fraction | None, decimals: int) -> float:
    unit: int = 10**decimals
    ticks = round(value * unit)
    if most is not None and value < most:
        ticks = max(0, min(ticks, round(most * unit) - 1))
    return ticks / unit


def points(value: Fraction, most: Fraction | None = None) -> str:
    """Points for people: at most 2 decimals, and a full score only where it is one."""
    return f"{round_points(value, most, 2):.2f}".rstrip("0").rstrip(".")


def so_many_points(value: Fraction) -> str:
    """`1 point`, `2 points`."""
    return f"{points(value)} point{'' if value == 1 else 's'}"


def points_out_of(value: Fraction | None, most: Fraction) -> str:
    """`2 of 12`; where the score is open, only what it can become."""
    return f"? of {points(most)}" if value is None else f"{points(value, most)} of {points(most)}"


def so_far(grade: Grade) -> Fraction:
    """The points of all checks whose score isn't open."""
    return sum((_sum_closed(each.score, each.checks, each.from_mistake) for each in grade.functions), Fraction(0))


def _sum_closed(score: Fraction | None, checks: tuple[CheckGrade, ...], from_mistake: Fraction) -> Fraction:
    if score is not None:
        return score
    return sum((check.score or Fraction(0) for check in checks), from_mistake)


def with_sign(value: Fraction) -> str:
    """Points that are added or taken: "+ 1", "- 2.5"."""
    return f"{'-' if value < 0 else '+'} {points(abs(value))}"


def score_line(grade: Grade) -> str:
    """The score in a few words, open ones too."""
    if grade.score is not None:
        return f"{points_out_of(grade.score, grade.max_score)} points"
    if grade.reason == UNREADABLE:
        return "Not graded yet"
    if grade.verdict is Verdict.AWAITING:
        return f"{points_out_of(so_far(grade), grade.max_score)} points so far"
    return "Not graded"


def headline(grade: Grade) -> str:
    """The grade in one sentence."""
    due = [each for each in grade.functions if not each.optional]
    right = sum(each.verdict in (Verdict.PASSED, Verdict.CARRIED) for each in due)
    count = len(due)
    if grade.verdict is Verdict.NOT_GRADED:
        return "Something went wrong on our side. It's our fault, and no points were taken."
    if grade.reason == UNREADABLE:
        return "What was handed in could not be read: a person will look at it. No points were taken."
    if grade.verdict is Verdict.AWAITING:
        return "Some points still need marking by hand."
    if right == count:
        return f"Everything is right{tell_repairs(grade)}."
    return f"Full points in {right} of {count} functions."


def tell_repairs(grade: Grade) -> str:
    """On how many repairs a score stands: " after 1 repair"; empty for none."""
    count = len(grade.slips)
    return f" after {count} repair{'s' if count > 1 else ''}" if count else ""


def furthest_off(worst: Worst) -> str:
    """Where the worst entry is, what it is and how far off."""
    place = f"at [{', '.join(map(str, worst.index))}]" if worst.index else "the number itself"
    return (
        f"{place}: expected {worst.expected:.8g}, returned {worst.actual:.8g}; "
        f"off by {worst.off:.3g}, allowed {worst.allowed:.3g}"
    )


def price_of(slip: Slip) -> str:
    """What a slip costs, as it is taken: "- 2"."""
    return f"- {points(slip.price)}"


def describe_slip(slip: Slip) -> str:
    """A slip in a few words, for a line of the bill: "slip: missing import (hw1.py, line 1)"."""
    return f"slip: {slip.sort} ({slip.where})"


def tell_repair(slip: Slip) -> str:
    """The first line as it was written, and as it was meant."""
    lines = slip.diff.split("\n")
    was, is_now = (next((line[1:] for line in lines if line.startswith(sign)), "") for sign in "-+")
    if not was.strip() or not is_now.strip():
        return f"add `{is_now.strip()}`" if is_now.strip() else f"leave out `{was.strip()}`"
    if was.strip() == is_now.strip():
        return f"`{was.strip()}` should begin with {_blanks(is_now)} spaces, not {_blanks(was)}"
    return f"`{was.strip()}` should be `{is_now.strip()}`"


def _blanks(line: str) -> int:
    return columns(line) - columns(line.lstrip())


def name_mended(slip: Slip) -> str:
    """Which functions are right with a slip repaired: "softmax, forward and 7 more"."""
    names, rest = slip.functions[:2], len(slip.functions) - 2
    return f"{', '.join(names)} and {rest} more" if rest > 0 else name_all(names)


def name_line(change: SmallestChange) -> str:
    """What a student is told of the smallest change: its line, and what it is about."""
    where = re.sub(r"^.*?(?=(?:cell \d+, )?line \d+$)", "", change.where)
    return f"Look at {where}: {change.words}. (Found by a program; there may be other ways.)"


def describe_right_values(values: Sequence[RightValue]) -> str:
    """What was right on the way, with lines: "right so far: z1 (line 4), h (line 5)"; empty for none."""
    if not values:
        return ""
    holders = {each.where.rpartition(", ")[0] for each in values}
    places = [each.where.rpartition(", ")[2] if len(holders) == 1 else each.where for each in values]
    named = ", ".join(f"{each.name} ({place})" for each, place in zip(values, places, strict=True))
    return f"{RIGHT_SO_FAR}{named}"


def describe_change(change: SmallestChange) -> str:
    """The smallest change that makes a function right, in a sentence."""
    lead = "It is right with one change" if change.is_sure else "It is right, for instance, with this change"
    return f"{lead}, in {change.where} ({change.words}): {_old_and_new(change)}. Found by a program; it earns nothing."


def tell_change(change: SmallestChange) -> str:
    """What becomes what, and what it is about; not where, for a file may be called after its author."""
    return f"{_old_and_new(change)} ({change.words})"


def _old_and_new(change: SmallestChange) -> str:
    lines = [line for line in change.diff.split("\n") if line.strip("+- ")]
    old = " ".join(line[1:].strip() for line in lines if line.startswith("-"))
    new = " ".join(line[1:].strip() for line in lines if line.startswith("+"))
    return f"`{old}` becomes `{new}`"
