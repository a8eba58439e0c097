"""A check that good students fail is held up until a person has looked at it; a check that catches faults is not."""

from __future__ import annotations

from pathlib import Path

import pytest
from classroom.classes import RIGHT, graded, write
from click.testing import CliRunner, Result

from grader.classroom.stages.summary import Summary
from grader.cli import main

pytestmark = pytest.mark.usefixtures("nearby")

RUBRIC = """
schema: 1
assignment: "Four functions"
reference: three
limits: {call: 300 ms, submission: 3 s, memory: 1 GiB, output: 64 KiB}
sizes: {some: {N: 3}}
functions:
  double:
    points: 6
    arguments: {x: "normal(N)"}
    checks:
      - {value: an array, points: 3}
      - {property: a law, law: "double(x + x) == double(x) + double(x)", points: 1}
      - {value: worked numbers, cases: [{x: [1.0, 2.0]}], points: 2}
  negate:
    points: 4
    arguments: {x: "normal(N)"}
    checks:
      - {value: an array, points: 4}
  squared:
    points: 4
    arguments: {x: "normal(N)"}
    checks:
      - {value: an array, points: 3}
      - {unchanged: leaves x alone, points: 1}
  fourfold:
    points: 2
    needs: [double]
    arguments: {x: "normal(N)"}
    checks:
      - {value: an array, points: 2}
"""
REFERENCE = """
from grader.reference import mistake

def double(x):
    return 2 * x

def negate(x):
    return -x

def squared(x):
    return x ** 2

def fourfold(x):
    return double(double(x))

@mistake("double", name="tripled", hint="Twice is enough.")
def tripled(x):
    return 3 * x
"""
ALL = RIGHT + "\ndef squared(x):\n    return x * x\n\ndef fourfold(x):\n    return 4 * x\n"
#: The same right answers, written in other ways: some digits differ.
ALSO = ALL.replace("return 2 * x", "return x / 0.5").replace("return x * x", "return np.exp(2 * np.log(np.abs(x)))")
TRIPLED = ALL.replace("2 * x", "3 * x")
CUBED = ALL.replace("x * x", "x ** 3")
WEAK = CUBED.replace("return -x", "return x + 1")
SLOW = ALL.replace("return -x", "\n    for _ in range(10 ** 12):\n        pass\n    return -x")
CHANGES = ALL.replace("return x * x", "x *= x\n    return x.copy()")
NOTHING = "pass\n"


class Class:
    """A class to be graded, and its results."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.out = folder, folder / "out"
        (folder / "three").mkdir()
        self.assign(RUBRIC, REFERENCE)

    def assign(self, rubric: str = RUBRIC, reference: str = REFERENCE) -> None:
        (self.folder / "three.yaml").write_text(rubric)
        (self.folder / "three" / "functions.py").write_text(reference)

    def graded(self, **groups: int) -> Summary:
        """So many of each source, each a little different."""
        files = {
            f"{name}{i}.py": f"{globals()[name.upper()]}\n# {name} {i}\n"
            for name, count in groups.items()
            for i in range(count)
        }
        return graded(write(self.folder / "class", files), self.out, self.folder / "three.yaml", seed=5)

    def publish(self, *options: str) -> Result:
        return CliRunner().invoke(main, ["publish", str(self.out), *options])


@pytest.fixture
def klass(tmp_path: Path) -> Class:
    return Class(tmp_path)


def suspected(summary: Summary) -> list[str]:
    return [each.name for each in summary.suspects]


# -- faults of a rubric --------------------------------------------------------------------------------------------


def test_a_tolerance_that_is_too_tight_is_suspect(klass: Class) -> None:
    tight = "      - {value: an array, points: 3, tolerance: 1.0e-18}\n      - {unchanged"
    klass.assign(RUBRIC.replace("      - {value: an array, points: 3}\n      - {unchanged", tight))
    assert suspected(klass.graded(also=4, all=4, nothing=2)) == ["squared: an array"]


def test_a_law_that_doesnt_hold_is_suspect(klass: Class) -> None:
    klass.assign(RUBRIC.replace("double(x) + double(x)", "double(x) + x"))
    assert suspected(klass.graded(all=3, also=2, cubed=1)) == ["double: a law"]


def test_a_truth_that_is_wrong_is_suspect_in_every_check_that_it_spoils(klass: Class) -> None:
    klass.assign(reference=REFERENCE.replace("return x ** 2", "return x ** 2 + 1"))
    assert suspected(klass.graded(all=3, also=2, cubed=2)) == ["squared: an array"]


def test_a_wrong_truth_of_a_helper_is_found_there_though_it_spoils_those_that_need_it(klass: Class) -> None:
    klass.assign(reference=REFERENCE.replace("return 2 * x", "return 2.5 * x"))
    assert suspected(klass.graded(all=3, also=2)) == ["double: an array", "double: worked numbers"]


def test_a_time_limit_that_is_too_short_is_suspect(klass: Class) -> None:
    assert suspected(klass.graded(slow=3, all=2)) == ["negate: an array"]


# -- faults of students --------------------------------------------------------------------------------------------


def test_a_mistake_that_is_known_accuses_no_check(klass: Class) -> None:
    assert suspected(klass.graded(tripled=6, all=3)) == []


def test_what_few_get_wrong_accuses_no_check(klass: Class) -> None:
    assert suspected(klass.graded(changes=2, all=3)) == []
    assert suspected(klass.graded(changes=3, all=13)) == []


def test_what_the_weak_get_wrong_accuses_no_check(klass: Class) -> None:
    assert suspected(klass.graded(weak=6, all=2)) == []


def test_copies_of_one_file_count_once(klass: Class) -> None:
    files = {f"s{i}/hw.py": CHANGES for i in range(5)} | {"right/hw.py": ALL}
    summary = graded(write(klass.folder / "class", files), klass.out, klass.folder / "three.yaml")
    assert suspected(summary) == []


# -- publishing ----------------------------------------------------------------------------------------------------


@pytest.fixture
def held_up(klass: Class) -> Class:
    """A class of which a check is suspect."""
    klass.graded(changes=4, all=4)
    return klass


def test_a_suspect_check_holds_up_publishing_until_it_is_acknowledged(held_up: Class) -> None:
    refused = held_up.publish()
    assert refused.exit_code == 2
    assert "squared: leaves x alone: 4 of 8" in refused.stderr
    assert not (held_up.out / "releases").exists()
    assert held_up.publish("--acknowledge", "squared: leaves x alone").exit_code == 0
    assert held_up.publish().exit_code == 0


def test_what_is_acknowledged_isnt_flagged_again(held_up: Class) -> None:
    held_up.publish("--acknowledge", "squared")
    assert suspected(held_up.graded(changes=5, all=4)) == []


def test_a_change_of_the_rubric_asks_again(held_up: Class) -> None:
    held_up.publish("--acknowledge", "squared")
    held_up.assign(RUBRIC.replace('"Four functions"', '"Functions"'))
    assert suspected(held_up.graded(changes=4, all=4)) == ["squared: leaves x alone"]


def test_only_what_is_suspect_can_be_acknowledged(held_up: Class) -> None:
    refused = held_up.publish("--acknowledge", "squared: leaves x lone")
    assert refused.exit_code == 2
    assert "squared: leaves x alone" in refused.stderr


def test_the_batch_says_what_is_suspect_and_what_to_do(held_up: Class) -> None:
    words = [
        "batch",
        str(held_up.folder / "class"),
        "-o",
        str(held_up.out),
        "--rubric",
        str(held_up.folder / "three.yaml"),
    ]
    result = CliRunner().invoke(main, [*words, "--jobs", "1", "--quiet"])
    assert "squared: leaves x alone: 4 of 8" in result.stdout
    assert '--acknowledge "squared: leaves x alone"' in result.stdout
