"""Whatever is done, in whatever order: every place shows the same score of a student, and what is published stands."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest
from classroom.classes import REFERENCE, RIGHT, RUBRIC, WRONG, table, tiny, write
from classroom.places import differences, uploaded
from click.testing import CliRunner

from grader.cli import main

pytestmark = pytest.mark.usefixtures("nearby")

STUDENTS = ["ada", "bo", "cy", "di", "ed"]
HALF = RIGHT.replace("return -x", "return x")
SOURCES = [RIGHT, WRONG, HALF, "print('nothing')\n", ""]
REFERENCES = [REFERENCE, REFERENCE.replace("2 * x", "3 * x"), REFERENCE.replace("-x", "+x")]
LATE = '\nlate: {deadline: "2026-10-02 12:00", zone: UTC, penalty: 3 points per day}\n'


class Evening:
    """A class to which things happen at random."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.draw = random.Random(seed)
        self.folder, self.out = folder, folder / "out"
        self.rubric = tiny(folder / "assignment", RUBRIC + LATE)
        self.told: list[str] = []
        for each in STUDENTS:
            self.hand_in(each)
        self.call("batch", folder / "class", "-o", self.out, "-j", "1", "--rubric", self.rubric)

    def call(self, *args: object, codes: tuple[int, ...] = (0,)) -> str:
        done = CliRunner().invoke(main, [str(each) for each in args])
        assert done.exit_code in codes, (self.told, done.output)
        return done.output

    def hand_in(self, student: str) -> None:
        day = self.draw.randint(1, 4)
        name = f"HW 1_{student}_attempt_2026-10-{day:02}-11-00-00_hw1.py"
        write(self.folder / "class", {name: f"{self.draw.choice(SOURCES)}"})

    # -- what may happen ---------------------------------------------------------------------------------------------

    def batch(self) -> None:
        options = self.draw.choice([(), (), ("--force",), ("--attempts", "best"), ("--attempts", "newest")])
        self.call("batch", self.folder / "class", "-o", self.out, "-j", "1", *options)

    def resubmit(self) -> None:
        self.hand_in(self.draw.choice(STUDENTS))
        self.batch()

    def mend(self) -> None:
        (self.rubric.parent / "tiny" / "functions.py").write_text(self.draw.choice(REFERENCES))
        self.batch()

    def decide(self) -> None:
        known = [each for each in STUDENTS if each in table(self.out)]
        rows = [f"{each},,{self.draw.randint(0, 10)},Looked at." for each in self.draw.sample(known, len(known) // 2)]
        write(
            self.out / "decisions", {"overrides.csv": "\n".join(["student,function,points,public comment", *rows, ""])}
        )
        self.batch()

    def publish(self) -> None:
        before = uploaded(self.out)
        lower = self.draw.random() < 0.3
        self.call(
            *("publish", self.out, "--reason", "It was mended."),
            *(("--allow-lower",) if lower else ()),
            codes=(0, 2),
        )
        after = uploaded(self.out)
        if not lower:
            assert all(float(after[each]) >= float(score) for each, score in before.items()), self.told

    def undo(self) -> None:
        self.call("publish", self.out, "--undo", codes=(0, 2))

    def erase(self) -> None:
        known = [each for each in STUDENTS if each in table(self.out)]
        if len(known) > 3:
            student = self.draw.choice(known)
            for path in (self.folder / "class").glob(f"HW 1_{student}_*"):
                path.unlink()
            keep = ("--keep-grade",) if self.draw.random() < 0.5 else ()
            before = table(self.out)[student]["score"]
            self.call("student", self.out, student, "--erase", "--yes", *keep)
            assert table(self.out).get(student, {}).get("score") == (before if keep else None), self.told


STEPS: list[Callable[[Evening], None]] = [
    *(Evening.batch, Evening.resubmit, Evening.mend, Evening.decide),
    *(Evening.publish, Evening.publish, Evening.undo, Evening.erase),
]


def test_after_a_release_each_score_is_the_same_in_each_place(tmp_path: Path) -> None:
    evening = Evening(tmp_path, seed=1)
    evening.publish()
    assert differences(evening.out) == {}


@pytest.mark.parametrize("seed", range(6))
def test_after_any_step_each_score_is_the_same_in_each_place_and_what_is_published_stands(
    tmp_path: Path, seed: int
) -> None:
    evening = Evening(tmp_path, seed)
    for _ in range(12):
        step = evening.draw.choice(STEPS)
        published = uploaded(evening.out)
        evening.told.append(step.__name__)
        step(evening)
        assert differences(evening.out) == {}, evening.told
        if step not in (Evening.publish, Evening.undo, Evening.erase):
            assert uploaded(evening.out) == published, evening.told
