"""The mistakes that authors make: each is a flaw of the rubric, with its file and line, and says what to write."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

import pytest
from click.testing import CliRunner

from grader.cli import main

pytestmark = pytest.mark.usefixtures("lent")  # starting a jail takes longer than what is claimed here

RUBRIC = """\
schema: 1
assignment: "Products"
sizes:
  different: {N: 4, D: 3}
  equal: {N: 3, D: 3}
functions:
  scale:
    points: 10
    promise: "a times x, entry by entry."
    arguments: {a: "normal()", x: "normal(N, D)"}
    checks:
      - {value: products, points: 7, hint: "Multiply each entry."}
      - {unchanged: leaves x alone, points: 3}
"""
REFERENCE = """\
def scale(a, x):
    return a * x


class Thing:
    def __init__(self, k=1):
        self.k = k
"""
X = '"normal(N, D)"'
LAST = "{unchanged: leaves x alone, points: 3}"


class Slip(NamedTuple):
    """A change of the rubric, the line that is wrong by it, and what is said."""

    old: str
    new: str
    line: int
    said: str


SLIPS = [
    Slip(LAST, "{value: rows, cases: [{x: [[1.0, 2.0], [3.0]]}], points: 3}", 13, "rows of different length"),
    Slip("    points: 10", "\tpoints: 10", 8, "a tab; YAML indents with spaces"),
    Slip('"a times x, entry by entry."', "a times x: the product", 9, "put the text in quotes"),
    Slip('"Multiply each entry."', "Multiply, then add", 12, 'quote a text with a comma: hint: "Multiply, then add"'),
    Slip(X, '"np.eye(3)"', 10, "only a name can be called; write eye(…)"),
    Slip(X, '"np.random.randn(N, D)"', 10, "only a name can be called; write normal(…)"),
    Slip(X, '"normal(N, M)"', 10, "the name 'M' is unknown; known here are: D, N"),
    Slip("points: 7", "points: -6", 12, "points should be not below 0, found -6"),
    Slip("points: 7,", 'points: 7, cal: "scale(a, x)",', 12, "no key 'cal'; did you mean 'call'?"),
    Slip("{value: products", "{valeu: products", 12, "a check needs a kind, one of: value, "),
    Slip(
        'a: "normal()", x: "normal(N, D)"',
        'x: "normal(N, D)", a: "normal()"',
        7,
        "takes them: a, x; write them in this",
    ),
    Slip(X, '"ones(3, 4)"', 10, "a shape of several sides is a tuple: ones((3, 4))"),
    Slip(LAST, "{value: words, cases: [{a: kitten}], points: 3}", 13, "if it is text, quote it twice: \"'kitten'\""),
    Slip(X, "\"object(Thing)['k']\"", 10, "an object is made in the child: use it in call:"),
    Slip(
        LAST,
        '{converges: first, over: {a: [1.0, 2.0, 4.0]}, to: "stub(scale)", order: 1, points: 3}',
        13,
        "to: is a number, or an expression of the arguments and of the reference's functions",
    ),
    Slip("points: 7", "points: 6", 8, "the checks of scale sum to 9 points, not to 10"),
    Slip("schema: 1\n", "", 1, "the rubric lacks 'schema'"),
    Slip("schema: 1", "schema: 2", 1, "this version reads schema 1"),
    Slip("    points: 10\n", "", 8, "function scale lacks 'points'"),
    Slip("promise:", "promis:", 9, "did you mean 'promise'?"),
    Slip("    points: 10\n", "    points: 10\n    points: 10\n", 9, "the key 'points' stands twice (first in line 8)"),
    Slip("points: 7,", "points: 7, at: [diferent],", 12, "at: 'diferent' is unknown; there are: different, equal"),
    Slip("points: 7,", 'points: 7, given: {y: "normal(N)"},', 12, "given has no key 'y'; allowed are: a, x"),
    Slip("  scale:", "  scal:", 7, "has no function 'scal'; did you mean 'scale'?"),
    Slip(X, "normal(N, D)", 10, "what holds a comma stands in quotes as a whole"),
    Slip("points: 7,", "points: yes,", 12, "points should be a number or a fraction such as \"1/3\", found 'yes'"),
    Slip("points: 7,", "points: 70%,", 12, "found '70%'"),
    Slip("points: 7,", "points: 7, visibility: secret,", 12, "allowed are: public, hidden, after_due"),
    Slip(LAST, "{gradient: g, points: 3}", 13, "a gradient check lacks 'of'"),
    Slip(LAST, '{property: l, law: "scale(a, x) = a * x", points: 3}', 13, "a comparison is written =="),
    Slip(LAST, '{property: l, law: "scale(a, x)", points: 3}', 13, 'one comparison, such as "f(x + c) == f(x)"'),
    Slip("sizes:", "limits: {call: 2}\nsizes:", 3, "a number and a unit, such as 2 s"),
    Slip("sizes:", "limits: {memory: 1GB}\nsizes:", 3, "such as 2 B or 2 KiB or 2 MiB or 2 GiB"),
    Slip("N: 4", "N: 4.5", 4, "N should be a whole number, is 4.5"),
    Slip("    arguments:", "    returns: matrix\n    arguments:", 10, "allowed are: array, number, truth, text, none"),
    Slip("points: 7,", "points: 7, part: dw,", 12, "part: 'dw' is unknown"),
    Slip("points: 3}", "points: 3", 14, "a { isn't closed before this"),
    Slip('"Multiply each entry."', "'Don't add.'", 12, "needs double quotes around it"),
    Slip("points: 7,", "points: 7, times: 1000,", 12, "times should be a whole number from 1 to 200"),
    Slip("{value: products,", "{value: products, property: p,", 12, "a check is of one kind; this one says value and"),
    Slip("points: 3}", "points: 3, requires: [product]}", 13, "did you mean 'products'?"),
    Slip("points: 7,", "points: 7, up_to: signs,", 12, "did you mean 'sign'?"),
    Slip(X, '"normal(N, D)^2"', 10, "a power is written **"),
    Slip(X, '"[i for i in range(3)]"', 10, "write a function in the reference, and call it"),
    Slip(X, '"uniform(N, D)"', 10, "write uniform(low, high, N, D)"),
    Slip(X, '"integers(5)"', 10, "write integers(low, high, N, D)"),
    Slip("sizes:", "packages: numpy, scipy\nsizes:", 3, "a list stands in brackets: [numpy, scipy]"),
    Slip("sizes:", "sizse:", 3, "did you mean 'sizes'?"),
    Slip("    arguments:", "    needs: [sclae]\n    arguments:", 10, "needs: 'sclae' is unknown"),
    Slip("    arguments:", '    where: "a > 100"\n    arguments:', 10, "where: never held in 1000 draws of inputs"),
    Slip('{a: "normal()",', '{a b: "normal()",', 10, "'a b' is no name; write one of letters, digits and _"),
]


@pytest.mark.parametrize("slip", SLIPS, ids=lambda slip: slip.new.strip()[:40])
def test_a_mistake_ends_in_exit_3_with_its_line_and_what_to_write(slip: Slip, tmp_path: Path) -> None:
    assert slip.old in RUBRIC
    rubric = tmp_path / "hw.yaml"
    rubric.write_text(RUBRIC.replace(slip.old, slip.new, 1))
    (tmp_path / "hw").mkdir()
    (tmp_path / "hw" / "solution.py").write_text(REFERENCE)
    result = CliRunner().invoke(main, ["preview", str(rubric)])
    assert result.exit_code == 3, result.output
    places = re.findall(rf"{re.escape(str(rubric))}:(\d+):\d+: (.*)", result.output)
    assert [said for line, said in places if int(line) == slip.line and slip.said in said], result.output
    assert "Traceback" not in result.output


def test_a_broken_check_is_told_alone(tmp_path: Path) -> None:
    rubric = tmp_path / "hw.yaml"
    rubric.write_text(RUBRIC.replace("{value: products", "{valeu: products"))
    (tmp_path / "hw").mkdir()
    (tmp_path / "hw" / "solution.py").write_text(REFERENCE)
    result = CliRunner().invoke(main, ["verify", str(rubric)])
    assert "the rubric has 1 problem" in result.output


def test_there_are_forty_of_them() -> None:
    assert len(SLIPS) >= 40
