"""Hold a result against the truth: number of parts, type, shape, finiteness, then values. Never by broadcasting."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Any

import numpy as np
from msgspec.structs import replace

from grader.checks.finding import PASSED, Block, Finding, describe_blocks, fail, show_later
from grader.checks.leaves import LackingError, asked_leaves, block_shapes, is_numeric, stacked, take
from grader.checks.question import Question
from grader.inputs.draws import Case
from grader.numeric.agreement import DEFAULT_TOLERANCE, Tolerance, agrees, compare
from grader.numeric.equivalence import EQUIVALENCES, align_to
from grader.numeric.tables import find_difference
from grader.rubric.expression import Expression, evaluate
from grader.rubric.model import Measure, Result, ShapeRule, Words
from grader.worker.shared.tables import Table

Array = np.ndarray[Any, np.dtype[Any]]
Shape = tuple[int, ...]

#: A result of so many numbers is drawn block by block.
_MOST_DRAWN = 400
#: A printed yes beside a printed no. No text, which would count as true.
BOTH = object()


def judge_result(question: Question, want: Any, got: Any, printed: str = "") -> Finding:
    """Whether a function's whole result, or the part that the check asks for, is right.

    Args:
        want: what the reference returns; where the check names a part, the truth of that part.
    """
    finding = _judge_parts(question, want, got, printed)
    if finding.passed:
        return finding
    shown = {"situation": question.situation.label, "inputs": question.show_inputs, "printed": printed or None}
    return finding.add(**shown)


def _judge_parts(question: Question, want: Any, got: Any, printed: str) -> Finding:
    parts, measure = question.function.parts, question.check.measure
    if len(parts) == 1 and (words := parts[0].words) is not None:
        if (said := read_answer(printed, words, parts[0].kind)) is BOTH:
            return fail("both", expected=show_later(want), note=f"Printed: {', '.join((*words.yes, *words.no))}.")
        got = got if said is None else said
    if got is None and isinstance(want, (bool, np.bool_)) and want:
        return _judge_silence(printed)
    if got is None and all(part.kind in ("array", "number", "text", "list") for part in parts):
        return fail("nothing", actual="None", expected=_show_expected(question, want))
    leaves = asked_leaves(question)
    truths = (want,) * len(leaves) if len(leaves) == 1 or measure.expect is not None else want
    pairs = zip(leaves, truths, strict=True)
    findings = [_judge_leaf(question, leaf, truth, want, got) for leaf, truth in pairs]
    wrong = next((finding for finding in findings if not finding.passed), None)
    if wrong is None:
        return next((finding for finding in findings if finding.remark), PASSED)
    wrong = replace(wrong, right_share=sum(finding.passed for finding in findings) / len(findings))
    return wrong.add(blocks=_name_parts(leaves, findings)) if len(leaves) > 1 else wrong


def _name_parts(leaves: Sequence[Result], findings: Sequence[Finding]) -> tuple[Block, ...]:
    """The entries of a result, a wrong one with its own blocks."""
    named: list[Block] = []
    for leaf, finding in zip(leaves, findings, strict=True):
        named += finding.known.blocks or [Block(leaf.name, finding.passed, of=_position(leaf))]
    if len({each.name for each in named}) == len(named):
        return tuple(named)
    return tuple(
        Block(leaf.name, finding.passed, of=_position(leaf)) for leaf, finding in zip(leaves, findings, strict=True)
    )


def _judge_leaf(question: Question, leaf: Result, truth: Any, want: Any, got: Any) -> Finding:
    """Whether one leaf of a result is right, whatever the others are."""
    measure = question.check.measure
    try:
        finding = judge_part(leaf, measure, question.situation, truth, take(question, leaf, got))
    except LackingError as error:
        lacking = fail(error.reason, actual=show_later(got), expected=_show_expected(question, want), note=str(error))
        return replace(lacking, promised=error.due)
    if finding.passed or len(question.function.parts) == 1 or not leaf.name:
        return finding
    note = " ".join(filter(None, (f"In {leaf.name}.", finding.known.note)))
    return finding.add(note=note, part=leaf.name)


def _judge_silence(printed: str) -> Finding:
    """Nothing came back where True was due: was the answer printed?"""
    said = read_answer(printed, Words(), "truth")
    if said is False:
        return fail("truth", actual="None", expected="True")
    return fail("printed" if said is True else "no_answer", actual="None", expected="True")


def read_answer(printed: str, words: Words, kind: str) -> Any:
    """What a printed text answers: True, False, a number, BOTH where it says yes and no, None where it is silent."""
    if kind == "number":
        numbers = re.findall(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?", printed)
        return float(numbers[-1]) if numbers else None
    yes, no = (any(re.search(rf"\b{re.escape(w)}\b", printed, re.I) for w in said) for said in (words.yes, words.no))
    return BOTH if yes and no else yes if yes or no else None


def _show_expected(question: Question, want: Any) -> Any:
    return None if question.check.measure.expect is not None else show_later(want)


def judge_part(part: Result, measure: Measure, situation: Case, want: Any, got: Any) -> Finding:
    """Whether one result is right, by the part's kind."""
    if measure.expect is not None:
        return _judge_number(part, measure, want, got)
    if isinstance(want, Table):
        return judge_table(want, got, choose_tolerance(part, measure))
    if part.kind == "truth":
        return _judge_truth(want, got)
    if part.kind == "list":
        return judge_list(part, measure, situation, want, got)
    if part.kind in ("text", "none", "any"):
        return judge_alike(part, measure, situation, want, got)
    if part.kind == "number":
        return _judge_number(part, measure, want, got)
    return _judge_array(part, measure, situation, want, got)


def judge_table(want: Table, got: Any, tolerance: Tolerance) -> Finding:
    """Whether a result is the Series, the DataFrame or the sparse matrix that is due."""
    if not isinstance(got, Table) or got.form != want.form:
        reason = "nothing" if got is None else "type"
        return fail(reason, actual=show_later(got), expected=show_later(want), note=f"Expected: a {want.form}.")
    reason, note = find_difference(want.form, want.parts, got.parts, tolerance)
    return fail(reason, actual=show_later(got), expected=show_later(want), note=note or None) if reason else PASSED


def judge_list(part: Result, measure: Measure, situation: Case, want: Any, got: Any) -> Finding:
    """Whether a list is as long as it should be, and each entry right."""
    if not isinstance(got, (list, tuple)) and not (isinstance(got, np.ndarray) and got.ndim):
        note = "Your result has another type. Expected: a list."
        return fail("type", actual=show_later(got), expected=show_later(want), note=note)
    due = len(want) if part.length is None else int(evaluate(part.length.tree, situation.names))
    if len(got) != due or len(want) != due:
        note = f"Your result has {len(got)} entries. Expected: {due}."
        return fail("length", actual=show_later(got), expected=show_later(want), note=note)
    each = part.each or Result(kind="any")
    if each.kind == "number" and each.scale is None:
        each = replace(each, scale=_largest(want))
    for number, (right, given) in enumerate(zip(want, got, strict=True)):
        finding = judge_part(each, measure, situation, right, given)
        if not finding.passed:
            note = " ".join(filter(None, (f"Entry {number} is the first that is wrong.", finding.known.note)))
            return finding.add(note=note)
    return PASSED


def _largest(numbers: Any) -> float | None:
    """What the errors of a list's numbers are measured against: the largest of all."""
    array = np.abs(np.asarray(numbers, dtype=np.float64).ravel())
    return float(np.max(array, initial=0.0, where=np.isfinite(array))) or None


def judge_alike(part: Result, measure: Measure, situation: Case, want: Any, got: Any) -> Finding:
    """Whether a result is as the truth is: text, None, a truth, numbers, or lists and dicts of them, entry by entry."""
    if isinstance(want, str):
        return PASSED if isinstance(got, str) and str(got) == want else _unlike("text", want, got)
    if want is None:
        return PASSED if got is None else _unlike("type", want, got)
    if isinstance(want, dict):
        if not isinstance(got, dict):
            return _unlike("type", want, got)
        if got.keys() != want.keys():
            note = f"The dict has {_list_keys(got)}. Expected: {_list_keys(want)}."
            return _unlike("keys", want, got).add(note=note)
        return _judge_all(part, measure, situation, [(want[key], got[key], repr(key)) for key in want])
    if isinstance(want, (list, tuple)) and not (is_numeric(want) and want):
        if not isinstance(got, (list, tuple)) or len(got) != len(want):
            return _unlike("length" if isinstance(got, (list, tuple)) else "type", want, got)
        entries = zip(want, got, range(len(want)), strict=True)
        return _judge_all(part, measure, situation, [(right, given, str(at)) for right, given, at in entries])
    if isinstance(want, Table):
        return judge_part(part, measure, situation, want, got)
    kind = "truth" if isinstance(want, (bool, np.bool_)) else "number" if np.ndim(want) == 0 else "array"
    return judge_part(replace(part, kind=kind), measure, situation, want, got)


def _judge_all(part: Result, measure: Measure, situation: Case, entries: list[tuple[Any, Any, str]]) -> Finding:
    for want, got, name in entries:
        finding = judge_alike(part, measure, situation, want, got)
        if not finding.passed:
            note = " ".join(filter(None, (f"At [{name}].", finding.known.note)))
            return finding.add(note=note)
    return PASSED


def _list_keys(value: dict[Any, Any]) -> str:
    """At most ten of its keys, in words."""
    listed = ", ".join(map(repr, list(value)[:10])) or "none"
    return f"the keys {listed}{', …' if len(value) > 10 else ''}"


def _unlike(reason: str, want: Any, got: Any) -> Finding:
    return fail(reason, actual=show_later(got), expected=show_later(want))


#: How a note begins on what is neither True nor False and is taken for one.
COUNTS_AS = "It counts as"


def _judge_truth(want: Any, got: Any) -> Finding:
    if got is None and bool(want):  # nothing is no answer, so it isn't the opposite of one
        return fail("no_truth", actual="None", expected="True")
    try:
        answer = bool(got) if got is None or isinstance(got, (bool, int, float, str, np.generic, np.ndarray)) else None
    except ValueError:  # an array of several entries
        answer = None
    if answer is None:
        return fail("no_truth", actual=show_later(got), expected=show_later(bool(want)))
    if answer is bool(want):
        return PASSED
    note = None if isinstance(got, (bool, np.bool_)) else f"{COUNTS_AS} {answer}."
    return fail("truth", actual=show_later(got), expected=show_later(bool(want)), note=note)


def _judge_number(part: Result, measure: Measure, want: Any, got: Any) -> Finding:
    number = as_number(got)
    if number is None:
        return fail("number", actual=show_later(got), expected=None if measure.expect else show_later(want))
    if measure.expect is not None:
        return _judge_expectation(measure.expect, measure.allow, number)
    return _compare(number, np.asarray(as_number(want)).reshape(number.shape), choose_tolerance(part, measure))


def _judge_expectation(expect: Expression, allow: Sequence[float], number: Array) -> Finding:
    value = number.reshape(())[()]
    if any(value == allowed for allowed in allow):
        return PASSED
    if np.isfinite(value) and bool(evaluate(expect.tree, {"result": value})):
        return PASSED
    expected = " or ".join([expect.text.removeprefix("result "), *map(str, allow)])
    reason = "nan" if np.isnan(value) else "expected"
    return fail(reason, expected=expected, actual=show_later(value))


def as_number(value: Any) -> Array | None:
    """A Python or numpy number, or an array of size one of any shape, as an array of that shape; else None."""
    if isinstance(value, (bool, str, bytes)) or not isinstance(value, (int, float, np.generic, np.ndarray)):
        return None
    try:
        array = np.asarray(value)
    except OverflowError:
        return None
    return array if array.size == 1 and array.dtype.kind in "iuf" else None


def _judge_array(part: Result, measure: Measure, situation: Case, want: Any, got: Any) -> Finding:
    truth = np.asarray(want)
    shapes = right_shapes(part, situation, truth)
    if isinstance(want, (list, tuple)) and isinstance(got, (list, tuple)) and is_numeric(got):
        got = np.asarray(got)  # the reference, too, gives a list
    array = got if isinstance(got, (np.ndarray, np.generic)) or () not in shapes else as_number(got)
    if not isinstance(array, (np.ndarray, np.generic)):
        note = "Your result has another type. Expected: a numpy array."
        return fail("type", actual=show_later(got), expected=show_later(truth), note=note)
    array = np.asarray(array)
    if array.shape not in shapes:
        note = f"Your result has shape {array.shape}. Expected: {' or '.join(map(str, shapes))}."
        return fail("shape", actual=show_later(array), expected=show_later(truth), note=note)
    truth, up_to = truth.reshape(array.shape), measure.up_to or part.up_to
    finding = _compare(align_to(array, truth, up_to) if up_to else array, truth, choose_tolerance(part, measure))
    if not finding.passed and part.blocks:
        blocks = find_blocks(part, situation, truth, array, choose_tolerance(part, measure))
        finding = finding.add(note=describe_blocks(blocks), blocks=blocks)
    if not finding.passed:
        return _say_up_to(finding, up_to, array) if up_to else finding
    return replace(finding, remark=_remark(part, situation, array.shape))


def _position(part: Result) -> int:
    """The number of the result that it is, or is within."""
    return part.path[0].index if part.path else 0


def find_blocks(part: Result, situation: Case, want: Array, got: Array, tolerance: Tolerance) -> tuple[Block, ...]:
    """The blocks of a result, and which of them are right; each is measured as all of it."""
    if tolerance.scale is None:
        tolerance = replace(tolerance, scale=_largest(want))
    shapes = block_shapes(part, situation)
    ends = np.cumsum([math.prod(shape) for shape in shapes])[:-1]
    due, mine = (np.split(stacked(array, part.in_columns), ends) for array in (want, got))
    drawn = want.size <= _MOST_DRAWN and want.dtype.kind in "biuf" and got.dtype.kind in "biuf"
    place = _position(part)
    return tuple(
        replace(
            Block(name, agrees(b, a, tolerance), *(_picture(a, b, shape, part.in_columns) if drawn else ())), of=place
        )
        for name, shape, a, b in zip(part.blocks, shapes, due, mine, strict=True)
    )


def _picture(
    due: Array, mine: Array, shape: Shape, in_columns: bool
) -> tuple[int, tuple[float, ...], tuple[float, ...]]:
    """How many columns a block is drawn in, and its numbers row by row, as they are due and as they came."""
    if in_columns:
        due, mine = due.T, mine.T
    columns = (due.size // len(due) if due.ndim > 1 else shape[-1]) or 1
    return columns, tuple(map(float, due.ravel())), tuple(map(float, mine.ravel()))


def _say_up_to(finding: Finding, up_to: str, got: Array) -> Finding:
    """What it was before it was aligned, and what it was compared up to."""
    return finding.add(note=f"Compared up to {EQUIVALENCES[up_to].words}.", actual=show_later(got))


def _remark(part: Result, situation: Case, shape: Shape) -> str:
    """What is said of an allowed shape that isn't the usual one."""
    rules = (rule for rule in part.shapes if rule.remark and _is_applicable(rule, situation))
    return next((rule.remark for rule in rules if shape in _shapes(rule, situation)), "")


def right_shapes(part: Result, situation: Case, truth: Array) -> tuple[Shape, ...]:
    """The shapes that are right here: the part's rules that apply, else the shape of the truth."""
    if not part.shapes:
        return (truth.shape,)
    rules = part.shapes
    if id(rules) not in situation.shapes:
        situation.shapes[id(rules)] = rules, tuple(_work_out_shapes(rules, situation))
    _, shapes = situation.shapes[id(rules)]
    return tuple(shape for shape in shapes if math.prod(shape) == truth.size) or (truth.shape,)


def _work_out_shapes(rules: Sequence[ShapeRule], situation: Case) -> dict[Shape, None]:
    return {shape: None for rule in rules if _is_applicable(rule, situation) for shape in _shapes(rule, situation)}


def _is_applicable(rule: ShapeRule, situation: Case) -> bool:
    return rule.when is None or bool(np.all(evaluate(rule.when.tree, situation.names)))


def _shapes(rule: ShapeRule, situation: Case) -> list[Shape]:
    return [_shape(evaluate(shape.tree, situation.names)) for shape in rule.shapes]


def _shape(value: Any) -> Shape:
    return tuple(int(size) for size in value) if isinstance(value, Sequence) else (int(value),)


def choose_tolerance(part: Result, measure: Measure) -> Tolerance:
    """The check's own tolerance and scale where it has them, else the part's, else the usual."""
    scale = part.scale if measure.scale is None else measure.scale
    relative = part.tolerance if measure.tolerance is None else measure.tolerance
    if relative is None:
        return replace(DEFAULT_TOLERANCE, scale=scale)
    return Tolerance(relative, max(relative, DEFAULT_TOLERANCE.float32), scale)


def _compare(got: Array, want: Array, tolerance: Tolerance) -> Finding:
    found = compare(got, want, tolerance)
    if found is None:
        return PASSED
    note = f"{found.count} of {want.size} entries are off." if found.count and want.size > 1 else None
    return fail(found.reason, expected=show_later(want), actual=show_later(got), worst=found.worst, note=note)
